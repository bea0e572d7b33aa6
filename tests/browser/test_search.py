"""Search as a person meets it: with keys alone, in an address, on the page that was found."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from building import NORTHWIND, PLAIN, Base
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from search_files import record
from test_pages_in_a_browser import CHECKS, HARM, LOOKS, SHIFTS, Visit, barriers

from onrecord.search import site_index

ODD_TAG = 'a "quoted", <i>odd</i>: tag & more'

ARCHIVE = """---
title: Keep archive box {n}
stage: align
owner: office-lead
entered: {{assess: 2023-01-{n:02}, align: 2023-02-{n:02}}}
decided: 2023-02-{n:02}
outcome: {outcome}
tags: [archive, shelf-{n}]
---

## Problem

Nobody knows what lies in the zanzibar boxes, and who may open them.

## Proposal

Label box {n} and write down who has its key: labeling takes an hour.
"""

SEVENTH = """---
title: Number seven
stage: align
owner: office-lead
entered: {assess: 2023-01-01, align: 2023-02-01}
decided: 2023-02-01
outcome: accepted
---

## Problem

Nothing is in the cellar.
"""

ODD = f"""---
title: "Write <b>bold</b> & <script>alert('pwned')</script> titles"
stage: assess
owner: office-lead
tags: ['{ODD_TAG}']
---

## Problem

