"""What of a text acts or may be printed, and what a tree without our hooks can show as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
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

_MEDIA = ("audio", "source", "video")
_LENIENT = nh3.Cleaner(
    tags=allowed.TAGS,
    attributes={},
    generic_attribute_prefixes=set("abcdefghijklmnopqrstuvwxyz"),
    link_rel=None,
    url_schemes={*allowed.SCHEMES, "javascript", "vbscript", "data", "blob", "file", "filesystem"},
)
"""Reads and writes HTML as the others do, and takes no attribute or address out."""


# What the owner of a page is told.

_ACTS = re.compile(
    r"<(script|style|iframe|object|embed|form|input|link|meta|base|frame|textarea|select|dialog"
    r"|template|applet)\b|<[a-z][^<>]*?\s(?:(on[a-z]+)\s*=|[a-z:]+\s*=\s*[\"']?\s*(javascript):)",
    re.IGNORECASE,
)
_BOX = re.compile(r"<input\b[^<>]*\btype=\"?(?:checkbox|radio)\b[^<>]*>", re.IGNORECASE)


def acting_elements(html: str, frames: Iterable[str] = ()) -> list[str]:
    """What of a page the cleaning takes out because it acts, by name; each once, in order.

    This only tells the owner; the cleaning itself doesn't depend on it.
    """
    found = []
    for tag, handler, scheme in _ACTS.findall(_BOX.sub("", html)):
        if tag and not (tag.lower() == "iframe" and tuple(frames)):
            found.append(f"<{tag.lower()}>")
        elif handler or scheme:
            found.append(handler.lower() or f"{scheme.lower()}:")
    return list(dict.fromkeys(found))


# What a theme prints as HTML.


def words_of(html: str) -> str:
    """The words of a heading as HTML without an element."""
    return escape(unescape(str(nh3.clean(html, tags=set()))), quote=False)


def front_as_printed(meta: Mapping[str, object]) -> dict[str, object]:
    """A page's front matter as a theme may print it; no redirect that runs code."""
    printed = {key: as_printed(value) for key, value in meta.items()}
    # Some themes redirect to it from a script or a `<meta>`.
    location = str(printed.get("location", ""))
    if not (stays_here(location) or location.startswith(("https://", "http://"))):
        del printed["location"]
    return printed


def as_printed(value: object) -> object:
    """Front matter of a page as a theme may print it: markup in its texts becomes text."""
    if isinstance(value, str):
        return escape(unescape(value)) if re.search("[<>\"']", value) else value
    if isinstance(value, list):
        return [as_printed(one) for one in value]
    if isinstance(value, dict):
        return {key: as_printed(one) for key, one in value.items()}
    return value


# A tree without our hooks.


def _judged_in_export(tag: str, name: str, value: str) -> str | None:
    match name:
        case "id" | "for":
            return plain_id(value, allowed.OF_A_THEME)
        case "name":
            return plain_id(value, allowed.OF_A_THEME) if tag == "a" else judged_name(tag, value)
        case "href":
            return (
                with_plain_fragment(value, allowed.OF_A_THEME) if value.startswith("#") else value
            )
        case "class":
            known = [one for one in value.split() if not allowed.CLASSES_OF_THE_SITE.match(one)]
            return value if len(known) == len(value.split()) else " ".join(known)
        case "title":
            return judged_title(tag, value)
        case "src" if tag in _MEDIA:
            return value if stays_here(value) else None
        case _:
            return value


_EXPORT = nh3.Cleaner(
    tags=allowed.TAGS,
    attributes=allowed.ATTRIBUTES,
    attribute_filter=_judged_in_export,
    tag_attribute_values=allowed.VALUES,
    filter_style_properties=allowed.STYLES,
    link_rel=None,
    url_schemes=allowed.SCHEMES,
)


def is_harmless(html: str) -> bool:
    """True when a plain site can show the HTML as it is, and all that is opened is closed in order.

    Every `<` before a letter counts as a tag here, in a comment too, so that no other reading of
    the text finds one that was not judged.
    """
    if not is_closed(html) or not allowed.TAGS.issuperset(_NAME.findall(html.lower())):
        return False
    # Both write HTML in the same way, so what differs is only what the strict one took out.
    # Compared with what was written, `<br/>` or a missing quote would count as harm.
    clean: str = _EXPORT.clean(html)
    return clean == _LENIENT.clean(html)


def is_plain_id(written: str) -> bool:
    """True for an id that a plain site can have as it is."""
    return plain_id(written, allowed.OF_A_THEME) == written


def is_closed(html: str) -> bool:
    """True when whatever is behind the HTML is outside of it."""
    return _is_nested(html.lower()) and html.rfind("<!--") <= html.rfind("-->")


_NAME = re.compile(r"<([a-z][^\s/>]*)")
_TAG = re.compile(r"<(/?)([a-z0-9]+)")
_VOID = frozenset(("br", "hr", "img", "input"))


def _is_nested(html: str) -> bool:
    """True when what is opened is closed, in order: else a `</div>` would end the page's own."""
    around: list[str] = []
    for closing, tag in _TAG.findall(html):
        if tag in _VOID:
            continue
        if not closing:  # `<div/>` opens one too
            around.append(tag)
        elif not around or around.pop() != tag:
            return False
    return not around
