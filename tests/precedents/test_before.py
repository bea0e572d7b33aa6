"""We had this before: what is close and answered, what the gate asks, what keeps coming back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from onrecord.lifecycle.relations import relate
from onrecord.lifecycle.stages import lacks
from onrecord.precedents.before import (
    CLOSE,
    CLOSE_AMONG_FEW,
    FEW,
    LONGEST_CHAIN,
    SAME_PROBLEM,
    Before,
    ask_before,
    open_before,
)
from onrecord.precedents.engine import Hit, Quote, Why
from onrecord.records.reading import read_library
from onrecord.records.vocabulary import Verdict

TODAY = date(2026, 11, 22)
SAID = Why(quotes=(Quote("The queue grows over the weekend.", ((4, 9),)),))
VERY, NEAR, FAR = CLOSE_AMONG_FEW + 0.05, CLOSE + 0.05, CLOSE - 0.1
assert VERY > SAME_PROBLEM > NEAR


class Found:
    """Stands for the engine: these are the hits, whatever the texts say."""

    def __init__(self, hits: Mapping[str, Mapping[str, float]], why: Why = SAID) -> None:
        self._hits = {
            newer: [Hit(older, score, why) for older, score in found.items()]
            for newer, found in hits.items()
        }

    def precedents_of(self, id: str, limit: int = 3) -> list[Hit]:
        return self._hits.get(id, [])[:limit]

    def all_precedents(self) -> dict[str, list[Hit]]:
        return self._hits


def write(root: Path, name: str, front: str = "", body: str = "", day: str = "") -> None:
    """A decision; its number in the name makes its day, so that a2 is later than a1."""
    file = root / "decisions" / f"{name}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    day = day or f"2026-01-{int(''.join(c for c in name if c.isdigit()) or 1):02}"
    lines = ["---", f"title: Title of {name}"]
    if "stage:" not in front:
        lines.append("stage: assess")
    lines += [f"entered: {{assess: {day}}}", "owner: it-lead", *filter(None, [front]), "---", ""]
    problem = "## Problem\n\nThe queue grows.\n"
    file.write_text("\n".join(lines) + (body or problem), encoding="utf-8")


def before(root: Path, hits: Mapping[str, Mapping[str, float]], why: Why = SAID) -> Before:
    library = read_library(root)
    return Before(library, relate(library), Found(hits, why))  # type: ignore[arg-type]


def ids(found: object) -> list[str]:
    return [one.decision.id for one in found]  # type: ignore[attr-defined]


def answer(record: str, verdict: str = "differs", why: str = "Another queue.") -> str:
    return f"precedents: [{{record: {record}, verdict: {verdict}, why: {why!r}}}]"


def test_what_a_template_guides_with_is_no_part_of_what_is_compared(tmp_path: Path) -> None:
    guide = "<!-- Say concretely enough to disagree with what garnishment\n\nought to become. -->"
    for number in range(1, 9):
        write(tmp_path, f"b{number}", body=f"## Problem\n\nThing {number} of kind {number}.\n")
    problem = "## Problem\n\nThe walls are grey.\n\n## Review\n\n"
    write(tmp_path, "c9", body=problem + guide)
    write(tmp_path, "d10", body=problem.replace("walls are grey", "shelf is full") + guide)
    library = read_library(tmp_path)
    for memory in (open_before(tmp_path, library, relate(library)), ask_before(tmp_path)[0]):
        assert ids(memory.of(memory._library.decision["d10"])) == []
        assert ids(memory.of_text(f"The roof leaks. {guide}")) == []


# Answers and the gate.


def test_an_answered_one_stays_answered_and_stands_first(tmp_path: Path) -> None:
    for name in ("a1", "a2"):
        write(tmp_path, name)
    write(tmp_path, "a3", answer("a1"))
    memory = before(tmp_path, {"a3": {"a2": VERY, "a1": NEAR}})
    shown = memory.shown_with(memory._library.decision["a3"])
    assert ids(shown) == ["a1", "a2"]
    assert [one.is_answered for one in shown] == [True, False]
    assert shown[0].answer is not None
    assert shown[0].answer.verdict is Verdict.DIFFERS
    assert ids(memory.to_answer(memory._library.decision["a3"])) == ["a2"]


def test_one_that_only_its_author_names_is_shown_without_a_score(tmp_path: Path) -> None:
    write(tmp_path, "a1")
    write(tmp_path, "a2", answer("a1", "repeats"))
    memory = before(tmp_path, {})
    (shown,) = memory.shown_with(memory._library.decision["a2"])
    assert (shown.decision.id, shown.score, shown.closeness) == ("a1", None, "named by its author")


def test_the_gate_names_the_close_ones_alone(tmp_path: Path) -> None:
    for name in ("a1", "a2", "a3", *(f"b{number}" for number in range(4, FEW + 1))):
        write(tmp_path, name)
    memory = before(tmp_path, {"a3": {"a1": CLOSE, "a2": FAR}})
    decision = memory._library.decision["a3"]
    asked = memory.to_answer(decision)
    assert ids(asked) == ["a1"]
    texts = [lack.text for lack in lacks(decision, TODAY, [one.decision for one in asked])]
    assert [t for t in texts if "before" in t] == [
        "we had something close before, “Title of a1”: say in `precedents` how this one answers it"
    ]


def test_among_few_the_gate_asks_only_about_what_is_all_but_the_same(tmp_path: Path) -> None:
    for name in ("a1", "a2", "a3"):
        write(tmp_path, name)
    memory = before(tmp_path, {"a3": {"a1": CLOSE_AMONG_FEW, "a2": NEAR}})
    assert ids(memory.to_answer(memory._library.decision["a3"])) == ["a1"]


@pytest.mark.parametrize(
    "front",
    [
        "stage: collaborate",
        "outcome: withdrawn\ndecided: 2026-02-01",
        answer("a1"),
        "supersedes: [a1]",
    ],
    ids=["past assess", "closed", "answered", "superseded"],
)
def test_the_gate_asks_nothing(tmp_path: Path, front: str) -> None:
    write(tmp_path, "a1")
    write(tmp_path, "a2", front)
    memory = before(tmp_path, {"a2": {"a1": VERY}})
    assert memory.to_answer(memory._library.decision["a2"]) == ()


def test_the_gate_asks_nothing_where_no_reason_can_be_shown(tmp_path: Path) -> None:
    write(tmp_path, "a1")
    write(tmp_path, "a2")
    for number in range(3, FEW + 1):
        write(tmp_path, f"b{number}")
    memory = before(tmp_path, {"a2": {"a1": NEAR}}, Why(people=("it-lead",)))
    assert ids(memory.of(memory._library.decision["a2"])) == ["a1"]
    assert memory.to_answer(memory._library.decision["a2"]) == ()


@pytest.mark.parametrize("front", ["precedents: [{record: a1}]", answer("a1", why="")])
def test_half_an_answer_is_none(tmp_path: Path, front: str) -> None:
    write(tmp_path, "a1")
    write(tmp_path, "a2", front)
    memory = before(tmp_path, {"a2": {"a1": VERY}})
    decision = memory._library.decision["a2"]
    asked = [one.decision for one in memory.to_answer(decision)]
    assert "write a verdict and why" in lacks(decision, TODAY, asked)[-1].text


def test_a_draft_without_a_problem_is_asked_for_that_first(tmp_path: Path) -> None:
    write(tmp_path, "a1")
    write(tmp_path, "a2", body="## Problem\n\n<!-- What is wrong? -->\n")
    memory = before(tmp_path, {"a2": {"a1": VERY}})
    decision = memory._library.decision["a2"]
    asked = [one.decision for one in memory.to_answer(decision)]
    assert [t.text for t in lacks(decision, TODAY, asked) if "before" in t.text] == []


def test_it_came_up_again_on_the_old_one(tmp_path: Path) -> None:
    write(tmp_path, "a1")
    write(tmp_path, "a2")
    write(tmp_path, "a3", answer("a1", "extends"))
    write(tmp_path, "a4", answer("a1", "reverses"))
    memory = before(tmp_path, {"a4": {"a1": NEAR}, "a2": {"a1": NEAR}})
    again = memory.again(memory._library.decision["a1"])
    verdicts = [one.answer.verdict if one.answer else None for one in again]
    assert ids(again) == ["a2", "a3", "a4"]
    assert verdicts == [None, Verdict.EXTENDS, Verdict.REVERSES]
    assert memory.again(memory._library.decision["a4"]) == ()


def test_the_second_of_two_with_one_id_borrows_nothing(tmp_path: Path) -> None:
    write(tmp_path, "a1")
    write(tmp_path, "x/a2", day="2026-01-02")
    write(tmp_path, "y/a2", day="2026-01-03")
    memory = before(tmp_path, {"a2": {"a1": VERY}})
    first, second = (d for d in memory._library.decisions if d.id == "a2")
    assert ids(memory.of(first)) == ["a1"]
    assert memory.of(second) == ()


# Problems that keep coming back.


def chains(root: Path, hits: Mapping[str, Mapping[str, float]]) -> list[list[str]]:
    return [[decision.id for decision in chain] for chain in before(root, hits).chains()]


def test_chains_stand_longest_first_and_oldest_first_within(tmp_path: Path) -> None:
    for name in ("a1", "b2", "a3", "b4", "a5", "c6"):
        write(tmp_path, name)
    hits = {"b4": {"b2": VERY}, "a5": {"a3": VERY}, "a3": {"a1": VERY}, "c6": {"a1": NEAR}}
    assert chains(tmp_path, hits) == [["a1", "a3", "a5"], ["b2", "b4"]]


def test_what_its_author_calls_different_stays_apart(tmp_path: Path) -> None:
    write(tmp_path, "a1")
    write(tmp_path, "a2", answer("a1", "differs"))
    assert chains(tmp_path, {"a2": {"a1": VERY}}) == []


@pytest.mark.parametrize(
    "front", ["supersedes: [a1]", *(answer("a1", v) for v in ("repeats", "extends", "reverses"))]
)
def test_what_its_author_ties_belongs_together_however_far(tmp_path: Path, front: str) -> None:
    write(tmp_path, "a1")
    write(tmp_path, "a2", front)
    assert chains(tmp_path, {}) == [["a1", "a2"]]


def test_a_decision_that_names_itself_or_nobody_makes_no_chain(tmp_path: Path) -> None:
    write(tmp_path, "a1", "supersedes: [a1, gone]\n" + answer("gone", "repeats"))
    assert chains(tmp_path, {}) == []


def test_a_topic_is_not_a_problem(tmp_path: Path) -> None:
    names = [f"a{number}" for number in range(1, 2 * LONGEST_CHAIN)]
    for name in names:
        write(tmp_path, name)
    hits = {newer: {older: VERY} for older, newer in pairwise(names)}
    assert max(map(len, chains(tmp_path, hits))) <= LONGEST_CHAIN


def test_one_joins_a_chain_that_it_is_close_to_the_most_of(tmp_path: Path) -> None:
    names = [f"a{number}" for number in range(1, 6)]
    for name in names:
        write(tmp_path, name)
    close = {
        newer: dict.fromkeys(names[max(0, at - 3) : at], VERY) for at, newer in enumerate(names)
    }
    assert chains(tmp_path, close) == [names]
    one_only = {**close, "a5": {"a4": VERY}}
    assert chains(tmp_path, one_only) == [names[:4]]


@pytest.mark.parametrize(
    ("first", "second", "again"),
    [
        ("", "", False),
        ("", answer("a1", "extends"), False),
        ("", answer("a1", "repeats"), True),
        ("", answer("a1", "reverses"), True),
        ("", "supersedes: [a1]", True),
        ("outcome: rejected\ndecided: 2026-01-01\nstage: review", "", True),
        ("outcome: withdrawn\ndecided: 2026-01-01", "", True),
        ("", "outcome: withdrawn\ndecided: 2026-01-02", False),
    ],
)
def test_what_was_decided_again_is_told_from_a_family(
    tmp_path: Path, first: str, second: str, again: bool
) -> None:
    write(tmp_path, "a1", first)
    write(tmp_path, "a2", second)
    (chain,) = before(tmp_path, {"a2": {"a1": VERY}}).chains()
    assert chain.again is again


def test_among_few_only_the_same_title_or_text_earns_a_strong_word(tmp_path: Path) -> None:
    for name in ("a1", "a2", "a3"):
        write(tmp_path, name)
    file = tmp_path / "decisions/a3.md"
    file.write_text(file.read_text().replace("Title of a3", "Title of a1"))
    memory = before(tmp_path, {"a2": {"a1": NEAR}, "a3": {"a1": NEAR, "a2": VERY}})
    words = {
        (newer, hit.decision.id): hit.closeness
        for newer in ("a2", "a3")
        for hit in memory.of(memory.decision(newer)[0])
    }
    assert words == {
        ("a2", "a1"): "may help",
        ("a3", "a1"): "close",
        ("a3", "a2"): "very close",
    }


# With the engine itself.

WEEKEND = (
    "Support tickets pile up over the weekend, because nobody is on call on Saturday. "
    "Customers in Japan wait until our Monday for their first reply."
)
OTHERS = {
    "b2": "The coffee machine leaks, and its repair costs more than a new kettle.",
    "b3": "Invoices are typed by hand into the ledger, which takes the bookkeeper a day.",
    "b4": "The office lease ends in March, while half of the desks stand empty.",
    "b5": "Laptops are bought without a list, so that spare chargers can't be found.",
    "b6": "Two calendars disagree about public holidays in Spain and in Portugal.",
    "b7": "The newsletter goes out unread since its template hides the unsubscribe link.",
}


@pytest.fixture
def team(tmp_path: Path) -> Path:
    write(tmp_path, "a1", body=f"## Problem\n\n{WEEKEND}\n")
    for name, text in OTHERS.items():
        write(tmp_path, name, body=f"## Problem\n\n{text}\n")
    return tmp_path


def opened(root: Path) -> Before:
    library = read_library(root)
    return open_before(root, library, relate(library))


def test_a_text_finds_the_decision_that_met_it(team: Path) -> None:
    first = opened(team).of_text("Tickets pile up over the weekend and nobody is on call.")[0]
    assert first.decision.id == "a1"
    assert 0 < (first.score or 0) <= 1
    assert "weekend" in "".join(quote.text for quote in first.why.quotes)


def test_what_happens_to_a_role_finds_the_decision_too(team: Path) -> None:
    role = team / "playbooks/it-lead/index.md"
    role.parent.mkdir(parents=True)
    role.write_text(
        f"---\ntitle: IT lead\npurpose: It works.\n---\n\n## If this happens\n\n- {WEEKEND}\n",
        encoding="utf-8",
    )
    memory = opened(team)
    assert ids(memory.of_role(memory._library.role["it-lead"]))[0] == "a1"


def test_a_role_that_says_nothing_finds_nothing(team: Path) -> None:
    role = team / "playbooks/it-lead/index.md"
    role.parent.mkdir(parents=True)
    text = (
        f"---\ntitle: IT lead\npurpose: {WEEKEND!r}\n---\n\n## If this happens\n\n<!-- What? -->\n"
    )
    role.write_text(text, encoding="utf-8")
    memory = opened(team)
    assert memory.of_role(memory._library.role["it-lead"]) == ()


@pytest.mark.parametrize("text", ["", "  \n\t", "---", "zzz", "的", "\0", "'\"[[", "the"])
def test_a_query_that_says_nothing_finds_nothing(team: Path, text: str) -> None:
    assert opened(team).of_text(text) == ()
    assert opened(team).of_text("", text) == ()


def test_one_word_is_enough_where_it_is_rare(team: Path) -> None:
    assert ids(opened(team).of_text("", "newsletter"))[:1] in ([], ["b7"])


def test_a_huge_draft_is_read(team: Path) -> None:
    huge = f"{WEEKEND}\n\n" + "Something else altogether. " * 100_000
    assert isinstance(opened(team).of_text(huge), tuple)


@pytest.mark.parametrize("size", [0, 1])
def test_a_base_of_none_or_one_has_no_precedents(tmp_path: Path, size: int) -> None:
    (tmp_path / "decisions").mkdir()
    for number in range(size):
        write(tmp_path, f"a{number + 1}")
    memory = opened(tmp_path)
    memory.prepare_all()
    assert memory.chains() == ()
    assert [memory.of(d) for d in memory._library.decisions] == [()] * size
    assert memory.of_text("something quite different") == ()


def test_cards_and_a_full_reading_answer_alike(team: Path) -> None:
    write(team, "a9", f"tags: [support]\n{answer('b2')}", f"## Problem\n\nAgain: {WEEKEND}\n")
    full = opened(team)
    quick, library = ask_before(team)
    one, other = full._library.decision["a9"], library.decision["a9"]
    for ours, theirs in zip(full.shown_with(one), quick.shown_with(other), strict=True):
        assert ours.decision.id == theirs.decision.id
        assert (ours.score, ours.why, ours.status) == (theirs.score, theirs.why, theirs.status)
        assert ours.answer == theirs.answer
    assert ids(full.shown_with(one))[:2] == ["b2", "a1"]
