"""`onrecord import`: what is printed and written, what is refused, and runs that come again."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from machine_output import conforms
from repository import git

from onrecord.cli import main
from onrecord.lifecycle.relations import relate
from onrecord.records.reading import read_library

ROOT = Path(__file__).parents[2]
RECORD = "# {title}\n\nDate: 2020-03-04\n\n## Status\n\n{status}\n\n## Context\n\nIt rained in.\n"


def old(folder: Path, name: str, title: str, status: str = "Accepted") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(RECORD.format(title=title, status=status), encoding="utf-8")
    return file


@pytest.fixture
def base(tmp_path: Path) -> Path:
    root = tmp_path / "base"
    (root / "decisions").mkdir(parents=True)
    return root


def run(root: Path, *words: str) -> Result:
    result = CliRunner().invoke(main, ["--root", str(root), "--today", "2026-11-22", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def test_a_dry_run_writes_nothing_and_says_how_to_write(base: Path) -> None:
    old(base / "docs" / "adr", "0001-mend-the-roof.md", "1. Mend the roof")
    result = run(base, "import", str(base / "docs" / "adr"))
    assert result.exit_code == 0
    assert result.output == (
        "docs/adr/0001-mend-the-roof.md -> decisions/imported/0001-mend-the-roof.md (nygard)\n"
        "    title: Mend the roof  [line 1]\n"
        "    status: accepted  [line 7, “Accepted”]\n"
        "    decided: 2020-03-04  [line 3, “2020-03-04”]\n"
        "\n"
        "Would import 1 record.\n"
        "Nothing is written yet; add --write.\n"
    )
    assert list((base / "decisions").iterdir()) == []


def test_what_is_written_passes_check(base: Path) -> None:
    file = old(base / "docs" / "adr", "0001-mend-the-roof.md", "1. Mend the roof")
    run(base, "import", str(file.parent), "--write")
    made = (base / "decisions" / "imported" / file.name).read_text(encoding="utf-8")
    made, digests = re.subn(r"  digest: [0-9a-f]{16}-[0-9a-f]{16}\n", "", made)
    assert digests == 1
    assert made == (
        "---\n"
        "title: Mend the roof\n"
        "stage: align\n"
        "outcome: accepted\n"
        "decided: 2020-03-04\n"
        "aliases: [docs/adr/0001-mend-the-roof.md]\n"
        "imported:\n"
        "  from: docs/adr/0001-mend-the-roof.md\n"
        "  format: nygard\n"
        "---\n" + file.read_text(encoding="utf-8")
    )
    result = run(base, "check")
    assert result.exit_code == 0
    assert result.output == "No findings: 1 decision, 0 roles, 0 handoffs, 0 metrics.\n"


def test_the_original_stays(base: Path) -> None:
    file = old(base / "docs" / "adr", "0001-mend-the-roof.md", "1. Mend the roof")
    before = file.read_bytes()
    run(base, "import", str(file.parent), "--write")
    assert file.read_bytes() == before


def test_a_later_run_brings_only_what_is_new(base: Path) -> None:
    folder = base / "docs" / "adr"
    first = old(folder, "0001-mend-the-roof.md", "1. Mend the roof")
    run(base, "import", str(folder), "--write")
    mine = base / "decisions" / "imported" / first.name
    mine.write_text(mine.read_text(encoding="utf-8") + "\nTiles cost more now.\n", encoding="utf-8")
    edited = mine.read_bytes()
    old(
        folder,
        "0002-mend-the-wall.md",
        "2. Mend the wall",
        "Proposed\n\nSupersedes [1](0001-mend-the-roof.md)",
    )
    result = run(base, "import", str(folder), "--write")
    assert "Imported 1 record; 1 already here." in result.output
    assert mine.read_bytes() == edited
    wall = read_library(base).decision["0002-mend-the-wall"]
    assert wall.supersedes == ("0001-mend-the-roof",)


def test_a_moved_record_is_still_recognised(base: Path) -> None:
    folder = base / "docs" / "adr"
    old(folder, "0001-mend-the-roof.md", "1. Mend the roof")
    run(base, "import", str(folder), "--write")
    there = base / "decisions" / "2020"
    there.mkdir()
    (base / "decisions" / "imported" / "0001-mend-the-roof.md").rename(there / "mend-the-roof.md")
    result = run(base, "import", str(folder), "--write")
    assert "docs/adr/0001-mend-the-roof.md (decisions/2020/mend-the-roof.md)" in result.output
    assert len(read_library(base).decisions) == 1


@pytest.mark.parametrize("value", ["[" * 50_000, "9" * 5_000, "{a=" * 50_000, "2026-02-30"])
@pytest.mark.parametrize("mark", ["+++\na = ", "---\na: "])
def test_front_matter_that_no_reader_can_hold_ends_no_import(
    base: Path, mark: str, value: str
) -> None:
    old(base / "docs" / "adr", "0001-roof.md", "1. Roof")
    odd = base / "docs" / "adr" / "0002-odd.md"
    odd.write_text(
        f"{mark}{value}\n{mark[:3]}\n# 2. Odd\n\n## Status\n\nAccepted\n", encoding="utf-8"
    )
    result = run(base, "import", str(base / "docs" / "adr"), "--write")
    assert "Imported 2 records" in result.output


def test_a_taken_id_is_not_given_twice(base: Path) -> None:
    (base / "decisions" / "mend.md").write_text("---\ntitle: Mend\nstage: assess\n---\n")
    old(base / "docs" / "adr", "mend.md", "Mend the roof")
    run(base, "import", str(base / "docs" / "adr"), "--write")
    assert set(read_library(base).decision) == {"mend", "mend-2"}


def test_links_to_old_names_reach_the_records(base: Path) -> None:
    folder = base / "docs" / "adr"
    old(folder, "use # for tags.md", "Use # for tags")
    text = old(folder, "b.md", "Tag it").read_text(encoding="utf-8")
    (folder / "b.md").write_text(f"{text}\n[tags](use%20%23%20for%20tags.md) [us](../us.md)\n")
    (base / "docs" / "us.md").write_text("# Us\n")
    run(base, "import", str(folder), "--write")
    library = read_library(base)
    relations = relate(library)
    assert relations.findings == ()
    path = library.decision["use-for-tags"].path
    assert relations.linked_from[path] == (library.decision["b"].path,)


def test_an_owner_is_taken_from_the_file_or_from_the_option(base: Path) -> None:
    folder = base / "docs" / "adr"
    file = old(folder, "a.md", "A", "Proposed")
    text = file.read_text(encoding="utf-8").replace("Date:", "Author: @mei\n\nDate:")
    file.write_text(text, encoding="utf-8")
    old(folder, "b.md", "B", "Proposed")
    run(base, "import", str(folder), "--write", "--owner", "roof-lead")
    library = read_library(base)
    assert library.decision["a"].owner == "mei"
    assert library.decision["a"].owner_is_person
    assert library.decision["b"].owner == "roof-lead"


def test_a_person_may_say_what_silence_means(base: Path) -> None:
    folder = base / "docs" / "adr"
    folder.mkdir(parents=True)
    (folder / "0001-a.md").write_text("# A\n\n## Context and Problem Statement\n\nRain.\n")
    said = run(base, "import", str(folder)).output
    assert "Of a status, 1 record says nothing." in said
    said = run(base, "import", str(folder), "--without-status", "accepted", "--write").output
    assert "    status: accepted  [as --without-status says]\n" in said
    assert read_library(base).decision["0001-a"].outcome == "accepted"


def test_a_named_format_reads_what_has_no_marks(base: Path) -> None:
    folder = base / "docs" / "adr"
    folder.mkdir(parents=True)
    (folder / "roof.md").write_text("# Mend the roof\n\nWe mend it.\n")
    assert "Would import 0 records" in run(base, "import", str(folder)).output
    assert "(prose)" in run(base, "import", str(folder), "--format", "prose").output


def test_days_come_from_git_where_a_file_says_none(base: Path, tmp_path: Path) -> None:
    folder = tmp_path / "other" / "adr"
    old(folder, "1-open.md", "1. Open", "Proposed")
    old(folder, "2-closed.md", "2. Closed", "Proposed")
    for file in folder.iterdir():
        file.write_text(file.read_text(encoding="utf-8").replace("Date: 2020-03-04\n\n", ""))
    git(tmp_path / "other", "init", "-q")
    git(tmp_path / "other", "add", ".")
    git(tmp_path / "other", "commit", "-qm", "Write them", day="2021-02-03")
    closed = folder / "2-closed.md"
    closed.write_text(closed.read_text(encoding="utf-8").replace("Proposed", "Accepted"))
    git(tmp_path / "other", "commit", "-qam", "Accept it", day="2021-05-06")
    said = run(base, "import", str(folder), "--write").output
    assert "entered: 2021-02-03 (guessed)" in said
    assert "decided: 2021-05-06 (guessed)" in said
    library = read_library(base)
    assert str(library.decision["1-open"].opened) == "2021-02-03"
    assert str(library.decision["2-closed"].decided) == "2021-05-06"
    assert library.decision["1-open"].imported is not None
    assert library.decision["1-open"].imported.source == "other/adr/1-open.md"


def test_a_commit_of_many_files_dates_none_of_them(base: Path, tmp_path: Path) -> None:
    folder = tmp_path / "other" / "adr"
    for number in range(12):
        file = old(folder, f"{number}-x.md", f"{number}. X", "Proposed")
        file.write_text(file.read_text(encoding="utf-8").replace("Date: 2020-03-04\n\n", ""))
    git(tmp_path / "other", "init", "-q")
    git(tmp_path / "other", "add", ".")
    git(tmp_path / "other", "commit", "-qm", "Move them", day="2021-02-03")
    assert "2021-02-03" not in run(base, "import", str(folder)).output


def test_many_files_that_are_no_records_are_said_in_short(base: Path, tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    for number in range(1_200):
        (folder / f"note {number}.md").write_text(f"# Note {number}\n\nIt rained.\n")
    result = run(base, "import", str(folder))
    assert result.exit_code == 1
    assert result.output == (
        "not a record: 1,200 files: nothing in it says that it records a decision\n"
        "    notes/note 0.md\n"
        "    notes/note 1.md\n"
        "    notes/note 10.md\n"
        "    notes/note 100.md\n"
        "    notes/note 1000.md\n"
        "    … and 1,195 more (--json names them all)\n"
        "\n"
        "Would import 0 records; 1,200 not a record.\n"
    )


def test_a_file_too_large_is_named_and_not_read(base: Path, tmp_path: Path) -> None:
    folder = tmp_path / "adr"
    file = old(folder, "1-large.md", "1. Large")
    file.write_text(file.read_text(encoding="utf-8") + "x" * 2_100_000)
    result = run(base, "import", str(folder))
    assert result.exit_code == 1
    assert "can't be imported: 1 file: too large for a record: 2.1 MB\n" in result.output


def test_a_file_that_comes_in_between_is_kept(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = base / "docs" / "adr"
    old(folder, "a.md", "A")
    there = base / "decisions" / "imported" / "a.md"
    link = os.link

    def late(*words: Any, **more: Any) -> None:
        there.write_text("mine")
        link(*words, **more)

    monkeypatch.setattr(os, "link", late)
    result = run(base, "import", str(folder), "--write")
    assert result.exit_code == 1
    assert "decisions/imported/a.md now exists; it was left as it is" in result.output
    assert there.read_text() == "mine"
    assert [file.name for file in there.parent.iterdir()] == ["a.md"]


def test_a_folder_that_leads_out_is_not_written_to(base: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (base / "decisions" / "imported").symlink_to(tmp_path / "outside")
    old(base / "docs" / "adr", "a.md", "A")
    result = run(base, "import", str(base / "docs" / "adr"), "--write")
    assert result.exit_code == 1
    assert list((tmp_path / "outside").iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere"], "Path 'nowhere' does not exist."),
        (["{base}/docs", "--into", "../x"], "--into '../x' isn't below decisions/"),
        (["{base}/docs", "--into", "decisions/../../x"], "isn't below decisions/"),
        (["{base}/decisions"], "is already in decisions/, where an import copies to."),
        (["{base}"], "holds this knowledge base's own decisions/"),
        (["{base}/docs", "--owner", "a b"], "--owner 'a b' isn't a handle"),
        (["{base}/docs", "--format", "word"], "'word' is not one of 'auto', 'nygard'"),
    ],
)
def test_wrong_use_is_refused(base: Path, words: list[str], said: str) -> None:
    (base / "docs").mkdir()
    result = run(base, "import", *(word.format(base=base) for word in words))
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())


def test_json_is_as_its_schema_says(base: Path) -> None:
    folder = base / "docs" / "adr"
    old(folder, "0001-a.md", "1. A")
    old(folder, "0002-b.md", "2. B", "Resting")
    (folder / "notes.txt").write_text("x")
    for more in ([], ["--write"], ["--write"]):
        said = json.loads(run(base, "import", str(folder), "--json", *more).stdout)
        conforms("import")(said)
    assert [file["outcome"] for file in said["files"]] == [
        "already here",
        "already here",
        "not a record",
    ]
