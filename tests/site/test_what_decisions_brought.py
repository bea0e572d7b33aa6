"""What a decision promised, and what became of it, on every page that shows it."""

from __future__ import annotations

import json

import pytest
from building import NORTHWIND, PLAIN, Base, Site

METRIC = "playbooks/payroll-lead/metrics/paid-on-time"
ORIGIN = "json https://example.org/n.json; 2026-09-05T06:10Z; sha256:0123456789ab; "
SERIES = (
    "date,value,note,origin\n2026-07-05,98,two files late,\n"
    f"2026-08-05,98.5,,{ORIGIN}97.5\n2026-09-05,99.25,,{ORIGIN}99.25\n"
)
FRONT = "stage: align\nowner: {owner}\noutcome: accepted\ndecided: 2026-07-20\n"


def decided(title: str, expects: str, owner: str = "payroll-lead") -> str:
    front = f"title: {title}\n{FRONT.format(owner=owner)}expects: {expects}\n"
    return f"---\n{front}---\n\n## Proposal\n\nDo.\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    base = Base(tmp_path_factory.mktemp("brought"), like=NORTHWIND)
    base.configure(PLAIN)
    base.write(f"{METRIC}.csv", SERIES)
    base.change(
        f"{METRIC}.md",
        "source:",
        "collect: {json: 'https://example.org/n.json', value: n}\nsource:",
    )
    of = "metric: payroll-lead/paid-on-time"
    for name, expects, owner in (
        ("missed", f"[{{{of}, at_least: 99.5, by: 2026-09-30}}]", "payroll-lead"),
        ("kept", f"[{{{of}, at_least: 99, by: 2026-09-30}}]", "payroll-lead"),
        ("later", f"[{{{of}, at_least: 99, by: 2027-09-30}}]", "it-lead"),
        ("private", f"[{{{of}, at_most: 1, by: 2026-09-30}}]", '"@dan"'),
        ("nothing", "<b>nobody</b> counts it", "it-lead"),
    ):
        base.write(f"decisions/2026/{name}.md", decided(f"It is {name}", expects, owner))
    for name, serves in (
        ("stay", ""),
        ("fair", "serves: people/stay"),
        ("pulse", "serves: people/fair"),
    ):
        front = f"title: People {name}\ncadence: monthly\n{serves}".rstrip()
        base.write(f"playbooks/people/metrics/{name}.md", f"---\n{front}\n---\n")
        base.write(f"playbooks/people/metrics/{name}.csv", "date,value,note\n")
    meet = "---\ntitle: Pay by card\nstage: integrate\nowner: payroll-lead\nconsulted: [bob]\n---\n"
    base.write("decisions/2026/card.md", f"{meet}\n## Feedback\n\n- [ ] @bob: which <b>card</b>?\n")
    role = "---\ntitle: People lead\npurpose: People stay.\nholder: bob\n---\n"
    base.write("playbooks/people/index.md", role)
    base.change(f"{METRIC}.md", "source:", "serves: people/stay\nsource:")
    return base.build(today="2026-10-10")


def test_a_decision_says_what_became_of_what_it_promised(site: Site) -> None:
    page = site.page("decisions/2026/missed/")
    assert page.facts["Expects"] == (
        "Paid on time at least 99.5 % by 30 Sep: missed 99.25 on 5 Sep "
        "look at it again: name a new day in revisit, or decide anew"
    )
    assert "in force; missed what it promised" in page.text(".or-state")
    assert site.page("decisions/2026/kept/").facts["Expects"].endswith("kept 99.25 on 5 Sep")
    assert site.page("decisions/2026/later/").facts["Expects"].endswith(": not measured yet")
    nothing = site.page("decisions/2026/nothing/")
    assert nothing.facts["Expects"] == "no number: “<b>nobody</b> counts it”"


def test_a_number_shows_the_decisions_and_where_its_values_are_from(site: Site) -> None:
    page = site.page("playbooks/payroll-lead/metrics/paid-on-time/")
    assert page.facts["Collected"] == "json https://example.org/n.json, value n"
    rows = page.texts("#expected + ul li")
    assert "It is missed at least 99.5 % by 30 Sep; it was 99.25 missed" in rows
    assert "It is later at least 99 % by 30 Sep 2027 not measured yet" in rows
    marks = page.texts(".or-plot__mark title")
    assert sorted(marks) == [
        f"decided: It is {one}" for one in ("kept", "later", "missed", "private")
    ]
    values = page.texts("#values + table tbody tr")
    assert "Changed by hand: the source gave 97.5." in values[1]
    assert (values[0].endswith("json"), values[2].endswith("by hand")) == (True, True)


