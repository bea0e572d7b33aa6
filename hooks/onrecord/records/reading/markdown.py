"""From a Markdown body to its structure: sections, task-list lines, relative links.

One pass that looks only at lines which can matter. Fenced code and HTML comments are stepped
over, so that an example in a code block or a template's guidance is never taken for content.
Every step is linear in the text, also for text nobody would write.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote

from onrecord.records.model import Body, Link, Section, Task

_MARK = re.compile(
    # Each branch begins with a fixed letter, which is what makes the search fast; so a `\n` is
    # put before the text.
    r"\n[ \t]*(?=[#`~>\-*+0-9])(?:(?P<heading>#)"
    r"|(?P<task>(?:[-*+]|[0-9]{1,9}[.)])[ \t]+\[[ xX]\][ \t])"
    r"|(?P<within>(?:[-*+][ \t]+|[0-9]{1,9}[.)][ \t]+|>[ \t]*)*)(?P<fence>`{3,}|~{3,}))"
    r"|<!--"
)
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*)")
_ATTRIBUTES = re.compile(r"\{[:#.][^{}]*\}\Z")
_TASK = re.compile(r"[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+\[([ xX])\][ \t]+(.*)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_INLINE_LINK = re.compile(
    r"\]\(\s*(?:<([^<>\n]*)>|([^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*))",
)
_REFERENCE = re.compile(r"\n {0,3}\[[^\]\n^][^\]\n]*\]:[ \t]*<?([^\s<>]+)")
_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]*:|[/#?{]")
_WHO = re.compile(r"@([^\W_](?:[\w.\-]*\w)?(?:/(?:[\w.\-]*\w))?)[:,]?[ \t]*(.*)")
_BACKTICKS = re.compile(r"(?<!\\)`+")

_Span = tuple[int, int]


@dataclass(slots=True)
class _Heading:
    """A heading; `start` and `end` are the offsets of its line."""

    start: int
    end: int
    line: int
    level: int
    title: str


@dataclass(slots=True)
class _Outline:
    """What one pass has seen. Offsets count characters from the text's start, and rise."""

    headings: list[_Heading] = field(default_factory=list)
    tasks: list[tuple[int, Task]] = field(default_factory=list)
    hidden: list[_Span] = field(default_factory=list)
    comments: list[_Span] = field(default_factory=list)


def body_of(text: str, line: int = 1) -> Body:
    """The structure of a Markdown text whose first line is `line` of its file."""
    outline = _outline(text, line)
    return Body(
        text=text,
        line=line,
        heading=next((head.title for head in outline.headings if head.level == 1), ""),
        sections=tuple(_sections(text, outline)),
        links=tuple(_links(text, outline.hidden, line)),
    )


def in_order_of(body: Body, titles: Sequence[str]) -> str:
    """The body's text with the sections of these titles in this order, the others behind them.

    What stands before the first section stays there. A text whose sections stand so, or that
    has a heading of the first level among them, is given back as it is.
    """
    rank = {title.casefold(): number for number, title in enumerate(titles)}
    order = [rank.get(section.title.casefold(), len(titles)) for section in body.sections]
    if order == sorted(order):
        return body.text
    lines = [line + "\n" for line in body.text.split("\n")]
    starts = [section.line - body.line for section in body.sections]
    if any(_HEADING.match(line) and not line.startswith("##") for line in lines[starts[0] :]):
        return body.text
    parts = ["".join(lines[a:b]) for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]
    ranked = sorted(zip(order, parts, strict=True), key=lambda part: part[0])
    return "".join(
        ["".join(lines[: starts[0]]), *(part.rstrip("\n") + "\n\n" for _, part in ranked)]
    )


def _outline(text: str, number: int) -> _Outline:
    outline = _Outline()
    padded = "\n" + text  # an offset in `text` is one less than in `padded`
    spans = _CodeSpans(text)
    unclosed: dict[str, int] = {}
    at = counted = 0
    number -= 1
    while found := _MARK.search(padded, at):
        at = found.end()
        start = found.start()
        number += padded.count("\n", counted, start + 1)
        counted = start + 1
        match found.lastgroup:
            case "heading":
                end = _line_end(text, start)
                if heading := _heading(text[start:end], start, end, number):
                    outline.headings.append(heading)
            case "task":
                if task := _TASK.match(text[start : _line_end(text, start)]):
                    outline.tasks.append((start, _task(task[1], task[2], number)))
            case "fence":
                end = _fence_end(padded, found, unclosed)
                if end > start:
                    outline.hidden.append((start, end))
                    at = end + 1
            case _:
                start -= 1
                if spans.cover(start):
                    continue
                closed = text.find("-->", start + len("<!--"))
                end = closed + len("-->") if closed >= 0 else len(text)
                outline.comments.append((start, end))
                if text.count("\n", start, end):
                    end = _line_end(text, end)  # HTML goes on to the end of the closing line
                outline.hidden.append((start, end))
                at = end + 1
    return outline


