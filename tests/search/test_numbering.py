"""The files of a search index have numbers for names, and every list names what is there."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from onrecord.search.numbering import number_files
from onrecord.search.pagefind import SearchIndex, program

HASHES = ("en_0a1b2c3", "en_1111111", "en_fffffff")


@pytest.fixture
def index() -> Iterator[SearchIndex]:
    made = SearchIndex(program(), "en")
    yield made
    made.close()


def add(index: SearchIndex, number: int, word: str = "marmalade") -> None:
    head = f"<head><title>Page {number}</title></head>"
    text = f"<p>{word} number {number}.</p>"
    index.add(f"page-{number}/", f'<html lang="en">{head}<body>{text}</body></html>')


def put(index: SearchIndex, site: Path) -> tuple[bytes, list[str]]:
    """The list of an index as it is published, and the names of its files."""
    index.make()
    index.put(site)
    entry = json.loads((site / "pagefind/pagefind-entry.json").read_text(encoding="utf-8"))
    listed = site / f"pagefind/pagefind.{entry['languages']['en']['hash']}.pf_meta"
    stems = [
        file.stem
        for folder in ("fragment", "index")
        for file in sorted((site / "pagefind" / folder).iterdir())
    ]
    return gzip.decompress(listed.read_bytes()), stems


def test_every_file_is_listed_by_its_number(index: SearchIndex, tmp_path: Path) -> None:
    for number in range(40):
        add(index, number)
    listed, stems = put(index, tmp_path)
    assert len(stems) == 41
    assert [int(stem[-3:], 36) for stem in stems] == list(range(41))
    assert len({stem[:-3] for stem in stems}) == 1
    for stem in stems:
        assert listed.count(stem.encode()) == 1
    assert len([*tmp_path.glob("pagefind/*.pf_meta")]) == 1


def test_making_an_index_says_how_far_it_is(index: SearchIndex) -> None:
    told = []
    index.shard_words = 5
    index.progress = lambda doing, items: told.append((doing, len(items))) or items
    for number in range(3):
        add(index, number)
    index.make()
    assert told == [("Making parts of the search index", 3)]


def test_another_content_has_other_names(tmp_path: Path) -> None:
    names = []
    for word in ("marmalade", "marmalade", "chutney"):
        made = SearchIndex(program(), "en")
        add(made, 1, word)
        names.append(put(made, tmp_path / word)[1])
        made.close()
    assert names[0] == names[1]
    assert not {*names[0]} & {*names[2]}


def folder_of(root: Path, listed: bytes) -> dict[str, bytes]:
    """An index of three files, listed so; what of it is left after its files were numbered."""
    (root / "fragment").mkdir()
    (root / "index").mkdir()
    for name in HASHES[:2]:
        (root / f"fragment/{name}.pf_fragment").write_bytes(name.encode())
    (root / f"index/{HASHES[2]}.pf_index").write_bytes(HASHES[2].encode())
    (root / "pagefind.en_0123456789.pf_meta").write_bytes(gzip.compress(listed))
    languages = {"en": {"hash": "en_0123456789"}}
    (root / "pagefind-entry.json").write_text(json.dumps({"languages": languages}))
    number_files(root)
    return {str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*.pf_[fi]*")}


def test_a_word_like_the_name_of_a_file_changes_nothing(tmp_path: Path) -> None:
    listed = b"golden_0a1b2c3 j" + b" j".join(name.encode() for name in HASHES)
    assert {Path(name).stem for name in folder_of(tmp_path, listed)} == {*HASHES}


def test_files_keep_their_content_in_the_order_of_the_list(tmp_path: Path) -> None:
    listed = b"en_9999999 j" + b" j".join(name.encode() for name in reversed(HASHES))
    found = folder_of(tmp_path, listed)
    order = sorted(found, key=lambda name: Path(name).stem)
    assert [found[name].decode() for name in order] == [*reversed(HASHES)]


def test_a_list_that_cannot_be_read_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "pagefind-entry.json").write_text('{"languages": {"en": {"hash": "en_01"}}}')
    (tmp_path / "pagefind.en_01.pf_meta").write_bytes(b"another form")
    number_files(tmp_path)
    assert (tmp_path / "pagefind.en_01.pf_meta").read_bytes() == b"another form"
    assert json.loads((tmp_path / "pagefind-entry.json").read_text()) == {
        "languages": {"en": {"hash": "en_01"}}
    }


@pytest.mark.parametrize(
    "listed", [b"", b"en_0a1b2c3 en_1111111", b"en_0a1b2c3 en_1111111 en_fffffff en_fffffff"]
)
def test_what_is_not_listed_once_stays_as_it_is(tmp_path: Path, listed: bytes) -> None:
    assert {Path(name).stem for name in folder_of(tmp_path, listed)} == {*HASHES}
