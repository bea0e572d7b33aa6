"""From a Markdown body to its structure: sections, task-list lines, relative links.

One pass over the lines. Fenced code and HTML comments are stepped over, so that an example in a
code block or a template's guidance is never taken for content.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from onrecord.model import Body, Link, Section, Task

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*(?:\{[:#.][^{}]*\}[ \t]*)?$")
_TASK = re.compile(r"[ \t]*[-*+][ \t]+\[([ xX])\][ \t]+(.*)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_INLINE_LINK = re.compile(
    r"\]\(\s*(?:<([^<>\n]*)>|([^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*))",
)
_REFERENCE = re.compile(r"\n {0,3}\[[^\]\n^][^\]\n]*\]:[ \t]*<?([^\s<>]+)")
_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]*:|[/#?{]")
_WHO = re.compile(r"@([^\W_][\w.\-]*(?:/[\w.\-]+)?):?[ \t]*(.*)")
_BULLETS, _FENCES = frozenset("-*+"), frozenset("`~")


@dataclass(slots=True)
class _Outline:
    """What one pass over the lines has seen. Offsets count characters from the text's start."""

    headings: list[tuple[int, int, int, int, str]] = field(default_factory=list)
    tasks: list[tuple[int, Task]] = field(default_factory=list)
    hidden: list[tuple[int, int]] = field(default_factory=list)
    has_comments: bool = False


def body_of(text: str, line: int = 1) -> Body:
    """The structure of a Markdown text whose first line is `line` of its file."""
    outline = _outline(text, line)
    return Body(
        text=text,
        line=line,
        heading=next((title for *_, level, title in outline.headings if level == 1), ""),
        sections=tuple(_sections(text, outline)),
        links=tuple(_links(text, outline.hidden, line)),
    )


def _outline(text: str, number: int) -> _Outline:
    outline = _Outline()
    start = -1  # of the line
    end = -1
    fence = ""
    hidden_from = -1
    for line in text.split("\n"):
        start = end + 1
        end = start + len(line)
        number += 1
        if hidden_from >= 0:
            closed = _closes(line, fence) if fence else "-->" in line
            if closed:
                outline.hidden.append((hidden_from, end))
                hidden_from = -1
            continue
        stripped = line.lstrip()
        mark = stripped[:1]
        if mark == "#":
            if found := _HEADING.match(line):
                title = _COMMENT.sub("", found[2]).strip()
                outline.headings.append((start, end, number - 1, len(found[1]), title))
        elif mark in _BULLETS:
            if "[" in stripped[1:5] and (found := _TASK.match(line)):
                outline.tasks.append((start, _task(found[1], found[2], number - 1)))
        elif mark in _FENCES and (found := _FENCE.match(line)):
            fence, hidden_from = found[1], start
            continue
        if "<!--" in line:
            outline.has_comments = True
            opened = line.rindex("<!--")
            if "-->" not in line[opened:]:
                fence, hidden_from = "", start + opened
    if hidden_from >= 0:
        outline.hidden.append((hidden_from, len(text)))
    return outline


def _closes(line: str, fence: str) -> bool:
    stripped = line.strip()
    return len(stripped) >= len(fence) and set(stripped) == {fence[0]}


def _sections(text: str, outline: _Outline) -> Iterator[Section]:
    heads = [head for head in outline.headings if head[3] <= 2]
    offsets = [offset for offset, _ in outline.tasks]
    for index, (_, content, line, level, title) in enumerate(heads):
        if level != 2:
            continue
        end = heads[index + 1][0] if index + 1 < len(heads) else len(text)
        first, last = bisect_right(offsets, content), bisect_right(offsets, end)
        inside = text[content:end]
        if outline.has_comments:
            inside = _COMMENT.sub("", inside)
        tasks = tuple(task for _, task in outline.tasks[first:last])
        yield Section(title, line, inside.strip(), tasks)


def _task(tick: str, raw: str, line: int) -> Task:
    raw = raw.strip()
    who = _WHO.match(raw)
    if who is None:
        return Task(tick != " ", "", raw, line)
    return Task(tick != " ", who[1].casefold(), who[2].strip(), line)


def _links(text: str, hidden: list[tuple[int, int]], first_line: int) -> Iterator[Link]:
    found = [(m.start(), m[1] or m[2] or "") for m in _INLINE_LINK.finditer(text)]
    if "]:" in text:
        # A `\n` put before the text lets the pattern begin with one, which is what makes it fast;
        # a match then starts, in the text itself, at the first character of its line.
        found += [(m.start(), m[1]) for m in _REFERENCE.finditer("\n" + text)]
        found.sort()
    hidden_starts = [start for start, _ in hidden]
    line, counted = first_line, 0
    for offset, raw in found:
        if not raw or _ELSEWHERE.match(raw):
            continue
        before = bisect_right(hidden_starts, offset) - 1
        if before >= 0 and offset < hidden[before][1]:
            continue
        if text.count("`", text.rfind("\n", 0, offset) + 1, offset) % 2:
            continue  # inside a code span
        target = unquote(re.split(r"[?#]", raw, maxsplit=1)[0])
        if target:
            line += text.count("\n", counted, offset)
            counted = offset
            yield Link(target, line)
