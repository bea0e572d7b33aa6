"""Long lists in a real browser: sorted and filtered in place, by keyboard, kept in the address."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from building import NORTHWIND, Base
from playwright.sync_api import BrowserContext, Locator, Page, expect
from test_pages_in_a_browser import CHECKS, LOOKS, Visit, look

LIST = "decisions/tag/long/"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    base = Base(tmp_path_factory.mktemp("long"), like=NORTHWIND)
    stages = ("assess", "collaborate", "review", "integrate")
    for n in range(12):
        stage = stages[n * 3 % 4]
        entered = "".join(
            f", {s}: 2026-09-{10 + n:02}" for s in stages[1 : stages.index(stage) + 1]
        )
        due = f"due: 2026-11-{28 - n * 2:02}\n" if n % 5 else ""
        base.write(
            f"decisions/2026/open-{n}.md",
            f"---\ntitle: Öpen question {chr(75 - n)}\nstage: {stage}\nowner: it-lead\n{due}"
            f"entered: {{assess: 2026-09-01{entered}}}\ntags: [long]\n---\n",
        )
    for n in range(15):
        outcome = ("accepted", "rejected")[n % 2]
        base.write(
            f"decisions/2026/closed-{n}.md",
            f"---\ntitle: Settled <b>{n * 7 % 15}</b>\nstage: align\nowner: it-lead\n"
            f"outcome: {outcome}\ndecided: 2026-{1 + n % 9:02}-{10 + n}\ntags: [long]\n"
            f"entered: {{assess: 2026-01-01, align: 2026-01-02}}\n---\n",
        )
    asked = ", ".join(f"person-{n}" for n in range(12))
    base.write(
        "decisions/2026/ask-everyone.md",
        f"---\ntitle: Ask everyone\nstage: collaborate\nowner: it-lead\nconsulted: [{asked}]\n"
        "entered: {assess: 2026-09-01, collaborate: 2026-09-02}\n---\n",
    )
    options = yaml.safe_load((base.root / "mkdocs.yml").read_text(encoding="utf-8"))
    options["theme"].setdefault("features", []).append("navigation.instant")
    options["site_url"] = ""
    return serve(base.build(**{"theme": options["theme"], "site_url": ""}).folder)


@pytest.fixture
def tab(borrow: Callable[..., BrowserContext]) -> Page:
    return borrow(viewport={"width": 1360, "height": 900}).new_page()


def titles(tab: Page, name: str) -> Locator:
    return tab.locator(f"table[data-or-table={name}] tbody tr:not([hidden]) td:first-child a")


def head(tab: Page, name: str, column: str) -> Locator:
    button = tab.get_by_role("button", name=column, exact=True)
    return tab.locator(f"table[data-or-table={name}] th", has=button)


def turned(column: Locator, way: str) -> None:
    """Press the head of a column, and wait until its list is in that order."""
    column.get_by_role("button").click()
    expect(column).to_have_attribute("aria-sort", way)


def test_people_are_found_by_name_and_ranked_by_nothing(tab: Page, site: str) -> None:
    tab.goto(site + "people/")
    tools = tab.locator(".or-tools input")
    expect(tools).to_be_visible()
    assert head(tab, "people", "Person").count() == 1
    assert head(tab, "people", "Waiting").count() == 0
    tools.fill("person-7")
    expect(tab.locator("tbody tr:visible")).to_have_count(1)


def test_a_column_sorts_up_down_and_back(tab: Page, site: str) -> None:
    tab.goto(site + LIST)
    expect(titles(tab, "closed")).to_have_count(15)
    before = titles(tab, "closed").all_text_contents()
    date = head(tab, "closed", "Date")
    dates = "[...document.querySelectorAll('[data-or-table=closed] time')].map(t => t.dateTime)"
    date.get_by_role("button").click()
    expect(date).to_have_attribute("aria-sort", "ascending")
    shown = tab.evaluate(dates)
    assert shown == sorted(shown)
    date.get_by_role("button").click()
    expect(date).to_have_attribute("aria-sort", "descending")
    assert tab.evaluate(dates) == sorted(shown, reverse=True)
    date.get_by_role("button").click()
    expect(date).not_to_have_attribute("aria-sort", re.compile(""))
    expect(titles(tab, "closed")).to_have_text(before)


DUE = """table => {
  const heads = [...table.tHead.rows[0].cells].map((one) => one.textContent.trim());
  const place = heads.findIndex((one) => one.startsWith("Due"));
  return [...table.tBodies[0].rows].map((row) => row.cells[place].textContent);
}"""
"""What the column of due days says, row by row."""


def test_stages_sort_in_their_order_and_what_has_no_date_comes_last(tab: Page, site: str) -> None:
    tab.goto(site + LIST)
    turned(head(tab, "open", "Stage"), "ascending")
    chips = tab.locator("[data-or-table=open] td > .or-chip").all_text_contents()
    order = ["Assess", "Collaborate", "Review", "Integrate"]
    assert len(chips) == 12
    assert chips == sorted(chips, key=order.index)
    for way in ("ascending", "descending"):
        turned(head(tab, "open", "Due"), way)
        cells = tab.locator("[data-or-table=open]").evaluate(DUE)
        assert [bool(cell.strip()) for cell in cells] == [True] * 9 + [False] * 3


def test_typed_words_filter_and_are_counted(tab: Page, site: str) -> None:
    tab.goto(site + LIST)
    tools = tab.locator(".or-tools", has=tab.locator("input")).nth(1)
    expect(tools.locator("output")).to_have_text("15 in this list")
    box = tools.get_by_label("Filter this list")
    box.fill("REJECTED settled")
    expect(tools.locator("output")).to_have_text("7 of 15 shown")
    expect(titles(tab, "closed")).to_have_count(7)
    expect(titles(tab, "open")).to_have_count(12)
    box.press("Escape")
    expect(tools.locator("output")).to_have_text("15 in this list")
    tab.get_by_label("Filter this list").first.fill("open")  # without the accent of Öpen
    expect(titles(tab, "open")).to_have_count(12)
    tab.get_by_label("Filter this list").first.fill("<b>.*(")
    expect(tab.locator(".or-tools output").first).to_have_text("0 of 12 shown")


def test_by_keyboard_alone(tab: Page, site: str) -> None:
    tab.goto(site + LIST)
    box = tab.get_by_label("Filter this list").first
    box.focus()
    tab.keyboard.type("s f n . question")  # keys that the theme takes elsewhere
    expect(box).to_be_focused()
    assert box.input_value() == "s f n . question"
    box.fill("")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Decision"
    tab.keyboard.press("Enter")
    expect(titles(tab, "open").first).to_have_text("Öpen question @")
    tab.keyboard.press("Space")
    expect(titles(tab, "open").first).to_have_text("Öpen question K")
    assert tab.evaluate("document.activeElement.matches('.or-sort')")
    assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_the_address_keeps_it(tab: Page, site: str) -> None:
    tab.goto(site + LIST)
    head(tab, "closed", "Date").get_by_role("button").click()
    head(tab, "closed", "Date").get_by_role("button").click()
    tab.get_by_label("Filter this list").nth(1).fill("accepted & <b>")
    tab.get_by_label("Filter this list").nth(1).fill("accepted")
    expect(tab).to_have_url(re.compile(r"\?closed-sort=-date&closed-find=accepted$"))
    expect(titles(tab, "closed")).to_have_count(8)
    shown = titles(tab, "closed").all_text_contents()
    sent = tab.context.new_page()
    sent.goto(tab.url)
    expect(titles(sent, "closed")).to_have_text(shown)
    sent.locator("[data-or-table=closed] td a").first.click()
    sent.wait_for_url(re.compile("closed-"))
    sent.go_back()
    expect(sent.get_by_label("Filter this list").nth(1)).to_have_value("accepted")
    expect(titles(sent, "closed")).to_have_text(shown)
    sent.goto(site + LIST + "?closed-sort=nothing&open-find=%3Cimg%20src=x%20onerror=alert(1)%3E")
    expect(titles(sent, "closed")).to_have_count(15)
    expect(titles(sent, "open")).to_have_count(0)


def test_it_works_after_instant_navigation(tab: Page, site: str) -> None:
    tab.goto(site + "decisions/closed/")
    tab.evaluate("window.same = true")
    tab.locator("article .or-facets a", has_text="long").click()
    tab.wait_for_url(re.compile(LIST))
    expect(tab.locator(".or-tools output").first).to_have_text("12 in this list")
    head(tab, "open", "Decision").get_by_role("button").click()
    expect(titles(tab, "open").first).to_have_text("Öpen question @")
    expect(tab.locator(".or-tools").first.locator("input")).to_have_count(1)


def test_without_scripts_nothing_is_shown_that_does_nothing(
    borrow: Callable[..., BrowserContext], site: str
) -> None:
    tab = borrow(java_script_enabled=False).new_page()
    tab.goto(site + LIST)
    expect(tab.locator("article button, article input")).to_have_count(0)
    assert tab.evaluate("1") == 1
    heights = tab.locator(".or-tools").evaluate_all("all => all.map(one => one.offsetHeight)")
    assert heights == [0, 0]
    expect(titles(tab, "closed")).to_have_count(15)


def test_a_short_list_stays_plain(tab: Page, site: str) -> None:
    tab.goto(site + "decisions/tag/payroll/")
    expect(tab.locator("article .or-tools, article .or-sort")).to_have_count(0)


@pytest.mark.parametrize("way", LOOKS)
def test_it_is_accessible_and_nothing_jumps(
    borrow: Callable[..., BrowserContext], site: str, way: str
) -> None:
    width, scheme = LOOKS[way]
    window = borrow(viewport={"width": width, "height": 900}, color_scheme=scheme)
    visit = Visit(window.new_page(), site)
    visit.tab.add_init_script(CHECKS)
    look(visit, LIST)
    visit.tab.get_by_label("Filter this list").first.fill("question")
    head(visit.tab, "open", "Due").get_by_role("button").click()
    look(visit, LIST + "?open-sort=-due&closed-find=rejected")
