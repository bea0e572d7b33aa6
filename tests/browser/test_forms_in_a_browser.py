"""The forms in a real browser: what is typed, the file it makes, and the ways it is sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from building import NORTHWIND, Base
from playwright.sync_api import BrowserContext, Page, expect
from test_pages_in_a_browser import CHECKS, VIOLATIONS

from onrecord.drafting import drafts
from onrecord.lifecycle.relations import relate
from onrecord.records.findings import Finding
from onrecord.records.reading import read_library
from onrecord.text.slugs import slug_of

HANDOFF_PATH = "playbooks/payroll-lead/handoffs/2026-10-12-alice-to-dan.md"

AGENCY = """---
title: Leave the payroll agency
stage: align
owner: payroll-lead
outcome: rejected
decided: 2025-05-05
---

## Problem

The agency charges a fee for each correction.
"""

REMINDERS = """---
title: Remind tills of their hours by postcard
stage: align
owner: payroll-lead
outcome: accepted
decided: 2025-06-02
expects:
  - {metric: payroll-lead/paid-on-time, at_least: 100, by: 2026-09-30}
---

## Problem

Tills forget to send their hours; a postcard a month reminds them.
"""

TITLES = [
    "Move the pay date to the 28th",
    "Payroll: run it",
    "@ana's question",
    "\"Quoted\" and 'quoted' “so”",
    "# Not a heading, and C#",
    "yes",
    "2026-10-06",
    "0012",
    "null",
    "- item",
    "{{ braces }} and [brackets](x.md)",
    "<script>alert(1)</script> & more",
    "*stars* _lines_ `ticks`",
    "back\\slash \\n \\u0041",
    "100% | pipe > more",
    "---",
    "🎉 party 🎉 👩‍👩‍👧 a",
    "🎉",
    "Über Straße, ﬁne Ⅷ ½",
    "支払日を28日に移す",
    "वेतन की तारीख बदलें",
    "نقل تاريخ الدفع",
    "วันจ่ายเงินเดือน",
    "ΟΔΟΣ σοφός İstanbul ışık",
    "tab\tand\u00a0space\u2028line\u0085end",
    "control \u0007 and \u009b and \ufeff mark",
    "trailing colon:",
    "!!str x",
    "&anchor *alias",
    "? key",
    "a" * 900,
    "wörter " * 60,
    "index",
    "README",
]


@dataclass
class Team:
    """A built site, its address, and the base it was made of."""

    base: Base
    address: str

    def faults(self, path: str, text: str) -> list[Finding]:
        """What `onrecord check` finds when a file is added to the base."""
        file = self.base.root / path
        assert not file.exists()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
        try:
            library = read_library(self.base.root)
            found = [*library.findings, *relate(library).findings]
        finally:
            file.unlink()
        return found


Make = Callable[..., Team]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> Make:
    def made(name: str, **options: object) -> Team:
        base = Base(tmp_path_factory.mktemp(name), like=NORTHWIND)
        base.write("decisions/2025/agency.md", AGENCY)
        base.write("decisions/2025/reminders.md", REMINDERS)
        return Team(base, serve(base.build(**options).folder))

    return made


@pytest.fixture(scope="module")
def team(make: Make) -> Team:
    return make(
        "github", repo_url="https://github.com/northwind/record", edit_uri="edit/main/docs/"
    )


@pytest.fixture
def window(borrow: Callable[..., BrowserContext]) -> BrowserContext:
    context = borrow(viewport={"width": 390, "height": 800})
    context.route(re.compile(r"^https://"), lambda route: route.fulfill(body="the forge"))
    return context


def opened(window: BrowserContext, team: Team, url: str = "start/") -> Page:
    tab = window.new_page()
    tab.on("pageerror", lambda error: pytest.fail(str(error)))
    tab.goto(team.address + url)
    tab.wait_for_selector("#or-form[data-ready]")
    return tab


def path_of(tab: Page) -> str:
    return tab.evaluate("document.querySelector('#or-form').elements.path.value")  # type: ignore[no-any-return]


def text_of(tab: Page) -> str:
    return tab.evaluate("document.querySelector('#or-text').textContent")  # type: ignore[no-any-return]


def typed(tab: Page, title: str) -> None:
    tab.evaluate(
        """title => {
          const field = document.querySelector('#or-title')
          field.value = title
          field.dispatchEvent(new Event('input', {bubbles: true}))
        }""",
        title,
    )


def test_any_title_makes_a_file_that_passes_check(window: BrowserContext, team: Team) -> None:
    tab = opened(window, team)
    for title in TITLES:
        typed(tab, title)
        path, text = path_of(tab), text_of(tab)
        assert team.faults(path, text) == [], title
        (team.base.root / path).write_text(text, encoding="utf-8", newline="")
        (decision,) = [d for d in read_library(team.base.root).decisions if d.path == path]
        (team.base.root / path).unlink()
        assert decision.title == " ".join(title.split()), title
        assert decision.body.heading or title == "🎉", title
        name = path.rpartition("/")[2].removesuffix(".md")
        expected = slug_of(title)
        if expected in drafts.RESERVED:
            expected += "-2"
        assert name.removesuffix("-2") == (expected or name).removesuffix("-2"), title
        assert expected or name.startswith("decision-"), title


def test_by_keyboard_alone(window: BrowserContext, team: Team) -> None:
    tab = opened(window, team)
    tab.locator("#or-title").focus()
    for words in ("Buy a “second” printer: soon", "The first one is broken.", "Buy one."):
        tab.keyboard.type(words)
        tab.keyboard.press("Tab")
        if words.startswith("The first"):
            # What was found stands between the fields; its links are on the way.
            while tab.evaluate("document.activeElement.id") != "or-proposal":
                tab.keyboard.press("Tab")
    expect(tab.locator("#or-owner")).to_be_focused()
    tab.keyboard.type("Payroll")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    asked = tab.evaluate("document.activeElement.value")
    tab.keyboard.press("Space")
    while tab.evaluate("document.activeElement.id") != "or-open":
        tab.keyboard.press("Tab")
    with window.expect_page() as forge:
        tab.keyboard.press("Enter")
    address = urlsplit(forge.value.url)
    query = parse_qs(address.query)
    assert address.path == "/northwind/record/new/main/decisions/2026"
    assert query["filename"] == ["buy-a-second-printer-soon.md"]
    text = query["value"][0]
    assert team.faults("decisions/2026/buy-a-second-printer-soon.md", text) == []
    assert 'title: "Buy a “second” printer: soon"\n' in text
    assert 'owner: "payroll-lead"\n' in text
    assert f'consulted: ["{asked}"]\n' in text
    assert "\n## Problem\n\n<!-- " in text
    assert "-->\n\nThe first one is broken.\n\n## Proposal\n" in text
    expect(tab.locator("#or-said")).to_contain_text("committed there")


@pytest.mark.parametrize(
    ("options", "address"),
    [
        (
            {"repo_url": "https://codeberg.org/n/r", "edit_uri": "_edit/main/team/docs/"},
            "https://codeberg.org/n/r/_new/main/team/decisions/2026/?filename=tea.md&value=",
        ),
        (
            {"repo_url": "https://gitlab.com/n/s/r", "edit_uri": "-/edit/main/docs/"},
            "https://gitlab.com/n/s/r/-/new/main/decisions/2026?file_name=tea.md",
        ),
        (
            {
                "repo_url": "https://code.northwind.example/n/r",
                "extra": {"onrecord": {"forge": "forgejo"}},
            },
            "https://code.northwind.example/n/r/_new/main/decisions/2026/?filename=tea.md&value=",
        ),
    ],
    ids=["forgejo", "gitlab", "self-hosted"],
)
def test_the_address_of_each_forge(
    window: BrowserContext, make: Make, options: dict[str, object], address: str
) -> None:
    tab = opened(window, make("forge", **options))
    typed(tab, "Tea")
    link = tab.get_attribute("#or-open", "href") or ""
    assert link.startswith(address)
    if address.endswith("value="):
        assert unquote(link.removeprefix(address)) == text_of(tab)
        assert len(link) < 6_000
    else:
        window.grant_permissions(["clipboard-read", "clipboard-write"])
        with window.expect_page():
            tab.click("#or-open")
        expect(tab.locator("#or-said")).to_contain_text("copied: paste it")
        assert tab.evaluate("navigator.clipboard.readText()") == text_of(tab)


def test_where_no_forge_is_known_the_file_is_copied_or_saved(
    window: BrowserContext, make: Make
) -> None:
    window.grant_permissions(["clipboard-read", "clipboard-write"])
    tab = opened(window, make("nowhere", repo_url="", edit_uri=""))
    expect(tab.locator("#or-open")).to_have_count(0)
    typed(tab, "Tea & cake")
    tab.click("#or-copy")
    expect(tab.locator("#or-said")).to_contain_text("decisions/2026/tea-cake.md")
    assert tab.evaluate("navigator.clipboard.readText()") == text_of(tab)
    with tab.expect_download() as saved:
        tab.click("#or-save")
    assert saved.value.suggested_filename == "tea-cake.md"
    assert saved.value.path().read_text(encoding="utf-8") == text_of(tab)


def test_a_text_longer_than_an_address_is_copied(window: BrowserContext, team: Team) -> None:
    window.grant_permissions(["clipboard-read", "clipboard-write"])
    tab = opened(window, team)
    typed(tab, "A long story")
    tab.fill("#or-problem", "It began long ago. " * 400)
    with window.expect_page() as forge:
        tab.click("#or-open")
    assert forge.value.url.endswith("/new/main/decisions/2026?filename=a-long-story.md")
    expect(tab.locator("#or-said")).to_contain_text("longer than an address may be")
    assert tab.evaluate("navigator.clipboard.readText()") == text_of(tab)


def test_a_browser_that_refuses_to_copy_shows_the_text_selected(
    window: BrowserContext, team: Team
) -> None:
    tab = window.new_page()
    tab.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
    tab.goto(team.address + "start/")
    typed(tab, "Tea")
    tab.click("#or-copy")
    tab.locator("#or-by-hand").wait_for()
    chosen = tab.evaluate("getSelection().toString()")
    assert chosen == text_of(tab).rstrip("\n") or chosen == text_of(tab)


def test_what_is_typed_stays_until_it_is_cleared(window: BrowserContext, team: Team) -> None:
    tab = opened(window, team)
    typed(tab, "Tea")
    tab.fill("#or-problem", "No tea.")
    tab.check("[name=consulted] >> nth=1")
    before = text_of(tab)
    tab.reload()
    tab.wait_for_selector("#or-form[data-ready]")
    assert text_of(tab) == before
    expect(tab.locator("#or-problem")).to_have_value("No tea.")
    kept = tab.evaluate("Object.keys(localStorage).filter(key => key.startsWith('onrecord'))")
    assert kept == ["onrecord decision /"]
    tab.click("#or-clear")
    assert tab.evaluate("localStorage.getItem('onrecord decision /')") is None
    expect(tab.locator("#or-problem")).to_have_value("")
    expect(tab.locator("[name=consulted]:checked")).to_have_count(0)


def test_nothing_typed_leaves_the_browser(window: BrowserContext, team: Team) -> None:
    tab = opened(window, team)
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.fill("#or-title", "Payroll secretword again")
    with tab.expect_request("**/onrecord-nearest/**"):  # the index is asked
        tab.fill("#or-problem", "The payroll tool pays late, and nobody knows why it pays late.")
    tab.wait_for_timeout(500)  # what must not come
    assert all(url.startswith(team.address) for url in asked)
    assert not any("secretword" in url for url in asked)


def test_what_is_wrong_is_said_at_its_field(window: BrowserContext, team: Team) -> None:
    tab = opened(window, team)
    tab.click("#or-copy")
    expect(tab.locator("#or-title")).to_be_focused()
    expect(tab.locator("#or-title-wrong")).to_have_text("Title is missing.")
    expect(tab.locator("#or-title")).to_have_attribute("aria-invalid", "true")
    tab.keyboard.type("Tea")
    expect(tab.locator("#or-title-wrong")).to_be_hidden()
    tab.fill("#or-others", "bob, not a handle!")
    tab.click("#or-copy")
    expect(tab.locator("#or-others-wrong")).to_contain_text("“handle!” isn’t a handle")
    tab.fill("#or-others", "bob, firm/unit/team")  # GitLab has groups in groups
    expect(tab.locator("#or-others-wrong")).not_to_contain_text("isn’t a handle")


def test_we_had_this_before(window: BrowserContext, team: Team) -> None:
    tab = opened(window, team)
    tab.fill("#or-title", "Pay the payroll agency")
    tab.fill("#or-problem", "Each correction costs us a fee at the agency: fees upon fees.")
    tab.locator("#or-hits li").first.wait_for()
    first = tab.locator("#or-hits li").first
    # What was found for the title alone may be shown before the rest has been asked.
    expect(first.locator("q mark")).to_have_text(["agency", "fee", "correction"])
    expect(first.locator("a")).to_have_text("Leave the payroll agency")
    expect(first.locator(".or-chip")).to_have_text("Rejected")
    expect(first.locator("time")).to_have_text("5 May 2025")
    expect(first.locator("small").last).to_contain_text("agency")
    first.locator("a").click()
    expect(tab).to_have_url(team.address + "decisions/2025/agency/")


def test_what_was_had_before_says_what_it_brought(window: BrowserContext, team: Team) -> None:
    tab = opened(window, team)
    tab.fill("#or-title", "Send postcards that remind tills of their hours")
    first = tab.locator("#or-hits li").first
    first.wait_for()
    expect(first.locator("a")).to_have_text("Remind tills of their hours by postcard")
    expect(first.locator(".or-bad")).to_have_text("missed")


def test_the_nearest_are_named_where_nothing_is_close(window: BrowserContext, team: Team) -> None:
    tab = opened(window, team)
    tab.fill("#or-title", "Paint the garden fence green")
    tab.fill("#or-problem", "Wooden boards at the agency have gone grey under snow and sunshine.")
    tab.locator("#or-hits li").first.wait_for()
    expect(tab.locator("#or-before-said")).to_have_text("Nothing close. The nearest are:")
    expect(tab.locator("#or-hits .or-near").first).to_have_text("nearest")
    # A misspelt word counts as the one of a title, and whoever typed it is told.
    tab.fill("#or-problem", "A postcrad has the wrong hours.")
    expect(tab.locator("#or-before-said")).to_contain_text(
        "No decision has “postcrad”: searched for “postcard” instead."
    )
    expect(tab.locator("#or-hits li > a").first).to_contain_text("postcard")
    # No decision has one of these words.
    tab.fill("#or-title", "Qwxyz vwxyz")
    tab.fill("#or-problem", "")
    tab.locator("#or-before").wait_for(state="hidden")


def test_a_handoff_begins_with_what_the_files_know(window: BrowserContext, team: Team) -> None:
    tab = opened(window, team, "start/handoff/?role=payroll-lead")
    tab.locator("#or-known").wait_for()
    expect(tab.locator("#or-from")).to_have_value("alice")
    tab.fill("#or-to", "dan")
    tab.fill("#or-effective", "2026-10-12")
    tab.fill("#or-until", "2026-10-01")
    tab.click("#or-copy")
    expect(tab.locator("#or-until-wrong")).to_contain_text("before it is handed on")
    tab.fill("#or-until", "2026-10-20")
    tab.check("[name=state][value=watch]")
    tab.fill("#or-Situation", "All is calm: “so far”.")
    path, text = path_of(tab), text_of(tab)
    assert path == HANDOFF_PATH
    assert team.faults(path, text) == []
    assert "state: watch\n" in text
    assert "## Open loops\n" in text
    assert "- [ ] " in text
    assert "All is calm: “so far”." in text


def test_a_part_of_a_role_is_handed_on_and_never_to_its_giver(
    window: BrowserContext, team: Team
) -> None:
    tab = opened(window, team, "start/handoff/?role=payroll-lead")
    tab.locator("#or-parts input").first.wait_for()
    names = tab.locator("#or-parts label").all_inner_texts()
    tab.fill("#or-to", "@Alice")
    tab.click("#or-copy")
    expect(tab.locator("#or-to-wrong")).to_have_text("Alice gives it: write who takes it on.")
    tab.fill("#or-to", "dan")
    tab.fill("#or-effective", "2026-10-12")
    tab.fill("#or-until", "2026-10-20")
    tab.locator("#or-parts input").nth(len(names) - 1).check()
    path, text = path_of(tab), text_of(tab)
    assert path.startswith(HANDOFF_PATH.removesuffix(".md") + "-")
    assert "\ncovers: [" in text
    assert team.faults(path, text) == []
    tab.reload()
    tab.locator("#or-parts input:checked").wait_for()
    assert text_of(tab) == text


def test_a_role_is_described(window: BrowserContext, team: Team) -> None:
    tab = opened(window, team, "start/role/")
    typed(tab, "Payroll lead")
    tab.click("#or-copy")
    expect(tab.locator("#or-title-wrong")).to_contain_text("a role of this name already")
    typed(tab, "Head of “tea”: green")
    tab.fill("#or-purpose", "Nobody is thirsty: ever #1")
    tab.fill("#or-holder", "@bob")
    tab.fill("#or-backups", "alice, carol")
    tab.fill("#or-team", "yes")
    path, text = path_of(tab), text_of(tab)
    assert path == "playbooks/head-of-tea-green/index.md"
    assert team.faults(path, text) == []
    assert 'holder: "bob"\nbackups: ["alice", "carol"]\nteam: "yes"\n' in text


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1440, "light")])
@pytest.mark.parametrize("url", ["start/", "start/handoff/", "start/role/"])
def test_the_forms_have_no_barriers(
    borrow: Callable[..., BrowserContext], team: Team, url: str, width: int, scheme: str
) -> None:
    tab = borrow(viewport={"width": width, "height": 800}, color_scheme=scheme).new_page()
    tab.add_init_script(CHECKS)
    tab.goto(team.address + url)
    tab.click("#or-copy")  # what is wrong is shown too
    if url == "start/":
        tab.fill("#or-title", "Bring payroll home")
        tab.locator("#or-hits li").first.wait_for()
    found = [f for f in tab.evaluate(VIOLATIONS) if "or-" in f[1]]
    assert found == []
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


OVERLAPS = """() => {
  const parts = [...document.querySelectorAll('#or-form > *, #or-form > * > *')]
  const boxes = parts
    .map((part) => [part, part.getBoundingClientRect()])
    .filter(([part, box]) => box.height && !/^(A|BUTTON)$/.test(part.tagName))
  const named = (part) => part.id || part.textContent.trim().slice(0, 30)
  return boxes.flatMap(([one, upper], place) =>
    boxes.slice(place + 1)
      .filter(([other, lower]) => !one.contains(other) && lower.top < upper.bottom - 1
        && lower.left < upper.right && upper.left < lower.right)
      .map(([other]) => `${named(one)} / ${named(other)}`))
}"""
"""The parts of a form that lie on each other, each pair by name."""


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("url", ["start/", "start/handoff/", "start/role/"])
def test_no_part_of_a_form_lies_on_another(
    window: BrowserContext, team: Team, url: str, width: int
) -> None:
    tab = opened(window, team, url)
    tab.set_viewport_size({"width": width, "height": 900})
    assert tab.evaluate(OVERLAPS) == []


def test_without_scripts_the_text_and_the_way_are_there(
    borrow: Callable[..., BrowserContext], team: Team
) -> None:
    tab = borrow(java_script_enabled=False).new_page()
    tab.goto(team.address + "start/")
    expect(tab.locator("#or-form")).to_be_hidden()
    expect(tab.locator(".or-noscript")).to_be_visible()
    tab.click("summary >> nth=-1")
    expect(tab.locator("details[open] pre")).to_contain_text("stage: assess")
    link = tab.get_attribute("a:text('Make a new file on GitHub')", "href") or ""
    query = parse_qs(urlsplit(link).query)
    assert query["filename"] == ["what-we-decide.md"]
    assert query["value"][0].startswith("---\ntitle: What we decide\n")


def test_a_line_of_the_next_step_is_copied(window: BrowserContext, team: Team) -> None:
    window.grant_permissions(["clipboard-read", "clipboard-write"])
    tab = window.new_page()
    tab.goto(team.address + "decisions/2026/pay-date/")
    line = tab.locator(".or-line").first
    line.locator("button").focus()
    tab.keyboard.press("Enter")
    expect(line.locator("[role=status]")).to_have_text("Copied.")
    assert tab.evaluate("navigator.clipboard.readText()") == line.locator("code").inner_text()


def test_the_index_is_left_out_with_precedents(window: BrowserContext, make: Make) -> None:
    team = make("quiet", extra={"onrecord": {"precedents": False}})
    tab = opened(window, team)
    expect(tab.locator("#or-before")).to_have_count(0)
    assert not (team.base.root / "site/assets/onrecord-nearest").exists()


def test_below_a_path_and_with_file_names_for_addresses(
    window: BrowserContext,
    tmp_path_factory: pytest.TempPathFactory,
    serve: Callable[[Path], str],
) -> None:
    base = Base(tmp_path_factory.mktemp("below"), like=NORTHWIND)
    base.write("decisions/2025/agency.md", AGENCY)
    base.build(use_directory_urls=False)
    team = Team(base, serve(base.root))
    tab = opened(window, team, "site/start/index.html")
    tab.fill("#or-title", "Pay the payroll agency a fee for each correction")
    tab.locator("#or-hits a").first.wait_for()
    kept = tab.evaluate("Object.keys(localStorage).filter(key => key.startsWith('onrecord'))")
    assert kept == ["onrecord decision /site/"]
    tab.locator("#or-hits a").first.click()
    expect(tab).to_have_url(team.address + "site/decisions/2025/agency.html")
    tab = opened(window, team, "site/start/handoff/index.html?role=payroll-lead")
    tab.locator("#or-known").wait_for()
    expect(tab.locator("#or-from")).to_have_value("alice")
