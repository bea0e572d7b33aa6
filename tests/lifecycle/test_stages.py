"""The five stages: the way of a decision, its gates, who must act, what is due."""

from __future__ import annotations

from datetime import date

import pytest

from onrecord.lifecycle.conversation import (
    answered,
    conversation_of,
    silent,
    unaligned,
    unanswered,
)
from onrecord.lifecycle.stages import (
    Lack,
    StageState,
    Urgency,
    due_now,
    lacks,
    steps,
    urgency,
    waits_for,
)
from onrecord.records.model import Decision
from onrecord.records.reading.records import decision_of
from onrecord.records.vocabulary import STAGES, Outcome, Stage

TODAY = date(2026, 10, 6)


def decision(front: str, body: str = "") -> Decision:
    """A decision whose own front matter is free of faults."""
    read, faults = decision_of("decisions/x.md", f"---\ntitle: X\n{front}\n---\n{body}")
    assert faults == []
    return read


def said(found: tuple[Lack, ...]) -> list[str]:
    return [lack.text for lack in found]


WRITTEN = "## Problem\n\nA.\n\n## Proposal\n\nB.\n\n## Alternatives\n\nC.\n"


# The way


def test_steps_of_an_open_decision_count_to_today() -> None:
    way = steps(
        decision(
            "stage: review\n"
            "entered: {assess: 2026-09-01, collaborate: 2026-09-03, review: 2026-10-01}"
        ),
        TODAY,
    )
    assert [(s.stage, s.passage, s.days) for s in way] == [
        (Stage.ASSESS, StageState.DONE, 2),
        (Stage.COLLABORATE, StageState.DONE, 28),
        (Stage.REVIEW, StageState.CURRENT, 5),
        (Stage.INTEGRATE, StageState.AHEAD, None),
        (Stage.ALIGN, StageState.AHEAD, None),
    ]
    assert way[2].began == date(2026, 10, 1)


def test_steps_of_a_closed_decision_end_with_its_outcome() -> None:
    way = steps(
        decision(
            "stage: review\nentered: {review: 2026-09-20}\noutcome: rejected\ndecided: 2026-09-24"
        ),
        TODAY,
    )
    assert [s.passage for s in way] == [
        StageState.DONE,
        StageState.DONE,
        StageState.CURRENT,
        StageState.LEFT_OUT,
        StageState.LEFT_OUT,
    ]
    assert way[2].days == 4


def test_a_stage_whose_end_nobody_wrote_has_no_days() -> None:
    way = steps(
        decision("stage: review\nentered: {assess: 2026-09-01, collaborate: , review: 2026-09-20}"),
        TODAY,
    )
    assert [s.days for s in way] == [None, None, 16, None, None]
    assert way[0].began == date(2026, 9, 1)


def test_days_are_never_less_than_none() -> None:
    began_tomorrow = decision("stage: assess\nentered: {assess: 2026-10-07}")
    assert steps(began_tomorrow, TODAY)[0].days == 0


def test_a_decision_without_a_readable_stage_has_all_its_way_ahead() -> None:
    unread, _ = decision_of("decisions/x.md", "---\ntitle: X\nstage: soon\n---\n")
    assert [s.passage for s in steps(unread, TODAY)] == [StageState.AHEAD] * len(STAGES)
    assert said(lacks(unread, TODAY)) == ["its stage can't be read"]


# What is due


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (None, Urgency.NONE),
        (date(2026, 10, 5), Urgency.OVERDUE),
        (date(2026, 10, 6), Urgency.SOON),
        (date(2026, 10, 9), Urgency.SOON),
        (date(2026, 10, 10), Urgency.LATER),
    ],
)
def test_urgency(day: date | None, expected: Urgency) -> None:
    assert urgency(day, TODAY) is expected


