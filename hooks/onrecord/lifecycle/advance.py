"""Advancing a decision: what is missing, or the file's new bytes.

In come a decision, the bytes of its file and the day; out comes either what its gate still
misses or bytes in which only the lines of `stage`, `entered`, `due`, `outcome` and `decided`
differ. The new bytes are read again before they are handed out: if they don't say exactly what
was meant, nothing is written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import yaml

from onrecord.lifecycle.stages import Lack, lacks, may_have
from onrecord.records.findings import Finding
from onrecord.records.model import Decision
from onrecord.records.reading.fields import is_null
from onrecord.records.reading.frontmatter import FrontMatterEntry, decoded, entries_under, split
from onrecord.records.reading.records import decision_of
from onrecord.records.vocabulary import Outcome, Stage

_LINE_END = re.compile(r"\r\n|\r|\n")
_UNDECODED = re.compile("[\udc80-\udcff]")
"""What Python makes of bytes that aren't UTF-8, to write them back as they were."""


@dataclass(frozen=True, slots=True)
class Advance:
    """What an advance comes to: `data` to write, or why not.

    `refusal` is set where the request makes no sense; `lacks` where the record isn't ready.
    """

    data: bytes | None = None
    decision: Decision | None = None
    lacks: tuple[Lack, ...] = ()
    refusal: str = ""


def advance(
    decision: Decision,
    data: bytes,
    today: date,
    outcome: Outcome | None = None,
    due: date | None = None,
    to_answer: Sequence[Decision] = (),
) -> Advance:
    """The next step of a decision, if its gate lets it.

    `to_answer` are the earlier decisions close to it that wait for an answer.
    """
    if decision.stage is None:
        return Advance(refusal="its stage can't be read; `onrecord check` says why")
    if outcome is not None and decision.outcome is not None:
        return Advance(refusal=f"it is {decision.outcome} already")
    latest = max((day for _, day in decision.entered), default=None)
    if latest is not None and today < latest:
        return Advance(refusal=f"today is {today}, but `entered` has {latest} already")
    if outcome is not None and not may_have(decision, outcome):
        return Advance(
            refusal=f"it can't be {outcome} in {decision.stage}, only from {outcome.earliest} on"
        )
    goal = _goal(decision, today, outcome, due)
    if goal is None:
        missing = lacks(decision, today) if decision.stage is Stage.ALIGN else ()
        return Advance(
            lacks=missing, refusal="" if missing else "nothing is left to do: it is closed"
        )
    gated = goal.stage is not decision.stage or outcome is Outcome.REJECTED
    if gated:
        missing = lacks(replace(decision, outcome=goal.outcome), today, to_answer)
        if missing:
            return Advance(lacks=missing)
    return _written(decision, goal, data)


def with_questions(decision: Decision, data: bytes, asked: tuple[str, ...]) -> Advance:
    """The decision with the questions that lead to it, where it has none yet."""
    if decision.asked:
        return Advance(refusal="it has questions under `asked` already")
    return _written(decision, replace(decision, asked=asked), data)


def _goal(
    decision: Decision, today: date, outcome: Outcome | None, due: date | None
) -> Decision | None:
    """The decision as it should read after the step; None when no step is left."""
    goal = replace(decision, due=due or decision.due)
    if outcome is not None:
        goal = replace(goal, outcome=outcome, decided=decision.decided or today)
    stage = decision.stage
    assert stage is not None
    following = stage.next
    closes_here = stage is not Stage.INTEGRATE or goal.outcome is Outcome.WITHDRAWN
    if following is not None and not (goal.outcome and closes_here):
        entered = (*((s, d) for s, d in goal.entered if s is not following), (following, today))
        goal = replace(goal, stage=following, entered=tuple(sorted(entered, key=_by_stage)))
    elif outcome is None and due is None:
        return None
    return goal


def _by_stage(entry: tuple[Stage, date]) -> int:
    return entry[0].number


def _written(decision: Decision, goal: Decision, data: bytes) -> Advance:
    unsafe = Advance(
        refusal="the front matter is written in a way that can't be changed safely; "
        f"write by hand: stage: {goal.stage}, and its date under `entered`"
        if goal.stage is not decision.stage
        else "the front matter is written in a way that can't be changed safely; write by hand: "
        f"asked: {_listed(goal.asked)}"
    )
    try:
        changed = _changed(decision, goal, data)
    except (LookupError, ValueError):  # YAML counts its lines by signs nobody sees
        return unsafe
    old, faults = decision_of(decision.path, decoded(decision.path, data)[0])
    if _is_ambiguous(faults):
        return Advance(refusal="mend its front matter first; `onrecord check` says where")
    read_again, faults = decision_of(decision.path, decoded(decision.path, changed)[0])
    again = replace(read_again, body=goal.body, remarks=goal.remarks, replies=goal.replies)
    as_meant = again == goal and not _is_ambiguous(faults)
    if not as_meant or read_again.body.text != old.body.text:
        return unsafe
    return Advance(data=changed, decision=goal)


def _is_ambiguous(faults: list[Finding]) -> bool:
    """True where another reader of YAML might read something else."""
    return any(fault.code in ("key-twice", "yaml-broken") for fault in faults)


