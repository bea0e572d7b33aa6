"""Bytes that are kept under keys, in one file of SQLite.

A key stands for all that its bytes were made of, so what is found under it is never outdated. Each
row carries a seal over kind, key and bytes: what is damaged, or was written by somebody who lacks
the secret, counts as absent. Where the file can't be read or written, nothing is kept, and nothing
is said: that only costs time.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

_FORMAT = "kept 1"
_PATIENCE = 2.0
"""Seconds to wait for another run that is writing."""
_AT_ONCE, _BYTES_AT_ONCE = 256, 4_000_000
"""Rows that are written in one step, so that other runs can write in between; and their bytes, so
that large ones don't wait in memory."""
_SPARE, _LITTLE = 3, 1_000_000
"""What a run had no use for is taken away once there are so many times the bytes that it used."""


Form = TypeVar("Form")


def decoded(data: bytes | None, form: type[Form]) -> Form | None:
    """What was kept, as msgspec packed it; None where nothing is, or something else."""
    try:
        return None if data is None else msgspec.msgpack.decode(data, type=form)
    except (msgspec.MsgspecError, ValueError):  # the latter: no UTF-8
        return None


def as_plain(value: object) -> object:
    """What stands for a value that msgspec doesn't know: a mapping that can't be changed."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} can't be kept")


class Kept:
    """What is kept in one file of a folder; None as folder keeps nothing. `close` it.

    Without a secret the seal only shows damage.
    """

    def __init__(self, folder: Path | None, name: str, secret: bytes = b"") -> None:
        self._file = folder / f"onrecord-{name}.db" if folder is not None else None
        self._secret = hashlib.blake2b(secret, digest_size=32).digest()
        self._rows: sqlite3.Connection | None = None
        self._new: dict[tuple[str, bytes], bytes] = {}
        self._waiting = 0
        self._used: dict[str, set[bytes]] = {}
        self._asked_for = 0  # bytes, as far as this run has seen them
        self._followed: dict[str, list[bytes]] | None = None
        if self._file is not None:
            with contextlib.suppress(OSError, sqlite3.Error):
                self._rows = _opened(self._file)

    def read(self, kind: str, key: bytes) -> bytes | None:
        """The bytes under a key; None where there are none to be trusted."""
        self._note(kind, key)
        if (kind, key) in self._new:
            return self._new[kind, key]
        if self._rows is None:
            return None
        try:
            asked = "SELECT data, seal FROM kept WHERE kind = ? AND key = ?"
            row = self._rows.execute(asked, (kind, key)).fetchone()
        except sqlite3.Error as error:
            self._give_up(error)
            return None
        if row is None or not all(isinstance(one, bytes) for one in row):
            return None
        data, seal = row
        self._asked_for += len(data)
        return data if hmac.compare_digest(seal, self._seal(kind, key, data)) else None

    def follow(self, used: dict[str, list[bytes]] | None) -> None:
        """From now on, note in `used` each key that is asked for or written, by its kind."""
        self._followed = used

    def _note(self, kind: str, key: bytes) -> None:
        self._used.setdefault(kind, set()).add(key)
        if self._followed is not None:
            self._followed.setdefault(kind, []).append(key)

    def uses(self, kind: str, keys: Iterable[bytes]) -> None:
        """Say that what is under these keys is of use, though nobody reads it in this run."""
        self._used.setdefault(kind, set()).update(keys)

    def write(self, kind: str, key: bytes, data: bytes) -> None:
        """Keep bytes under a key."""
        self._note(kind, key)
        self._asked_for += len(data)
        if self._rows is not None:
            self._new[kind, key] = data
            self._waiting += len(data)
            if len(self._new) >= _AT_ONCE or self._waiting >= _BYTES_AT_ONCE:
                self._write()

    def close(self, *whole: str) -> None:
        """Write what is new. Of these kinds, take away what this run had no use for, if it is much.

        A kind is named by a run that asked for all that is of use.
        """
        self._write()
        if self._rows is not None:
            try:
                if self._holds_much():
                    for kind in whole:
                        self._prune(kind, self._used.get(kind, set()))
            except sqlite3.Error as error:
                self._give_up(error)
        self._give_up()
        self._used = {}

    def _seal(self, kind: str, key: bytes, data: bytes) -> bytes:
        sealed = hashlib.blake2b(key=self._secret, digest_size=16)
        for part in (_FORMAT.encode(), kind.encode(), key):
            sealed.update(len(part).to_bytes(4, "little") + part)
        sealed.update(data)
        return sealed.digest()

    def _write(self) -> None:
        new, self._new, self._waiting = self._new, {}, 0
        if self._rows is None or not new:
            return
        try:
            with self._rows:
                self._rows.executemany(
                    "INSERT OR REPLACE INTO kept (kind, key, data, seal) VALUES (?, ?, ?, ?)",
                    [(*at, data, self._seal(*at, data)) for at, data in new.items()],
                )
        except sqlite3.Error as error:  # a full disk, another run, a file that can't be written
            self._give_up(error)

    def _holds_much(self) -> bool:
        """Whether the file is so large that a long look at all that is in it may pay."""
        assert self._rows is not None
        asked = ("page_count", "freelist_count", "page_size")
        every, free, size = (self._rows.execute(f"PRAGMA {name}").fetchone()[0] for name in asked)
        return bool((every - free) * size > _SPARE * self._asked_for + _LITTLE)

    def _prune(self, kind: str, used: set[bytes]) -> None:
        assert self._rows is not None
        asked = "SELECT key, length(data) FROM kept WHERE kind = ?"
        sizes: dict[bytes, int] = dict(self._rows.execute(asked, (kind,)).fetchall())
        if sum(sizes.values()) > _SPARE * sum(sizes.get(key, 0) for key in used) + _LITTLE:
            with self._rows:
                gone = [(kind, key) for key in sizes.keys() - used]
                self._rows.executemany("DELETE FROM kept WHERE kind = ? AND key = ?", gone)

    def _give_up(self, error: sqlite3.Error | None = None) -> None:
        """Close the file; one that is damaged is taken away, so that the next run makes it anew."""
        rows, self._rows = self._rows, None
        if rows is not None:
            with contextlib.suppress(sqlite3.Error):
                rows.close()
        if self._file is not None and _is_damage(error):
            with contextlib.suppress(OSError):
                self._file.unlink()


def _opened(file: Path) -> sqlite3.Connection:
    """The file, ready to be read, and to be written where that can be."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _connected(file)
    except sqlite3.DatabaseError as error:
        if not _is_damage(error):
            raise  # locked, full or not to be written
        file.unlink()
        return _connected(file)


def _is_damage(error: sqlite3.Error | None) -> bool:
    """Whether what was read is no file of SQLite's, or one with holes."""
    return type(error) is sqlite3.DatabaseError


def _connected(file: Path) -> sqlite3.Connection:
    rows = sqlite3.connect(file, timeout=_PATIENCE, check_same_thread=False)
    try:
        rows.execute("PRAGMA trusted_schema = OFF")
        rows.execute("PRAGMA synchronous = OFF")  # it can be made again
        with contextlib.suppress(sqlite3.OperationalError):  # it is there, or can't be written
            rows.execute(
                "CREATE TABLE IF NOT EXISTS kept (kind TEXT, key BLOB, data BLOB, seal BLOB, "
                "PRIMARY KEY (kind, key))"
            )
        rows.execute("SELECT kind, key, data, seal FROM kept LIMIT 1")
    except BaseException:
        rows.close()
        raise
    return rows
