"""No symbolic link in decisions/, playbooks/ and docs/ is followed by anything."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest
from building import NORTHWIND, Base, Site
from click.testing import CliRunner
from mkdocs.exceptions import Abort

from onrecord.cli import main
from onrecord.migration.export.folder import ExportRefused, write_export

SECRET = "do-not-publish"
LINKS = {
    "decisions/2026/notes.csv": "../../.env",
    "decisions/2026/notes.txt": "../../.git/config",
    "decisions/2026/notes.md": "../../.env",
    "decisions/linked": "../outside",
    "decisions/2026/chain.txt": "notes.txt",
    "playbooks/it-lead/metrics": "../../outside",
    "playbooks/linked.md": "../outside/x.md",
    "docs/conf.txt": "../.git/config",
    "docs/linked.md": "../outside/x.md",
    "docs/folder": "../outside",
    "docs/far": "../../far",
    "docs/loop": ".",
    "docs/guide/dead.md": "nowhere.md",
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    top = tmp_path_factory.mktemp("links")
    base = Base(top / "base", like=NORTHWIND)
    for path in (".env", ".git/config", "outside/x.md", "../far/x.md"):
        base.write(path, f"# X\n\n{SECRET}\n")
    for path, target in LINKS.items():
        (base.root / path).parent.mkdir(parents=True, exist_ok=True)
        (base.root / path).symlink_to(target)
    os.mkfifo(base.root / "docs/pipe")
    os.mkfifo(base.root / "docs/pipe.md")
    return base


@pytest.fixture(scope="module")
def site(base: Base) -> Site:
    return base.build()


def published(folder: Path) -> list[str]:
    return [
        one.relative_to(folder).as_posix()
        for one in folder.rglob("*")
        if one.is_file() and SECRET in one.read_bytes().decode(errors="replace")
    ]


def test_nothing_behind_a_link_is_on_the_site(site: Site) -> None:
    assert published(site.folder) == []
    for path in ("conf.txt", "linked/index.html", "folder", "far", "loop", "guide/dead", "pipe"):
        assert not site.has(path)
    assert site.has("index.html")


def test_each_link_is_named_by_the_check_and_the_build(base: Base, site: Site) -> None:
    result = CliRunner().invoke(main, ["--root", str(base.root), "check", "--json"])
    found = {one["path"] for one in json.loads(result.output) if one["code"].startswith("link-")}
    assert found >= LINKS.keys()
    for path in (*LINKS, "docs/pipe", "docs/pipe.md"):
        assert any(path in said for said in site.warnings), path


@pytest.mark.parametrize("words", [("find", "publish"), ("before", "publish"), ("changes",)])
def test_no_command_reads_what_is_behind_a_link(base: Base, words: tuple[str, ...]) -> None:
    assert SECRET not in CliRunner().invoke(main, ["--root", str(base.root), *words]).output


def test_nothing_behind_a_link_is_in_the_export(base: Base, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    result = CliRunner().invoke(main, ["--root", str(base.root), "export", str(folder)])
    assert result.exit_code == 0, result.output
    assert published(folder) == []


def test_links_without_an_end_are_named_before_mkdocs_reads_them(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    base = Base(tmp_path, like=NORTHWIND)
    for name in ("a", "b", "c"):
        (tmp_path / "docs" / name).symlink_to(".")
    with pytest.raises(Abort):
        base.build()
    assert "these never end: remove docs/a, docs/b, docs/c" in caplog.text


# The export's own folder


@pytest.mark.parametrize("linked", ["docs", "docs/sub", "docs/kept.txt", "README.md", ""])
def test_an_export_deletes_nothing_outside_its_folder(tmp_path: Path, linked: str) -> None:
    kept, folder = tmp_path / "kept", tmp_path / "ex"
    (kept / "sub").mkdir(parents=True)
    for path in ("kept.txt", "sub/kept.txt", "README.md"):
        (kept / path).write_text("keep")
    named = {"docs/kept.txt", "docs/sub/kept.txt", "README.md", "src/main.py", "../kept/kept.txt"}
    digest = hashlib.sha256(b"keep").hexdigest()
    marker = json.dumps({"made_by": "x", "files": dict.fromkeys(named, digest)})
    if linked:
        link = folder / linked
        link.parent.mkdir(parents=True)
        link.symlink_to(kept / linked.removeprefix("docs").lstrip("/"))
    else:
        folder.symlink_to(kept)
    (folder / ".onrecord-export.json").write_text(marker)
    with pytest.raises(ExportRefused, match="is a symbolic link"):
        write_export(folder, {"docs/index.md": "# New"}, force=True)
    assert (kept / "kept.txt").read_text() == (kept / "sub/kept.txt").read_text() == "keep"
    assert not (kept / "index.md").exists()


def test_a_forged_marker_deletes_only_what_an_export_writes(tmp_path: Path) -> None:
    for path in ("src/main.py", ".git/config", "docs.txt"):
        (tmp_path / "ex" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "ex" / path).write_text("keep")
    digest = hashlib.sha256(b"keep").hexdigest()
    names = ("src/main.py", ".git/config", "docs.txt", "docs/../src/main.py", "docs\\..\\x")
    marker = {"files": dict.fromkeys(names, digest)}
    (tmp_path / "ex/.onrecord-export.json").write_text(json.dumps(marker))
    write_export(tmp_path / "ex", {"docs/index.md": "# New"})
    for path in ("src/main.py", ".git/config", "docs.txt", "docs/index.md"):
        assert (tmp_path / "ex" / path).is_file()
