"""The five stages at work: how long each took, what is missing before the next, what is due.

In comes one decision and the day; out come values a page or the command line can show. A gate
asks the content, never a checkbox: what isn't written isn't there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from onrecord.lifecycle.conversation import conversation_of, is_silence, unaligned, unanswered
from onrecord.records.clock import is_over
from onrecord.records.languages import folded
from onrecord.records.languages import words as all_words
from onrecord.records.model import Decision
from onrecord.records.vocabulary import SILENCE, STAGES, Outcome, Says, Stage


class StageState(StrEnum):
    """How far a decision is with one stage."""

    DONE = "done"
    CURRENT = "current"
    AHEAD = "ahead"
    LEFT_OUT = "left out"  # closed before it got there


class StageStep(NamedTuple):
    """One stage of a decision's way. `days` are whole days in it, None when no date is written."""

    stage: Stage
    passage: StageState
    began: date | None
    days: int | None


def steps(decision: Decision, today: date) -> tuple[StageStep, ...]:
    """The five stages of a decision, in order.

    A stage ends on the day the next one begins, the last on the day of the outcome, an open one
    today; where that day isn't written, nobody knows how long it took.
    """
    if decision.stage is None:
        return tuple(StageStep(stage, StageState.AHEAD, None, None) for stage in STAGES)
    now = decision.stage.number
    found = []
    for stage in STAGES:
        began = decision.entered_on(stage)
        if stage.number < now:
            passage = StageState.DONE
        elif stage.number > now:
            passage = StageState.LEFT_OUT if decision.outcome else StageState.AHEAD
        else:
            passage = StageState.CURRENT
        found.append(StageStep(stage, passage, began, _days(decision, stage, began, today)))
    return tuple(found)


def _days(decision: Decision, stage: Stage, began: date | None, today: date) -> int | None:
    if began is None or decision.stage is None:
        return None
    if stage is decision.stage:
        ended = (decision.decided or None) if decision.outcome else today
        if ended and ended < began:  # aligning goes on after the outcome
            ended = None if decision.outcome else today
    else:
        following = STAGES[stage.number] if stage.number < len(STAGES) else None
        ended = decision.entered_on(following) if following else None
    return max(0, (ended - began).days) if ended else None


class Urgency(StrEnum):
    """How near a date is, always with a word beside its colour."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"
    NONE = "none"


SOON = timedelta(days=3)


def urgency(day: date | None, today: date) -> Urgency:
    """Overdue before today, soon up to three days ahead."""
    if day is None:
        return Urgency.NONE
    if day < today:
        return Urgency.OVERDUE
    return Urgency.SOON if day - today <= SOON else Urgency.LATER


def due_now(decision: Decision) -> date | None:
    """The day the current stage ends.

    None when nothing is left to do, or when `due` was written for an earlier stage. A decision
    with an outcome is still due in align while somebody informed has not acknowledged.
    """
    if decision.due is None or (decision.outcome and decision.stage is not Stage.ALIGN):
        return None
    if decision.outcome and not unaligned(decision):
        return None
    # A day before the stage began was meant for the stage before.
    began = decision.entered_on(decision.stage) if decision.stage else None
    return None if began and decision.due < began else decision.due


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing a decision must hold before it moves on: in words, and who must act."""

    text: str
    """What is missing, in words."""
    who: tuple[str, ...] = ()
    """Who must act: handles, or a role."""
    line: int | None = None
    """Where in the file it belongs, if that is known."""
    example: str = ""
    """A line to write; may be empty."""


def lacks(decision: Decision, today: date, to_answer: Sequence[Decision] = ()) -> tuple[Lack, ...]:
    """What is missing before the decision can leave its stage; empty when nothing is.

    `to_answer` are earlier decisions close to it that its author has not answered.
    """
    if "status" in decision.unsettled:
        return (_unsettled(decision),)
    match decision.stage:
        case Stage.ASSESS:
            return tuple(_assess(decision, to_answer))
        case Stage.COLLABORATE:
            return tuple(_collaborate(decision, today))
        case Stage.REVIEW:
            return tuple(_review(decision))
        case Stage.INTEGRATE:
            return tuple(_integrate(decision))
        case Stage.ALIGN:
            return tuple(_align(decision))
        case None:
            return (Lack("its stage can't be read"),)


def has_problem(decision: Decision) -> bool:
    """True once its problem is written.

    A title and a template resemble much, so no answer is asked for before.
    """
    problem = decision.body.section("Problem")
    return problem is not None and problem.is_written


def waits_for(decision: Decision) -> tuple[str, ...]:
    """Who must act next: those consulted in collaborate, those informed in align, else the owner.

    A closed decision in align still waits for those who haven't acknowledged.
    """
    if decision.stage is Stage.ALIGN and decision.outcome is not None:
        return unaligned(decision)
    if decision.outcome is not None:
        return ()
    owner = (decision.owner,) if decision.owner else ()
    if decision.stage is Stage.COLLABORATE:
        return unanswered(decision) or owner
    if decision.stage is Stage.ALIGN:
        return unaligned(decision) or owner
    return owner


def _unsettled(decision: Decision) -> Lack:
    """Whether it is open at all must be known before anything else is asked of it."""
    words = decision.unsettled["status"]
    said = (
        f"its old status, “{words}”,"
        if words
        else "its status, of which its old file says nothing,"
    )
    owner = (decision.owner,) if decision.owner else ()
    line = decision.place("unsettled.status", "imported")[0]
    ended = any(word in folded(words) for word in all_words("status", "ended")) if words else False
    # An old word that says otherwise is never answered with `accepted`.
    example = "outcome: retired" if ended else "" if words else "outcome: accepted"
    text = f"{said} is not settled since its import: write its outcome, {', '.join(Outcome)}"
    return Lack(text, owner, line, example)


