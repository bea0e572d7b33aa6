"""Where a decision stands, in a line: a shape, a word, its tone, and the acts that are open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from onrecord.lifecycle import conversation, stages
from onrecord.lifecycle.stages import Lack
from onrecord.records.findings import count
from onrecord.records.model import Decision
from onrecord.records.vocabulary import Stage, Status
from onrecord.site.pages.wording import listed


class HeadState(NamedTuple):
    """The name of a stage or outcome, the shape before it, and the colour that repeats it."""

    name: str
    shape: str
    tone: str = ""


_CLOSED = {
    Status.ACCEPTED: HeadState("Accepted", "accepted", "good"),
    Status.REJECTED: HeadState("Rejected", "rejected", "bad"),
    Status.WITHDRAWN: HeadState("Withdrawn", "withdrawn", "quiet"),
    Status.SUPERSEDED: HeadState("Replaced", "superseded", "quiet"),
}
_TO_WRITE = {Stage.REVIEW: "Write the review", Stage.INTEGRATE: "Write the outcome"}


def standing_of(decision: Decision, status: Status, today: date) -> HeadState:
    """The head of the line of state."""
    if status is Status.SUPERSEDED:
        return _CLOSED[status]
    if "status" in decision.unsettled:
        return HeadState("Not settled", "unknown", "warn")
    if status is not Status.OPEN:
        closed = _CLOSED[status]
        if decision.stage is Stage.ALIGN and conversation.unaligned(decision):
            return HeadState(f"{closed.name}, aligning", "align")
        return closed
    if decision.stage is None:
        return HeadState("Stage not readable", "unknown", "warn")
    due, name = stages.due_now(decision), decision.stage.title
    if due is not None and due < today:
        return HeadState(f"{name}, late by {count((today - due).days, 'day')}", "overdue", "bad")
    return HeadState(name, decision.stage.value)


def missing(lacks: Sequence[Lack]) -> str:
    """What an assessment still needs, in a few words: `Problem, Alternatives and an owner`."""
    named, answers = [], 0
    for lack in lacks:
        # The texts are those of lifecycle.stages, which name a section between these quotes.
        section = lack.text.partition("“")[2].partition("”")[0]
        if lack.text.startswith("the section"):
            named.append(section)
        elif "precedent" in lack.text:
            answers += 1
        else:
            named.append("an owner" if "owns" in lack.text else lack.text)
    if answers:
        named.append(f"an answer to {count(answers, 'precedent')}")
    return listed(named)


def act_of(decision: Decision, status: Status, lacks: Sequence[Lack], to_answer: str) -> str:
    """What the one button says; '' where nothing is left to do.

    `to_answer` is the name of who waits for an answer first, if anybody does.
    """
    if status is Status.SUPERSEDED:
        return ""
    if "status" in decision.unsettled:
        return "Settle it"
    if status is not Status.OPEN:
        # A decision that was withdrawn decided nothing that somebody could know.
        waits = decision.stage is Stage.ALIGN and conversation.unaligned(decision)
        return "I know it" if waits and status is not Status.WITHDRAWN else ""
    if decision.stage is Stage.COLLABORATE and conversation.unanswered(decision):
        return "Give feedback"
    if decision.stage is None:
        return "Edit it"
    if to_answer and decision.stage in (Stage.COLLABORATE, Stage.REVIEW):
        return f"Answer {to_answer}"
    if not lacks:
        return f"Move on to {decision.stage.next}" if decision.stage.next else "Edit it"
    return _TO_WRITE.get(decision.stage, "Write what is missing")
