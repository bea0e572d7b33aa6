"""“We had this before” on a form: an index that a browser asks by itself.

In come the precedents of a base and the addresses of its pages; out come the files the site ships:
`top.json`, chunks of words, and chunks of what is shown of each decision. A question fetches the
first, a chunk for each rare word, and the chunks of the few decisions it shows.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec

from onrecord.precedents.before import FEW, SHARE_FROM, TITLE_FROM, TITLE_WHOLE, Before
from onrecord.precedents.engine import Document, Engine
from onrecord.precedents.engine.index.features import NAME_WORDS, TITLE_WEIGHT
from onrecord.precedents.engine.question import K
from onrecord.precedents.engine.question_shards import PAIR_BITS, QuestionShards
from onrecord.precedents.engine.ranking import (
    BEHIND_AT_MOST,
    CROWD,
    FULL_SIZE,
    GATE_BEHIND,
    GATE_BIAS,
    GATE_COVER,
    GATE_GAP,
    GATE_RANK,
    GATE_TEXT,
    MOST_TYPICAL,
    RANK,
    REPEAT,
    SURE_FROM,
)
from onrecord.precedents.engine.shards import DIGITS, LEVELS, UNIT, Keep, Shards, anew, forms
from onrecord.precedents.engine.why import gist
from onrecord.precedents.spoken import spoken
from onrecord.records.model import Decision
from onrecord.records.vocabulary import Effect
from onrecord.text.corrections import words_of_names

FORMAT = 4
TOP = "top.json"
PER_CHUNK = 8
"""Decisions whose facts share a file."""
GIST = 180
"""Characters of a decision's first sentences that are shown."""
TOLD_IN = ("Problem", "Context and Problem Statement", "Context", "Summary", "Motivation")
"""The sections that say what a decision is about, in our own records and in those of others."""
LEADS = (*TOLD_IN, "Goals", "User Stories", "Proposal")
"""The sections whose neighbouring words are compared with those of a question."""
PAIRS = 0.5
"""A pair of neighbouring words against a word. Less than the engine's: a browser knows only the
first pairs of a decision, and by short hashes."""
PER_LEADS = 4
"""Decisions whose pairs of words share a file."""
QUESTIONS = "questions.json"
TITLES = "titles.json"
LONGEST_QUESTION = 40
"""Words of a title and a text up to which they are a question in a person's own words."""
CUTOFF = 0.32
"""Where no score reaches this, nothing is shown. A little lower than the engine's, because a
browser knows no word pairs; benchmarks/nearest.py compares what the two show."""
CUTOFF_OF_LONG = 0.37
"""The same for long texts. A browser reads a part of these, and for each word only the decisions
that it weighs most in, so the also-rans score too little and the first stands out too far."""
SHORT_SIZE = 150
"""Terms up to which a question is short: a title and some 80 words. From FULL_SIZE on it is long,
and the cut-off rises in between with the logarithm."""
BESIDE = 0.25
"""Scores from this on are shown beside one above the cut-off: what the engine puts first is nearly
always among the browser's first five, but not always on top."""
FAME_STEP = 12
"""Fame (log1p of links, older ones counting less) is written in twelfths."""
SIZE_STEP = 5
"""The logarithm of how many words a decision has is written in fifths."""


EffectOf = Callable[[Decision], Effect | None]
"""Says what became of what a decision promised."""


