"""What a Markdown text does not say to its reader: fenced code, which is an example, and comments.

A comment is what the site hides, and nothing else: one in code is shown, one that never ends is
text, and one that begins within a paragraph ends in it. Every step is linear in the text, also for
text nobody would write.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

Span = tuple[int, int]
"""Where something begins and ends, in characters from the text's start."""

_MARK = re.compile(
    # Each branch begins with a fixed letter, which is what makes the search fast; so a `\n` is
    # put before the text.
    r"\n[ \t]*(?=[`~>\-*+0-9])"
    r"(?P<within>(?:[-*+][ \t]+|[0-9]{1,9}[.)][ \t]+|>[ \t]*)*)(?P<fence>`{3,}|~{3,})"
    r"|<!--"
)
_BACKTICKS = re.compile(r"(?<!\\)`+")
_CLOSED = re.compile(r"--!?>")  # at the start of a line HTML's own rule holds
_CLOSED_OR_OPENED = re.compile(r"-->|<!--")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]")
_HEADING = re.compile(r"[ ]{0,3}#")
_BLOCK_ENDS = re.compile(r"\n(?=[ \t]*(?:\n|#{1,6}[ \t]|\||(?:[-*+]|[0-9]{1,9}[.)])[ \t]))|\Z")


@dataclass(slots=True)
class Unseen:
    """The comments of a text, and all it hides: comments and fenced code. Both rise."""

    comments: list[Span] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    unclosed: int = -1
    """Where a comment begins that never ends; -1 when each does."""

    def covering(self, offset: int) -> int:
        """Where what hides this offset ends; 0 when nothing does."""
        return end_of_span_at(self.spans, offset)


def end_of_span_at(spans: Sequence[Span], offset: int) -> int:
    """Where the span that holds an offset ends; 0 when none does. The spans rise."""
    before = bisect_right(spans, (offset + 1,)) - 1
    return spans[before][1] if before >= 0 and offset < spans[before][1] else 0


def unseen_in(text: str) -> Unseen:
    """What of a text is fenced code or a comment."""
    unseen = Unseen()
    if not any(sign in text for sign in ("<!--", "```", "~~~")):
        return unseen
    padded = "\n" + text  # an offset in `text` is one less than in `padded`
    code = _Code(text)
    unclosed: dict[str, int] = {}
    never_closed = False
    at = 0
    while found := _MARK.search(padded, at):
        at, start = found.end(), found.start()
        if found["fence"]:
            end = _fence_end(padded, found, unclosed)
            if end > start:
                unseen.spans.append((start, end))
                code.skip(end)
                at = end + 1
            continue
        start -= 1
        # Code spans are read only where a comment begins: most texts have none.
        if code.covers(start):
            continue
        before = text[max(0, start - 4) : start].rpartition("\n")
        begins_a_line = len(before[2]) < 4 and not before[2].strip(" ")
        if begins_a_line:
            # Once nothing closes a comment, nothing further down does: each would look to the end
            # of the text.
            closed = None if never_closed else _CLOSED.search(text, start + len("<!--"))
            never_closed = closed is None
        else:
            # Within a paragraph Markdown's own rule holds, and a comment can't leave it.
            closed = code.closing(start + len("<!--"))
        if closed is None:
            if begins_a_line and unseen.unclosed < 0:
                unseen.unclosed = start
            continue
        end = closed.end()
        unseen.comments.append((start, end))
        if begins_a_line:
            code.skip(end)
        if text.count("\n", start, end):
            end = line_end(text, end)  # HTML goes on to the end of the closing line
        unseen.spans.append((start, end))
        at = end + 1
    return unseen


def without_comments(text: str) -> str:
    """A text without its comments; their line ends stay, so that no line moves."""
    parts, at = [], 0
    for start, end in unseen_in(text).comments if "<!--" in text else ():
        parts += [text[at:start], "\n" * text.count("\n", start, end)]
        at = end
    return "".join((*parts, text[at:]))


