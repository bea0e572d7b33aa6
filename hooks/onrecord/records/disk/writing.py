"""Writing a file whole or not at all.

A new file gets its name only once all its bytes are on disk; an old one keeps its bytes until
then.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from onrecord.records.disk.looking import ORDINARY, is_link, read_file

if sys.platform != "win32":
    import fcntl

TEMPORARY = ".onrecord-writing"
"""The name of a file that isn't whole yet. Readers skip hidden names, `.gitignore` names it."""

PATIENCE = 20.0
"""Seconds to wait for another program that writes in the same folder."""

_TRIES = 20
# What disks without hard links say: FAT, some network disks, and FAT on Windows.
_NO_HARD_LINKS = frozenset((errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS))
_WINDOWS_NO_HARD_LINKS = frozenset((1, 50))  # ERROR_INVALID_FUNCTION, ERROR_NOT_SUPPORTED


def place(root: Path, path: str) -> Path:
    """Where the file `path` below `root` is to be written.

    `OSError` where `path` leads out of `root`, or where a folder on the way is a symbolic link:
    what is written through one ends up somewhere else.
    """
    parts = PurePosixPath(path).parts
    here = root.resolve()
    target = here.joinpath(*parts)
    if not parts or ".." in parts or not target.is_relative_to(here) or "\0" in path:
        raise OSError(errno.EINVAL, f"{path} leads out of the folder", path)
    for number, part in enumerate(parts[:-1], start=1):
        here /= part
        if is_link(here):
            link = "/".join(parts[:number])
            said = f"{link} is a symbolic link, and nothing is written through one"
            raise OSError(errno.ELOOP, said, path)
        if here.exists() and not here.is_dir():
            raise OSError(errno.ENOTDIR, f"{'/'.join(parts[:number])} is not a folder", path)
    return target


def make_file(root: Path, path: str, data: bytes) -> bool:
    """Write a new file below `root`, with its folders; False, and nothing done, if it is there.

    `OSError` if it can't be written; then neither a part of it nor a new folder is left.
    """
    target = place(root, path)
    if os.path.lexists(target):
        return False
    with _folders(target.parent), alone_in(target.parent) as alone:
        return _make(target, data, alone)


def change_file(root: Path, path: str, edit: Callable[[bytes | None], bytes | None]) -> None:
    """Put what `edit` makes of a file's bytes in their place, in one step.

    `edit` is given None for a file that isn't there, and returns None to leave all as it is. It is
    asked again whenever another program changed the file meanwhile, so nobody's change is lost.
    `OSError` if it can't be written; then the old bytes are there.
    """
    target = place(root, path)
    with _folders(target.parent), alone_in(target.parent) as alone:
        for _ in range(_TRIES):
            old = _bytes_of(target)
            new = edit(old)
            if new is None or new == old:
                return
            if old is None:
                if _make(target, new, alone):
                    return
            elif _replace(target, [new], alone, old):
                return
    raise OSError(errno.EBUSY, "another program keeps changing it; run the command again", path)


def put_file(path: Path, pieces: Sequence[bytes | memoryview]) -> None:
    """Make or replace a file that can be made again, such as a cache: whole, but not yet durable.

    `OSError` if it can't be written.
    """
    _replace(path, pieces, alone=False, old=None)


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[bool]:
    """Keep other runs of OnRecord from writing in a folder; False where the disk has no locks.

    The system lets go of the lock when a run ends, however it ends. `OSError` after `PATIENCE`.
    """
    if sys.platform == "win32":  # which refuses to replace what another program has open
        yield False
        return
    # The folder itself is locked: a lock file would be left behind by a run that is killed.
    handle = os.open(folder, os.O_RDONLY | ORDINARY)
    try:
        yield _is_locked(handle, folder)
    finally:
        os.close(handle)


def _is_locked(handle: int, folder: Path) -> bool:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            # It is asked again and again, as a lock that is waited for knows no time limit.
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() > until:
                said = f"another program is writing in {folder}; run the command again"
                raise OSError(errno.EBUSY, said, str(folder)) from None
            time.sleep(0.01)
        except OSError:  # some network disks
            return False


