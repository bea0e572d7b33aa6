"""What is kept between runs: never anything that isn't what was written, and never an error."""

from __future__ import annotations

import copy
import os
import pickle
import shutil
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.records.keeping import Digests, Kept, digest_of, digests, stamp_of
from onrecord.records.keeping import store as kept_store
from onrecord.records.keeping.late import LateBody
from onrecord.records.library import Library
from onrecord.records.model import Body, Link
from onrecord.records.reading import folder, read_library

FIXTURES = Path(__file__).parents[1] / "fixtures"


def _written(folder: Path, secret: bytes = b"") -> Path:
    kept = Kept(folder, "x", secret)
    kept.write("kind", b"key", b"data")
    kept.close()
    return folder / "onrecord-x.db"


def _read(folder: Path, secret: bytes = b"", kind: str = "kind") -> bytes | None:
    kept = Kept(folder, "x", secret)
    found = kept.read(kind, b"key")
    kept.close()
    return found


def test_what_was_written_is_read_by_who_has_the_secret(tmp_path: Path) -> None:
    _written(tmp_path, b"secret")
    assert _read(tmp_path, b"secret") == b"data"
    assert _read(tmp_path, b"another") is None
    assert _read(tmp_path, b"secret", "another kind") is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE kept SET data = x'00'",
        "UPDATE kept SET data = 'data'",
        "UPDATE kept SET seal = NULL",
        "UPDATE kept SET kind = 'other'",
        "UPDATE kept SET key = x'00'",
        "DROP TABLE kept",
        "ALTER TABLE kept DROP COLUMN seal",
    ],
)
def test_what_somebody_changed_counts_as_absent(change: str, tmp_path: Path) -> None:
    with sqlite3.connect(_written(tmp_path)) as rows:
        rows.execute(change)
    rows.close()
    for kind in ("kind", "other"):
        assert _read(tmp_path, kind=kind) is None


@pytest.mark.parametrize("size", [0, 1, 15, 100, 4096, 5000])
def test_a_damaged_file_counts_as_absent_and_is_made_anew(size: int, tmp_path: Path) -> None:
    file = _written(tmp_path)
    file.write_bytes(Random(size).randbytes(size))
    assert _read(tmp_path) is None
    _written(tmp_path)
    assert _read(tmp_path) == b"data"


