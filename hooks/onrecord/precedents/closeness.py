"""How near an earlier decision is, in words."""

from __future__ import annotations

from enum import StrEnum


class Closeness(StrEnum):
    """How near an earlier decision is, in a word."""

    VERY_CLOSE = "very close"
    CLOSE = "close"
    MAY_HELP = "may help"
    NEAREST = "nearest"  # nothing is close; it is the best there is
    NAMED = "named by its author"
