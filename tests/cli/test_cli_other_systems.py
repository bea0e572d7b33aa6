"""Commands on other systems: pipes that aren't UTF-8, plain terminals, no folder of scripts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import click
import pytest
from building import NORTHWIND
from click.testing import CliRunner

from onrecord.cli import echo, main
from onrecord.cli.echo import is_styled
from onrecord.text.paths import as_one_disk_sees, name_for_all_disks

TITLE = "From tickets → to answers 日本"
DECISION = f"""---
title: "{TITLE}"
stage: collaborate
owner: payroll-lead
due: 2026-12-20
consulted: [alice]
entered:
  assess: 2026-10-09
  collaborate: 2026-10-09
---

## Problem

Tickets … wait 👨‍👩‍👧.

## Proposal

Answer.
"""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    shutil.copytree(NORTHWIND, tmp_path, dirs_exist_ok=True)
    (tmp_path / "decisions/from-tickets.md").write_text(DECISION, encoding="utf-8")
    return tmp_path


def run(base: Path, *words: str, encoding: str = "cp1252", stdin: bytes = b"") -> tuple[int, bytes]:
    known = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "onrecord", "--root", str(base), "--today", "2026-10-10"]
    done = subprocess.run([*command, *words], input=stdin, env=known, capture_output=True)
    assert b"Traceback" not in done.stderr, done.stderr.decode(encoding)
    return done.returncode, done.stdout


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "shift_jis"])
def test_text_for_people_loses_at_most_the_signs_that_the_pipe_has_not(
    base: Path, encoding: str
) -> None:
    status, said = run(base, "find", "tickets", encoding=encoding)
    assert status == 0
    assert TITLE.encode(encoding, "replace") in said


@pytest.mark.parametrize(
    "words",
    [
        ("find", "tickets", "--json"),
        ("changes", "--since", "2026-10-01", "--json"),
        ("before", "tickets and answers", "--json"),
        ("waiting", "alice", "--json"),
        ("show", "from-tickets", "--json"),
    ],
    ids=lambda words: words[0],
)
def test_what_a_program_reads_is_utf8(base: Path, words: tuple[str, ...]) -> None:
    status, said = run(base, *words)
    assert status == 0
    assert TITLE in json.dumps(json.loads(said.decode("utf-8")), ensure_ascii=False)


@pytest.mark.parametrize(
    "words",
    [
        ("waiting", "alice"),
        ("changes", "--since", "2026-10-01"),
        ("--help",),
        ("show", "from-tickets"),
    ],
)
def test_other_commands_end_as_elsewhere(base: Path, words: tuple[str, ...]) -> None:
    assert run(base, *words, encoding="ascii")[0] == 0


def test_a_new_record_is_written_and_said(base: Path) -> None:
    status, said = run(base, "new", "decision", "日本語", "--owner", "payroll-lead")
    assert status == 0
    assert (base / "decisions/2026/日本語.md").is_file()
    assert said.replace(b"\r\n", b"\n") == b"decisions/2026/???.md\n"


def test_a_reply_on_the_input_is_utf8(base: Path) -> None:
    words = ("reply", "from-tickets", "-", "--from", "alice")
    status, _ = run(base, *words, stdin="Überall → gut.\n".encode())
    assert status == 0
    (reply,) = base.glob("decisions/from-tickets/*alice*.md")
    assert "Überall → gut." in reply.read_text(encoding="utf-8")
    assert run(base, *words, stdin=b"\xdcberall")[0] == 2  # another code page isn't guessed


def test_a_shell_completes_commands() -> None:
    known = {"COMP_WORDS": "onrecord new dec", "COMP_CWORD": "2"}
    known |= {**os.environ, "_ONRECORD_COMPLETE": "bash_complete"} | known
    command = [sys.executable, "-m", "onrecord"]
    assert subprocess.check_output(command, env=known, text=True) == "plain,decision\n"


class Terminal:
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("name", "value", "styled"),
    [("NO_COLOR", "1", False), ("NO_COLOR", "", True), ("TERM", "dumb", False)],
)
def test_a_terminal_is_plain_where_its_user_asks_for_it(
    name: str, value: str, styled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv(name, value)
    assert is_styled(Terminal()) is styled  # type: ignore[arg-type]


def test_the_package_says_that_it_has_types() -> None:
    assert resources.files("onrecord").joinpath("py.typed").is_file()


@pytest.fixture
def there(base: Path) -> Iterator[CliRunner]:
    before = Path.cwd()
    os.chdir(base)
    yield CliRunner()
    os.chdir(before)


@pytest.mark.parametrize(
    ("words", "made", "changed"),
    [
        ("new decision Tea --json", ["decisions/2026/tea.md"], []),
        ("new role baker --purpose Bread. --json", ["playbooks/baker/index.md"], []),
        (
            "new metric payroll-lead errors --json",
            [f"playbooks/payroll-lead/metrics/errors.{e}" for e in ("md", "csv")],
            [],
        ),
        (
            "reply from-tickets Yes --from alice --json",
            ["decisions/from-tickets/2026-10-10-alice.md"],
            [],
        ),
        ("codeowners --write CODEOWNERS --json", ["CODEOWNERS"], []),
        ("settle --json", [], []),
    ],
)
def test_commands_that_write_say_what_as_json(
    words: str, made: list[str], changed: list[str], there: CliRunner
) -> None:
    result = there.invoke(main, ["--today", "2026-10-10", *words.split()])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == {"made": made, "changed": changed, "kept": []}


def test_every_command_that_makes_or_lists_something_has_json() -> None:
    context = click.Context(main)
    commands = {name: main.get_command(context, name) for name in main.list_commands(context)}
    new = commands["new"]
    assert isinstance(new, click.Group)
    commands |= new.commands
    without = {
        name
        for name, command in commands.items()
        if command and not any("--json" in parameter.opts for parameter in command.params)
    }
    assert without == {"mcp", "new"}  # a server, and a name for several commands


def test_init_says_as_json_what_it_made_and_kept(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n")
    result = CliRunner().invoke(main, ["init", str(tmp_path), "--json"])
    said = json.loads(result.stdout)
    assert said["kept"] == [".gitignore"]
    assert "mkdocs.yml" in said["made"]
    again = json.loads(CliRunner().invoke(main, ["init", str(tmp_path), "--json"]).stdout)
    assert again["made"] == []


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("a.md", "a.md"),
        ("why: x.md", "why x.md"),
        ("CON.md", "CON-record.md"),
        ("com¹.txt", "com¹-record.txt"),
        ("dot.", "dot"),
        ("tab\t.md", "tab.md"),
        ("ends so. .md", "ends so.md"),  # its page is in a folder
        ("..md", "unnamed.md"),
        ("CON..MD", "CON-record.MD"),
        ("1..2.md", "1..2.md"),
        ("picture..png", "picture..png"),
        ("???", "unnamed"),
        ("console.md", "console.md"),
    ],
)
def test_a_name_for_all_disks(name: str, better: str) -> None:
    assert name_for_all_disks(name) == better
    assert name_for_all_disks(better) == better


def test_two_names_that_are_one_on_a_disk_without_case() -> None:
    assert as_one_disk_sees("Straße/É.md") == as_one_disk_sees("STRASSE/e\u0301.md")


def test_echo_prints_text_where_the_stream_says_no_encoding(
    capsys: pytest.CaptureFixture[str],
) -> None:
    echo.echo_json({"title": TITLE})
    assert TITLE in capsys.readouterr().out
