"""How well a form finds what was decided before, and what a browser downloads for it.

In: a folder of `<set>.jsonl.gz` and `<set>.qrels.tsv`, and the names of sets. Out: a table, as
Markdown. The earlier seven tenths of a set's records are the base; each later one is a question,
asked as a whole and as its title with 80 words. What the form shows in Chromium is compared with
what the engine finds in the same base. Bytes are those of the files, as a server that compresses
nothing sends them. `--size` grows the base by records mixed of two others, to measure the bytes.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean
from typing import Any

from playwright.sync_api import sync_playwright

from onrecord.precedents import browser_index
from onrecord.precedents.engine import DEFAULT_CUTOFF, Document, Engine
from onrecord.records.model import Decision
from onrecord.records.reading.markdown import body_of
from onrecord.records.vocabulary import Status
from onrecord.site import pages
from precedents import read_set
from site_server import served

SHARE, WORDS, SHOWN = 0.7, 80, 5

ASK = """
async (questions) => {
  const { Nearest } = await import('/nearest.js')
  const rows = []
  for (const [title, text] of questions) {
    const index = new Nearest(new URL('/index/top.json', location).href)
    const hits = await index.ask(title, text)
    rows.push([hits.map(hit => hit.number), index.bytes])
  }
  return rows
}
"""


@dataclass
class Base:
    """What `nearest.files` asks of the precedents of a base, for documents without records."""

    engine: Engine

    def __post_init__(self) -> None:
        self._by_id = {one.id: one for one in self.engine.documents}

    def decision(self, id: str) -> tuple[Decision, Status]:
        one = self._by_id[id]
        path = f"decisions/{id}.md"
        decision = Decision(id=id, path=path, title=one.title, body=body_of(one.body))
        return decision, Status.ACCEPTED


def cpu() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


def asked(folder: Path, questions: Sequence[tuple[str, str]], chromium: str) -> list[Any]:
    """What the form's script answers: numbers of documents and bytes for each question."""
    with served(folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page()
        tab.goto(address + "page.html")
        rows: list[Any] = tab.evaluate(ASK, [list(one) for one in questions])
        browser.close()
    return rows


def measured(documents: Sequence[Document], questions: Sequence[Document], chromium: str) -> None:
    """One base and its questions: a line for each length of question."""
    kept = {one.id for one in documents}
    base = [
        replace(one, links=tuple(link for link in one.links if link.target in kept))
        for one in documents
    ]
    engine = Engine(base)
    engine.similar("warm up")
    begun = cpu()
    files = dict(browser_index.files(Base(engine), {}))  # type: ignore[arg-type]
    took = cpu() - begun
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, text in files.items():
            file = folder / "index" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        script = Path(pages.__file__).parent / "assets/forms/nearest.js"
        shutil.copy(script, folder)
        (folder / "page.html").write_text("<!doctype html><title>x</title>")
        for kind in ("whole", "short"):
            texts = [
                (one.title, one.body if kind == "whole" else " ".join(one.body.split()[:WORDS]))
                for one in questions
            ]
            rows = asked(folder, texts, chromium)
            found: list[bool] = []
            quiet: list[bool] = []
            for (title, text), (numbers, _) in zip(texts, rows, strict=True):
                shown = [engine.documents[number].id for number in numbers[:SHOWN]]
                hits = engine.similar(text, title, limit=1, cutoff=DEFAULT_CUTOFF)
                if hits:
                    found.append(hits[0].id in shown)
                else:
                    quiet.append(not shown)
            sizes = [size for _, size in rows]
            print(
                f"| {len(base):,} | {kind} | {len(texts)} | {mean(found or [0]):.2f} of "
                f"{len(found)} | {mean(quiet or [0]):.2f} of {len(quiet)} | "
                f"{mean(sizes) / 1000:.0f} | {max(sizes) / 1000:.0f} | "
                f"{sum(map(len, files.values())) / 1e6:.1f} | {took:.1f} |",
                flush=True,
            )


def grown(documents: Sequence[Document], size: int) -> list[Document]:
    """The documents, and mixtures of two of them each, `size` in all."""
    dice = random.Random(7)
    more = []
    for number in range(size - len(documents)):
        one, other = dice.sample(range(len(documents)), 2)
        first, second = documents[one].body.split("\n"), documents[other].body.split("\n")
        text = "\n".join(first[: len(first) // 2] + second[len(second) // 2 :])
        title = f"{documents[one].title} {documents[other].title}"[:80]
        more.append(Document(f"mixed-{number}", title, text, f"9{number:08d}"))
    return [*documents, *more]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--size", type=int, default=0)
    parser.add_argument("--chromium", default=shutil.which("chromium") or "chromium")
    given = parser.parse_args()
    print(
        "| Records | Question | Asked | Engine's first among the form's five | Silent where the "
        "engine is | kB, mean | kB, most | MB in all | CPU s |\n" + "|---" * 9 + "|"
    )
    every: list[Document] = []
    questions: list[Document] = []
    for name in given.sets:
        group = max(read_set(given.folder, name), key=lambda each: len(each.documents))
        first = int(len(group.documents) * SHARE)
        base = [replace(one, id=f"{name}-{one.id}", links=()) for one in group.documents[:first]]
        every += base
        questions += group.documents[first:]
        if not given.size:
            print(f"| **{name}** |")
            measured(group.documents[:first], group.documents[first:], given.chromium)
    if given.size:
        random.Random(7).shuffle(questions)
        measured(grown(every, given.size), questions[:60], given.chromium)


if __name__ == "__main__":
    main()
