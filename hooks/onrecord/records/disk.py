"""Writing: one file, whole or not at all. The only room that changes a person's files."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from onrecord.records.vocabulary import DECISIONS_FOLDER


def write_atomically(path: Path, data: bytes) -> None:
    """Replace a file's bytes in one step; its permissions stay, a crash leaves the old bytes."""
    target = path.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(target.stat().st_mode & 0o7777)
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def write_new(path: Path, data: bytes) -> bool:
    """Write a file that isn't there yet, with its folders; False, and nothing done, if it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("xb") as stream:
            stream.write(data)
    except FileExistsError:
        return False
    return True


def find_root(start: Path) -> Path | None:
    """The nearest folder, from `start` upwards, that holds a `decisions/` folder."""
    here = start.resolve()
    return next((p for p in (here, *here.parents) if (p / DECISIONS_FOLDER).is_dir()), None)
