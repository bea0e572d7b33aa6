"""What a text costs to turn into a page, judged before anything converts it.

Markdown converters look ahead for the end of whatever a sign opens. Where thousands of signs
open what nothing closes, that is the square of the length: some kilobytes stop a build. The
judgement itself is linear, knows no clock, and needs no converter, so check gives it too.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from onrecord.records.findings import Finding, finding
from onrecord.text.unseen import unseen_in

MOST_STEPS = 2_000_000
"""Signs that a converter may look at in vain; about a second. Real texts need 100,000 at most."""
MOST_LEVELS = 50
"""Lists and quotes within each other. Converters recurse, and nobody reads the tenth."""
WIDEST_INDENT = 400
"""Columns before a list item; each four can be a level."""
LONGEST = 500_000
"""Characters. Even plain words take a converter seconds from here on."""

_CELL, _FENCE = 100, 2_000
"""Steps that a table's cell and a block of code cost, whatever is in them."""
_COPIED = 1_000
"""A mark copies its paragraph; that many signs of it are copied in the time of a step."""

_MARKED = 25
"""Steps that a mark costs, however soon what it opens is closed."""
_QUICK = 20
"""Signs that a regular expression looks at in the time of a step."""

_BREAK = re.compile(r"\n(?:[ \t]*\n)+|\Z")
_BRACKETS = re.compile(r"\]\(|[\[\]()]")
_TICKS = re.compile(r"`+")
_MARKS = "*_[<&\\`~!:{"
_RULE = re.compile(
    r"^[ \t]*(?:#|[-=*_][-=*_ \t]*$|[!?]{3}|[+:][ \t]*$|[0-9]{1,9}\.[ \t]*$)", re.MULTILINE
)
_TAG = re.compile(r"<(?=[a-zA-Z/!?])")
_LEVELS = re.compile(r"\n(?:[ \t>*+\-.):]|[0-9]){50,}")
_LEVEL = re.compile(r">|(?:[-*+:]|[0-9]{1,9}[.)])(?=[ \t])")
_INDENTED = re.compile(rf"\n(?:\t| {{4}}){{{WIDEST_INDENT // 4},}}+[ \t]*+[-*+>!?:\[0-9]")
_NOTE = re.compile(r"\[\^")
_HEADING = re.compile(r"^[ \t>]*(?:#|[-=]+[ \t]*$)", re.MULTILINE)
_ABBREVIATION = re.compile(r"^[ \t>]*\*\[", re.MULTILINE)
_SPACES = re.compile(r" +")
_FENCE_LINE = re.compile(r"^[ \t>]*(?:```|~~~)", re.MULTILINE)


class _Cost(NamedTuple):
    """Steps of one kind, what makes them, and the offset at which they begin."""

    steps: int
    what: str
    at: int


def faults_of_cost(path: str, text: str, line: int) -> list[Finding]:
    """The finding of a text that is too much for a page; `line` is where it begins in its file."""
    excess = _excess(text)
    if excess is None:
        return []
    return [
        finding(
            path,
            "text-too-complex",
            f"this is too complex to turn into a page, so it is shown as plain text: {excess.what}",
            "remove it, or put it into a separate file beside this one, such as a .txt",
            line + text.count("\n", 0, excess.at),
        )
    ]


def faults_of_comments(path: str, text: str, line: int) -> list[Finding]:
    """The finding of a comment that never ends; `line` is where the text begins in its file."""
    at = unseen_in(text).unclosed if "<!--" in text else -1
    if at < 0:
        return []
    said = "a comment begins here and doesn't end, so the forge hides everything that follows"
    hint = "write --> where it ends"
    return [finding(path, "comment-unclosed", said, hint, line + text.count("\n", 0, at))]


def _excess(text: str) -> _Cost | None:
    """What makes the text too much, or None."""
    if len(text) > LONGEST:
        return _Cost(0, f"{len(text):,} characters, where {LONGEST:,} are the most", 0)
    padded = "\n" + text
    for found in _LEVELS.finditer(padded):
        levels = len(_LEVEL.findall(found[0]))
        if levels > MOST_LEVELS:
            return _Cost(levels, f"{levels:,} lists or quotes within each other", found.start())
    if indented := _INDENTED.search(padded):
        at = indented.start()
        return _Cost(0, f"a list indented by more than {WIDEST_INDENT} columns", at)
    left = _at_most(text)
    counted: list[_Cost] = []
    # What may cost most is counted first: for nearly every text one or two kinds are enough.
    for kind in sorted(left, key=lambda kind: -left[kind]):
        if sum(left.values()) <= MOST_STEPS:
            return None
        counted.append(_COUNTED[kind](text))
        left[kind] = counted[-1].steps
    return max(counted) if sum(left.values()) > MOST_STEPS else None


