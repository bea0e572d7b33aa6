"""What people wrote into the section Feedback, in whatever way they wrote it.

In come the section's lines and the people of the decision; out come remarks, each with its author,
and the lines of which nobody can tell whose they are. `- [ ] @bob: …` is the form we teach, so that
a forge shows and ticks it; whatever else is clearly one person's counts as well.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from onrecord.records.clock import day_of
from onrecord.records.model import Remark, is_handle
from onrecord.records.reading.few_words import MOST, Consent, says
from onrecord.records.vocabulary import HANDLE, NO_OBJECTION

# These patterns meet whatever people write, so each is linear: `++` and `*+` never give back what
# they took. A row of asterisks once had more ways to be read than there was time for.
_ITEM = re.compile(r"(?:(?:[-*+•]|[0-9]{1,9}[.)])(?:[ \t]+|(?=\[|@|\*\*|__))|[a-z]\)[ \t]+)")
_BOX = re.compile(r"\[([ xX]?)\][ \t]*(?![:(\[])|([☐☑])\ufe0f?[ \t]*")
_DRAWN = re.compile(r"[^\w\s\[\](){}<>@*_`~|#>+\-–—:,.;!?/\\\"'“”„«»‘’…&%$§=^°]{1,8}[ \t]*(?=\S)")
"""A picture before a line, as chat programs write one; it says nothing of whose the line is."""
_HEADING = re.compile(r"(#{3,6})[ \t]*+(.*)\Z")
_QUOTE = re.compile(r"(?:>[ \t]?)+")
_DAY = re.compile(r"\(?([0-9]{4}-[0-9]{2}-[0-9]{2})\)?[ \t]*[:,–—-]?[ \t]*")
_OPENED = re.compile(r"(?:[*_`<]|~~)++(?=[@\w\[])")
# The point after `@bob.` ends a sentence and no handle. A slash is part of a team's, as in
# `@org/team`.
_MARKED = re.compile(rf"@({HANDLE})")
_WORD = re.compile(r"[^\W_](?:[\w.\-]*\w)?")
_LINKED = re.compile(r"\[(@?[^\]\n]{1,80})\]\([^)\n]*\)")
_CLOSED = re.compile(r"(?:[*_`>]|~~)++")
_BRACKETED = re.compile(rf"[(\[]@?({HANDLE})[)\]](?![(\[])[ \t]*:?[ \t]*")
_ASIDE = re.compile(r"[ \t]*\(([^()\n]{0,60})\)")
_FROM = re.compile(
    r"(?:(?:feedback|comments?)[ \t]+)?(?:from|by|of)[ \t]*:?[ \t]+(?=[*_`<@\w])", re.IGNORECASE
)
_VERB = re.compile(
    r"[ \t]+(?:said|says|wrote|writes|answered|answers|asked|asks|replied)\b(?=[ \t]*[:,\n–—-]|\Z)",
    re.IGNORECASE,
)
_COLON = re.compile(r"[ \t]*(?:：|:(?:\*{1,3}|_{1,3})?|[–—]|--?(?=[ \t]))[ \t]*")
_COMMA = re.compile(r"[ \t]*[,，、][ \t]*")
_ANOTHER = re.compile(r"(?:[ \t]*(?:,|&|\+|/|and\b))?[ \t]*(?:\*\*|__)?@", re.IGNORECASE)
_ENDS = re.compile(r"[.?!:;…。！？][\"”’)\]*_]*\Z")
_ANYBODY = re.compile(r"(?<![\w@/.])@?([^\W_](?:[\w.\-]*\w)?)")
_A_NAME = re.compile(r"[*_]*[^\W\d_a-z]\w*(?:[ \t]+[^\W\d_a-z]\w*){0,2}[*_]*:[*_]*(?:[ \t]|\Z)")
_NAME = re.compile(r"(?<![\w@/.])(@?)([^\W_](?:[\w.\-]*\w)?)(?![/@])")
_TO_SOMEBODY = re.compile(r"[^@,:]{1,80},[ \t]*@?[\w.\-/]+[ \t.!]*\Z")
"""`fine, @bob` may be his word, and may be said to him."""
_THANKED = re.compile(
    r"\b(?:thanks|thank you|thx|cc|danke|merci|gracias|obrigad[oa]|grazie|bedankt)[ \t,]+@?\w",
    re.IGNORECASE,
)
"""`ok, thanks @bob` is said to him."""
_NOBODYS = {"none", "no", "n/a", "nothing"}
"""What an empty section is often filled with."""
_NOTHING = " .…_-*"
LONGEST = 1_000
"""Characters of a text of which a name is taken out to show it rewritten."""
NESTED = 2
"""Columns by which a line is below the item before it."""


class Unclear(NamedTuple):
    """Lines that look like feedback of somebody, and don't say whose: as they could be written."""

    line: int
    written: str
    rewritten: str


