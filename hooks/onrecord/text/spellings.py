"""The other spelling of an English word: British for American, and American for British.

In comes a word in lower case; out come the ways it may be spelt on the other side of the ocean.
They are guesses by its ending, so whoever asks looks whether a text holds them.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple


class SpellingRule(NamedTuple):
    """Two spellings between what a word begins with and what it ends in; both are patterns."""

    begins: str
    british: str
    american: str
    ends: str


_NO_IZE = (
    "(?!(?:adv|ar|bru|ced|compr|comprom|conc|cru|dev|dis?gu|enterpr|exc|exerc|expert|franch|"
    "improv|likew|merchand|no|otherw|po|pra|prec|prem|pr|prom|ra|rev|r|se|s|superv|surpr|telev|"
    "tortur|treat|w)i[sz](?:e|ing|ation))"
)

SPELLING_RULES = (
    SpellingRule(_NO_IZE + r"\w{2,}i", "s", "z", r"(?:e[drs]?|ers|ing|ations?|able)"),
    SpellingRule(r"\w*(?:anal|catal|paral)y", "s", "z", r"(?:e[drs]?|ers|ing)"),
    SpellingRule(
        r"(?:mis)?(?:arm|behavi|cand|clam|col|demean|endeav|fav|flav|glam|harb|hon|hum|lab|"
        r"neighb|od|parl|ranc|rig|rum|sav|splend|succ|tum|val|vap|vig)o",
        *("ur", "r"),
        r"(?:s|ed|ing|able|ably|al|ally|er|ers|ful|hood|hoods|ise|ite|ites|less|y)?",
    ),
    SpellingRule(
        r"(?:calib|cent|epicent|fib|goit|lit|lust|(?:centi|kilo|micro|milli|nano)?met|meag|"
        r"sab|sepulch|somb|spect|theat)",
        *("re", "er"),
        r"(?:s|less)?",
    ),
    SpellingRule("cent", "r", "er", "(?:ed|ing)"),
    SpellingRule(
        r"(?:re|un)?(?:bevel|cancel|carol|channel|chisel|counsel|dial|duel|equal|fuel|funnel|"
        r"grovel|initial|jewel|kernel|label|level|libel|marshal|marvel|model|panel|parcel|pedal|"
        r"quarrel|rival|shovel|shrivel|signal|spiral|swivel|total|towel|travel|trial|tunnel|"
        r"unravel)",
        *("l", ""),
        r"(?:ed|ers?|ings?|ors?|ery|ous)",
    ),
    SpellingRule(r"(?:enrol|fulfil|distil|instal|instil|appal)", "", "l", r"(?:s|ments?)?"),
    SpellingRule(r"(?:skil|wil)", "", "l", r"ful(?:ly)?"),
    SpellingRule(r"(?:anal|catal|dial|epil|homol|monol|prol)og", "ue", "", r"[ds]?"),
    SpellingRule(r"(?:defen|licen|offen|preten|practi)", "c", "s", r"(?:e[ds]?|ing)"),
    SpellingRule(r"(?:abridg|acknowledg|judg|lodg)", "e", "", "ments?"),
    SpellingRule("art", "e", "i", "facts?"),
    SpellingRule("gr", "e", "a", "y(?:s|ed|ing|scale)?"),
    SpellingRule("program", "me", "", "s?"),
    SpellingRule("ag", "e", "", "ing"),
    SpellingRule("che", "que", "ck", "s?"),
    SpellingRule("", "tyre", "tire", "s?"),
    SpellingRule(r"(?:an|encyclop|p|arch)", "ae", "e", r"(?:sthetic|d|dia|dias|ology|ological)\w*"),
    SpellingRule("man", "oeuvre", "euver", "[ds]?"),
    SpellingRule("alumin", "ium", "um", ""),
    SpellingRule("", "mould", "mold", r"(?:s|ed|ing|y)?"),
    SpellingRule("", "plough", "plow", r"(?:s|ed|ing)?"),
    SpellingRule("", "sceptic", "skeptic", r"(?:s|al|ism)?"),
    SpellingRule("", "cosy", "cozy", ""),
)
"""Both ways are tried. A browser reads the same rules."""


def spellings(word: str) -> tuple[str, ...]:
    """The other spellings of a word, none where the rules know none."""
    found = (
        match[1] + new + match[2]
        for pattern, old, new in _patterns()
        if old in word and (match := pattern.fullmatch(word)) is not None
    )
    return tuple(dict.fromkeys(one for one in found if one != word))


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    return tuple(
        (re.compile(f"({rule.begins}){old}({rule.ends})"), old, new)
        for rule in SPELLING_RULES
        for old, new in ((rule.british, rule.american), (rule.american, rule.british))
    )
