"""The process seen from above: how long decisions take, where they wait, what nobody looks after.

In come the catalogue and the history in git; out come numbers, each with how many decisions it
rests on. A day that nobody wrote and git doesn't show is not known, and counts nowhere.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from onrecord.lifecycle import conversation
from onrecord.overview.catalogue import Catalogue
from onrecord.records.history import History
from onrecord.records.model import Decision, Role
from onrecord.records.vocabulary import STAGES, Effect, Outcome, Stage, Status

MONTHS = 24
"""How far back the plots over time go."""

FEWEST = 5
"""Fewer decisions than this have no 85th percentile worth showing."""


class Span(NamedTuple):
    """How long something takes, in days: the median, the 85th percentile, of how many."""

    number: int
    median: float | None
    high: float | None


class Age(NamedTuple):
    """How long an open decision has been in its stage. `beyond` is how it compares."""

    decision: Decision
    stage: Stage
    days: int
    beyond: str


class Brought(NamedTuple):
    """What the decisions of one role brought: how many are kept, missed and so on.

    `role` is None for all that a person owns: nobody is told how theirs did.
    """

    role: Role | None
    effects: Mapping[Effect, int]


class Month(NamedTuple):
    """A month: what was opened and closed in it, and how many stood in each stage at its end.

    None in `open_in` is for those that were open in a stage whose days nobody knows.
    """

    first: date
    opened: int
    closed: Mapping[Outcome, int]
    open_in: Mapping[Stage | None, int]


@dataclass(frozen=True)
class Process:
    """All the numbers of the page."""

    months: tuple[Month, ...]
    ages: tuple[Age, ...]
    in_stage: Mapping[Stage, Span]
    open_unknown: Mapping[Stage, int]
    total: Span
    asked: int
    answered: int
    unaligned: tuple[tuple[Decision, int], ...]
    with_precedent: int
    revisit: tuple[Decision, ...]
    undated: int
    brought: tuple[Brought, ...]


_NO_HISTORY = History()


def first_days(decision: Decision, history: History = _NO_HISTORY) -> list[tuple[Stage, date]]:
    """The stages whose first day is written in `entered`, or else known to git, in order.

    None begins before the one before it.
    """
    written = dict(decision.entered)
    last = decision.stage.number if decision.stage else len(STAGES)
    found: list[tuple[Stage, date]] = []
    for stage in STAGES[:last]:
        day = written.get(stage) or history.day((decision.path, f"entered-{stage}"))
        # git dates a stage by the commit that wrote it; one written late would turn the order
        # round.
        if day is not None and (not found or day >= found[-1][1]):
            found.append((stage, day))
    return found


def days_to_outcome(decision: Decision, began: Sequence[tuple[Stage, date]]) -> int | None:
    """Whole days from opening to outcome, from `first_days`; None where either isn't known."""
    opened = began[0][1] if began and began[0][0] is Stage.ASSESS else None
    if not (decision.outcome and decision.decided and opened):
        return None
    return (decision.decided - opened).days if decision.decided >= opened else None


def process(catalogue: Catalogue, history: History) -> Process:
    """Work out the numbers. Each decision is looked at once."""
    today = catalogue.today
    began = {d.id: first_days(d, history) for d in catalogue.settled}
    lengths = stage_lengths(catalogue, began)
    totals: list[int] = []
    asked = answered = with_precedent = undated = 0
    unaligned: list[tuple[Decision, int]] = []
    revisit: list[Decision] = []
    for d in catalogue.settled:
        known = began[d.id]
        undated += not known
        if (total := days_to_outcome(d, known)) is not None:
            totals.append(total)
        if d.stage and d.stage.number >= Stage.COLLABORATE.number and d.consulted:
            asked += len(d.consulted)
            answered += answers_to(d)
        status = catalogue.status(d)
        if d.stage is Stage.ALIGN and catalogue.is_under_way(d) and conversation.unaligned(d):
            unaligned.append((d, len(conversation.unaligned(d))))
        if d.precedents or catalogue.relations.answered_by.get(d.id):
            with_precedent += 1
        if status is Status.ACCEPTED and d.revisit and d.revisit < today:
            revisit.append(d)
    in_stage = {stage: span_of(lengths[stage]) for stage in STAGES}
    ages, open_unknown = _ages(catalogue, began, in_stage)
    return Process(
        months=tuple(_months(catalogue, began)),
        ages=ages,
        in_stage=in_stage,
        open_unknown=open_unknown,
        total=span_of(totals),
        asked=asked,
        answered=answered,
        unaligned=tuple(sorted(unaligned, key=lambda one: (-one[1], one[0].title.casefold()))),
        with_precedent=with_precedent,
        revisit=tuple(sorted(revisit, key=lambda d: (d.revisit or date.max, d.id))),
        undated=undated,
        brought=tuple(_brought(catalogue)),
    )


def _brought(catalogue: Catalogue) -> Iterable[Brought]:
    """By role, by its title; what persons own comes last."""
    counts: dict[Role | None, Counter[Effect]] = {}
    for decision in catalogue.decisions:
        effect = catalogue.effect(decision)
        if effect is not None:
            counts.setdefault(catalogue.library.owning(decision), Counter())[effect] += 1
    roles = sorted(counts, key=lambda role: (role is None, role.title.casefold() if role else ""))
    return (Brought(role, counts[role]) for role in roles)


