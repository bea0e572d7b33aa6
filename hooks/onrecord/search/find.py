"""Finding records by words and by what they are, over the files, without a built site.

In come the root of a knowledge base, a query and filters; out come hits, best first, the same for
the same files. Every word must be found in a record: in its title, id, tags and names, or text. A
word that no record holds is searched for as the one most like it, and told of. Where all words
together find little, the decisions nearest to them follow, as the search page has them.
Records come without their texts, so that only those that may answer are read.
"""

from __future__ import annotations

import math
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from heapq import heappop, heappush
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from onrecord.lifecycle.concerns import Concerns, concerns_in
from onrecord.lifecycle.relations import status_of, successors
from onrecord.precedents.closeness import Closeness
from onrecord.records.disk import open_file
from onrecord.records.keeping import cache_of
from onrecord.records.library import Library
from onrecord.records.model import Decision, Handoff, Metric, Record, Role
from onrecord.records.reading import read_library
from onrecord.records.reading.frontmatter import MAX_FILE, body_under, decoded
from onrecord.records.settings import language_of
from onrecord.records.vocabulary import Kind, Stage, Status
from onrecord.search.names import asked_names, names_of
from onrecord.search.passages import Passage, passage_of
from onrecord.search.query import Phrase, Query, SearchText, Term, corrected
from onrecord.text.corrections import Correction, is_guessable, nearest_of
from onrecord.text.progress import Progress, silent
from onrecord.text.unseen import without_comments
from onrecord.text.words import Analyser

if TYPE_CHECKING:  # numpy takes longer to load than most searches run
    from onrecord.precedents.before import Before

TITLE, NAME, LABEL, HEADING = 10.0, 7.0, 4.0, 2.0
MOST_IN_TEXT = 2 + HEADING
"""What a term is worth in the title, the id, a tag or name, a heading; in prose at most 2."""

EXACT = 1e6
"""What is called as it was typed comes first, the page of a role before all."""

