"""Shards: every word of a base is found in the one chunk its first letters lead to."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterable
from itertools import pairwise

from onrecord.precedents.engine import Document, Engine
from onrecord.precedents.engine.shards import DIGITS, LEVELS, MOST, Shards

Entry = tuple[str, int, int, str]


def base(count: int = 300) -> Engine:
    """Documents of a word of their own, a word a third of them share, and one all share."""
    return Engine(
        Document(
            f"d{number:03}",
            f"Lonely{number:03} title",
            f"lonely{number:03} grouped{number % 3} migrating everywhere " * (1 + number % 2),
            f"{number:05}",
        )
        for number in range(count)
    )


def entry(shards: Shards, word: str) -> Entry | None:
    """What the chunk a browser would fetch says of a word."""
    starts = [start.encode("utf-16-be") for start in shards.starts]
    place = max(0, bisect_right(starts, word.encode("utf-16-be")) - 1)
    found = [tuple(e) for e in json.loads(shards.chunks[place]) if word in e[0].split(" ")]
    assert len(found) <= 1
    return found[0] if found else None  # type: ignore[return-value]


def documents(shards: Shards, found: Entry) -> list[tuple[int, int]]:
    """Numbers of documents, and their levels."""
    step, text = shards.width + 1, found[3]
    out = []
    for at in range(0, len(text), step):
        number = 0
        for digit in text[at : at + shards.width]:
            number = number * 64 + DIGITS.index(digit)
        out.append((number, DIGITS.index(text[at + shards.width])))
    return out


def test_a_lone_word_leads_to_its_document_alone() -> None:
    shards = base().shards()
    assert len(shards.chunks) > 3
    for number in (0, 7, 63, 64, 299):
        found = entry(shards, f"lonely{number:03}")
        assert found is not None
        assert documents(shards, found) == [(number, LEVELS)]


def test_common_words_are_left_out_and_named() -> None:
    shards = base().shards()
    assert {"everywhere", "migrating", "title"} <= set(shards.common)
    assert entry(shards, "everywhere") is None


def test_a_word_leads_to_the_documents_it_weighs_most_in() -> None:
    shards = base().shards()
    found = entry(shards, "grouped0")
    assert found is not None
    there = documents(shards, found)
    assert len(there) == MOST
    assert all(number % 3 == 0 for number, _ in there)
    assert there[0][1] == LEVELS
    assert all(level >= after for (_, level), (_, after) in pairwise(there))


def test_every_form_of_a_stem_leads_to_all_of_its_documents() -> None:
    filler = [Document(f"x{n}", f"Filler{n}", f"filler{n} words{n}", f"{n:03}") for n in range(40)]
    engine = Engine(
        [
            *filler,
            Document("a", "Migrate it", "", "5"),
            Document("b", "A migration", "", "6"),
            Document("c", "Migrating", "", "7"),
        ]
    )
    shards = engine.shards()
    numbers = {each.id: number for number, each in enumerate(engine.documents)}
    for word in ("migrate", "migration", "migrating"):
        found = entry(shards, word)
        assert found is not None
        assert {number for number, _ in documents(shards, found)} == {
            numbers[id] for id in ("a", "b", "c")
        }


def test_the_other_spelling_of_a_word_leads_to_its_documents() -> None:
    texts = ("Authorization and colours.", "Authorization.", "Meals for vegetarians.", "Gray.")
    documents = [Document(f"d{n}", "A", text, f"{n}") for n, text in enumerate(texts)]
    shards = Engine(documents).shards()
    assert entry(shards, "authorisation") == entry(shards, "authorization") is not None
    assert entry(shards, "colors") == entry(shards, "colours") is not None
    # What some document spells so stays a word of its own, and other languages have no such rules.
    both = Engine([*documents, Document("d9", "A", "Grey, not gray.", "9")]).shards()
    assert entry(both, "grey") != entry(both, "gray")
    assert entry(Engine(documents, "german").shards(), "authorisation") is None


def test_scripts_without_spaces_are_found_by_pairs() -> None:
    filler = [Document(f"x{n}", f"Filler{n}", f"filler{n}", f"{n:03}") for n in range(40)]
    shards = Engine([*filler, Document("ja", "支払日を移す", "", "9")]).shards()
    found = entry(shards, "支払")
    assert found is not None
    assert len(documents(shards, found)) == 1


def test_chunks_stay_small_and_an_empty_base_has_none() -> None:
    shards = base().shards()
    assert max(map(len, shards.chunks)) < 4_000
    empty = Engine([]).shards()
    assert (empty.chunks, empty.starts) == ((), ())


def test_words_of_a_few_documents_are_read_anew_after_an_edit() -> None:
    kept: dict[tuple[str, ...], str] = {}
    made: list[int] = []

    def keep(parts: Iterable[str], make: Callable[[], str]) -> str:
        key = tuple(parts)
        if key not in kept:
            made.append(len(kept))
            kept[key] = make()
        return kept[key]

    before = base()
    assert before.forms(keep) == before.forms()
    groups = len(made)
    edited = [*before.documents]
    edited[40] = Document("d040", edited[40].title, f"{edited[40].body} freshly 𐐀 写", "00040")
    after = Engine(edited)
    assert after.forms(keep) == after.forms() != before.forms()
    assert groups > 10
    assert len(made) == groups + 1
