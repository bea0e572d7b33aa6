"""`onrecord advance`: what it says, what it writes, and the exit status."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from onrecord.cli import main

GOOD = Path(__file__).parents[1] / "fixtures" / "good"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    shutil.copytree(GOOD, tmp_path / "base")
    return tmp_path / "base"


def run(root: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--root", str(root), "--today", "2026-10-06", *words])


def changes(root: Path) -> dict[str, tuple[list[str], list[str]]]:
    """For each file that differs from the good base, the lines gone and the lines come."""
    found = {}
    for file in sorted(root.rglob("*")):
        original = GOOD / file.relative_to(root)
        if file.is_file() and file.read_bytes() != original.read_bytes():
            before, after = original.read_text().splitlines(), file.read_text().splitlines()
            found[str(file.relative_to(root))] = (
                [line for line in before if line not in after],
                [line for line in after if line not in before],
            )
    return found


def test_a_gate_that_is_not_met_is_explained(base: Path) -> None:
    result = run(base, "advance", "open-an-office")
    assert result.stdout == ""
    assert result.stderr == (
        "decisions/2026/open-an-office.md can't leave assess yet:\n"
        "  - line 17: the section “Proposal” is empty (@office-manager)\n"
        "  - the section “Alternatives” is missing (@office-manager)\n"
        "      ## Alternatives\n"
    )
    assert result.exit_code == 1
    assert changes(base) == {}


def test_it_names_whom_a_decision_waits_for(base: Path) -> None:
    result = run(base, "advance", "move-the-pay-date.md")
    assert result.stderr == (
        "decisions/2026/move-the-pay-date.md can't leave collaborate yet:\n"
        "  - line 32: waiting for feedback from 1 of 2 (@carol)\n"
        "      - [ ] @carol: …\n"
    )
    assert result.exit_code == 1


def test_the_day_decides_whether_a_silence_may_be_noted(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_TODAY", "2026-10-09")
    result = CliRunner().invoke(main, ["--root", str(base), "advance", "move-the-pay-date"])
    assert result.stderr == (
        "decisions/2026/move-the-pay-date.md can't leave collaborate yet:\n"
        "  - line 32: waiting for feedback from 1 of 2; it was due 2026-10-08, "
        "so their silence may be noted (@carol)\n"
        "      - [x] @carol: no answer by 2026-10-08\n"
    )


def test_the_next_stage_is_written(base: Path) -> None:
    path = "decisions/2026/answer-within-a-day.md"
    text = (base / path).read_text().replace("- [ ] @bob", "- [x] @bob")
    (base / path).write_text(text + "  In the customer's.\n\n## Review\n\nNoon where they are.\n")
    result = run(base, "advance", "answer-within-a-day")
    assert result.output == (
        "answer-within-a-day is now in integrate, since 2026-10-06.\n"
        "Everything is brought together. Only this step may need a meeting.\n"
        "`due` still says 2026-10-07, the end of review; "
        "name the end of integrate there, or with --due.\n"
    )
    assert result.exit_code == 0
    gone, come = changes(base)[path]
    assert gone == ["stage: review", "- [ ] @bob: noon in whose time zone?"]
    assert come[:2] == ["stage: integrate", "  integrate: 2026-10-06"]


def test_an_outcome_closes_it(base: Path) -> None:
    words = ("share-salaries", "--outcome", "accepted", "--due", "2026-10-20")
    path = base / "decisions/2026/share-salaries.md"
    asked = run(base, "advance", *words)
    assert (asked.exit_code, "nothing says what it should change" in asked.output) == (1, True)
    tags = "tags: [people, payroll]\n"
    said = f"{tags}expects: people say whether it is fair, no number does\n"
    path.write_text(path.read_text().replace(tags, said))
    result = run(base, "advance", *words)
    assert result.output == (
        "share-salaries is accepted, decided 2026-10-06.\n"
        "share-salaries is now in align, since 2026-10-06.\n"
        "Everyone informed confirms that they know the decision.\n"
    )
    assert changes(base) == {
        "decisions/2026/share-salaries.md": (
            ["stage: integrate"],
            [
                "stage: align",
                "  align: 2026-10-06",
                "outcome: accepted",
                "decided: 2026-10-06",
                "due: 2026-10-20",
                "expects: people say whether it is fair, no number does",
            ],
        )
    }
    assert run(base, "check").exit_code == 0


def test_json_of_an_advance(base: Path) -> None:
    result = run(base, "advance", "open-an-office", "--outcome", "withdrawn", "--json")
    assert json.loads(result.stdout) == {
        "id": "open-an-office",
        "stage": "assess",
        "advanced": True,
        "refusal": None,
        "missing": [],
    }
    assert result.exit_code == 0


def test_json_of_what_is_missing(base: Path) -> None:
    result = run(base, "advance", "write-incident-reports", "--json")
    assert json.loads(result.stdout) == {
        "id": "write-incident-reports",
        "stage": "align",
        "advanced": False,
        "refusal": None,
        "missing": [
            {
                "text": "2 of 4 informed have not acknowledged",
                "who": ["alice", "bob"],
                "line": 13,
                "example": "aligned: [carol, dan, alice]",
            }
        ],
    }
    assert result.stderr == ""
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("four-day-week",), "four-day-week: nothing is left to do: it is closed.\n"),
        (("four-day-week", "--outcome", "accepted"), "four-day-week: it is rejected already.\n"),
        (
            ("open-an-office", "--outcome", "accepted"),
            "open-an-office: it can't be accepted in assess, only from integrate on.\n",
        ),
    ],
)
def test_a_step_that_makes_no_sense_is_refused(
    words: tuple[str, ...], said: str, base: Path
) -> None:
    result = run(base, "advance", *words)
    assert (result.output, result.exit_code) == (said, 1)
    assert changes(base) == {}


def test_a_record_that_cannot_be_changed_safely_is_left_alone(base: Path) -> None:
    file = base / "decisions/2026/open-an-office.md"
    file.write_bytes(file.read_bytes().replace(b"due:", b"stage: assess\ndue:"))
    before = file.read_bytes()
    result = run(base, "advance", "open-an-office", "--outcome", "withdrawn")
    assert result.exit_code == 1
    assert result.output == (
        "open-an-office: fix its front matter first; `onrecord check` says where.\n"
    )
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("open-an-ofice",), "no decision 'open-an-ofice': did you mean \"open-an-office\"?"),
        (("zzz",), "no decision 'zzz': an id is the file's name without .md"),
        ((), "Missing argument 'ID'."),
        (("open-an-office", "--outcome", "maybe"), "'maybe' is not one of 'accepted', 'rejected'"),
        (("open-an-office", "--due", "2026-13-01"), "'2026-13-01' isn't a day"),
    ],
)
def test_wrong_use(words: tuple[str, ...], said: str, base: Path) -> None:
    result = run(base, "advance", *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert changes(base) == {}


def test_two_files_with_one_id_are_wrong_use(base: Path) -> None:
    shutil.copy(base / "decisions/2026/four-day-week.md", base / "decisions/2025")
    result = run(base, "advance", "four-day-week", "--outcome", "withdrawn")
    assert result.exit_code == 2
    assert "two files have the id four-day-week; `onrecord check` names them" in result.stderr


def test_a_file_that_cannot_be_written_is_said(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", closed)
    result = run(base, "advance", "open-an-office", "--outcome", "withdrawn")
    assert result.exit_code == 2
    assert "can't write decisions/2026/open-an-office.md: Permission denied" in result.stderr
    assert changes(base) == {}


DRAFT = """---
title: Pay on the 28th
stage: assess
owner: ana
entered: {assess: 2026-10-01}  # a remark
consulted: [bob]
---
## Problem

Rent.

## Proposal

Pay sooner.

## Alternatives

None.
"""


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ('  when is "pay day", [really]?: x # y \n', ['when is "pay day", [really]?: x # y']),
        ("\n", None),
    ],
)
def test_on_a_terminal_it_asks_how_people_will_ask(
    base: Path, monkeypatch: pytest.MonkeyPatch, typed: str, written: list[str] | None
) -> None:
    file = base / "decisions" / "sooner.md"
    file.write_text(DRAFT)
    monkeypatch.setattr("onrecord.cli.advance.is_terminal", lambda: True)
    words = ["--root", str(base), "--today", "2026-10-06", "advance", "sooner"]
    result = CliRunner().invoke(main, words, input=typed)
    assert result.exit_code == 0
    assert "How would somebody with this problem ask for it?" in result.stdout
    front = yaml.safe_load(file.read_text().split("---")[1])
    assert front.get("asked") == written
    assert front["stage"] == "collaborate"
    assert file.read_text().endswith(DRAFT.split("---")[2])


def test_a_program_is_asked_nothing(base: Path) -> None:
    (base / "decisions" / "sooner.md").write_text(DRAFT)
    assert "How would" not in run(base, "advance", "sooner").output
