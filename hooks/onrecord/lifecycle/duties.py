"""Duties: what a role does again and again, or answers for, and the next day of each rhythm.

In comes a role; out come the list items of its duties and accountabilities, the duty that some
words mean, and from a rhythm such as “First of the month” the day that comes next.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from onrecord.records.languages import in_english
from onrecord.records.model import Role, Section
from onrecord.text.words import words_in

RECURRING = "Recurring duties"
SECTIONS = (RECURRING, "Accountabilities")
"""The sections whose list items are duties."""


class Duty(NamedTuple):
    """One duty of a role, by its id. `text` is plain, `key` is what it is compared by.

    `recurs` is true for those that come again, even where no day can be told.
    """

    role: str
    text: str
    key: str
    recurs: bool = False
    rhythm: Rhythm | None = None

    @property
    def what(self) -> str:
        """What is to be done, without the rhythm where it is written before a colon."""
        head, colon, rest = self.text.partition(":")
        is_apart = colon and rest.strip() and self.recurs and has_rhythm(head)
        return rest.strip() if is_apart else self.text


def duties_of(role: Role) -> tuple[Duty, ...]:
    """The duties of a role, in the order of its file; of two with the same words, the first."""
    found: dict[str, Duty] = {}
    for title in SECTIONS:
        section = role.body.section(title)
        for text in items_in(section) if section is not None else ():
            said = plain_item(text)
            if key := key_of(said):
                recurs = title == RECURRING
                rhythm = rhythm_of(said) if recurs else None
                found.setdefault(key, Duty(role.id, said, key, recurs, rhythm))
    return tuple(found.values())


def meant_by(words: str, duties: Sequence[Duty]) -> tuple[Duty, ...]:
    """The duties that some words mean: those with just these words, else those that hold them."""
    key = key_of(words)
    if not key:
        return ()
    same = tuple(duty for duty in duties if duty.key == key)
    return same or tuple(duty for duty in duties if f" {key} " in f" {duty.key} ")


def key_of(words: str) -> str:
    """Words as they are compared: without case, signs, or the way an accent is written."""
    plain = unicodedata.normalize("NFKC", words).casefold()
    return " ".join(found[0] for found in words_in(plain))


_ITEM = re.compile(r"(?:[-*+]|[0-9]{1,9}[.)])[ \t]+(.*)")


def items_in(section: Section) -> list[str]:
    """The text of the list items of the first level."""
    items: list[list[str]] = []
    for line in section.text.split("\n"):
        found = _ITEM.match(line)
        if found:
            items.append([found[1]])
        elif items and line.strip():
            items[-1].append(line)
    return ["\n".join(lines) for lines in items]


_ASIDE = re.compile(r"[ ]?\(\[[^\[\]]*\]\([^()\s]*\)\)")
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()\s]*\)|\[[^\[\]]*\])?")
_SIGNS = re.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)")


def plain_item(text: str) -> str:
    """An item without its links, emphasis, box and lists below it, on one line."""
    lines = text.split("\n")
    own = [lines[0], *(line for line in lines[1:] if not _ITEM.match(line.lstrip()))]
    joined = re.sub(r"^\[[ xX]\]\s+", "", " ".join(" ".join(own).split()))
    return _SIGNS.sub("", _LINK.sub(r"\1", _ASIDE.sub("", joined))).strip()


# Rhythms


class Rhythm(NamedTuple):
    """On which days something comes again.

    Of the weeks: `weekdays` (0 is Monday). Of the `months`: `days` (1 to 31, the last day of a
    shorter month stands for what it lacks; -1 is the last), `nth` weekdays of it ((2, 0) is the
    second Monday, (-1, 4) the last Friday), and `working` days of it (1 the first, -1 the last).
    `fixed` are a month and a day of each year.
    """

    weekdays: frozenset[int] = frozenset()
    months: tuple[int, ...] = tuple(range(1, 13))
    days: tuple[int, ...] = ()
    nth: tuple[tuple[int, int], ...] = ()
    working: tuple[int, ...] = ()
    fixed: tuple[tuple[int, int], ...] = ()

    def next(self, today: date) -> date | None:
        """The first such day from today on, today included; None past the end of the calendar."""
        for ahead in range(7 if self.weekdays else 0):
            if today.toordinal() + ahead > date.max.toordinal():
                return None
            day = today + timedelta(days=ahead)
            if day.weekday() in self.weekdays:
                return day
        # Fourteen months hold each day that comes once a year, also when this year's was yesterday.
        for ahead in range(0 if self.weekdays else 14):
            year, month = divmod(today.year * 12 + today.month - 1 + ahead, 12)
            if year > date.max.year:
                break
            coming = [day for day in self._in(year, month + 1) if day >= today]
            if coming:
                return min(coming)
        return None

    def _in(self, year: int, month: int) -> Iterator[date]:
        last = calendar.monthrange(year, month)[1]
        for number, day in self.fixed:
            if number == month:
                yield date(year, month, min(day, last))
        if month not in self.months:
            return
        for day in self.days:
            yield date(year, month, last if day == -1 else min(day, last))
        for which, weekday in self.nth:
            fitting = [d for d in _days(year, month) if d.weekday() == weekday]
            # A month without a fifth Friday is passed over: the fourth would be a day nobody named.
            if which == -1 or which <= len(fitting):
                yield fitting[which if which == -1 else which - 1]
        for which in self.working:
            fitting = [d for d in _days(year, month) if d.weekday() < _SATURDAY]
            yield fitting[which if which == -1 else min(which, len(fitting)) - 1]


_SATURDAY = 5


def _days(year: int, month: int) -> list[date]:
    return [date(year, month, day) for day in range(1, calendar.monthrange(year, month)[1] + 1)]


_WEEKDAYS = ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")
_WEEKDAY = re.compile(rf"\b({'|'.join(_WEEKDAYS)})day(s?)\b")
_MONTH = "|".join(
    f"{name}|{name[:3]}" for name in ("january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december")
)  # fmt: skip
_WORDS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
_ORDINAL = rf"(?:{'|'.join(_WORDS)}|[0-9]{{1,2}}(?:st|nd|rd|th))"
_ANY_DAY = f"(?:{'|'.join(_WEEKDAYS)})day"
_DAY_OF_MONTH = re.compile(rf"\b({_ORDINAL})\b(?! (?:{_ANY_DAY}|working|business|week))")
_NTH = re.compile(rf"\b({_ORDINAL}) ({'|'.join(_WEEKDAYS)})day\b")
_WORKING = re.compile(rf"\b({_ORDINAL}) (?:working|business|week) ?day\b")
_FIXED = re.compile(
    rf"\b([0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)? ({_MONTH})\b"
    rf"|\b({_MONTH}) ([0-9]{{1,2}})(?:st|nd|rd|th)?\b"
)
_RECURS = re.compile(
    r"\b(?:daily|weekly|fortnightly|biweekly|monthly|quarterly|yearly|annually|hourly"
    r"|(?:each|every|once|twice|per|at the end of|at the start of)\b"
    r"|(?:of|in) (?:the|a) (?:day|week|month|quarter|year)\b"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b",
    re.IGNORECASE,
)
_SKIPS = re.compile(
    r"\b(?:fortnightly|biweekly|bimonthly"
    r"|(?:each|every) (?:other|(?:two|three|four|six|[0-9]+) (?:day|week|month|quarter|year)s)\b"
    r"|(?:each|every) (?:second|third|fourth) (?:week|month|quarter|year)\b"
    rf"|(?:each|every) (?:second|third|fourth) {_ANY_DAY}\b(?! (?:of|in)\b))"
)
"""Rhythms whose next day depends on the last one."""
_EACH_YEAR = re.compile(r"\b(?:yearly|annually|each|every|year)\b")


LONGEST = 200
"""Characters of a duty that are read for a rhythm of another language."""


def has_rhythm(text: str) -> bool:
    """True where a text says how often something comes again, if only “each release”."""
    return _RECURS.search(text) is not None or _RECURS.search(_translated(text)) is not None


@lru_cache(maxsize=1024)
def _translated(text: str) -> str:
    """The beginning of a duty in English words; a long text has no rhythm further on."""
    return in_english(text[:LONGEST])


def rhythm_of(text: str) -> Rhythm | None:
    """The rhythm a duty begins with; None where its days can't be told from its words."""
    head, colon, _ = text.partition(":")
    said = head if colon and has_rhythm(head) else text
    said = re.split(r"(?<=[a-z])\. ", said)[0].casefold()
    if not _RECURS.search(said):
        said = _translated(said)
    if not has_rhythm(said) or _SKIPS.search(said):
        return None
    if fixed := tuple(_fixed(said)):
        return Rhythm(months=(), fixed=fixed) if _EACH_YEAR.search(said) else None
    for unit, months in (("quarter", (1, 4, 7, 10)), ("month", tuple(range(1, 13)))):
        if unit in said:
            return _of_months(said, months, unit)
    return _of_weeks(said)


