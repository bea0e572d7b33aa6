"""Handoffs over time: whose turn it is, computed and never typed.

In come the handoffs of one role and the day; out comes the state of each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from onrecord.model import Handoff


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
    by_day = sorted(handoffs, key=lambda h: (h.effective or date.min, h.id))
    found: dict[str, Turn] = {}
    taken_over = False
    for handoff in reversed(by_day):
        if not handoff.is_accepted:
            found[handoff.id] = Turn.CLOSED if taken_over else Turn.OFFERED
        elif taken_over:
            found[handoff.id] = Turn.CLOSED
        else:
            over = handoff.until is not None and handoff.until < today
            found[handoff.id] = Turn.DUE_BACK if over else Turn.ACCEPTED
            taken_over = True
    return found
