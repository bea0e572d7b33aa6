"""`onrecord find`: words, filters, what is printed, and what is said when nothing is found."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from machine_output import conforms

from onrecord.cli import main
from onrecord.cli.echo import echo, emphasised

NORTHWIND = Path(__file__).parents[1] / "fixtures/northwind"


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ONRECORD_CACHE", str(tmp_path / "cache"))
    shutil.copytree(NORTHWIND, tmp_path / "base")
    return tmp_path / "base"


def run(root: Path, *words: str, status: int = 0) -> Result:
    result = CliRunner().invoke(main, ["--root", str(root), "--today", "2026-10-14", *words])
    assert result.exit_code == status, result.output
    return result


def ids(root: Path, *words: str) -> list[str]:
    return [hit["id"] for hit in json.loads(run(root, "find", *words, "--json").stdout)]


def test_a_superseded_decision_names_its_successor(base: Path) -> None:
    result = run(base, "find", "choose", "payroll", "tools")
    assert result.output == (
        "Choose a payroll tool\n"
        "    superseded; payroll-lead; 2024-02-20; decisions/2024/choose-payroll-tool.md:16\n"
        "    Problem: “Salaries reach the bank a day late.”\n"
        "    superseded by bring-payroll-home: Bring payroll home\n"
    )


def test_a_phrase_is_found_with_its_section_and_line(base: Path) -> None:
    assert run(base, "find", '"Bank  Holidays"').output == (
        "Move the pay date to the 28th\n"
        "    open, in review; payroll-lead; 2026-09-14; decisions/2026/pay-date.md:34\n"
        "    Feedback: “@bob: what about bank holidays?”\n"
    )
    assert ids(base, '"holidays bank"') == []


def test_all_kinds_are_found(base: Path) -> None:
    assert run(base, "find", "corrected", "file").output.splitlines()[:3] == [
        "Alice Ames to Bob Berg",
        "    handoff of payroll-lead; 2026-10-12; "
        "playbooks/payroll-lead/handoffs/2026-10-01-alice-to-bob.md:15",
        "    Open loops: “Send the corrected file @bob due:2026-10-13”",
    ]
    assert ids(base, "--kind", "metric") == ["paid-on-time"]
    assert ids(base, "--kind", "playbook", "--person", "@Alice") == ["payroll-lead"]


def test_words_are_bold_on_a_terminal_and_nothing_else_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text, marks = "a pay\x1b[31m date", ((2, 5),)
    for stream, shown in (
        (io.StringIO(), "a pay [31m date\n"),
        (Terminal(), "a \x1b[1mpay\x1b[0m [31m date\n"),
    ):
        monkeypatch.setattr("sys.stdout", stream)
        echo(*emphasised(text, marks))
        assert stream.getvalue() == shown


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (("--outcome", "superseded"), ["choose-payroll-tool"]),
        (("--outcome", "Superseded", "--tag", "PAYROLL"), ["choose-payroll-tool"]),
        (("--stage", "review", "--role", "payroll-lead"), ["pay-date"]),
        (("--kind", "handoff", "--since", "2026-10-01"), ["2026-10-01-alice-to-bob"]),
        (("--kind", "decision", "--until", "2024-12-31"), ["choose-payroll-tool"]),
        (("date", "--stage", "collaborate"), ["survey-pay-date"]),
    ],
)
def test_filters_narrow(base: Path, asked: tuple[str, ...], found: list[str]) -> None:
    assert ids(base, *asked) == found


def test_the_json_is_what_its_schema_says(base: Path) -> None:
    found = json.loads(run(base, "find", "payroll", "--json", "--limit", "50").stdout)
    conforms("find")(found)
    listed = json.loads(run(base, "find", "--since", "2000-01-01", "--json").stdout)
    conforms("find")(listed)
    (hit,) = json.loads(run(base, "find", '"bank holidays"', "--json").stdout)
    assert hit.pop("score") > 0
    assert hit == {
        "id": "pay-date",
        "kind": "decision",
        "title": "Move the pay date to the 28th",
        "path": "decisions/2026/pay-date.md",
        "line": 34,
        "url": "decisions/2026/pay-date/",
        "status": "open",
        "stage": "review",
        "owner": "payroll-lead",
        "role": "payroll-lead",
        "date": "2026-09-14",
        "tags": ["payroll", "Pay & time"],
        "superseded_by": [],
        "section": "Feedback",
        "passage": "@bob: what about bank holidays?",
        "marks": [[17, 30]],
    }


def test_more_than_the_limit_is_said(base: Path) -> None:
    result = run(base, "find", "--kind", "decision", "--limit", "2")
    assert result.stderr == "2 of 13 shown; --limit 13 shows all.\n"
    assert result.stdout.count("\n") == 6


def test_by_date_the_newest_comes_first(base: Path) -> None:
    dates = [
        hit["date"]
        for hit in json.loads(run(base, "find", "day", "--sort", "date", "--json").stdout)
    ]
    assert len(dates) > 2
    assert dates == sorted(dates, key=lambda day: day or "", reverse=True)


# Nothing found.


def test_a_misspelt_word_is_told_and_the_right_one_searched_for(base: Path) -> None:
    result = run(base, "find", "salareis", "bank", "--limit", "50")
    assert result.stderr == (
        "No record contains “salareis”. Did you mean “salaries”? It was searched for instead.\n"
    )
    assert "decisions/2026/pay-date.md" in result.stdout
    assert [hit["id"] for hit in json.loads(run(base, "find", "salareis", "--json").stdout)]
    assert run(base, "find", "salareis", "qwxyz").stderr == (
        "Nothing found in 20 records.\n"
        "  “salareis” appears in none of them. Did you mean “salaries”?\n"
        "  “qwxyz” appears in none of them.\n"
    )


def test_words_that_never_meet(base: Path) -> None:
    told = run(base, "find", "plants", "calendars", "--until", "2030-01-01").stderr
    assert told.endswith("  Each word appears, but no record contains them all: leave one out.\n")


NOTHING_CLOSE = "Nothing close among 13 decisions. The nearest are:"
QUESTION = ("why", "did", "salaries", "reach", "people", "late", "during", "carnival")


def test_where_little_is_found_the_nearest_decisions_follow(base: Path) -> None:
    result = run(base, "find", *QUESTION)
    assert result.stderr.startswith("No record contains every word.\n")
    assert "leave one out" not in result.stderr
    lines = result.stdout.splitlines()
    assert lines[0] in ("Nearest by their words:", NOTHING_CLOSE)
    near = json.loads(run(base, "before", *QUESTION, "--json").stdout)
    assert [line for line in lines[1:] if not line.startswith(" ")] == [
        one["title"] for one in near
    ]
    assert near[0]["closeness"] in lines[2]
    assert ".md:" in lines[2]  # the line of the passage, as of each hit


@pytest.mark.parametrize(
    "asked",
    [
        (*QUESTION, "--json"),
        (*QUESTION, "--stage", "review"),
        ("pay-date",),
        ("qwxyz",),
        ("--kind", "decision"),
    ],
)
def test_who_asks_for_one_thing_gets_nothing_near(base: Path, asked: tuple[str, ...]) -> None:
    out = run(base, "find", *asked).stdout
    assert "Nearest by" not in out
    assert NOTHING_CLOSE not in out


def test_a_question_has_the_nearest_before_what_holds_every_word(base: Path) -> None:
    asked = ("payroll", "is", "a", "day", "late", "in", "the", "bank")
    near = json.loads(run(base, "before", *asked, "--json").stdout)
    held = json.loads(run(base, "find", *asked, "--json").stdout)
    assert near
    assert held
    lines = run(base, "find", *asked).stdout.splitlines()
    titles = [line for line in lines if not line.startswith(" ")]
    assert titles[0] in ("Nearest by their words:", NOTHING_CLOSE)
    assert titles[1 : 1 + len(near)] == [one["title"] for one in near]
    others = [one["title"] for one in held if one["id"] not in {each["id"] for each in near}]
    assert titles[1 + len(near) :] == (["With every word:", *others] if others else [])
    assert not run(base, "find", *asked, "--sort", "date").stdout.startswith(titles[0])


def test_a_slip_in_a_question_is_told_once(base: Path) -> None:
    result = run(base, "find", "payrlol", "carnival", "qwxyz")
    assert result.stderr.count("payrlol") == 1
    assert "Did you mean “payroll”? It was searched for instead." in result.stderr
    assert "“qwxyz” appears in none of them." in result.stderr


def test_a_filter_that_lets_nothing_through(base: Path) -> None:
    assert run(base, "find", "--tag", "payrol").stderr == (
        "No record is of that kind.\n  No record has the tag “payrol”. Did you mean “payroll”?\n"
    )
    assert run(base, "find", "zebra", "--stage", "review").stderr == (
        "Nothing found in 2 records.\n"
        "  “zebra” appears in none of them.\n"
        "  20 records are on record: try without a filter.\n"
    )


def test_an_empty_base(tmp_path: Path) -> None:
    (tmp_path / "decisions").mkdir()
    assert run(tmp_path, "find", "anything").stderr == "Nothing is on record yet.\n"


# Wrong use.


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ((), "give words to find, such as `onrecord find pay date`, or a filter"),
        (("  ",), "give words to find, such as `onrecord find pay date`, or a filter"),
        (("--stage", "asses"), "--stage 'asses' isn't known: did you mean \"assess\"?"),
        (("--kind", "record"), "write one of decision, role, handoff, metric, playbook"),
        (
            ("--outcome", "done"),
            "write one of open, accepted, rejected, withdrawn, retired, superseded, unsettled",
        ),
        (("--since", "2026-13-01"), "'2026-13-01' isn't a day; write YYYY-MM-DD"),
        (("--since", "2026-02-02", "--until", "2026-02-01"), "--until 2026-02-01 is before"),
        (("--limit", "0"), "0 is not in the range x>=1"),
        ((" ".join(f"word{n}" for n in range(700)),), "more than 32 different words"),
    ],
)
def test_wrong_use_says_the_right_form(base: Path, asked: tuple[str, ...], said: str) -> None:
    assert said in run(base, "find", *asked, status=2).output


@pytest.mark.parametrize(
    "odd",
    [".*", "(a|b", "[", "\\", "🚀", '"', '""x', "<b>", "x" * 5000, "\0\x1b[31m", "ä" * 60, "%s {}"],
)
def test_odd_signs_are_looked_for_as_they_stand(base: Path, odd: str) -> None:
    before = ids(base, odd)
    (base / "decisions/2026/odd.md").write_text(
        f"---\ntitle: Odd signs\nstage: assess\n---\n\n## Problem\n\nHere {odd} stands.\n",
        encoding="utf-8",
    )
    if odd.isprintable():
        assert set(ids(base, odd)) == {*before, "odd"}
    said = run(base, "find", "odd", "signs").output
    assert "\x1b" not in said
    assert "\0" not in said
