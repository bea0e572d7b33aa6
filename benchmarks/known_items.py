"""Known-item search: is the record somebody has in mind the first that the search shows?

    python benchmarks/known_items.py SITE [--queries 100] [--misses]

In comes a built site with records and our search. Its records are taken in the order of a hash of
their path, so that the choice is the same on each run and nobody's; of each a query is made, and
put to the index in a real Chromium, through Pagefind's interface with the options of the site, and
then through order.js, as the page does. A query is

- rarest: the three words of the title that the fewest titles hold, in the title's order;
- first: the first three words of the title that aren't among the thirty commonest words;
- id, title: the whole id, the whole title;

words as a reader would type them, of two letters or more. Records whose title has fewer than three
such words are left out. Out comes, of each, how often the record was first, among three, among ten.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import http.server
import json
import os
import re
import shutil
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from playwright.sync_api import sync_playwright

from onrecord.site.pages import asset

SHOWN = 10
WORD = re.compile(r"[^\W_]{2,}")
COMMON = 30

ASK = """async ([base, queries, options, shown, source]) => {
  const order = URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
  const {titleFirst} = await import(order);
  const pagefind = await import(`${base}pagefind/pagefind.js`);
  const build = await (await fetch(`${base}pagefind/build.json`)).json();
  const ranking = options.ranking ?? build.ranking;
  await pagefind.options({ranking});
  await pagefind.init();
  for (const shard of build.shards) {
    await pagefind.mergeIndex(`${base}pagefind/${shard}/`, {ranking});
  }
  const found = [];
  for (const query of queries) {
    const {results} = await pagefind.search(query);
    const data = await Promise.all(results.slice(0, shown).map((one) => one.data()));
    found.push(titleFirst(data, query).map((place) => data[place].raw_url));
  }
  return found;
}"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: Any) -> None:
        pass


def browser() -> str:
    names = (os.environ.get("ONRECORD_BROWSER"), "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    return found or sys.exit("Chromium is needed, or name one in ONRECORD_BROWSER")


def ask(site: Path, queries: list[str], options: dict[str, Any]) -> list[list[str]]:
    """The addresses that each query finds, best first."""
    handler = functools.partial(_Quiet, directory=str(site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}/"
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=browser(), args=flags)
        page = running.new_page()
        # A page of the site itself, for its language; what it loads is no matter here.
        page.goto(f"{base}404.html")
        found: list[list[str]] = page.evaluate(
            ASK, [base, queries, options, SHOWN, asset("search/order.js")]
        )
        running.close()
    server.shutdown()
    return found


def words(title: str) -> list[str]:
    return list(dict.fromkeys(WORD.findall(title)))


def queries_of(records: list[dict[str, Any]], number: int) -> tuple[list[Any], dict[str, Any]]:
    counts = Counter(word.casefold() for r in records for word in set(words(r["title"])))
    common = {word for word, _ in counts.most_common(COMMON)}
    usable = [r for r in records if len(words(r["title"])) >= 3]
    usable.sort(key=lambda r: hashlib.sha256(r["path"].encode()).digest())
    chosen = usable[:number]

    def rarest(record: dict[str, Any]) -> str:
        all_words = words(record["title"])
        few = sorted(all_words, key=lambda w: counts[w.casefold()])[:3]
        return " ".join(word for word in all_words if word in few)

    def first(record: dict[str, Any]) -> str:
        all_words = words(record["title"])
        telling = [word for word in all_words if word.casefold() not in common]
        return " ".join((telling if len(telling) >= 3 else all_words)[:3])

    return chosen, {
        "rarest": [rarest(r) for r in chosen],
        "first": [first(r) for r in chosen],
        "id": [r["id"] for r in chosen],
        "title": [r["title"] for r in chosen],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="How often a known record is found first.")
    parser.add_argument("site", type=Path, metavar="SITE", help="a built site")
    parser.add_argument("--queries", type=int, default=100, help="of how many records")
    parser.add_argument("--misses", action="store_true", help="name what wasn't first")
    parser.add_argument("--ranking", type=json.loads, help="other options than the site's, as JSON")
    given = parser.parse_args()
    records = json.loads((given.site / "records.json").read_text(encoding="utf-8"))["records"]
    chosen, kinds = queries_of(records, given.queries)
    options = {"ranking": given.ranking} if given.ranking else {}
    queries = [query for kind in kinds.values() for query in kind]
    found = iter(ask(given.site, queries, options))
    print(f"{len(chosen)} of {len(records)} records")
    for kind, asked in kinds.items():
        places = []
        for record, query in zip(chosen, asked, strict=True):
            shown = next(found)
            wanted = "/" + unquote(record["url"]).lstrip("./")
            place = shown.index(wanted) + 1 if wanted in shown else 0
            places.append(place)
            if given.misses and place != 1:
                print(
                    f"  {kind}: {query!r}: {record['path']} is {place or 'not shown'}, {shown[0:1]}"
                )
        first, three = places.count(1), sum(0 < p <= 3 for p in places)
        ten = sum(p > 0 for p in places)
        print(f"{kind:>7}: first {first}, in three {three}, in ten {ten}")


if __name__ == "__main__":
    main()
