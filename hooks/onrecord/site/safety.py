"""Makes the HTML of a text harmless before it is set into a page.

In comes the HTML that Markdown made of what a person wrote, raw tags included; out comes HTML
without scripts, handlers, styles that cover the page, addresses that run code, media that load from
other hosts, or ids and classes that belong to the theme or to us. ammonia (nh3) does the work on
a parsed tree; this module says only what to allow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from html import escape, unescape
from urllib.parse import quote, unquote

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
_DOCS_TAGS = _TAGS | {
    *("button", "circle", "defs", "desc", "ellipse", "g", "line", "meter", "picture", "polygon"),
    *("polyline", "progress", "rect", "text", "tspan"),
}
_EVERYWHERE = {"class", "id", "title", "lang", "dir", "style", "role", "data-search-exclude"}
_SHAPE = {
    *("cx", "cy", "d", "dx", "dy", "fill", "fill-rule", "height", "opacity", "points", "r", "rx"),
    *("ry", "stroke", "stroke-linecap", "stroke-linejoin", "stroke-width", "text-anchor"),
    *("transform", "viewBox", "viewbox", "width", "x", "x1", "x2", "xmlns", "y", "y1", "y2"),
}
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
    "span": {"data-linenos"},
    "svg": {"viewbox", "viewBox", "xmlns", "aria-hidden"},
    "video": {"src", "controls", "width", "height"},
}
_DOCS_ATTRIBUTES = {
    **_ATTRIBUTES,
    **dict.fromkeys(
        ("svg", "path", "circle", "ellipse", "g", "line", "polygon", "polyline", "rect", "text"),
        _SHAPE,
    ),
    "*": {*_EVERYWHERE, "hidden", "tabindex", "itemprop", "itemscope", "itemtype"},
    "a": {*_ATTRIBUTES["a"], "target", "rel", "download"},
    "audio": {*_ATTRIBUTES["audio"], "loop", "muted", "preload"},
    "button": {"type", "disabled"},
    "meter": {"value", "min", "max", "low", "high", "optimum"},
    "progress": {"value", "max"},
    "tspan": _SHAPE,
    "video": {*_ATTRIBUTES["video"], "loop", "muted", "preload", "poster", "playsinline"},
}
# Of tables and pictures. More could cover the page or ask another host, as `background` does.
_STYLES = {"text-align", "width"}
_DOCS_STYLES = {
    *_STYLES,
    *("background-color", "border", "border-radius", "clear", "color", "column-gap", "columns"),
    *("display", "flex", "flex-wrap", "float", "font-size", "font-style", "font-weight", "gap"),
    *("grid-template-columns", "height", "justify-content", "line-height", "margin"),
    *("margin-bottom", "margin-left", "margin-right", "margin-top", "max-height", "max-width"),
    *("min-width", "padding", "padding-left", "padding-right", "text-decoration"),
    *("vertical-align", "white-space"),
}
# None that runs code in the page: `javascript:`, `data:` and `blob:` are missing on purpose.
_SCHEMES = {"http", "https", "mailto", "tel", "xmpp", "irc", "ftp", "news"}
_VALUES = {"input": {"type": {"checkbox", "radio"}}}
"""No form can be sent without a button or a text field: only what task lists and tabs use."""

_LENIENT = nh3.Cleaner(
    tags=_TAGS,
    attributes={},
    generic_attribute_prefixes=set("abcdefghijklmnopqrstuvwxyz"),
    link_rel=None,
    url_schemes={*_SCHEMES, "javascript", "vbscript", "data", "blob", "file", "filesystem"},
)
"""Reads and writes HTML as the others do, and takes no attribute or address out."""


# Ids.

TEXT_PREFIX = "text-"
"""Begins an id of a text that would otherwise be one of the theme's or ours."""

_SIGNS = re.compile(r"[\w.:/-]+")  # Material's tags look for theirs, which have a /
_OF_THE_SITE = re.compile(
    r"__|or-|md-|mkdocs[-_]|rtd-|(?:toc|navbar)-collapse|(?:keyboard|search)modallabel",
    re.IGNORECASE,
)
"""How the ids begin that a theme or a script looks up: Material's, ours, and MkDocs' own themes'.
A test compares them with the pages of a site."""

_OF_A_THEME = re.compile(
    r"__(?:analytics|comments|config|consent|drawer|nav|palette|search|settings|skip|tabs|toc)"
    r"|mkdocs[-_]|rtd-|(?:toc|navbar)-collapse|(?:keyboard|search)modallabel",
    re.IGNORECASE,
)
"""The same on a site without our scripts, where a text may keep all others."""

_OF_AN_EXTENSION = re.compile(r"__(?:codelineno|span|linenos|tabbed)[-_]\d+(?:[-_]\d+)*")
"""Ids that Markdown's extensions make and the theme expects in a text: line numbers and tabs."""


@lru_cache(maxsize=4096)
def plain_id(written: str, taken: re.Pattern[str] = _OF_THE_SITE) -> str:
    """The id of a text as its page has it: of plain signs, and none of the site's own.

    The id of an ordinary heading stays as it is, so links to it keep working.
    """
    plain = "-".join(_SIGNS.findall(written)) or "text"
    if taken.match(plain) and not _OF_AN_EXTENSION.fullmatch(plain):
        return TEXT_PREFIX + plain
    return plain


def with_plain_fragment(link: str, taken: re.Pattern[str] = _OF_THE_SITE) -> str:
    """A link whose `#fragment` names the id as the page has it."""
    address, sign, fragment = link.partition("#")
    wanted = unquote(fragment)
    if not wanted or wanted.startswith(":~:"):  # a place that the browser finds by its words
        return link
    plain = plain_id(wanted, taken)
    return link if plain == wanted else address + sign + quote(plain, safe=":")


