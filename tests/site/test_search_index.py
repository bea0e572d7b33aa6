"""The search index of a site: what is in it, what isn't, and what happens when it can't be made."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from building import PLAIN, Base, Serving, Site
from mkdocs.exceptions import Abort
from search_files import HOSTILE, indexed, languages, marker, record

MATERIAL = {**PLAIN, "theme": {"name": "material", "font": False}}


@pytest.fixture(autouse=True)
def _scratch(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A place for temporary files of each test's own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("scratch")))


def left() -> list[str]:
    return [path.name for path in Path(tempfile.gettempdir()).glob("onrecord-search-*")]


@pytest.fixture
def small(base: Base) -> Base:
    base.configure(MATERIAL)
    base.write("decisions/2026/move-pay-day.md", record("Move pay day", text="Banks close early."))
    return base


# What is in it.


def test_every_record_and_page_is_in_it_and_no_list(northwind: Site) -> None:
    records = {"/" + one["url"] for one in northwind.records["records"]}
    people = {f"/people/{who}/" for who in ("alice", "bob", "carol", "dan")}
    pages = indexed(northwind.folder)
    assert set(pages) == records | people | {"/", "/guide/start/"}
    assert marker(northwind.folder)["pages"] == len(pages)
    assert pages["/people/carol/"]["meta"]["title"] == "Carol Cole"


def test_a_decision_is_found_by_its_facets(northwind: Site) -> None:
    page = indexed(northwind.folder)["/decisions/2026/pay-date/"]
    assert page["filters"] == {
        "kind": ["decision"],
        "stage": ["review"],
        "outcome": ["open"],
        "year": ["2026"],
        "role": ["payroll-lead"],
        "person": ["bob", "carol", "dan", "alice"],
        "tag": ["payroll", "Pay & time"],
    }
    ours = {k: v for k, v in page["meta"].items() if not k.startswith("image")}  # its first one
    assert ours == {
        "title": "Move the pay date to the 28th",
        "id": "pay-date",
        "owner": "Payroll lead",
        "date": "2026-09-14",
        "tags": "payroll, Pay & time",
    }


def test_only_pages_of_records_have_their_kind(northwind: Site) -> None:
    pages = indexed(northwind.folder)
    kinds = {"decision": "decision", "role": "playbook", "handoff": "handoff", "metric": "metric"}
    for one in northwind.records["records"]:
        assert pages["/" + one["url"]]["filters"]["kind"] == [kinds[one["kind"]]]
    assert pages["/guide/start/"]["filters"] == {"kind": ["docs"]}


def test_what_is_superseded_names_its_successor_and_has_no_stage(northwind: Site) -> None:
    page = indexed(northwind.folder)["/decisions/2024/choose-payroll-tool/"]
    assert page["filters"]["outcome"] == ["superseded"]
    assert "stage" not in page["filters"]
    assert page["meta"]["successor_title"] == "Bring payroll home"
    assert northwind.has(page["meta"]["successor_url"] + "index.html")


def test_the_text_is_the_authors_alone(northwind: Site) -> None:
    pages = indexed(northwind.folder)
    page = pages["/decisions/2024/choose-payroll-tool/"]
    assert page["content"].startswith("Choose a payroll tool. Problem. Salaries reach the bank")
    for one in pages.values():
        for sign in ("¶", "<h2", "&lt;", "Linked from", "Edit this page"):
            assert sign not in one["content"]


def test_a_passage_knows_its_section(northwind: Site) -> None:
    page = indexed(northwind.folder)["/decisions/2024/choose-payroll-tool/"]
    headings = [(a["element"], a["id"], a["text"]) for a in page["anchors"]]
    assert ("h2", "proposal", "Proposal") in headings


def test_a_playbook_is_found_by_its_purpose(northwind: Site) -> None:
    page = indexed(northwind.folder)["/playbooks/payroll-lead/"]
    purpose = northwind.record("playbooks/payroll-lead/index.md")["purpose"]
    assert purpose in page["content"]
    assert page["filters"]["person"] == ["alice", "bob"]


def test_what_asks_to_be_left_out_is(small: Base) -> None:
    small.write("docs/secret.md", "---\nsearch:\n  exclude: true\n---\n\n# Quiet\n\nWombat.\n")
    small.write("docs/half.md", "# Half\n\nOkapi.\n\n<p data-search-exclude>Wombat.</p>\n")
    pages = indexed(small.build().folder)
    assert set(pages) == {"/half/", "/decisions/2026/move-pay-day/", "/people/ana/"}
    assert pages["/half/"]["content"] == "Half. Okapi."


def test_values_people_wrote_come_out_as_they_are(small: Base) -> None:
    title = 'Pay, "bonus": <b>all</b> & \\n &lt;'
    small.write(
        "decisions/2026/hostile.md", record(json.dumps(title), owner="role-x", tags=HOSTILE)
    )
    page = indexed(small.build().folder)["/decisions/2026/hostile/"]
    assert page["meta"]["title"] == title
    # As JSON writes them, which is how Pagefind compares what a page asks for.
    assert page["filters"]["tag"] == [json.dumps(tag, ensure_ascii=False)[1:-1] for tag in HOSTILE]
    assert page["filters"]["person"] == ["role-x"]  # no role of that name is described


@pytest.mark.parametrize("folders", [True, False])
def test_the_address_is_that_of_the_page(small: Base, folders: bool) -> None:
    names = ["été", "日本", "reindex", "fifty percent"]
    for name in names:
        small.write(f"docs/{name}.md", f"# {name}\n\nText.\n")
    pages = indexed(small.build(use_directory_urls=folders).folder)
    end = "/" if folders else ".html"
    made = {f"/{n}{end}" for n in (*names, "decisions/2026/move-pay-day")}
    assert set(pages) == made | {f"/people/ana/{'' if end == '/' else 'index.html'}"}


# How it is made.


def test_the_language_of_the_site_is_that_of_the_index(small: Base) -> None:
    small.configure({**MATERIAL, "theme": {"name": "material", "font": False, "language": "de"}})
    site = small.build().folder
    assert languages(site) == ["de"]
    assert marker(site)["language"] == "de"


def test_pages_and_index_name_the_same_build(small: Base) -> None:
    first, again = small.build(), small.build("again")
    assert marker(first.folder)["build"] == marker(again.folder)["build"]
    small.change("decisions/2026/move-pay-day.md", "close early", "close late")
    assert marker(small.build().folder)["build"] != marker(again.folder)["build"]


def test_no_search_where_none_is_wanted_or_shown(small: Base) -> None:
    small.configure({**MATERIAL, "extra": {"onrecord": {"search": False}}})
    assert not small.build().has("pagefind")
    small.configure(PLAIN)
    assert not small.build().has("pagefind")


def test_nothing_is_published_that_nobody_asks_for(small: Base) -> None:
    site = small.build().folder
    names = {path.name.split(".")[0] for path in (site / "pagefind").iterdir() if path.is_file()}
    assert names == {"build", "pagefind", "pagefind-entry", "pagefind-worker", "wasm", "words"}
    assert left() == []


# When it can't be made.


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Pagefind that writes a part and fails."""
    program = tmp_path / "pagefind"
    program.write_text('#!/bin/sh\nmkdir -p "$4"\necho "disk is full" >&2\nexit 3\n')
    program.chmod(0o755)
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", str(program))


