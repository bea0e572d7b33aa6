"""Writing a plan: new files only, each whole or not at all.

In comes a report whose items hold bytes; out comes the same report as it went. A file that is
there, whoever made it meanwhile, is never replaced.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from onrecord.migration.importing.report import FileOutcome, ImportedFile, Report
from onrecord.records.disk import make_file, read_file


def write_plan(report: Report, root: Path) -> Report:
    """Write what a plan says below `root`; what can't be written is said, and the rest goes on."""
    return Report(tuple(_written(report, root)), written=True)


def _written(report: Report, root: Path) -> Iterator[ImportedFile]:
    for item in report.items:
        if item.outcome not in (FileOutcome.IMPORT, FileOutcome.COPY):
            yield item
            continue
        try:
            data = read_file(item.copied_from) if item.copied_from else item.data
            if make_file(root, item.path, data):
                if item.beside and item.old is not None:
                    make_file(root, item.beside, read_file(item.old))
                yield item
            else:
                reason = f"{item.path} is there by now; it is left as it is"
                yield replace(item, outcome=FileOutcome.FAIL, reason=reason)
        except OSError as error:
            reason = f"can't be written: {error.strerror or error}"
            yield replace(item, outcome=FileOutcome.FAIL, reason=reason)
