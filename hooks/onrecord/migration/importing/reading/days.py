"""Days as people write them, in words or figures.

In comes what stands for a day; out comes the day, or the readings between which nobody but the
folder's other files, or a person, can choose. A month without a day is no day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from onrecord.records import git
from onrecord.records.git import HistorySource, commits, source_of
from onrecord.records.languages import folded, months
from onrecord.records.languages import words as listed

_MONTH = "|".join(sorted(map(re.escape, months()), key=len, reverse=True))

_ISO = re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)(?:[t ][\d:.,+z-]+)?")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")
_DAY_FIRST = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|o|a|e)?\.?(?:\s+(?:of|de|di|d))?[\s/-]+({_MONTH})\b\.?,?"
    r"(?:\s+(?:of|de|del|di))?[\s/-]+(\d{4})(?!\d)"
)
_MONTH_FIRST = re.compile(rf"\b({_MONTH})\b\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)")
_YEAR_FIRST = re.compile(rf"(?<!\d)(\d{{4}})[\s-]+({_MONTH})\b\.?[\s-]+(\d{{1,2}})(?!\d)")
_SIGNS = re.compile(r"(?<!\d)(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_FIGURES = re.compile(r"(?<!\d)(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_CLOCK = re.compile(
    r"(?<![\d:])\d{1,2}:\d\d(?::\d\d)?(?:\s*[ap]m\b)?(?:\s*(?:utc|gmt|cet|cest|z)\b)?"
)
_SPAN = re.compile(
    rf"\b(?:{_MONTH})\.?,?(?:\s+(?:of|de|del|di))?\s+\d{{4}}(?!\d)|(?<!\d)(?:19|20)\d\d-\d\d(?!\d)"
    r"|\bq[1-4]\s+(?:19|20)\d\d\b|(?<!\d)(?:19|20)\d\d\s*年(?:\s*\d{1,2}\s*月)?"
    r"|(?<![\w.#/-])(?:19|20)\d\d(?![\w./-])"
)
"""A month, a quarter or a year: no day, but no other words either."""

_FROM = re.compile(
    rf"\b(?:{_MONTH})\.?\s+\d{{1,2}}\s?(?:\.\.\.?|…|–|-|to)\s?(?=(?:{_MONTH})\.?\s+\d{{1,2}},?\s+\d{{4}}\b)",
    re.IGNORECASE,
)
"""The begin of a span of days that has no year of its own: `July 3...July 17, 2023`."""
_UPDATED = "|".join(sorted(map(re.escape, listed("labels", "updated")), key=len, reverse=True))
_CHANGED = re.compile(rf"[(;,·|–-]\s*(?:{_UPDATED})\b[^()]*\)?")
"""When it was changed, behind the day itself: `2021-04-05 (updated 2022-01-01)`."""


class Order(StrEnum):
    """How figures with slashes are ordered."""

    DAY_FIRST = "day/month/year"
    MONTH_FIRST = "month/day/year"


@dataclass(frozen=True, slots=True)
class Day:
    """The readings of what is there, by order where the order matters; none: no day."""

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
    rest = _CHANGED.sub(" ", folded(words))
    if _FROM.search(rest):
        return Day()
    for pattern, year, month, day in (
        (_ISO, 1, 3, 4),
        (_SIGNS, 1, 2, 3),
        (_DAY_FIRST, 3, 2, 1),
        (_MONTH_FIRST, 3, 1, 2),
        (_YEAR_FIRST, 1, 2, 3),
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


def ends_of_spans(words: str) -> str:
    """The words, with the last day in the place of each span of days."""
    return _FROM.sub("", words)


def without_days(words: str, sign: str = "", *, spans: bool = True) -> str:
    """The folded words, with a sign in the place of each day, and of each month or year alone."""
    rest = folded(words)
    for pattern in (
        _ISO, _SIGNS, _DAY_FIRST, _MONTH_FIRST, _YEAR_FIRST, _FIGURES, _COMPACT, _CLOCK,
        *([_SPAN] if spans else []),
    ):  # fmt: skip
        rest = pattern.sub(sign, rest)
    return rest


def seems_day(words: str) -> bool:
    """True for a line that is a day, or a month and a year, and nothing else."""
    rest = without_days(words, spans=False)
    return is_month(words) or (rest != folded(words) and not rest.strip(" .,()_*"))


def is_month(words: str) -> bool:
    """True for a month and a year, and nothing else."""
    return re.fullmatch(rf"\W*(?:{_MONTH})\.?,?\s+\d{{4}}\W*", folded(words)) is not None


def order_of_form(words: str) -> Order | None:
    """The order that a form's own words show, such as `DD/MM/YYYY`."""
    found = re.search(
        r"\b(d{1,2}|m{1,2}|t{1,2}|j{1,2}|g{1,2})[/.-](m{1,2}|d{1,2})[/.-][yaj]{2,4}\b", words, re.I
    )
    if found is None or found[1][0].lower() == found[2][0].lower():
        return None
    return Order.MONTH_FIRST if found[1][0].lower() == "m" else Order.DAY_FIRST


