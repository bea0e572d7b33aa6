"""The HTML that views make, as Markdown that any tool builds.

In comes HTML of our own templates, whose every text is escaped; out comes Markdown that shows the
same words, links, lists and tables. So a panel is written once, and is in an export too. What
people wrote is escaped again here, in one place, so that it is text and nothing else.

Left out is what only a browser can use: plots (the numbers are beside them), forms, scripts,
buttons to the forge, and calendars and feeds, which a frozen copy hasn't.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from onrecord.text.escaping import inline_text, with_plain_start

_VOID = frozenset(("br", "hr", "img", "input", "link", "meta", "path", "rect", "circle"))
_UNUSABLE = frozenset(
    ("script", "style", "form", "button", "input", "select", "textarea", "template", "dialog")
)
_UNUSABLE_CLASSES = frozenset(
    # What is said is in the text already, and so is where a record is.
    (
        "or-act",
        "or-actbar",
        "or-before__more",
        "or-by-form",
        "or-follow",
        "or-foot",
        "or-hidden",
        "or-line",
        "or-note",
        "or-reply",
        "or-spoken",
        "or-start",
    )
)
_BLOCKS = frozenset(
    (
        *("p", "ul", "ol", "dl", "table", "div", "section", "nav", "details", "figure", "article"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "header", "footer", "aside", "main"),
    )
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}

_GAP = "\0"
"""A space where none stands yet, between words that HTML sets apart by their look."""

_NO_GAP = re.compile(r"^\0+|\0+(?=[\s\0,.;:)]|$)|(?<=\s)\0+")


@dataclass(slots=True)
class _Element:
    """An element of the tree. What it holds is elements and texts."""

    tag: str
    attributes: dict[str, str]
    inside: list[_Element | str] = field(default_factory=list)

    @property
    def classes(self) -> frozenset[str]:
        return frozenset(self.attributes.get("class", "").split())

    def all(self, tag: str) -> Iterator[_Element]:
        """The elements of a tag below this one, in order."""
        for one in self.inside:
            if isinstance(one, _Element):
                if one.tag == tag:
                    yield one
                yield from one.all(tag)


class _Tree(HTMLParser):
    """Reads well-formed HTML into a tree; a closing tag closes what is open within it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Element("div", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # An attribute without a value, such as `hidden`, comes as None and still counts.
        element = _Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].inside.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].inside.append(_Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        # The root is never closed, so that nothing behind a stray end tag is lost.
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                del self._open[depth:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].inside.append(data)


def plain(html: str, link: Callable[[str], str] = str) -> str:
    """The Markdown of a page or fragment; '' when nothing of it can be shown.

    `link` leads from an address in it to one in the Markdown; of '' the words stay.
    """
    tree = _Tree()
    tree.feed(html)
    tree.close()
    for a in tree.root.all("a"):
        if (href := a.attributes.get("href", "")) and not href.startswith("#"):
            a.attributes["href"] = link(href)
    # Only headings that something on the page links to keep their anchor: `{ #id }` is shown as
    # text by whatever doesn't know attribute lists.
    wanted = {
        a.attributes["href"][1:]
        for a in tree.root.all("a")
        if a.attributes.get("href", "").startswith("#")
    }
    return "\n\n".join(_blocks(tree.root, wanted))


# Blocks.


def _blocks(element: _Element, wanted: set[str]) -> Iterator[str]:
    """The blocks within an element, in order; what is loose between them is a paragraph."""
    loose: list[_Element | str] = []
    for one in element.inside:
        if isinstance(one, str) or one.tag not in _BLOCKS:
            loose.append(one)
            continue
        yield from _paragraph(loose)
        loose = []
        yield from _block(one, wanted)
    yield from _paragraph(loose)


def _block(one: _Element, wanted: set[str]) -> Iterator[str]:
    if one.classes & _UNUSABLE_CLASSES or "hidden" in one.attributes:
        return
    if one.tag in _HEADINGS:
        yield from _heading(one, wanted)
    elif "or-eyebrow" in one.classes:
        words = [_line([part]) for part in one.inside if isinstance(part, _Element)]
        yield " / ".join(word for word in words if word)
    elif "or-banner" in one.classes:
        yield from _quoted([_line(one.inside)])
    elif "admonition" in one.classes:
        yield from _quoted(_blocks(one, wanted))
    elif one.tag == "p":
        if one.classes & {"admonition-title", "or-state"}:
            yield f"**{_line(one.inside)}**"
        else:
            yield from _paragraph(one.inside)
    elif "or-steps" in one.classes:
        yield _steps(one)
    elif one.tag == "nav":
        yield " · ".join(_line(item.inside) for item in one.all("li"))
    elif one.tag in ("ul", "ol"):
        yield from _list(one)
    elif one.tag == "dl":
        pairs = zip(one.all("dt"), one.all("dd"), strict=False)
        facts = [[f"**{_line(dt.inside)}**", _line(dd.inside)] for dt, dd in pairs]
        head = ["Word", "Meaning"] if "or-legend" in one.classes else ["Fact", "What is known"]
        yield _rows([head, *facts])
    elif one.tag == "table":
        yield _table(one)
    elif "or-areas" in one.classes:
        yield "\n".join(f"- {_line(figure.inside)}" for figure in one.all("figure"))
    elif one.tag == "details":
        summary = next(one.all("summary"), None)
        if summary is not None:
            one.inside.remove(summary)
            if "or-fold" not in one.classes:  # whose summary is the line of state
                yield from _summary(summary, wanted)
        yield from _blocks(one, wanted)
    else:
        yield from _blocks(one, wanted)


def _heading(one: _Element, wanted: set[str]) -> Iterator[str]:
    words = _line(one.inside)
    if not words:
        return
    anchor = one.attributes.get("id", "")
    name = f" {{ #{anchor} }}" if anchor in wanted else ""
    yield f"{'#' * _HEADINGS[one.tag]} {words}{name}"


def _summary(one: _Element, wanted: set[str]) -> Iterator[str]:
    """What a fold is called: its heading with what is said beside it, or a line in bold."""
    heading = next((part for tag in _HEADINGS for part in one.all(tag)), None)
    if heading is None:
        yield f"**{_line(one.inside)}**"
        return
    yield from _heading(heading, wanted)
    yield from _paragraph(part for part in one.inside if part is not heading)


def _paragraph(inside: Iterable[_Element | str]) -> Iterator[str]:
    words = _line(list(inside))
    if words:
        # Words that begin with `#`, `-` or `1.` would become a heading or a list.
        yield with_plain_start(words)


def _quoted(blocks: Iterable[str]) -> Iterator[str]:
    text = "\n\n".join(block for block in blocks if block)
    if text:
        yield "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _list(one: _Element) -> Iterator[str]:
    items = [item for item in one.inside if isinstance(item, _Element) and item.tag == "li"]
    lines = []
    for number, item in enumerate(items, start=1):
        mark = f"{number}." if one.tag == "ol" else "-"
        words = "".join(_paragraph(item.inside))
        if words:
            lines.append(f"{mark} {words}")
    if lines:
        yield "\n".join(lines)


def _steps(one: _Element) -> str:
    """The five stages as a table: their names, and below each what is known of it."""
    names, said = [], []
    for step in one.all("li"):
        name = "".join(_line(s.inside) for s in step.all("span") if "or-step__name" in s.classes)
        when = "".join(_line(part.inside) for part in step.all("small"))
        current = "or-step--current" in step.classes
        done = "or-step--done" in step.classes
        names.append(f"**{name}**" if current else name)
        said.append(f"**● {when}**" if current else f"✓ {when}" if done else when)
    return _rows([names, said])


def _table(one: _Element) -> str:
    rows = []
    for row in one.all("tr"):
        cells = [c for c in row.inside if isinstance(c, _Element) and c.tag in ("td", "th")]
        rows.append([_line(cell.inside) for cell in cells])
    return _rows(rows)


def _rows(rows: list[list[str]]) -> str:
    head, *rest = rows
    lines = [head, ["---"] * len(head), *rest]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


# What is in a line.


def _line(inside: Iterable[_Element | str]) -> str:
    parts: list[str] = []
    for one in inside:
        _inline(one, parts)
    text = re.sub(r"\s+", " ", "".join(parts))
    return _NO_GAP.sub("", text).replace(_GAP, " ").strip()


def _inline(one: _Element | str, parts: list[str]) -> None:
    if isinstance(one, str):
        # A text may hold the sign we use for a gap; HTML has no other use for it.
        parts.append(inline_text(one.replace(_GAP, "")))
        return
    if one.tag in _UNUSABLE or one.classes & _UNUSABLE_CLASSES or "hidden" in one.attributes:
        return
    if one.tag == "svg":  # the numbers of a plot, in words
        said = next((d for d in one.all("desc")), None)
        parts.append(_line(said.inside) if said else "")
    elif one.tag == "br":
        parts.append(", ")
    elif one.tag == "code":
        parts.append(_code("".join(part for part in one.inside if isinstance(part, str))))
    elif one.tag == "a" and one.attributes.get("href"):
        words = _line(one.inside)
        if words:
            parts.append(f"[{words}]({one.attributes['href']})")
    elif one.tag in ("b", "strong", "mark") and "or-me" not in one.classes:
        parts.append(_around(one, "**"))
    elif one.tag in ("em", "i"):
        parts.append(_around(one, "*"))
    elif one.tag == "q":
        parts.append(f"{_GAP}“{_line(one.inside)}”{_GAP}")
    elif one.tag == "small":
        words = _line(one.inside)
        glued = bool(parts) and parts[-1][-1:].strip(_GAP) not in ("", " ", "\n")
        if words and glued:  # it stood on a line of its own
            parts.append(f" · {words}")
        elif words:
            whole = words[0] == "(" or words[-1] in ".…"
            parts.append(f"{_GAP}{words}" if whole else f"{_GAP}({words})")
    elif one.tag in ("ul", "ol"):
        parts.append(", ".join(_line(item.inside) for item in one.all("li")))
    else:
        if "or-chip" in one.classes:
            parts.append(f"{_GAP}**{_line(one.inside)}**{_GAP}")
            return
        apart = one.tag in _BLOCKS or one.tag == "figcaption" or "or-state__name" in one.classes
        gap = [_GAP] if apart else []
        parts += gap
        for part in one.inside:
            _inline(part, parts)
        parts += gap


def _around(one: _Element, sign: str) -> str:
    words = _line(one.inside)
    # `** bold **` isn't bold in Markdown: a space at an edge goes outside of the signs.
    before = " " if _edge(one.inside[:1], first=True) else ""
    after = " " if _edge(one.inside[-1:], first=False) else ""
    return f"{before}{sign}{words}{sign}{after}" if words else ""


def _edge(ends: list[_Element | str], first: bool) -> bool:
    return any(isinstance(e, str) and (e[:1] if first else e[-1:]).isspace() for e in ends)


def _code(text: str) -> str:
    """A code span, between more backticks than it holds; a pipe would end a table's cell."""
    words = " ".join(text.split())
    if not words:
        return ""
    if "|" in words:
        return f"<code>{_as_entities(words)}</code>"
    run = max((len(run) for run in re.findall(r"`+", words)), default=0)
    fence = "`" * (run + 1)
    apart = " " if run else ""
    return f"{fence}{apart}{words}{apart}{fence}"


def _as_entities(text: str) -> str:
    return re.sub(r"[^\w ]", lambda sign: f"&#{ord(sign[0])};", text)
