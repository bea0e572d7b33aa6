"""No regular expression of the package costs more than its text is long, on any text.

For each pattern the texts that could cost most are made from its own signs. What they cost is
compared at half the length and the whole, so that a slow machine changes nothing.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import onrecord

TRIED, LONGEST = 500, 100_000
NOTICED = 0.15
"""CPU seconds below which a text costs nobody anything, and a clock tells little."""
MOST_GROWTH = 3.0
"""Times the cost, for twice the text. Linear work has 2, and a quadratic 4."""
READS_LINES = (
    "onrecord.migration.importing.reading",
    "onrecord.migration.importing.deciding.meaning",
)
"""Modules whose lines are cut at `LONGEST_LINE`: that is their longest text."""


def patterns() -> dict[str, tuple[re.Pattern[str], str]]:
    """Every compiled pattern by its place, and the source that asks it."""
    found: dict[str, tuple[re.Pattern[str], str]] = {}
    seen: set[int] = set()
    for module in pkgutil.walk_packages(onrecord.__path__, "onrecord."):
        if "starter" in module.name:
            continue
        loaded = importlib.import_module(module.name)
        for name, value in vars(loaded).items():
            if isinstance(value, re.Pattern) and id(value) not in seen:
                seen.add(id(value))
                found[f"{module.name}.{name}"] = (value, inspect.getsource(loaded))
    return found


CLEANED = {
    *(f"onrecord.site.contents.{name}" for name in ("_HEADING", "_NOTE", "_TAG")),
    *(f"onrecord.site.policy.{name}" for name in ("_BLOCK", "_HEAD", "_LINK")),
    *(f"onrecord.site.safety.cleaning.{name}" for name in ("_ANCHOR", "_MEDIUM", "_PLAYER")),
    "onrecord.site.pages.wording._DUE",
    *(f"onrecord.site.mkdocs.cleaning.{name}" for name in ("_HEADING", "_ID")),
    *(f"onrecord.site.mkdocs.framing.{name}" for name in ("_HEADINGS", "_SMALL")),
}
"""Asked only of HTML that the cleaner or a template wrote: every `<` has its `>`, every element
its end, and no text of a person's can open what nothing closes."""
kinds_of_repeat = (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT)
PATTERNS = {place: found for place, found in patterns().items() if place not in CLEANED}


def signs_of(items: Any) -> Iterator[str]:
    """A sign that each part of a parsed pattern takes."""
    for kind, given in items:
        if kind is kinds.LITERAL:
            yield chr(given)
        elif kind is kinds.IN:
            yield from signs_of(given)
        elif kind is kinds.RANGE:
            yield chr(given[0])
        elif kind is kinds.CATEGORY:
            yield from {"SPACE": " \n", "DIGIT": "1", "WORD": "a"}.get(
                str(given).split("_")[-1], "-"
            )
        elif kind in (kinds.NOT_LITERAL, kinds.ANY, kinds.NEGATE):
            yield from "a "
        elif kind is kinds.BRANCH:
            for branch in given[1]:
                yield from signs_of(branch)
        elif kind is kinds.ATOMIC_GROUP:
            yield from signs_of(given)
        elif isinstance(given, tuple):
            yield from signs_of(given[-1] or ())


def example_of(items: Any, choice: int) -> str:
    """A text that the pattern takes, or nearly; of alternatives, the one of that number."""
    parts = []
    for kind, given in items:
        if kind is kinds.BRANCH:
            parts.append(example_of(given[1][choice % len(given[1])], choice))
        elif kind is kinds.SUBPATTERN or kind in kinds_of_repeat:
            parts.append(example_of(given[-1], choice) * (given[0] or 1 if len(given) == 3 else 1))
        elif kind not in (kinds.ASSERT, kinds.ASSERT_NOT, kinds.GROUPREF):
            parts += list(signs_of([(kind, given)]))[:1]
    return "".join(parts)


def texts_of(pattern: re.Pattern[str]) -> Iterator[str]:
    """What to repeat: each sign, each pair of signs, and the pattern's own words."""
    signs = sorted(set(signs_of(parser.parse(pattern.pattern, pattern.flags))))
    marks = [sign for sign in signs if not sign.isalnum()][:10]
    marks += [sign for sign in signs if sign.isalnum()][:2]
    for choice in range(6):
        example = example_of(parser.parse(pattern.pattern, pattern.flags), choice)[:24]
        yield from (example[:end] for end in range(1, len(example) + 1))
    yield from marks
    yield from (one + other for one in marks for other in marks if one != other)
    yield from (one + other + "a " for one in marks for other in marks if not one.isalnum())
    yield from re.findall(r"[a-z]{2,} ?", re.sub(r"\\.|\(\?\w+", " ", pattern.pattern))[:8]


def cost_of(ask: Callable[[str], object], unit: str, length: int) -> float:
    text = "\n" + (unit * (length // len(unit) + 1))[:length] + "\n\x00"
    began = time.process_time()
    ask(text)
    ask(text[1:])
    return time.process_time() - began


@pytest.mark.parametrize("place", PATTERNS)
def test_no_text_costs_more_than_its_length(place: str) -> None:
    pattern, source = PATTERNS[place]
    if isinstance(pattern.pattern, bytes):
        pattern = re.compile(pattern.pattern.decode("latin-1"), pattern.flags | re.ASCII)
    name = place.rpartition(".")[2]
    asked = set(re.findall(rf"\b{name}\.(match|fullmatch|search|sub|split|find\w+)\(", source))

    def ask(text: str) -> object:
        if asked and asked <= {"match", "fullmatch"}:
            return [getattr(pattern, way)(text) for way in asked]
        return sum(1 for _ in pattern.finditer(text))

    longest = 1_000 if place.startswith(READS_LINES) else LONGEST
    units = sorted(
        set(texts_of(pattern)), key=lambda unit: -cost_of(ask, unit, min(TRIED, longest))
    )
    for unit in units[:3]:
        before, length = 0.0, min(longest, LONGEST // 8)
        while length <= longest:
            now = cost_of(ask, unit, length)
            grows = before and now > MOST_GROWTH * before
            assert now < NOTICED or not grows, f"{unit!r} repeated, {length} signs: {now:.1f} s"
            assert now < NOTICED or length != longest or longest == LONGEST, repr(unit)
            if now * (longest / length) ** 3 < NOTICED:
                break  # were it cubic, nobody would notice it at the whole length
            before, length = now, length * 2
