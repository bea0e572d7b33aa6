"""The index of a base: which documents hold which terms, how rare these are, how long those.

In: the features of all documents in time order. Out: `Index`, plain arrays that are kept on disk.
Strengths and rarities are whole numbers, and so are their products and sums (below 2^53), hence the
order of adding does not matter and every machine gets the same scores from it.

Score of document d for query q (square-root tf x idf, pivoted length normalisation after Singhal,
Buckley and Mitra 1996):  sum(q_t d_t) / (|q| (0.25 P + 0.75 |d|)).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.precedents.features import Features

SLOPE = 0.75
"""How much a document's length counts against it; 1 would be the plain cosine."""
RARITY_STEPS = 128
"""Rarity (idf) is stored in whole 1/128."""
MILESTONES_FROM = 1024
"""From this size on rarity is frozen between milestones, so a new record changes no old score."""
MOST_DOCUMENTS = 1 << 24
_CHUNK = 1 << 20

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Document frequencies fall into half-octaves: one record more or less then moves few rarities, and
# only what has moved needs to be scored again. It costs nothing in quality.
_BUCKETS = 48
_BUCKET_EDGES = 2.0 ** ((np.arange(_BUCKETS) + 0.5) / 2)
_BUCKET_SIZES = 2.0 ** (np.arange(_BUCKETS + 1) / 2)


@dataclass(frozen=True)
class Index:
    """Postings by term, lengths by document. Documents are numbered in time order."""

    terms: NDArray[np.uint32]
    """Sorted numbers of the terms that at least two documents hold."""
    rarity: NDArray[np.int32]
    """Whole 1/128 of the idf of each of them."""
    starts: Ints
    """Where each term's postings start; one more entry than terms."""
    holders: NDArray[np.int32]
    """Postings: document numbers, ascending within a term."""
    strengths: NDArray[np.uint8]
    lone_terms: NDArray[np.uint32]
    """Sorted numbers of the terms that one document alone holds: only a new text can meet them."""
    lone_holders: NDArray[np.int32]
    lone_strengths: NDArray[np.uint8]
    sizes: NDArray[np.int32]
    """How many terms each document holds."""
    norms: Floats
    """Euclidean length of each document's weights."""
    title_starts: Ints
    titles: NDArray[np.uint32]
    """Numbers of the terms of all titles, document after document."""
    scalars: Ints
    """Rarity of a term no other document holds; pivot of the length normalisation."""

    @property
    def size(self) -> int:
        """Number of documents."""
        return len(self.norms)

    @property
    def top_rarity(self) -> int:
        """Rarity of a term that one document holds, or none."""
        return int(self.scalars[0])

    @property
    def pivot(self) -> int:
        """The middling length."""
        return int(self.scalars[1])

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The parts by name, as `from_arrays` takes them."""
        return {part.name: getattr(self, part.name) for part in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Index:
        """The index whose `arrays` these are; KeyError where one is missing."""
        return cls(**{part.name: arrays[part.name] for part in fields(cls)})

    def rarities(self, terms: NDArray[np.uint32]) -> tuple[Ints, Ints]:
        """Row of each term, -1 for unknown ones, and its rarity."""
        if not len(self.terms):
            return np.full(len(terms), -1), np.full(len(terms), self.top_rarity)
        at = np.searchsorted(self.terms, terms)
        at[at == len(self.terms)] = 0
        known = self.terms[at] == terms
        rows = np.where(known, at, -1)
        return rows, np.where(known, self.rarity[at], self.top_rarity).astype(np.int64)

    def lengths(self) -> Floats:
        """What a document's score is divided by."""
        return (1 - SLOPE) * self.pivot + SLOPE * self.norms


def milestone(size: int) -> int:
    """How many of the oldest documents rarity is taken from: all, or the last of 4 per octave."""
    if size < MILESTONES_FROM:
        return size
    octave = 1 << (size.bit_length() - 1)
    return octave + (size - octave) // (octave // 4) * (octave // 4)


