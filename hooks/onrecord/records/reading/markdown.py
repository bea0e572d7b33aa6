"""From a Markdown body to its structure: sections, task-list lines, relative links.

Looks only at lines which can matter. Fenced code and comments are stepped over, so that an example
in a code block or a template's guidance is never taken for content.
Every step is linear in the text, also for text nobody would write.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote

from onrecord.records.model import Body, Link, Section, Task
from onrecord.records.vocabulary import HANDLE
from onrecord.text.unseen import Span, Unseen, code_spans, end_of_span_at, line_end, unseen_in

_MARK = re.compile(
    # Each branch begins with a fixed letter, which is what makes the search fast; so a `\n` is
    # put before the text.
    r"\n[ \t]*(?=[#\-*+0-9])(?:(?P<heading>#)"
    r"|(?:[-*+]|[0-9]{1,9}[.)])[ \t]+\[[ xX]\][ \t])"
)
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*)")
_ATTRIBUTES = re.compile(r"\{[:#.][^{}]*\}\Z")
_TASK = re.compile(r"[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+\[([ xX])\][ \t]+(.*)")
_INLINE_LINK = re.compile(r"\]\(\s*(?:<([^<>\n]*)>|([^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*))")
# `[^1]: …` is a footnote, and leads nowhere.
_REFERENCE = re.compile(r"\n {0,3}\[[^\]\n^][^\]\n]*\]:[ \t]*<?([^\s<>]+)")
_HTML_LINK = re.compile(
    r"""<(?:img|a|source|video|audio)\s[^<>]*?(?<=\s)(?:src|href)=(?:"([^"<>\n]*)"|'([^'<>\n]*)'|([^\s"'<>=`]+))""",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
