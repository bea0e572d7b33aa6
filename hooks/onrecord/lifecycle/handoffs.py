"""Handoffs over time: whose turn it is and who is accountable, computed and never typed.

In come the handoffs of one role and the day; out come the state of each, who is accountable, who
held the role before, and which of them contradict each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from onrecord.records.findings import Finding, finding, shown
from onrecord.records.model import Handoff, Role, same_person


class Turn(StrEnum):
    """Where a handoff stands."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DUE_BACK = "due back"
    CLOSED = "closed"

    @property
    def meaning(self) -> str:
        """One sentence for a page."""
        return _MEANINGS[self]


_MEANINGS = {
    Turn.OFFERED: "Not accepted yet: the giver stays accountable.",
    Turn.ACCEPTED: "The receiver has read it back and holds the role.",
    Turn.DUE_BACK: "Its time is over; the role is to be handed back.",
    Turn.CLOSED: "A later handoff has taken its place.",
}


def turns(handoffs: Iterable[Handoff], today: date) -> Mapping[str, Turn]:
    """The state of each handoff of one role, by id.

    An accepted handoff is closed once a later one is accepted; until then a temporary one whose
    last day has passed is due back.
    """
    found: dict[str, Turn] = {}
    taken_over = False
    for handoff in reversed(in_order(handoffs)):
        if not handoff.is_accepted:
            found[handoff.id] = Turn.CLOSED if taken_over else Turn.OFFERED
        elif taken_over:
            found[handoff.id] = Turn.CLOSED
        else:
            over = handoff.until is not None and handoff.until < today
            found[handoff.id] = Turn.DUE_BACK if over else Turn.ACCEPTED
            taken_over = True
    return found


def in_order(handoffs: Iterable[Handoff]) -> list[Handoff]:
    """Handoffs, the oldest first."""
    return sorted(handoffs, key=lambda h: (h.effective or date.min, h.id))


@dataclass(frozen=True, slots=True)
class Accountable:
    """Who answers for a role today, and the handoff that says so, if one does.

    `differs` is the person `holder:` should name, where a handoff for good says otherwise.
    """

    who: str
    by: Handoff | None = None
    differs: str = ""


def accountable(role: Role, handoffs: Iterable[Handoff], today: date) -> Accountable:
    """Who answers for the role today.

    The receiver of the last accepted handoff that has begun and isn't over; else the holder. One
    that was offered and not accepted changes nothing: its giver stays accountable.
    """
    begun = [
        h for h in in_order(handoffs) if h.is_accepted and h.effective and h.effective <= today
    ]
    for_good = next((h for h in reversed(begun) if h.until is None), None)
    differs = ""
    if for_good is not None and not same_person(for_good.receiver, role.holder):
        differs = for_good.receiver
    if begun and begun[-1].until is not None and begun[-1].until >= today:
        return Accountable(begun[-1].receiver, begun[-1], differs)
    if for_good is not None and not role.holder:
        return Accountable(for_good.receiver, for_good, differs)
    return Accountable(role.holder, for_good if not differs else None, differs)


def held_since(role: Role, handoffs: Iterable[Handoff]) -> date | None:
    """The day the present holder began, where a handoff says so.

    A temporary handoff and the one that ends it don't begin a new term.
    """
    began: date | None = None
    current = ""
    for handoff in in_order(handoffs):
        if not handoff.is_accepted or handoff.until is not None:
            continue
        if not same_person(handoff.receiver, current):
            current, began = handoff.receiver, handoff.effective
    return began if role.holder and same_person(current, role.holder) else None


@dataclass(frozen=True, slots=True)
class Tenure:
    """A time in which someone held a role. `until` is None for whoever holds it still."""

    who: str
    began: date | None
    until: date | None
    for_a_time: bool
    handoff: Handoff


def terms(handoffs: Iterable[Handoff]) -> tuple[Tenure, ...]:
    """Who has held a role, newest first, from the handoffs that were accepted."""
    taken = [h for h in in_order(handoffs) if h.is_accepted]
    found = []
    for index, handoff in enumerate(taken):
        following = taken[index + 1].effective if index + 1 < len(taken) else None
        ends = [day for day in (handoff.until, following) if day is not None]
        found.append(
            Tenure(
                handoff.receiver,
                handoff.effective,
                min(ends) if ends else None,
                handoff.until is not None,
                handoff,
            )
        )
    return tuple(reversed(found))


def contradictions(handoffs: Iterable[Handoff]) -> Iterator[Finding]:
    """Handoffs of any roles that can't both be true: for good, on one day, to two people."""
    by_day: defaultdict[tuple[str, date], list[Handoff]] = defaultdict(list)
    for handoff in handoffs:
        if handoff.effective is not None and handoff.until is None:
            by_day[handoff.role, handoff.effective].append(handoff)
    for (_, day), group in by_day.items():
        first = group[0]
        for other in group[1:]:
            if same_person(first.receiver, other.receiver):
                continue
            said = (
                f"it hands the role on for good on {day}, and so does {shown(first.id)}, "
                "to another person"
            )
            hint = "let one of them begin later, give it an `until`, or delete it"
            place = other.place("effective")
            yield finding(other.path, "handoffs-contradict", said, hint, *place)
