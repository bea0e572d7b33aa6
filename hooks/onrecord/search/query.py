"""A query: from what a person typed to terms that find their places in a text.

In come the typed words and the language; out come `Word`s, which are found in every form of their
stem, in British and American spelling, and `Phrase`s, which are found as they are. Nothing
typed is ever read as a pattern.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from onrecord.text.corrections import Correction
from onrecord.text.spellings import spellings
from onrecord.text.words import PART, Analyser, is_unspaced, words_in

MOST_WORDS = 32
"""Different words of one query. Whoever has more to ask has a text, for `onrecord before`."""

MOST_PLACES = 20
"""Places of a term that are looked at in one text: more say nothing new of it."""

_QUOTED = re.compile('"([^"]*)"|“([^“”]*)”|„([^„“”]*)[“”]|«([^«»]*)»')
_NO_LETTER_BEFORE = r"(?<![^\W_])"
_REST = r"[^\W_]*(?:['’][^\W_]+)*"

_ENDINGS_ONLY = frozenset(("english", "danish", "norwegian", "swedish"))
"""Languages whose stemmer takes off endings alone, so that forms of a word begin alike."""

Span = tuple[int, int]


class QueryTooLong(ValueError):
    """More different words than a query may have."""


class SearchText:
    """A text to search in, with what each term must know of it made once."""

    def __init__(self, text: str) -> None:
        self.text = text if unicodedata.is_normalized("NFC", text) else _nfc(text)
        self.lower = _lower(self.text)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of the text in lower case."""
        return frozenset(found.group() for found in words_in(self.lower))


@dataclass(frozen=True)
class Word:
    """A word, found in every form that has its stem, and as a part of a `compoundWord`."""

    typed: str
    stem: str
    analyser: Analyser = field(repr=False, compare=False)

    def may_stand_in(self, lower: bytes) -> bool:
        """False for a file, in lower case, that can't hold it."""
        return self._beginning.encode() in lower

    def places(self, text: SearchText, most: int = MOST_PLACES) -> list[Span]:
        """Where its forms stand, from the first on."""
        if self._beginning not in text.lower:
            return []
        found = self._by_beginning(text) if self._beginning else self._by_word(text)
        return [span for span, _ in zip(found, range(most), strict=False)]

    @cached_property
    def _beginning(self) -> str:
        """What every form begins with; '' where the language gives no such promise."""
        if not self.typed.isascii():
            return ""
        if not self.analyser.has_stemmer:
            return self.typed
        if self.analyser.language not in _ENDINGS_ONLY:
            return ""
        pairs = enumerate(zip(self.typed, self.stem, strict=False))
        shared = next((at for at, (one, other) in pairs if one != other), len(self.stem))
        # A stem may end otherwise than its forms: `happi` of happy, `hope` of hoping.
        return self.typed[: max(1, shared - 1)]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        beginning = re.escape(self._beginning)
        # A single letter stands everywhere; looking at each place by itself would take its time.
        return re.compile((_NO_LETTER_BEFORE if len(beginning) < 2 else "") + beginning + _REST)

    def _by_beginning(self, text: SearchText) -> Iterator[Span]:
        stem, lower, written = self.analyser.stem, text.lower, text.text
        for found in self._pattern.finditer(lower):
            start, end = found.span()
            begins = start == 0 or not lower[start - 1].isalnum()
            if begins and stem(found.group()) == self.stem:
                yield start, end
            elif begins or (written[start].isupper() and written[start - 1].islower()):
                part = PART.match(written, start)
                if part and len(part[0]) > 1 and stem(part[0].lower()) == self.stem:
                    yield part.span()

    def _by_word(self, text: SearchText) -> Iterator[Span]:
        forms = {word for word in text.words if self.analyser.stem(word) == self.stem}
        if forms:
            for found in words_in(text.lower):
                if found.group() in forms:
                    yield found.span()


