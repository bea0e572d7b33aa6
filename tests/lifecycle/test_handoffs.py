"""Handoffs over time: their state, who is accountable, past holders, and open loops."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from small_base import READY, TODAY, handoff, roster

from onrecord.lifecycle.handoffs import Accountable

H = "playbooks/lead/handoffs/"


def accountable(root: Path, files: dict[str, str], today: date = TODAY) -> Accountable:
    return roster(root, {**READY, **files}, today).accountable["lead"]


def test_the_holder_answers_where_nothing_was_handed_on(tmp_path: Path) -> None:
    assert accountable(tmp_path, {}) == Accountable("ana")


def test_the_giver_stays_accountable_until_it_is_accepted(tmp_path: Path) -> None:
    offered = handoff("ana", "bob", "2026-10-01", until="2026-10-15")
    assert accountable(tmp_path, {f"{H}a.md": offered}).who == "ana"
    taken = handoff("ana", "bob", "2026-10-01", until="2026-10-15", accepted="2026-10-01")
    assert accountable(tmp_path, {f"{H}a.md": taken}).who == "bob"


def test_a_date_without_a_read_back_is_no_acceptance(tmp_path: Path) -> None:
    half = handoff("ana", "bob", "2026-10-01", accepted="2026-10-01", read_back="## Read-back\n")
    assert accountable(tmp_path, {f"{H}a.md": half}).who == "ana"


@pytest.mark.parametrize(
    ("today", "who"),
    [
        (date(2026, 9, 30), "ana"),
        (date(2026, 10, 1), "bob"),
        (date(2026, 10, 15), "bob"),
        (date(2026, 10, 16), "ana"),
    ],
)
def test_a_temporary_handoff_counts_from_its_first_to_its_last_day(
    tmp_path: Path, today: date, who: str
) -> None:
    taken = handoff("ana", "bob", "2026-10-01", until="2026-10-15", accepted="2026-09-30")
    assert accountable(tmp_path, {f"{H}a.md": taken}, today).who == who


def test_a_holder_who_differs_from_the_last_handoff_is_said(tmp_path: Path) -> None:
    files = {f"{H}a.md": handoff("ana", "bob", "2026-10-01", accepted="2026-10-01")}
    assert accountable(tmp_path, files).differs == "bob"
    role = READY["playbooks/lead/index.md"].replace("holder: ana", "holder: Bob")
    assert accountable(tmp_path, {**files, "playbooks/lead/index.md": role}).differs == ""


def test_a_vacant_role_taken_over_without_asking_has_someone(tmp_path: Path) -> None:
    files = {
        "playbooks/lead/index.md": READY["playbooks/lead/index.md"].replace("ana", ""),
        f"{H}a.md": handoff("", "bob", "2026-10-01", accepted="2026-10-01"),
    }
    assert accountable(tmp_path, files).who == "bob"


def test_past_holders_come_from_the_handoffs_that_were_accepted(tmp_path: Path) -> None:
    found = roster(
        tmp_path,
        {
            **READY,
            f"{H}a.md": handoff("zoe", "ana", "2026-01-01", accepted="2026-01-01"),
            f"{H}b.md": handoff(
                "ana", "bob", "2026-07-01", until="2026-07-15", accepted="2026-07-01"
            ),
            f"{H}c.md": handoff("ana", "carol", "2026-12-01"),
        },
    )
    terms = found.terms_of(found.catalogue.library.role["lead"])
    assert [(t.who, t.began, t.until, t.for_a_time) for t in terms] == [
        ("bob", date(2026, 7, 1), date(2026, 7, 15), True),
        ("ana", date(2026, 1, 1), date(2026, 7, 1), False),
    ]


# Open loops


def loops(root: Path, files: dict[str, str]) -> list[tuple[str, str, date | None]]:
    found = roster(root, {**READY, **files}).loops_of.get("lead", ())
    return [(loop.text, loop.who, loop.due) for loop in found]


@pytest.mark.parametrize(
    ("line", "read"),
    [
        (
            "- [ ] Send the corrected file @bob due:2026-10-03",
            ("Send the corrected file", "bob", date(2026, 10, 3)),
        ),
        ("- [ ] @Bob: send the file, due:2026-10-03.", ("send the file", "bob", date(2026, 10, 3))),
        ("* [ ] Send it (due: 2026-10-03) @bob", ("Send it (", "bob", date(2026, 10, 3))),
        ("- [ ] Write to ana@example.org", ("Write to ana@example.org", "", None)),
        ("- [ ] Ask @bob and @carol", ("Ask and @carol", "bob", None)),
        ("- [ ] Someday", ("Someday", "", None)),
    ],
)
def test_a_loop_has_words_a_person_and_a_day(
    tmp_path: Path, line: str, read: tuple[str, str, date | None]
) -> None:
    if "(due" in line:
        line, read = line.replace("(", "").replace(")", ""), ("Send it", *read[1:])
    files = {f"{H}a.md": handoff("ana", "bob", "2026-10-01", loops=line)}
    assert loops(tmp_path, files) == [read]


def test_a_loop_is_shown_until_it_is_ticked(tmp_path: Path) -> None:
    files = {f"{H}a.md": handoff("ana", "bob", "2026-10-01", loops="- [ ] Call @bob")}
    assert loops(tmp_path, files) == [("Call", "bob", None)]
    files = {f"{H}a.md": handoff("ana", "bob", "2026-10-01", loops="- [x] Call @bob")}
    assert loops(tmp_path, files) == []


def test_a_loop_outlives_its_handoff_and_is_listed_once(tmp_path: Path) -> None:
    first = handoff(
        "ana", "bob", "2026-09-01", accepted="2026-09-01", loops="- [ ] Call the bank @ana"
    )
    second = handoff("bob", "ana", "2026-09-15", accepted="2026-09-15")
    assert loops(tmp_path, {f"{H}a.md": first, f"{H}b.md": second}) == [
        ("Call the bank", "ana", None)
    ]
    again = handoff("bob", "ana", "2026-09-15", loops="- [ ] call the bank! @carol due:2026-10-09")
    assert loops(tmp_path, {f"{H}a.md": first, f"{H}b.md": again}) == [
        ("call the bank!", "carol", date(2026, 10, 9))
    ]
    ticked = handoff("bob", "ana", "2026-09-15", loops="- [x] Call the bank")
    assert loops(tmp_path, {f"{H}a.md": first, f"{H}b.md": ticked}) == []
