"""Roles and handoffs made of runbooks, handbook pages, on-call documents and handoff notes.

In come a folder and what a person says of it; out comes a report as `plan_import` makes it, with
the bytes of each file to write.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from onrecord.migration.importing.playbooks.handoffs import plan_handoffs
from onrecord.migration.importing.playbooks.pages import RolePlan
from onrecord.migration.importing.playbooks.roles import plan_roles
from onrecord.migration.importing.reading.source import origin_of, read_folder
from onrecord.migration.importing.report import ImportedFile, Report, left_items
from onrecord.records.library import Library
from onrecord.records.vocabulary import Kind
from onrecord.text.progress import Progress, silent

_PLANS: Mapping[Kind, Callable[[RolePlan], Iterator[ImportedFile]]] = {
    Kind.ROLE: plan_roles,
    Kind.HANDOFF: plan_handoffs,
}
PLAYBOOK_KINDS = tuple(_PLANS)
"""What `onrecord import --as` makes, besides decisions."""


def plan_playbooks(
    kind: Kind,
    start: Path,
    root: Path,
    library: Library,
    *,
    role: str = "",
    holder: str = "",
    is_update: bool = False,
    progress: Progress = silent,
) -> Report:
    """What becomes of every file at `start` as a role or a handoff.

    `role` is the one that all belong to; without it, each file's own folder says. `holder` holds
    the new roles whose pages name nobody known here. With `is_update` what changed at the source
    and nobody edited here is brought.
    """
    folder = read_folder(start, progress)
    name = origin_of(start, root)
    items = left_items(name, folder.left)
    items += _PLANS[kind](RolePlan(folder, name, root, library, role, holder, is_update))
    return Report(tuple(sorted(items, key=lambda item: (item.path, *posixpath.split(item.source)))))


__all__ = ["PLAYBOOK_KINDS", "plan_playbooks"]
