"""What a release is made of: its steps refuse what isn't ready, and say what to write."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
import yaml

ROOT = Path(__file__).parents[2]
URLS = "".join(
    f'{name} = "https://forge.example/{name}"\n'
    for name in ("Source", "Issues", "Changelog", "Documentation")
)
OLDER = "## [0.1.0] - 2026-11-30\n\n- A.\n"
CLOSED = f"# Changelog\n\n## [0.2.0] - 2026-12-01\n\n### Added\n\n- A tent.\n\n{OLDER}"


@pytest.fixture(scope="module")
def release() -> ModuleType:
    """The script that `make release` runs."""
    spec = importlib.util.spec_from_file_location("release", ROOT / ".ci/release.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def ready(tmp_path: Path) -> Path:
    """A project that lacks nothing for 0.2.0."""
    (tmp_path / "CHANGELOG.md").write_text(CLOSED)
    (tmp_path / "pyproject.toml").write_text(f"[project.urls]\n{URLS}")
    return tmp_path


def test_a_project_that_is_ready_lacks_nothing(release: ModuleType, ready: Path) -> None:
    assert release.missing(ready, "0.2.0", "v0.2.0") == []
    assert release.missing(ready, "0.2.0", "") == []


@pytest.mark.parametrize("tag", ["0.2.0", "v0.2", "v0.2.0rc1", "v0.3.0"])
def test_a_tag_of_another_version_is_refused(release: ModuleType, ready: Path, tag: str) -> None:
    (said,) = release.missing(ready, "0.2.0", tag)
    assert tag in said
    assert "v0.2.0" in said


@pytest.mark.parametrize(
    "heading",
    [
        "[Unreleased] 0.2.0",
        "[0.2.0]",
        "[0.2.0] - soon",
        "[0.2.0] - 2026-02-30",
        "[0.2.0] - 20261201",
        "[0.2.00] - 2026-12-01",
        "[10.2.0] - x",
    ],
)
def test_a_section_that_is_not_closed_is_refused(
    release: ModuleType, ready: Path, heading: str
) -> None:
    text = CLOSED.replace("[0.2.0] - 2026-12-01", heading)
    (ready / "CHANGELOG.md").write_text(text)
    (said,) = release.missing(ready, "0.2.0", "")
    assert "Write: ## [0.2.0] - " in said


def test_an_empty_section_makes_no_notes(release: ModuleType, ready: Path) -> None:
    (ready / "CHANGELOG.md").write_text(f"## [0.2.0] - 2026-12-01\n\n{OLDER}")
    (said,) = release.missing(ready, "0.2.0", "")
    assert "no text for 0.2.0" in said


def test_all_that_is_missing_is_said_at_once(release: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n")
    (tmp_path / "pyproject.toml").write_text('[project]\nurls = {Source = "http://a.example"}\n')
    said = release.missing(tmp_path, "0.2.0", "v1")
    assert len(said) == 6
    assert [line for line in said if "Write" not in line] == []


def test_the_notes_are_the_section_of_the_version_alone(release: ModuleType) -> None:
    assert release.section_of(CLOSED, "0.2.0")[1] == "### Added\n\n- A tent.\n"
    assert release.section_of(CLOSED, "0.1.0") == ("[0.1.0] - 2026-11-30", "- A.\n")
    assert release.section_of(CLOSED, "0.1") == ("", "")


def archives(folder: Path, *versions: str) -> None:
    for version in versions:
        for name in (f"{version}-py3-none-any.whl", f"{version}.tar.gz", f"{version}.cdx.json"):
            (folder / f"onrecord-{name}").touch()


def test_archives_of_another_version_are_refused(release: ModuleType, tmp_path: Path) -> None:
    archives(tmp_path, "0.2.0")
    wheel, sdist = release.archives_in(tmp_path, "0.2.0")
    assert (wheel.suffix, sdist.suffix) == (".whl", ".gz")
    archives(tmp_path, "0.1.0")
    with pytest.raises(SystemExit, match=r"0\.1\.0\.tar\.gz is of another version"):
        release.archives_in(tmp_path, "0.2.0")
    with pytest.raises(SystemExit, match=r"0\.3\.0\.cdx\.json is missing"):
        release.archives_in(tmp_path, "0.3.0")


def test_a_step_that_fails_ends_the_release(release: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="Failed: false"):
        release.run("false", cwd=tmp_path)
    (tmp_path / "a-1.tar.gz").write_text("no archive")
    with pytest.raises(SystemExit, match="twine check"):
        release.run(release.sys.executable, "-m", "twine", "check", tmp_path / "a-1.tar.gz")


def test_the_page_of_a_release_has_its_notes_and_its_files(tmp_path: Path) -> None:
    """The step as the workflow has it, with the forge's program replaced by one that repeats."""
    jobs = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())["jobs"]
    uploads = [s["with"] for s in jobs["build"]["steps"] if "upload-artifact@" in s.get("uses", "")]
    for upload in uploads:
        folder = tmp_path / "made" / upload["name"]
        folder.mkdir(parents=True)
        for pattern in upload["path"].split():
            (folder / pattern.removeprefix("dist/").replace("*", "onrecord-0.2.0")).touch()
    step = jobs["page"]["steps"][-1]
    shown = 'gh() { printf "%s\\n" "$@"; }\n' + step["run"]
    said = subprocess.run(
        ["bash", "-e", "-c", shown],
        cwd=tmp_path,
        env={**os.environ, "TAG": "v0.2.0"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert said[:3] == ["release", "create", "v0.2.0"]
    assert said[said.index("--notes-file") + 1] == "made/beside/onrecord-0.2.0.md"
    assert said[-3:] == [
        "made/archives/onrecord-0.2.0.tar.gz",
        "made/archives/onrecord-0.2.0.whl",
        "made/beside/onrecord-0.2.0.cdx.json",
    ]


def test_the_classifiers_name_the_pythons_that_the_checks_run() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = set(re.findall(r":: (3\.\d+)", "\n".join(project["classifiers"])))
    jobs = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())["jobs"]
    assert named == {one["python"] for one in jobs["test"]["strategy"]["matrix"]["include"]}
    assert project["requires-python"] == f">={min(named)}"


@pytest.mark.parametrize(
    ("source", "top"),
    [
        ("https://github.com/team/tool", "https://github.com/team/tool"),
        ("https://gitlab.example.org/a/b/tool/", "https://gitlab.example.org/a/b/tool/-"),
        ("", ""),
    ],
)
def test_the_long_description_has_links_that_work_on_an_index(
    tmp_path: Path, source: str, top: str
) -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    if source:
        text += f'\n[project.urls]\nSource = "{source}"\n'
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    for name in ("README.md", "LICENSE", "hatch_build.py", "hooks/onrecord/__init__.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    with (tmp_path / "README.md").open("a", encoding="utf-8") as readme:
        readme.write(
            "\n![A](./docs/a.png) [b](docs/b.md#c) [d](#e) [f](https://x.example/)"
            ' <a href="docs/g.md">g</a> <mailto:a@example.org>\n'
        )
    for words in (("hatchling", "build", "--target", "wheel"), ("twine", "check", "--strict")):
        archives = [str(path) for path in tmp_path.glob("dist/*")]
        done = subprocess.run(
            [sys.executable, "-m", *words, *archives],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = tmp_path.glob("dist/*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (one for one in archive.namelist() if one.endswith("/METADATA"))
        said = archive.read(name).decode()
    if not source:
        assert said.endswith((tmp_path / "README.md").read_text(encoding="utf-8"))
        return
    version = re.search(r"(?m)^Version: (.+)$", said)
    assert version
    at = f"v{version[1]}/docs"
    assert said.rstrip().endswith(
        f"![A]({top}/raw/{at}/a.png) [b]({top}/blob/{at}/b.md#c) [d](#e) [f](https://x.example/)"
        f' <a href="{top}/blob/{at}/g.md">g</a> <mailto:a@example.org>'
    )
    assert re.findall(r'(?:\]\(|src="|srcset="|href=")(?!https://|#)[^)"]+', said) == []
