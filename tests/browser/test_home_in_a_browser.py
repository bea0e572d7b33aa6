"""Home in a real browser: a name chosen once, lists of one line, and a page that isn't there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect


@pytest.fixture
def window(borrow: Callable[..., BrowserContext]) -> BrowserContext:
    return borrow(viewport={"width": 1360, "height": 900})


def choose(tab: Page, site: str, name: str) -> None:
    tab.goto(site)
    tab.get_by_role("button", name=name).click()
    expect(tab.locator("#you-head")).to_contain_text(name.split()[0])


def test_a_name_is_chosen_once_and_every_page_knows_it(
    window: BrowserContext, northwind: str
) -> None:
    tab = window.new_page()
    sent: list[str] = []
    tab.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
    choose(tab, northwind, "Bob Berg")
    rows = tab.locator("[data-onrecord-mine] li")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("Payroll lead")
    expect(rows.first.get_by_role("link")).to_have_attribute("href", f"{northwind}{HANDOFF}")
    tab.goto(f"{northwind}decisions/stage/align/")
    header = tab.locator("[data-onrecord-you]")
    expect(header).to_have_attribute("href", f"{northwind}people/bob/index.html")
    expect(header).to_contain_text("Bob, 3 need you")
    expect(tab.locator("tbody .or-me", has_text="you").first).to_be_visible()
    assert all(one.startswith((northwind, "data:", "blob:")) for one in sent)
    assert not any("Berg" in one for one in sent)


HANDOFF = "playbooks/payroll-lead/handoffs/2026-10-01-alice-to-bob/"


def test_a_name_can_be_given_back(window: BrowserContext, northwind: str) -> None:
    tab = window.new_page()
    choose(tab, northwind, "Bob Berg")
    tab.get_by_role("button", name="not you?").click()
    expect(tab.locator("#you-head")).to_have_text("Who are you?")
    choose(tab, northwind, "Dan Diaz")


def test_a_name_can_be_chosen_on_the_page_of_a_person(
    window: BrowserContext, northwind: str
) -> None:
    tab = window.new_page()
    tab.goto(f"{northwind}people/dan/")
    tab.get_by_role("button", name="This is me").click()
    expect(tab.get_by_role("button", name="This is you. Forget it")).to_be_visible()
    expect(tab.locator("[data-onrecord-you]")).to_contain_text("Dan")


@pytest.mark.parametrize(
    "kept",
    [
        "no JSON",
        '{"file": "https://elsewhere.example/people/x/waiting.json", "handle": "x", "name": "X"}',
        '{"file": "people/../../x/waiting.json", "handle": "x", "name": "X"}',
        '{"file": "people/gone/waiting.json", "handle": "gone", "name": "<b>Gone</b>"}',
    ],
)
def test_what_is_kept_is_never_trusted(window: BrowserContext, northwind: str, kept: str) -> None:
    tab = window.new_page()
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(northwind)
    tab.evaluate("kept => localStorage.setItem('onrecord-you /', kept)", kept)
    tab.reload()
    expect(tab.locator("[data-onrecord-you]")).not_to_be_empty()
    assert all(one.startswith((northwind, "data:")) for one in asked)
    expect(tab.locator("[data-onrecord-you] b b")).to_have_count(0)


@pytest.mark.parametrize(
    "page",
    ["", "decisions/", "decisions/closed/", "people/", "playbooks/", "changes/", "handoffs/"],
)
def test_a_row_has_one_line_and_leads_there_as_a_whole(
    window: BrowserContext, northwind: str, page: str
) -> None:
    tab = window.new_page()
    tab.goto(northwind + page)
    rows = tab.locator("tbody tr, .or-rows > li").all()
    heights = [box["height"] for row in rows if (box := row.bounding_box())]
    assert heights
    assert max(heights) <= 40
    first = tab.locator("tr:has(a.or-row), li:has(a.or-row)").first
    link = first.locator("a.or-row")
    target = link.evaluate("link => link.href")
    box = first.bounding_box()
    assert box is not None
    tab.mouse.click(box["x"] + box["width"] - 4, box["y"] + box["height"] / 2)
    tab.wait_for_url(target)


def test_what_isnt_there_is_searched_for(window: BrowserContext, northwind: str) -> None:
    tab = window.new_page()
    body = tab.request.get(f"{northwind}404.html").text().replace("/record/", "/")
    tab.route("**/pay-date-move*", lambda route: route.fulfill(body=body, content_type="text/html"))
    tab.goto(f"{northwind}decisions/2026/pay-date-move.html")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Page not found")
    expect(tab.get_by_role("searchbox")).to_have_value("pay date move")
    expect(tab.locator("section li").first).to_contain_text("Move the pay date to the 28th")


def test_slash_goes_to_the_field_of_home(window: BrowserContext, northwind: str) -> None:
    tab = window.new_page()
    tab.goto(northwind)
    expect(tab.locator("#or-q")).not_to_be_focused()
    tab.keyboard.press("/")
    expect(tab.locator("#or-q")).to_be_focused()
