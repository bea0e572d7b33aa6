"""The lines of a Markdown text that a person would read as said: no code, no comments.

In comes a text with the number of its first line; out come its lines, headings, the lines below a
heading, and labels such as `* Status: accepted`, `**Date:** …` or `| Owner | … |`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from onrecord.records.languages import folded, words
from onrecord.text.unseen import unseen_in, without_comments

LONGEST_LINE = 1_000
"""Characters of a line, or a value, that are read; no form says anything behind them."""

META = words("headings", "meta")
STATUS = words("labels", "status")

_HEADING = re.compile(r"^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-{3,})[ \t]*$")
_LIST = re.compile(r"^\s*(?:[-*+>|]|\d+[.)])")
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_CELL = re.compile(r"(?<!\\)\|")
_NAME = r"[^\W\d_]{1,30}(?:[ \-/()'’][^\W\d_()/]{1,20}\)?){0,4}"
_LABEL = re.compile(
    rf"^\s*(?:[-*+]\s+|>\s*|\|\s*)?[*_`]{{0,3}}(?P<name>{_NAME})[*_`]{{0,3}}\s*"
    r"(?:::?|：|\|)\s*[*_`]{0,2}(?:\s+|$|(?=\S))(?P<value>.*?)\s*\|?\s*$"
)


_NEXT = re.compile(
    rf"(?:\s[|·•]|[;,·])\s+(?P<mark>[*_`]{{0,3}})(?P<name>{_NAME})[*_`]{{0,3}}\s*[:：][*_`]{{0,3}}(?:\s+|$)"
)
"""Where a line that has several labels goes on with the next: `Status: Draft | Owner: Ana`."""
_BADGE = re.compile(r"!\[[^\[\]]*\]\(https?://img\.shields\.io/badge/([^()\s?]+)[^()\s]*\)")
_BOLD = re.compile(rf"^ {{0,3}}(?P<mark>\*\*|__)(?P<name>{_NAME})[:：]?(?P=mark)[:：]?[ \t]*$")
_PART = re.compile(r"(?:[^-]|--)+")
"""A part of a badge's address; a hyphen of its words is written twice."""


class Line(NamedTuple):
    """A line as it is read, and its number in the file."""

    text: str
    number: int


class Heading(NamedTuple):
    """A heading: its level, words and line."""

    level: int
    title: str
    number: int


class Label(NamedTuple):
    """A name and what is said under it, in one line. The name is in small letters."""

    name: str
    value: str
    number: int


@dataclass(frozen=True)
class Outline:
    """A text as a reader of formats asks it."""

    lines: tuple[Line, ...]
    headings: tuple[Heading, ...]

    @cached_property
    def title(self) -> Heading:
        """The first heading of the first level; an empty one, on line 0, where there is none."""
        return next((h for h in self.headings if h.level == 1), Heading(1, "", 0))

    @cached_property
    def own_headings(self) -> tuple[Heading, ...]:
        """The headings, but for a first one left over from a form (`Decision record template`)."""
        is_form = bool(self.headings) and names_a_form(self.headings[0].title)
        return self.headings[is_form:]

    @cached_property
    def head(self) -> tuple[Line, ...]:
        """What is above and below the title, before the next heading.

        Where the title, or what is in its place, only says that facts follow (`Meta`), these too.
        """
        title = next((h for h in self.own_headings if h.level == 1), None)
        title = title or next(iter(self.own_headings[:1]), None)
        first = title.number if title else 0
        following = [h for h in self.own_headings if h.number > first]
        end = following[0].number if following else 10**9
        shown = [line for line in self.lines if line.number < end]
        meta = next((h for h in following if folded(words_of(h.title)) in META), None)
        if meta is not None:
            shown += self.below(meta)
        return tuple(shown)

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        """The labels there, and those of tables there."""
        return tuple(labels_of(self.head))

    def below(self, heading: Heading) -> tuple[Line, ...]:
        """The lines under a heading, up to the next of any level."""
        ends = [h.number for h in self.headings if h.number > heading.number]
        end = ends[0] if ends else 10**9
        return tuple(x for x in self.lines if heading.number < x.number < end and x.text.strip())

    def named(self, titles: frozenset[str]) -> Heading | None:
        """The first heading that is one of these folded words, whatever number or sign it has."""
        return next((heading for said, heading in self._said if said in titles), None)

    @cached_property
    def _said(self) -> tuple[tuple[str, Heading], ...]:
        return tuple((folded(words_of(heading.title)), heading) for heading in self.headings)