@dataclass(slots=True)
class _RemarkBlock:
    """An item, a paragraph or a heading, while its lines are gathered."""

    line: int
    kind: str  # item, text, row or heading
    raw: str
    who: str = ""
    done: bool | None = None
    day: date | None = None
    is_under: bool = False  # a heading that names nobody
    words: list[str] = field(default_factory=list)
    below: list[tuple[int, str]] = field(default_factory=list)


class _Author(NamedTuple):
    who: str
    day: date | None
    rest: str


def remarks_in(
    lines: Sequence[tuple[int, str]], people: Collection[str]
) -> tuple[tuple[Remark, ...], tuple[Unclear, ...]]:
    """The remarks of a section, and the lines that nobody can place.

    `lines` are those of the section with their numbers, what it hides left out; `people` are the
    handles that the decision names, who are known without an @ too.
    """
    known = {handle.casefold(): handle for handle in people}
    remarks: list[Remark] = []
    unclear: list[Unclear] = []
    for block in _blocks(lines, known):
        # Before the author is asked for: `No objection: bob, carol` begins with nobody's name, and
        # is one remark for each of them.
        if agreed := _agreed(block, known):
            remarks += agreed
            continue
        remark = _remark(block, known) if block.who or block.done is not None else None
        if remark is not None:
            remarks.append(remark)
        if guess := _unclear(block, remark, known):
            unclear.append(guess)
    return tuple(remarks), tuple(unclear)


def opening_of(text: str) -> tuple[bool, bool | None, str]:
    """Whether a line begins an item, whether its box is ticked if it has one, and its words."""
    item = _ITEM.match(text)
    rest = text[item.end() :] if item else text
    box = _BOX.match(rest)
    if box is None:
        return item is not None, None, rest
    is_done = box[1] in ("x", "X") if box[2] is None else box[2] == "☑"
    return True, is_done, rest[box.end() :]


def _blocks(lines: Sequence[tuple[int, str]], known: dict[str, str]) -> Iterator[_RemarkBlock]:
    """The section's blocks, each with what is below it."""
    now: _RemarkBlock | None = None
    after_blank, is_under = True, False
    for number, written in lines:
        # A tab before an item must count as the columns a forge shows it with, or what is below an
        # item would seem beside it.
        line = written.expandtabs(4)
        bare = line.strip()
        indent = len(line) - len(line.lstrip())
        if not bare:
            after_blank = True
            if now is not None:
                now.below.append((number, ""))
            continue
        quoted = _QUOTE.match(bare)
        inner = bare[quoted.end() :] if quoted else bare
        text = inner.lstrip()
        indent += len(inner) - len(text)  # what is below an item is so within a quote too
        is_nested = now is not None and indent >= NESTED and _holds_items(now)
        if now is not None and (is_nested or _goes_on(now, text, after_blank, known)):
            now.below.append((number, line))
        else:
            if now is not None:
                yield now
            if heading := _HEADING.match(bare):
                words = heading[2].rstrip(" \t#")
                now = _block(number, "heading", words, _author(words, known, alone=True))
                # `### bob` is the author of what follows. `### On cost` is nobody, but tells that
                # what follows is feedback: a paragraph below it that names nobody is a finding.
                is_under = not now.who
            else:
                now = _started(number, text, known)
                now.is_under = is_under
        after_blank = False
    if now is not None:
        yield now


def _holds_items(block: _RemarkBlock) -> bool:
    """True for an item, and for a name alone with what they said: both may have items below."""
    return block.kind == "item" or (_is_alone(block) and any(text for _, text in block.below))


