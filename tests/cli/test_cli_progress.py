"""Progress of a command: a bar on a terminal, lines in a log, nothing for a program."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from onrecord.cli import main
from onrecord.cli.progress import shown_progress
from onrecord.text import progress as in_logs

DECISION = "---\ntitle: {}\nstage: assess\nowner: bo\n---\n\n## Problem\n\nThe {} leaks.\n"


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """True."""
        return True


class Clock:
    """Seconds, a quarter more whenever it is looked at."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        self.seconds += 0.25
        return self.seconds


@pytest.fixture(autouse=True)
def _a_persons_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("TERM", "xterm")


def shown(
    doing: str = "Reading decisions",
    count: int = 20,
    *,
    quiet: bool = False,
    out: io.StringIO | None = None,
    breaks_at: int = -1,
) -> str:
    """What stderr, a terminal, shows while a command goes through some items."""
    out, err = out if out is not None else Screen(), Screen()
    with (
        redirect_stdout(out),
        redirect_stderr(err),
        suppress(KeyboardInterrupt),
        click.Context(click.Command("work")),
    ):
        for item in shown_progress(quiet=quiet, now=Clock())(doing, range(count)):
            if item == breaks_at:
                raise KeyboardInterrupt
    assert out.getvalue() == ""
    return err.getvalue()


def test_a_terminal_shows_a_bar() -> None:
    words = shown()
    assert "Reading decisions" in words
    assert "20/20" in words
    assert words.endswith("\n")


def test_short_work_shows_no_bar() -> None:
    assert shown(count=1) == ""


def test_no_control_sign_of_a_name_reaches_the_terminal() -> None:
    words = shown("Reading \x1b]0;x\x07")
    assert "Reading" in words
    assert "\x1b]" not in words
    assert "\x07" not in words


def test_a_run_that_is_stopped_ends_its_bar() -> None:
    words = shown(breaks_at=9)
    assert "20/20" not in words
    assert words.endswith("\n")
    assert words.rfind("\x1b[?25h") >= words.rfind("\x1b[?25l"), "the cursor is hidden"


def test_json_shows_nothing() -> None:
    assert shown(quiet=True) == ""


def test_a_program_that_reads_the_output_leaves_no_bar() -> None:
    assert shown(out=io.StringIO()) == ""


def test_a_terminal_that_takes_no_commands_gets_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert shown(count=60) == "Reading decisions: 39 of 60\n"


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small knowledge base, every line of a log due at once, in CI."""
    monkeypatch.setenv("ONRECORD_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(in_logs, "SECONDS_BETWEEN_LINES", 0)
    root = tmp_path / "base"
    for folder in (root / "decisions", tmp_path / "old"):
        folder.mkdir(parents=True)
    for name in ("kettle", "roof"):
        text = DECISION.format(name.capitalize(), name)
        (root / "decisions" / f"{name}.md").write_text(text, encoding="utf-8")
    old = "# Tap\n\nStatus: accepted\n\n## Context\n\nIt drips.\n\n## Decision\n\nBuy one.\n"
    (tmp_path / "old" / "0001-tap.md").write_text(old, encoding="utf-8")
    return root


def run(base: Path, *words: str) -> Result:
    result = CliRunner().invoke(main, ["--root", str(base), "--today", "2026-11-22", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


COMMANDS = {
    "before": (("before", "kettle leaks"), ("Reading decisions: 0 of 2", "Indexing decisions")),
    "check": (("check",), ("Reading decisions: 0 of 2",)),
    "find": (("find", "leaks"), ("Reading decisions: 0 of 2",)),
    "waiting": (("waiting", "bo"), ("Reading decisions: 0 of 2",)),
    "changes": (("changes", "--since", "2026-01-01"), ("Reading decisions: 0 of 2",)),
    "import": (("import", "../old", "--write"), ("Reading files: 0 of 1", "Writing files: 0 of 1")),
    "new": (("new", "decision", "Leaks of the kettle", "--owner", "bo"), ("Indexing decisions",)),
    "export": (("export", "../plain"), ("Looking for precedents: 0 of 2", "Making pages: 0 of 2")),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_log_gets_lines_on_stderr_and_json_none(
    name: str, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, lines = COMMANDS[name]
    monkeypatch.chdir(base)
    result = run(base, *words, "--json")
    # What is close to a new record is told there all the same.
    assert result.stderr == "" or (name == "new" and result.stderr.startswith("We had this"))
    assert not any(line in result.stderr for line in lines)
    json.loads(result.stdout)
    monkeypatch.setenv("ONRECORD_CACHE", "")
    again = [word.replace("../plain", "../plain-2") for word in words]
    for made in ("imported/0001-tap.md", "2026/leaks-of-the-kettle.md"):
        (base / "decisions" / made).unlink(missing_ok=True)
    result = run(base, *again)
    for line in lines:
        assert line in result.stderr
        assert line not in result.stdout
