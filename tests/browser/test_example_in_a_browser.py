"""The example in a real browser: what a reader must see first, and the buttons of who reads."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from building import ROOT, build_folder
from playwright.sync_api import Browser, BrowserContext, Page

DAY = "2026-12-09"
TEXT_TOP = """
  () => {
    const text = document.querySelector(".or-text");
    return (text.firstElementChild ?? text).getBoundingClientRect().top + scrollY;
  }
"""
ENDS = "id => document.getElementById(id)?.closest('section').getBoundingClientRect().bottom ?? 0"
FITS = "document.documentElement.scrollWidth <= innerWidth"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("example") / "base"
    shutil.copytree(ROOT / "example", root, ignore=shutil.ignore_patterns("site"))
    return build_folder(root, root.parent / "site", DAY).folder


@pytest.fixture(scope="module")
def site(folder: Path, serve: Callable[[Path], str]) -> str:
    return serve(folder)


def urls(folder: Path, kind: str) -> list[str]:
    records = json.loads((folder / "records.json").read_text())["records"]
    return [one["url"] for one in records if one["kind"] == kind]


@pytest.fixture
def tab(borrow: Callable[..., BrowserContext]) -> Page:
    return borrow().new_page()


@pytest.mark.parametrize(("width", "height", "below"), [(1440, 900, 400), (390, 844, 640)])
def test_the_text_of_a_decision_begins_high(
    tab: Page, folder: Path, site: str, width: int, height: int, below: int
) -> None:
    tab.set_viewport_size({"width": width, "height": height})
    for url in (*urls(folder, "decision"), *urls(folder, "handoff")):
        tab.goto(site + url, wait_until="load")
        assert 0 < tab.evaluate(TEXT_TOP) < below, url


LISTS = (
    *("", "decisions/", "decisions/closed/", "decisions/stuck/", "playbooks/", "handoffs/"),
    *("people/", "people/maya/", "readiness/", "scoreboard/", "process/", "changes/"),
)
HIGH_ROWS = """
  () => [...document.querySelectorAll("article :is(.or-list tbody tr, .or-rows > li)")]
    .filter(row => row.checkVisibility() && row.getBoundingClientRect().height > 40)
    .map(row => row.textContent.trim().slice(0, 60))
"""


def test_a_row_is_at_most_40_pixels_high_and_a_page_6000(
    tab: Page, folder: Path, site: str
) -> None:
    tab.set_viewport_size({"width": 1440, "height": 900})
    for url in (*LISTS, *urls(folder, "role")):
        tab.goto(site + url, wait_until="load")
        assert tab.locator("article :is(.or-list tbody tr, .or-rows > li)").count() > 0, url
        assert tab.evaluate(HIGH_ROWS) == [], url
        assert tab.evaluate("document.documentElement.scrollHeight") <= 6000, url


def test_the_tabs_of_a_page_have_one_line_on_a_phone(tab: Page, site: str) -> None:
    tab.set_viewport_size({"width": 390, "height": 844})
    for url in ("decisions/", "process/", "playbooks/", "scoreboard/", "changes/"):
        tab.goto(site + url, wait_until="load")
        box = tab.locator(".or-tabs").bounding_box()
        assert box is not None
        assert box["height"] < 40, url


def test_a_role_shows_now_and_this_week_on_the_first_screen(
    tab: Page, folder: Path, site: str
) -> None:
    for width in (1440, 390):
        tab.set_viewport_size({"width": width, "height": 900})
        for url in urls(folder, "role"):
            tab.goto(site + url, wait_until="load")
            assert tab.evaluate(ENDS, "now") < 900, url
            assert 0 < tab.evaluate(ENDS, "week") < 900, url


def test_nothing_scrolls_sideways_on_the_narrowest_phone(
    tab: Page, folder: Path, site: str
) -> None:
    tab.set_viewport_size({"width": 360, "height": 740})
    for url in ("", *urls(folder, "role"), *urls(folder, "decision")[::4], "people/raj/"):
        tab.goto(site + url, wait_until="load")
        assert tab.evaluate(FITS), url


def as_reader(tab: Page, site: str, handle: str) -> None:
    tab.goto(f"{site}people/{handle}/")
    tab.locator("[data-onrecord-me]").click()


def buttons(tab: Page, url: str) -> list[str]:
    tab.goto(url)
    return tab.locator(".or-actbar .md-button:visible").all_text_contents()


def test_the_buttons_are_those_of_who_reads(tab: Page, site: str) -> None:
    kiosks = f"{site}decisions/2026/sell-in-station-kiosks/"
    assert buttons(tab, kiosks) == ["Give feedback", "No objection"]
    as_reader(tab, site, "jun")  # who is asked and hasn't answered
    assert buttons(tab, kiosks) == ["Give feedback", "No objection"]
    assert tab.locator(".or-voice--mine").all_text_contents() != []
    as_reader(tab, site, "maya")  # who holds the role that owns it
    assert buttons(tab, kiosks) == ["Answer @teo"]
    as_reader(tab, site, "teo")  # who may join in again
    assert buttons(tab, kiosks) == ["Give feedback"]
    assert tab.locator(".or-actbar .md-button--primary:visible").count() == 0


def test_the_hour_where_somebody_is(browser: Browser, site: str) -> None:
    tab = browser.new_page()  # all pages of a window have the same clock
    tab.clock.set_fixed_time("2026-12-09T09:12:00Z")
    tab.goto(f"{site}playbooks/shop-lead/")
    assert "Tokyo, 18:12" in tab.locator("[data-or-zone='Asia/Tokyo']").text_content()
    tab.close()


MOST = 90_000  # compressed bytes of a decision's page, with its style sheets, scripts and pictures
WEIGHT = """
  () => {
    const [page] = performance.getEntriesByType("navigation");
    const rest = performance.getEntriesByType("resource");
    return {
      kinds: rest.map((one) => new URL(one.name).pathname.split(".").pop()),
      bytes: [page, ...rest].reduce((sum, one) => sum + one.encodedBodySize, 0),
    };
  }
"""


def test_a_decision_weighs_little_over_the_wire(
    tab: Page, folder: Path, serve_compressed: Callable[[Path], str]
) -> None:
    site = serve_compressed(folder)
    heavy = {}
    chromium = tab.context.new_cdp_session(tab)
    chromium.send("Network.setCacheDisabled", {"cacheDisabled": True})
    for url in urls(folder, "decision"):
        tab.goto(site + url, wait_until="networkidle")
        weight = tab.evaluate(WEIGHT)
        assert {"css", "js"} <= set(weight["kinds"])
        heavy[url] = weight["bytes"]
    assert {url: most for url, most in heavy.items() if not 60_000 < most <= MOST} == {}
