"""What a person may rely on: order, earlier only, silence, repeats first, the same answer again."""

from __future__ import annotations

import dataclasses
import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from onrecord.precedents.engine import Document, DocumentLink, Engine, engine
from onrecord.precedents.engine.index import base, index, neighbours, scoring
from onrecord.precedents.engine.index.features import Features, extract
from onrecord.precedents.engine.index.unindex import features_of
from onrecord.text.words import Analyser

TOPICS = {
    "queue": "tickets pile up over the weekend because nobody watches the support queue",
    "money": "refunds above one hundred euros need the approval of the finance lead",
    "deploy": "deployments on friday afternoon broke production so releases are frozen",
    "names": "every service has a name of two words registered in the service catalogue",
}
FILLER = [
    "we",
    "met",
    "and",
    "talked",
    "about",
    "what",
    "the",
    "team",
    "should",
    "do",
    "next",
    "with",
    "the",
    "people",
    "who",
    "care",
]


def document(number: int, topic: str, extra: str = "", **more: object) -> Document:
    rng = random.Random(number)
    filler = " ".join(rng.choices(FILLER, k=40))
    text = f"## Context\n{TOPICS[topic]}. {extra}\n\n## Decision\n{filler}."
    values = {"id": f"d{number}", "title": f"About {topic} {number}", "text": text} | more
    return Document(order=f"2024-01-{number:02d}", **values)  # type: ignore[arg-type]


@pytest.fixture
def documents() -> list[Document]:
    return [document(number, list(TOPICS)[number % 4]) for number in range(1, 25)]


def big_base(size: int, seed: int = 1) -> list[Document]:
    """Enough documents for lists that are cut off."""
    rng = random.Random(seed)
    words = [f"w{a}{b}" for a in "bcdfghklmn" for b in "aeiouxyzvw"]
    shares = [1 / (place + 2) for place in range(len(words))]
    return [
        Document(
            f"r{number}",
            " ".join(rng.choices(words, shares, k=4)),
            " ".join(rng.choices(words, shares, k=60)),
            f"{number:06d}",
            links=tuple(DocumentLink(f"r{rng.randrange(number)}") for _ in range(number % 2)),
        )
        for number in range(size)
    ]


def test_the_nearest_share_the_topic(documents: list[Document]) -> None:
    found = Engine(documents).precedents_of("d24", cutoff=0.0)
    assert [int(hit.id[1:]) % 4 for hit in found] == [0, 0, 0]
    assert all(0 <= hit.score <= 1 for hit in found)


def test_only_earlier_documents_are_precedents(documents: list[Document]) -> None:
    for id, hits in Engine(documents).all_precedents(limit=99, cutoff=0.0).items():
        assert all(int(hit.id[1:]) < int(id[1:]) for hit in hits)


def test_all_at_once_is_the_same_as_one_by_one(documents: list[Document]) -> None:
    together = Engine(documents).all_precedents(cutoff=0.0)
    for each in documents:
        assert Engine(documents).precedents_of(each.id, cutoff=0.0) == together[each.id]


def test_later_documents_and_links_change_nothing_when_asking_before(
    documents: list[Document],
) -> None:
    asked = {"text": TOPICS["money"], "before": "d9", "cutoff": 0.0, "limit": 9}
    hits = Engine(documents).similar(**asked)  # type: ignore[arg-type]
    linked = [
        dataclasses.replace(each, links=(DocumentLink("d2"),)) if each.id > "d9" else each
        for each in documents
        if each.id != "d1"
    ]
    assert all(int(hit.id[1:]) < 9 for hit in hits)
    relinked = [
        dataclasses.replace(each, links=(DocumentLink("d2"),))
        if each.id in {"d20", "d21"}
        else each
        for each in documents
    ]
    assert Engine(relinked).similar(**asked) == hits  # type: ignore[arg-type]
    assert linked


def test_silence_on_unrelated_text(documents: list[Document]) -> None:
    assert Engine(documents).similar("Quantum chromodynamics of gluons in lattice gauges") == []


def test_a_copy_comes_first(documents: list[Document]) -> None:
    for each in documents:
        hits = Engine(documents).similar(each.body, each.title)
        assert hits[0].id == each.id


