"""What a comment hides: every surface says the same of one base."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from building import PLAIN, Base
from comments import CASES
from search_files import indexed

from onrecord.precedents.before import ask_before, documents_of
from onrecord.records.reading import read_library
from onrecord.search.find import Filters, open_shelf
from onrecord.search.query import query_of

Texts = Mapping[str, str]
NAMES = {f"d{number}": case for number, case in enumerate(CASES)}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = Base(tmp_path_factory.mktemp("comments"))
    base.configure({**PLAIN, "theme": {"name": "material", "font": False}})
    for name, case in NAMES.items():
        text = f"---\ntitle: Record {name}\nstage: assess\n---\n\n## Problem\n\n{CASES[case]}\n"
        base.write(f"decisions/{name}.md", text)
    base.build()
    return base.root


def on_the_page(root: Path) -> Texts:
    pages = indexed(root / "site")
    return {name: pages[f"/decisions/{name}/"]["content"] for name in NAMES}


def in_its_section(root: Path) -> Texts:
    return {d.id: d.body.sections[0].text for d in read_library(root).decisions}


def in_precedents(root: Path) -> Texts:
    return {one.id: one.body for one in documents_of(read_library(root))}


def in_the_cache(root: Path) -> Texts:
    return {one.id: one.body for one in ask_before(root)[1].corpus}


@pytest.mark.parametrize("told", [on_the_page, in_its_section, in_precedents, in_the_cache])
def test_a_surface_shows_what_is_no_comment(root: Path, told: Callable[[Path], Texts]) -> None:
    texts = told(root)
    assert [case for name, case in NAMES.items() if "zebra" not in texts[name]] == []
    assert [case for name, case in NAMES.items() if "walrus" in texts[name]] == []


def test_find_finds_what_is_no_comment_and_shows_it(root: Path) -> None:
    searcher = open_shelf(root)
    found = searcher.find(query_of("zebra", searcher.analyser), Filters(), False, 100)
    assert sorted(hit.entry.record.id for hit in found.hits) == sorted(NAMES)
    assert [NAMES[h.entry.record.id] for h in found.hits if "zebra" not in h.passage.text] == []
    hidden = query_of("walrus", searcher.analyser)
    assert searcher.find(hidden, Filters(), False, 100).total == 0
    assert searcher.nearest_word(hidden.terms[0], Filters()) == ""
