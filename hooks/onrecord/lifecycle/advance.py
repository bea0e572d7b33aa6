"""Advancing a decision: what is missing, or the edits of its file.

In come a decision, the bytes of its file and the day; out comes either what its gate still
misses or edits of the lines of `stage`, `entered`, `due`, `outcome` and `decided`. Before bytes are
handed out to be written they are read again: if they don't say exactly what was meant, nothing is
written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import yaml

from onrecord.lifecycle import conversation, stages
from onrecord.lifecycle.accept import QUESTIONS, plan_of_acceptance
from onrecord.lifecycle.stages import Lack, lacks, may_have
from onrecord.records.edits import FrontMatterEdits, LineEdit, applied, is_ambiguous
from onrecord.records.model import Decision, Handoff
from onrecord.records.reading.fields import is_null
from onrecord.records.reading.frontmatter import decoded, split
from onrecord.records.reading.records import decision_of
from onrecord.records.vocabulary import Outcome, Stage
from onrecord.text.escaping import as_yaml


@dataclass(frozen=True, slots=True)
class Advance:
    """What an advance comes to: `edits`, and `data` once they are proved; or why not.

    `refusal` is set where the request makes no sense; `lacks` where the record isn't ready.
    """

    data: bytes | None = None
    edits: tuple[LineEdit, ...] = ()
    decision: Decision | None = None
    lacks: tuple[Lack, ...] = ()
    refusal: str = ""


def planned(
    decision: Decision,
    data: bytes,
    today: date,
    outcome: Outcome | None = None,
    due: date | None = None,
    to_answer: Sequence[Decision] = (),
) -> Advance:
    """The edits of a decision's next step, if its gate lets it; nothing is tried.

    `to_answer` are the earlier decisions close to it that wait for an answer.
    """
    if decision.stage is None:
        return Advance(refusal="its stage can't be read; `onrecord check` says why")
    if outcome is not None and decision.outcome is not None:
        return Advance(refusal=f"it is {decision.outcome} already")
    latest = max((day for _, day in decision.entered), default=None)
    # A wrong clock, or a day that was typed ahead: the new stage would begin before the one it
    # follows.
    if latest is not None and today < latest:
        return Advance(refusal=f"today is {today}, but `entered` has {latest} already")
    if outcome is not None and not may_have(decision, outcome):
        return Advance(
            refusal=f"it can't be {outcome} in {decision.stage}, only from {outcome.earliest} on"
        )
    goal = _goal(decision, today, outcome, due)
    if goal is None:
        # In align a decision has its outcome, and no stage follows: what is left is who must
        # acknowledge.
        missing = lacks(decision, today) if decision.stage is Stage.ALIGN else ()
        return Advance(
            lacks=missing, refusal="" if missing else "nothing is left to do: it is closed"
        )
    # Whoever withdraws or retires a decision owes nobody a complete record. It can be rejected from
    # review on, and then only once the feedback is resolved.
    gated = goal.stage is not decision.stage or outcome is Outcome.REJECTED
    if gated:
        missing = lacks(replace(decision, outcome=goal.outcome), today, to_answer)
        if missing:
            return Advance(lacks=missing)
    return _planned(decision, goal, data)


def with_questions(decision: Decision, data: bytes, asked: tuple[str, ...]) -> Advance:
    """The decision with the questions that lead to it, where it has none yet."""
    if decision.asked:
        return Advance(refusal="it has questions under `asked` already")
    return advance(decision, _planned(decision, replace(decision, asked=asked), data), data)


def _goal(
    decision: Decision, today: date, outcome: Outcome | None, due: date | None
) -> Decision | None:
    """The decision as it should read after the step; None when no step is left."""
    goal = replace(decision, due=due or decision.due)
    if outcome is not None:
        # A day that somebody wrote ahead of us stays: they know when it was decided.
        goal = replace(goal, outcome=outcome, decided=decision.decided or today)
    stage = decision.stage
    assert stage is not None
    following = stage.next
    # An outcome given in integrate leads on to align, where people learn of it. Anywhere else, and
    # for what was withdrawn, it is the end.
    closes_here = stage is not Stage.INTEGRATE or goal.outcome is Outcome.WITHDRAWN
    if following is not None and not (goal.outcome and closes_here):
        # A stage may be entered a second time, after a step back; its last day is the one that
        # counts.
        entered = (*((s, d) for s, d in goal.entered if s is not following), (following, today))
        goal = replace(
            goal, stage=following, entered=tuple(sorted(entered, key=lambda one: one[0].number))
        )
    elif outcome is None and due is None:
        return None
    return goal


def _planned(decision: Decision, goal: Decision, data: bytes) -> Advance:
    """The edits that turn the one decision into the other."""
    try:
        plan = FrontMatterEdits(decision.path, data)
        if plan.is_ambiguous:
            return Advance(refusal="fix its front matter first; `onrecord check` says where")
        _plan(plan, decision, goal)
    except (LookupError, ValueError):
        return Advance(refusal=_by_hand(decision, goal))
    return Advance(edits=plan.edits(), decision=goal)


def _plan(plan: FrontMatterEdits, decision: Decision, goal: Decision) -> None:
    if goal.asked != decision.asked:
        plan.write("asked", _listed(goal.asked))
    if goal.stage is not decision.stage and goal.stage is not None:
        plan.write("stage", goal.stage.value)
    for stage, day in goal.entered:
        if decision.entered_on(stage) is None:
            plan.add_entered(stage.value, day.isoformat())
    if goal.outcome is not decision.outcome and goal.outcome is not None:
        plan.write("outcome", goal.outcome.value)
    if goal.decided != decision.decided and goal.decided is not None:
        plan.write("decided", goal.decided.isoformat())
    if goal.due != decision.due and goal.due is not None:
        plan.write("due", goal.due.isoformat())


def advance(decision: Decision, result: Advance, data: bytes) -> Advance:
    """A planned step with the bytes to write for it, if they say what was meant, and no more."""
    goal = result.decision
    if goal is None:
        return result
    unsafe = Advance(refusal=_by_hand(decision, goal))
    try:
        changed = applied(data, result.edits)
    except LookupError:  # YAML counts its lines by signs nobody sees
        return unsafe
    old, faults = decision_of(decision.path, decoded(decision.path, data)[0])
    if is_ambiguous(faults):
        return Advance(refusal="fix its front matter first; `onrecord check` says where")
    # The proof: what is about to be written is read as any record is. Only if it says just what was
    # meant, and the text below is untouched, may it replace the file.
    read_again, faults = decision_of(decision.path, decoded(decision.path, changed)[0])
    again = replace(read_again, body=goal.body, remarks=goal.remarks, replies=goal.replies)
    if again != goal or is_ambiguous(faults) or read_again.body.text != old.body.text:
        return unsafe
    return replace(result, data=changed)


def _by_hand(decision: Decision, goal: Decision) -> str:
    what = (
        f"asked: {_listed(goal.asked)}"
        if goal.stage is decision.stage
        else f"stage: {goal.stage}, and its date under `entered`"
    )
    said = "the front matter is written in a way that can't be changed safely"
    return f"{said}; write by hand: {what}"


def _listed(words: Sequence[str]) -> str:
    """A YAML list on one line; what JSON writes is YAML too."""
    return json.dumps(words, ensure_ascii=False)


MOST = 8
"""People for whom a line is made; the others write theirs after the same pattern."""


_LINE_END = re.compile(r"\r\n|\r|\n")


class Edit(NamedTuple):
    """Lines to write, where they belong in the file, and who writes them if it is one person."""

    text: str
    where: str
    who: str = ""


class NextStep(NamedTuple):
    """The next step of a record: what it is called, and what to write for it."""

    name: str
    edits: tuple[Edit, ...] = ()


def step_of(decision: Decision, data: bytes, today: date, lacks: Sequence[Lack]) -> NextStep:
    """The next step of a decision under way; `lacks` is what its gate misses.

    Without the file's bytes no line is shown that depends on how it is written.
    """
    waiting = stages.waits_for(decision)
    if decision.stage is Stage.COLLABORATE and conversation.unanswered(decision):
        return NextStep("Give feedback", tuple(_feedback(decision, waiting)))
    if decision.stage is Stage.ALIGN and decision.outcome and waiting:
        return NextStep("Acknowledge", tuple(_aligned(decision, data, waiting)))
    if not lacks:
        edits = planned(decision, data, today).edits if data else ()
        following = decision.stage.next if decision.stage else None
        name = f"Advance to {following}" if following else "Edit this decision"
        return NextStep(name, _shown(edits))
    missing = (
        Edit(lack.example, f"line {lack.line}" if lack.line else "")
        for lack in lacks
        if lack.example
    )
    return NextStep("Edit this decision", tuple(missing))


def step_of_handoff(handoff: Handoff, data: bytes, today: date) -> NextStep:
    """How the receiver of an offered handoff accepts it."""
    answers = tuple("…" for _ in QUESTIONS)
    edits = plan_of_acceptance(handoff, data, today, answers).edits if data else ()
    return NextStep("Accept: write the read-back", _shown(edits))


def _shown(edits: Sequence[LineEdit]) -> tuple[Edit, ...]:
    return tuple(Edit(edit.text, edit.where) for edit in edits)


def _feedback(decision: Decision, waiting: Sequence[str]) -> Iterator[Edit]:
    section = decision.body.section("Feedback")
    heading = "" if section else "## Feedback\n\n"
    where = f"below line {section.line}, “Feedback”" if section else "at the end of the file"
    for who in waiting[:MOST]:
        yield Edit(f"{heading}- [ ] @{who}: …", where, who)


def _aligned(decision: Decision, data: bytes, waiting: Sequence[str]) -> Iterator[Edit]:
    """A person's handle added to `aligned`, in the style the list is written in."""
    text = _LINE_END.sub("\n", decoded(decision.path, data)[0] or "")
    entries = split(decision.path, text).entries
    lines = text.split("\n")
    entry = entries.get("aligned")
    for who in waiting[:MOST]:
        handle = as_yaml(who)
        if entry is None:
            after = entries.get("informed", entries.get("stage"))
            if after is None:
                return
            end = after.node.end_mark
            # A block's end is where the next key begins; a value's is on its own line.
            last = end.line if end.column == 0 else end.line + 1
            yield Edit(f"aligned: [{handle}]", f"below line {last}", who)
            continue
        line, node = entry.place[0], entry.node
        if is_null(node):
            yield Edit(f"aligned: [{handle}]", f"in place of line {line}", who)
        elif isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
            last = node.value[-1].start_mark.line
            indent = lines[last][: node.value[-1].start_mark.column]
            yield Edit(f"{indent}{handle}", f"below line {last + 1}", who)
        elif node.start_mark.line == node.end_mark.line:
            old, end = lines[line - 1], node.end_mark.column - 1
            comma = ", " if getattr(node, "value", None) else ""
            new = f"{old[:end].rstrip()}{comma}{handle}{old[end:]}"
            yield Edit(new, f"in place of line {line}", who)