def _fixed(said: str) -> Iterator[tuple[int, int]]:
    for found in _FIXED.finditer(said):
        day, month = int(found[1] or found[4]), (found[2] or found[3])[:3]
        number = next(i for i, name in enumerate(_MONTH.split("|")[::2], 1) if name[:3] == month)
        # 2024 is a leap year, so that 29 February is a day; in other years it is the 28th.
        if 1 <= day <= calendar.monthrange(2024, number)[1]:
            yield number, day


def _of_months(said: str, months: tuple[int, ...], unit: str) -> Rhythm | None:
    nth = tuple((_number(n), _WEEKDAYS.index(day)) for n, day in _NTH.findall(said))
    working = tuple(_number(n) for n in _WORKING.findall(said))
    days = tuple(n for n in map(_number, _DAY_OF_MONTH.findall(said)) if n == -1 or 1 <= n <= 31)
    if not (nth or working or days):
        days = (-1,) if re.search(rf"\bend of (?:\w+ )?{unit}", said) else ()
        days = days or (
            (1,) if re.search(rf"\b(?:start|beginning) of (?:\w+ )?{unit}", said) else ()
        )
    if not (nth or working or days):
        return None
    # The last of a quarter is in its third month.
    if unit == "quarter" and -1 in (*days, *working, *(which for which, _ in nth)):
        months = tuple(month + 2 for month in months)
    return Rhythm(months=months, nth=nth, working=working, days=() if nth or working else days)


