"""Open questions: what only asks, who asked the same, and what may answer it."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord.lifecycle.relations import relate
from onrecord.precedents.before import Before, open_before
from onrecord.precedents.open_questions import OpenQuestion, only_asks, open_questions
from onrecord.records.reading import read_library

ASKED = "---\ntitle: {title}\nstage: assess\nentered: {{assess: {day}}}\n{more}---\n\n{body}\n"
DECIDED = """---
title: Pay contractors on the fifth of the month
stage: align
owner: "@ana"
outcome: accepted
decided: 2026-02-01
entered: {assess: 2026-01-01, align: 2026-02-01}
---

## Problem

Contractors wait for their invoices to be paid, and ask when payment comes.

## Proposal

Every invoice of contractors is paid on the fifth.
"""


def put(root: Path, name: str, title: str, day: str, more: str = "", body: str = "") -> None:
    file = root / "decisions" / "2026" / f"{name}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    text = ASKED.format(title=title, day=day, more=more, body=body)
    file.write_text(text, encoding="utf-8")


def questions(root: Path, *, searches: bool = True) -> list[OpenQuestion]:
    library = read_library(root)
    relations = relate(library)
    before = open_before(root, library, relations) if searches else Before(library, relations, None)
    return open_questions(library.decisions, before)


@pytest.mark.parametrize(
    ("more", "body", "asks"),
    [
        ("", "", True),
        ("", "## Problem\n\nNobody knows.\n\n## Proposal\n\n<!-- What to do. -->", True),
        ("", "## Proposal\n\nBuy a second kettle.", False),
        ("", "## Vorschlag\n\nWir kaufen einen zweiten Kessel.", False),
        ('owner: "@ana"\n', "", False),
        ("outcome: rejected\ndecided: 2026-03-02\n", "", False),
    ],
)
def test_a_decision_without_owner_and_proposal_only_asks(
    tmp_path: Path, more: str, body: str, asks: bool
) -> None:
    put(tmp_path, "kettle", "Who fills the kettle?", "2026-03-01", more, body)
    (decision,) = read_library(tmp_path).decisions
    assert only_asks(decision) is asks


def test_who_asked_the_same_is_joined_and_what_may_answer_is_named(tmp_path: Path) -> None:
    (tmp_path / "decisions" / "2026").mkdir(parents=True)
    (tmp_path / "decisions" / "2026" / "pay.md").write_text(DECIDED, encoding="utf-8")
    put(tmp_path, "later", "Where do bicycles go in winter?", "2026-03-09")
    put(tmp_path, "first", "Where do our bicycles go for the winter?", "2026-03-02")
    put(tmp_path, "invoice", "When are invoices of contractors paid?", "2026-03-01")
    put(tmp_path, "badge", "Who prints badges?", "2026-02-01")
    found = questions(tmp_path)
    assert [[d.id for d in one.asked] for one in found] == [
        ["first", "later"],
        ["badge"],
        ["invoice"],
    ]
    assert [[e.decision.id for e in one.nearest] for one in found] == [[], [], ["pay"]]


def test_without_a_ranking_each_question_is_alone(tmp_path: Path) -> None:
    put(tmp_path, "one", "Where do bicycles go in winter?", "2026-03-09")
    put(tmp_path, "two", "Where do bicycles go in winter?", "2026-03-02")
    assert [len(one.asked) for one in questions(tmp_path, searches=False)] == [1, 1]
