"""How well the records of a base answer a question in a person's own words.

A question is short and plain, so nothing but its words may count: links, fame, size and age decide
wherever a text is weak. In: an index and the words asked. Out: for each document a score to
order by, and the share of the question that it holds, which tells whether the base speaks of
the subject at all. Words that are common in the language help to order; they are no evidence.

The score is BM25 (Robertson and Zaragoza 2009) of the words, and .6 of that of the pairs of
neighbouring words:  idf (k + 1) c / (c + k (1 - b + b length / mean length)).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from onrecord.precedents.engine.index.features import STEPS, distinct, pairs_of, short_numbers
from onrecord.precedents.engine.index.index import Floats, Index
from onrecord.precedents.engine.index.scoring import postings
from onrecord.text.common_words import common_words
from onrecord.text.spellings import spellings
from onrecord.text.words import Analyser, is_unspaced, words_in

K, B = 1.2, 0.9
"""How soon more mentions stop to count, and how much a long record is held back."""
PAIRS = 0.6
"""A pair of neighbouring words against a word. Chosen with B on a hundred questions, where all
values near these do better than .5 with a B of .75 (docs/reference/ranking.md)."""
MEANING = 2.0
"""What a question means against its words, each taken by how far a record stands out by it."""
PRIOR = 20
"""So many made-up records hold every ordinary word of the language. Without them no word of a young
base would be known to be common; among hundreds of records they count for nothing."""

_WORD = re.compile(r"[^\W\d_]{3,40}")


@dataclass(frozen=True, slots=True)
class Question:
    """The distinct words of a question and their pairs, as the index numbers them."""

    words: NDArray[np.uint32]
    pairs: NDArray[np.uint32]
    ordinary: NDArray[np.bool_]
    """Which of the words are common in the language."""
    untold: frozenset[int]
    """Every word that is."""

    @classmethod
    def of(cls, text: str, analyser: Analyser) -> Self:
        """A question as its text asks it."""
        numbers, _ = analyser.numbers(text)
        words, untold = distinct(short_numbers(numbers)), untold_by(analyser)
        pairs = distinct(pairs_of(np.array(numbers, dtype=np.uint64)))
        ordinary = np.array([word in untold for word in words.tolist()], dtype=np.bool_)
        return cls(words, pairs, ordinary, untold)


def respelt(question: str, index: Index, analyser: Analyser) -> str:
    """A question in the spelling, British or American, that more records use of each word."""
    if analyser.language != "english" or not index.size:
        return question

    def spelt(match: re.Match[str]) -> str:
        word = match[0].lower()
        others = spellings(word)
        most = _holders(index, analyser, word)
        best = max(others, key=lambda one: _holders(index, analyser, one), default="")
        return best if others and _holders(index, analyser, best) > most else match[0]

    return _WORD.sub(spelt, question)


def unheld(question: str, index: Index, analyser: Analyser) -> list[str]:
    """The words of a question, as typed, that no record holds in any form or spelling."""
    untold = untold_by(analyser)
    found = []
    for word in dict.fromkeys(match[0] for match in words_in(question)):
        lower = unicodedata.normalize("NFKC", word).lower()
        if not lower.isalpha() or is_unspaced(lower):
            continue
        (number,) = short_numbers([analyser.number(analyser.stem(lower))]).tolist()
        others = spellings(lower) if analyser.language == "english" else ()
        if number not in untold and not any(
            _holders(index, analyser, one) for one in (lower, *others)
        ):
            found.append(word)
    return found


def _holders(index: Index, analyser: Analyser, word: str) -> int:
    """How many records hold a lower-case word."""
    rows, lone = index.places(short_numbers([analyser.number(analyser.stem(word))]))
    row = int(rows[0])
    return int(index.starts[row + 1] - index.starts[row]) if row >= 0 else int(lone[0] >= 0)


@dataclass(frozen=True, slots=True)
class Answering:
    """For each document its score, and the share (0 to 1) of the question's rarity it holds."""

    scores: Floats
    shares: Floats


def answering(index: Index, asked: Question) -> Answering:
    """How well each document of an index answers a question."""
    if not index.size:
        return Answering(np.zeros(0), np.zeros(0))
    telling, most = _impacts(index, asked.words[~asked.ordinary])
    ordinary, _ = _impacts(index, asked.words[asked.ordinary], PRIOR)
    pairs, _ = _impacts(index, asked.pairs)
    total = telling + ordinary + PAIRS * pairs
    scores = np.rint(total * 1e6) / 1e6  # what every platform agrees on
    return Answering(scores, telling / most if most else telling)


def fused(by_words: Floats, by_meaning: Floats) -> Floats:
    """One score of the two, for every document."""
    score: Floats = np.round(_standing(by_words) + MEANING * _standing(by_meaning), 6)
    return score


def _standing(values: Floats) -> Floats:
    """How many deviations each value is above the mean."""
    deviation = float(values.std())
    return (values - values.mean()) / deviation if deviation else np.zeros_like(values)


def named(asked: Question, names: Iterable[str], analyser: Analyser) -> float:
    """How much of a document's title, or of a question it is asked for by, a question names.

    From 0 to 1, by words that tell something; of several names the one that is named most.
    """
    shares, words = [], set(asked.words.tolist())
    for name in names:
        telling = {*short_numbers(analyser.numbers(name)[0]).tolist()} - asked.untold
        if telling:
            shares.append(len(telling & words) / len(telling))
    return max(shares, default=0.0)


def norms_of(index: Index) -> Floats:
    """What holds a mention back in each document: the longer it is, the more."""
    mean = float(index.masses.mean()) if index.size else 0.0
    return np.asarray(K * (1 - B + B * index.masses / max(mean, 1.0)))


def _impacts(
    index: Index, terms: NDArray[np.uint32], held_besides: int = 0
) -> tuple[Floats, float]:
    """The summed impact of terms on each document, and the most that one could have.

    Of the made-up records so many hold each of the terms.
    """
    rows, lone = index.places(terms)
    known, is_lone = rows >= 0, (rows < 0) & (lone >= 0)
    rows, lone = rows[known], lone[is_lone]
    held = np.zeros(len(terms), dtype=np.int64)
    held[known] = counts = index.starts[rows + 1] - index.starts[rows]
    held[is_lone] = 1
    size = index.size + PRIOR
    held += held_besides
    idf = np.log1p((size - held + 0.5) / (held + 0.5))
    places = postings(index, rows, counts)
    holders = np.concatenate([index.holders[places], index.lone_holders[lone]])
    strengths = np.concatenate([index.strengths[places], index.lone_strengths[lone]])
    value = np.concatenate([np.repeat(idf[known], counts), idf[is_lone]])
    mentions = (strengths / STEPS) ** 2
    impacts = value * mentions * (K + 1) / (mentions + norms_of(index)[holders])
    total = np.bincount(holders, weights=impacts, minlength=index.size)
    return total.astype(np.float64, copy=False), (K + 1) * float(idf.sum())


@lru_cache(maxsize=8)
def untold_by(analyser: Analyser) -> frozenset[int]:
    """The numbers of the words that are common in the language."""
    numbers = [analyser.number(analyser.stem(word)) for word in common_words(analyser.language)]
    return frozenset(short_numbers(numbers).tolist())
