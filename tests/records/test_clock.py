"""The day of the run, and the one form days are written in."""

from __future__ import annotations

from datetime import date

import pytest

from onrecord.records import clock


def test_the_variable_says_which_day_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_TODAY", " 2026-10-06 ")
    assert clock.today() == date(2026, 10, 6)


@pytest.mark.parametrize("given", ["", "  ", None])
def test_without_it_the_clock_does(given: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if given is None:
        monkeypatch.delenv("ONRECORD_TODAY", raising=False)
    else:
        monkeypatch.setenv("ONRECORD_TODAY", given)
    before, said, after = date.today(), clock.today(), date.today()
    assert before <= said <= after


@pytest.mark.parametrize("given", ["soon", "2026-02-30", "20261006", "2026-W40-1", "06.10.2026"])
def test_anything_else_is_refused_with_the_right_form(
    given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_TODAY", given)
    with pytest.raises(ValueError, match=f"ONRECORD_TODAY='{given}' isn't a day; write YYYY-MM-DD"):
        clock.today()
