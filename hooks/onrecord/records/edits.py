"""Edits of a record by line: planned on its text, shown on its page, applied to its bytes.

What a command writes and what a page tells a person to write are the same values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import yaml

from onrecord.records.findings import Finding
from onrecord.records.reading.fields import is_null
from onrecord.records.reading.frontmatter import FrontMatterEntry, entries_under, split

_MARK = b"\xef\xbb\xbf"
_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_UNDECODED = re.compile("[\udc80-\udcff]")
"""What Python makes of bytes that aren't UTF-8, to write them back as they were."""


class LineEdit(NamedTuple):
    """Lines that are put below `line`, or in its place; none in its place takes it out.

    Lines count from 1.
    """

    line: int
    lines: tuple[str, ...]
    in_place: bool = False

    @property
    def text(self) -> str:
        """The lines as they are shown."""
        return _UNDECODED.sub("\ufffd", "\n".join(self.lines).strip("\n"))

    @property
    def where(self) -> str:
        """Where they belong, in words."""
        return f"{'in place of' if self.in_place else 'below'} line {self.line}"


def applied(data: bytes, edits: Iterable[LineEdit]) -> bytes:
    """A file's bytes with the edits in; every other byte stays, and lines end as those beside."""
    lines = _lines_of(data)
    usual = next((end for _, end in lines if end), "\n")
    # From the last to the first, so that no edit moves the lines of another.
    for edit in sorted(edits, key=lambda edit: (edit.line, not edit.in_place), reverse=True):
        text, end = lines[edit.line - 1]
        if edit.in_place:
            ends = ([end or usual] * (len(edit.lines) - 1) + [end])[: len(edit.lines)]
            lines[edit.line - 1 : edit.line] = list(zip(edit.lines, ends, strict=True))
        else:
            # The file's last line may have no end; with lines below it, it needs one.
            lines[edit.line - 1] = (text, end or usual)
            lines[edit.line : edit.line] = [(line, end or usual) for line in edit.lines]
    mark = _MARK if data.startswith(_MARK) else b""
    text = "".join(text + end for text, end in lines)
    return mark + text.encode("utf-8", errors="surrogateescape")


def is_ambiguous(faults: Iterable[Finding]) -> bool:
    """True where another reader of YAML might read something else."""
    return any(fault.code in ("key-twice", "yaml-broken") for fault in faults)


class FrontMatterEdits:
    """Plans changes of a front matter, in the style it is written in.

    LookupError and ValueError say that it is written in a way that can't be changed by line.
    """

    def __init__(self, path: str, data: bytes) -> None:
        self.lines = tuple(text for text, _ in _lines_of(data))
        self._path = path
        # YAML refuses half a surrogate. One sign takes the place of one, so the columns stay.
        self._source = split(path, _UNDECODED.sub("\ufffd", "\n".join(self.lines)))
        self._entries = self._source.entries
        self._within: dict[int, list[tuple[int, int, str]]] = {}
        self._below: dict[int, list[str]] = {}

    @property
    def is_ambiguous(self) -> bool:
        """True where another reader of YAML might read something else."""
        return is_ambiguous(self._source.findings)

    def edits(self) -> tuple[LineEdit, ...]:
        """All that was planned, from the first line to the last."""
        found = [LineEdit(line, tuple(lines)) for line, lines in self._below.items()]
        for line, changes in self._within.items():
            text = self.lines[line - 1]
            for start, end, value in sorted(changes, reverse=True):
                text = text[:start] + value + text[end:]
            found.append(LineEdit(line, (text,), in_place=True))
        return tuple(sorted(found, key=lambda edit: (edit.line, not edit.in_place)))

    def write(self, name: str, value: str) -> None:
        """Put a value in the place of the old one, or add the key below `outcome` and the like."""
        if name in self._entries:
            self._fill(self._entries[name], value)
        else:
            self._add(_last_line(self._entries), f"{name}: {value}")

    def write_last(self, name: str, value: str) -> None:
        """The same, but a key that isn't there is added at the end."""
        if name in self._entries:
            self._fill(self._entries[name], value)
        elif self._source.has_front_matter:
            self._add(self._source.body_line - 2, f"{name}: {value}")
        else:
            raise LookupError(name)

    def add_entered(self, stage: str, day: str) -> None:
        """Add a day to `entered`."""
        entry = self._entries.get("entered")
        line = f"{stage}: {day}"
        if entry is None:
            below = _last_line({"stage": self._entries["stage"]})
            self._add(below, "entered:")
            self._add(below, f"  {line}")
            return
        node = entry.node
        if _is_absent(node):
            self._add(entry.place[0], f"  {line}")
        elif not isinstance(node, yaml.MappingNode):
            self._fill(entry, f"{{{line}}}")  # it says `null` or `~`
        elif not node.value:
            mark = node.start_mark
            self._change(mark.line + 1, mark.column + 1, mark.column + 1, line)
        elif empty := entries_under(self._path, node)[0].get(stage):
            self._fill(empty, day)
        elif node.flow_style:
            mark = node.value[-1][1].end_mark
            self._change(mark.line + 1, mark.column, mark.column, f", {line}")
        else:
            key, value = node.value[-1]
            self._add(value.end_mark.line + 1, " " * key.start_mark.column + line)

    def _fill(self, entry: FrontMatterEntry, value: str) -> None:
        line, column = entry.place
        start, end = entry.node.start_mark, entry.node.end_mark
        if _is_absent(entry.node):
            colon = self.lines[line - 1].index(":", column - 1 + len(entry.name)) + 1
            self._change(line, colon, colon, f" {value}")
        elif start.line != end.line:
            raise ValueError(entry.name)  # over several lines
        else:
            # The quotes somebody chose stay, so the change in the diff is the value alone.
            old = self.lines[start.line][start.column : end.column]
            quote = old[0] if old[:1] in ('"', "'") else ""
            self._change(start.line + 1, start.column, end.column, f"{quote}{value}{quote}")

    def _change(self, line: int, start: int, end: int, value: str) -> None:
        self._within.setdefault(line, []).append((start, end, value))

    def _add(self, line: int, value: str) -> None:
        self._below.setdefault(line, []).append(value)


def _lines_of(data: bytes) -> list[tuple[str, str]]:
    """The lines of a file with their ends, without the byte-order mark."""
    text = data.removeprefix(_MARK).decode("utf-8", errors="surrogateescape")
    return [(found[1], found[2]) for found in _LINE.finditer(text) if found[0]] or [("", "")]


def _is_absent(node: yaml.Node) -> bool:
    """True where nothing is behind the colon; `~` and `null` are something."""
    return is_null(node) and not getattr(node, "value", "")


def _last_line(entries: Mapping[str, FrontMatterEntry]) -> int:
    """The last line of `outcome`, `entered` or `stage`, whichever is there."""
    name = next((n for n in ("outcome", "entered", "stage") if n in entries), None)
    if name is None:
        raise LookupError("stage")
    node = entries[name].node
    if _is_absent(node):
        return entries[name].place[0]
    if isinstance(node, yaml.MappingNode) and node.value and not node.flow_style:
        node = node.value[-1][1]
    line: int = node.end_mark.line + 1
    return line
