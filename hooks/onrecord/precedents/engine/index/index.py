"""The index of a base: which documents hold which terms, how rare these are, how long those.

In: the features of all documents in time order. Out: `Index`, plain arrays that are kept on disk.
Strengths and rarities are whole numbers, and so are their products and sums (below 2^53), hence the
order of adding does not matter and every machine gets the same scores from it.

Score of document d for query q (square-root tf x idf, pivoted length normalisation after Singhal,
Buckley and Mitra 1996):  sum(q_t d_t) / (|q| (0.25 P + 0.75 |d|)).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.precedents.engine.index.features import Features
from onrecord.precedents.engine.index.typical import Stretch, so_far, typical

SLOPE = 0.75
"""How much a document's length counts against it; 1 would be the plain cosine."""
RARITY_STEPS = 128
"""Rarity (idf) is stored in whole 1/128."""
MILESTONES_FROM = 1024
"""From this size on rarity is frozen between milestones, so a new record changes no old score."""
MOST_DOCUMENTS = 1 << 24
_CHUNK = 1 << 20
_MIX_TERM = np.uint64(0x9E3779B97F4A7C15)
_MIX_SHARE = np.uint64(0xC2B2AE3D27D4EB4F)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Document frequencies fall into half-octaves: one record more or less then moves few rarities, and
# only what has moved needs to be scored again. It costs nothing in quality.
_BUCKETS = 48
_BUCKET_EDGES = 2.0 ** ((np.arange(_BUCKETS) + 0.5) / 2)
_BUCKET_SIZES = 2.0 ** (np.arange(_BUCKETS + 1) / 2)


@dataclass(frozen=True)
class Postings:
    """Which documents hold which terms: the part of an index that one text can be taken out of."""

    terms: NDArray[np.uint32]
    """Sorted numbers of the terms that at least two documents hold."""
    starts: Ints
    """Where each term's postings start; one more entry than terms."""
    holders: NDArray[np.int32]
    """Postings: document numbers, ascending within a term."""
    strengths: NDArray[np.uint8]
    lone_terms: NDArray[np.uint32]
    """Sorted numbers of the terms that one document alone holds: only a new text can meet them."""
    lone_holders: NDArray[np.int32]
    lone_strengths: NDArray[np.uint8]


@dataclass(frozen=True)
class Index(Postings):
    """Postings by term, lengths by document. Documents are numbered in time order."""

    rarity: NDArray[np.int32]
    """Whole 1/128 of the idf of each term that at least two documents hold."""
    sizes: NDArray[np.int32]
    """How many terms each document holds."""
    norms: Floats
    """Euclidean length of each document's weights."""
    masses: Ints
    """The sum of each document's squared strengths: how much it says, in mentions of 1/256."""
    likeness: NDArray[np.int32]
    """How like each document is, on average, to those of each part of the past; see `typical`."""
    title_starts: Ints
    titles: NDArray[np.uint32]
    """Numbers of the terms of all titles, document after document."""
    phrase_starts: Ints
    phrases: NDArray[np.uint32]
    """The same of the titles' pairs of words."""
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
        rows = _place(self.terms, terms)
        rarity = np.full(len(terms), self.top_rarity, dtype=np.int64)
        rarity[rows >= 0] = self.rarity[rows[rows >= 0]]
        return rows, rarity

    def places(self, terms: NDArray[np.uint32]) -> tuple[Ints, Ints]:
        """Row of each term, and its place among those that one document holds; -1 for neither."""
        return _place(self.terms, terms), _place(self.lone_terms, terms)

    def shares(self, rarity: NDArray[Any], steps: int) -> Ints:
        """Rarities as whole shares of the greatest there is, from 0 to `steps`."""
        return np.rint(rarity * (steps / max(self.top_rarity, 1))).astype(np.int64)

    def rarity_marks(self, steps: int) -> NDArray[np.uint64]:
        """A number for each document that changes when its terms, or their `shares`, do.

        Terms that it alone holds leave no mark.
        """
        shares = self.shares(self.rarity, steps)
        # The sums are of whole numbers of 32 bits and below 2^53, so exact in any order.
        mixed = (self.terms.astype(np.uint64) + np.uint64(1)) * _MIX_TERM
        mixed += shares.astype(np.uint64) * _MIX_SHARE
        amount = (mixed >> np.uint64(32)).astype(np.float64)
        total = np.zeros(self.size)
        for rows, span in stretches(self.starts):
            weights = np.repeat(amount[rows], np.diff(self.starts[rows.start : rows.stop + 1]))
            total += np.bincount(self.holders[span], weights=weights, minlength=self.size)
        return total.astype(np.uint64)

    def lengths(self) -> Floats:
        """What a document's score is divided by."""
        return _lengths(self.norms, self.pivot)

    def typical(self, queries: Ints, documents: Ints) -> Floats:
        """How like documents are, on average, to all that is earlier than a query; rows of them."""
        return so_far(self.likeness, milestone(self.size), queries, documents)