@settings(max_examples=60)
@given(place=st.integers(0, 12287), byte=st.integers(0, 255))
def test_a_changed_byte_gives_the_data_or_nothing(
    place: int, byte: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = _written(tmp_path_factory.mktemp("kept"))
    data = bytearray(file.read_bytes())
    data[place % len(data)] = byte
    file.write_bytes(data)
    assert _read(file.parent) in (b"data", None)


def test_a_file_with_holes_is_made_anew_by_the_next_run(tmp_path: Path) -> None:
    kept = Kept(tmp_path, "x")
    for number in range(300):
        kept.write("kind", number.to_bytes(2, "big"), bytes(500))
    kept.close()
    file = tmp_path / "onrecord-x.db"
    size = file.stat().st_size
    file.write_bytes(file.read_bytes()[:8192] + Random(1).randbytes(size - 8192))
    kept = Kept(tmp_path, "x")
    assert [kept.read("kind", number.to_bytes(2, "big")) for number in range(300)] == [None] * 300
    kept.close()
    _written(tmp_path)
    assert _read(tmp_path) == b"data"


def test_a_full_disk_costs_only_what_is_kept(tmp_path: Path) -> None:
    _written(tmp_path)
    kept = Kept(tmp_path, "x")
    assert kept._rows is not None
    kept._rows.execute("PRAGMA max_page_count = 4")  # as SQLite says it of a full disk
    kept.write("kind", b"other", bytes(1_000_000))
    kept.close("kind")
    assert _read(tmp_path) == b"data"


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert _read(_written(tmp_path / "file" / "cache").parent) is None
    (tmp_path / "onrecord-x.db").mkdir()
    _written(tmp_path)
    assert _read(tmp_path) is None


def test_a_file_that_cant_be_written_is_read(tmp_path: Path) -> None:
    file = _written(tmp_path)
    # A user who may do everything can write to it all the same, so SQLite is told.
    with sqlite3.connect(file) as rows:
        rows.execute("CREATE TRIGGER no BEFORE INSERT ON kept BEGIN SELECT RAISE(FAIL, 'no'); END")
    rows.close()
    kept = Kept(tmp_path, "x")
    kept.write("kind", b"other", b"more")
    assert kept.read("kind", b"key") == b"data"
    kept.close()
    assert _read(tmp_path) == b"data"


def test_another_run_that_writes_costs_only_what_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_store, "_PATIENCE", 0.01)
    other = sqlite3.connect(_written(tmp_path), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    _written(tmp_path)
    assert _read(tmp_path) is None
    other.execute("ROLLBACK")
    other.close()
    assert _read(tmp_path) == b"data"


_KILLED = """
import os, sys
from pathlib import Path
from onrecord.records.keeping import Kept, store

store._AT_ONCE = 2
kept = Kept(Path(sys.argv[1]), "x")
kept.write("kind", b"first", bytes(100_000))
kept.write("kind", b"second", bytes(100_000))  # both are in the file now
kept._rows.execute("PRAGMA cache_size = 2")  # the rest goes to the file before it is all there
kept._rows.execute("BEGIN")
kept._rows.execute("UPDATE kept SET data = zeroblob(3000000), seal = x'00'")
os._exit(9)
"""


def test_a_run_that_is_killed_while_it_writes_costs_only_what_it_wrote(tmp_path: Path) -> None:
    _written(tmp_path)
    done = subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)], check=False)
    assert done.returncode == 9
    assert (tmp_path / "onrecord-x.db-journal").stat().st_size > 0  # so it was in the middle
    kept = Kept(tmp_path, "x")
    assert kept.read("kind", b"key") == b"data"
    assert kept.read("kind", b"first") == kept.read("kind", b"second") == bytes(100_000)
    kept.write("kind", b"third", b"more")
    kept.close()
    assert _read(tmp_path) == b"data"


def test_two_runs_at_once_keep_what_both_made(tmp_path: Path) -> None:
    one, other = Kept(tmp_path, "x"), Kept(tmp_path, "x")
    for number in range(600):  # each writes several times before it ends
        for kept, mark in ((one, b"one"), (other, b"other")):
            kept.write("kind", b"%s %d" % (mark, number), mark)
            kept.write("kind", b"both %d" % number, b"the same")
    one.close("kind")
    other.close("kind")
    kept = Kept(tmp_path, "x")
    for number in range(600):
        assert kept.read("kind", b"one %d" % number) == b"one"
        assert kept.read("kind", b"other %d" % number) == b"other"
        assert kept.read("kind", b"both %d" % number) == b"the same"
    kept.close()


