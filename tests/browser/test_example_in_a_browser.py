"""The example in a real browser: what a reader must see first, and the buttons of who reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from building import Site
from playwright.sync_api import Browser, BrowserContext, Page, expect

SIZES = {"wide": (1440, 900), "phone": (390, 844), "narrowest phone": (360, 740)}
MEASURE = """
  async () => {
    await new Promise(requestAnimationFrame);  // what scripts do for another size is done
    const text = document.querySelector(".or-text");
    const ends = id =>
      document.getElementById(id)?.closest("section")?.getBoundingClientRect().bottom ?? 0;
    const rows =
      [...document.querySelectorAll("article :is(.or-list tbody tr, .or-rows > li)")];
    return {
      text: text && (text.firstElementChild ?? text).getBoundingClientRect().top + scrollY,
      rows: rows.length,
      high: rows.filter(row => row.checkVisibility() && row.getBoundingClientRect().height > 40)
        .map(row => row.textContent.trim().slice(0, 60)),
      height: document.documentElement.scrollHeight,
      tabs: document.querySelector(".or-tabs")?.getBoundingClientRect().height,
      now: ends("now"),
      week: ends("week"),
      fits: document.documentElement.scrollWidth <= innerWidth,
    };
  }
"""


@pytest.fixture(scope="module")
def folder(example_site: Site) -> Path:
    return example_site.folder


@pytest.fixture(scope="module")
def site(folder: Path, serve: Callable[[Path], str]) -> str:
    return serve(folder)


def urls(folder: Path, kind: str) -> list[str]:
    records = json.loads((folder / "records.json").read_text())["records"]
    return [one["url"] for one in records if one["kind"] == kind]


@pytest.fixture
def tab(borrow: Callable[..., BrowserContext]) -> Page:
    return borrow().new_page()


MOST = 60_000  # compressed bytes of a page, with its style sheets, scripts and pictures
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

LISTS = (
    *("", "decisions/", "decisions/closed/", "decisions/stuck/", "playbooks/", "handoffs/"),
    *("people/", "people/maya/", "readiness/", "scoreboard/", "process/", "changes/"),
)
OTHERS = (
    *("decisions/stage/collaborate/", "decisions/questions/", "decisions/recurring/", "search/"),
    *("scoreboard/together/", "changes/decisions/", "start/", "start/role/", "start/handoff/"),
    *("people/raj/", "404.html", "how-we-decide/"),
)
LATE = {"search/": ".or-search__words"}
"""What scripts that load each other make of a page."""
KINDS = ("decision", "handoff", "role", "metric")
Measures = dict[str, dict[str, dict[str, Any]]]


@pytest.fixture(scope="module")
def measured(browser: Browser, folder: Path, serve_compressed: Callable[[Path], str]) -> Measures:
    """What `MEASURE` says of each page by its address and the name of a size, and its `weight`."""
    site = serve_compressed(folder)
    records = [url for kind in KINDS for url in urls(folder, kind)]
    tab = browser.new_page()
    found: Measures = {}
    for url in (*LISTS, *OTHERS, *records):
        tab.goto(site + url, wait_until="load")
        expect(tab.locator(LATE.get(url, "h1")).first).to_be_attached()
        found[url] = {}
        for name, (width, height) in SIZES.items():
            tab.set_viewport_size({"width": width, "height": height})
            found[url][name] = tab.evaluate(MEASURE)
        found[url]["weight"] = tab.evaluate(WEIGHT)  # last, so that what comes late is in it
    tab.close()
    return found


@pytest.mark.parametrize(("size", "below"), [("wide", 400), ("phone", 640)])
def test_the_text_of_a_decision_begins_high(
    measured: Measures, folder: Path, size: str, below: int
) -> None:
    for url in (*urls(folder, "decision"), *urls(folder, "handoff")):
        assert 0 < measured[url][size]["text"] < below, url


def test_a_row_is_at_most_40_pixels_high_and_a_page_6000(measured: Measures, folder: Path) -> None:
    for url in (*LISTS, *urls(folder, "role")):
        page = measured[url]["wide"]
        assert page["rows"] > 0, url
        assert page["high"] == [], url
        assert page["height"] <= 6000, url


def test_the_tabs_of_a_page_have_one_line_on_a_phone(measured: Measures) -> None:
    for url in ("decisions/", "process/", "playbooks/", "scoreboard/", "changes/"):
        assert 0 < measured[url]["phone"]["tabs"] < 40, url


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_a_role_shows_now_and_this_week_on_the_first_screen(
    measured: Measures, folder: Path, size: str
) -> None:
    for url in urls(folder, "role"):
        assert measured[url][size]["now"] < 900, url
        assert 0 < measured[url][size]["week"] < 900, url


def test_nothing_scrolls_sideways_on_the_narrowest_phone(measured: Measures) -> None:
    assert [url for url, sizes in measured.items() if not sizes["narrowest phone"]["fits"]] == []


def test_a_phone_shows_what_a_wide_screen_has_in_columns(tab: Page, site: str) -> None:
    tab.set_viewport_size(dict(zip(("width", "height"), SIZES["phone"], strict=True)))
    tab.goto(f"{site}/decisions/stuck/")
    row = tab.get_by_role("row", name="Find a second scout")
    expect(row).to_contain_text("Assess, 4 weeks, nobody owns it")
    expect(tab.get_by_role("columnheader")).to_have_text(["Decision", "Due"])
    tab.goto(f"{site}/people/jun/")
    expect(tab.get_by_role("row", name="Sell maps in station kiosks")).to_contain_text("feedback")
    tab.goto(f"{site}/scoreboard/together/")
    picture = tab.locator("svg.or-together").first
    last = picture.locator("circle").first.bounding_box()
    assert last is not None
    assert last["x"] + last["width"] <= SIZES["phone"][0]
    expect(picture.get_by_text("Left target")).to_be_in_viewport()


def as_reader(tab: Page, site: str, handle: str) -> None:
    tab.goto(f"{site}people/{handle}/")
    tab.locator("[data-onrecord-me]").click()
    expect(tab.locator("[data-onrecord-me]")).to_have_text("This is you. Forget it")


def has_buttons(tab: Page, url: str, *words: str) -> None:
    tab.goto(url)
    expect(tab.locator(".or-actbar .md-button:visible")).to_have_text(words)


def test_the_buttons_are_those_of_who_reads(tab: Page, site: str) -> None:
    kiosks = f"{site}decisions/2026/sell-in-station-kiosks/"
    has_buttons(tab, kiosks, "Give feedback", "No objection")
    as_reader(tab, site, "jun")  # who is asked and hasn't answered
    has_buttons(tab, kiosks, "Give feedback", "No objection")
    expect(tab.locator(".or-voice--mine")).not_to_have_count(0)
    as_reader(tab, site, "maya")  # who holds the role that owns it
    has_buttons(tab, kiosks, "Answer @teo")
    as_reader(tab, site, "teo")  # who may join in again
    has_buttons(tab, kiosks, "Give feedback")
    expect(tab.locator(".or-actbar .md-button--primary:visible")).to_have_count(0)


def test_the_receiver_of_a_handoff_has_the_button_that_accepts_it(tab: Page, site: str) -> None:
    handoff = f"{site}playbooks/shop-lead/handoffs/2026-12-14-maya-to-raj/"
    has_buttons(tab, handoff, "Read and accept")
    as_reader(tab, site, "raj")
    has_buttons(tab, handoff, "Read and accept")
    as_reader(tab, site, "maya")
    has_buttons(tab, handoff)


def test_the_hour_where_somebody_is(browser: Browser, site: str) -> None:
    tab = browser.new_page()  # all pages of a window have the same clock
    tab.clock.set_fixed_time("2026-12-09T09:12:00Z")
    tab.goto(f"{site}playbooks/shop-lead/")
    expect(tab.locator("[data-or-zone='Asia/Tokyo']")).to_contain_text("Tokyo, 18:12")
    tab.close()


def test_no_kind_of_page_weighs_much_over_the_wire(measured: Measures) -> None:
    heavy = {}
    for url, sizes in measured.items():
        assert {"css", "js"} <= set(sizes["weight"]["kinds"]), url
        heavy[url] = sizes["weight"]["bytes"]
    assert {url: most for url, most in heavy.items() if not 20_000 < most <= MOST} == {}


RULES = """
  async (address) => {
    const sheet = await new CSSStyleSheet().replace(await (await fetch(address)).text());
    const rules = (one) => one.cssRules?.length ? [...one.cssRules].flatMap(rules) : [one];
    // A rule of custom properties alone goes when nothing asks for one of them.
    const does = (one) => [...one.style ?? ["."]].some((name) => !name.startsWith("--"));
    const texts = rules(sheet).filter(does).map((one) => one.selectorText ?? "").join(", ");
    return texts.split(/,(?![^()]*\\))/).map((one) => one.trim()).filter((one) => one);
  }
"""
MATCHING = """
  (selectors) => selectors.filter((one) => {
    const bare = one.replace(/::?(before|after|placeholder|marker|backdrop|selection)/g, "")
      .replace(/::?-(moz|webkit|ms)[\\w-]+/g, "");
    try { return document.querySelector(bare || "*") !== null; } catch { return false; }
  })
"""


def test_the_lean_sheet_keeps_each_rule_that_matches(tab: Page, folder: Path, site: str) -> None:
    [full] = (folder / "assets/stylesheets").glob("main.*.min.css")
    matched = set()
    for url in ("", "how-we-decide/", "decisions/2026/sell-in-station-kiosks/", "404.html"):
        tab.goto(site + url, wait_until="load")
        rules = tab.evaluate(RULES, f"{site}assets/stylesheets/{full.name}")
        matched |= set(tab.evaluate(MATCHING, rules))
    kept = set(tab.evaluate(RULES, f"{site}assets/onrecord/theme/main.css"))
    assert len(matched) > 100
    assert matched - kept == set()
    assert len(kept) < len(set(rules))