def names_a_form(title: str) -> bool:
    """True for a heading left over from the form, such as `Decision record template`."""
    said = folded(words_of(title)).split()
    forms = words("files", "template")
    # Whatever else is said, such as “Template engine”, makes it the title of a record about
    # templates.
    rest = [word for word in said if word not in forms]
    return len(rest) < len(said) and set(rest) <= _words_of_forms()


@cache
def _words_of_forms() -> frozenset[str]:
    names = words("files", "log") | words("headings", "record")
    return frozenset(word for name in names for word in name.split())


def outline_of(text: str, first: int = 1) -> Outline:
    """The outline of a text whose first line has this number in its file."""
    lines = list(_visible(text, first))
    headings: list[Heading] = []
    hidden: set[int] = set()
    for index, line in enumerate(lines):
        if found := _HEADING.match(line.text):
            headings.append(Heading(len(found[1]), (found[2] or "").strip(), line.number))
            hidden.add(line.number)
        elif index and (under := _UNDERLINE.match(line.text)):
            above = lines[index - 1]
            # A line of dashes below a list or an empty line is a rule; below text it makes a
            # heading of it.
            is_text = above.text.strip() and not _LIST.match(above.text)
            if is_text and above.number == line.number - 1 and above.number not in hidden:
                level = 1 if under[1][0] == "=" else 2
                headings.append(Heading(level, above.text.strip(), above.number))
                hidden |= {above.number, line.number}
    shown = tuple(line for line in lines if line.number not in hidden)
    return Outline(shown, tuple(headings))


def labels_of(lines: tuple[Line, ...]) -> Iterator[Label]:
    """The labels among some lines. A table whose first row holds the names is read by column."""
    # Tables first: in `| Status | Accepted |` the first cell is a name or, read by column, its
    # value is below.
    across = dict(_across(lines))
    for at, line in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else None
        if line.number in across:
            yield from across[line.number]
            continue
        if following is not None and _is_term(line, following):
            yield Label(_name(line.text), following.text.strip().rstrip("*_`"), following.number)
            continue
        if (bold := _BOLD.match(line.text)) is not None:
            yield from _below_bold(bold["name"], lines[at + 1 : at + 4])
            continue
        if "img.shields.io" in line.text:
            yield from _badges(line)
        found = _LABEL.match(line.text)
        # `https://…` looks like a name, a colon and a value.
        if found is not None and not found["value"].startswith("//"):
            name, value = found["name"], found["value"]
            is_row = line.text.lstrip().startswith("|")
            for name_there, words_there in [(name, value)] if is_row else _apart(name, value):
                yield Label(
                    _name(name_there), words_there.strip().rstrip("*_`").strip(), line.number
                )


def _apart(name: str, value: str) -> Iterator[tuple[str, str]]:
    """The labels of one line: the first, and those behind it that are known or in bold."""
    start = 0
    for found in _NEXT.finditer(value) if ":" in value or "：" in value else ():
        if found["mark"].startswith(("**", "__")) or folded(_name(found["name"])) in _names():
            yield name, value[start : found.start()]
            name, start = found["name"], found.end()
    yield name, value[start:]


def _is_term(line: Line, following: Line) -> bool:
    """True for a known name in a line of its own that a hard break joins to its value."""
    name = line.text.strip()
    return (
        line.text.endswith("  ")
        and len(name) < 40
        and following.number == line.number + 1
        and bool(following.text.strip())
        and folded(_name(name)) in _names()
    )


def _below_bold(name: str, following: tuple[Line, ...]) -> Iterator[Label]:
    """A known name in bold, in a line of its own as a heading would be, with the line below it."""
    value = next((line for line in following if line.text.strip()), None)
    if value is None or folded(_name(name)) not in _names() or _BOLD.match(value.text):
        return
    yield Label(_name(name), value.text.strip().rstrip("*_`"), value.number)


