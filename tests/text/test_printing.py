"""A printed line only shows, and JSON reads back as it was."""

from __future__ import annotations

import json

import pytest
from hostile import NAMES, TERMINAL, obeyed_in
from hypothesis import given
from hypothesis import strategies as some

from onrecord.text.printing import annotation, printed, printed_json, printed_lines

ANY = some.text(some.characters() | some.characters(categories=["Cs", "Cc", "Cf"]), max_size=40)
TEXT = ANY | some.sampled_from((*TERMINAL, *NAMES))


@given(TEXT)
def test_a_line_only_shows(text: str) -> None:
    line = printed(text)
    assert obeyed_in(line) == []
    assert "\n" not in line
    line.encode()
    assert printed(line) == line


@given(TEXT)
def test_lines_that_are_meant_stay_lines(text: str) -> None:
    lines = printed_lines(f"one\n{text}")
    assert obeyed_in(lines) == []
    assert lines.count("\n") == text.count("\n") + 1


@given(some.dictionaries(TEXT, TEXT | some.lists(TEXT, max_size=3), max_size=3))
def test_json_reads_back_and_only_shows(value: object) -> None:
    text = printed_json(value)
    assert json.loads(text) == value
    assert obeyed_in(text) == []


@given(TEXT, TEXT)
def test_an_annotation_is_one_command(path: str, text: str) -> None:
    line = annotation("error", path, 1, 2, "code", text)
    assert line.startswith("::error file=")
    assert obeyed_in(line.removeprefix("::")) == []
    assert ",line=1,col=2,title=code::" in line


@pytest.mark.parametrize(
    "text", ["Größe: 5 m²", "日本語", "👨\u200d👩\u200d👧", "می\u200cخواهم", "a::b #1 ## x"]
)
def test_what_people_write_stays(text: str) -> None:
    assert printed(text) == text
