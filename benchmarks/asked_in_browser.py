"""What a built site answers in a real Chromium: on its search page, and on the form of a decision.

In come the folder of a site and questions, as somebody would type them; out come, for each, the
addresses of what is shown below the root of the site, best first.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from site_server import served

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

ANSWERED = """(asked) => new URLSearchParams(location.search).get("q") === asked
  && !document.querySelector(".or-search[aria-busy], .or-nearest[aria-busy]")"""
SHOWN = """(links) => links.map((link) => new URL(link.href).pathname.slice(1))"""


def chromium() -> str:
    """The browser there is; ONRECORD_BROWSER may name one."""
    names = (os.environ.get("ONRECORD_BROWSER"), *NAMES)
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    return found or sys.exit("Chromium is needed, or name one in ONRECORD_BROWSER")


@contextmanager
def opened(site: Path, page: str) -> Iterator[Page]:
    """A page of a site in a browser of its own."""
    with served(site) as address, sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        tab = running.new_page(bypass_csp=True)  # waiting for a condition takes eval
        tab.goto(address + page)
        yield tab
        running.close()


def by_search(site: Path, asked: Sequence[str]) -> list[list[str]]:
    """What the search page shows first for each, its nearest included."""
    found: list[list[str]] = []
    with opened(site, "search/") as tab:
        field = tab.locator("[data-onrecord-search] .or-search__words")
        for words in asked:
            field.fill(words)
            tab.wait_for_function(ANSWERED, arg=words)
            found.append(tab.locator(".or-hit__title").evaluate_all(SHOWN))
    return found


def by_form(site: Path, asked: Sequence[str]) -> list[list[str]]:
    """What the form of a new decision shows for each, typed as its title."""
    found: list[list[str]] = []
    with opened(site, "start/") as tab:
        for words in asked:
            tab.locator("[name=title]").fill(words)
            tab.wait_for_function(
                "(asked) => document.querySelector('#or-before').dataset.asked === asked", arg=words
            )
            found.append(tab.locator("#or-hits li > a:first-of-type").evaluate_all(SHOWN))
    return found
