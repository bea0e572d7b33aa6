"""records.json, which other programs read, and the marker by which a site proves itself."""

from __future__ import annotations

from pathlib import Path

import fastjsonschema
import pytest
from building import NORTHWIND, PLAIN, TODAY, Base, Site
from click.testing import CliRunner
from machine_output import conforms

from onrecord.cli import main


def test_it_is_what_its_schema_says(northwind: Site) -> None:
    conforms("records")(northwind.records)


def test_a_decision_has_the_conversation_on_it(northwind: Site) -> None:
    first, second, third = northwind.record("decisions/2026/pay-date.md")["conversation"]
    assert first == {
        "key": "line-34",
        "from": "bob",
        "says": "feedback",
        "state": "open",
        "text": "what about bank holidays?",
        "day": None,
        "was_asked": True,
        "path": "decisions/2026/pay-date.md",
        "line": 34,
        "answers": [],
    }
    assert [second["state"], third["state"]] == ["no objection", "no answer"]


def test_the_schema_refuses_what_is_wrong(northwind: Site) -> None:
    for key, value in (("status", "done"), ("kind", "choice"), ("entered", [])):
        records = northwind.records
        records["records"][0][key] = value
        with pytest.raises(fastjsonschema.JsonSchemaValueException):
            conforms("records")(records)


def test_it_holds_every_record_once_with_its_page(northwind: Site) -> None:
    records = northwind.records["records"]
    paths = [record["path"] for record in records]
    there = {
        path.relative_to(NORTHWIND).as_posix()
        for folder in ("decisions", "playbooks")
        for path in (NORTHWIND / folder).rglob("*.md")
        if path.name != "README.md"
    }
    assert sorted(paths) == sorted(there)
    assert northwind.records["as_of"] == TODAY
    for record in records:
        assert northwind.has(record["url"] + "index.html")


def test_a_decision_is_given_with_what_is_derived(northwind: Site) -> None:
    found = northwind.record("decisions/2026/pay-date.md")
    del found["conversation"]
    assert found == {
        "id": "pay-date",
        "kind": "decision",
        "path": "decisions/2026/pay-date.md",
        "url": "decisions/2026/pay-date/",
        "markdown": "decisions/2026/pay-date/index.md",
        "title": "Move the pay date to the 28th",
        "concerns": {"roles": ["payroll-lead"], "people": ["bob", "carol", "dan", "alice"]},
        "linked_from": [
            "docs/guide/start.md",
            "playbooks/payroll-lead/handoffs/2026-10-01-alice-to-bob.md",
        ],
        "status": "open",
        "answers": "alice",
        "under_way": True,
        "filed": "2026-09-14",
        "due_now": "2026-10-05",
        "waits_for": ["payroll-lead"],
        "missing": ["1 of 3 feedback items are not resolved", "the section “Review” is missing"],
        "stage": "review",
        "owner": "payroll-lead",
        "asked": [],
        "summary": "Change what we can.",
        "due": "2026-10-05",
        "entered": {
            "assess": "2026-09-14",
            "collaborate": "2026-09-16",
            "review": "2026-09-25",
        },
        "consulted": ["bob", "carol", "dan"],
        "informed": ["alice", "bob"],
        "aligned": [],
        "outcome": None,
        "decided": None,
        "supersedes": [],
        "superseded_by": [],
        "related": ["survey-pay-date"],
        "precedents": [
            {
                "record": "choose-payroll-tool",
                "verdict": "differs",
                "why": "That was about the vendor, not the date.",
            }
        ],
        "revisit": None,
        "governs": [],
        "expects": [],
        "expects_nothing": None,
        "due_for_a_look": False,
        "tags": ["payroll", "Pay & time"],
        "aliases": [],
        "imported": None,
    }
    old = northwind.record("decisions/2024/choose-payroll-tool.md")
    assert (old["status"], old["superseded_by"]) == ("superseded", ["bring-payroll-home"])
    assert northwind.record("decisions/2026/survey-pay-date.md")["related"] == ["pay-date"]


def test_roles_handoffs_and_metrics_are_given_too(northwind: Site) -> None:
    assert northwind.record("playbooks/it-lead/index.md")["holder"] is None
    handoff = northwind.record("playbooks/it-lead/handoffs/2026-09-01-dan-to-carol.md")
    assert (handoff["role"], handoff["from"], handoff["to"]) == ("it-lead", "dan", "carol")
    assert handoff["status"] == "due back"
    metric = northwind.record("playbooks/payroll-lead/metrics/paid-on-time.md")
    assert (metric["target"], metric["direction"], metric["unit"]) == (99, "up", "%")
    assert metric["values"] == [
        {"date": "2026-08-05", "value": 98.5, "note": "one file late", "origin": None},
        {"date": "2026-09-05", "value": 99.25, "note": "", "origin": None},
    ]


# The check of a built site.


def checked(root: Path, site: Path) -> tuple[int, str]:
    found = CliRunner().invoke(main, ["--root", str(root), "check", "--site", str(site)])
    return found.exit_code, found.output


def test_a_site_of_our_hooks_passes_the_check(team: Base) -> None:
    team.change("playbooks/people.yml", ", active: false", "")  # a holder who left is a finding
    site = team.build()
    assert checked(team.root, site.folder)[0] == 0
    site = team.build("files", use_directory_urls=False)
    assert checked(team.root, site.folder)[0] == 0


def test_odd_names_pass_the_check(base: Base) -> None:
    for name in ("v1.2", "page.html", "c# 50%", "größe"):
        front = "title: X\nstage: assess\nentered: {assess: 2026-10-01}"
        base.write(f"decisions/{name}.md", f"---\n{front}\n---\n")
    code, said = checked(base.root, base.build().folder)
    assert code == 0, said


def test_a_site_built_without_the_hooks_fails_it(team: Base) -> None:
    team.configure({**PLAIN, "hooks": []})
    site = team.build()
    assert site.has("index.html")
    code, said = checked(team.root, site.folder)
    assert code == 1
    assert "built without OnRecord's hooks" in said


def test_a_site_that_lost_a_page_fails_it(team: Base) -> None:
    site = team.build()
    (site.folder / "decisions/2026/pay-date/index.html").unlink()
    code, said = checked(team.root, site.folder)
    assert code == 1
    assert "decisions/2026/pay-date.md" in said


def test_a_site_of_yesterday_fails_it(team: Base) -> None:
    site = team.build()
    front = "title: New\nstage: assess\nowner: it-lead"
    team.write("decisions/2026/new.md", f"---\n{front}\n---\n")
    code, said = checked(team.root, site.folder)
    assert code == 1
    assert "build the site again" in said
