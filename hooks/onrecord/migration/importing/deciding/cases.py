"""What a person says of an import, and one text on its way through it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from onrecord.migration.importing.deciding.identity import SinceImport
from onrecord.migration.importing.deciding.meaning import ResolvedTie
from onrecord.migration.importing.reading.found import Fact, Format, Parsed
from onrecord.migration.importing.reading.source import SourceText
from onrecord.migration.importing.reading.statuses import OldStatus, Reading
from onrecord.migration.importing.report import Note
from onrecord.records.model import Decision


@dataclass(frozen=True, slots=True)
class Options:
    """What a person says of the whole import.

    `without_status` is where records stand whose files say nothing of it; None leaves it open.
    `statuses` are words of theirs that a person has mapped, by `statuses.key_of`. With `is_update`
    a record that changed at the source, and that nobody edited here, is written anew.
    """

    into: str = "decisions/imported"
    format: Format | None = None
    owner: str = ""
    without_status: OldStatus | None = None
    statuses: Mapping[str, OldStatus] = field(default_factory=dict)
    is_update: bool = False


@dataclass
class Case:
    """One text on its way through the plan."""

    text: SourceText
    found: Parsed
    source: str
    title: Fact | None = None
    path: str = ""
    id: str = ""
    present: Decision | None = None
    change: SinceImport = SinceImport.NOTHING
    is_kept: bool = False
    """True for a record that is here, and that this run leaves as it is."""
    has_alias: bool = True
    links: list[ResolvedTie] = field(default_factory=list)
    reading: Reading = field(default_factory=lambda: Reading(None, None))
    final: OldStatus | None = None
    why: str = ""
    supersedes: list[str] = field(default_factory=list)
    related: list[str] = field(default_factory=list)
    body: bytes = b""
    """What is written below the front matter: the text's own, but for what `rewriting` says."""
    changes: list[Note] = field(default_factory=list)
    """What was changed in it."""