def build(features: Sequence[Features]) -> Index:
    """The index of documents given in time order."""
    size, counted = len(features), milestone(len(features))
    if size >= MOST_DOCUMENTS:
        raise ValueError(f"{size} documents: the index takes at most {MOST_DOCUMENTS - 1}")
    total = sum(len(item.terms) for item in features)
    packed = np.empty(total, dtype=np.uint64)
    at = 0
    for number, item in enumerate(features):
        part = packed[at : at + len(item.terms)]
        np.left_shift(item.terms, np.uint64(32), out=part, casting="unsafe", dtype=np.uint64)
        part |= np.uint64(number << 8)
        part |= item.strengths
        at += len(item.terms)
    packed.sort()
    first = _firsts(packed)
    count = np.append(first[1:], np.int32(total))[: len(first)] - first
    shared = count >= 2
    rarity_of = _rarity_table(counted)
    top = int(rarity_of[0])
    squares = np.zeros(size)
    single = first[~shared]
    lone_terms = np.empty(len(single), dtype=np.uint32)
    lone_holders = np.empty(len(single), dtype=np.int32)
    lone_strengths = np.empty(len(single), dtype=np.uint8)
    for low in range(0, len(single), _CHUNK):
        lone = packed[single[low : low + _CHUNK]]
        part_of = slice(low, low + _CHUNK)
        lone_terms[part_of] = (lone >> np.uint64(32)).astype(np.uint32)
        lone_holders[part_of] = _holder(lone)
        lone_strengths[part_of] = lone.astype(np.uint8)
        weight = lone_strengths[part_of].astype(np.float64) * top
        squares += np.bincount(lone_holders[part_of], weights=weight * weight, minlength=size)
    del single
    terms = (packed[first[shared]] >> np.uint64(32)).astype(np.uint32)
    keep = np.repeat(shared, count)
    count = count[shared]
    starts = np.zeros(len(count) + 1, dtype=np.int64)
    np.cumsum(count, out=starts[1:])
    holder = np.empty(int(starts[-1]), dtype=np.int32)
    strength = np.empty(int(starts[-1]), dtype=np.uint8)
    at = 0
    for low in range(0, total, _CHUNK):
        some = packed[low : low + _CHUNK][keep[low : low + _CHUNK]]
        holder[at : at + len(some)] = _holder(some)
        strength[at : at + len(some)] = some.astype(np.uint8)
        at += len(some)
    del packed, keep, first
    early = count
    if counted < size:
        late = np.searchsorted(starts, np.flatnonzero(holder >= counted), side="right") - 1
        early = count - np.bincount(late, minlength=len(count))
    rarity: NDArray[np.int32] = rarity_of[_bucket(early)]
    for low in range(0, len(terms), _CHUNK // 8):
        high = min(low + _CHUNK // 8, len(terms))
        span = slice(starts[low], starts[high])
        heavy = strength[span] * np.repeat(rarity[low:high], count[low:high]).astype(np.float64)
        squares += np.bincount(holder[span], weights=heavy * heavy, minlength=size)
    norms = np.sqrt(squares)
    title_starts = np.cumsum([0, *(len(item.title) for item in features)], dtype=np.int64)
    titles = np.concatenate([np.empty(0, np.uint32), *(item.title for item in features)])
    scalars = np.array([top, _pivot(norms[:counted])], dtype=np.int64)
    sizes = np.array([len(item.terms) for item in features], dtype=np.int32)
    return Index(
        terms,
        rarity,
        starts,
        holder,
        strength,
        lone_terms,
        lone_holders,
        lone_strengths,
        sizes,
        norms,
        title_starts,
        titles,
        scalars,
    )


def _firsts(packed: NDArray[np.uint64]) -> NDArray[np.int32]:
    """Where a new term begins. Whole 32-bit numbers reach for two thousand million postings."""
    found = [np.zeros(min(1, len(packed)), dtype=np.int32)]
    for low in range(1, len(packed), _CHUNK):
        part = packed[low - 1 : low + _CHUNK] >> np.uint64(32)
        found.append((np.flatnonzero(part[1:] != part[:-1]) + low).astype(np.int32))
    return np.concatenate(found)


def _holder(packed: NDArray[np.uint64]) -> NDArray[np.int32]:
    return ((packed >> np.uint64(8)) & np.uint64(0xFFFFFF)).astype(np.int32)


def _bucket(counts: NDArray[Any]) -> Ints:
    return np.searchsorted(_BUCKET_EDGES, counts)


def _rarity_table(counted: int) -> NDArray[np.int32]:
    idf = np.log((counted + 1) / (_BUCKET_SIZES + 0.5))
    table: NDArray[np.int32] = np.rint(np.maximum(idf, 0) * RARITY_STEPS).astype(np.int32)
    return table


def _pivot(norms: Floats) -> int:
    """The mean length, in steps of 2 per cent so that one record more or less seldom moves it."""
    mean = sum(norms.tolist()) / max(len(norms), 1)
    if mean < 1:
        return 1
    return max(1, round(1.02 ** round(float(np.log(mean)) / float(np.log(1.02)))))
