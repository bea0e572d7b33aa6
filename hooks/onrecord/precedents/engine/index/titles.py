"""What two titles and two texts say of each other: who names whom.

In: an index, the features of a text, candidates. Out: for each candidate four shares, in whole
parts of `SHARE`: of its title's words that the text holds, and of the text's title's words that it
holds; then the same for the titles' pairs of neighbouring words, which are phrases of a subject.
Rare words count more than common ones; pairs are all rare and count alike.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.precedents.engine.index.features import Features
from onrecord.precedents.engine.index.index import Floats, Index, Ints

SHARE = 250
"""Shares of titles are kept as whole parts of this, in one byte."""
SIDES = 4
"""Shares of each candidate."""
OTHER_SIDE = (1, 0, 3, 2)
"""The same shares as the candidate sees them: what one says of the other, with the two swapped."""


def shares(index: Index, rarity: Ints, asked: Features, candidates: Ints) -> Ints:
    """The four shares, one row per candidate. `rarity`: of all title terms, by `title_rarity`."""
    words = index.rarities(asked.title)[1]
    alike = np.ones(len(asked.phrases), dtype=np.int64)
    columns = (
        _named(index.titles, index.title_starts, rarity, asked, candidates),
        _naming(index, asked.title, words, candidates),
        _named(index.phrases, index.phrase_starts, None, asked, candidates),
        _naming(index, asked.phrases, alike, candidates),
    )
    return np.rint(np.column_stack(columns) * SHARE).astype(np.int64)


def title_rarity(index: Index) -> Ints:
    """Rarity of every term of every title, in the order of the titles."""
    return index.rarities(index.titles)[1]


def _named(
    names: NDArray[np.uint32],
    cuts: Ints,
    weights: NDArray[Any] | None,
    asked: Features,
    candidates: Ints,
) -> Floats:
    """The share of each candidate's part of `names` that the asked text holds."""
    starts, ends = cuts[candidates], cuts[candidates + 1]
    count = ends - starts
    total = int(count.sum())
    if not total or not len(asked.terms):
        return np.zeros(len(candidates))
    last = np.cumsum(count)
    places = np.repeat(starts - (last - count), count) + np.arange(total)
    terms = names[places]
    weight = np.ones(total) if weights is None else weights[places]
    pair = np.repeat(np.arange(len(candidates)), count)
    at = np.minimum(np.searchsorted(asked.terms, terms), len(asked.terms) - 1)
    held = asked.terms[at] == terms
    whole = np.bincount(pair, weights=weight, minlength=len(candidates))
    part = np.bincount(pair[held], weights=weight[held], minlength=len(candidates))
    return part / np.maximum(whole, 1)


def _naming(index: Index, names: NDArray[np.uint32], weights: Ints, candidates: Ints) -> Floats:
    """The share of the names, each with its weight, that each candidate holds."""
    part = np.zeros(len(candidates))
    if not len(candidates):
        return part
    wanted = candidates.astype(index.holders.dtype)
    rows, _ = index.rarities(names)
    for row, weight in zip(rows.tolist(), weights.tolist(), strict=True):
        if row >= 0:
            holders = index.holders[index.starts[row] : index.starts[row + 1]]
            at = np.minimum(np.searchsorted(holders, wanted), len(holders) - 1)
            part += weight * (holders[at] == wanted)
    at = np.searchsorted(index.lone_terms, names)
    for place, term, weight in zip(at.tolist(), names.tolist(), weights.tolist(), strict=True):
        if place < len(index.lone_terms) and index.lone_terms[place] == term:
            part += weight * (wanted == index.lone_holders[place])
    return part / max(int(weights.sum()), 1)
