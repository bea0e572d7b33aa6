"""Faults that need the day, or several handoffs, to be seen; with them, all findings of a run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from onrecord.lifecycle import loops
from onrecord.lifecycle.duties import key_of
from onrecord.lifecycle.handoffs import Holders, Turn
from onrecord.lifecycle.readiness import person_behind
from onrecord.lifecycle.relations import Relations
from onrecord.lifecycle.scorecards import ahead_of_today
from onrecord.records.findings import Finding, did_you_mean, finding, in_order, shown
from onrecord.records.library import Library
from onrecord.records.model import Decision, Handoff, Role, same_person
from onrecord.records.replies import faults_of_replies


def findings_of(library: Library, relations: Relations, today: date) -> tuple[Finding, ...]:
    """All findings of a run, in order: of reading, of relations, and of upkeep.

    Those of upkeep are what contradicts itself, the people file or the day: holders, handoffs,
    replies, loops and values.
    """
    return in_order((*library.findings, *relations.findings, *_faults(library, today)))


def _faults(library: Library, today: date) -> Iterator[Finding]:
    holders = Holders(library)
    turns = holders.turns(today)
    for role in library.roles:
        yield from _people_who_left(library, role)
        # Of two files with one id only the first counts; the other is a finding already.
        if library.role.get(role.id) is role:
            yield from _holder(holders, role, today)
            yield from _agents(library, role)
    yield from _one_day(holders)
    for decision in library.decisions:
        yield from _days_ahead(decision, today)
    for handoff in library.handoffs:
        yield from loops.faults_in(handoff)
        if handoff.accepted_on is not None and handoff.accepted_on > today:
            said = f"`accepted_on` {handoff.accepted_on} is after today, {today}"
            hint = "write the day the read-back was written"
            place = handoff.place("accepted_on")
            yield finding(handoff.path, "date-ahead", said, hint, *place)
        is_undated = handoff.read_back and "accepted_on" not in handoff.places
        if turns[handoff.path] is Turn.OFFERED and is_undated:
            said = "the read-back is written, but not the day, so the handoff isn't accepted"
            hint = f"write accepted_on: {today} above, or run onrecord accept {handoff.id}"
            yield finding(handoff.path, "read-back-undated", said, hint, *handoff.place("to"))
        if turns[handoff.path] is Turn.OFFERED and library.has_left(handoff.receiver):
            said = f"`to` names {shown(handoff.receiver)}, who has left: people.yml says so"
            hint = "hand it to someone who is still here, or delete the handoff"
            yield finding(handoff.path, "person-left", said, hint, *handoff.place("to"))
        # What a closed one covered may have been renamed or deleted since; it is history, and no
        # fault.
        if turns[handoff.path] is not Turn.CLOSED:
            yield from _covers(holders, handoff)
            if lacks_a_person(library, handoff):
                said = (
                    f"`to` names {shown(handoff.receiver)}, an agent, and no person is its backup"
                )
                yield finding(
                    handoff.path, "agent-alone", said, NAME_A_PERSON, *handoff.place("to")
                )
    yield from faults_of_replies(library, today)
    for metric in library.metrics:
        yield from ahead_of_today(metric, today)


def _days_ahead(decision: Decision, today: date) -> Iterator[Finding]:
    """Days of what is said to have happened, and that haven't come."""
    days = [(f"entered.{stage}", day, f"{stage} began") for stage, day in decision.entered]
    if decision.decided is not None:
        days.append(("decided", decision.decided, "it was decided"))
    for name, day, what in days:
        if day > today:
            said = f"{what} {day}, and that is after today, {today}"
            hint = "write the day on which it happened"
            yield finding(decision.path, "date-ahead", said, hint, *decision.place(name))


def _people_who_left(library: Library, role: Role) -> Iterator[Finding]:
    for key, handle, place in role.named:
        if library.has_left(handle):
            said = f"`{key}` names {shown(handle)}, who has left: people.yml says active: false"
            if key == "holder":
                hint = "hand the role on, or leave `holder:` empty, so that it shows as vacant"
            else:
                hint = "name someone else who can cover it"
            yield finding(role.path, "person-left", said, hint, *place)


