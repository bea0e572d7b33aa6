"""CODEOWNERS from the roles: the lines, their signs, and what of a team's own file stays."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from onrecord.forges.codeowners import BEGIN, END, block_in, codeowners, has_decisions, updated
from onrecord.records.library import Library
from onrecord.records.reading import read_library

TODAY = date(2026, 10, 6)


def library(root: Path, files: dict[str, str]) -> Library:
    (root / "decisions").mkdir()
    for path, front in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(f"---\n{front}\n---\n", encoding="utf-8")
    return read_library(root)


def role(holder: str, backups: str = "[]") -> str:
    return f"title: Lead\npurpose: To lead.\nholder: {holder}\nbackups: {backups}"


def decision(owner: str, more: str = "stage: assess") -> str:
    return f"title: A\n{more}\nowner: {owner}"


BASE = {
    "playbooks/payroll-lead/index.md": role("alice", '[bob, "@Alice"]'),
    "playbooks/host/index.md": role("", "[carol]"),
    "playbooks/cook/index.md": role(""),
    "decisions/2026/pay date #2.md": decision("payroll-lead"),
    "decisions/2026/tea.md": decision("cook"),
    "decisions/2026/by-hand.md": decision('"@payroll-lead"'),
    "decisions/2026/nobody.md": decision(""),
    "decisions/2026/done.md": decision("payroll-lead", "stage: align\noutcome: accepted"),
}


def test_roles_own_their_folders_and_open_decisions_belong_to_a_holder(tmp_path: Path) -> None:
    assert codeowners(library(tmp_path, BASE), TODAY, "kb/").splitlines() == [
        BEGIN,
        "# /kb/playbooks/cook/ is vacant: nobody holds it, nobody backs it up",
        "# /kb/playbooks/host/ is vacant: its backups are asked",
        "/kb/playbooks/host/ @carol",
        "/kb/playbooks/payroll-lead/ @alice @bob",
        r"/kb/decisions/2026/pay\ date\ \#2.md @alice",
        "# /kb/decisions/2026/tea.md belongs to cook, which is vacant",
        END,
    ]


def test_without_decisions_a_new_one_changes_nothing(tmp_path: Path) -> None:
    block = codeowners(library(tmp_path, BASE), TODAY, decisions=False)
    assert "/decisions/" not in block
    assert has_decisions(block) is False
    assert has_decisions(codeowners(Library(), TODAY)) is True


@pytest.mark.parametrize("name", ["a*b", "a?b", "[ab]", "!a", "a\\b", "größe", "two  spaces"])
def test_a_pattern_fits_one_path_only(tmp_path: Path, name: str) -> None:
    block = codeowners(library(tmp_path, {f"playbooks/{name}/index.md": role("alice")}), TODAY)
    (line,) = block.splitlines()[1:-1]
    pattern, _, people = line.rpartition(" ")
    assert people == "@alice"
    assert pattern.replace("\\\\", "\0").replace("\\", "").replace("\0", "\\") == (
        f"/playbooks/{name}/"
    )


def test_a_name_never_makes_a_line_of_its_own(tmp_path: Path) -> None:
    files = {
        "playbooks/a\n* @mallory\n/index.md": role("alice"),
        "playbooks/b/index.md": role('"x y"'),
    }
    lines = codeowners(library(tmp_path, files), TODAY).splitlines()[1:-1]
    assert [line[:2] for line in lines] == ["# ", "# "]


OWN = "# Ours\n* @team/all\r\n"


def test_what_else_stands_in_the_file_is_kept() -> None:
    block = f"{BEGIN}\n/playbooks/a/ @ana\n{END}\n"
    made = updated(OWN, block)
    assert made == f"{OWN}\n{block}"
    later = f"{BEGIN}\n/playbooks/a/ @bob\n{END}\n"
    assert updated(made + "\n/docs/ @eve\n", later) == f"{OWN}\n{later}\n/docs/ @eve\n"
    assert updated("", block) == block
    assert updated(made, block) == made
    assert block_in(made) == block
    assert block_in(OWN) is None
