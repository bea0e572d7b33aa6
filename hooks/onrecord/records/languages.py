"""The words teams keep records with, in nine languages: one table, read once.

In comes `languages.toml`; out come sets of words, folded so that case and accents don't matter.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

_TABLE = Path(__file__).with_name("languages.toml")


@lru_cache(maxsize=16_384)
def folded(text: str) -> str:
    """A text as words are compared: small letters, no accents, one space between words."""
    if text.isascii():
        return " ".join(text.lower().replace("'", " ").replace("`", " ").split())
    apart = unicodedata.normalize("NFKD", re.sub("['’‘`´]", " ", text).casefold())
    plain = "".join(c for c in apart if unicodedata.category(c) not in ("Mn", "Cf"))
    return " ".join(unicodedata.normalize("NFC", plain).split())


@cache
def languages() -> Mapping[str, str]:
    """The languages by their code, each with its own name."""
    return {code: str(table["name"]) for code, table in _tables().items()}


@cache
def words(*path: str) -> frozenset[str]:
    """The folded words of all languages under some keys, such as `labels`, `date`."""
    return frozenset(folded(word) for word in _listed(path))


def is_foreign(said: Iterable[str]) -> bool:
    """True for folded labels and headings of another language than English, and none of its own."""
    found = set(said)
    own, others = (
        _form_words("en"),
        frozenset().union(*(_form_words(code) for code in languages() if code != "en")),
    )
    return bool(found & (others - own)) and not found & (own - others)


@cache
def _form_words(language: str) -> frozenset[str]:
    table = _tables()[language]
    groups = (table["labels"], table["sections"], table["headings"])
    return frozenset(folded(word) for group in groups for found in group.values() for word in found)


@cache
def months() -> Mapping[str, int]:
    """The number of each month's folded name, in any of the languages."""
    return {
        name: number
        for table in _tables().values()
        for number, names in enumerate(table["months"]["names"], start=1)
        for name in folded(names).split()
    }


def in_english(text: str) -> str:
    """How often something comes again, said with English words; what isn't known stays.

    `Jeden ersten Montag des Monats` becomes `every first monday of the month`.
    """
    phrases, pattern, telling = _rhythms()
    said = folded(text)
    if telling.isdisjoint(_WORD.findall(said)) and not _UNSPACED.search(said):
        return said  # most texts: they need no look at each phrase
    said = pattern.sub(lambda found: f" {phrases[found[0]]} ", said)
    said = _ON_DATE.sub(lambda found: f" {found[2]} {_ENGLISH_MONTHS[int(found[1]) - 1]} ", said)
    said = _BARE_DAY.sub(r" on the \1th ", _ORDINAL_SIGN.sub(r"\1th ", said))
    named = (_month_in_english(word) for word in said.split())
    return " ".join(named)


_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SMALL = frozenset(
    ("and", "day", "of", "on the", "two", "three", "first", "second", "third", "last")
)
_ON_DATE = re.compile(r"([1-9]|1[0-2])月([0-9]{1,2})[日号]")
_ORDINAL_SIGN = re.compile(r"(?<![0-9.])([0-9]{1,2})(?:\.(?![0-9])|er\b|e\b|[ªº°日号])")
_BARE_DAY = re.compile(r"\bon the[ ]+([0-9]{1,2})(?![0-9\w])")


def _month_in_english(word: str) -> str:
    number = months().get(word.strip(".,:;"))
    return _ENGLISH_MONTHS[number - 1] if number is not None else word


_ENGLISH_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


@cache
def _rhythms() -> tuple[Mapping[str, str], re.Pattern[str], frozenset[str]]:
    """The phrases of all languages with their English words, what finds them, and first words."""
    phrases = {
        folded(phrase): english
        for table in _tables().values()
        for english, said in table.get("rhythms", {}).items()
        for phrase in said
    }
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    # Chinese and Japanese put no space between words.
    known = [
        rf"\b{re.escape(phrase)}\b" if phrase[0] < "\u0250" else re.escape(phrase)
        for phrase in longest_first
    ]
    telling = {phrase.split()[0].partition("-")[0] for phrase in phrases
               if phrases[phrase] not in _SMALL}  # fmt: skip
    return phrases, re.compile("|".join(known)), frozenset(telling)


@cache
def section_headings() -> frozenset[str]:
    """Every folded heading of a section of a decision, such as `kontext`."""
    listed = (one for table in _tables().values() for one in table["sections"].values())
    return frozenset(folded(heading) for headings in listed for heading in headings)


@lru_cache(maxsize=4096)
def means(heading: str, section: str) -> bool:
    """True for a heading that stands for a section of ours: `## Kontext` is the Problem.

    A section is one of a decision, a role or a handoff. Numbers and signs don't matter.
    """
    return unadorned(heading) in _headings_of(key_of_section(section))


def unadorned(heading: str) -> str:
    """A heading as headings are compared: folded, without a number in front and without signs."""
    bare = re.sub(r"^\W*(?:\d+(?:\.\d+)*[.):]?\s+)?", "", heading)
    return folded(re.sub(r"[^\w\s/&-]", " ", bare))


def key_of_section(section: str) -> str:
    """The key of a section in the table: `Read-back` is `read_back`."""
    return re.sub(r"[\s-]+", "_", section.casefold())


def section_title(section: str, language: str) -> str:
    """How a section is headed in a language."""
    table = _tables()[language]
    key = key_of_section(section)
    found = next(table[group][key] for group in _SECTION_GROUPS if key in table[group])
    heading = str(found[0])
    return heading[:1].upper() + heading[1:]


_SECTION_GROUPS = ("sections", "role_sections", "handoff_sections")
"""The tables of headings: of a decision, a role and a handoff."""


@cache
def _headings_of(key: str) -> frozenset[str]:
    return frozenset(unadorned(word) for group in _SECTION_GROUPS for word in _listed((group, key)))


def _listed(path: tuple[str, ...]) -> Iterator[str]:
    for table in _tables().values():
        inner: Any = table
        for key in path:
            inner = inner.get(key, {})
        yield from inner


@cache
def _tables() -> Mapping[str, dict[str, Any]]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))
