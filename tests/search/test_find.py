"""Finding records: what counts as a word, what comes first, which sentence is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.records.vocabulary import Kind, Status
from onrecord.search.find import Filters, FindResult, open_shelf
from onrecord.search.passages import passage_of
from onrecord.search.query import Phrase, QueryTooLong, SearchText, Word, query_of
from onrecord.text.words import Analyser


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_CACHE", str(tmp_path / "cache"))


def write(root: Path, name: str, title: str, text: str = "", front: str = "") -> None:
    file = root / "decisions" / f"{name}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    body = f"\n## Problem\n\n{text}\n"
    file.write_text(f"---\ntitle: {title}\nstage: assess\n{front}---\n{body}", encoding="utf-8")


def find(
    root: Path, typed: str, *, by_date: bool = False, **asked: tuple[object, ...]
) -> FindResult:
    shelf = open_shelf(root)
    filters = Filters(**asked)  # type: ignore[arg-type]
    return shelf.find(query_of(typed, shelf.analyser), filters, by_date, 10)


def ids(found: FindResult) -> list[str]:
    return [hit.entry.record.id for hit in found.hits]


# Words.


def places(typed: str, text: str, language: str = "english") -> list[str]:
    prepared = SearchText(text)
    (term,) = query_of(typed, Analyser(language)).terms
    return [prepared.text[start:end] for start, end in term.places(prepared)]


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("pay", "We pay; paying, payment and Pays. Repay, payroll.", ["pay", "paying", "Pays"]),
        ("policies", "One policy, two POLICIES.", ["policy", "POLICIES"]),
        ("hoping", "We hope, they hoped.", ["hope", "hoped"]),
        ("pod", "A PodSpec, a podspec, podIP and multiPod; pods.", ["Pod", "pod", "Pod", "pods"]),
        ("bob", "Bob's desk; bobs", ["Bob's", "bobs"]),
        ("a", "A bear and a bee", ["A", "a"]),
        ("café", "The cafe\u0301 and Cafés", ["café", "Cafés"]),
        ("date", "pay_date, pay-date, update", ["date", "date"]),
        ('"pay date"', "Pay\n  date, pay dates, repay date", ["Pay\n  date"]),
        ('"c++"', "C++ and c++11", ["C++", "c++"]),
        ("休暇", "年次休暇を取る", ["休暇"]),
        ("휴가", "휴가를, 연차휴가", ["휴가", "휴가"]),
        ("🚀", "To the 🚀 moon", ["🚀"]),
        ("İstanbul", "in İstanbul now", ["İstanbul"]),
    ],
)
def test_a_word_is_found_in_its_forms(typed: str, text: str, found: list[str]) -> None:
    assert places(typed, text) == found


def test_a_stem_need_not_begin_as_its_words_do() -> None:
    assert places("Haus", "Die Häuser am Hausberg", "german") == ["Häuser"]
    assert places("Häuser", "ein Haus", "german") == ["Haus"]
    assert places("किताब", "मेरी किताबें", "hindi") == ["किताबें"]
    assert places("page", "page pages", "klingon") == ["page"]


def test_a_query_is_taken_apart_into_words_and_phrases() -> None:
    query = query_of('  Pay dates “bank  holiday” "" pays * (x) ', Analyser())
    assert [(type(term), term.typed) for term in query.terms] == [
        (Phrase, "bank holiday"),
        (Word, "pay"),
        (Word, "dates"),
        (Word, "x"),
    ]
    with pytest.raises(QueryTooLong):
        query_of(" ".join(f"w{n}" for n in range(33)), Analyser())


# Records.


def test_every_word_must_be_found_wherever_it_stands(tmp_path: Path) -> None:
    write(tmp_path, "kettle", "Buy a kettle", "The coffee machine leaks.", "tags: [kitchen]\n")
    write(tmp_path, "mugs", "Buy mugs", "The kettle is fine. <!-- coffee -->", "owner: carol\n")
    assert ids(find(tmp_path, "kettles")) == ["kettle", "mugs"]
    assert ids(find(tmp_path, "kettle coffee")) == ["kettle"]
    assert ids(find(tmp_path, "kitchen leak")) == ["kettle"]
    assert ids(find(tmp_path, "carol")) == ["mugs"]
    found = find(tmp_path, "kettle tea zebra")
    assert (found.hits, [term.typed for term in found.missing]) == ((), ["tea", "zebra"])
    assert find(tmp_path, "mugs coffee").missing == ()


def test_the_title_weighs_most_and_an_exact_one_comes_first(tmp_path: Path) -> None:
    write(tmp_path, "one", "Move the pay date again", "pay date pay date pay date")
    write(tmp_path, "two", "Something else", "pay date " * 50)
    write(tmp_path, "three", "The pay date", "Nothing.")
    write(tmp_path, "pay-date-zero", "Other", "Nothing.")
    assert ids(find(tmp_path, "pay date")) == ["one", "three", "pay-date-zero", "two"]
    assert ids(find(tmp_path, "PAY-DATE-ZERO")) == ["pay-date-zero"]
    assert ids(find(tmp_path, "something else"))[0] == "two"
    assert ids(find(tmp_path, "decisions/three.md"))[0] == "three"


def test_of_equals_the_newest_comes_first_and_the_order_never_changes(tmp_path: Path) -> None:
    for name, day in (("a", 3), ("b", 9), ("c", 9)):
        write(tmp_path, name, "Same", "Same text.", f"entered: {{assess: 2026-01-0{day}}}\n")
    write(tmp_path, "d", "Same", "Same text.")
    assert ids(find(tmp_path, "text")) == ["b", "c", "a", "d"]
    assert ids(find(tmp_path, "text")) == ["b", "c", "a", "d"]
    assert ids(find(tmp_path, "", by_date=True)) == ["b", "c", "a", "d"]


def test_the_first_are_the_same_however_many_are_shown(tmp_path: Path) -> None:
    words = ("pay", "rent", "bank", "late", "hours", "pay pay pay")
    for number in range(60):
        picked = [words[number * step % len(words)] for step in (1, 3, 5, 7)]
        write(tmp_path, f"d{number}", f"{picked[0]} {number}", " ".join(picked[1:] * (number % 4)))
    for keeps in (False, True):
        shelf = open_shelf(tmp_path, keeps=keeps)
        for typed in ("pay", "rent late", "bank", "hours pay", "d7", "decision"):
            query = query_of(typed, shelf.analyser)
            whole = shelf.find(query, Filters(), False, 100)
            assert [hit.score for hit in whole.hits] == sorted(
                (hit.score for hit in whole.hits), reverse=True
            )
            for limit in (1, 3, 10):
                some = shelf.find(query, Filters(), False, limit)
                assert (ids(some), some.total) == (ids(whole)[:limit], whole.total)


def test_what_is_superseded_is_known_as_such_whatever_is_searched(tmp_path: Path) -> None:
    closed = "outcome: accepted\ndecided: 2026-01-02\n"
    write(tmp_path, "old", "Old way", front=closed.replace("assess", "align"))
    write(tmp_path, "new", "New way", front=f"{closed}supersedes: [old]\n")
    (hit,) = find(tmp_path, "old", outcomes=(Status.SUPERSEDED,)).hits
    assert [successor.id for successor in hit.entry.successors] == ["new"]
    assert ids(find(tmp_path, "", kinds=(Kind.DECISION,), outcomes=(Status.ACCEPTED,))) == ["new"]


def test_a_file_that_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "good", "Good", "kettle")
    (tmp_path / "decisions/binary.md").write_bytes(b"---\ntitle: kettle\n---\n\0")
    (tmp_path / "decisions/index.md").write_text("kettle")
    (tmp_path / "decisions/open.md").write_text("---\ntitle: Never closed\nkettle")
    assert "good" in ids(find(tmp_path, "kettle"))
    assert "index" not in ids(find(tmp_path, "kettle"))


def test_the_nearest_word_is_one_of_the_base(tmp_path: Path) -> None:
    write(tmp_path, "a", "Choose a *supplier*", "The `bookkeeper` does it.")
    shelf = open_shelf(tmp_path)

    def nearest(typed: str) -> str:
        (term,) = query_of(typed, shelf.analyser).terms
        return shelf.nearest_word(term, Filters())

    assert nearest("suplier") == "supplier"
    assert nearest("bokkeeper") == "bookkeeper"
    assert nearest("deos") == "does"
    assert nearest("elephant") == ""
    assert nearest("xy") == nearest("x" * 3000) == nearest('"suplier"') == ""


# Passages.

TEXT = """
Intro without words.

