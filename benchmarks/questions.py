"""How often a question in a person's own words leads to the right record.

    python benchmarks/questions.py --data FILE --base NAME=DIR … [--site NAME=SITE …]

FILE holds lines of base, question and the ids that answer it, apart by tabs; a line without ids
asks for what the base has nothing of. DIR is the knowledge base of that name; it is only read. Out
comes how often a right record was among the first 1, 3 and 5 that are shown, how near they are
said to be, and how often a question without an answer is called close or more. SITE is the built
site of that base: the same questions are typed in its form of a decision and its search page, in a
real Chromium.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from urllib.parse import unquote

from asked_in_browser import by_form, by_search
from onrecord.lifecycle.relations import relate
from onrecord.precedents.before import open_before
from onrecord.records.reading import read_library

AT = (1, 3, 5)


def main() -> None:
    parser = argparse.ArgumentParser(description="Right records for questions.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--base", action="append", default=[], metavar="NAME=DIR")
    parser.add_argument("--site", action="append", default=[], metavar="NAME=SITE")
    parser.add_argument("--misses", action="store_true", help="name the questions that fail")
    given = parser.parse_args()
    folders = dict(each.split("=", 1) for each in given.base)
    asked = defaultdict(list)
    with given.data.open(encoding="utf-8") as lines:
        for line in csv.DictReader(lines, delimiter="\t"):
            asked[line["base"]].append((line["query"], set((line["ids"] or "").split(",")) - {""}))
    right: Counter[int] = Counter()
    words: Counter[str] = Counter()
    of_right: Counter[str] = Counter()
    total = foreign = alarmed = 0
    for name, questions in asked.items():
        if name not in folders:
            continue
        root = Path(folders[name])
        library = read_library(root)
        before = open_before(root, library, relate(library))
        for question, ids in questions:
            shown = before.of_question(question, max(AT))
            if not ids:
                foreign += 1
                alarmed += any(one.closeness in ("close", "very close") for one in shown[:3])
                continue
            total += 1
            found = [one.decision.id in ids for one in shown]
            for at in AT:
                right[at] += any(found[:at])
            for one, is_right in list(zip(shown, found, strict=True))[:3]:
                words[one.closeness] += 1
                of_right[one.closeness] += is_right
            if given.misses and not any(found[:3]):
                print(f"  {name}: {question}: {[one.decision.id for one in shown[:3]]}")
    sites = dict(each.split("=", 1) for each in given.site)
    if sites:
        in_browser(asked, sites, given.misses)
    if not folders:
        return
    print(f"{date.today()}: {total} questions, right record among the first shown")
    print(*(f"@{at}: {right[at]}" for at in AT), sep="   ")
    for word, count in words.most_common():
        print(f"  {word}: {count} records shown, {of_right[word]} right")
    if foreign:
        print(f"{foreign} questions without an answer: {alarmed} called close or more")


def in_browser(
    asked: Mapping[str, list[tuple[str, set[str]]]], sites: Mapping[str, str], misses: bool
) -> None:
    """What the form and the search page of built sites show first."""
    for way, ask in (("form", by_form), ("search", by_search)):
        right: Counter[int] = Counter()
        total = 0
        for name, site in sites.items():
            questions = [(question, ids) for question, ids in asked[name] if ids]
            answers = ask(Path(site), [question for question, _ in questions])
            for (question, ids), shown in zip(questions, answers, strict=True):
                total += 1
                found = [unquote(path).rstrip("/").split("/")[-1] in ids for path in shown]
                for at in AT:
                    right[at] += any(found[:at])
                if misses and not any(found[:3]):
                    print(f"  {way}: {question}: {shown[:3]}")
        print(f"{way}: {total} questions", *(f"@{at}: {right[at]}" for at in AT), sep="   ")


if __name__ == "__main__":
    main()
