"""The pages for people and roles: each state appears when its files say so, and goes again."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from building import Base, Site, words

ROLE = "playbooks/payroll-lead/index.md"
OFFERED = "playbooks/payroll-lead/handoffs/2026-10-01-alice-to-bob.md"
SERIES = "playbooks/payroll-lead/metrics/paid-on-time.csv"
READ_BACK = "\n## Read-back\n\nI own the run. The bank can fail first. No questions.\n"


def accept(team: Base) -> None:
    team.change(OFFERED, "state: watch", "state: watch\naccepted_on: 2026-10-09")
    team.write(OFFERED, (team.root / OFFERED).read_text() + READ_BACK)


# Roles


def test_a_roles_page_is_in_the_order_of_the_first_day(team: Base) -> None:
    text = (team.root / ROLE).read_text()
    first = text.index("## Start here today")
    second = text.index("## Accountabilities")
    team.write(ROLE, text[:first] + text[second:] + "\n" + text[first:second] + "## Own\n\nX.\n")
    page = team.build().page("playbooks/payroll-lead/")
    shown = ["Now", "This week", "Start here today", "Decision rights", "Binds you", "Own"]
    folded = ["If this happens", "Accountabilities", "Recurring duties", "What happened"]
    order = [*shown, *folded, "Who had it, and when", "Ready for a newcomer"]
    assert [title for title in page.texts("h2") if title in order] == order
    assert next(iter(page.facts)) == "Holds it"


def test_a_role_says_who_stays_accountable_until_the_handoff_is_accepted(team: Base) -> None:
    page = team.build().page("playbooks/payroll-lead/")
    said = "Held by @alice who offers it to @bob from 12 Oct to 26 Oct; not accepted yet"
    assert page.text(".or-state") == said
    assert page.text(".or-acts .md-button--primary") == "Read and accept"
    home = team.build("home").page()
    assert "from @alice to @bob, not accepted yet" in home.words
    accept(team)
    site = team.build(today="2026-10-13")
    page = site.page("playbooks/payroll-lead/")
    assert page.text(".or-state") == "Held by @bob for a time, until 26 Oct; @alice holds it"
    assert page.facts["Covers it"] == "@bob until 26 Oct, by this handoff"
    assert "stays accountable" not in site.page().words


def test_a_holder_who_is_not_the_last_receiver_is_said(team: Base) -> None:
    team.change(OFFERED, "until: 2026-10-26\n", "")
    accept(team)
    page = team.build(today="2026-10-13").page("playbooks/payroll-lead/")
    assert "@bob has accepted it for good; holder: still says @alice" in page.words
    team.change(ROLE, "holder: alice", "holder: bob")
    page = team.build(today="2026-10-13").page("playbooks/payroll-lead/")
    assert "has accepted it for good" not in page.words


def test_open_loops_are_shown_wherever_they_matter_until_done(team: Base) -> None:
    loop = "Send the corrected file"
    places = (
        "",
        "playbooks/payroll-lead/",
        "people/bob/",
    )
    site = team.build()
    assert [loop in site.page(place).words for place in places] == [True] * 3
    handoff = site.page(OFFERED.removesuffix(".md") + "/")
    assert handoff.text(".or-loops li") == f"{loop} @bob 13 Oct 2026 in 3 days"
    assert loop in (site.folder / "people/bob/calendar.ics").read_text()
    team.change(OFFERED, "- [ ] Send", "- [x] Send")
    site = team.build()
    assert [loop in site.page(place).words for place in places] == [False] * 3
    assert not site.page(OFFERED.removesuffix(".md") + "/").has(".or-loops")
    assert loop not in (site.folder / "people/bob/calendar.ics").read_text()


def test_overdue_things_stand_on_the_roles_page_until_their_day_is_moved(team: Base) -> None:
    page = team.build(today="2026-10-14").page("playbooks/payroll-lead/")
    now = [words(li) for li in page.after_heading("now").css("li")]
    assert "Late Send the corrected file late by 1 day" in now
    team.change(OFFERED, "due:2026-10-13", "due:2026-10-15")
    page = team.build(today="2026-10-14").page("playbooks/payroll-lead/")
    now = " ".join(words(li) for li in page.after_heading("now").css("li"))
    assert "Send the corrected file" not in now


def test_who_had_it_and_what_happened_are_folded_below(team: Base) -> None:
    page = team.build().page("playbooks/payroll-lead/")
    folds = {words(one.css_first("h2")): one for one in page.nodes("details.or-more-of")}
    rows = [words(row) for row in folds["Who had it, and when"].css("tbody tr")]
    assert rows == ["@alice 2 Jun 2025 still"]
    happened = [words(row) for row in folds["What happened"].css("li")]
    assert any(row.startswith("Move the pay date to the 28th") for row in happened)
    assert happened[-1].endswith("2024"), "the newest first"


def test_what_was_last_used_and_when(team: Base) -> None:
    page = team.build().page("playbooks/payroll-lead/")
    assert page.facts["Last used"] == "15 days ago Move the pay date to the 28th"
    team.write("playbooks/new/index.md", "---\ntitle: New\npurpose: P\nholder: dan\n---\n")
    page = team.build().page("playbooks/new/")
    assert "Last used" not in page.facts


# Readiness


def test_readiness_says_what_is_missing_and_how_to_fix_it(team: Base) -> None:
    page = team.build().page("playbooks/payroll-lead/")
    assert page.text(".or-level") == "Named"
    failing = page.texts(".or-i-check-fail")
    assert (
        "Decision rights fail, for written: the section is missing. Add a heading ## Decision "
        "rights, and below it what the role decides alone, what it puts to others."
    ) in failing
    team.write(ROLE, (team.root / ROLE).read_text() + "\n## Decision rights\n\nThe pay date.\n")
    page = team.build().page("playbooks/payroll-lead/")
    assert "Decision rights" not in " ".join(page.texts(".or-i-check-fail"))


def test_the_overview_says_where_one_absence_would_stop_the_work(team: Base) -> None:
    def stops(site: Site) -> list[str]:
        return [words(li) for li in site.page("readiness/").after_heading("stops").css("li")]

    before = stops(team.build())
    assert not any("Payroll lead" in line for line in before)
    assert any(line.startswith("IT lead vacant") for line in before)
    team.change(ROLE, "backups: [bob]\n", "")
    assert "Payroll lead only @alice: nobody else is named to cover it" in stops(team.build())


def test_the_overview_names_who_could_be_covered_tomorrow(team: Base) -> None:
    assert "No role yet." in team.build().page("readiness/").words
    rest = "\n".join(
        [
            "## Decision rights\n\nThe pay date.\n",
            "## Recurring duties\n\n- Monthly: [the run](metrics/paid-on-time.md)\n",
            "## Access\n\nAsk the bank.\n",
            "## If this happens\n\n- Pay early.\n",
        ]
    )
    team.write(ROLE, (team.root / ROLE).read_text() + "\n" + rest)
    page = team.build().page("readiness/")
    assert words(page.after_heading("tomorrow")) == "1 role of 3: Payroll lead."


# Scorecards


def test_the_scoreboard_shows_each_standing_with_a_word(team: Base) -> None:
    def stands(today: str = "2026-10-10") -> str:
        page = team.build(today=today).page("scoreboard/")
        return page.text(".or-scores .or-standing")

    assert stands() == "On target"
    assert stands("2026-12-01") == "Late"
    with (team.root / SERIES).open("a") as series:
        series.write("2026-10-05,97,\n")
    assert stands() == "Off target"
    team.write(SERIES, "date,value,note\n")
    assert stands() == "No data"


def test_a_trend_has_a_title_a_description_and_a_table(northwind: Site) -> None:
    page = northwind.page("playbooks/payroll-lead/metrics/paid-on-time/")
    plot = page.content.css_first("svg.or-trend")
    assert plot is not None
    assert words(plot.css_first("title")) == "Paid on time: on target"
    assert words(plot.css_first("desc")) == (
        "2 of the last 13 periods have a value, from 98.5 to 99.25; the newest is 99.25."
    )
    rows = page.texts(".or-numbers tbody tr")
    assert len(rows) == 13
    assert rows[:3] == ["2026-10 No data", "2026-09 99.25 % On target", "2026-08 98.5 % Off target"]
    assert northwind.page("scoreboard/").has("svg.or-trend desc")
    assert northwind.page("playbooks/payroll-lead/").has("svg.or-spark desc")


# People


def test_everyone_with_something_waiting_or_a_role_has_a_page(team: Base) -> None:
    site = team.build()
    listed = {words(a).removeprefix("@") for a in site.page("people/").nodes("tbody .or-me")}
    assert listed == {"alice", "bob", "carol", "dan"}
    assert {p.parent.name for p in (site.folder / "people").glob("*/index.html")} == listed
    assert site.page("decisions/2026/pay-date/").link("@bob") == "people/bob/"
    order = [words(row).removeprefix("@") for row in site.page("people/").nodes("tbody a.or-row")]
    assert order == sorted(order, key=str.casefold)


def test_a_person_who_is_asked_nothing_and_holds_nothing_has_none(team: Base) -> None:
    team.write(
        "decisions/2026/x.md",
        "---\ntitle: X\nstage: collaborate\nowner: payroll-lead\nconsulted: [alice]\n"
        "informed: [zoe]\n---\n",
    )
    team.write(
        "playbooks/people.yml", (team.root / "playbooks/people.yml").read_text() + "zoe: {}\n"
    )
    assert not team.build().has("people/zoe")
    team.change("decisions/2026/x.md", "consulted: [alice]", "consulted: [alice, zoe]")
    page = team.build().page("people/zoe/")
    assert page.titles() == ["X"]


def test_a_persons_page_has_the_overdue_first(team: Base) -> None:
    page = team.build(today="2026-10-14").page("people/bob/")
    days = page.texts("tbody td:last-child")
    late = [day.startswith("late by") for day in days]
    assert late == sorted(late, reverse=True)
    assert any(late)
    assert page.text("h1") == "Bob Berg @bob"
    assert "Payroll lead backs it up" in page.words


# Feeds


def test_feeds_of_the_team_each_role_and_each_person(team: Base) -> None:
    team.configure(
        {
            "site_name": "Plain",
            "site_url": "https://record.example/team/",
            "theme": {"name": "mkdocs"},
            "plugins": [],
            "hooks": ["hooks/mkdocs_events.py"],
        }
    )
    site = team.build()
    for folder in ("", "playbooks/payroll-lead/", "people/bob/"):
        calendar = (site.folder / folder / "calendar.ics").read_bytes().decode()
        assert calendar.startswith("BEGIN:VCALENDAR\r\n")
        assert "Send the corrected file" in calendar
        feed = ElementTree.parse(site.folder / folder / "feed.atom").getroot()
        link = feed.find("{http://www.w3.org/2005/Atom}link")
        assert link is not None
        assert link.get("href") == f"https://record.example/team/{folder}feed.atom"
    assert site.page("people/bob/").link("news as a feed") == "people/bob/feed.atom"


def test_nothing_depends_on_the_clock(team: Base, tmp_path: Path) -> None:
    one, two = team.build("one"), team.build("two")
    files = [p.relative_to(one.folder) for p in sorted(one.folder.rglob("*")) if p.is_file()]
    assert len(files) > 50
    differ = [
        path.as_posix()
        for path in files
        if (one.folder / path).read_bytes() != (two.folder / path).read_bytes()
        and path.name != "sitemap.xml.gz"
    ]
    assert differ == []


# The process


def test_the_process_page_counts_what_needs_attention(team: Base) -> None:
    page = team.build().page("process/")
    lines = [words(li) for li in page.after_heading("attention").css("li")]
    assert "1 handoff not accepted" in lines
    assert page.has("#offered")
    accept(team)
    page = team.build().page("process/")
    lines = [words(li) for li in page.after_heading("attention").css("li")]
    assert lines
    assert not any("not accepted" in line for line in lines)
    assert not page.has("#offered")


def test_every_plot_of_the_process_has_words_for_it(northwind: Site) -> None:
    page = northwind.page("process/")
    plots = page.nodes("svg.or-plot")
    assert len(plots) >= 7
    for plot in plots:
        assert plot.attributes["role"] == "img"
        assert words(plot.css_first("title"))
        assert words(plot.css_first("desc"))
    assert "There is no git history here" in page.words or "taken from git" in page.words


def test_an_empty_base_is_told_what_these_pages_are_for(base: Base) -> None:
    (base.root / "decisions").mkdir()
    site = base.build()
    assert "No decision is on record yet" in site.page("process/").words
    assert "No role is described yet" in site.page("readiness/").words
    assert "No role watches a number yet" in site.page("scoreboard/").words
    assert "Nothing waits for anyone" in site.page("people/").words