FEW = 3
"""With fewer hits, a word that hardly any record holds may be another, misspelt; and the nearest
decisions are named as well."""
MOST_NEAREST = 3
RARE = 2
"""So few records hold what somebody else misspelt."""


Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a record must be; an empty one asks nothing. Of several words one must fit."""

    kinds: tuple[Kind, ...] = ()
    stages: tuple[Stage, ...] = ()
    outcomes: tuple[Status, ...] = ()
    roles: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """A record to search among: what it is, who has to do with it, and how its text is read."""

    record: Record
    kind: Kind
    status: Status | None
    successors: tuple[Decision, ...]
    concerns: Concerns
    role: str
    """The id of the role it belongs to; '' where that is none."""
    day: date | None
    labels: tuple[str, ...]
    names: tuple[str, ...]
    """The keys of what it is called."""
    data: Callable[[], bytes]
    """The bytes of its file, as far as a record may be long."""
    said: Callable[[], str] = lambda: ""
    """The Markdown of the replies to it."""
    kept: dict[str, Any] | None = None
    """What is made of its text, once for all questions; None where each makes it anew."""

    def _once(self, name: str, make: Callable[[], Made]) -> Made:
        if self.kept is None:
            return make()
        if name not in self.kept:
            self.kept[name] = make()
        return cast(Made, self.kept[name])

    @property
    def bytes_in_lower_case(self) -> bytes:
        """All that it can be found by, to be sifted before a text is made of it."""

        def made() -> bytes:
            return self.data().lower() + f"{self.head}\n{self.said()}".lower().encode()

        return self._once("bytes", made)

    def text(self) -> tuple[str, int]:
        """The Markdown below the front matter, and the line it begins at."""
        return body_under(decoded(self.record.path, self.data())[0])

    @property
    def plain(self) -> str:
        """The text as a reader sees it: without comments."""
        return self._once("plain", lambda: without_comments(f"{self.text()[0]}\n\n{self.said()}"))

    def places_to_look(self) -> tuple[SearchText, SearchText, SearchText, SearchText, int]:
        """Title, id, labels and text, ready to be looked through; and the letters of the title."""
        record = self.record

        def made() -> tuple[SearchText, SearchText, SearchText, SearchText, int]:
            return (
                SearchText(record.title),
                SearchText(record.id.replace("_", "-")),
                SearchText("\n".join(self.labels)),
                SearchText(self.plain),
                sum(map(str.isalnum, record.title)) or 1,
            )

        return self._once("places", made)

    def passage(self, terms: Sequence[Term], worth: Sequence[float]) -> Passage:
        """The best passage of its own text; of a reply to it where that holds no term."""
        own = passage_of(*self.text(), terms, worth)
        if own.marks or not terms or not (said := self.said()):
            return own
        of_a_reply = passage_of(said, 1, terms, worth)
        return of_a_reply if of_a_reply.marks else own

    @property
    def head(self) -> str:
        """What a term is looked for beside the text: title, id, tags and names."""
        return "\n".join((self.record.title, self.record.id, *self.labels))


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """A record that was found. `score` compares hits of one query alone.

    `closeness` says how near it is to the question where it doesn't hold every term.
    """

    entry: SearchEntry
    passage: Passage
    score: float
    closeness: Closeness | None = None


@dataclass(frozen=True, slots=True)
class FindResult:
    """An answer: the first hits, how many there are, and the terms no record holds.

    `query` is what was searched for in the end, and `rarity` how much each of its terms tells;
    `corrections` are words for which others were searched for; `nearest` are decisions that don't
    hold every term.
    """

    query: Query
    hits: tuple[FoundRecord, ...]
    total: int
    searched: int
    missing: tuple[Term, ...] = ()
    corrections: tuple[Correction, ...] = ()
    nearest: tuple[FoundRecord, ...] = ()
    rarity: tuple[float, ...] = ()

    @property
    def shown(self) -> tuple[FoundRecord, ...]:
        """All of it in the order in which a person is shown it."""
        return (
            (*self.nearest, *self.hits) if self.query.is_question else (*self.hits, *self.nearest)
        )


class Searcher:
    """Every record of a knowledge base, ready to be searched."""

    def __init__(
        self, entries: Sequence[SearchEntry], analyser: Analyser, memory: Callable[[], Before]
    ) -> None:
        self.entries = entries
        self.analyser = analyser
        self.memory = memory

    def find(self, query: Query, filters: Filters, by_date: bool, limit: int) -> FindResult:
        """The records that hold every term and pass the filters; then those of what was meant."""
        found = self._find(query, filters, by_date, limit)
        is_called = any(hit.score >= EXACT for hit in found.hits)
        # Who typed a number or a name in full, or finds enough, typed what was meant.
        if not query.terms or found.total >= FEW or is_called:
            return found
        corrections = self._corrections(found, query, filters)
        if corrections:
            other = corrected(query, corrections, self.analyser)
            meant = self._find(other, filters, by_date, limit)
            if meant.total:
                return _both(found, meant, corrections, limit)
        return found

    def with_nearest(self, found: FindResult, filters: Filters, limit: int) -> FindResult:
        """What was found; where it is little, the decisions nearest to what was asked as well.

        A question has them first, as hardly a record holds all its words. A filter asks for what is
        known to be there, and a name for one record: neither asks for what is near.
        """
        query, asks = found.query, found.query.is_question
        is_called = any(hit.score >= EXACT for hit in found.hits)
        if not query.terms or is_called or filters or (found.total >= FEW and not asks):
            return found
        memory = self.memory()
        entries = {entry.record.path: entry for entry in self.entries}
        held = () if asks else found.hits
        for hit in held:
            entries.pop(hit.entry.record.path, None)
        # After what holds every word, a record that only holds some must be worth reading.
        near = [
            FoundRecord(
                entry, entry.passage(query.terms, found.rarity), one.score or 0.0, one.closeness
            )
            for one in memory.of_question(query.typed, MOST_NEAREST + len(held))
            if (entry := entries.get(one.decision.path)) is not None
            and not (held and one.closeness is Closeness.NEAREST)
        ][: min(limit, MOST_NEAREST)]
        slips = memory.corrections_of(query.typed) if near else ()
        paths = {hit.entry.record.path for hit in near}
        return replace(
            found,
            hits=tuple(hit for hit in found.hits if hit.entry.record.path not in paths),
            nearest=tuple(near),
            corrections=(*found.corrections, *slips),
        )

    def _find(self, query: Query, filters: Filters, by_date: bool, limit: int) -> FindResult:
        among = [entry for entry in self.entries if _passes(entry, filters)]
        if not query.terms:
            among.sort(key=_newest_first)
            listed = tuple(FoundRecord(e, e.passage((), ()), 0.0) for e in among[:limit])
            return FindResult(query, listed, len(among), len(among))
        called = {*asked_names(query.typed)}
        sifted = [(entry, _sift(entry, query)) for entry in among]
        holders = [sum(may[i] for _, may in sifted) for i in range(len(query.terms))]
        rarity = [math.log(1 + (len(among) - n + 0.5) / (n + 0.5)) for n in holders]
        # Bytes first, then words: of thousands of records few pass the sift, and only of those a
        # text is made.
        looked = (_look(e, query, called) for e, may in sifted if all(may) or called & {*e.names})
        held = [one for one in looked if one.is_exact or _holds(one, query)]
        first = (
            _newest(held, query, rarity, limit) if by_date else _best(held, query, rarity, limit)
        )
        hits = tuple(
            FoundRecord(entry, entry.passage(query.terms, rarity), score) for score, entry in first
        )
        missing = () if held else _missing(sifted, query)
        return FindResult(query, hits, len(held), len(among), missing, rarity=tuple(rarity))

    def _corrections(
        self, found: FindResult, query: Query, filters: Filters
    ) -> tuple[Correction, ...]:
        """What is searched for instead of words that no record holds, or hardly any."""
        if found.missing:
            told = [Correction(t.typed, self.nearest_word(t, filters)) for t in found.missing]
            # With one word nobody can guess, the others corrected would find what was never asked.
            return tuple(told) if all(one.meant for one in told) else ()
        titles = [f"{e.record.title} {e.record.id}" for e in self.entries if _passes(e, filters)]
        rare: list[Correction] = []
        for term in query.terms:
            if isinstance(term, Phrase) or not is_guessable(term.typed):
                continue
            # A word of a title is no slip, however rare it is.
            if any(term.places(SearchText(title), 1) for title in titles):
                continue
            near = nearest_of(term.typed, titles)
            if near and len(self._holding(term)) <= RARE:
                rare.append(Correction(term.typed, near, is_held=True))
        return tuple(rare)

    def _holding(self, term: Term) -> list[SearchEntry]:
        """The records that hold a term, and no more of them than are too many."""
        may = (entry for entry in self.entries if term.may_stand_in(entry.data().lower()))
        return [*islice((e for e in may if term.places(SearchText(e.plain), 1)), RARE + 1)]

    def nearest_word(self, term: Term, filters: Filters) -> str:
        """The word of the records most like one that none of them holds; '' when none is."""
        typed = term.typed
        if isinstance(term, Phrase) or not is_guessable(typed):
            return ""
        among = [entry for entry in self.entries if _passes(entry, filters)]
        return nearest_of(typed, (f"{e.record.title} {e.record.id}" for e in among)) or nearest_of(
            typed, (entry.plain for entry in among)
        )

    def words_of(self, name: str) -> list[str]:
        """The roles, people or tags that records name, as the filter of that name takes them."""
        if name == "tag":
            named = (
                t for e in self.entries if isinstance(e.record, Decision) for t in e.record.tags
            )
        elif name == "role":
            named = (role for entry in self.entries for role in entry.concerns.roles)
        else:
            named = (who for entry in self.entries for who in entry.concerns.people)
        return sorted({word.casefold() for word in named})


def _both(
    found: FindResult, meant: FindResult, corrections: tuple[Correction, ...], limit: int
) -> FindResult:
    """What was found, and then what is found for the words that were meant."""
    known = {hit.entry.record.path for hit in found.hits}
    more = [hit for hit in meant.hits if hit.entry.record.path not in known]
    total = meant.total + len(known) - (len(meant.hits) - len(more))
    return replace(meant, hits=(*found.hits, *more)[:limit], total=total, corrections=corrections)


@dataclass(frozen=True, slots=True)
class _Look:
    """What one record holds of each term, beside its text: 0 for nothing."""

    entry: SearchEntry
    weights: tuple[float, ...]
    covered: float
    is_exact: bool
    in_text: tuple[float, ...] | None
    """The same of its text; None for one that is kept, and can be asked later."""


def _sift(entry: SearchEntry, query: Query) -> tuple[bool, ...]:
    """For each term whether the record may hold it: bytes are looked at, no text is made."""
    data = entry.bytes_in_lower_case
    return tuple(term.may_stand_in(data) for term in query.terms)


def _missing(
    sifted: Iterable[tuple[SearchEntry, tuple[bool, ...]]], query: Query
) -> tuple[Term, ...]:
    """The terms that no record holds."""
    missing = dict(enumerate(query.terms))
    for entry, may in sifted:
        wanted = [i for i in missing if may[i]]
        if wanted:
            texts = (SearchText(entry.head), SearchText(entry.plain))
            for i in wanted:
                if any(missing[i].places(text, 1) for text in texts):
                    del missing[i]
    return tuple(missing.values())


def _look(entry: SearchEntry, query: Query, called: set[str]) -> _Look:
    title, name, labels, body, letters = entry.places_to_look()
    weights, covered = [], 0
    for term in query.terms:
        weight = 0.0
        in_title = term.places(title)
        if in_title:
            covered += sum(end - start for start, end in in_title)
            weight = TITLE
        elif term.places(name, 1):
            weight = NAME
        elif term.places(labels, 1):
            weight = LABEL
        weights.append(weight)
    # A text that isn't kept is gone after this, and making it again costs more than all of it.
    in_text = None if entry.kept is not None else _in_text(query, body)
    return _Look(
        entry, tuple(weights), min(1.0, covered / letters), bool(called & {*entry.names}), in_text
    )


def _holds(look: _Look, query: Query) -> bool:
    """True for a record that holds every term, in its text or beside it."""
    if look.in_text is not None:
        return all(map(any, zip(look.weights, look.in_text, strict=True)))
    body = look.entry.places_to_look()[3]
    pairs = zip(query.terms, look.weights, strict=True)
    return all(weight or term.places(body, 1) for term, weight in pairs)


def _in_text(query: Query, body: SearchText) -> tuple[float, ...]:
    """What the places of each term in a text count for: at most `MOST_IN_TEXT`."""
    length = 0.5 + len(body.text) / 8_000
    counts = []
    for term in query.terms:
        places = term.places(body)
        under = any(body.text[body.text.rfind("\n", 0, at) + 1 : at][:1] == "#" for at, _ in places)
        counts.append(2 * len(places) / (len(places) + length) + HEADING * under)
    return tuple(counts)


def _score(look: _Look, in_text: Sequence[float], rarity: Sequence[float]) -> float:
    """Rare words count more; so does a title that says little else."""
    weights = [sum(pair) for pair in zip(look.weights, in_text, strict=True)]
    told = sum(w * r for w, r in zip(weights, rarity, strict=True))
    told *= 1 + look.covered + all(weight >= TITLE for weight in weights)
    if look.is_exact:
        told += EXACT * (2 if look.entry.kind is Kind.ROLE else 1)
    return round(told, 6)


def _scored(look: _Look, query: Query, rarity: Sequence[float]) -> tuple[float, SearchEntry]:
    in_text = look.in_text
    if in_text is None:
        in_text = _in_text(query, look.entry.places_to_look()[3])
    return _score(look, in_text, rarity), look.entry


def _newest(
    held: Iterable[_Look], query: Query, rarity: Sequence[float], limit: int
) -> list[tuple[float, SearchEntry]]:
    newest = sorted(held, key=lambda one: _newest_first(one.entry))
    return [_scored(one, query, rarity) for one in newest[:limit]]


def _best(
    held: Iterable[_Look], query: Query, rarity: Sequence[float], limit: int
) -> list[tuple[float, SearchEntry]]:
    """The best records with their scores. Most texts can't lift theirs high enough to be read."""
    most = [MOST_IN_TEXT] * len(query.terms)
    ceilings = sorted(
        ((_score(one, most, rarity), one) for one in held), key=itemgetter(0), reverse=True
    )
    found: list[tuple[float, SearchEntry]] = []
    best: list[float] = []  # a heap of as many scores as are shown, the lowest first
    for ceiling, one in ceilings:
        # From here on no text, however often it holds the words, lifts its record among those
        # shown.
        if len(best) >= limit and (not best or ceiling < best[0]):
            break
        found.append(_scored(one, query, rarity))
        heappush(best, found[-1][0])
        if len(best) > limit:
            heappop(best)
    found.sort(key=lambda pair: (-pair[0], *_newest_first(pair[1])))
    return found[:limit]


