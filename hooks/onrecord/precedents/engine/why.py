"""Why a document was found, in its own words.

In: the asking and the found document, and how rare terms are. Out: `Why`: the sentence or two of
the found one that match best, as plain text with the spans of the matching words, and the labels
and links both share. No markup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import accumulate, pairwise

import numpy as np

from onrecord.precedents.engine.index.cache import Store
from onrecord.precedents.engine.index.features import ENGINE_VERSION, Document
from onrecord.text.common_words import common_words
from onrecord.text.sentences import ENDS, prose, sentences
from onrecord.text.words import Analyser

VERSION = 4
"""Part of the key of kept quotes: raise it whenever the same texts would be quoted otherwise."""
SENTENCES = 2
LONGEST = 240
"""Characters of one quoted sentence; longer ones are cut around their best part."""
READ = 8_000
"""Characters of either text that are looked at: problem and proposal are at the beginning."""
AT_BEGINNING = 0.6
"""Shown of a long sentence is its beginning, if it holds so many of the words of the best part."""
FADES = 0.4
"""How much less a sentence at the end of what is read is worth than one at the beginning."""
KEPT = 512
"""Texts kept taken apart: what is near in time is asked for again soon."""
LEAST_PROSE = 0.15
"""What is less a sentence than this says nothing, whatever words it holds."""
GIST_PROSE = 0.3
"""How much of a whole sentence of words the first words shown of a text must be."""
MET_FROM = 0.12
"""Words rarer than this (0 everywhere, 1 nowhere else) count as met."""
NAMED = 1.4
"""How much more a word counts that the title asked about names."""
MARKED_FROM = 0.4
"""Marked are those that are at least so rare as this share of the rarest that is met."""
TELLING = frozenset(
    (
        "summary",
        "abstract",
        "problem",
        "problem statement",
        "motivation",
        "context",
        "context and problem statement",
        "background",
    )
)
"""Sections that say what a record is about, as does what is before any section."""
FIRST = 2.0
"""How much more a sentence there is worth than one elsewhere."""
SILENT = frozenset(
    (
        "glossary",
        "terminology",
        "definitions",
        "terms",
        "risk",
        "risks",
        "risks and mitigations",
        "references",
    )
)
"""Sections that convince nobody, whatever words they hold."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of the found document; `marks` are (start, end) of its matching words."""

    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Why:
    """What two documents share."""

    quotes: tuple[Quote, ...] = ()
    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    """Ids that both link to."""


_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*)")
_JOINTS = frozenset((" ", "-", "_", ".", "/"))
"""What may be between two marked words that are marked as one."""

Rarity = Callable[[Sequence[int]], list[float]]
"""How rare terms are, given by number: from 0 (everywhere) to 1 (nowhere else)."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A text taken apart once: its sentences, the terms of each, and of all with the title."""

    sentences: list[str]
    terms: list[list[int]]
    title: frozenset[int]
    vocabulary: frozenset[int]
    prose: list[float]
    told: list[float]
    """How much each sentence tells by its place: what a text is about is at its beginning."""


def explain(asked: Document, found: Document, quotes: tuple[Quote, ...]) -> Why:
    """Why `found` answers `asked`: what to quote of it, and what the two share."""
    targets = {link.target for link in asked.links} - {found.id}
    return Why(
        quotes,
        _shared(asked.tags, found.tags),
        _shared(asked.people, found.people),
        _shared(asked.urls, found.urls),
        tuple(sorted(targets & {link.target for link in found.links} - {asked.id})),
    )


