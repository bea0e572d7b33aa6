"""Features of one document, dependent on that document alone.

In: a `Document`. Out: `Features`, small arrays: which terms and word pairs it holds and how
strongly. Because nothing here looks at other documents, features cache by content (`content_key`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b

import numpy as np
import Stemmer
from numpy.typing import NDArray

from onrecord.text.words import Analyser

ENGINE_VERSION = f"7, Snowball {Stemmer.version()}"
"""Part of every cache key: raise it whenever the same text would give other features or scores."""

TITLE_WEIGHT = 6.0
"""How many mentions in the body one word of the title is worth."""
PART_WEIGHT = 0.5
"""A part of a compound (`Bar` of `fooBar`) against a whole word."""
PAIR_WEIGHT = 0.64
"""A word pair against a word, on the count; .8 after the square root."""
STEPS = 16
"""Strengths are stored as whole sixteenths, so that every sum of products is exact."""

NAME_WORDS = 16
"""Of a text without a title its first words stand for one."""

_MIX_A = np.uint64(0x9E3779B97F4A7C15)
_MIX_B = np.uint64(0xC2B2AE3D27D4EB4F)


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """A link of one document to another, by id."""

    target: str
    kind: str = "related"


@dataclass(frozen=True, slots=True)
class Document:
    """What the engine needs to know of a record.

    `order` sorts in time (an ISO date does); equal ones are sorted by id. `text` is the Markdown
    body without front matter and title, or a function that fetches it. With a `digest` that stands
    for title and text the body is not fetched before it is needed, which on a warm cache is for the
    few hits that are shown. `asked` is how people ask for it: it counts like the title, and the
    digest stands for it too.
    """

    id: str
    title: str
    text: str | Callable[[], str]
    order: str = ""
    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    links: tuple[DocumentLink, ...] = ()
    digest: str = ""
    asked: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        """The text, fetched if need be."""
        return self.text if isinstance(self.text, str) else self.text()


@dataclass(frozen=True, slots=True)
class Features:
    """Terms and pairs of a document: sorted 32-bit numbers, and a strength of 1 to 255 for each.

    `title` holds the sorted numbers of the title's terms, or of the first ones of a text without;
    `phrases` those of its pairs of neighbouring words.
    """

    terms: NDArray[np.uint32]
    strengths: NDArray[np.uint8]
    title: NDArray[np.uint32]
    phrases: NDArray[np.uint32]


def content_key(document: Document, language: str) -> bytes:
    """16 bytes that stand for what `extract` depends on, and for nothing else."""
    whole = (document.title, document.body, *document.asked) if not document.digest else ()
    content = whole or ("digest", document.digest)
    digest = _key_of(language).copy()
    digest.update(b"".join(map(_framed, content)))
    return digest.digest()


@cache
def _key_of(language: str) -> blake2b:
    """The beginning that all keys of a language share."""
    shared = b"".join(map(_framed, (ENGINE_VERSION, language)))
    return blake2b(shared, digest_size=16, person=b"precedents")


def _framed(part: str) -> bytes:
    raw = part.encode("utf-8", "surrogatepass")
    return len(raw).to_bytes(8, "little") + raw


def entry_key(document: Document, content: bytes) -> bytes:
    """16 bytes that stand for a document's content and its place in time."""
    place = f"{len(document.id)} {document.id}{document.order}".encode("utf-8", "surrogatepass")
    return blake2b(content + place, digest_size=16).digest()


def short_numbers(numbers: Sequence[int]) -> NDArray[np.uint32]:
    """The numbers by which the index knows terms, from those of the analyser."""
    return _short(np.array(numbers, dtype=np.uint64))


def extract(title: str, text: str, analyser: Analyser, asked: Sequence[str] = ()) -> Features:
    """The features of a title and a body; empty arrays for a text without words.

    The questions that lead to it weigh as much as the title, and are no part of its name.
    """
    title_words, title_parts = analyser.numbers(title)
    words, parts = analyser.numbers(text)
    title_numbers = np.array(title_words, dtype=np.uint64)
    numbers = np.array(words, dtype=np.uint64)
    groups = [
        *_weighed(title_numbers, title_parts, TITLE_WEIGHT),
        *_weighed(numbers, parts, 1.0),
    ]
    for question in asked:
        its_words, its_parts = analyser.numbers(question)
        groups += _weighed(np.array(its_words, dtype=np.uint64), its_parts, TITLE_WEIGHT)
    every = np.concatenate([group for group, _ in groups])
    terms, place = np.unique(every, return_inverse=True)
    weights = np.concatenate([np.full(len(group), weight) for group, weight in groups])
    counts = np.bincount(place, weights=weights, minlength=len(terms))
    strengths = np.clip(np.rint(np.sqrt(counts) * STEPS), 1, 255).astype(np.uint8)
    name = title_numbers if len(title_numbers) else numbers[:NAME_WORDS]
    return Features(terms, strengths, distinct(_short(name)), distinct(pairs_of(name)))


def _weighed(
    numbers: NDArray[np.uint64], parts: Sequence[int], weight: float
) -> Iterator[tuple[NDArray[np.uint32], float]]:
    """The terms, the pairs and the parts of compounds of a text, each with its weight."""
    yield _short(numbers), weight
    yield pairs_of(numbers), weight * PAIR_WEIGHT
    yield _short(np.array(parts, dtype=np.uint64)), weight * PART_WEIGHT


def distinct(numbers: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Numbers in order, each once."""
    # For a handful this is faster than what numpy has for many, which loads masked arrays, too.
    return np.array(sorted(set(numbers.tolist())), dtype=np.uint32)


def _short(numbers: NDArray[np.uint64]) -> NDArray[np.uint32]:
    return (numbers >> np.uint64(32)).astype(np.uint32)


def pairs_of(numbers: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """Numbers of neighbouring words taken together; the order of the two counts."""
    second = numbers[1:] ^ np.right_shift(numbers[1:], np.uint64(29))
    mixed = np.multiply(numbers[:-1], _MIX_A) + np.multiply(second, _MIX_B)
    return _short(mixed ^ np.left_shift(mixed, np.uint64(17)))
