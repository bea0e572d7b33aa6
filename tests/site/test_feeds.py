"""Calendars and feeds: whole, escaped, and the same for the same files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as some
from small_base import READY, decision, handoff, roster

from onrecord.overview.events import Deadline, Event
from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.records.vocabulary import Change
from onrecord.site.machine.feeds import MOST_EVENTS, atom_feed, calendar
from onrecord.site.pages.rendering import environment

ATOM = "{http://www.w3.org/2005/Atom}"


ENV = environment(KnowledgeBase.open(Path("nowhere"), date(2026, 10, 5), searches=False).catalogue)


def address(path: str) -> str:
    return f"https://site.example/{path}"


def event(day: date, title: str, path: str) -> Event:
    return Event(day, Change.NEW, title, "opened", path, "entered-assess", (path, "written"))


def atom(events: list[Event]) -> ElementTree.Element:
    return ElementTree.fromstring(atom_feed(ENV, "feed.atom", "T", events, "", {}).text())


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_a_calendar_holds_each_deadline_as_a_whole_day() -> None:
    due = Deadline(date(2026, 10, 31), "Pay; then rest, all\nof us", "a.md", "due", (), ("bob",))
    lines = unfolded(calendar("The team", [due], address))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART;VALUE=DATE:20261031" in lines
    assert "DTEND;VALUE=DATE:20261101" in lines
    assert "SUMMARY:Pay\\; then rest\\, all of us" in lines
    assert "DESCRIPTION:For bob" in lines
    assert "URL:https://site.example/a.md" in lines
    assert "DTSTAMP:19700101T000000Z" in lines


@given(some.text(max_size=300))
def test_no_line_of_a_calendar_is_longer_than_75_bytes(title: str) -> None:
    text = calendar("T", [Deadline(date(2026, 10, 5), title, "a.md", "due")], address)
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert len([line for line in unfolded(text) if line.startswith("SUMMARY:")]) == 1


@given(some.text(max_size=100))
def test_a_feed_is_xml_whatever_a_title_holds(title: str) -> None:
    feed = atom([event(date(2026, 10, 5), title, "a.md")])
    (entry,) = feed.findall(f"{ATOM}entry")
    assert (entry.findtext(f"{ATOM}title") or "").endswith(": opened")
    assert feed.findtext(f"{ATOM}updated") == "2026-10-05T00:00:00Z"


def test_a_feed_is_newest_first_and_bounded() -> None:
    feed = atom([event(date(2026, 1, 1), "T", f"{n}.md") for n in range(100)])
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == MOST_EVENTS
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == MOST_EVENTS


def test_the_timeline_of_a_role_and_a_person(tmp_path: Path) -> None:
    files = {
        **READY,
        "decisions/pay.md": decision(
            "title: Pay\nowner: lead\nstage: collaborate\nconsulted: [bob]\ndue: 2026-10-09\n"
            "entered: {assess: 2026-09-01, collaborate: 2026-09-04}"
        ),
        "decisions/later.md": decision(
            "title: Later\nstage: assess\nentered: {assess: 2026-12-01}"
        ),
        "playbooks/lead/handoffs/a.md": handoff(
            "ana",
            "carol",
            "2026-09-10",
            until="2026-10-20",
            accepted="2026-09-09",
            loops="- [ ] Call @dan due:2026-10-07\n- [x] Write @dan due:2026-10-08",
        ),
    }
    found = roster(tmp_path, files)
    assert [(str(e.day), e.title, e.said) for e in found.events_of_role["lead"][:4]] == [
        ("2026-09-09", "Lead", "handoff from @ana to @carol accepted"),
        ("2026-09-05", "On time", "99.5 "[:-1]),
        ("2026-09-04", "Pay", "moved to collaborate"),
        ("2026-09-01", "Pay", "opened, in assess"),
    ]
    assert [(str(d.day), d.title) for d in found.deadlines_of_role["lead"]] == [
        ("2026-10-07", "Call"),
        ("2026-10-09", "Pay: collaborate ends"),
        ("2026-10-20", "Lead: handoff from @ana to @carol, to hand back"),
    ]
    assert {d.title for d in found.deadlines_of_person["bob"]} == {"Pay: collaborate ends"}
    assert "Later" not in {e.title for e in found.events}