def _changed(decision: Decision, goal: Decision, data: bytes) -> bytes:
    """The file's bytes with what differs between the two decisions written in."""
    edit = _Edit(decision.path, data)
    if goal.asked != decision.asked:
        edit.write("asked", _listed(goal.asked))
    if goal.stage is not decision.stage and goal.stage is not None:
        edit.write("stage", goal.stage.value)
    for stage, day in goal.entered:
        if decision.entered_on(stage) is None:
            edit.add_entered(stage.value, day.isoformat())
    if goal.due != decision.due and goal.due is not None:
        edit.write("due", goal.due.isoformat())
    if goal.outcome is not decision.outcome and goal.outcome is not None:
        edit.write("outcome", goal.outcome.value)
    if goal.decided != decision.decided and goal.decided is not None:
        edit.write("decided", goal.decided.isoformat())
    return edit.data()


def _listed(words: Sequence[str]) -> str:
    """A YAML list on one line; what JSON writes is YAML too."""
    return json.dumps(words, ensure_ascii=False)


class _Edit:
    """Changes of a front matter by line, on the file's own text with its own line ends."""

    def __init__(self, path: str, data: bytes) -> None:
        self._path = path
        self._mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
        self._text = data[len(self._mark) :].decode("utf-8", errors="surrogateescape")

    def data(self) -> bytes:
        """The file's bytes as they are now."""
        return self._mark + self._text.encode("utf-8", errors="surrogateescape")

    def write(self, name: str, value: str) -> None:
        """Put a value in the place of the old one, or add the key below `entered` or `stage`."""
        entries = self._entries()
        entry = entries.get(name)
        if entry is None:
            self._add_line_after(_last_line(entries), f"{name}: {value}")
        elif _is_absent(entry.node):
            self._put_behind_colon(entry, f" {value}")
        else:
            self._put_in_place(entry.node, value)

    def add_entered(self, stage: str, day: str) -> None:
        """Add a line to `entered`, in the style it is written in."""
        entries = self._entries()
        entry = entries.get("entered")
        line = f"{stage}: {day}"
        if entry is None:
            end = _last_line({"stage": entries["stage"]})
            self._add_line_after(end, f"  {line}")
            self._add_line_after(end, "entered:")
        elif _is_absent(entry.node):
            self._add_line_after(entry.place[0], f"  {line}")
        elif not isinstance(entry.node, yaml.MappingNode):
            self._put_in_place(entry.node, f"{{{line}}}")  # it says `null` or `~`
        elif not entry.node.value:
            self._insert(entry.node.start_mark.line + 1, entry.node.start_mark.column + 1, line)
        elif empty := entries_under(self._path, entry.node)[0].get(stage):
            if _is_absent(empty.node):
                self._put_behind_colon(empty, f" {day}")
            else:
                self._put_in_place(empty.node, day)
        else:
            key, value = entry.node.value[-1]
            if entry.node.flow_style:
                mark = value.end_mark
                self._insert(mark.line + 1, mark.column, f", {line}")
            else:
                indent = " " * key.start_mark.column
                self._add_line_after(value.end_mark.line + 1, indent + line)

    def _entries(self) -> dict[str, FrontMatterEntry]:
        text = _LINE_END.sub("\n", self._text)
        return split(self._path, _UNDECODED.sub("\ufffd", text)).entries

    def _put_in_place(self, node: yaml.Node, value: str) -> None:
        start, end = node.start_mark, node.end_mark
        if start.line != end.line:
            return  # not written on one line: the check of the result refuses it
        lines = self._lines()
        line = lines[start.line]
        old = line[start.column : end.column]
        quote = old[0] if old[:1] in ('"', "'") else ""
        new = f"{quote}{value}{quote}"
        lines[start.line] = line[: start.column] + new + line[end.column :]
        self._text = "".join(lines)

    def _put_behind_colon(self, entry: FrontMatterEntry, value: str) -> None:
        line, column = entry.place
        colon = self._lines()[line - 1].index(":", column - 1 + len(entry.name))
        self._insert(line, colon + 1, value)

    def _insert(self, line: int, column: int, value: str) -> None:
        lines = self._lines()
        lines[line - 1] = lines[line - 1][:column] + value + lines[line - 1][column:]
        self._text = "".join(lines)

    def _add_line_after(self, line: int, value: str) -> None:
        lines = self._lines()
        end = _LINE_END.search(lines[line - 1])
        lines.insert(line, value + (end[0] if end else "\n"))
        self._text = "".join(lines)

    def _lines(self) -> list[str]:
        """The lines with their ends; what YAML counts as lines is checked by reading again."""
        ends = [match.end() for match in _LINE_END.finditer(self._text)]
        starts = [0, *ends]
        return [self._text[a:b] for a, b in zip(starts, [*ends, len(self._text)], strict=True)]


def _is_absent(node: yaml.Node) -> bool:
    """True where nothing stands behind the colon; `~` and `null` are something."""
    return is_null(node) and not getattr(node, "value", "")


def _last_line(entries: Mapping[str, FrontMatterEntry]) -> int:
    """The last line of `outcome`, `entered` or `stage`, whichever stands there."""
    name = next(n for n in ("outcome", "entered", "stage") if n in entries)
    node = entries[name].node
    if _is_absent(node):
        return entries[name].place[0]
    if isinstance(node, yaml.MappingNode) and node.value and not node.flow_style:
        node = node.value[-1][1]
    line: int = node.end_mark.line + 1
    return line
