"""The words of OnRecord, stated once.

Out of this module come the stages, outcomes, verdicts, kinds and front matter keys. The reader,
the checks, the templates, the reference in the docs and the JSON Schemas all derive from it;
nothing else spells these words out a second time.
"""

from __future__ import annotations

from enum import Enum, StrEnum
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


class SourceForm(NamedTuple):
    """How a source is written: what its own key holds, and the keys beside it."""

    meaning: str
    example: str
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


SOURCES: dict[Source, SourceForm] = {
    Source.JSON: SourceForm(
        "an address, or a file of the repository, that holds JSON; `value` is a JMESPath "
        "expression for the number, `day` one for its day",
        "{json: https://example.org/payroll.json, value: late.percent}",
        needs=("value",),
        takes=("day",),
    ),
    Source.CSV: SourceForm(
        "an address or a file of the repository with a table; `value` is a column, of which the "
        "last row counts; with `day`, a column of days, the newest row",
        "{csv: reports/payroll.csv, value: on time, day: date}",
        needs=("value",),
        takes=("day",),
    ),
    Source.PROMETHEUS: SourceForm(
        "the address of a Prometheus server; `value` is a query that gives one number",
        "{prometheus: https://metrics.example.org, value: avg(up)}",
        needs=("value",),
    ),
    Source.GIT: SourceForm(
        "this repository: commits or the median lead time in days, of the last whole period, or "
        "files now; `path` counts what is below a folder",
        "{git: commits, path: docs}",
        takes=("path",),
        measures=("commits", "lead-time", "files"),
    ),
    Source.FORGE: SourceForm(
        "issues or requests on the forge; `value` is how many are open, were closed in the last "
        "whole period, or how many days the oldest open one is old; only those with a `label`, or "
        "`older_than` so many days",
        "{forge: issues, value: open, label: bug, older_than: 30}",
        needs=("value",),
        takes=("label", "older_than"),
        measures=("issues", "requests"),
        values=("open", "closed", "oldest"),
    ),
    Source.BASE: SourceForm(
        "this knowledge base: of the last 91 days the median days to an outcome, or, in per cent, "
        "who answered, who acknowledged, and handoffs with a read-back; or how many decisions are "
        "overdue now",
        "{base: days-to-outcome}",
        measures=("days-to-outcome", "answered", "acknowledged", "overdue", "read-backs"),
    ),
    Source.NUMBERS: SourceForm(
        "the address of another knowledge base's site; `value` is its metric, as role/metric",
        "{numbers: https://other.example.org/, value: support-lead/first-answer}",
        needs=("value",),
    ),
    Source.COMMAND: SourceForm(
        "a command, run in a copy of the repository where `onrecord collect` is given "
        "--commands; the last line it prints is the number",
        "{command: python scripts/count.py}",
    ),
}
"""How each source is written below `collect`."""


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


class Form(Enum):
    """The form a front matter value has. The value is how the right form looks when shown."""

    TEXT = "text"
    DATE = "YYYY-MM-DD"
    STAGE = "one of " + ", ".join(STAGES)
    OUTCOME = "one of " + ", ".join(Outcome)
    STATE = "one of " + ", ".join(HandoffState)
    SAYS = "one of " + ", ".join(Says)
    CADENCE = "one of " + ", ".join(Cadence)
    DIRECTION = "one of " + ", ".join(Direction)
    OWNER = "a role's id or a handle"
    HANDLE = "a handle"
    HANDLES = "a list of handles"
    IDS = "a list of decision ids"
    TAGS = "a list of words"
    QUESTIONS = "a list of questions"
    PATHS = "a list of paths"
    GLOBS = "a list of paths or globs"
    COVERS = "a list of duties, by their words, and of decision ids"
    NUMBER = "a number"
    FLAG = "true or false"
    ENTERED = "a stage and a date on each line"
    PRECEDENTS = "a list of record, verdict and why"
    IMPORTED = "from, format, digest, unsettled and front_matter"
    EXPECTS = "a list of metric, at_least or at_most, and by; or why nothing can be measured"
    COLLECT = "a source and what to read there"

    @property
    def words(self) -> type[StrEnum] | None:
        """The words allowed, for a form that is one of a few words."""
        return _FORM_WORDS.get(self)


