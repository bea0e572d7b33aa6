"""Faults that need the day, or several handoffs, to be seen; with them, all findings of a run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from onrecord.lifecycle import loops
from onrecord.lifecycle.handoffs import contradictions
from onrecord.lifecycle.relations import Relations
from onrecord.lifecycle.scorecards import ahead_of_today
from onrecord.records.findings import Finding, finding, in_order, shown
from onrecord.records.library import Library
from onrecord.records.model import Role
from onrecord.records.replies import faults_of_replies


def findings_of(library: Library, relations: Relations, today: date) -> tuple[Finding, ...]:
    """All findings of a run, in order: of reading, of relations, and of upkeep.

    Those of upkeep are what contradicts itself, the people file or the day: holders, handoffs,
    replies, loops and values.
    """
    return in_order((*library.findings, *relations.findings, *_faults(library, today)))


def _faults(library: Library, today: date) -> Iterator[Finding]:
    for role in library.roles:
        yield from _people_who_left(library, role)
    yield from contradictions(library.handoffs)
    for handoff in library.handoffs:
        yield from loops.faults_in(handoff)
        if handoff.accepted_on is not None and handoff.accepted_on > today:
            said = f"`accepted_on` {handoff.accepted_on} is after today, {today}"
            hint = "write the day the read-back was written"
            place = handoff.place("accepted_on")
            yield finding(handoff.path, "date-ahead", said, hint, *place)
    yield from faults_of_replies(library, today)
    for metric in library.metrics:
        yield from ahead_of_today(metric, today)


def _people_who_left(library: Library, role: Role) -> Iterator[Finding]:
    named = [("holder", role.holder, role.place("holder"))]
    for index, backup in enumerate(role.backups):
        named.append(("backups", backup, role.place(f"backups[{index}]", "backups")))
    for key, handle, place in named:
        person = library.people.get(handle.casefold())
        if person is not None and not person.active:
            said = f"`{key}` names {shown(handle)}, who has left: people.yml says active: false"
            if key == "holder":
                hint = "hand the role on, or leave `holder:` empty: vacant is honest"
            else:
                hint = "name someone else who can cover it"
            yield finding(role.path, "person-left", said, hint, *place)
