"""What needs somebody: decisions that are stuck, and files that can't be read.

In comes the catalogue of a run; out come the open decisions that wait longer than usual, that
nobody owns or that have no day, the longest first, and the files with faults.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from onrecord.overview.catalogue import Catalogue, Row
from onrecord.overview.process import first_days, quantile, stage_lengths
from onrecord.records.clock import is_over
from onrecord.records.findings import Finding, Severity
from onrecord.records.vocabulary import Stage

FEWEST = 4
"""With fewer stages that are over nobody can say what is longer than three of four."""


class Usual(NamedTuple):
    """What a stage usually takes, in days: the median, and what three of four don't exceed."""

    median: float
    most: float


class Stuck(NamedTuple):
    """An open decision that needs somebody. `usual` is the median of its stage, where known."""

    row: Row
    usual: float | None
    is_late: bool

    @property
    def order(self) -> tuple[int, str, str]:
        """The longest in its stage first; what has no known day comes last."""
        days = -1 if self.row.days is None else self.row.days
        return (-days, self.row.decision.title.casefold(), self.row.decision.id)


def stuck(catalogue: Catalogue) -> list[Stuck]:
    """The open decisions that are late, too long in their stage, or without an owner or a day.

    Days are those that the records name, so that the list is the same wherever it is made. A
    decision with an outcome isn't among them: that someone has to acknowledge it stops nobody.
    """
    usual = usual_lengths(catalogue)
    found = []
    for decision in catalogue.decisions:
        if not catalogue.is_open(decision):
            continue
        row = catalogue.row(decision)
        known = usual.get(decision.stage) if decision.stage else None
        is_late = is_over(row.due, catalogue.today)
        is_long = known is not None and row.days is not None and row.days > known.most
        if is_late or is_long or not decision.owner or row.due is None:
            found.append(Stuck(row, known.median if known else None, is_late))
    return sorted(found, key=lambda one: one.order)


def usual_lengths(catalogue: Catalogue) -> Mapping[Stage, Usual]:
    """What each stage usually takes, for those that were left often enough."""
    lengths = stage_lengths(catalogue, {d.id: first_days(d) for d in catalogue.decisions})
    return {
        stage: Usual(quantile(found, 0.5), quantile(found, 0.75))
        for stage, found in ((stage, sorted(known)) for stage, known in lengths.items())
        if len(found) >= FEWEST
    }


def unreadable(catalogue: Catalogue) -> list[tuple[Finding, int]]:
    """Of each file with an error the first one, with the number of all; by path."""
    found = []
    for _, findings in sorted(catalogue.findings_of.items()):
        errors = [one for one in findings if one.severity is Severity.ERROR]
        if errors:
            found.append((min(errors), len(errors)))
    return found
