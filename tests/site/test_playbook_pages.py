"""Roles, handoffs and metrics, each with its page, and their indexes."""

from __future__ import annotations

import re

import pytest
from building import Base, Page, Site, words

from onrecord.site.pages.wording import with_days_said


def test_a_role_shows_who_holds_it_and_who_can_cover(northwind: Site) -> None:
    page = northwind.page("playbooks/payroll-lead/")
    assert page.text("h1") == "Payroll lead"
    assert page.text(".or-purpose") == "Everyone is paid correctly and on time."
    assert page.text(".or-state").startswith("Held by @alice who offers it to @bob from 12 Oct")
    facts = page.facts
    assert facts["Holds it"] == "@alice"
    assert facts["Can cover"] == "@bob"
    assert facts["Team"] == "finance"
    assert facts["Offered"] == "@bob not accepted yet"
    order = ["Now", "This week", "Start here today", "Binds you", "Accountabilities"]
    assert [title for title in page.texts("h2") if title in order] == order


def rows_under(page: Page, heading: str) -> list[str]:
    (part,) = [one for one in page.nodes(".or-day") if one.css_first(f"#{heading}")]
    return [words(row) for row in part.css("li")]


def test_a_role_says_what_waits_now_and_what_binds_it(northwind: Site) -> None:
    page = northwind.page("playbooks/payroll-lead/")
    now = rows_under(page, "now")
    assert any("Move the pay date to the 28th" in row for row in now)
    assert rows_under(page, "binds")[0] == "Bring payroll home its own"
    assert page.link("All decisions of this role") == "decisions/role/payroll-lead/"
    assert page.link("Paid on time") == "playbooks/payroll-lead/metrics/paid-on-time/"


def test_a_role_has_its_handoffs_newest_first(northwind: Site) -> None:
    page = northwind.page("playbooks/payroll-lead/")
    (fold,) = [one for one in page.nodes("details") if one.css_first("#history")]
    assert [words(li) for li in fold.css("ul > li")] == [
        "Alice Ames to Bob Berg 12 Oct 2026 to 26 Oct 2026, offered",
        "Dan Diaz to Alice Ames 1 Jun 2025, accepted",
    ]


def test_a_vacant_role_says_so_first(northwind: Site) -> None:
    page = northwind.page("playbooks/it-lead/")
    assert page.text(".or-state") == "Vacant nobody holds this role; @dan can cover it"
    assert page.text(".or-acts .md-button--primary") == "Take it over"
    assert not northwind.page("playbooks/payroll-lead/").has(".or-state__name.or-warn")


def test_a_section_that_is_not_written_is_one_line_with_its_question(team: Base) -> None:
    path = "playbooks/it-lead/index.md"
    team.write(path, (team.root / path).read_text() + "\n## Access\n\n<!-- Where? -->\n")
    page = team.build().page("playbooks/it-lead/")
    lines = page.texts(".or-unwritten")
    assert lines[0].startswith(
        "Not written yet: what the role decides alone, and what it must put to others."
    )
    assert page.texts(".or-day > #access") == ["Access"], "a link to it leads there"
    assert page.after_heading("access").css_first("a").attributes["href"].endswith(path)
    assert len(lines) == 6


def test_a_text_with_headings_of_the_first_level_stays_as_it_is(team: Base) -> None:
    path = "playbooks/it-lead/index.md"
    team.write(path, (team.root / path).read_text() + "\n# Another book\n\n## Access\n\nAsk.\n")
    page = team.build().page("playbooks/it-lead/")
    assert not page.has(".or-unwritten")
    assert page.text(".or-text").endswith("Another book Access Ask.")


def test_a_heading_within_a_quotation_is_no_section(team: Base) -> None:
    path = "playbooks/it-lead/index.md"
    quote = "\n> ## Access\n>\n> Not here.\n\n- item\n\n    ## Access\n"
    team.write(path, (team.root / path).read_text() + quote)
    page = team.build().page("playbooks/it-lead/")
    (start,) = [one for one in page.nodes(".or-day") if one.css_first("#start-here-today")]
    assert words(start).endswith("Not here. item Access")
    assert len(page.texts(".or-unwritten")) == 6


def test_decision_rights_under_two_headings_stand_side_by_side(team: Base) -> None:
    path = "playbooks/it-lead/index.md"
    rights = "\n## Decision rights\n\n### Alone\n\n- A lamp\n\n### Ask first\n\n- A car\n"
    team.write(path, (team.root / path).read_text() + rights)
    page = team.build().page("playbooks/it-lead/")
    assert page.texts(".or-rights > div") == ["Alone A lamp", "Ask first A car"]


