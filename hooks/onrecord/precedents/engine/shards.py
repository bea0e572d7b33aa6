"""The index in small pieces, of which a question fetches only the few it needs.

In: the documents of a base, its index and analyser. Out: `Shards`: texts of JSON, a few kilobytes
each, and what is in all of them. Words are sorted and cut into chunks of equal size, so the
first words of the chunks are the whole table of contents; each word is with its stem's other
forms, so whoever asks needs no stemmer. A word names at most `MOST` documents, those it weighs most
in, hence a chunk stays small however many documents there are.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from json.encoder import encode_basestring
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.precedents.engine.index.features import (
    STEPS,
    Document,
    short_numbers,
)
from onrecord.precedents.engine.index.index import RARITY_STEPS, Floats, Index, Ints
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
TOGETHER = 16
"""Documents whose words are kept together."""

_DIGITS = np.frombuffer(DIGITS.encode(), dtype=np.uint8)

Keep = Callable[[Iterable[str | bytes], Callable[[], str]], str]
"""Gives a text that is made of these parts and of nothing else: one that was kept, or a new one."""


Forms = dict[int, list[str]]
"""Every form of a term in lower case, by the term's number in the index."""


def anew(parts: Iterable[str | bytes], make: Callable[[], str]) -> str:
    """A `Keep` that keeps nothing."""
    return make()


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


class Stem(NamedTuple):
    """A stem's forms, and what is behind them in a chunk."""

    forms: list[str]
    rest: str

    def entry(self, forms: Iterable[str]) -> str:
        """A line of a chunk that holds some of its forms."""
        return f"[{encode_basestring(' '.join(forms))},{self.rest}]"


def shards(known: Forms, index: Index) -> Shards:
    """The shards of a base whose words in every form are `known`; empty for an empty one."""
    width = width_of(index)
    stems, common = _stems(index, known, width)
    starts, chunks = cut(stems)
    top = index.top_rarity / RARITY_STEPS
    return Shards(starts, chunks, tuple(sorted(common, key=_order)), width, top)


def width_of(index: Index) -> int:
    """How many digits the number of a document has."""
    width = 1
    while 64**width < index.size:
        width += 1
    return width


def _order(word: str) -> str:
    """The order in which scripts in a browser sort: by 16-bit units, here as signs of their own."""
    if word.isascii() or max(word) < "\U00010000":
        return word
    units = np.frombuffer(word.encode("utf-16-le", "surrogatepass"), dtype="<u2")
    return "".join(map(chr, units.tolist()))


def forms(vocabulary: Iterable[str]) -> Forms:
    """Every form in lower case of each term, by the term's number in the index.

    Also the other spelling, British or American, of a form that no document spells so.
    """
    lines: set[str] = set()
    for some in vocabulary:
        lines.update(some.split("\n"))
    lines.discard("")
    words = [line.split(" ") for line in lines]
    spelt = {word for word, *_ in words}
    forms: defaultdict[int, set[str]] = defaultdict(set)
    for word, number, *others in words:
        forms[int(number)].add(word)
        if others:
            forms[int(number)].update(one for one in others if one not in spelt)
    return {number: sorted(each, key=_order) for number, each in forms.items()}


def vocabulary_of(
    documents: Sequence[Document], contents: Sequence[bytes], analyser: Analyser, keep: Keep = anew
) -> Iterator[str]:
    """The words of documents, a few documents together: an edit reads only those anew.

    A line for each word: it, its number in the index and, in English, its other spellings.
    `contents` stand for the words of each document.
    """
    known: dict[str, str] = {}
    for low in range(0, len(documents), TOGETHER):
        together = slice(low, low + TOGETHER)
        made = partial(_lines_of, documents[together], analyser, known)
        yield keep(["words", *contents[together]], made)


def _lines_of(documents: Sequence[Document], analyser: Analyser, known: dict[str, str]) -> str:
    """`known` are the lines of words that were met before, by the word."""
    texts = chain.from_iterable((each.title, each.body) for each in documents)
    words = analyser.vocabulary(texts)
    new = [*words.difference(known)]
    numbers = short_numbers([analyser.number(analyser.stem(word)) for word in new]).tolist()
    others = spellings if analyser.language == "english" else lambda _: ()
    for word, number in zip(new, numbers, strict=True):
        known[word] = " ".join((word, str(number), *others(word)))
    return "\n".join(known[word] for word in sorted(words))


