"""Readiness: each check passes, fails, doesn't apply or isn't measured; four levels."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from small_base import READY, ROLE, TODAY, handoff, roster

from onrecord.lifecycle.readiness import Check, Level, Mark, Readiness

ROLE_FILE = "playbooks/lead/index.md"
H = "playbooks/lead/handoffs/"
PROOF = {f"{H}a.md": handoff("ana", "bob", "2026-07-01", until="2026-07-15", accepted="2026-06-30")}


def ready(root: Path, files: dict[str, str | None], today: date = TODAY) -> Readiness:
    merged = {p: t for p, t in {**READY, **files}.items() if t is not None}
    return roster(root, merged, today).readiness_of["lead"]


def check(found: Readiness, name: str) -> Check:
    (one,) = [c for c in found.checks if c.name == name]
    return one


def test_a_role_climbs_the_four_levels(tmp_path: Path) -> None:
    vacant = {ROLE_FILE: "---\ntitle: Lead\npurpose: P\nholder:\n---\n"}
    assert ready(_made(tmp_path / "0"), vacant).level is Level.NONE
    named = {ROLE_FILE: "---\ntitle: Lead\npurpose: P\nholder: ana\n---\n"}
    assert ready(_made(tmp_path / "1"), named).level is Level.NAMED
    written = {ROLE_FILE: ROLE.replace("backups: [bob]\n", "")}
    assert ready(_made(tmp_path / "2"), written).level is Level.WRITTEN
    assert ready(_made(tmp_path / "3"), {}).level is Level.COVERABLE
    assert ready(_made(tmp_path / "4"), {**PROOF}).level is Level.PROVEN


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def test_a_role_that_is_all_ready_has_nothing_to_mend(tmp_path: Path) -> None:
    found = ready(tmp_path, {**PROOF})
    assert found.missing == ()
    assert found.count("pass") == len(found.checks) == 12


@pytest.mark.parametrize(
    ("before", "after", "name", "said", "line"),
    [
        ("purpose: Everyone is paid on time.", "purpose:", "Purpose", "no purpose is written", 3),
        ("holder: ana", "holder:", "Holder", "nobody holds it", 4),
        ("holder: ana", "holder: [ana, bob]", "Holder", "nobody holds it", 4),
        ("## Accountabilities", "## Other", "Accountabilities", "the section is missing", None),
        (
            "Decides the pay date alone.",
            "<!-- what it decides -->",
            "Decision rights",
            "the section is empty",
            16,
        ),
        ("1. Read the calendar.", "", "Start here today", "the section is empty", 8),
        (
            "**Monthly**: the pay run",
            "The pay run",
            "Recurring duties",
            "1 of 1 duties have no rhythm",
            22,
        ),
        (
            "[the steps](steps.md)",
            "the steps",
            "Recurring duties",
            "1 of 1 duties have no link to how it is done",
            22,
        ),
        ("steps.md", "gone.md", "Links", "the link gone.md leads nowhere", 22),
        (
            "Ask the bank.",
            "Ask the bank.\n\nPassword: hunter22",
            "Access",
            "something in it looks like a secret",
            28,
        ),
        ("backups: [bob]", "backups: []", "Backup", "nobody is named to cover it", 5),
        (
            "backups: [bob]",
            "backups: [Ana]",
            "Backup",
            "nobody named in `backups` is another person who is still here",
            5,
        ),
        (
            "- The bank is closed: pay a day early.",
            "",
            "If this happens",
            "the section is empty",
            28,
        ),
    ],
)
def test_a_check_fails_with_its_line_and_a_way_to_mend_it(
    tmp_path: Path, before: str, after: str, name: str, said: str, line: int | None
) -> None:
    assert ROLE.count(before) == 1
    found = check(ready(tmp_path, {ROLE_FILE: ROLE.replace(before, after)}), name)
    assert (found.mark, found.said, found.line) == (Mark.FAIL, said, line)
    assert found.fix


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "-----BEGIN RSA PRIVATE KEY-----",
        "token = 0a1b2c3d4e5f",
        "ghp_0123456789abcdefghijABCDEFGHIJ012345",
        "https://ana:hunter22@bank.example",
        "**API key**: `k-93jf93jf`",
    ],
)
def test_what_looks_like_a_secret_fails_and_is_not_repeated(tmp_path: Path, text: str) -> None:
    role = ROLE.replace("Ask the bank.", text)
    found = check(ready(tmp_path, {ROLE_FILE: role}), "Access")
    assert found.mark is Mark.FAIL
    assert text not in found.said + found.fix


@pytest.mark.parametrize(
    "text",
    [
        "The password is in the team's safe; ask @bob.",
        "Password: ask the bank.",
        "Token: in the safe of the team.",
        "A PIN that the bank sends by post.",
        "See https://bank.example/login for the keys.",
    ],
)
def test_where_to_ask_for_a_secret_is_none(tmp_path: Path, text: str) -> None:
    role = ROLE.replace("Ask the bank.", text)
    assert check(ready(tmp_path, {ROLE_FILE: role}), "Access").mark is Mark.PASS


def test_what_does_not_apply_is_no_failure(tmp_path: Path) -> None:
    role = ROLE.replace("- **Monthly**: the pay run, as in [the steps](steps.md).", "None.")
    found = ready(tmp_path, {ROLE_FILE: role})
    assert check(found, "Recurring duties").mark is Mark.NOT_APPLICABLE
    assert check(found, "Links").mark is Mark.NOT_APPLICABLE
    assert found.level is Level.COVERABLE


def test_a_metric_is_fresh_late_unmeasured_or_absent(tmp_path: Path) -> None:
    csv = "playbooks/lead/metrics/on-time.csv"
    md = "playbooks/lead/metrics/on-time.md"
    fresh = ready(_made(tmp_path / "0"), {})
    late = ready(_made(tmp_path / "1"), {csv: "date,value,note\n2026-08-05,98,\n"})
    empty = ready(_made(tmp_path / "2"), {csv: "date,value,note\n"})
    none = ready(_made(tmp_path / "3"), {csv: None, md: None})
    assert [check(found, "Metric").mark for found in (fresh, late, empty, none)] == [
        Mark.PASS,
        Mark.FAIL,
        Mark.NOT_MEASURED,
        Mark.FAIL,
    ]
    assert empty.level is Level.WRITTEN


def test_a_proof_is_forgotten_after_twelve_months(tmp_path: Path) -> None:
    csv = {"playbooks/lead/metrics/on-time.csv": "date,value,note\n2027-06-20,99,\n"}
    found = ready(_made(tmp_path / "0"), {**PROOF, **csv}, date(2027, 6, 30))
    assert found.level is Level.PROVEN
    found = ready(_made(tmp_path / "1"), {**PROOF, **csv}, date(2027, 7, 1))
    assert found.level is Level.COVERABLE


def test_a_new_holder_resets_proven(tmp_path: Path) -> None:
    later = {
        **PROOF,
        f"{H}b.md": handoff("ana", "carol", "2026-09-01", accepted="2026-09-01"),
        ROLE_FILE: ROLE.replace("holder: ana", "holder: carol"),
    }
    found = ready(_made(tmp_path / "0"), later)
    assert found.level is Level.COVERABLE
    assert check(found, "Read-back").said == (
        "nobody else has read it back since @carol took it on 2026-09-01"
    )
    again = handoff("carol", "bob", "2026-09-20", until="2026-09-25", accepted="2026-09-19")
    assert ready(_made(tmp_path / "1"), {**later, f"{H}c.md": again}).level is Level.PROVEN


def test_the_holders_own_read_back_proves_nothing(tmp_path: Path) -> None:
    own = {f"{H}a.md": handoff("zoe", "ana", "2026-07-01", accepted="2026-07-01")}
    assert ready(tmp_path, own).level is Level.COVERABLE


def test_someone_who_has_left_neither_holds_nor_covers(tmp_path: Path) -> None:
    people = {"playbooks/people.yml": "ana: {active: false}\nbob: {active: false}\n"}
    found = ready(tmp_path, {**people})
    assert check(found, "Holder").said == "@ana has left"
    assert check(found, "Backup").mark is Mark.FAIL


def test_where_one_absence_would_stop_the_work(tmp_path: Path) -> None:
    alone = {ROLE_FILE: ROLE.replace("backups: [bob]\n", "")}
    found = roster(tmp_path, {**READY, **alone})
    assert [(role.id, who) for role, who in found.alone] == [("lead", "ana")]
    covered = roster(tmp_path, READY)
    assert covered.alone == ()
    assert covered.coverable(covered.catalogue.library.role["lead"])
