"""Scorecards: a metric's values by period, against its target and what decisions expected of it.

In come a metric and the day; out come its last thirteen periods, each on target, off target,
late or without data, and the state of the newest. In come a decision and its metrics; out comes
whether it did what it promised, by one function for every page and command.

A period is a week from Monday, a month or a quarter; of several values in one, the last counts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from onrecord.records.findings import Finding, finding
from onrecord.records.model import Decision, Expectation, Metric, Value
from onrecord.records.vocabulary import Cadence, Direction, Effect, KnownWord, Outcome

PERIODS = 13
"""A quarter of weeks, a year of months and the one before it, three years of quarters."""


class Standing(KnownWord):
    """How good a value, or a metric, is."""

    ON_TARGET = "on target", "The newest value is where it should be."
    OFF_TARGET = "off target", "The newest value misses the target: ask what the role needs."
    LATE = "late", "The last whole period has passed without a value."
    NO_DATA = "no data", "There is no value for it."
    MEASURED = "no target", "It is measured, and no target is set."


class Period(NamedTuple):
    """One period of a metric: its first day, its name, its last value, how that stands."""

    first: date
    name: str
    value: Value | None
    standing: Standing


class Scorecard(NamedTuple):
    """A metric with its last periods, the oldest first. `change` is newest less the one before."""

    metric: Metric
    periods: tuple[Period, ...]
    standing: Standing
    newest: Value | None
    change: float | None

    @property
    def lack(self) -> str:
        """What its value lacks, in words; '' where a fresh one is there."""
        if self.is_fresh:
            return ""
        return "its value is late" if self.newest else "it has no value yet"

    @property
    def is_fresh(self) -> bool:
        """True when the newest value is of this period or the last whole one."""
        return self.standing not in (Standing.LATE, Standing.NO_DATA)


def scorecard(metric: Metric, today: date) -> Scorecard:
    """A metric's last thirteen periods, up to the one of today. Values ahead of it don't count."""
    cadence = metric.cadence or Cadence.MONTHLY
    past = [value for value in metric.values if value.day <= today]
    # Values come in the order of their days, so of two in a period the later one stays.
    last = {first_day(value.day, cadence): value for value in past}
    starts = [first_day(today, cadence)]
    # Python's calendar begins with the year 1, and a test or a wrong clock may be there: a day
    # before it would be an error.
    while len(starts) < PERIODS and starts[-1] > date.min:
        starts.append(first_day(starts[-1] - timedelta(days=1), cadence))
    newest = past[-1] if past else None
    # Late once the last whole period has no value; this period may still get one.
    late = newest is not None and first_day(newest.day, cadence) < starts[min(1, len(starts) - 1)]
    periods = []
    for index, start in enumerate(starts):
        value = last.get(start)
        if value is not None:
            standing = stands(metric, value.value)
        elif late and index == 1:
            standing = Standing.LATE
        else:
            standing = Standing.NO_DATA
        periods.append(Period(start, _name(start, cadence), value, standing))
    periods.reverse()
    if newest is None:
        now = Standing.NO_DATA
    else:
        now = Standing.LATE if late else stands(metric, newest.value)
    change = past[-1].value - past[-2].value if len(past) > 1 else None
    return Scorecard(metric, tuple(periods), now, newest, change)


def stands(metric: Metric, value: float) -> Standing:
    """A value against the target."""
    if metric.target is None or metric.direction is None:
        return Standing.MEASURED
    reached = value >= metric.target if metric.direction is Direction.UP else value <= metric.target
    return Standing.ON_TARGET if reached else Standing.OFF_TARGET


def ahead_of_today(metric: Metric, today: date) -> Iterator[Finding]:
    """Values of days that haven't come."""
    path = metric.series
    for value in metric.values:
        if value.day > today:
            said = f"{value.day} is after today, {today}; the value doesn't count yet"
            hint = "write the day the value was taken, as YYYY-MM-DD"
            yield finding(path, "date-ahead", said, hint, value.line)


