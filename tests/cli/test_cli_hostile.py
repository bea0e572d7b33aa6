"""No text and no file's name of a knowledge base does anything in a terminal or a runner's log."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from building import Base
from click.testing import CliRunner, Result
from hostile import NAMES, TERMINAL, obeyed_in, terminal_base
from machine_output import OUTPUTS, conforms
from repository import git

from onrecord.cli import main

TODAY = "2026-10-10"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Base:
    """The base as the branch of a repository that adds all of it."""
    root = tmp_path_factory.mktemp("terminal")
    git(root, "init", "-q", "-b", "main")
    git(root, "config", "user.name", "ana")
    git(root, "config", "user.email", "ana@x.example")
    git(root, "commit", "-q", "--allow-empty", "-m", "begin")
    git(root, "switch", "-q", "-c", "work")
    base = terminal_base(root)
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "all")
    return base


def run(root: Path, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(
        main, ["--root", str(root), "--today", TODAY, *words], input=typed or None
    )


SOME = "t0"
OLD = "# 1. \x1b[31mPay late\n\n## Status\n\n\x1b[31mAccepted ::x ##[x\u202e\n\n## Context\n\nx\n"

CASES: dict[str, Callable[[Path], list[list[str]]]] = {
    "accept": lambda root: [["accept", "t1", "--own", "x"], ["accept", NAMES[0]]],
    "advance": lambda root: [
        ["advance", SOME],
        ["advance", NAMES[1]],
        ["advance", "\x1b[31m"],
        ["advance", SOME, "--json"],
    ],
    "agenda": lambda root: [
        ["agenda", SOME],
        ["agenda", "\x1b[31m"],
        ["agenda", NAMES[1], SOME],
        ["agenda", SOME, "--json"],
        ["agenda", "--notes", str(root / f"decisions/2026/{NAMES[1]}.md")],
        ["agenda", "--notes", str(root / "\x1b[31m")],
    ],
    "before": lambda root: [
        ["before", "rents are due on the 1st, pay came late"],
        ["before", "--id", SOME],
        ["before", "--id", "t\x1b"],
        ["before", "--changed", "main"],
        ["before", "--changed", "x\n::error::y"],
        ["before", "--changed", "main", "--json"],
        ["before", "rents are due on the 1st", "--json"],
        ["before", "--file", str(root / f"decisions/2026/{NAMES[1]}.md")],
    ],
    "brief": lambda root: [
        ["brief", SOME],
        ["brief", SOME, "--json"],
        ["brief", "playbooks/t1/index.md"],
        ["brief", "\x1b[31m"],
    ],
    "changes": lambda root: [
        ["changes", "--since", "2026-01-01"],
        ["changes", "--since", "main"],
        ["changes", "--since", "x\x1b"],
        ["changes", "--since", "2026-01-01", "--json"],
    ],
    "check": lambda root: [["check"], ["check", "--json"]],
    "codeowners": lambda root: [
        ["codeowners"],
        ["codeowners", "--check"],
        ["codeowners", "--json"],
    ],
    "collect": lambda root: [
        ["collect"],
        ["collect", "x\x1b/m"],
        ["collect", f"{SOME}/m"],
        ["collect", "--json"],
    ],
    "delegate": lambda root: [
        ["delegate", SOME, "a duty\x1b[31m", "--to", "bob"],
        ["delegate", "\x1b", "x", "--to", "bob"],
    ],
    "export": lambda root: [
        ["export", str(root / "decisions/\x1b[31m")],
        ["export", str(root.parent / "out\x1b[31m"), "--json"],
    ],
    "find": lambda root: [
        ["find", "rents"],
        ["find", "pay", "--limit", "50"],
        ["find", "zebra\x1b[31m"],
        ["find", "--tag", "\x1b[31mred"],
        ["find", "--kind", "::error::"],
        ["find", "rents", "--limit", "50", "--json"],
    ],
    "gather": lambda root: [["gather", "1\x1b\n::error::x"], ["gather", "1", "--changed", "\x1b"]],
    "governs": lambda root: [
        ["governs", "src/x.py"],
        ["governs", "src", "decisions", "--json"],
        ["governs", "\x1b[31m", "a\n::error::b"],
        ["governs", "../\x1b"],
        ["governs", "x", "--base", "\x1b[31m"],
    ],
    "import": lambda root: [
        ["import", str(root.parent / "old")],
        ["import", str(root / "decisions/2026" / NAMES[0])],
        ["import", str(root.parent / "old"), "--json"],
    ],
    "init": lambda root: [
        ["init", str(root.parent / "new\n::error::x\x1b[31m"), "--name", "\x1b[31m"]
    ],
    "mcp": lambda root: [["mcp", "\x1b[31m"]],
    "metric": lambda root: [["metric", SOME, "m\x1b", "1"], ["metric", SOME, "m", "\x1b"]],
    "new": lambda root: [
        ["new", "decision", "Rents are due on the 1st, pay came late\x1b[31m"],
        ["new", "decision", "Another\x1b[31m", "--json"],
        ["new", "handoff", "\x1b[31m", "--to", "bob"],
    ],
    "reply": lambda root: [
        ["reply", "t2", "--from", "bob", "::error::x\x1b[31m"],
        ["reply", "\x1b[31m", "--from", "bob", "x"],
        ["reply", "t3", "--from", "\x1b", "x"],
    ],
    "settle": lambda root: [["settle"], ["settle", "--status", "\x1b[31m=accepted"]],
    "show": lambda root: [
        ["show", SOME],
        ["show", "playbooks/t0/index.md", "--json"],
        ["show", "t0/m", "--json"],
        ["show", "t0/t0", "--json"],
        ["show", "playbooks/t0/"],
        ["show", NAMES[1]],
        ["show", "\x1b[31m"],
    ],
    "status": lambda root: [
        ["status", "--changed", "main"],
        ["status", "--changed", "main", "--json"],
        ["status", "--changed", "::x\x1b"],
    ],
    "tell": lambda root: [
        ["tell", "--since", "main", "--dry-run"],
        ["tell", "--since", "2026-10-01", "--at", "2026-10-02T08:00", "--dry-run"],
        ["tell", "--since", "x\x1b\n::error::y"],
        ["tell", "--since", "main", "--json"],
    ],
    "waiting": lambda root: [
        ["waiting", "alice"],
        ["waiting", "bob"],
        ["waiting", "\x1b[31m"],
        ["waiting", "bob", "--json"],
    ],
}


WRITES = ("accept", "delegate", "gather", "init", "metric", "new", "reply", "settle")
"""The commands that print with --json what they have written."""


def output_of(words: list[str]) -> str:
    """Which of the documented outputs a command prints with --json."""
    if words[0] in WRITES or words[:2] == ["codeowners", "--write"]:
        return "written"
    return "before-changed" if words[:2] == ["before", "--changed"] else words[0]


def test_every_command_has_a_case() -> None:
    assert set(main.list_commands(None)) == set(CASES)  # type: ignore[arg-type]


def test_every_output_of_a_command_has_a_schema_and_a_case(tmp_path: Path) -> None:
    able = {
        output_of([name])
        for name in main.list_commands(None)  # type: ignore[arg-type]
        if (command := main.get_command(None, name))
        and any("--json" in option.opts for option in command.params)
    }
    used = {
        output_of(words) for case in CASES.values() for words in case(tmp_path) if "--json" in words
    }
    assert used == {*able, "before-changed"}
    assert used == OUTPUTS.keys() - {"records"}


@pytest.mark.parametrize("command", CASES)
def test_no_command_prints_what_is_obeyed(hostile: Base, command: str) -> None:
    old = hostile.root.parent / "old"
    old.mkdir(exist_ok=True)
    for number, name in enumerate(NAMES):
        (old / f"000{number + 1}-{name}.md").write_text(OLD)
    said = 0
    for words in CASES[command](hostile.root):
        result = run(hostile.root, *words)
        assert result.exception is None or isinstance(result.exception, SystemExit), words
        assert obeyed_in(result.stdout) == [], words
        assert obeyed_in(result.stderr) == [], words
        said += len(result.output)
        if "--json" in words:
            conforms(output_of(words))(json.loads(result.stdout))
    assert said


def test_annotations_give_no_command_but_their_own(hostile: Base) -> None:
    lines = run(hostile.root, "check", "--format", "github").stdout.splitlines()
    assert len(lines) > 20
    for line in lines:
        assert line.startswith(("::error file=", "::warning file="))
        assert obeyed_in(line[2:]) == []


def test_the_comment_holds_nothing_that_is_obeyed(hostile: Base) -> None:
    said = run(hostile.root, "status", "--changed", "main", "--format", "markdown").stdout
    assert len(said) > 10_000
    assert obeyed_in(said.replace("\u2060", "")) == []


def test_json_gives_back_what_was_written(hostile: Base) -> None:
    found = json.loads(run(hostile.root, "waiting", "bob", "--json").stdout)["waiting"]
    titles = {" ".join(one["title"].split()) for one in found}
    # YAML takes no line end in the name of a key, and no half of a pair.
    texts = (text for text in TERMINAL if "\n" not in text and "\ud800" not in text)
    assert {" ".join(text.split()) for text in texts} <= titles


def test_a_build_logs_nothing_that_is_obeyed(hostile: Base) -> None:
    warnings = hostile.build().warnings
    assert len(warnings) > 20
    assert [found for one in warnings for found in obeyed_in(one)] == []
    ours = [one for one in warnings if one.startswith("onrecord: ")]
    assert len(ours) > 20
    assert [one for one in ours if "\n" in one] == []
