"""The agenda of the one meeting: what is open, who must be there, and a time in their hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from small_base import READY, decision, roster

from onrecord.drafting.agenda import Agenda, agenda_of, to_meet_about
from onrecord.site.machine.feeds import invitation

MONDAY = datetime(2026, 10, 5, tzinfo=UTC)
FRIDAY = MONDAY + timedelta(days=4)
OPEN = decision(
    "title: Pay, early\nstage: integrate\nowner: lead\nconsulted: [bob, cy, di]",
    "## Feedback\n\n- [ ] @bob: Which; bank?\n- [x] @cy: Fine.\n"
    "- [x] @di: no answer by 2026-09-01\n",
)


def made(root: Path, people: str, since: datetime = MONDAY, minutes: int = 60) -> Agenda:
    files = {**READY, "decisions/pay.md": OPEN, "playbooks/people.yml": people}
    catalogue = roster(root, files).catalogue
    return agenda_of(catalogue, to_meet_about(catalogue), since, minutes)


def test_who_must_be_there_and_what_is_unresolved(tmp_path: Path) -> None:
    (point,) = made(tmp_path, "ana: {}\n").points
    assert point.needed == ("ana", "bob")
    assert point.welcome == ("cy", "di")
    said = [item.text for item in point.items]
    assert said[:2] == ["@bob: Which; bank?", "the outcome isn't written"]
    assert said[2].startswith("nothing says what it should change")
    assert (point.items[0].path, point.items[0].line) == ("decisions/pay.md", 9)


@pytest.mark.parametrize(
    ("ana", "bob", "since", "begins", "outside"),
    [
        # 9 in New York is 13 UTC in October, and 15 in Berlin.
        ("Europe/Berlin 9-17", "America/New_York 9-17", MONDAY, "2026-10-05T13:00", ()),
        ("Europe/Berlin 9-17", "America/New_York 9-17", FRIDAY + timedelta(hours=15),
         "2026-10-12T13:00", ()),
        # Their working weeks meet for an hour on no day.
        ("Europe/Berlin 9-10", "America/New_York 9-10", MONDAY, "2026-10-05T07:00", ("bob",)),
        ("Asia/Kolkata 9:30-18", "Europe/London 9-17", MONDAY, "2026-10-05T08:00", ()),
        # Clocks go back in Berlin on 25 October, and in New York a week later.
        ("Europe/Berlin 9-15", "America/New_York 9-17", datetime(2026, 10, 23, 15, tzinfo=UTC),
         "2026-10-26T13:00", ()),
        ("Europe/Berlin 9-15", "America/New_York 9-17", datetime(2026, 10, 30, 23, tzinfo=UTC),
         "2026-11-02T08:00", ("bob",)),
        ("Australia/Lord_Howe 9-17", "Asia/Kathmandu 9-17", MONDAY, "2026-10-05T03:15", ()),
        ("Pacific/Auckland 8-16", "Europe/Paris 6-9", MONDAY, "2026-10-05T00:00", ("bob",)),
    ],
)  # fmt: skip
def test_the_time_is_the_first_in_everyones_hours(
    tmp_path: Path, ana: str, bob: str, since: datetime, begins: str, outside: tuple[str, ...]
) -> None:
    people = "".join(
        f"{who}: {{timezone: {words.split()[0]}, hours: {words.split()[1]}}}\n"
        for who, words in (("ana", ana), ("bob", bob))
    )
    found = made(tmp_path, people, since)
    assert found.begins is not None
    assert (found.begins.isoformat()[:16], found.outside) == (begins, outside)
    assert not any(one.is_assumed for one in found.attendees)


def test_hours_nobody_knows_are_taken_and_said(tmp_path: Path) -> None:
    found = made(tmp_path, "ana: {timezone: Europe/Berlin}\n")
    assert [(a.handle, a.place, a.is_assumed) for a in found.attendees] == [
        ("ana", "Europe/Berlin", True),
        ("bob", "UTC", True),
    ]
    assert found.begins == MONDAY.replace(hour=9)


def test_an_invitation_is_a_calendar_with_one_entry(tmp_path: Path) -> None:
    people = "ana: {mail: ana@example.org}\nbob: {mail: 'x@y.org\\nBEGIN:VALARM'}\n"
    text = invitation(made(tmp_path, people))
    assert text.endswith("END:VCALENDAR\r\n")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    lines = text.replace("\r\n ", "").split("\r\n")
    assert lines.count("BEGIN:VEVENT") == 1
    assert "DTSTART:20261005T090000Z" in lines
    assert "DTEND:20261005T100000Z" in lines
    assert "SUMMARY:Decide: Pay\\, early" in lines
    assert [one for one in lines if one.startswith("ATTENDEE")] == [
        'ATTENDEE;CN="ana";ROLE=REQ-PARTICIPANT:mailto:ana@example.org'
    ]
    (said,) = [one for one in lines if one.startswith("DESCRIPTION:")]
    assert said.startswith("DESCRIPTION:Pay\\, early: @bob: Which\\; bank?\\nPay")
    assert invitation(made(tmp_path, people)) == text


def test_a_role_that_nobody_holds_can_not_be_there(tmp_path: Path) -> None:
    vacant = READY["playbooks/lead/index.md"].replace("holder: ana", "holder:")
    asked = decision("title: Pay\nstage: integrate\nowner: lead")
    files = {**READY, "playbooks/lead/index.md": vacant, "decisions/pay.md": asked}
    catalogue = roster(tmp_path, files).catalogue
    found = agenda_of(catalogue, to_meet_about(catalogue), MONDAY, 30)
    assert (found.points[0].needed, found.attendees, found.begins) == ((), (), None)


def test_nothing_in_integrate_is_no_meeting(tmp_path: Path) -> None:
    catalogue = roster(tmp_path, READY).catalogue
    found = agenda_of(catalogue, to_meet_about(catalogue), MONDAY, 30)
    assert (found.points, found.begins) == ((), None)
    assert "BEGIN:VEVENT" not in invitation(found)
