"""How typical each document is of the base: how like it is, on average, to all the others.

In: postings, rarities and lengths of an index. Out: for each document its mean text score with the
documents of each part of the base's past, and from these, at any time, with all of them so far.

Some records are near to everything: roll-ups, process records, whatever names every subject once.
A text score against them says little (Suzuki et al. 2013 call them hubs, and take away from each
score what the documents have in common). A later record changes nothing for an earlier query, as
far as its part of the past is complete.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PARTS = 2
"""The past is cut into so many parts of equal size; more change next to nothing in the ranking."""
UNIT = 1_000_000
"""Mean scores are kept as whole millionths."""

Stretch = tuple[Ints, NDArray[Any], Floats]
"""Some terms' postings: how many each term has, their holders, their weights."""


def typical(
    stretches: Iterable[Stretch], squares: Floats, norms: Floats, lengths: Floats, counted: int
) -> NDArray[np.int32]:
    """One row per document: its mean score with the documents of each part of the first `counted`.

    `squares` are those of each document's weights in these postings. None makes itself typical, so
    terms that one document holds alone can be left out.
    """
    size = len(norms)
    edges = parted(counted)
    every = np.arange(size)
    part = np.minimum(np.searchsorted(edges, every, "right") - 1, PARTS - 1)
    # A part's documents as one text, each as long as any other; later ones than counted are not in.
    share = np.where(every < counted, 1 / np.maximum(norms, 1), 0)
    share /= np.maximum(np.diff(edges), 1)[part]
    total = np.zeros((PARTS, size))
    for counts, held, weights in stretches:
        holders = held.astype(np.int64)
        place = np.repeat(np.arange(len(counts)) * PARTS, counts)
        shared = share[holders]
        shared *= weights
        middle = np.bincount(place + part[holders], shared, len(counts) * PARTS)
        for number in range(PARTS):
            total[number] += np.bincount(holders, middle[place] * weights, size)
            place += 1
    total[part, every] -= share * squares
    return np.rint(total.T / np.maximum(lengths, 1)[:, None] * UNIT).astype(np.int32)


def parted(counted: int) -> Ints:
    """Where the parts begin, and where the last ends."""
    return np.arange(PARTS + 1) * counted // PARTS


def so_far(parts: NDArray[np.int32], counted: int, queries: Ints, documents: Ints) -> Floats:
    """How typical documents are of all that is earlier than each query, a row of them for each."""
    edges = parted(counted)
    before = np.clip(queries[:, None] - edges[:-1], 0, np.diff(edges)).astype(np.float64)
    before /= np.maximum(before.sum(axis=1, keepdims=True), 1)
    value = np.zeros(documents.shape)
    for number in range(PARTS):
        value += before[:, number : number + 1] * parts[documents, number]
    return value / UNIT
