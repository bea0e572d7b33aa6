"""What a record's lines on its status say: read whole, or left to a person.

In come the lines; out comes where the record stands, or the words that aren't known. A status is
taken only where every word of its line is known: a status, a day, a name, a link, a version. So
`Active review` or `Accepted by A, rejected by B` is never taken for its first word.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from onrecord.migration.importing.reading.days import ends_of_spans, without_days
from onrecord.migration.importing.reading.found import Fact
from onrecord.records.languages import folded, words


class OldStatus(StrEnum):
    """Where an old record stands. An import never says `retired` by itself; a person may."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    RETIRED = "retired"


_ENDED = "ended"
_DAY, _NAME = "\ue000", "\ue001"
_NO_STATUS = "it gives no status"
_NO_NAMES: Mapping[str, OldStatus] = {}

LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()]++|\([^()]*\))*+\)")
_BRACKETED = re.compile(
    r"!?\[\[([^\[\]|]*)(?:\|([^\[\]]*))?\]\]|\[([^\[\]]{2,})\](?:\[[^\[\]]*\])?"
)
_ADDRESS = re.compile(r"<?https?://[^\s>)]+>?|`[^`]*\d[^`]*`|[\w./-]+\.(?:md|adoc|rst)\b")
_ID = re.compile(
    r"(?<![a-z0-9])(?:(?:adrs?|madr|rf[cd]|[kp]ep|dr|ad|pr|pull request|issue)[\s#_-]*"
    r"|[a-z]{1,6}-?|#)\d+(?![a-z0-9])|(?<![a-z0-9.])\d{3,}(?:-[\w-]+)?(?![a-z0-9.])"
)
_SINCE = re.compile(r"\((?!(?i:\w*ed|until|before|not|no|un\w*)\b)[A-Z][\w+#]*\s+v?\d+(?:\.\d+)*\)")
"""What a thing came with, such as `(Swift 6.1)`; not `(Removed 3.0)`."""
_SHORT_SIGN = re.compile(r"(?<![\w:]):[a-z][a-z0-9_+-]*:(?![\w:])")
"""A sign by its name, such as `:white_check_mark:`."""
_ONCE = re.compile(r"^(?:was|were|used to be|formerly|previously|initially|originally|once)\b")
"""How a line begins that says what is no more."""
_SENTENCE = re.compile(r"(?<=[\w)\]»”*])\.\s+(?=[^\W\da-z_])")
_VERSION = re.compile(r"(?<![\w.])v?\d+(?:\.\d+)+(?:[-.]?(?:rc|beta|alpha)\d*)?(?![\w.])|\bv\d+\b")
_HANDLE = re.compile(r"@[\w.-]+(?:/[\w.-]+)?")
_TAG = re.compile(
    r"</?(?:b|i|u|em|strong|br|span|del|img|sup|sub|font|kbd|code|mark|p)\b[^<>]*>", re.I
)
_STRUCK = re.compile(r"~~.*?~~|<(s|del|strike)>.*?</\1>", re.I)
_PLACEHOLDER = re.compile(r"[{<]|…|\.\.\.")
_ENTRY = re.compile(r"^(?:[-*+>]\s+|\d+[.)]\s+)+")
_BOX = re.compile(r"(?:\[(?P<tick>[ xX✓✔]?)\]|(?P<sign>[☐☑☒✅✔️🔲⬜]))\s*(?![(\[])")
_ARROW = re.compile(r"\s*(?:→|⟶|➡️?|➔|⇒|-+>|=+>)\s*")
_MARKED = re.compile(
    r"\*\*(?=\S).+?(?<=\S)\*\*|__(?=\S).+?(?<=\S)__|(?<![\w*])[*_](?=[^\s*_])[^*_]+[*_](?!\w)|`[^`]+`|<(?:b|strong|u|mark)>.+?</"
)
_PUNCTUATION = re.compile(rf"[\s()\[\]{{}},;:.!*_~`\"“”„«»|/&+=>–—−-]+|[{_DAY}{_NAME}]+")
_WORD = re.compile(r"\w+|.")
_REFUSES = re.compile(
    r"[❌🚫⛔👎✗✘✖🛑🔴]|:(?:x|-1|no_entry(?:_sign)?|thumbsdown|negative_squared_cross_mark):"
)
"""A sign that says no, beside a word that says yes."""
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,40}\]")
_SIGNS = "\u2e80-\u9fff\uac00-\ud7af\uff66-\uff9f"
"""Letters of writing without spaces, where a word may end anywhere."""


