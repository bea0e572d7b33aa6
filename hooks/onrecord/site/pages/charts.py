"""Plots: from numbers to the geometry of inline SVG, with words for those who can't see it.

In come scorecards and the numbers of the process; out come coordinates that a template draws. No
plot says anything that the table beside or behind it doesn't.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from onrecord.lifecycle.scorecards import Period, Scorecard, Standing
from onrecord.overview.process import Age, Month, Span
from onrecord.records.findings import count
from onrecord.records.vocabulary import STAGES, Stage
from onrecord.site.pages import wording


class Dot(NamedTuple):
    """A point of a plot, how it stands, and what it says."""

    x: float
    y: float
    standing: str
    said: str


class MarkedDay(NamedTuple):
    """A day that a plot over time marks, and what happened on it."""

    x: float
    said: str


class Trend(NamedTuple):
    """A line over the periods of a metric, broken where there is no value."""

    title: str
    description: str
    lines: tuple[str, ...]
    dots: tuple[Dot, ...]
    target: float | None
    width: int
    height: int
    marks: tuple[MarkedDay, ...] = ()


def trend(
    card: Scorecard, width: int = 160, height: int = 36, happened: Iterable[tuple[date, str]] = ()
) -> Trend:
    """The trend of a scorecard's periods; a target is a dashed line across.

    `happened` are days with words, each marked in its period.
    """
    metric = card.metric
    known = [p.value.value for p in card.periods if p.value is not None]
    levels = [*known, *([metric.target] if metric.target is not None else [])]
    low, high = (min(levels), max(levels)) if levels else (0.0, 1.0)
    # A number that never moved has its line in the middle.
    room = (high - low) or abs(high) or 1.0
    low, high = low - room * 0.08, high + room * 0.08

    def y(value: float) -> float:
        return round(4 + (height - 8) * (high - value) / (high - low), 1)

    step = (width - 12) / max(1, len(card.periods) - 1)
    dots: list[Dot] = []
    lines: list[list[str]] = [[]]
    for number, period in enumerate(card.periods):
        if period.value is None:
            # A line across a gap would claim a value that nobody has.
            lines.append([])
            continue
        x, at = round(6 + number * step, 1), y(period.value.value)
        lines[-1].append(f"{x:g},{at:g}")
        dots.append(Dot(x, at, period.standing.value, _said(period, metric.unit)))
    return Trend(
        title=f"{metric.title}: {card.standing}",
        description=_description(card, known),
        lines=tuple(" ".join(line) for line in lines if len(line) > 1),
        dots=tuple(dots),
        target=y(metric.target) if metric.target is not None else None,
        width=width,
        height=height,
        marks=tuple(_marks(card, step, happened)),
    )


def _marks(
    card: Scorecard, step: float, happened: Iterable[tuple[date, str]]
) -> Iterator[MarkedDay]:
    """Days of the periods shown; what was before the first of them has no place."""
    firsts = [period.first for period in card.periods]
    for day, said in happened:
        at = bisect_right(firsts, day) - 1
        if at >= 0:
            yield MarkedDay(round(6 + at * step, 1), said)


def number(value: float) -> str:
    """A number as a page shows it: at most six digits that matter."""
    return f"{value:,.0f}" if abs(value) >= 1_000_000 else f"{value:g}"


def _said(period: Period, unit: str) -> str:
    assert period.value is not None
    said = f"{period.name}: {number(period.value.value)} {unit}".rstrip()
    return said if period.standing is Standing.MEASURED else f"{said}, {period.standing}"


def _description(card: Scorecard, known: Sequence[float]) -> str:
    if not known:
        return f"No value in the last {len(card.periods)} periods."
    said = (
        f"{len(known)} of the last {len(card.periods)} periods have a value, "
        f"from {number(min(known))} to {number(max(known))}"
    )
    return f"{said}; the newest is {number(known[-1])}."


class Area(NamedTuple):
    """How many decisions stood in one stage at the end of each month."""

    name: str
    stage: Stage | None
    outline: str
    now: int
    most: int
    description: str


class Areas(NamedTuple):
    """One small plot a stage, all on the same scale."""

    areas: tuple[Area, ...]
    width: int
    height: int


def areas(months: Sequence[Month]) -> Areas:
    """Open decisions by stage over time."""
    width, height = 220, 40
    top = max((n for month in months for n in month.open_in.values()), default=0) or 1
    found = []
    for stage in (*STAGES, None):
        counts = [month.open_in[stage] for month in months]
        # Only decisions whose stage can't be read have no stage, and most teams have none of them.
        if stage is None and not any(counts):
            continue
        step = width / max(1, len(counts) - 1)
        corners = [
            f"{round(i * step, 1):g},{round(height - (height - 2) * n / top, 1):g}"
            for i, n in enumerate(counts)
        ]
        name = stage.title if stage else "Stage not known"
        said = (
            f"From {counts[0]} in {month_name(months[0])} to {counts[-1]} now; "
            f"at most {max(counts)}."
        )
        outline = " ".join([f"0,{height}", *corners, f"{width},{height}"])
        found.append(Area(name, stage, outline, counts[-1], max(counts), said))
    return Areas(tuple(found), width, height)


def month_name(month: Month) -> str:
    """`Oct 2026`."""
    return f"{wording.MONTHS[month.first.month - 1]} {month.first.year}"


class Bar(NamedTuple):
    """A month's bar: what was closed, and a mark for what was opened."""

    x: float
    width: float
    closed_top: float
    closed_height: float
    opened: int
    opened_at: float
    said: str


