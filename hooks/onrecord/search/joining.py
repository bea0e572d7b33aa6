"""One search index, joined of pieces: it finds what Pagefind's own index of all pages would find.

In come pieces; out come the files of the index, by their paths. Their names are numbers with a
short tag of what they hold, in the place of Pagefind's hashes: a browser loads the list of all
files before its first search, and numbers compress. What an edit leaves as it is keeps its name, so
it is neither written nor fetched again.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from itertools import count

from onrecord.search.cbor import LIST, UINT, dumped, head
from onrecord.search.pieces import FIELDS, SIGNATURE, SORT, Piece, WordPages, numbers_among

CHUNK_BYTES = 11_000
"""Bytes of the words that share a file, before they are compressed. Pagefind's own files are ten
times as large: a search would read 30 kB for each word. If they were much smaller, the list of
files would outweigh what they save."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_TAG, _LEAST = 5, 3
"""Digits that stand for the content of a file, so that no browser takes one it has kept of an older
index; and the fewest digits of a number."""


_Held = tuple[int, WordPages]
"""The pages of a piece that hold a word, and the number of its first page."""


def packed(data: bytes) -> bytes:
    """The content of a file of an index."""
    return gzip.compress(SIGNATURE + data, 6, mtime=0)


class Joined:
    """The index of all pages. Once its `files` are written, `hash` names the list of them."""

    def __init__(
        self,
        pieces: Sequence[Piece],
        language: str,
        version: str,
        pack: Callable[[bytes, bytes], bytes] = lambda data, _: packed(data),
    ) -> None:
        """`language` and `version` are as Pagefind writes them.

        `pack` may know how a content is compressed; it is told the content's digest, too.
        """
        self._fields = [*FIELDS, *sorted({f for one in pieces for f in one.fields} - {*FIELDS})]
        self._placed: list[tuple[int, Piece]] = []
        self.pages = 0
        for piece in pieces:
            self._placed.append((self.pages, self._with_fields(piece)))
            self.pages += len(piece.lengths)
        self._language, self._version, self._pack = language, version, pack
        self.hash = ""
        self._width = next(width for width in count(_LEAST) if 36**width > 4 * self.pages + 1_000)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Each file with its path, the list of all last."""
        pages: list[tuple[str, int]] = []
        for _, piece in self._placed:
            # One tag for the pages of a piece, which repeats itself in the list of all.
            digest = _digest_of(*piece.fragments)
            for length, fragment in zip(piece.lengths, piece.fragments, strict=True):
                pages.append((self._name(len(pages), digest), length))
                yield f"fragment/{pages[-1][0]}.pf_fragment", fragment
        chunks: list[tuple[str, str, str]] = []
        for first, last, data in self._chunks():
            digest = _digest_of(data)
            chunks.append((first, last, self._name(len(pages) + len(chunks), digest)))
            yield f"index/{chunks[-1][2]}.pf_index", self._pack(data, digest)
        filters: list[tuple[str, str]] = []
        for field, data in self._filters():
            digest = _digest_of(data)
            name = f"{self._language}_{digest.hex()[:7]}"
            filters.append((field, name))
            yield f"filter/{name}.pf_filter", self._pack(data, digest)
        whole = [self._version, pages, _shortened(chunks), filters, self._sorts(), self._fields]
        data = dumped(whole)
        self.hash = f"{self._language}_{_digest_of(data).hex()[:10]}"
        yield f"pagefind.{self.hash}.pf_meta", packed(data)

    def pages_with(self, word: str) -> int:
        """How many pages hold a word that is its own stem."""
        pieces = (piece for _, piece in self._placed)
        return sum(piece.words[word].pages for piece in pieces if word in piece.words)

    def _name(self, number: int, digest: bytes) -> str:
        tag = _digits(int.from_bytes(digest[:8], "big"), _TAG)
        return f"{self._language}_{tag}{_digits(number, self._width)}"

    def _with_fields(self, piece: Piece) -> Piece:
        """The piece as if its pages had all fields that any page has."""
        numbers = numbers_among(piece.fields, self._fields)
        return piece.with_fields(numbers) if numbers else piece

    def _chunks(self) -> Iterator[tuple[str, str, bytes]]:
        """The words that share a file: the first, the last, and all as they are in it."""
        words: list[str] = []
        parts: list[bytes] = []
        size = 0
        for word, data in self._words():
            words.append(word)
            parts.append(data)
            size += len(data)
            if size >= CHUNK_BYTES:
                yield words[0], words[-1], b"\x81" + head(LIST, len(words)) + b"".join(parts)
                words, parts, size = [], [], 0
        if words:
            yield words[0], words[-1], b"\x81" + head(LIST, len(words)) + b"".join(parts)

    def _words(self) -> Iterator[tuple[str, bytes]]:
        held: dict[str, list[_Held]] = {}
        variants: dict[str, dict[str, list[_Held]]] = {}
        for base, piece in self._placed:
            for word, postings in piece.words.items():
                if word in held:
                    held[word].append((base, postings))
                else:
                    held[word] = [(base, postings)]
            for word, form, postings in piece.variants:
                variants.setdefault(word, {}).setdefault(form, []).append((base, postings))
        for word in sorted(held):
            parts = [b"\x83", dumped(word), *_joined(held[word])]
            forms = variants.get(word, {})
            parts.append(head(LIST, len(forms)))
            for form in sorted(forms):
                parts += (b"\x82", dumped(form), *_joined(forms[form]))
            yield word, b"".join(parts)

    def _filters(self) -> Iterator[tuple[str, bytes]]:
        found: dict[str, dict[str, list[int]]] = {}
        for base, piece in self._placed:
            for field, values in piece.filters.items():
                for value, pages in values.items():
                    held = found.setdefault(field, {}).setdefault(value, [])
                    held += [base + page for page in pages]
        for field in sorted(found):
            yield field, dumped([field, sorted(found[field].items())])

    def _sorts(self) -> list[tuple[str, list[int]]]:
        days = [
            (day, base + page) for base, piece in self._placed for page, day in piece.days.items()
        ]
        return [(SORT, [page for _, page in sorted(days)])] if days else []


def _joined(held: list[_Held]) -> list[bytes]:
    """The pages of a word in all pieces, of each after those of the pieces before it."""
    parts = [b""]
    number = before = 0
    for base, postings in held:
        if postings.pages:
            parts += (b"\x83", head(UINT, base + postings.first - before), postings.data)
            number += postings.pages
            before = base + postings.last
    parts[0] = head(LIST, number)
    return parts


def _shortened(chunks: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The same, where one ends and the next begins, by as many letters as tell them apart."""
    firsts, lasts = [one[0] for one in chunks], [one[1] for one in chunks]
    for at in range(1, len(chunks)):
        before, after = lasts[at - 1], firsts[at]
        letters = next(n for n in count(1) if before[:n] != after[:n])
        firsts[at] = after[:letters]
        # A word that is cut may come before the first, which then is outside.
        if before[:letters] >= firsts[at - 1]:
            lasts[at - 1] = before[:letters]
    return list(zip(firsts, lasts, (name for _, _, name in chunks), strict=True))


def _digest_of(*parts: bytes) -> bytes:
    whole = blake2b(digest_size=16)
    for part in parts:
        whole.update(part)
    return whole.digest()


def _digits(value: int, width: int) -> str:
    return "".join(_DIGITS[value // 36**place % 36] for place in reversed(range(width)))
