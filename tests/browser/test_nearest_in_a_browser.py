"""What the form's script finds in a real browser, beside what the engine finds in the same base."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from onrecord.lifecycle.relations import relate
from onrecord.precedents import browser_index
from onrecord.precedents.before import Before, open_before
from onrecord.precedents.engine import ranking
from onrecord.records.reading import read_library
from onrecord.site import pages
from onrecord.text.words import Analyser

SCRIPT = Path(pages.__file__).parent / "assets/forms/nearest.js"
CHARTER = "spending-charter"
TOPICS = {
    "oven": "Replace the bread oven: the oven burns loaves and its thermostat drifts",
    "flour": "Buy flour from the mill: the wholesaler sends flour late and the mill is near",
    "van": "Lease a delivery van: the van breaks down and couriers charge for each delivery",
    "rota": "Fix the weekend rota: bakers swap weekend shifts and nobody sees the rota",
    "till": "Move the till to tablets: the till loses receipts when the drawer jams",
    "yeast": "Keep the yeast in the cellar: yeast dies in the heat of the shop floor",
    "labels": "Print allergen labels: customers ask for allergens and labels are handwritten",
    "shop": "Close the harbour shop: the harbour shop has few customers in winter",
    "mixer": "Repair the dough mixer: the mixer stalls on heavy dough and repairs take long",
    "waste": "Give leftover bread away: leftover loaves end up as waste each evening",
    "price": "Raise the price of rolls: butter became dear and rolls lose money",
    "web": "Take orders on the web: phone orders are misheard and web orders are written",
}
LINKED = ("oven", "mixer", "van")

ASK = """
async ([title, text, most]) => {
  const { Nearest } = await import('/nearest.js')
  const index = new Nearest(new URL('/index/top.json', location).href)
  if (most) return index.ask(title, text, most)
  return index.ranked(title, text)
}
"""

ASK_IN_WORDS = """
async (question) => {
  const [{ Nearest }, { Questions }] =
    await Promise.all([import('/nearest.js'), import('/question.js')])
  const index = new Nearest(new URL('/index/top.json', location).href)
  const hits = await new Questions(index).ask(question)
  return hits.map((hit) => [hit.url, hit.closeness, hit.share])
}
"""

SLIPS = """
async (question) => {
  const [{ Nearest }, { Questions }] =
    await Promise.all([import('/nearest.js'), import('/question.js')])
  const index = new Nearest(new URL('/index/top.json', location).href)
  return (await new Questions(index).slips(question)).map((one) => [one.typed, one.meant])
}
"""

EDITED = """
async (text) => {
  const { Nearest } = await import('/nearest.js')
  const files = (await (await fetch('/index/top.json')).json()).starts.split(' ').length
  // As if each file were large, so that one question can't read all of them.
  const get = async (path) => {
    const answer = await fetch(path)
    return { ok: true, text: async () => (await answer.text()) + ' '.repeat(30_000) }
  }
  const index = new Nearest(new URL('/index/top.json', location).href, get)
  const read = []
  for (const more of ['', '!', '!!', '!!!']) {
    await index.ask('', text + more)
    read.push([...index.kept.keys()].filter((path) => path.startsWith('words/')).length)
  }
  return [files, read]
}
"""

# What is shown of decisions that have these scores.
SHOWN = """
async ([text, scores]) => {
  const { Nearest } = await import('/nearest.js')
  const index = new Nearest(new URL('/index/top.json', location).href)
  index.ranked = async () => scores.map((score, number) => ({ number, score }))
  return (await index.ask('', text)).map((one) => one.score)
}
"""

Serve = Callable[[Path], str]


class Bakery:
    """A base of a dozen decisions, its index on a server, and a tab that asks it."""

    def __init__(self, root: Path, serve: Serve, browser: Browser, linked: bool) -> None:
        for day, (name, told) in enumerate(TOPICS.items(), start=3):
            title, _, problem = told.partition(": ")
            related = f"related: [{CHARTER}]\n" if linked and name in LINKED else ""
            self.write(root, name, f"2025-03-{day:02}", title, problem, related)
        charter = "Money above a hundred goes past two people; repairs and machines alike."
        self.write(root, CHARTER, "2025-03-01", "Spending charter", charter)
        library = read_library(root)
        assert not library.findings
        self.before: Before = open_before(root, library, relate(library))
        site = root / "site"
        addresses = {d.path: d.path.removesuffix(".md") for d in library.decisions}
        for path, text in browser_index.files(self.before, addresses):
            file = site / "index" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        shutil.copy(SCRIPT, site)
        shutil.copy(SCRIPT.with_name("question.js"), site)
        (site / "page.html").write_text("<!doctype html><title>x</title>", encoding="utf-8")
        self.tab = browser.new_page()
        self.tab.goto(serve(site) + "page.html")

    def write(
        self, root: Path, name: str, day: str, title: str, problem: str, more: str = ""
    ) -> None:
        file = root / f"decisions/2025/{name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        front = f"title: {title}\nstage: align\nowner: baker\noutcome: accepted\ndecided: {day}\n"
        file.write_text(
            f"---\n{front}{more}---\n\n## Problem\n\n{problem.capitalize()}.\n", encoding="utf-8"
        )

    def shown(self, title: str, text: str) -> list[str]:
        """The ids of what the form shows."""
        hits = self.tab.evaluate(ASK, [title, text, 5])
        return [hit["url"].rpartition("/")[2] for hit in hits]

    def ranked(self, title: str, text: str) -> dict[str, Any]:
        """All that the script scores, by id, best first."""
        assert self.before.engine is not None
        documents = self.before.engine.documents
        hits = self.tab.evaluate(ASK, [title, text, 0])
        return {documents[hit["number"]].id: hit for hit in hits}


@pytest.fixture(scope="module")
def bakery(tmp_path_factory: pytest.TempPathFactory, serve: Serve, browser: Browser) -> Bakery:
    return Bakery(tmp_path_factory.mktemp("bakery"), serve, browser, linked=True)


QUESTIONS = [
    ("Buy a new oven", "The oven burns loaves again, and its thermostat can’t be trusted."),
    ("Find a van for deliveries", "Couriers charge more for each delivery than a van would cost."),
    ("Swap shifts in an app", "Bakers swap weekend shifts by phone and the rota is never right."),
    ("Label allergens", "Customers ask which bread has nuts, and labels are written by hand."),
]


@pytest.mark.parametrize(("title", "text"), QUESTIONS)
def test_the_first_is_the_engines_with_about_its_score(
    bakery: Bakery, title: str, text: str
) -> None:
    assert bakery.before.engine is not None
    ((first, score),) = bakery.before.engine.scores(text, title, limit=1)
    found = bakery.ranked(title, text)
    id = next(iter(found))
    assert id == first
    assert found[id]["score"] == pytest.approx(score, abs=0.1)
    assert bakery.shown(title, text)[0] == id


@pytest.mark.parametrize(
    "question",
    [
        "loaves come out black from the oven",
        "nobody knows who works on the weekend",
        "couriers are too expensive for each delivery",
        "close the harbour shop",
        "zebras in the fog of the rota",
    ],
)
def test_a_question_has_the_nearest_as_on_the_command_line(bakery: Bakery, question: str) -> None:
    expected = bakery.before.of_question(question, 3)
    found = bakery.tab.evaluate(ASK_IN_WORDS, question)
    assert found[0][0].rpartition("/")[2] == expected[0].decision.id
    assert found[0][2] == pytest.approx(expected[0].score, abs=0.03)
    if expected[0].closeness in ("very close", "may help", "nearest"):
        assert found[0][1] == expected[0].closeness
    assert len(found) == min(3, len(expected))


@pytest.mark.parametrize(
    ("question", "slips"),
    [
        ("who works on the weeknd", [("weeknd", "weekend")]),
        ("the harbuor shop, an allregen and a delivary", None),
        ("leftovers at the harbor, with marmalade", []),
        ("an ovn for flowr", []),
    ],
)
def test_a_slip_is_known_as_on_the_command_line(
    bakery: Bakery, question: str, slips: list[tuple[str, str]] | None
) -> None:
    expected = [(one.typed, one.meant) for one in bakery.before.corrections_of(question)]
    assert [tuple(one) for one in bakery.tab.evaluate(SLIPS, question)] == expected
    assert expected == slips if slips is not None else len(expected) == 3
    first = bakery.before.of_question(question, 1)[0]
    found = bakery.tab.evaluate(ASK_IN_WORDS, question)
    assert found[0][0].rpartition("/")[2] == first.decision.id


@pytest.mark.parametrize(
    "text",
    [
        "Couriers can’t deliver 24 rolls; the oven_door (Größe: ½ m) burns.",
        "週末にチケットがたまるIT部",
        "주말에 문의가 쌓인다, 표",
        "ตั๋วกองสะสมในวันหยุด",
    ],
)
def test_a_text_has_the_same_words_as_for_the_engine(bakery: Bakery, text: str) -> None:
    script = "async (text) => (await import('/nearest.js')).words(text)"
    assert set(bakery.tab.evaluate(script, text)) == Analyser().vocabulary([text])


def test_silent_where_the_engine_is(bakery: Bakery) -> None:
    title, text = "Paint fences green", "Wooden boards outside turned grey under snow."
    assert bakery.before.engine is not None
    assert not bakery.before.engine.similar(text, title)
    assert bakery.shown(title, text) == []


def test_what_the_nearest_link_to_rises(
    bakery: Bakery, tmp_path: Path, serve: Serve, browser: Browser
) -> None:
    title = "Sell the mixer and the oven"
    text = "The mixer stalls on dough, the oven burns loaves, the van breaks down: costly repairs."
    alone = Bakery(tmp_path, serve, browser, linked=False)
    known, unknown = bakery.ranked(title, text)[CHARTER], alone.ranked(title, text)[CHARTER]
    assert known["text"] == pytest.approx(unknown["text"], abs=0.02)
    assert known["score"] > 3 * unknown["score"]
    assert list(bakery.ranked(title, text)).index(CHARTER) < list(alone.ranked(title, text)).index(
        CHARTER
    )


def test_titles_count_in_both_directions(bakery: Bakery) -> None:
    found = bakery.ranked("Close the harbour shop", "It is empty.")["shop"]
    assert found["cover"] == pytest.approx(1, abs=0.15)
    assert found["named"] == pytest.approx(1, abs=0.01)
    half = bakery.ranked("Harbour cruises", "Tourists ask for them.")["shop"]
    assert 0 < half["cover"] < 0.7
    assert 0 < half["named"] < 0.7


def test_common_words_of_a_title_count_as_named(bakery: Bakery) -> None:
    # “the” is in most of the records, hence in no chunk, and still part of the name.
    with_it = bakery.ranked("Close the harbour shop", "It is empty.")["shop"]
    without = bakery.ranked("Close harbour shop", "It is empty.")["shop"]
    assert with_it["cover"] > without["cover"]
    assert with_it["cover"] == pytest.approx(1, abs=0.001)


@pytest.mark.parametrize(
    ("size", "best", "shown"),
    [
        # A short question, and one between: the best is at the cut-off, or just below it.
        (100, 0.33, 2),
        (100, 0.31, 0),
        (387, 0.35, 2),
        (387, 0.34, 0),
        (5000, 0.38, 2),
        (5000, 0.36, 0),
    ],
)
def test_the_longer_a_question_the_more_its_best_has_to_score(
    bakery: Bakery, size: int, best: float, shown: int
) -> None:
    # One word and the pairs of different ones: 2n - 1 terms.
    text = " ".join(f"word{number}" for number in range((size + 1) // 2))
    scores = [best, browser_index.BESIDE, browser_index.BESIDE - 0.01]
    assert bakery.tab.evaluate(SHOWN, [text, scores]) == scores[:shown]


def test_the_weights_are_the_engines(bakery: Bakery) -> None:
    top = json.loads(dict(browser_index.files(bakery.before, {}))[browser_index.TOP])
    for name in ("BIAS", "TEXT", "RANK", "COVER", "GAP"):
        assert top["gate"][name.lower()] == getattr(ranking, f"GATE_{name}")
    # What a form's text can't have, labels of its own; and what would take whole texts to tell.
    assert set(ranking.RANK) - set(top["rank"]) == {"tags", "people", "phrased"}
    assert all(top["rank"][name] == ranking.RANK[name] for name in top["rank"])


def test_a_long_text_reads_no_more_when_it_is_edited(
    tmp_path: Path, serve: Serve, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onrecord.precedents.engine.shards.CHUNK", 100)
    bakery = Bakery(tmp_path, serve, browser, linked=True)
    files, read = bakery.tab.evaluate(EDITED, " ".join(TOPICS.values()))
    assert read == [read[0]] * 4
    assert 6 <= read[0] < files / 2