class QuoteStore:
    """Quotes kept from run to run, by a key that stands for all they depend on.

    What this run didn't ask for stays too, up to as much again: another branch may want it.
    """

    def __init__(self, store: Store, language: str) -> None:
        self._store = store
        self._stamp = f"quotes {VERSION}, {ENGINE_VERSION} {language}"
        self._name = "quotes-" + blake2b(language.encode(), digest_size=4).hexdigest()
        self._known = self._load()
        self._used: dict[bytes, tuple[Quote, ...]] = {}

    def get(self, key: bytes) -> tuple[Quote, ...] | None:
        """The quotes kept under a key; None if there are none."""
        return self._known.get(key)

    def put(self, key: bytes, quotes: tuple[Quote, ...]) -> None:
        """Keep quotes from the next `save` on."""
        self._used[key] = quotes

    def save(self) -> None:
        """Write, if there is anything new."""
        if self._used.keys() <= self._known.keys():
            return
        others = [each for each in self._known.items() if each[0] not in self._used]
        kept = self._used | dict(others[: len(self._used)])
        text = json.dumps([[[q.text, q.marks] for q in quotes] for quotes in kept.values()])
        arrays = {
            "keys": np.frombuffer(b"".join(kept), dtype=np.uint8),
            "quotes": np.frombuffer(text.encode(), dtype=np.uint8),
        }
        self._store.write(self._name, self._stamp, arrays)

    def _load(self) -> dict[bytes, tuple[Quote, ...]]:
        arrays = self._store.read(self._name, self._stamp)
        if arrays is None:
            return {}
        try:
            keys = arrays["keys"].reshape(-1, 16)
            listed = json.loads(arrays["quotes"].tobytes())
            return {
                key.tobytes(): tuple(
                    Quote(str(text), tuple((int(start), int(end)) for start, end in marks))
                    for text, marks in quotes
                )
                for key, quotes in zip(keys, listed, strict=True)
            }
        except (KeyError, ValueError, TypeError):
            return {}


class Explainer:
    """Finds what to quote; takes each text apart once."""

    def __init__(self, analyser: Analyser, rarity: Rarity) -> None:
        self._analyser = analyser
        self._rarity = rarity
        self._seen: dict[str, _Read] = {}

    def quotes(self, asked: Document, found: Document) -> tuple[Quote, ...]:
        """What to quote of `found` for `asked`, which is a new text if it has no id."""
        # A new text has no id to be kept under, and isn't asked for again.
        asking = self._read(asked) if asked.id else self._taken_apart(asked)
        return self._quotes(asking, self._read(found))

    @cached_property
    def _common(self) -> frozenset[int]:
        words = "\n".join(common_words(self._analyser.language))
        return frozenset(self._analyser.numbers(words)[0])

    def _read(self, document: Document) -> _Read:
        known = self._seen.pop(document.id, None) or self._taken_apart(document)
        self._seen[document.id] = known  # last, so that the first is the one longest unused
        if len(self._seen) > KEPT:
            del self._seen[next(iter(self._seen))]
        return known

    def _taken_apart(self, document: Document) -> _Read:
        told_in = [
            (sentence, FIRST if not title or title in TELLING else 1.0)
            for title, part in _sections(document.body[:READ])
            if title not in SILENT
            for sentence in sentences(part, READ)
        ]
        text = [sentence for sentence, _ in told_in]
        found = [*document.asked, *text]
        terms = [self._analyser.numbers(sentence)[0] for sentence in found]
        title = frozenset(self._analyser.numbers(document.title)[0])
        vocabulary = title.union(*terms)
        places = accumulate(map(len, text), initial=0)
        told = [
            worth * (1 - FADES * min(at / READ, 1.0))
            for (_, worth), at in zip(told_in, places, strict=False)
        ]
        # How people ask for it is what somebody wrote on purpose, in whatever form.
        own = [1.0] * len(document.asked)
        worth = [*own, *map(prose, text)]
        return _Read(found, terms, title, vocabulary, worth, [*own, *told])

    def _quotes(self, asked: _Read, found: _Read) -> tuple[Quote, ...]:
        shared = sorted(asked.vocabulary & found.vocabulary)
        weight = {
            term: value * (NAMED if term in asked.title else 1.0)
            for term, value in zip(shared, self._rarity(shared), strict=True)
            if value >= MET_FROM and term not in self._common
        }
        # A sentence that is in both is the template's, and says nothing of either; unless so
        # many do that the one is made from the other.
        template = set(asked.sentences)
        if 2 * sum(each in template for each in found.sentences) > len(found.sentences):
            template.clear()
        known = weight.keys()
        ranked = sorted(
            (-_worth(each, weight) * found.prose[place] * found.told[place], place)
            for place, each in enumerate(found.terms)
            # Three words or fewer are a heading, an entry of a list or a label, and convince
            # nobody.
            if len(each) > 3
            and not known.isdisjoint(each)
            and found.sentences[place] not in template
            and found.prose[place] >= LEAST_PROSE
        )
        chosen: list[int] = []
        covered: set[int] = set()
        for worth, place in ranked[:20]:
            new = weight.keys() & set(found.terms[place]) - covered
            # A second sentence has to say something that the first did not.
            # Summed in one order: the last bit of a float could else choose another sentence on
            # another run.
            if worth < 0 and (not chosen or sum(weight[term] for term in sorted(new)) > -worth / 4):
                chosen.append(place)
                covered |= new
            if len(chosen) == SENTENCES:
                break
        return tuple(
            _quote(found.sentences[place], self._analyser, weight) for place in sorted(chosen)
        )


