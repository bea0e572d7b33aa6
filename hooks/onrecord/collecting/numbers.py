"""What counts as a number in an answer, and as its day."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Any

from onrecord.collecting.asking import SourceFails
from onrecord.records.clock import day_of
from onrecord.records.findings import shown

_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(?:\.[0-9]{0,30})?(?:[eE][+-]?[0-9]{1,3})?")
_COMMA = re.compile(r"[+-]?[0-9][0-9.' ]*,[0-9]+")


def number_of(found: Any) -> str:
    """A number of an answer, as a series writes it. Raises `SourceFails`.

    A text that holds a number is one: Prometheus and others write theirs in quotes.
    """
    if found is None:
        raise SourceFails("there is no value there")
    # True is an int to Python, and would be written as 1.
    if isinstance(found, bool) or not isinstance(found, (int, float, str)):
        kinds = {bool: "true or false", list: "a list", dict: "an object"}
        raise SourceFails(f"the value is {kinds.get(type(found), 'no number')}, not a number")
    if isinstance(found, str):
        text = found.strip()
        if not _NUMBER.fullmatch(text):
            hint = "; it must have a point, not a comma" if _COMMA.fullmatch(text) else ""
            raise SourceFails(f"the value is {shown(text) or 'empty'}, not a number{hint}")
        found = float(text)
    try:
        number = float(found)
    # JSON's whole numbers may have any length; a float holds 309 digits.
    except OverflowError:
        number = math.inf
    if not math.isfinite(number) or abs(number) > 1e300:
        raise SourceFails(f"the value is {shown(str(found))}, not a number")
    # Beyond 2^53 a float no longer holds each whole number; 1e15 is the power of ten below it.
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return f"{number:.10g}"


def day_in(found: Any, today: date) -> date:
    """The day that an answer names, YYYY-MM-DD or a time that begins so. Raises `SourceFails`."""
    text = str(found).strip() if isinstance(found, (str, date)) else ""
    try:
        day = day_of(text[:10])
    except ValueError:
        written = shown(str(found), 40)
        raise SourceFails(f"its day is {written}, which isn't written YYYY-MM-DD") from None
    if day > today:
        raise SourceFails(f"its value is for {day}, which is in the future")
    return day
