"""Each document's nearest earlier documents by text, kept from run to run.

In: features in time order, their keys, what the last run kept. Out: `Lists`, the first `KEPT`
candidates of every document. When little has changed since the last run only what the change can
have touched is scored again, and the outcome is the same as from scratch: the tests compare both.

Why that is exact: a score depends on the two documents' terms, on the rarity of those terms and on
the pivot. A document is *touched* if it is new or a term it holds has changed its rarity. Scores
between two untouched documents stay. A list keeps `KEPT` candidates but only `USED` are promised,
so it can lose some without having to be made anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.precedents.engine.index.index import Index, Ints
from onrecord.precedents.engine.index.scoring import (
    Known,
    normalised,
    products_of,
    query,
    score_all,
)
from onrecord.precedents.engine.index.titles import OTHER_SIDE, SIDES, shares, title_rarity
from onrecord.precedents.engine.index.unindex import features_of

USED = 256
"""Candidates that the ranking looks at: links lift some that are far down by text."""
KEPT = 288
"""Candidates kept for the next run."""
TOUCHED_AT_MOST = 0.35
"""Above this share of touched documents all is scored anew: that is faster then."""
UNIT = 1_000_000
"""Scores are kept as whole millionths."""
_ROWS = 512


@dataclass(frozen=True)
class Lists:
    """Candidates by falling score, then by age; one row per document."""

    documents: NDArray[np.int32]
    """Numbers of the candidates, -1 where there are no more."""
    scores: NDArray[np.int32]
    """Their text scores in millionths."""
    covers: NDArray[np.uint8]
    """What their titles say of each other; see `titles.shares`."""
    floors: NDArray[np.int32]
    """Every candidate that is missing scores at most this; 0 if none is missing."""

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The parts by name."""
        return dict(vars(self))


def best(score: NDArray[np.float64], kept: int = KEPT) -> tuple[Ints, Ints, int]:
    """Numbers and scores (millionths) of the best documents, and the floor; ties: older first."""
    whole = np.rint(score * UNIT).astype(np.int64)
    found = np.flatnonzero(whole > 0)
    floor = 0
    if len(found) > kept:
        value = whole[found]
        bound = np.partition(value, len(value) - kept)[len(value) - kept]
        above, ties = found[value > bound], found[value == bound]
        # `flatnonzero` rises, so the first of the ties are the oldest.
        found = np.concatenate([above, ties[: kept - len(above)]])
        floor = int(bound)
    order = np.lexsort((found, -whole[found]))
    found = found[order]
    return found, whole[found], floor


def empty(size: int) -> Lists:
    """Lists without candidates."""
    return Lists(
        np.full((size, KEPT), -1, dtype=np.int32),
        np.zeros((size, KEPT), dtype=np.int32),
        np.zeros((size, KEPT, SIDES), dtype=np.uint8),
        np.zeros(size, dtype=np.int32),
    )


def fill(lists: Lists, index: Index, features: Known, wanted: Ints) -> None:
    """Make the lists of the wanted documents from scratch, in place."""
    rarity = title_rarity(index)
    for number, score in score_all(index, features, wanted):
        found, value, floor = best(score)
        _put(lists, number, found, value, shares(index, rarity, features[number], found), floor)


def _put(lists: Lists, number: int, found: Ints, value: Ints, covers: Ints, floor: int) -> None:
    count = len(found)
    lists.documents[number] = -1
    lists.scores[number] = 0
    lists.covers[number] = 0
    lists.documents[number, :count] = found
    lists.scores[number, :count] = value
    lists.covers[number, :count] = covers
    lists.floors[number] = floor


def _touched_terms(old: Index, new: Index) -> NDArray[np.uint32]:
    """Terms whose rarity is not what it was."""
    _, before = old.rarities(new.terms)
    _, after = new.rarities(old.terms)
    return np.union1d(new.terms[before != new.rarity], old.terms[after != old.rarity])


def _holders(index: Index, terms: NDArray[np.uint32]) -> Ints:
    """Documents that hold one of the terms, as far as the index knows the terms."""
    rows, _ = index.rarities(terms)
    rows = rows[rows >= 0]
    marked = np.zeros(index.size, dtype=bool)
    for row in rows.tolist():
        marked[index.holders[index.starts[row] : index.starts[row + 1]]] = True
    return np.flatnonzero(marked)


def touched(old: Index, moved: Ints, index: Index) -> Ints | None:
    """The documents of a changed base that must be scored again; None if it is best to score all.

    `moved`: for each document of the old index its new number, -1 if it is gone; ascending but for
    these.
    """
    # The pivot and the greatest rarity are in every score.
    if (old.scalars != index.scalars).any():
        return None
    # One place more than there are documents: `moved` is -1 for what is gone, and that is the last
    # place.
    fresh = np.ones(index.size + 1, dtype=bool)
    fresh[moved[moved >= 0]] = False
    terms = _touched_terms(old, index)
    fresh[_holders(index, terms)] = True
    # A term that only one document still holds is in the old index alone.
    fresh[moved[_holders(old, terms)]] = True
    found = np.flatnonzero(fresh[:-1])
    return found if len(found) <= max(64, TOUCHED_AT_MOST * index.size) else None