def _place(sorted_terms: NDArray[np.uint32], terms: NDArray[np.uint32]) -> Ints:
    """Where each term is among sorted ones; -1 for one that isn't."""
    if not len(sorted_terms):
        return np.full(len(terms), -1, dtype=np.int64)
    at = np.searchsorted(sorted_terms, terms)
    # Behind the last there is nothing to compare with; the first differs from it as well.
    at[at == len(sorted_terms)] = 0
    return np.where(sorted_terms[at] == terms, at, -1)


def milestone(size: int) -> int:
    """How many of the oldest documents rarity is taken from: all, or the last of 4 per octave."""
    if size < MILESTONES_FROM:
        return size
    # From 1,024: 1,280, 1,536, 1,792, 2,048, and then in steps twice as long.
    octave = 1 << (size.bit_length() - 1)
    return octave + (size - octave) // (octave // 4) * (octave // 4)


def build(features: Sequence[Features]) -> Index:
    """The index of documents given in time order."""
    if len(features) >= MOST_DOCUMENTS:
        raise ValueError(f"{len(features)} documents: the index takes at most {MOST_DOCUMENTS - 1}")
    packed = pack_all(features)
    packed.sort()
    postings = gather(packed)
    del packed
    return complete(
        postings,
        np.array([len(item.terms) for item in features], dtype=np.int32),
        [item.title for item in features],
        [item.phrases for item in features],
    )


def pack_all(features: Sequence[Features]) -> NDArray[np.uint64]:
    """Every term of every document as one number: term, document number, strength."""
    packed = np.empty(sum(len(item.terms) for item in features), dtype=np.uint64)
    at = 0
    for number, item in enumerate(features):
        packed[at : at + len(item.terms)] = pack(item.terms, number, item.strengths)
        at += len(item.terms)
    return packed


def pack(
    terms: NDArray[np.uint32], holders: Ints | int, strengths: NDArray[np.uint8]
) -> NDArray[np.uint64]:
    """Terms with who holds them and how strongly as one number each, which sorts in that order."""
    packed = terms.astype(np.uint64)
    packed <<= np.uint64(32)
    packed |= np.asarray(holders, dtype=np.uint64) << np.uint64(8)
    packed |= strengths
    return packed


def gather(packed: NDArray[np.uint64]) -> Postings:
    """The postings of sorted packed terms."""
    first = _firsts(packed)
    count = np.append(first[1:], np.int32(len(packed)))[: len(first)] - first
    shared = count >= 2
    single = first[~shared]
    lone_terms = np.empty(len(single), dtype=np.uint32)
    lone_holders = np.empty(len(single), dtype=np.int32)
    lone_strengths = np.empty(len(single), dtype=np.uint8)
    # In parts, which bounds the memory: a copy of all would double what is packed.
    for low in range(0, len(single), _CHUNK):
        lone = packed[single[low : low + _CHUNK]]
        part_of = slice(low, low + _CHUNK)
        lone_terms[part_of] = (lone >> np.uint64(32)).astype(np.uint32)
        lone_holders[part_of] = _holder(lone)
        lone_strengths[part_of] = lone.astype(np.uint8)
    del single
    terms = (packed[first[shared]] >> np.uint64(32)).astype(np.uint32)
    keep = np.repeat(shared, count)
    count = count[shared]
    del first, shared
    starts = np.zeros(len(count) + 1, dtype=np.int64)
    np.cumsum(count, out=starts[1:])
    holders = np.empty(int(starts[-1]), dtype=np.int32)
    strengths = np.empty(int(starts[-1]), dtype=np.uint8)
    at = 0
    for low in range(0, len(packed), _CHUNK):
        some = packed[low : low + _CHUNK][keep[low : low + _CHUNK]]
        holders[at : at + len(some)] = _holder(some)
        strengths[at : at + len(some)] = some.astype(np.uint8)
        at += len(some)
    return Postings(terms, starts, holders, strengths, lone_terms, lone_holders, lone_strengths)


def complete(
    postings: Postings,
    sizes: NDArray[np.int32],
    titles: Sequence[NDArray[np.uint32]],
    phrases: Sequence[NDArray[np.uint32]],
) -> Index:
    """The index of postings: with rarities, lengths, and the terms and pairs of the titles."""
    counted = milestone(len(sizes))
    rarity_of = _rarity_table(counted)
    held = _held_early(postings, counted, len(sizes))
    rarity: NDArray[np.int32] = rarity_of[np.searchsorted(_BUCKET_EDGES, held)]
    squares = _squares(postings, rarity, len(sizes))
    norms = np.sqrt(squares + _lone_squares(postings, int(rarity_of[0]), len(sizes)))
    pivot = _pivot(norms[:counted])
    lengths = _lengths(norms, pivot)
    likeness = typical(_weighted(postings, rarity), squares, norms, lengths, counted)
    return Index(
        **vars(postings),
        rarity=rarity,
        sizes=sizes,
        norms=norms,
        masses=_masses(postings, len(sizes)),
        likeness=likeness,
        title_starts=np.cumsum([0, *map(len, titles)], dtype=np.int64),
        titles=np.concatenate([np.empty(0, np.uint32), *titles]),
        phrase_starts=np.cumsum([0, *map(len, phrases)], dtype=np.int64),
        phrases=np.concatenate([np.empty(0, np.uint32), *phrases]),
        scalars=np.array([int(rarity_of[0]), pivot], dtype=np.int64),
    )


