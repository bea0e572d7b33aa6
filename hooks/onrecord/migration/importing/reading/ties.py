"""What a text says of other records: that it supersedes them, is superseded, or goes with them.

In come lines; out come ties with the words that name the other record. A sentence counts as the
record's own only where it says so (`this decision supersedes …`) or is under its status; any
other is a mention, for a person to read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

from onrecord.migration.importing.reading.found import Fact, Relation, Tie
from onrecord.migration.importing.reading.outline import Label, Line
from onrecord.records.languages import folded, words

_NAME = (
    r"!?\[\[[^\[\]]+\]\]|!?\[[^\]]*\]\([^)\s]*\)|\[[^\]]+\]|<?https?://[^\s>)]+>?|"
    r"(?<![A-Za-z0-9])(?:(?:ADR|MADR|RFC|RFD|KEP|DR|AD)[\s#-]*|(?-i:[A-Z]{1,6})-?|#)\d+\b|"
    r"(?<![\w.])(?<!\d-)\d{3,}[\w-]*|[\w./-]+\.(?:md|adoc|rst)\b"
)
NAMES = re.compile(_NAME, re.IGNORECASE)
_PARTLY_BEFORE = r"(?:in\s+part\s+|part(?:ial)?ly\s+)?"
_PARTLY = re.compile(
    r"\b(?:part(?:ly|ially|ial|s)?|in part|teilweise|partiellement|par[cz]i?almente|parzialmente"
    r"|deels)\b|部分|一部",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"\b(?:will|would|shall|should|may|might|could|to be|not|never|no|planned|expected|if|once|when"
    r"|until|unless|soon|wird|werden|soll|sollte|nicht|sera|serait|devrait|pas|seria|sara"
    r"|sarebbe|nao|non|wordt|zal|niet)\b|n t\b|予定|未|将|將|即将"
)
"""Words before a relation, in its clause, that say it isn't so, or not yet; as `_flat` has them."""
_CLAUSE = re.compile(r"[.;,:()]\s|\s[–—-]\s")
_OWN = re.compile(
    r"\bth(?:is|e present)\s+(?:\w+\s+)?(?:decision|adr|madr|record|rfc|kep|proposal|document)\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"\W*(?:the\s+|n[º°o]?\.?\s*|nr\.?\s*)?(\d{1,4})\b(?!\s+(?!on\b|in\b|and\b|at\b|as\b|am\b)[a-z])"
)
"""A number alone; not that of `1 other decision`."""
_OF_A_FORGE = re.compile(
    r"\b(?:pr|mr|pull|merge|request|issue|ticket|bug|commit)\s*$", re.IGNORECASE
)
"""What is before the number of something that is no record."""
_CODE = re.compile(r"`([^`\n]*)`")
_MARKS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)|~~[^~]*~~")
_HINT = re.compile(
    r"uper[sc]|ersetzt|abgelost|emplac|eemplaz|ustitui|ubstitui|ostitui|ervang|取代|置き換|替代"
)
"""What a line has in which a sentence on superseding may stand."""


def _named(phrase: str) -> str:
    """A phrase and the name behind it, or where `{}` stands, with what is said of a part."""
    before, hole, after = phrase.partition("{}")
    spaced = re.escape(before.strip()).replace(r"\ ", rf"\s+{_PARTLY_BEFORE}")
    start = r"(?<![^\W\u2e80-\u9fff])" if before else ""
    end = r"(?![^\W\u2e80-\u9fff])" if before.strip()[-1:].isalnum() else ""
    if not hole:
        return start + spaced + end
    if re.search(r"[\u2e80-\u9fff]$", before.strip()):
        end = ""  # there is no space before the name
    return rf"{start}{spaced}{end}\s*(?:{_NAME})[^\w\[]*{re.escape(after.strip())}"


def _phrases(key: str, *, around: bool) -> re.Pattern[str]:
    """The phrases of one relation, the longest first: those around a name, or before it."""
    chosen = [x for x in words("relations", key) if ("{}" in x) is around]
    parts = map(_named, sorted(chosen, key=len, reverse=True))
    # What is before a name is asked of small letters alone; to fold all signs is dear to compile.
    return re.compile("|".join(parts) or r"(?!)", re.IGNORECASE if around else 0)


_KEYS = (
    (Relation.SUPERSEDED_BY, "superseded_by"),
    (Relation.SUPERSEDES, "supersedes"),
    (Relation.RELATED, "related"),
)
_LINES = tuple((relation, _phrases(key, around=False)) for relation, key in _KEYS)
_AROUND = tuple((relation, _phrases(key, around=True)) for relation, key in _KEYS)