def files(
    before: Before,
    addresses: Mapping[str, str],
    effect_of: EffectOf = lambda _: None,
    keep: Keep = anew,
) -> Iterator[tuple[str, str]]:
    """Each file of the index: its path below the index's folder, and its text.

    None where nothing is looked for.
    """
    engine = before.engine
    if engine is None:
        return
    shards, asked = _shards_of(engine, keep)
    documents, titles = engine.documents, engine.title_rarities()
    linked = engine.linked()
    top: dict[str, Any] = {
        "format": FORMAT,
        "size": len(documents),
        "per": PER_CHUNK,
        "starts": " ".join(shards.starts),
        "common": " ".join(shards.common),
        "width": shards.width,
        "digits": DIGITS,
        "levels": LEVELS,
        "unit": UNIT,
        "rarest": round(shards.top_rarity, 2),
        # One digit a decision, by its number: the script reads them by place.
        "fame": "".join(
            DIGITS[min(63, round(math.log1p(value) * FAME_STEP))] for value in engine.fame()
        ),
        "fame_step": FAME_STEP,
        "typical": "".join(
            DIGITS[min(63, round(value / MOST_TYPICAL * 63))] for value in engine.typical()
        ),
        "most_typical": MOST_TYPICAL,
        "sizes": "".join(
            DIGITS[min(63, round(math.log(max(size, 2)) * SIZE_STEP))] for size in engine.sizes()
        ),
        "size_step": SIZE_STEP,
        "title": TITLE_WEIGHT,
        "name_words": NAME_WORDS,
        "rank": {
            name: RANK[name]
            for name in (
                "nearness",
                "trusted",
                "repeat",
                "links",
                "both",
                "fame",
                "age",
                "cover",
                "named",
                "phrase",
                "typical",
                "size",
            )
        },
        "full_size": FULL_SIZE,
        "repeat": REPEAT,
        "sure_from": SURE_FROM,
        "crowd": [CROWD.start, CROWD.stop],
        "gate": {
            "bias": GATE_BIAS,
            "text": GATE_TEXT,
            "rank": GATE_RANK,
            "cover": GATE_COVER,
            "gap": GATE_GAP,
            "behind": GATE_BEHIND,
            "behind_at_most": BEHIND_AT_MOST,
        },
        "cutoff": {
            "short": CUTOFF,
            "short_size": SHORT_SIZE,
            "long": CUTOFF_OF_LONG,
            "beside": BESIDE,
        },
    }
    yield TOP, _json(top)
    yield from _for_questions(before, engine, asked, keep)
    for number, chunk in enumerate(shards.chunks):
        yield f"words/{number}.json", chunk
    for low in range(0, len(documents), PER_CHUNK):
        rows = []
        together = documents[low : low + PER_CHUNK]
        gists = _gists([before.decision(one.id)[0] for one in together], keep)
        for number, (document, said) in enumerate(zip(together, gists, strict=True), start=low):
            decision, status = before.decision(document.id)
            day, effect = decision.filed, effect_of(decision)
            # A list without keys, because a key a decision would double the file.
            rows.append(
                [
                    decision.title,
                    addresses.get(decision.path, ""),
                    status.value,
                    decision.stage.value if decision.stage else "",
                    day.isoformat() if day else "",
                    said,
                    round(titles[number] * 100),
                    linked[number],
                    *([effect.value] if effect in (Effect.KEPT, Effect.MISSED) else []),
                ]
            )
        yield f"decisions/{low // PER_CHUNK}.json", _json(rows)


def _shards_of(engine: Engine, keep: Keep) -> tuple[Shards, QuestionShards]:
    """The words in pieces. No answer, stage or link of a decision changes them."""
    # Read even where the pieces are kept, or it would be taken away as of no use.
    vocabulary = engine.vocabulary(keep)

    def make() -> str:
        known = forms(vocabulary)
        made = engine.shards(known), engine.question_shards(known)
        return msgspec.json.encode(made).decode()

    kept = keep(["shards", engine.language, *engine.contents], make)
    return msgspec.json.decode(kept, type=tuple[Shards, QuestionShards])


def _gists(decisions: Sequence[Decision], keep: Keep) -> list[str]:
    """The first sentences of what says what each decision is about."""
    kept = keep(
        ["gists", *(one.body.text for one in decisions)],
        lambda: _json([gist(_told(one), GIST) for one in decisions]),
    )
    found: list[str] = json.loads(kept)
    return found


def _told(decision: Decision) -> str:
    """The text that says what a decision is about."""
    told = next(filter(None, map(decision.body.section, TOLD_IN)), None)
    return told.text if told else spoken(decision.body.text)


def _for_questions(
    before: Before, engine: Engine, asked: QuestionShards, keep: Keep
) -> Iterator[tuple[str, str]]:
    """The files by which a question in a person's own words is answered."""
    yield (
        QUESTIONS,
        _json(
            {
                "size": len(engine.documents),
                "per": PER_LEADS,
                "starts": " ".join(asked.starts),
                "width": asked.width,
                "levels": LEVELS,
                "unit": UNIT,
                "unknown": round(asked.unknown * 100),
                "ordinary": " ".join(engine.common_words),
                "most": K + 1,
                "pair_bits": PAIR_BITS,
                "pairs": PAIRS,
                "longest": LONGEST_QUESTION,
                "few": FEW,
                "share_from": SHARE_FROM,
                "title_from": TITLE_FROM,
                "title_whole": TITLE_WHOLE,
            }
        ),
    )
    names = (name for document in engine.documents for name in _names_of(document))
    yield TITLES, _json(" ".join(words_of_names(names)))
    for number, chunk in enumerate(asked.chunks):
        yield f"asked/{number}.json", chunk
    documents = engine.documents
    for low in range(0, len(documents), PER_LEADS):
        together = [(one, before.decision(one.id)[0]) for one in documents[low : low + PER_LEADS]]
        parts = (part for one, its in together for part in (repr(_names_of(one)), its.body.text))
        # Few decisions a file, so that an edit makes one of them anew and the others stay, here and
        # in browsers.
        rows = keep([engine.language, *parts], partial(_signs_of, together, engine))
        yield f"leads/{low // PER_LEADS}.json", rows


def _names_of(document: Document) -> tuple[str, ...]:
    return document.title, *document.asked


def _signs_of(together: Sequence[tuple[Document, Decision]], engine: Engine) -> str:
    """The pairs of words in the names of decisions, and in what says what each is about."""
    rows = []
    for document, decision in together:
        leads = [s.text for name in LEADS if (s := decision.body.section(name)) is not None]
        texts = _names_of(document), leads or [document.body]
        rows.append([engine.pair_signs(each) for each in texts])
    return _json(rows)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
