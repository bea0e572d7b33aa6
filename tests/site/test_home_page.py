"""The home page: what needs the team now, and what waits for whoever reads."""

from __future__ import annotations

import json

from building import Base, Page, Site, words


def rows(page: Page, part: str) -> list[str]:
    return [words(li) for li in page.nodes(f"section[aria-labelledby={part}] li")]


def test_what_is_stuck_comes_longest_first(northwind: Site) -> None:
    assert rows(northwind.page(), "stuck") == [
        "Water the office plants Assess, 7 weeks, usual is 7 days waits for Office lead",
        "Lamps for the desks Assess, 5 weeks, usual is 7 days; no date waits for @dan",
        "One tool to chat Integrate, 5 weeks, usual is 18 days late by 9 days",
        "Share our calendars Align, 20 days late by 7 days",
        "Move the pay date to the 28th Review, 15 days, usual is 13 days late by 5 days",
        "The printer is broken Assess, 10 days, usual is 7 days late by 8 days",
        "New laptops Assess, 2 days, usual is 7 days; no date waits for @dan",
    ]
    assert "As of 10 Oct 2026." in northwind.page().words


def test_what_is_decided_and_only_waits_to_be_acknowledged_is_no_alarm(northwind: Site) -> None:
    page = northwind.page()
    assert not any("Bring payroll home" in row for row in rows(page, "stuck"))
    assert rows(page, "decided")[:2] == [
        "Write it down Change what we can. accepted 6 Oct",
        "Bring payroll home Change what we can. accepted 1 Sep",
    ]


def test_what_needs_a_hand(northwind: Site) -> None:
    assert rows(northwind.page(), "hand") == [
        "IT lead @dan can cover it vacant",
        "Office lead @erin has left nobody holds it",
        "Payroll lead from @alice to @bob, not accepted yet offered",
        "IT lead @carol had it until 30 Sep due back",
        "Send the corrected file @bob, open loop of Payroll lead in 3 days",
    ]


def test_a_file_with_an_error_is_named_with_its_line_and_its_cure(team: Base) -> None:
    team.write("decisions/2026/broken.md", "---\ntitle: Broken\nstage: asess\n---\n")
    first = rows(team.build().page(), "hand")[0]
    assert first.startswith('broken.md line 3: did you mean "assess"?')
    assert first.endswith("can’t be read")


def test_the_rest_of_a_long_list_is_one_step_away(team: Base) -> None:
    for number in range(12):
        team.write(
            f"decisions/2026/more-{number}.md",
            f"---\ntitle: More {number}\nstage: assess\nowner: it-lead\n---\n\n## Problem\n\nX.\n",
        )
    site = team.build()
    assert len(rows(site.page(), "stuck")) == 10
    assert site.page().link("9 more") == "decisions/stuck/"
    assert len(site.page("decisions/stuck/").titles()) == 19


def test_the_search_of_home_leads_to_the_page_of_search(northwind: Site) -> None:
    form = northwind.page().nodes("form.or-ask")[0]
    assert form.attributes["action"] == "./search/"
    assert [one.attributes["name"] for one in form.css("input")] == ["q"]


def test_what_the_team_wrote_stands_below_it(northwind: Site) -> None:
    page = northwind.page()
    assert page.words.index("Stuck") < page.words.index("We decide in writing.")
    assert page.texts("h1") == ["Northwind"]
    assert not page.has(".or-hidden h1")


def test_a_heading_that_repeats_the_name_of_the_site_is_only_heard(team: Base) -> None:
    team.write("docs/index.md", "# Plain\n\nWelcome.\n")
    page = team.build().page()
    assert page.text(".or-hidden h1") == "Plain"


def test_each_person_has_a_file_of_what_waits(northwind: Site) -> None:
    buttons = {words(one): one.attributes for one in northwind.page().nodes(".or-names button")}
    assert list(buttons) == ["Alice Ames", "Bob Berg", "Carol Cole", "Dan Diaz"]
    file = buttons["Bob Berg"]["data-onrecord-me"] or ""
    found = json.loads((northwind.folder / file).read_text(encoding="utf-8"))
    assert (found["handle"], found["count"], found["late"]) == ("bob", 3, 0)
    assert found["items"][0] == {
        "ask": "Handoff",
        "title": "Payroll lead: Alice Ames to Bob Berg",
        "href": "./playbooks/payroll-lead/handoffs/2026-10-01-alice-to-bob/",
        "when": "in 2 days",
        "how": "soon",
    }


def test_many_names_are_a_list_to_choose_from(team: Base) -> None:
    asked = ", ".join(f"person-{number}" for number in range(20))
    team.write(
        "decisions/2026/ask.md",
        f"---\ntitle: Ask all\nstage: collaborate\nowner: it-lead\nconsulted: [{asked}]\n---\n",
    )
    page = team.build().page()
    assert not page.has(".or-names button")
    assert len(page.nodes(".or-names option")) == 25


def test_a_new_base_is_told_what_will_stand_here(base: Base) -> None:
    page = base.build().page()
    assert page.text("h1") == "Plain"
    assert "Nothing is stuck" in page.words
    assert not page.has("#decided, #hand, #you")


def test_without_an_index_of_the_docs_home_is_made(team: Base) -> None:
    (team.root / "docs/index.md").unlink()
    site = team.build()
    assert site.page().text("h1") == "Plain"
    assert len(rows(site.page(), "stuck")) == 7
    assert site.warnings == []


def test_a_readme_of_the_docs_is_home_as_well(team: Base) -> None:
    (team.root / "docs/index.md").rename(team.root / "docs/README.md")
    page = team.build().page()
    assert page.text("h1") == "Northwind"
    assert len(rows(page, "stuck")) == 7


def test_home_can_be_left_to_the_team(team: Base) -> None:
    site = team.build(extra={"onrecord": {"home": False}})
    assert not site.page().has("#now")
    assert site.page("decisions/").titles()