def _stems(index: Index, forms: Forms, width: int) -> tuple[list[Stem], list[str]]:
    """Every stem that a text of the base holds, and the forms of those that are common."""
    found = Held.of(index, np.array(sorted(forms), dtype=np.uint32))
    _, rarities = index.rarities(found.terms)
    most_common = max(COMMON_FROM, index.size / COMMON_SHARE)
    is_common = found.counts > most_common
    common = [form for term in found.terms[is_common].tolist() for form in forms[term]]
    found, rarities = found.only(~is_common), rarities[~is_common]
    factor = (rarities / RARITY_STEPS) ** 2 / STEPS
    lengths = index.lengths() / (STEPS * RARITY_STEPS)
    impacts = found.strengths * factor[found.rows] / lengths[found.holders]
    stems = [
        Stem(forms[term], f'{round(rarity * 100 / RARITY_STEPS)},{most},"{written}"')
        for term, rarity, (most, written) in zip(
            found.terms.tolist(), rarities.tolist(), found.written(impacts, width), strict=True
        )
    ]
    return stems, common


@dataclass(frozen=True, slots=True)
class Held:
    """Which documents hold which of some terms: for each posting its row, among `terms`, its
    document and its strength. Rows ascend, and each term has at least one."""

    terms: NDArray[np.uint32]
    rows: Ints
    holders: NDArray[np.int32]
    strengths: NDArray[np.uint8]

    @classmethod
    def of(cls, index: Index, terms: NDArray[np.uint32]) -> Held:
        """Those of sorted terms; of terms that no document holds there are none."""
        at, lone = index.places(terms)
        is_held = (at >= 0) | (lone >= 0)
        terms, at, lone = terms[is_held], at[is_held], lone[is_held]
        is_lone = at < 0
        counts = np.where(is_lone, 1, index.starts[at + 1] - index.starts[at])
        rows = np.repeat(np.arange(len(terms)), counts)
        behind = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        # Postings of several holders and those of one are in two lists.
        places = np.where(is_lone, lone, index.starts[at])[rows] + behind
        alone = is_lone[rows]
        holders = np.empty(len(rows), dtype=np.int32)
        strengths = np.empty(len(rows), dtype=np.uint8)
        for mask, held, strong in (
            (~alone, index.holders, index.strengths),
            (alone, index.lone_holders, index.lone_strengths),
        ):
            holders[mask], strengths[mask] = held[places[mask]], strong[places[mask]]
        return cls(terms, rows, holders, strengths)

    @property
    def counts(self) -> Ints:
        """How many documents hold each term."""
        return np.bincount(self.rows, minlength=len(self.terms))

    def only(self, wanted: NDArray[np.bool_]) -> Held:
        """The same of some of the terms."""
        kept = wanted[self.rows]
        rows = (np.cumsum(wanted) - 1)[self.rows[kept]]
        return Held(self.terms[wanted], rows, self.holders[kept], self.strengths[kept])

    def written(self, impacts: Floats, width: int) -> list[tuple[int, str]]:
        """For each term the weight of its best document in 1/UNIT, and its best `MOST` as text.

        `impacts` are by posting.
        """
        order = np.lexsort((-impacts, self.rows))
        begins = np.cumsum(self.counts) - self.counts
        order = order[np.arange(len(order)) - begins[self.rows[order]] < MOST]
        rows, impacts, holders = self.rows[order], impacts[order], self.holders[order]
        ends = np.cumsum(np.minimum(self.counts, MOST))
        begins = ends - np.minimum(self.counts, MOST)
        most = np.maximum(impacts[begins], 1e-9) if len(order) else impacts
        levels = np.maximum(1, np.rint(impacts / most[rows] * LEVELS)).astype(np.int64)
        signs = np.empty((len(order), width + 1), dtype=np.uint8)
        for place in range(width):
            signs[:, place] = _DIGITS[holders >> 6 * (width - 1 - place) & 63]
        signs[:, width] = _DIGITS[levels]
        text, step = signs.tobytes().decode("ascii"), width + 1
        units = np.maximum(1, np.rint(most * UNIT)).astype(np.int64)
        return [
            (unit, text[begin * step : end * step])
            for unit, begin, end in zip(units.tolist(), begins.tolist(), ends.tolist(), strict=True)
        ]


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
    sorted_stems = sorted((_order(stem.forms[0]), stem) for stem in stems)
    starts: list[str] = []
    keys: list[str] = []
    size = CHUNK
    for key, stem in sorted_stems:
        if size >= CHUNK:
            starts.append(stem.forms[0])
            keys.append(key)
            size = 0
        size += len(stem.rest) + 6 + sum(map(len, stem.forms)) + len(stem.forms)
    chunks: list[list[str]] = [[] for _ in starts]
    for key, stem in sorted_stems:
        place = bisect_right(keys, key) - 1
        if place + 1 == len(keys) or _order(stem.forms[-1]) < keys[place + 1]:
            chunks[place].append(stem.entry(stem.forms))
            continue
        places: defaultdict[int, list[str]] = defaultdict(list)
        for form in stem.forms:
            places[bisect_right(keys, _order(form)) - 1].append(form)
        for place, forms in places.items():
            chunks[place].append(stem.entry(forms))
    return tuple(starts), tuple("[" + ",\n".join(chunk) + "]" for chunk in chunks)
