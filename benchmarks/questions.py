"""How often a question in a person's own words leads to the right record.

    python benchmarks/questions.py --data FILE --base NAME=DIR … [--site NAME=SITE …] [--baselines]

FILE holds lines of base, question and the ids that answer it, apart by tabs; a line without ids
asks for what the base has nothing of. DIR is the knowledge base of that name; it is only read. Out
comes a table, as Markdown: for each way to ask, how often a right record was among the first 1, 3
and 5 that are shown. Below it: how near they are said to be by `before`, and how often it calls
something close for a question without an answer. SITE is the built site of that base: the same
questions are typed in its form of a decision and its search page, in a real Chromium. With
`--baselines` other rankers are asked as well, which show the best of the base whatever they score.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import numpy as np

from asked_in_browser import by_form, by_search
from onrecord.lifecycle.relations import relate
from onrecord.precedents.before import Earlier, documents_of, open_before
from onrecord.records.reading import read_library
from onrecord.search.find import Filters, open_shelf
from onrecord.search.query import query_of

AT = (1, 3, 5)

Asked = Sequence[tuple[str, set[str]]]
"""Questions, each with the ids that answer it; none where the base has nothing of it."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Right records for questions.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--base", action="append", default=[], metavar="NAME=DIR")
    parser.add_argument("--site", action="append", default=[], metavar="NAME=SITE")
    parser.add_argument("--baselines", action="store_true", help="BM25, TF-IDF, Nauro as well")
    parser.add_argument("--misses", action="store_true", help="name the questions that fail")
    given = parser.parse_args()
    bases, sites = (
        {name: Path(folder) for name, folder in (each.split("=", 1) for each in named)}
        for named in (given.base, given.site)
    )
    questions = read(given.data)
    unknown = [name for name in {**bases, **sites} if name not in questions]
    if unknown:
        parser.error(f"{given.data} has no question for {unknown[0]}")
    answered = {
        name: [(question, ids) for question, ids in asked if ids]
        for name, asked in questions.items()
    }
    ways: dict[str, tuple[Mapping[str, Path], Callable[[Path, Sequence[str]], list[list[str]]]]] = {
        "`onrecord before`": (bases, by_before),
        "`onrecord find`": (bases, by_find),
        "the form": (sites, lambda site, asked: ids_in(by_form(site, asked))),
        "the search page": (sites, lambda site, asked: ids_in(by_search(site, asked))),
    }
    if given.baselines:
        from precedents_baselines import SCORERS

        for name in SCORERS:
            ways[name] = (bases, lambda root, asked, name=name: by_others(name, root, asked))
    print(f"{date.today()}\n\n| asked | questions | @1 | @3 | @5 |\n|---|---|---|---|---|")
    missed = []
    for way, (folders, ask) in ways.items():
        if not folders:
            continue
        right: Counter[int] = Counter()
        total = 0
        for name, folder in folders.items():
            shown = ask(folder, [question for question, _ in answered[name]])
            for (question, ids), found in zip(answered[name], shown, strict=True):
                total += 1
                for at in AT:
                    right[at] += not ids.isdisjoint(found[:at])
                if ids.isdisjoint(found[:3]):
                    missed.append(f"  {way}: {name}: {question}: {found[:3]}")
        print(f"| {way} | {total} | {' | '.join(str(right[at]) for at in AT)} |", flush=True)
    print()
    tell_how_near(bases, questions)
    if given.misses:
        print(*missed, sep="\n")


def read(data: Path) -> dict[str, list[tuple[str, set[str]]]]:
    """The questions of a file, by the base they are asked of."""
    asked = defaultdict(list)
    with data.open(encoding="utf-8") as lines:
        for line in csv.DictReader(lines, delimiter="\t"):
            asked[line["base"]].append((line["query"], set((line["ids"] or "").split(",")) - {""}))
    return asked


def nearest(root: Path, asked: Sequence[str]) -> list[tuple[Earlier, ...]]:
    """What `onrecord before` shows for each question."""
    library = read_library(root)
    before = open_before(root, library, relate(library))
    return [before.of_question(question, max(AT)) for question in asked]


def by_before(root: Path, asked: Sequence[str]) -> list[list[str]]:
    return [[one.decision.id for one in shown] for shown in nearest(root, asked)]


def by_find(root: Path, asked: Sequence[str]) -> list[list[str]]:
    """What `onrecord find` shows for each question."""
    shelf = open_shelf(root, keeps=True)
    found = (
        shelf.with_nearest(
            shelf.find(query_of(question, shelf.analyser), Filters(), False, max(AT)),
            Filters(),
            max(AT),
        )
        for question in asked
    )
    return [[hit.entry.record.id for hit in one.shown] for one in found]


def by_others(name: str, root: Path, asked: Sequence[str]) -> list[list[str]]:
    """The best that another ranker finds for each question."""
    from precedents_baselines import SCORERS

    documents = list(documents_of(read_library(root)))
    scores = SCORERS[name](documents)
    best = (np.argsort(-np.asarray(scores(one)), kind="stable")[: max(AT)] for one in asked)
    return [[documents[number].id for number in numbers] for numbers in best]


def ids_in(shown: Sequence[Sequence[str]]) -> list[list[str]]:
    """The ids of what pages link to."""
    return [[unquote(path).rstrip("/").split("/")[-1] for path in paths] for paths in shown]


def tell_how_near(bases: Mapping[str, Path], questions: Mapping[str, Asked]) -> None:
    """The words for how near the first three are, and how often they mislead."""
    words: Counter[str] = Counter()
    of_right: Counter[str] = Counter()
    foreign = alarmed = 0
    for name, root in bases.items():
        shown = nearest(root, [question for question, _ in questions[name]])
        for (_, ids), found in zip(questions[name], shown, strict=True):
            if not ids:
                foreign += 1
                alarmed += any(one.closeness in ("close", "very close") for one in found[:3])
                continue
            for one in found[:3]:
                words[one.closeness] += 1
                of_right[one.closeness] += one.decision.id in ids
    for word, count in words.most_common():
        print(f"{word}: {count} records shown, {of_right[word]} right")
    if foreign:
        print(f"{foreign} questions without an answer: {alarmed} called close or more")


if __name__ == "__main__":
    main()
