"""Whether a decision did what it promised, against a recomputation that is as plain as can be."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_base import READY, decision, roster

from onrecord.lifecycle.scorecards import effects_of, overall
from onrecord.records.model import Decision, Expectation, Metric, Value
from onrecord.records.vocabulary import Ask, Cadence, Direction, Effect, Outcome, Stage

BEGIN = date(2025, 1, 1)
DAYS = st.integers(0, 800).map(lambda n: BEGIN + timedelta(days=n))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Decision, Metric | None, date]:
    by_day = draw(st.dictionaries(DAYS, st.integers(-5, 5), max_size=30))
    values = tuple(
        Value(day, by_day[day] / 2, "", line) for line, day in enumerate(sorted(by_day), 2)
    )
    metric = Metric(
        id="m",
        path="playbooks/r/metrics/m.md",
        title="M",
        role="r",
        cadence=draw(st.sampled_from([*Cadence, None])),
        direction=Direction.UP,
        values=values,
    )
    bound = draw(st.integers(-5, 5)) / 2
    is_least = draw(st.booleans())
    one = Expectation(
        draw(st.sampled_from(["r/m", "r/m", "r/m", "r/none"])),
        bound if is_least else None,
        None if is_least else bound,
        draw(DAYS),
    )
    outcome = draw(st.sampled_from([Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.RETIRED, None,
                                    Outcome.REJECTED]))  # fmt: skip
    made = Decision(
        id="d",
        path="decisions/d.md",
        title="D",
        stage=Stage.ALIGN,
        outcome=outcome,
        decided=draw(st.one_of(st.none(), DAYS)) if outcome else None,
        expects=(one,),
    )
    return made, metric if one.metric == "r/m" else None, draw(DAYS)


def period(day: date, cadence: Cadence | None) -> tuple[date, date]:
    """The first and the last day of a period, by the calendar."""
    if cadence is Cadence.WEEKLY:
        first = day - timedelta(days=day.isoweekday() - 1)
        return first, first + timedelta(days=6)
    months = 3 if cadence is Cadence.QUARTERLY else 1
    begins = (day.month - 1) // months * months + 1
    ends = begins + months - 1
    return date(day.year, begins, 1), date(day.year, ends, monthrange(day.year, ends)[1])


def plainly(made: Decision, metric: Metric | None, today: date) -> Effect | None:
    """Day by day: look back from `by` to the day after the decision, two periods at most."""
    (one,) = made.expects
    if made.outcome is Outcome.REJECTED:
        return None
    if metric is None:
        return Effect.UNMEASURED
    assert one.by is not None
    if made.outcome is None or today < one.by:
        return Effect.NOT_YET
    by_day = {value.day: value.value for value in metric.values}
    first, _ = period(one.by, metric.cadence)
    before, _ = period(first - timedelta(days=1), metric.cadence)
    day = one.by
    while day >= before and (made.decided is None or day > made.decided):
        if day in by_day:
            least = one.at_least is not None and by_day[day] >= one.at_least
            most = one.at_most is not None and by_day[day] <= one.at_most
            return Effect.KEPT if least or most else Effect.MISSED
        day -= timedelta(days=1)
    in_it = period(one.by, metric.cadence)
    return Effect.NOT_YET if in_it[0] <= today <= in_it[1] else Effect.UNMEASURED


@given(cases())
@settings(max_examples=400, deadline=None)
def test_a_verdict_is_that_of_a_plain_recomputation(
    case: tuple[Decision, Metric | None, date],
) -> None:
    made, metric, today = case
    effects = effects_of(made, lambda _: metric, today)
    assert overall(effects) == plainly(made, metric, today)
    for one in effects:
        assert bool(one.value) == (one.effect in (Effect.KEPT, Effect.MISSED))
        assert bool(one.why) != bool(one.value)


SPARE = {"stage": "align", "owner": "lead", "outcome": "accepted", "decided": "2026-07-10"}


def asked(root: Path, **front: str) -> list[tuple[Ask, str]]:
    text = "\n".join(
        f"{key}: {value}" for key, value in {"title": "Pay early", **SPARE, **front}.items()
    )
    found = roster(root, {**READY, "decisions/pay.md": decision(text)})
    return [(i.ask, i.what) for i in found.people["ana"].items if i.path == "decisions/pay.md"]


MISSED = "[{metric: lead/on-time, at_least: 99.9, by: 2026-09-30}]"


@pytest.mark.parametrize(
    ("expects", "said"),
    [
        (MISSED, "missed: lead/on-time at least 99.9"),
        ("[{metric: lead/on-time, at_least: 99, by: 2026-09-30}]", ""),
        ("[{metric: lead/on-time, at_least: 99, by: 2026-12-30}]", ""),
        ("[{metric: lead/none, at_most: 2, by: 2026-09-30}]",
         "can't be measured: lead/none at most 2"),
        ("[{metric: lead/on-time, at_least: 99, by: 2026-12-30}, "
         "{metric: lead/on-time, at_most: 1, by: 2026-09-30}]", "missed: lead/on-time at most 1"),
        ("it is a rule of style", ""),
    ],
)  # fmt: skip
def test_the_owner_is_asked_to_look_at_what_did_not_come(
    tmp_path: Path, expects: str, said: str
) -> None:
    found = asked(tmp_path, expects=expects)
    assert found == ([(Ask.EFFECT, said)] if said else [])


def test_nobody_is_asked_twice_once_somebody_has_looked(tmp_path: Path) -> None:
    (tmp_path / "1").mkdir()
    assert asked(tmp_path / "1", expects=MISSED, revisit="2027-02-01") == []
    (tmp_path / "2").mkdir()
    later = decision(
        "title: Pay earlier\nstage: assess\nowner: bob\nentered: {assess: 2026-10-02}\n"
        "precedents: [{record: pay, verdict: extends, why: It was too late.}]"
    )
    front = "\n".join(f"{k}: {v}" for k, v in {"title": "Pay", **SPARE, "expects": MISSED}.items())
    files = {**READY, "decisions/pay.md": decision(front), "decisions/later.md": later}
    catalogue = roster(tmp_path / "2", files).catalogue
    assert catalogue.effect(catalogue.library.decision["pay"]) is Effect.MISSED
    assert catalogue.due_for_a_look == []
    del files["decisions/later.md"]
    (tmp_path / "3").mkdir()
    assert [d.id for d in roster(tmp_path / "3", files).catalogue.due_for_a_look] == ["pay"]


@pytest.mark.parametrize(
    ("front", "is_asked"),
    [
        ({}, True),
        ({"outcome": "accepted"}, True),
        ({"outcome": "rejected"}, False),
        ({"expects": "no number can show it"}, False),
        ({"expects": MISSED}, False),
    ],
)
def test_the_gate_out_of_integrate_asks_what_it_should_change(
    tmp_path: Path, front: dict[str, str], is_asked: bool
) -> None:
    keys = {"title": "Pay early", "stage": "integrate", "owner": "lead", **front}
    text = decision("\n".join(f"{key}: {value}" for key, value in keys.items()))
    catalogue = roster(tmp_path, {**READY, "decisions/pay.md": text}).catalogue
    lacks = [lack.text for lack in catalogue.lacks(catalogue.library.decision["pay"])]
    assert any("nothing says what it should change" in text for text in lacks) == is_asked


def test_the_day_of_a_verdict_is_in_the_calendar_until_it_comes(tmp_path: Path) -> None:
    expects = "[{metric: lead/on-time, at_least: 99, by: 2026-10-30}]"
    front = "\n".join(f"{k}: {v}" for k, v in {"title": "Pay", **SPARE, "expects": expects}.items())
    files = {**READY, "decisions/pay.md": decision(front)}
    (due,) = [one for one in roster(tmp_path, files).deadlines if one.path == "decisions/pay.md"]
    assert (due.day, due.title) == (date(2026, 10, 30), "Pay: see what it brought")
    assert (due.roles, due.who) == (("lead",), ("ana",))
    later = roster(tmp_path, files, date(2026, 11, 2)).deadlines
    assert [one for one in later if one.path == "decisions/pay.md"] == []
