"""What people wrote, made fit for a tree without our hooks: links that work, HTML that can't act.

In comes a Markdown text; out comes the same text, to the letter but for the targets of links and
for HTML that could act. The site takes such HTML out after rendering. A plain tree has nobody to
do that, so here it is made to show as the text it is: nothing is lost, and nothing runs.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape, unescape
from typing import Any
from xml.etree.ElementTree import Element

import yaml
from frontmatter.default_handlers import SafeLoader
from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from onrecord.records.reading.cost import faults_of_cost
from onrecord.records.reading.markdown import code_in
from onrecord.site.safety import front_as_printed, is_closed, is_harmless, is_plain_id

END = "the-end-of-what-was-written"

_MAY_ACT = re.compile(
    r"<[A-Za-z!/?]|\{[^{}\n]*[=#.]|&#?\w+;|(?i:script|data):|\[\^"
    r"|^[ ]{0,3}#{1,6}[^\n]*__|^(?=[^\n]*__)[^\n]*+\n[ ]{0,3}[-=]",
    re.MULTILINE,
)
_SPACE = re.compile(r"[\s\x00-\x1f]+")
_FENCE = re.compile(r"^(`{3,}|~{3,}) *+([\w+#.-]*) *$", re.MULTILINE)
"""The first line of a fenced block, as every reader of Markdown takes it; or, bare, its last."""

_TAME = re.compile(
    r"""
      </?(?:a|abbr|b|blockquote|br|center|code|dd|del|details|div|dl|dt|em|h[1-6]|hr|i|img|ins
          |kbd|li|mark|ol|p|pre|q|s|small|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr
          |u|ul)
        (?:\s+[a-z]+(?:="[^"<>{}]*")?)*\s*/?>
    | <!--(?:(?!--|[<>]).)*-->
    | <(?:https?|mailto):[^\s<>]*>
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


class _Labels(Treeprocessor):
    """Notes whether a heading names itself otherwise in the contents, and that with markup.

    The label is gone from the HTML, and what each tool prints of it differs.
    """

    act = False

    def run(self, root: Element) -> None:
        # \x02 begins what Markdown has put aside: an element, written as such.
        labels = (one.get("data-toc-label") or "" for one in root.iter())
        self.act = any(re.search("[<>&\x02]", label) for label in labels)


class Judge:
    """Says whether a text, rendered as the exported site renders it, holds nothing that acts."""

    def __init__(self, extensions: Sequence[str]) -> None:
        self._markdown = Markdown(extensions=list(extensions))
        self._labels = _Labels(self._markdown)
        # Behind attr_list, which reads the label, and before toc, which takes it away.
        self._markdown.treeprocessors.register(self._labels, "onrecord-labels", 6)

    def passes(self, text: str) -> bool:
        """True when it is harmless, and what follows it is outside of it."""
        self._markdown.reset()
        try:
            html = self._markdown.convert(f"{text}\n\n{END}\n")
        except Exception:  # whatever a text does to the parser, it may not do to the export
            return False
        before, found, _ = html.rpartition(f"<p>{END}</p>")  # footnotes come behind it
        contents = getattr(self._markdown, "toc_tokens", [])
        plain = _are_plain(contents) and not self._labels.act
        return bool(found) and is_closed(before) and is_harmless(html) and plain


def _are_plain(contents: Sequence[Mapping[str, Any]]) -> bool:
    """True when a theme can print these headings as HTML: plain ids, and no element in a name."""
    waiting = list(contents)
    while waiting:
        one = waiting.pop()
        if not is_plain_id(one["id"]) or re.search("[<>]", one["name"]):
            return False
        waiting += one["children"]
    return True


def inert(text: str, judge: Judge) -> str:
    """The text, with as little of it escaped as makes it harmless."""
    if faults_of_cost("", text, 1):
        return next(one for one in (_as_code(text), "") if judge.passes(one))
    if not (_MAY_ACT.search(text) or _MAY_ACT.search(_SPACE.sub("", text))):
        return text
    return next(one for one in _ever_plainer(text) if judge.passes(one))


_FRONT = re.compile(r"\A\ufeff?---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TOLD = re.compile(r"\A(?:[ ]{0,3}[\w-]++:[^\n]*+\n|[ ]{4,}+[^\n]*+\n)*[^\n]*[<>\"'][^\n]*")
"""Front matter without dashes, which MkDocs reads too, with a sign of markup in it."""


_TITLE = re.compile(r"^(?:#[ \t]+([^\n]*&[^\n]*)|(?=[^\n]*&)([^\n]*+)\n=+[ \t]*$)", re.MULTILINE)
_MARKS = re.compile(r"[`*]|<[^<>]*>|\{[^{}]*\}[ \t]*\Z")


def inert_page(text: str, judge: Judge) -> str:
    """The same for a page of the docs, whose front matter a theme prints as HTML."""
    found = _FRONT.match(text)
    meta: object = {}
    if found is not None:
        try:
            meta = yaml.load(found[1], Loader=SafeLoader)
        except yaml.YAMLError:
            meta = None
    body = text[found.end() :] if found and isinstance(meta, dict) else text
    told = re.match(r"[ ]{0,3}[\w-]+:", text) and _TOLD.match(text)
    if not isinstance(meta, dict) or told:
        # An empty line in front: then it is text to MkDocs, and judged as such.
        return inert(f"\n{text}", judge)
    printed = front_as_printed(meta)
    heading = _TITLE.search(body)
    if heading is not None and "title" not in printed:
        # Material's <title> turns references of a heading back into signs, but not those of this.
        words = _MARKS.sub("", heading[1] or heading[2])
        printed["title"] = escape(unescape(" ".join(words.split())))
    if printed == meta:
        return text[: len(text) - len(body)] + inert(body, judge)
    front = yaml.safe_dump(printed, allow_unicode=True, sort_keys=False)
    return f"---\n{front}---\n\n{inert(body, judge)}"


def _ever_plainer(text: str) -> Iterator[str]:
    yield text
    yield _escaped(text, "<{", code_in(text), _TAME)
    yield _escaped(text, "<{", code_in(text))
    blocks = _code_blocks(text)
    starts = [start for start, _ in blocks]

    def in_block(at: int) -> bool:
        before = bisect_right(starts, at) - 1
        return before >= 0 and at < blocks[before][1]

    for signs in ("<{", "<{[&"):
        yield _escaped(text, signs, in_block)
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}text\n{text}\n{fence}"
    yield _as_code(text)
    yield ""  # never reached, as far as is known; an empty page harms nobody


def _code_blocks(text: str) -> list[tuple[int, int]]:
    """Start and end of each fenced block that every reader of Markdown takes for one."""
    lines = list(_FENCE.finditer(text))
    ends: dict[str, list[int]] = {}
    for index, line in enumerate(lines):
        if not line[2]:
            ends.setdefault(line[1], []).append(index)
    found, index = [], 0
    while index < len(lines):
        closing = ends.get(lines[index][1], [])
        after = bisect_right(closing, index)
        if after < len(closing):
            found.append((lines[index].start(), lines[closing[after]].end()))
            index = closing[after]
        index += 1
    return found


def _as_code(text: str) -> str:
    """The text as every reader of Markdown shows it: as it was written, none of it looked at."""
    return "".join(f"    {line}\n" for line in re.sub(r"[<&]", _entity, text).split("\n"))


def _escaped(
    text: str, signs: str, kept: Callable[[int], bool], tame: re.Pattern[str] | None = None
) -> str:
    """The text with these signs as entities, but where `kept` says so, and but for tame tags."""
    parts: list[str] = []
    done = 0
    for found in re.finditer(f"[{re.escape(signs)}]", text):
        at = found.start()
        if at < done or kept(at):
            continue
        if tame is not None and (whole := tame.match(text, at)):
            parts.append(text[done : whole.end()])
            done = whole.end()
            continue
        parts += (text[done:at], _entity(found))
        done = at + 1
    return "".join((*parts, text[done:]))


def _entity(sign: re.Match[str]) -> str:
    return {"<": "&lt;", "&": "&amp;"}.get(sign[0], f"&#{ord(sign[0])};")