def first_day(day: date, cadence: Cadence) -> date:
    """The first day of the period that a day is in."""
    match cadence:
        case Cadence.WEEKLY:
            # The first week of the calendar may have no Monday.
            back = min(day.weekday(), day.toordinal() - 1)
            return day - timedelta(days=back)
        case Cadence.MONTHLY:
            return day.replace(day=1)
        case Cadence.QUARTERLY:
            return day.replace(month=day.month - (day.month - 1) % 3, day=1)


def _name(first: date, cadence: Cadence) -> str:
    match cadence:
        case Cadence.WEEKLY:
            year, week, _ = first.isocalendar()
            return f"{year}, week {week}"
        case Cadence.MONTHLY:
            return f"{first.year}-{first.month:02}"
        case Cadence.QUARTERLY:
            return f"{first.year}, quarter {(first.month + 2) // 3}"


# What decisions promised.


class Judged(NamedTuple):
    """An expectation, what became of it, the value that shows it, and why there is none."""

    expectation: Expectation
    effect: Effect
    value: Value | None = None
    why: str = ""


def effects_of(
    decision: Decision, metric_of: Callable[[str], Metric | None], today: date
) -> tuple[Judged, ...]:
    """What became of each expectation; empty for a decision that was never in force."""
    if decision.outcome in (Outcome.REJECTED, Outcome.WITHDRAWN):
        return ()
    return tuple(_judged(one, metric_of(one.metric), decision, today) for one in decision.expects)


def effects_at(root: Path, today: date) -> Callable[[Decision], Effect | None]:
    """The word for a decision, in a run that reads the numbers only when they are needed."""

    @cache
    def metrics() -> Mapping[str, Metric]:
        # Loaded for a decision that expects something: a question of words needs no reader.
        from onrecord.records.reading import read_playbooks

        return read_playbooks(root).metric

    def effect(decision: Decision) -> Effect | None:
        return overall(effects_of(decision, metrics().get, today)) if decision.expects else None

    return effect


def overall(effects: Iterable[Judged]) -> Effect | None:
    """The word for all of them: missed if one is, kept if all are; None without any."""
    found = {one.effect for one in effects}
    # The worst first: one that was kept hides no other that was not.
    order = (Effect.MISSED, Effect.UNMEASURED, Effect.NOT_YET, Effect.KEPT)
    return next((effect for effect in order if effect in found), None)


def _judged(one: Expectation, metric: Metric | None, decision: Decision, today: date) -> Judged:
    """The newest value since the decision, of the period that `by` is in or the one before it.

    A value that old still shows how things were on the day; an older one doesn't.
    """
    if metric is None:
        return Judged(one, Effect.UNMEASURED, why=f"there is no metric {one.metric}")
    if one.by is None or (one.at_least is None and one.at_most is None):
        return Judged(one, Effect.UNMEASURED, why="its words can't be read")
    if decision.outcome is None:
        return Judged(one, Effect.NOT_YET, why="it isn't decided")
    if today < one.by:
        return Judged(one, Effect.NOT_YET, why=f"it is judged on {one.by}")
    cadence = metric.cadence or Cadence.MONTHLY
    period = first_day(one.by, cadence)
    since = first_day(period - timedelta(days=1), cadence) if period > date.min else period
    if decision.decided is not None and decision.decided < date.max:
        # A value of the day it was decided was measured before it could have brought anything.
        since = max(since, decision.decided + timedelta(days=1))
    ahead = bisect_right(metric.values, one.by, key=lambda value: value.day)
    value = metric.values[ahead - 1] if ahead else None
    if value is not None and value.day >= since:
        kept = (one.at_least is None or value.value >= one.at_least) and (
            one.at_most is None or value.value <= one.at_most
        )
        return Judged(one, Effect.KEPT if kept else Effect.MISSED, value)
    # The period that `by` is in still runs: its number may be written on its last day.
    if first_day(today, cadence) == period:
        return Judged(one, Effect.NOT_YET, why="its value isn't there yet")
    return Judged(one, Effect.UNMEASURED, why=f"there is no value from {since} to {one.by}")
