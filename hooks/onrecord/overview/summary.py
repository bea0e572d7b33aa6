"""One sentence that says a decision: below its title, in a page's description, in previews."""

from __future__ import annotations

import re
from functools import lru_cache

from onrecord.records.model import Decision, Record, Role
from onrecord.records.vocabulary import Outcome
from onrecord.text.sentences import prose, sentences

LONGEST = 160
"""Signs after which a sentence is cut, at a word."""

_OUTCOME = re.compile(rf"\A(?:{'|'.join(Outcome)})\s?[:.,–—-]\s*", re.IGNORECASE)

_READ = 1_500
"""Signs of a section that are read; whoever writes a sentence on it writes it first."""
_ENOUGH = 0.3
"""Less of it is no sentence of words, such as a path or a label."""


def summary_of(decision: Decision) -> str:
    """The sentence its author wrote as `summary`, else the first of Proposal; '' without either."""
    if decision.summary:
        return cut(" ".join(decision.summary.split()))
    return first_sentence(decision, "Proposal")


def sentence_of(record: Record) -> str:
    """The one sentence on any record: of a role, what it is for."""
    if isinstance(record, Decision):
        return summary_of(record)
    return cut(record.purpose) if isinstance(record, Role) else ""


def reason_of(decision: Decision) -> str:
    """Why it came out as it did, in the first sentence that says so; '' where none does.

    Without the outcome in front of it, which stands beside it wherever it is shown.
    """
    why = _OUTCOME.sub("", first_sentence(decision, "Review", "Integration"), count=1)
    return why[:1].upper() + why[1:]


def first_sentence(decision: Decision, *titles: str) -> str:
    """The first whole sentence of the first of these sections that has one."""
    for title in titles:
        section = decision.body.section(title)
        if section is not None and section.is_written and (said := _first_of(section.text)):
            return said
    return ""


@lru_cache(maxsize=1 << 15)  # its page, its description, records.json and others say it
def _first_of(text: str) -> str:
    """The first whole sentence of a text; '' where it has none."""
    whole = (one for one in sentences(text, _READ) if prose(one) >= _ENOUGH)
    return cut(next(whole, ""))


def cut(text: str, longest: int = LONGEST) -> str:
    """A text of at most so many signs, cut at a word."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    at = kept.rfind(" ")
    return (kept[:at] if at > longest // 2 else kept).rstrip(" ,;:-–—") + "…"
