"""The next step: the exact lines that a person writes into a record by hand to take its next step.

In come a record, the bytes of its file and the day; out come lines with the place they belong in.
They are what `onrecord advance` and `onrecord accept` write, for whoever works on the forge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import yaml

from onrecord.lifecycle import conversation, stages
from onrecord.lifecycle.accept import QUESTIONS, plan_of_acceptance
from onrecord.lifecycle.advance import planned
from onrecord.lifecycle.stages import Lack
from onrecord.records.edits import LineEdit
from onrecord.records.model import Decision, Handoff
from onrecord.records.reading.fields import is_null
from onrecord.records.reading.frontmatter import decoded, split
from onrecord.records.vocabulary import Stage
from onrecord.text.escaping import as_yaml

MOST = 8
"""People for whom a line is made; the others write theirs after the same pattern."""

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Edit:
    """Lines to write, where they belong in the file, and who writes them if it is one person."""

    text: str
    where: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class NextStep:
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
