"""What of a decision's text speaks for its likeness to another: what it is about.

In: Markdown. Out: the same without comments, and without the sections in which people answer: who
replied, and how a team agreed, is alike in decisions about anything.
"""

from __future__ import annotations

import re

from onrecord.records.shapes import DECISION
from onrecord.text.unseen import without_comments

ABOUT = frozenset(("Problem", "Proposal", "Alternatives"))
"""The sections of a decision that say what it is about; the others say how it went."""

_ANSWERS = "|".join(re.escape(title) for title, _ in DECISION.sections if title not in ABOUT)
_HEADING = rf"##[ \t]+(?:{_ANSWERS})[ \t]*#*[ \t]*$"
_SECTION = re.compile(
    rf"^ {{0,3}}{_HEADING}.*?(?=^ {{0,3}}##?[ \t]|\Z)",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
# What begins with signs that are known is found six times as fast, and many texts have none.
_ANSWERED = re.compile(_HEADING, re.MULTILINE | re.IGNORECASE)


def spoken(text: str) -> str:
    """What a decision says of its subject, as Markdown."""
    seen = without_comments(text)
    return _SECTION.sub("", seen) if _ANSWERED.search(seen) else seen
