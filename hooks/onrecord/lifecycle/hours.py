"""When a person works: hours of the day in their time zone, Monday to Friday."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from onrecord.records.model import Person

_HOURS = re.compile(r"(\d{1,2})(?::([0-5]\d))?\s*[-–]\s*(\d{1,2})(?::([0-5]\d))?")
DAYS = range(5)
"""The days of a working week, Monday first."""


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


def is_at_work(person: Person, moment: datetime) -> bool:
    """True in their hours. Who names none may be told at any time."""
    return next_at_work(person, moment) == moment


def next_at_work(person: Person, moment: datetime) -> datetime:
    """The first moment from this one on that is in their hours."""
    hours = hours_of(person.hours)
    if hours is None:
        return moment
    zone = zone_of(person.timezone) or UTC
    begin, end = hours
    local = moment.astimezone(zone)
    for ahead in range(len(DAYS) + 3):
        day = local.date() + timedelta(days=ahead)
        starts = datetime.combine(day, begin, zone)
        ends = datetime.combine(day, end, zone)
        if day.weekday() in DAYS and local < ends:
            return moment if local >= starts else starts.astimezone(moment.tzinfo)
    return moment