@lru_cache(maxsize=64)
def _closing(sign: str, length: int) -> re.Pattern[str]:
    return re.compile(rf"\n[ \t>]*{sign}{{{length},}}[ \t]*(?=\n|\Z)")


def _fence_end(padded: str, found: re.Match[str], unclosed: dict[str, int]) -> int:
    """The offset in the text at which a fence's last line ends; 0 when it is no fence.

    `unclosed` keeps the shortest fence that found no end, so that none looks for it twice.
    """
    fence = found["fence"]
    sign, length = fence[0], len(fence)
    ends = line_end(padded, found.end())
    if sign == "`" and padded.find("`", found.end(), ends) >= 0:
        return 0  # a code span
    closed = None
    if length < unclosed.get(sign, length + 1):
        closed = _closing(sign, length).search(padded, ends)
        if closed is None:
            unclosed[sign] = length
    if closed is not None:
        return closed.end() - 1
    indent = found.start("within") - found.start() - 1
    # A fence of the text itself runs to the end; one within a list ends where the list does.
    return len(padded) - 1 if not found["within"] and indent <= 3 else 0


def line_end(text: str, offset: int) -> int:
    """Where the line of an offset ends, without its line end."""
    end = text.find("\n", offset)
    return end if end >= 0 else len(text)


def code_spans(text: str, start: int, end: int) -> Iterator[Span]:
    """The code between backticks: from some of them to the next run of just as many."""
    runs = [match.span() for match in _BACKTICKS.finditer(text, start, end)]
    follows: list[int | None] = [None] * len(runs)
    latest: dict[int, int] = {}
    for index in reversed(range(len(runs))):
        length = runs[index][1] - runs[index][0]
        # From the end back, so that each run knows the next of its length without looking for it.
        follows[index] = latest.get(length)
        latest[length] = index
    index = 0
    while index < len(runs):
        last = follows[index]
        if last is not None:
            yield runs[index][0], runs[last][1]
        index = index + 1 if last is None else last + 1


class _Code:
    """Says of offsets, asked in rising order, whether they are in a code span or indented code.

    A code span may go on in the next line of its paragraph. An indented line is code after an
    empty line, or after another one; within a list it takes four spaces more.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._block_end = self._line_end = -1
        self._spans: list[Span] = []
        self._after_blank, self._in_code, self._depth = True, False, 4

    def covers(self, offset: int) -> bool:
        """True in code."""
        if offset > self._block_end:
            begin = 0
            while offset > self._block_end:
                begin = self._block_end
                self._block_end = _block_end(self._text, begin + 1)
            self._spans = list(code_spans(self._text, max(0, begin), self._block_end))
        while offset > self._line_end:
            self._read_line()
        return self._in_code or bool(end_of_span_at(self._spans, offset))

    def closing(self, offset: int) -> re.Match[str] | None:
        """What closes a comment in its paragraph; None where another begins, or none ends."""
        for found in _CLOSED_OR_OPENED.finditer(self._text, offset, self._block_end):
            if not end_of_span_at(self._spans, found.start()):
                return found if found[0] == "-->" else None
        return None

    def skip(self, offset: int) -> None:
        """Go on behind a fence or a comment: nothing in it begins or ends code."""
        self._block_end, self._in_code = offset, False
        self._line_end = max(self._line_end, line_end(self._text, offset))

    def _read_line(self) -> None:
        begin = self._line_end + 1
        self._line_end = line_end(self._text, begin)
        line = self._text[begin : self._line_end].expandtabs(4)
        bare = line.lstrip(" ")
        if not bare:
            self._after_blank = True
            return
        indent = len(line) - len(bare)
        if self._after_blank and indent < 4:
            self._depth = 4
        self._in_code = indent >= self._depth and (self._after_blank or self._in_code)
        if not self._in_code and _ITEM.match(bare):
            self._depth = (indent // 4 + 2) * 4
        self._after_blank = False


def _block_end(text: str, begin: int) -> int:
    if _HEADING.match(text, begin):
        return line_end(text, begin)
    found = _BLOCK_ENDS.search(text, begin)
    return found.start() if found else len(text)