def failure(base: Base, caplog: pytest.LogCaptureFixture) -> str:
    """What MkDocs says as it gives up."""
    with pytest.raises(Abort):
        base.build()
    return caplog.messages[-1]


@pytest.mark.usefixtures("broken")
def test_a_failing_pagefind_ends_the_build_and_leaves_no_index(
    small: Base, caplog: pytest.LogCaptureFixture
) -> None:
    assert failure(small, caplog) == (
        "No search: Pagefind made no search index (exit code 3): disk is full; to build without a "
        "search, write `search: false` below `extra: onrecord:`"
    )
    assert not (small.root / "site/pagefind").exists()
    assert left() == []


def test_a_missing_pagefind_is_said_before_anything_is_built(
    small: Base, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "pagefind.service", None)
    assert failure(small, caplog) == (
        "No search: the search needs Pagefind, which isn't installed: pip install "
        "'onrecord[site]'; or write `search: false` below `extra: onrecord:` in mkdocs.yml"
    )
    assert not (small.root / "site").exists()


def test_a_program_that_is_not_there_is_named(
    small: Base, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", "/nowhere/pagefind")
    assert "Pagefind's program /nowhere/pagefind isn't there" in failure(small, caplog)


# Under `mkdocs serve`.


class Searched(Serving):
    """A run of `mkdocs serve` that has a search."""

    def wait(self) -> None:
        """Until the index that is made in the background is there."""
        end = time.monotonic() + 60
        while not (self.folder / "pagefind/build.json").exists() and time.monotonic() < end:
            time.sleep(0.05)


@pytest.fixture
def serving(small: Base) -> Iterator[Searched]:
    run = Searched(small)
    yield run
    run.plugins.on_shutdown()


def test_serve_makes_the_index_once_and_keeps_it(serving: Searched) -> None:
    serving.build()
    serving.wait()
    first = marker(serving.folder)
    serving.base.change("decisions/2026/move-pay-day.md", "close early", "close late")
    serving.build()
    assert marker(serving.folder) == first
    assert (
        "Banks close early" in indexed(serving.folder)["/decisions/2026/move-pay-day/"]["content"]
    )
    serving.plugins.on_shutdown()
    assert left() == []


@pytest.mark.usefixtures("broken")
def test_serve_goes_on_without_an_index(
    serving: Searched, caplog: pytest.LogCaptureFixture
) -> None:
    serving.build()
    end = time.monotonic() + 60
    while not any("No search" in m for m in caplog.messages) and time.monotonic() < end:
        time.sleep(0.05)
    (said,) = [m for m in caplog.messages if "No search" in m]
    assert "disk is full" in said
    assert (serving.folder / "index.html").exists()
    assert not (serving.folder / "pagefind").exists()


def test_hooks_of_an_earlier_version_are_said_to_be_old(small: Base) -> None:
    names = ("on_startup", "on_config", "on_files", "on_page_read_source", "on_page_content")
    small.write(
        "hooks/mkdocs_events.py",
        "from onrecord.site.mkdocs import SiteBuild\n\n_site = SiteBuild()\n"
        + "".join(f"{name} = _site.{name}\n" for name in names),
    )
    site = small.build()
    assert [w for w in site.warnings if "is of an earlier version" in w]
    assert not site.has("pagefind")
