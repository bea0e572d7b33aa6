"""The roster: each role and person with all that belongs to them, looked up once and kept.

In comes the catalogue of a run; out come who is accountable, open loops, scorecards, readiness,
what waits for whom, and the timeline, by role or by person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Protocol, TypeVar

from onrecord.lifecycle import handoffs, loops
from onrecord.lifecycle.handoffs import Accountable, Tenure, Turn
from onrecord.lifecycle.loops import Loop
from onrecord.lifecycle.readiness import Level, Readiness, able_backups, person_behind, readiness
from onrecord.lifecycle.relations import goals_above
from onrecord.lifecycle.scorecards import Scorecard, scorecard
from onrecord.overview import events, waiting
from onrecord.overview.catalogue import Catalogue
from onrecord.overview.events import Deadline, Event
from onrecord.records.model import Handoff, Role

UNUSED = timedelta(days=180)
"""A playbook that nothing has touched for this long is named on the process page."""


class _Dated(Protocol):
    @property
    def roles(self) -> tuple[str, ...]: ...
    @property
    def who(self) -> tuple[str, ...]: ...


Any_ = TypeVar("Any_", bound=_Dated)


@dataclass(frozen=True)
class Roster:
    """What roles and people have, in one run."""

    catalogue: Catalogue

    # Roles.

    @cached_property
    def accountable(self) -> Mapping[str, Accountable]:
        """Who answers for each role today."""
        catalogue = self.catalogue
        return {
            role.id: catalogue.holders.of_role(role, catalogue.today)
            for role in catalogue.library.role.values()
        }

    def person_behind(self, role: Role) -> str:
        """The person who stays accountable for a role, also where an agent answers; '' if none."""
        return person_behind(role, self.accountable[role.id].who, self.catalogue.library)

    def handoffs_of(self, role: str) -> list[Handoff]:
        """The handoffs of a role, newest first."""
        return self.catalogue.handoffs_of.get(role, [])

    def offered_of(self, role: str) -> list[Handoff]:
        """The handoffs of a role that wait to be accepted."""
        return [h for h in self.handoffs_of(role) if self.catalogue.turns[h.path] is Turn.OFFERED]

    def terms_of(self, role: Role) -> tuple[Tenure, ...]:
        """Who has held it, newest first."""
        return handoffs.terms(self.handoffs_of(role.id), self.catalogue.today)

    @cached_property
    def loops_of(self) -> Mapping[str, tuple[Loop, ...]]:
        """The open loops of each role."""
        return {
            role: loops.open_loops_of(group) for role, group in self.catalogue.handoffs_of.items()
        }

    @property
    def loops(self) -> Iterable[Loop]:
        """Every open loop."""
        return (loop for role in sorted(self.loops_of) for loop in self.loops_of[role])

    @cached_property
    def scorecards_of(self) -> Mapping[str, tuple[Scorecard, ...]]:
        """The scorecards of each role."""
        today = self.catalogue.today
        return {
            role: tuple(scorecard(metric, today) for metric in metrics)
            for role, metrics in self.catalogue.metrics_of.items()
        }

    @property
    def scorecards(self) -> Iterable[Scorecard]:
        """Every scorecard, by role."""
        return (card for role in sorted(self.scorecards_of) for card in self.scorecards_of[role])

    @cached_property
    def goals(self) -> Mapping[str, str]:
        """The metric that each metric serves, by role/metric; none for the goals themselves."""
        return goals_above(self.catalogue.library)

    @cached_property
    def serving(self) -> Mapping[str, list[Scorecard]]:
        """The scorecards of the metrics that serve each metric, by role/metric."""
        found: defaultdict[str, list[Scorecard]] = defaultdict(list)
        for card in self.scorecards:
            if goal := self.goals.get(card.metric.name):
                found[goal].append(card)
        return found

    def in_tree(self, cards: Iterable[Scorecard]) -> Iterator[tuple[Scorecard, int]]:
        """Scorecards from the goals down, each with how deep it is; siblings as they come."""
        below: defaultdict[str, list[Scorecard]] = defaultdict(list)
        for card in cards:
            below[self.goals.get(card.metric.name, "")].append(card)
        waiting = [(card, 0) for card in reversed(below[""])]
        while waiting:
            card, depth = waiting.pop()
            yield card, depth
            waiting += [(one, depth + 1) for one in reversed(below.get(card.metric.name, ()))]

    @cached_property
    def readiness_of(self) -> Mapping[str, Readiness]:
        """How ready each role is to be taken over."""
        catalogue = self.catalogue
        return {
            role.id: readiness(
                role,
                catalogue.holders,
                self.handoffs_of(role.id),
                self.scorecards_of.get(role.id, ()),
                catalogue.today,
            )
            for role in catalogue.library.role.values()
        }

    def coverable(self, role: Role) -> bool:
        """True when someone could cover the role tomorrow."""
        return self.readiness_of[role.id].level >= Level.COVERABLE

    def stops_without(self, role: Role) -> str:
        """The one person whose absence would stop the role's work; '' when nobody's would.

        That is who answers for a role nobody else is named to cover.
        """
        who = self.accountable[role.id].who
        return who if who and not able_backups(role, who, self.catalogue.library) else ""

    @cached_property
    def alone(self) -> tuple[tuple[Role, str], ...]:
        """The roles that would stop without one person, by title, each with that person.

        By role, so that nobody reads it as a ranking of people.
        """
        found = [(role, self.stops_without(role)) for role in self.catalogue.library.role.values()]
        found.sort(key=lambda one: (one[0].title.casefold(), one[0].id))
        return tuple((role, who) for role, who in found if who)

    @property
    def uncovered(self) -> tuple[Role, ...]:
        """The roles that are vacant, or have nobody to cover them."""
        return tuple(
            role
            for role in self.catalogue.library.role.values()
            if self.is_vacant(role) or self.stops_without(role)
        )

    def is_vacant(self, role: Role) -> bool:
        """True when nobody answers for the role today."""
        return not self.accountable[role.id].who

    def last_use(self, role: str) -> Event | None:
        """The last thing on record that the role did."""
        return next(iter(self.events_of_role.get(role, ())), None)

    @property
    def unused(self) -> tuple[tuple[Role, Event | None], ...]:
        """The roles nothing has touched for long, the longest first."""
        found = []
        for role in self.catalogue.library.role.values():
            last = self.last_use(role.id)
            day = last.day if last and last.day else date.min
            if self.catalogue.today - day > UNUSED:
                found.append((day, role.id, role, last))
        found.sort(key=lambda one: one[:2])
        return tuple((role, last) for *_, role, last in found)

    # People.

    @cached_property
    def people(self) -> Mapping[str, waiting.Inbox]:
        """Everyone with something waiting or a role, by handle in lower case."""
        return waiting.people(self.catalogue, self.loops, self.scorecards)

    # The timeline.

    @cached_property
    def events(self) -> list[Event]:
        """What happened, newest first."""
        return events.events(self.catalogue)

    @cached_property
    def deadlines(self) -> list[Deadline]:
        """What is due, by day."""
        return events.deadlines(self.catalogue, self.loops)

    @cached_property
    def events_of_role(self) -> Mapping[str, list[Event]]:
        """What happened to each role, newest first."""
        return _by(self.events, lambda one: one.roles)

    @cached_property
    def deadlines_of_role(self) -> Mapping[str, list[Deadline]]:
        """What is due of each role, by day."""
        return _by(self.deadlines, lambda one: one.roles)

    @cached_property
    def events_of_person(self) -> Mapping[str, list[Event]]:
        """What happened that a person has a part in, newest first; keys in lower case."""
        return _by(self.events, self._people_in)

    @cached_property
    def deadlines_of_person(self) -> Mapping[str, list[Deadline]]:
        """What is due of a person, by day; keys in lower case."""
        return _by(self.deadlines, lambda one: {who.casefold(): who for who in one.who})

    def _people_in(self, one: _Dated) -> Iterable[str]:
        named = (*one.who, *one.roles)
        return dict.fromkeys(self.catalogue.answering(name).casefold() for name in named)


def _by(many: Iterable[Any_], keys: Callable[[Any_], Iterable[str]]) -> Mapping[str, list[Any_]]:
    groups: defaultdict[str, list[Any_]] = defaultdict(list)
    for one in many:
        for key in keys(one):
            if key:
                groups[key].append(one)
    return groups
