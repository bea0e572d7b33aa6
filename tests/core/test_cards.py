"""Cards: every change of a file is noticed, and nothing wrong in the cache does any harm."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from onrecord.before import cache_of
from onrecord.cards import FILE, cards_of, digest_of, documents_of, library_of, targets_of
from onrecord.reading import read_library

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
        assert card.digest == digest_of(decision)
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
    cards = cards_of(base, cache)
    first, _ = documents_of(cards, base)
    assert first.body.strip() == "Some text."
    (base / "decisions/two.md").unlink()
    _, second = documents_of(cards, base)
    assert second.body == ""


def damaged(text: str) -> dict[str, str]:
    """A cache file with each kind of damage."""
    kept = json.loads(text)
    wrong = {
        path: {**entry, "title": "Wrong", **change}
        for (path, entry), change in zip(
            kept["cards"].items(), ({"stage": "asess"}, {"entered": 7}), strict=True
        )
    }
    return {
        "empty": "",
        "cut short": text[: len(text) // 2],
        "no JSON": "\0\0\0",
        "another shape": "[]",
        "a number": "7",
        "deeply nested": "[" * 100_000,
        "cards of another shape": json.dumps({**kept, "cards": [1, 2]}),
        "entries of another shape": json.dumps({**kept, "cards": dict.fromkeys(kept["cards"], 7)}),
        "empty entries": json.dumps({**kept, "cards": {path: {} for path in kept["cards"]}}),
        "wrong words": json.dumps({**kept, "cards": wrong}),
        "another version": text.replace("First", "Wrong").replace(kept["format"], "cards 0"),
    }


@pytest.mark.parametrize("kind", list(damaged('{"format": "f", "cards": {"a": {}, "b": {}}}')))
def test_a_damaged_cache_is_made_anew(base: Path, cache: Path, kind: str) -> None:
    right = titles(base, cache)
    text = (cache / FILE).read_text()
    (cache / FILE).write_text(damaged(text)[kind])
    assert titles(base, cache) == right
    assert (cache / FILE).read_text() == text


def test_a_deleted_cache_is_made_anew(base: Path, cache: Path) -> None:
    titles(base, cache)
    (cache / FILE).unlink()
    assert titles(base, cache) == {"one": "First", "two": "Second"}
    assert (cache / FILE).exists()


def test_a_cache_that_cannot_be_written_is_done_without(base: Path, cache: Path) -> None:
    cache.write_text("a file, not a folder")
    assert titles(base, cache) == {"one": "First", "two": "Second"}
    assert titles(base, cache / "below") == {"one": "First", "two": "Second"}
    assert titles(base, None) == {"one": "First", "two": "Second"}
    assert cache.read_text() == "a file, not a folder"


def test_a_cache_file_that_cannot_be_replaced_leaves_nothing_behind(
    base: Path, cache: Path
) -> None:
    (cache / FILE).mkdir(parents=True)
    assert titles(base, cache) == {"one": "First", "two": "Second"}
    assert [file.name for file in cache.iterdir()] == [FILE]


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


def test_a_library_of_cards_holds_each_decision(base: Path) -> None:
    assert set(library_of(cards_of(base, None)).decision) == {"one", "two"}


def test_an_empty_base_has_no_cards(tmp_path: Path, cache: Path) -> None:
    assert cards_of(tmp_path, cache) == ()
    assert not cache.exists()
