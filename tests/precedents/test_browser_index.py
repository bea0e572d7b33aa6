"""The form's index is made anew only where a record says something else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from onrecord.lifecycle.relations import relate
from onrecord.precedents import browser_index
from onrecord.precedents.before import open_before
from onrecord.records.keeping import key_for
from onrecord.records.reading import read_library

DECISION = """\
---
title: {title}
stage: collaborate
owner: ana
---

## Problem

{text} Colours are organised by number {number}.

## Feedback

{feedback}
"""


class Kept:
    """Keeps texts in memory, and counts those that were made."""

    def __init__(self) -> None:
        self.texts: dict[bytes, str] = {}
        self.made: list[str] = []

    def __call__(self, parts: Iterable[str | bytes], make: Callable[[], str]) -> str:
        whole = [*parts]
        key = key_for(b"", whole)
        if key not in self.texts:
            self.made.append(str(whole[0]))
            self.texts[key] = make()
        return self.texts[key]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ONRECORD_CACHE", "")
    for number in range(40):
        write(tmp_path, number)
    return tmp_path


def write(root: Path, number: int, text: str = "We pay late.", feedback: str = "") -> None:
    path = root / f"decisions/2026/pay-{number:02}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    title = f"Pay the {number}th team"
    path.write_text(DECISION.format(title=title, text=text, feedback=feedback, number=number))


def files(root: Path, keep: Kept) -> dict[str, str]:
    library = read_library(root)
    return dict(browser_index.files(open_before(root, library, relate(library)), {}, keep=keep))


def test_an_edit_gives_the_index_of_a_clean_build(root: Path) -> None:
    kept = Kept()
    files(root, kept)
    write(root, 7, "Nobody knows when wages arrive.", "- [ ] @bob: Why?")
    edited = files(root, kept)
    assert edited == files(root, Kept())
    assert "wages" in "".join(edited.values())


def test_an_answer_leaves_the_words_as_they_are(root: Path) -> None:
    kept = Kept()
    before = files(root, kept)
    kept.made.clear()
    write(root, 7, feedback="- [ ] @bob: Why don't we pay on Fridays?")
    assert files(root, kept) == before
    assert not {*kept.made} & {"shards", "words"}
    assert len(kept.made) == 2  # the first sentences and the pairs of words of a few decisions


def test_an_edit_makes_the_words_of_a_few_records_anew(root: Path) -> None:
    kept = Kept()
    files(root, kept)
    assert kept.made.count("words") > 2
    kept.made.clear()
    write(root, 7, "Nobody knows when wages arrive.")
    files(root, kept)
    assert kept.made.count("words") == 1
