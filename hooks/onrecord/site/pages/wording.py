"""Words for dates, as templates show them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from onrecord.records.clock import day_of
from onrecord.records.findings import count

_DUE = re.compile(
    r'<code\b.*?</code>|<(?:[^<>"]|"[^"]*")*>|(?<=[\s>])due:\s?(\d{4}-\d\d-\d\d)(?![\w-])',
    re.DOTALL | re.IGNORECASE,
)
"""A day as an open loop has it, outside of code and tags."""
_MARKDOWN_LINK = re.compile(r"!?\[([^][]*)\]\([^)\s[]*\)")

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
MONTH_NAMES = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
]  # fmt: skip
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def day_text(day: date) -> str:
    """`5 Oct 2026`: the same in every locale and on every platform."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_day(day: date, today: date) -> str:
    """`5 Oct` in this year, `5 Oct 2025` in another."""
    return f"{day.day} {MONTHS[day.month - 1]}" if day.year == today.year else day_text(day)


def week_day(day: date, today: date) -> str:
    """A day that somebody has to keep: `Fri 11 Dec`."""
    return f"{DAYS[day.weekday()]} {short_day(day, today)}"


def listed(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def away(day: date, today: date) -> str:
    """How far a day is from today, in words: `in 2 days`, `yesterday`, `3 weeks ago`."""
    days = (day - today).days
    if days == 0:
        return "today"
    if abs(days) == 1:
        return "tomorrow" if days > 0 else "yesterday"
    size = span(abs(days))
    return f"in {size}" if days > 0 else f"{size} ago"


def due_text(day: date, today: date) -> str:
    """When something is due: `late by 3 days`, `today`, `in 12 days`, then the day alone."""
    days = (day - today).days
    if days < 0:
        return f"late by {span(-days)}"
    return away(day, today) if days <= FAR else short_day(day, today)


FAR = 20
"""A day further ahead than this is named, not counted."""


def span(days: int) -> str:
    """A length of time in its largest fitting unit: `3 days`, `5 weeks`, `2 years`."""
    if days < 21:
        return count(days, "day")
    if days < 90:
        return count(days // 7, "week")
    if days < 730:
        return count(round(days / 30.44), "month")
    return count(round(days / 365.25), "year")


def sentence(words: str) -> str:
    """The words with a capital letter first."""
    return words[:1].upper() + words[1:]


def lead_in(words: str) -> str:
    """A sentence as it goes on after a colon: with a small letter first."""
    return words[:1].lower() + words[1:]


def plain(text: str) -> str:
    """A line of Markdown as a person would read it aloud: of links, their words."""
    return _MARKDOWN_LINK.sub(r"\1", text).replace("**", "").replace("`", "")


def with_days_said(html: str) -> str:
    """The text of a handoff with the days of its loops as a reader writes them."""
    return _DUE.sub(_day_said, html)


def _day_said(found: re.Match[str]) -> str:
    try:
        day = day_of(found[1])
    except (TypeError, ValueError):  # code or a tag; a day that doesn't exist
        return found[0]
    return f'due <time datetime="{day}">{day_text(day)}</time>'