_BEFORE_A_SUCCESSOR = frozenset((OldStatus.ACCEPTED, OldStatus.SUPERSEDED, _ENDED))
"""What a line may say of a record that another followed: `Deprecated, replaced by ADR-4`."""


class Reading(NamedTuple):
    """What the lines say: a standing and the line that says so, or why they say none.

    `unknown` are the words of that line which aren't known, folded as a person may map them.
    """

    standing: OldStatus | None
    fact: Fact | None
    why: str = ""
    unknown: str = ""


class _Line(NamedTuple):
    """What one line says: its standings in order, and the first word that isn't known."""

    standings: tuple[str, ...]
    unknown: str = ""
    why: str = ""

    @property
    def one(self) -> str:
        """The standing, where the line is read whole and says one."""
        return self.standings[-1] if self.standings and not (self.unknown or self.why) else ""


def standing_in(lines: tuple[Fact, ...], given: Mapping[str, OldStatus] = _NO_NAMES) -> Reading:
    """The status of a record by its lines on it; `given` are words that a person has mapped.

    The first line decides, unless another contradicts it.
    """
    if not lines:
        return Reading(None, None, _NO_STATUS)
    said = tuple(_ticked(lines))
    if not said:
        return Reading(None, lines[0], "none of its boxes is ticked")
    while len(said) > 1 and _names_others(said[0].words):
        said = said[1:]  # `Amends ADR-3`, above the status
    first = said[0]
    read = _read(first.words, given)
    if not read.one:
        # A status is often followed by a sentence: `Accepted. We use it since May.`
        read = _begun(first.words, given)
    if not read.one:
        return Reading(None, first, read.why or _unknown(first, read), key_of(first.words))
    standing = OldStatus(read.one)
    for line in said[1:]:
        other = _read(line.words, given)
        # A line that says nothing sure can't contradict the first; one that says it ended can.
        if other.why and _ENDED not in other.standings:
            continue
        if other.one == OldStatus.SUPERSEDED and standing is not OldStatus.REJECTED:
            return Reading(OldStatus.SUPERSEDED, line)  # adr-tools leaves the old word above it
        if other.one:
            if other.one == standing:
                continue
            both = f"it says both “{shortened(first.words)}” and “{shortened(line.words)}”"
            return Reading(None, first, both)
        # A sentence about the status changes nothing, unless it says that the status ended.
        if _ENDED in other.standings or (_limits(line.words) and other.standings):
            return Reading(None, first, f"“{shortened(line.words)}” limits it")
    return Reading(standing, first)


def ends_it(line: str) -> bool:
    """True for a line above or below a title that begins with the end of a record.

    `> **Superseded** by ADR-4` or `DEPRECATED: see …` says so whatever is under “Status”.
    """
    text = re.sub(r"^\W+|\[!\w+\]", " ", _ENTRY.sub("", line.strip()))
    text = re.sub(
        r"^\s*(?:note|update|warning|important|caution|attention|info)\b\W*", "", text, flags=re.I
    )
    text = re.sub(
        r"^\s*(?:this\s+|the\s+(?=\w+\s))(?:(?:adr|decision|record|document|rfc|proposal|page)\s+)?"
        r"(?:is|was|has\s+been|have\s+been)\s+(?:now\s+|since\s+|been\s+)?",
        "",
        text,
        flags=re.IGNORECASE,
    )
    start = _lead(folded(re.sub(r"[*_`~]|<[^<>]*>", "", text)))
    return start in (_ENDED, OldStatus.SUPERSEDED)


def says_only(said: str) -> bool:
    """True for words at either end of a title that are a status and nothing else: `[REJECTED]`."""
    lead = _lead(folded(said), whole=True)
    return lead not in ("", _ENDED, OldStatus.SUPERSEDED) and folded(said) not in _OTHER_MEANINGS


def ends_wholly(said: str) -> bool:
    """True for folded words that say that something ended, and nothing else: `superseded`."""
    return _lead(said, whole=True) in (_ENDED, OldStatus.SUPERSEDED)


def mentions_an_end(text: str) -> bool:
    """True for a text with a word that says that something ended, wherever it is."""
    return bool({_ENDED, OldStatus.SUPERSEDED}.intersection(_standings(text)))


_OTHER_MEANINGS = frozenset(
    ("active", "complete", "done", "final", "open", "review", "todo", "valid", "idea", "discussion")
)
"""Words of a status that a title may have for another reason."""


