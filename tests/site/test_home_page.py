"""The home page: what needs the team now."""

from __future__ import annotations

from building import Base, Site, words


def test_due_and_overdue_come_first(northwind: Site) -> None:
    assert northwind.page().titles() == [
        "One tool to chat",
        "The printer is broken",
        "Share our calendars",
        "Move the pay date to the 28th",
        "Ask everyone about the pay date",
        "Water the office plants",
    ]
    assert "As of 10 Oct 2026. 9 decisions under way." in northwind.page().words


def items(site: Site, heading: str) -> list[str]:
    return [words(li) for li in site.page().after_heading(heading).css("li")]


def test_newly_opened_and_newly_closed_newest_first(northwind: Site) -> None:
    assert items(northwind, "opened") == [
        "New laptops Assess 2 days ago",
        "The printer is broken Assess 10 days ago",
        "Ask everyone about the pay date Collaborate 12 days ago",
    ]
    assert items(northwind, "closed") == ["Write it down Accepted 4 days ago"]


def test_handoffs_that_wait(northwind: Site) -> None:
    assert items(northwind, "handoffs") == [
        "Payroll lead: alice to bob @bob has not accepted yet; @alice stays accountable",
        "IT lead: dan to carol due back since 30 Sep 2026",
    ]


def test_roles_that_nobody_holds(northwind: Site) -> None:
    assert items(northwind, "vacant") == [
        "IT lead vacant, @dan can cover it",
        "Office lead @erin has left",
    ]


def test_what_the_team_wrote_stays_above_it(northwind: Site) -> None:
    page = northwind.page()
    assert page.words.index("We decide in writing.") < page.words.index("What needs the team now")
    assert page.texts("h1") == ["Northwind"]


def test_what_has_passed_is_no_news(team: Base) -> None:
    page = team.build(today="2027-02-01").page()
    assert "Nothing was opened in the last 14 days." in page.words
    assert "Nothing was closed in the last 14 days." in page.words


def test_a_new_base_is_told_what_will_stand_here(base: Base) -> None:
    page = base.build().page()
    assert page.text("h1") == "Plain"
    assert "has a due date." in page.words
    assert not page.has("#handoffs, #vacant")


def test_without_an_index_of_the_docs_home_is_made(team: Base) -> None:
    (team.root / "docs/index.md").unlink()
    site = team.build()
    assert site.page().text("h1") == "Plain"
    assert len(site.page().titles()) == 6
    assert site.warnings == []


def test_a_readme_of_the_docs_is_home_as_well(team: Base) -> None:
    (team.root / "docs/index.md").rename(team.root / "docs/README.md")
    site = team.build()
    page = site.page()
    assert page.text("h1") == "Northwind"
    assert len(page.titles()) == 6


def test_home_can_be_left_to_the_team(team: Base) -> None:
    site = team.build(extra={"onrecord": {"home": False}})
    assert not site.page().has("#now")
    assert site.page("decisions/").titles()
