"""A piece of the search index: what Pagefind made of some pages, ready to be joined with others.

In come the files of an index as Pagefind wrote them; out comes a `Piece`. The pages of a piece have
numbers from 0, in the order of their addresses: Pagefind numbers them as the disk lists them, and
no two disks do that alike. Pagefind writes of each word the pages that hold it, each by its
distance from the one before. So when pieces are joined, only the first number changes, and all else
is copied.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from onrecord.search.cbor import (
    LIST,
    NEGATIVE,
    UINT,
    UnknownFormError,
    head,
    head_at,
    loaded,
    text_at,
    value_at,
)
from onrecord.search.pagefind import ENTRY

SIGNATURE = b"pagefind_dcd"
"""What every file begins with, once it is decompressed."""
SORT = "date"

FIELDS = (
    *("title", "id", "tags", "owner", "names", "date"),
    *("successor_title", "successor_url", "image", "image_alt"),
)
"""What is known of a page, by its number in each piece. A page may have more, by its own HTML."""

_UINT = rb"(?:[\x00-\x17]|\x18.|\x19..|\x1a....)"
_INTS = rb"(?:[\x00-\x17\x20-\x37]|[\x18\x38].|[\x19\x39]..|[\x1a\x3a]....)"
_LIST = rb"(?:[\x80-\x97]|\x98.|\x99..|\x9a....)"
_PLACES = rb"\x83" + _UINT + _LIST + _INTS + rb"*+" + _LIST
_PAGE = re.compile(
    rb"\x83(" + _UINT + rb")" + _LIST + _INTS + rb"*+" + _LIST + _INTS + rb"*+", re.DOTALL
)
"""A page that holds a word: its distance from the one before, the word's places in the text, and
its places in the fields."""
_PAGES = re.compile(rb"(?:" + _PLACES + _INTS + rb"*+)*+", re.DOTALL)
_TO_FIELDS = re.compile(
    rb"(?:" + _PLACES.removesuffix(_LIST) + rb"\x80)*+" + _PLACES + rb"(?=" + _INTS + rb")",
    re.DOTALL,
)
"""All before the next places in fields."""
_INT = re.compile(_INTS, re.DOTALL)
_IN_FIELDS = re.compile(_INTS + rb"++", re.DOTALL)


class WordPages(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """The pages that hold one word: how many, the first and the last, and their places.

    `data` is without the first page's number.
    """

    pages: int
    first: int
    last: int
    data: bytes


class Piece(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """What is known of some pages."""

    fragments: list[bytes]
    """The text of each page, compressed."""
    lengths: list[int]
    """The number of words of each page."""
    days: dict[int, str]
    """The day of each page that can be sorted by it."""
    filters: dict[str, dict[str, list[int]]]
    fields: list[str]
    words: dict[str, WordPages]
    variants: list[tuple[str, str, WordPages]]
    """Words, a spelling of theirs that has accents, and the pages that have it so."""

    def with_fields(self, numbers: Mapping[bytes, bytes]) -> Piece:
        """The same, with these numbers for fields."""
        words = {word: _with_fields(one, numbers) for word, one in self.words.items()}
        variants = [(word, form, _with_fields(one, numbers)) for word, form, one in self.variants]
        return msgspec.structs.replace(self, words=words, variants=variants)


def piece_of(files: Mapping[str, bytes]) -> Piece:
    """The piece that the files of an index are, by their paths."""
    try:
        return _read(files)
    except (OSError, EOFError, zlib.error, KeyError, TypeError, ValueError, IndexError) as error:
        raise UnknownFormError(f"not as Pagefind 1.5 writes it: {error}") from error


def _read(files: Mapping[str, bytes]) -> Piece:
    (language,) = json.loads(files[ENTRY])["languages"].values()
    _, pages, chunks, filters, sorts, fields = loaded(
        _unpacked(files[f"pagefind.{language['hash']}.pf_meta"])
    )
    found = [files[f"fragment/{name}.pf_fragment"] for name, _ in pages]
    texts = [json.loads(_unpacked(fragment)) for fragment in found]
    order = sorted(range(len(found)), key=lambda page: str(texts[page]["url"]))
    places = {page: place for place, page in enumerate(order)}
    ours = [*FIELDS, *sorted({*fields} - {*FIELDS})]
    words, variants = {}, []
    for _, _, name in chunks:
        data = _unpacked(files[f"index/{name}.pf_index"])
        for word, form, postings in _words_in(data, places, numbers_among(fields, ours)):
            if form is None:
                words[word] = postings
            else:
                variants.append((word, form, postings))
    return Piece(
        [found[page] for page in order],
        [pages[page][1] for page in order],
        {
            places[page]: str(texts[page]["meta"].get(SORT, ""))
            for page in dict(sorts).get(SORT, ())
        },
        dict(_filter_in(files[f"filter/{name}.pf_filter"], places) for _, name in filters),
        ours,
        words,
        variants,
    )


def _unpacked(packed: bytes) -> bytes:
    data = gzip.decompress(packed)
    if not data.startswith(SIGNATURE):
        raise UnknownFormError("a file doesn't say what it is")
    return data[len(SIGNATURE) :]


def _filter_in(file: bytes, places: Mapping[int, int]) -> tuple[str, dict[str, list[int]]]:
    name, values = loaded(_unpacked(file))
    return name, {value: sorted(places[page] for page in held) for value, held in values}


def numbers_among(fields: Sequence[str], others: Sequence[str]) -> dict[bytes, bytes]:
    """The signs of fields among others, by their signs as they stand; only those that differ."""
    return {
        head(NEGATIVE, number): head(NEGATIVE, others.index(field))
        for number, field in enumerate(fields)
        if others.index(field) != number
    }


def _words_in(
    data: bytes, places: Mapping[int, int], numbers: Mapping[bytes, bytes]
) -> Iterator[tuple[str, str | None, WordPages]]:
    """Each word of a chunk with its pages, and each other form of it with its own."""
    _, at = head_at(data, 0, LIST)
    many, at = head_at(data, at, LIST)
    for _ in range(many):
        word, postings, at = _entry_at(data, at, places, numbers)
        yield word, None, postings
        forms, at = head_at(data, at, LIST)
        for _ in range(forms):
            form, postings, at = _entry_at(data, at, places, numbers)
            yield word, form, postings
    if at != len(data):
        raise UnknownFormError("more than words")


def _entry_at(
    data: bytes, at: int, places: Mapping[int, int], numbers: Mapping[bytes, bytes]
) -> tuple[str, WordPages, int]:
    """A word, or a form of one, with its pages, and where what follows begins."""
    _, at = head_at(data, at, LIST)
    text, at = text_at(data, at)
    postings, at = _postings_at(data, at, places, numbers)
    return text, postings, at


def _postings_at(
    data: bytes, at: int, places: Mapping[int, int], numbers: Mapping[bytes, bytes]
) -> tuple[WordPages, int]:
    many, at = head_at(data, at, LIST)
    # Most words are on one page.
    found = (_PAGE if many == 1 else _PAGES).match(data, at)
    if found is None:
        raise UnknownFormError("no page")
    number, pages = 0, []
    for one in [found] if many == 1 else _PAGE.finditer(found[0]):
        number += _STEPS[one[1]]
        pages.append((places[number], one[0][len(b"\x83") + len(one[1]) :]))
    if len(pages) != many:
        raise UnknownFormError(f"{len(pages)} pages in place of {many}")
    if not pages:
        return WordPages(0, 0, 0, b""), found.end()
    pages.sort()
    parts = [pages[0][1]]
    for (before, _), (page, held) in pairwise(pages):
        parts += (b"\x83", head(UINT, page - before), held)
    postings = WordPages(many, pages[0][0], pages[-1][0], b"".join(parts))
    return _with_fields(postings, numbers), found.end()


class _Steps(dict[bytes, int]):
    """Numbers by their bytes, as far as they were met."""

    def __missing__(self, data: bytes) -> int:
        self[data] = number = value_at(data, 0)[0]
        return int(number)


_STEPS = _Steps()


_FIRST = b"\x83\x00"
"""What stands for the first page, whose number `WordPages` hold apart."""


def _with_fields(postings: WordPages, numbers: Mapping[bytes, bytes]) -> WordPages:
    """The same pages, with these numbers for their fields."""
    if not numbers or not postings.pages:
        return postings
    data = _FIRST + postings.data
    if (found := _TO_FIELDS.match(data)) is None:
        return postings
    parts, at = [], 0
    while found is not None:
        places = _IN_FIELDS.match(data, found.end())
        assert places is not None  # it was looked for
        parts.append(found[0])
        parts += [numbers.get(one, one) for one in _INT.findall(places[0])]
        at = places.end()
        found = _TO_FIELDS.match(data, at)
    parts.append(data[at:])
    return msgspec.structs.replace(postings, data=b"".join(parts)[len(_FIRST) :])