"""With its semicolon: in an address, `&copy=1` is no sign but a name."""
_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]*:|[/#?{]")
_WHO = re.compile(rf"@({HANDLE})[:,]?[ \t]*(.*)")


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

    unseen: Unseen
    headings: list[_Heading] = field(default_factory=list)
    tasks: list[tuple[int, Task]] = field(default_factory=list)


def body_of(text: str, line: int = 1) -> Body:
    """The structure of a Markdown text whose first line is `line` of its file."""
    outline = _outline(text, line)
    return Body(
        text=text,
        line=line,
        heading=next((head.title for head in outline.headings if head.level == 1), ""),
        sections=tuple(_sections(text, outline)),
        links=tuple(_links(text, outline.unseen, line)),
    )


def headings_in(body: Body) -> list[tuple[int, int, str]]:
    """Line, level and title of each heading but the first of the first level."""
    found = [(h.line, h.level, h.title) for h in _outline(body.text, body.line).headings]
    titles = [number for number, (_, level, _) in enumerate(found) if level == 1][:1]
    return [one for number, one in enumerate(found) if number not in titles]


def tasks_in(text: str) -> tuple[Task, ...]:
    """The task-list lines of a text."""
    return tuple(task for _, task in _outline(text, 1).tasks)


def in_order_of(body: Body, titles: Sequence[str]) -> str:
    """The body's text with the sections of these titles in this order, the others behind them.

    A heading that means one of them counts as it, where none has the title itself.
    What is before the first section stays there. A text whose sections stand so, or that
    has a heading of the first level among them, is given back as it is.
    """
    first = {s.line: n for n, title in enumerate(titles) if (s := body.section(title))}
    rank = {title.casefold(): number for number, title in enumerate(titles)}
    order = [
        rank.get(section.title.casefold(), first.get(section.line, len(titles)))
        for section in body.sections
    ]
    if order == sorted(order):
        return body.text
    # `split`, as everywhere that lines are counted: `splitlines` also ends a line at a form feed
    # and at U+2028, and a number would no longer be the one an editor shows.
    lines = [line + "\n" for line in body.text.split("\n")]
    starts = [section.line - body.line for section in body.sections]
    # A first-level heading amid the sections belongs to no one of them; moved, it would be over
    # others.
    if any(_HEADING.match(line) and not line.startswith("##") for line in lines[starts[0] :]):
        return body.text
    parts = ["".join(lines[a:b]) for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]
    ranked = sorted(zip(order, parts, strict=True), key=lambda part: part[0])
    return "".join(
        ["".join(lines[: starts[0]]), *(part.rstrip("\n") + "\n\n" for _, part in ranked)]
    )


def lines_of(body: Body, section: Section) -> list[tuple[int, str]]:
    """The lines of a section with their numbers in the file; what it hides is left out."""
    lines = body.text.split("\n")
    first = section.line - body.line + 1
    following = (one.line for one in body.sections if one.line > section.line)
    last = min(following, default=body.line + len(lines)) - body.line
    unseen, at, found = unseen_in(body.text), 0, []
    for index, line in enumerate(lines[:last]):
        if index >= first:
            heading = _HEADING.match(line)
            # A heading of the first level ends a section too, though it is none itself.
            if heading and len(heading[1]) == 1 and not unseen.covering(at):
                break
            found.append((body.line + index, "" if unseen.covering(at) else line))
        at += len(line) + 1
    return found


def visible_lines(body: Body) -> list[tuple[int, str]]:
    """All lines of a body with their numbers in the file; those that hold what is hidden empty."""
    unseen, at, found = unseen_in(body.text), 0, []
    for index, line in enumerate(body.text.split("\n")):
        found.append((body.line + index, "" if unseen.covering(at) else line))
        at += len(line) + 1
    return found


def _outline(text: str, number: int) -> _Outline:
    outline = _Outline(unseen=unseen_in(text))
    padded = "\n" + text  # an offset in `text` is one less than in `padded`
    at = counted = 0
    number -= 1
    while found := _MARK.search(padded, at):
        at, start = found.end(), found.start()
        # Go on behind the fence or comment at once: a long one holds many lines that look like
        # headings.
        if hidden := outline.unseen.covering(start):
            at = hidden + 1
            continue
        # Counted on from the last find. Counting from the start for each would take the square of
        # the text.
        number += padded.count("\n", counted, start + 1)
        counted = start + 1
        end = line_end(text, start)
        if found["heading"]:
            if heading := _heading(text[start:end], start, end, number):
                outline.headings.append(heading)
        elif task := _TASK.match(text[start:end]):
            outline.tasks.append((start, _task(task[1], task[2], number)))
    return outline


def _heading(line: str, start: int, end: int, number: int) -> _Heading | None:
    found = _HEADING.match(line)
    if found is None:
        return None
    title = found[2].strip()
    if "<!--" in title:
        title = _without(title, 0, len(title), unseen_in(title).comments).strip()
    if title.endswith("}"):
        title = _ATTRIBUTES.sub("", title, count=1).rstrip()
    # `## Title ##` closes with signs that are apart from the words; those of `C##` belong to it.
    bare = title.rstrip("#")
    if not bare or bare[-1] in " \t":
        title = bare.rstrip()
    return _Heading(start, end, number, len(found[1]), title)


def _sections(text: str, outline: _Outline) -> Iterator[Section]:
    heads = [head for head in outline.headings if head.level <= 2]
    offsets = [offset for offset, _ in outline.tasks]
    for index, head in enumerate(heads):
        if head.level != 2:
            continue
        end = heads[index + 1].start if index + 1 < len(heads) else len(text)
        first, last = bisect_right(offsets, head.end), bisect_right(offsets, end)
        inside = _without(text, head.end, end, outline.unseen.comments)
        tasks = tuple(task for _, task in outline.tasks[first:last])
        yield Section(head.title, head.line, inside.strip(), tasks)


def _without(text: str, start: int, end: int, comments: list[Span]) -> str:
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


def _links(text: str, unseen: Unseen, first_line: int) -> Iterator[Link]:
    line, counted, line_start = first_line, 0, 0
    for place, raw in _placed(text, unseen):
        # Cut before it is unquoted: `%23` and `%3F` are signs of a file's name.
        target = unquote(re.split(r"[?#]", written_in(raw), maxsplit=1)[0])
        if target:
            line += text.count("\n", counted, place)
            line_start = max(line_start, text.rfind("\n", counted, place) + 1)
            counted = place
            yield Link(target, line, place - line_start + 1)


def written_in(raw: str) -> str:
    """The address that a link's target is, of HTML or Markdown: `a&amp;b.md` is `a&b.md`."""
    raw = raw.strip()
    return _ENTITY.sub(lambda found: unescape(found[0]), raw) if "&" in raw else raw


def links_in(text: str) -> Iterator[tuple[int, str]]:
    """Each relative link of a text: the offset at which its target stands, and the target."""
    return _placed(text, unseen_in(text))


def html_links_in(html: str) -> Iterator[tuple[int, str]]:
    """The same for HTML as a page has it, where nothing is code any more."""
    for found in _HTML_LINK.finditer(html):
        raw = found[found.lastindex or 0]
        if raw and not _ELSEWHERE.match(raw):
            yield found.start(found.lastindex or 0), raw


def code_in(text: str) -> Callable[[int], bool]:
    """Says of offsets, asked in rising order, whether they are in code or in a comment."""
    unseen, spans = unseen_in(text), _CodeSpans(text)
    return lambda offset: bool(unseen.covering(offset)) or spans.cover(offset)


def _placed(text: str, unseen: Unseen) -> Iterator[tuple[int, str]]:
    found = [
        (m.start(), m.start(m.lastindex or 0), m[1] or m[2] or "")
        for m in _INLINE_LINK.finditer(text)
    ]
    if "<" in text:
        found += [
            (m.start(), m.start(m.lastindex or 0), m[m.lastindex or 0])
            for m in _HTML_LINK.finditer(text)
        ]
        found.sort()
    if "]:" in text:
        # A match in the padded text starts, in the text itself, at the line's first character.
        found += [(m.start(), m.start(1) - 1, m[1]) for m in _REFERENCE.finditer("\n" + text)]
        found.sort()
    spans = _CodeSpans(text)
    for offset, place, raw in found:
        if not raw or _ELSEWHERE.match(raw) or text[offset - 1 : offset] == "\\":
            continue
        if not unseen.covering(offset) and not spans.cover(offset):
            yield place, raw


class _CodeSpans:
    """Says of offsets, asked in rising order, whether they are in a code span of their line."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._any = "`" in text
        self._line_end = -1
        self._spans: list[Span] = []

    def cover(self, offset: int) -> bool:
        if not self._any:
            return False
        if offset > self._line_end:
            start = self._text.rfind("\n", max(0, self._line_end), offset) + 1
            self._line_end = line_end(self._text, offset)
            self._spans = list(code_spans(self._text, start, self._line_end))
        return bool(end_of_span_at(self._spans, offset))