_FORM_WORDS: dict[Form, type[StrEnum]] = {
    Form.STAGE: Stage,
    Form.OUTCOME: Outcome,
    Form.STATE: HandoffState,
    Form.SAYS: Says,
    Form.CADENCE: Cadence,
    Form.DIRECTION: Direction,
}


class Key(NamedTuple):
    """One front matter key: its form, whether it must be there, its meaning, a line to copy."""

    name: str
    form: Form
    meaning: str
    example: str
    required: bool = False
    may_be_empty: bool = True


class Kind(StrEnum):
    """What a record can be."""

    DECISION = "decision"
    ROLE = "role"
    HANDOFF = "handoff"
    METRIC = "metric"
    REPLY = "reply"


class Shape(NamedTuple):
    """The shape of one kind of record: where it lies, its keys, its sections in order."""

    kind: Kind
    place: str
    keys: tuple[Key, ...]
    sections: tuple[tuple[str, str], ...]

    @property
    def by_name(self) -> dict[str, Key]:
        """The keys by their name."""
        return {key.name: key for key in self.keys}


def _must(name: str, form: Form, meaning: str, example: str, empty: bool = False) -> Key:
    return Key(name, form, meaning, example, required=True, may_be_empty=empty)


DECISION = Shape(
    kind=Kind.DECISION,
    place="decisions/**/<slug>.md",
    keys=(
        _must(
            "title",
            Form.TEXT,
            "What is decided, in a few words.",
            "title: Move the pay date to the 28th",
        ),
        Key(
            "summary",
            Form.TEXT,
            "What is decided, in one sentence; without it, the first sentence of Proposal.",
            "summary: We pay on the 28th, so that rent is covered.",
        ),
        _must("stage", Form.STAGE, "The stage it is in now.", "stage: review"),
        Key(
            "owner",
            Form.OWNER,
            "Who moves it along: a role (preferred), so that it survives a handoff, or a handle.",
            "owner: payroll-lead",
        ),
        Key(
            "asked",
            Form.QUESTIONS,
            "How people ask for it, in their own words. Searches find it by them as by its title.",
            "asked: [when is pay day, rent is due before wages]",
        ),
        Key("due", Form.DATE, "When this stage ends.", "due: 2026-10-05"),
        Key(
            "entered",
            Form.ENTERED,
            "The day each stage began; its last key is the stage.",
            "entered:\n  assess: 2026-09-14\n  collaborate: 2026-09-16\n  review: 2026-09-25",
        ),
        Key("consulted", Form.HANDLES, "Who is asked for feedback.", "consulted: [bob, carol]"),
        Key(
            "informed",
            Form.HANDLES,
            "Who must know what was decided.",
            "informed: [alice, bob, carol]",
        ),
        Key("aligned", Form.HANDLES, "Who has acknowledged.", "aligned: [bob]"),
        Key("outcome", Form.OUTCOME, "What was decided; closes the decision.", "outcome: accepted"),
        Key("decided", Form.DATE, "The day of the outcome.", "decided: 2026-10-20"),
        Key(
            "supersedes",
            Form.IDS,
            "Earlier decisions that this one replaces. Their own files need no change.",
            "supersedes: [choose-payroll-tool]",
        ),
        Key(
            "related",
            Form.IDS,
            "Decisions worth reading with this one; both pages show it.",
            "related: [pay-date-survey]",
        ),
        Key(
            "precedents",
            Form.PRECEDENTS,
            "The answer to “we had this before”: an earlier record, how this one answers it "
            "(repeats, extends, differs or reverses), and why.",
            "precedents:\n  - record: choose-payroll-tool\n    verdict: differs\n"
            "    why: That was about the vendor, not the date.",
        ),
        Key(
            "expects",
            Form.EXPECTS,
            "What it should change: a metric, the value it should reach, and by when. Whether it "
            "did follows from the metric. If no number can show it, one sentence that says why.",
            "expects:\n  - metric: payroll-lead/payroll-on-time\n    at_least: 99\n"
            "    by: 2027-01-31",
        ),
        Key("revisit", Form.DATE, "The day to look at the decision again.", "revisit: 2027-03-01"),
        Key("tags", Form.TAGS, "Words to find it by.", "tags: [payroll]"),
        Key(
            "governs",
            Form.GLOBS,
            "The files and folders it applies to while it is in force, from the repository's top.",
            "governs: [src/payroll/**]",
        ),
        Key(
            "aliases",
            Form.PATHS,
            "Old paths and addresses of this record; on the site, pages there lead here.",
            "aliases: [docs/adr/0012-pay-date.md]",
        ),
        Key(
            "imported",
            Form.IMPORTED,
            "Written by `onrecord import`: the file it came from, its format, a digest by which "
            "a later import tells what changed, what is still to be settled by a person, and the "
            "front matter it had.",
            "imported:\n  from: docs/adr/0012-pay-date.md\n  format: nygard\n"
            "  unsettled:\n    status: Ongoing",
        ),
    ),
    sections=(
        ("Problem", "What is wrong or missing, for whom, and how we know."),
        ("Proposal", "What we should do, concretely enough to disagree with."),
        ("Alternatives", "What else was considered, doing nothing included, and why not."),
        ("Feedback", "Written feedback as task-list lines, ticked when resolved."),
        ("Review", "The complete review: what the feedback changed, what it didn't, and why."),
        ("Integration", "The outcome in words, and notes if people met."),
        ("Alignment", "What everyone needs to know or do now."),
    ),
)