def test_due_counts_for_the_stage_it_was_written_for() -> None:
    entered = "entered: {assess: 2026-09-01, collaborate: 2026-10-01}"
    assert due_now(decision(f"stage: collaborate\n{entered}\ndue: 2026-10-08")) == date(2026, 10, 8)
    assert due_now(decision(f"stage: collaborate\n{entered}\ndue: 2026-09-15")) is None
    assert due_now(decision("stage: assess\ndue: 2026-09-15")) == date(2026, 9, 15)
    assert due_now(decision("stage: assess\ndue: 2026-09-15\noutcome: withdrawn")) is None


def test_align_is_due_until_everyone_informed_has_acknowledged() -> None:
    closed = "stage: align\ndue: 2026-10-08\noutcome: accepted\ninformed: [bob, carol]\n"
    assert due_now(decision(closed + "aligned: [bob]")) == date(2026, 10, 8)
    assert due_now(decision(closed + "aligned: [bob, carol]")) is None


# The gates


def test_assess_wants_an_owner_three_sections_and_answered_precedents() -> None:
    bare = decision(
        "stage: assess\nprecedents:\n  - {record: a, verdict: differs}\n"
        "  - {record: b, verdict: repeats, why: the same}",
        "## Problem\n\n<!-- guide -->\n\n## proposal\n\nWe should.\n",
    )
    assert said(lacks(bare, TODAY)) == [
        "nobody owns it",
        "the section “Problem” is empty",
        "the section “Alternatives” is missing",
        "the precedent a is not answered: it needs a verdict and a why",
    ]
    assert [lack.line for lack in lacks(bare, TODAY)] == [1, 8, None, 5]
    assert lacks(decision("stage: assess\nowner: ana", WRITTEN), TODAY) == ()


def feedback(*items: str, due: str = "2026-10-08", consulted: str = "[bob, Carol]") -> Decision:
    return decision(
        f"stage: collaborate\nowner: ana\ndue: {due}\nconsulted: {consulted}\n"
        "entered: {assess: 2026-09-01, collaborate: 2026-09-28}",
        "## Feedback\n\n" + "\n".join(items),
    )


def test_collaborate_waits_for_everyone_consulted() -> None:
    one = feedback("- [ ] @carol: why?")
    assert answered(one) == {"carol"}
    assert unanswered(one) == ("bob",)
    assert lacks(one, TODAY) == (
        Lack("waiting for feedback from 1 of 2", ("bob",), 9, "- [ ] @bob: …"),
    )
    assert lacks(feedback("- [ ] @carol: why?", "- [x] @BOB fine"), TODAY) == ()


def test_an_item_without_words_is_no_answer() -> None:
    assert unanswered(feedback("- [ ] @bob: …", "- [ ] @carol:", "- [ ]   ")) == ("bob", "Carol")


def test_a_silence_may_be_noted_once_due_has_passed() -> None:
    overdue = feedback("- [ ] @carol: why?", due="2026-10-05")
    assert lacks(overdue, TODAY) == (
        Lack(
            "waiting for feedback from 1 of 2; it was due 2026-10-05, "
            "so their silence may be noted",
            ("bob",),
            9,
            "- [x] @bob: no answer by 2026-10-05",
        ),
    )
    noted = feedback("- [ ] @carol: why?", lacks(overdue, TODAY)[0].example, due="2026-10-05")
    assert silent(noted) == {"bob"}
    assert lacks(noted, TODAY) == ()


def test_a_silence_noted_before_due_has_passed_holds_it_back() -> None:
    items = ("- [ ] @carol: why?", "- [x] @bob: No answer yet")
    on_the_day = feedback(*items, due="2026-10-06")
    assert lacks(on_the_day, TODAY) == (
        Lack("a silence is noted before 2026-10-06 has passed", ("bob",), 12),
    )
    assert said(lacks(feedback(*items, due=""), TODAY)) == [
        "a silence is noted without a due date for this stage"
    ]


def test_a_date_of_the_stage_before_allows_no_silence() -> None:
    written_for_assess = feedback("- [ ] @carol: why?", due="2026-09-15")
    assert said(lacks(written_for_assess, TODAY)) == ["waiting for feedback from 1 of 2"]


