"""The words of OnRecord, stated once.

Out of this module come the stages, outcomes, verdicts and kinds, and what files and folders are
called. Nothing else spells these words out a second time. `shapes` has the front matter keys.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple, Self


class KnownWord(StrEnum):
    """A word of ours that carries what it means to a reader, in a sentence or a few words."""

    meaning: str

    def __new__(cls, word: str, meaning: str = "") -> Self:
        """The word is the value: files, addresses and JSON know no more of it."""
        self = str.__new__(cls, word)
        self._value_ = word
        self.meaning = meaning  # the default is for type checkers: Status("open") has no other
        return self


class Stage(StrEnum):
    """The five stages of a decision, in order."""

    ASSESS = "assess"
    COLLABORATE = "collaborate"
    REVIEW = "review"
    INTEGRATE = "integrate"
    ALIGN = "align"

    @property
    def number(self) -> int:
        """1 for assess … 5 for align."""
        return _STAGE_NUMBER[self]

    @property
    def title(self) -> str:  # type: ignore[override]  # str.title() is of no use on a stage
        """The word as it heads a page: `Assess`."""
        return self.value.capitalize()

    @property
    def next(self) -> Stage | None:
        """The stage that follows, or None after align."""
        return STAGES[self.number] if self.number < len(STAGES) else None

    @property
    def meaning(self) -> StageMeaning:
        """What happens in the stage, and what must be there before it is left."""
        return _STAGE_MEANINGS[self]


STAGES: tuple[Stage, ...] = tuple(Stage)
_STAGE_NUMBER = {stage: index for index, stage in enumerate(STAGES, start=1)}


class StageMeaning(NamedTuple):
    """A stage in a newcomer's words."""

    what: str
    moves_on: str
    who: str


_STAGE_MEANINGS: dict[Stage, StageMeaning] = {
    Stage.ASSESS: StageMeaning(
        what="The owner writes the assessment, with a proposed solution.",
        moves_on="problem, proposal and alternatives are written; every precedent is answered",
        who="the owner writes",
    ),
    Stage.COLLABORATE: StageMeaning(
        what="Those consulted give written feedback.",
        moves_on="everyone consulted has answered, or their silence is noted after the due date",
        who="those consulted answer",
    ),
    Stage.REVIEW: StageMeaning(
        what="The owner resolves each comment and writes a complete review.",
        moves_on="every feedback item is resolved; a review is written",
        who="the owner resolves and reviews",
    ),
    Stage.INTEGRATE: StageMeaning(
        what="Everything is brought together. Only this step may need a meeting.",
        moves_on="the outcome is there, with notes if people met",
        who="the owner brings it together",
    ),
    Stage.ALIGN: StageMeaning(
        what="Everyone informed confirms that they know the decision.",
        moves_on="everyone informed has acknowledged; then the decision is closed",
        who="those informed acknowledge",
    ),
}


