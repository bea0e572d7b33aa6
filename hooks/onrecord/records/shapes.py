"""What each kind of record holds: its front matter keys and its sections.

Out of this module come the forms of keys, each with its meaning and an example. The reader, the
checks, the templates, the reference in the docs and the JSON Schemas all derive from it.
"""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import NamedTuple

from onrecord.records.vocabulary import (
    STAGES,
    Cadence,
    Direction,
    HandoffState,
    Kind,
    Outcome,
    Says,
    Source,
    Stage,
)


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
    """One front matter key: its form, a line to copy, its meaning, whether it must be there."""

    form: Form
    example: str
    meaning: str
    required: bool = False
    may_be_empty: bool = True

    @property
    def name(self) -> str:
        """The key itself, which the example begins with."""
        return self.example.partition(":")[0]


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


def _must(form: Form, example: str, meaning: str, empty: bool = False) -> Key:
    return Key(form, example, meaning, required=True, may_be_empty=empty)


DECISION = Shape(
    kind=Kind.DECISION,
    place="decisions/**/<slug>.md",
    keys=(
        _must(
            Form.TEXT, "title: Move the pay date to the 28th", "What is decided, in a few words."
        ),
        Key(
            Form.TEXT,
            "summary: We pay on the 28th, so that rent is covered.",
            "What is decided, in one sentence; without it, the first sentence of Proposal.",
        ),
        _must(Form.STAGE, "stage: review", "The stage it is in now."),
        Key(
            Form.OWNER,
            "owner: payroll-lead",
            "Who moves it along: a role (preferred), so that it survives a handoff, or a handle.",
        ),
        Key(
            Form.QUESTIONS,
            "asked: [when is pay day, rent is due before wages]",
            "How people ask for it, in their own words. Searches find it by them as by its title.",
        ),
        Key(Form.DATE, "due: 2026-10-05", "When this stage ends."),
        Key(
            Form.ENTERED,
            "entered:\n  assess: 2026-09-14\n  collaborate: 2026-09-16\n  review: 2026-09-25",
            "The day each stage began; its last key is the stage.",
        ),
        Key(Form.HANDLES, "consulted: [bob, carol]", "Who is asked for feedback."),
        Key(Form.HANDLES, "informed: [alice, bob, carol]", "Who must know what was decided."),
        Key(Form.HANDLES, "aligned: [bob]", "Who has acknowledged."),
        Key(Form.OUTCOME, "outcome: accepted", "What was decided; closes the decision."),
        Key(Form.DATE, "decided: 2026-10-20", "The day of the outcome."),
        Key(
            Form.IDS,
            "supersedes: [choose-payroll-tool]",
            "Earlier decisions that this one replaces. Their own files need no change.",
        ),
        Key(
            Form.IDS,
            "related: [pay-date-survey]",
            "Decisions worth reading with this one; both pages show it.",
        ),
        Key(
            Form.PRECEDENTS,
            "precedents:\n  - record: choose-payroll-tool\n    verdict: differs\n"
            "    why: That was about the vendor, not the date.",
            "The answer to “we had this before”: an earlier record, how this one answers it "
            "(repeats, extends, differs or reverses), and why.",
        ),
        Key(
            Form.EXPECTS,
            "expects:\n  - metric: payroll-lead/payroll-on-time\n    at_least: 99\n"
            "    by: 2027-01-31",
            "What it should change: a metric, the value it should reach, and by when. Whether it "
            "did follows from the metric. If no number can show it, one sentence that says why.",
        ),
        Key(Form.DATE, "revisit: 2027-03-01", "The day to look at the decision again."),
        Key(Form.TAGS, "tags: [payroll]", "Words to find it by."),
        Key(
            Form.GLOBS,
            "governs: [src/payroll/**]",
            "The files and folders it applies to while it is in force, from the repository's top.",
        ),
        Key(
            Form.PATHS,
            "aliases: [docs/adr/0012-pay-date.md]",
            "Old paths and addresses of this record; on the site, pages there lead here.",
        ),
        Key(
            Form.IMPORTED,
            "imported:\n  from: docs/adr/0012-pay-date.md\n  format: nygard\n"
            "  unsettled:\n    status: Ongoing",
            "Written by `onrecord import`: the file it came from, its format, a digest by which "
            "a later import tells what changed, what is still to be settled by a person, and the "
            "front matter it had.",
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
        _must(Form.TEXT, "title: Payroll lead", "The name of the role."),
        _must(
            Form.TEXT,
            "purpose: Everyone is paid correctly and on time.",
            "Why the role exists, in one sentence.",
        ),
        _must(
            Form.HANDLE, "holder: alice", "Who holds the role now; empty means vacant.", empty=True
        ),
        Key(Form.HANDLES, "backups: [bob]", "Who can cover it tomorrow."),
        Key(Form.TEXT, "team: finance", "The team it belongs to."),
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
            Form.HANDLE,
            "from: alice",
            "Who hands it on; empty when the receiver takes over without asking.",
            empty=True,
        ),
        _must(Form.HANDLE, "to: bob", "Who receives it."),
        _must(Form.DATE, "effective: 2026-10-01", "The first day."),
        Key(
            Form.DATE,
            "until: 2026-10-15",
            "The last day, after which it comes back; absent means for good.",
        ),
        Key(
            Form.COVERS,
            "covers: [Read the board]",
            "The parts that are handed on: duties by their words, decisions by id; absent means "
            "the whole role.",
        ),
        Key(Form.STATE, "state: watch", "How things are."),
        Key(
            Form.DATE,
            "accepted_on: 2026-09-30",
            "Written by the receiver, with a read-back; until then the giver stays accountable.",
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
        _must(Form.TEXT, "title: Payroll on time", "What is measured."),
        _must(Form.CADENCE, "cadence: monthly", "How often there is a new value."),
        Key(Form.NUMBER, "target: 99", "The value to reach."),
        Key(
            Form.DIRECTION,
            "direction: up",
            "Whether higher or lower is better; required with target.",
        ),
        Key(Form.TEXT, 'unit: "%"', "The unit of the value."),
        Key(
            Form.TEXT,
            "serves: people-lead/people-stay",
            "The metric that this one contributes to, as role/metric, such as a goal of the team.",
        ),
        Key(
            Form.COLLECT,
            "collect:\n  json: https://example.org/payroll.json\n"
            '  value: "sum(runs[?late==`false`].n)"',
            "Where `onrecord collect` reads the values; absent means that they are typed.",
        ),
        Key(
            Form.TEXT,
            "source: pay-run report, read by hand on the 5th",
            "Where the number comes from, so that anyone can find it.",
        ),
    ),
    sections=(),
)

REPLY = Shape(
    kind=Kind.REPLY,
    place="decisions/**/<slug>/<day>-<handle>.md",
    keys=(
        _must(Form.HANDLE, "from: bob", "Who replies; the handle of the file's name."),
        _must(
            Form.SAYS,
            "says: feedback",
            "What the reply does. A decision takes feedback, no-objection, answer and aligned; a "
            "handoff takes accepted, with the read-back as the text.",
        ),
        Key(
            Form.TEXT,
            "to: 2026-09-18-carol",
            "For an answer: the reply it answers, by its file's name without .md.",
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
    Key(Form.TEXT, "name: Alice Ames", "The person's name."),
    Key(Form.TEXT, "timezone: Europe/Lisbon", "An IANA time zone."),
    Key(Form.TEXT, "hours: 9-17", "When they work, in that zone."),
    Key(Form.TEXT, "mail: alice@example.org", "Their mail address."),
    Key(Form.FLAG, "active: true", "false once the person has left."),
    Key(Form.FLAG, "agent: false", "true for a program, which needs a person as backup."),
)
"""The keys under each handle of `playbooks/people.yml`."""

PRECEDENT_KEYS = ("record", "verdict", "why")
IMPORTED_KEYS = ("from", "format", "digest", "unsettled", "front_matter")
EXPECT_KEYS = ("metric", "at_least", "at_most", "by")
UNSETTLED_KEYS = ("status", "supersedes")
"""What an import may leave to a person, under `imported: unsettled:`, with the words it found."""
