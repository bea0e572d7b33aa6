"""When a person works: hours of the day in their time zone, Monday to Friday."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from onrecord.records.clock import hours_of, zone_of
from onrecord.records.model import Person

DAYS = range(5)
"""The days of a working week, Monday first."""


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
