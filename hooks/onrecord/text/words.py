"""Words of a text.

In: Markdown or plain text in any language. Out: lists of index terms (lower-cased, stemmed words;
character pairs where a script has no spaces), the spans they came from, the sentences of a text.
A function of the text and the language alone, so everything here caches by content.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import groupby
from typing import NamedTuple, Protocol

import Stemmer

# \w leaves out combining marks, without which Hindi, Thai or pointed Hebrew fall to pieces.
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0903\u093a-\u094f"
    "\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a4d\u0a81-\u0acd\u0b01-\u0b4d"
    "\u0b82-\u0bcd\u0c00-\u0c4d\u0c81-\u0ccd\u0d00-\u0d4d\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u17b4-\u17d3"
)
# Scripts written without spaces between words: Han, kana, Thai, Lao, Burmese, Khmer. And Hangul,
# which has spaces, but joins so many endings to a word that whole words hardly ever meet again.
_UNSPACED = (
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uac00-\ud7a3\uff66-\uff9f\u0e00-\u0e4e\u0e80-\u0ecd\u1000-\u103e\u1780-\u17d3\U00020000-\U0003134f"
)
_WORD = re.compile(rf"(?:[^\W_]|[{_MARKS}])+(?:['’](?:[^\W_]|[{_MARKS}])+)*")
_ASCII_WORD = re.compile(r"[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*")
_ASCII_GAPS = {at: " " for at in range(128) if not chr(at).isalnum() and chr(at) != "'"}
_UNSPACED_RUN = re.compile(f"[{_UNSPACED}]+")
_COMPOUND = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2}[a-z]")
PART = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
"""A word within a name such as `enableServiceLinks`."""

SENTENCE_END = re.compile(r"(?<=[.!?…؟۔।॥։])[\"”’)\]]*\s+(?=[^\W_]|[\"“(\[])|(?<=[。！？])")
"""Between two sentences, in scripts with and without spaces."""
LINK = re.compile(r"!?\[((?:[^\[\]]|\[[^\[\]]*\])*)\](?:\([^)\[]*\)|\[[^\[\]]*\])")
"""A link or image of Markdown; its words are the first group."""
LONGEST_WORD = 40
"""Longer runs of letters and digits are hashes, keys or base64: they match nothing but copies."""
_LONGEST_RUN = 100_000


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...


def _stemmer(language: str) -> _Stemmer | None:
    """The Snowball stemmer of a language, None where there is none (Chinese, Thai, unknown)."""
    try:
        made: _Stemmer = Stemmer.Stemmer(language.strip().lower(), 0)  # we remember stems ourselves
    except KeyError:
        return None
    return made


class Term(NamedTuple):
    """One index term and where it is in the text (offsets in code points)."""

    term: str
    start: int
    end: int


@dataclass(frozen=True)
class Analyser:
    """Turns text into terms for one language; remembers stems and their numbers."""

    language: str = "english"
    _stem: _Stemmer | None = field(init=False, repr=False, compare=False)
    _stems: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)
    _terms: dict[str, int] = field(default_factory=dict, init=False, repr=False, compare=False)
    _numbers: dict[str, int] = field(default_factory=dict, init=False, repr=False, compare=False)
    _compounds: dict[str, list[int]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _unspaced: dict[str, list[int]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "_stem", _stemmer(self.language))

    @property
    def has_stemmer(self) -> bool:
        """False for a language whose words are taken as they are."""
        return self._stem is not None

    def stem(self, word: str) -> str:
        """The stem of one lower-case word."""
        stemmed = self._stems.get(word)
        if stemmed is None:
            plain = word.replace("’", "'")
            stemmed = self._stem.stemWord(plain) if self._stem else plain
            self._stems[word] = stemmed
        return stemmed

    def numbers(self, text: str) -> tuple[list[int], list[int]]:
        """64-bit numbers of a text's terms in reading order, and of the parts of its compounds.

        The parts of `fooBar` or `HTTPServer` are kept apart, because they are worth less than the
        word itself and form no pairs with their neighbours. (`foo_bar` is two words anyway.)
        """
        known, compounds, split = self._numbers, self._compounds, self._unspaced
        words = _raw_words(text)
        # Each different word is looked at once; most of a text's words are known from the texts
        # before.
        for word in set(words).difference(known):
            self._learn(word)
        out = list(map(known.__getitem__, words))
        if split and 0 in out:
            out = [each for word in words for each in split.get(word) or (known[word],)]
        parts = [part for word in words if word in compounds for part in compounds[word]]
        return [number for number in out if number], parts

    def _learn(self, word: str) -> None:
        """Remember the number of a raw word; 0 for what is split or left out."""
        number = 0
        if _UNSPACED_RUN.search(word):
            terms = _split_unspaced(word[:_LONGEST_RUN], 0)
            self._unspaced[word] = [self.number(term.term) for term in terms]
        elif len(word) <= LONGEST_WORD:
            number = self.number(self.stem(word.lower()))
        if not (word.islower() or word.isupper()) and _COMPOUND.search(word):
            parts = PART.findall(word[: 4 * LONGEST_WORD])
            self._compounds[word] = [
                self.number(self.stem(part.lower())) for part in parts if len(part) > 1
            ]
        self._numbers[word] = number

    def number(self, term: str) -> int:
        """The 64-bit number of a term, never 0."""
        number = self._terms.get(term)
        if number is None:
            digest = blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest()
            # The lowest bit is set, so that 0 is free to mean none.
            number = self._terms[term] = int.from_bytes(digest, "little") | 1
        return number

    def vocabulary(self, texts: Iterable[str]) -> set[str]:
        """The words of all texts in lower case, unstemmed, as `numbers` counts them."""
        raw: set[str] = set()
        for text in texts:
            raw.update(_raw_words(text))
        found: set[str] = set()
        for word in raw:
            if _UNSPACED_RUN.search(word):
                found.update(term.term for term in _split_unspaced(word[:_LONGEST_RUN], 0))
            elif len(word) <= LONGEST_WORD:
                found.add(word.lower().replace("’", "'"))
        return found

    def terms(self, text: str) -> list[Term]:
        """The terms of a text with their places, for marking them. Slower than `numbers`."""
        out: list[Term] = []
        for match in _WORD.finditer(text):
            word, start = match.group(), match.start()
            if _UNSPACED_RUN.search(word):
                out.extend(_split_unspaced(word, start))
            elif len(word) <= LONGEST_WORD:
                stem = self.stem(unicodedata.normalize("NFKC", word).lower())
                out.append(Term(stem, start, match.end()))
        return out


def words_in(text: str) -> Iterator[re.Match[str]]:
    """Every word of a text with its place, as it is written."""
    return _WORD.finditer(text)


def is_unspaced(word: str) -> bool:
    """True when a word holds a run of a script whose words are found by their signs."""
    return _UNSPACED_RUN.search(word) is not None


def _raw_words(text: str) -> list[str]:
    if text.isascii():
        return _ascii_words(text)
    found: list[str] = []
    # No word goes over the end of a line, and most lines of most texts are ASCII.
    lines = unicodedata.normalize("NFKC", text).split("\n")
    for is_ascii, run in groupby(lines, str.isascii):
        found += (_ascii_words if is_ascii else _WORD.findall)("\n".join(run))
    return found


def _ascii_words(text: str) -> list[str]:
    # Splitting at spaces takes half the time of a pattern, which is asked only about apostrophes.
    parts = text.translate(_ASCII_GAPS).split()
    if "'" not in text:
        return parts
    return [word for one in parts for word in (_ASCII_WORD.findall(one) if "'" in one else (one,))]


def _split_unspaced(word: str, offset: int) -> Iterator[Term]:
    """Character pairs of the unspaced runs in a word; what is between them stays whole.

    Pairs are the honest answer without a dictionary: most Chinese and Japanese words, and most
    stems of Korean, are two characters long, and for Thai pairs are at least a fair fingerprint.
    """
    at = 0
    for run in _UNSPACED_RUN.finditer(word):
        if run.start() > at:
            yield Term(word[at : run.start()].lower(), offset + at, offset + run.start())
        start, end = run.span()
        if end - start == 1:
            yield Term(word[start:end], offset + start, offset + end)
        for i in range(start, end - 1):
            yield Term(word[i : i + 2], offset + i, offset + i + 2)
        at = end
    if at < len(word):
        yield Term(word[at:].lower(), offset + at, offset + len(word))