def _of_weeks(said: str) -> Rhythm | None:
    often = re.search(r"\b(?:each|every|weekly|week)\b", said) is not None
    named = [(day, often or bool(plural)) for day, plural in _WEEKDAY.findall(said)]
    # “By Friday” names a day and “Fridays” or “each Friday” a rhythm.
    if named and any(recurs for _, recurs in named):
        return Rhythm(frozenset(_WEEKDAYS.index(day) for day, _ in named))
    if re.search(r"\b(?:each|every) (?:working|business|week) ?day\b", said):
        return Rhythm(frozenset(range(_SATURDAY)))
    if re.search(r"\bdaily\b|\b(?:each|every) (?:day|morning|evening)\b", said):
        return Rhythm(frozenset(range(7)))
    found = re.search(r"\b(?:each|every) ([0-9]{1,2})(?:st|nd|rd|th)\b", said)
    return Rhythm(days=(int(found[1]),)) if found and 1 <= int(found[1]) <= 31 else None


def _number(ordinal: str) -> int:
    return _WORDS.get(ordinal) or int(ordinal[:-2])


def coming(duties: Iterable[Duty], today: date) -> Iterator[tuple[Duty, date]]:
    """The next day of each duty whose rhythm tells one, in the order they come in."""
    for duty in duties:
        day = duty.rhythm.next(today) if duty.rhythm is not None else None
        if day is not None:
            yield duty, day