def _held_early(postings: Postings, counted: int, size: int) -> NDArray[Any]:
    """By how many of the oldest documents each term is held."""
    if counted == size:
        return np.diff(postings.starts)
    held = np.zeros(len(postings.terms), dtype=np.int64)
    for rows, span in stretches(postings.starts):
        early = postings.holders[span] < counted
        held[rows] = np.add.reduceat(early, postings.starts[rows] - span.start, dtype=np.int64)
    return held


def _squares(postings: Postings, rarity: NDArray[np.int32], size: int) -> Floats:
    """The squared weights of every document's terms, but those that it holds alone.

    Whole numbers, so exact in any order.
    """
    total = np.zeros(size)
    for _, holders, heavy in _weighted(postings, rarity):
        heavy *= heavy
        total += np.bincount(holders, weights=heavy, minlength=size)
    return total


def _lone_squares(postings: Postings, top: int, size: int) -> Floats:
    """The same of the terms that it holds alone."""
    total = np.zeros(size)
    for low in range(0, len(postings.lone_terms), _CHUNK):
        part = slice(low, low + _CHUNK)
        heavy = postings.lone_strengths[part].astype(np.float64) * top
        total += np.bincount(postings.lone_holders[part], weights=heavy * heavy, minlength=size)
    return total


def _masses(postings: Postings, size: int) -> Ints:
    """The sum of the squared strengths of each document's terms."""
    total = np.zeros(size)
    for holders, strengths in (
        (postings.holders, postings.strengths),
        (postings.lone_holders, postings.lone_strengths),
    ):
        for low in range(0, len(holders), _CHUNK):
            part = slice(low, low + _CHUNK)
            total += np.bincount(
                holders[part], weights=strengths[part].astype(np.float64) ** 2, minlength=size
            )
    return total.astype(np.int64)


def _weighted(postings: Postings, rarity: NDArray[np.int32]) -> Iterator[Stretch]:
    """The postings with their weights, stretch after stretch."""
    for rows, span in stretches(postings.starts):
        counts = np.diff(postings.starts[rows.start : rows.stop + 1])
        heavy = np.repeat(rarity[rows].astype(np.float64), counts)
        heavy *= postings.strengths[span]
        yield counts, postings.holders[span], heavy


def _lengths(norms: Floats, pivot: int) -> Floats:
    return (1 - SLOPE) * pivot + SLOPE * norms


def stretches(starts: Ints) -> Iterator[tuple[slice, slice]]:
    """Rows, and their postings, in parts of about as many postings: it bounds the memory."""
    cuts = np.searchsorted(starts, np.arange(0, int(starts[-1]) + _CHUNK, _CHUNK))
    for first, last in pairwise(np.minimum(cuts, len(starts) - 1).tolist()):
        if first < last:
            yield slice(first, last), slice(int(starts[first]), int(starts[last]))


def _firsts(packed: NDArray[np.uint64]) -> NDArray[np.int32]:
    """Where a new term begins. Whole 32-bit numbers reach for two thousand million postings."""
    found = [np.zeros(min(1, len(packed)), dtype=np.int32)]
    for low in range(1, len(packed), _CHUNK):
        part = packed[low - 1 : low + _CHUNK] >> np.uint64(32)
        found.append((np.flatnonzero(part[1:] != part[:-1]) + low).astype(np.int32))
    return np.concatenate(found)


def _holder(packed: NDArray[np.uint64]) -> NDArray[np.int32]:
    return ((packed >> np.uint64(8)) & np.uint64(0xFFFFFF)).astype(np.int32)


def _rarity_table(counted: int) -> NDArray[np.int32]:
    idf = np.log((counted + 1) / (_BUCKET_SIZES + 0.5))
    table: NDArray[np.int32] = np.rint(np.maximum(idf, 0) * RARITY_STEPS).astype(np.int32)
    return table


def _pivot(norms: Floats) -> int:
    """The mean length, in steps of 2 per cent so that one record more or less seldom moves it."""
    # Python's sum adds in order; in which order NumPy's does is up to its build and the machine.
    mean = sum(norms.tolist()) / max(len(norms), 1)
    if mean < 1:
        return 1
    return max(1, round(1.02 ** round(float(np.log(mean)) / float(np.log(1.02)))))