def _holder(holders: Holders, role: Role, today: date) -> Iterator[Finding]:
    holder = holders.holder(role, today)
    # Nobody could have written it: on the forge a reply is a file of its own, and `holder` is in
    # another.
    if holders.is_left_to_derive(role, today):
        return
    if not holders.fits(role, today):
        named = f"names {shown(role.holder)}" if role.holder else "is empty"
        said = f"`holder` {named}, but the last accepted handoff gives the role to "
        said += shown(holder) if holder else "someone who has left"
        hint = f"write holder: {holder}" if holder else "leave `holder:` empty"
        yield finding(role.path, "holder-outdated", said, hint, *role.place("holder"))
    for backup, place in role.placed("backups", role.backups):
        if same_person(backup, holder) and not holders.library.has_left(backup):
            said = f"`backups` names {shown(backup)}, who holds the role"
            hint = "name others who can cover it, or leave `backups` out"
            yield finding(role.path, "backup-holds", said, hint, *place)


NAME_A_PERSON = "name a person in `backups` of the role, who stays accountable"


def _agents(library: Library, role: Role) -> Iterator[Finding]:
    """An agent that holds or could cover a role without a person behind it: the first of them."""
    for key, handle, place in role.named:
        if library.is_agent(handle) and not person_behind(role, handle, library):
            said = f"`{key}` names {shown(handle)}, an agent, and no person is its backup"
            yield finding(role.path, "agent-alone", said, NAME_A_PERSON, *place)
            return


def lacks_a_person(library: Library, handoff: Handoff) -> bool:
    """True where a handoff gives a role, or part of it, to an agent whom no person backs up."""
    role = library.role.get(handoff.role)
    receiver = handoff.receiver
    if role is None or not library.is_agent(receiver):
        return False
    return not person_behind(role, receiver, library)


def _one_day(holders: Holders) -> Iterator[Finding]:
    """Two handoffs of one thing that begin on one day, both accepted or both for good.

    Which of the two counts can't be told.
    """
    first: dict[tuple[str, str, date], Handoff] = {}
    for handoff in holders.library.handoffs:
        if handoff.effective is None or not (handoff.is_accepted or handoff.is_for_good):
            continue
        for part in holders.parts(handoff) if handoff.covers is not None else ("",):
            other = first.setdefault((handoff.role, part, handoff.effective), handoff)
            both = other.is_accepted and handoff.is_accepted
            stay = other.is_for_good and handoff.is_for_good
            to_two = not same_person(other.receiver, handoff.receiver)
            if other is not handoff and (both or (to_two and stay)):
                said = f"it begins on {handoff.effective}, and so does {shown(other.id)}"
                hint = "let one begin later, or delete it: only one can count on a day"
                place = handoff.place("effective")
                yield finding(handoff.path, "handoffs-contradict", said, hint, *place)
                break


def _covers(holders: Holders, handoff: Handoff) -> Iterator[Finding]:
    role = holders.library.role.get(handoff.role)
    for words, place in handoff.placed("covers", handoff.covers or ()):
        if role is not None and len(holders.meant(role, words)) != 1:
            said, _, hint = what_is_wrong(holders, role, words).partition(": ")
            yield finding(handoff.path, "covers-unknown", f"`covers`: {said}", hint, *place)


def what_is_wrong(holders: Holders, role: Role, words: str) -> str:
    """Why some words name no part of a role, and after a colon what to write."""
    duties = holders.duties(role)
    meant = holders.meant(role, words)
    if meant:
        both = " and ".join(f"“{shown(d.text)}”" for d in duties if d.key in meant[:2])
        said = f"{shown(words)} appears in more than one duty"
        return f"{said}: write more words of the one you mean, {both}"
    own = [d.id for d in holders.library.decisions if holders.library.owning(d) is role]
    keys = [d.key for d in duties] + [key_of(d.text.partition(":")[2]) for d in duties]
    near = did_you_mean(key_of(words), keys) or did_you_mean(words, own)
    said = f"{shown(words)} isn't a duty or decision of this role"
    return (
        f"{said}: {near}write words of an item of Recurring duties or Accountabilities, "
        "or the id of a decision that the role owns"
    )
