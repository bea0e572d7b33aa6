"""What stands for the code that made something: other code may make something else of the same.

A version's number isn't enough: it stays while the code of a checkout changes.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import onrecord
from onrecord.records.disk import walk

_NOT_READ = frozenset(("__pycache__", "starter"))


@cache
def stamp_of(*folders: str, versions: tuple[str, ...] = ()) -> bytes:
    """A digest of Python's version, our files in these folders, and versions of what they use.

    Folders are named as seen from our package; "" is all of it.
    """
    whole = hashlib.blake2b(f"{sys.version} {onrecord.__version__}".encode(), digest_size=16)
    for one in versions:
        whole.update(f"\0{one}".encode())
    ours = Path(onrecord.__file__).parent
    for folder in folders:
        for path, entry in walk(ours / folder):
            if entry.is_file() and not _NOT_READ.intersection(path.split("/")):
                whole.update(f"\0{folder}/{path}\0".encode())
                whole.update(hashlib.blake2b(Path(entry).read_bytes()).digest())
    return whole.digest()


def key_for(stamp: bytes, parts: Iterable[str | bytes]) -> bytes:
    """The key of what some code made of these parts; no other parts have the same."""
    key = hashlib.blake2b(stamp, digest_size=16)
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode(errors="surrogatepass")
        key.update(len(data).to_bytes(8, "little"))
        key.update(data)
    return key.digest()