ROLE = Shape(
    kind=Kind.ROLE,
    place="playbooks/<role>/index.md",
    keys=(
        _must("title", Form.TEXT, "The name of the role.", "title: Payroll lead"),
        _must(
            "purpose",
            Form.TEXT,
            "Why the role exists, in one sentence.",
            "purpose: Everyone is paid correctly and on time.",
        ),
        _must(
            "holder",
            Form.HANDLE,
            "Who holds the role now; empty means vacant.",
            "holder: alice",
            empty=True,
        ),
        Key("backups", Form.HANDLES, "Who can cover it tomorrow.", "backups: [bob]"),
        Key("team", Form.TEXT, "The team it belongs to.", "team: finance"),
    ),
    sections=(
        ("Start here today", "The first things to do, in order, for someone who takes over today."),
        ("Accountabilities", "What others can count on this role for."),
        ("Decision rights", "What the role decides alone, and what it must put to others."),
        ("Recurring duties", "Each duty with how often it comes, and a link to how it is done."),
        ("Access", "What access is needed and where to ask for it. Never secrets."),
        ("Who depends on this", "Who waits for what, and what happens when it is late."),
        ("If this happens", "What has gone wrong before, and what to do then."),
    ),
)

HANDOFF = Shape(
    kind=Kind.HANDOFF,
    place="playbooks/<role>/handoffs/<date>-<from>-to-<to>.md",
    keys=(
        _must(
            "from",
            Form.HANDLE,
            "Who hands it on; empty when the receiver takes over without asking.",
            "from: alice",
            empty=True,
        ),
        _must("to", Form.HANDLE, "Who receives it.", "to: bob"),
        _must("effective", Form.DATE, "The first day.", "effective: 2026-10-01"),
        Key(
            "until",
            Form.DATE,
            "The last day, after which it comes back; absent means for good.",
            "until: 2026-10-15",
        ),
        Key(
            "covers",
            Form.COVERS,
            "The parts that are handed on: duties by their words, decisions by id; absent means "
            "the whole role.",
            "covers: [Read the board]",
        ),
        Key("state", Form.STATE, "How things are.", "state: watch"),
        Key(
            "accepted_on",
            Form.DATE,
            "Written by the receiver, with a read-back; until then the giver stays accountable.",
            "accepted_on: 2026-09-30",
        ),
    ),
    sections=(
        ("Situation", "How things are, in a few sentences."),
        ("Open loops", "Things begun and not done: `- [ ] What @who due:2026-10-03`."),
        ("Decisions in flight", "Open decisions of the role, and what each waits for."),
        ("If this happens", "What may go wrong soon, and what to do then."),
        ("Access", "What the receiver needs access to, and who to ask. Never secrets."),
        ("Parked", "What you have decided not to do for now."),
        (
            "Read-back",
            "The receiver, in their own words: what I now own, what can go wrong first, "
            "my questions.",
        ),
    ),
)

