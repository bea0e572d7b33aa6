"""A page's HTML without what nobody reads of it.

In comes a page as its template filled it; out comes the same page, lighter: without the space
between lines of tags, and without the tags in code that change no colour. A reader, a browser and
whoever copies code get the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_KEPT = re.compile(r"<(pre|script|style|textarea)\b")
"""Elements in which each space counts."""
_GAP = re.compile(r"\n(?:(?<=>\n)\s+|(?<=\S\n)\s+(?=<))")
"""Only beside a tag: a value of an attribute may hold lines that count. That it begins with a line
end makes it twenty times as quick."""
_NAMED = ' xmlns="http://www.w3.org/2000/svg"'
"""What a drawing needs in a file of its own, and not in a page."""

_COLOURLESS = re.compile(r'<span class="(?:nx|w)">([^<]*)</span>')
"""Spaces and names, for which the theme has no colour."""
_IN_ONE_COLOUR = re.compile(
    r'<span class="([a-z]\w?)">[^<]*</span>(?:\s*<span class="\1">[^<]*</span>)+'
)
_SPAN = re.compile(r'</?span(?: class="\w+")?>')


def tight(html: str) -> str:
    """The same page, lighter."""
    return "".join(_parts(html))


def _parts(html: str) -> Iterator[str]:
    done = 0
    while found := _KEPT.search(html, done):
        end = html.find(f"</{found[1]}>", found.end())
        if end < 0:
            break
        yield _closer(html[done : found.start()])
        kept = html[found.start() : end]
        yield _fewer_colours(kept) if found[1] == "pre" else kept
        done = end
    yield _closer(html[done:])


def _closer(html: str) -> str:
    return _GAP.sub("\n", html).replace(_NAMED, "")


def _fewer_colours(code: str) -> str:
    """Code with a tag only where the colour changes."""
    return _IN_ONE_COLOUR.sub(_joined, _COLOURLESS.sub(r"\1", code))


def _joined(several: re.Match[str]) -> str:
    return f'<span class="{several[1]}">{_SPAN.sub("", several[0])}</span>'