def _goes_on(now: _RemarkBlock, text: str, after_blank: bool, known: dict[str, str]) -> bool:
    """True for a line that belongs to the block before it."""
    if _HEADING.match(text):
        return False
    # Below a line that is a name alone, any text is theirs, across empty lines and items too, until
    # a heading or the next author.
    if _is_alone(now):
        return _named(text, known, alone=True) is None
    if (
        opening_of(text)[0]
        or text.startswith(("|", "@"))
        or (after_blank and not _is_named_text(now))
    ):
        return False
    return _named(text, known) is None


def _is_named_text(block: _RemarkBlock) -> bool:
    """True for a paragraph with an author: the next one without another is theirs too."""
    return bool(block.who) and block.kind == "text"


def _named(text: str, known: dict[str, str], *, alone: bool = False) -> _Author | None:
    """The author that a line names as one that begins something new does."""
    is_item, _, rest = opening_of(text)
    return _author(rest, known, item=is_item, alone=alone)


def _started(number: int, text: str, known: dict[str, str]) -> _RemarkBlock:
    is_item, done, rest = opening_of(text)
    if not is_item:
        kind = "row" if text.startswith("|") else "text"
        # A row's cells say who and what in an order of their own; `_agreed` looks for both.
        author = None if kind == "row" else _author(text, known, alone=True)
        return _block(number, kind, text, author)
    block = _block(number, "item", rest, _author(rest, known, item=True, alone=True))
    block.done = done
    return block


def _is_alone(block: _RemarkBlock) -> bool:
    """True for a name that is all of its line, so that what follows is theirs."""
    return bool(block.who) and block.kind in ("heading", "text") and not any(block.words)


def _block(number: int, kind: str, raw: str, author: _Author | None) -> _RemarkBlock:
    if author is None:
        return _RemarkBlock(number, kind, raw, words=[raw])
    return _RemarkBlock(number, kind, raw, author.who, day=author.day, words=[author.rest])


def _author(
    text: str, known: dict[str, str], *, item: bool = False, alone: bool = False
) -> _Author | None:
    """Who a text says it is from, by its beginning; None where that can't be told.

    An item may begin with `@bob` alone; a paragraph needs a colon or bold type, since `@bob please
    answer` is written to him. `alone` takes a name that is all of the line.
    """
    day: date | None = None
    if drawn := _DRAWN.match(text):
        text = text[drawn.end() :]
    if dated := _DAY.match(text):
        with suppress(ValueError):
            day = day_of(dated[1])
        text = text[dated.end() :]
    if preposition := _FROM.match(text):
        text = text[preposition.end() :]
    if bracketed := _BRACKETED.match(text):
        # `[bob]` could be any word in brackets: it is a name where the decision knows bob, or with
        # its @.
        who = known.get(bracketed[1].casefold(), "") or (
            bracketed[1] if text[1] == "@" and is_handle(bracketed[1]) else ""
        )
        return _Author(who, day, text[bracketed.end() :]) if who and item else None
    strong = _OPENED.match(text)
    rest = text[strong.end() :] if strong else text
    if linked := _LINKED.match(rest):
        name, rest = linked[1], rest[linked.end() :]
        marked = _MARKED.fullmatch(name)
        who = marked[1] if marked else known.get(name.casefold(), "")
        is_marked = marked is not None
    else:
        marked = _MARKED.match(rest)
        named = marked or _WORD.match(rest)
        if named is None:
            return None
        # An underscore is a letter to `\w`: in `__bob__` the last two close the bold type and are
        # no part of the name.
        who = (marked[1] if marked else named[0]).rstrip("_" if strong else "")
        rest = rest[named.end() - (len(named[0].removeprefix("@")) - len(who)) :]
        who = who if marked else known.get(who.casefold(), "")
        is_marked = marked is not None
    if not who or not is_handle(who):
        return None
    if strong and (colon := re.match(r"[:,]", rest)) and _CLOSED.match(rest, 1):
        rest = rest[colon.end() :]  # `**@bob:** fine`
        rest = ":" + rest[_CLOSED.match(rest).end() :]  # type: ignore[union-attr]
    elif strong and (closed := _CLOSED.match(rest)):
        rest = rest[closed.end() :]
    elif strong and "`" not in strong[0] and "<" not in strong[0]:
        return None  # the bold type goes on: it isn't a name that is set off
    # `@bob and @carol: …` is of two people or written to them; nobody can tell which.
    if _ANOTHER.match(rest):
        return None
    if aside := _ASIDE.match(rest):
        if found := _DAY.match(aside[1]):
            with suppress(ValueError):
                day = day_of(found[1])
        rest = rest[aside.end() :]
    if verb := _VERB.match(rest):
        rest = rest[verb.end() :]
    separated = _COLON.match(rest)
    if separated:
        return _Author(who, day, rest[separated.end() :])
    if not rest.strip():
        return _Author(who, day, "") if alone and not drawn else None
    if strong or (item and is_marked):
        # Without a colon a name must be set off: bold, or first in an item. The words behind it
        # must be apart from it, so that `@bob's` is no author.
        comma = _COMMA.match(rest)
        rest = rest[comma.end() :] if comma else rest
        return _Author(who, day, rest.strip()) if comma or rest[:1] in (" ", "\t") else None
    return None


