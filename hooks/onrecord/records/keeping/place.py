"""Where a knowledge base's cache is, and what seals it."""

from __future__ import annotations

import hashlib
import os
import secrets
from functools import cache
from pathlib import Path

from platformdirs import user_cache_dir, user_data_dir

from onrecord.records.disk import make_file, read_file

CACHE_VARIABLE = "ONRECORD_CACHE"
"""Names the folder of the cache; empty means none. Default: a folder of the user's own cache."""


def cache_of(root: Path) -> Path | None:
    """Where the cache is; it may be deleted at any time."""
    named = os.environ.get(CACHE_VARIABLE)
    if named is not None:
        return Path(named) if named.strip() else None
    # Outside the base: what a tool keeps for itself has no place among what people wrote.
    place = hashlib.blake2b(str(root.resolve()).encode(errors="surrogateescape"), digest_size=8)
    return Path(user_cache_dir("onrecord", appauthor=False)) / place.hexdigest()


KEY_VARIABLE = "ONRECORD_CACHE_KEY"
"""Holds the secret that seals what is kept and reaches a page as it is. Without it, each user has
a secret in a file of their own."""


@cache
def secret_of_user() -> bytes:
    """What seals the cache: who can write to its folder, but doesn't know this, is not believed."""
    if given := os.environ.get(KEY_VARIABLE):
        return given.encode(errors="surrogateescape")
    file = Path(user_data_dir("onrecord", appauthor=False)) / "cache-key"
    try:
        return _secret_in(file)
    except OSError:
        return secrets.token_bytes(32)  # it seals for this run alone


def _secret_in(file: Path) -> bytes:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        make_file(file.parent, file.name, secrets.token_bytes(32))
        file.chmod(0o600)
    return read_file(file)
