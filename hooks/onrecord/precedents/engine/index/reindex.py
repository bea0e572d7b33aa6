"""The index of a changed base, from the index of its last state.

In: the old `Index`, the new number of each of its documents, the features of those that are new.
Out: the same `Index` that `index.build` makes from all features, for a fraction of the time and
memory: only terms that a new or a gone document holds are gathered again, and the long stretches
of postings between them are copied whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.precedents.engine.index.features import Features
from onrecord.precedents.engine.index.index import Index, Ints, Postings, complete, gather, pack

CHANGED_AT_MOST = 0.02
"""Above this share of changed documents all is indexed anew: little would be left to copy."""

Terms = NDArray[np.uint32]


def is_worth_it(moved: Ints, fresh: int, size: int) -> bool:
    """False when so much has changed that the index is best built anew."""
    # Two changes are quick however few documents there are.
    return fresh + int((moved < 0).sum()) <= max(2, CHANGED_AT_MOST * size)


def updated(old: Index, moved: Ints, fresh: Mapping[int, Features], size: int) -> Index:
    """The index of `size` documents.

    `moved`: for each old document its new number, -1 if it is gone; ascending but for these.
    `fresh`: the features of every other new number.
    """
    changed = _changed(old, moved, fresh)
    rows, alone = _places(old.terms, changed), _places(old.lone_terms, changed)
    made = gather(_packed(old, moved, fresh, rows, alone))
    kept = moved[moved >= 0]
    sizes = np.zeros(size, dtype=np.int32)
    sizes[kept] = old.sizes[moved >= 0]
    titles = [np.empty(0, np.uint32)] * size
    phrases = titles.copy()
    stays = np.flatnonzero(moved >= 0)
    for number, title, pairs in zip(
        kept.tolist(),
        _parts(old.titles, old.title_starts, stays),
        _parts(old.phrases, old.phrase_starts, stays),
        strict=True,
    ):
        titles[number], phrases[number] = title, pairs
    for number, item in fresh.items():
        sizes[number], titles[number] = len(item.terms), item.title
        phrases[number] = item.phrases
    return complete(_merged(_renumbered(old, moved), rows, alone, made), sizes, titles, phrases)


def _changed(old: Index, moved: Ints, fresh: Mapping[int, Features]) -> Terms:
    """The terms that new or gone documents hold, sorted."""
    gone = moved < 0
    rows = np.searchsorted(old.starts, np.flatnonzero(gone[old.holders]), "right") - 1
    lone = old.lone_terms[gone[old.lone_holders]]
    return np.unique(
        np.concatenate([old.terms[rows], lone, *(item.terms for item in fresh.values())])
    )


def _places(terms: Terms, wanted: Terms) -> Ints:
    """Where the wanted terms are among sorted ones; those that aren't there are left out."""
    at = np.searchsorted(terms, wanted)
    inside = at < len(terms)
    at, wanted = at[inside], wanted[inside]
    found: Ints = at[terms[at] == wanted]
    return found


def _packed(
    old: Index, moved: Ints, fresh: Mapping[int, Features], rows: Ints, alone: Ints
) -> NDArray[np.uint64]:
    """All that the changed terms are held by now, packed and sorted."""
    counts = old.starts[rows + 1] - old.starts[rows]
    last = np.cumsum(counts)
    # The places of each row's holders, one row after the other, without a loop of Python.
    places = np.repeat(old.starts[rows] - (last - counts), counts) + np.arange(counts.sum())
    every = [pack(item.terms, number, item.strengths) for number, item in fresh.items()]
    for terms, holders, strengths in (
        (np.repeat(old.terms[rows], counts), old.holders[places], old.strengths[places]),
        (old.lone_terms[alone], old.lone_holders[alone], old.lone_strengths[alone]),
    ):
        now = moved[holders]
        stays = now >= 0
        every.append(pack(terms[stays], now[stays], strengths[stays]))
    packed = np.concatenate(every)
    packed.sort()
    return packed


def _parts(joined: Terms, starts: Ints, stays: Ints) -> list[Terms]:
    """The titles, or their pairs of words, of the documents that stay."""
    cuts = starts.tolist()
    return [joined[cuts[at] : cuts[at + 1]] for at in stays.tolist()]


def _renumbered(old: Index, moved: Ints) -> Index:
    """The old index with the new numbers of its documents; whoever is gone is never read."""
    if (moved == np.where(moved >= 0, np.arange(len(moved)), -1)).all():
        return old
    to = moved.astype(np.int32)
    return replace(old, holders=to[old.holders], lone_holders=to[old.lone_holders])


def _merged(old: Index, rows: Ints, alone: Ints, made: Postings) -> Postings:
    """The old postings without some rows, and what was made instead, by term."""
    terms, order = _woven(np.delete(old.terms, rows), made.terms)
    begins = np.concatenate([np.delete(old.starts[:-1], rows), made.starts[:-1]])[order]
    ends = np.concatenate([np.delete(old.starts[1:], rows), made.starts[1:]])[order]
    stretches = _stretches(begins, ends, order >= len(old.terms) - len(rows))
    lone_terms, lone_order = _woven(np.delete(old.lone_terms, alone), made.lone_terms)

    def lone(kept: NDArray[Any], new: NDArray[Any]) -> NDArray[Any]:
        return np.concatenate([np.delete(kept, alone), new])[lone_order]

    def joined(kept: NDArray[Any], new: NDArray[Any]) -> NDArray[Any]:
        parts = [(new if is_new else kept)[begin:end] for begin, end, is_new in stretches]
        return np.concatenate([kept[:0], *parts])

    return Postings(
        terms,
        np.concatenate([[0], np.cumsum(ends - begins)]),
        joined(old.holders, made.holders),
        joined(old.strengths, made.strengths),
        lone_terms,
        lone(old.lone_holders, made.lone_holders),
        lone(old.lone_strengths, made.lone_strengths),
    )


def _woven(kept: Terms, new: Terms) -> tuple[Terms, Ints]:
    """Two sorted lists as one, and for each place where it is in the two joined."""
    both = np.concatenate([kept, new])
    order = np.argsort(both, kind="stable")
    return both[order], order


def _stretches(begins: Ints, ends: Ints, is_new: NDArray[np.bool_]) -> list[tuple[int, int, bool]]:
    """Rows that follow one another in the same list, as one."""
    if not len(begins):
        return []
    # Few rows change, so a few long copies take the place of one a row.
    breaks = (begins[1:] != ends[:-1]) | (is_new[1:] != is_new[:-1])
    first = np.concatenate([[0], np.flatnonzero(breaks) + 1])
    last = np.concatenate([first[1:] - 1, [len(begins) - 1]])
    return list(
        zip(begins[first].tolist(), ends[last].tolist(), is_new[first].tolist(), strict=True)
    )
