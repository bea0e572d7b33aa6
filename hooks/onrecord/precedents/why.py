"""Why a document was found, in its own words.

In: the asking and the found document, and how rare terms are. Out: `Why`: the sentence or two of the
found one that match best, as plain text with the spans of the matching words, and the labels and
links both share. No markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from onrecord.precedents.features import Document
from onrecord.precedents.text import Analyser, Term

SENTENCES = 2
LONGEST = 320
"""Characters of one quoted sentence; longer ones are cut around their best part."""
READ = 200_000
"""Characters of either text that are looked at."""
MARKED_FROM = 0.12
"""Words rarer than this (0 everywhere, 1 nowhere else) are worth marking."""

_FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.M | re.S)
_BREAK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d+[.)]|#{1,6}|>|\|)\s?)")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”’)\]]*\s+(?=[^\W_]|[\"“(\[])|(?<=[。！？])")
_NOT_PROSE = re.compile(r"^\s*(?:#{1,6}\s|\||<!--|<[a-zA-Z/]|---|===|\[[^\]]+\]:)")
_LINK = re.compile(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_DECORATION = re.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)|^\s*(?:[-*+>]|\d+[.)])\s+|<[^<>\n]{1,80}>")


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of the found document; `marks` are (start, end) of its matching words."""

    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Why:
    """What two documents share."""

    quotes: tuple[Quote, ...] = ()
    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    """Ids that both link to."""


def explain(
    asked: Document,
    found: Document,
    analyser: Analyser,
    rarity: Callable[[Sequence[str]], list[float]],
) -> Why:
    """Why `found` answers `asked`."""
    wanted = {term.term for term in analyser.terms(f"{asked.title}\n\n{asked.body[:READ]}")}
    targets = {link.target for link in asked.links} - {found.id}
    return Why(
        _quotes(found.body[:READ], wanted, analyser, rarity),
        _shared(asked.tags, found.tags),
        _shared(asked.people, found.people),
        _shared(asked.urls, found.urls),
        tuple(sorted(targets & {link.target for link in found.links} - {asked.id})),
    )


def _shared(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """Labels of `other` that `one` has too, as `other` spells them."""
    known = {label.strip().casefold() for label in one}
    return tuple(dict.fromkeys(label for label in other if label.strip().casefold() in known))


def _sentences(text: str) -> list[str]:
    """Sentences of the prose in Markdown, without its decoration."""
    out: list[str] = []
    for block in _BREAK.split(_FENCE.sub("\n\n", text)):
        if _NOT_PROSE.match(block):
            continue
        plain = _LINK.sub(r"\1", block)
        plain = " ".join(_DECORATION.sub("", plain).split())
        out.extend(sentence for sentence in _SENTENCE.split(plain) if sentence)
    return out


def _quotes(
    text: str,
    wanted: set[str],
    analyser: Analyser,
    rarity: Callable[[Sequence[str]], list[float]],
) -> tuple[Quote, ...]:
    sentences = _sentences(text)
    terms = [analyser.terms(sentence) for sentence in sentences]
    shared = sorted({term.term for each in terms for term in each} & wanted)
    weight = {
        term: value
        for term, value in zip(shared, rarity(shared), strict=True)
        if value >= MARKED_FROM
    }
    ranked = sorted(
        (-_worth(each, weight), place) for place, each in enumerate(terms) if len(each) > 3
    )
    chosen: list[int] = []
    covered: set[str] = set()
    for worth, place in ranked[:20]:
        new = {term.term for term in terms[place]} & weight.keys() - covered
        # A second sentence has to say something that the first did not.
        if worth < 0 and (not chosen or sum(weight[term] for term in new) * 2 > -worth * 0.5):
            chosen.append(place)
            covered |= new
        if len(chosen) == SENTENCES:
            break
    return tuple(_quote(sentences[place], terms[place], weight) for place in sorted(chosen))


def _worth(terms: Sequence[Term], weight: dict[str, float]) -> float:
    """Rarity of the shared words, and again of those that follow one another; long ones pay."""
    distinct = {term.term for term in terms} & weight.keys()
    single = sum(weight[term] ** 2 for term in sorted(distinct))
    pairs = {
        (one.term, other.term)
        for one, other in pairwise(terms)
        if one.term in weight and other.term in weight
    }
    double = sum(weight[one] * weight[other] for one, other in sorted(pairs))
    return float((single + double) / (12 + len(terms)) ** 0.5)


def _quote(sentence: str, terms: Sequence[Term], weight: dict[str, float]) -> Quote:
    marks = [(term.start, term.end) for term in terms if term.term in weight]
    if len(sentence) > LONGEST:
        starts = [start for start, _ in marks] or [0]
        reach = [sum(at <= other < at + LONGEST - 20 for other in starts) for at in starts]
        begin = starts[reach.index(max(reach))]
        begin = max(0, min(begin - 20, len(sentence) - LONGEST))
        begin = sentence.find(" ", begin) + 1 if begin else 0
        end = min(len(sentence), begin + LONGEST)
        if end < len(sentence):
            end = max(sentence.rfind(" ", begin, end), begin + LONGEST // 2)
        head, tail = "… " if begin else "", " …" if end < len(sentence) else ""
        marks = [
            (start - begin + len(head), stop - begin + len(head))
            for start, stop in marks
            if start >= begin and stop <= end
        ]
        sentence = head + sentence[begin:end] + tail
    return Quote(sentence, _joined(marks))


def _joined(marks: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Marks in order, overlapping ones (character pairs) as one."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return tuple(out)