def _line_end(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    return end if end >= 0 else len(text)


def _heading(line: str, start: int, end: int, number: int) -> _Heading | None:
    found = _HEADING.match(line)
    if found is None:
        return None
    title = found[2].strip()
    if "<!--" in title:
        title = _COMMENT.sub("", title).strip()
    if title.endswith("}"):
        title = _ATTRIBUTES.sub("", title, count=1).rstrip()
    bare = title.rstrip("#")
    if not bare or bare[-1] in " \t":
        title = bare.rstrip()
    return _Heading(start, end, number, len(found[1]), title)


@lru_cache(maxsize=64)
def _closing(sign: str, length: int) -> re.Pattern[str]:
    return re.compile(rf"\n[ \t>]*{sign}{{{length},}}[ \t]*(?=\n|\Z)")


def _fence_end(padded: str, found: re.Match[str], unclosed: dict[str, int]) -> int:
    """The offset in the text at which a fence's last line ends; 0 when it is no fence.

    `unclosed` keeps the shortest fence that found no end, so that none looks for it twice.
    """
    fence = found["fence"]
    sign, length = fence[0], len(fence)
    line_end = _line_end(padded, found.end())
    if sign == "`" and padded.find("`", found.end(), line_end) >= 0:
        return 0  # a code span
    closed = None
    if length < unclosed.get(sign, length + 1):
        closed = _closing(sign, length).search(padded, line_end)
        if closed is None:
            unclosed[sign] = length
    if closed is not None:
        return closed.end() - 1
    indent = found.start("within") - found.start() - 1
    # A fence of the text itself runs to the end; one within a list ends where the list does.
    return len(padded) - 1 if not found["within"] and indent <= 3 else 0


def _sections(text: str, outline: _Outline) -> Iterator[Section]:
    heads = [head for head in outline.headings if head.level <= 2]
    offsets = [offset for offset, _ in outline.tasks]
    for index, head in enumerate(heads):
        if head.level != 2:
            continue
        end = heads[index + 1].start if index + 1 < len(heads) else len(text)
        first, last = bisect_right(offsets, head.end), bisect_right(offsets, end)
        inside = _without(text, head.end, end, outline.comments)
        tasks = tuple(task for _, task in outline.tasks[first:last])
        yield Section(head.title, head.line, inside.strip(), tasks)


def _without(text: str, start: int, end: int, comments: list[_Span]) -> str:
    """The text from `start` to `end`, comments taken out."""
    index = max(0, bisect_right(comments, (start, start)) - 1)
    parts = []
    while index < len(comments) and comments[index][0] < end:
        opened, closed = comments[index]
        parts.append(text[start : max(start, opened)])
        start = max(start, closed)
        index += 1
    parts.append(text[start:end])
    return "".join(parts)


def _task(tick: str, raw: str, line: int) -> Task:
    raw = raw.strip()
    who = _WHO.match(raw)
    if who is None:
        return Task(tick != " ", "", raw, line)
    return Task(tick != " ", who[1].casefold(), who[2].strip(), line)


def _links(text: str, hidden: list[_Span], first_line: int) -> Iterator[Link]:
    line, counted, line_start = first_line, 0, 0
    for place, raw in _placed(text, hidden):
        target = unquote(re.split(r"[?#]", raw, maxsplit=1)[0])
        if target:
            line += text.count("\n", counted, place)
            line_start = max(line_start, text.rfind("\n", counted, place) + 1)
            counted = place
            yield Link(target, line, place - line_start + 1)


def links_in(text: str) -> Iterator[tuple[int, str]]:
    """Each relative link of a text: the offset at which its target stands, and the target."""
    return _placed(text, _outline(text, 1).hidden)


def code_in(text: str) -> Callable[[int], bool]:
    """Says of offsets, asked in rising order, whether they lie in code or in a comment."""
    hidden = _outline(text, 1).hidden
    starts = [start for start, _ in hidden]
    spans = _CodeSpans(text)

    def covers(offset: int) -> bool:
        before = bisect_right(starts, offset) - 1
        return (before >= 0 and offset < hidden[before][1]) or spans.cover(offset)

    return covers


def _placed(text: str, hidden: list[_Span]) -> Iterator[tuple[int, str]]:
    found = [
        (m.start(), m.start(m.lastindex or 0), m[1] or m[2] or "")
        for m in _INLINE_LINK.finditer(text)
    ]
    if "]:" in text:
        # A match in the padded text starts, in the text itself, at the line's first character.
        found += [(m.start(), m.start(1) - 1, m[1]) for m in _REFERENCE.finditer("\n" + text)]
        found.sort()
    hidden_starts = [start for start, _ in hidden]
    spans = _CodeSpans(text)
    for offset, place, raw in found:
        if not raw or _ELSEWHERE.match(raw) or text[offset - 1 : offset] == "\\":
            continue
        before = bisect_right(hidden_starts, offset) - 1
        if before >= 0 and offset < hidden[before][1]:
            continue
        if not spans.cover(offset):
            yield place, raw


class _CodeSpans:
    """Says of offsets, asked in rising order, whether they lie in a code span of their line."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._any = "`" in text
        self._line_end = -1
        self._spans: list[_Span] = []

    def cover(self, offset: int) -> bool:
        if not self._any:
            return False
        if offset > self._line_end:
            start = self._text.rfind("\n", max(0, self._line_end), offset) + 1
            self._line_end = _line_end(self._text, offset)
            self._spans = list(_code_spans(self._text, start, self._line_end))
        before = bisect_right(self._spans, (offset, len(self._text))) - 1
        return before >= 0 and offset < self._spans[before][1]


def _code_spans(text: str, start: int, end: int) -> Iterator[_Span]:
    """A code span runs from some backticks to the next run of just as many."""
    runs = [match.span() for match in _BACKTICKS.finditer(text, start, end)]
    follows: list[int | None] = [None] * len(runs)
    latest: dict[int, int] = {}
    for index in reversed(range(len(runs))):
        length = runs[index][1] - runs[index][0]
        follows[index] = latest.get(length)
        latest[length] = index
    index = 0
    while index < len(runs):
        last = follows[index]
        if last is not None:
            yield runs[index][0], runs[last][1]
        index = index + 1 if last is None else last + 1
