"""Days as people write them, in words or figures.

In comes what stands for a day; out comes the day, or the readings between which nobody but the
folder's other files, or a person, can choose. A month without a day is no day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))

_ISO = re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)(?:[T ][\d:.,+Z-]+)?")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")
_DAY_FIRST = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?\.?(?:\s+of)?[\s-]+({_MONTH})\b\.?,?[\s-]+(\d{{4}})(?!\d)",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"\b({_MONTH})\b\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)", re.IGNORECASE
)
_FIGURES = re.compile(r"(?<!\d)(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")


class Order(StrEnum):
    """How figures with slashes are ordered."""

    DAY_FIRST = "day/month/year"
    MONTH_FIRST = "month/day/year"


@dataclass(frozen=True, slots=True)
class Day:
    """The readings of what stands there, by order where the order matters; none: no day."""

    sure: date | None = None
    readings: tuple[tuple[Order, date], ...] = ()

    @property
    def shows(self) -> Order | None:
        """The order that the figures themselves prove."""
        return self.readings[0][0] if len(self.readings) == 1 else None

    def read(self, order: Order | None) -> date | None:
        """The day; where figures leave two, the one of this order."""
        if self.sure is not None:
            return self.sure
        if len(self.readings) == 1:
            return self.readings[0][1]
        same = {day for _, day in self.readings}
        if len(same) == 1:
            return next(iter(same))
        return next((day for its, day in self.readings if its is order), None)


def day_in(words: str) -> Day:
    """The one day that some words hold. Two different days are as good as none."""
    found: list[Day] = []
    rest = words
    for pattern, year, month, day in (
        (_ISO, 1, 3, 4),
        (_DAY_FIRST, 3, 2, 1),
        (_MONTH_FIRST, 3, 1, 2),
        (_COMPACT, 1, 2, 3),
    ):
        for match in pattern.finditer(rest):
            real = _real(match[year], match[month], match[day])
            found.append(Day(real))
        rest = pattern.sub(" ", rest)
    for match in _FIGURES.finditer(rest):
        found.append(_figures(match[1], match[2], match[3], match[4]))
    if len(set(found)) != 1:
        return Day()
    return found[0]


def seems_day(words: str) -> bool:
    """True for a line that is a day, or a month and a year, and nothing else."""
    rest = words
    for pattern in (_ISO, _DAY_FIRST, _MONTH_FIRST, _FIGURES, _COMPACT):
        rest = pattern.sub("", rest)
    return is_month(words) or (rest != words and not rest.strip(" .,()_*"))


def is_month(words: str) -> bool:
    """True for a month and a year, and nothing else."""
    return re.fullmatch(rf"\W*(?:{_MONTH})\.?,?\s+\d{{4}}\W*", words, re.IGNORECASE) is not None


def order_of(days: Iterable[Day]) -> Order | None:
    """The order that a folder's figures prove, where none of them proves the other."""
    proved = {day.shows for day in days} - {None}
    return proved.pop() if len(proved) == 1 else None


def _figures(first: str, sign: str, second: str, year: str) -> Day:
    full = year if len(year) == 4 else f"20{year}"
    by_order = {Order.DAY_FIRST: _real(full, second, first)}
    if sign == "/":  # with points or hyphens the day stands first
        by_order[Order.MONTH_FIRST] = _real(full, first, second)
    return Day(None, tuple((order, day) for order, day in by_order.items() if day is not None))


def _real(year: str, month: str, day: str) -> date | None:
    number = _MONTHS.get(month.casefold()) or int(month)
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None
