"""A decision's page: where it stands, what it waits for, and what it is connected with."""

from __future__ import annotations

import pytest
from building import Base, Site, words

from onrecord.records.vocabulary import STAGES

EDIT = "https://forge.example/northwind/record/edit/main/"


def decision_urls(site: Site) -> list[str]:
    return [r["url"] for r in site.records["records"] if r["kind"] == "decision"]


def test_every_decision_shows_the_five_stages_in_order(northwind: Site) -> None:
    urls = decision_urls(northwind)
    assert len(urls) == 13
    for url in urls:
        names = northwind.page(url).texts("ol.or-steps > li > .or-step__name")
        assert names == [stage.title for stage in STAGES], url


def test_each_stage_says_when_it_began_and_how_long_it_took(northwind: Site) -> None:
    page = northwind.decision("2026/pay-date")
    assert page.texts("ol.or-steps > li") == [
        "Assess, done 14 Sep, 2 days",
        "Collaborate, done 16 Sep, 9 days",
        "Review since 25 Sep",
        "Integrate to come",
        "Align to come",
    ]
    dates = [node.attributes["datetime"] for node in page.nodes(".or-steps time")]
    assert dates == ["2026-09-14", "2026-09-16", "2026-09-25"]
    assert page.text("[aria-current=step] .or-step__name") == "Review"


def test_a_decision_closed_early_leaves_the_later_stages_out(northwind: Site) -> None:
    steps = northwind.decision("2025/four-day-week").texts("ol.or-steps > li")
    assert steps[2:] == ["Review 3 Mar 2025, 17 days", "Integrate left out", "Align left out"]


def missing(site: Site, name: str) -> list[str]:
    return site.decision(name).texts(".or-next li")


def test_the_gate_says_what_is_missing_and_who_must_act(northwind: Site) -> None:
    page = northwind.decision("2026/pay-date")
    assert page.text(".or-next h2") == "Missing before integrate"
    assert page.texts(".or-next li") == [
        "1 of 3 feedback items are not resolved: Payroll lead",
        "The section “Review” is missing: Payroll lead",
    ]
    assert missing(northwind, "2026/survey-pay-date") == ["Waiting for feedback from 1 of 2: @dan"]
    # A comment of the template is not yet a proposal.
    assert missing(northwind, "2026/new-laptops") == [
        "The section “Problem” is empty: @dan",
        "The section “Proposal” is empty: @dan",
    ]
    outcome, effect = missing(northwind, "2026/one-chat-tool")
    assert outcome == "The outcome isn't written: IT lead"
    assert effect.startswith("Nothing says what it should change: name a metric, a value and a day")
    assert "1 of 2 informed have not acknowledged: @alice" in missing(
        northwind, "2026/share-calendars"
    )


def test_what_is_missing_goes_once_it_is_written(team: Base) -> None:
    path = "decisions/2026/pay-date.md"
    team.change(path, "- [ ] @bob", "- [x] @bob")
    assert missing(team.build(), "2026/pay-date") == [
        "The section “Review” is missing: Payroll lead"
    ]
    file = team.root / path
    file.write_text(file.read_text() + "\n## Review\n\nThe 28th works.\n")
    page = team.build().decision("2026/pay-date")
    assert page.text(".or-next h2") == "Ready for integrate"
    assert "onrecord advance pay-date" in page.text(".or-next p:not(.or-act)")


def test_a_closed_decision_asks_for_nothing_but_those_to_be_aligned(northwind: Site) -> None:
    assert not northwind.decision("2025/four-day-week").has(".or-next")
    assert not northwind.decision("2026/write-it-down").has(".or-next")
    page = northwind.decision("2026/bring-payroll-home")
    assert page.text(".or-next h2") == "Waiting for the team to be aligned"
    assert page.texts(".or-next li") == ["2 of 3 informed have not acknowledged: @bob, @carol"]


def test_the_owner_is_a_role_with_its_page_or_a_person(northwind: Site) -> None:
    page = northwind.decision("2026/pay-date")
    assert page.facts["Owner"] == "Payroll lead, @alice"
    assert page.target(page.nodes(".or-facts .or-role")[0]) == "playbooks/payroll-lead/"
    assert page.target(page.nodes(".or-eyebrow a")[1]) == "decisions/role/payroll-lead/"
    assert northwind.decision("2026/desk-lamps").facts["Owner"] == "@dan"


def test_people_are_shown_with_whether_they_have_answered(northwind: Site) -> None:
    page = northwind.decision("2026/pay-date")
    assert page.facts["Asked"] == "@bob answered @carol answered @dan no answer"
    assert northwind.decision("2026/survey-pay-date").facts["Asked"] == "@bob answered @dan not yet"
    assert page.facts["Told"] == "@alice, @bob once decided"
    names = [node.attributes.get("title") for node in page.nodes(".or-people .or-person")]
    assert names == ["Bob Berg", "Carol Cole", "Dan Diaz"]