def test_links_of_neighbours_pull(documents: list[Document]) -> None:
    linked = [
        dataclasses.replace(each, links=(DocumentLink("d3"),))
        if each.id in {"d8", "d12", "d16"}
        else each
        for each in documents
    ]

    def rank(some: list[Document]) -> int:
        return [hit.id for hit in Engine(some).precedents_of("d20", 99, 0.0)].index("d3")

    assert rank(linked) < rank(documents)


@pytest.mark.parametrize("size", [0, 1, 2, 3])
def test_tiny_bases(size: int) -> None:
    some = [document(number + 1, "queue") for number in range(size)]
    whole = Engine(some).all_precedents(cutoff=0.0)
    assert [len(hits) for hits in whole.values()] == list(range(size))
    assert len(Engine(some).similar("tickets pile up", cutoff=0.0)) == min(size, 3)


@pytest.mark.parametrize(
    "text",
    ["", " ", "tickets", "?!", "\ud800", "\0", "🙂", "# \n##", "x" * 100_000, "a b " * 50_000],
)
def test_odd_queries(documents: list[Document], text: str) -> None:
    assert isinstance(Engine(documents).similar(text, cutoff=0.0), list)
    odd = [*documents, Document("odd", text, text, "2030")]
    assert len(Engine(odd).all_precedents()) == 25


def test_nothing_asked_nothing_found(documents: list[Document]) -> None:
    assert Engine(documents).similar("", cutoff=0.0) == []
    assert Engine(documents).similar("tickets", limit=0, cutoff=0.0) == []


def test_unknown_id(documents: list[Document]) -> None:
    with pytest.raises(KeyError):
        Engine(documents).precedents_of("nobody")


def test_order_of_giving_does_not_matter(documents: list[Document]) -> None:
    shuffled = random.Random(3).sample(documents, len(documents))
    assert Engine(shuffled).all_precedents() == Engine(documents).all_precedents()


def test_text_is_fetched_only_when_needed(documents: list[Document], tmp_path: Path) -> None:
    """Features and quotes are kept: an edit fetches its record and those it is shown with."""
    fetched: list[str] = []

    def lazy(each: Document) -> Document:
        def read() -> str:
            fetched.append(each.id)
            return str(each.text)

        return dataclasses.replace(each, text=read, digest=each.id)

    some = [lazy(each) for each in documents]
    first = Engine(some, cache_dir=tmp_path).all_precedents(1)
    assert any(first.values())
    fetched.clear()
    assert Engine(some, cache_dir=tmp_path).all_precedents(1) == first
    assert fetched == []
    some[-1] = dataclasses.replace(some[-1], digest="edited")
    edited = Engine(some, cache_dir=tmp_path).all_precedents(1)
    assert set(fetched) == {some[-1].id, *(hit.id for hit in edited[some[-1].id])}


@pytest.mark.parametrize(
    ("language", "texts", "query", "expected"),
    [
        ("chinese", ["周末工单堆积无人处理", "退款需要财务主管批准"], "工单在周末堆积", "d0"),
        (
            "japanese",
            ["週末にチケットがたまる", "返金には承認が必要"],
            "チケットが週末にたまった",
            "d0",
        ),
        ("thai", ["ตั๋วกองสะสมในวันหยุด", "การคืนเงินต้องได้รับอนุมัติ"], "ตั๋วกองสะสม", "d0"),
        (
            "ko",
            [
                "주말에 문의가 쌓이고 아무도 당직을 서지 않는다.",
                "사무실 임대 계약이 삼월에 끝난다.",
            ],
            "당직이 없어서 주말 문의를 처리하지 못한다.",
            "d0",
        ),
        ("hindi", ["सप्ताहांत में टिकट जमा होते हैं", "धनवापसी के लिए अनुमति"], "टिकट जमा", "d0"),
        ("german", ["Tickets stauen sich am Wochenende", "Erstattungen"], "gestaute Tickets", "d0"),
    ],
)
def test_languages(language: str, texts: list[str], query: str, expected: str) -> None:
    some = [Document(f"d{at}", f"{at}", text, f"{at}") for at, text in enumerate(texts)]
    hits = Engine(some, language).similar(query, cutoff=0.0)
    assert hits[0].id == expected
    assert hits[0].why.quotes[0].marks


# -- incremental runs ---------------------------------------------------------------------------


