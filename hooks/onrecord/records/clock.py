"""Days: the one form they are written in, and the day of the run.

The day of the run comes from here alone, so that a build can be reproduced.
"""

from __future__ import annotations

import os
import re
from datetime import date

TODAY_VARIABLE = "ONRECORD_TODAY"

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def is_day_form(text: str) -> bool:
    """True for YYYY-MM-DD, whether the day exists or not."""
    return _DAY.fullmatch(text) is not None


def day_of(text: str) -> date:
    """A day written YYYY-MM-DD.

    Python reads other forms of ISO 8601 too, such as `2026-W40-1`, which nobody else would.
    Raises ValueError when it is written otherwise, or doesn't exist.
    """
    if not is_day_form(text):
        raise ValueError(f"not YYYY-MM-DD: {text}")
    return date.fromisoformat(text)


def today() -> date:
    """The day in `ONRECORD_TODAY` (YYYY-MM-DD), else the day the clock shows.

    Raises ValueError with the right form when the variable holds anything else.
    """
    given = os.environ.get(TODAY_VARIABLE, "").strip()
    if not given:
        return date.today()
    try:
        return day_of(given)
    except ValueError:
        raise ValueError(f"{TODAY_VARIABLE}={given!r} isn't a day; write YYYY-MM-DD") from None
