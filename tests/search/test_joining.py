"""A search index joined of pieces holds what Pagefind's own index of all pages holds."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from onrecord.search import site_index
from onrecord.search.cbor import UnknownFormError, dumped, loaded
from onrecord.search.pagefind import Pagefind, program
from onrecord.search.pieces import SIGNATURE
from onrecord.search.site_index import SearchIndex
from onrecord.site.mkdocs.rebuild.folder import SiteFolder

Page = tuple[str, str]
Item = TypeVar("Item")
NUMBER = 40
LONG = " ".join(f"word{n}" for n in range(300))
"""So many places that numbers of each length are in the index."""


def page(number: int, text: str = "") -> Page:
    """A page with words, accents, a weight, filters, a day, and fields that few pages have."""
    day = f"2026-01-{number % 28 + 1:02}" if number % 3 else ""
    image = "<img src='a.png' alt='a chart'>" if number == 7 else ""
    own = "<i data-pagefind-meta='colour'>green</i>" if number == 11 else ""
    tags = "".join(
        f"<i data-pagefind-filter='tag[data-v]' data-v='t{tag}'></i>" for tag in {number % 2, 2}
    )
    accent = ("café", "cafe", "cafè CAFÉ")[number % 3]
    return (
        f"page-{number}/",
        f"<html lang=en><body data-pagefind-body><i data-pagefind-sort='date[data-day]' "
        f"data-day='{day or '0000-00-00'}' data-pagefind-meta='title[data-title]"
        f"{', date[data-day]' if day else ''}' data-title='Résumé {number}'></i>{tags}"
        f"<h1 id=a>Page {number}</h1><p>{accent} marmalade {text}</p>{image}{own}"
        f"<pre data-pagefind-weight='0.5'>code {number}</pre>"
        f"<p>{LONG * (number % 5)} end{number}</p></body></html>",
    )


PAGES = [page(number) for number in range(NUMBER)]


def unpacked(file: Path) -> Any:
    data = gzip.decompress(file.read_bytes())
    assert data.startswith(SIGNATURE)
    return loaded(data.removeprefix(SIGNATURE))


def list_of(folder: Path) -> Any:
    (language,) = json.loads((folder / "pagefind-entry.json").read_text())["languages"].values()
    return unpacked(folder / f"pagefind.{language['hash']}.pf_meta")


def content_of(folder: Path) -> dict[str, Any]:
    """What an index says of each page, however its pages are numbered and its files are called."""
    _, pages, chunks, filters, sorts, fields = list_of(folder)
    texts = [
        json.loads(
            gzip.decompress((folder / f"fragment/{name}.pf_fragment").read_bytes())[
                len(SIGNATURE) :
            ]
        )
        for name, _ in pages
    ]
    urls = [text["url"] for text in texts]

    def held(postings: list[Any]) -> dict[str, Any]:
        found, number = {}, 0
        for step, places, in_fields in postings:
            number += step
            named = [fields[-1 - one] if one < 0 else one for one in in_fields]
            found[urls[number]] = (places, by_field(named))
        return found

    words: dict[str, Any] = {}
    for first, last, name in chunks:
        (some,) = unpacked(folder / f"index/{name}.pf_index")
        for word, postings, variants in some:
            assert first <= word
            assert word[: len(last)] <= last
            assert word not in words
            words[word] = held(postings), {form: held(pages) for form, pages in variants}
    in_filters = {}
    for field, name in filters:
        of, values = unpacked(folder / f"filter/{name}.pf_filter")
        assert of == field
        in_filters[field] = {value: {urls[page] for page in pages} for value, pages in values}
    days = {text["url"]: text["meta"].get("date", "") for text in texts}
    return {
        "texts": sorted((text["url"], json.dumps(text)) for text in texts),
        "lengths": {url: length for url, (_, length) in zip(urls, pages, strict=True)},
        "words": words,
        "filters": in_filters,
        "sorts": {key: [days[urls[page]] for page in order] for key, order in sorts},
        "fields": sorted(fields),
    }


def by_field(places: list[Any]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    field = ""
    for one in places:
        if isinstance(one, str):
            field = one
        else:
            found.setdefault(field, []).append(one)
    return found


Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes the index of some pages, and gives its folder."""

    def made(name: str, pages: list[Page], cache: Path | None = None, most: int = 8_000) -> Path:
        index = SearchIndex(program(), "en", piece_bytes=most, cache=cache)
        for url, html in pages:
            index.add(url, html)
        index.make()
        index.put(SiteFolder(tmp_path / name).put)
        index.close()
        return tmp_path / name / "pagefind"

    return made


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_it_holds_what_pagefinds_own_index_holds(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onrecord.search.joining.CHUNK_BYTES", 500)
    whole = tmp_path / "whole"
    pages = ((url, html.encode()) for url, html in PAGES)
    for path, data in Pagefind(program(), "en", True, tmp_path).index(pages).items():
        (whole / path).parent.mkdir(parents=True, exist_ok=True)
        (whole / path).write_bytes(data)
    ours, theirs = content_of(make("joined", PAGES)), content_of(whole)
    known = {*ours["fields"]}
    assert known >= {*theirs.pop("fields")}
    del ours["fields"]
    assert ours == theirs


def test_any_order_of_pages_gives_the_same_index(make: Make) -> None:
    assert files_of(make("one", PAGES)) == files_of(make("other", PAGES[::-1]))


def test_pages_have_their_numbers_by_their_addresses(make: Make) -> None:
    """And not by the order in which a disk lists files, of which each has its own."""
    folder = make("whole", PAGES, most=10_000_000)
    texts = [
        (folder / f"fragment/{name}.pf_fragment").read_bytes() for name, _ in list_of(folder)[1]
    ]
    urls = [json.loads(gzip.decompress(text)[len(SIGNATURE) :])["url"] for text in texts]
    assert urls == sorted(f"/{url}" for url, _ in PAGES)


def test_an_edit_costs_one_piece_and_gives_the_index_of_a_clean_build(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    make("first", PAGES, cache)
    asked: list[list[str]] = []
    run = Pagefind.index

    def index(self: Pagefind, pages: Any) -> dict[str, bytes]:
        pages = list(pages)
        asked.append([url for url, _ in pages])
        return run(self, pages)

    monkeypatch.setattr(Pagefind, "index", index)
    edits = [
        [*PAGES[:5], page(5, "chutney"), *PAGES[6:]],
        [*PAGES, page(NUMBER)],
        [*PAGES[:9], *PAGES[10:]],
    ]
    for number, pages in enumerate(edits):
        asked.clear()
        edited = make(f"edited-{number}", pages, cache)
        (changed,) = [urls for urls in asked if urls != [""]]
        assert len(changed) < NUMBER / 2
        assert files_of(edited) == files_of(make(f"clean-{number}", pages))


def test_one_piece_more_leaves_all_but_one_as_they_are() -> None:
    urls = [f"decisions/2026/box-{number}/" for number in range(500)]
    for number in range(1, 40):
        before, after = (
            [site_index.place_of(url, many) for url in urls] for many in (number, number + 1)
        )
        moved = {(b, a) for b, a in zip(before, after, strict=True) if a != b}
        assert {a for _, a in moved} <= {number}
        assert len(moved) <= 1


def test_every_file_is_listed_by_its_number(make: Make) -> None:
    folder = make("site", PAGES)
    _, pages, chunks, *_ = list_of(folder)
    names = [name for name, _ in pages] + [name for *_, name in chunks]
    assert [int(name[-3:], 36) for name in names] == list(range(len(names)))
    there = {file.stem for kind in ("fragment", "index") for file in (folder / kind).iterdir()}
    assert there == {*names}
    assert len([*folder.glob("*.pf_meta")]) == 1


def test_another_content_has_other_names(make: Make) -> None:
    one, other = ({*files_of(make(word, [page(1, word)]))} for word in ("marmalade", "chutney"))
    data = (".pf_fragment", ".pf_index", ".pf_meta")
    assert not [name for name in one & other if name.endswith(data)]


def test_an_edit_gives_new_names_to_what_it_changes_alone(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onrecord.search.joining.CHUNK_BYTES", 500)
    before = files_of(make("before", PAGES))
    after = files_of(make("after", [*PAGES[:5], page(5, "chutney"), *PAGES[6:]]))
    held = [name for name in after if name.startswith(("index/", "fragment/"))]
    same = [name for name in held if name in before]
    assert len(held) / 2 < len(same) < len(held)
    assert all(before[name] == after[name] for name in same)


def test_an_index_of_no_page_can_be_asked(make: Make) -> None:
    assert content_of(make("site", []))["texts"] == []


def test_making_an_index_says_how_far_it_is() -> None:
    told: list[tuple[str, int]] = []
    index = SearchIndex(program(), "en", piece_bytes=1)

    def progress(doing: str, items: Collection[Item]) -> Iterable[Item]:
        told.append((doing, len(items)))
        return items

    index.progress = progress
    for url, html in PAGES[:3]:
        index.add(url, html)
    index.make()
    index.close()
    assert told == [("Making parts of the search index", 3)]


def test_what_another_pagefind_writes_is_published_as_it_is(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onrecord.search.pieces.SIGNATURE", b"another form")
    folder = make("site", PAGES)
    assert len(list_of(folder)[1]) == NUMBER
    assert (folder / "pagefind.js").is_file()
    assert not [*folder.glob("pagefind-*ui*")]


@pytest.mark.parametrize(
    "value", [0, 23, 24, 255, 256, 65_535, 65_536, "", "a" * 30, "é" * 300, [], [1, ["x", [2]]]]
)
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    assert loaded(dumped(value)) == value


@pytest.mark.parametrize(
    "data", [b"", b"\x82\x01", b"\xa1\x01\x01", b"\x01\x01", b"\x63a", b"\x1f"]
)
def test_what_is_no_value_is_said(data: bytes) -> None:
    with pytest.raises(UnknownFormError):
        loaded(data)
