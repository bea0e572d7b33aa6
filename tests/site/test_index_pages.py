"""The index pages: exactly the right records, in the order in which they need somebody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from building import Base, Site, words

from onrecord.records.vocabulary import STAGES

BY_STAGE = {
    # Overdue first, then by due date, then what has lain longest.
    "assess": [
        "The printer is broken",
        "Water the office plants",
        "Lamps for the desks",
        "New laptops",
    ],
    "collaborate": ["Ask everyone about the pay date"],
    "review": ["Move the pay date to the 28th"],
    "integrate": ["One tool to chat"],
    # The outcome is there, but not everybody has acknowledged it.
    "align": ["Share our calendars", "Bring payroll home"],
}


def test_each_stage_lists_its_open_decisions(northwind: Site) -> None:
    for stage in STAGES:
        page = northwind.page(f"decisions/stage/{stage}/")
        assert page.text("h1") == stage.title
        assert page.titles() == BY_STAGE[stage]


def test_a_stage_says_who_must_do_what_by_when(northwind: Site) -> None:
    rows = northwind.page("decisions/stage/assess/").texts(".or-list tbody tr")
    assert rows == [
        "The printer is broken ready to move on IT lead late by 8 days 10 days",
        "Water the office plants ready to move on Office lead in 20 days 7 weeks",
        "Lamps for the desks the section “Proposal” is missing: @dan, and 1 more @dan 5 weeks",
        "New laptops the section “Problem” is empty: @dan, and 1 more @dan 2 days",
    ]


def test_overdue_moves_with_the_day(northwind: Site, team: Base) -> None:
    def overdue(site: Site) -> list[str]:
        rows = site.page("decisions/").nodes(".or-list tr:has(.or-due--overdue)")
        return sorted(words(row.css_first("a")) for row in rows)

    assert overdue(northwind) == [
        "Move the pay date to the 28th",
        "One tool to chat",
        "Share our calendars",
        "The printer is broken",
    ]
    assert overdue(team.build(today="2026-10-02")) == ["One tool to chat"]


def test_the_board_lists_what_is_only_in_a_request(
    team: Base, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The file may hold anything: nothing of it acts, and no address leads elsewhere."""
    own, path = "https://forge.example/northwind/record", "decisions/2026/new-laptops.md"
    known = next(str(f.relative_to(team.root)) for f in team.root.rglob("new-laptops.md"))
    listed = [
        {
            "number": 7,
            "title": "<script>x</script> Day",
            "url": f"{own}/pull/7",
            "paths": ["decisions/2026/begun.md", known, "../../etc/passwd", "decisions/a.md"],
        },
        {"number": 8, "title": "Elsewhere", "url": "https://evil.example/pull/8", "paths": [path]},
        {"number": 9, "title": "Script", "url": "javascript:alert(1)", "paths": [path]},
        {"number": 10, "title": "Up", "url": f"{own}/../../evil", "paths": [path]},
        {"number": "11", "title": 1, "url": own, "paths": {}},
        7,
    ]
    file = tmp_path / "requests.json"
    file.write_text(json.dumps(listed), encoding="utf-8")
    monkeypatch.setenv("ONRECORD_REQUESTS", str(file))
    page = team.build().page("decisions/")
    (row,) = page.nodes("#requests ~ ul.or-links li")
    assert words(row) == (
        "<script>x</script> Day request 7; begins begun.md; changes New laptops; begins a.md"
    )
    assert row.css_first("a").attributes["href"] == f"{own}/pull/7"
    for broken in ("[", "{}", "[" * 100_000, ""):
        file.write_text(broken, encoding="utf-8")
        assert not team.build().page("decisions/").nodes("#requests")


def test_the_board_holds_every_open_decision_once_by_stage(northwind: Site) -> None:
    page = northwind.page("decisions/")
    assert page.titles() == [title for titles in BY_STAGE.values() for title in titles]
    assert page.texts(".or-road li") == [f"{s.title} {len(BY_STAGE[s])}" for s in STAGES]
    for stage in STAGES:
        assert page.link(stage.title) == f"decisions/stage/{stage}/"


def test_closed_decisions_by_outcome(northwind: Site) -> None:
    listed = {
        status: northwind.page(f"decisions/outcome/{status}/").titles()
        for status in ("accepted", "rejected", "withdrawn", "superseded")
    }
    assert listed == {
        "accepted": ["Write it down", "Bring payroll home"],
        "rejected": ["Work four days a week"],
        "withdrawn": ["Buy a boat"],
        "superseded": ["Choose a payroll tool"],
    }


def test_the_closed_page_leads_everywhere_and_counts(northwind: Site) -> None:
    page = northwind.page("decisions/closed/")
    assert page.titles() == [
        "Write it down",
        "Bring payroll home",
        "Buy a boat",
        "Work four days a week",
        "Choose a payroll tool",
    ]
    assert page.texts(".or-strip li") == [
        "Accepted 2",
        "Rejected 1",
        "Withdrawn 1",
        "Retired 0",
        "Superseded 1",
    ]
    facets = {words(s.css_first("h2")): s for s in page.nodes(".or-facets section")}
    counts = {name: [words(li) for li in s.css("li")] for name, s in facets.items()}
    assert counts == {
        "By year": ["2026 2", "2025 2", "2024 1"],
        "By role": ["@dan 1", "Office lead 2", "Payroll lead 2"],
        "By tag": ["payroll 2", "tools 1"],
    }


