"""A site built with the plugin `offline`, opened from a disk: what works, and what says so."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest
from building import ROOT, build_folder
from playwright.sync_api import BrowserContext, Page, expect

DAY = "2026-12-09"


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> str:
    root = tmp_path_factory.mktemp("disk") / "base"
    shutil.copytree(ROOT / "example", root, ignore=shutil.ignore_patterns("site"))
    folder = build_folder(root, root.parent / "site", DAY, plugins=["offline"]).folder
    return folder.as_uri() + "/"


@pytest.fixture
def tab(borrow: Callable[..., BrowserContext]) -> Page:
    return borrow(viewport={"width": 1360, "height": 900}).new_page()


def test_search_says_that_it_needs_a_server_and_shows_the_lists(tab: Page, disk: str) -> None:
    tab.goto(f"{disk}search/index.html?q=winter")
    said = tab.locator(".or-disk")
    expect(said).to_have_text(
        "Search doesn’t work on a site opened from a disk: use the lists below."
    )
    expect(tab.locator("[data-onrecord-browse]")).to_be_visible()
    expect(tab.get_by_text("needs JavaScript")).to_have_count(0)


def test_home_leads_to_the_lists_in_the_place_of_its_search(tab: Page, disk: str) -> None:
    tab.goto(f"{disk}index.html")
    expect(tab.locator(".or-ask")).to_have_count(0)
    tab.locator(".or-disk a").click()
    expect(tab.locator("[data-onrecord-browse]")).to_be_visible()
    tab.go_back()
    expect(tab.locator(".or-search-link kbd")).to_have_count(0)  # no key opens it
    tab.locator(".or-search-link").click()
    expect(tab.locator("[data-onrecord-browse]")).to_be_visible()


@pytest.mark.parametrize("form", ["start", "start/handoff", "start/role"])
def test_a_form_gives_way_to_the_text_to_begin_with(tab: Page, disk: str, form: str) -> None:
    tab.goto(f"{disk}{form}/index.html")
    said = tab.locator(".or-disk")
    expect(said).to_have_text(
        "This form doesn’t work on a site opened from a disk: begin with the text below."
    )
    expect(tab.locator("form.or-form")).to_have_count(0)
    tab.get_by_text("The text to begin with").click()
    expect(tab.locator(".or-after pre")).to_be_visible()


def test_lists_sort_and_filter(tab: Page, disk: str) -> None:
    tab.goto(f"{disk}decisions/closed.html")
    rows = tab.locator("table[data-or-table] tbody tr:visible")
    expect(tab.locator(".or-sort").first).to_be_visible()
    tab.locator(".or-sort").first.click()
    expect(tab.locator("th[aria-sort=ascending]")).to_have_count(1)
    titles = [one.lower() for one in rows.locator("td:first-child a").all_text_contents()]
    assert titles == sorted(titles)
    tab.locator(".or-tools input").fill(titles[3])
    expect(rows).to_have_count(1)
    expect(tab.locator(".or-disk")).to_have_count(0)


def test_a_decision_has_no_button_that_does_nothing(tab: Page, disk: str) -> None:
    tab.goto(f"{disk}decisions/2026/sell-in-station-kiosks.html")
    expect(tab.locator(".or-you > span")).to_have_text("Who are you?")
    expect(tab.locator("button[data-copy]")).to_have_count(0)
    acts = tab.locator("[data-or-reply] a.md-button")
    assert all(acts.evaluate_all("links => links.map(a => a.href.startsWith('https://'))"))
    assert acts.count() > 0


def test_nothing_is_asked_of_another_host(tab: Page, disk: str) -> None:
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    for page in ("index.html", "search/index.html", "start/index.html"):
        tab.goto(disk + page, wait_until="load")
    assert asked
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
