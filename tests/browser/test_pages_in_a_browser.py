"""The main pages in a real browser: light and dark, wide and narrow, with and without scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

PAGES = {
    "home": "",
    "board": "decisions/",
    "stage": "decisions/stage/assess/",
    "closed": "decisions/closed/",
    "changes": "changes/",
    "coming back": "decisions/recurring/",
    "tag": "decisions/tag/payroll/",
    "outcome": "decisions/outcome/accepted/",
    "year": "decisions/year/2026/",
    "owner": "decisions/role/payroll-lead/",
    "stuck": "decisions/stuck/",
    "questions": "decisions/questions/",
    "open": "decisions/2026/pay-date/",
    "accepted": "decisions/2026/bring-payroll-home/",
    "superseded": "decisions/2024/choose-payroll-tool/",
    "faults": "decisions/2026/faults/",
    "long": "decisions/2026/long/",
    "role": "playbooks/payroll-lead/",
    "vacant role": "playbooks/it-lead/",
    "handoff": "playbooks/payroll-lead/handoffs/2026-10-01-alice-to-bob/",
    "metric": "playbooks/payroll-lead/metrics/paid-on-time/",
    "roles": "playbooks/",
    "handoffs": "handoffs/",
    "people": "people/",
    "person": "people/bob/",
    "readiness": "readiness/",
    "scoreboard": "scoreboard/",
    "together": "scoreboard/together/",
    "process": "process/",
    "changes of roles": "changes/roles/",
    "start": "start/",
    "start a role": "start/role/",
    "start a handoff": "start/handoff/",
    "search": "search/",
    "found": "search/?q=payroll",
}
OWN_PAGES = (
    "",
    "decisions/",
    "decisions/closed/",
    "decisions/recurring/",
    "decisions/2026/keep-records-out-of-the-nav/",
    "playbooks/maintainer/",
    "tutorial/",
)
OF_A_KIND_SEEN = {"outcome", "year", "owner", "changes of roles"} | {
    *("decisions/", "decisions/closed/", "decisions/recurring/"),
    *("decisions/2026/keep-records-out-of-the-nav/", "playbooks/maintainer/"),
}
"""Pages of the template that another of these pages has: axe, which takes longer than all else,
has seen their kind of markup in all four looks."""
WIDE, NARROW = 1360, 390
Borrow = Callable[..., BrowserContext]

STOCK: dict[str, tuple[str, str]] = {
    "color-contrast": (
        r'class="md-copyright"|<span class="[a-z]{1,3}\d?"',
        "the footer's credit and tokens of code are a little too faint; the credit is a courtesy",
    ),
    "landmark-unique": (
        'class="md-code__nav"|<nav class="md-nav"',
        "every block's copy button is a <nav> of no name, and a section's <nav> stands twice",
    ),
}
"""What stock Material does wrong: the axe rule, the HTML it names, and why it stays."""


@dataclass
class Visit:
    """A tab, and all that went wrong in it."""

    tab: Page
    site: str
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tab.on("console", lambda m: self._fault(m.text) if m.type == "error" else None)
        self.tab.on("pageerror", lambda error: self._fault(str(error)))
        # What a next page cuts off has failed nobody.
        self.tab.on(
            "requestfailed",
            lambda r: r.failure == "net::ERR_ABORTED" or self._fault(f"failed: {r.url}"),
        )
        self.tab.on("dialog", lambda dialog: (self._fault(dialog.message), dialog.dismiss()))
        self.tab.on("request", lambda r: self._is_ours(r.url) or self._fault(f"asks {r.url}"))
        self.tab.on("response", lambda r: r.status < 400 or self._fault(f"{r.status} {r.url}"))

    def _fault(self, said: str) -> None:
        self.faults.append(said)

    def _is_ours(self, url: str) -> bool:
        return url.startswith((self.site, "data:", "blob:"))

    def of(self, site: str) -> Visit:
        """The same tab for another test; what the last one found is not this one's."""
        self.site = site
        self.faults.clear()
        return self

    def open(self, url: str) -> None:
        self.tab.goto(self.site + url, wait_until="load")

    def ask(self, script: str) -> Any:
        return self.tab.evaluate(script)


LOOKS = {"wide, light first": (WIDE, "light"), "narrow, dark first": (NARROW, "dark")}
"""The width of a window, and the colours its reader asks for. `barriers` shows the others too."""


@pytest.fixture(scope="module")
def visits(browser: Browser) -> Iterator[dict[str, Visit]]:
    """A tab for each look, which goes from page to page: opening one costs more than a page."""
    found = {}
    for name, (width, scheme) in LOOKS.items():
        size = {"width": width, "height": 900}
        window = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
        window.add_init_script(CHECKS)
        found[name] = Visit(window.new_page(), "")
    yield found
    for visit in found.values():
        visit.tab.context.close()


