"""What the documentation tells its readers to do works, and says what really happens."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner
from generate import commands, generated
from manual import Command, agrees, apply, commands_in, steps_of
from picture import contributing

from onrecord.cli import main
from onrecord.records.reading.markdown import body_of

ROOT = Path(__file__).resolve().parents[2]
BASE = Path(__file__).parent / "base"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(ROOT.joinpath("docs").rglob("*.md"))]
NOT_RUN = ("pip install ", "python -m venv ", ". .venv/", "onrecord mcp ")
"""What needs a network or a client. The wheel and what it asks for are installed in tests/project,
and a client speaks to the server in tests/cli."""

FORGE = "https://github.com/example/"
"""The address the pages push to; here it is a folder, and no network is asked."""


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


WORKING = [page for page in PAGES if any(steps_of(text_of(page)))]


@pytest.mark.parametrize("page", WORKING, ids=name_of)
def test_a_page_works_as_it_is_written(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = list(steps_of(text_of(page)))
    here = tmp_path / "here"
    if any(isinstance(s, Command) and s.words.startswith("onrecord init ") for s in steps):
        here.mkdir()
    else:
        shutil.copytree(BASE, here)
    monkeypatch.chdir(here)
    for name, value in git_settings(tmp_path / "forge").items():
        monkeypatch.setenv(name, value)
    for step in steps:
        if not isinstance(step, Command):
            apply(step, Path.cwd())
            continue
        if step.words.startswith(NOT_RUN):
            continue
        if step.words.startswith("cd "):
            monkeypatch.chdir(step.words.removeprefix("cd "))
            continue
        monkeypatch.setenv("ONRECORD_TODAY", step.today)
        status, printed = run(step.words)
        where = f"{name_of(page)}:{step.line}: {step.words}\n{printed}"
        assert status == step.exit, where
        # What git and MkDocs say themselves depends on their versions, and no page repeats it.
        if step.printed or not step.words.startswith(("git ", "mkdocs serve")):
            assert agrees(step.printed, printed), where


def git_settings(forge: Path) -> dict[str, str]:
    """A git of nobody in particular, whose forge is a folder that holds empty repositories."""
    for name in {s.words.split(FORGE)[1] for p in WORKING for s in pushes(p)}:
        command = ["git", "init", "--quiet", "--bare", str(forge / name)]
        subprocess.run(command, check=True, capture_output=True)
    people = {f"GIT_{who}_{what}": "ana@x.example" for who in ("AUTHOR", "COMMITTER")
              for what in ("NAME", "EMAIL")}  # fmt: skip
    return {
        **people,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_COUNT": "1",
        # For pushing alone: what the remote's address says is left as the page has it.
        "GIT_CONFIG_KEY_0": f"url.file://{forge}/.pushInsteadOf",
        "GIT_CONFIG_VALUE_0": FORGE,
    }


def pushes(page: Path) -> list[Command]:
    steps = (s for s in steps_of(text_of(page)) if isinstance(s, Command))
    return [step for step in steps if step.words.startswith("git remote add ")]


def serve(words: list[str]) -> tuple[int, str]:
    """Start a server, read the home page, and stop it, as a reader does in the end."""
    if words[0] == "mkdocs":
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            words = [*words, "--dev-addr", f"127.0.0.1:{probe.getsockname()[1]}"]
    program = {
        "mkdocs": "from mkdocs.__main__ import cli; cli()",
        "onrecord": "from onrecord.cli import main; main()",
    }[words[0]]
    said = ""
    with subprocess.Popen(
        [sys.executable, "-u", "-c", program, *words[1:]],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        start_new_session=True,
    ) as process:
        assert process.stdout
        try:
            for line in process.stdout:
                said += line
                if found := re.search(r"Serving on (http://127\.0\.0\.1:\d+/)", line):
                    with urllib.request.urlopen(found[1], timeout=60) as answer:
                        return (0 if b"</html>" in answer.read() else 1), said
        finally:
            os.killpg(process.pid, signal.SIGTERM)  # SIGINT may be ignored in the background
    return 1, said


def run(words: str) -> tuple[int, str]:
    program, *arguments = shlex.split(words)
    if "--serve" in arguments or (program, arguments[:1]) == ("mkdocs", ["serve"]):
        return serve([program, *arguments])
    if program == "git":
        done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr
    if program == "onrecord":
        result = CliRunner().invoke(main, arguments)
        return result.exit_code, result.output
    assert (program, arguments[:1]) == ("mkdocs", ["build"]), f"nobody knows how to run: {words}"
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("said", "printed", "fits"),
    [
        ("made  a\n…\ndone", "made  a\nmade  b\nmade  c\ndone\n", True),
        ("made  a\n…\ndone", "made  a\ndone\n", True),
        ("line …: text", "line 12: text\n", True),
        ("made  a", "made  a\nmade  b\n", False),
        ("made  a\n…\ndone", "made  a\n", False),
        ("line …: text", "line 12: other\n", False),
        ("made  a", "", False),
    ],
)
def test_what_a_page_says_is_compared_to_the_letter(said: str, printed: str, fits: bool) -> None:
    assert agrees(said, printed) is fits


@pytest.mark.parametrize("name", generated())
def test_a_generated_reference_is_current(name: str) -> None:
    there = text_of(ROOT / "docs" / "reference" / name)
    assert there == generated()[name], "run: python tests/docs/generate.py"


def test_the_picture_of_the_packages_is_current() -> None:
    assert text_of(ROOT / "CONTRIBUTING.md") == contributing(), "run: python tests/docs/generate.py"


def test_every_command_is_shown_in_use() -> None:
    guides = [page for page in PAGES if page.name != "command-line.md"]
    used = [line for page in guides for line in commands_in(text_of(page))]
    leaves = [name for name, command in commands() if not hasattr(command, "commands")]
    assert [
        name for name in leaves if not any(f"{line} ".startswith(f"{name} ") for line in used)
    ] == []


def test_every_command_in_the_pages_exists() -> None:
    known = dict(commands())
    for page in PAGES:
        for line in commands_in(text_of(page)):
            words = shlex.split(line)
            names = [" ".join(words[:count]) for count in (3, 2, 1)]
            command = next(known[name] for name in names if name in known)
            assert command is not main, f"{name_of(page)}: no such command: {line}"
            options = {
                option
                for parameter in command.params
                for option in (*parameter.opts, *parameter.secondary_opts)
            }
            wrong = [w for w in words if w.startswith("--") and w not in options]
            assert wrong == [], f"{name_of(page)}: {line}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    dead = [
        f"{name_of(page)}:{link.line}: {link.target}"
        for link in body_of(text_of(page)).links
        if not (page.parent / link.target).exists()
    ]
    assert dead == []


def test_every_page_is_linked_from_another() -> None:
    linked = {
        (page.parent / link.target).resolve()
        for page in PAGES
        for link in body_of(text_of(page)).links
        if (page.parent / link.target).resolve() != page
    }
    docs = [page for page in PAGES if "docs" in page.parts and page.name != "index.md"]
    assert [name_of(page) for page in docs if page not in linked] == []


def test_every_page_is_in_the_nav() -> None:
    nav = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    docs = [page.relative_to(ROOT / "docs").as_posix() for page in PAGES if "docs" in page.parts]
    assert [page for page in docs if f": {page}\n" not in nav] == []
