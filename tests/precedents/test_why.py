"""A why quotes the found record and marks words that both really have."""

from __future__ import annotations

import pytest

from onrecord.precedents import Document, Engine
from onrecord.precedents.text import Analyser

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
    assert marked == ["Tickets", "piled", "up", "weekend"]
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
            assert len(quote.text) <= 330
            for start, end in quote.marks:
                assert {term.term for term in analyser.terms(quote.text[start:end])} <= stems
