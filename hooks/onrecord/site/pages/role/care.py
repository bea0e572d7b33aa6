"""What a person carries, and which roles are in need of cover.

In come the roster and a person; out come numbers for their own page. Nothing here compares people:
what the team is shown is a list of roles.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from onrecord.lifecycle.conversation import conversation_of
from onrecord.lifecycle.scorecards import first_day
from onrecord.overview.roster import Roster
from onrecord.overview.telling import is_at_work
from onrecord.overview.waiting import Inbox
from onrecord.records.clock import hours_of, zone_of
from onrecord.records.history import WRITTEN, Fact, History
from onrecord.records.model import Person, Role, same_person
from onrecord.records.vocabulary import Cadence, Stage

WEEKS = 13
YEAR = timedelta(days=365)


class Load(NamedTuple):
    """What somebody carries now, and what is on record of the last thirteen weeks.

    `weeks` are the Mondays, the oldest first, with how much they had a part in. `asked` is how
    often others asked something of them, `timed` how many of those asks git knows the time of, and
    `outside` how many of these came outside their hours; None where nobody knows their hours.
    `alone` are roles that nobody else is named to cover, `uncovered` those that nobody else has had
    for a year.
    """

    duties: int
    late: int
    weeks: tuple[tuple[date, int], ...]
    asked: int
    timed: int
    outside: int | None
    alone: tuple[Role, ...]
    uncovered: tuple[Role, ...]

    @property
    def most(self) -> int:
        """The height of the plot: at least one."""
        return max([1, *(number for _, number in self.weeks)])


class DatedAsk(NamedTuple):
    """Something that was asked of somebody: the day, and the moment where git knows it."""

    day: date
    moment: datetime | None


def asks_of(roster: Roster, history: History) -> Mapping[str, list[DatedAsk]]:
    """What others asked of each person in the last thirteen weeks, by handle in lower case.

    That is: to say something on a decision, to acknowledge one, to answer on one that they answer
    for, and to take a role over.
    """
    catalogue = roster.catalogue
    today = catalogue.today
    since = today - min(timedelta(weeks=WEEKS), today - date.min)
    found: defaultdict[str, list[DatedAsk]] = defaultdict(list)

    def asked(who: str, fact: Fact, written: date | None) -> None:
        moment = history.moment(fact)
        day = moment.date() if moment else written
        if who and day is not None and since < day <= today:
            found[who.casefold()].append(DatedAsk(day, moment))

    for d in catalogue.settled:
        owner = catalogue.answers_for(d)
        for stage, whom in ((Stage.COLLABORATE, d.consulted), (Stage.ALIGN, d.informed)):
            for who in dict.fromkeys(map(roster.catalogue.answering, whom)):
                asked(who, (d.path, f"entered-{stage}"), d.entered_on(stage))
        for voice in conversation_of(d).voices:
            if voice.path != d.path and not same_person(voice.who, owner):
                asked(owner, (voice.path, WRITTEN), voice.day)
    for h in catalogue.library.handoffs:
        asked(h.receiver, (h.path, WRITTEN), None)
    return found


def load_of(roster: Roster, person: Inbox, asks: Sequence[DatedAsk] = ()) -> Load:
    """What one person carries; `asks` are those of them."""
    catalogue = roster.catalogue
    today, holders = catalogue.today, catalogue.holders
    monday = first_day(today, Cadence.WEEKLY)
    mondays = [
        monday - timedelta(weeks=back)
        for back in reversed(range(WEEKS))
        if monday.toordinal() > 7 * back
    ]
    counts: Counter[date] = Counter()
    for event in roster.events_of_person.get(person.handle.casefold(), ()):
        if event.day is None or event.day < mondays[0]:
            break  # the newest come first
        counts[first_day(event.day, Cadence.WEEKLY)] += 1
    duties = sum(
        same_person(holders.of_duty(duty, today).who, person.handle)
        for role in person.holds
        for duty in holders.duties(role)
    )
    return Load(
        duties=duties,
        late=person.overdue(today),
        weeks=tuple((week, counts[week]) for week in mondays),
        asked=len(asks),
        timed=sum(ask.moment is not None for ask in asks),
        outside=_outside(catalogue.library.people.get(person.handle.casefold()), asks),
        alone=tuple(role for role in person.holds if roster.stops_without(role)),
        uncovered=tuple(role for role in person.holds if is_uncovered(roster, role)),
    )


def _outside(person: Person | None, asks: Sequence[DatedAsk]) -> int | None:
    """How many asks came outside somebody's hours; None where their hours aren't known."""
    if person is None or hours_of(person.hours) is None or zone_of(person.timezone) is None:
        return None
    moments = (ask.moment for ask in asks)
    return sum(moment is not None and not is_at_work(person, moment) for moment in moments)


def is_uncovered(roster: Roster, role: Role) -> bool:
    """True where whoever answers for a role has had it for a year, and nobody else in that time."""
    today = roster.catalogue.today
    who = roster.accountable[role.id].who
    since = today - min(YEAR, today - date.min)
    terms = roster.terms_of(role)
    began = [term.began for term in terms if term.began and same_person(term.who, who)]
    others = [term for term in terms if not same_person(term.who, who)]
    was_covered = any(term.until is None or term.until >= since for term in others)
    return bool(who and began and min(began) <= since and not was_covered)


def long_uncovered(roster: Roster) -> list[Role]:
    """The roles that somebody else should learn, by title."""
    found = [one for one in roster.catalogue.library.role.values() if is_uncovered(roster, one)]
    return sorted(found, key=lambda role: (role.title.casefold(), role.id))
