"""A page's table of contents, made of its cleaned HTML.

In comes the HTML as the page will hold it; out come its headings, nested, each with its level, id
and words. A theme prints both of the latter as HTML, so both are escaped here. Of a text with very
many headings the deepest are left out: a list that is longer than the screen by far leads nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Any

from markdown.extensions.toc import nest_toc_tokens

MOST = 80
"""Headings, above which a table of contents leaves out its deepest levels."""
_FEWEST_LEVELS = 2

_HEADING = re.compile(r'<(h[1-6])\b((?:[^>"]|"[^"]*")*)>(.*?)</\1>', re.DOTALL)
_ID = re.compile(r'\sid="([^"]*)"')
_NOTE = re.compile(r'<sup id="fnref[^"]*">.*?</sup>', re.DOTALL)
_TAG = re.compile(r'<(?:[^>"]|"[^"]*")*>')


def contents_of(html: str, options: Mapping[str, Any] | None = None) -> list[Any]:
    """The headings of a text with an id. `options` are those of Markdown's `toc` extension."""
    options = options or {}
    top, bottom = _depth(options.get("toc_depth", 6))
    sign = re.escape(str(options.get("permalink_class", "headerlink")))
    permalink = re.compile(rf'<a\b[^>]*class="{sign}"[^>]*>.*?</a>', re.DOTALL)
    found: list[Any] = []
    for tag, attributes, inner in _HEADING.findall(html):
        named = _ID.search(attributes)
        if named is not None and top <= int(tag[1]) <= bottom:
            words = _TAG.sub("", _NOTE.sub("", permalink.sub("", inner)))
            name = escape(unescape(" ".join(words.split())), quote=False)
            found.append({"level": int(tag[1]), "id": escape(unescape(named[1])), "name": name})
    return list(nest_toc_tokens(_seen_at_once(found)))


def _seen_at_once(headings: list[Any]) -> list[Any]:
    """The headings of as many levels as make no more than `MOST`, but at least of two."""
    levels = sorted({one["level"] for one in headings})
    while len(headings) > MOST and len(levels) > _FEWEST_LEVELS:
        deepest = levels.pop()
        headings = [one for one in headings if one["level"] < deepest]
    return headings


def _depth(written: object) -> tuple[int, int]:
    """The first and last level that the table shows, from `3` or `2-4`."""
    first, _, last = str(written).partition("-")
    return (int(first), int(last)) if last else (1, int(first))
