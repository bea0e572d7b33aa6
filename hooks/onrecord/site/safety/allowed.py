"""What a text may have as HTML: its elements, attributes, styles, ids, classes and addresses."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote

import nh3

TAGS = nh3.ALLOWED_TAGS | {
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
DOCS_TAGS = TAGS | {
    *("button", "circle", "defs", "desc", "ellipse", "g", "line", "meter", "picture", "polygon"),
    *("polyline", "progress", "rect", "text", "tspan"),
}
_EVERYWHERE = {"class", "id", "title", "lang", "dir", "style", "role", "data-search-exclude"}
_SHAPE = {
    *("cx", "cy", "d", "dx", "dy", "fill", "fill-rule", "height", "opacity", "points", "r", "rx"),
    *("ry", "stroke", "stroke-linecap", "stroke-linejoin", "stroke-width", "text-anchor"),
    *("transform", "viewBox", "viewbox", "width", "x", "x1", "x2", "xmlns", "y", "y1", "y2"),
}
ATTRIBUTES = {
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
DOCS_ATTRIBUTES = {
    **ATTRIBUTES,
    **dict.fromkeys(
        ("svg", "path", "circle", "ellipse", "g", "line", "polygon", "polyline", "rect", "text"),
        _SHAPE,
    ),
    "*": {*_EVERYWHERE, "hidden", "tabindex", "itemprop", "itemscope", "itemtype"},
    "a": {*ATTRIBUTES["a"], "target", "rel", "download"},
    "audio": {*ATTRIBUTES["audio"], "loop", "muted", "preload"},
    "button": {"type", "disabled"},
    "meter": {"value", "min", "max", "low", "high", "optimum"},
    "progress": {"value", "max"},
    "tspan": _SHAPE,
    "video": {*ATTRIBUTES["video"], "loop", "muted", "preload", "poster", "playsinline"},
}
# Of tables and pictures. More could cover the page or ask another host, as `background` does.
STYLES = {"text-align", "width"}
DOCS_STYLES = {
    *STYLES,
    *("background-color", "border", "border-radius", "clear", "color", "column-gap", "columns"),
    *("display", "flex", "flex-wrap", "float", "font-size", "font-style", "font-weight", "gap"),
    *("grid-template-columns", "height", "justify-content", "line-height", "margin"),
    *("margin-bottom", "margin-left", "margin-right", "margin-top", "max-height", "max-width"),
    *("min-width", "padding", "padding-left", "padding-right", "text-decoration"),
    *("vertical-align", "white-space"),
}
# None that runs code in the page: `javascript:`, `data:` and `blob:` are missing on purpose.
SCHEMES = {"http", "https", "mailto", "tel", "xmpp", "irc", "ftp", "news"}
VALUES = {"input": {"type": {"checkbox", "radio"}}}
"""No form can be sent without a button or a text field: only what task lists and tabs use."""


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

OF_A_THEME = re.compile(
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

CLASSES_OF_EXTENSIONS = re.compile(
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
CLASSES_OF_THE_SITE = re.compile(
    r"(?:md|or|mdx)-(?!button)|js$|no-js$|fixed-|sticky-|position-|modal|offcanvas|stretched-link",
    re.IGNORECASE,
)
"""How the classes begin with which a theme, Bootstrap or we cover a page or speak as the site."""

_TABS = re.compile(r"__tabbed_\d+")


def stays_here(address: str) -> bool:
    """True for an address that a browser looks up on this site, however it is written."""
    # As the URL standard has it: browsers drop tabs and line ends, and take \ for /.
    plain = re.sub(r"[\t\n\r]", "", address).strip("".join(map(chr, range(33)))).replace("\\", "/")
    return not plain.startswith("//") and not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", plain)


def judged_name(tag: str, value: str) -> str | None:
    """A name that no script finds something else by."""
    if tag == "a":  # an anchor, as older pages have them; it becomes an id
        return plain_id(value)
    return value if _TABS.fullmatch(value) else None


def judged_title(tag: str, value: str) -> str | None:
    """A title, which a theme may set into its tooltip as HTML: so none with markup in it."""
    return None if re.search(r"<|&(?:lt|#0*60|#x0*3c)\b", value, re.IGNORECASE) else value