@dataclass(frozen=True)
class EitherSpelling:
    """A word that is spelt in several ways, as it was typed first."""

    words: tuple[Word, ...]

    @property
    def typed(self) -> str:
        """As it was typed."""
        return self.words[0].typed

    def may_stand_in(self, lower: bytes) -> bool:
        """As `Word.may_stand_in`."""
        return any(word.may_stand_in(lower) for word in self.words)

    def places(self, text: SearchText, most: int = MOST_PLACES) -> list[Span]:
        """Where one of its spellings stands, from the first place on."""
        return sorted({span for word in self.words for span in word.places(text, most)})[:most]


@dataclass(frozen=True)
class Phrase:
    """Words as they are, in any case; how they are spaced doesn't matter."""

    typed: str

    def may_stand_in(self, lower: bytes) -> bool:
        """As `Word.may_stand_in`."""
        first = self.typed.split()[0]
        return not first.isascii() or first.encode() in lower

    def places(self, text: SearchText, most: int = MOST_PLACES) -> list[Span]:
        """Where it stands, from the first place on."""
        return [span for span, _ in zip(self._whole(text.lower), range(most), strict=False)]

    def _whole(self, lower: str) -> Iterator[Span]:
        """Places that don't begin or end within a word."""
        parts = is_unspaced(self.typed)
        for found in self._pattern.finditer(lower):
            start, end = found.span()
            around = lower[max(0, start - 1) : start + 1], lower[end - 1 : end + 1]
            if parts or not any(len(pair) == 2 and pair.isalnum() for pair in around):
                yield start, end

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(r"\s+".join(map(re.escape, self.typed.split())))


Term = Word | EitherSpelling | Phrase


QUESTION = 6
"""From so many words on it is a question; the search page counts them as well."""


@dataclass(frozen=True)
class Query:
    """What is looked for: every term must be found. `typed` has single spaces."""

    typed: str
    terms: tuple[Term, ...]

    @property
    def is_question(self) -> bool:
        """Whether it is a question in somebody's own words, and not a few words of a record."""
        is_plain = not any(isinstance(term, Phrase) for term in self.terms)
        return is_plain and sum(len(found[0]) > 1 for found in words_in(self.typed)) >= QUESTION


def query_of(typed: str, analyser: Analyser) -> Query:
    """A query as a person types it; text in quotes is a phrase.

    Signs are passed over, unless nothing else is typed: then they are looked for as they are.
    Raises QueryTooLong.
    """
    typed = " ".join(unicodedata.normalize("NFC", typed).split())
    terms: dict[str, Term] = {}
    plain: list[str] = []
    at = 0
    for quoted in _QUOTED.finditer(typed):
        plain.append(typed[at : quoted.start()])
        at = quoted.end()
        phrase = _lower("".join(part or "" for part in quoted.groups())).strip()
        if phrase:
            terms[f'"{phrase}"'] = Phrase(phrase)
    plain.append(typed[at:])
    for found in words_in(_lower(" ".join(plain))):
        word = found.group()
        if is_unspaced(word):
            terms.setdefault(f'"{word}"', Phrase(word))
        else:
            terms.setdefault(analyser.stem(word), _word(word, analyser))
        if len(terms) > MOST_WORDS:
            raise QueryTooLong(f"more than {MOST_WORDS} different words")
    if not terms and typed:
        terms[typed] = Phrase(_lower(typed)[:1000])
    return Query(typed, tuple(terms.values()))


def corrected(query: Query, corrections: Iterable[Correction], analyser: Analyser) -> Query:
    """The same query with other words for some."""
    instead = {one.typed: one.meant for one in corrections}
    kept = tuple(
        _word(instead[term.typed], analyser) if term.typed in instead else term
        for term in query.terms
    )
    typed = " ".join(term.typed for term in kept)
    return Query(typed, kept)


def _word(word: str, analyser: Analyser) -> Word | EitherSpelling:
    """A word, in its other spellings too where the language has any."""
    others = spellings(word) if analyser.language == "english" else ()
    words = tuple(Word(one, analyser.stem(one), analyser) for one in (word, *others))
    return EitherSpelling(words) if others else words[0]


def _lower(text: str) -> str:
    """The text in lower case, sign for sign, so that places in the one are places in the other."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in text)


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
