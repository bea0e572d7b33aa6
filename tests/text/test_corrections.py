"""Which word was meant by a misspelt one, and which is a word of its own."""

from __future__ import annotations

import pytest

from onrecord.text.corrections import (
    Correction,
    is_guessable,
    is_slip,
    nearest_of,
    with_corrections,
    words_of_names,
)

TITLES = ("Sidecar containers", "Restart of sidecar containers", "Payroll for the cafe")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *[("sidcar", "sidecar"), ("sidecarr", "sidecar"), ("sidecra", "sidecar")],
        *[("isdecar", "sidecar"), ("sedecar", "sidecar"), ("seperate", "separate")],
        *[("gracefull", "graceful"), ("salareis", "salaries"), ("topolgy", "topology")],
    ],
)
def test_a_slip_is_known_for_one(typed: str, meant: str) -> None:
    assert is_slip(typed, meant)
    assert is_slip(meant, typed)


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        *[("consent", "content"), ("clock", "lock"), ("drive", "derive"), ("pausing", "parsing")],
        *[("training", "ranking"), ("invitation", "navigation"), ("sidecar", "sidecar")],
        *[("", ""), ("a", "b"), ("plotting", "plotted"), ("particle", "partial")],
    ],
)
def test_a_word_of_its_own_is_no_slip(typed: str, other: str) -> None:
    assert not is_slip(typed, other)


def test_the_nearest_word_is_one_of_the_texts() -> None:
    assert nearest_of("sidcar", TITLES) == "sidecar"
    assert nearest_of("contianer", TITLES) == "containers"
    assert nearest_of("zebra", TITLES) == ""
    assert nearest_of("sidcar", ()) == ""
    assert not is_guessable("x" * 1000)


def test_the_words_of_names_are_the_most_frequent_first() -> None:
    names = ("Pay the Bank", "A bank, a bank", "pay-day: 2nd of the month")
    assert words_of_names(names) == ["bank", "month"]  # and none too short to be corrected
    assert words_of_names(()) == []


def test_only_the_corrected_words_are_replaced() -> None:
    slips = (Correction("Sidcar", "sidecar"), Correction("sid", "side"))
    assert with_corrections("Sidcar, (sid) sidcar sidelong!", slips) == (
        "sidecar, (side) sidcar sidelong!"
    )
    assert with_corrections("as it is", ()) == "as it is"