@contextlib.contextmanager
def _folders(folder: Path) -> Iterator[None]:
    """Make a folder with those above it; if the writing fails, take away those that were made."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
        for one in missing:
            _sync(one.parent)  # a new folder's name is kept by the folder above it
    except BaseException:
        for one in missing:
            with contextlib.suppress(OSError):
                one.rmdir()
        raise


def _make(target: Path, data: bytes, alone: bool) -> bool:
    with _written(target.parent, [data], alone, None, durable=True) as whole:
        if not _named(whole, target):
            return False
    _sync(target.parent)
    return True


def _named(whole: Path, target: Path) -> bool:
    """Give a whole file its name; False if another file has it."""
    try:
        os.link(whole, target)  # unlike a rename, it refuses where a file is
    except FileExistsError:
        return False
    except OSError as error:
        if (
            error.errno not in _NO_HARD_LINKS
            and getattr(error, "winerror", 0) not in _WINDOWS_NO_HARD_LINKS
        ):
            raise
        if os.path.lexists(target):
            return False
        whole.rename(target)  # which refuses on Windows too; elsewhere our lock is held
    return True


def _replace(
    target: Path, pieces: Sequence[bytes | memoryview], alone: bool, old: bytes | None
) -> bool:
    """Put a file in the place of another; False, and nothing done, if that isn't `old` any more.

    With None as `old` it is a file that can be made again.
    """
    durable = old is not None
    try:
        mode = target.stat().st_mode & 0o7777 if durable else None
    except FileNotFoundError:
        return False
    with _written(target.parent, pieces, alone, mode, durable) as whole:
        # Editors know nothing of our lock, so this comes as late as it can.
        if durable and _bytes_of(target) != old:
            return False
        whole.replace(target)
    if durable:
        _sync(target.parent)
    return True


@contextlib.contextmanager
def _written(
    folder: Path, pieces: Sequence[bytes | memoryview], alone: bool, mode: int | None, durable: bool
) -> Iterator[Path]:
    """A file in `folder` that holds all the bytes, under a name that is gone afterwards."""
    name = folder / TEMPORARY
    try:
        if alone:  # so whatever has the name was left by a run that was killed
            with contextlib.suppress(OSError):
                name.unlink()
        if not alone or os.path.lexists(name):
            name = folder / f"{TEMPORARY}-{secrets.token_hex(6)}"
        if not _write_nameless(name, pieces, mode, durable):
            _fill(os.open(name, _NEW, 0o666), pieces, mode, durable)
        yield name
    finally:
        with contextlib.suppress(OSError):
            name.unlink()


_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | ORDINARY


def _write_nameless(
    name: Path, pieces: Sequence[bytes | memoryview], mode: int | None, durable: bool
) -> bool:
    """Write a file that has no name until it is whole, so that a kill leaves nothing at all.

    False where the system or the disk can't do it.
    """
    flag: int = getattr(os, "O_TMPFILE", 0)
    if not flag:
        return False
    try:
        handle = os.open(name.parent, os.O_WRONLY | flag | ORDINARY, 0o666)
    except OSError:
        return False
    kept = os.dup(handle)  # `_fill` closes the other, and a file without name or handle is gone
    try:
        _fill(handle, pieces, mode, durable)
        try:
            # A folder's handle, though not needed, makes Python follow the link in /proc.
            os.link(f"/proc/self/fd/{kept}", name, src_dir_fd=kept, follow_symlinks=True)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
                raise
            return False
        return True
    finally:
        os.close(kept)


def _fill(
    handle: int, pieces: Sequence[bytes | memoryview], mode: int | None, durable: bool
) -> None:
    with os.fdopen(handle, "wb") as stream:
        for piece in pieces:
            stream.write(piece)
        stream.flush()
        # A file that takes another's place keeps who may read it; a new one goes by the umask.
        if mode is not None and hasattr(os, "fchmod"):
            os.fchmod(handle, mode)
        if durable:
            os.fsync(handle)


def _bytes_of(path: Path) -> bytes | None:
    try:
        return read_file(path)
    except FileNotFoundError:
        return None


def _sync(folder: Path) -> None:
    """Make names in a folder outlast a crash, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
