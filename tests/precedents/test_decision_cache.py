"""Cards: every change of a file is noticed, and nothing wrong in the cache does any harm."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from onrecord.lifecycle.relations import relate
from onrecord.precedents.decision_cache import (
    FORMAT,
    NAME,
    cards_of,
    digest_of,
    targets_of,
)
from onrecord.precedents.engine import Store
from onrecord.precedents.spoken import spoken
from onrecord.records.keeping import cache_of
from onrecord.records.reading import read_library
from onrecord.records.vocabulary import Status

GOOD = Path(__file__).parents[1] / "fixtures" / "good"
MALFORMED = Path(__file__).parents[1] / "fixtures" / "malformed"


def write(root: Path, name: str, title: str, text: str = "Some text.") -> Path:
    file = root / "decisions" / f"{name}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"---\ntitle: {title}\nstage: assess\n---\n\n{text}\n", encoding="utf-8")
    return file


def titles(root: Path, cache: Path | None) -> dict[str, str]:
    return {card.decision.id: card.decision.title for card in cards_of(root, cache)}


@pytest.fixture
def base(tmp_path: Path) -> Path:
    write(tmp_path / "base", "one", "First")
    write(tmp_path / "base", "two", "Second")
    return tmp_path / "base"


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.mark.parametrize("root", [GOOD, MALFORMED], ids=["good", "malformed"])
@pytest.mark.parametrize("run", ["cold", "warm"])
def test_cards_say_what_a_full_reading_says(root: Path, cache: Path, run: str) -> None:
    if run == "warm":
        cards_of(root, cache)
    cards = {card.decision.path: card for card in cards_of(root, cache)}
    decisions = {d.path: d for d in read_library(root).decisions}
    assert set(decisions) <= set(cards)
    for path, decision in decisions.items():
        card = cards[path]
        for name in ("id", "title", "stage", "owner", "outcome", "decided", "entered"):
            assert getattr(card.decision, name) == getattr(decision, name), (path, name)
        for name in ("consulted", "informed", "owner_is_person"):
            assert getattr(card.decision, name) == getattr(decision, name), (path, name)
        for name in ("supersedes", "related", "precedents", "tags"):
            assert getattr(card.decision, name) == getattr(decision, name), (path, name)
        assert card.digest == digest_of(decision, spoken(decision.body.text))
        inside = {target for target in targets_of(decision) if target.startswith("decisions/")}
        assert {t for t in card.targets if t.startswith("decisions/")} == inside


def test_a_changed_file_is_noticed(base: Path, cache: Path) -> None:
    assert titles(base, cache) == {"one": "First", "two": "Second"}
    write(base, "one", "Other", "Other text.")
    assert titles(base, cache) == {"one": "Other", "two": "Second"}


def test_a_change_of_the_same_length_and_time_is_noticed(base: Path, cache: Path) -> None:
    file = base / "decisions/one.md"
    stat = file.stat()
    titles(base, cache)
    write(base, "one", "Fir5t")
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert titles(base, cache)["one"] == "Fir5t"


def test_what_is_no_file_is_no_decision(base: Path, cache: Path) -> None:
    os.mkfifo(base / "decisions/pipe.md")  # whoever reads it waits for ever
    (base / "decisions/folder.md").mkdir()
    assert titles(base, cache) == {"one": "First", "two": "Second"}


def test_added_removed_and_renamed_files_are_noticed(base: Path, cache: Path) -> None:
    titles(base, cache)
    write(base, "2026/three", "Third")
    assert set(titles(base, cache)) == {"one", "two", "three"}
    (base / "decisions/one.md").unlink()
    assert set(titles(base, cache)) == {"two", "three"}
    (base / "decisions/two.md").rename(base / "decisions/four.md")
    assert titles(base, cache) == {"three": "Third", "four": "Second"}


def test_a_text_is_read_only_when_it_is_asked_for(base: Path, cache: Path) -> None:
    corpus = cards_of(base, cache).corpus
    first, second = corpus
    assert first.body.strip() == "Some text."
    (base / "decisions/two.md").unlink()
    assert second.body == ""


def damaged(raw: bytes, kind: str) -> bytes:
    """A cache file with some kind of damage."""
    where = {"at the front": 30, "in the middle": len(raw) // 2, "at the end": len(raw) * 9 // 10}
    if kind in where:
        at = where[kind]
        return raw[:at] + bytes([raw[at] ^ 255]) + raw[at + 1 :]
    return {
        "empty": b"",
        "cut short": raw[: len(raw) // 2],
        "another kind of file": b"{}",
        "another version": raw.replace(FORMAT.encode(), b"cards 0".ljust(len(FORMAT))),
    }[kind]


KINDS = ["empty", "cut short", "another kind of file", "another version"]


@pytest.mark.parametrize("kind", [*KINDS, "at the front", "in the middle", "at the end"])
def test_a_damaged_cache_is_made_anew(base: Path, cache: Path, kind: str) -> None:
    right = titles(base, cache)
    file = cache / f"{NAME}.cache"
    raw = file.read_bytes()
    file.write_bytes(damaged(raw.replace(b"First", b"Wrong"), kind))
    assert titles(base, cache) == right
    assert file.read_bytes() == raw


def test_a_whole_file_that_lacks_a_part_is_made_anew(base: Path, cache: Path) -> None:
    right = titles(base, cache)
    store = Store(cache)
    kept = store.read(NAME, FORMAT)
    assert kept is not None
    del kept["in_time"]
    store.write(NAME, FORMAT, kept)
    assert titles(base, cache) == right


def test_a_deleted_cache_is_made_anew(base: Path, cache: Path) -> None:
    titles(base, cache)
    (cache / f"{NAME}.cache").unlink()
    assert titles(base, cache) == {"one": "First", "two": "Second"}
    assert (cache / f"{NAME}.cache").exists()


def test_a_cache_that_cannot_be_written_is_done_without(base: Path, cache: Path) -> None:
    cache.write_text("a file, not a folder")
    assert titles(base, cache) == {"one": "First", "two": "Second"}
    assert titles(base, cache / "below") == {"one": "First", "two": "Second"}
    assert titles(base, None) == {"one": "First", "two": "Second"}
    assert cache.read_text() == "a file, not a folder"


def test_a_cache_file_that_cannot_be_replaced_leaves_nothing_behind(
    base: Path, cache: Path
) -> None:
    (cache / f"{NAME}.cache").mkdir(parents=True)
    assert titles(base, cache) == {"one": "First", "two": "Second"}
    assert [file.name for file in cache.iterdir()] == [f"{NAME}.cache"]


def test_two_bases_in_one_cache_don_t_mix(base: Path, cache: Path, tmp_path: Path) -> None:
    write(tmp_path / "other", "one", "Elsewhere")
    assert titles(base, cache)["one"] == "First"
    assert titles(tmp_path / "other", cache) == {"one": "Elsewhere"}
    assert titles(base, cache) == {"one": "First", "two": "Second"}


def test_each_base_has_its_own_place_in_a_user_s_cache(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ONRECORD_CACHE")
    ours, theirs = cache_of(base), cache_of(tmp_path / "other")
    assert ours is not None
    assert ours != theirs
    assert not ours.is_relative_to(base)
    monkeypatch.setenv("ONRECORD_CACHE", " ")
    assert cache_of(base) is None
    monkeypatch.setenv("ONRECORD_CACHE", str(tmp_path / "named"))
    assert cache_of(base) == tmp_path / "named"


@pytest.mark.parametrize("root", [GOOD, MALFORMED], ids=["good", "malformed"])
@pytest.mark.parametrize("run", ["cold", "warm"])
def test_cards_know_what_became_of_each_decision(root: Path, cache: Path, run: str) -> None:
    if run == "warm":
        cards_of(root, cache)
    cards, library = cards_of(root, cache), read_library(root)
    relations = relate(library)
    read = {id for id in library.decision if library.decision[id].path.startswith("decisions/")}
    assert read <= set(cards.decision)
    for id in read:
        assert cards.decision[id].path == library.decision[id].path
        assert cards.status[id] == relations.status[id], id
        assert cards.answered_by.get(id, ()) == relations.answered_by.get(id, ()), id


def test_a_later_decision_changes_what_became_of_an_earlier_one(base: Path, cache: Path) -> None:
    assert cards_of(base, cache).status["one"] is Status.OPEN
    (base / "decisions/three.md").write_text(
        "---\ntitle: Third\nstage: align\noutcome: accepted\nsupersedes: [one]\n---\n"
    )
    assert cards_of(base, cache).status["one"] is Status.SUPERSEDED
    assert cards_of(base, cache).status["one"] is Status.SUPERSEDED  # from the cache this time


def test_of_two_decisions_with_one_id_the_first_by_path_counts(base: Path, cache: Path) -> None:
    write(base, "2020/one", "Elsewhere")
    for _ in range(2):
        cards = cards_of(base, cache)
        assert [card.decision.title for card in cards] == ["Elsewhere", "First", "Second"]
        assert cards.decision["one"].title == "Elsewhere"
        assert cards.corpus.ids == ("one", "two")


def test_the_state_stands_for_what_the_files_say(base: Path, cache: Path) -> None:
    state = cards_of(base, cache).corpus.state
    os.utime(base / "decisions/one.md", (1, 1))
    assert cards_of(base, cache).corpus.state == state
    write(base, "one", "First", "Another text.")
    assert cards_of(base, cache).corpus.state != state


def test_an_empty_base_has_no_cards(tmp_path: Path, cache: Path) -> None:
    cards = cards_of(tmp_path, cache)
    assert list(cards) == []
    assert len(cards.decision) == 0
    assert not cache.exists()


def test_a_link_to_a_file_has_no_card(base: Path, cache: Path) -> None:
    (base / "decisions/one.md").unlink()
    (base / "decisions/one.md").symlink_to(base / "decisions/two.md")
    assert titles(base, cache) == {"two": "Second"}


def test_a_file_that_cannot_be_read_has_no_card(
    base: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_open = os.open

    def refuse(path: Any, *words: Any, **more: Any) -> int:
        if Path(path).name == "one.md":
            raise PermissionError(13, "Permission denied")
        return really_open(path, *words, **more)

    monkeypatch.setattr(os, "open", refuse)
    for _ in range(2):
        assert titles(base, cache) == {"two": "Second"}
        assert list(cards_of(base, cache).decision) == ["two"]
