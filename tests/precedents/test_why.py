"""A why quotes the found record and marks words that both really have."""

from __future__ import annotations

import pytest

from onrecord.precedents.engine import Document, Engine
from onrecord.text.words import Analyser

FOUND = Document(
    "old",
    "Weekend rota",
    """## Context

The office was painted. **Tickets** [piled up](https://example.org/x) over the *weekend*, and nobody
watched the queue. Somebody bought a plant.

```python
tickets = pile_up("weekend")
```

| tickets | weekend |
|---|---|
""",
    "1",
    tags=("support", "People"),
    people=("ann",),
)
OTHERS = [
    Document(
        f"o{n}", f"Other {n}", f"The office was quiet and somebody talked about {word}.", f"0{n}"
    )
    for n, word in enumerate(["lunch", "paint", "money", "plants", "queues"])
]


def test_quote_and_marks() -> None:
    hit = Engine([FOUND, *OTHERS]).similar(
        "A ticket piles up each weekend", cutoff=0.0, tags=["people"], people=["Ann"]
    )[0]
    quote = hit.why.quotes[0]
    marked = [quote.text[start:end] for start, end in quote.marks]
    assert quote.text == "Tickets piled up over the weekend, and nobody watched the queue."
    assert marked == ["Tickets piled", "weekend"]
    assert hit.why.tags == ("People",)
    assert hit.why.people == ("ann",)


@pytest.mark.parametrize("text", ["Ticket piling. " * 400, "ticket " * 2000, "x, ticket y " * 300])
def test_marks_are_words_of_both(text: str) -> None:
    analyser = Analyser()
    asked = "ticket piles on weekends"
    stems = {term.term for term in analyser.terms(asked)}
    documents = [Document("old", "t", text, "1"), *OTHERS]
    for hit in Engine(documents).similar(asked, cutoff=0.0):
        for quote in hit.why.quotes:
            assert len(quote.text) <= 250
            for start, end in quote.marks:
                assert {term.term for term in analyser.terms(quote.text[start:end])} <= stems


def quoted(found: str, asked: str, title: str = "", *others: str) -> list[str]:
    """What is quoted, its marks in brackets."""
    texts = [found, *others, *(other.body for other in OTHERS)]
    documents = [Document(f"d{n}", "t", text, f"{n:02}") for n, text in enumerate(texts)]
    hits = Engine(documents).similar(asked, title, cutoff=0.0, limit=len(documents))
    (why,) = (hit.why for hit in hits if hit.id == "d0")
    out = []
    for quote in why.quotes:
        text = quote.text
        for start, end in reversed(quote.marks):
            text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
        out.append(text)
    return out


def test_words_common_in_the_language_are_not_marked_though_rare_in_a_small_base() -> None:
    found = "Although several tickets waited, nobody was anxious because of the weekend."
    asked = "Although several people are anxious, tickets wait because nobody works on a weekend."
    assert quoted(found, asked) == [
        "Although several [tickets waited], nobody was [anxious] because of the [weekend]."
    ]


def test_what_the_title_names_is_quoted_first() -> None:
    found = "The rota names nobody on Sunday. " + "Plain words stand here. " * 3
    found += "The invoice names a supplier on paper."
    asked = "A rota on Sunday. An invoice of a supplier."
    assert quoted(found, asked, "Check each supplier invoice")[-1].startswith("The [invoice]")


def test_what_stands_at_the_beginning_is_told_before_the_same_at_the_end() -> None:
    filler = "Quiet rooms need plants and light. " * 60
    found = f"The cellar floods each spring. {filler} The cellar floods when pipes freeze."
    assert quoted(found, "Our cellar floods.")[0] == "The [cellar floods] each spring."


def test_a_long_sentence_is_shown_from_its_beginning_where_that_tells_as_much() -> None:
    tail = " and then some more was said about plants and lunch and paint" * 6
    shown = quoted(f"The cellar floods each spring{tail}, and the cellar is wet.", "cellar floods")
    assert shown[0].startswith("The [cellar floods] each spring and then")
    assert shown[0].endswith(" …")
    shown = quoted(f"It is{tail}, and the cellar floods each spring.", "cellar floods")
    assert shown[0].startswith("… ")
    assert "[cellar floods]" in shown[0]


@pytest.mark.parametrize(
    "text",
    [
        "<!-- The cellar floods each spring. -->\n\nNothing else stands here.",
        "- [The cellar floods each spring.](#cellar)",
        "Cellar floods: https://example.org/a/b/c/d/1PW2LF7rhf5w96L8j-w5z4gd/cellar/floods#2021",
    ],
    ids=["a comment", "a table of contents", "an address"],
)
def test_what_is_no_sentence_is_not_quoted(text: str) -> None:
    assert quoted(text, "The cellar floods each spring.") == []


def told_of(text: str, asked: str) -> list[str]:
    others = [
        Document(f"o{n}", f"Other {n}", f"Something of its own number {n}.") for n in range(8)
    ]
    engine = Engine([Document("found", "Pay", text), *others])
    hits = {hit.id: hit for hit in engine.nearest(asked)}
    return [quote.text for quote in hits["found"].why.quotes]


SALARY = "Salaries reach the bank too late for the rent."


@pytest.mark.parametrize("section", ["Problem", "Summary", "Context", "Motivation"])
def test_what_a_record_is_about_is_quoted_first(section: str) -> None:
    text = f"## Costs\n\nThe bank takes late salaries.\n\n## {section}\n\n{SALARY}\n"
    assert told_of(text, "late salaries")[-1] == SALARY


@pytest.mark.parametrize("section", ["Glossary", "Risks and Mitigations", "Terminology"])
def test_no_glossary_and_no_risk_is_a_reason(section: str) -> None:
    text = (
        f"## {section}\n\n### One\n\nSalary: what the bank takes late.\n\n## Costs\n\nNone here.\n"
    )
    assert told_of(text, "late salary of the bank") == []


def test_a_word_that_says_little_is_no_reason() -> None:
    assert told_of("Nobody should ever be about it.", "about whom should it be, pay") == []
