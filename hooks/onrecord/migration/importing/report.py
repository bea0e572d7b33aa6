"""The report of an import: of every file, what was read, concluded and left to a person.

Values only; `plan` makes them, and a printer turns them into text or JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from onrecord.migration.importing.reading.found import Format


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
    COPY = "copy"
    PRESENT = "already here"
    SKIP = "not a record"
    FAIL = "can't be imported"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFile:
    """A file, and what becomes of it. `data` are the bytes to write to `path`."""

    source: str
    outcome: FileOutcome
    path: str = ""
    format: Format | None = None
    notes: tuple[Note, ...] = ()
    reason: str = ""
    data: bytes = field(default=b"", repr=False)
    copied_from: Path | None = field(default=None, repr=False)
    old: Path | None = field(default=None, repr=False)
    beside: str = ""
    """Where the old file is kept too, to the byte, because `data` was converted from it."""


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run, in the order of the files' names."""

    items: tuple[ImportedFile, ...]
    written: bool = False

    def of(self, outcome: FileOutcome) -> tuple[ImportedFile, ...]:
        """The files that this becomes of."""
        return tuple(item for item in self.items if item.outcome is outcome)

    @property
    def counts(self) -> Mapping[FileOutcome, int]:
        """How many files become what."""
        return {outcome: len(self.of(outcome)) for outcome in FileOutcome}


def as_json(report: Report) -> dict[str, object]:
    """The report as `--json` prints it."""
    return {
        "version": 1,
        "written": report.written,
        "counts": {str(outcome): number for outcome, number in report.counts.items()},
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


def import_schema() -> str:
    """The JSON Schema of `onrecord import --json`."""
    text, text_or_none = {"type": "string"}, {"type": ["string", "null"]}
    note = {
        "kind": {"enum": [*NoteKind], "description": "How sure it is."},
        "key": {**text, "description": "What it is about: title, status, decided, …"},
        "value": {**text, "description": "What was read, or the words that were left."},
        "line": {"type": ["integer", "null"], "minimum": 1, "description": "Of the old file."},
        "why": {**text_or_none, "description": "From which words, or why not."},
    }
    file = {
        "source": {**text, "description": "The old file, as `imported: from:` names it."},
        "outcome": {"enum": [*FileOutcome], "description": "What becomes of it."},
        "path": {**text_or_none, "description": "The new file."},
        "format": {"enum": [*Format, None]},
        "reason": {**text_or_none, "description": "Why it isn't imported."},
        "notes": {"type": "array", "items": _object(note)},
    }
    counts = {str(outcome): {"type": "integer", "minimum": 0} for outcome in FileOutcome}
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Report of onrecord import --json",
        "description": "Every file at the path that was named, by name.",
        **_object(
            {
                "version": {"const": 1},
                "written": {"type": "boolean", "description": "False for a dry run."},
                "counts": _object(counts),
                "files": {"type": "array", "items": _object(file)},
            }
        ),
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _object(properties: Mapping[str, object]) -> dict[str, object]:
    return {"type": "object", "properties": properties, "required": list(properties)}