def _at_most(text: str) -> dict[str, int]:
    """More steps than each kind can cost, by counts alone."""
    pieces = text.split("\n\n")
    longest, rows = max(map(len, pieces)), max(piece.count("\n") for piece in pieces) + 1
    lines = text.count("\n") + 1
    opened = ticks = braces = 0
    for piece in pieces:
        size = len(piece)
        opened += (piece.count("[") + piece.count("](")) * size
        ticks += piece.count("`") * size
        if "{" in piece:
            braces += piece.count("{") * size + size * size
    return {
        "brackets": opened,
        "ticks": ticks,
        "braces": braces // _QUICK,
        "rules": (lines - text.count("\n\n")) * (longest // 4 + rows),
        "cells": text.count("|") * rows * _CELL,
        "marks": _marks_in(text) * (_MARKED + longest // _COPIED),
        "headings": lines * lines // 2,
        "abbreviations": text.count("*[") * len(text) // _QUICK,
        "notes": text.count("[^") ** 2,
        "fences": (text.count("```") + text.count("~~~")) * _FENCE,
        "tags": _of_tags(text).steps,
    }


def _marks_in(text: str) -> int:
    return sum(map(text.count, _MARKS))


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """What is between empty lines, which a converter looks through as one; and where it begins."""
    start = 0
    for found in _BREAK.finditer(text):
        if found.start() > start:
            yield start, text[start : found.start()]
        start = found.end()


def _by_block(count: Callable[[str], int], what: str) -> Callable[[str], _Cost]:
    """The cost of what ends with its paragraph: its sum, and where there is most of it."""

    def counted(text: str) -> _Cost:
        costs = [(count(block), -start) for start, block in _blocks(text)]
        return _Cost(sum(steps for steps, _ in costs), what, -max(costs, default=(0, 0))[1])

    return counted


def _by_lines(
    pattern: re.Pattern[str], steps: Callable[[int, str], int], what: str
) -> Callable[[str], _Cost]:
    """The cost of lines that are collected over the whole text."""

    def counted(text: str) -> _Cost:
        starts = [found.start() for found in pattern.finditer(text)]
        number = len(starts)
        return _Cost(steps(number, text), f"{number:,} {what}", starts[0] if starts else 0)

    return counted


def _of_marks(text: str) -> _Cost:
    """Each mark costs something, and copies its paragraph."""
    marks = _marks_in(text)
    copied = sum(_marks_in(block) * len(block) for _, block in _blocks(text))
    return _Cost(marks * _MARKED + copied // _COPIED, f"{marks:,} marks such as * or [", 0)


def _of_tags(text: str) -> _Cost:
    """Each `<` is followed to its `>`, over empty lines too."""
    steps, number, first, closed = 0, 0, -1, -1
    for found in _TAG.finditer(text):
        at = found.start()
        if closed < at:
            closed = text.find(">", at)
            closed = closed if closed >= 0 else len(text)
        steps += closed - at
        number += 1
        first = at if first < 0 else first
    return _Cost(steps, f"{number:,} tags, not all of them closed", max(first, 0))


def _steps_of_rules(block: str) -> int:
    """Behind each heading or rule without an empty line, all that is left is looked at again."""
    left = sum(len(block) - found.start() for found in _RULE.finditer(block))
    return left // 4 + left * (block.count("\n") + 1) // len(block)


def _steps_of_cells(block: str) -> int:
    """Every row of a table gets as many cells as the widest has."""
    if "|" not in block:
        return 0
    return (block.count("\n") + 1) * max(row.count("|") for row in block.split("\n")) * _CELL


def _steps_of_brackets(block: str) -> int:
    """From each `[` to its `]`, and from each `](` to its `)`; to the end where there is none."""
    steps, squares, rounds = 0, list[int](), list[int | None]()
    for found in _BRACKETS.finditer(block):
        at, sign = found.start(), found[0]
        if sign == "[":
            squares.append(at)
        elif sign == "(":
            rounds.append(None)
        elif sign == ")":
            opened = rounds.pop() if rounds else None
            steps += at - opened if opened is not None else 0
        else:
            steps += at - squares.pop() if squares else 0
            if sign == "](":
                rounds.append(at)
    unclosed = (*squares, *(at for at in rounds if at is not None))
    return steps + sum(len(block) - at for at in unclosed)


def _steps_of_ticks(block: str) -> int:
    """From each run of backticks to the next that is just as long, or to the end.

    Behind a run without a like, Python-Markdown goes on as many signs later as the run is long,
    which may be within the next run; so this does too.
    """
    starts: dict[int, list[int]] = {}
    for found in _TICKS.finditer(block):
        starts.setdefault(found.end() - found.start(), []).append(found.start())
    steps = at = 0
    while run := _TICKS.search(block, at):
        start, end = run.span()
        if start == 0 or start > at:
            before = block[max(0, start - 20) : start]
            start += (len(before) - len(before.rstrip("\\"))) % 2  # an escaped one opens nothing
        size = end - start
        if not size:
            at = end
            continue
        likes = starts.get(size, [])
        index = bisect_left(likes, end)
        if index < len(likes):
            at = likes[index] + size
            steps += at - start
        else:
            at = end + size
            steps += len(block) - start
    return steps


def _steps_of_braces(block: str) -> int:
    """From each `{` to the end of its line, as often as its longest run of spaces asks."""
    steps = 0
    for row in block.split("\n"):
        if braces := row.count("{"):
            spaces = max(map(len, _SPACES.findall(row)), default=0)
            steps += (braces * len(row) + spaces * spaces) // _QUICK
    return steps


_COUNTED: Mapping[str, Callable[[str], _Cost]] = {
    "brackets": _by_block(_steps_of_brackets, "brackets that are never closed"),
    "ticks": _by_block(_steps_of_ticks, "backticks that are never closed"),
    "braces": _by_block(_steps_of_braces, "braces that are never closed"),
    "rules": _by_block(_steps_of_rules, "headings or rules without an empty line"),
    "cells": _by_block(_steps_of_cells, "a table with too many cells"),
    "marks": _of_marks,
    "headings": _by_lines(_HEADING, lambda number, _: number * number // 2, "headings"),
    "abbreviations": _by_lines(
        _ABBREVIATION, lambda number, text: number * len(text) // _QUICK, "abbreviations"
    ),
    "notes": _by_lines(_NOTE, lambda number, _: number * number, "footnotes"),
    "fences": _by_lines(
        _FENCE_LINE, lambda number, _: number * _FENCE, "lines that begin or end code"
    ),
    "tags": _of_tags,
}
"""How the steps of each kind are counted."""
