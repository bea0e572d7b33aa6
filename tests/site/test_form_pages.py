"""The pages with forms: where they are reached from, and what they hold without scripts."""

from __future__ import annotations

import json
from typing import Any

from building import PLAIN, Base, Site


def test_the_forms_are_a_step_away(northwind: Site) -> None:
    assert northwind.page().link("Start a decision") == "start/"
    assert northwind.page("decisions/").link("Start a decision") == "start/"
    assert northwind.page("decisions/stage/assess/").link("Start a decision") == "start/"
    assert northwind.page("playbooks/").link("Describe a role") == "start/role/"
    assert northwind.page("handoffs/").link("Write a handoff") == "start/handoff/"
    role = northwind.page("playbooks/payroll-lead/")
    assert role.link("Hand it on") == "start/handoff/?role=payroll-lead"


def test_the_text_to_begin_with_stands_on_the_page(northwind: Site) -> None:
    for url, path in (
        ("start/", "decisions/2026/what-we-decide.md"),
        ("start/handoff/", "playbooks/a-role/handoffs/2026-10-10-ana-to-bob.md"),
        ("start/role/", "playbooks/a-role/index.md"),
    ):
        page = northwind.page(url)
        assert path in page.texts("code")
        (text,) = [t for t in page.texts("details pre") if t.startswith("---")]
        assert " ## " in text


def facts(site: Site, url: str) -> dict[str, Any]:
    node = site.page(url).content.css_first("#or-data")
    assert node is not None
    loaded: dict[str, Any] = json.loads(node.attributes["data-facts"] or "")
    return loaded


def test_people_who_have_left_are_not_asked(northwind: Site) -> None:
    asked = [
        node.attributes["value"] for node in northwind.page("start/").nodes("[name=consulted]")
    ]
    assert "bob" in asked
    assert "erin" not in asked


def test_a_role_has_a_file_of_what_its_handoff_begins_with(northwind: Site) -> None:
    known = facts(northwind, "start/handoff/")["facts"]
    assert known["payroll-lead"] == "../../start/handoff/payroll-lead.json"
    file = northwind.folder / "start/handoff/payroll-lead.json"
    begins = json.loads(file.read_text(encoding="utf-8"))
    assert begins["from"] == "alice"
    assert "- [ ] " in begins["sections"]["Open loops"]


def test_the_place_is_told_to_the_scripts(team: Base) -> None:
    assert facts(team.build(), "start/")["place"] == {
        "name": "GitHub",
        "form": "{repo}/new/{folder}?filename={name}&value={text}",
        "repo": "https://forge.example/northwind/record",
        "branch": "main",
        "prefix": "",
        "most": 6000,
    }
    team.configure(PLAIN)
    assert facts(team.build(), "start/")["place"] is None


def test_the_index_is_shipped_unless_precedents_are_left_out(team: Base) -> None:
    site = team.build()
    top = json.loads((site.folder / "assets/onrecord-nearest/top.json").read_text("utf-8"))
    decisions = [r for r in site.records["records"] if r["kind"] == "decision"]
    assert top["size"] == len(decisions)
    chunks = sorted((site.folder / "assets/onrecord-nearest/decisions").iterdir())
    rows = [row for chunk in chunks for row in json.loads(chunk.read_text("utf-8"))]
    assert {row[1] for row in rows} == {r["url"] for r in decisions}
    quiet = team.build(to="quiet", extra={"onrecord": {"precedents": False}})
    assert not quiet.has("assets/onrecord-nearest")
    assert not quiet.page("start/").has("#or-before")


def test_a_base_of_nothing_has_forms(base: Base) -> None:
    site = base.build(strict=True)
    assert site.page("start/").has("#or-form")
    assert "No role is described yet" in site.page("start/handoff/").words


def test_the_next_step_stands_with_its_lines(northwind: Site) -> None:
    lines = northwind.decision("2026/survey-pay-date").texts(".or-line code")
    assert lines
    assert all(line.startswith("- [ ] @") for line in lines)
    offered = northwind.page("playbooks/payroll-lead/handoffs/2026-10-01-alice-to-bob/")
    assert offered.texts(".or-line code")[0] == "accepted_on: 2026-10-10"