def _badges(line: Line) -> Iterator[Label]:
    """What the badges of a line say, such as `badge/status-accepted-green`."""
    for found in _BADGE.finditer(line.text):
        parts = [
            unquote(part.replace("--", "-")).replace("_", " ") for part in _PART.findall(found[1])
        ]
        if len(parts) == 3 and folded(_name(parts[0])) in _names():
            yield Label(_name(parts[0]), parts[1].strip(), line.number)


@cache
def _names() -> frozenset[str]:
    """The names of all labels, folded."""
    kinds = ("status", "date", "created", "updated", "people", "tags", "title", "related")
    ties = ("supersedes", "superseded_by")
    return frozenset(name for kind in (*kinds, *ties) for name in words("labels", kind))


@cache
def _status_words() -> tuple[str, ...]:
    kinds = ("open", "accepted", "rejected", "withdrawn", "superseded", "retired", "ended")
    return tuple(word for kind in kinds for word in words("status", kind))


def tables_in(lines: tuple[Line, ...]) -> Iterator[tuple[list[str], list[tuple[Line, list[str]]]]]:
    """Each table: the cells of its first row, and its other rows with theirs."""
    for index, line in enumerate(lines[:-1]):
        if "|" not in line.text or not _TABLE_RULE.match(lines[index + 1].text):
            continue
        if "|" not in lines[index + 1].text:
            continue
        rows = []
        for row in lines[index + 2 :]:
            if "|" not in row.text:
                break
            rows.append((row, cells_of(row.text)))
        yield cells_of(line.text), rows


def cells_of(row: str) -> list[str]:
    """The cells of a table's row."""
    bare = row.strip().removeprefix("|")
    bare = bare[:-1] if bare.endswith("|") and not bare.endswith("\\|") else bare
    return [cell.strip().replace("\\|", "|") for cell in _CELL.split(bare)]


def _across(lines: tuple[Line, ...]) -> Iterator[tuple[int, list[Label]]]:
    """The labels of tables with the names in the first row, by the line of their values."""
    if not any("|" in line.text for line in lines):
        return
    for names, rows in tables_in(lines):
        known = [folded(_name(name)) for name in names]
        if not rows or not any(name in STATUS for name in known):
            continue
        if known[0] in words("labels", "each"):
            yield from ((line.number, []) for line, _ in rows)
            yield rows[0][0].number - 2, []
            continue
        if len(rows) != 1:
            continue
        line, cells = rows[0]
        if _is_below_itself(known, names, cells):
            continue
        above = line.number - 2
        yield above, []
        yield (
            line.number,
            [
                Label(_name(name), cell, line.number)
                for name, cell in zip(names, cells, strict=False)
                if cell and _name(name)
            ],
        )


def _is_below_itself(known: list[str], names: list[str], cells: list[str]) -> bool:
    """True for `| Status | Rejected |` above `| Date | 2021-03-05 |`: names are in a column."""
    if len(known) != 2 or known[0] not in STATUS or known[1] in _names():
        return False
    below, beside = folded(_name(cells[0])), folded(_name(names[1]))
    return not below.startswith(_status_words()) and (
        below in _names() or beside.startswith(_status_words())
    )


def _name(text: str) -> str:
    return " ".join(re.sub(r"[*_`]", "", text).casefold().replace("-", " ").split())


@lru_cache(maxsize=16_384)
def words_of(title: str) -> str:
    """A heading's words in small letters, without number, marks and signs."""
    bare = re.sub(r"^\W*(?:\d+(?:\.\d+)*[.):]?\s+)?", "", title)
    return " ".join(re.sub(r"[^\w\s/&-]", " ", bare).casefold().split())


def _visible(text: str, first: int) -> Iterator[Line]:
    plain = without_comments(text)
    fenced, at = unseen_in(plain), 0
    for number, line in enumerate(plain.split("\n"), start=first):
        if not fenced.spans or not fenced.covering(at):
            yield Line(line[:LONGEST_LINE], number)
        at += len(line) + 1
