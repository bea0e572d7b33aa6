"""Makes the HTML of a text harmless before it is set into a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from html import escape, unescape

import nh3

from onrecord.site.safety import allowed
from onrecord.site.safety.allowed import (
    judged_name,
    judged_title,
    plain_id,
    stays_here,
    with_plain_fragment,
)

_ROLES = re.compile(r"doc-[a-z]+|img|list|listitem|none|note|presentation")
_NUMBER = re.compile(r"\s*\d{1,7}\s*")


class Sanitiser:
    """Makes the HTML of one kind of text harmless.

    `classes` are more classes that a text may have: those that the extensions of this site make.
    With `is_docs` a page of the docs is meant, which may have any class but those of the theme and
    ours, more styles and drawings, and frames from `frames`, a list of origins. `marks` are
    values of more attributes, by tag and name.
    """

    def __init__(
        self,
        classes: Iterable[str] = (),
        *,
        is_docs: bool = False,
        frames: Iterable[str] = (),
        without: Iterable[str] = (),
        marks: Mapping[str, Mapping[str, set[str]]] | None = None,
    ) -> None:
        self._more, self._without = frozenset(classes), frozenset(without)
        self._is_docs, self._frames = is_docs, tuple(f"{one.rstrip('/')}/" for one in frames)
        self._classes = lru_cache(maxsize=4096)(self._known_classes)
        tags, attributes = (
            (allowed.DOCS_TAGS, allowed.DOCS_ATTRIBUTES)
            if is_docs
            else (allowed.TAGS, allowed.ATTRIBUTES)
        )
        if self._frames:
            tags = tags | {"iframe"}
            size = {"src", "width", "height", "loading", "allowfullscreen"}
            attributes = {**attributes, "iframe": size}
        judges: dict[str, Callable[[str, str], str | None]] = {
            "class": lambda tag, value: self._classes(value) or None,
            "id": lambda tag, value: plain_id(value),
            "for": lambda tag, value: plain_id(value),
            "name": judged_name,
            "href": _href,
            "role": lambda tag, value: value if _ROLES.fullmatch(value) else None,
            "title": judged_title,
            "src": self._src,
            "data-linenos": lambda tag, value: value if _NUMBER.fullmatch(value) else None,
            "poster": lambda tag, value: value if stays_here(value) else None,
        }
        self._cleaner = nh3.Cleaner(
            tags=tags,
            attributes=attributes,
            attribute_filter=lambda tag, name, value: (
                judges[name](tag, value)
                if name in judges
                else None
                if name.startswith(_OURS)
                else value
            ),
            generic_attribute_prefixes={"data-", "aria-"} if is_docs else None,
            tag_attribute_values={**allowed.VALUES, **(marks or {})},
            filter_style_properties=allowed.DOCS_STYLES if is_docs else allowed.STYLES,
            link_rel=None,
            url_schemes=allowed.SCHEMES,
        )

    def harmless(self, html: str) -> str:
        """The HTML with everything taken out that could act on its own."""
        clean: str = self._cleaner.clean(html)
        # It writes every tag in small letters and every value in double quotes, so patterns can
        # read what it wrote, as they never could what was written for it.
        if "<input" in clean:
            clean = re.sub(r"<input ([^>]*)>", _named, clean)
        if ' name="' in clean:
            clean = _ANCHOR.sub(_with_id, clean)
        if "<video" in clean or "<audio" in clean:
            clean = _without_foreign_media(clean)
        return clean

    def _known_classes(self, value: str) -> str:
        return " ".join(one for one in value.split() if self._is_known(one))

    def _is_known(self, one: str) -> bool:
        if one in self._without:
            return False
        if one in self._more:
            return True
        if self._is_docs:
            return not allowed.CLASSES_OF_THE_SITE.match(one)
        return allowed.CLASSES_OF_EXTENSIONS.fullmatch(one) is not None

    def _src(self, tag: str, value: str) -> str | None:
        # A picture may come from another host, as on the forge; it can't act. A frame could look
        # like the site.
        if tag != "iframe" or stays_here(value):
            return value
        return value if value.startswith(self._frames) else None


_OURS = (
    "data-md-",
    "data-or-",
    "data-onrecord",
    "data-clipboard",
    "data-pagefind",
    "data-facts",
    "data-preview",
)
"""How attributes begin by which scripts of the theme or ours find what they work on."""


def _href(tag: str, value: str) -> str:
    return with_plain_fragment(value) if "#" in value and stays_here(value) else value


_INSIDE = r'(?:[^">]|"[^"]*")*'  # a value may hold a `>`
_ANCHOR = re.compile(rf"<a\b({_INSIDE})>")
_ID, _ANCHORS_NAME = re.compile(r'\sid="'), re.compile(r'\sname="[^"]*"')


def _with_id(anchor: re.Match[str]) -> str:
    """An anchor with its name as its id, which no script finds under `document`."""
    attributes = anchor[1]
    if _ID.search(attributes):
        return f"<a{_ANCHORS_NAME.sub('', attributes)}>"
    return "<a" + attributes.replace(' name="', ' id="', 1) + ">"


_PLAYER = re.compile(rf"<(video|audio)\b{_INSIDE}>(?:(?!<(?:video|audio)\b).)*?</\1>", re.DOTALL)
_MEDIUM = re.compile(rf"<(?:video|audio|source)\b{_INSIDE}>")
_SRC = re.compile(r'\ssrc="([^"]*)"')


def _without_foreign_media(html: str) -> str:
    """Players of what is on another host become links to it: it loads when a reader wants it."""

    def link(player: re.Match[str]) -> str:
        sources = [unescape(one) for tag in _MEDIUM.findall(player[0]) for one in _SRC.findall(tag)]
        foreign = [one for one in dict.fromkeys(sources) if not stays_here(one)]
        if not foreign:
            return player[0]
        return " ".join(f'<a href="{escape(one)}">{escape(one)}</a>' for one in foreign)

    def bare(tag: re.Match[str]) -> str:
        found = _SRC.search(tag[0])
        return _SRC.sub("", tag[0]) if found and not stays_here(unescape(found[1])) else tag[0]

    return _MEDIUM.sub(bare, _PLAYER.sub(link, html))


def _named(box: re.Match[str]) -> str:
    """A task's box with a name that a screen reader can say."""
    attributes = box[1]
    if 'type="checkbox"' not in attributes:
        return box[0]
    name = "done" if "checked" in attributes else "open"
    return f'<input aria-label="{name}" {attributes}>'
