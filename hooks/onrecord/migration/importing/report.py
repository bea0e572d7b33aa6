"""The report of an import: of every file, what was read, concluded and left to a person.

Values only; `plan` makes them, and a printer turns them into text or JSON.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal, NamedTuple, TypedDict

from onrecord.migration.importing.reading.found import Format
from onrecord.migration.importing.reading.source import Left


class NoteKind(StrEnum):
    """How sure a note is."""

    READ = "read"
    GUESSED = "guessed"
    LEFT = "left to a person"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing about one file: a key, its value, the line it was read from, and why.

    `line` is None where it was read from no line: the file's name, git, or an option.
    """

    kind: NoteKind
    key: str
    value: str
    line: int | None = None
    why: str = ""


class FileOutcome(StrEnum):
    """What becomes of a file."""

    IMPORT = "import"
    UPDATE = "update"
    JOIN = "part"
    COPY = "copy"
    PRESENT = "already here"
    DIVERGED = "diverged"
    SKIP = "not a record"
    FAIL = "can't be imported"


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A file, and what becomes of it. `data` are the bytes to write to `path`.

    A part is written with the file at its `path`; an update is, if that still holds `replaces`.
    """

    source: str
    outcome: FileOutcome
    path: str = ""
    _: KW_ONLY
    format: Format | None = None
    notes: tuple[Note, ...] = ()
    reason: str = ""
    data: bytes = field(default=b"", repr=False)
    replaces: bytes = field(default=b"", repr=False)
    copied_from: Path | None = field(default=None, repr=False)
    old: Path | None = field(default=None, repr=False)
    beside: str = ""
    """Where the old file is kept too, to the byte, because `data` was converted from it."""


def left_items(name: str, left: Iterable[Left]) -> list[ImportedFile]:
    """The files of a folder that can't be read, or are no records; `name` is the folder's."""
    return [
        ImportedFile(
            posixpath.join(name, one.place),
            FileOutcome.FAIL if one.may_be_record else FileOutcome.SKIP,
            reason=one.reason,
        )
        for one in left
    ]


class Report(NamedTuple):
    """A whole run, in the order of the files' names."""

    items: tuple[ImportedFile, ...]
    written: bool = False

    def of(self, outcome: FileOutcome) -> tuple[ImportedFile, ...]:
        """The files that this becomes of."""
        return tuple(item for item in self.items if item.outcome is outcome)

    @property
    def counts(self) -> Mapping[FileOutcome, int]:
        """How many files there are of each outcome."""
        return {outcome: len(self.of(outcome)) for outcome in FileOutcome}


class NoteJson(TypedDict):
    """One thing about one file."""

    kind: NoteKind
    """How sure it is."""
    key: str
    """What it is about: title, status, decided, …"""
    value: str
    """What was read, or the words that were left."""
    line: int | None
    """The line of the old file."""
    why: str | None
    """From which words, or why not."""


class FileJson(TypedDict):
    """A file, and what becomes of it."""

    source: str
    """The old file, as `imported: from:` names it."""
    outcome: FileOutcome
    """What becomes of it."""
    path: str | None
    """The new file."""
    format: Format | None
    """The form of the old file."""
    reason: str | None
    """Why it isn't imported."""
    notes: list[NoteJson]
    """What was read, guessed and left to a person."""


class ReportJson(TypedDict):
    """What `onrecord import --json` prints, also on a dry run."""

    version: Literal[1]
    written: bool
    """False for a dry run."""
    counts: Mapping[FileOutcome, int]
    """How many files there are of each outcome."""
    files: list[FileJson]
    """Every file at the path that was named, by name."""


def report_json(report: Report) -> ReportJson:
    """The report as `--json` prints it."""
    return {
        "version": 1,
        "written": report.written,
        "counts": report.counts,
        "files": [
            {
                "source": item.source,
                "outcome": item.outcome,
                "path": item.path or None,
                "format": item.format,
                "reason": item.reason or None,
                "notes": [
                    {
                        "kind": note.kind,
                        "key": note.key,
                        "value": note.value,
                        "line": note.line,
                        "why": note.why or None,
                    }
                    for note in item.notes
                ],
            }
            for item in report.items
        ],
    }