SHIFTS = """
  window.shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
  }).observe({type: "layout-shift", buffered: true});
"""

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# axe reads the same few colours again for each text, which takes a third of its time.
COLOURS_READ_ONCE = """
  {
    const { Color } = axe.commons.color;
    const { parseString } = Color.prototype;
    const known = new Map();
    Color.prototype.parseString = function (text) {
      if (!known.has(text)) known.set(text, parseString.call(new Color(), text));
      const { red, green, blue, alpha } = known.get(text);
      return Object.assign(this, { red, green, blue, alpha });
    };
  }
"""
CHECKS = f"{AXE}\n{COLOURS_READ_ONCE}\n{SHIFTS}"
"""What is in a page before its own scripts: so the browser doesn't compile axe anew for each."""

VIOLATIONS = """
  async (rules) => {
    const asked = rules ? {runOnly: rules} : {};
    // Neither the selectors of what it finds nor sheets that it would fetch again are asked for:
    // both take it longer than all the rules.
    const light = {resultTypes: ["violations"], selectors: false, preload: false};
    const found = await axe.run(document, {...light, ...asked});
    return found.violations.flatMap(
      v => v.nodes.map(n => [v.id, n.html, (n.any[0] || n.all[0] || n.none[0] || {}).message]));
  }
"""
OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that read colours: all others see in both colours the very same page."""

SWITCH = """
  () => {
    const before = document.body.dataset.mdColorScheme;
    document.querySelector("[data-md-component=palette] label:not([hidden])").click();
    return before;
  }
"""
SWITCHED = """
  before => document.body.dataset.mdColorScheme !== before &&
    !document.body.hasAttribute("data-md-color-switching")
"""


def switch(visit: Visit) -> None:
    """Press the theme's own button for the other colours, and wait until they are there."""
    before = visit.ask(SWITCH)
    visit.tab.wait_for_function(SWITCHED, arg=before)


def barriers(visit: Visit) -> list[str]:
    """What axe finds in the page's colours and in the others, beyond what is stock Material's."""
    found = visit.tab.evaluate(VIOLATIONS)
    switch(visit)
    found += visit.tab.evaluate(VIOLATIONS, OF_COLOURS)
    visit.ask("localStorage.clear()")  # the next page begins with its reader's colours again
    return [
        f"{rule}: {html} ({why})"
        for rule, html, why in found
        if not (rule in STOCK and re.search(STOCK[rule][0], html))
    ]


