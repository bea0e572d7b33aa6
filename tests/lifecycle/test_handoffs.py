"""Handoffs over time: their state, who is accountable, past holders, and open loops."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from small_base import READY, TODAY, decision, handoff, roster

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


def test_who_accepted_it_for_good_answers_whatever_holder_says(tmp_path: Path) -> None:
    files = {f"{H}a.md": handoff("ana", "bob", "2026-10-01", accepted="2026-10-01")}
    assert accountable(tmp_path, files).who == "bob"
    assert accountable(tmp_path, files, date(2026, 9, 30)).who == "ana"


def test_a_holder_written_ahead_waits_for_the_day(tmp_path: Path) -> None:
    files = {
        "playbooks/lead/index.md": READY["playbooks/lead/index.md"].replace("ana", "bob"),
        f"{H}a.md": handoff("ana", "bob", "2026-10-10", accepted="2026-10-01"),
    }
    assert accountable(tmp_path, files).who == "ana"
    assert accountable(tmp_path, files, date(2026, 10, 10)).who == "bob"


def test_a_role_handed_back_was_held_by_the_same_person_before(tmp_path: Path) -> None:
    files = {
        f"{H}a.md": handoff("ana", "bob", "2026-10-01", until="2026-10-03", accepted="2026-10-01"),
        f"{H}b.md": handoff("bob", "ana", "2026-10-06", accepted="2026-10-05"),
    }
    days = [date(2026, 9, 1), date(2026, 10, 2), date(2026, 10, 5), date(2026, 10, 6)]
    assert [accountable(tmp_path, files, day).who for day in days] == ["ana", "bob", "ana", "ana"]


def test_cover_within_cover_comes_back_step_by_step(tmp_path: Path) -> None:
    files = {
        f"{H}a.md": handoff("ana", "bob", "2026-10-01", until="2026-10-20", accepted="2026-10-01"),
        f"{H}b.md": handoff("bob", "eve", "2026-10-05", until="2026-10-07", accepted="2026-10-05"),
    }
    days = [date(2026, 10, 4), date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 21)]
    assert [accountable(tmp_path, files, day).who for day in days] == ["bob", "eve", "bob", "ana"]


def test_who_accepts_late_answers_from_that_day_on(tmp_path: Path) -> None:
    files = {f"{H}a.md": handoff("ana", "bob", "2026-10-01", accepted="2026-10-05")}
    assert accountable(tmp_path, files, date(2026, 10, 4)).who == "ana"
    assert accountable(tmp_path, files, date(2026, 10, 5)).who == "bob"


def test_who_has_left_answers_for_nothing(tmp_path: Path) -> None:
    people = "ana: {}\nbob:\n  active: false\neve: {}\n"
    files = {
        "playbooks/people.yml": people,
        f"{H}a.md": handoff("ana", "bob", "2026-10-01", accepted="2026-10-01"),
    }
    assert accountable(tmp_path, files).who == ""
    files["playbooks/lead/index.md"] = READY["playbooks/lead/index.md"].replace("ana", "eve")
    assert accountable(tmp_path, files).who == "eve"


def test_an_end_that_cannot_be_read_makes_no_handoff_for_good(tmp_path: Path) -> None:
    files = {f"{H}a.md": handoff("ana", "bob", "2026-10-01", until="soon", accepted="2026-10-01")}
    found = roster(tmp_path, {**READY, **files})
    assert found.catalogue.holders.holder(found.catalogue.library.role["lead"], TODAY) == "ana"


def test_a_person_of_a_roles_name_is_not_the_role(tmp_path: Path) -> None:
    files = {
        "decisions/mine.md": decision('title: Mine\nstage: assess\nowner: "@lead"'),
        "decisions/ours.md": decision("title: Ours\nstage: assess\nowner: lead"),
    }
    people = roster(tmp_path, {**READY, **files}).people
    assert [i.title for i in people["lead"].items] == ["Mine"]
    assert [i.title for i in people["ana"].items] == ["Ours"]


# What a handoff covers


def covering(words: str, receiver: str = "bob", effective: str = "2026-10-01", **more: str) -> str:
    text = handoff("ana", receiver, effective, accepted=effective, **more)
    return text.replace("\n---\n", f"\ncovers: [{words}]\n---\n", 1)


def test_a_duty_or_a_decision_is_delegated_and_comes_back(tmp_path: Path) -> None:
    files = {
        "decisions/pay.md": decision("title: Pay\nstage: assess\nowner: lead"),
        f"{H}a.md": covering("the pay run, pay", until="2026-10-07").replace(
            "the pay run", '"Monthly: the pay run"'
        ),
    }
    base = roster(tmp_path, {**READY, **files})
    holders, library = base.catalogue.holders, base.catalogue.library
    recurring, other = holders.duties(library.role["lead"])
    for day, who in ((TODAY, "bob"), (date(2026, 10, 8), "ana")):
        assert holders.of_duty(recurring, day).who == who
        assert holders.of_decision(library.decision["pay"], day).who == who
        assert holders.of_duty(other, day).who == "ana"
        assert holders.of_role(library.role["lead"], day).who == "ana"
    assert [i.title for i in base.people["bob"].items] == ["Pay"]
    assert base.catalogue.findings_of.get(f"{H}a.md") is None


def test_what_is_delegated_outlasts_a_holiday(tmp_path: Path) -> None:
    files = {
        f"{H}a.md": covering("monthly the pay run", until="2026-12-01"),
        f"{H}b.md": handoff("ana", "eve", "2026-10-05", until="2026-10-09", accepted="2026-10-05"),
    }
    base = roster(tmp_path, {**READY, **files})
    duty = base.catalogue.holders.duties(base.catalogue.library.role["lead"])[0]
    assert base.catalogue.holders.of_duty(duty, TODAY).who == "bob"
    assert base.accountable["lead"].who == "eve"


# Findings


PEOPLE = {"playbooks/people.yml": "ana: {}\nbob: {}\neve: {}\nzed:\n  active: false\n"}


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({f"{H}a.md": handoff("ana", "ana", "2026-10-09")}, [("handoff-to-giver", 3)]),
        ({f"{H}a.md": handoff("ana", "zed", "2026-10-09")}, [("person-left", 3)]),
        (
            {f"{H}a.md": handoff("ana", "eve", "2026-10-01", accepted="2026-10-01")},
            [("holder-outdated", 4)],
        ),
        (
            {"playbooks/lead/index.md": READY["playbooks/lead/index.md"].replace("bob", "ana")},
            [("backup-holds", 5)],
        ),
        (
            {
                f"{H}{name}.md": handoff(
                    "ana", who, "2026-10-05", until=until, accepted="2026-10-05"
                )
                for name, who, until in (("a", "bob", "2026-10-09"), ("b", "eve", "2026-10-10"))
            },
            [("handoffs-contradict", 4)],
        ),
        (
            {f"{H}a.md": handoff("ana", "eve", "2026-10-09", until="2026-10-08")},
            [("dates-order", 5)],
        ),
        ({f"{H}a.md": covering("the pay rum")}, [("covers-unknown", 6)]),
        ({f"{H}a.md": covering("pay run")}, [("covers-unknown", 6)]),
        ({f"{H}a.md": covering("monthly the pay run")}, []),
        (
            {
                f"{H}a.md": covering("monthly the pay run"),
                f"{H}b.md": covering("Monthly the Pay run.", receiver="eve"),
            },
            [("handoffs-contradict", 4)],
        ),
    ],
)
def test_what_a_check_says_of_handoffs(
    tmp_path: Path, files: dict[str, str], found: list[tuple[str, int]]
) -> None:
    base = roster(tmp_path, {**READY, **PEOPLE, **files})
    said = [one for group in base.catalogue.findings_of.values() for one in group]
    told = [(one.code, one.line) for one in said if one.path != "playbooks/lead/steps.md"]
    assert told == found


def test_a_stale_holder_is_told_the_line_to_write(tmp_path: Path) -> None:
    files = {f"{H}a.md": handoff("ana", "eve", "2026-10-01", accepted="2026-10-01")}
    (one,) = roster(tmp_path, {**READY, **files}).catalogue.findings_of["playbooks/lead/index.md"]
    assert one.hint == "write holder: eve"


def test_an_unknown_duty_is_told_the_nearest(tmp_path: Path) -> None:
    files = {f"{H}a.md": covering("the pay rum")}
    (one,) = roster(tmp_path, {**READY, **files}).catalogue.findings_of[f"{H}a.md"]
    assert one.hint.startswith('did you mean "the pay run"?')


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
