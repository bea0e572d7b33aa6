"""The keys of records.json, each with its form and what it means.

The JSON Schema and the reference are made from these types. What a person wrote under a key of the
same name means what the vocabulary says.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

from onrecord.lifecycle.concerns import Concerns
from onrecord.lifecycle.conversation import VoiceState
from onrecord.lifecycle.handoffs import Turn
from onrecord.records.vocabulary import (
    Ask,
    Cadence,
    Direction,
    Effect,
    HandoffState,
    Outcome,
    Says,
    Stage,
    Status,
    Verdict,
)


class RecordJson(TypedDict):
    """What every record has."""

    id: str
    path: str
    """The file in the repository."""
    url: str
    """The page, relative to the site's root."""
    markdown: str | None
    """The Markdown beside the page; null where it isn't published."""
    title: str
    """As it is shown."""
    linked_from: Sequence[str]
    """The files whose text links here."""
    concerns: Concerns
    """The people and roles it concerns; derived."""


class PrecedentJson(TypedDict):
    """How a decision answers an earlier record."""

    record: str
    verdict: Verdict | None
    why: str


class ExpectationJson(TypedDict):
    """What a decision should bring a metric to."""

    metric: str
    """The metric, as role/metric."""
    at_least: float | None
    """The least that it should reach."""
    at_most: float | None
    """The most that it may be."""
    by: datetime.date | None
    """The day it is judged on."""
    effect: Effect | None
    """What became of it; derived. Null for a decision that was never in force."""
    value: float | None
    """The value that shows it."""
    why: str | None
    """Why there is no such value."""


ImportedJson = TypedDict(
    "ImportedJson", {"from": str, "format": str, "unsettled": Mapping[str, str]}
)
"""Where it came from, how it was written there, and what its import could not read."""

_From = TypedDict("_From", {"from": str | None})


class VoiceJson(_From):
    """What one person said of a decision."""

    key: str
    """Unique in its conversation; for a reply, the name of its file."""
    says: Says
    """What the person does with it."""
    state: VoiceState
    """How things are with it; `said` is an answer or an acknowledgement."""
    text: str
    """Markdown."""
    day: datetime.date | None
    """The day, where it is known."""
    was_asked: bool
    """True for a person who was consulted or informed."""
    path: str
    """The file it is written in."""
    line: int
    """The line it is written at."""
    answers: list[VoiceJson]
    """The answers to it."""


class DecisionJson(RecordJson):
    """A decision."""

    kind: Literal["decision"]
    status: Status
    """Derived, never written."""
    answers: str | None
    """Who is accountable for it on the day; null if nobody is."""
    under_way: bool
    """True if somebody must still act: it is open, or not everyone has acknowledged it."""
    filed: datetime.date | None
    """The day it is listed under: decided, or else opened."""
    due_now: datetime.date | None
    """`due`, where it still counts."""
    waits_for: list[str]
    """Who must act next."""
    missing: list[str]
    """What it needs before it moves on, in words."""
    stage: Stage | None
    owner: str | None
    asked: Sequence[str]
    summary: str | None
    """Its author's, or the first sentences of Proposal; null without either."""
    due: datetime.date | None
    entered: Mapping[Stage, datetime.date]
    consulted: Sequence[str]
    informed: Sequence[str]
    aligned: Sequence[str]
    conversation: list[VoiceJson]
    """What people said about it, in any file: feedback first, oldest first, then who has
    acknowledged it."""
    outcome: Outcome | None
    decided: datetime.date | None
    supersedes: Sequence[str]
    superseded_by: Sequence[str]
    """Derived from `supersedes` in other decisions."""
    related: Sequence[str]
    """Related decisions, both ways."""
    precedents: list[PrecedentJson]
    expects: list[ExpectationJson]
    expects_nothing: str | None
    """Why no number can show what it changes, in its author's words."""
    due_for_a_look: bool
    """It is in force, missed what it promised or can't show it, and nobody has looked since."""
    revisit: datetime.date | None
    tags: Sequence[str]
    governs: Sequence[str]
    aliases: Sequence[str]
    imported: ImportedJson | None


class DutyJson(TypedDict):
    """A duty of a role."""

    text: str
    answers: str | None
    """Who is accountable for it on the day."""
    next: datetime.date | None
    """The next day of its rhythm."""


class RoleJson(RecordJson):
    """A role."""

    kind: Literal["role"]
    purpose: str
    holder: str | None
    """Who holds it for good; null when it is vacant."""
    answers: str | None
    """Who is accountable for it on the day; null if nobody is."""
    person: str | None
    """The person who is accountable; behind an agent, one of the backups."""
    duties: list[DutyJson]
    """Its duties, and who is accountable for each."""
    backups: Sequence[str]
    team: str | None
    readiness: str
    """How ready it is to be taken over; derived."""


_Sides = TypedDict("_Sides", {"from": str | None, "to": str | None})


class HandoffJson(RecordJson, _Sides):
    """A handoff."""

    kind: Literal["handoff"]
    role: str
    """The role that is handed on: the folder above `handoffs/`."""
    effective: datetime.date | None
    until: datetime.date | None
    covers: Sequence[str] | None
    """Duties by their words and decisions by id; null for the whole role."""
    state: HandoffState | None
    accepted_on: datetime.date | None
    status: Turn
    """Derived, never written."""


class ValueJson(TypedDict):
    """A value of a metric."""

    date: datetime.date
    value: float
    note: str
    origin: str | None
    """What `onrecord collect` read it from; null where somebody typed it."""


class MetricJson(RecordJson):
    """A metric."""

    kind: Literal["metric"]
    role: str
    """The role that watches it: the folder above `metrics/`."""
    cadence: Cadence | None
    target: float | None
    direction: Direction | None
    unit: str | None
    source: str | None
    serves: str | None
    collect: Mapping[str, str] | None
    values: list[ValueJson]
    """Its values, oldest first."""


class AskedJson(TypedDict):
    """One thing that waits for a person."""

    person: str
    """The handle."""
    ask: Ask
    """What is asked for."""
    title: str
    """The record's title."""
    what: str
    """What to do, in words."""
    path: str
    """The record's file."""
    role: str | None
    """The id of the role it belongs to."""
    due: datetime.date | None
    """The day it is due."""
    since: datetime.date | None
    """The day it began to wait."""


class PersonJson(TypedDict):
    """A person of `people.yml`."""

    handle: str
    name: str | None
    active: bool
    agent: bool
    """True for a program."""


class RecordsJson(TypedDict):
    """Every record with what it says and what follows from it. More keys may come."""

    version: Literal[1]
    as_of: datetime.date
    """The day of the build."""
    records: list[DecisionJson | RoleJson | HandoffJson | MetricJson]
    """Decisions, roles, handoffs and metrics, in that order."""
    recurring: list[list[str]]
    """Problems that keep coming back: the ids of their decisions, oldest first."""
    waiting: list[AskedJson]
    """What waits for whom: by person, the most urgent first."""
    people: list[PersonJson]
    """The people of `people.yml`."""
