"""Imports as documents: the files of an old folder, and the whole report of `onrecord import`.

The cases have the form of tests/support/golden.py; what is under `=== findings` is the report.
"""

from __future__ import annotations

import difflib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from golden import read_case

from onrecord.cli import main
from onrecord.lifecycle.relations import relate
from onrecord.migration.importing.reading.logs import parts_of
from onrecord.migration.importing.reading.source import read_folder
from onrecord.records.findings import Severity
from onrecord.records.reading import read_library

CASES = sorted((Path(__file__).parent / "cases").glob("*.txt"))


def run(root: Path, *words: str) -> Result:
    result = CliRunner().invoke(main, ["--root", str(root), "--today", "2026-11-22", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def written(root: Path) -> dict[str, bytes]:
    files = sorted((root / "decisions").rglob("*"))
    return {
        file.relative_to(root).as_posix(): file.read_bytes() for file in files if file.is_file()
    }


@pytest.fixture(params=CASES, ids=lambda path: path.stem)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Path, str]:
    read = read_case(request.param)
    read.write(tmp_path / "base")
    return request.param, tmp_path / "base", read.findings


def test_the_report_is_as_the_case_says(case: tuple[Path, Path, str]) -> None:
    path, root, report = case
    result = run(root, "import", str(root / "old"))
    assert written(root) == {}
    if result.output != report:
        lines = (text.splitlines(keepends=True) for text in (report, result.output))
        difference = "".join(difflib.unified_diff(*lines, f"{path.name}: should be", "is"))
        pytest.fail(difference, pytrace=False)


def test_what_is_written_has_no_errors_and_its_text_to_the_byte(
    case: tuple[Path, Path, str],
) -> None:
    _, root, _ = case
    said = json.loads(run(root, "import", str(root / "old"), "--write", "--json").stdout)
    imported = [file for file in said["files"] if file["outcome"] == "import"]
    library = read_library(root)
    assert len(library.decisions) == len(imported)
    found = [*library.findings, *relate(library).findings]
    assert [f for f in found if f.severity is Severity.ERROR] == []
    assert {f.code for f in found} <= {"import-unsettled", "link-nowhere"}
    for old in (root / "old").glob("*.adoc"):
        assert (root / "decisions/imported" / old.name).read_bytes() == old.read_bytes()
    read = read_folder(root / "old").texts
    read += tuple(part for text in read for part in parts_of(text))
    texts = {f"old/{text.place}": text for text in read}
    for file in imported:
        data = (root / file["path"]).read_bytes()
        assert data.endswith(texts[file["source"]].body)
        assert data[: -len(texts[file["source"]].body)].rstrip().endswith(b"---")
        kept = next(d for d in library.decisions if d.path == file["path"]).imported
        assert kept is not None
        old = texts[file["source"]]
        assert kept.front_matter == (old.beside or old.front).removesuffix("\n")


def test_a_second_run_changes_nothing(case: tuple[Path, Path, str]) -> None:
    _, root, _ = case
    run(root, "import", str(root / "old"), "--write")
    before = written(root)
    for file in before:  # a person goes on from there
        if file.endswith(".md"):
            (root / file).write_bytes(before[file] + b"\nMine.\n")
    edited = written(root)
    again = json.loads(run(root, "import", str(root / "old"), "--write", "--json").stdout)
    assert again["counts"]["import"] == again["counts"]["copy"] == 0
    assert written(root) == edited


def test_every_file_is_in_the_report(case: tuple[Path, Path, str]) -> None:
    _, root, _ = case
    said = json.loads(run(root, "import", str(root / "old"), "--json").stdout)
    named = {file["source"] for file in said["files"]}
    there = {
        file.relative_to(root).as_posix()
        for file in (root / "old").rglob("*")
        if not file.is_dir() and file.name != "kep.yaml"  # part of the record beside it
    }
    assert there <= named
    for file in said["files"]:
        assert file["reason"] or file["outcome"] in ("import", "copy")
