"""The features of documents, given back by the index that was made of them.

In: an index and the numbers of some of its documents. Out: their features, without a look at their
texts or at what is kept of all the others.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.precedents.engine.index.features import Features
from onrecord.precedents.engine.index.index import Index, Ints, stretches

FEW = 4
"""So many documents are looked for one by one: comparing is faster than looking up."""


def features_of(index: Index, numbers: Ints) -> list[Features]:
    """The features of some documents, as they were when these were indexed."""
    if not len(numbers):
        return []
    place = np.full(index.size, -1, dtype=np.int32)
    place[numbers] = np.arange(len(numbers), dtype=np.int32)
    lone = _held_by(index.lone_holders, numbers, place)
    owners = [place[index.lone_holders[lone]]]
    terms, strengths = [index.lone_terms[lone]], [index.lone_strengths[lone]]
    for rows, span in stretches(index.starts):
        held = index.holders[span]
        found = _held_by(held, numbers, place)
        starts = index.starts[rows.start : rows.stop + 1]
        at = np.searchsorted(starts, found + span.start, "right")
        owners.append(place[held[found]])
        terms.append(index.terms[rows.start + at - 1])
        strengths.append(index.strengths[span][found])
    owner, term = np.concatenate(owners), np.concatenate(terms)
    order = np.lexsort((term, owner))
    cuts = np.searchsorted(owner[order], np.arange(len(numbers) + 1)).tolist()
    term, strength = term[order], np.concatenate(strengths)[order]
    return [
        Features(
            term[low:high],
            strength[low:high],
            index.titles[index.title_starts[number] : index.title_starts[number + 1]],
            index.phrases[index.phrase_starts[number] : index.phrase_starts[number + 1]],
        )
        for number, (low, high) in zip(numbers.tolist(), pairwise(cuts), strict=True)
    ]


def _held_by(holders: NDArray[Any], numbers: Ints, place: NDArray[np.int32]) -> Ints:
    """Where one of the documents holds a term."""
    if len(numbers) > FEW:
        return np.flatnonzero(place[holders] >= 0)
    return np.flatnonzero(np.logical_or.reduce([holders == number for number in numbers.tolist()]))