class Outcome(StrEnum):
    """What became of a decision; an outcome closes it."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    RETIRED = "retired"

    @property
    def earliest(self) -> Stage:
        """The first stage in which a decision can have this outcome."""
        return _EARLIEST[self]


_EARLIEST = {
    Outcome.ACCEPTED: Stage.INTEGRATE,
    Outcome.REJECTED: Stage.REVIEW,
    Outcome.WITHDRAWN: Stage.ASSESS,
    Outcome.RETIRED: Stage.INTEGRATE,
}


class Status(KnownWord):
    """Where a decision is: derived from the records, never typed."""

    OPEN = "open", "Being decided now: it has no outcome yet."
    ACCEPTED = "accepted", "In force: decided, and not replaced since."
    REJECTED = "rejected", "Decided against. The reasons stay on record."
    WITHDRAWN = "withdrawn", "Taken back by its owner before it was decided."
    RETIRED = "retired", "Was in force and no longer is, and nothing replaced it."
    SUPERSEDED = "superseded", "Was in force until a later decision replaced it."
    UNSETTLED = "unsettled", "Imported, and its status is unclear. A person must settle it."


class Verdict(KnownWord):
    """How a decision answers a precedent."""

    REPEATS = "repeats", "the same problem again, and the earlier decision still answers it"
    EXTENDS = "extends", "builds on the earlier decision"
    DIFFERS = "differs", "looks similar, but is a different problem"
    REVERSES = "reverses", "decides the opposite"


class Effect(StrEnum):
    """Whether a decision did what it promised: computed from a number, never typed."""

    KEPT = "kept"
    MISSED = "missed"
    NOT_YET = "not measured yet"
    UNMEASURED = "can't be measured"

    @property
    def shape(self) -> str:
        """The word as a style sheet and an icon name it."""
        return _EFFECT_SHAPES[self]

    @property
    def is_for_a_look(self) -> bool:
        """True where the owner must look again."""
        return self in (Effect.MISSED, Effect.UNMEASURED)


_EFFECT_SHAPES = {
    Effect.KEPT: "on-target",
    Effect.MISSED: "off-target",
    Effect.NOT_YET: "not-yet",
    Effect.UNMEASURED: "no-data",
}


class HandoffState(StrEnum):
    """The state of what is handed on, as the giver sees it."""

    STABLE = "stable"
    WATCH = "watch"
    URGENT = "urgent"


class Says(StrEnum):
    """What a person does with a reply, a file of its own beside the record it replies to."""

    FEEDBACK = "feedback"
    NO_OBJECTION = "no-objection"
    ANSWER = "answer"
    ALIGNED = "aligned"
    ACCEPTED = "accepted"

    @property
    def needs_words(self) -> bool:
        """True where the word alone says nothing."""
        return self in (Says.FEEDBACK, Says.ANSWER, Says.ACCEPTED)


class Cadence(StrEnum):
    """How often a metric gets a value."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


class Direction(StrEnum):
    """Which way a metric should move."""

    UP = "up"
    DOWN = "down"


class Source(StrEnum):
    """Where the values of a metric are collected from."""

    JSON = "json"
    CSV = "csv"
    PROMETHEUS = "prometheus"
    GIT = "git"
    FORGE = "forge"
    BASE = "base"
    NUMBERS = "numbers"
    COMMAND = "command"


class Change(StrEnum):
    """What kind of change it is, where a list says what changed."""

    NEW = "new"
    MOVED = "moved"
    DECIDED = "decided"
    SUPERSEDED = "superseded"
    REPLIED = "replied"
    ALIGNED = "aligned"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    ENDED = "ended"
    ROLE = "role"
    HOLDER = "holder"
    METRIC = "metric"


class Ask(KnownWord):
    """What a person is asked for; its meaning is how a page and the command line say it."""

    FEEDBACK = "feedback", "give feedback"
    ALIGNMENT = "alignment", "acknowledge"
    HANDOFF = "handoff", "handoff"
    LOOP = "loop", "close the loop"
    DECISION = "decision", "move it on"
    REVISIT = "revisit", "look again"
    EFFECT = "effect", "see its effect"
    METRIC = "metric", "write a value"
    DUTY = "duty", "do it again"


class Kind(StrEnum):
    """What a record can be."""

    DECISION = "decision"
    ROLE = "role"
    HANDOFF = "handoff"
    METRIC = "metric"
    REPLY = "reply"


FORGE_PAGES = frozenset(("README.md", "readme.md"))
"""Pages a forge shows for a folder. The site has its own index there."""

DECISIONS_FOLDER = "decisions"
PLAYBOOKS_FOLDER = "playbooks"
HANDOFFS_FOLDER = "handoffs"
METRICS_FOLDER = "metrics"
ROLE_FILE = "index.md"
PEOPLE_FILE = "playbooks/people.yml"
SERIES_COLUMNS = ("date", "value", "note")
"""The columns of a metric's CSV file."""
ORIGIN_COLUMN = "origin"
"""The fourth, which `onrecord collect` adds: what a value was read from."""

NOBODY_YET = "your-handle"
"""Stands where a reply's author puts their own handle, in a file's name and in `from`."""

HANDLE = r"[^\W_](?:[\w.\-]*\w)?(?:/[\w.\-]*\w)*"
"""How a name on a forge is spelled, as a regular expression. A full stop behind it ends a sentence;
`team/name` is of a group."""

NO_OBJECTION = "no objection"
"""How somebody asked says in Feedback that they have nothing to add."""

SILENCE = "no answer"
"""How a silence is noted in Feedback: `- [x] @carol: no answer by 2026-10-05`."""
