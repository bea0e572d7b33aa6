"""Days and hours: the forms they are written in, and the day of the run.

The day of the run comes from here alone, so that a build can be reproduced.
"""

from __future__ import annotations

import os
import re
from datetime import date, time
from zoneinfo import ZoneInfo

TODAY_VARIABLE = "ONRECORD_TODAY"

WORKING_DAYS = range(5)
"""The days of a working week, Monday first."""

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HOURS = re.compile(r"(\d{1,2})(?::([0-5]\d))?\s*[-–]\s*(\d{1,2})(?::([0-5]\d))?")


def is_over(day: date | None, today: date) -> bool:
    """True for a day before today; where there is none, nothing is over."""
    return day is not None and day < today


def is_day_form(text: str) -> bool:
    """True for YYYY-MM-DD, whether the day exists or not."""
    return DAY.fullmatch(text) is not None


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


def hours_of(text: str) -> tuple[time, time] | None:
    """Hours as people.yml writes them, such as `9-17` or `09:30-18:00`; None for other texts."""
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        return None
    try:
        begin = time(int(found[1]), int(found[2] or 0))
        end = time(int(found[3]), int(found[4] or 0))
    except ValueError:
        return None
    return (begin, end) if begin < end else None


def zone_of(name: str) -> ZoneInfo | None:
    """The time zone of an IANA name; None where there is none of that name."""
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return None
