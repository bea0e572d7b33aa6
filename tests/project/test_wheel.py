"""The wheel, installed where nothing else is: the command line works without MkDocs."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from making import make

from onrecord import __version__

ROOT = Path(__file__).parents[2]
STARTER = ROOT / "hooks/onrecord/drafting/starter"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("environment") / "venv"


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory, environment: Path) -> Path:
    """The folder that `make release` fills, which has tried both archives."""
    out = tmp_path_factory.mktemp("dist")
    done = make(ROOT, "release", f"DIST={out}", f"ENVIRONMENT={environment}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.findall(r"(?m)^== Trying (\S+)$", done.stdout) == [
        f"onrecord-{__version__}.tar.gz",
        f"onrecord-{__version__}-py3-none-any.whl",
    ]
    return out


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    (made,) = dist.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def bare(dist: Path, environment: Path) -> Path:
    """The bin folder of an environment that holds the wheel and what it declares, no more.

    `make release` made it to try both archives, the wheel last.
    """
    assert dist.is_dir()
    return environment / "bin"


def run(command: Path, *words: str, cwd: Path) -> str:
    done = subprocess.run(
        [command, *words],
        cwd=cwd,
        env={"PATH": "", "ONRECORD_TODAY": "2026-10-05"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_data_file_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    package = ROOT / "hooks"
    files = (p for p in (package / "onrecord").rglob("*") if p.is_file())
    ours = {p.relative_to(package).as_posix() for p in files if "__pycache__" not in p.parts}
    assert ours - names == set()
    assert not [name for name in names if name.startswith(("tests", "docs", "decisions"))]


def test_the_bill_of_materials_names_all_that_a_site_needs(dist: Path) -> None:
    (made,) = dist.glob("*.cdx.json")
    bill = json.loads(made.read_text())
    assert (bill["bomFormat"], bill["metadata"]["component"]["name"]) == ("CycloneDX", "onrecord")
    assert bill["metadata"]["component"]["version"] == __version__
    pinned = re.findall(r"(?m)^([\w.-]+)==([^\s;]+)", (STARTER / "requirements.lock").read_text())
    assert {(part["name"], part["version"]) for part in bill["components"]} == set(pinned)
    hashes = [r["hashes"] for part in bill["components"] for r in part["externalReferences"]]
    assert len(hashes) == len(bill["components"]) == len(pinned)
    assert all(hashes)
    assert {path.suffix for path in dist.iterdir()} == {".whl", ".gz", ".json", ".md"}


def test_the_notes_are_of_the_change_log(dist: Path) -> None:
    notes = (dist / f"onrecord-{__version__}.md").read_text(encoding="utf-8")
    assert notes.startswith("### ")
    assert notes in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_it_brings_no_mkdocs(bare: Path, tmp_path: Path) -> None:
    code = "from importlib.util import find_spec as f; print(f('mkdocs'), f('material'), f('nh3'))"
    assert run(bare / "python", "-I", "-c", code, cwd=tmp_path) == "None None None\n"


def test_the_commands_work_from_the_wheel(bare: Path, tmp_path: Path) -> None:
    onrecord = bare / "onrecord"
    run(onrecord, "--help", cwd=tmp_path)
    run(onrecord, "init", ".", cwd=tmp_path)
    run(onrecord, "new", "role", "host", "--purpose", "Guests feel at home.", cwd=tmp_path)
    run(onrecord, "new", "handoff", "host", "--to", "bob", cwd=tmp_path)
    run(onrecord, "new", "metric", "host", "guests", cwd=tmp_path)
    made = run(onrecord, "new", "decision", "Buy a tent", "--owner", "host", cwd=tmp_path)
    path = tmp_path / made.strip()
    assert path.name == "buy-a-tent.md"
    text = path.read_text()
    for title in ("Problem", "Proposal", "Alternatives"):
        text = text.replace(f"## {title}\n", f"## {title}\n\nWritten.\n")
    path.write_text(text)
    run(onrecord, "advance", "buy-a-tent", cwd=tmp_path)
    assert "stage: collaborate" in path.read_text()
    said = run(onrecord, "check", cwd=tmp_path)
    assert said == "No findings: 4 decisions, 3 roles, 2 handoffs, 2 metrics.\n"
