"""The index in small pieces, of which a question fetches only the few it needs.

In: the documents of a base, its index and analyser. Out: `Shards`: texts of JSON, a few kilobytes
each, and what is in all of them. Words are sorted and cut into chunks of equal size, so the
first words of the chunks are the whole table of contents; each word is with its stem's other
forms, so whoever asks needs no stemmer. A word names at most `MOST` documents, those it weighs most
in, hence a chunk stays small however many documents there are.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from onrecord.precedents.engine.index.features import (
    STEPS,
    Document,
    short_numbers,
)
from onrecord.precedents.engine.index.index import RARITY_STEPS, Index
from onrecord.text.spellings import spellings
from onrecord.text.words import Analyser

MOST = 48
"""Documents a word leads to."""
CHUNK = 2_400
"""Characters of a chunk, more or less."""
COMMON_SHARE, COMMON_FROM = 3, 8
"""A word in more than one of three documents, and in more than eight, says too little."""
LEVELS = 63
"""Steps of a weight, from that of the word's best document down to nothing."""
UNIT = 1_000
"""Weights of the best documents are written in thousandths."""
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
"""The digits of numbers of base 64 in postings."""


@dataclass(frozen=True, slots=True)
class Shards:
    """The pieces. `starts` are the first words of `chunks`; `common` the words left out.

    A chunk is a list of `[words, rarity, weight, postings]`: the forms of one stem apart by spaces,
    its idf in hundredths, the weight of its best document in 1/UNIT, and for each document its
    number in `width` digits of base 64 and its share of that weight in one.
    """

    starts: tuple[str, ...]
    chunks: tuple[str, ...]
    common: tuple[str, ...]
    width: int
    top_rarity: float


@dataclass(frozen=True, slots=True)
class Stem:
    """A stem's forms, and what is behind them in a chunk."""

    forms: list[str]
    rest: str

    def entry(self, forms: Iterable[str]) -> str:
        """A line of a chunk that holds some of its forms."""
        return f"[{json.dumps(' '.join(forms), ensure_ascii=False)},{self.rest}]"


def shards(known: dict[int, list[str]], index: Index) -> Shards:
    """The shards of a base whose words in every form are `known`; empty for an empty one."""
    width = 1
    while 64**width < index.size:
        width += 1
    stems, common = _stems(index, known, width)
    starts, chunks = cut(stems)
    top = index.top_rarity / RARITY_STEPS
    return Shards(starts, chunks, tuple(sorted(common, key=_order)), width, top)


def _order(word: str) -> bytes:
    """The order in which scripts in a browser sort: by 16-bit units."""
    return word.encode("utf-16-be", "surrogatepass")


def forms(documents: Sequence[Document], analyser: Analyser) -> dict[int, list[str]]:
    """Every form in lower case of each term, by the term's number in the index.

    In English also the other spelling, British or American, of a form that no document spells so.
    """
    words = analyser.vocabulary(chain.from_iterable((d.title, d.body) for d in documents))
    forms: defaultdict[int, set[str]] = defaultdict(set)
    numbers = [analyser.number(analyser.stem(word)) for word in words]
    for word, number in zip(words, short_numbers(numbers).tolist(), strict=True):
        forms[number].add(word)
        if analyser.language == "english":
            forms[number].update(one for one in spellings(word) if one not in words)
    return {number: sorted(each, key=_order) for number, each in forms.items()}


def _stems(index: Index, forms: dict[int, list[str]], width: int) -> tuple[list[Stem], list[str]]:
    """Every stem that a text of the base holds, and the forms of those that are common."""
    wanted = np.array(sorted(forms), dtype=np.uint32)
    names = [digits(number, width) for number in range(index.size)]
    lengths = index.lengths() / (STEPS * RARITY_STEPS)
    stems: list[Stem] = []
    common: list[str] = []

    def add(number: int, rarity: int, holders: list[int], impacts: list[float]) -> None:
        most = max(impacts[0], 1e-9)
        written = "".join(
            names[holder] + DIGITS[max(1, round(impact / most * LEVELS))]
            for holder, impact in zip(holders, impacts, strict=True)
        )
        rest = f'{round(rarity * 100 / RARITY_STEPS)},{max(1, round(most * UNIT))},"{written}"'
        stems.append(Stem(forms[number], rest))

    rows, rarities = index.rarities(wanted)
    most_common = max(COMMON_FROM, index.size / COMMON_SHARE)
    for number, row, rarity in zip(wanted.tolist(), rows.tolist(), rarities.tolist(), strict=True):
        if row < 0:
            continue
        span = slice(index.starts[row], index.starts[row + 1])
        holders = index.holders[span]
        if len(holders) > most_common:
            common += forms[number]
            continue
        impact = index.strengths[span] * ((rarity / RARITY_STEPS) ** 2 / STEPS) / lengths[holders]
        best = np.argsort(-impact, kind="stable")[:MOST]
        add(number, rarity, holders[best].tolist(), impact[best].tolist())
    _, at, lone = np.intersect1d(wanted, index.lone_terms, return_indices=True)
    holders = index.lone_holders[lone]
    idf = index.top_rarity / RARITY_STEPS
    impact = index.lone_strengths[lone] * (idf**2 / STEPS) / lengths[holders]
    for number, holder, value in zip(
        wanted[at].tolist(), holders.tolist(), impact.tolist(), strict=True
    ):
        add(number, index.top_rarity, [holder], [value])
    return stems, common


def digits(value: int, width: int) -> str:
    """A number in so many digits of base 64."""
    digits = ""
    for _ in range(width):
        value, digit = divmod(value, 64)
        digits = DIGITS[digit] + digits
    return digits


def cut(stems: Iterable[Stem]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """First words and chunks, in order of the words.

    A form that sorts elsewhere takes its stem along to where it is.
    """
    stems = sorted(stems, key=lambda stem: _order(stem.forms[0]))
    starts: list[str] = []
    size = CHUNK
    for stem in stems:
        if size >= CHUNK:
            starts.append(stem.forms[0])
            size = 0
        size += len(stem.rest) + 6 + sum(len(form) + 1 for form in stem.forms)
    keys = [_order(start) for start in starts]
    chunks: list[list[str]] = [[] for _ in starts]
    for stem in stems:
        places: defaultdict[int, list[str]] = defaultdict(list)
        for form in stem.forms:
            places[max(0, bisect_right(keys, _order(form)) - 1)].append(form)
        for place, forms in places.items():
            chunks[place].append(stem.entry(forms))
    return tuple(starts), tuple("[" + ",\n".join(chunk) + "]" for chunk in chunks)
