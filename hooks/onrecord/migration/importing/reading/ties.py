"""What a text says of other records: that it supersedes them, is superseded, or goes with them.

In come lines; out come ties with the words that name the other record. A sentence counts as the
record's own only where it says so (`this decision supersedes …`) or stands under its status; any
other is a mention, for a person to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from onrecord.migration.importing.reading.found import Fact, Relation, Tie
from onrecord.migration.importing.reading.outline import Label, Line

_NAME = (
    r"!?\[[^\]]*\]\([^)\s]*\)|\[[^\]]+\]|<?https?://[^\s>)]+>?|"
    r"(?:ADR|MADR|RFC|KEP|DR)[\s#-]*\d+|#\d+|\d{3,}[\w-]*|[\w./-]+\.md\b"
)
NAMES = re.compile(_NAME, re.IGNORECASE)
_ACTIVE = r"super[sc]+e+des?|replaces?|obsoletes?"
_PASSIVE = (
    r"(?:super[sc]+e+ded|replaced|obsoleted)\s+(?:in\s+part\s+|part(?:ial)?ly\s+)?(?:by|with)\b"
)
_LINES: tuple[tuple[Relation, re.Pattern[str]], ...] = (
    (Relation.SUPERSEDED_BY, re.compile(_PASSIVE, re.IGNORECASE)),
    (Relation.SUPERSEDES, re.compile(rf"\b(?:{_ACTIVE})\b", re.IGNORECASE)),
    (
        Relation.RELATED,
        re.compile(
            r"\b(?:amend(?:s|ed by)|clarifie[sd](?: by)?|extend(?:s|ed by)|relate[sd] to"
            r"|depends on|see)\b",
            re.IGNORECASE,
        ),
    ),
)
_PARTLY = re.compile(r"\b(?:part(?:ly|ially|ial|s)?|in part)\b", re.IGNORECASE)
_OWN = re.compile(
    r"\bth(?:is|e present)\s+(?:\w+\s+)?(?:decision|adr|madr|record|rfc|kep|proposal|document)\b",
    re.IGNORECASE,
)
_BARE = re.compile(r"\W*(\d{1,4})\b")
_CODE = re.compile(r"`[^`\n]*`")
_LABELS = {
    "supersedes": Relation.SUPERSEDES,
    "supercedes": Relation.SUPERSEDES,
    "replaces": Relation.SUPERSEDES,
    "superseded by": Relation.SUPERSEDED_BY,
    "superceded by": Relation.SUPERSEDED_BY,
    "replaced by": Relation.SUPERSEDED_BY,
    "amends": Relation.RELATED,
    "amended by": Relation.RELATED,
    "related": Relation.RELATED,
    "relates to": Relation.RELATED,
    "related to": Relation.RELATED,
    "related decisions": Relation.RELATED,
    "related adrs": Relation.RELATED,
    "see also": Relation.RELATED,
}


def ties_of_labels(labels: Iterable[Label]) -> Iterator[Tie]:
    """Ties under a name of their own, such as `* Supersedes: [ADR 3](0003-x.md)`."""
    for label in labels:
        relation = _LABELS.get(label.name)
        if relation is not None:
            partly = bool(_PARTLY.search(label.value))
            for name in names_in(label.value):
                yield Tie(relation, name, label.number, partly)


def ties_of_status(lines: Iterable[Fact]) -> Iterator[Tie]:
    """Ties in the lines on a record's status, which are about the record itself."""
    for line in lines:
        for relation, _, at in _relations(line.words):
            partly = bool(_PARTLY.search(line.words))
            bare = _BARE.match(at)  # `superseded by 7`
            for name in names_in(at) or ([bare[1]] if bare else []):
                yield Tie(relation, name, line.line, partly)


def ties_of_prose(lines: Iterable[Line]) -> Iterator[tuple[bool, Tie]]:
    """Sentences on superseding anywhere in a text, and whether each is about the record itself."""
    for line in lines:
        if "uperse" not in line.text and "uperce" not in line.text:
            continue
        text = _CODE.sub(" ", line.text)
        for relation, before, at in _relations(text):
            if relation is Relation.RELATED:
                continue
            sentence = before.rpartition(". ")[2]
            own, partly = bool(_OWN.search(sentence)), bool(_PARTLY.search(sentence))
            for name in names_in(at.split(". ")[0])[:1]:
                if not name.startswith("!"):
                    yield own, Tie(relation, name, line.number, partly)


def names_in(text: str) -> list[str]:
    """The words in a text that may name records, in their order."""
    return [match[0] for match in NAMES.finditer(text)]


def _relations(words: str) -> Iterator[tuple[Relation, str, str]]:
    """Each relation that some words state, what stands before it, and behind it up to the next."""
    found: list[tuple[int, int, Relation]] = []
    for relation, pattern in _LINES:
        for match in pattern.finditer(_outside_links(words)):
            if not any(start <= match.start() < end for start, end, _ in found):
                found.append((match.start(), match.end(), relation))
    found.sort()
    for index, (start, end, relation) in enumerate(found):
        until = found[index + 1][0] if index + 1 < len(found) else len(words)
        yield relation, words[:start], words[end:until]


def _outside_links(words: str) -> str:
    """The words with addresses and link texts blanked, so that none of theirs is taken for said."""
    return NAMES.sub(lambda match: " " * len(match[0]), words)
