"""Handing on, back and in part from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_base import READY, handoff

from onrecord.cli import main

H = "playbooks/lead/handoffs/"
ROLE = "playbooks/lead/index.md"


def run(root: Path, *args: str, today: str = "2026-10-06") -> Result:
    return CliRunner().invoke(main, ["--root", str(root), "--today", today, *args])


@pytest.fixture
def base(tmp_path: Path) -> Path:
    (tmp_path / "decisions").mkdir()
    for path, text in READY.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    (tmp_path / "playbooks/lead/steps.md").unlink()
    role = (tmp_path / ROLE).read_text().replace(", as in [the steps](steps.md)", "")
    (tmp_path / ROLE).write_text(role)
    (tmp_path / H).mkdir()
    return tmp_path


def accept(root: Path, name: str) -> Result:
    return run(root, "accept", name, "--own", "The pay run.", "--wrong", "It.", "--ask", "No.")


def test_accepting_for_good_writes_the_holder_and_check_is_content(base: Path) -> None:
    assert run(base, "new", "handoff", "lead", "--to", "bob").exit_code == 0
    result = accept(base, "2026-10-06-ana-to-bob")
    assert result.exit_code == 0, result.output
    front = (base / ROLE).read_text().split("---")[1]
    assert "holder: bob\nbackups: []\n" in front
    assert run(base, "check").exit_code == 0, run(base, "check").output


def test_a_backup_on_a_line_of_its_own_is_taken_out(base: Path) -> None:
    run(base, "new", "handoff", "lead", "--to", "bob")
    text = (base / ROLE).read_text()
    (base / ROLE).write_text(text.replace("backups: [bob]", "backups:\n  - bob\n  - eve"))
    assert accept(base, "2026-10-06-ana-to-bob").exit_code == 0
    changed = text.replace("ana", "bob").replace("backups: [bob]", "backups:\n  - eve")
    assert (base / ROLE).read_text() == changed


def test_a_role_that_cannot_be_changed_leaves_the_handoff_alone(base: Path) -> None:
    run(base, "new", "handoff", "lead", "--to", "bob")
    text = (base / ROLE).read_text().replace("backups: [bob]", "backups: [bob,\n  eve]")
    (base / ROLE).write_text(text)
    before = (base / f"{H}2026-10-06-ana-to-bob.md").read_text()
    result = accept(base, "2026-10-06-ana-to-bob")
    assert result.exit_code == 2
    assert "holder: bob" in result.output
    assert (base / f"{H}2026-10-06-ana-to-bob.md").read_text() == before
    assert (base / ROLE).read_text() == text


def test_accepting_for_a_time_leaves_the_holder(base: Path) -> None:
    run(base, "new", "handoff", "lead", "--to", "bob", "--until", "2026-10-09")
    assert accept(base, "2026-10-06-ana-to-bob").exit_code == 0
    assert "holder: ana" in (base / ROLE).read_text()
    assert "holds: Lead" in run(base, "waiting", "bob").output
    away = run(base, "waiting", "ana").output
    assert "handed on for a time: Lead" in away
    assert "holds" not in away


@pytest.mark.parametrize("today", ["2026-10-06", "2026-10-20"])
def test_a_role_goes_back_to_whom_it_came_from(base: Path, today: str) -> None:
    lent = handoff("ana", "bob", "2026-10-01", until="2026-10-09", accepted="2026-10-01")
    (base / f"{H}a.md").write_text(lent)
    assert run(base, "new", "handoff", "lead", "--back", today=today).exit_code == 0
    made = (base / f"{H}{today}-bob-to-ana.md").read_text()
    assert "from: bob\nto: ana\n" in made
    # Who wrote it isn't asked for it again.
    assert "hand it back" not in run(base, "waiting", "bob", today=today).output


def test_nothing_goes_back_that_was_not_lent(base: Path) -> None:
    result = run(base, "new", "handoff", "lead", "--back")
    assert result.exit_code == 2
    assert "was not handed on for a time" in result.output
    result = run(base, "new", "handoff", "lead", "--to", "ana")
    assert result.exit_code == 2
    assert "--back" in result.output


def test_a_duty_is_delegated_by_its_words(base: Path) -> None:
    words = ("delegate", "lead", "monthly the pay run", "--to", "bob", "--until", "2026-10-20")
    result = run(base, *words)
    assert result.exit_code == 0, result.output
    path = f"{H}2026-10-06-ana-to-bob-monthly-the-pay-run.md"
    assert "covers: [monthly the pay run]" in (base / path).read_text()
    assert accept(base, Path(path).stem).exit_code == 0
    assert "holder: ana" in (base / ROLE).read_text()
    assert run(base, "check").exit_code == 0, run(base, "check").output


def test_what_is_no_duty_is_said_with_the_nearest(base: Path) -> None:
    result = run(base, "delegate", "lead", "the pay rum", "--to", "bob")
    assert result.exit_code == 2
    assert 'did you mean "the pay run"?' in result.output
    assert list((base / H).iterdir()) == []
