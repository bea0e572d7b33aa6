"""Importing: records that another tool or habit kept, made into records of ours.

In come a folder, the knowledge base and a person's options; out come a plan, which says of every
file what was read from which line, what was concluded, what is left to a person, and the bytes to
write. A text walks one way here too: `source` (files) → `outline` (lines) → `formats` (what a
file says) → `plan` (what it means beside the others) → `draft` (bytes) → `writing`.
"""

from onrecord.migration.importing.deciding.cases import Options
from onrecord.migration.importing.plan import plan_import
from onrecord.migration.importing.reading.found import FORMATS, Format
from onrecord.migration.importing.report import FileOutcome, ImportedFile, Note, NoteKind, Report
from onrecord.migration.importing.writing import write_plan

__all__ = [
    "FORMATS",
    "FileOutcome",
    "Format",
    "ImportedFile",
    "Note",
    "NoteKind",
    "Options",
    "Report",
    "plan_import",
    "write_plan",
]