A `<img src=x onerror=alert('pwned')>` in an example about marmalade; 5 < 7 & so on.
"""


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = Base(tmp_path_factory.mktemp("searchable"), like=NORTHWIND)
    for n in range(1, 15):
        outcome = "rejected" if n == 3 else "accepted"
        base.write(f"decisions/2023/box-{n}.md", ARCHIVE.format(n=n, outcome=outcome))
    base.write("decisions/2026/odd.md", ODD)
    base.write("decisions/2023/adr-0007-seven.md", SEVENTH)
    base.change("mkdocs.yml", "navigation.top,", "navigation.top, navigation.instant,")
    return base.build().folder


@pytest.fixture(scope="session")
def site(folder: Path, serve: Callable[[Path], str]) -> str:
    url = serve(folder)
    # Instant navigation goes by the addresses of the sitemap.
    sitemap = folder / "sitemap.xml"
    text = sitemap.read_text(encoding="utf-8")
    sitemap.write_text(text.replace("https://northwind.example/record/", url), encoding="utf-8")
    return url


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1360, "height": 900})
    context.add_init_script(SHIFTS)
    yield context
    context.close()


@pytest.fixture(scope="module")
def shared(window: BrowserContext, site: str) -> Iterator[Visit]:
    with _opened(window, site) as found:
        yield found


@pytest.fixture
def visit(shared: Visit, site: str) -> Iterator[Visit]:
    """The one tab, for tests that leave no script, route or listener in it."""
    shared.tab.goto("about:blank")  # nothing of the last test goes on
    yield shared.of(site)
    shared.tab.evaluate("sessionStorage.clear()")
    assert shared.faults == []


@pytest.fixture
def alone(window: BrowserContext, site: str) -> Iterator[Visit]:
    """A tab of its own, for the others."""
    with _opened(window, site) as found:
        yield found
    assert found.faults == []


@contextmanager
def _opened(window: BrowserContext, site: str) -> Iterator[Visit]:
    tab = window.new_page()
    tab.set_default_timeout(30_000)
    yield Visit(tab, site)
    tab.close()


@pytest.fixture
def tab(visit: Visit) -> Page:
    return visit.tab


def titles(tab: Page, within: str = "dialog[open]") -> list[str]:
    return tab.locator(f"{within} .or-hit__title").all_inner_texts()


def found(tab: Page, words: str, within: str = "dialog[open]") -> None:
    """Wait until the results are those of these words."""
    said = tab.locator(f"{within} .or-search__status")
    expect(said).to_contain_text(f"for “{words}”")
    expect(tab.locator(f"{within} .or-search")).not_to_have_attribute("aria-busy", "true")


def search(tab: Page, words: str) -> None:
    tab.keyboard.press("/")
    tab.locator("dialog[open]").wait_for()
    tab.keyboard.type(words)
    found(tab, words)


def focused(tab: Page, words: str) -> None:
    """Wait until what has the focus has this text or, where it has none, is of this type."""
    one = "document.activeElement"
    tab.wait_for_function(f"words => ({one}.textContent || {one}.type) === words", arg=words)


def test_with_keys_alone(visit: Visit, tab: Page) -> None:
    visit.open("decisions/")
    tab.keyboard.press("/")
    tab.keyboard.type("payroll", delay=5)  # the first letters come before the dialog does
    found(tab, "payroll")
    focused(tab, "search")
    some = titles(tab)
    tab.keyboard.press("ArrowDown")
    focused(tab, some[0])
    tab.keyboard.press("ArrowDown")
    focused(tab, some[1])
    tab.keyboard.press("ArrowUp")
    tab.keyboard.press("ArrowUp")
    focused(tab, "search")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("n")  # a key of Material's: it would go to the next page
    expect(tab.locator("dialog[open] input[type=search]").first).to_have_value("payrolln")
    tab.keyboard.press("Backspace")
    found(tab, "payroll")
    tab.keyboard.press("Enter")
    tab.locator("mark.or-mark").first.wait_for()
    assert tab.locator("article h1").inner_text().replace("¶", "") == some[0]
    expect(tab.locator("dialog[open]")).to_have_count(0)


def test_the_dialog_opens_and_closes(visit: Visit, tab: Page) -> None:
    visit.open("decisions/")
    link = tab.locator("[data-onrecord-search-link]")
    link.focus()
    tab.keyboard.press("Control+k")
    dialog = tab.get_by_role("dialog", name="Search")
    dialog.wait_for()
    tab.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()
    tab.keyboard.press("Enter")
    dialog.wait_for()
    tab.keyboard.type("a/b")  # a slash in the box is a slash
    expect(tab.locator("dialog input[type=search]").first).to_have_value("a/b")
    tab.mouse.click(5, 5)  # the backdrop
    expect(dialog).to_be_hidden()
    expect(tab).to_have_url(visit.site + "decisions/")


FIELDS = """form => [...form.querySelectorAll("input, button, select")].map((one) => {
  const style = getComputedStyle(one);
  return [one.tagName, style.borderTopWidth !== "0px", parseFloat(style.marginBottom),
    parseFloat(style.paddingLeft) > 0];
})"""


@pytest.mark.parametrize("page", ["decisions/", "start/", "search/"])
def test_fields_look_like_fields(visit: Visit, tab: Page, page: str) -> None:
    """Style sheets share one page, so none may undo what another says of its fields."""
    visit.open(page)
    tab.keyboard.press("/")
    form = tab.locator(".or-search__form:visible").first
    form.wait_for()
    assert form.evaluate(FIELDS) == [
        ["INPUT", True, 0, True],
        ["BUTTON", True, 0, True],
        ["SELECT", True, 0, True],
    ]


def test_a_result_says_what_a_person_chooses_by(visit: Visit, tab: Page) -> None:
    visit.open("decisions/")
    search(tab, "choose payroll tool")
    hit = tab.locator("dialog .or-hit").first
    expect(hit.locator(".or-hit__title")).to_have_text("Choose a payroll tool")
    facts = hit.locator(".or-hit__facts").inner_text().split("\n")
    assert facts == ["Decision", "Superseded", "Payroll lead", "20 Feb 2024"]
    assert hit.locator(".or-chip").get_attribute("class") == (
        "or-chip or-chip--superseded or-i-superseded"
    )
    after = hit.locator(".or-hit__after a")
    assert after.inner_text() == "Bring payroll home"
    assert after.evaluate("a => a.href") == visit.site + "decisions/2026/bring-payroll-home/"


def test_the_passage_and_its_section(visit: Visit, tab: Page) -> None:
    visit.open("decisions/")
    search(tab, "zanzibar")
    hit = tab.locator("dialog .or-hit").first
    passage = hit.locator(".or-hit__passage")
    assert passage.locator("mark").all_inner_texts() == ["zanzibar"]
    assert passage.inner_text().startswith("Nobody knows what lies in the zanzibar boxes")
    section = hit.locator(".or-hit__sections a")
    assert section.inner_text() == "Problem"
    assert section.evaluate("a => a.hash") == "#problem"


@pytest.mark.parametrize("words", ["box-7", "Keep archive box 7", "keep  ARCHIVE box 7"])
def test_an_exact_id_or_title_comes_first(visit: Visit, tab: Page, words: str) -> None:
    visit.open(f"search/?q={quote(words)}")
    found(tab, " ".join(words.split()), "article")
    assert titles(tab, "article")[0] == "Keep archive box 7"


def test_newest_first(visit: Visit, tab: Page) -> None:
    visit.open("search/?q=archive&sort=date")
    found(tab, "archive", "article")
    days = [int(title.split()[-1]) for title in titles(tab, "article")]
    assert days == [14, 13, 12, 11, 10, 9, 8, 7, 6, 5]
    tab.get_by_label("Order of the results").select_option("relevance")
    tab.wait_for_url("**/search/?q=archive")


def test_more_results(visit: Visit, tab: Page) -> None:
    visit.open("search/?q=zanzibar")
    found(tab, "zanzibar", "article")
    assert tab.get_by_role("status").first.inner_text() == "14 results for “zanzibar”"
    tab.get_by_role("button", name="More results (4)").click()
    expect(tab.locator("article .or-hit")).to_have_count(14)
    tab.wait_for_function("document.activeElement.className === 'or-hit__title'")
    assert len(set(titles(tab, "article"))) == 14
    assert not tab.get_by_role("button", name="More results").is_visible()


def box(tab: Page, name: str) -> Any:
    return tab.locator("article .or-filters").get_by_role("checkbox", name=re.compile(f"^{name} "))


def test_filters_have_counts_and_say_what_is_chosen(visit: Visit, tab: Page) -> None:
    visit.open("search/?q=zanzibar")
    found(tab, "zanzibar", "article")
    button = tab.get_by_role("button", name="Filters")
    assert button.get_attribute("aria-expanded") == "false"
    button.click()
    panel = tab.get_by_role("group", name="Filters")
    panel.wait_for()
    assert button.get_attribute("aria-expanded") == "true"
    box(tab, "Rejected").wait_for()
    labels = panel.get_by_role("group", name="Outcome").locator("li").all_inner_texts()
    assert [" ".join(label.split()) for label in labels[1:3]] == ["Accepted 13", "Rejected 1"]
    box(tab, "Rejected").check()
    expect(tab.locator("article .or-search__status")).to_have_text("1 result for “zanzibar”")
    expect(tab.locator("article .or-hit__title")).to_have_text(["Keep archive box 3"])
    expect(box(tab, "Rejected")).to_be_focused()
    # Beside the chosen one, what choosing another would add.
    expect(box(tab, "Accepted").locator("xpath=..")).to_contain_text("13")
    box(tab, "Accepted").check()
    expect(tab.locator("article .or-search__status")).to_have_text("14 results for “zanzibar”")
    tab.get_by_role("button", name="Remove the filter Outcome: Rejected").click()
    expect(tab.locator("article .or-search__status")).to_have_text("13 results for “zanzibar”")
    assert parse_qs(urlsplit(tab.url).query) == {"q": ["zanzibar"], "outcome": ["accepted"]}


def test_a_long_filter_is_narrowed(visit: Visit, tab: Page) -> None:
    visit.open("search/?q=zanzibar")
    found(tab, "zanzibar", "article")
    tab.get_by_role("button", name="Filters").click()
    tab.locator("article summary", has_text=re.compile("^Tag")).click()
    narrow = tab.get_by_role("searchbox", name="Narrow the values of tag")
    narrow.fill("SHELF-1")
    values = tab.locator("article .or-filters li", has_text="shelf-")
    expect(values).to_have_count(6)  # 1 and 10 to 14
    narrow.fill("shelf-12")
    tab.get_by_role("checkbox", name=re.compile("shelf-12")).check()
    expect(tab.locator("article .or-hit__title")).to_have_text(["Keep archive box 12"])


def test_the_title_of_a_role_stands_for_its_id(visit: Visit, tab: Page) -> None:
    visit.open("search/?q=zanzibar&role=office-lead")
    found(tab, "zanzibar", "article")
    tab.get_by_role("button", name="Remove the filter Role: Office lead").wait_for()


def test_a_search_is_sent_as_an_address(visit: Visit, tab: Page) -> None:
    visit.open("search/?q=zanzibar&kind=decision&outcome=rejected&colour=red&stage=later&sort=up")
    found(tab, "zanzibar", "article")
    assert titles(tab, "article") == ["Keep archive box 3"]
    note = tab.get_by_role("alert").inner_text()
    assert all(word in note for word in ("“colour”", "“sort=up”", "“stage=later”")), note
    assert box(tab, "Rejected").is_checked()
    assert tab.get_by_role("searchbox", name="Search", exact=True).input_value() == "zanzibar"


def test_back_and_forward_go_through_the_questions(visit: Visit, tab: Page) -> None:
    visit.open("decisions/")
    visit.open("search/")
    words = tab.get_by_role("searchbox", name="Search", exact=True)
    words.press_sequentially("zanzibar")
    found(tab, "zanzibar", "article")
    tab.wait_for_url("**/search/?q=zanzibar")
    tab.get_by_role("button", name="Filters").click()
    box(tab, "Rejected").check()
    tab.wait_for_url("**/search/?q=zanzibar&outcome=rejected")
    status = tab.locator("article .or-search__status")
    expect(status).to_have_text("1 result for “zanzibar”")
    tab.go_back()
    expect(status).to_have_text("14 results for “zanzibar”")
    expect(tab.locator("article .or-search__chosen li")).to_have_count(0)
    tab.go_forward()
    expect(status).to_have_text("1 result for “zanzibar”")
    tab.go_back()
    tab.go_back()
    tab.wait_for_url(visit.site + "decisions/")


def test_instant_navigation_and_back(visit: Visit, tab: Page) -> None:
    visit.open("decisions/closed/")
    tab.wait_for_function(
        "performance.getEntriesByType('resource').some(r => /sitemap/.test(r.name))"
    )
    tab.evaluate("window.stays = true")
    search(tab, "zanzibar")
    tab.keyboard.press("Enter")
    tab.locator("mark.or-mark").first.wait_for()
    assert tab.evaluate("window.stays") is True
    expect(tab.locator("dialog[open]")).to_have_count(0)
    tab.go_back()
    tab.locator("h1", has_text="Closed decisions").wait_for()
    expect(tab.locator("mark.or-mark, .or-marks")).to_have_count(0)
    # The question is still there, and the link that shares it leads to the right page.
    tab.keyboard.press("/")
    found(tab, "zanzibar")
    tab.get_by_role("link", name="Open as a page, to share").click()
    found(tab, "zanzibar", "article")
    expect(tab).to_have_url(visit.site + "search/?q=zanzibar")
    assert tab.evaluate("window.stays") is True
    tab.keyboard.press("/")  # here it goes to the box of the page
    expect(tab.locator("dialog[open]")).to_have_count(0)
    expect(tab.get_by_role("searchbox", name="Search", exact=True)).to_be_focused()


HOSTILE = [
    "<img src=x onerror=alert('pwned')>",
    "<script>alert('pwned')</script>",
    '"',
    '"unbalanced zanzibar',
    '"archive box"',
    "a.*+?^${}()|[]\\ zanzibar",
    "(?<x>",
    "%00 %zz &amp; &lt;",
    "🎉",
    "👩‍👩‍👧 zanzibar",
    "***",
    "   ",
    "__proto__ constructor",
    "z" * 5000,
    "zanzibar " * 555,
    "‮zanzibar",
]


def test_whatever_is_typed_stays_text(alone: Visit) -> None:
    visit, tab = alone, alone.tab
    visit.open("search/")
    tab.evaluate("() => { window.said = []; window.alert = (words) => window.said.push(words); }")
    for words in HOSTILE:
        stays_text(tab, words)


def stays_text(tab: Page, words: str) -> None:
    field = tab.get_by_role("searchbox", name="Search", exact=True)
    status = tab.locator("article .or-search__status")
    field.fill("")
    expect(status).to_have_text("")  # nothing is left of the words before
    field.fill(words)
    if re.search(r"\w|🎉|👩", words):
        expect(status).to_contain_text("“")
        expect(tab.locator("article .or-search")).not_to_have_attribute("aria-busy", "true")
    elif words.strip():
        expect(status).to_have_text("There is no word or number here to look for.")
    if len(words) > 300:
        expect(tab.get_by_role("alert")).to_have_text(
            "Only the first 300 characters are looked for."
        )
    assert field.input_value() == words
    assert (
        tab.locator("article :is(.or-search__status, .or-search__help) :is(img, script)").count()
        == 0
    )
    assert tab.evaluate(HARM) == []
    assert tab.evaluate("window.said") == []
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_people_wrote_stays_text(alone: Visit) -> None:
    visit, tab = alone, alone.tab
    tab.add_init_script("window.said = []; window.alert = (words) => window.said.push(words);")
    visit.open(f"search/?q=marmalade&tag={quote(ODD_TAG)}")
    found(tab, "marmalade", "article")
    assert titles(tab, "article") == ["Write <b>bold</b> & <script>alert('pwned')</script> titles"]
    passage = tab.locator(".or-hit__passage")
    assert "A <img src=x onerror=alert('pwned')> in an example" in passage.inner_text()
    assert "5 < 7 & so on." in passage.inner_text()
    assert tab.get_by_role("checkbox", name=f"{ODD_TAG} 1", exact=True).is_checked()
    tab.get_by_role("button", name=f"Remove the filter Tag: {ODD_TAG}").wait_for()
    assert tab.evaluate("window.said") == []


def test_nothing_found_says_what_to_try(visit: Visit, tab: Page) -> None:
    visit.open("search/?q=zanzibar+bank&outcome=rejected")
    found(tab, "zanzibar bank", "article")
    assert (
        tab.locator("article .or-search__status").inner_text()
        == "Nothing found for “zanzibar bank”"
    )
    assert tab.locator(".or-search__help").get_by_role("link").inner_text().startswith("browse by")
    tab.get_by_role("button", name="Search for “zanzibar” (1)").click()
    expect(tab.locator("article .or-hit__title")).to_have_text(["Keep archive box 3"])
    # No page of this kind has the word; a word of the vocabulary stays a filter all the same.
    visit.open("search/?q=marmalade&outcome=rejected")
    tab.get_by_role("button", name="Remove the filter Outcome: Rejected").last.click()
    expect(tab.locator("article .or-hit__title")).to_have_count(1)
    expect(tab).to_have_url(visit.site + "search/?q=marmalade")


@pytest.mark.parametrize("word", ["qwxyz", "合同"])
def test_a_word_that_no_page_has_is_named(visit: Visit, tab: Page, word: str) -> None:
    visit.open(f"search/?q=zanzibar+{word}")
    status = tab.locator("article .or-search__status")
    expect(status).to_have_text(
        f"14 results for “zanzibar {word}”. No page has “{word}”, so it is left out"
    )


@pytest.mark.parametrize(
    ("words", "title", "told"),
    [
        ("archvie box", "Keep archive box", ". No page has “archvie”: searched for “archive”"),
        ('"who may open" boxes', "Keep archive box", ""),
        ("labelled zanzibar", "Keep archive box", ""),
        ("carol", "Carol Cole", ""),
        ("ADR 7", "Number seven", ""),
    ],
)
def test_what_is_meant_is_found(visit: Visit, tab: Page, words: str, title: str, told: str) -> None:
    visit.open(f"search/?q={quote(words)}")
    found(tab, words, "article")
    assert titles(tab, "article")[0].startswith(title)
    assert told in tab.locator("article .or-search__status").inner_text()


def test_the_nearest_are_shown_where_all_words_find_little(visit: Visit, tab: Page) -> None:
    visit.open("search/?q=salaries+cellar+marmalade")
    found(tab, "salaries cellar marmalade", "article")
    near = tab.locator("article .or-nearest")
    expect(near.locator(".or-hit__title")).to_have_count(3)
    # What nobody has decided can be asked for: the form begins with it.
    near.get_by_role("link", name="Ask for it").click()
    expect(tab.get_by_label("Title", exact=True)).to_have_value("salaries cellar marmalade")
    # A question in six words and more has them first.
    visit.open("search/?q=nobody+knows+who+may+open+the+boxes")
    found(tab, "nobody knows who may open the boxes", "article")
    assert titles(tab, "article")[0] == near.locator(".or-hit__title").first.inner_text()
    # A misspelt word of it is asked as it was meant, and whoever asked is told.
    asked = "nobody knows the combination of archvie boxes"
    visit.open(f"search/?q={quote(asked)}")
    found(tab, asked, "article")
    expect(near.locator(".or-hit__title")).to_have_count(3)
    expect(tab.locator("article .or-search__status")).to_contain_text(
        "No page has “archvie”: searched for “archive” instead"
    )
    assert "archive" in near.locator(".or-hit__title").first.inner_text()
    # The same where no page has all the words that are left.
    visit.open("search/?q=archvie+marmalade+salaries")
    found(tab, "archvie marmalade salaries", "article")
    expect(tab.locator("article .or-search__status")).to_contain_text(
        "has “archvie”: searched for “archive” instead"
    )
    # One word that stands in many pages needs none.
    visit.open("search/?q=archive")
    found(tab, "archive", "article")
    expect(near).to_have_count(0)


def test_a_word_is_never_cut_down_to_one_that_stands_somewhere(visit: Visit, tab: Page) -> None:
    """Of “zanzibarxyz” the index would take “zanzibar” by itself."""
    visit.open("search/?q=zanzibarxyz")
    within = "article"
    expect(tab.locator(f"{within} .or-search__status")).to_have_text(
        "Nothing found for “zanzibarxyz”"
    )
    # The nearest by words of that kind come below, and under a heading of their own.
    near = tab.locator(f"{within} .or-nearest")
    expect(near.get_by_role("heading")).to_have_text("Nearest by their words")
    assert titles(tab, within) == near.locator(".or-hit__title").all_inner_texts()
    visit.open("search/?q=zanzibarxyz+marmalade")
    expect(tab.locator(f"{within} .or-search__status")).to_have_text(
        "1 result for “zanzibarxyz marmalade”. No page has “zanzibarxyz”, so it is left out"
    )
    visit.open("search/?q=zanzi")  # a beginning is enough
    found(tab, "zanzi", within)
    assert len(titles(tab, within)) == 10


def test_an_older_search_never_overwrites_a_newer_one(alone: Visit) -> None:
    visit, tab = alone, alone.tab
    visit.open("search/?q=payroll")  # so that the index is there
    found(tab, "payroll", "article")
    held: list[Route] = []
    holds = True
    tab.route("**/pagefind/fragment/**", lambda r: held.append(r) if holds else r.continue_())
    field = tab.get_by_role("searchbox", name="Search", exact=True)
    with tab.expect_request("**/pagefind/fragment/**"):
        field.fill("zanzibar")
    tab.evaluate("0")  # a way there and back: by now the request has reached us too
    assert held
    holds = False
    field.fill("marmalade")
    found(tab, "marmalade", "article")
    for route in held:
        route.continue_()
    tab.wait_for_timeout(300)  # what must not come
    assert len(titles(tab, "article")) == 1
    expect(tab.locator("article .or-search__status")).to_contain_text("marmalade")


def test_without_words_nothing_of_the_index_is_loaded(alone: Visit) -> None:
    visit, tab = alone, alone.tab
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url.removeprefix(visit.site)))
    visit.open("search/")
    tab.wait_for_timeout(300)  # what must not come
    assert [url for url in asked if url.startswith("pagefind")] == []
    browse = tab.locator("[data-onrecord-browse]")
    for label in ("Assess", "Rejected", "2024", "Office lead", "archive"):
        assert browse.get_by_role("link", name=label).first.is_visible()
    # With a filter and no word the lists that it stands for are named; no chunk of text is loaded.
    visit.open("search/?outcome=rejected")
    link = tab.locator(".or-search__lists").get_by_role("link", name="Rejected")
    link.wait_for()
    assert link.evaluate("a => a.href") == visit.site + "decisions/outcome/rejected/"
    assert len([url for url in asked if url.startswith("pagefind/index")]) <= 1
    assert [url for url in asked if url.startswith("pagefind/fragment")] == []


def test_a_finished_word_is_loaded_while_the_next_is_typed(alone: Visit) -> None:
    visit, tab = alone, alone.tab
    tab.clock.install(time=0)
    visit.open("search/")
    field = tab.get_by_role("searchbox", name="Search", exact=True)
    field.focus()
    tab.clock.pause_at(3_600_000)  # the time to search doesn't come
    with tab.expect_request("**/pagefind/index/**"):
        field.press_sequentially("zanzibar bo")
    expect(tab.locator("article .or-hit")).to_have_count(0)
    tab.clock.run_for(1000)
    found(tab, "zanzibar bo", "article")


def test_words_are_told_apart_in_the_language_of_the_index(
    borrow: Callable[..., BrowserContext], serve: Callable[[Path], str], tmp_path: Path
) -> None:
    base = Base(tmp_path)
    base.configure({**PLAIN, "theme": {"name": "material", "language": "ja", "font": False}})
    base.write("decisions/2026/bank.md", record("銀行 と 給料", "給料 は 銀行 で 払う"))
    base.write("decisions/2026/day.md", record("給料 の 日", "給料 は 毎月 払う"))
    visit = Visit(borrow().new_page(), serve(base.build().folder))
    visit.open(f"search/?q={quote('給料銀行')}")
    expect(visit.tab.locator("article .or-search__status")).to_have_text("1 result for “給料銀行”")


def test_a_page_view_loads_little(alone: Visit, folder: Path) -> None:
    visit, tab = alone, alone.tab
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url.removeprefix(visit.site)))
    visit.open("decisions/")
    tab.wait_for_timeout(300)  # what must not come
    own = [url for url in asked if "search" in url or url.startswith("pagefind")]
    assert own == ["assets/onrecord/search/search.js"]
    assert sum((folder / url).stat().st_size for url in own) < 60_000


@pytest.mark.parametrize("pattern", ["*", "pagefind-entry.json"])
def test_a_missing_index_is_said(
    borrow: Callable[..., BrowserContext],
    folder: Path,
    serve: Callable[[Path], str],
    tmp_path: Path,
    pattern: str,
) -> None:
    shutil.copytree(folder, tmp_path / "site")
    for file in (tmp_path / "site/pagefind").glob(pattern):
        shutil.rmtree(file) if file.is_dir() else file.unlink()
    site = serve(tmp_path / "site")
    tab = borrow().new_page()
    tab.goto(site + "decisions/")
    tab.keyboard.press("/")
    tab.locator("dialog[open]").wait_for()
    tab.keyboard.type("payroll")
    alert = tab.locator("dialog [role=alert]")
    expect(alert).to_contain_text("Search can’t be used")
    assert titles(tab) == []
    expect(tab.locator("dialog .or-search__status")).to_have_text("")
    alert.get_by_role("link").click()
    tab.wait_for_url(site + "search/")
    tab.locator("[data-onrecord-browse]").get_by_role("link", name="Rejected").wait_for()


def test_an_index_of_another_build_is_said(
    borrow: Callable[..., BrowserContext],
    folder: Path,
    serve: Callable[[Path], str],
    tmp_path: Path,
) -> None:
    shutil.copytree(folder, tmp_path / "site")
    marker = tmp_path / "site/pagefind/build.json"
    other = json.loads(marker.read_text(encoding="utf-8")) | {"build": "of-yesterday"}
    marker.write_text(json.dumps(other), encoding="utf-8")
    tab = borrow().new_page()
    visit = Visit(tab, serve(tmp_path / "site"))
    visit.open("search/?q=zanzibar")
    found(tab, "zanzibar", "article")
    assert "made for another build of this site" in tab.get_by_role("alert").inner_text()
    assert len(titles(tab, "article")) == 10


def test_without_scripts(borrow: Callable[..., BrowserContext], site: str) -> None:
    tab = borrow(java_script_enabled=False).new_page()
    tab.goto(site + "decisions/2026/bring-payroll-home/")
    tab.get_by_role("link", name="Search").click()
    tab.wait_for_url(site + "search/")
    said = tab.locator(".or-search__waiting")
    expect(said).to_be_visible()
    expect(said).to_have_text(re.compile("^The search needs JavaScript"))
    tab.get_by_role("link", name="Rejected").click()
    expect(tab).to_have_url(site + "decisions/outcome/rejected/")


def test_marks_are_in_the_text_alone_and_go_away(visit: Visit, tab: Page) -> None:
    visit.open("decisions/2023/box-7/")
    nodes = "a => [a.textContent, a.querySelectorAll('*').length, a.querySelector('p').outerHTML]"
    before = tab.locator("article").evaluate(nodes)
    visit.open("decisions/2023/box-7/?h=problem+BOX+box-7#proposal")
    bar = tab.get_by_role("region", name="Marked words")
    bar.wait_for()
    marked = tab.locator("mark.or-mark").all_inner_texts()
    assert {"box", "Problem"} <= set(marked) <= {"box", "box-7", "Problem"}
    assert tab.locator("mark.or-mark").count() == tab.locator("article mark.or-mark").count()
    expect(tab.locator(":is(nav, .headerlink) mark.or-mark")).to_have_count(0)
    assert tab.evaluate("window.shift") < 0.02
    bar.get_by_role("button", name="Unmark").press("Enter")
    expect(bar).to_have_count(0)
    expect(tab).to_have_url(visit.site + "decisions/2023/box-7/#proposal")
    assert tab.locator("article").evaluate(nodes) == before
    tab.reload()
    expect(tab.locator("mark.or-mark")).to_have_count(0)


def test_escape_unmarks(visit: Visit, tab: Page) -> None:
    visit.open("decisions/2023/box-7/?h=zanzibar")
    tab.locator("mark.or-mark").first.wait_for()
    tab.keyboard.press("Escape")
    expect(tab.locator("mark.or-mark")).to_have_count(0)
    expect(tab).to_have_url(visit.site + "decisions/2023/box-7/")


@pytest.mark.parametrize("words", ["(", "[a-", "\\", "<b>", "a|b.*", "*", "", "%"])
def test_odd_words_to_mark_do_nothing(visit: Visit, tab: Page, words: str) -> None:
    visit.open(f"decisions/2023/box-7/?h={quote(words)}")
    tab.wait_for_timeout(100)  # what must not come
    assert set(tab.locator("mark.or-mark").all_inner_texts()) <= {"a", "b"}


def test_below_a_folder_and_without_directory_addresses(
    borrow: Callable[..., BrowserContext], tmp_path: Path, serve: Callable[[Path], str]
) -> None:
    base = Base(tmp_path / "base", like=NORTHWIND)
    base.build("../served/our/handbook", use_directory_urls=False)
    site = serve(tmp_path / "served") + "our/handbook/"
    tab = borrow().new_page()
    visit = Visit(tab, site)
    visit.open("decisions/2026/bring-payroll-home.html")
    search(tab, "choose payroll tool")
    assert (
        tab.get_by_role("link", name="Open as a page")
        .evaluate("a => a.href")
        .startswith(site + "search/index.html?q=")
    )
    tab.keyboard.press("Enter")
    tab.wait_for_url(site + "decisions/2024/choose-payroll-tool.html?h=**")
    assert visit.faults == []


@pytest.mark.parametrize("way", LOOKS)
def test_no_barrier(borrow: Callable[..., BrowserContext], site: str, way: str) -> None:
    width, scheme = LOOKS[way]
    window = borrow(viewport={"width": width, "height": 900}, color_scheme=scheme)
    visit = Visit(window.new_page(), site)
    tab = visit.tab
    tab.add_init_script(CHECKS)
    visit.open("decisions/")
    search(tab, "zanzibar")
    tab.get_by_role("button", name="Filters").click()
    tab.locator("dialog summary", has_text=re.compile("^Tag")).click()
    tab.get_by_role("searchbox", name="Narrow the values of tag").wait_for()
    tab.locator("dialog .or-filters").get_by_role("checkbox", name=re.compile("^Decision")).check()
    expect(tab.locator("dialog .or-search__chosen li")).to_have_count(1)
    assert barriers(visit) == []
    for address in (
        "search/",
        "search/?q=zanzibar&outcome=accepted&outcome=rejected&colour=red",
        "search/?q=payroll",
        "search/?q=qwxyz+zwxyq&kind=metric",
        "decisions/2023/box-7/?h=box",
    ):
        visit.open(address)
        tab.wait_for_selector("[aria-busy]", state="detached")
        tab.locator(
            ".or-hit, .or-search__help li, mark.or-mark, [data-onrecord-browse]"
        ).first.wait_for(state="attached")
        if "q=" in address:
            tab.locator("article :is(.or-hit, .or-search__help li)").first.wait_for()
        assert barriers(visit) == [], address
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        assert tab.evaluate("window.shift") < 0.02, address
    assert visit.faults == []


def test_an_index_joined_of_pieces_is_searched_as_one(
    borrow: Callable[..., BrowserContext],
    serve: Callable[[Path], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(site_index, "PIECE_BYTES", 4_000)
    monkeypatch.setattr(site_index, "COMMON_SHARE", 0.1)
    monkeypatch.setattr(site_index, "COMMON_PAGES", 8)
    base = Base(tmp_path, like=NORTHWIND)
    for n in range(1, 9):
        base.write(f"decisions/2023/box-{n}.md", ARCHIVE.format(n=n, outcome="accepted"))
    made = base.build().folder
    visit = Visit(borrow().new_page(), serve(made))
    visit.open("search/?q=zanzibar&sort=date")
    results = visit.tab.locator("article .or-hit")
    expect(results).to_have_count(8)
    assert [each.split("box ")[1][0] for each in results.all_inner_texts()] == list("87654321")
    visit.open("search/?q=zanzibar&tag=shelf-3")
    expect(results).to_have_count(1)
    visit.open("search/?q=zanzibar+qwxyz")
    expect(visit.tab.locator("article")).to_contain_text("No page has “qwxyz”")
    # In a large index, words that stand in nearly every page are left out.
    for words, said in (
        ("in+the+zanzibar", "8 results for “in the zanzibar”"),
        ("the", "“the” stands in nearly every page. Add a word that says more."),
        ('"in+the+zanzibar"', '8 results for “"in the zanzibar"”'),
    ):
        visit.open(f"search/?q={words}")
        expect(visit.tab.locator("article .or-search__status")).to_have_text(said)
    assert visit.faults == []


def test_print_leaves_the_controls_out(alone: Visit) -> None:
    visit, tab = alone, alone.tab
    visit.open("search/?q=zanzibar&outcome=accepted")
    found(tab, "zanzibar", "article")
    tab.emulate_media(media="print")
    expect(tab.locator("article .or-hit").first).to_be_visible()
    for selector in (".or-search__form", ".or-filters", ".or-search-link", ".or-search__chosen"):
        assert not tab.locator(f":is(article, header) {selector}").first.is_visible(), selector
    visit.open("decisions/2023/box-7/?h=box")
    tab.locator("mark.or-mark").first.wait_for(state="attached")
    expect(tab.locator(".or-marks")).to_be_hidden()