def _newest_first(entry: SearchEntry) -> tuple[int, str]:
    return (-entry.day.toordinal() if entry.day else 0, entry.record.path)


def _passes(entry: SearchEntry, asked: Filters) -> bool:
    record = entry.record
    if asked.kinds and entry.kind not in asked.kinds:
        return False
    if asked.stages and not (isinstance(record, Decision) and record.stage in asked.stages):
        return False
    if asked.outcomes and entry.status not in asked.outcomes:
        return False
    concerns = entry.concerns
    for names, wanted in ((concerns.roles, asked.roles), (concerns.people, asked.people)):
        if wanted and not {name.casefold() for name in names} & {*wanted}:
            return False
    if asked.tags:
        own = record.tags if isinstance(record, Decision) else ()
        if not {tag.casefold() for tag in own} & {*asked.tags}:
            return False
    if asked.since and (entry.day is None or entry.day < asked.since):
        return False
    return not (asked.until and (entry.day is None or entry.day > asked.until))


# The records of a knowledge base.

KINDS = tuple(kind for kind in Kind if kind is not Kind.REPLY)
"""What is found by itself; a reply is a part of the record it replies to."""


def open_shelf(
    root: Path,
    *,
    keeps: bool = False,
    memory: Callable[[], Before] | None = None,
    progress: Progress = silent,
) -> Searcher:
    """Every record below `root`.

    With `keeps` what is searched stays in memory, for whoever asks again and again. `memory` is
    asked for the nearest decisions; without it, one is opened when it is needed.
    """
    library = read_library(root, cache=cache_of(root), progress=progress)
    later, concerns = successors(library), concerns_in(library)
    replies: defaultdict[str, list[str]] = defaultdict(list)
    for reply in library.replies:
        replies[reply.about].append(reply.path)
    entries = [
        replace(
            _entry(r, library, later, concerns[r.path], root),
            said=_sayings(root, replies[r.path]),
        )
        if r.path in replies
        else _entry(r, library, later, concerns[r.path], root)
        for r in library.records
    ]
    if keeps:
        entries = [replace(one, kept={}) for one in entries]
    return Searcher(entries, Analyser(language_of(root)), memory or (lambda: _memory(root)))


