"""A record that is like every other one is no precedent of any in particular."""

from __future__ import annotations

import numpy as np
import pytest

from onrecord.precedents.engine import Document, Engine
from onrecord.precedents.engine.index import index, scoring, typical
from onrecord.precedents.engine.index.features import extract
from onrecord.text.words import Analyser

FIELDS = {
    "bread": "flour yeast dough crust oven loaf",
    "boats": "hull keel mast sail rudder anchor",
    "bees": "hive honey wax swarm queen pollen",
    "bells": "tower rope clapper bronze ring chime",
}


def records(count: int) -> list[Document]:
    names = sorted(FIELDS)
    return [
        Document(
            f"r{number:02d}",
            f"{name} {number}",
            " ".join(
                f"{word} {name}{number % 5} {word}{number % 3}" for word in FIELDS[name].split()
            ),
            f"{number:03d}",
        )
        for number in range(count)
        for name in [names[number % len(names)]]
    ]


def test_it_is_the_mean_of_the_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typical, "PARTS", 3)
    items = [extract(each.title, each.body, Analyser()) for each in records(24)]
    made = index.build(items)
    whole = np.array(
        [
            scoring.products(made, scoring.query(made, item)) / made.norms[number]
            for number, item in enumerate(items)
        ]
    )
    whole[np.diag_indices(24)] = 0
    for when in (8, 16, 24):
        expected = whole[:when].mean(axis=0) / made.lengths()
        found = made.typical(np.array([when]), np.arange(24)[None, :])[0]
        assert np.allclose(found, expected, atol=2e-6)


def test_later_records_change_nothing_once_rarity_is_frozen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(index, "MILESTONES_FROM", 16)
    queries, every = np.array([5, 12, 16]), np.tile(np.arange(5), (3, 1))

    def found(count: int) -> list[list[float]]:
        items = [extract(each.title, each.body, Analyser()) for each in records(count)]
        value: list[list[float]] = index.build(items).typical(queries, every).tolist()
        return value

    assert found(16) == found(19)


def test_what_names_every_field_comes_behind_what_treats_one() -> None:
    everything = " ".join(record.body for record in records(8))
    some = [
        *records(24),
        Document("roll-up", "All of the year", everything, "100"),
        Document("keel", "Keels", FIELDS["boats"] + " barnacles scraped in the dry dock", "101"),
    ]
    asked = f"{everything} barnacles on the keel"
    order = [hit.id for hit in Engine(some).similar(asked, "The harbour", 30, 0.0)]
    assert {"roll-up", "keel"} < set(order)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_small_base_has_parts_without_records(count: int) -> None:
    items = [extract(each.title, each.body, Analyser()) for each in records(count)]
    made = index.build(items)
    assert np.isfinite(made.typical(np.array([count]), np.arange(count)[None, :])).all()