DUTIES = """
## Recurring duties

- **Every Monday:** read the board ([how](../office-lead/index.md)).
- On the 20th of every month: pay.
- Every Wednesday: water the plants
"""


def test_this_week_has_the_duties_with_their_days_and_how(team: Base) -> None:
    path = "playbooks/it-lead/index.md"
    team.write(path, (team.root / path).read_text() + DUTIES)
    page = team.build(today="2026-10-10").page("playbooks/it-lead/")  # a Saturday
    assert rows_under(page, "week") == [
        "Mon 12 Oct Read the board. how to: Read the board.",
        "Wed 14 Oct Water the plants",
    ]
    assert page.link("how to: Read the board.") == "playbooks/office-lead/"
    page = team.build(today="2026-10-14").page("playbooks/it-lead/")
    assert rows_under(page, "week")[0] == "Today Water the plants"
    assert "Tue 20 Oct Pay." in rows_under(page, "week")


def test_a_role_knows_whom_to_ask_and_where_they_are(team: Base) -> None:
    people = "playbooks/people.yml"
    known = (team.root / people).read_text()
    team.write(people, known + "mo: {name: Mo Day, timezone: America/New_York, hours: 9-17}\n")
    path = "playbooks/it-lead/index.md"
    team.write(
        path, (team.root / path).read_text() + "\n## Access\n\nAsk @mo. (mail@desk.example)\n"
    )
    page = team.build().page("playbooks/it-lead/")
    asked = rows_under(page, "ask")
    assert "Mo Day @mo is named under Access New York, 9-17" in asked
    assert not [row for row in asked if "desk.example" in row]  # an address is of nobody here
    (zone,) = page.nodes("#ask ~ div [data-or-zone]")
    assert zone.attributes["data-or-zone"] == "America/New_York"


def test_a_role_knows_what_was_tried_and_the_roles_beside_it(team: Base) -> None:
    no = (
        "---\ntitle: Pay in shells\nstage: align\nowner: office-lead\noutcome: rejected\n"
        "decided: 2026-09-01\nconsulted: [it-lead]\n---\n\n## Review\n\n"
        "Nobody could carry enough of them.\n"
    )
    team.write("decisions/2026/shells.md", no)
    page = team.build().page("playbooks/it-lead/")
    assert rows_under(page, "tried") == [
        "Pay in shells Nobody could carry enough of them. rejected 1 Sep"
    ]
    assert any(
        "Office lead decides with it: 1 decision" in r for r in rows_under(page, "next-door")
    )


EVERYONE = (
    "---\ntitle: Answer in two days\nstage: align\nowner: {}\noutcome: accepted\n"
    "decided: 2026-09-01\ninformed: [{}]\n---\n\n## Proposal\n\nAnswer in two days.\n"
)


def test_a_decision_that_tells_everyone_binds_each_role(base: Base) -> None:
    for who in ("ana", "bo", "cy"):
        role = f"---\ntitle: {who.title()} lead\npurpose: P.\nholder: {who}\n---\n"
        base.write(f"playbooks/{who}-lead/index.md", role)
    base.write("decisions/2026/all.md", EVERYONE.format("ana-lead", "bo, cy-lead"))
    base.write("decisions/2026/one.md", EVERYONE.format("ana-lead", "bo").replace("two", "ten"))
    site = base.build()
    assert rows_under(site.page("playbooks/bo-lead/"), "binds") == [
        "Answer in ten days Ana lead; @bo was told",
        "Answer in two days everyone",
    ]
    assert rows_under(site.page("playbooks/cy-lead/"), "binds") == ["Answer in two days everyone"]
    own = rows_under(site.page("playbooks/ana-lead/"), "binds")
    assert own == ["Answer in ten days its own", "Answer in two days its own"]


def test_the_index_of_roles_has_the_vacant_first(northwind: Site) -> None:
    page = northwind.page("playbooks/")
    assert page.titles() == ["IT lead", "Office lead", "Payroll lead"]
    rows = page.texts(".or-list tbody tr")
    assert rows[0].startswith("IT lead Our tools work. Vacant @dan 2")
    assert "Vacant @erin has left" in rows[1]
    assert rows[2].endswith("@alice @bob 1 12 Oct 2026 offered")


