"""Roles and handoffs by import, as documents: files, the options, and the whole report.

The cases have the form of tests/support/golden.py. The paragraph before the first file ends in the
options; what is under `=== findings` is the report.
"""

from __future__ import annotations

import difflib
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from golden import read_case

from onrecord.cli import main
from onrecord.records.reading import read_library

CASES = sorted((Path(__file__).parent / "playbooks").glob("*.txt"))
REQUIRED_BY_A_PERSON = {"key-missing", "link-nowhere"}


def run(root: Path, *words: str) -> Result:
    result = CliRunner().invoke(main, ["--root", str(root), "--today", "2026-11-22", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def report_of(root: Path, *words: str) -> dict:
    return json.loads(run(root, *words, "--json").stdout)


def files_of(root: Path) -> dict[str, bytes]:
    found = sorted((root / "playbooks").rglob("*"))
    return {f.relative_to(root).as_posix(): f.read_bytes() for f in found if f.is_file()}


def base(tmp_path: Path, files: dict[str, str]) -> Path:
    for path, text in {"decisions/README.md": "# Decisions\n", **files}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture(params=CASES, ids=lambda path: path.stem)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Path, list[str], str]:
    read = read_case(request.param)
    root = tmp_path / "base"
    read.write(root)
    head = request.param.read_text(encoding="utf-8").partition("\n===")[0]
    options = next(line for line in head.splitlines() if line.startswith("--as")).split()
    return request.param, root, ["import", *options, str(root / "old")], read.findings


def test_the_report_is_as_the_case_says(case: tuple[Path, Path, list[str], str]) -> None:
    path, root, command, report = case
    before = files_of(root)
    said = run(root, *command).output
    assert files_of(root) == before
    if said != report:
        lines = (text.splitlines(keepends=True) for text in (report, said))
        difference = "".join(difflib.unified_diff(*lines, f"{path.name}: should be", "is"))
        pytest.fail(difference, pytrace=False)


def test_what_is_written_reads_and_a_second_run_adds_nothing(
    case: tuple[Path, Path, list[str], str],
) -> None:
    _, root, command, _ = case
    was = files_of(root)
    run(root, *command, "--write")
    once = files_of(root)
    assert {path: once[path] for path in was} == was
    assert len(once) > len(was)
    assert {f.code for f in read_library(root).findings} <= REQUIRED_BY_A_PERSON
    again = report_of(root, *command, "--write")
    assert again["counts"]["import"] == again["counts"]["update"] == again["counts"]["part"] == 0
    assert files_of(root) == once


def test_every_word_of_a_runbook_is_in_its_role(case: tuple[Path, Path, list[str], str]) -> None:
    _, root, command, _ = case
    report = report_of(root, *command, "--write")
    for file in report["files"]:
        if file["outcome"] in ("import", "part") and file["source"].endswith(".md"):
            old = (root / file["source"]).read_text(encoding="utf-8")
            new = (root / file["path"]).read_text(encoding="utf-8")
            body = re.sub(r"\A---\n.*?\n---\n", "", old, flags=re.DOTALL)
            words = re.findall(r"\w+", re.sub(r"\]\([^)]*\)", "]", body))
            assert set(words) <= set(re.findall(r"\w+", new)), file["source"]


ROLE = "---\ntitle: Pumps\npurpose: Water flows.\nholder: ana\n---\n\n# Pumps\n\n"
RUNBOOK = "# Pump stopped\n\n## Meaning\n\nNo water at all.\n\n## Mitigation\n\nChange the fuse.\n"


def test_a_runbook_beside_a_role_goes_into_it(tmp_path: Path) -> None:
    text = f"{ROLE}## If this happens\n\nCall Bo.\n\n## Access\n\nAsk Bo.\n"
    root = base(
        tmp_path, {"playbooks/pumps/index.md": text, "playbooks/pumps/runbooks/stop.md": RUNBOOK}
    )
    hint = run(root, "check").output
    assert "onrecord import --as role playbooks/pumps/runbooks --into playbooks/pumps" in hint
    words = ("import", "--as", "role", str(root / "playbooks/pumps/runbooks"), "--write")
    assert run(root, *words, "--into", "playbooks/pumps").exit_code == 0
    new = (root / "playbooks/pumps/index.md").read_text(encoding="utf-8")
    assert new.startswith(f"{ROLE}## If this happens\n\nCall Bo.\n\n### Pump stopped\n")
    assert new.endswith("#### Mitigation\n\nChange the fuse.\n\n## Access\n\nAsk Bo.\n")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_role_without_the_section_gets_it_and_keeps_its_bytes(tmp_path: Path, end: str) -> None:
    root = base(tmp_path, {"old/runbooks/stop.md": RUNBOOK})
    role = root / "playbooks/pumps/index.md"
    role.parent.mkdir(parents=True)
    old = f"{ROLE}## Access\n\nAsk Bo.".replace("\n", end).encode()
    role.write_bytes(old)
    run(root, "import", "--as", "role", str(root / "old"), "--into", "playbooks/pumps", "--write")
    assert role.read_bytes().startswith(old)
    assert f"{end}## If this happens{end}{end}### Pump stopped{end}".encode() in role.read_bytes()


def test_a_second_clone_adds_nothing(tmp_path: Path) -> None:
    root = base(tmp_path, {"a/pumps/stop.md": RUNBOOK, "b/pumps/stop.md": RUNBOOK})
    run(root, "import", "--as", "role", str(root / "a"), "--write")
    again = report_of(root, "import", "--as", "role", str(root / "b"), "--write")
    assert [file["reason"] for file in again["files"]] == ["the role has this text already"]


def test_many_pages_beside_a_role_are_one_finding(tmp_path: Path) -> None:
    pages = {f"playbooks/pumps/runbooks/{n}.md": "# x\n" for n in range(49)}
    root = base(tmp_path, {"playbooks/pumps/index.md": ROLE, **pages})
    found = [f for f in read_library(root).findings if f.code == "file-misplaced"]
    assert len(found) == 1
    assert "49 pages" in found[0].message


@pytest.mark.parametrize(
    "words",
    [
        ("--as", "role", "--into", "decisions/x"),
        ("--as", "role", "--into", "playbooks/Not A Role"),
        ("--as", "role", "--into", "../x"),
        ("--as", "role", "--status", "x=accepted"),
        ("--as", "metric"),
    ],
)
def test_wrong_use_says_the_right_form(tmp_path: Path, words: tuple[str, ...]) -> None:
    root = base(tmp_path, {"old/stop.md": RUNBOOK})
    result = run(root, "import", *words, str(root / "old"))
    assert result.exit_code == 2
    assert files_of(root) == {}


SITUATION = "# {}\n\n## Meaning\n\n{}\n\n## Mitigation\n\nClose the gate and wait for the miller.\n"


def outcomes(said: dict) -> dict[str, str]:
    return {one["source"].rpartition("/")[2]: one["outcome"] for one in said["files"]}


def test_an_update_brings_a_runbook_that_nobody_edited_here(tmp_path: Path) -> None:
    root = base(tmp_path / "base", {})
    old = tmp_path / "mill/runbooks"
    old.mkdir(parents=True)
    for name in ("Flood", "Fire", "Frost"):
        (old / f"{name.lower()}.md").write_text(SITUATION.format(name, f"{name} is here today."))
    command = ["import", "--as", "role", str(tmp_path / "mill")]
    report_of(root, *command, "--write")
    role = root / "playbooks/mill/index.md"
    mine = role.read_text().replace("Frost is here today.", "Frost is here, says Ana.")
    role.write_text(mine + "\n## Access\n\nAsk Bo.\n")
    (old / "flood.md").write_text(
        SITUATION.format("Flood", "Water in the mill.\n\n### Deep\n\nRun.")
    )
    (old / "frost.md").write_text(SITUATION.format("Frost", "The wheel stands still."))
    (old / "theft.md").write_text(SITUATION.format("Theft", "The flour is gone."))
    kept = outcomes(report_of(root, *command))
    assert kept["flood.md"] == "already here"
    said = report_of(root, *command, "--update", "--write")
    assert outcomes(said) == {
        "runbooks": "update",
        "fire.md": "already here",
        "flood.md": "part",
        "frost.md": "diverged",
        "theft.md": "part",
    }
    text = role.read_text()
    assert "Flood is here today." not in text
    assert "Water in the mill.\n\n##### Deep\n\nRun.\n\n#### Mitigation" in text
    assert "Frost is here, says Ana." in text
    assert text.count("The flour is gone.") == text.count("Fire is here today.") == 1
    assert text.endswith("\n## Access\n\nAsk Bo.\n")
    assert [line for line in text.splitlines() if line.startswith(("## ", "### "))] == [
        *("## If this happens", "### Fire", "### Flood", "### Frost", "### Theft", "## Access"),
    ]
    again = outcomes(report_of(root, *command, "--update", "--write"))
    assert set(again.values()) == {"already here", "diverged"}
    assert role.read_text() == text


def test_a_page_of_a_role_that_changed_is_for_a_person(tmp_path: Path) -> None:
    root = base(tmp_path / "base", {})
    page = tmp_path / "handbook/baker.md"
    page.parent.mkdir()
    page.write_text("# Baker\n\n## Mission\n\nBread is ready.\n\n## Responsibilities\n\n- Bread\n")
    command = ["import", "--as", "role", str(page.parent)]
    report_of(root, *command, "--write")
    written = files_of(root)
    page.write_text(page.read_text() + "- Rolls\n")
    assert outcomes(report_of(root, *command, "--update", "--write")) == {"baker.md": "diverged"}
    assert files_of(root) == written


def test_an_update_brings_a_handoff_until_somebody_edits_it(tmp_path: Path) -> None:
    role = "---\ntitle: Mill\npurpose: Corn is ground.\nholder: ana\n---\n\n# Mill\n"
    people = "ana: {name: Ana}\nbo: {name: Bo}\n"
    root = base(
        tmp_path / "base", {"playbooks/mill/index.md": role, "playbooks/people.yml": people}
    )
    note = tmp_path / "notes/2026-10-01-ana-to-bo.md"
    note.parent.mkdir()
    note.write_text("# To Bo\n\n## Current state\n\nThe wheel turns.\n")
    command = ["import", "--as", "handoff", str(note.parent), "--into", "playbooks/mill"]
    report_of(root, *command, "--write")
    note.write_text("# To Bo\n\n## Current state\n\nThe wheel stands.\n")
    here = root / "playbooks/mill/handoffs/2026-10-01-ana-to-bo.md"
    assert outcomes(report_of(root, *command, "--write"))[note.name] == "already here"
    assert "The wheel turns." in here.read_text()
    assert outcomes(report_of(root, *command, "--update", "--write"))[note.name] == "update"
    assert "The wheel stands." in here.read_text()
    here.write_text(here.read_text().replace("---\n\n", "accepted_on: 2026-10-01\n---\n\n", 1))
    note.write_text("# To Bo\n\n## Current state\n\nThe wheel is gone.\n")
    assert outcomes(report_of(root, *command, "--update", "--write"))[note.name] == "diverged"
    assert "The wheel stands." in here.read_text()


def test_a_role_whose_purpose_nobody_wrote_asks_for_it(tmp_path: Path) -> None:
    root = base(tmp_path / "base", {})
    (tmp_path / "mill").mkdir()
    (tmp_path / "mill/flood.md").write_text(SITUATION.format("Runbook: Flood", "Water."))
    report_of(root, "import", "--as", "role", str(tmp_path / "mill"), "--write")
    assert [f.code for f in read_library(root).findings if f.severity == "error"] == []
    text = (root / "playbooks/mill/index.md").read_text()
    assert "To be written: why does this role exist?" in text
    assert "\n### Flood\n" in text


def test_a_link_may_name_what_no_disk_holds(tmp_path: Path) -> None:
    root = base(tmp_path / "base", {})
    (tmp_path / "mill").mkdir()
    text = f"[a](x%00.md), [b]({'y' * 300}.md) and ![c](z%00.png)."
    (tmp_path / "mill/flood.md").write_text(SITUATION.format("Runbook: Flood", text))
    report_of(root, "import", "--as", "role", str(tmp_path / "mill"), "--write")
    assert text in (root / "playbooks/mill/index.md").read_text()
