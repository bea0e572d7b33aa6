"""Sentences of the prose in Markdown, as a person would read them aloud.

In: a text. Out: its sentences in order, without decoration, and how much each is one. Code, tables,
headings, comments, images and tables of contents are no prose; a sentence that was cut is no
sentence.
"""

from __future__ import annotations

import re
import sys
from html import unescape

from onrecord.text.unseen import without_comments
from onrecord.text.words import LINK, SENTENCE_END

ENDS = frozenset('.!?…؟۔।॥։。！？"”»)')
"""What a whole sentence ends with."""
BEGINS = frozenset("\"“„«'‘`@#")
"""What it may begin with, besides letters and figures."""

_FENCED = re.compile(
    r"^[ \t]*(?:(?:[-*+>]|\d+[.)])[ \t]+)*(`{3,}|~{3,})[^`\n]*(?:\n.*?^[ \t>]*\1[^\n]*$|.*\Z)",
    re.MULTILINE | re.DOTALL,
)
_BREAK = re.compile(r"\n\s*\n|\n(?=\s*(?:(?:[-*+]|\d+[.)]|#{1,6})\s|>|\|))")
_NOT_PROSE = re.compile(
    r"\s*+(?:#{1,6}\s|\||<[a-zA-Z/]|---|===|\[[^\]]+\]:|[^\n]+\n(?:===|---))"
    # An item that is a link and nothing else belongs to a table of contents.
    r"|\s*+(?:[-*+]|\d+[.)])\s+\[[^\n]*\]\([^()\s]*\)\s*\Z"
)
_DEFINED = re.compile(r"^ {0,3}\[([^\[\]\n^]+)\]:\s", re.MULTILINE)
_SHORT_LINK = re.compile(r"\[([^\[\]\n]+)\](?:\[\])?")
_PICTURE = re.compile(r"!\[[^\[\]]*\]\((?:[^()]++|\([^()]*\))*+\)|\[\^[^\[\]\s]+\]")
_DECORATION = re.compile(
    r"(?P<ticks>`{1,2})(?P<code>[^`]+)(?P=ticks)|\\(?P<sign>[!-/:-@\[-`{-~])"
    r"|[*`]+|~~|(?<!\w)_+|_+(?!\w)|\A\s*(?:(?:[-*+>]|\d+[.)])\s+)+(?:\[[ xX]\]\s+)?"
    r"|</?[a-zA-Z][^<>\n]{0,80}>"
)
_ABBREVIATED = re.compile(
    r"\b(?:[Ee]\.g|[Ii]\.e|z|z\.\s?B|d|d\.\s?h|vs|cf|bzw|ca|Nr|Fig|[A-Z])\.\Z"
)


def sentences(text: str, read: int) -> list[str]:
    """The sentences in the first `read` characters, or in more where these hold few."""
    defined = {found.casefold() for found in _DEFINED.findall(text)} if "]:" in text else set()
    found = _in_beginning(text, defined, read)
    if len(text) > read and sum(map(len, found)) < read // 3:
        found = _in_beginning(text, defined, 3 * read, read)  # a long table of contents came first
    return found


def prose(sentence: str) -> float:
    """From 0 to 1: how much a text is a whole sentence of words.

    Paths, figures and code count against it; so does a label without an end, or the rest of a
    sentence that was cut.
    """
    plain = sentence.count(" ")
    if sentence.isascii():
        plain += sum(map(str.isalpha, sentence))
    else:  # many scripts write vowels as marks, which are no letters to Unicode
        plain += sum(each.isalpha() or each > "\x7f" for each in sentence)
    # To the fourth power: a sentence with a path in it stays one, a list of paths becomes next to
    # nothing.
    share = float((plain / max(len(sentence), 1)) ** 4)
    first = sentence[:1]
    begins = 0.5 if first.islower() else 1.0 if first.isalnum() or first in BEGINS else 0.3
    return share * begins * (1.0 if sentence[-1:] in ENDS else 0.5)


def _in_beginning(text: str, defined: set[str], read: int, enough: int = sys.maxsize) -> list[str]:
    out: list[str] = []
    for block in _BREAK.split(_FENCED.sub("\n\n", without_comments(text[:read]))):
        if not _NOT_PROSE.match(block):
            more = _split(_plain(block, defined))
            out += more
            enough -= sum(map(len, more))
            if enough < 0:
                return out
    if len(text) > read and out:
        out.pop()  # it goes on behind what was read
    return out


def _plain(block: str, defined: set[str]) -> str:
    if "[" in block:
        block = LINK.sub(r"\1", _PICTURE.sub("", block))
        if defined:
            block = _SHORT_LINK.sub(
                lambda found: found[1] if found[1].casefold() in defined else found[0], block
            )
    block = _DECORATION.sub(lambda found: found["code"] or found["sign"] or "", block)
    return unescape(" ".join(block.split()))


def _split(text: str) -> list[str]:
    out: list[str] = []
    begin = 0
    for end in SENTENCE_END.finditer(text):
        goes_on = text[end.end()].islower() if end.end() < len(text) else False
        if goes_on and (end[0].strip() or text.endswith("etc.", begin, end.start())):
            continue  # a bracket or a quotation closes, and its sentence doesn't
        if not _ABBREVIATED.search(text, begin, end.start()):
            out.append(text[begin : end.end()].rstrip())
            begin = end.end()
    out.append(text[begin:])
    return list(filter(None, out))