def _assess(decision: Decision, to_answer: Sequence[Decision]) -> Iterable[Lack]:
    owner = (decision.owner,) if decision.owner else ()
    if not decision.owner:
        yield Lack("nobody owns it", line=1, example="owner: a-role")
    for title in ("Problem", "Proposal", "Alternatives"):
        yield from _unwritten(decision, title, owner)
    for precedent, (line, _) in decision.placed("precedents", decision.precedents):
        if precedent.verdict is None or not precedent.why:
            yield Lack(
                f"the precedent {precedent.record} is not answered: it needs a verdict and a why",
                owner,
                line,
            )
    if not has_problem(decision):
        return
    named = {precedent.record for precedent in decision.precedents}
    place = decision.place("precedents", "title")[0]
    answers = [f"{{record: {one.id}, verdict: differs, why: …}}" for one in to_answer]
    for number, earlier in enumerate(to_answer):
        if earlier.id in named:
            text = (
                f"`precedents` names “{earlier.title}” but doesn't say how this one answers it: "
                "write a verdict and why"
            )
        else:
            text = (
                f"we had something close before, “{earlier.title}”: "
                "say in `precedents` how this one answers it"
            )
        if named:
            example = f"- {answers[number]}"
        else:  # the key may appear once only, so the first line has all answers
            example = f"precedents: [{', '.join(answers)}]" if number == 0 else ""
        yield Lack(text, owner, place, example)


def _collaborate(decision: Decision, today: date) -> Iterable[Lack]:
    if not decision.consulted:
        yield Lack(
            "nobody is consulted",
            (decision.owner,) if decision.owner else (),
            decision.place("consulted", "title")[0],
            "consulted: [ana]",
        )
    waiting = unanswered(decision)
    feedback = decision.body.section("Feedback")
    line = feedback.line if feedback else None
    due = due_now(decision)  # a date written for an earlier stage gives nobody's silence away
    overdue = is_over(due, today)
    if waiting:
        count = f"{len(waiting)} of {len(decision.consulted)}"
        if overdue:
            example = f"- [x] @{waiting[0]}: {SILENCE} by {due}"
            yield Lack(
                f"waiting for feedback from {count}; it was due {due}, "
                "so their silence may be noted",
                waiting,
                line,
                example,
            )
        else:
            yield Lack(
                f"waiting for feedback from {count}", waiting, line, f"- [ ] @{waiting[0]}: …"
            )
    # Noted too soon, silence would shut out whoever still has time to speak.
    early = [remark for remark in decision.remarks if is_silence(remark)]
    if early and not overdue:
        until = f"before {due} has passed" if due else "without a due date for this stage"
        yield Lack(f"a silence is noted {until}", tuple(one.who for one in early), early[0].line)


def _review(decision: Decision) -> Iterable[Lack]:
    owner = (decision.owner,) if decision.owner else ()
    said = conversation_of(decision)
    if said.open:
        first = said.open[0]
        is_line = first.path == decision.path
        yield Lack(
            f"{len(said.open)} of {len(said.items)} feedback items are not resolved",
            owner,
            first.line if is_line else None,
            "- [x] @ana: …, with the answer below it"
            if is_line
            else f"onrecord reply {decision.id} --says {Says.ANSWER} --to {first.key}",
        )
    yield from _unwritten(decision, "Review", owner)


def _integrate(decision: Decision) -> Iterable[Lack]:
    owner = (decision.owner,) if decision.owner else ()
    if decision.outcome is None:
        yield Lack(
            "the outcome isn't written", owner, decision.place("stage")[0], "outcome: accepted"
        )
    if not (decision.expects or decision.expects_nothing) and asks_for_effect(decision):
        yield Lack(
            "nothing says what it should change: name a metric, a value and a day in `expects`, "
            "or say there in a sentence why no number can show it",
            owner,
            decision.place("outcome", "stage")[0],
            "expects: [{metric: a-role/a-number, at_least: 99, by: 2027-01-31}]",
        )
    notes = decision.body.section("Integration")
    if notes is not None and not notes.is_written:
        yield Lack(
            "the section “Integration” is empty: write the notes, or take the heading out "
            "if nobody met",
            owner,
            notes.line,
        )


def asks_for_effect(decision: Decision) -> bool:
    """True for what may come into force, unless it was decided with another tool."""
    never = (Outcome.REJECTED, Outcome.WITHDRAWN, Outcome.RETIRED)
    return decision.imported is None and decision.outcome not in never


def _align(decision: Decision) -> Iterable[Lack]:
    owner = (decision.owner,) if decision.owner else ()
    if decision.outcome is None:
        yield Lack(
            "the outcome isn't written", owner, decision.place("stage")[0], "outcome: accepted"
        )
    waiting = unaligned(decision)
    if waiting:
        yield Lack(
            f"{len(waiting)} of {len(decision.informed)} informed have not acknowledged",
            waiting,
            decision.place("aligned", "informed")[0],
            f"aligned: [{', '.join((*decision.aligned, waiting[0]))}]",
        )


def _unwritten(decision: Decision, title: str, who: tuple[str, ...]) -> Iterable[Lack]:
    section = decision.body.section(title)
    if section is None:
        yield Lack(f"the section “{title}” is missing", who, None, f"## {title}")
    elif not section.is_written:
        yield Lack(f"the section “{title}” is empty", who, section.line)


def may_have(decision: Decision, outcome: Outcome) -> bool:
    """True when a decision can have this outcome in the stage it is in."""
    return decision.stage is not None and decision.stage.number >= outcome.earliest.number