## Problem

- [Pay dates](#pay-date)
- Rents are due on the 1st. The **pay date** is [late](x.md), says `bob`.

```yaml
pay: date
```

| Who | When |
|---|---|
| all | pay &amp; date |
"""


def test_a_passage_is_the_sentence_that_holds_most(tmp_path: Path) -> None:
    terms = query_of("pay date", Analyser()).terms
    passage = passage_of(TEXT, 10, terms, (1.0, 1.0))
    assert passage.text == "The pay date is late, says bob."
    assert (passage.section, passage.line) == ("Problem", 16)
    assert [passage.text[a:b] for a, b in passage.marks] == ["pay", "date"]


def test_without_a_match_it_is_the_beginning() -> None:
    assert passage_of(TEXT, 1, query_of("zebra", Analyser()).terms, (1.0,)).text == (
        "Intro without words."
    )
    assert passage_of("", 7, (), ()).line == 7


def test_a_long_sentence_is_cut_around_the_words() -> None:
    text = "word " * 200 + "kettle and kettle " + "word " * 200
    passage = passage_of(text, 1, query_of("kettle", Analyser()).terms, (1.0,))
    assert passage.text.startswith("… ")
    assert passage.text.endswith(" …")
    assert len(passage.text) < 210
    assert [passage.text[a:b] for a, b in passage.marks] == ["kettle", "kettle"]


@given(st.text(max_size=80), st.text(max_size=300))
def test_whatever_is_typed_marks_lie_in_the_text(typed: str, body: str) -> None:
    try:
        terms = query_of(typed, Analyser()).terms
    except QueryTooLong:
        return
    passage = passage_of(body, 1, terms, [1.0] * len(terms))
    assert "\n" not in passage.text
    assert all(0 <= start < end <= len(passage.text) for start, end in passage.marks)
    # A text that is what was typed is found by it.
    assert all(term.places(SearchText(f" {typed} ")) for term in terms if isinstance(term, Word))


# What was meant.


@pytest.mark.parametrize(
    "typed", ["KEP-752", "kep-0752", "#752", "ADR 752", "752", "0752", "no. 752"]
)
def test_a_number_leads_to_its_record(tmp_path: Path, typed: str) -> None:
    write(tmp_path, "0752-slices", "Slices", "Nothing.")
    write(tmp_path, "7520-other", "Other", "It follows KEP-752 and #752, ADR 752.")
    write(tmp_path, "adr-0012-bank", "Choose a bank", "Nothing.")
    assert ids(find(tmp_path, typed))[0] == "0752-slices"
    assert ids(find(tmp_path, "ADR 12"))[0] == "adr-0012-bank"


def test_a_role_comes_first_for_its_name_and_for_who_holds_it(tmp_path: Path) -> None:
    write(tmp_path, "one", "Ana and the it-lead", "ana ana ana", "owner: it-lead\n")
    role = tmp_path / "playbooks" / "it-lead" / "index.md"
    role.parent.mkdir(parents=True)
    role.write_text("---\ntitle: IT lead\npurpose: Runs it\nholder: ana\n---\n", "utf-8")
    people = tmp_path / "playbooks" / "people.yml"
    people.write_text("ana: {name: Ana Sousa}\n", "utf-8")
    for typed in ("ana", "@ana", "Ana Sousa", "IT lead", "it-lead"):
        assert ids(find(tmp_path, typed))[0] == "it-lead", typed


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        *[("sanitizer", "sanitise"), ("organisation", "organizations"), ("color", "colours")],
        *[("centre", "center"), ("labeled", "labelling"), ("catalog", "catalogue")],
        *[("defence", "defense"), ("behavior", "behaviour"), ("analyze", "analysed")],
        *[("fulfil", "fulfillment"), ("gray", "grey"), ("programme", "program")],
    ],
)
def test_british_and_american_spelling_find_each_other(
    tmp_path: Path, typed: str, written: str
) -> None:
    write(tmp_path, "one", "One", f"We {written} it.")
    write(tmp_path, "two", "Two", "Nothing of it.")
    assert ids(find(tmp_path, typed)) == ["one"]
    assert ids(find(tmp_path, written)) == ["one"]


def test_what_was_meant_is_added_to_what_somebody_else_misspelt(tmp_path: Path) -> None:
    for n in range(4):
        write(tmp_path, f"priority-{n}", f"Priority {n}", "Preemption.")
    write(tmp_path, "slip", "Other", "A priorty of preemption.")
    found = find(tmp_path, "priorty preemption")
    assert ids(found)[0] == "slip"
    assert found.total == 5
    assert [(c.typed, c.meant, c.is_held) for c in found.corrections] == [
        ("priorty", "priority", True)
    ]


def test_a_passage_is_prose_before_it_is_code() -> None:
    body = (
        "```mermaid\nsequenceDiagram\nContainer->>Runtime: Container created with sidecar.\n```\n"
        "\nA sidecar starts first.\n"
    )
    terms = query_of("sidecar container", Analyser("english")).terms
    assert passage_of(body, 1, terms, [1.0, 1.0]).text == "A sidecar starts first."
    only = query_of("sequencediagram", Analyser("english")).terms
    assert passage_of(body, 1, only, [1.0]).text.startswith("sequenceDiagram")