def answers_to(d: Decision) -> int:
    """How many of those consulted have answered; a silence that was noted is no answer."""
    quiet = conversation.silent(d)
    missing = conversation.unanswered(d)
    return sum(who not in missing and who.casefold() not in quiet for who in d.consulted)


def span_of(lengths: Sequence[int]) -> Span:
    """Median and 85th percentile, by linear interpolation between the nearest ranks."""
    if not lengths:
        return Span(0, None, None)
    ordered = sorted(lengths)
    high = quantile(ordered, 0.85) if len(ordered) >= FEWEST else None
    return Span(len(ordered), quantile(ordered, 0.5), high)


def quantile(ordered: Sequence[int], share: float) -> float:
    """The value that this share of the ordered values doesn't exceed, by linear interpolation."""
    at = share * (len(ordered) - 1)
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (at - below)


def stage_lengths(
    catalogue: Catalogue, began: Mapping[str, list[tuple[Stage, date]]]
) -> dict[Stage, list[int]]:
    """How many whole days each stage took, for every stay whose two ends are known."""
    lengths: dict[Stage, list[int]] = {stage: [] for stage in STAGES}
    for d in catalogue.settled:
        _count_lengths(d, began[d.id], lengths)
    return lengths


def _count_lengths(
    d: Decision, known: list[tuple[Stage, date]], lengths: dict[Stage, list[int]]
) -> None:
    """The whole days in each stage that is over and whose end is known."""
    for (stage, start), (following, end) in pairwise(known):
        # Where a stage between has no day, nobody knows which of the two took the time.
        if following.number == stage.number + 1:
            lengths[stage].append((end - start).days)
    if not (d.outcome and d.decided and known) or d.stage is Stage.ALIGN:
        return  # aligning goes on after the outcome
    stage, start = known[-1]
    if stage is d.stage and d.decided >= start:
        lengths[stage].append((d.decided - start).days)


def _ages(
    catalogue: Catalogue,
    began: Mapping[str, list[tuple[Stage, date]]],
    in_stage: Mapping[Stage, Span],
) -> tuple[tuple[Age, ...], Mapping[Stage, int]]:
    """The open decisions by how long they have been in their stage, oldest first."""
    found: list[Age] = []
    unknown: Counter[Stage] = Counter()
    for stage, group in catalogue.under_way.items():
        span = in_stage[stage]
        for d in group:
            start = dict(began[d.id]).get(stage)
            if start is None or start > catalogue.today:
                unknown[stage] += 1
                continue
            days = (catalogue.today - start).days
            found.append(Age(d, stage, days, compared(days, span)))
    found.sort(key=lambda age: (-age.days, age.decision.title.casefold(), age.decision.id))
    return tuple(found), unknown


def compared(days: int, span: Span) -> str:
    """An age in words, against what the team's own decisions have taken."""
    if span.median is None:
        return "nothing to compare with yet"
    if span.high is not None and days > span.high:
        return "longer than 85 of 100"
    return "longer than half" if days > span.median else "as usual"


def _months(catalogue: Catalogue, began: Mapping[str, list[tuple[Stage, date]]]) -> Iterable[Month]:
    """The last months, the oldest first, from changes summed up once."""
    ends = _month_ends(catalogue.today)
    last = len(ends)
    changes: list[Counter[Stage | None]] = [Counter() for _ in range(last + 1)]
    opened: Counter[int] = Counter()
    closed: list[Counter[Outcome]] = [Counter() for _ in range(last + 1)]

    def index(day: date) -> int:
        """The first month whose end is not before the day."""
        return bisect_right(ends, day - timedelta(days=1)) if day > date.min else 0

    for d in catalogue.settled:
        known = began[d.id]
        if known and known[0][0] is Stage.ASSESS and known[0][1] > _before(ends[0]):
            opened[index(known[0][1])] += 1
        end = d.decided if d.outcome else None
        if d.outcome and end and end > _before(ends[0]):
            closed[index(end)][d.outcome] += 1
        if d.outcome and end is None:
            continue  # it was open until a day nobody knows
        for stage, start, stop in _stays(d, known, end):
            changes[index(start)][stage] += 1
            if stop is not None:
                changes[index(stop)][stage] -= 1
    standing: Counter[Stage | None] = Counter()
    for number, end in enumerate(ends):
        standing.update(changes[number])
        yield Month(
            end.replace(day=1),
            opened[number],
            dict(closed[number]),
            {stage: standing[stage] for stage in (*STAGES, None)},
        )


def _stays(
    d: Decision, known: list[tuple[Stage, date]], end: date | None
) -> Iterable[tuple[Stage | None, date, date | None]]:
    """The times a decision was open, by stage. None is a stage that can't be told."""
    for position, (stage, start) in enumerate(known):
        following = known[position + 1] if position + 1 < len(known) else None
        stop = following[1] if following else end
        if stop is not None and end is not None:
            stop = min(stop, end)
        if stop is not None and stop <= start:
            continue
        follows = following[0].number == stage.number + 1 if following else stage is d.stage
        yield (stage if follows else None), start, stop


def _month_ends(today: date) -> list[date]:
    """The last day of each month shown, the oldest first; the last is today."""
    ends = [today]
    while len(ends) < MONTHS and ends[-1].replace(day=1) > date.min:
        ends.append(ends[-1].replace(day=1) - timedelta(days=1))
    return ends[::-1]


def _before(end: date) -> date:
    first = end.replace(day=1)
    return first - timedelta(days=1) if first > date.min else date.min
