"""Whether a decision did what it promised: its expectations against the numbers.

In come a decision, its metrics and the day; out comes a verdict for each expectation, with the
value that gave it or the reason why there is none. One function judges, for every page and command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from onrecord.lifecycle.scorecards import first_day
from onrecord.records.model import Decision, Expectation, Metric, Value
from onrecord.records.reading import read_playbooks
from onrecord.records.vocabulary import Cadence, Effect, Outcome


@dataclass(frozen=True, slots=True)
class Judged:
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
        return read_playbooks(root).metric

    def effect(decision: Decision) -> Effect | None:
        return overall(effects_of(decision, metrics().get, today)) if decision.expects else None

    return effect


def overall(effects: Iterable[Judged]) -> Effect | None:
    """The word for all of them: missed if one is, kept if all are; None without any."""
    found = {one.effect for one in effects}
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
        since = max(since, decision.decided + timedelta(days=1))
    value = next((v for v in reversed(metric.values) if since <= v.day <= one.by), None)
    if value is not None:
        kept = (one.at_least is None or value.value >= one.at_least) and (
            one.at_most is None or value.value <= one.at_most
        )
        return Judged(one, Effect.KEPT if kept else Effect.MISSED, value)
    if first_day(today, cadence) == period:
        return Judged(one, Effect.NOT_YET, why="its value isn't there yet")
    return Judged(one, Effect.UNMEASURED, why=f"there is no value from {since} to {one.by}")
