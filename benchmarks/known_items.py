"""Known-item search: is the record somebody has in mind the first that the search shows?

    python benchmarks/known_items.py SITE [--queries 100] [--misses]
    python benchmarks/known_items.py --data FILE --site NAME=SITE … --base NAME=DIR … [--misses]

With --data, the searches are those of FILE: lines of base, kind, query and what is accepted, apart
by tabs; accepted are beginnings of an id or of a path, apart by commas. Each is typed in the search
page of the built site of that base, and asked of `onrecord find` in its folder. Out comes how often
such a page was first, among three and among ten.

Without, in comes a built site with records and our search. Its records are taken in the order of a
hash of their path, so that the choice is the same on each run and nobody's; of each a query is
made, and put to the index in a real Chromium, through Pagefind's interface with the options of the
site, and then through order.js, as the page does. A query is

- rarest: the three words of the title that the fewest titles hold, in the title's order;
- first: the first three words of the title that aren't among the thirty commonest words;
- id, title: the whole id, the whole title;

words as a reader would type them, of two letters or more. Records whose title has fewer than three
such words are left out. Out comes, of each, how often the record was first, among three, among ten.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from asked_in_browser import by_search, opened
from onrecord.search.find import Filters, open_shelf
from onrecord.search.query import query_of
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
  const found = [];
  for (const query of queries) {
    const {results} = await pagefind.search(query);
    const data = await Promise.all(results.slice(0, shown).map((one) => one.data()));
    found.push(titleFirst(data, query).map((place) => data[place].raw_url));
  }
  return found;
}"""


def ask(site: Path, queries: list[str], options: dict[str, Any]) -> list[list[str]]:
    """The addresses that each query finds, best first."""
    # A page of the site itself, for its language; what it loads is no matter here.
    with opened(site, "404.html") as page:
        base = page.url.removesuffix("404.html")
        found: list[list[str]] = page.evaluate(
            ASK, [base, queries, options, SHOWN, asset("search/order.js")]
        )
    return found


def by_find(root: Path, queries: Sequence[str]) -> list[list[str]]:
    """What `onrecord find` prints first for each query."""
    shelf = open_shelf(root)
    asked = (query_of(query, shelf.analyser) for query in queries)
    return [
        [hit.entry.record.path for hit in shelf.find(each, Filters(), False, SHOWN).hits]
        for each in asked
    ]


def known(data: Path, sites: dict[str, str], bases: dict[str, str], misses: bool) -> None:
    """The searches of a file, in the search page and on the command line."""
    asked = defaultdict(list)
    with data.open(encoding="utf-8") as lines:
        for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            asked[row[0]].append(row[1:])
    del asked["base"]
    counts: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for name, rows in asked.items():
        queries = [query for _, query, _ in rows]
        ways = {}
        if name in sites:
            ways["site"] = by_search(Path(sites[name]), queries)
        if name in bases:
            ways["find"] = by_find(Path(bases[name]), queries)
        for way, answers in ways.items():
            for (kind, query, accepted), shown in zip(rows, answers, strict=True):
                right = [_is_accepted(path, accepted.split(",")) for path in shown]
                for at in (1, 3, 10):
                    counts[way][at] += any(right[:at])
                counts[way][0] += 1
                if misses and not any(right[:3]):
                    print(f"  {way}, {kind}: {query!r}: {shown[:3]}")
    for way, found in counts.items():
        print(
            f"{way}: {found[0]} known items: first {found[1]}, in three {found[3]}, "
            f"in ten {found[10]}"
        )


def _is_accepted(path: str, accepted: Sequence[str]) -> bool:
    path = unquote(path).removesuffix(".md").removesuffix("/index").strip("/")
    return any(path.startswith(one) or path.split("/")[-1].startswith(one) for one in accepted)


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
    parser.add_argument("built", nargs="?", type=Path, metavar="SITE", help="a built site")
    parser.add_argument("--data", type=Path, metavar="FILE", help="searches and what they are for")
    parser.add_argument("--site", action="append", default=[], metavar="NAME=SITE")
    parser.add_argument("--base", action="append", default=[], metavar="NAME=DIR")
    parser.add_argument("--queries", type=int, default=100, help="of how many records")
    parser.add_argument("--misses", action="store_true", help="name what wasn't first")
    parser.add_argument("--ranking", type=json.loads, help="other options than the site's, as JSON")
    given = parser.parse_args()
    if given.data:
        sites, bases = (
            dict(each.split("=", 1) for each in named) for named in (given.site, given.base)
        )
        known(given.data, sites, bases, given.misses)
        return
    if given.built is None:
        parser.error("name a built SITE, or --data FILE")
    records = json.loads((given.built / "records.json").read_text(encoding="utf-8"))["records"]
    chosen, kinds = queries_of(records, given.queries)
    options = {"ranking": given.ranking} if given.ranking else {}
    queries = [query for kind in kinds.values() for query in kind]
    found = iter(ask(given.built, queries, options))
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
