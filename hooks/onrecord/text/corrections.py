"""Another word for one that no record holds: the word of the records most like it.

In come a word as it was typed and texts; out comes the word of theirs that was meant, if one is
near enough. `onrecord find` and `onrecord before` both correct by it.
"""

from __future__ import annotations

import difflib
import math
import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from onrecord.text.words import words_in

MAX_GUESSED = 100
"""Nobody mistypes a longer word, and looking for its neighbours would take its time."""

LEAST, OFTEN = 0.8, 0.05
"""How like a word must be (1 is the same), and what ten times as many of it are worth."""

MOST_OF_NAMES = 20_000
_OF_NAMES = re.compile(r"[^\W\d_]{4,40}")

SURE = 6
"""Letters of a word whose slip is known for one without being asked about."""
_VOWELS = frozenset("aeiouyäöüáéíóúàèìòùâêîôûåæøœ")


class Correction(NamedTuple):
    """A word that was typed, and the one that was searched for instead.

    `is_held` where a few records hold it all the same: then those of the other word are added.
    """

    typed: str
    meant: str
    is_held: bool = False


def is_guessable(typed: str) -> bool:
    """Whether a word is long enough, and short enough, for another to be like it."""
    return 3 <= len(typed) <= MAX_GUESSED


def nearest_of(typed: str, texts: Iterable[str]) -> str:
    """The word of some texts most like the typed one; of those alike the most frequent one.

    It begins with one of the first two letters that were typed: so few are ever wrong there that
    it isn't worth comparing every word of every record.
    """
    first = f"[{re.escape(typed[:2])}]"
    letters, least, longest = {*typed}, len(typed) - 2, len(typed) + 2
    alike = re.compile(rf"{first}(?<![^\W_]{first})[^\W_]{{{least - 1},{longest - 1}}}(?![^\W_])")
    runs = Counter(found for text in texts for found in alike.findall(text.lower()))
    counted = {word: n for word, n in runs.items() if len(letters.difference(word)) <= 2}
    matcher = difflib.SequenceMatcher(b=typed)
    best = 0.0, 0, ""
    for word, number in counted.items():
        matcher.set_seq1(word)
        if word != typed and matcher.quick_ratio() >= LEAST:
            swapped = sorted(word) == sorted(typed)  # letters in the wrong order: `bnak`
            ratio = 0.95 if swapped else matcher.ratio()
            if ratio >= LEAST:
                # What many titles hold is likelier meant than somebody else's slip.
                best = max(best, (round(ratio + OFTEN * math.log10(number), 6), number, word))
    return best[2]


def words_of_names(names: Iterable[str]) -> list[str]:
    """The words of titles and other names that a misspelt one may mean, the most frequent first.

    What corrects in a browser is given these, as it can't read every record.
    """
    counted = Counter(word for name in names for word in set(_OF_NAMES.findall(name.lower())))
    return sorted(counted, key=lambda word: (-counted[word], word))[:MOST_OF_NAMES]


def is_slip(typed: str, meant: str) -> bool:
    """Whether a word can hardly be anything but another, misspelt.

    In it one letter is missing, one too many, two have changed places, or one vowel is another. In
    a short word, or with one consonant for another, it is as often a word of its own: `consent` is
    no slip of `content`.
    """
    if typed == meant or min(len(typed), len(meant)) < SURE:
        return False
    short, long = sorted((typed, meant), key=len)
    at = next((n for n, sign in enumerate(short) if sign != long[n]), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    if typed[at : at + 2] == meant[at : at + 2][::-1]:
        return typed[at + 2 :] == meant[at + 2 :]
    are_vowels = _VOWELS.issuperset((typed[at], meant[at]))
    return are_vowels and typed[at + 1 :] == meant[at + 1 :]


def with_corrections(text: str, corrections: Iterable[Correction]) -> str:
    """A text with what was meant in place of the words that were corrected."""
    instead = {one.typed: one.meant for one in corrections}
    at, parts = 0, []
    for found in words_in(text) if instead else ():
        if found[0] in instead:
            parts += [text[at : found.start()], instead[found[0]]]
            at = found.end()
    return "".join((*parts, text[at:]))