@pytest.mark.parametrize(
    ("today", "shown", "kind"),
    [
        ("2026-10-01", "Mon 5 Oct in 4 days", "later"),
        ("2026-10-03", "Mon 5 Oct in 2 days", "soon"),
        ("2026-10-05", "Mon 5 Oct today", "soon"),
        ("2026-10-06", "Mon 5 Oct late, yesterday", "overdue"),
        ("2026-11-20", "Mon 5 Oct late, 6 weeks ago", "overdue"),
    ],
)
def test_a_due_date_says_how_far_it_is(base: Base, today: str, shown: str, kind: str) -> None:
    base.write(
        "decisions/x.md",
        "---\ntitle: X\nstage: review\ndue: 2026-10-05\nentered: {review: 2026-09-25}\n---\n",
    )
    page = base.build(today=today).decision("x")
    assert page.facts["Due"] == shown
    assert page.has(f".or-due--{kind}")


def test_a_date_of_an_earlier_stage_is_not_due_now(base: Base) -> None:
    base.write(
        "decisions/x.md",
        "---\ntitle: X\nstage: review\ndue: 2026-09-20\n"
        "entered: {assess: 2026-09-10, review: 2026-09-25}\n---\n",
    )
    facts = base.build().decision("x").facts
    assert "Due" not in facts


def state(site: Site, name: str) -> str:
    return site.decision(name).text(".or-state")


def test_a_line_says_where_it_stands(northwind: Site) -> None:
    assert state(northwind, "2026/write-it-down") == "Accepted 6 Oct, in force"
    assert state(northwind, "2025/four-day-week").startswith("Rejected 20 Mar 2025")
    assert state(northwind, "2025/buy-a-boat").startswith("Withdrawn 6 May 2025")
    assert state(northwind, "2026/pay-date") == (
        "Review, late by 5 days 1 comment still to answer for Payroll lead"
    )
    assert state(northwind, "2026/survey-pay-date") == (
        "Collaborate 1 of 2 have answered, waits for @dan until Mon 12 Oct"
    )
    assert state(northwind, "2026/new-laptops") == "Assess still missing: Problem and Proposal"
    assert state(northwind, "2026/bring-payroll-home") == (
        "Accepted, aligning 1 of 3 know it, waits for @bob and @carol"
    )
    assert "that day has come" in northwind.decision("2026/bring-payroll-home").facts["Look again"]


@pytest.mark.parametrize(
    ("name", "act"),
    [
        ("2026/survey-pay-date", "Give feedback"),
        ("2026/pay-date", "Answer Bob"),
        ("2026/new-laptops", "Write what is missing"),
        ("2026/one-chat-tool", "Write the outcome"),
        ("2026/bring-payroll-home", "I know it"),
        ("2024/choose-payroll-tool", "Read what is in force"),
    ],
)
def test_one_button_says_what_to_do(northwind: Site, name: str, act: str) -> None:
    page = northwind.decision(name)
    assert page.texts(".or-actbar .or-acts a")[0] == act
    assert len(page.nodes(".md-button--primary")) == (act != "Read what is in force")


def test_what_is_closed_has_no_button(northwind: Site) -> None:
    assert not northwind.decision("2026/write-it-down").has(".or-acts")


def test_what_superseded_it_is_derived(northwind: Site) -> None:
    page = northwind.decision("2024/choose-payroll-tool")
    assert page.text(".or-state") == "Replaced by Bring payroll home; that one is in force"
    assert page.link("Read what is in force") == "decisions/2026/bring-payroll-home/"
    later = northwind.decision("2026/bring-payroll-home")
    assert later.facts["Replaces"] == "Choose a payroll tool"
    assert later.link("Choose a payroll tool") == "decisions/2024/choose-payroll-tool/"


def kin(site: Site, name: str) -> list[str]:
    return site.decision(name).texts(".or-family .or-rows > li")


def test_related_is_shown_on_both(northwind: Site) -> None:
    assert "related to Ask everyone about the pay date collaborate 2026" in kin(
        northwind, "2026/pay-date"
    )
    other = northwind.decision("2026/survey-pay-date")
    assert any(
        row.startswith("related to Move the pay") for row in kin(northwind, "2026/survey-pay-date")
    )
    assert other.link("Move the pay date to the 28th") == "decisions/2026/pay-date/"


