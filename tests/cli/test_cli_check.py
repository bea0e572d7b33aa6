"""`onrecord check`: what is printed, in each form, and the exit status."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from onrecord import __version__
from onrecord.cli import main

GOOD = Path(__file__).parents[1] / "fixtures" / "good"
MALFORMED = Path(__file__).parents[1] / "fixtures" / "malformed"


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    (tmp_path / "decisions").mkdir()
    (tmp_path / "decisions" / "a,b:c%d.md").write_text("---\ntitle: 100%\nstage: asess\n---\n")
    (tmp_path / "decisions" / "plain.md").write_text("[x](y.md)\n")
    return tmp_path


def test_a_base_without_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(GOOD / "decisions" / "2026")
    result = run("check")
    assert result.stdout == "No findings: 9 decisions, 3 roles, 3 handoffs, 2 metrics.\n"
    assert result.stderr == ""
    assert result.exit_code == 0


def test_text_names_place_fault_and_right_form(faulty: Path) -> None:
    result = run("--root", str(faulty), "check")
    assert result.stdout == (
        "decisions/a,b:c%d.md:1:1: warning name-elsewhere: "
        "Windows can't store a file of this name, so nobody there can clone this\n"
        "    rename it: a,bc%d.md\n"
        "decisions/a,b:c%d.md:3:8: error word-unknown: `asess` is not a stage\n"
        '    did you mean "assess"? write one of assess, collaborate, review, integrate, align\n'
        "decisions/plain.md:1:1: error front-matter-missing: "
        "the file begins without front matter\n"
        "    begin with a line `---`, then keys such as `title: …`, then a line `---`\n"
        "decisions/plain.md:1:5: warning link-nowhere: the link y.md leads nowhere\n"
        "    link to a file by its path from this one, as it works on the forge\n"
    )
    assert result.stderr == "4 findings in 2 files.\n"
    assert result.exit_code == 1


@pytest.mark.parametrize("words", [("--json",), ("--format", "json"), ("--format=text", "--json")])
def test_json_has_just_these_keys(words: tuple[str, ...], faulty: Path) -> None:
    result = run("--root", str(faulty), "check", *words)
    found = json.loads(result.stdout)
    assert found[1] == {
        "path": "decisions/a,b:c%d.md",
        "line": 3,
        "column": 8,
        "code": "word-unknown",
        "severity": "error",
        "message": "`asess` is not a stage",
        "hint": 'did you mean "assess"? write one of assess, collaborate, review, integrate, align',
    }
    shape = {"path", "line", "column", "code", "severity", "message", "hint"}
    assert [set(entry) for entry in found] == [shape] * 4
    assert result.stderr == ""
    assert result.exit_code == 1


def test_json_of_every_malformed_file_keeps_its_shape() -> None:
    found = json.loads(run("--root", str(MALFORMED), "check", "--json").stdout)
    kinds = {
        "path": str,
        "line": int,
        "column": int,
        "code": str,
        "severity": str,
        "message": str,
        "hint": str,
    }
    for entry in found:
        assert {key: type(value) for key, value in entry.items()} == kinds
        assert entry["severity"] in ("error", "warning")
    places = [(entry["path"], entry["line"], entry["column"]) for entry in found]
    assert places == sorted(places)


def test_json_of_a_base_without_faults_is_an_empty_list() -> None:
    result = run("--root", str(GOOD), "check", "--json")
    assert (result.stdout, result.exit_code) == ("[]\n", 0)


def test_github_prints_workflow_commands_with_their_signs_escaped(faulty: Path) -> None:
    result = run("--root", str(faulty), "check", "--format", "github")
    assert result.stdout == (
        "::warning file=decisions/a%2Cb%3Ac%25d.md,line=1,col=1,title=name-elsewhere::"
        "Windows can't store a file of this name, so nobody there can clone this%0A"
        "rename it: a,bc%25d.md\n"
        "::error file=decisions/a%2Cb%3Ac%25d.md,line=3,col=8,title=word-unknown::"
        "`asess` is not a stage%0A"
        'did you mean "assess"? write one of assess, collaborate, review, integrate, align\n'
        "::error file=decisions/plain.md,line=1,col=1,title=front-matter-missing::"
        "the file begins without front matter%0A"
        "begin with a line `---`, then keys such as `title: …`, then a line `---`\n"
        "::warning file=decisions/plain.md,line=1,col=5,title=link-nowhere::"
        "the link y.md leads nowhere%0A"
        "link to a file by its path from this one, as it works on the forge\n"
    )
    assert result.exit_code == 1


@pytest.mark.parametrize("form", ["text", "github"])
def test_no_file_name_can_begin_a_line(form: str, tmp_path: Path) -> None:
    (tmp_path / "decisions").mkdir()
    (tmp_path / "decisions" / "a\n::error::b.md").write_text("x")
    (tmp_path / "decisions" / "a\r::error::b.md").write_text("x")
    result = run("--root", str(tmp_path), "check", "--format", form)
    lines = result.stdout.replace("\r", "\n").splitlines()
    assert result.exit_code == 1
    assert not any(line.startswith("::error::b") for line in lines)


def test_a_name_that_is_not_utf8_can_be_printed(tmp_path: Path) -> None:
    (tmp_path / "decisions").mkdir()
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/decisions/\xff.md")).write_text("x")
    for words in ((), ("--json",), ("--format", "github")):
        result = run("--root", str(tmp_path), "check", *words)
        assert "decisions/\ufffd.md" in result.stdout
        assert result.exit_code == 1


# Wrong use


def test_without_a_knowledge_base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("check")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.partition("\n\n")[2] == (
        "Error: no knowledge base here: no folder `decisions/` in this folder or above it. "
        "Make one with `onrecord init .`, or name it with `onrecord --root DIR …`.\n"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--today", "soon", "check"), "'soon' isn't a day; write YYYY-MM-DD, such as 2026-10-05"),
        (("--today", "20261006", "check"), "'20261006' isn't a day; write YYYY-MM-DD"),
        (("--root", "nowhere", "check"), "Directory 'nowhere' does not exist."),
        (("chekc",), "No such command 'chekc'."),
        (("check", "--format", "xml"), "'xml' is not one of 'text', 'json', 'github'."),
        (("check", "too", "much"), "Got unexpected extra arguments (too much)"),
    ],
)
def test_wrong_use(words: tuple[str, ...], said: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


def test_a_wrong_day_in_the_environment_is_wrong_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_TODAY", "tomorrow")
    result = run("--root", str(GOOD), "check")
    assert result.exit_code == 2
    assert result.stderr.endswith(
        "Error: ONRECORD_TODAY='tomorrow' isn't a day; write YYYY-MM-DD\n"
    )


def test_version() -> None:
    assert run("--version").output == f"onrecord, version {__version__}\n"