def test_what_no_run_uses_is_taken_away_once_it_is_much(tmp_path: Path) -> None:
    kept = Kept(tmp_path, "x")
    for number in range(400):
        kept.write("kind", bytes([number // 256, number % 256]), bytes(5_000))
    kept.close("kind")
    assert _count(tmp_path) == 400
    kept = Kept(tmp_path, "x")
    kept.read("kind", b"\0\0")
    kept.close()
    assert _count(tmp_path) == 400  # it didn't say that it asked for all
    kept = Kept(tmp_path, "x")
    kept.read("kind", b"\0\0")
    kept.close("kind")
    assert _count(tmp_path) == 1


def _count(folder: Path) -> int:
    rows = sqlite3.connect(folder / "onrecord-x.db")
    number = rows.execute("SELECT count(*) FROM kept").fetchone()[0]
    rows.close()
    return int(number)


def test_another_code_or_another_version_has_another_stamp() -> None:
    assert stamp_of("records") == stamp_of("records")
    assert len({stamp_of("records"), stamp_of("text"), stamp_of("text", versions=("1",))}) == 3


# Readings.


def _is_the_same(one: Library, other: Library) -> bool:
    places = [
        [dict(record.places) for record in (*library.by_path.values(), *library.replies)]
        for library in (one, other)
    ]
    return one == other and places[0] == places[1]


@pytest.mark.parametrize("base", ["good", "malformed", "northwind"])
def test_a_library_is_the_same_from_kept_readings(
    base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = read_library(FIXTURES / base)
    assert _is_the_same(read_library(FIXTURES / base, cache=tmp_path), fresh)
    read = []
    real = folder.faults_of_cost
    monkeypatch.setattr(folder, "faults_of_cost", lambda *a: read.append(a[0]) or real(*a))
    assert _is_the_same(read_library(FIXTURES / base, cache=tmp_path), fresh)
    assert read == []


def test_kept_readings_of_other_code_are_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = read_library(FIXTURES / "good", cache=tmp_path)
    with sqlite3.connect(tmp_path / "onrecord-reading.db") as rows:
        rows.execute("UPDATE kept SET data = x'00', seal = seal")
    rows.close()
    assert _is_the_same(read_library(FIXTURES / "good", cache=tmp_path), fresh)
    # Sealed right, but of no type that this code has.
    monkeypatch.setattr(Kept, "read", lambda *_: b"\xff\x90")
    assert _is_the_same(read_library(FIXTURES / "good", cache=tmp_path), fresh)
    monkeypatch.setattr(Kept, "read", lambda *_: b"\x00\x92\x01\x90")
    assert _is_the_same(read_library(FIXTURES / "good", cache=tmp_path), fresh)


def test_a_file_that_nobody_touched_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "SETTLED", _ALL_SETTLED)
    fresh = read_library(FIXTURES / "northwind", cache=tmp_path)
    opened = []
    real = folder.open_file
    monkeypatch.setattr(folder, "open_file", lambda path: opened.append(path) or real(path))
    known = read_library(FIXTURES / "northwind", cache=tmp_path)
    assert [path for path in opened if path.suffix == ".md"] == []
    assert _is_the_same(known, fresh)


def test_a_file_that_changed_just_before_it_was_read_is_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A disk that counts time in long steps gives both texts the same times.
    file = _base(tmp_path, "First.") / "decisions" / "one.md"
    now = file.stat().st_mtime_ns
    monkeypatch.setattr(folder, "signature_of", lambda _: (9, now, now, 1))
    assert read_library(tmp_path, cache=tmp_path / "c").decisions[0].body.text == "First.\n"
    _base(tmp_path, "Other.")
    assert read_library(tmp_path, cache=tmp_path / "c").decisions[0].body.text == "Other.\n"


def test_a_file_is_read_for_its_digest_where_somebody_touched_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "SETTLED", _ALL_SETTLED)
    file, cache = tmp_path / "a", tmp_path / "c"
    opened: list[Path] = []
    real = digests.read_file
    monkeypatch.setattr(digests, "read_file", lambda path: opened.append(path) or real(path))

    def digest() -> bytes:
        run = Digests(cache, "base")
        found = run.of(file)
        assert run.of(file) == found
        run.close()
        return found

    file.write_bytes(b"one")
    assert digest() == digest_of(b"one") == digest()
    assert opened == [file]
    seen = file.stat()
    file.write_bytes(b"two")  # as long, and as if it were as old
    os.utime(file, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    assert digest() == digest_of(b"two") == digest()
    assert opened == [file] * 2
    # A copy has other times, and what holds the digests may be damaged.
    os.utime(file, (1, 1))
    assert digest() == digest_of(b"two")
    (cache / "onrecord-digests.db").write_bytes(b"x")
    assert digest() == digest_of(b"two")
    assert opened == [file] * 4
    # Where a disk counts time in long steps, both texts have the same times.
    monkeypatch.setattr(digests, "SETTLED", 3_000_000_000)
    now = time.time_ns()
    monkeypatch.setattr(digests, "signature_of", lambda _: (3, now, now, 1))
    assert digest() == digest_of(b"two")
    file.write_bytes(b"new")
    assert digest() == digest_of(b"new")


def test_a_text_is_there_though_what_was_kept_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "SETTLED", _ALL_SETTLED)
    file = _base(tmp_path, "## Problem\n\nRain.") / "decisions" / "one.md"
    (fresh,) = read_library(tmp_path, cache=tmp_path / "c").decisions
    (known,) = read_library(tmp_path, cache=tmp_path / "c").decisions
    (other,) = read_library(tmp_path, cache=tmp_path / "c").decisions
    shutil.rmtree(tmp_path / "c")
    assert isinstance(known.body, LateBody)
    assert known == fresh
    assert known.body.section("Problem") == fresh.body.section("Problem")
    shutil.rmtree(tmp_path / "c")
    file.unlink()
    assert (other.body.heading, other.body.text) == (fresh.body.heading, "")


def test_a_base_that_moved_is_read_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "SETTLED", _ALL_SETTLED)
    monkeypatch.setattr(folder, "signature_of", lambda _: (9, 9, 9, 9))
    one, other = _base(tmp_path / "a", "One."), _base(tmp_path / "b", "Other.")
    for base, said in ((one, "One.\n"), (other, "Other.\n"), (one, "One.\n")):
        library = read_library(base, cache=tmp_path / "c")
        assert [decision.body.text for decision in library.decisions] == [said]


def _base(root: Path, text: str) -> Path:
    (root / "decisions").mkdir(parents=True, exist_ok=True)
    (root / "decisions" / "one.md").write_text(f"---\ntitle: One\n---\n{text}\n", newline="")
    return root


def test_a_late_body_is_as_the_one_it_stands_for() -> None:
    asked = []
    whole = Body("Text.", 3, "Head", (), (Link("a.md", 4),))

    def late() -> LateBody:
        return LateBody.of(
            Body(line=3, heading="Head", links=whole.links), lambda: asked.append(1) or whole
        )

    assert (late().line, late().heading, late().links, asked) == (3, "Head", whole.links, [])
    one = late()
    assert one == whole
    assert whole == one == late()
    assert len(asked) == 2
    assert hash(one) == hash(whole)
    assert replace(one, line=4) == replace(whole, line=4)
    assert copy.deepcopy(late()) == pickle.loads(pickle.dumps(one)) == whole
    assert one != replace(whole, text="")
    with pytest.raises(AttributeError, match="colour"):
        _ = one.colour  # type: ignore[attr-defined]


_ALL_SETTLED = -(10**18)


@settings(max_examples=8)
@given(seed=st.integers(0, 10_000))
def test_after_any_changes_the_library_is_as_one_read_anew(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        # Half of the runs believe the disk's times at once; by then, a reading lies in between.
        if seed % 2:
            patch.setattr(digests, "SETTLED", _ALL_SETTLED)
        _change_and_read(seed, tmp_path_factory.mktemp("base"))


def _change_and_read(seed: int, here: Path) -> None:
    dice = Random(seed)
    base, cache = here / "base", here / "cache"
    shutil.copytree(FIXTURES / "northwind", base)
    for _ in range(6):
        files = sorted(path for path in base.rglob("*.md") if path.is_file())
        file, other = dice.choice(files), dice.choice(files)
        text = file.read_text(encoding="utf-8")
        match dice.choice(("edit", "rename", "delete", "swap", "copy", "times")):
            case "edit":
                lines = text.split("\n")
                lines.insert(dice.randrange(len(lines) + 1), dice.choice(("## More", "stage: x")))
                file.write_text("\n".join(lines), encoding="utf-8")
            case "rename":
                file.rename(file.with_name(f"renamed-{dice.randrange(99)}.md"))
            case "delete":
                file.unlink()
            case "swap":  # the same sizes and days as before, in each other's place
                times = file.stat()
                file.write_text(other.read_text(encoding="utf-8"), encoding="utf-8")
                other.write_text(text, encoding="utf-8")
                os.utime(file, (times.st_atime, times.st_mtime - 1000))
            case "copy":
                other.write_bytes(file.read_bytes())
            case "times":  # as a clock set back, or a tool that restores them, leaves it
                os.utime(file, (0, 0) if dice.random() < 0.5 else (2**33, 2**33))
        assert _is_the_same(read_library(base, cache=cache), read_library(base))
