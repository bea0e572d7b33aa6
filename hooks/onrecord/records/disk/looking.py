"""What is on disk: folders, ordinary files, and their bytes. Nothing opens a pipe or a device."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from onrecord.records.vocabulary import DECISIONS_FOLDER

ORDINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
"""Bytes as they are, where Windows would turn line ends; and no handle for a program we start."""
# A link that is put there in between isn't followed, and nobody is waited for at a pipe.
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def find_root(start: Path) -> Path | None:
    """The nearest folder, from `start` upwards, that holds a `decisions/` folder."""
    here = start.resolve()
    return next((p for p in (here, *here.parents) if (p / DECISIONS_FOLDER).is_dir()), None)


def is_link(path: str | os.PathLike[str]) -> bool:
    """True for a symbolic link, dead or not, and for a junction on Windows."""
    isjunction: Callable[[str | os.PathLike[str]], bool] = getattr(
        os.path, "isjunction", lambda _: False
    )
    return os.path.islink(path) or isjunction(path)


def is_linking(entry: os.DirEntry[str]) -> bool:
    """The same of an entry of a folder, which needn't ask the disk again."""
    is_junction: Callable[[], bool] = getattr(entry, "is_junction", lambda: False)
    return entry.is_symlink() or is_junction()


def open_file(path: str | Path) -> BinaryIO:
    """Open an ordinary file to read. `OSError` for a link, pipe, device or folder."""
    try:
        handle = os.open(path, os.O_RDONLY | ORDINARY | _NO_LINK)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise OSError(errno.ELOOP, "it is a symbolic link", str(path)) from None
        raise
    # Asked of what is open: under the same name, there may be another file by now.
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "it is not an ordinary file", str(path))
    return os.fdopen(handle, "rb")


def read_file(path: Path) -> bytes:
    """All bytes of an ordinary file; `OSError` as `open_file`."""
    with open_file(path) as stream:
        return stream.read()


def walk(
    folder: str | Path, *, hidden: bool = False, strictly: bool = False
) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Every entry below a folder, by its path from there, in the order of names.

    What is behind a link is left alone.
    A folder that can't be read counts as empty; `strictly` raises its `OSError`.
    """

    def within(above: str, here: str | Path) -> list[tuple[str, os.DirEntry[str]]]:
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name, reverse=True)
        except OSError:
            if strictly:
                raise
            return []
        return [(above + one.name, one) for one in entries if hidden or one.name[0] != "."]

    waiting = within("", folder)
    while waiting:  # a list, not recursion: folders may lie deeper than Python can call
        path, entry = waiting.pop()
        yield path, entry
        if not is_linking(entry) and entry.is_dir(follow_symlinks=False):
            waiting += within(f"{path}/", entry.path)


Signature = tuple[int, int, int, int]
"""Size, both times and number of a file, by which a change is noticed: an editor may set the first
time back, and a copy may have the same size."""


def signature_of(entry: os.DirEntry[str] | Path) -> Signature:
    """The signature of an entry of a folder, or of a path; `OSError` where it is gone."""
    known = entry.stat(follow_symlinks=False)
    return known.st_size, known.st_mtime_ns, known.st_ctime_ns, known.st_ino


# Of a name that is longer than the disk allows, or that no disk has, os.path says no; Path raises.


def is_there(path: Path) -> bool:
    """Whether there is anything at a path."""
    return os.path.exists(path)


def is_file(path: Path) -> bool:
    """Whether an ordinary file is at a path, or at what it leads to."""
    return os.path.isfile(path)
