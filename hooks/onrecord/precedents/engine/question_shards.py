"""The index of questions in small pieces: what a browser needs to rank by words as `question` does.

In: the documents of a base, its index and analyser. Out: `QuestionShards`, JSON of a few kilobytes
each. A word leads to the `MOST` documents that it weighs most in, by BM25. The pairs of
neighbouring words are kept with each document, as hashes: who asks looks at those of the best few.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np

from onrecord.precedents.engine.index.features import STEPS, short_numbers
from onrecord.precedents.engine.index.index import Index
from onrecord.precedents.engine.question import PRIOR, K, norms_of, untold_by
from onrecord.precedents.engine.shards import Held, Stem, cut, digits, width_of
from onrecord.text.words import Analyser

PAIR_BITS = 18
"""A pair of words is a hash of so many bits: three digits, and one in a thousand met by chance."""
MOST_PAIRS = 240
"""Pairs of a document that are kept, from the beginning of what it says it is about."""


@dataclass(frozen=True, slots=True)
class QuestionShards:
    """The pieces. `starts` are the first words of `chunks`.

    A chunk is a list of `[words, number, idf, ordinary, weight, postings]`: the forms of one stem
    and its number, its idf in hundredths, 1 for a word that is no evidence, the impact on its best
    document in 1/UNIT, and the postings as in `Shards`. `unknown` is the idf of a word that no
    document holds.
    """

    starts: tuple[str, ...]
    chunks: tuple[str, ...]
    width: int
    unknown: float


def question_shards(
    known: Mapping[int, list[str]], index: Index, analyser: Analyser
) -> QuestionShards:
    """The pieces of a base whose words in every form are `known`."""
    width, norms, size = width_of(index), norms_of(index), index.size + PRIOR
    found = Held.of(index, np.array(sorted(known), dtype=np.uint32))
    ordinary = np.isin(found.terms, np.array(sorted(untold_by(analyser)), dtype=np.uint32))
    held = found.counts + np.where(ordinary, PRIOR, 0)
    idf = np.log1p((size - held + 0.5) / (held + 0.5))
    counts = (found.strengths / STEPS) ** 2
    impacts = idf[found.rows] * counts * (K + 1) / (counts + norms[found.holders])
    stems = [
        Stem(known[term], f'{term},{rarity},{is_ordinary:d},{most},"{written}"')
        for term, rarity, is_ordinary, (most, written) in zip(
            found.terms.tolist(),
            np.rint(idf * 100).astype(int).tolist(),
            ordinary.tolist(),
            found.written(impacts, width),
            strict=True,
        )
    ]
    starts, chunks = cut(stems)
    return QuestionShards(starts, chunks, width, float(np.log1p((size + 0.5) / 0.5)))


def pair_signs(texts: Iterable[str], analyser: Analyser) -> str:
    """The pairs of neighbouring words of some texts, each once, as hashes of three digits.

    A pair of two words that are common in the language tells nothing and is left out.
    """
    untold = untold_by(analyser)
    found: dict[int, None] = {}
    for one, other in chain.from_iterable(_pairs_of(text, analyser) for text in texts):
        if not (one in untold and other in untold):
            found[(one * 31 + other) % (1 << PAIR_BITS)] = None
        if len(found) >= MOST_PAIRS:
            break
    return "".join(digits(sign, PAIR_BITS // 6) for sign in found)


def _pairs_of(text: str, analyser: Analyser) -> Iterator[tuple[int, int]]:
    """Neighbouring words, by their numbers. A text is read only as far as somebody asks."""
    blocks = (analyser.numbers(block)[0] for block in text.split("\n\n"))
    return pairwise(chain.from_iterable(short_numbers(block).tolist() for block in blocks))
