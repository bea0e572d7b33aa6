"""Duties: what a role does again, and the next day its rhythm tells."""

from __future__ import annotations

from datetime import date

import pytest

from onrecord.lifecycle.duties import has_rhythm, rhythm_of

TODAY = date(2026, 11, 27)  # a Friday


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Every Monday: read the board", "2026-11-30"),
        ("Mondays: read the board", "2026-11-30"),
        ("Every Monday and Thursday", "2026-11-30"),
        ("Every Friday. Send the first of the month's numbers.", "2026-11-27"),
        ("Daily: read mail", "2026-11-27"),
        ("Every working day, at nine", "2026-11-27"),
        ("First of the month", "2026-12-01"),
        ("On the 5th of every month, write the value", "2026-12-05"),
        ("Monthly, on the 31st", "2026-11-30"),
        ("1st and 15th of each month: pay", "2026-12-01"),
        ("The last Friday of the month", "2026-11-27"),
        ("Every second Monday of the month: retro", "2026-12-14"),
        ("First working day of each month: close the books", "2026-12-01"),
        ("End of the month", "2026-11-30"),
        ("Quarterly, by the 10th", "2027-01-10"),
        ("Last working day of the quarter", "2026-12-31"),
        ("At the end of the quarter", "2026-12-31"),
        ("Yearly, on 1 March: renew the certificate", "2027-03-01"),
        ("Every year on March 1st", "2027-03-01"),
        ("Every 1 May and 1 November: count", "2027-05-01"),
        # A rhythm whose day its words don't tell: none is guessed.
        ("Monthly: send the report by Friday", ""),
        ("Every other Monday: retro", ""),
        ("Every 3 months on the 1st", ""),
        ("Weekly", ""),
        ("Twice a week", ""),
        ("Each release: write the notes", ""),
        ("First week of the month", ""),
    ],
)
def test_the_next_day_of_a_rhythm(words: str, day: str) -> None:
    assert has_rhythm(words)
    rhythm = rhythm_of(words)
    assert str((rhythm and rhythm.next(TODAY)) or "") == day


@pytest.mark.parametrize("words", ["By 1 March: renew it", "Read the board", "On the 5th"])
def test_what_happens_once_has_no_rhythm(words: str) -> None:
    assert not has_rhythm(words)
    assert rhythm_of(words) is None


def test_there_is_no_day_after_the_last() -> None:
    for words in ("Every Monday", "First of the month", "Yearly, on 1 March"):
        rhythm = rhythm_of(words)
        assert rhythm is not None
        assert rhythm.next(date.max) is None