class Bars(NamedTuple):
    """Throughput by month."""

    bars: tuple[Bar, ...]
    width: int
    height: int
    top: int
    description: str


def throughput(months: Sequence[Month]) -> Bars:
    """Closed decisions as bars, opened ones as a mark across each."""
    width, height = WIDTH, 120
    closed = [sum(month.closed.values()) for month in months]
    top = max([*closed, *(month.opened for month in months)], default=0) or 1
    step = width / max(1, len(months))
    bars = []
    for index, month in enumerate(months):
        tall = round((height - 4) * closed[index] / top, 1)
        bars.append(
            Bar(
                round(index * step + step * 0.15, 1),
                round(step * 0.7, 1),
                round(height - tall, 1),
                tall,
                month.opened,
                round(height - (height - 4) * month.opened / top, 1),
                f"{month_name(month)}: {closed[index]} closed, {month.opened} opened",
            )
        )
    said = (
        f"{sum(closed)} closed and {sum(m.opened for m in months)} opened in "
        f"{len(months)} months; at most {max(closed, default=0)} closed in one."
    )
    return Bars(tuple(bars), width, height, top, said)


class Strip(NamedTuple):
    """The ages of the open decisions of one stage along one line."""

    stage: Stage
    y: int
    dots: tuple[Dot, ...]
    median: float | None
    high: float | None


class Strips(NamedTuple):
    """One strip a stage, all on one scale, with its ticks (x, label); x is in hundredths of it."""

    strips: tuple[Strip, ...]
    ticks: tuple[tuple[float, str], ...]
    height: int
    description: str


_TICKS = ((0, "0"), (7, "a week"), (30, "a month"), (182, "half a year"), (730, "2 years"))
WIDTH, ROW = 640, 30


def strips(ages: Iterable[Age], spans: dict[Stage, Span]) -> Strips:
    """Ages against the median and the 85th percentile. The scale is logarithmic: days or years."""
    ages = list(ages)
    longest = max([age.days for age in ages] + [int(s.high or 0) for s in spans.values()] + [30])

    def x(days: float) -> float:
        return round(100 * math.log1p(days) / math.log1p(longest), 1)

    found = []
    for row, stage in enumerate(STAGES):
        span = spans[stage]
        y = 14 + row * ROW
        own = [age for age in ages if age.stage is stage]
        dots = tuple(
            Dot(
                x(age.days),
                y,
                "beyond" if age.beyond == "longer than 85 of 100" else "within",
                f"{age.decision.title}: {wording.span(age.days)}",
            )
            for age in own
        )
        found.append(
            Strip(
                stage,
                y,
                dots,
                x(span.median) if span.median is not None else None,
                x(span.high) if span.high is not None else None,
            )
        )
    ticks = tuple((x(days), label) for days, label in _TICKS if days <= longest)
    beyond = sum(age.beyond == "longer than 85 of 100" for age in ages)
    said = (
        f"{count(len(ages), 'open decision')} with a known day; {beyond} have been in "
        "their stage longer than 85 of 100 were."
    )
    return Strips(tuple(found), ticks, 14 + len(STAGES) * ROW + 12, said)