def limits_its_end(line: str) -> bool:
    """True for a line at the head that begins so: `Partly superseded by ADR-4: …`."""
    # Each line at the head of each file comes here, and few have the word: the patterns below cost
    # more.
    if "part" not in line[:40].lower():
        return False
    text = folded(re.sub(r"[*_`~]|<[^<>]*>", "", _ENTRY.sub("", line.strip())))
    partial = re.match(r"\W*(?:partly|partially|in part)\b\W*", text)
    return partial is not None and _lead(text[partial.end() :]) in (_ENDED, OldStatus.SUPERSEDED)


def standing_of_folder(place: str, *, last: bool = False) -> OldStatus | None:
    """What the name of the folder that a file is in says, such as `rejected/`."""
    for part in place.split("/")[-2:-1] if last else reversed(place.split("/")[:-1]):
        standing = _known().get(folded(part.replace("-", " ").replace("_", " ")))
        if standing is not None and standing != _ENDED:
            return OldStatus(standing)
    return None


def is_folder_of_ended(place: str) -> bool:
    """True for a file in a folder such as `deprecated/` or `archive/`."""
    names = (folded(re.sub(r"[-_.]+", " ", part)).strip() for part in place.split("/")[:-1])
    return any(ends_wholly(name) or name in words("files", "ended") for name in names)


def key_of(text: str) -> str:
    """A status line as a person maps it: folded, without marks, days and names."""
    return " ".join(re.sub(rf"[{_DAY}{_NAME}]|[^\w\s'-]", " ", _plain(text)).split())


def mapped(text: str, given: Mapping[str, OldStatus]) -> OldStatus | None:
    """What a person says that a status line means; None for what its word means anyway.

    Such a line wasn't read for another reason: a sign, a box or a second line takes it back.
    """
    key = key_of(text)
    meant = given.get(key)
    return None if meant == _known().get(key) else meant


def is_mappable(text: str) -> bool:
    """True for a status line whose words a person may map; False where each is known."""
    return _known().get(key_of(text)) in (None, _ENDED, OldStatus.SUPERSEDED)


