"""Relations: what follows from more than one record."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord.lifecycle.relations import MAX_SUGGESTIONS, relate
from onrecord.records.library import Library
from onrecord.records.model import Decision, Role
from onrecord.records.reading import read_library
from onrecord.records.reading.records import decision_of, page_of
from onrecord.records.vocabulary import Status

GOOD = Path(__file__).parents[1] / "fixtures" / "good"


def library(**fronts: str) -> Library:
    """A library of decisions by id, each with a line of front matter."""
    made = []
    for name, front in sorted(fronts.items()):
        text = f"---\ntitle: {name}\nstage: align\n{front}\n---\n"
        made.append(decision_of(f"decisions/{name}.md", text)[0])
    return Library(decisions=tuple(made))


@pytest.mark.parametrize(
    ("newer", "status"),
    [
        ("outcome: accepted", Status.SUPERSEDED),
        ("outcome: rejected", Status.ACCEPTED),
        ("outcome: withdrawn", Status.ACCEPTED),
        ("", Status.ACCEPTED),
    ],
)
def test_only_an_accepted_decision_supersedes(newer: str, status: Status) -> None:
    found = relate(library(old="outcome: accepted", new=f"supersedes: [old]\n{newer}"))
    assert found.status["old"] is status
    assert found.superseded_by.get("old", ()) == (("new",) if status is Status.SUPERSEDED else ())


def test_status_follows_the_outcome() -> None:
    found = relate(
        library(a="", b="outcome: accepted", c="outcome: rejected", d="outcome: withdrawn")
    )
    assert found.status == {
        "a": Status.OPEN,
        "b": Status.ACCEPTED,
        "c": Status.REJECTED,
        "d": Status.WITHDRAWN,
    }


def test_in_a_chain_all_but_the_last_are_superseded() -> None:
    found = relate(
        library(
            a="outcome: accepted",
            b="outcome: accepted\nsupersedes: [a]",
            c="outcome: accepted\nsupersedes: [b, a]",
        )
    )
    assert [found.status[i] for i in "abc"] == [
        Status.SUPERSEDED,
        Status.SUPERSEDED,
        Status.ACCEPTED,
    ]
    assert found.superseded_by["a"] == ("b", "c")


def test_in_a_circle_nobody_supersedes_anybody() -> None:
    found = relate(
        library(
            a="outcome: accepted\nsupersedes: [b]",
            b="outcome: accepted\nsupersedes: [c]",
            c="outcome: accepted\nsupersedes: [a]",
            tail="outcome: accepted\nsupersedes: [a]",
            itself="outcome: accepted\nsupersedes: [itself]",
        )
    )
    assert found.superseded_by == {"a": ("tail",)}
    assert found.status["itself"] is Status.ACCEPTED
    assert {(f.path, f.code) for f in found.findings} == {
        ("decisions/a.md", "supersedes-circle"),
        ("decisions/b.md", "supersedes-circle"),
        ("decisions/c.md", "supersedes-circle"),
        ("decisions/itself.md", "supersedes-itself"),
    }


def test_a_decision_between_two_circles_is_in_none() -> None:
    found = relate(
        library(
            a="outcome: accepted\nsupersedes: [b]",
            b="outcome: accepted\nsupersedes: [a, between]",
            between="outcome: accepted\nsupersedes: [y]",
            y="outcome: accepted\nsupersedes: [z]",
            z="outcome: accepted\nsupersedes: [y]",
        )
    )
    assert {f.path for f in found.findings} == {f"decisions/{i}.md" for i in "abyz"}
    assert found.superseded_by == {"between": ("b",), "y": ("between",)}


def test_a_long_chain_is_no_trap() -> None:
    chain = {f"d{i:05}": f"supersedes: [d{i - 1:05}]" for i in range(1, 3_000)}
    assert relate(library(d00000="", **chain)).findings == ()


def test_decisions_opened_on_one_day_may_follow_each_other() -> None:
    front = "entered: {align: 2026-10-01}\n"
    answer = "supersedes: [a]\nprecedents: [{record: a, verdict: reverses, why: w}]"
    assert relate(library(a=front, b=front + answer)).findings == ()


def test_related_is_shown_on_both() -> None:
    found = relate(library(a="related: [c, b]", b="related: [a]", c="", d="related: [d, gone]"))
    assert found.related == {"a": ("b", "c"), "b": ("a",), "c": ("a",)}


def test_a_precedent_knows_who_answered_it() -> None:
    found = relate(
        library(
            a="",
            b="precedents: [{record: a, verdict: repeats, why: w}]",
            c="precedents: [{record: a, verdict: differs, why: w}, {record: c, why: w}]",
        )
    )
    assert [(by, str(answer.verdict)) for by, answer in found.answered_by["a"]] == [
        ("b", "repeats"),
        ("c", "differs"),
    ]
    assert set(found.answered_by) == {"a"}


def test_backlinks_come_from_any_page_and_are_listed_once() -> None:
    a, _ = decision_of("decisions/a.md", "---\ntitle: A\nstage: assess\n---\n[a](a.md)\n")
    b, _ = decision_of(
        "decisions/2026/b.md", "---\ntitle: B\nstage: assess\n---\n[a](../a.md) [a](../a.md#x)\n"
    )
    page = page_of("docs/index.md", "[a](../decisions/a.md?x=1)\n\n[gone](gone.md)\n")
    found = relate(Library(decisions=(b, a), pages=(page,)))
    assert found.linked_from == {"decisions/a.md": ("decisions/2026/b.md", "docs/index.md")}
    assert found.findings == ()


def test_of_two_with_one_id_the_first_by_path_is_meant() -> None:
    twice = Library(
        decisions=(
            Decision(id="a", path="decisions/1/a.md", title="first"),
            Decision(id="a", path="decisions/2/a.md", title="second"),
        ),
        roles=(Role(id="lead", path="playbooks/lead/index.md", title="Lead"),),
    )
    assert twice.decision["a"].title == "first"
    assert [f.code for f in relate(twice).findings] == ["id-duplicate", "id-duplicate"]


def test_a_base_full_of_broken_references_gets_the_first_suggestions_only() -> None:
    found = relate(library(known="", **{f"n{i:03}": f"related: [knowm{i}]" for i in range(150)}))
    guesses = [f for f in found.findings if f.hint.startswith("did you mean")]
    assert len(found.findings) == 150
    assert len(guesses) <= MAX_SUGGESTIONS


def test_the_good_base_as_a_whole() -> None:
    base = read_library(GOOD)
    found = relate(base)
    assert (base.findings, found.findings) == ((), ())
    assert {i: str(status) for i, status in found.status.items()} == {
        "answer-within-a-day": "open",
        "choose-payroll-tool": "superseded",
        "four-day-week": "rejected",
        "move-the-pay-date": "open",
        "open-an-office": "open",
        "pay-date-survey": "withdrawn",
        "share-salaries": "open",
        "switch-payroll-tool": "accepted",
        "write-incident-reports": "accepted",
    }
    assert found.superseded_by == {"choose-payroll-tool": ("switch-payroll-tool",)}
    assert found.related == {
        "move-the-pay-date": ("pay-date-survey",),
        "pay-date-survey": ("move-the-pay-date",),
    }
    assert [by for by, _ in found.answered_by["choose-payroll-tool"]] == [
        "move-the-pay-date",
        "switch-payroll-tool",
    ]
    assert found.linked_from["decisions/2026/write-incident-reports.md"] == ("docs/index.md",)
    assert {(h.id, h.is_accepted) for h in base.handoffs} == {
        ("2026-07-01-alice-to-bob", True),
        ("2026-10-01-alice-to-bob", True),
        ("2026-10-12-carol-to-dan", False),
    }
    assert [value.value for value in base.metrics[0].values] == [97.5, 100, 100]
    assert base.people["erin"].active is False
    assert [role.id for role in base.roles if not role.holder] == ["office-manager"]