def changes() -> dict[str, list[Document]]:
    some = big_base(280)

    def edit(at: int) -> list[Document]:
        edited = dataclasses.replace(some[at], text=f"{some[at].text} zebra quagga okapi w5")
        return [*some[:at], edited, *some[at + 1 :]]

    return {
        "edited early": edit(20),
        "edited late": edit(270),
        "added at the end": [*some, Document("new", "Fresh words", "w1 w2 okapi", "999999")],
        "added at the start": [Document("new", "Fresh words", "w1 w2 okapi", ""), *some],
        "removed": [*some[:100], *some[101:]],
        "moved in time": [dataclasses.replace(some[5], order="000200x"), *some[:5], *some[6:]],
        "linked": [
            dataclasses.replace(some[50], links=(DocumentLink("r3"), DocumentLink("r4"))),
            *some[:50],
            *some[51:],
        ],
    }


def small_lists(patch: pytest.MonkeyPatch) -> None:
    """Small lists and frozen rarity, so that every branch of the update is walked."""
    patch.setattr(neighbours, "USED", 12)
    patch.setattr(neighbours, "KEPT", 16)
    patch.setattr(engine, "USED", 12)
    patch.setattr(neighbours, "TOUCHED_AT_MOST", 1.0)
    patch.setattr(index, "MILESTONES_FROM", 64)
    patch.setattr(neighbours.best, "__defaults__", (16,))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cache of the base before any change, made once."""
    folder = tmp_path_factory.mktemp("kept")
    with pytest.MonkeyPatch.context() as patch:
        small_lists(patch)
        Engine(big_base(280), cache_dir=folder).all_precedents(9, 0.0)
    assert any(folder.iterdir())
    return folder


@pytest.mark.parametrize("change", sorted(changes()))
def test_a_changed_base_gives_the_same_as_from_scratch(
    change: str, kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_lists(monkeypatch)
    shutil.copytree(kept, tmp_path, dirs_exist_ok=True)
    changed = changes()[change]
    updated = Engine(changed, cache_dir=tmp_path)
    calls: list[bool] = []
    real = neighbours.touched

    def spy(*args: object) -> object:
        found = real(*args)  # type: ignore[arg-type]
        calls.append(found is not None)
        return found

    monkeypatch.setattr(base.neighbours, "touched", spy)
    assert updated.all_precedents(9, 0.0) == Engine(changed).all_precedents(9, 0.0)
    assert calls == ([] if change == "linked" else [True])


def test_an_index_gives_back_the_features_it_was_made_of() -> None:
    analyser = Analyser()
    items = [extract(each.title, each.body, analyser) for each in big_base(60)]
    made = index.build(items)
    for wanted in ([0], [59, 3, 17], list(range(60)), []):
        for number, got in zip(
            wanted, features_of(made, np.array(wanted, dtype=np.int64)), strict=True
        ):
            assert got.terms.tolist() == items[number].terms.tolist()
            assert got.strengths.tolist() == items[number].strengths.tolist()
            assert got.title.tolist() == items[number].title.tolist()


def test_index_scores_are_plain_cosines_of_the_weights() -> None:
    analyser = Analyser()
    items: list[Features] = [extract(each.title, each.body, analyser) for each in big_base(30)]
    made = index.build(items)
    dense = np.zeros((30, len(made.terms)))
    for row in range(len(made.terms)):
        span = slice(made.starts[row], made.starts[row + 1])
        dense[made.holders[span], row] = made.strengths[span] * float(made.rarity[row])
    for number, score in scoring.score_all(made, items, np.arange(30)):
        expected = dense[number] @ dense[:number].T / (made.norms[number] * made.lengths()[:number])
        assert np.allclose(score, expected, atol=1e-6)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("authorisation", "authorization"),
        ("AUTHORIZATION", "authorization"),
        ("color catalog", "colours"),
        ("which colours are in the catalogue", "colours"),
        ("normalise bread", "bread"),
    ],
)
def test_a_question_is_asked_in_the_spelling_of_the_base(question: str, found: str) -> None:
    engine = Engine(
        [
            Document("authorization", "Authorization in a file", "Rules are in a file.", "1"),
            Document("colours", "Catalogue of colours", "Each colour has a name.", "2"),
            Document("bread", "Bake bread", "Ovens bake bread.", "3"),
        ]
    )
    assert engine.nearest(question)[0].id == found
    assert Engine([]).nearest(question) == []
