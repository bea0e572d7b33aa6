"""The timeline: what happened on which day, and what is due on which, for feeds and calendars.

In comes the catalogue of a run; out come events (past, newest first) and deadlines (by day).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from onrecord.lifecycle import stages
from onrecord.lifecycle.handoffs import Turn
from onrecord.lifecycle.loops import Loop
from onrecord.overview.catalogue import Catalogue
from onrecord.records.model import Decision, Handoff, Metric
from onrecord.records.vocabulary import Status


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `key` tells it from others of its record, for ever.

    `roles` are ids, `who` handles as they are written: whose feed it belongs to.
    """

    day: date
    title: str
    said: str
    path: str
    key: str
    roles: tuple[str, ...] = ()
    who: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that is due on a day. `known` is the last day that changed it, where known."""

    day: date
    title: str
    path: str
    key: str
    roles: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    known: date | None = None


def events(catalogue: Catalogue) -> list[Event]:
    """Everything that happened up to today, newest first."""
    found = [event for event in _events(catalogue) if event.day <= catalogue.today]
    found.sort(key=lambda e: (e.path, e.key))
    found.sort(key=lambda e: e.day, reverse=True)
    return found


def _events(catalogue: Catalogue) -> Iterator[Event]:
    for decision in catalogue.decisions:
        yield from _of_decision(decision, catalogue)
    for handoff in catalogue.library.handoffs:
        yield from _of_handoff(handoff, catalogue)
    for metric in catalogue.library.metrics:
        yield from _of_metric(metric)


def _of_decision(d: Decision, catalogue: Catalogue) -> Iterator[Event]:
    roles = (d.owner,) if d.owner in catalogue.library.role else ()
    people = (*(() if roles else (d.owner,)), *d.consulted, *d.informed)
    who = tuple(dict.fromkeys(p for p in people if p))
    for number, (stage, day) in enumerate(d.entered):
        said = f"moved to {stage}" if number else f"opened, in {stage}"
        yield Event(day, d.title, said, d.path, f"entered-{stage}", roles, who)
    if d.outcome and d.decided:
        yield Event(d.decided, d.title, d.outcome.value, d.path, f"decided-{d.outcome}", roles, who)


def _of_handoff(h: Handoff, catalogue: Catalogue) -> Iterator[Event]:
    role = catalogue.library.role.get(h.role)
    title = f"{role.title if role else h.role}: {h.title}"
    who = tuple(p for p in (h.giver, h.receiver) if p)
    if h.is_accepted and h.accepted_on:
        said = f"@{h.receiver} has accepted the handoff"
        yield Event(h.accepted_on, title, said, h.path, "accepted", (h.role,), who)
    elif h.effective:
        said = f"@{h.receiver} has not accepted yet"
        yield Event(h.effective, title, said, h.path, "effective", (h.role,), who)


def _of_metric(m: Metric) -> Iterator[Event]:
    for value in m.values[-13:]:
        said = f"{value.value:g} {m.unit}".strip()
        yield Event(value.day, m.title, said, m.path, f"value-{value.day}", (m.role,))


def deadlines(catalogue: Catalogue, loops: Iterable[Loop]) -> list[Deadline]:
    """Everything that has a day and isn't done, by day."""
    found = [*_due(catalogue), *map(_of_loop, loops)]
    found = [one for one in found if one.day is not date.max]
    found.sort(key=lambda one: (one.day, one.path, one.key))
    return found


def _due(catalogue: Catalogue) -> Iterator[Deadline]:
    for d in catalogue.decisions:
        roles = (d.owner,) if d.owner in catalogue.library.role else ()
        day = stages.due_now(d)
        status = catalogue.status(d)
        last = max((day for _, day in d.entered), default=None)
        if day and d.stage and catalogue.is_under_way(d):
            who = tuple(w for w in (*stages.waits_for(d), d.owner) if w)
            title = f"{d.title}: {d.stage} ends"
            yield Deadline(day, title, d.path, f"due-{d.stage}", roles, who, last)
        if d.revisit and status is Status.ACCEPTED:
            title = f"{d.title}: look at it again"
            who = (d.owner,) if d.owner else ()
            yield Deadline(d.revisit, title, d.path, "revisit", roles, who, d.decided)
    for h in catalogue.library.handoffs:
        turn = catalogue.turns[h.path]
        role = catalogue.library.role.get(h.role)
        title = f"{role.title if role else h.role}: {h.title}"
        who = tuple(p for p in (h.giver, h.receiver) if p)
        if turn is Turn.OFFERED and h.effective:
            yield Deadline(h.effective, f"{title}, to accept", h.path, "accept", (h.role,), who)
        if turn in (Turn.ACCEPTED, Turn.DUE_BACK) and h.until:
            end = f"{title}, to hand back"
            yield Deadline(h.until, end, h.path, "until", (h.role,), who, h.accepted_on)


def _of_loop(loop: Loop) -> Deadline:
    who = (loop.who,) if loop.who else (loop.role,)
    known = loop.handoff.effective
    day = loop.due or date.max
    key = f"loop-{loop.line}"
    return Deadline(day, loop.text, loop.handoff.path, key, (loop.role,), who, known)
