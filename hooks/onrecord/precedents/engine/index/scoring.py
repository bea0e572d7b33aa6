"""Text scores: how alike a query is to the documents of an index.

In: an `Index` and features. Out: arrays of exact sums of products, and scores made from them; for
one query or, in blocks, for every document against all earlier ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from onrecord.precedents.engine.index.features import Features
from onrecord.precedents.engine.index.index import Floats, Index, Ints

BLOCK = 256
"""Queries scored at once; bounds the memory, which never grows with the square of the base."""
DENSE_AT_MOST = 1024
DENSE_FROM = 64
DENSE_SHARE = 16
"""Terms held by this many documents, and by one in so many, go through a matrix product."""
_NONE = np.empty(0, dtype=np.int64)

Known = Sequence[Features] | Mapping[int, Features]
"""Features by number, of all documents or of some."""


@dataclass(frozen=True, slots=True)
class QueryVector:
    """A document in the index's terms: rows of known terms, their weights, the whole length."""

    rows: Ints
    weights: Ints
    norm: float
    lone: Ints
    """Places of known terms that only one document holds."""
    lone_weights: Ints


def query(index: Index, features: Features) -> QueryVector:
    """A document's features as a query."""
    rows, rarity = index.rarities(features.terms)
    made = _query(rows, rarity, features.strengths)
    if not len(index.lone_terms):
        return made
    at = np.searchsorted(index.lone_terms, features.terms)
    at[at == len(index.lone_terms)] = 0
    met = index.lone_terms[at] == features.terms
    weights = features.strengths[met] * np.int64(index.top_rarity)
    return replace(made, lone=at[met], lone_weights=weights)


def _query(rows: Ints, rarity: Ints, strengths: NDArray[np.uint8]) -> QueryVector:
    weights = strengths * rarity
    norm = float(np.sqrt(float((weights * weights).sum())))
    known = (rows >= 0) & (weights > 0)
    return QueryVector(rows[known], weights[known], norm, _NONE, _NONE)


def _queries(index: Index, block: Sequence[Features]) -> list[QueryVector]:
    """The same for many: one look-up for all, because each costs as many cache misses as terms."""
    terms, place = np.unique(np.concatenate([item.terms for item in block]), return_inverse=True)
    rows, rarity = index.rarities(terms)
    out, at = [], 0
    for item in block:
        own = place[at : at + len(item.terms)]
        out.append(_query(rows[own], rarity[own], item.strengths))
        at += len(item.terms)
    return out


def products(index: Index, asked: QueryVector) -> Floats:
    """Sum of the products of weights with every document, exact."""
    counts = index.starts[asked.rows + 1] - index.starts[asked.rows]
    total = _sparse(index, asked.rows, asked.weights, counts)
    _add_lone(index, asked, total)
    return total


def products_of(index: Index, every: Sequence[QueryVector]) -> Iterator[Floats]:
    """The `products` of several queries, in their order: terms that many hold are read once."""
    held = np.diff(index.starts)
    for low in range(0, len(every), BLOCK):
        block = every[low : low + BLOCK]
        is_dense = np.zeros(len(held), dtype=bool)
        for each in block:
            is_dense[each.rows] = True
        is_dense &= _is_common(index, held)
        dense = np.flatnonzero(is_dense)
        total = np.zeros((len(block), index.size))
        for first in range(0, len(dense), BLOCK):
            total += _shared(index, block, dense[first : first + BLOCK])
        for line, each in enumerate(block):
            rest = ~is_dense[each.rows]
            rows = each.rows[rest]
            total[line] += _sparse(index, rows, each.weights[rest], held[rows])
            _add_lone(index, each, total[line])
        yield from total


def _shared(index: Index, block: Sequence[QueryVector], dense: Ints) -> Floats:
    """What a few terms, given by sorted rows, add to the products of a block of queries."""
    matrix = np.zeros((len(block), len(dense)))
    for line, each in enumerate(block):
        at = np.minimum(np.searchsorted(dense, each.rows), len(dense) - 1)
        met = dense[at] == each.rows
        matrix[line, at[met]] = each.weights[met]
    shared: Floats = matrix @ _table(index, dense)
    return shared