@dataclass(slots=True)
class _Piece:
    """A paragraph or an item below a block. `goes_on` is true where no empty line is before it."""

    line: int
    text: str
    author: _Author | None
    done: bool | None
    is_item: bool
    goes_on: bool


def _pieces(below: Sequence[tuple[int, str]], known: dict[str, str]) -> Iterator[_Piece]:
    now: _Piece | None = None
    after_blank = False
    for number, line in below:
        text = _QUOTE.sub("", line.strip(), count=1).lstrip()
        if not text:
            after_blank = True
            continue
        is_item, done, rest = opening_of(text)
        author = _author(rest, known, item=is_item)
        if now is not None and not (after_blank or is_item or author):
            now.text += f"\n{text}"
        else:
            if now is not None:
                yield now
            said = author.rest if author else rest
            now = _Piece(number, said, author, done, is_item, not after_blank)
        after_blank = False
    if now is not None:
        yield now


def _remark(block: _RemarkBlock, known: dict[str, str]) -> Remark:
    """A block with its answers.

    A text goes on below its first line. An item below it is an answer, and below a ticked one so
    is a paragraph.
    """
    words = "\n".join(block.words).strip(_NOTHING + "\n") and "\n".join(block.words).strip()
    answers: list[Remark] = []
    for piece in _pieces(block.below, known):
        if piece.author is not None:
            who, day = piece.author.who, piece.author.day
            answers.append(Remark(who, piece.text, piece.line, piece.done, day))
        # A box asks for a tick of its own, so it is never more of the text before it.
        elif piece.done is not None:
            answers.append(Remark("", piece.text, piece.line, piece.done))
        elif not answers and _is_own(piece, words, block):
            gap = "\n" if piece.goes_on or piece.is_item else "\n\n"
            words += gap + (f"- {piece.text}" if piece.is_item else piece.text)
            # `@bob:` may have nothing behind it, and his text in the lines below.
            words = words.lstrip(": \n")
        elif answers and not piece.is_item:
            answers[-1] = replace(answers[-1], text=f"{answers[-1].text}\n\n{piece.text}")
        else:
            answers.append(Remark("", piece.text, piece.line))
    return Remark(block.who, words, block.line, block.done, block.day, tuple(answers))


def _is_own(piece: _Piece, words: str, block: _RemarkBlock) -> bool:
    """True for what goes on with an author's words, and doesn't answer them."""
    if not words or block.kind == "heading" or not any(block.words):
        return True
    if piece.is_item:
        # An item below an author's words answers them, unless the words lead to a list, or the list
        # has begun.
        return words.endswith(":") or words.rpartition("\n")[2].startswith("- ")
    # A tick says that it is settled: what follows is the answer, unless it ends a sentence that has
    # no end yet.
    return not block.done or (piece.goes_on and not _ENDS.search(words))


def named_in(text: str, known: dict[str, str]) -> tuple[list[str], str]:
    """The people a line names, marked or known by their handle, and the line without them."""
    names: list[str] = []

    def without(found: re.Match[str]) -> str:
        who = known.get(found[2].casefold(), found[2] if found[1] else "")
        if not who:
            return found[0]
        names.append(who)
        return " "

    rest = _NAME.sub(without, text)
    return names, rest


