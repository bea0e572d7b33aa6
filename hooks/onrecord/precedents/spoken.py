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
_SECTION = re.compile(
    rf"^ {{0,3}}##[ \t]+(?:{_ANSWERS})[ \t]*#*[ \t]*$.*?(?=^ {{0,3}}##?[ \t]|\Z)",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)


def spoken(text: str) -> str:
    """What a decision says of its subject, as Markdown."""
    return _SECTION.sub("", without_comments(text))
