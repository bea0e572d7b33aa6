"""Writing a plan: new files only, each whole or not at all.

In comes a report whose items hold bytes; out comes the same report as it went. A file that is
there, whoever made it meanwhile, is never replaced.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from onrecord.migration.importing.report import FileOutcome, ImportedFile, Report
from onrecord.records.disk import write_new


def write_plan(report: Report, root: Path) -> Report:
    """Write what a plan says below `root`; what can't be written is said, and the rest goes on."""
    return Report(tuple(_written(report, root)), written=True)


def _written(report: Report, root: Path) -> Iterator[ImportedFile]:
    for item in report.items:
        if item.outcome not in (FileOutcome.IMPORT, FileOutcome.COPY):
            yield item
            continue
        try:
            data = item.copied_from.read_bytes() if item.copied_from else item.data
            if _create(root, root / item.path, data):
                yield item
            else:
                reason = f"{item.path} is there by now; it is left as it is"
                yield replace(item, outcome=FileOutcome.FAIL, reason=reason)
        except OSError as error:
            reason = f"can't be written: {error.strerror or error}"
            yield replace(item, outcome=FileOutcome.FAIL, reason=reason)


def _create(root: Path, path: Path, data: bytes) -> bool:
    """Make a file in one step; False, and nothing done, when it is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.parent.resolve().is_relative_to(root.resolve()):
        raise OSError(f"{path.parent} leads out of the knowledge base")
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o666 & ~_mask())
        os.link(name, path)  # unlike a rename, it refuses where a file is
    except FileExistsError:
        return False
    except OSError:
        return write_new(path, data)  # a disk without links, such as FAT
    finally:
        with contextlib.suppress(OSError):
            Path(name).unlink()
    return True


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
