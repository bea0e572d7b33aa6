"""The nouns: frozen values that a run reads once and passes on.

A record is what one file says. Nothing here is derived from other records (see `relations`) or
from the day of the run (see `stages`), and nothing here knows of YAML, HTML or the disk.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import ClassVar, NamedTuple, TypeVar

from onrecord.records.languages import means
from onrecord.records.vocabulary import (
    HANDLE,
    Cadence,
    Direction,
    HandoffState,
    Kind,
    Outcome,
    Says,
    Source,
    Stage,
    Verdict,
)
from onrecord.text.paths import is_plain_path

_Item = TypeVar("_Item")

Place = tuple[int, int]
"""A line and a column in a file, both counted from 1."""

NOWHERE: Mapping[str, Place] = MappingProxyType({})


class Task(NamedTuple):
    """A task-list line: `- [x] @bob: what about bank holidays?`.

    `who` is the handle it starts with, in lower case, or ''; `text` is what follows.
    """

    done: bool
    who: str
    text: str
    line: int


class Section(NamedTuple):
    """The text under one `##` heading, up to the next of the same or a higher level.

    `text` has HTML comments taken out, so that a template's guidance doesn't count as written.
    """

    title: str
    line: int
    text: str
    tasks: tuple[Task, ...]

    @property
    def is_written(self) -> bool:
        """True when something is under the heading; dots alone are still to be written."""
        return bool(self.text.strip(" \t\n.…"))


class Link(NamedTuple):
    """A relative link in a text, as written: the target without its anchor, and where it stands."""

    target: str
    line: int
    column: int = 1


@dataclass(frozen=True, slots=True)
class Body:
    """A record's Markdown below the front matter, and what its structure says.

    `line` is the line of the file at which `text` begins.
    """

    text: str = ""
    line: int = 1
    heading: str = ""
    sections: tuple[Section, ...] = ()
    links: tuple[Link, ...] = ()

    def section(self, title: str) -> Section | None:
        """The first section of that title, in any case; else one whose heading means the same.

        So `Kontext` or `Context and Problem Statement` is the problem (records/languages.toml).
        """
        wanted = title.casefold()
        exact = next((s for s in self.sections if s.title.casefold() == wanted), None)
        if exact is not None or not self.sections:
            return exact
        return next((s for s in self.sections if means(s.title, wanted)), None)


class Precedent(NamedTuple):
    """How a decision answers an earlier record."""

    record: str
    verdict: Verdict | None
    why: str


class Expectation(NamedTuple):
    """What a decision should bring a metric to, by when. `metric` is role/metric.

    One of `at_least` and `at_most` is there, unless it couldn't be read.
    """

    metric: str
    at_least: float | None = None
    at_most: float | None = None
    by: date | None = None

    @property
    def said(self) -> str:
        """The bound as words: `at least 99`."""
        if self.at_least is not None:
            return f"at least {self.at_least:g}"
        return f"at most {self.at_most:g}" if self.at_most is not None else ""


@dataclass(frozen=True, slots=True)
class Imported:
    """Where a record that was kept with another tool came from.

    `digest` tells a later import what changed: of the old text, of the file as written and, where
    there are any, of the files beside it, with dashes between.
    `unsettled` is what its import could not read, with the words it found; `front_matter` is the
    text the other tool had there, as it was.
    """

    source: str
    format: str = ""
    digest: str = ""
    unsettled: Mapping[str, str] = field(default_factory=dict)
    front_matter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What all records share. `path` is relative to the knowledge base, with forward slashes.

    `aliases` are old paths and addresses of it. `places` says where in the file a key, an item
    (`supersedes[0]`) or an entry (`entered.review`) stands.
    """

    id: str
    path: str
    title: str
    body: Body = Body()
    aliases: tuple[str, ...] = ()
    places: Mapping[str, Place] = field(default_factory=lambda: NOWHERE, compare=False, repr=False)

    def target_of(self, link: Link) -> str:
        """The path in the repository that a link of this record leads to; may begin with `..`."""
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.path), link.target))

    @property
    def old_paths(self) -> tuple[str, ...]:
        """Where it was before, as far as its file says."""
        return self.aliases

    def targets_of(self, link: Link) -> tuple[str, ...]:
        """The same, and what the link led to from the places where the record lay before."""
        places = dict.fromkeys(posixpath.dirname(path) for path in (self.path, *self.old_paths))
        return tuple(posixpath.normpath(posixpath.join(here, link.target)) for here in places)

    def place(self, *names: str) -> Place:
        """Where the first of these names stands; the file's first line when none does."""
        return next((self.places[name] for name in names if name in self.places), (1, 1))

    def placed(self, key: str, items: Iterable[_Item]) -> Iterator[tuple[_Item, Place]]:
        """The items of a key that holds a list, each with its place; else with that of the key."""
        for index, item in enumerate(items):
            yield item, self.place(f"{key}[{index}]", key)


