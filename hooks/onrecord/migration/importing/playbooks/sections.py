"""A page of another tool, cut at its headings: what is in front, and each section in order.

In comes a text; out come its title and its sections, each with its words as they are. A text can be
set below a heading of another level: then all headings in it move along.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from onrecord.migration.importing.reading.outline import Heading, outline_of
from onrecord.migration.importing.reading.source import SourceText
from onrecord.migration.importing.reading.titles import cleaned
from onrecord.migration.importing.report import Note, NoteKind
from onrecord.records.languages import means

DEEPEST = 6
"""The deepest level that Markdown has for a heading."""

_ATX = re.compile(r"^( {0,3})#{1,6}(?=[ \t]|$)")


class PageSection(NamedTuple):
    """The lines below one heading, up to the next of its level. `line` is the heading's."""

    title: str
    level: int
    text: str
    line: int


class CutPage(NamedTuple):
    """A page: its title ('' where no heading is one), the text in front, and its sections.

    `body` is the whole text without the title.
    """

    title: str
    intro: str
    sections: tuple[PageSection, ...]
    body: str

    def section(self, name: str) -> PageSection | None:
        """The first section whose heading means this one of ours."""
        return next((one for one in self.sections if means(one.title, name)), None)


def cut(text: SourceText, names: Iterable[str]) -> CutPage:
    """A page at its highest headings below the title; `names` are the sections looked for.

    A single heading of the first level is the title, as is the first of several that isn't one of
    these sections.
    """
    wanted = tuple(names)
    lines = text.body.decode().replace("\r\n", "\n").replace("\r", "\n").split("\n")
    headings = list(text.outline.headings)
    tops = [h for h in headings if h.level == 1]
    title = None
    if tops and headings[0] is tops[0]:
        is_section = any(means(tops[0].title, name) for name in wanted)
        title = None if is_section and len(tops) > 1 else tops[0]
    below = [h for h in headings if h is not title]
    level = min((h.level for h in below), default=1)
    heads = [h for h in below if h.level == level]
    first = text.body_line
    begins = _after(lines, title, first) if title else 0
    ends = heads[0].number - first if heads else len(lines)
    before = lines[: title.number - first] if title else []
    found = []
    for index, head in enumerate(heads):
        until = heads[index + 1].number - first if index + 1 < len(heads) else len(lines)
        inside = "\n".join(lines[_after(lines, head, first) : until]).strip("\n")
        found.append(PageSection(head.title, level, inside, head.number))
    intro = "\n".join([*before, *lines[begins:ends]]).strip("\n")
    body = "\n".join([*before, *lines[begins:]]).strip("\n")
    return CutPage(cleaned(title.title, text.stem) if title else "", intro, tuple(found), body)


def sorted_into(
    names: Iterable[str],
    page: CutPage,
    kind: str,
    notes: list[Note],
    shown: Callable[[str], str] = str,
) -> tuple[dict[str, str], list[str]]:
    """The sections by those of ours they are, and the rest, as Markdown; `notes` get what was done.

    `kind` says whose sections ours are; `shown` has the last word on a text.
    """
    wanted, mapped, rest = tuple(names), dict[str, str](), list[str]()
    for one in page.sections:
        name = next((n for n in wanted if n not in mapped and means(one.title, n)), "")
        text = shown(set_below(f"{'#' * one.level} {one.title}\n\n{one.text}".strip(), 2))
        if name:
            mapped[name] = text
            notes.append(Note(NoteKind.READ, "section", name, one.line, f"“{one.title}”"))
        else:
            rest.append(text)
            why = f"no section of a {kind}; kept below the others"
            notes.append(Note(NoteKind.READ, "kept", one.title, one.line, why))
    return mapped, rest


def note_of_keys(keys: Iterable[str]) -> list[Note]:
    """That these keys of the old file's front matter are left, if there are any."""
    left = ", ".join(keys)
    why = "the front matter of the old file isn't copied; that file stays as it is"
    return [Note(NoteKind.LEFT, "front matter", left, 1, why)] if left else []


def set_below(text: str, level: int) -> str:
    """A text whose highest headings get this level, and the others move along.

    None goes deeper than Markdown has levels.
    """
    outline = outline_of(text)
    by = level - min((h.level for h in outline.headings), default=level)
    lines = text.split("\n")
    for heading in reversed(outline.headings):
        at = heading.number - 1
        signs = "#" * min(DEEPEST, heading.level + by)
        if _ATX.match(lines[at]):
            lines[at] = _ATX.sub(rf"\g<1>{signs}", lines[at])
        else:  # underlined, which only two levels can be
            lines[at : at + 2] = [f"{signs} {lines[at].strip()}"]
    return "\n".join(lines)


def _after(lines: list[str], heading: Heading, first: int) -> int:
    """The index of the line below a heading, which may be underlined."""
    at = heading.number - first
    return at + (1 if _ATX.match(lines[at]) else 2)
