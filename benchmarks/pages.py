"""What a reader's browser gets and shows: weight, first screen, rows and height of a built site.

    python benchmarks/pages.py SITE BROWSER [--each 10]

In come a built site and the name or path of a Chromium. It is served compressed, and each page is
opened once with an empty cache; of the decisions one in so many is looked at. Out come, of each
kind of page, the median and the worst of

- its weight over the wire: bytes of the compressed bodies of all that it loads, in kB, and of its
  HTML alone;
- the y at which the author's text begins, at 1440 × 900 and 390 × 844 (decisions and handoffs);
- its height at 1440, and the height of its highest row;

and the pages that can be scrolled sideways at 360, or weigh more than 90 kB. Only pixels and bytes
are measured, no time, so that the same site gives the same numbers everywhere.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
from collections import defaultdict
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from site_server import CompressedFiles, served

MOST = 90_000
SIZES = {"wide": (1440, 900), "phone": (390, 844), "narrowest": (360, 740)}
MEASURE = """
  () => {
    const text = document.querySelector(".or-text");
    const rows = [...document.querySelectorAll("article :is(.or-list tbody tr, .or-rows > li)")]
      .filter((row) => row.checkVisibility()).map((row) => row.getBoundingClientRect().height);
    return {
      text: text && (text.firstElementChild ?? text).getBoundingClientRect().top + scrollY,
      row: Math.max(0, ...rows),
      height: document.documentElement.scrollHeight,
      fits: document.documentElement.scrollWidth <= innerWidth,
    };
  }
"""
WEIGHT = """
  () => {
    const [page] = performance.getEntriesByType("navigation");
    const all = [page, ...performance.getEntriesByType("resource")];
    const sum = all.reduce((bytes, one) => bytes + one.encodedBodySize, 0);
    return { sum, html: page.encodedBodySize, number: all.length };
  }
"""


def kinds_of(site: Path, each: int) -> dict[str, list[str]]:
    """The addresses of the pages to look at, by their kind."""
    records = json.loads((site / "records.json").read_text(encoding="utf-8"))["records"]
    found: defaultdict[str, list[str]] = defaultdict(list)
    for one in records:
        found[one["kind"]].append(one["url"])
    known = {one["url"] for one in records}
    found["decision"] = found["decision"][::each]
    for page in sorted(site.rglob("index.html")):
        url = page.parent.relative_to(site).as_posix() + "/"
        if url not in known and not (len(url.split("/")) > 4 and "decisions" in url):
            found["person" if url.startswith("people/") else "other"].append(url.removeprefix("./"))
    found["other"].append("404.html")
    found["person"] = found["person"][::each]
    return dict(found)


def measure(tab: Page, address: str) -> dict[str, Any]:
    """What `MEASURE` says of a page by size, and its weight once all that it loads is there."""
    tab.goto(address, wait_until="load")
    found: dict[str, Any] = {}
    for name, (width, height) in SIZES.items():
        tab.set_viewport_size({"width": width, "height": height})
        found[name] = tab.evaluate(MEASURE)
    seen = 0
    while (weight := tab.evaluate(WEIGHT))["number"] != seen:  # scripts load scripts
        seen = weight["number"]
        tab.wait_for_timeout(150)
    return found | weight


def told(label: str, values: list[float], unit: str = "") -> str:
    """The median and the largest of some values."""
    return f"{label} {statistics.median(values):.0f}/{max(values):.0f}{unit}" if values else ""


def main() -> None:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description="What pages weigh and show first.")
    parser.add_argument("site", type=Path)
    parser.add_argument("browser")
    parser.add_argument(
        "--each", type=int, default=10, help="one in so many decisions (default 10)"
    )
    given = parser.parse_args()
    path = shutil.which(given.browser) or given.browser
    sideways, heavy = [], []
    with served(given.site, CompressedFiles) as address, sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        tab = running.new_page()
        chromium = tab.context.new_cdp_session(tab)
        chromium.send("Network.setCacheDisabled", {"cacheDisabled": True})
        for kind, urls in kinds_of(given.site, given.each).items():
            pages = {url: measure(tab, address + url) for url in urls}
            sideways += [url for url, one in pages.items() if not one["narrowest"]["fits"]]
            heavy += [
                f"{u} {p['sum']} (HTML {p['html']})" for u, p in pages.items() if p["sum"] > MOST
            ]
            each = list(pages.values())
            parts = [
                told("kB", [one["sum"] / 1000 for one in each]),
                told("HTML kB", [one["html"] / 1000 for one in each]),
                *(
                    told(f"text {size}", [x for p in each if (x := p[size]["text"])], " px")
                    for size in ("wide", "phone")
                    if kind in ("decision", "handoff")
                ),
                told("height", [one["wide"]["height"] for one in each], " px"),
                told("row", [x for p in each if (x := p["wide"]["row"])], " px"),
            ]
            print(f"{kind} ({len(each)} pages), median/most: {', '.join(filter(None, parts))}")
        running.close()
    print(f"Sideways at 360: {', '.join(sideways) or 'none'}")
    print(f"Over {MOST // 1000} kB: {len(heavy)}", *heavy, sep="\n  ")


if __name__ == "__main__":
    main()
