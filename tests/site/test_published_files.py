"""What is beside the pages is published as what no browser runs, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from building import PLAIN, Base, Site
from search_files import indexed

from onrecord.records.reading import read_library

FRONT = "title: Odd\nstage: assess\nowner: it-lead"
NS = "xmlns='http://www.w3.org/2000/svg'"
ACTIVE = f"<svg {NS} onload='pwned()'><script>pwned()</script><rect/></svg>"
CLEAN = f"<svg {NS}><rect width='9'/></svg>"


def files_base(root: Path, **options: str) -> Base:
    base = Base(root)
    base.configure({**PLAIN, "extra_javascript": ["ours.js"], "extra": {"onrecord": options}})
    base.write("playbooks/it-lead/index.md", "---\ntitle: IT\npurpose: P.\nholder: bob\n---\n")
    links = "[plan](plan.svg) [notes](notes.txt) ![plan](clean.svg)"
    base.write("decisions/2026/odd.md", f"---\n{FRONT}\n---\n\n## Problem\n\n{links}\n")
    for folder in ("decisions/2026", "docs"):
        base.write(f"{folder}/plan.svg", ACTIVE)
        base.write(f"{folder}/clean.svg", CLEAN)
        base.write(f"{folder}/bomb.svg", f"<!DOCTYPE svg [<!ENTITY e 'x'>]><svg {NS}>&e;</svg>")
        base.write(f"{folder}/notes.txt", "alert('pwned')\n</pre><script>pwned()</script>")
    base.write("docs/index.md", "# Home\n\n![plan](plan.svg)\n")
    for name in ("page.html", "page.HTM", "page.xhtml", "theirs.js", "theirs.mjs", "page.svgz"):
        base.write(f"docs/{name}", "<script>pwned()</script>")
    base.write("docs/ours.js", "ours()")
    base.write("docs/theirs.json", "pwned()")
    base.write("docs/data.json", '{"a": 1}')
    base.write("docs/feed.xml", "<x xmlns:h='http://www.w3.org/1999/xhtml'><h:script/></x>")
    base.write("docs/plain.xml", "<x/>")
    return base


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return files_base(tmp_path_factory.mktemp("files")).build()


def test_drawings_are_cleaned_and_clean_ones_stay(site: Site) -> None:
    for folder in ("decisions/2026/", ""):
        text = (site.folder / f"{folder}plan.svg").read_text()
        assert "pwned" not in text
        assert "<rect" in text
        assert (site.folder / f"{folder}clean.svg").read_text() == CLEAN
        assert not site.has(f"{folder}bomb.svg")
    said = " ".join(site.warnings)
    assert "decisions/2026/plan.svg:1: the drawing is published without" in said
    assert "decisions/2026/bomb.svg:1: the drawing isn't published" in said
    assert "plan.svg: onload=, <script> could run, so it was removed" in said


def test_a_text_beside_a_record_is_a_page_that_runs_nothing(site: Site) -> None:
    assert not site.has("decisions/2026/notes.txt")
    page = site.page("decisions/2026/notes.txt.html")
    assert "default-src 'none'" in page.source
    assert page.tree.css("script") == []
    assert "decisions/2026/notes.txt.html" in site.decision("2026/odd").links()


def test_of_the_docs_nothing_acts_that_nobody_named(site: Site) -> None:
    for name in ("page.html", "page.HTM", "page.xhtml", "theirs.js", "theirs.mjs", "page.svgz"):
        assert not site.has(name), name
        assert any(name in one and "left out" in one for one in site.warnings), name
    assert not site.has("theirs.json")
    assert not site.has("feed.xml")
    assert site.has("ours.js")
    assert site.has("data.json")
    assert site.has("plain.xml")


def test_trusted_docs_are_published_as_they_are(tmp_path: Path) -> None:
    site = files_base(tmp_path, docs="trusted").build()
    assert site.has("page.html")
    assert (site.folder / "plan.svg").read_text() == ACTIVE
    assert "pwned" not in (site.folder / "decisions/2026/plan.svg").read_text()


def test_the_check_names_a_drawing_that_acts(tmp_path: Path) -> None:
    base = files_base(tmp_path)
    found = {(f.path, f.code) for f in read_library(base.root).findings}
    assert ("decisions/2026/plan.svg", "drawing-acts") in found
    assert ("decisions/2026/bomb.svg", "drawing-acts") in found
    assert ("decisions/2026/clean.svg", "drawing-acts") not in found


LOCK = """
from mkdocs.plugins import event_priority

def on_page_markdown(markdown, page, **kwargs):
    if page.meta.pop("password", None):
        page.encrypted_by_us = True

@event_priority(-100)
def on_page_context(context, page, **kwargs):
    if getattr(page, "encrypted_by_us", False):
        page.content = "<p>locked</p>"
"""


def test_a_page_that_a_plugin_encrypts_is_not_in_the_index(tmp_path: Path) -> None:
    base = Base(tmp_path)
    base.configure(
        {
            **PLAIN,
            "theme": {"name": "material", "font": False},
            "hooks": ["hooks/lock.py", "hooks/mkdocs_events.py"],
        }
    )
    base.write("hooks/lock.py", LOCK)
    base.write("docs/index.md", "# Home\n\nOpen to all.\n")
    base.write("docs/secret.md", "---\npassword: abc\n---\n\n# Plan\n\nXylophone.\n")
    base.write("docs/other.md", "---\nencrypted: true\n---\n\n# Other\n\nXylophone.\n")
    site = base.build()
    assert "Xylophone" not in site.page("secret/").source
    pages = indexed(site.folder)
    assert not any("Xylophone" in str(page) for page in pages.values())
    assert "/" in pages
