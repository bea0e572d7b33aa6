"""Collecting: for each metric that names a source, one row for a period that has none yet.

In come a knowledge base and what the run allows; out comes, for each metric, the row that was
written, that there was one already, or why there is none. A source that fails writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from onrecord.collecting.asking import Access, SourceFails
from onrecord.collecting.sources import SourceRun, Taken, is_of_period, read
from onrecord.lifecycle.scorecards import first_day
from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.records.disk import change_file
from onrecord.records.findings import shown
from onrecord.records.model import Metric, Origin, Value
from onrecord.records.reading.frontmatter import decoded
from onrecord.records.reading.series import values_of, with_value
from onrecord.records.vocabulary import Cadence


class Collected(NamedTuple):
    """What came of one metric. `fault` says why nothing was written; '' where nothing failed.

    `origin` is None where nothing was read; `is_new` is false where the period had a value.
    """

    metric: Metric
    day: date | None = None
    origin: Origin | None = None
    fault: str = ""
    is_new: bool = False

    @property
    def path(self) -> str:
        """The file of its values."""
        return self.metric.series

    @property
    def value(self) -> str:
        """The number as it is written; '' where there is none."""
        return self.origin.number if self.origin else ""


def collect(
    base: KnowledgeBase,
    metrics: Sequence[Metric],
    access: Access,
    environment: Mapping[str, str],
    *,
    commands: bool = False,
    writes: bool = True,
) -> Iterator[Collected]:
    """Ask the source of each metric whose period has no value, and write what it answers.

    A `collect` that can't be read is a fault as well: nobody should take its silence for a value.
    """
    unclear = {one.path: one for one in base.library.findings if one.code == "collect-unclear"}
    for metric in metrics:
        if metric.collect is None:
            if found := unclear.get(metric.path):
                yield Collected(metric, fault=f"line {found.line}: {found.message}")
            continue
        since, until = last_whole(base.today, _cadence(metric))
        asked = SourceRun(base, access, since, until, commands, environment)
        due = until if is_of_period(metric.collect) else base.today
        known = _value_in(metric.values, due, metric)
        if known is not None:
            yield Collected(metric, known.day)
            continue
        try:
            taken = read(metric.collect, asked)
        except SourceFails as error:
            yield Collected(metric, fault=shown(str(error), 300))
            continue
        yield _kept(base, metric, taken, writes)


def last_whole(today: date, cadence: Cadence) -> tuple[date, date]:
    """The first and the last day of the last period that is over."""
    begun = first_day(today, cadence)
    # The calendar has a first day, and before it there is none.
    until = begun - min(timedelta(days=1), begun - date.min)
    return first_day(until, cadence), until


def _kept(base: KnowledgeBase, metric: Metric, taken: Taken, writes: bool) -> Collected:
    """Write what was taken, unless its period has got a value meanwhile."""
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ")
    origin = Origin(taken.what, at, taken.digest, taken.number)
    known: Value | None = None

    def with_row(data: bytes | None) -> bytes | None:
        nonlocal known
        values, _ = values_of(metric.series, decoded(metric.series, data or b"")[0])
        # Asked of the bytes that are replaced: somebody may have typed the value meanwhile.
        known = _value_in(values, taken.day, metric)
        if known is not None or not writes:
            return None
        return with_value(data, taken.day, taken.number, "", origin)

    try:
        change_file(base.root, metric.series, with_row)
    except OSError as error:
        return Collected(metric, fault=f"its values can't be written: {error.strerror or error}")
    if known is not None:
        return Collected(metric, known.day)
    return Collected(metric, taken.day, origin, is_new=True)


def _value_in(values: Sequence[Value], day: date, metric: Metric) -> Value | None:
    """The value of the period that a day is in."""
    cadence = _cadence(metric)
    first = first_day(day, cadence)
    return next((v for v in reversed(values) if first_day(v.day, cadence) == first), None)


def _cadence(metric: Metric) -> Cadence:
    return metric.cadence or Cadence.MONTHLY