def _sections(text: str) -> Iterator[tuple[str, str]]:
    """The parts of a text under its headings of any level, each with its title in lower case.

    What is below a section that tells, or one that is silent, belongs to it.
    """
    title, level, fence, lines = "", 7, "", list[str]()
    for line in text.splitlines(keepends=True):
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        head = None if fence else _HEADING.match(line)
        known = title in TELLING or title in SILENT
        if head and not (known and len(head[1]) > level):
            yield title, "".join(lines)
            title, level, lines = head[2].strip(" #\t").lower(), len(head[1]), []
        else:
            lines.append(line)
    yield title, "".join(lines)


def gist(text: str, longest: int) -> str:
    """The first sentences of a text's prose, as many as fit, or the beginning of the first."""
    kept = ""
    for sentence in sentences(text, READ):
        if sentence[-1] not in ENDS or prose(sentence) < GIST_PROSE:
            continue  # a heading, a table of contents, code
        if kept and len(kept) + 1 + len(sentence) > longest:
            break
        kept = f"{kept} {sentence}".strip()
        if len(kept) > longest:
            return kept[: kept.rfind(" ", 0, longest)] + " …"
    return kept


def _shared(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """Labels of `other` that `one` has too, as `other` spells them."""
    known = {label.strip().casefold() for label in one}
    return tuple(dict.fromkeys(label for label in other if label.strip().casefold() in known))


def _worth(terms: Sequence[int], weight: dict[int, float]) -> float:
    """Rarity of the shared words, and again of those that follow one another, per root length."""
    met = [weight.get(term, 0.0) for term in terms]
    # Sorted, because a set's order differs from run to run, and with it the last bit of the sum.
    single = sum(weight[term] ** 2 for term in sorted(weight.keys() & set(terms)))
    double = sum(one * other for one, other in pairwise(met))
    return (single + double) / float((12 + len(terms)) ** 0.5)


def _quote(sentence: str, analyser: Analyser, weight: dict[int, float]) -> Quote:
    met = [
        (weight.get(analyser.number(term.term), 0.0), term.start, term.end)
        for term in analyser.terms(sentence)
        # A single letter is a list's label in Latin writing, and a word in Chinese.
        if term.end - term.start > 1 or not sentence[term.start].isascii()
    ]
    least = MARKED_FROM * max((value for value, *_ in met), default=0.0)
    marks = [(start, end) for value, start, end in met if value and value >= least]
    if len(sentence) > LONGEST:
        begin, end = _part([start for start, _ in marks] or [0], sentence)
        head, tail = "… " if begin else "", " …" if end < len(sentence) else ""
        marks = [
            (start - begin + len(head), stop - begin + len(head))
            for start, stop in marks
            if start >= begin and stop <= end
        ]
        sentence = head + sentence[begin:end] + tail
    return Quote(sentence, _joined(marks, sentence))


def _part(starts: Sequence[int], sentence: str) -> tuple[int, int]:
    """The part of a long sentence to show: its beginning, unless far more is met elsewhere."""
    reach = [sum(at <= other < at + LONGEST - 20 for other in starts) for at in starts]
    begin = starts[reach.index(max(reach))]
    if sum(start < LONGEST - 20 for start in starts) >= AT_BEGINNING * max(reach):
        begin = 0
    begin = max(0, min(begin - 20, len(sentence) - LONGEST))
    begin = sentence.find(" ", begin) + 1 if begin else 0
    end = min(len(sentence), begin + LONGEST)
    if end < len(sentence):
        # Writing without spaces has no gap to cut at.
        end = max(sentence.rfind(" ", begin, end), begin + LONGEST // 2)
    return begin, end


def _joined(marks: Sequence[tuple[int, int]], sentence: str) -> tuple[tuple[int, int], ...]:
    """Marks in order; those that overlap (character pairs) or stand side by side as one."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        if out and (start <= out[-1][1] or sentence[out[-1][1] : start] in _JOINTS):
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return tuple(out)
