"""What search costs a reader: time, bytes and memory, in a real headless Chromium over loopback.

    python benchmarks/search.py --records 10000 [--rounds 5]
    python benchmarks/search.py --site SITE --queries "pay date" "payroll tool"

In comes a number of records, or the folder of a built site. For a number, a knowledge base as
`onrecord init` writes it is built with MkDocs, and its index is replaced by one of so many made-up
records: they go through the same code as real ones (the slim page, the index in parts), but no page
of their own is rendered, so that what is measured is the search and not a build of an hour. Their
words follow Zipf's law over a made-up vocabulary; each has five sections of 120 words.

Out come, for each round in a browser of its own with nothing cached, and as a median:

- first: milliseconds from the key that opens the dialog on a fresh page until its results are
  shown for the whole query, which is typed without a pause;
- next: from the last key of each further query until its results are shown. In it are the pause
  after which the box searches, the files of the index that the new words need, and those of the
  results; what the first query has loaded, such as the program and the lists of files, isn't;
- bytes: what is loaded for a page view without search; and the first bytes, which are all that is
  loaded from the key until the results of the first query are shown: scripts, style sheet, Pagefind
  and its program, the lists of all parts, the chunks of the words, the texts of ten results;
- memory: the resident memory of the page's own process after all queries, and with a filter open.

The server compresses nothing; the index is compressed by itself. Most hosts do compress scripts,
style sheets and JSON, so that the bytes to the first result are also told as these would send them.
The load of the machine is printed too: on a busy one the times say little, while bytes and memory
stay.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import http.server
import os
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from onrecord.drafting import knowledge_base
from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.records.vocabulary import STAGES, Kind, Status
from onrecord.search.facets import Facets
from onrecord.search.pagefind import program
from onrecord.search.site_index import SearchIndex
from onrecord.site.pages import Views
from site_server import Files

SECTIONS = ("Problem", "Proposal", "Alternatives", "Feedback", "Review")
WORDS_IN_A_SECTION = 120
VOCABULARY, TAGS, PEOPLE, ROLES = 12_000, 300, 250, 60
TEXT = (".css", ".js", ".json")
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
TARGETS = {
    "first": 1000,
    "next": 200,
    "page": 60_000,
    "bytes": 600_000,
    "packed": 400_000,
    "memory": 350,
}


class Server(http.server.ThreadingHTTPServer):
    """Serves a folder, and notes which files of the search it has sent.

    They are counted when nobody waits for an answer: to compress one takes longer than to send it.
    """

    def __init__(self, folder: Path) -> None:
        self.served: list[str] = []
        super().__init__(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"

    def counted(self) -> tuple[int, int]:
        """The bytes sent since it was last asked, and as a host that compresses text sends them."""
        served, self.served = self.served, []
        sent = packed = 0
        for name in served:
            data = Path(name).read_bytes()
            sent += len(data)
            packed += len(gzip.compress(data, 6)) if name.endswith(TEXT) else len(data)
        return sent, packed


class Handler(Files):
    def copyfile(self, source: Any, outputfile: Any) -> None:
        is_counted = hasattr(source, "name")  # a list of a folder's files is no file
        if is_counted and re.match("/(assets/onrecord/search|pagefind)/", self.path):
            self.server.served.append(source.name)  # type: ignore[attr-defined]
        super().copyfile(source, outputfile)


def main() -> None:
    parser = argparse.ArgumentParser(description="What search costs a reader.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--records", type=int, metavar="N", help="search so many made-up records")
    what.add_argument("--site", type=Path, help="search a built site instead")
    parser.add_argument("--queries", nargs="+", metavar="WORDS", help="what is searched for")
    parser.add_argument("--rounds", type=int, default=5, help="fresh browsers (default 5)")
    given = parser.parse_args()
    if given.site and not given.queries:
        parser.error("--site needs --queries, words that stand in its records")
    with tempfile.TemporaryDirectory(prefix="search-") as scratch:
        if given.site:
            site, queries = given.site, given.queries
        else:
            site, queries = made_up(given.records, Path(scratch))
            queries = given.queries or queries
        rounds = [measure(site, queries) for _ in range(given.rounds)]
    show(rounds)


def show(rounds: list[dict[str, float]]) -> None:
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for name, unit in (
        ("first", "ms to the first result"),
        ("next", "ms to the next"),
        ("page", "bytes of a page view without search"),
        ("bytes", "bytes from the key to the first result"),
        ("packed", "of them, from a host that compresses text"),
        ("memory", "MB of the page's process"),
        ("filtered", "MB with filters open"),
        ("filters", "bytes of opening the filters"),
    ):
        values = [one[name] for one in rounds]
        median = statistics.median(values)
        each = "  ".join(f"{value:,.0f}" for value in values)
        target = f"  (target {TARGETS[name]:,})" if name in TARGETS else ""
        print(f"{median:>12,.0f} {unit}{target}   [{each}]")


def measure(site: Path, queries: list[str]) -> dict[str, float]:
    """One round: a browser that has seen nothing yet."""
    server = Server(site)
    found: dict[str, float] = {}
    with sync_playwright() as playwright:
        executable = next(filter(None, map(shutil.which, NAMES)), None)
        named = os.environ.get("ONRECORD_BROWSER") or executable
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=named, args=flags)
        tab = browser.new_page(viewport={"width": 1360, "height": 900})
        tab.set_default_timeout(120_000)
        # A page of its own: on that of the search, or home, no dialog opens.
        tab.goto(server.url + _a_record(site))
        tab.wait_for_timeout(1000)
        found["page"], _ = server.counted()
        found["first"] = ask(tab, queries[0], opens=True)
        found["bytes"], found["packed"] = server.counted()
        found["next"] = statistics.median(ask(tab, words) for words in queries[1:] or queries)
        found["memory"] = renderer_memory(browser)
        server.counted()
        tab.get_by_role("button", name="Filters").click()
        tab.locator("dialog .or-filters li").first.wait_for()
        tab.wait_for_function("!document.querySelector('[aria-busy]')")
        found["filters"], _ = server.counted()
        found["filtered"] = renderer_memory(browser)
        browser.close()
    server.shutdown()
    server.server_close()
    return found


def _a_record(site: Path) -> str:
    """The address of a page below decisions/, from the root of its site."""
    page = next(iter(sorted((site / "decisions").rglob("index.html"))), None)
    return f"{page.parent.relative_to(site).as_posix()}/" if page else "decisions/"


WHEN_SHOWN = """
  (words) => new Promise((resolve) => {
    const look = () => {
      const said = document.querySelector("dialog[open] .or-search__status")?.textContent ?? "";
      const busy = document.querySelector("dialog[open] [aria-busy]");
      const there = document.querySelector("dialog[open] .or-hit");
      if (!busy && there && said.includes(`“${words}”`)) resolve(performance.now());
      else requestAnimationFrame(look);
    };
    look();
  })
