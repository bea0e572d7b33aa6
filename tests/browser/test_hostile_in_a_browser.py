"""A hostile base in a real browser: nothing of it runs, and nothing of it asks another host."""

from __future__ import annotations

from pathlib import Path

from building import Site
from playwright.sync_api import Browser
from test_pages_in_a_browser import HARM

TRAP = """
window.ran = [];
for (const name of ['alert', 'confirm', 'prompt', 'print'])
  window[name] = (...words) => { window.ran.push(name + ': ' + words.join(' ')) };
"""
ACT = """() => {
  for (const node of document.querySelectorAll('article *, .md-nav--secondary *, .md-skip'))
    for (const type of ['mouseenter', 'mouseover', 'focus', 'click'])
      if (type !== 'click' || (node.getAttribute('href') || '').startsWith('#'))
        node.dispatchEvent(new MouseEvent(type, { bubbles: type !== 'focus' }));
  return window.ran;
}"""


def test_nothing_of_a_hostile_base_runs_or_asks_another_host(
    browser: Browser, hostile_site: Site, hostile: str
) -> None:
    site, home = hostile_site.folder, hostile
    context = browser.new_context()
    context.add_init_script(TRAP)
    page = context.new_page()
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    ran: dict[str, list[str]] = {}
    harm: dict[str, list[str]] = {}
    files = [file for file in sorted(site.rglob("*.html")) if is_of_the_hostile(file, site)]
    assert len(files) > 60
    for file in files:
        page.goto(home + file.relative_to(site).as_posix(), wait_until="load")
        page.mouse.move(300, 300)
        if found := page.evaluate(HARM):
            harm[page.url] = found
        if found := page.evaluate(ACT):
            ran[page.url] = found
    context.close()
    assert ran == {}
    assert harm == {}
    assert faults == []
    assert [url for url in asked if not url.startswith((home, "data:", "blob:"))] == []


def is_of_the_hostile(file: Path, site: Path) -> bool:
    """The pages of somebody who means harm, and those that list what they wrote."""
    path = file.relative_to(site).as_posix()
    return "hostile" in path or "/h1" in path or path.count("/") <= 1
