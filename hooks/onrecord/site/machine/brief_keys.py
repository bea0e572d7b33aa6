"""The keys of a brief, each with what it means, from which the reference is made."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from onrecord.lifecycle.handoffs import Turn
from onrecord.lifecycle.scorecards import Standing
from onrecord.records.vocabulary import Direction, HandoffState, Stage, Status
from onrecord.site.machine.records_keys import DutyJson


@dataclass(frozen=True, slots=True)
class BriefDecision:
    """A decision of a role: one in force, or an open one with what it waits for."""

    id: str
    title: str
    path: str
    says: str
    """What it says, in a sentence; empty where its author wrote none."""
    status: Status
    """Derived, never written."""
    stage: Stage | None
    """Its stage, while it is under way."""
    due: datetime.date | None
    """The day its stage ends, while it is under way."""
    decided: datetime.date | None
    """The day of its outcome."""
    waits_for: tuple[str, ...]
    """Who must act next."""
    missing: tuple[str, ...]
    """What it needs before it moves on: the first three."""
    why: str | None
    """Why the role must keep it; null for an open one."""


@dataclass(frozen=True, slots=True)
class BriefLoop:
    """What a handoff says is begun and not done."""

    text: str
    who: str | None
    """The handle of whoever does it."""
    due: datetime.date | None
    overdue: bool
    path: str
    """The handoff's file."""


@dataclass(frozen=True, slots=True)
class BriefNumber:
    """A metric with its newest value."""

    id: str
    title: str
    path: str
    value: float | None
    unit: str | None
    day: datetime.date | None
    """The day of the value."""
    target: float | None
    direction: Direction | None
    standing: Standing
    """How the value compares with the target; derived."""


@dataclass(frozen=True, slots=True)
class BriefHandoff:
    """A handoff of the role: an offer, or the last that was accepted."""

    id: str
    path: str
    giver: str | None
    """Who hands it on; null where nobody was asked."""
    receiver: str
    effective: datetime.date | None
    until: datetime.date | None
    status: Turn
    """Derived, never written."""
    state: HandoffState | None
    situation: str | None
    """What its section Situation says."""


@dataclass(frozen=True, slots=True)
class BriefPerson:
    """Somebody to ask."""

    handle: str
    name: str | None
    why: str
    """What the person has to do with the role."""
    agent: bool
    """True for a program."""
    timezone: str | None
    hours: str | None


@dataclass(frozen=True, slots=True)
class Brief:
    """A role as of a day. Links in its texts are relative to `path`."""

    id: str
    title: str
    path: str
    as_of: datetime.date
    """The day of the brief."""
    purpose: str
    team: str | None
    holder: str | None
    """Who holds it for good; null when it is vacant."""
    answers: str | None
    """Who is accountable for it on the day; null if nobody is."""
    person: str | None
    """The person who is accountable; behind an agent, one of the backups."""
    until: datetime.date | None
    """The last day on which somebody covers it for the holder."""
    backups: tuple[str, ...]
    readiness: str
    """How ready it is to be taken over; derived."""
    start: str | None
    """What the section Start here today says."""
    rights: str | None
    """What the section Decision rights says."""
    binds: tuple[BriefDecision, ...]
    """Decisions in force that the role must keep: its own first."""
    open: tuple[BriefDecision, ...]
    """Its decisions under way, the most urgent first."""
    loops: tuple[BriefLoop, ...]
    """What is begun and not done."""
    numbers: tuple[BriefNumber, ...]
    """Its metrics."""
    handoffs: tuple[BriefHandoff, ...]
    """Offers that wait, then the last handoff that was accepted."""
    ask: tuple[BriefPerson, ...]
    """Who to ask, the nearest first."""
    duties: tuple[DutyJson, ...]
    """Its recurring duties."""
    accountabilities: str | None
    """What the section Accountabilities says."""
    access: str | None
    """What the section Access says."""
    depends: str | None
    """What the section Who depends on this says."""
    if_this_happens: str | None
    """What the section If this happens says."""
    cut: tuple[str, ...]
    """The parts that were cut to keep it short."""
