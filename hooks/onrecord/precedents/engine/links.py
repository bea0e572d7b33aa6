"""Signals from what people have already linked and labelled.

In: documents in time order. Out: `Graph`, which tells for pairs of documents how strongly a
candidate is linked with the query's neighbours and how often it has been linked, as known before
the query was written; and `Labels`, which tells what two documents share (tags, people, addresses).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FADING = 0.2
FADING_LEAST = 20


def _floats(array: NDArray[Any]) -> Floats:
    # bincount of nothing is of whole numbers, whatever the weights
    return array.astype(np.float64, copy=False)


@dataclass(frozen=True)
class Graph:
    """Links between `size` documents. A link is known to a query once both its ends are earlier."""

    size: int
    starts: Ints
    partners: Ints
    """Linked documents of each, either direction, in the order in which the links became known."""
    known: Ints
    """`document * (size + 1) + number of the later end` for each partner, ascending."""
    incoming: Ints
    """The same for links that point at a document."""
    incoming_starts: Ints
    """Where each document's begin in `incoming`."""

    def degree(self, documents: Ints, queries: Ints) -> Ints:
        """How many links of each document its query may know."""
        return self._before(self.known, self.starts, documents, queries)

    def cited(self, documents: Ints, queries: Ints) -> Ints:
        """How many links point at each document, of those its query may know."""
        return self._before(self.incoming, self.incoming_starts, documents, queries)

    def fame(self, documents: Ints, queries: Ints) -> Floats:
        """How often each document has been linked, links of long ago counting less.

        Time is counted in records: a link fades to 1/e while the base grows by a fifth and 20 more.
        """
        count = self.cited(documents, queries)
        pair = np.repeat(np.arange(len(documents)), count)
        ends = np.cumsum(count)
        first = self.incoming_starts[documents]
        offsets = np.repeat(first - (ends - count), count) + np.arange(len(pair))
        when = self.incoming[offsets] - documents[pair] * (self.size + 1)
        fading = (queries[pair] - 1 - when) / (FADING * queries[pair] + FADING_LEAST)
        return _floats(np.bincount(pair, weights=np.exp(-fading), minlength=len(documents)))

    def _before(self, keys: Ints, starts: Ints, documents: Ints, queries: Ints) -> Ints:
        # Most documents have no link: only the others are worth a search.
        first = starts[documents]
        found: Ints = np.zeros(len(documents), dtype=np.int64)
        some = np.flatnonzero(starts[documents + 1] > first)
        wanted = documents[some] * (self.size + 1) + queries[some]
        found[some] = np.searchsorted(keys, wanted) - first[some]
        return found

    def spread(self, queries: Ints, neighbours: Ints, weights: Floats, candidates: Ints) -> Floats:
        """Weight that flows from each query's neighbours over known links to its candidates.

        `neighbours` and `weights`: one row per query, -1 where there is none. `candidates`: one row
        per query, -1 for none. A link in either direction counts.
        """
        rows, places = np.nonzero(neighbours >= 0)
        sources, amount = neighbours[rows, places], weights[rows, places]
        count = self.degree(sources, queries[rows])
        rows, amount = np.repeat(rows, count), np.repeat(amount, count)
        ends = np.cumsum(count)
        offsets = np.repeat(self.starts[sources] - (ends - count), count)
        reached = self.partners[offsets + np.arange(len(offsets))]
        ends_at, place = np.unique(rows * (self.size + 1) + reached + 1, return_inverse=True)
        if not len(ends_at):
            return np.zeros(candidates.shape)
        flown = _floats(np.bincount(place, weights=amount))
        keys = np.arange(len(queries))[:, None] * (self.size + 1) + candidates + 1
        at = np.minimum(np.searchsorted(ends_at, keys), len(ends_at) - 1)
        return np.where(ends_at[at] == keys, flown[at], 0.0)


def graph(size: int, links: Iterable[tuple[int, int]]) -> Graph:
    """The graph of links given as (from, to) document numbers, without doubles and self-links."""
    every = np.fromiter(chain.from_iterable(links), dtype=np.int64).reshape(-1, 2)
    once = np.unique(every[:, 0] * size + every[:, 1]) if size else every[:, 0]
    edges = np.column_stack(np.divmod(once, max(size, 1)))
    edges = edges[edges[:, 0] != edges[:, 1]]
    later = edges.max(axis=1, initial=0)
    both = np.concatenate([edges, edges[:, ::-1]])
    # Two records that link each other are one link, not two.
    known = np.concatenate([later, later])
    ends = np.column_stack([both[:, 0], known, both[:, 1]])
    ends = ends[np.lexsort((ends[:, 2], ends[:, 1], ends[:, 0]))]
    ends = ends[np.any(np.diff(ends, axis=0, prepend=-1), axis=1)]
    stride = size + 1
    incoming = np.sort(edges[:, 1] * stride + later)
    return Graph(
        size,
        np.searchsorted(ends[:, 0], np.arange(size + 1)),
        ends[:, 2].copy(),
        ends[:, 0] * stride + ends[:, 1],
        incoming,
        np.searchsorted(incoming, np.arange(size + 1) * stride),
    )


@dataclass(frozen=True)
class Labels:
    """One kind of label on documents, with how telling each label is."""

    count: int
    starts: Ints
    labels: Ints
    keys: Ints
    """`document * count + label`, ascending."""
    weight: Floats

    def shared(self, queries: Ints, candidates: Ints) -> Floats:
        """Sum of the weights of the labels each pair shares; 0 for a candidate of -1."""
        if not len(self.keys):
            return np.zeros(len(queries))
        real = np.maximum(candidates, 0)
        count = np.where(candidates >= 0, self.starts[real + 1] - self.starts[real], 0)
        pair = np.repeat(np.arange(len(queries)), count)
        ends = np.cumsum(count)
        offsets = np.repeat(self.starts[real] - (ends - count), count)
        label = self.labels[offsets + np.arange(len(offsets))]
        wanted = queries[pair] * self.count + label
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        hit = self.keys[at] == wanted
        found = np.bincount(pair[hit], weights=self.weight[label[hit]], minlength=len(queries))
        return _floats(found)


def labels(documents: Sequence[Sequence[str]]) -> Labels:
    """Labels of documents in time order, compared as they are spelled but for letter case."""
    sets = [
        sorted({label.strip().casefold() for label in each} - {""}) if each else []
        for each in documents
    ]
    counts = Counter(label for each in sets for label in each)
    number = {label: i for i, label in enumerate(sorted(counts))}
    flat = [number[label] for each in sets for label in each]
    starts = np.cumsum([0, *(len(each) for each in sets)], dtype=np.int64)
    owner = np.repeat(np.arange(len(sets)), np.diff(starts))
    numbers = np.array(flat, dtype=np.int64)
    held = np.array([counts[label] for label in number], dtype=np.float64)
    # Rounded, because logarithms differ in the last place between platforms.
    weight = _floats(np.round(np.maximum(np.log((len(sets) + 1) / (held + 0.5)), 0), 4))
    total = max(1, len(number))
    return Labels(total, starts, numbers, owner * total + numbers, weight)