def order_of(days: Iterable[Day]) -> Order | None:
    """The order that a folder's figures prove, where none of them proves the other."""
    proved = {day.shows for day in days} - {None}
    return proved.pop() if len(proved) == 1 else None


def _figures(first: str, sign: str, second: str, year: str) -> Day:
    full = year if len(year) == 4 else f"20{year}"
    by_order = {Order.DAY_FIRST: _real(full, second, first)}
    if sign == "/":  # with points or hyphens the day is first
        by_order[Order.MONTH_FIRST] = _real(full, first, second)
    return Day(None, tuple((order, day) for order, day in by_order.items() if day is not None))


def _real(year: str, month: str, day: str) -> date | None:
    number = months().get(month) or int(month)
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


class GitDays:
    """The history of one folder, read once for all its files, and only when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open = ExitStack()

    def __enter__(self) -> GitDays:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @cached_property
    def source(self) -> HistorySource:
        """Whether there is a history to read."""
        return source_of(self._folder)

    @property
    def nothing(self) -> str:
        """Why a day isn't known, for the report."""
        if self.source is HistorySource.SHALLOW:
            return "git knows none: this is a shallow clone, without its history"
        return "git knows none"

    def added(self, place: str) -> date | None:
        """The day a file was added, unless with many others."""
        return next((day for day, *_ in self._edits.get(place, [])), None)

    def written(self, place: str, line: int) -> date | None:
        """The day a line was last written, unless with many other files."""
        edits = self._edits.get(place, [])
        if not edits or line < 1:
            return None
        lines = _lines((self._folder / place).read_bytes())
        if line > len(lines):
            return None
        words = lines[line - 1]
        newer = self._count(words, edits[-1][2])
        for day, old, _ in reversed(edits):
            older = self._count(words, old)
            if newer > older:
                return day
            newer = older
        return None

    def _count(self, words: bytes, name: str) -> int:
        return _lines(self._objects.read(name) or b"").count(words)

    @cached_property
    def _objects(self) -> git.Objects:
        return self._open.enter_context(git.Objects(self._folder))

    @cached_property
    def _edits(self) -> dict[str, list[tuple[date | None, str, str]]]:
        """By file, the oldest first: the day, where it says something, and both its objects."""
        found: dict[str, list[tuple[date | None, str, str]]] = {}
        if self.source is not HistorySource.READ:
            return found
        try:
            for commit in commits(self._folder, folders=(".",), wanted=bool):
                day = None if commit.is_bulk else commit.day
                renamed = [edit for edit in commit.edits if edit.before != edit.path]
                found |= [(edit.path, found.pop(edit.before, [])) for edit in renamed]
                for edit in commit.edits:
                    found.setdefault(edit.path, []).append((day, edit.old, edit.new))
        except git.NotGit:
            return {}
        return found


def _lines(data: bytes) -> list[bytes]:
    return [line.strip() for line in data.splitlines()]


def top_of(folder: Path) -> Path | None:
    """The repository a folder is in."""
    top = git.hear(folder, "rev-parse", "--show-toplevel")
    return Path(top) if top else None