def shortened(text: str, limit: int = 80) -> str:
    """Words as a report quotes them: one line, not long."""
    text = " ".join(LINK.sub(r"\1", text).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _unknown(fact: Fact, read: _Line) -> str:
    if read.standings and read.unknown:
        return f"“{shortened(fact.words)}” isn't read: it doesn't know “{read.unknown}”"
    return f"“{shortened(fact.words)}” isn't a word it knows"


def _ticked(lines: tuple[Fact, ...]) -> Iterator[Fact]:
    """The lines, or only those with a ticked box where the status is a list of boxes."""
    # What is struck through was a status once. If all of it is, the first line stays, so that a
    # person sees it.
    lines = tuple(x for x in lines if _STRUCK.sub("", x.words).strip(" -*+_")) or lines[:1]
    boxed = [line for line in lines if _BOX.match(_ENTRY.sub("", line.words.strip()))]
    if not boxed or not any(_standings(line.words) for line in boxed):
        yield from lines
        return
    for line in boxed:
        parts = list(_BOX.finditer(line.words))
        # Several boxes may be in one line; each one's words end where the next begins.
        ends = [*(part.start() for part in parts[1:]), len(line.words)]
        for part, end in zip(parts, ends, strict=True):
            if (part["tick"] or "").strip() or (part["sign"] or "") in tuple("☑☒✅✔"):
                yield Fact(line.words[part.end() : end].strip(), line.line)


def _names_others(text: str) -> bool:
    """True for a line that is read whole, and only names other records."""
    read = _read(text, _NO_NAMES)
    return read.why == _NO_STATUS and _NAME in _plain(text)


def _begun(text: str, given: Mapping[str, OldStatus]) -> _Line:
    """What the first sentence of a line says, where the others say nothing of a status."""
    start, *others = _SENTENCE.split(text)
    read = _read(start, given) if others else _Line(())
    if not read.one or any(_standings(one) or _limits(one) for one in others):
        return _read(text, given)
    return read


def _read(text: str, given: Mapping[str, OldStatus]) -> _Line:
    if given and (meant := mapped(text, given)) is not None:
        return _Line((meant,))
    visible = _SINCE.sub(" ", _SHORT_SIGN.sub(" ", _STRUCK.sub(" ", ends_of_spans(text))))
    boxes = list(_BOX.finditer(visible))
    if len(boxes) > 1 and _standings(visible):
        ends = [*(box.start() for box in boxes[1:]), len(visible)]
        ticked = [
            visible[box.end() : end] for box, end in zip(boxes, ends, strict=True)
            if (box["tick"] or "").strip() or (box["sign"] or "") in tuple("☑☒✅✔")
        ]  # fmt: skip
        if len(ticked) != 1:
            return _Line((), why="none or several of its boxes are ticked")
        visible = ticked[0]
    elif boxes and not (boxes[0]["tick"] or "").strip() and boxes[0]["sign"] in (None, *"☐🔲⬜"):
        return _Line((), why="its box isn't ticked")
    mark = _FOOTNOTE.search(visible) or _REFUSES.search(_STRUCK.sub(" ", text))
    if mark and {OldStatus.ACCEPTED, OldStatus.OPEN}.intersection(_standings(visible)):
        return _Line(tuple(_standings(visible)), mark[0])
    steps = _ARROW.split(visible)
    if len(steps) > 1:
        read = [_read(step, given) for step in steps if step.strip(" *_`")]
        if read and all(step.one for step in read):
            return read[-1]
        return _Line((), next((r.unknown or r.why for r in read if not r.one), "→"))
    bare = LINK.sub(r"\1", visible)
    options = [part for part in re.split(r"\||(?<=\w)\s*/\s*(?=[*_`]|\w)", bare) if part.strip()]
    if len(options) > 1 and all(_standings(part) for part in options):
        marked = [part for part in options if _MARKED.search(part)]
        if len(marked) == 1:
            return _read(marked[0], given)
        if "|" in bare or len({_lead(folded(part)) for part in options}) > 1:
            return _Line((), why="it still has the words of a template")
    if _ONCE.match(folded(bare.strip(" *_`"))):
        return _Line((), why=f"“{shortened(bare)}” says what was")
    if _PLACEHOLDER.search(_TAG.sub(" ", _ADDRESS.sub(" ", bare))):
        return _Line((), why="it still has the words of a template")
    return _consumed(_plain(visible), given, visible)


def _consumed(text: str, given: Mapping[str, OldStatus], quoted: str) -> _Line:
    """Every word of a folded text, taken from the left; the first that isn't known ends it."""
    grammar = _grammar(tuple(sorted(given.items())))
    found: list[str] = []
    dated: list[bool] = []
    at = 0
    while at < len(text):
        for pattern, take in grammar:
            if match := pattern.match(text, at):
                if standing := take(match):
                    found.append(standing)
                    # A day counts as the status's own where it follows closely, as in `Proposed on
                    # 2020-01-01`.
                    dated.append(_DAY in text[match.end() : match.end() + 14])
                at = match.end()
                break
        else:
            # All standings behind the unknown word are told too: `Accepted unless rejected` must
            # not read as accepted.
            word = _WORD.match(text, at)
            return _Line((*found, *_standings(text[at:])), word[0] if word else text[at])
    kinds = list(dict.fromkeys(found))
    if not kinds:
        return _Line((), why=_NO_STATUS)
    if len(kinds) == 1:
        why = f"“{shortened(quoted)}” says that it ended, not which record followed"
        return _Line((kinds[0],), why=why if kinds[0] == _ENDED else "")
    if OldStatus.SUPERSEDED in kinds and {*kinds} <= _BEFORE_A_SUCCESSOR:
        return _Line((OldStatus.SUPERSEDED,))
    if kinds[0] == OldStatus.OPEN and len(kinds) == 2 and all(dated) and _ENDED not in kinds:
        return _Line((kinds[1],))  # `Proposed 2020-01-01, accepted 2020-02-02`
    return _Line(tuple(found), why=f"“{shortened(quoted)}” says two things")


def _plain(text: str) -> str:
    """A line folded, with signs in the place of days and of what names a record or a person."""

    def linked(match: re.Match[str]) -> str:
        shown = next((part for part in match.groups() if part), "")
        # A badge or a link may be the status itself; any other link names a record.
        return f" {shown} " if _lead(folded(re.sub(r"[*_`]", "", shown)), whole=True) else _NAME

    text = _TAG.sub(" ", _STRUCK.sub(" ", _ENTRY.sub("", text.strip())))
    text = _BOX.sub(" ", text)
    text = _BRACKETED.sub(linked, LINK.sub(linked, text))
    text = _HANDLE.sub(_NAME, _ADDRESS.sub(_NAME, text))
    # Emoji and other signs beside a word, with the modifiers of their colour.
    text = "".join(" " if unicodedata.category(c) in ("So", "Sk") else c for c in text)
    text = re.sub(r"[*`\"“”]", "", text).replace("_", " ")
    text = without_days(text, f" {_DAY} ")
    text = _VERSION.sub(" ", _ID.sub(f" {_NAME} ", text))
    return " ".join(text.split()).strip(" .:-")


def _limits(text: str) -> bool:
    plain = _plain(text)
    return bool("?" in plain or _denials().search(plain)) and not re.search(
        r"\b(?:supersedes|supercedes|replaces)\b", plain
    )


def _standings(text: str) -> list[str]:
    """The standings of all known words in a text, wherever they are."""
    known, pattern = _known(), _any()
    return [known[match[0]] for match in pattern.finditer(_plain(text))]


def _lead(text: str, *, whole: bool = False) -> str:
    """The standing that a folded text begins with; only if it is nothing else, for `whole`."""
    text = text.strip(" .:-")
    found = _any().match(text)
    return _known()[found[0]] if found and (not whole or found.end() == len(text)) else ""


@cache
def _known() -> Mapping[str, str]:
    return {
        word: standing
        for standing in (_ENDED, *(s.value for s in OldStatus))
        for word in words("status", standing)
    }


@cache
def _denials() -> re.Pattern[str]:
    return _pattern(words("denies"))


@cache
def _any() -> re.Pattern[str]:
    return _pattern(_known())


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    """One of some words, the longest first; not in the middle of a word."""
    # What is around a word is written once a group: such sets of letters are dear to compile.
    groups: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for name in sorted(names, key=len, reverse=True):
        start = r"(?<![\w])(?<!\w-)" if not re.match(f"[{_SIGNS}]", name) else ""
        end = rf"(?![^\W{_SIGNS}])(?!-\w)" if not re.search(f"[{_SIGNS}]$", name) else ""
        spaced = re.escape(name).replace(r"\ ", r"[\s-]+").replace(r"\-", r"[\s-]+")
        groups[start, end].append(spaced)
    parts = (f"{start}(?:{'|'.join(group)}){end}" for (start, end), group in groups.items())
    return re.compile("|".join(parts) or r"(?!)")


_Take = Callable[["re.Match[str]"], str]


@cache
def _grammar(given: tuple[tuple[str, OldStatus], ...]) -> tuple[tuple[re.Pattern[str], _Take], ...]:
    """What may come next in a line, the longest first, and the standing that it says."""
    mapped = dict(given)
    known = {**_known(), **mapped}
    normal = {re.sub(r"[\s-]+", " ", word): standing for word, standing in known.items()}

    def standing(match: re.Match[str]) -> str:
        return normal[re.sub(r"[\s-]+", " ", match[0])]

    def nothing(_: re.Match[str]) -> str:
        return ""

    # Possessive throughout: what is taken once is never tried another way.
    article = r"(?:(?:the|la|el|il|die|der|das|le|l|o|a|adr|decision|record|rf[cd]|no|nr|n)\b)?+"
    between = rf"(?:[\s,;/&:()\[\].-]|\b(?:and|und|et|y|e|en)\b|[{_NAME}{_DAY}])*+"
    name = rf"(?:{article}[\s.,;:()#\[\]/-]*+(?:{_NAME}|\d{{1,4}}(?![\w.])){between})++"
    # Names aren't known words, so after “by” up to ten are taken unread. They end at a status and
    # at whatever limits one, which must never be taken for a name.
    stops = f"(?:{_any().pattern})|(?:{_pattern(words('denies') | words('limits')).pattern})"
    agent = rf"(?:(?!{stops})(?:[^\W\d_][\w'-]*+\.?|{_NAME}|[,&/])\s*+){{1,10}}+"
    by = "|".join(sorted(map(re.escape, words("by")), key=len, reverse=True))
    return (
        (_relation(words("relations", "superseded_by"), name), lambda _: OldStatus.SUPERSEDED),
        (_relation(words("relations", "supersedes"), name), nothing),
        (_relation(words("relations", "related"), name), nothing),
        # Behind the relations, which begin with the same words: `superseded by ADR-4`.
        (_pattern(known), standing),
        (re.compile(rf"(?<!\w)(?:{by})\s+{agent}"), nothing),
        (_pattern(words("fill")), nothing),
        (_PUNCTUATION, nothing),
    )


def _relation(phrases: frozenset[str], name: str) -> re.Pattern[str]:
    """A phrase and the name it needs: behind it, or where `{}` stands."""
    parts = []
    for phrase in sorted(phrases, key=len, reverse=True):
        before, hole, after = phrase.partition("{}")
        escaped = re.escape(before.strip()).replace(r"\ ", r"\s+")
        start = "" if re.match(f"[{_SIGNS}]", phrase) or not before else r"(?<!\w)"
        parts.append(f"{start}{escaped}[\\s:]*{name}" + (re.escape(after) if hole else ""))
    return re.compile("|".join(parts))
