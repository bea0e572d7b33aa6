"""A root without a knowledge base is wrong use: a mistyped one in CI must not pass."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from onrecord.cli import main

WORDS = {
    "accept": ["h"],
    "advance": ["d"],
    "agenda": [],
    "before": ["text"],
    "brief": ["role"],
    "changes": ["--since", "2026-01-01"],
    "check": [],
    "codeowners": [],
    "collect": [],
    "delegate": ["role", "x", "--to", "ana"],
    "export": ["out"],
    "find": ["text"],
    "gather": ["1"],
    "governs": ["src"],
    "import": ["."],
    "mcp": [],
    "metric": ["role", "m", "1"],
    "reply": ["d", "text", "--from", "ana"],
    "settle": [],
    "show": ["d"],
    "status": ["--changed", "main"],
    "tell": ["--since", "2026-01-01"],
    "waiting": ["ana"],
}
NEW = {
    "new decision": ["x"],
    "new role": ["x", "--purpose", "y"],
    "new handoff": ["x", "--to", "ana"],
    "new metric": ["x", "y"],
}


def test_each_command_that_reads_a_base_is_asked() -> None:
    assert {*WORDS, "new", "init"} == set(main.list_commands(None))  # type: ignore[arg-type]


@pytest.mark.parametrize("command", [*WORDS, *NEW])
@pytest.mark.parametrize("kind", ["without decisions", "decisions is a file", "a file"])
def test_a_root_without_decisions_is_wrong_use(
    command: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    root = tmp_path / "base"
    if kind == "a file":
        root.write_text("")
    else:
        root.mkdir()
    if kind == "decisions is a file":
        (root / "decisions").write_text("")
    words = [*command.split(), *{**WORDS, **NEW}[command]]
    result = CliRunner().invoke(main, ["--root", str(root), *words])
    assert (result.exit_code, result.stdout) == (2, "")
    if kind == "a file":
        assert "is a file" in result.stderr
    else:
        assert f"no knowledge base in {root}: it has no folder `decisions/`." in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["base"]


def test_init_makes_one_where_there_is_none(tmp_path: Path) -> None:
    words = ["--root", str(tmp_path), "init", str(tmp_path / "new")]
    assert CliRunner().invoke(main, words).exit_code == 0
    assert (tmp_path / "new/decisions").is_dir()


def test_help_has_a_whole_line_for_each_command_and_loads_none_of_them() -> None:
    code = (
        "import sys; from onrecord.cli import main; main(['--help'], standalone_mode=False); "
        "print(*(m for m in sys.modules if m.startswith('onrecord.cli.')), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    listed = done.stdout.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in listed] == main.list_commands(None)  # type: ignore[arg-type]
    assert [line for line in listed if not line.endswith(".") or line.endswith("...")] == []
    assert set(done.stderr.split()) == {"onrecord.cli.echo", "onrecord.cli.run"}


@pytest.mark.parametrize("words", ["check", "waiting alice", "changes --since 2026-01-01"])
def test_a_command_that_only_reads_loads_neither_numpy_nor_jinja(words: str) -> None:
    good = Path(__file__).parents[1] / "fixtures" / "good"
    code = (
        "import sys; from click.testing import CliRunner; from onrecord.cli import main; "
        f"print(CliRunner().invoke(main, ['--root', {str(good)!r}, *{words.split()!r}]).exit_code,"
        " *{'numpy', 'jinja2'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "0\n"


def test_a_question_loads_nothing_that_reads_a_whole_base(tmp_path: Path) -> None:
    good = Path(__file__).parents[1] / "fixtures" / "good"
    base = shutil.copytree(good, tmp_path / "base")
    ask = f"CliRunner().invoke(main, ['--root', {str(base)!r}, 'before', 'who pays late'])"
    code = (
        "import sys; from click.testing import CliRunner; from onrecord.cli import main; "
        f"print({ask}.exit_code, *"
        "{'onrecord.records.reading.folder', 'numpy.ma', 'importlib.metadata'} & {*sys.modules})"
    )
    for _ in range(2):  # the first run makes the cards, of which the second is answered
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"ONRECORD_CACHE": str(tmp_path / "cache")},
        )
    assert done.stdout == "0\n"


@pytest.mark.parametrize("command", ["init", "export", "governs"])
def test_a_name_that_no_disk_holds_is_wrong_use(command: str, tmp_path: Path) -> None:
    (tmp_path / "decisions").mkdir()
    given = ["--root", str(tmp_path), command, str(tmp_path / ("x" * 300))]
    result = CliRunner().invoke(main, given)
    assert result.exit_code == 2, result.output
    assert "Error: " in result.output
