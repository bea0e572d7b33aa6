"""An index that follows a change is the index that would be made anew."""

from __future__ import annotations

import numpy as np
import pytest

from onrecord.precedents.engine.index import index, reindex
from onrecord.precedents.engine.index.features import Features
from onrecord.precedents.engine.index.index import Index


def features(rng: np.random.Generator) -> Features:
    """Few common and many rare terms, sometimes none at all."""
    terms = np.unique((rng.zipf(1.3, rng.integers(0, 60)) % 3000).astype(np.uint32))
    strengths = rng.integers(1, 255, len(terms)).astype(np.uint8)
    return Features(terms, strengths, *(np.sort(rng.permutation(terms)[:3]) for _ in range(2)))


def differences(one: Index, other: Index) -> list[str]:
    others = other.arrays()
    return [
        name
        for name, part in one.arrays().items()
        if part.dtype != others[name].dtype or not np.array_equal(part, others[name])
    ]


@pytest.mark.parametrize("seed", range(40))
def test_the_same_as_from_scratch(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "MILESTONES_FROM", 16)  # so that rarity is frozen in some of them
    rng = np.random.default_rng(seed)
    before = [features(rng) for _ in range(rng.integers(1, 60))]
    leaves, comes = rng.choice([0.0, 0.02, 0.2], 2)
    after: list[Features] = []
    moved, fresh = np.full(len(before), -1), {}
    for number, item in enumerate(before):
        while rng.random() < comes:
            fresh[len(after)] = features(rng)
            after.append(fresh[len(after)])
        if rng.random() >= leaves:
            moved[number] = len(after)
            after.append(item)
    made = reindex.updated(index.build(before), moved, fresh, len(after))
    assert differences(made, index.build(after)) == []


@pytest.mark.parametrize(
    ("gone", "fresh", "size", "is_worth_it"),
    [(1, 1, 10, True), (2, 1, 10, False), (10, 10, 1000, True), (11, 10, 1000, False)],
)
def test_a_base_of_which_much_has_changed_is_made_anew(
    gone: int, fresh: int, size: int, is_worth_it: bool
) -> None:
    moved = np.arange(size)
    moved[:gone] = -1
    assert reindex.is_worth_it(moved, fresh, size) is is_worth_it
