"""Thirty questions of a newcomer or an agent, answered by `brief` and `show` alone.

They stand in thirty_questions.tsv: a question, the one command that is asked, and the words of what
it prints that answer it. `new` is what `onrecord init` writes, a week later.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from building import NORTHWIND
from click.testing import CliRunner

from onrecord.cli import main

TABLE = Path(__file__).with_name("thirty_questions.tsv")
MADE, DAYS = "2026-10-05", {"new": "2026-10-12", "northwind": "2026-10-10"}


def questions() -> list[tuple[str, str, str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(base, asked, of, answer) for base, asked, of, answer in list(rows)[1:]]


def run(*words: str) -> str:
    result = CliRunner().invoke(main, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    new = tmp_path_factory.mktemp("new") / "base"
    run("--today", MADE, "init", str(new))
    return {"new": new, "northwind": NORTHWIND}


def test_there_are_thirty_of_brief_and_show() -> None:
    asked = questions()
    assert len(asked) == len({question for _, question, _, _ in asked}) == 30
    assert {of.split()[0] for _, _, of, _ in asked} == {"brief", "show"}


@pytest.mark.parametrize(
    ("base", "question", "of", "answer"), questions(), ids=[q for _, q, _, _ in questions()]
)
def test_a_question_is_answered(
    base: str, question: str, of: str, answer: str, bases: dict[str, Path]
) -> None:
    printed = run("--root", str(bases[base]), "--today", DAYS[base], *of.split())
    assert " ".join(answer.split()) in " ".join(printed.split()), printed
