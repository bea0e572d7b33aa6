"""The table of languages: each word says one thing, and headings of any language fill a section."""

from __future__ import annotations

import pytest

from onrecord.records.languages import folded, languages, section_title, words
from onrecord.records.reading.markdown import body_of
from onrecord.records.shapes import DECISION

STANDINGS = ("open", "accepted", "rejected", "withdrawn", "superseded", "ended")


def test_no_word_says_two_standings() -> None:
    said = [word for standing in STANDINGS for word in words("status", standing)]
    assert sorted(said) == sorted(set(said))


@pytest.mark.parametrize("language", languages())
def test_every_language_heads_every_section_of_a_decision(language: str) -> None:
    for title, _ in DECISION.sections:
        heading = section_title(title.casefold(), language)
        section = body_of(f"## {heading}\n\nwritten\n").section(title)
        assert section is not None
        assert section.text == "written"


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("Context and Problem Statement", "Problem"),
        ("1. Kontext", "Problem"),
        ("Decisión", "Proposal"),
        ("決定", "Proposal"),
        ("Considered Options", "Alternatives"),
    ],
)
def test_a_heading_of_another_form_is_the_section(heading: str, title: str) -> None:
    assert body_of(f"## {heading}\n\nx\n").section(title) is not None


def test_a_section_of_the_exact_title_goes_first() -> None:
    body = body_of("## Context\n\none\n\n## Problem\n\ntwo\n")
    section = body.section("Problem")
    assert section is not None
    assert section.text == "two"


def test_case_accents_and_width_do_not_matter() -> None:
    assert folded("DÉCISION  l’été ＡＤＲ") == "decision l ete adr"
