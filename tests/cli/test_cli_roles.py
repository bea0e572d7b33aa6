"""`onrecord waiting`, `accept`, `metric`, and handoffs filled from the files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from machine_output import conforms

from onrecord.cli import main
from onrecord.records.reading import read_library

NORTHWIND = Path(__file__).parents[1] / "fixtures/northwind"
OFFERED = "playbooks/payroll-lead/handoffs/2026-10-01-alice-to-bob.md"
SERIES = "playbooks/payroll-lead/metrics/paid-on-time.csv"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    shutil.copytree(NORTHWIND, tmp_path, dirs_exist_ok=True)
    return tmp_path


def run(root: Path, *words: str, typed: str | None = None, today: str = "2026-10-14") -> Result:
    return CliRunner().invoke(main, ["--root", str(root), "--today", today, *words], input=typed)


def faults(root: Path) -> list[str]:
    return [fault["code"] for fault in json.loads(run(root, "check", "--json").output)]


# waiting


def test_what_waits_is_listed_overdue_first(base: Path) -> None:
    result = run(base, "waiting", "@Bob")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0].startswith("overdue 2026-10-")
    assert "overdue 2026-10-13      close the loop  Send the corrected file" in lines
    assert lines[-1] == "backs up: Payroll lead"


def test_what_waits_as_json(base: Path) -> None:
    said = json.loads(run(base, "waiting", "bob", "--json").output)
    conforms("waiting")(said)
    assert (said["person"], said["holds"], said["backs_up"]) == ("bob", [], ["payroll-lead"])
    (loop,) = [item for item in said["waiting"] if item["ask"] == "loop"]
    assert loop == {
        "ask": "loop",
        "title": "Send the corrected file",
        "what": "open loop of the handoff Alice Ames to Bob Berg",
        "path": OFFERED,
        "due": "2026-10-13",
        "since": "2026-10-12",
        "role": "payroll-lead",
        "overdue": True,
    }


def test_a_loop_that_is_ticked_waits_no_more(base: Path) -> None:
    path = base / OFFERED
    path.write_text(path.read_text().replace("- [ ] Send", "- [x] Send"))
    assert "Send the corrected file" not in run(base, "waiting", "bob").output


def test_someone_with_nothing_to_do_is_told_so(base: Path) -> None:
    path = base / "decisions/2026/x.md"
    path.write_text("---\ntitle: X\nstage: assess\nowner: alice\nconsulted: [zoe]\n---\n")
    assert run(base, "waiting", "zoe").output == "Nothing waits for @zoe.\n"


def test_a_mistyped_name_is_wrong_use(base: Path) -> None:
    result = run(base, "waiting", "alicee")
    assert result.exit_code == 2
    assert "no person 'alicee': did you mean \"alice\"?" in result.output


# new handoff


def test_a_new_handoff_is_filled_from_the_files(base: Path) -> None:
    result = run(base, "new", "handoff", "payroll-lead", "--to", "carol")
    path = "playbooks/payroll-lead/handoffs/2026-10-14-alice-to-carol.md"
    assert (result.output, result.exit_code) == (f"{path}\n", 0)
    text = (base / path).read_text()
    assert "- [ ] Send the corrected file @bob due:2026-10-13\n" in text
    assert "](../../../decisions/2026/pay-date.md): in review" in text
    assert "Numbers to know about" not in text  # the newest value is on target
    assert faults(base) == ["person-left"]  # as before: the office lead


def test_numbers_off_target_and_late_are_named(base: Path) -> None:
    with (base / SERIES).open("a") as series:
        series.write("2026-10-05,97,\n")
    run(base, "new", "handoff", "payroll-lead", "--to", "carol")
    path = base / "playbooks/payroll-lead/handoffs/2026-10-14-alice-to-carol.md"
    link = "- [Paid on time](../metrics/paid-on-time.md): "
    assert f"{link}off target, 97 % on 2026-10-05, target 99.\n" in path.read_text()
    path.unlink()
    run(base, "new", "handoff", "payroll-lead", "--to", "carol", today="2026-12-14")
    path = path.with_name("2026-12-14-alice-to-carol.md")
    assert f"{link}late, 97 % on 2026-10-05, target 99.\n" in path.read_text()


def test_a_receiver_may_take_over_without_asking(base: Path) -> None:
    result = run(base, "new", "handoff", "payroll-lead", "--to", "bob", "--take-over")
    assert result.output == "playbooks/payroll-lead/handoffs/2026-10-14-vacant-to-bob.md\n"
    (made,) = [h for h in read_library(base).handoffs if h.id == "2026-10-14-vacant-to-bob"]
    assert made.giver == ""
    both = run(base, "new", "handoff", "it-lead", "--to", "bob", "--take-over", "--from", "dan")
    assert both.exit_code == 2


# accept


def test_accepting_asks_the_read_backs_questions_and_writes_the_day(base: Path) -> None:
    before = (base / OFFERED).read_text()
    answers = "The October run.\nThe bank.\nWho signs?\n"
    result = run(base, "accept", "2026-10-01-alice-to-bob", typed=answers)
    assert result.exit_code == 0, result.output
    assert "What do I now own?" in result.output
    assert f"{OFFERED}: accepted on 2026-10-14." in result.output
    assert (base / OFFERED).read_text() == (
        before.replace("state: watch\n", "state: watch\naccepted_on: 2026-10-14\n")
        + "\n## Read-back\n\n"
        "**What do I now own?** The October run.\n\n"
        "**What can go wrong first?** The bank.\n\n"
        "**What are my questions?** Who signs?\n"
    )
    (taken,) = [h for h in read_library(base).handoffs if h.path == OFFERED]
    assert taken.is_accepted
    again = run(base, "accept", "2026-10-01-alice-to-bob")
    assert (again.exit_code, again.output) == (
        1,
        "2026-10-01-alice-to-bob: it was accepted on 2026-10-14 already.\n",
    )


def test_a_read_back_that_is_written_needs_only_the_day(base: Path) -> None:
    path = base / OFFERED
    path.write_bytes(
        path.read_bytes().replace(b"state: watch", b"state: watch\naccepted_on:")
        + b"\n## Read-back\n\nI own the run.\n"
    )
    before = path.read_bytes()
    result = run(base, "accept", "payroll-lead/2026-10-01-alice-to-bob")
    assert result.exit_code == 0
    day = b"accepted_on: 2026-10-14"
    assert path.read_bytes() == before.replace(b"accepted_on:", day)


def test_a_draft_with_windows_line_ends_is_accepted_in_them(base: Path) -> None:
    run(base, "new", "handoff", "it-lead", "--to", "alice")
    (path,) = (base / "playbooks/it-lead/handoffs").glob("2026-10-14*")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    result = run(
        base, "accept", path.stem, "--own", "All of it.", "--wrong", "Little.", "--ask", "None."
    )
    assert result.exit_code == 0, result.output
    data = path.read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n")
    assert b"accepted_on: 2026-10-14\r\n---\r\n" in data
    assert "playbooks/it-lead/index.md: holder: alice" in result.output


def test_nothing_is_written_without_an_answer(base: Path) -> None:
    before = (base / OFFERED).read_bytes()
    result = run(base, "accept", "2026-10-01-alice-to-bob", typed="\n\n\n")
    assert result.exit_code == 2
    assert (base / OFFERED).read_bytes() == before


def test_a_handoff_that_is_not_here_is_wrong_use(base: Path) -> None:
    result = run(base, "accept", "2026-10-01-alice-to-rob")
    assert result.exit_code == 2
    assert 'did you mean "2026-10-01-alice-to-bob"?' in result.output


# metric


def test_a_value_is_appended_with_its_day_and_note(base: Path) -> None:
    before = (base / SERIES).read_text()
    result = run(base, "metric", "payroll-lead", "paid-on-time", "97.5", "--note", "a, b")
    assert (result.output, result.exit_code) == (f"{SERIES}: 2026-10-14,97.5\n", 0)
    run(base, "metric", "payroll-lead", "paid-on-time", "98", "--date", "2026-10-13")
    assert (base / SERIES).read_text() == before + '2026-10-14,97.5,"a, b"\n2026-10-13,98,\n'
    assert faults(base) == ["person-left"]  # as before: the office lead


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("payroll-lead", "paid-on-time", "99,5"), "write 99.5 with a point"),
        (("payroll-lead", "paid-on-time", "many"), "'many' isn't a number"),
        (("payroll-lead", "paid-on-time", "nan"), "'nan' isn't a number"),
        (("payroll-lead", "paid-on-time", "1", "--date", "2026-10-15"), "is after today"),
        (("payroll-lead", "paid-on-time", "1", "--date", "2026-09-05"), "already has a value for"),
        (("payroll-lead", "payed-on-time", "1"), 'did you mean "paid-on-time"?'),
        (("payrol-lead", "paid-on-time", "1"), 'did you mean "payroll-lead"?'),
    ],
)
def test_a_value_that_cannot_be_right_is_wrong_use(
    base: Path, words: tuple[str, ...], said: str
) -> None:
    before = (base / SERIES).read_bytes()
    result = run(base, "metric", *words)
    assert result.exit_code == 2
    assert said in result.output
    assert (base / SERIES).read_bytes() == before


def test_a_missing_series_is_begun(base: Path) -> None:
    (base / SERIES).unlink()
    run(base, "metric", "payroll-lead", "paid-on-time", "--", "-1.5")
    assert (base / SERIES).read_text() == "date,value,note\n2026-10-14,-1.5,\n"
