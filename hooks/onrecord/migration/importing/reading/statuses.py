"""The words with which other tools and habits say what became of a decision.

In come the lines on a record's status; out comes where it stands, or that its words aren't known.
A word that isn't in the list is never guessed at: it is left to a person.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from onrecord.migration.importing.reading.found import Fact


class OldStatus(StrEnum):
    """Where an old record stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


WORDS: dict[OldStatus, tuple[str, ...]] = {
    OldStatus.OPEN: (
        "proposed",
        "proposal",
        "draft",
        "pending",
        "in progress",
        "work in progress",
        "wip",
        "in review",
        "under review",
        "in discussion",
        "under discussion",
        "open",
        "incomplete",
        "provisional",
        "exploring",
        "on hold",
        "deferred",
        "postponed",
        "to be decided",
        "undecided",
    ),
    OldStatus.ACCEPTED: (
        "accepted",
        "approved",
        "adopted",
        "agreed",
        "decided",
        "ratified",
        "active",
        "in force",
        "final",
        "implementable",
        "implemented",
        "ready for release",
        "ready-for-release",
        "released",
        "recommended",
        "done",
    ),
    OldStatus.REJECTED: ("rejected", "declined", "refused", "won't do"),
    OldStatus.WITHDRAWN: ("withdrawn", "abandoned", "cancelled", "canceled", "retracted"),
    OldStatus.SUPERSEDED: (
        "superseded",
        "superceded",
        "superseeded",
        "replaced",
        "obsoleted by",
    ),
}
"""The words that are known, in lower case, by what they say."""

_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()]++|\([^()]*\))*+\)")
_PLACEHOLDER = re.compile(r"[{<]|\w\s*\|\s*\w|…|\.\.\.")
_HEDGED = re.compile(
    r"\b(?:part(?:ly|ially|s)?|in part|not yet|n't yet|to be|almost|nearly|mostly"
    r"|conditional(?:ly)?|provided|unless|if)\b|\?"
)
_ENDED = re.compile(
    r"\b(?:deprecated|obsolete|outdated|retired|discontinued|expired|revoked|rescinded|reverted"
    r"|invalid|no longer|not any ?more|undone)\b"
)
_SAYS_OF_ANOTHER = re.compile(r"\b(?:supersedes|supercedes|replaces)\b")
_ENTRY = re.compile(r"^(?:[-*+>]\s+|\d+[.)]\s+)")
_KNOWN = {word: standing for standing, words in WORDS.items() for word in words}
_ANY = re.compile(
    r"(?<![\w-])(" + "|".join(sorted(map(re.escape, _KNOWN), key=len, reverse=True)) + r")(?![\w-])"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the lines say: a standing and the line that says so, or why they say none."""

    standing: OldStatus | None
    fact: Fact | None
    why: str = ""


def standing_in(lines: tuple[Fact, ...]) -> Reading:
    """Where a record stands by its lines on that; the first decides, unless another contradicts."""
    if not lines:
        return Reading(None, None, "it says nothing of its status")
    first = lines[0]
    standing, why = _one(first.words)
    if standing is None:
        return Reading(None, first, why)
    for line in lines[1:]:
        if len(plain(line.words).split()) > 12:
            continue  # a sentence about the status, not another one
        other, _ = _one(line.words)
        if other is OldStatus.SUPERSEDED:
            return Reading(other, line)  # adr-tools leaves the old word above it
        if other is not None and other is not standing:
            said = f"it says both “{shortened(first.words)}” and “{shortened(line.words)}”"
            return Reading(None, first, said)
        text = plain(line.words)
        is_limit = bool(_HEDGED.search(text) and _ANY.search(text)) or bool(_ENDED.search(text))
        if other is None and is_limit and not _SAYS_OF_ANOTHER.search(text):
            return Reading(None, first, f"“{shortened(line.words)}” limits it")
    return Reading(standing, first)


def _one(words: str) -> tuple[OldStatus | None, str]:
    if _PLACEHOLDER.search(_LINK.sub(r"\1", words)):
        return None, "a template's words stand there"
    text = plain(words)
    start = _ANY.match(text)
    if start is None:
        return None, f"“{shortened(words)}” isn't a word it knows"
    standing = _KNOWN[start[1]]
    rest = text[start.end() :]
    own = _SAYS_OF_ANOTHER.split(rest)[0]
    if (_HEDGED.search(own) and standing is not OldStatus.OPEN) or _ENDED.search(own):
        return None, f"“{shortened(words)}” is said with a limit"
    # What is in brackets or behind `by` is about others.
    own = re.split(r"[(\[]|\bby\b|\bsee\b|\bfrom\b|\bin\b", own)[0]
    for match in _ANY.finditer(own):
        other = _KNOWN[match[1]]
        if other is not standing:
            if other is OldStatus.SUPERSEDED and standing is OldStatus.ACCEPTED:
                return OldStatus.SUPERSEDED, ""
            return None, f"“{shortened(words)}” says two things"
    return standing, ""


def plain(words: str) -> str:
    """Words without marks of Markdown, emoji, or a bullet before them; in small letters."""
    text = _LINK.sub(r"\1", _ENTRY.sub("", words.strip()))
    text = "".join(" " if unicodedata.category(c) in ("So", "Cf", "Mn", "Sk") else c for c in text)
    return " ".join(re.sub(r"[*_`\"“”~]", "", text).casefold().split()).strip(" .:-")


def shortened(words: str, limit: int = 80) -> str:
    """Words as a report quotes them: one line, not long."""
    text = " ".join(_LINK.sub(r"\1", words).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