def test_an_answered_precedent_is_shown_on_both(northwind: Site) -> None:
    page = northwind.decision("2026/pay-date")
    assert page.text(".or-before") == (
        "We had this before: Choose a payroll tool replaced 20 Feb 2024 2 more "
        "This one differs: That was about the vendor, not the date."
    )
    later = page.after_heading("we-had-this-before")
    first = words(later.css_first("li"))
    assert first.startswith("Choose a payroll tool Superseded 20 Feb 2024")
    assert "This one differs from it: That was about the vendor, not the date." in first
    assert first.endswith("Named by its author.")
    earlier = northwind.decision("2024/choose-payroll-tool").after_heading("it-came-up-again")
    assert [words(one) for one in earlier.css("li") if "pay date" in words(one)] == [
        "Move the pay date to the 28th Review opened 14 Sep 2026 "
        "It differs from this one: That was about the vendor, not the date."
    ]


def test_linked_from_names_every_page_that_links_here(northwind: Site) -> None:
    page = northwind.decision("2026/pay-date")
    assert page.links(page.after_heading("linked-from")) == [
        "guide/start/",
        "playbooks/payroll-lead/handoffs/2026-10-01-alice-to-bob/",
    ]
    assert words(page.after_heading("linked-from")) == "How to begin Alice Ames to Bob Berg"
    assert not northwind.decision("2026/desk-lamps").has("#linked-from")


def test_tags_lead_to_their_pages(northwind: Site) -> None:
    page = northwind.decision("2026/pay-date")
    assert page.facts["Tags"] == "payroll Pay & time"
    assert page.link("Pay & time") == "decisions/tag/pay-time-c05a7f78/"


def test_sections_added_by_the_site_stand_in_the_table_of_contents(northwind: Site) -> None:
    page = northwind.decision("2026/pay-date")
    contents = [words(a) for a in page.tree.css(".md-nav--secondary a.md-nav__link")]
    assert list(dict.fromkeys(contents)) == [
        "Problem",
        "Proposal",
        "Alternatives",
        "Conversation",
        "Reply",
        "Missing before integrate",
        "Where it comes from",
    ]


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("decisions/2026/pay-date/", "decisions/2026/pay-date.md"),
        ("playbooks/payroll-lead/", "playbooks/payroll-lead/index.md"),
        (
            "playbooks/payroll-lead/metrics/paid-on-time/",
            "playbooks/payroll-lead/metrics/paid-on-time.md",
        ),
        ("guide/start/", "docs/guide/start.md"),
    ],
)
def test_the_edit_link_opens_the_file_itself(northwind: Site, url: str, path: str) -> None:
    page = northwind.page(url)
    edits = {page.target(a) for a in page.tree.css("a.md-content__button[rel=edit]")}
    assert edits == {EDIT + path}


def test_the_next_step_is_a_link_to_the_forge(northwind: Site) -> None:
    page = northwind.decision("2026/pay-date")
    assert page.link("Edit this decision") == EDIT + "decisions/2026/pay-date.md"


ODD_NAMES = {
    "two words": "two%20words",
    "c# or go": "c%23%20or%20go",
    "50% off?": "50%25%20off%3F",
    "größe-日本": "gr%C3%B6%C3%9Fe-%E6%97%A5%E6%9C%AC",
    '"quoted" <b>': "%22quoted%22%20%3Cb%3E",
    "v1.2": "v1.2",
}


def test_any_file_name_has_a_page_an_edit_link_and_ways_to_it(team: Base) -> None:
    for name in ODD_NAMES:
        front = f"title: About {len(name)}\nstage: assess\nowner: it-lead"
        team.write(f"decisions/{name}.md", f"---\n{front}\n---\n")
    site = team.build()
    board = site.page("decisions/")
    for name, quoted in ODD_NAMES.items():
        assert site.has(f"decisions/{name}/index.html")
        assert site.record(f"decisions/{name}.md")["url"] == f"decisions/{quoted}/"
        page = site.page(f"decisions/{quoted}/")
        assert page.link("Edit this decision") == f"{EDIT}decisions/{quoted}.md"
        assert f"decisions/{quoted}/" in board.links()
    assert site.dead_links() == []


def test_without_a_repository_there_is_no_edit_link(team: Base) -> None:
    team.configure(
        {"site_name": "X", "theme": {"name": "mkdocs"}, "hooks": ["hooks/mkdocs_events.py"]}
    )
    page = team.build().decision("2026/pay-date")
    assert page.has(".or-next")
    assert "Edit this decision" not in page.words


def test_a_long_heading_is_set_smaller_whatever_the_title_says(team: Base) -> None:
    long = "Move the pay date to the 28th of each month, and tell everyone in time"
    team.write("decisions/2026/a.md", f"---\ntitle: Pay\nstage: assess\n---\n\n# {long}\n")
    team.write("decisions/2026/b.md", "---\ntitle: Pay\nstage: assess\n---\n\n# Pay\n")
    site = team.build()
    assert site.page("decisions/2026/a/").has("h1.or-long")
    assert not site.page("decisions/2026/b/").has("h1.or-long")
