"""The words teams keep records with, in nine languages: one table, read once.

In comes `languages.toml`; out come sets of words, folded so that case and accents don't matter.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

_TABLE = Path(__file__).with_name("languages.toml")


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


@cache
def sections() -> Mapping[str, str]:
    """The section that each folded heading stands for: `kontext` is the `problem`."""
    return {
        folded(heading): section
        for table in _tables().values()
        for section, headings in table["sections"].items()
        for heading in headings
    }


def meant_by(heading: str) -> str:
    """The section of ours that a heading means, such as `problem`; '' for a heading of its own."""
    bare = re.sub(r"^\W*(?:\d+(?:\.\d+)*[.):]?\s+)?", "", heading)
    return sections().get(folded(re.sub(r"[^\w\s/&-]", " ", bare)), "")


def section_title(section: str, language: str) -> str:
    """How a section is headed in a language."""
    heading = str(_tables()[language]["sections"][section][0])
    return heading[:1].upper() + heading[1:]


def _listed(path: tuple[str, ...]) -> Iterator[str]:
    for table in _tables().values():
        inner: Any = table
        for key in path:
            inner = inner.get(key, {})
        yield from inner


@cache
def _tables() -> Mapping[str, dict[str, Any]]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))
