"""From candidates to ranked hits with a comparable score.

In: for each query its candidates with text scores and title cover, the graph of links, the labels.
Out: `Ranked`, candidates by falling rank score, each with a probability-like score of 0 to 1.
The constants were fitted on eight public collections of decision records, the same for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onrecord.precedents.engine.index.index import Index
from onrecord.precedents.engine.links import Graph, Labels

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NEAR = 20
"""Neighbours whose links count, weighted by text score over the root of how much they link."""
SHORTLIST = 64
"""Candidates that are looked at in every respect."""
LIFT = 0.22
"""For the shortlist: links of the neighbours against nearness."""
FULL_SIZE = 1000
"""Terms of a text that is long enough to be trusted fully; a title has some 15."""
MOST_TYPICAL = 0.04
"""Likeness to all the others beyond which it is no more held against a record: in a small base a
problem that keeps coming back would count as the common run of things."""
REPEAT = 0.5
"""Text scores above this are those of copies and rewritings, which no link may push aside."""
SURE_FROM = 0.4
"""Trust in a text, from which on its nearness and its links begin to say the same twice."""
LABELS_FADE = 1.1
"""Labels count the less, the longer the text: by what this exceeds the trust in the text."""

RANK: Mapping[str, float] = {
    # Its text is near, compared with the nearest there is.
    "nearness": 1.81,
    # The same, the more so the more text there is to go by.
    "trusted": 2.89,
    # It is a copy or a rewriting.
    "repeat": 15.0,
    # Those near to the query are linked with it.
    "links": 1.35,
    # It is near and linked: of much text the two say the same, and count less than their sum.
    "both": -0.82,
    # It has been linked often of late.
    "fame": 0.84,
    # It is old: the logarithm of how many records ago it was written.
    "age": -0.33,
    # The query names what its title names: the root of the share, because half a name is a name.
    "cover": 1.4,
    # It names what the query's title names.
    "named": 0.74,
    # The query holds pairs of words of its title, or it those of the query's: phrases, not words.
    "phrase": 0.91,
    "phrased": 0.55,
    # It is near to everything, hence to nothing in particular; a long text meets it in any case.
    "typical": -74.0,
    # It has much to say: the logarithm of its terms. The length norm holds long ones back too far.
    "size": 0.48,
    # They share labels.
    "tags": 0.44,
    "people": 0.155,
}
"""Weight of each signal in the order of the hits."""

GATE_BIAS = -3.05
GATE_TEXT = 0.295
"""For the logarithm of the text score plus .01."""
GATE_RANK = 0.206
GATE_COVER = 0.84
GATE_GAP = 0.516
"""For how far a candidate stands out from the crowd, those ranked fourth to tenth."""
CROWD = slice(3, 10)
GATE_BEHIND = 0.07
"""For how far it is behind the first: what is much worse is more often beside the point."""
BEHIND_AT_MOST = 3.0
"""Further behind is no worse: beside a copy of the query everything is far behind."""


@dataclass(frozen=True)
class Basis:
    """What all queries share."""

    graph: Graph
    tags: Labels
    people: Labels


@dataclass(frozen=True)
class Ranked:
    """One row per query: candidates by falling rank, their scores of 0 to 1; -1 where none is."""

    documents: Ints
    scores: Floats


@dataclass(frozen=True)
class RankQueries:
    """What is asked: numbers in time, and how many terms each has.

    `labelled` says, where they differ from `numbers`, whose labels these have; a number that no
    document has is none.
    """

    numbers: Ints
    sizes: Ints
    labelled: Ints | None = None


def rank_candidates(
    basis: Basis,
    index: Index,
    queries: RankQueries,
    candidates: Ints,
    text: Floats,
    cover: Floats,
) -> Ranked:
    """The candidates that text or links bring forward, ordered and scored; see `signals`."""
    linked = _linked(basis, queries.numbers, candidates, text)
    chosen = _shortlist(candidates, text, linked)
    candidates = np.take_along_axis(candidates, chosen, axis=1)
    text, linked = (np.take_along_axis(each, chosen, axis=1) for each in (text, linked))
    cover = np.take_along_axis(cover, chosen[:, :, None], axis=1)
    signal = signals(basis, index, queries, candidates, text, linked, cover)
    return rank(candidates, signal)


def _shortlist(candidates: Ints, text: Floats, linked: Floats) -> Ints:
    """Places of the candidates worth a closer look, in their order: all the nearest among them."""
    if candidates.shape[1] <= SHORTLIST:
        return np.broadcast_to(np.arange(candidates.shape[1]), candidates.shape)
    top = np.maximum(text[:, :1], 1e-9)
    value = np.where(candidates >= 0, text / top + LIFT * linked, -1)
    # The nearest are always in it: links and labels may lift others, and push none of these out.
    value[:, :NEAR] += np.inf
    # Rounded and stable: what differs in the last bit alone keeps its place.
    order = np.argsort(-np.round(value, 6), axis=1, kind="stable")
    return np.sort(order[:, :SHORTLIST], axis=1)


def _linked(basis: Basis, queries: Ints, candidates: Ints, text: Floats) -> Floats:
    """How strongly the nearest by text are linked with each candidate."""
    near, weight = candidates[:, :NEAR], text[:, :NEAR]
    owner = np.broadcast_to(queries[:, None], near.shape)
    degree = basis.graph.degree(np.maximum(near, 0).ravel(), owner.ravel()).reshape(near.shape)
    # A record that links to everything says little of each.
    damped = weight / np.sqrt(np.maximum(degree, 1))
    top = np.maximum(text[:, :1], 1e-9)
    return np.log1p(2 * basis.graph.spread(queries, near, damped, candidates) / top)


def signals(
    basis: Basis,
    index: Index,
    queries: RankQueries,
    candidates: Ints,
    text: Floats,
    linked: Floats,
    cover: Floats,
) -> dict[str, Floats]:
    """Every signal for every candidate; one row per query, candidates by falling text score.

    `linked` is how strongly the nearest by text are linked with a candidate.
    `cover` has four layers: how much of a candidate's title the query names and vice versa, by
    words and by pairs of words.
    """
    shape = candidates.shape
    there = candidates >= 0
    owner = np.broadcast_to(queries.numbers[:, None], shape)
    labelled = queries.numbers if queries.labelled is None else queries.labelled
    bearer = np.broadcast_to(labelled[:, None], shape)
    real = np.where(there, candidates, 0)
    text = np.where(there, text, 0.0)
    top = np.maximum(text[:, :1], 1e-9) if shape[1] else np.ones((shape[0], 1))
    trust = (np.log(np.maximum(queries.sizes, 2)) / np.log(FULL_SIZE))[:, None]
    labels_count = np.maximum(LABELS_FADE - trust, 0.1)
    out = {
        "text": text,
        "nearness": text / top,
        "trusted": text / top * trust,
        "repeat": np.maximum(text - REPEAT, 0.0),
        "links": linked,
        "both": text / top * linked * np.maximum(trust - SURE_FROM, 0) / (1 - SURE_FROM),
        "fame": np.log1p(basis.graph.fame(real.ravel(), owner.ravel()).reshape(shape)),
        "age": np.log1p(np.maximum(owner - real, 0)),
        # What is fully named counts little more than what is named by half.
        "cover": np.sqrt(cover[..., 0]),
        "named": cover[..., 1],
        "phrase": cover[..., 2] * trust,
        "phrased": cover[..., 3],
        "typical": np.minimum(index.typical(queries.numbers, real), MOST_TYPICAL) * trust,
        "size": np.log(np.maximum(index.sizes[real], 2)),
    }
    for name, kind in (("tags", basis.tags), ("people", basis.people)):
        shared = kind.shared(bearer.ravel(), candidates.ravel()).reshape(shape)
        out[name] = shared * labels_count
    return {name: np.where(there, value, 0.0) for name, value in out.items()}


def rank(candidates: Ints, signal: Mapping[str, Floats]) -> Ranked:
    """Order the candidates and give each its score.

    The score is the chance, as far as text, links and distance from the first and from the crowd
    tell, that the later record's authors would link the candidate.
    """
    there = candidates >= 0
    total = np.zeros(candidates.shape)
    for name, weight in RANK.items():
        total += weight * signal[name]
    # Rounded, so that the last bit of a logarithm cannot swap two of them.
    total = np.where(there, np.round(total, 6), -np.inf)
    order = np.lexsort((candidates, -total), axis=1)
    documents = np.take_along_axis(candidates, order, axis=1)
    total = np.take_along_axis(total, order, axis=1)
    text, cover = (np.take_along_axis(signal[name], order, axis=1) for name in ("text", "cover"))
    first = np.where(np.isfinite(total[:, :1]), total[:, :1], 0.0)
    chance = _logistic(
        GATE_BIAS
        + GATE_TEXT * np.log(text + 0.01)
        + GATE_RANK * total
        + GATE_COVER * cover
        + GATE_GAP * (total - _crowd(total)[:, None])
        + GATE_BEHIND * np.maximum(total - first, -BEHIND_AT_MOST)
    )
    return Ranked(documents, np.where(documents >= 0, np.round(chance, 4), 0.0))


def _crowd(total: Floats) -> Floats:
    """The middling rank value of the also-rans; a bit below the last where there are too few."""
    some = total[:, CROWD]
    there = np.isfinite(some)
    count = there.sum(axis=1)
    # In a small base there may be no fourth to stand out from.
    lowest = np.where(np.isfinite(total), total, np.inf).min(axis=1, initial=np.inf) - 0.5
    mean = np.where(there, some, 0.0).sum(axis=1) / np.maximum(count, 1)
    value: Floats = np.where(count > 0, mean, np.where(np.isfinite(lowest), lowest, 0.0))
    return value


def _logistic(x: Floats) -> Floats:
    # Beyond 30 the result no longer changes in four digits, and `exp` would overflow with a
    # warning.
    finite = np.clip(np.where(np.isfinite(x), x, -30.0), -30, 30)
    value: Floats = 1.0 / (1.0 + np.exp(-finite))
    return value