def _is_common(index: Index, held: Ints) -> NDArray[np.bool_]:
    """Which terms are best read once for many queries, by how many documents hold each."""
    common: NDArray[np.bool_] = held >= max(DENSE_FROM, index.size // DENSE_SHARE)
    return common


def _table(index: Index, dense: Ints) -> Floats:
    """The weights of some terms: a line for each, a column for each document."""
    table = np.zeros((len(dense), index.size))
    for line, row in enumerate(dense.tolist()):
        span = slice(index.starts[row], index.starts[row + 1])
        table[line, index.holders[span]] = index.strengths[span] * float(index.rarity[row])
    return table


def _add_lone(index: Index, asked: QueryVector, total: Floats) -> None:
    value = asked.lone_weights * index.lone_strengths[asked.lone].astype(np.float64)
    np.add.at(total, index.lone_holders[asked.lone], value * index.top_rarity)


def normalised(products: Floats, norm: float, lengths: Floats) -> Floats:
    """Sums of products divided by the lengths, rounded to what every platform agrees on."""
    if norm == 0:
        return np.zeros(len(products))
    scores: Floats = np.rint(products / (norm * lengths[: len(products)]) * 1e6) / 1e6
    return scores


def _sparse(index: Index, rows: Ints, weights: Ints, counts: Ints) -> Floats:
    """Sums over the first `counts` postings of each row."""
    places = postings(index, rows, counts)
    value = np.repeat(weights * index.rarity[rows].astype(np.float64), counts)
    value *= index.strengths[places]
    return np.bincount(index.holders[places], weights=value, minlength=index.size).astype(
        np.float64, copy=False
    )


def postings(index: Index, rows: Ints, counts: Ints) -> Ints:
    """The places of the first `counts` postings of each row, row by row."""
    ends = np.cumsum(counts)
    places: Ints = np.repeat(index.starts[rows] - (ends - counts), counts)
    places += np.arange(len(places))
    return places


def score_all(index: Index, features: Known, wanted: Ints) -> Iterator[tuple[int, Floats]]:
    """For each wanted document (ascending numbers): its number and the scores of all earlier ones.

    Common terms go through one matrix product per block, rare ones through their postings; where
    all documents are wanted, only the part of the postings that the block reaches is read.
    """
    every = np.diff(index.starts)
    lengths = index.lengths()
    dense = np.empty(0, dtype=np.int64)
    if len(wanted) > 2 * BLOCK:
        dense = np.flatnonzero(_is_common(index, every))
        dense = np.sort(dense[np.argsort(-every[dense], kind="stable")[:DENSE_AT_MOST]])
    column = np.full(len(every), -1, dtype=np.int64)
    column[dense] = np.arange(len(dense))
    table = _table(index, dense)
    reached = np.zeros_like(every) if len(wanted) == index.size else every
    for low in range(0, len(wanted), BLOCK):
        block = wanted[low : low + BLOCK]
        end = int(block[-1])
        queries = _queries(index, [features[number] for number in block])
        matrix = np.zeros((len(block), len(dense)))
        rest: list[tuple[Ints, Ints]] = []
        for line, asked in enumerate(queries):
            at = column[asked.rows]
            common = at >= 0
            matrix[line, at[common]] = asked.weights[common]
            rest.append((asked.rows[~common], asked.weights[~common]))
            if reached is not every:
                reached[rest[-1][0]] += 1
        shared = matrix @ table[:, :end]
        for line, number in enumerate(block):
            rows, weights = rest[line]
            total = _sparse(index, rows, weights, reached[rows])[:number]
            total += shared[line, :number]
            yield int(number), normalised(total, queries[line].norm, lengths)
        del shared  # before the next one is made: it is the largest thing here
