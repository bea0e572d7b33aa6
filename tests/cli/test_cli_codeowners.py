"""`onrecord codeowners`: printed, written, and found out of date."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from machine_output import conforms
from repository import git
from test_cli_before import commit
from test_cli_status import PAY, ROLE, status

from onrecord.cli import main
from onrecord.forges.codeowners import BEGIN, END

BLOCK = f"{BEGIN}\n/kb/playbooks/payroll-lead/ @alice\n/kb/decisions/pay.md @alice\n{END}\n"


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for path, text in {
        "kb/decisions/pay.md": PAY.format("assess", ""),
        "kb/playbooks/payroll-lead/index.md": ROLE,
    }.items():
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(text)
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "kb"


def codeowners(*words: str) -> Result:
    return CliRunner().invoke(main, ["--root", "kb", "codeowners", *words])


def test_it_is_printed_with_paths_from_the_top_of_the_repository(base: Path) -> None:
    assert codeowners().output == BLOCK


def test_a_program_reads_who_owns_what(base: Path) -> None:
    said = json.loads(codeowners("--json").output)
    conforms("codeowners")(said)
    asked = {"role": "payroll-lead", "holder": "alice", "owners": ["alice"]}
    assert said == [
        {"path": "kb/playbooks/payroll-lead/", **asked},
        {"path": "kb/decisions/pay.md", **asked},
    ]
    assert json.loads(codeowners("--no-decisions", "--json").output) == said[:1]
    role = base / "playbooks/payroll-lead/index.md"
    role.write_text(role.read_text().replace("holder: alice", "holder:\nbackups: [bob]"))
    vacant = json.loads(codeowners("--json").output)[0]
    assert (vacant["holder"], vacant["owners"]) == (None, ["bob"])


def test_it_is_written_once(base: Path) -> None:
    assert codeowners("--write", ".github/CODEOWNERS").output == "made  .github/CODEOWNERS\n"
    assert Path(".github/CODEOWNERS").read_text() == BLOCK
    again = codeowners("--write", ".github/CODEOWNERS")
    assert again.output == ".github/CODEOWNERS already matches the roles; nothing was changed.\n"


def test_a_file_of_their_own_gets_the_lines_at_its_end(base: Path) -> None:
    Path("CODEOWNERS").write_text("* @team/all\n")
    assert codeowners("--write", "CODEOWNERS").output == "changed  CODEOWNERS\n"
    assert Path("CODEOWNERS").read_text() == f"* @team/all\n\n{BLOCK}"


def test_check_says_when_it_no_longer_follows_the_roles(base: Path) -> None:
    assert codeowners("--check").exit_code == 0  # there is none
    codeowners("--write", "CODEOWNERS")
    assert codeowners("--check").exit_code == 0
    role = base / "playbooks/payroll-lead/index.md"
    role.write_text(role.read_text().replace("alice", "bob"))
    said = codeowners("--check")
    assert said.exit_code == 1
    assert said.output == (
        "CODEOWNERS no longer matches the roles.\n"
        "    run `onrecord codeowners --write CODEOWNERS`\n"
    )
    commit(base)
    comment = status(base, "--format", "markdown").output
    assert "`CODEOWNERS` no longer matches the roles: run" in comment


def test_a_file_without_decisions_stays_so(base: Path) -> None:
    codeowners("--write", "CODEOWNERS", "--no-decisions")
    role = base / "playbooks/payroll-lead/index.md"
    role.write_text(role.read_text().replace("alice", "bob"))
    assert codeowners("--check").exit_code == 1
    codeowners("--write", "CODEOWNERS")
    text = Path("CODEOWNERS").read_text()
    assert "@bob" in text
    assert "decisions/" not in text
    assert codeowners("--check").exit_code == 0


def test_wrong_use_is_said(base: Path) -> None:
    Path("binary").write_bytes(b"\xff\xfe")
    assert "isn't UTF-8" in codeowners("--write", "binary").output
    assert codeowners("--write", "x", "--check").exit_code == 2