def _memory(root: Path) -> Before:
    from onrecord.precedents.before import ask_before

    return ask_before(root)[0]


def _entry(
    record: Record,
    library: Library,
    later: Mapping[str, tuple[str, ...]],
    concerns: Concerns,
    root: Path,
) -> SearchEntry:
    status, by, kind, role = None, list[Decision](), Kind.DECISION, ""
    day, labels = None, tuple[str, ...]()
    match record:
        case Decision():
            # The second of two with one id has only its own outcome.
            known = later if library.decision[record.id] is record else {}
            status = status_of(record, known)
            by = [library.decision[i] for i in known.get(record.id, ()) if i in library.decision]
            owner = library.owning(record)
            role = owner.id if owner is not None else ""
            day, labels = (
                record.filed,
                (
                    *record.asked,
                    *record.tags,
                    record.owner,
                    *record.consulted,
                ),
            )
        case Role():
            kind, role = Kind.ROLE, record.id
            labels = (record.purpose, record.team, *concerns.people)
        case Handoff():
            kind, role, day = Kind.HANDOFF, record.role, record.effective
            labels = (record.role, *concerns.people)
        case Metric():
            kind, role, day = Kind.METRIC, record.role, record.newest
            labels = (record.role, record.source, record.unit)
    return SearchEntry(
        *(record, kind, status, tuple(by), concerns, role, day, labels),
        names_of(record, library),
        _reader(root, record.path),
    )


def _reader(root: Path, path: str) -> Callable[[], bytes]:
    file = os.path.join(root, path)  # a Path for each of ten thousand files takes its time

    def data() -> bytes:
        try:
            with open_file(file) as stream:
                return stream.read(MAX_FILE + 1)
        except OSError:
            return b""

    return data


def _sayings(root: Path, paths: Iterable[str]) -> Callable[[], str]:
    @lru_cache(maxsize=1)
    def said() -> str:
        texts = (decoded(path, _reader(root, path)())[0] for path in paths)
        return "\n\n".join(body_under(text)[0] for text in texts)

    return said
