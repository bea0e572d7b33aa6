"""Handoffs over time, and who answers for a role, a duty or a decision on a day.

In come the records and a day; out come the one person who answers, the state of each handoff, and
who held a role before. Nothing of it is typed: it follows from `holder` and the accepted handoffs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

from onrecord.lifecycle.duties import Duty, duties_of, meant_by
from onrecord.records.library import Library
from onrecord.records.model import Decision, Handoff, Role, same_person
from onrecord.records.vocabulary import KnownWord


class Turn(KnownWord):
    """How far a handoff is."""

    OFFERED = "offered", "Not accepted yet: the giver stays accountable."
    ACCEPTED = "accepted", "The receiver has read it back."
    DUE_BACK = "due back", "Its time is over. The role, and what was learned, go back."
    CLOSED = "closed", "Its time is over, or a later handoff has taken its place."


def in_order(handoffs: Iterable[Handoff]) -> list[Handoff]:
    """Handoffs, the oldest first."""
    return sorted(handoffs, key=lambda h: (h.effective or date.min, h.id))


class Accountable(NamedTuple):
    """Who answers on a day, '' when nobody does, and the handoff that says so, if one does."""

    who: str
    by: Handoff | None = None


VACANT = Accountable("")


@dataclass(frozen=True)
class Holders:
    """Who answers for each role, duty and decision of a library, on any day: always one, or nobody.

    Of the accepted handoffs that have begun and aren't over, the last counts. One of the whole role
    that came for good ends those before it; without one, it is `holder`. One that covers a duty or
    a decision counts for that before any of the whole role. Whoever has left answers for nothing.
    """

    library: Library

    # Who answers.

    def of_role(self, role: Role, day: date) -> Accountable:
        """Who answers for a role."""
        for handoff in reversed(self._of_whole.get(role.id, ())):
            if not _has_begun(handoff, day):
                continue
            # What was lent before it ended with it.
            if handoff.is_for_good:
                break
            # Who covered it and has left answers for nothing; the one before them, or the holder,
            # does.
            if handoff.ends >= day and not self.library.has_left(handoff.receiver):
                return Accountable(handoff.receiver, handoff)
        return self._here(*self._for_good(role, day))

    def of_duty(self, duty: Duty, day: date) -> Accountable:
        """Who answers for a duty of a role."""
        role = self.library.role.get(duty.role)
        return self.of_part(role, duty.key, day) if role is not None else VACANT

    def of_decision(self, decision: Decision, day: date) -> Accountable:
        """Who answers for a decision: its owner, or whoever answers for the role that owns it."""
        role = self.library.owning(decision)
        if role is None:
            return self._here(decision.owner)
        return self.of_part(role, decision.path, day)

    def named(self, name: str, day: date) -> str:
        """Who is meant by a name that may be a role's id: the person, or who answers for it."""
        role = self.library.role_called(name)
        return self.of_role(role, day).who if role is not None else name

    def of_part(self, role: Role, part: str, day: date) -> Accountable:
        """Who answers for a part of a role: the key of a duty, or the path of a decision."""
        for handoff in reversed(self._of_parts.get(role.id, {}).get(part, ())):
            is_on = _has_begun(handoff, day) and handoff.ends >= day
            if is_on and not self.library.has_left(handoff.receiver):
                return Accountable(handoff.receiver, handoff)
        return self.of_role(role, day)

    def _here(self, who: str, by: Handoff | None = None) -> Accountable:
        return Accountable(who, by) if who and not self.library.has_left(who) else VACANT

    def _before(self, role: Role) -> str:
        """The holder while no handoff for good has begun.

        `holder` may be written ahead, when the receiver accepts: then it is who gives the role.
        """
        whole = self._of_whole.get(role.id, ())
        # A role that only goes back to whoever lent it has no new holder.
        # Of who lent a role to whom, turned round: as a handoff that gives it back would have them.
        lent = {(h.receiver.casefold(), h.giver.casefold()) for h in whole if not h.is_for_good}
        ahead = [
            h
            for h in whole
            if h.is_for_good and (h.giver.casefold(), h.receiver.casefold()) not in lent
        ]
        if any(same_person(h.receiver, role.holder) for h in ahead):
            return ahead[0].giver
        return role.holder

    def _for_good(self, role: Role, day: date) -> tuple[str, Handoff | None]:
        """Who holds a role whoever covers it for a time, and the handoff that says so.

        Where the receiver has left since, `holder` counts again, unless it still names the giver.
        """
        for handoff in reversed(self._of_whole.get(role.id, ())):
            if handoff.is_for_good and _has_begun(handoff, day):
                if not self.library.has_left(handoff.receiver):
                    return handoff.receiver, handoff
                # `holder` may be late or may be newer than the handoff. Where it names the giver,
                # it is late: the role was given away, and nobody has it now.
                is_old = same_person(role.holder, handoff.giver)
                return ("" if is_old else role.holder), None
        return self._before(role), None

    # What `holder` should be.

    def holder(self, role: Role, day: date) -> str:
        """Who holds a role for good, whoever covers it for a time; '' when nobody does."""
        return self._for_good(role, day)[0]

    def fits(self, role: Role, day: date) -> bool:
        """True where `holder` says who holds the role for good, or who has accepted to."""
        for_good = [h for h in self._of_whole.get(role.id, ()) if h.is_for_good]
        # `accept` writes `holder` at once, though the handoff may begin next week; both are right
        # until then.
        ahead = for_good[-1].receiver if for_good else role.holder
        return any(same_person(role.holder, who) for who in (self.holder(role, day), ahead))

    def is_left_to_derive(self, role: Role, day: date) -> bool:
        """True where `holder` still names the giver, because the receiver accepted by a reply.

        A reply is a file of its own: on the forge it can't change the role's file as well.
        """
        handoff = self._for_good(role, day)[1]
        by_reply = handoff is not None and handoff.is_accepted and handoff.accepted_on is None
        return handoff is not None and by_reply and same_person(role.holder, handoff.giver)

    def way_back(self, role: Role, day: date) -> tuple[Handoff, str] | None:
        """The last handoff for a time that isn't closed, and to whom the role goes back."""
        turns = self.turns(day)
        lent = [
            h
            for h in self._of_whole.get(role.id, ())
            if not h.is_for_good and turns[h.path] in (Turn.ACCEPTED, Turn.DUE_BACK)
        ]
        return (lent[-1], self.after(lent[-1], role, day)) if lent else None

    def after(self, handoff: Handoff, role: Role, day: date) -> str:
        """Who would answer for a role if a handoff weren't there."""
        # Asked of the same records without it: then both answers follow one rule.
        others = tuple(h for h in self.library.handoffs if h is not handoff)
        return Holders(replace(self.library, handoffs=others)).of_role(role, day).who

    # The handoffs behind it.

    @cached_property
    def _of_whole(self) -> Mapping[str, list[Handoff]]:
        """The accepted handoffs of each whole role, the oldest first."""
        groups: defaultdict[str, list[Handoff]] = defaultdict(list)
        for handoff in in_order(self.library.handoffs):
            if handoff.begins is not None and handoff.covers is None:
                groups[handoff.role].append(handoff)
        return groups

    @cached_property
    def _of_parts(self) -> Mapping[str, Mapping[str, list[Handoff]]]:
        """By role, the accepted handoffs that cover each duty and decision, the oldest first."""
        groups: defaultdict[str, defaultdict[str, list[Handoff]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for handoff in in_order(self.library.handoffs):
            if handoff.begins is not None:
                for key in self.parts(handoff):
                    groups[handoff.role][key].append(handoff)
        return groups

    def duties(self, role: Role) -> tuple[Duty, ...]:
        """The duties of a role."""
        return self._duties.get(role.id, ())

    @cached_property
    def _duties(self) -> Mapping[str, tuple[Duty, ...]]:
        return {role.id: duties_of(role) for role in self.library.role.values()}

    def parts(self, handoff: Handoff) -> tuple[str, ...]:
        """What a handoff covers: the keys of duties, and the paths of decisions."""
        role = self.library.role.get(handoff.role)
        if role is None:
            return ()
        found = (self.meant(role, words) for words in handoff.covers or ())
        return tuple(parts[0] for parts in found if len(parts) == 1)

    def meant(self, role: Role, words: str) -> tuple[str, ...]:
        """What some words of `covers` mean: one duty or decision, or none, or several."""
        decision = self.library.decision.get(words)
        if decision is not None and self.library.owning(decision) is role:
            return (decision.path,)
        return tuple(duty.key for duty in meant_by(words, self.duties(role)))

    # States.

    def turns(self, day: date) -> Mapping[str, Turn]:
        """The state of each handoff, by path.

        A handoff is closed once a later one that has begun lasts as long or longer, and so is an
        offer whose time is over. One for a time whose last day has passed is due back until then;
        a part of a role comes back by itself.
        """
        latest: dict[tuple[str, str], date] = {}
        found: dict[str, Turn] = {}
        # From the newest back: a handoff can only be ended by a later one.
        for handoff in reversed(in_order(self.library.handoffs)):
            parts = self.parts(handoff) if handoff.covers is not None else ("",)
            scope = [(handoff.role, part) for part in parts]
            taken = [key in latest and latest[key] >= handoff.ends for key in scope]
            is_over = handoff.ends < day
            # One whose words name no part covers nothing, so nothing can take its place.
            is_taken = bool(taken) and all(taken)
            accepted = handoff.accepted is not None and handoff.accepted <= day
            if is_taken or (is_over and (not accepted or handoff.covers is not None)):
                found[handoff.path] = Turn.CLOSED
            elif not accepted:
                found[handoff.path] = Turn.OFFERED
            else:
                found[handoff.path] = Turn.DUE_BACK if is_over else Turn.ACCEPTED
            if _has_begun(handoff, day):
                latest.update({key: max(latest.get(key, date.min), handoff.ends) for key in scope})
        return found


def _has_begun(handoff: Handoff, day: date) -> bool:
    return handoff.begins is not None and handoff.begins <= day


def held_since(holder: str, handoffs: Iterable[Handoff]) -> date | None:
    """The day the present holder began, where a handoff says so.

    A temporary handoff and the one that ends it don't begin a new term.
    """
    began: date | None = None
    current = ""
    for handoff in in_order(handoffs):
        if not handoff.is_accepted or not handoff.is_for_good:
            continue
        # A handoff to whoever has the role already begins no new time.
        if not same_person(handoff.receiver, current):
            current, began = handoff.receiver, handoff.effective
    return began if holder and same_person(current, holder) else None


class Tenure(NamedTuple):
    """A time in which someone held a role. `until` is None for whoever holds it still."""

    who: str
    began: date | None
    until: date | None
    for_a_time: bool
    handoff: Handoff


def terms(handoffs: Iterable[Handoff], today: date) -> tuple[Tenure, ...]:
    """Who has held a role, newest first, from the handoffs that were accepted and have begun."""
    taken = [h for h in in_order(handoffs) if h.covers is None and _has_begun(h, today)]
    found = []
    for index, handoff in enumerate(taken):
        following = taken[index + 1].begins if index + 1 < len(taken) else None
        ends = [day for day in (handoff.until, following) if day is not None]
        found.append(
            Tenure(
                handoff.receiver,
                handoff.begins,
                min(ends) if ends else None,
                not handoff.is_for_good,
                handoff,
            )
        )
    return tuple(reversed(found))
