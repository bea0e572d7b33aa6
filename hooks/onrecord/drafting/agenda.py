"""The agenda of the one meeting a decision may need: what is unresolved, who must be there, when.

In come decisions, the people of the team and a moment; out comes an agenda with a time in the hours
of everyone who must be there, or else in the hours of most of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from onrecord.lifecycle.conversation import conversation_of
from onrecord.overview.catalogue import Catalogue
from onrecord.overview.summary import cut
from onrecord.records.clock import WORKING_DAYS, hours_of, zone_of
from onrecord.records.model import Decision
from onrecord.records.vocabulary import STAGES, Stage

AHEAD = timedelta(days=14)
"""How far ahead a time is looked for."""
STEP = timedelta(minutes=15)
USUAL = (time(9), time(17))
"""The hours of those who name none."""
LONGEST = 140
"""Characters of what somebody wrote, as an agenda quotes it."""


@dataclass(frozen=True, slots=True)
class Unresolved:
    """One thing to settle."""

    text: str
    """What it is, in words."""
    who: tuple[str, ...]
    """Whom it is for: handles, or a role."""
    path: str
    """The file it is written in."""
    line: int | None = None
    """Where in the file, if that is known."""


class AgendaPoint(NamedTuple):
    """One decision: what is unresolved, who must be there, and who is welcome."""

    decision: Decision
    items: tuple[Unresolved, ...]
    needed: tuple[str, ...]
    welcome: tuple[str, ...]


class Attendee(NamedTuple):
    """Somebody who must be there. `is_assumed` is true where their hours are not known."""

    handle: str
    mail: str
    zone: tzinfo
    place: str
    hours: tuple[time, time]
    is_assumed: bool

    def is_at_work(self, begins: datetime, ends: datetime) -> bool:
        """True where all of a time is in their hours."""
        first, last = begins.astimezone(self.zone), ends.astimezone(self.zone)
        return (
            first.date() == last.date()
            and first.weekday() in WORKING_DAYS
            and self.hours[0] <= first.time()
            and last.time() <= self.hours[1]
        )


class Agenda(NamedTuple):
    """What a meeting is for. `begins` is in UTC; None where nobody must be there.

    `outside` are those for whom it is outside their hours.
    """

    points: tuple[AgendaPoint, ...]
    attendees: tuple[Attendee, ...]
    minutes: int
    begins: datetime | None
    outside: tuple[str, ...]

    @property
    def ends(self) -> datetime | None:
        """When it is over."""
        return self.begins + timedelta(minutes=self.minutes) if self.begins else None


def to_meet_about(catalogue: Catalogue) -> list[Decision]:
    """The decisions in integrate that have no outcome, by what is most urgent."""
    found = catalogue.under_way[Stage.INTEGRATE]
    return [
        row.decision for row in catalogue.urgent_first(found) if catalogue.is_open(row.decision)
    ]


def agenda_of(
    catalogue: Catalogue, decisions: Iterable[Decision], since: datetime, minutes: int
) -> Agenda:
    """The agenda for some decisions, with the first fit time from `since` on."""
    points = tuple(_point(catalogue, decision) for decision in decisions)
    handles = dict.fromkeys(who for point in points for who in point.needed)
    attendees = tuple(_attendee(catalogue, who) for who in handles)
    begins, outside = _fit_time(attendees, since, timedelta(minutes=minutes))
    return Agenda(points, attendees, minutes, begins, outside)


def _point(catalogue: Catalogue, decision: Decision) -> AgendaPoint:
    def named(handles: Iterable[str]) -> tuple[str, ...]:
        people = (catalogue.answering(who) for who in handles if who)
        return tuple(dict.fromkeys(person.casefold() for person in people if person))

    owner = catalogue.answers_for(decision)
    items = tuple(_unresolved(catalogue, decision, owner))
    needed = named((owner, *(who for item in items for who in item.who)))
    welcome = named(decision.consulted)
    return AgendaPoint(decision, items, needed, tuple(w for w in welcome if w not in needed))


def _unresolved(catalogue: Catalogue, decision: Decision, owner: str) -> Iterator[Unresolved]:
    said = conversation_of(decision)
    for voice in said.open:
        who = f"@{voice.who}: " if voice.who else ""
        words = cut(" ".join(voice.text.split()), LONGEST)
        both = tuple(one for one in (voice.who, owner) if one)
        yield Unresolved(f"{who}{words}", both, voice.path, voice.line)
    for who in said.waits_for:
        # Before review they may still answer in writing, and need no meeting.
        if decision.stage in STAGES[2:]:
            yield Unresolved(f"@{who} was asked and has said nothing", (who,), decision.path)
    for lack in catalogue.lacks(decision):
        yield Unresolved(lack.text.replace("`", ""), lack.who or (owner,), decision.path, lack.line)


def _attendee(catalogue: Catalogue, handle: str) -> Attendee:
    person = catalogue.library.people.get(handle)
    zone = zone_of(person.timezone) if person is not None else None
    hours = hours_of(person.hours) if person is not None else None
    return Attendee(
        handle=person.handle if person is not None else handle,
        mail=person.mail if person is not None else "",
        zone=zone or UTC,
        place=person.timezone if person is not None and zone is not None else "UTC",
        hours=hours or USUAL,
        is_assumed=hours is None or zone is None,
    )


def _fit_time(
    attendees: Sequence[Attendee], since: datetime, length: timedelta
) -> tuple[datetime | None, tuple[str, ...]]:
    """The first time that fits everyone, else the first of those that fit most."""
    if not attendees:
        return None, ()
    best: tuple[datetime, tuple[str, ...]] | None = None
    begins = since
    until = since + AHEAD
    while begins < until:
        outside = tuple(a.handle for a in attendees if not a.is_at_work(begins, begins + length))
        if best is None or len(outside) < len(best[1]):
            best = (begins, outside)
        if not outside:
            break
        begins += STEP
    return best if best is not None else (None, ())


def tomorrow(today: date) -> datetime:
    """The first moment of the day after, in UTC: nobody is asked to meet at once."""
    return datetime.combine(today + timedelta(days=1), time(), UTC)
