"""`onrecord settle`, `--status`: a word is asked once, kept in a file, and read by later runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from onrecord.cli import main
from onrecord.records.reading import read_library


def run(root: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--root", str(root), *words])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "decisions").mkdir()
    (tmp_path / "old").mkdir()
    for number, status in enumerate(("Parked", "parked", "Deprecated", "In the field"), 1):
        text = f"# {number}. Rec {number}\n\n## Status\n\n{status}\n\n## Context\n\nx\n"
        (tmp_path / f"old/000{number}-rec.md").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_report_counts_each_unknown_word(root: Path) -> None:
    said = run(root, "import", str(root / "old")).output
    assert "2 × parked" in said
    assert "1 × in the field" in said


def test_a_word_of_the_command_line_is_kept_for_later_runs(root: Path) -> None:
    run(root, "import", str(root / "old"), "--status", "Parked=withdrawn", "--write")
    assert '"parked": withdrawn' in (root / "import-words.yml").read_text(encoding="utf-8")
    assert [d.outcome for d in read_library(root).decisions][:2] == ["withdrawn", "withdrawn"]
    (root / "old/0005-rec.md").write_bytes((root / "old/0001-rec.md").read_bytes())
    assert "status: withdrawn" in run(root, "import", str(root / "old")).output


def test_settling_writes_outcomes_and_nothing_without_write(root: Path) -> None:
    run(root, "import", str(root / "old"), "--write")
    words = ("--status", "parked=open", "--status", "deprecated=retired")
    before = {p: p.read_bytes() for p in (root / "decisions").rglob("*.md")}
    assert "3 records would be settled" in run(root, "settle", *words).output
    assert before == {p: p.read_bytes() for p in (root / "decisions").rglob("*.md")}
    result = run(root, "settle", *words, "--write")
    assert result.exit_code == 1  # one word is left
    assert "1 record × “in the field”" in result.output
    decisions = read_library(root).decisions
    assert [d.outcome for d in decisions] == [None, None, "retired", None]
    assert ["status" in d.unsettled for d in decisions] == [False, False, False, True]
    for path, data in before.items():
        assert path.read_bytes().endswith(data[data.rindex(b"---\n") :])


def test_a_wrong_mapping_names_the_right_form(root: Path) -> None:
    result = run(root, "settle", "--status", "parked=gone")
    assert result.exit_code == 2
    assert "such as shipped=accepted" in result.output
    (root / "import-words.yml").write_text("parked: gone\n", encoding="utf-8")
    assert "import-words.yml:1" in run(root, "import", str(root / "old")).output