def test_a_handoff_says_who_is_accountable(northwind: Site) -> None:
    page = northwind.page("playbooks/payroll-lead/handoffs/2026-10-01-alice-to-bob/")
    assert (
        page.text(".or-state") == "Offered @bob hasn’t read it back yet; @alice stays accountable"
    )
    assert page.text(".or-summary").endswith("Payroll lead to Bob Berg, from 12 Oct to 26 Oct.")
    assert page.link("Read and accept")
    assert "due 13 Oct 2026" in page.text(".or-text")
    assert page.link("Payroll lead") == "playbooks/payroll-lead/"
    facts = page.facts
    assert (facts["From"], facts["To"], facts["State"]) == ("@alice", "@bob", "Watch")
    assert facts["Effective"] == "12 Oct 2026 to 26 Oct 2026"
    assert page.link("Accept: write the read-back").endswith(
        "/edit/main/playbooks/payroll-lead/handoffs/2026-10-01-alice-to-bob.md"
    )


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<li>Ask @bo due:2026-12-10</li>", "Ask @bo due 10 Dec 2026"),
        ("<li>Due: 2026-01-02, and more</li>", "due 2 Jan 2026, and more"),
        ("<p><code>x due:2026-12-10</code> due:2026-02-30</p>", None),
        ('<p><img alt="a due:2026-12-10"> overdue:2026-12-10 due:2026-12-101</p>', None),
    ],
)
def test_the_day_of_a_loop_is_a_date_to_its_reader(html: str, said: str | None) -> None:
    made = with_days_said(html)
    if said is None:
        assert made == html
    else:
        assert re.sub(r"<[^>]*>", "", made) == said
        assert '<time datetime="2026-' in made


def test_the_index_of_handoffs_by_whose_turn_it_is(northwind: Site) -> None:
    page = northwind.page("handoffs/")
    assert page.texts("h2") == ["Offered 1", "Due back 1", "Accepted 1"]
    assert page.titles() == [
        "Alice Ames to Bob Berg",
        "Dan Diaz to Carol Cole",
        "Dan Diaz to Alice Ames",
    ]


def test_a_handoff_moves_on_as_it_is_accepted_and_days_pass(team: Base) -> None:
    path = "playbooks/payroll-lead/handoffs/2026-10-01-alice-to-bob.md"
    team.change(path, "state: watch", "state: watch\naccepted_on: 2026-10-09")
    url = path.removesuffix(".md") + "/"
    # The date alone isn't enough.
    assert team.build().page(url).text(".or-state").startswith("Offered @bob")
    file = team.root / path
    file.write_text(file.read_text() + "\n## Read-back\n\nI pay people for two weeks.\n")
    site = team.build()
    assert site.page(url).text(".or-state").startswith("Accepted by @")
    earlier = "playbooks/payroll-lead/handoffs/2025-06-01-dan-to-alice/"
    assert site.page(earlier).text(".or-state").startswith("Accepted by @")
    assert (
        team.build(today="2026-11-01")
        .page(url)
        .text(".or-state")
        .startswith("Due back since 26 Oct")
    )


def test_a_metric_shows_its_target_and_values_newest_first(northwind: Site) -> None:
    page = northwind.page("playbooks/payroll-lead/metrics/paid-on-time/")
    assert page.facts["Newest"] == "99.25 % on 5 Sep 2026"
    assert page.facts["Target"] == "99 % or more"
    assert [words(row) for row in page.after_heading("values").css("tbody tr")] == [
        "5 Sep 2026 99.25 %",
        "5 Aug 2026 98.5 % one file late",
    ]


def test_a_metric_shows_large_values_whole_and_no_empty_column(base: Base) -> None:
    folder = "playbooks/lead"
    base.write(f"{folder}/index.md", "---\ntitle: L\npurpose: P\nholder: ana\n---\n")
    base.write(f"{folder}/metrics/visits.md", "---\ntitle: Visits\nrhythm: monthly\n---\n")
    base.write(f"{folder}/metrics/visits.csv", "date,value,note\n2026-09-05,12345678,\n")
    page = base.build().page(f"{folder}/metrics/visits/")
    assert page.facts["Newest"] == "12,345,678 on 5 Sep 2026"
    table = page.after_heading("values")
    assert [words(row) for row in table.css("tr")] == ["Date Value", "5 Sep 2026 12,345,678"]


def test_records_carry_the_mark_of_their_kind(northwind: Site) -> None:
    for record in northwind.records["records"]:
        assert northwind.page(record["url"]).has(f"[data-onrecord-record={record['kind']}]")


def test_a_link_in_a_chat_has_a_picture_with_a_whole_address(northwind: Site, base: Base) -> None:
    page = northwind.page("playbooks/payroll-lead/")
    (image,) = page.tree.css("meta[property='og:image']")
    address = "https://northwind.example/record/"
    assert image.attributes["content"] == f"{address}assets/onrecord/preview.png"
    assert northwind.has("assets/onrecord/preview.png")
    base.write("playbooks/lead/index.md", "---\ntitle: L\npurpose: P\nholder: ana\n---\n")
    plain = base.build().page("playbooks/lead/")
    assert not plain.tree.css("meta[property='og:image']"), "another theme holds no picture"