# Classes.

_CLASSES_OF_EXTENSIONS = re.compile(
    r"""
      admonition(?:-title)? | inline | end | annotate
    | note | abstract | info | tip | success | question | warning | failure | danger | bug
    | example | quote | summary | tldr | todo | hint | important | check | done | help | faq
    | caution | attention | fail | missing | error | cite | seealso | new | settings
    | tabbed-(?:set|alternate|content|labels|block)
    | footnote(?:-ref|-backref)? | headerlink | toc(?:title|link)?
    | task-list(?:-item|-control|-indicator)? | clickable-checkbox
    | highlight(?:table)? | codehilite(?:table)? | inlinehilite | lineno[s]? | linenums
    | linenodiv | linenospecial | code | hll | filename | special | normal | (?:no-)?(?:copy|select)
    | (?:language|lang)-[\w+#.-]+
    | [a-z]{1,2}[12]? | cpf | err | esc | ges          # what Pygments calls its tokens
    | arithmatex | MathJax_Preview | katex
    | twemoji | emojione | gemoji | lg | middle
    | keys | key-[\w-]+ | critic | addition | deletion | comment | block | break
    | progress(?:-bar|-label|-\d+plus)? | caption(?:-prefix)?
    | grid | cards? | md-button(?:--primary)?
    """,
    re.VERBOSE,
)
_CLASSES_OF_THE_SITE = re.compile(
    r"(?:md|or|mdx)-(?!button)|js$|no-js$|fixed-|sticky-|position-|modal|offcanvas|stretched-link",
    re.IGNORECASE,
)
"""How the classes begin with which a theme, Bootstrap or we cover a page or speak as the site."""

_ROLES = re.compile(r"doc-[a-z]+|img|list|listitem|none|note|presentation")
_NUMBER = re.compile(r"\s*\d{1,7}\s*")
_TABS = re.compile(r"__tabbed_\d+")
_MEDIA = ("audio", "source", "video")


def stays_here(address: str) -> bool:
    """True for an address that a browser looks up on this site, however it is written."""
    # As the URL standard has it: browsers drop tabs and line ends, and take \ for /.
    plain = re.sub(r"[\t\n\r]", "", address).strip("".join(map(chr, range(33)))).replace("\\", "/")
    return not plain.startswith("//") and not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", plain)


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
        tags, attributes = (_DOCS_TAGS, _DOCS_ATTRIBUTES) if is_docs else (_TAGS, _ATTRIBUTES)
        if self._frames:
            tags = tags | {"iframe"}
            size = {"src", "width", "height", "loading", "allowfullscreen"}
            attributes = {**attributes, "iframe": size}
        judges: dict[str, Callable[[str, str], str | None]] = {
            "class": lambda tag, value: self._classes(value) or None,
            "id": lambda tag, value: plain_id(value),
            "for": lambda tag, value: plain_id(value),
            "name": _name,
            "href": _href,
            "role": lambda tag, value: value if _ROLES.fullmatch(value) else None,
            "title": _title,
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
            tag_attribute_values={**_VALUES, **(marks or {})},
            filter_style_properties=_DOCS_STYLES if is_docs else _STYLES,
            link_rel=None,
            url_schemes=_SCHEMES,
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
            return not _CLASSES_OF_THE_SITE.match(one)
        return _CLASSES_OF_EXTENSIONS.fullmatch(one) is not None

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


def _name(tag: str, value: str) -> str | None:
    if tag == "a":  # an anchor, as older pages have them; it becomes an id
        return plain_id(value)
    return value if _TABS.fullmatch(value) else None


def _href(tag: str, value: str) -> str:
    return with_plain_fragment(value) if "#" in value and stays_here(value) else value


def _title(tag: str, value: str) -> str | None:
    """A title, which a theme may set into its tooltip as HTML: so none with markup in it."""
    return None if re.search(r"<|&(?:lt|#0*60|#x0*3c)\b", value, re.IGNORECASE) else value


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
            return plain_id(value, _OF_A_THEME)
        case "name":
            return plain_id(value, _OF_A_THEME) if tag == "a" else _name(tag, value)
        case "href":
            return with_plain_fragment(value, _OF_A_THEME) if value.startswith("#") else value
        case "class":
            known = [one for one in value.split() if not _CLASSES_OF_THE_SITE.match(one)]
            return value if len(known) == len(value.split()) else " ".join(known)
        case "title":
            return _title(tag, value)
        case "src" if tag in _MEDIA:
            return value if stays_here(value) else None
        case _:
            return value


_EXPORT = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    attribute_filter=_judged_in_export,
    tag_attribute_values=_VALUES,
    filter_style_properties=_STYLES,
    link_rel=None,
    url_schemes=_SCHEMES,
)


def is_harmless(html: str) -> bool:
    """True when a plain site can show the HTML as it is, and all that is opened is closed in order.

    Every `<` before a letter counts as a tag here, in a comment too, so that no other reading of
    the text finds one that was not judged.
    """
    if not is_closed(html) or not _TAGS.issuperset(_NAME.findall(html.lower())):
        return False
    # Both write HTML in the same way, so what differs is only what the strict one took out.
    # Compared with what was written, `<br/>` or a missing quote would count as harm.
    clean: str = _EXPORT.clean(html)
    return clean == _LENIENT.clean(html)


def is_plain_id(written: str) -> bool:
    """True for an id that a plain site can have as it is."""
    return plain_id(written, _OF_A_THEME) == written


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
