"""Scorecards: the last thirteen periods of a metric, and how it stands."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from onrecord.lifecycle.scorecards import PERIODS, Scorecard, Standing, scorecard
from onrecord.records.model import Metric, Value
from onrecord.records.reading.series import values_of, with_value
from onrecord.records.vocabulary import Cadence, Direction

TODAY = date(2026, 10, 6)


def card(
    *values: tuple[str, float],
    cadence: Cadence = Cadence.MONTHLY,
    target: float | None = 99,
    direction: Direction | None = Direction.UP,
    today: date = TODAY,
) -> Scorecard:
    read = tuple(
        Value(date.fromisoformat(day), number, "", line + 2)
        for line, (day, number) in enumerate(sorted(values))
    )
    metric = Metric(
        id="m",
        path="m.md",
        title="M",
        cadence=cadence,
        target=target,
        direction=direction,
        values=read,
    )
    return scorecard(metric, today)


@pytest.mark.parametrize(
    ("found", "standing"),
    [
        (card(("2026-10-05", 99)), Standing.ON_TARGET),
        (card(("2026-09-01", 99.1)), Standing.ON_TARGET),
        (card(("2026-10-05", 98.9)), Standing.OFF_TARGET),
        (card(("2026-10-05", 98.9), direction=Direction.DOWN), Standing.ON_TARGET),
        (card(("2026-10-05", 99.1), direction=Direction.DOWN), Standing.OFF_TARGET),
        (card(("2026-08-31", 99)), Standing.LATE),
        (card(), Standing.NO_DATA),
        (card(("2026-10-07", 99)), Standing.NO_DATA),
        (card(("2026-10-05", 99), target=None), Standing.MEASURED),
        (card(("2026-10-05", 99), direction=None), Standing.MEASURED),
        (card(("2026-09-28", 99), cadence=Cadence.WEEKLY), Standing.ON_TARGET),
        (card(("2026-09-27", 99), cadence=Cadence.WEEKLY), Standing.LATE),
        (card(("2026-07-01", 99), cadence=Cadence.QUARTERLY), Standing.ON_TARGET),
        (card(("2026-06-30", 99), cadence=Cadence.QUARTERLY), Standing.LATE),
    ],
)
def test_a_metric_stands_by_its_newest_value_and_its_cadence(
    found: Scorecard, standing: Standing
) -> None:
    assert found.standing is standing


def test_each_period_has_its_own_standing() -> None:
    found = card(("2026-05-05", 99), ("2026-06-05", 90), ("2026-06-20", 91), ("2026-08-05", 99))
    stands = {period.name: period.standing for period in found.periods}
    assert stands["2026-04"] is Standing.NO_DATA
    assert stands["2026-05"] is Standing.ON_TARGET
    assert stands["2026-06"] is Standing.OFF_TARGET
    assert stands["2026-07"] is Standing.NO_DATA
    assert stands["2026-09"] is Standing.LATE
    assert [p.value.value for p in found.periods if p.name == "2026-06" and p.value] == [91]
    assert len(found.periods) == PERIODS
    assert found.periods[-1].name == "2026-10"


def test_weeks_and_quarters_are_named_as_people_count_them() -> None:
    weekly = card(cadence=Cadence.WEEKLY, today=date(2027, 1, 2))
    assert weekly.periods[-1].name == "2026, week 53"
    quarterly = card(cadence=Cadence.QUARTERLY)
    assert quarterly.periods[-1].name == "2026, quarter 4"
    assert quarterly.periods[0].name == "2023, quarter 4"


@given(some.dates(), some.sampled_from(Cadence))
def test_periods_follow_each_other_on_any_day(today: date, cadence: Cadence) -> None:
    found = card(("2026-10-05", 1), cadence=cadence, today=today)
    firsts = [period.first for period in found.periods]
    assert firsts[-1] <= today
    assert all(before < after for before, after in pairwise(firsts))


def test_a_spreadsheets_file_is_read_and_said() -> None:
    values, faults = values_of("m.csv", "date;value;note\n2026-10-05;99.5;fine\n2026-10-06;99,5;\n")
    assert [(v.day.day, v.value, v.note) for v in values] == [(5, 99.5, "fine")]
    assert [(f.line, f.hint) for f in faults] == [
        (1, "separate them by commas: date,value,note"),
        (3, "write 99.5 with a point"),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"date,value,note\n", b'date,value,note\n2026-10-06,99.5,"one, late"\n'),
        (
            b"date,value,note\n2026-10-05,1,",
            b'date,value,note\n2026-10-05,1,\n2026-10-06,99.5,"one, late"\n',
        ),
        (b"date,value\r\n", b'date,value\r\n2026-10-06,99.5,"one, late"\r\n'),
        (
            b"\xef\xbb\xbfdate;value;note\n",
            b"\xef\xbb\xbfdate;value;note\n2026-10-06;99.5;one, late\n",
        ),
    ],
)
def test_a_value_is_added_in_the_files_own_form(before: bytes, after: bytes) -> None:
    assert with_value(before, TODAY, "99.5", "one, late") == after


def test_an_empty_row_at_the_end_is_only_an_editors(tmp_path: Path) -> None:
    assert values_of("m.csv", "date,value,note\n2026-10-05,1,\n\n\n")[1] == []
    assert [f.line for f in values_of("m.csv", "date,value,note\n,,\n2026-10-05,1,\n")[1]] == [2]
