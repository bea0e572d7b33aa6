"""Passages: the sentence of a text that holds most of what was looked for, and where it stands.

In come a record's Markdown, without front matter, and the terms; out comes plain text with the
places of the terms, its line in the file and the heading it is under. No markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from onrecord.search.query import SearchText, Span, Term
from onrecord.text.printing import one_line
from onrecord.text.unseen import without_comments
from onrecord.text.words import LINK, SENTENCE_END

LONGEST = 200
"""Characters of a passage; a longer sentence is cut around what was found."""
MOST_BLOCKS = 200
"""Paragraphs of one text that are weighed; the sentence worth showing is before that."""

CODE, LABEL_ALONE, NO_SENTENCE = 0.01, 0.3, 0.7
"""What a match is worth where no sentence ends: in code or a diagram next to nothing, so that any
prose goes before; a link alone tells less than a line of text."""

_LINE_OF_ITS_OWN = re.compile(r"\s*(?:[-*+>|]|\d+[.)]|#{1,6}\s|```|~~~)")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(.*)")
_RULE = re.compile(r"[\s|:=*_-]*$")
_FENCE = re.compile(r"\s*(?:[-*+>]\s+|\d+[.)]\s+)*(```+|~~~+)")
_LINK_ALONE = re.compile(r"(?:[-*+]|\d+[.)])?\s*\[[^\]]*\]\([^)]*\)")
_ENDS_AS_PROSE = re.compile(r"[.!?:;…。！？][\"”’)\]]*$")
_DECORATION = re.compile(
    r"[*`]+|(?<!\w)_+|_+(?!\w)|^\s*(?:[-*+>]|\d+[.)])\s+(?:\[[ xX]\]\s+)?"
    r"|</?[a-zA-Z][^<>\n]{0,80}>|^\||\|$"
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a record's text. `marks` are (start, end) of what was looked for."""

    text: str
    marks: tuple[Span, ...]
    section: str
    line: int


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, a list item or a row of a table, as plain text."""

    text: str
    section: str
    line: int
    weight: float
    """What a match is worth here, where no sentence ends."""


def passage_of(body: str, line: int, terms: Sequence[Term], worth: Sequence[float]) -> Passage:
    """The best passage of a text that begins at `line` of its file; its first if none holds a term.

    `worth` says of each term how much it tells.
    """
    best: tuple[float, Passage] | None = None
    weighed = 0
    for block in _blocks(without_comments(body), line):
        for sentence in SENTENCE_END.split(block.text):
            text = SearchText(sentence)
            places = [term.places(text) for term in terms]
            score = sum(w for found, w in zip(places, worth, strict=True) if found)
            prose = block.weight > CODE and _ENDS_AS_PROSE.search(sentence)
            score *= 1.0 if prose else block.weight
            if best is not None and score <= best[0]:
                continue
            marks = sorted(span for found in places for span in found)
            shown, kept = _cut(text.text, marks)
            best = score, Passage(shown, kept, block.section, block.line)
            weighed += bool(marks)
        # A sentence that holds all of them can't be beaten.
        if best is not None and (weighed > MOST_BLOCKS or best[0] >= sum(worth) > 0):
            break
    return best[1] if best is not None else Passage("", (), "", line)


def _blocks(text: str, line: int) -> Iterator[_Block]:
    section, held, held_at = "", list[str](), line
    fence, in_code = "", False
    for number, row in enumerate(text.split("\n"), start=line):
        opened = _FENCE.match(row)
        if opened and (not fence or opened[1].startswith(fence)):
            fence = "" if fence else opened[1]
        # In a fence each line is a block: what is beside it in code is no sentence with it.
        begins = fence or not row.strip() or _LINE_OF_ITS_OWN.match(row)
        if begins and held:
            yield from _block(held, section, held_at, in_code)
            held = []
        in_code = bool(fence)
        heading = None if fence else _HEADING.match(row)
        if heading:
            section = _plain(heading[1].rstrip(" \t#"))
        elif not opened and not _RULE.match(row):
            if not held:
                held_at = number
            held.append(row)
    yield from _block(held, section, held_at, in_code)


def _block(rows: Sequence[str], section: str, line: int, in_code: bool) -> Iterator[_Block]:
    raw = " ".join(row.strip() for row in rows)
    if text := _plain(raw):
        weight = LABEL_ALONE if _LINK_ALONE.fullmatch(raw) else NO_SENTENCE
        yield _Block(text, section, line, CODE if in_code else weight)


def _plain(text: str) -> str:
    """A line of Markdown as it is read, on one line and without signs that a terminal obeys."""
    text = _DECORATION.sub("", LINK.sub(r"\1", text))
    text = unescape(text) if "&" in text else text
    return " ".join(one_line(text).split())


def _cut(text: str, marks: list[Span]) -> tuple[str, tuple[Span, ...]]:
    """At most LONGEST characters, where most marks stand; what is left out shows as `…`."""
    if len(text) <= LONGEST:
        return text, _joined(marks)
    starts = [start for start, _ in marks] or [0]
    reach = [sum(at <= other < at + LONGEST - 40 for other in starts) for at in starts]
    begin = max(0, min(starts[reach.index(max(reach))] - 40, len(text) - LONGEST))
    begin = text.find(" ", begin, begin + 40) + 1 or begin if begin else 0
    end = min(len(text), begin + LONGEST)
    if end < len(text):
        end = max(text.rfind(" ", begin, end), begin + LONGEST // 2)
    head, tail = "… " if begin else "", " …" if end < len(text) else ""
    moved = len(head) - begin
    kept = [
        (start + moved, stop + moved) for start, stop in marks if begin <= start and stop <= end
    ]
    return head + text[begin:end] + tail, _joined(kept)


def _joined(marks: Sequence[Span]) -> tuple[Span, ...]:
    """Marks in order; those that overlap, as a phrase and its words do, as one."""
    out: list[Span] = []
    for start, end in sorted(marks):
        if out and start < out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return tuple(out)