def test_home_the_role_and_the_process_say_what_is_due_for_a_look(site: Site) -> None:
    home = site.page()
    assert "It is missed look at it again: it missed what it promised missed" in home.words
    assert "It is kept look at it again" not in home.words
    role = site.page("playbooks/payroll-lead/")
    assert "Missed It is missed payroll-lead/paid-on-time at least 99.5; it was 99.25" in role.words
    process = site.page("process/")
    table = process.texts("#effects + table tbody tr")
    assert table == ["IT lead 1", "Payroll lead 1 1", "Others 1"]
    assert process.texts("#looks + ul li") == ["It is missed missed", "It is private missed"]


def test_the_scoreboard_is_a_tree_from_the_goals_down(site: Site) -> None:
    page = site.page("scoreboard/")
    assert page.texts("td:first-child .or-row") == [
        "People stay",
        "People fair",
        "People pulse",
        "Paid on time",
    ]
    assert page.texts(".or-below--2 .or-hidden") == [", serves People fair"]
    assert page.text('td a[href$="paid-on-time/#expected"]') == "4"
    goal = site.page("playbooks/people/metrics/stay/")
    assert goal.facts["Served by"] == "Paid on time on target, People fair no data"
    assert site.page(f"{METRIC}/").facts["Serves"] == "People stay"


def test_programs_are_given_the_verdicts(site: Site) -> None:
    missed = site.record("decisions/2026/missed.md")
    assert missed["due_for_a_look"] is True
    assert missed["expects"] == [
        {
            "metric": "payroll-lead/paid-on-time",
            "at_least": 99.5,
            "at_most": None,
            "by": "2026-09-30",
            "effect": "missed",
            "value": 99.25,
            "why": None,
        }
    ]
    assert site.record("decisions/2026/nothing.md")["expects_nothing"] == "<b>nobody</b> counts it"
    nearest = site.folder / "assets/onrecord-nearest/decisions"
    rows = [row for file in nearest.iterdir() for row in json.loads(file.read_text("utf-8"))]
    said = {row[0]: row[8:] for row in rows}
    assert said["It is missed"] == ["missed"]
    assert (said["It is kept"], said["It is later"]) == (["kept"], [])
    metric = site.record(f"{METRIC}.md")
    assert metric["collect"] == {"json": "https://example.org/n.json", "value": "n"}
    assert [value["origin"] is None for value in metric["values"]] == [True, False, False]


def test_the_page_of_integrate_proposes_a_meeting(site: Site) -> None:
    page = site.page("decisions/stage/integrate/")
    assert page.texts("#agenda ~ h3") == ["One tool to chat", "Pay by card"]
    items = page.texts("#agenda ~ ul li")
    assert {"The outcome isn't written", "@bob: which <b>card</b>?"} <= set(items)
    assert "Nobody owns it: find an owner first" in page.words
    assert "Must be there: @alice, @bob" in page.words
    invitation = (site.folder / "decisions/stage/integrate.ics").read_text()
    assert "SUMMARY:Decide: One tool to chat\\, Pay by card" in invitation
    assert page.link("Invitation for a calendar").endswith("decisions/stage/integrate.ics")


def test_what_happened_before_a_number_left_its_target(site: Site) -> None:
    page = site.page("scoreboard/together/")
    left = page.texts("#left + ul > li")
    assert left[0] == "Paid on time 98 %, target 99, 5 Jul"
    assert page.has("svg.or-together .or-plot__off title")
    days = page.texts("#team ~ details tbody tr")
    assert any("It is missed accepted" in row for row in days)
    assert page.texts("h2") == ["The team", "Payroll lead"]
    assert site.page("scoreboard/").link("What happened before a number left its target")


def test_a_person_sees_what_they_carry_and_the_team_a_list_of_roles(site: Site) -> None:
    page = site.page("people/alice/")
    assert page.facts["Roles"].startswith("1")
    carried = page.texts("#load ~ ul.or-links li")
    assert "Payroll lead nobody else has had it for a year: hand it on for a week" in carried
    assert len(page.nodes("svg.or-load rect")) == 13
    readiness = site.page("readiness/")
    [need] = readiness.texts("#need + ul li")
    assert need.startswith("Payroll lead hand it on for a week")
    assert any(row.startswith("IT lead vacant") for row in readiness.texts("#stops + ul li"))
