"""What a handoff is called: its own heading, else its parties by the names of people.yml."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord.records.reading import read_library

PEOPLE = "Ana: {name: Ana Ruiz}\nbo: {timezone: Europe/Oslo}\n"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("from: ana\nto: bo", "Ana Ruiz to bo"),
        ("from: '@ANA'\nto: cy", "Ana Ruiz to cy"),
        ("from: nobody-known\nto: ana", "nobody-known to Ana Ruiz"),
        ("to: ana", "vacant to Ana Ruiz"),
        ("from: ana", "h"),
    ],
)
def test_a_handoff_is_called_by_its_parties(tmp_path: Path, text: str, title: str) -> None:
    assert _title(tmp_path, f"---\n{text}\n---\n\n## Situation\n\nCalm.\n") == title


def test_a_heading_of_its_own_comes_first(tmp_path: Path) -> None:
    text = "---\nfrom: ana\nto: bo\n---\n\n# Payroll over the summer\n"
    assert _title(tmp_path, text) == "Payroll over the summer"


def test_without_people_the_handles_are_the_title(tmp_path: Path) -> None:
    assert _title(tmp_path, "---\nfrom: ana\nto: bo\n---\n", people="") == "ana to bo"


def _title(root: Path, text: str, people: str = PEOPLE) -> str:
    handoffs = root / "playbooks" / "lead" / "handoffs"
    handoffs.mkdir(parents=True)
    (handoffs / "h.md").write_text(text)
    (root / "decisions").mkdir()
    if people:
        (root / "playbooks" / "people.yml").write_text(people)
    return read_library(root).handoffs[0].title
