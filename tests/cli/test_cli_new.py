"""`onrecord new`: what is written, and when nothing is."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from onrecord.cli import main
from onrecord.lifecycle.relations import relate
from onrecord.records.reading import read_library


def run(root: Path, *words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(
        main, ["--root", str(root), "--today", "2026-10-06", *words], input=typed
    )


@pytest.fixture
def base(tmp_path: Path) -> Path:
    (tmp_path / "decisions").mkdir()
    made = run(tmp_path, "new", "role", "payroll-lead", "--purpose", "Pay.", "--holder", "@alice")
    assert (made.output, made.exit_code) == ("playbooks/payroll-lead/index.md\n", 0)
    return tmp_path


def faults(root: Path) -> list[str]:
    library = read_library(root)
    return [f.message for f in (*library.findings, *relate(library).findings)]


def files(root: Path) -> set[str]:
    return {str(f.relative_to(root)) for f in root.rglob("*") if f.is_file()}


def test_a_decision(base: Path) -> None:
    result = run(base, "new", "decision", "Pay: earlier?", "--owner", "payroll-lead", "--consult")
    assert result.exit_code == 2
    words = ("--consult", "@bob", "--consult", "carol", "--inform", "dan", "--due", "2026-10-13")
    result = run(base, "new", "decision", "Pay: earlier?", "--owner", "payroll-lead", *words)
    assert (result.output, result.exit_code) == ("decisions/2026/pay-earlier.md\n", 0)
    text = (base / "decisions/2026/pay-earlier.md").read_text(encoding="utf-8")
    assert text.startswith(
        "---\ntitle: 'Pay: earlier?'\nstage: assess\nowner: payroll-lead\ndue: 2026-10-13\n"
        "entered:\n  assess: 2026-10-06\nconsulted: [bob, carol]\ninformed: [dan]\ntags: []\n---\n"
        "\n# Pay: earlier?\n\n## Problem\n\n<!-- What is wrong or missing, for whom, "
        "and how we know. -->\n"
    )
    assert faults(base) == []


def test_a_decision_with_an_id_of_its_own(base: Path) -> None:
    result = run(base, "new", "decision", "🎉", "--id", "The Party", "--tag", "fun")
    assert (result.output, result.exit_code) == ("decisions/2026/the-party.md\n", 0)
    assert faults(base) == []


def test_the_day_comes_from_the_environment_too(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_TODAY", "2031-05-06")
    result = CliRunner().invoke(main, ["--root", str(base), "new", "decision", "T"])
    assert result.output == "decisions/2031/t.md\n"
    assert "assess: 2031-05-06" in (base / "decisions/2031/t.md").read_text()
    assert run(base, "new", "decision", "U").output == "decisions/2026/u.md\n"


def test_a_role_asks_for_its_purpose(base: Path) -> None:
    result = run(base, "new", "role", "Office Manager", typed="Meet.\n")
    assert result.output == (
        "Why the role exists, in one sentence: Meet.\nplaybooks/office-manager/index.md\n"
    )
    role = read_library(base).role["office-manager"]
    assert (role.title, role.purpose, role.holder) == ("Office manager", "Meet.", "")
    assert faults(base) == []


def test_a_handoff_is_from_the_holder_and_from_today(base: Path) -> None:
    result = run(base, "new", "handoff", "payroll-lead", "--to", "@bob")
    path = "playbooks/payroll-lead/handoffs/2026-10-06-alice-to-bob.md"
    assert (result.output, result.exit_code) == (path + "\n", 0)
    assert (
        (base / path)
        .read_text()
        .startswith(
            "---\nfrom: alice\nto: bob\neffective: 2026-10-06\nstate: stable\n---\n\n## Situation\n"
        )
    )
    words = ("--to", "bob", "--from", "", "--effective", "2026-11-01", "--until", "2026-11-02")
    result = run(base, "new", "handoff", "payroll-lead", *words)
    assert result.output == "playbooks/payroll-lead/handoffs/2026-11-01-vacant-to-bob.md\n"
    assert faults(base) == []


def test_a_metric_and_its_values(base: Path) -> None:
    words = ("--target", "99.5", "--direction", "up", "--unit", "%", "--cadence", "weekly")
    result = run(base, "new", "metric", "payroll-lead", "On time", *words)
    assert result.output == (
        "playbooks/payroll-lead/metrics/on-time.md\nplaybooks/payroll-lead/metrics/on-time.csv\n"
    )
    folder = base / "playbooks/payroll-lead/metrics"
    assert (folder / "on-time.csv").read_text() == "date,value,note\n"
    assert (
        (folder / "on-time.md")
        .read_text()
        .startswith(
            "---\ntitle: On time\ncadence: weekly\ntarget: 99.5\ndirection: up\n"
            "unit: '%'\nsource:\n---\n"
        )
    )
    assert faults(base) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("decision", "!?"),
            "the title has no letter or digit to make an id from; give one with --id",
        ),
        (("decision", "T", "--id", "-"), "the title has no letter or digit to make an id from"),
        (("decision", "Readme"), "the id readme is taken by the site or the forge; name another"),
        (("decision", "T", "--id", "Index"), "the id index is taken by the site or the forge"),
        (("decision", "T", "--owner", "bob smith"), "--owner 'bob smith' isn't a handle; write"),
        (("decision", "T", "--consult", "<b>"), "--consult '<b>' isn't a handle"),
        (("decision", "T", "--due", "soon"), "'soon' isn't a day; write YYYY-MM-DD"),
        (("decision", "\udcff T"), "what you typed isn't UTF-8; nothing was written"),
        (("role", "--purpose", "P", "--", "-"), "the role has no letter or digit"),
        (("role", "x", "--purpose", "P", "--holder", "a b"), "--holder 'a b' isn't a handle"),
        (("role", "payroll-lead", "--purpose", "P"), "playbooks/payroll-lead/index.md is there"),
        (
            ("handoff", "payrol-lead", "--to", "bob"),
            "no role 'payrol-lead': did you mean \"payroll-lead\"?",
        ),
        (("handoff", "payroll-lead"), "name who receives it with --to"),
        (("handoff", "payroll-lead", "--to", "@"), "--to '@' isn't a handle"),
        (
            ("handoff", "payroll-lead", "--to", "bob", "--until", "2026-10-05"),
            "--until 2026-10-05 is before --effective 2026-10-06",
        ),
        (("metric", "payrol-lead", "m"), "no role 'payrol-lead'"),
        (
            ("metric", "payroll-lead", "m", "--target", "3"),
            "--target needs --direction up or --direction down",
        ),
        (
            ("metric", "payroll-lead", "m", "--target", "nan", "--direction", "up"),
            "--target must be a number",
        ),
        (("metric", "payroll-lead", "m", "--cadence", "daily"), "'daily' is not one of"),
        (("metric", "payroll-lead", "!"), "the id has no letter or digit to make an id from"),
    ],
)
def test_wrong_use_writes_nothing(words: tuple[str, ...], said: str, base: Path) -> None:
    before = files(base)
    result = run(base, "new", *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert files(base) == before


def test_an_id_that_is_taken_in_another_folder(base: Path) -> None:
    (base / "decisions/2020").mkdir()
    (base / "decisions/2020/t.md").write_text("---\ntitle: T\nstage: assess\n---\n")
    result = run(base, "new", "decision", "T")
    assert result.exit_code == 2
    assert "the id t is taken by decisions/2020/t.md; name another with --id" in result.stderr
    assert not (base / "decisions/2026").exists()


def test_a_metric_whose_values_are_there_is_not_written(base: Path) -> None:
    folder = base / "playbooks/payroll-lead/metrics"
    folder.mkdir()
    (folder / "m.csv").write_text("date,value,note\n2026-01-05,1,\n")
    result = run(base, "new", "metric", "payroll-lead", "m")
    assert result.exit_code == 2
    assert "metrics/m.csv is there already; nothing was written" in result.stderr
    assert not (folder / "m.md").exists()


def test_a_folder_that_cannot_be_made_is_said(base: Path) -> None:
    (base / "decisions/2026").write_text("a file")
    result = run(base, "new", "decision", "T")
    assert result.exit_code == 2
    assert "can't write decisions/2026/t.md: " in result.stderr


def test_the_questions_a_decision_answers_are_written_into_it(base: Path) -> None:
    words = ("--asked", "when is pay day?", "--asked", "rent: before wages")
    assert run(base, "new", "decision", "Sooner", *words).exit_code == 0
    (decision,) = (d for d in read_library(base).decisions if d.id == "sooner")
    assert decision.asked == ("when is pay day?", "rent: before wages")
