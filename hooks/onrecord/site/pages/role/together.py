"""What happened together: numbers that left their target, and what happened in the weeks before.

In comes the roster of a build; out come moments on one line of time, of the team or of a role, with
the places of their marks. They name what coincides; what caused what, nobody can tell from days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import chain
from typing import NamedTuple

from onrecord.lifecycle.scorecards import Scorecard, Standing
from onrecord.overview.events import Event
from onrecord.overview.roster import Roster
from onrecord.records.vocabulary import Change

SPAN = timedelta(weeks=26)
"""How far back the line goes."""
BEFORE = timedelta(weeks=4)
"""What happened so long before a number left its target is set beside it."""
MOST_MOMENTS, MOST_ROLES, MOST_LEFT = 80, 20, 12
"""What a page shows: the newest moments of a line, roles, and numbers that left their target."""

LANE = 26
_LANES = ("Left target", "No value", "Decisions", "Roles")
_OF_DECISIONS = (Change.DECIDED, Change.SUPERSEDED)
_OF_ROLES = (Change.ACCEPTED, Change.HOLDER, Change.ENDED)


class Moment(NamedTuple):
    """Something on the line of time: its day, its lane, what it is, and the record's path."""

    day: date
    lane: int
    title: str
    said: str
    path: str

    @property
    def shape(self) -> str:
        """Its icon: the same thing looks the same everywhere."""
        return ("off-target", "no-data", "decisions", "role")[self.lane]


class LeftTarget(NamedTuple):
    """A number that left its target, and what happened in the weeks before."""

    moment: Moment
    before: tuple[Moment, ...]


class Timeline(NamedTuple):
    """The moments of a team or a role, the newest first, and where each is in the picture."""

    moments: tuple[Moment, ...]
    marks: tuple[tuple[float, int, Moment], ...]
    months: tuple[tuple[float, date], ...]
    left: tuple[LeftTarget, ...]
    more: int

    lanes: Sequence[str] = _LANES
    height: int = LANE * len(_LANES) + 22


def timeline(cards: Iterable[Scorecard], events: Iterable[Event], today: date) -> Timeline:
    """The line of some numbers, and of what happened to decisions and roles."""
    begin = today - min(SPAN, today - date.min)
    found = [
        one for one in chain(_of_numbers(cards), _of_events(events)) if begin < one.day <= today
    ]
    found.sort(key=lambda one: (-one.day.toordinal(), one.lane, one.title.casefold(), one.path))
    shown = tuple(found[:MOST_MOMENTS])
    left = tuple(
        LeftTarget(one, tuple(b for b in shown if b.lane and one.day - BEFORE <= b.day <= one.day))
        for one in [m for m in shown if not m.lane][:MOST_LEFT]
    )
    marks = tuple((_x(one.day, begin, today), LANE * one.lane + 14, one) for one in shown)
    months = tuple((_x(day, begin, today), day) for day in _months(begin, today))
    return Timeline(shown, marks, months, left, len(found) - len(shown))


def timelines_of_roles(roster: Roster) -> list[tuple[str, Timeline]]:
    """The lines of the roles whose numbers left their target, the newest first, by role id."""
    today = roster.catalogue.today
    found = []
    for role in roster.catalogue.library.role.values():
        cards = roster.scorecards_of.get(role.id, ())
        if any(_leaves(card) for card in cards):
            line = timeline(cards, roster.events_of_role.get(role.id, ()), today)
            if line.left:
                found.append((role.id, line))
    found.sort(key=lambda one: (-one[1].left[0].moment.day.toordinal(), one[0]))
    return found[:MOST_ROLES]


def _leaves(card: Scorecard) -> Iterator[Moment]:
    """The periods in which a number is off its target and wasn't before."""
    was = None
    metric = card.metric
    for period in card.periods:
        if period.value is None:
            continue
        if period.standing is Standing.OFF_TARGET and was is not Standing.OFF_TARGET:
            target = f", target {metric.target:g}" if metric.target is not None else ""
            said = f"{period.value.value:g}{f' {metric.unit}' if metric.unit else ''}{target}"
            yield Moment(period.value.day, 0, metric.title, said, metric.path)
        was = period.standing


def _of_numbers(cards: Iterable[Scorecard]) -> Iterator[Moment]:
    for card in cards:
        yield from _leaves(card)
        is_known = False
        for period in card.periods[:-1]:  # the last may still get its value
            is_known = is_known or period.value is not None
            if is_known and period.value is None:
                title = card.metric.title
                yield Moment(period.first, 1, title, f"no value in {period.name}", card.metric.path)


def _of_events(events: Iterable[Event]) -> Iterator[Moment]:
    for event in events:
        lane = 2 if event.kind in _OF_DECISIONS else 3 if event.kind in _OF_ROLES else 0
        if lane and event.day is not None:
            yield Moment(event.day, lane, event.title, event.said, event.path)


def _x(day: date, begin: date, today: date) -> float:
    """In hundredths of the picture."""
    return round(100 * (day - begin).days / max(1, (today - begin).days), 1)


def _months(begin: date, today: date) -> Iterator[date]:
    day = today.replace(day=1)
    while day > begin:
        yield day
        day = (day - timedelta(days=1)).replace(day=1)
