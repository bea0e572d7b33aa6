"""`onrecord status`: what a branch changes, as text, JSON and a comment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from machine_output import conforms
from repository import git
from test_cli_before import commit

from onrecord.cli import main
from onrecord.forges.comment import STATUS_MARK

ROLE = "---\ntitle: Payroll lead\npurpose: Everyone is paid.\nholder: alice\n---\n"
PAY = """---
title: Move the pay date
stage: {}
owner: payroll-lead
entered: {{assess: 2026-09-14{}}}
---

## Problem

Rents are due on the 1st.
"""
HANDOFF = "---\nfrom: alice\nto: bob\neffective: 2026-10-07\n---\n"


@pytest.fixture
def branch(tmp_path: Path) -> Path:
    root = tmp_path / "base"
    for path, text in {
        "decisions/pay.md": PAY.format("assess", ""),
        "playbooks/payroll-lead/index.md": ROLE,
    }.items():
        (root / path).parent.mkdir(parents=True)
        (root / path).write_text(text)
    git(root, "init", "-q", "-b", "main")
    commit(root)
    git(root, "checkout", "-qb", "work")
    return root


def work(root: Path) -> None:
    (root / "decisions/pay.md").write_text(PAY.format("collaborate", ", collaborate: 2026-09-16"))
    (root / "decisions/kettle.md").write_text("---\ntitle: Buy a kettle\nstage: asess\n---\n")
    (root / "playbooks/payroll-lead/handoffs").mkdir()
    (root / "playbooks/payroll-lead/handoffs/h.md").write_text(HANDOFF)
    commit(root)


def status(root: Path, *words: str) -> Result:
    arguments = ["--root", str(root), "--today", "2026-10-06", "status", "--changed", "main"]
    return CliRunner().invoke(main, [*arguments, *words])


def test_a_person_is_told_in_a_few_lines(branch: Path) -> None:
    work(branch)
    result = status(branch)
    assert result.output == (
        "decisions/kettle.md:3:8: error word-unknown: `asess` is not a stage\n"
        '    did you mean "assess"? '
        "write one of assess, collaborate, review, integrate, align\n"
        "decisions/kettle.md: Buy a kettle\n"
        "    open, in no stage that can be read\n"
        "  - its stage can't be read\n"
        "decisions/pay.md: Move the pay date\n"
        "    open, in collaborate; it was in assess\n"
        "  - line 4: nobody is consulted (@payroll-lead)\n"
        "playbooks/payroll-lead/handoffs/h.md: Payroll lead, alice to bob\n"
        "    offered\n"
        "  - the receiver's own words under “Read-back”\n"
        "  - the day, as `accepted_on`\n"
        "3 files changed, 1 finding.\n"
    ).replace("line 4", "line 2")
    assert result.exit_code == 1


def test_a_program_is_told_what_the_schema_says(branch: Path) -> None:
    work(branch)
    result = status(branch, "--json")
    assert result.exit_code == 0
    told = json.loads(result.output)
    conforms("status")(told)
    assert [(d["id"], d["stage"], d["was"]) for d in told["decisions"]] == [
        ("kettle", None, None),
        ("pay", "collaborate", "assess"),
    ]
    assert told["handoffs"][0]["turn"] == "offered"
    assert told["findings"][0]["code"] == "word-unknown"


def test_a_comment_names_the_pages_of_the_built_site(branch: Path, tmp_path: Path) -> None:
    work(branch)
    site = tmp_path / "site"
    site.mkdir()
    pages = [{"path": "decisions/pay.md", "url": "decisions/pay/"}]
    (site / "records.json").write_text(json.dumps({"records": pages}))
    result = status(
        branch, "--format", "markdown", "--site", str(site), "--download", "https://x/y"
    )
    assert result.exit_code == 0
    assert result.output.startswith(f"{STATUS_MARK}\n")
    assert "- Move the pay date: `decisions/pay/index.html`" in result.output


@pytest.mark.parametrize("text", ["", "[]", '{"records": [1]}', "\0"])
def test_a_site_that_cannot_be_read_names_no_page(branch: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "records.json").write_text(text)
    result = status(branch, "--format", "markdown", "--site", str(tmp_path))
    assert (result.exit_code, "Preview" in result.output) == (0, False)


def test_a_branch_without_changes(branch: Path) -> None:
    result = status(branch)
    assert (result.exit_code, result.output) == (0, "0 files changed, no findings.\n")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://x/) [y](z", "here"])
def test_what_is_no_address_is_refused(branch: Path, url: str) -> None:
    result = status(branch, "--files", url)
    assert result.exit_code == 2
    assert "isn't a web address" in result.output


def test_a_base_that_is_not_known_is_refused(branch: Path) -> None:
    result = CliRunner().invoke(main, ["--root", str(branch), "status", "--changed", "--output=x"])
    assert result.exit_code == 2
    assert "isn't a branch or a commit here" in result.output
