"""What titles say of each other: words and phrases, seen from both sides."""

from __future__ import annotations

import numpy as np

from onrecord.precedents.engine.index import index
from onrecord.precedents.engine.index.features import extract
from onrecord.precedents.engine.index.titles import OTHER_SIDE, SHARE, shares, title_rarity
from onrecord.text.words import Analyser

TEXTS = [
    ("Close the harbour shop", "Tourists come by boat in July and August."),
    ("Harbour cruises", "We close the harbour shop while the boats are out; tourists wait."),
    ("Shop hours", "The shop by the harbour opens at nine."),
    ("", "Nobody named this one, which is about the harbour and the shop."),
]


def table() -> np.ndarray:
    """Shares of every document, asked of every document."""
    items = [extract(title, text, Analyser()) for title, text in TEXTS]
    made = index.build(items)
    rarity, every = title_rarity(made), np.arange(len(items))
    return np.array([shares(made, rarity, item, every) for item in items])


def test_one_side_sees_what_the_other_says() -> None:
    found = table()
    assert (found == found.transpose(1, 0, 2)[:, :, list(OTHER_SIDE)]).all()


def test_whole_and_half_names_and_phrases() -> None:
    words, naming, phrases, phrasing = table()[1, 0] / SHARE
    assert words == 1  # The text of the second holds each word of the first one's title,
    assert phrases == 1  # and in this order.
    assert 0 < naming < 1  # The first holds "harbour" alone of "harbour cruises",
    assert phrasing == 0  # hence no pair.
    scattered = table()[2, 0] / SHARE
    assert 0 < scattered[0] < 1
    assert scattered[2] < phrases