def look(visit: Visit, url: str, *, is_of_a_kind_seen: bool = False) -> None:
    visit.open(url)
    if "?q=" in url:
        visit.tab.locator("article .or-hit").first.wait_for()
    if not is_of_a_kind_seen:
        assert barriers(visit) == []
    assert visit.ask("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways"
    levels = visit.ask(
        "[...document.querySelectorAll('article :is(h1,h2,h3,h4,h5,h6)')].map(h => +h.tagName[1])"
    )
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert visit.ask("window.shift") < 0.02
    assert visit.faults == []


@pytest.mark.parametrize("way", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page(visits: dict[str, Visit], northwind: str, way: str, name: str) -> None:
    look(visits[way].of(northwind), PAGES[name], is_of_a_kind_seen=name in OF_A_KIND_SEEN)


@pytest.mark.parametrize("way", LOOKS)
@pytest.mark.parametrize("url", OWN_PAGES)
def test_a_page_of_our_own(visits: dict[str, Visit], own: str, way: str, url: str) -> None:
    look(visits[way].of(own), url, is_of_a_kind_seen=url in OF_A_KIND_SEEN)


HARM = """
  () => [...document.querySelectorAll("*")].flatMap(node => {
    const handlers = node.getAttributeNames().filter(name => name.startsWith("on"));
    const script = node.matches("script, style") && node.textContent.includes("pwned");
    return handlers.length || script ? [node.outerHTML.slice(0, 200)] : [];
  })
"""


def test_nothing_hostile_acts_in_search(borrow: Borrow, hostile: str) -> None:
    tab = borrow().new_page()
    tab.add_init_script("window.said = []; window.alert = (words) => window.said.push(words);")
    tab.goto(hostile + "decisions/")
    tab.keyboard.press("/")
    tab.keyboard.type("pwned script")
    results = tab.locator("dialog[open] .or-hit")
    results.first.wait_for()
    assert results.count() > 3
    assert tab.evaluate(HARM) == []
    assert tab.evaluate("window.said") == []


# What folds opens without scripts too; its summary is seen. Only a script can know who reads, and a
# form that needs one is not shown: its page has the text to begin with.
UNSEEN = """
  nodes => nodes.filter(node => {
    const mayBeUnseen = "article details:not([open]) *, [data-onrecord-mine] *, .or-form *";
    if (node.matches(mayBeUnseen)) return false;
    const box = node.getBoundingClientRect();
    return !box.width || !box.height || getComputedStyle(node).visibility !== "visible";
  }).map(node => node.textContent)
"""


def test_all_is_there_without_scripts(borrow: Borrow, northwind: str) -> None:
    tab = borrow(java_script_enabled=False).new_page()
    for name, url in PAGES.items():
        tab.goto(northwind + url)
        parts = tab.locator("article :is(h1, h2, h3, table, .or-steps > li, .or-facts dd, li)")
        assert parts.count() > 0
        assert parts.evaluate_all(UNSEEN) == [], name


def test_what_has_the_focus_is_seen(borrow: Borrow, northwind: str) -> None:
    tab = borrow().new_page()
    for name in ("home", "board", "open", "closed", "role"):
        tab.goto(northwind + PAGES[name])
        unseen = tab.evaluate(
            """
            () => [...document.querySelectorAll("article a[href]")].filter(link => {
              if (link.closest("details:not([open])") || !link.checkVisibility()) return false;
              link.focus({focusVisible: true});
              const style = getComputedStyle(link);
              return style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 1;
            }).map(link => link.outerHTML)
            """
        )
        assert unseen == [], name


REACHABLE = """
  () => {
    addEventListener("focusin", (event) => event.target.setAttribute("data-reached", ""));
    const isThrough = () => document.activeElement === document.body;
    addEventListener("keyup", () => { window.through ||= isThrough(); });
  }
"""
UNREACHED = """
  () => [...document.querySelectorAll(
    "article :is(a[href], button, input, select, textarea, summary, [tabindex='0'])"
  )].filter(one => {
    const group = one.type === "radio" && document.querySelector(
      `input[name="${CSS.escape(one.name)}"][data-reached]`);
    const beside = one.matches(".headerlink, .md-clipboard, .md-code__button");
    return !one.hasAttribute("data-reached") && !group && !beside && !one.disabled &&
      one.checkVisibility({visibilityProperty: true});
  }).map(one => one.outerHTML.slice(0, 120))
"""
WITH_ACTS = (
    "home",
    "open",
    "faults",
    "role",
    "vacant role",
    "handoff",
    "person",
    "closed",
    "start",
)


@pytest.mark.parametrize("name", WITH_ACTS)
def test_the_keyboard_alone_reaches_every_act(borrow: Borrow, northwind: str, name: str) -> None:
    tab = borrow(viewport={"width": WIDE, "height": 900}).new_page()
    tab.goto(northwind + PAGES[name], wait_until="load")
    tab.evaluate(REACHABLE)
    for _ in range(20):
        for _ in range(20):  # past the end it begins again
            tab.keyboard.press("Tab")
        if tab.evaluate("window.through"):
            break
    assert tab.locator("article [data-reached]").count() > 3
    assert tab.evaluate(UNREACHED) == []


def test_print_holds_the_record_alone(borrow: Borrow, northwind: str) -> None:
    tab = borrow().new_page()
    tab.emulate_media(media="print", color_scheme="dark")
    tab.goto(northwind + PAGES["open"])
    for selector in ("h1", ".or-state", ".or-steps", ".or-facts", ".or-voice", "#problem"):
        assert tab.locator(selector).first.is_visible(), selector
    for selector in (".md-header", ".md-sidebar--primary", ".or-acts"):
        assert not tab.locator(selector).first.is_visible(), selector
    dark = "getComputedStyle(document.body).getPropertyValue('--md-default-fg-color').trim()"
    assert tab.evaluate(dark) != "#e4eae9"  # paper is white, whatever the screen is


TEXT_TOP = """
  () => {
    const text = document.querySelector(".or-text");
    return (text.firstElementChild ?? text).getBoundingClientRect().top + scrollY;
  }
"""


def test_the_text_of_every_decision_begins_high(borrow: Borrow, northwind: str) -> None:
    with urlopen(northwind + "records.json") as file:
        records = json.load(file)["records"]
    urls = [one["url"] for one in records if one["kind"] == "decision"]
    assert len(urls) > 12
    tab = borrow().new_page()
    for url in urls:
        tab.goto(northwind + url, wait_until="load")
        for width, height, below in ((1440, 900, 400), (390, 844, 640)):
            tab.set_viewport_size({"width": width, "height": height})
            assert 0 < tab.evaluate(TEXT_TOP) < below, url
