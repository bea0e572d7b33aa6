"""Our script in the place of the theme's: colours, contents, code, tables, folds, the drawer."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from building import Base
from playwright.sync_api import BrowserContext, Page, expect

THEME: dict[str, Any] = {
    "name": "material",
    "font": False,
    "features": ["content.code.copy", "navigation.top", "toc.follow"],
    "palette": [
        {
            "media": f"(prefers-color-scheme: {light})",
            "scheme": scheme,
            "toggle": {"icon": "material/weather-sunny", "name": f"Switch to {other}"},
        }
        for light, scheme, other in (("light", "default", "dark"), ("dark", "slate", "light"))
    ],
}
PARTS = "\n\n".join(f"## Part {n}\n\n" + "Words of this part.\n\n" * 15 for n in range(1, 8))
GUIDE = f"""# Guide

```sh
first line
{"a very long line " * 30}
```

<details><summary>More</summary>
<h3 id="deep">Deep</h3>
<p>Folded words.</p>
</details>

| {" | ".join(f"column-{n}" for n in range(30))} |
|{"---|" * 30}
| {" | ".join(f"value-{n}" for n in range(30))} |

{PARTS}
"""
OTHERS = {"annotated": '# A\n\n<p class="annotate">Words (1)</p>\n', "plain": "# P\n\nWords.\n"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    base = Base(tmp_path_factory.mktemp("theme"))
    base.write("docs/index.md", "# Home\n")
    base.write("docs/guide.md", GUIDE)
    for name, text in OTHERS.items():
        base.write(f"docs/{name}.md", text)
    base.write("decisions/2026/a.md", "---\ntitle: A\nstage: assess\n---\n\n## Problem\n\nB.\n")
    extensions = ["fenced_code", "pymdownx.highlight", "tables"]
    return serve(base.build(theme=THEME, markdown_extensions=extensions).folder)


@pytest.fixture
def tab(borrow: Callable[..., BrowserContext]) -> Page:
    return borrow(viewport={"width": 1440, "height": 900}).new_page()


def has(name: str) -> re.Pattern[str]:
    return re.compile(rf"(^|\s){name}(\s|$)")


def test_contents_and_header_follow_the_reader(tab: Page, site: str) -> None:
    tab.goto(site + "guide/")
    title = tab.locator("[data-md-component=header-title]")
    expect(title).not_to_have_class(has("md-header__title--active"))
    tab.locator("#part-4").evaluate("heading => heading.scrollIntoView()")
    contents = tab.locator(".md-sidebar--secondary .md-nav__link")
    now = contents.filter(has_text="Part 4")
    expect(now).to_have_class(has("md-nav__link--active"))
    expect(tab.locator(".md-sidebar--secondary .md-nav__link--active")).to_have_count(1)
    expect(contents.filter(has_text="Part 2")).to_have_class(has("md-nav__link--passed"))
    expect(contents.filter(has_text="Part 6")).not_to_have_class(has("md-nav__link--passed"))
    expect(title).to_have_class(has("md-header__title--active"))
    tab.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(contents.filter(has_text="Part 7")).to_have_class(has("md-nav__link--active"))


def test_the_way_back_to_the_top_shows_on_the_way_up(tab: Page, site: str) -> None:
    tab.goto(site + "guide/")
    top = tab.locator(".md-top")
    tab.mouse.move(700, 500)
    tab.mouse.wheel(0, 2000)
    tab.wait_for_function("scrollY > 1500")
    expect(top).to_have_attribute("hidden", "")
    tab.mouse.wheel(0, -300)
    expect(top).not_to_have_attribute("hidden", "")
    top.click()
    tab.wait_for_function("scrollY === 0")
    expect(top).to_have_attribute("hidden", "")


def test_code_is_copied_and_read_by_keyboard(
    borrow: Callable[..., BrowserContext], site: str
) -> None:
    window = borrow(permissions=["clipboard-read", "clipboard-write"])
    tab = window.new_page()
    tab.goto(site + "guide/")
    expect(tab.locator("pre > code")).to_have_attribute("tabindex", "0")
    tab.get_by_role("button", name="Copy to clipboard").click()
    expect(tab.locator(".md-dialog--active")).to_have_text("Copied to clipboard")
    assert tab.evaluate("navigator.clipboard.readText()").startswith("first line\na very long")


def test_a_wide_table_scrolls_within_itself(tab: Page, site: str) -> None:
    tab.goto(site + "guide/")
    scrolled = tab.locator(".md-typeset__scrollwrap > .md-typeset__table > table")
    assert scrolled.count() == 1
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_colours_are_kept(tab: Page, site: str) -> None:
    tab.goto(site)
    body = tab.locator("body")
    expect(body).to_have_attribute("data-md-color-scheme", "default")
    tab.get_by_title("Switch to dark").click()
    expect(body).to_have_attribute("data-md-color-scheme", "slate")
    expect(tab.get_by_title("Switch to light")).to_be_visible()
    expect(tab.get_by_title("Switch to dark")).to_be_hidden()
    tab.goto(site + "guide/")
    expect(body).to_have_attribute("data-md-color-scheme", "slate")
    tab.get_by_role("radio", name="Switch to light").press("Enter")
    expect(body).to_have_attribute("data-md-color-scheme", "default")


def test_colours_follow_the_system_until_somebody_chooses(tab: Page, site: str) -> None:
    body, scheme = tab.locator("body"), "data-md-color-scheme"
    tab.emulate_media(color_scheme="light")
    tab.goto(site)
    expect(body).to_have_attribute(scheme, "default")
    tab.emulate_media(color_scheme="dark")  # the evening comes
    expect(body).to_have_attribute(scheme, "slate")
    tab.emulate_media(color_scheme="light")
    expect(body).to_have_attribute(scheme, "default")
    tab.emulate_media(color_scheme="dark")
    tab.goto(site + "guide/")
    expect(body).to_have_attribute(scheme, "slate")
    tab.get_by_title("Switch to light").click()
    expect(body).to_have_attribute(scheme, "default")
    tab.emulate_media(color_scheme="light")
    tab.emulate_media(color_scheme="dark")
    tab.goto(site)
    expect(body).to_have_attribute(scheme, "default")


def test_a_link_into_a_fold_opens_it_and_paper_shows_all(tab: Page, site: str) -> None:
    tab.goto(site + "guide/#%")  # an end of an address that names nothing
    fold = tab.locator("details:has(#deep)")
    expect(fold).not_to_have_attribute("open", "")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(fold).to_have_attribute("open", "")
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(fold).not_to_have_attribute("open", "")
    tab.evaluate("location.hash = 'deep'")
    expect(fold).to_have_attribute("open", "")


def test_the_drawer_closes_when_its_link_is_followed(
    borrow: Callable[..., BrowserContext], site: str
) -> None:
    tab = borrow(viewport={"width": 390, "height": 844}).new_page()
    tab.goto(site + "guide/")
    tab.locator("label.md-header__button[for=__drawer]").click()
    expect(tab.locator("#__drawer")).to_be_checked()
    tab.evaluate("location.hash = 'part-3'")
    expect(tab.locator("#__drawer")).not_to_be_checked()


def test_only_a_page_that_needs_it_loads_the_theme_s_own(tab: Page, site: str) -> None:
    scripts = {}
    for name in OTHERS:
        tab.goto(site + f"{name}/")
        scripts[name] = tab.locator("script[src*=bundle]").count()
    assert scripts == {"annotated": 1, "plain": 0}