def update(old: Lists, moved: Ints, index: Index, again: Ints) -> Lists:
    """The lists of a changed base from those of the last one; `again` are those `touched`."""
    fresh = np.zeros(index.size + 1, dtype=bool)
    fresh[again] = True
    fresh[-1] = True
    lists = empty(index.size)
    rarity, lengths = title_rarity(index), index.lengths()
    _carry(old, lists, moved, fresh)
    arrivals = []
    items = features_of(index, again)
    queries = [query(index, item) for item in items]
    every = zip(again.tolist(), items, queries, products_of(index, queries), strict=True)
    for number, item, asked, product in every:
        found, value, floor = best(normalised(product[:number], asked.norm, lengths))
        _put(lists, number, found, value, shares(index, rarity, item, found), floor)
        # The later one is the query: its whole length counts, and this one's pivoted length.
        divisor = np.maximum(index.norms, 1) * lengths[number]
        whole = np.rint(product / divisor * UNIT).astype(np.int64)
        enters = (whole > 0) & (whole >= lists.floors) & ~fresh[:-1]
        # Only later documents have this one among their candidates.
        enters[: number + 1] = False
        rows = np.flatnonzero(enters)
        covers = shares(index, rarity, item, rows)[:, OTHER_SIDE]
        arrivals.append(_Arrivals(rows, np.full_like(rows, number), whole[rows], covers))
    carried = np.zeros(index.size, dtype=np.int64)
    carried[moved[moved >= 0]] = (old.documents[moved >= 0] >= 0).sum(axis=1)
    lost = carried > (lists.documents >= 0).sum(axis=1)
    unsure = _settle(lists, np.flatnonzero(lost & ~fresh[:-1]), _Arrivals.of(arrivals))
    known = dict(zip(unsure.tolist(), features_of(index, unsure), strict=True))
    fill(lists, index, known, unsure)
    return lists


@dataclass(frozen=True)
class _Arrivals:
    """Documents that come into the lists of others: the lists, who comes, scores and covers."""

    rows: Ints
    documents: Ints
    scores: Ints
    covers: Ints

    @classmethod
    def of(cls, parts: Sequence[_Arrivals]) -> _Arrivals:
        """All of them, those of one list together."""
        none = np.empty(0, dtype=np.int64)
        rows = np.concatenate([none, *(part.rows for part in parts)])
        order = np.argsort(rows, kind="stable")
        return cls(
            rows[order],
            np.concatenate([none, *(part.documents for part in parts)])[order],
            np.concatenate([none, *(part.scores for part in parts)])[order],
            np.concatenate([none.reshape(0, SIDES), *(part.covers for part in parts)])[order],
        )


def _carry(old: Lists, lists: Lists, moved: Ints, fresh: NDArray[np.bool_]) -> None:
    """Take over the old lists, without the candidates that are gone or touched."""
    stays = np.flatnonzero(moved >= 0)
    stays = stays[~fresh[moved[stays]]]
    target = np.append(np.where(fresh[moved], -1, moved), -1)
    rows = moved[stays]
    lists.documents[rows] = target[old.documents[stays]]
    lists.scores[rows] = old.scores[stays]
    lists.covers[rows] = old.covers[stays]
    lists.floors[rows] = old.floors[stays]


def _settle(lists: Lists, lost: Ints, arrivals: _Arrivals) -> Ints:
    """Put lists that lost or won candidates in order; returns those of which too few are sure."""
    rows = np.union1d(lost, arrivals.rows)
    unsure = [np.empty(0, dtype=np.int64)]
    for low in range(0, len(rows), _ROWS):
        some = rows[low : low + _ROWS]
        documents, value, covers = _with_arrivals(lists, some, arrivals)
        floors = lists.floors[some].astype(np.int64)
        # Ties with the floor may have older rivals that are not listed. Without one all are here.
        sure = (documents >= 0) & (value > np.where(floors > 0, floors, -1)[:, None])
        count = sure.sum(axis=1)
        enough = (floors == 0) | (count >= USED)
        unsure.append(some[~enough])
        order = np.lexsort((documents, np.where(sure, -value, 1)), axis=1)[enough, : KEPT + 1]
        settled, sure = some[enough], sure[enough]
        left_out = np.take_along_axis(value[enough], order[:, -1:], axis=1)[:, 0]
        lists.floors[settled] = np.where(count[enough] > KEPT, left_out, floors[enough])
        order = order[:, :KEPT]
        stays = np.take_along_axis(sure, order, axis=1)
        for part, given, empty_one in (
            (lists.documents, documents, -1),
            (lists.scores, value, 0),
        ):
            part[settled] = np.where(
                stays, np.take_along_axis(given[enough], order, axis=1), empty_one
            )
        given = np.take_along_axis(covers[enough], order[:, :, None], axis=1)
        lists.covers[settled] = np.where(stays[:, :, None], given, 0)
    return np.concatenate(unsure)


def _with_arrivals(lists: Lists, rows: Ints, arrivals: _Arrivals) -> tuple[Ints, Ints, Ints]:
    """Some rows of the lists, widened by who arrives in them: documents, scores, covers."""
    first, last = np.searchsorted(arrivals.rows, (rows[0], rows[-1] + 1))
    owner = arrivals.rows[first:last]
    row = np.searchsorted(rows, owner)
    place = KEPT + np.arange(first, last) - np.searchsorted(arrivals.rows, owner)
    shape = (len(rows), int(place.max(initial=KEPT - 1)) + 1)
    documents = np.full(shape, -1, dtype=np.int64)
    value = np.zeros(shape, dtype=np.int64)
    covers = np.zeros((*shape, SIDES), dtype=np.int64)
    documents[:, :KEPT], documents[row, place] = (
        lists.documents[rows],
        arrivals.documents[first:last],
    )
    value[:, :KEPT], value[row, place] = lists.scores[rows], arrivals.scores[first:last]
    covers[:, :KEPT], covers[row, place] = lists.covers[rows], arrivals.covers[first:last]
    return documents, value, covers
