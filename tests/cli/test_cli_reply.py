"""`onrecord reply`: a file of one's own, which the next check accepts."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from onrecord.cli import main

GOOD = Path(__file__).parents[1] / "fixtures/good"
DAY = "2026-10-06"


@pytest.fixture
def team(tmp_path: Path) -> Path:
    root = tmp_path / "team"
    shutil.copytree(GOOD, root)
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    git(root, "user.email", "t@example.org")
    return root


def git(root: Path, key: str, value: str) -> None:
    subprocess.run(["git", "-C", str(root), "config", key, value], check=True)


def run(root: Path, *words: str, given: str | None = None) -> Result:
    return CliRunner().invoke(main, ["--root", str(root), "--today", DAY, *words], input=given)


def test_feedback_and_its_answer_are_written_and_counted(team: Path) -> None:
    first = run(team, "reply", "move-the-pay-date", "And on Sundays?", "--from", "@carol")
    assert (first.output, first.exit_code) == (
        "decisions/2026/move-the-pay-date/2026-10-06-carol.md\n",
        0,
    )
    second = run(
        team, "reply", "move-the-pay-date", "-", "--from", "alice", "--to", "2026-10-06-carol",
        given="The Friday before.\n",
    )  # fmt: skip
    assert (team / second.output.strip()).read_text("utf-8") == (
        "---\nfrom: alice\nsays: answer\nto: 2026-10-06-carol\n---\n\nThe Friday before.\n"
    )
    assert run(team, "check").output.startswith("No findings")
    assert "And on Sundays?" in run(team, "find", "Sundays").output


def test_a_second_reply_of_a_day_gets_a_number(team: Path) -> None:
    for text in ("One.", "Two."):
        last = run(team, "reply", "move-the-pay-date", text, "--from", "bob")
    assert last.output == "decisions/2026/move-the-pay-date/2026-10-06-bob-2.md\n"


def test_a_path_and_a_handoff_are_taken_too(team: Path) -> None:
    path = "playbooks/payroll-lead/handoffs/2026-10-01-alice-to-bob"
    for name in (f"{path}.md", "payroll-lead/2026-10-01-alice-to-bob"):
        result = run(team, "reply", name, "Payroll is mine.", "--from", "carol")
        assert result.exit_code == 2
        assert "carol can't accept it" in result.output


HANDOFF = "playbooks/payroll-lead/handoffs/2026-10-05-alice-to-carol"


def offer_for_good(team: Path) -> Path:
    """A role whose backup is offered it for good."""
    given = "---\nfrom: alice\nto: carol\neffective: 2026-10-05\n---\n\n## Situation\n\nWell.\n"
    (team / f"{HANDOFF}.md").write_text(given, encoding="utf-8")
    role = team / "playbooks/payroll-lead/index.md"
    text = re.sub(r"(?m)^backups:.*$", "backups: [bob, carol]", role.read_text("utf-8"))
    role.write_text(text, encoding="utf-8")
    return role


def test_accepting_by_a_reply_writes_the_holder_as_accept_does(team: Path) -> None:
    role = offer_for_good(team)
    result = run(team, "reply", f"{HANDOFF}.md", "Payroll is mine.", "--from", "carol")
    assert result.output == f"{HANDOFF}/{DAY}-carol.md\n{role.relative_to(team)}: holder: carol\n"
    assert "holder: carol\nbackups: [bob]" in role.read_text("utf-8")
    assert run(team, "check").output.startswith("No findings")


def test_a_reply_written_on_the_forge_leaves_nothing_to_refuse(team: Path) -> None:
    role = offer_for_good(team)
    reply = team / HANDOFF / f"{DAY}-carol.md"
    reply.parent.mkdir()
    reply.write_text("---\nfrom: carol\nsays: accepted\n---\n\nMine.\n", encoding="utf-8")
    assert run(team, "check").output.startswith("No findings")
    assert "holds: Payroll lead" in run(team, "waiting", "carol").output
    text = role.read_text("utf-8").replace("holder: alice", "holder: dan")
    role.write_text(text, encoding="utf-8")
    assert "holder-outdated" in run(team, "check").output


@pytest.mark.parametrize(
    ("key", "value", "who"),
    [
        ("onrecord.handle", "carol", "carol"),
        ("user.email", "12345+carol@users.noreply.github.com", "carol"),
        ("user.email", "12345-carol@users.noreply.gitlab.com", "carol"),
    ],
)
def test_git_says_who_replies(team: Path, key: str, value: str, who: str) -> None:
    git(team, key, value)
    result = run(team, "reply", "move-the-pay-date", "--says", "no-objection")
    assert result.output.endswith(f"/{DAY}-{who}.md\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["x", "hm", "--from", "bob"], "no decision or handoff 'x'"),
        (["move-the-pay-date", "hm"], "who are you?"),
        (["move-the-pay-date", "--from", "bob"], "say what you think as TEXT"),
        (["move-the-pay-date", "hm", "--from", "b b"], "isn't a handle"),
        (["move-the-pay-date", "--says", "feedback", "--from", "bob"], "has no text below"),
        (["move-the-pay-date", "x", "--to", "y", "--from", "bob"], "there is no such reply"),
        (["move-the-pay-date", "x", "--says", "accepted", "--from", "bob"], "is for a handoff"),
        (["move-the-pay-date", "x", "--from", "your-handle"], "your own handle"),
        (["four-day-week", "hm", "--from", "bob"], "before this feedback"),
    ],
)
def test_what_check_would_refuse_isnt_written(team: Path, words: list[str], said: str) -> None:
    before = sorted(team.rglob("*.md"))
    result = run(team, "reply", *words)
    assert result.exit_code == 2
    assert said in result.output
    assert sorted(team.rglob("*.md")) == before