def ties_of_labels(labels: Iterable[Label]) -> Iterator[Tie]:
    """Ties under a name of their own, such as `* Supersedes: [ADR 3](0003-x.md)`."""
    for label in labels:
        relation = _labels().get(folded(label.name))
        if relation is not None:
            value = _CODE.sub(r"\1", label.value)
            partly = bool(_PARTLY.search(value) or _NOT_YET.search(_flat(_outside_links(value))))
            for name in names_in(value) or re.findall(r"(?<!\d)\d{1,4}(?!\d)", value):
                yield Tie(relation, name, label.number, partly)


def ties_of_status(lines: Iterable[Fact]) -> Iterator[Tie]:
    """Ties in the lines on a record's status, which are about the record itself."""
    for line in lines:
        said = _CODE.sub(r"\1", _MARKS.sub("", line.words))
        partly = bool(_PARTLY.search(said))
        flat = _flat(said)
        # Some languages put the name in the middle: `wird durch ADR 4 ersetzt`.
        around = [(r, found) for r, pattern in _AROUND for found in pattern.finditer(flat)]
        for relation, found in around:
            doubted = partly or _is_not_yet(said[: found.start()])
            for name in names_in(said[found.start() : found.end()]):
                yield Tie(relation, name, line.line, doubted)
        for relation, before, at in () if around else _relations(said):
            bare = _BARE.match(at)  # `superseded by 7`
            doubted = partly or _is_not_yet(before)
            for name in names_in(at) or ([bare[1]] if bare else []):
                yield Tie(relation, name, line.line, doubted)


def ties_of_prose(lines: Iterable[Line]) -> Iterator[tuple[bool, Tie]]:
    """Sentences on superseding anywhere in a text, and whether each is about the record itself."""
    for line in lines:
        # Every line of every text comes here; the phrases are many, and this one sign is in all of
        # them.
        if not _HINT.search(_flat(line.text)):
            continue
        text = _CODE.sub(" ", _MARKS.sub("", line.text))
        for relation, before, at in _relations(text):
            if relation is Relation.RELATED:
                continue
            sentence = before.rpartition(". ")[2]
            # `Supersedes ADR 3.`, without a subject, is about the record itself.
            own = bool(_OWN.search(sentence)) or not sentence.strip(" >*_-+!")
            partly = bool(_PARTLY.search(sentence) or _is_not_yet(sentence))
            for name in names_in(at.split(". ")[0])[:1]:
                if not name.startswith("!"):
                    yield own, Tie(relation, name, line.number, partly)


def _is_not_yet(before: str) -> bool:
    """True for what is before a relation in its clause, and denies it or puts it off."""
    clause = _CLAUSE.split(_flat(_outside_links(before)))[-1]
    return bool(_NOT_YET.search(clause))


@cache
def _labels() -> dict[str, Relation]:
    """The relation that each folded label says."""
    return {
        name: relation
        for key, relation in (
            ("related", Relation.RELATED),
            ("supersedes", Relation.SUPERSEDES),
            ("superseded_by", Relation.SUPERSEDED_BY),
        )
        for name in words("labels", key)
    }


def names_in(text: str) -> list[str]:
    """The words in a text that may name records, in their order."""
    return [
        match[0]
        for match in NAMES.finditer(text)
        if not (match[0][0] == "#" and _OF_A_FORGE.search(text[: match.start()]))
    ]


def _relations(text: str) -> Iterator[tuple[Relation, str, str]]:
    """Each relation that a text states, what is before it, and behind it up to the next."""
    found: list[tuple[int, int, Relation]] = []
    # Blanked, not cut out, so that places in the one are places in the other.
    flat = _flat(_outside_links(text))
    for relation, pattern in _LINES:
        for match in pattern.finditer(flat):
            if not any(start <= match.start() < end for start, end, _ in found):
                found.append((match.start(), match.end(), relation))
    found.sort()
    for index, (start, end, relation) in enumerate(found):
        until = found[index + 1][0] if index + 1 < len(found) else len(text)
        yield relation, text[:start], text[end:until]


def _flat(text: str) -> str:
    """A text in small letters without accents, each sign where it stood."""
    if text.isascii():
        return text.lower().replace("'", " ")
    return "".join(_FLAT.get(sign) or _flattened(sign) for sign in text)


_FLAT: dict[str, str] = {"'": " ", "’": " "}


def _flattened(sign: str) -> str:
    _FLAT[sign] = (unicodedata.normalize("NFKD", sign)[:1].casefold() or sign)[:1]
    return _FLAT[sign]


def _outside_links(words: str) -> str:
    """The words with addresses and link texts blanked, so that none of theirs is taken for said."""
    return NAMES.sub(lambda match: " " * len(match[0]), words)
