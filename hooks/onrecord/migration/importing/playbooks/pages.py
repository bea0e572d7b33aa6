"""Which text is a role's page, which is a runbook, whose it is, and which is neither.

In come the texts of a folder; out come pages with the role they belong to, or why one is left.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from onrecord.migration.importing.playbooks.sections import CutPage, cut
from onrecord.migration.importing.reading import formats
from onrecord.migration.importing.reading.found import Format
from onrecord.migration.importing.reading.not_decisions import (
    has_runbook_headings,
    is_list_of_links,
    spaced,
)
from onrecord.migration.importing.reading.source import SourceFolder, SourceText
from onrecord.migration.importing.reading.titles import is_template, title_of
from onrecord.migration.importing.report import FileOutcome, ImportedFile, Note
from onrecord.records.languages import folded, means, words
from onrecord.records.library import Library
from onrecord.records.model import Page
from onrecord.records.shapes import ROLE
from onrecord.text.slugs import page_name

SECTIONS = tuple(title for title, _ in ROLE.sections)
"""The sections of a role, in their order."""

_ON_CALL = frozenset(
    (
        *("runbook", "runbooks", "playbook", "playbooks", "alert", "alerts", "on call", "oncall"),
        *("on call docs", "operations", "ops", "sop", "sops", "procedures", "troubleshooting"),
        *("incidents", "how to", "howto", "howtos"),
    )
)
"""Folders in which each page says what to do when something happens."""

_SHELVES = _ON_CALL | frozenset(
    (
        *("docs", "doc", "documentation", "handbook", "content", "src", "pages", "wiki", "files"),
        *("guides", "guide", "notes", "teams", "services", "roles"),
    )
)
"""Folders that say what is in them, not whose it is."""


_NAMED_SO = re.compile(r"^(?:runbook|playbook|sop|procedure)\s*[:–—-]\s*(?=\S)", re.IGNORECASE)
"""What a title says that its place says too: `Runbook: the pump stopped`."""


class PageKind(StrEnum):
    """What a text becomes in its role."""

    ROLE = "the page of the role"
    SITUATION = "a situation"
    OTHER = "a section below the others"


class RolePlan(NamedTuple):
    """What a plan of roles is told: where the texts are, how they are named, and what is here.

    `role` is the one that all of them belong to, where a person names it; `holder` holds those
    whose texts name nobody. With `is_update` what changed at the source is brought.
    """

    folder: SourceFolder
    name: str
    root: Path
    library: Library
    role: str = ""
    holder: str = ""
    is_update: bool = False


@dataclass(frozen=True)
class RolePage:
    """A text on its way into a role. `notes` gather what is said of it."""

    text: SourceText
    source: str
    title: str
    kind: PageKind
    role: str
    cut: CutPage
    notes: list[Note] = field(default_factory=list)


def pages_in(plan: RolePlan) -> Iterator[RolePage | ImportedFile]:
    """Every text of the folder as a part of a role, or as a file that is left, with the reason."""
    ours = {path for path, one in plan.library.by_path.items() if not isinstance(one, Page)}
    for text in plan.folder.texts:
        source = posixpath.join(plan.name, text.place)
        if source in ours:
            page: RolePage | str = "a record of OnRecord already"
        else:
            page = _page(text, source, plan)
        if isinstance(page, str):
            yield ImportedFile(source, FileOutcome.SKIP, reason=page)
        else:
            yield page


def service_of(source: str) -> str:
    """Whose a file is, by the nearest folder that doesn't only say what is in it."""
    parts = [part for part in source.split("/")[:-1] if part not in ("", ".")]
    named = (part for part in reversed(parts) if folded(spaced(part)) not in _SHELVES)
    return next(named, parts[-1] if parts else "runbooks")


def _page(text: SourceText, source: str, plan: RolePlan) -> RolePage | str:
    title = title_of(text)
    if is_template(text, title):
        return "a template"
    found = cut(text, SECTIONS)
    fits = {name for one in found.sections for name in SECTIONS if means(one.title, name)}
    form = formats.format_of(text)
    if isinstance(form, Format) and form is not Format.PROSE and len(fits) < 2:
        return "a decision: import it without --as role"
    is_index = folded(text.stem if not text.names_folder else "readme") in words("files", "index")
    if (is_index and len(fits) < 2) or is_list_of_links(text):
        return "the folder's own page, neither a role's nor a runbook"
    called = _NAMED_SO.sub("", title.words if title else text.stem)
    if len(fits) >= 2 and not has_runbook_headings(text):
        kind = PageKind.ROLE
    elif _is_runbook(text, source, called):
        kind = PageKind.SITUATION
    elif len(plan.folder.texts) == 1:
        kind = PageKind.ROLE
    elif plan.role:
        kind = PageKind.OTHER
    else:
        return (
            "its headings are neither a role's nor a runbook's; name the file alone, or say with "
            "--into playbooks/ROLE whose it is"
        )
    own_name = kind is PageKind.ROLE and not is_index
    role = plan.role or page_name(called if own_name else service_of(source))
    return RolePage(text, source, called, kind, role, found)


def _is_runbook(text: SourceText, source: str, title: str) -> bool:
    """True for a text whose headings, name, title or folder say that it is a runbook."""
    if has_runbook_headings(text):
        return True
    named = f" {folded(spaced(text.stem))} {folded(spaced(title))} "
    if any(f" {word} " in named for word in ("runbook", "playbook", "on call", "oncall", "sop")):
        return True
    # `playbooks/` is where roles of ours lie, so only a folder below it can be one of runbooks.
    above = source.split("/")[:-1]
    return any(folded(spaced(part)) in _ON_CALL for part in above if part != "playbooks")
