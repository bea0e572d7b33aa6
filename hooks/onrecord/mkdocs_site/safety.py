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
    "input": {"type", "checked", "disabled", "name"},
    "label": {"for"},
    "ol": {"start", "type"},
    "path": {"d"},
    "source": {"src", "type"},
    "svg": {"viewbox", "viewBox", "xmlns", "aria-hidden"},
    "video": {"src", "controls", "width", "height"},
}
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    # No form can be sent without a button or a text field: only what task lists and tabs use.
    attribute_filter=lambda tag, name, value: (
        None if tag == "input" and name == "type" and value not in ("checkbox", "radio") else value
    ),
    filter_style_properties={"text-align", "width"},
    link_rel=None,
    url_schemes={"http", "https", "mailto", "tel", "xmpp", "irc", "ftp", "news"},
)


def harmless(html: str) -> str:
    """The HTML with everything taken out that could act on its own."""
    clean: str = _CLEANER.clean(html)
    if "<input" in clean:
        clean = re.sub(r"<input ([^>]*)>", _named, clean)
    return clean


def _named(box: re.Match[str]) -> str:
    """A task's box with a name that a screen reader can say."""
    attributes = box[1]
    if 'type="checkbox"' not in attributes:
        return box[0]
    name = "done" if "checked" in attributes else "open"
    return f'<input aria-label="{name}" {attributes}>'
