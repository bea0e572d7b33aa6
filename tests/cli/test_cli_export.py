"""`onrecord export`: what it prints, where it writes, and what it leaves alone."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from onrecord.cli import main

DECISION = "---\ntitle: Buy a boat\nstage: assess\nowner: ana\n---\n\n## Problem\n\nNo boat.\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "base"
    (folder / "decisions").mkdir(parents=True)
    (folder / "decisions/buy-a-boat.md").write_text(DECISION)
    return folder


def run(root: Path, *words: str) -> Result:
    result = CliRunner().invoke(main, ["--root", str(root), "--today", "2026-11-22", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def files_below(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(errors="replace")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_base_without_docs_or_mkdocs_yml_becomes_a_whole_site(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run(root, "export", str(out))
    assert result.exit_code == 0
    pages = len([path for path in files_below(out) if path.startswith("docs/") and ".md" in path])
    assert result.output == (
        f"{out}: 1 record on {pages} pages, {pages + 3} files in all.\n"
        "It builds with `zensical build`, or with `mkdocs build`, in that folder.\n"
    )
    made = files_below(out)
    assert made["docs/index.md"].startswith("# base\n\n## 1 open decision\n")
    assert made["mkdocs.yml"].startswith("site_name: base\ntheme:\n  name: material\n")
    assert "hooks" not in made["mkdocs.yml"]
    assert "No boat." in made["docs/decisions/buy-a-boat.md"]


def test_as_json(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = json.loads(run(root, "export", str(out), "--json").output)
    assert sorted(said) == ["directory", "files", "left_out", "pages", "records"]
    assert said["records"] == 1
    assert said["left_out"] == []
    assert {*said["files"]} == {*files_below(out)} - {".onrecord-export.json"}


def test_what_needs_code_is_left_out_and_named(root: Path, tmp_path: Path) -> None:
    (root / "mkdocs.yml").write_text(
        "site_name: Ours\nhooks: [hooks/mkdocs_events.py]\nstrict: true\n"
        "theme: {name: material, custom_dir: ours, features: [content.action.edit, toc.follow]}\n"
        "plugins: [search: {lang: de}, redirects]\n"
        "markdown_extensions:\n  - toc: {permalink: true}\n  - pymdownx.snippets\n  - ours.thing\n"
        "  - pymdownx.emoji: {emoji_index: !!python/name:material.extensions.emoji.twemoji }\n"
        "extra: {onrecord: {home: false}, team: us}\n"
    )
    out = tmp_path / "out"
    result = run(root, "export", str(out))
    assert [line for line in result.output.splitlines() if line.startswith("left")] == [
        "left out of mkdocs.yml: strict",
        "left out of mkdocs.yml: theme: custom_dir",
        "left out of mkdocs.yml: plugins: redirects",
        "left out of mkdocs.yml: markdown_extensions: pymdownx.snippets",
        "left out of mkdocs.yml: markdown_extensions: ours.thing",
    ]
    text = (out / "mkdocs.yml").read_text()
    assert "!!python/name:material.extensions.emoji.twemoji" in text
    assert "lang: de" in text
    assert "team: us" in text
    assert "toc.follow" in text
    for gone in ("onrecord:", "hooks", "custom_dir", "content.action.edit"):
        assert gone not in text
    assert "`plugins: redirects`" in (out / "README.md").read_text()
    assert "1 open decision" not in (out / "docs/index.md").read_text()


def test_the_nav_leads_to_no_page_that_only_the_site_has(root: Path, tmp_path: Path) -> None:
    nav = [{"Start": "start/index.md"}, {"Help": ["start/index.md"]}]
    kept = ["index.md", {"All": [{"Board": "decisions/index.md"}]}]
    text = yaml.safe_dump({"nav": nav + kept})
    (root / "mkdocs.yml").write_text(text, encoding="utf-8")
    result = run(root, "export", str(tmp_path / "out"))
    assert result.output.count("left out of mkdocs.yml: nav: start/index.md\n") == 2
    written = yaml.safe_load((tmp_path / "out/mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    assert written == kept


@pytest.mark.parametrize("text", ["a: [", "- a list", "site_name: [1]\ntheme: 3\nnav: 4", "\0", ""])
def test_a_mkdocs_yml_that_says_nothing_useful(root: Path, tmp_path: Path, text: str) -> None:
    (root / "mkdocs.yml").write_text(text)
    assert run(root, "export", str(tmp_path / "out")).exit_code == 0


def test_a_folder_that_holds_something_is_refused(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    result = run(root, "export", str(out), "--force")
    assert result.exit_code == 2
    assert f"{out} isn't empty, and no export made it" in result.output
    assert files_below(out) == {"mine.txt": "mine"}


@pytest.mark.parametrize("inside", ["decisions/out", "docs", "playbooks/x/y"])
def test_a_folder_that_is_read_is_refused(root: Path, inside: str) -> None:
    result = run(root, "export", str(root / inside))
    assert result.exit_code == 2
    assert "which OnRecord reads; name a folder outside it" in result.output
    assert not (root / inside).exists()


def test_a_later_export_takes_away_its_own_and_nothing_else(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(root, "export", str(out))
    (out / "site").mkdir()
    (out / "site/index.html").write_text("built")
    (out / "docs/decisions/mine.md").write_text("mine")
    (root / "decisions/buy-a-boat.md").rename(root / "decisions/buy-a-ship.md")
    assert run(root, "export", str(out)).exit_code == 0
    made = files_below(out)
    assert made["site/index.html"] == "built"
    assert made["docs/decisions/mine.md"] == "mine"
    assert "docs/decisions/buy-a-ship.md" in made
    assert "docs/decisions/buy-a-boat.md" not in made
    assert not list(tmp_path.glob(".out.*"))


def test_what_was_changed_by_hand_is_kept_until_it_is_forced(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(root, "export", str(out))
    page = out / "docs/decisions/buy-a-boat.md"
    page.write_text("mine")
    result = run(root, "export", str(out))
    assert result.exit_code == 2
    assert "changed by hand since the last export: docs/decisions/buy-a-boat.md" in result.output
    assert page.read_text() == "mine"
    assert run(root, "export", str(out), "--force").exit_code == 0
    assert "No boat." in page.read_text()


def test_a_file_of_somebody_else_in_the_way_is_not_lost(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(root, "export", str(out))
    (out / "docs/decisions/later.md").write_text("mine")
    (root / "decisions/later.md").write_text(DECISION)
    result = run(root, "export", str(out))
    assert result.exit_code == 2
    assert "docs/decisions/later.md" in result.output
    assert (out / "docs/decisions/later.md").read_text() == "mine"


def test_a_marker_leads_nowhere_outside(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(root, "export", str(out))
    (tmp_path / "other.txt").write_text("other")
    marker = out / ".onrecord-export.json"
    known = json.loads(marker.read_text())
    known["files"]["../other.txt"] = "x"
    marker.write_text(json.dumps(known))
    assert run(root, "export", str(out), "--force").exit_code == 0
    assert (tmp_path / "other.txt").read_text() == "other"


def test_the_same_base_on_the_same_day_gives_the_same_bytes(root: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        run(root, "export", str(tmp_path / name))
    assert files_below(tmp_path / "one") == files_below(tmp_path / "two")


def test_file_names_in_any_script_and_with_spaces(root: Path, tmp_path: Path) -> None:
    (root / "decisions/给我们 (买) #1.md").write_text(DECISION + "\n[b](buy-a-boat.md)\n")
    (root / "decisions/buy-a-boat.md").write_text(
        DECISION + "\n[s](<给我们 (买) #1.md>) ![no](../src/code.py) [code](../pyproject.toml)\n"
    )
    (root / "pyproject.toml").write_text("")
    out = tmp_path / "out"
    assert run(root, "export", str(out)).exit_code == 0
    page = (out / "docs/decisions/buy-a-boat.md").read_text()
    # A link to a file that isn't published, where no forge is known, keeps its words.
    assert "![no](../src/code.py) code\n" in page
    assert (out / "docs/decisions/给我们 (买) #1.md").is_file()


def test_without_what_the_site_needs_it_says_what_to_install(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needing = ("onrecord.site.safety", "onrecord.migration.export.t")
    for name in [one for one in sys.modules if one.startswith(needing)]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "nh3", None)
    result = run(root, "export", str(tmp_path / "out"))
    assert result.exit_code == 2
    assert 'needs more packages (nh3): pip install "onrecord[site]"' in result.output
    assert not (tmp_path / "out").exists()
