"""The cache may be deleted, damaged, unwritable or of another version: only time is lost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from onrecord.precedents.engine import Document, Engine
from onrecord.precedents.engine.index.cache import FeatureStore, Store
from onrecord.precedents.engine.index.features import extract
from onrecord.text.words import Analyser

DOCUMENTS = [
    Document(f"d{n}", f"Record {n}", f"tickets pile up on weekends {n} alpha beta", f"{n:03d}")
    for n in range(20)
]


@pytest.fixture
def expected() -> object:
    return Engine(DOCUMENTS).all_precedents(cutoff=0.0)


def test_with_and_without_cache(tmp_path: Path, expected: object) -> None:
    for _ in range(3):
        assert Engine(DOCUMENTS, cache_dir=tmp_path).all_precedents(cutoff=0.0) == expected
    assert list(tmp_path.glob("*.cache"))


@pytest.mark.parametrize("damage", ["empty", "cut", "flipped", "foreign", "huge header"])
def test_damage(tmp_path: Path, expected: object, damage: str) -> None:
    Engine(DOCUMENTS, cache_dir=tmp_path).all_precedents(cutoff=0.0)
    for path in tmp_path.glob("*.cache"):
        raw = bytearray(path.read_bytes())
        if damage == "empty":
            raw = bytearray()
        elif damage == "cut":
            raw = raw[: len(raw) // 2]
        elif damage == "flipped":
            raw[len(raw) * 3 // 4] ^= 255
        elif damage == "foreign":
            raw = bytearray(b"something else entirely")
        else:
            raw[20:28] = b"\xff" * 8
        path.write_bytes(raw)
    assert Engine(DOCUMENTS, cache_dir=tmp_path).all_precedents(cutoff=0.0) == expected


def test_a_folder_that_cannot_be(tmp_path: Path, expected: object) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert Engine(DOCUMENTS, cache_dir=blocked).all_precedents(cutoff=0.0) == expected


def test_read_only(tmp_path: Path, expected: object, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> tuple[int, str]:
        raise PermissionError("read-only")

    monkeypatch.setattr(Path, "replace", refuse)
    assert Engine(DOCUMENTS, cache_dir=tmp_path).all_precedents(cutoff=0.0) == expected
    assert not list(tmp_path.iterdir())


def test_another_version_is_not_trusted(tmp_path: Path) -> None:
    Store(tmp_path).write("x", "version 1", {"a": np.arange(3)})
    assert Store(tmp_path).read("x", "version 2") is None
    kept = Store(tmp_path).read("x", "version 1")
    assert kept is not None
    assert kept["a"].tolist() == [0, 1, 2]


def test_languages_do_not_mix(tmp_path: Path) -> None:
    german = Engine(DOCUMENTS, "german", tmp_path).all_precedents(cutoff=0.0)
    Engine(DOCUMENTS, "english", tmp_path).all_precedents(cutoff=0.0)
    assert Engine(DOCUMENTS, "german", tmp_path).all_precedents(cutoff=0.0) == german


def test_branches_share_features_and_files_stay_few(tmp_path: Path) -> None:
    store = FeatureStore(Store(tmp_path), "english")
    analyser, used = Analyser(), {}
    for number in range(40):
        key = number.to_bytes(16, "little")
        used[key] = extract("title", f"text {number}", analyser)
        store.add({key: used[key]})
    assert len(list(tmp_path.glob("*.cache"))) <= 9
    assert store.load().keys() == used.keys()


def test_features_that_nothing_uses_are_forgotten_once_they_are_many(tmp_path: Path) -> None:
    store = FeatureStore(Store(tmp_path), "english")
    every = {n.to_bytes(16, "little"): extract("", f"text {n}", Analyser()) for n in range(30)}
    store.add(every)
    some = list(every)[:11]
    store.prune(store.load(), some)
    assert len(store.load()) == 30
    store.prune(store.load(), some[:10])
    assert list(store.load()) == some[:10]
    store.prune(store.load(), [])  # a base that lost all its documents may get them back
    assert list(store.load()) == some[:10]


def indices(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("index-*.cache")}


def test_an_index_of_each_state_that_is_in_use_is_kept_and_no_other(tmp_path: Path) -> None:
    """A build has lists; questions on a branch have an index of their own beside them."""
    Engine(DOCUMENTS, cache_dir=tmp_path).all_precedents()
    built = indices(tmp_path)
    assert len(built) == 1
    for fewer in (DOCUMENTS[:-1], DOCUMENTS[:-2]):
        asked = Engine(fewer, cache_dir=tmp_path).similar("tickets pile up", cutoff=0.0)
        assert asked == Engine(fewer).similar("tickets pile up", cutoff=0.0)
        assert built < indices(tmp_path)
        assert len(indices(tmp_path)) == 2
    Engine(DOCUMENTS, cache_dir=tmp_path).all_precedents()
    assert built < indices(tmp_path)
    Engine(DOCUMENTS[1:], cache_dir=tmp_path).all_precedents()
    assert len(indices(tmp_path)) == 1
    assert not built & indices(tmp_path)


def test_an_index_under_a_name_that_is_not_its_own_is_not_trusted(
    tmp_path: Path, expected: object
) -> None:
    Engine(DOCUMENTS, cache_dir=tmp_path).all_precedents()
    (own,) = tmp_path.glob("index-*.cache")
    Engine(DOCUMENTS[:-1], cache_dir=tmp_path / "other").all_precedents()
    (other,) = (tmp_path / "other").glob("index-*.cache")
    own.write_bytes(other.read_bytes())
    (tmp_path / next(iter(tmp_path.glob("lists-*.cache"))).name).unlink()
    assert Engine(DOCUMENTS, cache_dir=tmp_path).all_precedents(cutoff=0.0) == expected