@dataclass(frozen=True, slots=True)
class Remark:
    """What one person wrote into the section Feedback of a decision.

    `who` is a handle, or '' where nobody is named. `done` is its tick, None where it has no box.
    `text` is Markdown; `answers` are what is below it. `day` is known where it is written.
    """

    who: str
    text: str
    line: int
    done: bool | None = None
    day: date | None = None
    answers: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(Record):
    """One act of one person, in a file of its own beside the record it replies to.

    `who` and `says` are '' and None when they can't be told; then it counts for nobody. `to` is the
    id of the reply it answers, `about` the path of the record. `text` is its Markdown without
    comments, so that a form's guidance doesn't count as written. `is_ticked` is true where its text
    has task-list lines, and all of them are ticked.
    """

    kind: ClassVar[Kind] = Kind.REPLY
    who: str = ""
    says: Says | None = None
    to: str = ""
    day: date | None = None
    about: str = ""
    text: str = ""
    is_ticked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Record):
    """One decision as its file has it; `stage` is None when it can't be read.

    `remarks` are what people wrote into its section Feedback, `acknowledged` what those informed
    wrote below Alignment to say that they know it, `replies` the files beside it, by
    name, which begins with the day.
    """

    kind: ClassVar[Kind] = Kind.DECISION
    summary: str = ""
    stage: Stage | None = None
    owner: str = ""
    owner_is_person: bool = False  # written as "@ana": no role is meant
    asked: tuple[str, ...] = ()
    due: date | None = None
    entered: tuple[tuple[Stage, date], ...] = ()
    consulted: tuple[str, ...] = ()
    informed: tuple[str, ...] = ()
    aligned: tuple[str, ...] = ()
    outcome: Outcome | None = None
    decided: date | None = None
    supersedes: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    precedents: tuple[Precedent, ...] = ()
    expects: tuple[Expectation, ...] = ()
    expects_nothing: str = ""  # why no number can show what it changes
    revisit: date | None = None
    tags: tuple[str, ...] = ()
    governs: tuple[str, ...] = ()
    imported: Imported | None = None
    remarks: tuple[Remark, ...] = ()
    acknowledged: tuple[Remark, ...] = ()
    replies: tuple[Reply, ...] = ()

    @property
    def old_paths(self) -> tuple[str, ...]:
        """Its aliases, and where it was before an import, which may be no alias a site can have."""
        source = self.imported.source if self.imported is not None else ""
        return self.aliases if source in ("", *self.aliases) else (*self.aliases, source)

    @property
    def unsettled(self) -> Mapping[str, str]:
        """What an import left to a person and nobody has settled since; an outcome settles."""
        left = self.imported.unsettled if self.imported else {}
        return {key: words for key, words in left.items() if key != "status" or not self.outcome}

    @property
    def opened(self) -> date | None:
        """The day its first stage began, where that is written."""
        return self.entered[0][1] if self.entered else None

    @property
    def filed(self) -> date | None:
        """The day it is filed under and shown with: of its outcome, or else of its opening."""
        return self.decided or self.opened

    @property
    def earliest(self) -> date | None:
        """The day by which it is earlier or later than others: of its opening, or its outcome."""
        return self.opened or self.decided

    def entered_on(self, stage: Stage) -> date | None:
        """The day a stage began, where that is written."""
        return next((day for entered, day in self.entered if entered is stage), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role(Record):
    """A role and its playbook; its id is the folder's name, an empty `holder` means vacant."""

    kind: ClassVar[Kind] = Kind.ROLE
    purpose: str = ""
    holder: str = ""
    backups: tuple[str, ...] = ()
    team: str = ""

    @property
    def named(self) -> Iterator[tuple[str, str, Place]]:
        """The holder and the backups that its file names: the key, the handle, and its place."""
        yield "holder", self.holder, self.place("holder")
        for backup, place in self.placed("backups", self.backups):
            yield "backups", backup, place


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff(Record):
    """A role, or part of it, passed from one person to another.

    Its id is unique within its role. `covers` names duties by their words and decisions by id;
    None is the whole role. `comes_back` is true where an `until` is written, even one that can't
    be read.

    `accepted_on` is the day its own file names; `replies` are the files beside it.
    """

    kind: ClassVar[Kind] = Kind.HANDOFF
    role: str = ""
    giver: str = ""
    receiver: str = ""
    effective: date | None = None
    until: date | None = None
    comes_back: bool = False
    covers: tuple[str, ...] | None = None
    state: HandoffState | None = None
    accepted_on: date | None = None
    replies: tuple[Reply, ...] = ()

    @property
    def people(self) -> tuple[str, ...]:
        """Who gives and who receives, as far as they are named."""
        return tuple(who for who in (self.giver, self.receiver) if who)

    def named(self, people: Mapping[str, Person]) -> str:
        """Its title: the heading of its own, else from whom to whom, by their names."""
        known = ((who, people.get(who.casefold())) for who in (self.giver, self.receiver))
        giver, receiver = (one.name if one and one.name else who for who, one in known)
        parties = f"{giver or 'vacant'} to {receiver}" if receiver else self.id
        return self.body.heading or parties

    @property
    def acceptance(self) -> Reply | None:
        """The receiver's first reply that accepts it."""
        return next(
            (
                reply
                for reply in self.replies
                if reply.says is Says.ACCEPTED
                and same_person(reply.who, self.receiver)
                and reply.text
            ),
            None,
        )

    @property
    def read_back(self) -> str:
        """What the receiver wrote, in its own section or in a reply; '' while nothing is there."""
        section = self.body.section("Read-back")
        if section is not None and section.is_written:
            return section.text
        reply = self.acceptance
        return reply.text if reply is not None else ""

    @property
    def accepted(self) -> date | None:
        """The day from which it is accepted: there is a read-back, and the day of it."""
        section = self.body.section("Read-back")
        if self.accepted_on is not None and section is not None and section.is_written:
            return self.accepted_on
        reply = self.acceptance
        return reply.day if reply is not None else None

    @property
    def is_accepted(self) -> bool:
        """True once the receiver has written a read-back with its day, or replied with one."""
        return self.accepted is not None

    @property
    def is_for_good(self) -> bool:
        """True where the whole role goes to the receiver and doesn't come back."""
        return self.covers is None and not self.comes_back

    @property
    def begins(self) -> date | None:
        """The first day on which the receiver answers; None while it isn't accepted."""
        if self.accepted is None or self.effective is None:
            return None
        return max(self.accepted, self.effective)

    @property
    def ends(self) -> date:
        """The last day on which the receiver answers; the last of all days where none is known."""
        return self.until or date.max


@dataclass(frozen=True, slots=True)
class Origin:
    """What a collected value was read from: `what` and where, when in UTC, and the answer's digest.

    `number` is the value as the source had it.
    """

    what: str
    at: str
    digest: str
    number: str

    @classmethod
    def of(cls, text: str) -> Origin | None:
        """The origin that a row names; None where the text is none."""
        found = _ORIGIN.fullmatch(text.strip())
        return cls(found[1], found[2], found[3], found[4]) if found else None

    def __str__(self) -> str:
        return f"{self.what}; {self.at}; {self.digest}; {self.number}"


_ORIGIN = re.compile(
    r"([^;]{1,300}); ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z); (sha256:[0-9a-f]{12}); "
    r"([+-]?[0-9][0-9.]{0,30}(?:e[+-]?[0-9]{1,3})?)"
)


class Value(NamedTuple):
    """One row of a metric's CSV file. `origin` is None where somebody wrote it by hand."""

    day: date
    value: float
    note: str
    line: int
    origin: Origin | None = None

    @property
    def is_changed(self) -> bool:
        """True where somebody changed a collected value by hand afterwards."""
        return self.origin is not None and float(self.origin.number) != self.value


@dataclass(frozen=True, slots=True)
class Collect:
    """Where a metric's values come from. `what` is what its key holds: an address, a word, a path.

    `wanted` are the keys beside it, such as `value`.
    """

    source: Source
    what: str
    wanted: Mapping[str, str] = field(default_factory=dict)

    @property
    def written(self) -> Mapping[str, str]:
        """The keys as they are written."""
        return {self.source.value: self.what, **self.wanted}


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric(Record):
    """A number a role watches, and its values by date, oldest first."""

    kind: ClassVar[Kind] = Kind.METRIC
    role: str = ""
    cadence: Cadence | None = None
    target: float | None = None
    direction: Direction | None = None
    unit: str = ""
    source: str = ""
    serves: str = ""
    collect: Collect | None = None
    values: tuple[Value, ...] = ()

    @property
    def name(self) -> str:
        """How other records name it: role/metric."""
        return f"{self.role}/{self.id}"

    @property
    def series(self) -> str:
        """The path of its values."""
        return self.path.removesuffix(".md") + ".csv"

    @property
    def newest(self) -> date | None:
        """The day of its newest value."""
        return self.values[-1].day if self.values else None


@dataclass(frozen=True, slots=True)
class Person:
    """An entry of people.yml."""

    handle: str
    name: str = ""
    timezone: str = ""
    hours: str = ""
    mail: str = ""
    active: bool = True
    agent: bool = False
    """True for a program that works as a person does, with a person behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Record):
    """A text that is no record: a page of the docs, or a Markdown file in the wrong place."""


def is_alias(text: str) -> bool:
    """True for a path of plain names below the root it is counted from; a folder may end in `/`."""
    return is_plain_path(text.removesuffix("/"))


_HANDLE = re.compile(HANDLE)


def is_handle(text: str) -> bool:
    """True for what can be a person's name on a forge, or a role's id.

    `team/name` and GitLab's groups in groups, such as `firm/unit/team`, are names too.
    """
    if _HANDLE.fullmatch(text):
        return True
    # Vowel signs of Indic scripts and the like are marks, which a regular expression's \w isn't.
    return bool(_HANDLE.fullmatch("".join(c for c in text if unicodedata.category(c)[0] != "M")))


def same_person(one: str, other: str) -> bool:
    """Forges compare handles without regard to case; so do we."""
    return one.casefold() == other.casefold()
