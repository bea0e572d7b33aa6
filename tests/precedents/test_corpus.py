"""Documents made when they are asked for: the same answers, and no document made in vain."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord.precedents.engine import Corpus, Document, DocumentLink, Engine

DOCUMENTS = [
    Document(
        f"d{n:02d}",
        f"Record {n} about {'tickets' if n % 3 else 'payroll'}",
        f"{'Tickets pile up on weekends' if n % 3 else 'The pay date moved'} {n} alpha beta.",
        f"2026-01-{n + 1:02d}",
        tags=("support",) if n % 2 else (),
        people=("lead",),
        links=(DocumentLink(f"d{n - 1:02d}"),) if n % 4 == 3 else (),
        digest=f"text of {n}",
    )
    for n in range(20)
]
TEXT = "Tickets pile up again on every weekend"


class Shelf:
    """Hands documents out, and remembers which."""

    def __init__(self, documents: list[Document], state: str) -> None:
        self.handed: list[int] = []
        self._documents = documents
        self.corpus = Corpus([each.id for each in documents], self._hand, state)

    def _hand(self, number: int) -> Document:
        self.handed.append(number)
        return self._documents[number]


def test_the_first_answer_and_the_next_are_those_of_plain_documents(tmp_path: Path) -> None:
    expected = Engine(DOCUMENTS).similar(TEXT, cutoff=0.0)
    for _ in range(2):
        shelf = Shelf(DOCUMENTS, "one")
        assert Engine(shelf.corpus, cache_dir=tmp_path).similar(TEXT, cutoff=0.0) == expected


def test_with_what_is_kept_only_the_documents_that_are_shown_are_made(tmp_path: Path) -> None:
    Engine(Shelf(DOCUMENTS, "one").corpus, cache_dir=tmp_path).similar(TEXT, cutoff=0.0)
    shelf = Shelf(DOCUMENTS, "one")
    hits = Engine(shelf.corpus, cache_dir=tmp_path).similar(TEXT, cutoff=0.0)
    assert {DOCUMENTS[number].id for number in shelf.handed} == {hit.id for hit in hits}
    shelf.handed.clear()
    of_one = Engine(shelf.corpus, cache_dir=tmp_path).precedents_of("d19", cutoff=0.0)
    assert {*shelf.handed} == {19, *(int(hit.id[1:]) for hit in of_one)}


@pytest.mark.parametrize("state", ["two", ""])
def test_another_state_is_looked_at_anew(tmp_path: Path, state: str) -> None:
    Engine(Shelf(DOCUMENTS, "one").corpus, cache_dir=tmp_path).similar(TEXT, cutoff=0.0)
    fewer = DOCUMENTS[:10]
    expected = Engine(fewer).similar(TEXT, cutoff=0.0)
    assert (
        Engine(Shelf(fewer, state).corpus, cache_dir=tmp_path).similar(TEXT, cutoff=0.0) == expected
    )


def test_of_two_documents_with_one_id_the_first_counts_and_order_is_time() -> None:
    late, early = Document("a", "Late", "", "2026"), Document("b", "Early", "", "2025")
    corpus = Corpus.of([late, early, Document("a", "Other", "", "2024")])
    assert [each.title for each in corpus] == ["Early", "Late"]
    assert corpus.number == {"b": 0, "a": 1}
