"""What a person carries, and which roles are in need of cover.

In come the roster and a person; out come numbers for their own page. Nothing here compares people:
what the team is shown is a list of roles.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from onrecord.overview.roster import Roster
from onrecord.overview.waiting import Inbox
from onrecord.records.model import Role, same_person

WEEKS = 13
YEAR = timedelta(days=365)
_WORKING = 5
"""Days of a working week, Monday first."""


@dataclass(frozen=True, slots=True)
class Load:
    """What somebody carries now, and what is on record of the last thirteen weeks.

    `weeks` are the Mondays, the oldest first, with how much they had a part in. `weekend` is how
    much of it was on a Saturday or a Sunday. `alone` are roles that nobody else is named to cover,
    `uncovered` those that nobody else has had for a year.
    """

    duties: int
    late: int
    weeks: tuple[tuple[date, int], ...]
    weekend: int
    alone: tuple[Role, ...]
    uncovered: tuple[Role, ...]

    @property
    def most(self) -> int:
        """The height of the plot: at least one."""
        return max([1, *(number for _, number in self.weeks)])


def load_of(roster: Roster, person: Inbox) -> Load:
    """What one person carries."""
    catalogue = roster.catalogue
    today, holders = catalogue.today, catalogue.holders
    monday = today - timedelta(days=min(today.weekday(), today.toordinal() - 1))
    mondays = [
        monday - timedelta(weeks=back)
        for back in reversed(range(WEEKS))
        if monday.toordinal() > 7 * back
    ]
    counts: Counter[date] = Counter()
    weekend = 0
    for event in roster.events_of_person.get(person.handle.casefold(), ()):
        if event.day is None or event.day < mondays[0]:
            break  # the newest come first
        counts[event.day - timedelta(days=event.day.weekday())] += 1
        weekend += event.day.weekday() >= _WORKING
    duties = sum(
        same_person(holders.of_duty(duty, today).who, person.handle)
        for role in person.holds
        for duty in holders.duties(role)
    )
    return Load(
        duties=duties,
        late=sum(item.due is not None and item.due < today for item in person.items),
        weeks=tuple((week, counts[week]) for week in mondays),
        weekend=weekend,
        alone=tuple(role for role in person.holds if roster.stops_without(role)),
        uncovered=tuple(role for role in person.holds if is_uncovered(roster, role)),
    )


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


def in_need_of_cover(roster: Roster) -> list[tuple[Role, tuple[str, ...]]]:
    """The roles somebody should learn, by title, each with why."""
    found = []
    for role in roster.catalogue.library.role.values():
        why = []
        if roster.is_vacant(role):
            why.append("nobody holds it")
        elif roster.stops_without(role):
            why.append("one absence stops it")
        if is_uncovered(roster, role):
            why.append("nobody else has had it for a year")
        if why:
            found.append((role, tuple(why)))
    found.sort(key=lambda one: (one[0].title.casefold(), one[0].id))
    return found