METRIC = Shape(
    kind=Kind.METRIC,
    place="playbooks/<role>/metrics/<id>.md",
    keys=(
        _must("title", Form.TEXT, "What is measured.", "title: Payroll on time"),
        _must("cadence", Form.CADENCE, "How often there is a new value.", "cadence: monthly"),
        Key("target", Form.NUMBER, "The value to reach.", "target: 99"),
        Key(
            "direction",
            Form.DIRECTION,
            "Whether higher or lower is better; required with target.",
            "direction: up",
        ),
        Key("unit", Form.TEXT, "The unit of the value.", 'unit: "%"'),
        Key(
            "serves",
            Form.TEXT,
            "The metric that this one contributes to, as role/metric, such as a goal of the team.",
            "serves: people-lead/people-stay",
        ),
        Key(
            "collect",
            Form.COLLECT,
            "Where `onrecord collect` reads the values; absent means that they are typed.",
            "collect:\n  json: https://example.org/payroll.json\n"
            '  value: "sum(runs[?late==`false`].n)"',
        ),
        Key(
            "source",
            Form.TEXT,
            "Where the number comes from, so that anyone can find it.",
            "source: pay-run report, read by hand on the 5th",
        ),
    ),
    sections=(),
)

REPLY = Shape(
    kind=Kind.REPLY,
    place="decisions/**/<slug>/<day>-<handle>.md",
    keys=(
        _must("from", Form.HANDLE, "Who replies; the handle of the file's name.", "from: bob"),
        _must(
            "says",
            Form.SAYS,
            "What the reply does. A decision takes feedback, no-objection, answer and aligned; a "
            "handoff takes accepted, with the read-back as the text.",
            "says: feedback",
        ),
        Key(
            "to",
            Form.TEXT,
            "For an answer: the reply it answers, by its file's name without .md.",
            "to: 2026-09-18-carol",
        ),
    ),
    sections=(),
)

SHAPES: dict[Kind, Shape] = {
    shape.kind: shape for shape in (DECISION, ROLE, HANDOFF, METRIC, REPLY)
}

OWN = "x-"
"""How keys begin that a team adds for itself, such as `x-ticket`. Nothing reads them."""

PERSON_KEYS: tuple[Key, ...] = (
    Key("name", Form.TEXT, "The person's name.", "name: Alice Ames"),
    Key("timezone", Form.TEXT, "An IANA time zone.", "timezone: Europe/Lisbon"),
    Key("hours", Form.TEXT, "When they work, in that zone.", "hours: 9-17"),
    Key("mail", Form.TEXT, "Their mail address.", "mail: alice@example.org"),
    Key("active", Form.FLAG, "false once the person has left.", "active: true"),
    Key("agent", Form.FLAG, "true for a program, which needs a person as backup.", "agent: false"),
)
"""The keys under each handle of `playbooks/people.yml`."""

PRECEDENT_KEYS = ("record", "verdict", "why")
IMPORTED_KEYS = ("from", "format", "digest", "unsettled", "front_matter")
EXPECT_KEYS = ("metric", "at_least", "at_most", "by")
UNSETTLED_KEYS = ("status", "supersedes")
"""What an import may leave to a person, under `imported: unsettled:`, with the words it found."""

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
