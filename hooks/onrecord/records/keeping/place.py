"""Where a knowledge base's cache is."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from platformdirs import user_cache_dir

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
