"""`onrecord changes`: what is printed, grouped by day, newest first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from machine_output import conforms

from onrecord.cli import main

PAY = """---
title: Pay on the 28th
stage: collaborate
owner: ana
entered:
  assess: 2026-09-01
  collaborate: 2026-09-04
---
"""
TOOL = """---
title: Choose a tool
stage: align
owner: ana
outcome: accepted
decided: 2026-09-04
entered:
  align: 2026-09-04
---
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "decisions"
    folder.mkdir()
    (folder / "pay.md").write_text(PAY)
    (folder / "tool.md").write_text(TOOL)
    return tmp_path


def run(root: Path, *words: str) -> Result:
    result = CliRunner().invoke(main, ["--root", str(root), "--today", "2026-11-22", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_a_day_a_group_and_a_change_a_line(root: Path) -> None:
    result = run(root, "changes", "--since", "2026-09-01")
    assert result.exit_code == 0
    assert result.output == (
        "2026-09-04\n"
        "  new         Choose a tool: opened, in align (decisions/tool.md)\n"
        "  moved       Pay on the 28th: moved to collaborate (decisions/pay.md)\n"
        "  decided     Choose a tool: accepted (decisions/tool.md)\n"
        "2026-09-01\n"
        "  new         Pay on the 28th: opened, in assess (decisions/pay.md)\n"
    )


def test_until_a_day(root: Path) -> None:
    result = run(root, "changes", "--since", "2026-08-01", "--until", "2026-09-03")
    assert result.output == (
        "2026-09-01\n  new         Pay on the 28th: opened, in assess (decisions/pay.md)\n"
    )


def test_nothing(root: Path) -> None:
    result = run(root, "changes", "--since", "2026-10-01")
    assert result.exit_code == 0
    assert result.output == "Nothing has changed since 2026-10-01.\n"


def test_as_json(root: Path) -> None:
    result = run(root, "changes", "--since", "2026-09-04", "--json")
    conforms("changes")(json.loads(result.output))
    assert json.loads(result.output)[1] == {
        "day": "2026-09-04",
        "kind": "moved",
        "title": "Pay on the 28th",
        "said": "moved to collaborate",
        "path": "decisions/pay.md",
    }
    assert json.loads(run(root, "changes", "--since", "2026-10-01", "--json").output) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--since", "2026-13-45"], "--since 2026-13-45: there is no such day"),
        (["--since", "next-week"], "'next-week' is neither a day (YYYY-MM-DD) nor a revision"),
        (["--since", "2026-09-01", "--until", "soon"], "'soon' isn't a day; write YYYY-MM-DD"),
        ([], "Missing option '--since'"),
    ],
)
def test_wrong_use_says_the_right_form(root: Path, words: list[str], said: str) -> None:
    result = run(root, "changes", *words)
    assert result.exit_code == 2
    assert said in result.output