def _agreed(block: _RemarkBlock, known: dict[str, str]) -> list[Remark]:
    """`+1 @bob`, `No objection: bob, carol`, `| bob | ok |`: names, and words that agree."""
    # Consent is only read from a short line with nothing below it: what goes on may take it back.
    if block.who or any(line for _, line in block.below) or len(block.raw) > 4 * MOST:
        return []
    if block.kind == "heading" or _TO_SOMEBODY.match(block.raw) or _THANKED.search(block.raw):
        return []
    names, rest = named_in(block.raw, known)
    words = " ".join(rest.replace("|", " ").split()).strip(" ,:;.()–—-&")
    if not names or not says(words, Consent.AGREES):
        return []
    return [Remark(who, words, block.line, block.done) for who in dict.fromkeys(names)]


def _unclear(block: _RemarkBlock, remark: Remark | None, known: dict[str, str]) -> Unclear | None:
    """A block that somebody might have meant as feedback, and that doesn't say whose it is."""
    raw = block.raw.strip()
    if remark is not None and remark.who:
        is_left = "…" in raw or "..." in raw or block.done is False
        if not remark.text and not remark.answers and (block.kind == "text" or not is_left):
            words = NO_OBJECTION if remark.done else "…"
            return Unclear(
                block.line, raw, f"- [{'x' if remark.done else ' '}] @{remark.who}: {words}"
            )
        return None
    below = (_QUOTE.sub("", line.strip(), count=1) for _, line in block.below if line)
    text = " ".join([raw, *below])
    # A line of a table that only draws it, or dots left by a template, are of nobody and no
    # finding.
    if block.kind == "heading" or not raw.strip(_NOTHING + "|: "):
        return None
    marked = _MARKED.search(text)
    names = (known.get(name.casefold(), "") for name in _ANYBODY.findall(text))
    who = next((name for name in names if name), marked[1] if marked else "")
    # “None.” is what a form's empty section is filled with, though it would agree to anything.
    agrees = says(raw, Consent.AGREES) and raw.strip(_NOTHING).casefold() not in _NOBODYS
    if not (who or agrees) and (block.done is not None or not _may_be_somebodys(block, raw)):
        return None
    words = _without_name(block, text, who) or "…"
    if says(words, Consent.AGREES):
        return Unclear(block.line, raw, f"- [x] @{who or 'handle'}: {NO_OBJECTION}")
    tick = "x" if block.done else " "
    return Unclear(block.line, raw, f"- [{tick}] @{who or 'handle'}: {words}")


def _may_be_somebodys(block: _RemarkBlock, raw: str) -> bool:
    if block.kind == "item":
        return True
    return block.kind == "text" and (block.is_under or _A_NAME.match(raw) is not None)


def _without_name(block: _RemarkBlock, text: str, who: str) -> str:
    """What somebody wrote, without the name that is around it."""
    if block.kind == "row":
        text = " ".join(cell.strip() for cell in text.split("|") if cell.strip())
    text = " ".join(text.split())
    if not who or len(text) > LONGEST:
        return text
    name = rf"(?:<\w{{1,9}}>)*[*_`\[(]*@?{re.escape(who)}\b[*_`\])]*(?:</\w{{1,9}}>)*"
    text = re.sub(rf"[ \t]*[,–—-]*[ \t]*{name}\.?\Z", "", text, flags=re.IGNORECASE)
    said = re.sub(
        rf"\A[^:：]{{0,40}}?{name}(?:['’]s)?[^:：\n]{{0,30}}?[:：>|]+[ \t]*",
        "",
        text,
        count=1,
        flags=re.IGNORECASE,
    )
    if said != text:
        return said.strip()
    others = r"(?:[ \t]*(?:,|&|\+|/|and\b)[ \t]*[*_]*@[\w.\-]+[*_]*)*"
    begins = (
        rf"\A(?:cc[ \t]+)?[–—-]?[ \t]*(?i:{name})(?:[ \t]+[^\W\d_a-z]\w+(?!['’])){{0,2}}{others}"
    )
    return re.sub(rf"{begins}[ \t]*[:,，–—-]*[ \t]*", "", text).strip()
