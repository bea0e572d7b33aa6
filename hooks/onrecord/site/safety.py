"""Makes the HTML of a record's text harmless before it is set into a page.

In comes the HTML that Markdown made of what a person wrote, raw tags included; out comes HTML
without scripts, handlers, styles that cover the page, or addresses that run code. ammonia (nh3)
does the work on a parsed tree; what stands here is only what to allow.
"""

from __future__ import annotations

import re

import nh3

_TAGS = nh3.ALLOWED_TAGS | {
    "audio",
    "input",
    "label",
    "path",
    "section",
    "source",
    "svg",
    "tfoot",
    "video",
}
_EVERYWHERE = {"class", "id", "title", "lang", "dir", "style", "role", "data-search-exclude"}
_ATTRIBUTES = {
    **{tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()},
    "*": _EVERYWHERE,
    "a": {"href", "hreflang", "name"},
    "audio": {"src", "controls"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height", "align", "loading"},
    "input": {"checked", "disabled", "name"},
    "label": {"for"},
    "ol": {"start", "type"},
    "path": {"d"},
    "source": {"src", "type"},
    "svg": {"viewbox", "viewBox", "xmlns", "aria-hidden"},
    "video": {"src", "controls", "width", "height"},
}
_SCHEMES = {"http", "https", "mailto", "tel", "xmpp", "irc", "ftp", "news"}
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    # No form can be sent without a button or a text field: only what task lists and tabs use.
    tag_attribute_values={"input": {"type": {"checkbox", "radio"}}},
    filter_style_properties={"text-align", "width"},
    link_rel=None,
    url_schemes=_SCHEMES,
)

_LENIENT = nh3.Cleaner(
    tags=_TAGS,
    attributes={},
    generic_attribute_prefixes=set("abcdefghijklmnopqrstuvwxyz"),
    link_rel=None,
    url_schemes={*_SCHEMES, "javascript", "vbscript", "data", "blob", "file", "filesystem"},
)
"""Reads and writes HTML as the other does, and takes no attribute or address out."""

_PLAIN = re.compile(
    r"""
    (?>
      [^<]++
    | </?(?:a|blockquote|br|code|dd|del|div|dl|dt|em|h[1-6]|hr|img|input|li|ol|p|pre|span|strong
          |sub|sup|table|tbody|td|th|thead|tr|ul)
      (?>
        [ ](?:alt|checked|class|disabled|for|id|name|start|title)(?:="[^"<>]*+")?
      | [ ](?:href|src)="(?:https?://[^"<>]*+|[^"<>:/?\#&]*+(?:[/?\#][^"<>]*+)?)"
      | [ ]style="text-align:[ ](?:left|center|right);"
      | [ ]type="(?:checkbox|radio)"
      )*+
      [ ]?/?>
    )*+
    """,
    re.VERBOSE,
)
"""HTML that holds nothing but what Markdown itself makes, with harmless addresses.

Cleaning would not change what such a text does, and takes eight times as long as this look at it.
What matches in doubt doesn't exist: any other sign, name or quoting is left to the cleaner.
"""


def harmless(html: str) -> str:
    """The HTML with everything taken out that could act on its own."""
    plain = _PLAIN.fullmatch(html) and _is_nested(html)
    clean: str = html if plain else _CLEANER.clean(html)
    if "<input" in clean:
        clean = re.sub(r"<input ([^>]*)>", _named, clean)
    return clean


def is_harmless(html: str) -> bool:
    """True when cleaning would take nothing out, and all that is opened is closed in order.

    Every `<` before a letter counts as a tag here, in a comment too, so that no other reading of
    the text finds one that was not judged.
    """
    small = html.lower()
    if not is_closed(html):
        return False
    if _PLAIN.fullmatch(html):
        return True
    if not _TAGS.issuperset(_NAME.findall(small)):
        return False
    clean: str = _CLEANER.clean(html)
    return clean == _LENIENT.clean(html)


def is_closed(html: str) -> bool:
    """True when whatever stands behind the HTML stands outside of it."""
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


def _named(box: re.Match[str]) -> str:
    """A task's box with a name that a screen reader can say."""
    attributes = box[1]
    if 'type="checkbox"' not in attributes:
        return box[0]
    name = "done" if "checked" in attributes else "open"
    return f'<input aria-label="{name}" {attributes}>'
