"""Writing a plan: each file whole or not at all, and nothing replaced that a person changed.

In comes a report whose items hold bytes; out comes the same report as it went. A new file never
takes the place of one that is there. An update takes the place of just the bytes it was planned on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from onrecord.migration.importing.report import FileOutcome, ImportedFile, Report
from onrecord.records.disk import change_file, make_file, read_file
from onrecord.text.progress import Progress, silent

_WRITTEN = (FileOutcome.IMPORT, FileOutcome.UPDATE, FileOutcome.COPY)


def write_plan(report: Report, root: Path, progress: Progress = silent) -> Report:
    """Write what a plan says below `root`; what can't be written is said, and the rest goes on."""
    items = list(_written(report, root, progress))
    # A part is in its role's file: where that can't be written, the part isn't either.
    failed = {item.path: item.reason for item in items if item.outcome is FileOutcome.FAIL}
    return Report(
        tuple(
            replace(item, outcome=FileOutcome.FAIL, reason=failed[item.path])
            if item.outcome is FileOutcome.JOIN and item.path in failed
            else item
            for item in items
        ),
        written=True,
    )


def _written(report: Report, root: Path, progress: Progress) -> Iterator[ImportedFile]:
    for item in progress("Writing files", report.items):
        if item.outcome not in _WRITTEN:
            yield item
            continue
        try:
            reason = _write(item, root)
        except OSError as error:
            reason = f"can't be written: {error.strerror or error}"
        yield replace(item, outcome=FileOutcome.FAIL, reason=reason) if reason else item


def _write(item: ImportedFile, root: Path) -> str:
    """Write one file; the reason why not, or ''."""
    data = read_file(item.copied_from) if item.copied_from else item.data
    if item.outcome is FileOutcome.UPDATE:
        return _update(item, root, data)
    if not make_file(root, item.path, data):
        return f"{item.path} now exists; it was left as it is"
    if item.beside and item.old is not None:
        make_file(root, item.beside, read_file(item.old))
    return ""


def _update(item: ImportedFile, root: Path, data: bytes) -> str:
    changed = False

    def edited(old: bytes | None) -> bytes | None:
        nonlocal changed
        changed = old != item.replaces
        return None if changed else data

    change_file(root, item.path, edited)
    return f"{item.path} was changed meanwhile; run the import again" if changed else ""
