"""Digests of files, each kept until the disk tells that the file may hold something else.

In comes a file; out comes what stands for its bytes. A file that nobody touched since it was read,
as its size, times and number tell, isn't opened.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from onrecord.records.disk import Signature, read_file, signature_of
from onrecord.records.keeping.place import secret_of_user
from onrecord.records.keeping.stamp import key_for
from onrecord.records.keeping.store import Kept, decoded

KIND = "digests"
SETTLED = 3_000_000_000
"""Nanoseconds. A file that changed less than that before it was read may change again without a
sign: disks count time in steps, old ones in two seconds."""

_Rows = dict[str, tuple[Signature, bytes]]


def is_settled(signature: Signature, begun: int) -> bool:
    """Whether a file as a run that began then finds it can't change without a sign."""
    _, changed, touched, _ = signature
    return max(changed, touched) < begun - SETTLED


def digest_of(data: bytes) -> bytes:
    """What stands for the bytes of a file."""
    return hashlib.blake2b(data, digest_size=16).digest()


class Digests:
    """Lives for one run. `close` keeps what it learned; without a folder it keeps nothing.

    `base` names what is read, as several may be kept in one folder. `now` gives nanoseconds.
    """

    def __init__(
        self, folder: Path | None = None, base: str = "", now: Callable[[], int] = time.time_ns
    ) -> None:
        # Where no time tells of each change, nothing is known without a look into the file.
        self._folder = folder if os.name != "nt" else None
        self._place = key_for(b"", [base])
        self._begun = now()
        kept = self._open()
        self._known = decoded(kept.read(KIND, self._place), _Rows) or {}
        kept.close()
        self._rows: _Rows = {}
        self._has_new = False

    def of(self, file: os.DirEntry[str] | Path) -> bytes:
        """What stands for the bytes of an ordinary file; `OSError` as `read_file`."""
        signature, path = signature_of(file), os.fspath(file)
        row = self._known.get(path)
        if row is None or row[0] != signature:
            row = signature, digest_of(read_file(Path(path)))
            if not is_settled(signature, self._begun):
                return row[1]
            self._has_new = True
        self._known[path] = self._rows[path] = row
        return row[1]

    def close(self) -> None:
        """Keep the digests of the files that were asked for."""
        if not self._has_new:
            return
        try:
            data = msgspec.msgpack.encode(self._rows)
        except ValueError:  # signs that no UTF-8 has
            return
        kept = self._open()
        kept.write(KIND, self._place, data)
        kept.close(KIND)

    def _open(self) -> Kept:
        return Kept(self._folder, KIND, secret_of_user())
