"""The index of questions in small pieces: what a browser needs to rank by words as `question` does.

In: the documents of a base, its index and analyser. Out: `QuestionShards`, JSON of a few kilobytes
each. A word leads to the `MOST` documents that it weighs most in, by BM25. The pairs of
neighbouring words are kept with each document, as hashes: who asks looks at those of the best few.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from onrecord.precedents.engine.index.features import STEPS, short_numbers
from onrecord.precedents.engine.index.index import Index
from onrecord.precedents.engine.question import PRIOR, K, norms_of, untold_by
from onrecord.precedents.engine.shards import DIGITS, LEVELS, MOST, UNIT, Stem, cut, digits
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
    width = 1
    while 64**width < index.size:
        width += 1
    numbers = np.array(sorted(known), dtype=np.uint32)
    ordinary = np.isin(numbers, np.array(sorted(untold_by(analyser)), dtype=np.uint32))
    names = [digits(number, width) for number in range(index.size)]
    norms = norms_of(index)
    size = index.size + PRIOR
    rows, lone = index.places(numbers)
    stems = []
    for number, row, place, is_ordinary in zip(
        numbers.tolist(), rows.tolist(), lone.tolist(), ordinary.tolist(), strict=True
    ):
        if row >= 0:
            span = slice(int(index.starts[row]), int(index.starts[row + 1]))
            holders, strengths = index.holders[span], index.strengths[span]
        elif place >= 0:
            holders = index.lone_holders[place : place + 1]
            strengths = index.lone_strengths[place : place + 1]
        else:
            continue
        held = len(holders) + (PRIOR if is_ordinary else 0)
        idf = float(np.log1p((size - held + 0.5) / (held + 0.5)))
        counts = (strengths / STEPS) ** 2
        impact = idf * counts * (K + 1) / (counts + norms[holders])
        best = np.argsort(-impact, kind="stable")[:MOST]
        most = max(float(impact[best[0]]), 1e-9)
        written = "".join(
            names[holder] + DIGITS[max(1, round(value / most * LEVELS))]
            for holder, value in zip(holders[best].tolist(), impact[best].tolist(), strict=True)
        )
        facts = (number, round(idf * 100), int(is_ordinary), max(1, round(most * UNIT)), written)
        stems.append(Stem(known[number], json.dumps(facts, separators=(",", ":"))[1:-1]))
    starts, chunks = cut(stems)
    return QuestionShards(starts, chunks, width, float(np.log1p((size + 0.5) / 0.5)))


def pair_signs(texts: Iterable[str], analyser: Analyser) -> str:
    """The pairs of neighbouring words of some texts, each once, as hashes of three digits.

    A pair of two words that are common in the language tells nothing and is left out.
    """
    untold = untold_by(analyser)
    found: dict[int, None] = {}
    for text in texts:
        numbers = short_numbers(analyser.numbers(text)[0]).tolist()
        for one, other in pairwise(numbers):
            if not (one in untold and other in untold):
                found[(one * 31 + other) % (1 << PAIR_BITS)] = None
            if len(found) >= MOST_PAIRS:
                break
    return "".join(digits(sign, PAIR_BITS // 6) for sign in found)
