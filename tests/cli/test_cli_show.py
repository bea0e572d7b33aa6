"""`onrecord show` and `onrecord brief`: a record whole, and a role in few words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from building import NORTHWIND, TODAY, Base
from click.testing import CliRunner, Result
from machine_output import conforms

from onrecord.cli import main
from onrecord.site.machine.brief import MOST_TOKENS, tokens_at_most


def run(root: Path, *words: str) -> Result:
    words = ("--root", str(root), "--today", TODAY, *words)
    return CliRunner().invoke(main, words, catch_exceptions=False)


@pytest.fixture
def base(tmp_path: Path) -> Base:
    return Base(tmp_path / "base")


@pytest.fixture
def team(tmp_path: Path) -> Base:
    return Base(tmp_path / "base", like=NORTHWIND)


def printed(*words: str) -> str:
    result = run(NORTHWIND, *words)
    assert result.exit_code == 0, result.output
    return result.stdout


# show


def test_a_superseded_decision_names_its_successor() -> None:
    said = printed("show", "choose-payroll-tool")
    assert f"Status on {TODAY}: superseded." in said
    assert "by [Bring payroll home](../2026/bring-payroll-home.md); that one is in force" in said


def test_it_prints_what_an_export_writes(tmp_path: Path) -> None:
    printed("export", str(tmp_path / "out"))
    exported = (tmp_path / "out/docs/decisions/2026/write-it-down.md").read_text()
    lines = exported.split("\n---\n", 1)[1].splitlines()
    shown = printed("show", "write-it-down").splitlines()
    here = {line for line in lines if "](" not in line}
    assert here <= set(shown)
    assert len(here) > 10


@pytest.mark.parametrize(
    "name",
    [
        "pay-date",
        "pay-date.md",
        "decisions/2026/pay-date",
        "decisions/2026/pay-date.md",
        "./decisions/2026/pay-date.md:12",
        "decisions/2026/pay-date/",
    ],
)
def test_a_name_or_a_path_will_do(name: str) -> None:
    assert "# Move the pay date to the 28th" in printed("show", name)


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("payroll-lead", "# Payroll lead"),
        ("playbooks/payroll-lead", "# Payroll lead"),
        ("payroll-lead/paid-on-time", "# Paid on time"),
        ("paid-on-time", "# Paid on time"),
        ("it-lead/2026-09-01-dan-to-carol", "# Dan Diaz to Carol Cole"),
    ],
)
def test_every_kind_is_shown(name: str, heading: str) -> None:
    assert heading in printed("show", name).splitlines()
    found = json.loads(printed("show", name, "--json"))
    conforms("show")(found)
    assert heading in found["text"].splitlines()


def test_json_has_what_records_json_has() -> None:
    found = json.loads(printed("show", "choose-payroll-tool", "--json"))
    conforms("show")(found)
    assert found["status"] == "superseded"
    assert found["superseded_by"] == ["bring-payroll-home"]
    assert found["url"] == "decisions/2024/choose-payroll-tool/"


def test_an_unknown_name_is_wrong_use() -> None:
    result = run(NORTHWIND, "show", "pay-dat")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no record 'pay-dat': did you mean \"pay-date\"?" in result.stderr


def test_two_of_one_id_are_told_apart_by_their_paths(team: Base) -> None:
    team.write("decisions/2026/it-lead.md", "---\ntitle: Two\nstage: assess\n---\n")
    result = run(team.root, "show", "it-lead")
    assert result.exit_code == 2
    assert "decisions/2026/it-lead.md or playbooks/it-lead/index.md" in result.stderr
    assert "# Two" in run(team.root, "show", "decisions/2026/it-lead.md").stdout


def test_a_replys_path_shows_what_it_replies_to(team: Base) -> None:
    path = "decisions/2026/pay-date/2026-09-20-carol.md"
    team.write(path, "---\nfrom: carol\nsays: feedback\n---\nWho tells the bank?\n")
    said = run(team.root, "show", path).stdout
    assert "## Conversation" in said
    assert "Who tells the bank?" in said


# brief


def test_a_brief_holds_what_a_newcomer_needs() -> None:
    said = printed("brief", "payroll-lead")
    parts = [line.removeprefix("## ") for line in said.splitlines() if line.startswith("## ")]
    assert parts == [
        "Start here today",
        "Decision rights",
        "What binds it",
        "Open decisions",
        "Open loops",
        "Numbers",
        "Handoffs",
        "Whom to ask",
        "Recurring duties",
        "Accountabilities",
        "Access",
        "Who depends on this",
        "If this happens",
    ]
    for one in (
        "Everyone is paid correctly and on time.",
        "- Held by @alice",
        "- **Bring payroll home** (`bring-payroll-home`, since 2026-09-01; its own).",
        "- **Move the pay date to the 28th** (`pay-date`, in review, due 2026-10-05, overdue,",
        "- Send the corrected file (@bob, due 2026-10-13;",
        "99.25 % on 2026-09-05, target 99 % or more; on target",
        "**Offered**, from @alice to @bob, 2026-10-12 to 2026-10-26, state watch",
        "- @bob Bob Berg: was asked to take it",
    ):
        assert one in said
    assert "\nCut here" not in said


def test_a_brief_is_json_too() -> None:
    found = json.loads(printed("brief", "payroll-lead", "--json"))
    conforms("brief")(found)
    assert [one["id"] for one in found["open"]] == ["pay-date", "bring-payroll-home"]
    assert found["handoffs"][0]["status"] == "offered"
    assert found["cut"] == []


@pytest.mark.parametrize("name", ["Payroll-Lead", "playbooks/payroll-lead/index.md"])
def test_a_role_is_known_by_any_spelling(name: str) -> None:
    assert printed("brief", name).startswith("# Payroll lead\n")


@pytest.mark.parametrize("name", ["pay-date", "payroll", "decisions/2026/pay-date.md", "a/b"])
def test_what_is_no_role_has_no_brief(name: str) -> None:
    result = run(NORTHWIND, "brief", name)
    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize("word", ["word ", "давно ", "支払い日を", "🎉🎉 ", "\\_*`[]| "])
def test_a_brief_stays_short_whatever_is_written(base: Base, word: str) -> None:
    long = word * 600
    sections = "".join(
        f"## {title}\n\n{long}\n\n- {long}\n\n"
        for title in (
            *("Start here today", "Decision rights", "Accountabilities", "Recurring duties"),
            *("Access", "Who depends on this", "If this happens"),
        )
    )
    base.write(
        "playbooks/big/index.md",
        f'---\ntitle: "{"Big " * 90}"\npurpose: Everything.\nholder: ana\n'
        f"backups: [{', '.join(f'b{n}' for n in range(200))}]\n---\n{sections}",
    )
    loops = "".join(f"- [ ] {n} {word * 90} @ana due:2026-10-03\n" for n in range(60))
    base.write(
        "playbooks/big/handoffs/2026-01-01-bo-to-ana.md",
        "---\nfrom: bo\nto: ana\neffective: 2026-01-01\naccepted_on: 2026-01-01\n---\n"
        f"## Situation\n\n{long}\n\n## Open loops\n\n{loops}\n## Read-back\n\nMine.\n",
    )
    for n in range(60):
        outcome = "outcome: accepted\ndecided: 2026-01-02\n" if n % 2 else ""
        base.write(
            f"decisions/d{n}.md",
            f"---\ntitle: Decision {n}\nstage: align\nowner: big\n{outcome}---\n"
            f"## Proposal\n\n{word * 40}.\n",
        )
    said = run(base.root, "brief", "big").stdout
    assert tokens_at_most(said) <= MOST_TOKENS
    assert tokens_at_most(run(base.root, "brief", "big", "--json").stdout) <= MOST_TOKENS
    assert "## If this happens" in said
    assert "Cut here to keep it short: " in said