"""


KEYS = """
  addEventListener('keydown', () => {
    window.firstKey ??= performance.now();
    window.lastKey = performance.now();
  }, true)
"""


def ask(tab: Page, words: str, opens: bool = False) -> float:
    """Type a query; milliseconds until its results are seen."""
    if opens:
        tab.evaluate(KEYS)
        tab.keyboard.press("/")
    else:
        tab.locator("dialog input[type=search]").first.select_text()
    tab.keyboard.type(words)
    shown: float = tab.evaluate(WHEN_SHOWN, words)
    return shown - float(tab.evaluate("window.firstKey" if opens else "window.lastKey"))


def renderer_memory(browser: Browser) -> float:
    """Megabytes of resident memory of the largest page process; Pagefind's worker runs in it."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    sizes = [0.0]
    for process in processes:
        status = Path(f"/proc/{process['id']}/status")
        if process["type"] == "renderer" and status.is_file():
            match = re.search(r"VmRSS:\s+(\d+) kB", status.read_text(encoding="utf-8"))
            sizes.append(int(match[1]) / 1024 if match else 0.0)
    return max(sizes)


def made_up(number: int, scratch: Path) -> tuple[Path, list[str]]:
    """A site whose index holds so many made-up records, and what to search for in it."""
    base = scratch / "base"
    setting = knowledge_base.Setting(site_name="Search", today=date(2026, 11, 2))
    for path, data in knowledge_base.files(setting):
        (base / path).parent.mkdir(parents=True, exist_ok=True)
        (base / path).write_bytes(data)
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "ONRECORD_TODAY": "2026-11-02"}
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet"]
    subprocess.run(command, cwd=base, env=environment, check=True)
    site = base / "site"

    began = time.process_time()
    empty = KnowledgeBase.open(scratch / "empty", setting.today, searches=False)
    source = Views(empty).search_source("en")
    index = SearchIndex(program(), "en")
    chance = random.Random(number)
    words = vocabulary(chance)
    weights = [1 / rank for rank in range(1, VOCABULARY + 1)]
    titles = []
    for one in range(number):
        title = " ".join(chance.choices(words[50:], weights[50:], k=5))
        titles.append(title)
        parts = []
        for section in SECTIONS:
            text = " ".join(chance.choices(words, weights, k=WORDS_IN_A_SECTION))
            parts.append(f'<h2 id="{section.lower()}">{section}</h2>\n<p>{text}.</p>\n')
        day = date(2016, 1, 1) + timedelta(days=chance.randrange(3900))
        is_open = chance.random() < 0.1
        facets = Facets(
            kind=Kind.DECISION,
            id=f"record-{one}",
            stage=chance.choice(list(STAGES)) if is_open else None,
            outcome=Status.OPEN if is_open else chance.choice([s for s in Status if s != "open"]),
            owner=f"Role {one % ROLES}",
            roles=(f"role-{one % ROLES}",),
            people=tuple(f"person-{n}" for n in chance.sample(range(PEOPLE), 4)),
            tags=tuple(f"tag-{n}" for n in chance.sample(range(TAGS), 3)),
            day=day,
        )
        html = source.of(title, "".join(parts), facets, str, "")
        index.add(f"decisions/{day.year}/record-{one}/", html)
    print(f"{number:,} records written in {time.process_time() - began:.0f} s of CPU")
    build, began = index.build, time.monotonic()
    index.make()
    index.put(site)
    index.close()
    size = sum(file.stat().st_size for file in (site / "pagefind").rglob("*") if file.is_file())
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"index made in {time.monotonic() - began:.0f} s, {size / 1e6:.1f} MB on disk, "
        f"{peak:.0f} MB of memory of Pagefind at most"
    )
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        page.write_text(re.sub('data-build="[^"]*"', f'data-build="{build}"', text), "utf-8")
    return site, [" ".join(title.split()[:3]) for title in chance.sample(titles, 8)]


def vocabulary(chance: random.Random) -> list[str]:
    """Made-up words of two to four syllables."""
    syllables = [c + v + e for c in "bdfgklmnprstvz" for v in "aeiou" for e in ("", "n", "r", "s")]
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        words["".join(chance.choices(syllables, k=chance.randint(2, 4)))] = None
    return list(words)


if __name__ == "__main__":
    main()
