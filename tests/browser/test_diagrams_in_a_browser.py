"""Diagrams in Mermaid's code: drawn without another host, and without running what they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from building import PLAIN, Base
from playwright.sync_api import BrowserContext, Page, expect
from serving import Quiet, serving

DECISION = """---
title: {}
stage: assess
owner: ana
---

## Problem

{}
"""
DRAWN = """```mermaid
flowchart LR
    A[Order arrives] -->|paid| B{In stock?}
    B --> C[Ask the shop<br/>and wait]
```

```mermaid
sequenceDiagram
    accTitle: How a hat is bought
    Ana->>Shop: Buy a hat & gloves
```

```mermaid
flowchart TD
  A -->
  [[ broken
```
"""
AT, ANY = "http://elsewhere.invalid", "//elsewhere.invalid"
HOSTILE = [
    f"""flowchart TD
  A["<img src={AT}/label onerror=parent.document.title='ran'>"] --> B["<b>words</b>"]""",
    f"""flowchart TD
  A@{{ img: "{AT}/shape.png", label: "a shape" }}""",
    f"""%%{{init: {{"securityLevel": "loose", "themeCSS": "*{{background:url({AT}/css)}}"}}}}%%
flowchart TD
  A["<script>parent.document.title='ran'</script>"] --> B
  click A "javascript:parent.document.title='ran'"
  click B call alert()""",
    f"""%%{{init: {{"theme": "base", "fontFamily": "x;}}*{{background:url({ANY}/font)}}"}}}}%%
flowchart TD
  A --> B
  classDef loud fill:url({ANY}/fill),background-image:url({ANY}/back)
  class A loud""",
    f"""sequenceDiagram
  participant A
  properties A: {{"icon": "{AT}/icon.png"}}
  links A: {{"Here": "javascript:parent.document.title='ran'"}}
  A->>A: ok""",
]
MATERIAL: dict[str, Any] = {
    **PLAIN,
    "theme": {
        "name": "material",
        "font": False,
        "palette": [
            {"scheme": "default", "toggle": {"icon": "material/weather-night", "name": "Dark"}},
            {"scheme": "slate", "toggle": {"icon": "material/weather-sunny", "name": "Light"}},
        ],
    },
    "markdown_extensions": ["attr_list", "pymdownx.highlight", "pymdownx.superfences"],
}


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """Another host: its name, and the addresses that somebody asked it for."""
    heard: list[str] = []

    class Heard(Quiet):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_error(404)

    with serving(Heard) as address:
        yield address.removeprefix("http://"), heard


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, elsewhere: tuple[str, list[str]]) -> Path:
    base = Base(tmp_path_factory.mktemp("diagrams"))
    base.configure(MATERIAL)
    base.write("decisions/drawn.md", DECISION.format("Drawn", DRAWN))
    codes = "\n\n".join(f"```mermaid\n{code}\n```" for code in HOSTILE)
    codes = codes.replace("elsewhere.invalid", elsewhere[0])
    base.write("decisions/hostile.md", DECISION.format("Hostile", codes))
    base.write("decisions/none.md", DECISION.format("None", "No picture."))
    return base.build().folder


@pytest.fixture(scope="module")
def site(folder: Path, serve: Callable[[Path], str]) -> str:
    return serve(folder)


@pytest.fixture
def asked() -> list[str]:
    """The addresses that the tab has asked for."""
    return []


@pytest.fixture
def tab(borrow: Callable[..., BrowserContext], asked: list[str]) -> Page:
    page = borrow(viewport={"width": 1200, "height": 900}).new_page()
    page.on("requestfinished", lambda request: asked.append(request.url))
    return page


def _waits_for(tab: Page, pictures: int) -> None:
    expect(tab.locator(".or-diagram img")).to_have_count(pictures)
    for number in range(pictures):
        size = "one => one.complete && one.naturalWidth > 40 && one.naturalHeight > 40"
        handle = tab.locator(".or-diagram img").nth(number).element_handle()
        assert handle is not None
        tab.wait_for_function(size, arg=handle)


def test_a_diagram_is_drawn_above_its_code(tab: Page, site: str) -> None:
    tab.goto(f"{site}decisions/drawn/")
    expect(tab.locator(".or-diagram__fault")).to_contain_text("Mermaid can’t draw this: Parse")
    _waits_for(tab, 2)
    expect(tab.get_by_alt_text("How a hat is bought")).to_be_visible()
    expect(tab.locator("pre", has_text="[[ broken")).to_be_visible()
    code = tab.locator("pre", has_text="Order arrives")
    expect(code).to_be_hidden()
    tab.locator(".or-diagram summary").first.click()
    expect(code).to_be_visible()


def test_a_diagram_has_the_colours_of_day_and_night(tab: Page, site: str) -> None:
    tab.goto(f"{site}decisions/drawn/")
    expect(tab.locator(".or-diagram img[data-or-dark=false]")).to_have_count(2)
    by_day = tab.locator(".or-diagram img").first.get_attribute("src")
    tab.get_by_title("Dark").click()
    expect(tab.locator(".or-diagram img[data-or-dark=true]")).to_have_count(2)
    assert tab.locator(".or-diagram img").first.get_attribute("src") != by_day


def test_no_diagram_runs_a_script_or_asks_another_host(
    tab: Page, site: str, elsewhere: tuple[str, list[str]]
) -> None:
    tab.on("dialog", lambda dialog: pytest.fail(f"a diagram ran {dialog.message}"))
    tab.goto(f"{site}decisions/hostile/")
    expect(tab.locator(".or-diagram img, .or-diagram__fault")).to_have_count(len(HOSTILE))
    _waits_for(tab, tab.locator(".or-diagram img").count())
    tab.locator(".or-diagram img").last.click()
    expect(tab).to_have_title("Hostile - Plain")
    host, heard = elsewhere
    # A later request of the same browser: what a diagram asked for would have come before it.
    tab.context.new_page().goto(f"http://{host}/heard")
    assert "/heard" in heard
    assert [one for one in heard if one not in ("/heard", "/favicon.ico")] == []


def test_only_a_page_with_a_diagram_loads_mermaid(tab: Page, site: str, asked: list[str]) -> None:
    tab.goto(f"{site}decisions/none/")
    assert not any("diagram" in one or "mermaid" in one for one in asked)


def test_a_site_opened_from_a_disk_draws_too(tab: Page, folder: Path) -> None:
    tab.goto((folder / "decisions/drawn/index.html").as_uri())
    _waits_for(tab, 2)
