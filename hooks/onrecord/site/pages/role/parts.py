"""The HTML of a role's text in its parts, so that what the page adds can come between them.

In comes the cleaned HTML of a text; out come what comes before its first section, and each section
with its heading. Links, notes and ids are resolved before, so a text is never converted in pieces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from html.parser import HTMLParser
from itertools import accumulate
from typing import NamedTuple

_VOID = frozenset(
    ("area", "br", "col", "embed", "hr", "img", "input", "link", "source", "track", "wbr")
)
_TAG = re.compile(r"<[^<>]+>")
_LINK_SIGN = re.compile(r'<a class="headerlink"[^<>]*>[^<>]*</a>')


class TextPart(NamedTuple):
    """One section of a text as HTML: its heading with its tag, its words, and what follows."""

    heading: str
    title: str
    html: str

    @property
    def pair(self) -> tuple[TextPart, ...]:
        """What the section says under its own smaller headings, where it has nothing else."""
        before, parts = cut(self.html, "h3")
        return () if before.strip() else parts

    @property
    def first_links(self) -> tuple[str, ...]:
        """Of each list item of the first level the address of its first link, '' without one."""
        found = _Items()
        found.feed(self.html)
        return tuple(found.links)


class TextParts(NamedTuple):
    """A text in its parts; `before` is what comes ahead of the first section."""

    before: str = ""
    sections: tuple[TextPart, ...] = ()

    def named(self, titles: Iterable[str]) -> dict[str, TextPart]:
        """The first section of each of these titles, in any case."""
        found: dict[str, TextPart] = {}
        # From the end, so that of two with one title the first stays.
        for part in reversed(self.sections):
            found[part.title.casefold()] = part
        return {title: found[key] for title in titles if (key := title.casefold()) in found}


def parts_of(html: str) -> TextParts | None:
    """The parts of a text; None where a heading of the first level puts sections below itself."""
    before, sections = cut(html, "h2")
    if cut("".join([before, *(one.html for one in sections)]), "h1")[1]:
        return None
    return TextParts(before, sections)


def cut(html: str, tag: str) -> tuple[str, tuple[TextPart, ...]]:
    """A text cut at each heading of this tag that is in nothing else."""
    found = _Headings(tag)
    found.feed(html)
    # The parser tells places by line and column; the text is cut by offset.
    starts = [0, *accumulate(len(line) + 1 for line in html.split("\n"))]
    places = [
        (starts[begin[0] - 1] + begin[1], starts[end[0] - 1] + end[1] + len(f"</{tag}>"))
        for begin, end in found.spans
    ]
    if not places:
        return html, ()
    following = [begin for begin, _ in places[1:]] + [len(html)]
    parts = []
    for (begin, end), last in zip(places, following, strict=True):
        heading = html[begin:end]
        words = unescape(_TAG.sub("", _LINK_SIGN.sub("", heading)))
        parts.append(TextPart(heading, " ".join(words.split()), html[end:last].strip()))
    return html[: places[0][0]], tuple(parts)


class _Depth(HTMLParser):
    """Knows how deep it is in a text whose tags are all closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.depth = 0

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that closes itself changes no depth."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One deeper, but for a tag that has no end."""
        self.depth += tag not in _VOID

    def handle_endtag(self, tag: str) -> None:
        """One less deep."""
        self.depth -= tag not in _VOID


class _Headings(_Depth):
    """Finds where each heading of one tag begins and ends that is in nothing else."""

    def __init__(self, tag: str) -> None:
        super().__init__()
        self.tag = tag
        self.spans: list[tuple[tuple[int, int], tuple[int, int]]] = []
        self._began: tuple[int, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where it begins."""
        if tag == self.tag and self.depth == 0:
            self._began = self.getpos()
        super().handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Note where it ends."""
        super().handle_endtag(tag)
        if tag == self.tag and self.depth == 0 and self._began is not None:
            self.spans.append((self._began, self.getpos()))
            self._began = None


class _Items(_Depth):
    """Finds the first link of each list item of the first level."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an item, and its first link."""
        if tag == "li" and self.depth == 1:
            self.links.append("")
        elif tag == "a" and self.links and self.depth > 1 and not self.links[-1]:
            self.links[-1] = dict(attrs).get("href") or ""
        super().handle_starttag(tag, attrs)
