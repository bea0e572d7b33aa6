"""Imports that come again: what is new, updated, diverged and unchanged, and whose is whose."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from onrecord.cli import main
from onrecord.lifecycle.relations import relate
from onrecord.records.reading import read_library

RECORD = "# {title}\n\nDate: 2020-03-04\n\n## Status\n\n{status}\n\n## Context\n\n{text}\n"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    root = tmp_path / "base"
    (root / "decisions").mkdir(parents=True)
    return root


def old(
    folder: Path, name: str, title: str, status: str = "Accepted", text: str = "It rained in."
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(RECORD.format(title=title, status=status, text=text), encoding="utf-8")
    return file


def bring(base: Path, folder: Path, *words: str) -> dict[str, dict]:
    """The report by the name of each old file."""
    command = ["--root", str(base), "--today", "2026-11-22", "import", str(folder), "--json"]
    result = CliRunner().invoke(main, [*command, *words])
    assert isinstance(result.exception, SystemExit | None), result.exc_info
    return {file["source"].rpartition("/")[2]: file for file in json.loads(result.stdout)["files"]}


def text_of(base: Path, name: str) -> str:
    return (base / "decisions" / "imported" / name).read_text(encoding="utf-8")


def test_a_second_run_tells_new_updated_diverged_and_unchanged_apart(base: Path) -> None:
    adr = base / "docs" / "adr"
    for number, title in enumerate(("Roof", "Wall", "Well", "Gate"), start=1):
        old(adr, f"000{number}-{title.lower()}.md", f"{number}. {title}")
    bring(base, adr, "--write")
    old(adr, "0002-wall.md", "2. Wall", text="It leans.")
    old(adr, "0003-well.md", "3. Well", text="It is dry.")
    old(adr, "0005-shed.md", "5. Shed", "Accepted\n\nSupersedes [1](0001-roof.md)")
    for name in ("0003-well.md", "0004-gate.md"):
        mine = base / "decisions" / "imported" / name
        mine.write_text(mine.read_text(encoding="utf-8") + "\nMine.\n", encoding="utf-8")
    said = bring(base, adr, "--update", "--write")
    assert {name: file["outcome"] for name, file in said.items()} == {
        "0001-roof.md": "already here",
        "0002-wall.md": "update",
        "0003-well.md": "diverged",
        "0004-gate.md": "already here",
        "0005-shed.md": "import",
    }
    assert "It leans." in text_of(base, "0002-wall.md")
    assert "It is dry." not in text_of(base, "0003-well.md")
    assert text_of(base, "0004-gate.md").endswith("\nMine.\n")
    assert read_library(base).findings == ()
    again = bring(base, adr, "--update", "--write")
    assert {f["outcome"] for n, f in again.items() if n != "0003-well.md"} == {"already here"}


def test_without_update_a_change_is_said_and_nothing_is_written(base: Path) -> None:
    adr = base / "docs" / "adr"
    old(adr, "0001-roof.md", "1. Roof")
    bring(base, adr, "--write")
    before = text_of(base, "0001-roof.md")
    old(adr, "0001-roof.md", "1. Roof", text="It leaks again.")
    said = bring(base, adr, "--write")["0001-roof.md"]
    assert said["outcome"] == "already here"
    assert "--update brings it" in said["reason"]
    assert text_of(base, "0001-roof.md") == before


def test_a_status_that_changed_at_the_source_comes_with_an_update(base: Path) -> None:
    adr = base / "docs" / "adr"
    old(adr, "0001-roof.md", "1. Roof", "Proposed")
    bring(base, adr, "--write", "--owner", "ana")
    old(adr, "0001-roof.md", "1. Roof", "Rejected")
    assert bring(base, adr, "--update", "--write")["0001-roof.md"]["outcome"] == "update"
    roof = read_library(base).decision["0001-roof"]
    assert str(roof.outcome) == "rejected"
    assert roof.owner == "ana"  # what an option said the first time


def test_what_an_option_said_of_silent_files_stays(base: Path) -> None:
    file = base / "docs" / "adr" / "0001-roof.md"
    file.parent.mkdir(parents=True)
    head = "# 1. Roof\n\nDate: 2020-03-04\n\n## Context\n\nRain.\n\n## Decision\n\n"
    file.write_text(f"{head}Tiles.\n", encoding="utf-8")
    bring(base, file.parent, "--write", "--without-status", "accepted")
    file.write_text(f"{head}Tiles of clay.\n", encoding="utf-8")
    assert bring(base, file.parent, "--update", "--write")["0001-roof.md"]["outcome"] == "update"
    assert str(read_library(base).decision["0001-roof"].outcome) == "accepted"


def test_a_successor_that_comes_later_settles_what_was_left(base: Path) -> None:
    adr = base / "docs" / "adr"
    old(adr, "0001-roof.md", "1. Roof", "Superseded by [2. Tiles](0002-tiles.md)")
    bring(base, adr, "--write")
    assert read_library(base).decision["0001-roof"].unsettled
    old(adr, "0002-tiles.md", "2. Tiles")
    said = bring(base, adr, "--update", "--write")
    assert said["0001-roof.md"]["outcome"] == "update"
    library = read_library(base)
    assert not library.decision["0001-roof"].unsettled
    assert library.decision["0002-tiles"].supersedes == ("0001-roof",)


def test_other_line_ends_are_no_edit(base: Path) -> None:
    adr = base / "docs" / "adr"
    old(adr, "0001-roof.md", "1. Roof")
    bring(base, adr, "--write")
    mine = base / "decisions" / "imported" / "0001-roof.md"
    mine.write_bytes(mine.read_bytes().replace(b"\n", b"\r\n"))
    old(adr, "0001-roof.md", "1. Roof", text="It leaks again.")
    assert bring(base, adr, "--update", "--write")["0001-roof.md"]["outcome"] == "update"


def test_a_record_of_an_older_release_is_never_overwritten(base: Path) -> None:
    adr = base / "docs" / "adr"
    old(adr, "0001-roof.md", "1. Roof")
    bring(base, adr, "--write")
    mine = base / "decisions" / "imported" / "0001-roof.md"
    lines = mine.read_text(encoding="utf-8").splitlines(keepends=True)
    mine.write_text("".join(x for x in lines if "digest:" not in x), encoding="utf-8")
    old(adr, "0001-roof.md", "1. Roof", text="It leaks again.")
    before = mine.read_bytes()
    assert bring(base, adr, "--update", "--write")["0001-roof.md"]["outcome"] == "diverged"
    assert mine.read_bytes() == before


def clone(folder: Path, name: str) -> Path:
    """A repository with records, as a clone of this name."""
    top = folder / name
    old(top / "adr", "0001-roof.md", "1. Roof")
    old(top / "adr", "0002-wall.md", "2. Wall", "Accepted\n\nSupersedes [1](0001-roof.md)")
    subprocess.run(["git", "init", "-q", str(top)], check=True)
    return top / "adr"


def test_the_folder_of_a_second_clone_adds_nothing(base: Path, tmp_path: Path) -> None:
    bring(base, clone(tmp_path, "shop"), "--write")
    said = bring(base, clone(tmp_path, "shop-2"), "--write")
    assert {file["outcome"] for file in said.values()} == {"already here"}
    assert len(read_library(base).decisions) == 2


@pytest.mark.parametrize("folders", [("a/docs/adr", "b/docs/adr"), ("a/adr", "b/adr")])
def test_equal_names_of_two_teams_lead_each_to_its_own(
    base: Path, tmp_path: Path, folders: tuple[str, str]
) -> None:
    link = (
        "See [the first](0001-roof.md), ![x][1] and [again][one].\n\n[one]: 0001-roof.md#context\n"
    )
    for folder, what in zip(folders, ("Slate", "Straw"), strict=True):
        old(tmp_path / folder, "0001-roof.md", f"1. Roof of {what}", text=f"{what} is at hand.")
        old(tmp_path / folder, "0002-wall.md", f"2. Wall under {what}", text=f"{what}. {link}")
        bring(base, tmp_path / folder, "--write")
    library = read_library(base)
    assert len(library.decisions) == 4
    linked = relate(library).linked_from
    titles = {d.path: d.title for d in library.decisions}
    for path, sources in linked.items():
        what = titles[path].rpartition(" ")[2]
        assert all(titles[one].endswith(what) for one in sources)
    assert len(linked) == 2
    other = next(d for d in library.decisions if d.title == "Wall under Straw")
    assert "(0001-roof-2.md)" in other.body.text  # as a forge shows it
    assert "[one]: 0001-roof-2.md#context" in other.body.text


def test_links_in_double_brackets_become_links(base: Path, tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    (vault / "img").mkdir(parents=True)
    (vault / "img" / "plan of it.png").write_bytes(b"PNG")
    old(vault, "ADR - Roof.md", "Roof")
    text = (
        "See [[ADR - Roof|the roof]], [[adr - roof#Context]], [[Nobody here]], [[#Status]], "
        "![[plan of it.png|300]] and ![[ADR - Roof]].\n\n"
        "`[[ADR - Roof]]` [[1]](https://example.org)\n\n```sh\nif [[ -f x ]]; then\n```\n"
    )
    old(vault, "ADR - Wall.md", "Wall", text=text)
    said = bring(base, vault, "--write")
    assert said["plan of it.png"]["outcome"] == "copy"
    wall = text_of(base, "adr-wall.md")
    assert (
        "See [the roof](adr-roof.md), [adr - roof](adr-roof.md#context), Nobody here, "
        "[Status](#status), ![plan of it.png](img/plan%20of%20it.png) and "
        "[ADR - Roof](adr-roof.md)."
    ) in wall
    assert "`[[ADR - Roof]]` [[1]](https://example.org)" in wall
    assert "if [[ -f x ]]" in wall
    assert {f.code for f in read_library(base).findings} == set()


def test_double_brackets_that_are_no_links_stay(base: Path, tmp_path: Path) -> None:
    old(tmp_path / "adr", "0001-roof.md", "1. Roof", text="A matrix [[1, 2], [3, 4]] and [[x]].")
    bring(base, tmp_path / "adr", "--write")
    assert "A matrix [[1, 2], [3, 4]] and [[x]]." in text_of(base, "0001-roof.md")


def test_boxes_of_other_tools_become_those_of_forges(base: Path, tmp_path: Path) -> None:
    text = (
        ":::warning Mind the roots\n\nDig by hand.\n\n:::tip\nDeep.\n:::\n\n:::\n\n"
        "::: mermaid\ngraph LR\n  A --> B\n:::\n\n"
        "::: {.callout-note}\nQuarto.\n:::\n\n:::unknown\nx\n:::\n\n"
        "```\n:::note\n:::\n```\n:::note\nopen"
    )
    old(tmp_path / "adr", "0001-roof.md", "1. Roof", text=text)
    bring(base, tmp_path / "adr", "--write")
    made = text_of(base, "0001-roof.md").partition("## Context\n\n")[2]
    assert made == (
        "> [!WARNING]\n> **Mind the roots**\n>\n>\n> Dig by hand.\n>\n> > [!TIP]\n> > Deep.\n>\n\n"
        "```mermaid\ngraph LR\n  A --> B\n```\n\n"
        "> [!NOTE]\n> Quarto.\n\n:::unknown\nx\n:::\n\n```\n:::note\n:::\n```\n:::note\nopen\n"
    )


def with_picture(base: Path) -> tuple[Path, Path, Path]:
    """A record with a picture, brought in: the old picture, the new one and the record."""
    adr = base / "docs" / "adr"
    old(adr, "0001-roof.md", "1. Roof", text="![Roof](img/roof.png)")
    picture = adr / "img" / "roof.png"
    picture.parent.mkdir()
    picture.write_bytes(b"first")
    bring(base, adr, "--write")
    imported = base / "decisions" / "imported"
    return picture, imported / "img" / "roof.png", imported / "0001-roof.md"


def test_a_picture_that_changed_at_the_source_comes_with_an_update(base: Path) -> None:
    picture, here, record = with_picture(base)
    picture.write_bytes(b"second")
    record.write_bytes(record.read_bytes() + b"\nMine.\n")  # what is edited is no picture
    said = bring(base, picture.parents[1], "--write")["roof.png"]
    assert (said["outcome"], here.read_bytes()) == ("already here", b"first")
    assert "--update brings it" in said["reason"]
    said = bring(base, picture.parents[1], "--update", "--write")
    assert said["roof.png"]["outcome"] == "update"
    assert here.read_bytes() == b"second"
    assert record.read_bytes().endswith(b"\nMine.\n")
    picture.write_bytes(b"third")
    bring(base, picture.parents[1], "--update", "--write")
    assert here.read_bytes() == b"third"
    again = bring(base, picture.parents[1], "--update", "--write")
    assert {file["outcome"] for file in again.values()} == {"already here"}
    assert read_library(base).findings == ()


def test_a_picture_that_changed_here_too_is_kept(base: Path) -> None:
    picture, here, _ = with_picture(base)
    picture.write_bytes(b"second")
    here.write_bytes(b"mine")
    said = bring(base, picture.parents[1], "--update", "--write")["roof.png"]
    assert (said["outcome"], here.read_bytes()) == ("already here", b"mine")
    assert "it is kept" in said["reason"]


def test_a_text_and_its_picture_come_together(base: Path) -> None:
    picture, here, record = with_picture(base)
    picture.write_bytes(b"second")
    old(picture.parents[1], "0001-roof.md", "1. Roof", text="It leans. ![Roof](img/roof.png)")
    said = bring(base, picture.parents[1], "--update", "--write")
    assert {file["outcome"] for file in said.values()} == {"update"}
    assert (here.read_bytes(), b"It leans." in record.read_bytes()) == (b"second", True)
    picture.write_bytes(b"third")
    bring(base, picture.parents[1], "--update", "--write")
    assert here.read_bytes() == b"third"


def test_a_picture_of_two_records_comes_once(base: Path) -> None:
    picture, here, _ = with_picture(base)
    old(picture.parents[1], "0002-wall.md", "2. Wall", text="See it: ![Roof](img/roof.png)")
    bring(base, picture.parents[1], "--write")
    for words in (b"second", b"third"):
        picture.write_bytes(words)
        bring(base, picture.parents[1], "--update", "--write")
        assert here.read_bytes() == words


@pytest.mark.parametrize("edited", [False, True])
def test_the_original_of_a_converted_text_comes_too(base: Path, edited: bool) -> None:
    file = base / "docs" / "adr" / "0001-roof.rst"
    file.parent.mkdir(parents=True)
    text = "1. Roof\n=======\n\n:Status: Accepted\n:Date: 2020-03-04\n\nContext\n-------\n\n{}\n"
    file.write_text(text.format("Rain."), encoding="utf-8")
    bring(base, file.parent, "--write")
    here = base / "decisions" / "imported" / "0001-roof.rst"
    assert here.read_bytes() == file.read_bytes()
    if edited:
        here.write_text("Mine.", encoding="utf-8")
    file.write_text(text.format("Hail."), encoding="utf-8")
    bring(base, file.parent, "--update", "--write")
    assert "Hail." in text_of(base, "0001-roof.md")
    assert here.read_text(encoding="utf-8") == ("Mine." if edited else text.format("Hail."))


LONG = "It rained in through the old roof on Monday.\n\nThe slates are {} years old by now."


def test_a_file_that_was_moved_and_changed_is_the_record_it_was(base: Path, tmp_path: Path) -> None:
    adr = tmp_path / "adr"  # in no repository
    old(adr, "0001-roof.md", "1. Roof", text=LONG.format(80))
    bring(base, adr, "--write")
    (adr / "0001-roof.md").unlink()
    old(adr / "done", "0001-roof.md", "1. Roof", text=LONG.format(90))
    said = bring(base, adr, "--update", "--write")["0001-roof.md"]
    assert (said["outcome"], said["path"]) == ("update", "decisions/imported/0001-roof.md")
    assert "90 years" in text_of(base, "0001-roof.md")


def test_what_is_still_there_was_not_moved(base: Path, tmp_path: Path) -> None:
    adr = tmp_path / "adr"
    old(adr, "0001-roof.md", "1. Roof", text=LONG.format(80))
    bring(base, adr, "--write")
    old(adr, "0002-roof.md", "2. Roof", text=LONG.format(90))
    assert bring(base, adr, "--update")["0002-roof.md"]["outcome"] == "import"