def test_collaborate_wants_somebody_consulted() -> None:
    assert said(lacks(feedback(consulted="[]"), TODAY)) == ["nobody is consulted"]


def test_review_wants_every_item_resolved_and_a_review() -> None:
    body = "## Feedback\n\n- [x] @bob: a\n- [ ] @carol: b\n  - [ ] nested\n\n## Review\n"
    found = lacks(decision("stage: review\nowner: ana", body), TODAY)
    assert said(found) == [
        "2 of 3 feedback items are not resolved",
        "the section “Review” is empty",
    ]
    assert [lack.line for lack in found] == [9, 12]
    assert found[0].who == ("ana",)
    done = body.replace("[ ]", "[X]") + "\nIt is.\n"
    assert lacks(decision("stage: review", done), TODAY) == ()


def test_integrate_wants_the_outcome_and_no_empty_notes() -> None:
    nothing = "expects: it is a rule of style\n"
    front = f"{nothing}stage: integrate"
    assert said(lacks(decision(front), TODAY)) == ["the outcome isn't written"]
    met = decision(f"{front}\noutcome: accepted", "## Integration\n\n<!-- notes -->\n")
    assert said(lacks(met, TODAY)) == [
        "the section “Integration” is empty: write the notes, or take the heading out if nobody met"
    ]
    assert lacks(decision(f"{front}\noutcome: accepted"), TODAY) == ()


def test_align_waits_for_those_informed() -> None:
    waiting = decision(
        "stage: align\noutcome: accepted\ninformed: [ana, Bob, carol]\naligned: [bob]"
    )
    assert unaligned(waiting) == ("ana", "carol")
    assert lacks(waiting, TODAY) == (
        Lack("2 of 3 informed have not acknowledged", ("ana", "carol"), 6, "aligned: [bob, ana]"),
    )
    assert said(lacks(decision("stage: align"), TODAY)) == ["the outcome isn't written"]


def test_unresolved_items_are_those_not_ticked() -> None:
    assert [
        task.who for task in conversation_of(feedback("- [x] @bob: a", "* [ ] @carol: b")).open
    ] == ["carol"]


@pytest.mark.parametrize(
    ("front", "body", "expected"),
    [
        ("stage: assess\nowner: ana", "", ("ana",)),
        ("stage: assess", "", ()),
        ("stage: collaborate\nowner: ana\nconsulted: [bob]", "", ("bob",)),
        (
            "stage: collaborate\nowner: ana\nconsulted: [bob]",
            "## Feedback\n- [ ] @bob: a\n",
            ("ana",),
        ),
        ("stage: review\nowner: ana\nconsulted: [bob]", "", ("ana",)),
        ("stage: integrate\nowner: ana\noutcome: accepted", "", ()),
        ("stage: align\nowner: ana\ninformed: [bob, carol]\naligned: [carol]", "", ("bob",)),
        ("stage: align\nowner: ana\ninformed: [bob]\naligned: [bob]", "", ("ana",)),
        ("stage: align\nowner: ana\noutcome: accepted\ninformed: [bob]", "", ("bob",)),
        ("stage: review\nowner: ana\noutcome: rejected\ninformed: [bob]", "", ()),
    ],
)
def test_who_must_act_next(front: str, body: str, expected: tuple[str, ...]) -> None:
    assert waits_for(decision(front, body)) == expected


def test_stages_and_outcomes_of_the_vocabulary() -> None:
    assert [stage.number for stage in STAGES] == [1, 2, 3, 4, 5]
    assert [stage.next for stage in STAGES] == [*STAGES[1:], None]
    assert {outcome: outcome.earliest for outcome in Outcome} == {
        Outcome.ACCEPTED: Stage.INTEGRATE,
        Outcome.REJECTED: Stage.REVIEW,
        Outcome.WITHDRAWN: Stage.ASSESS,
        Outcome.RETIRED: Stage.INTEGRATE,
    }
