"""What people say in a few words: that they agree, that they know, that they accept.

In comes a short text; out comes whether it says that and nothing else, in any of the languages of
`languages.toml`. A word that isn't known makes it something to be read by a person.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache

from onrecord.records.clock import DAY
from onrecord.records.languages import folded, words

MOST = 80
"""Characters of the longest text that is looked at; more isn't a few words."""

SIGNS = "👍👌🆗✅✔✓☑🙌💯"
_SIGN = re.compile(
    rf"[{SIGNS}][\ufe0f\U0001f3fb-\U0001f3ff]*"
    r"|:(?:\+1|thumbsup|ok_hand|white_check_mark|heavy_check_mark):|(?<!\w)\+1(?!\w)"
)
_WORD = re.compile(r"\w+")


class Consent(StrEnum):
    """What a few words may say: the key of its words in `languages.toml`."""

    AGREES = "agrees"
    KNOWS = "knows"
    ACCEPTS = "accepts"


def says(text: str, meaning: Consent) -> bool:
    """True where a text says this and nothing else, such as `OK, thanks` or a thumb up."""
    if len(text) > MOST or "?" in text or "？" in text:
        return False
    rest, signs = _SIGN.subn(" ", DAY.sub(" ", text))
    tokens, known, fill = _tokens(rest), _phrases(meaning), _fill()
    at, found = 0, signs > 0
    while at < len(tokens):
        size = next((n for n in (4, 3, 2, 1) if tuple(tokens[at : at + n]) in known), 0)
        if size:
            found = True
        elif tokens[at] not in fill:
            return False
        at += size or 1
    return found


def hints_at(text: str, meaning: Consent) -> bool:
    """True where a text says this among other words."""
    tokens, known = _tokens(text), _phrases(meaning)
    return _SIGN.search(text) is not None or any(
        tuple(tokens[at : at + size]) in known for at in range(len(tokens)) for size in (1, 2, 3, 4)
    )


def is_filler(text: str) -> bool:
    """True where a text has no word of its own."""
    return all(word in _fill() for word in _tokens(text))


def _tokens(text: str) -> list[str]:
    return _WORD.findall(folded(text))


@cache
def _phrases(meaning: Consent) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(_WORD.findall(phrase)) for phrase in words("voices", meaning.value))


@cache
def _fill() -> frozenset[str]:
    return frozenset(word for phrase in words("voices", "fill") for word in phrase.split())