def test_decisions_of_a_year(northwind: Site) -> None:
    # By the day of the outcome, else the day it was opened.
    assert northwind.page("decisions/year/2025/").titles() == [
        "Buy a boat",
        "Work four days a week",
    ]
    assert northwind.page("decisions/year/2024/").titles() == ["Choose a payroll tool"]
    assert len(northwind.page("decisions/year/2026/").titles()) == 10
    assert not northwind.has("decisions/year/undated")


def test_decisions_of_a_role_or_person(northwind: Site) -> None:
    page = northwind.page("decisions/role/payroll-lead/")
    assert page.text("h1") == "Decisions of Payroll lead"
    assert page.texts("h2") == ["Open 1", "Closed 2"]
    assert page.titles() == [
        "Move the pay date to the 28th",
        "Bring payroll home",
        "Choose a payroll tool",
    ]
    assert northwind.page("decisions/role/dan/").titles() == [
        "Lamps for the desks",
        "New laptops",
        "Buy a boat",
    ]


def test_decisions_with_a_tag(northwind: Site) -> None:
    page = northwind.page("decisions/tag/tools/")
    assert page.titles() == ["One tool to chat", "The printer is broken", "Choose a payroll tool"]
    assert (
        northwind.page("decisions/tag/pay-time-c05a7f78/").text("h1")
        == "Decisions tagged “Pay & time”"
    )


def decision(title: str, more: str) -> str:
    return f"---\ntitle: {title}\nstage: assess\n{more}\n---\n"


def test_tags_that_differ_in_signs_alone_share_a_page(base: Base) -> None:
    base.write("decisions/a.md", decision("A", "tags: [Pay roll, C++]"))
    base.write("decisions/b.md", decision("B", "tags: [pay-roll, '日本', '!']"))
    site = base.build()
    assert site.page("decisions/tag/pay-roll/").titles() == ["A", "B"]
    assert site.page("decisions/a/").links().count("decisions/tag/pay-roll/") == 1
    assert site.dead_links() == []


def test_owners_that_differ_in_signs_alone_lose_no_decision(base: Base) -> None:
    for number, owner in enumerate(("ana.b", "ana-b", "Ana-B")):
        base.write(f"decisions/d{number}.md", decision(f"D{number}", f'owner: "@{owner}"'))
    site = base.build()
    for number in range(3):
        links = site.decision(f"d{number}").links()
        page = site.page(next(one for one in links if one.startswith("decisions/role/")))
        assert f"D{number}" in page.titles()


def test_a_decision_without_dates_has_a_place_too(base: Base) -> None:
    base.write("decisions/a.md", decision("A", ""))
    site = base.build()
    assert site.page("decisions/year/undated/").titles() == ["A"]
    assert site.page("decisions/").titles() == ["A"]


def test_empty_pages_teach(base: Base) -> None:
    site = base.build()
    assert site.warnings == []
    assert site.page("decisions/stage/review/").text(".or-empty") == (
        "No decision is in review now. This is where the owner resolves and reviews."
    )
    assert len(site.page("decisions/").texts(".or-empty")) == 5
    for url in ("decisions/closed/", "playbooks/", "handoffs/", "decisions/outcome/accepted/"):
        assert site.page(url).text(".or-empty")


def test_no_record_stands_in_the_nav(northwind: Site) -> None:
    urls = {record["url"] for record in northwind.records["records"]}
    page = northwind.page("guide/start/")
    in_nav = {page.target(a) for a in page.tree.css(".md-nav--primary a[href]")}
    assert {"decisions/", "playbooks/", "handoffs/", "decisions/closed/"} <= in_nav
    assert not urls & in_nav


def test_every_link_of_the_site_leads_somewhere(northwind: Site) -> None:
    assert northwind.dead_links() == []


def test_a_very_long_list_comes_in_parts(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onrecord.site.pages.indexes.MOST_ROWS", 20)
    monkeypatch.setattr("onrecord.site.pages.indexes.MOST_CLOSED", 5)
    monkeypatch.setattr("onrecord.site.pages.indexes.MOST_OF_STAGE", 3)
    titles = {}
    for n in range(50):
        year, month = (2025, 1 + n % 3) if n < 40 else (2026, 2)
        day = f"{year}-{month:02}-{1 + n % 27:02}"
        outcome = f"outcome: accepted\ndecided: {day}\n" if n % 5 else ""
        stage = "align" if outcome else "review"
        base.write(
            f"decisions/d{n}.md",
            f"---\ntitle: D{n:02}\nstage: {stage}\nowner: ana\n{outcome}"
            f"entered: {{assess: {day}, {stage}: {day}}}\n---\n",
        )
        titles[f"D{n:02}"] = day[:7]
    site = base.build()
    of_role = site.page("decisions/role/ana/")
    assert of_role.texts(".or-facets li") == ["2026 10", "2025 40"]
    assert len(of_role.titles()) == 10  # five open, five closed
    assert "The newest 5 of 40" in of_role.words
    assert len(site.page("decisions/role/ana/2026/").titles()) == 10
    year = site.page("decisions/role/ana/2025/")
    assert year.texts(".or-facets li") == ["Mar 2025 13", "Feb 2025 13", "Jan 2025 14"]
    found = [
        title
        for month in ("01", "02", "03")
        for title in site.page(f"decisions/year/2025/{month}/").titles()
    ]
    assert sorted(found) == sorted(t for t, month in titles.items() if month < "2026")
    assert site.page("decisions/year/2025/02/").text("h1") == "Decisions of 2025: Feb 2025"
    assert len(site.page("decisions/").titles()) == 3
    assert site.page("decisions/").link("7 more in review") == "decisions/stage/review/"
    assert site.dead_links() == []
