"""Roles, handoffs and metrics, each with its page, and their indexes."""

from __future__ import annotations

from building import Base, Site, words


def test_a_role_shows_who_holds_it_and_who_can_cover(northwind: Site) -> None:
    page = northwind.page("playbooks/payroll-lead/")
    assert page.text("h1") == "Payroll lead"
    assert page.text(".or-lead") == "Everyone is paid correctly and on time."
    facts = page.facts
    assert facts["Holder"] == "@alice"
    assert facts["Backups"] == "@bob"
    assert facts["Team"] == "finance"
    assert facts["Decisions"] == "1 open, 1 in force"
    assert facts["Last handoff"] == "alice to bob offered"
    assert page.words.index("Start here today") < page.words.index("Right now")


def test_a_role_has_its_decisions_open_and_in_force(northwind: Site) -> None:
    page = northwind.page("playbooks/payroll-lead/")

    def under(heading: str) -> list[str]:
        return [words(tr.css_first("a")) for tr in page.after_heading(heading).css("tbody tr")]

    assert under("right-now") == ["Move the pay date to the 28th"]
    assert under("in-force") == ["Bring payroll home"]
    assert under("numbers") == ["Paid on time"]
    assert page.link("All decisions of this role") == "decisions/role/payroll-lead/"


def test_a_role_has_its_handoffs_newest_first(northwind: Site) -> None:
    page = northwind.page("playbooks/payroll-lead/")
    assert [words(li) for li in page.after_heading("handoffs").css("li")] == [
        "alice to bob 12 Oct 2026 to 26 Oct 2026, offered",
        "dan to alice 1 Jun 2025, accepted",
    ]


def test_a_vacant_role_says_so_first(northwind: Site) -> None:
    page = northwind.page("playbooks/it-lead/")
    assert page.text(".or-banner") == "Nobody holds this role. @dan can cover it."
    assert not northwind.page("playbooks/payroll-lead/").has(".or-banner--vacant")


def test_the_index_of_roles_has_the_vacant_first(northwind: Site) -> None:
    page = northwind.page("playbooks/")
    assert page.titles() == ["IT lead", "Office lead", "Payroll lead"]
    rows = page.texts(".or-list tbody tr")
    assert rows[0].startswith("IT lead Our tools work. Vacant @dan 2")
    assert "Vacant @erin has left" in rows[1]
    assert rows[2].endswith("@alice @bob 1 12 Oct 2026 offered")


def test_a_handoff_says_who_is_accountable(northwind: Site) -> None:
    page = northwind.page("playbooks/payroll-lead/handoffs/2026-10-01-alice-to-bob/")
    assert page.text(".or-banner") == (
        "Offered. Until @bob has written a read-back and the day, @alice stays accountable."
    )
    assert page.link("Payroll lead") == "playbooks/payroll-lead/"
    facts = page.facts
    assert (facts["From"], facts["To"], facts["State"]) == ("@alice", "@bob", "Watch")
    assert facts["Effective"] == "12 Oct 2026 to 26 Oct 2026"
    assert page.link("Accept: write the read-back").endswith(
        "/edit/main/playbooks/payroll-lead/handoffs/2026-10-01-alice-to-bob.md"
    )


def test_the_index_of_handoffs_by_whose_turn_it_is(northwind: Site) -> None:
    page = northwind.page("handoffs/")
    assert page.texts("h2") == ["Offered 1", "Due back 1", "Accepted 1"]
    assert page.titles() == ["alice to bob", "dan to carol", "dan to alice"]


def test_a_handoff_moves_on_as_it_is_accepted_and_days_pass(team: Base) -> None:
    path = "playbooks/payroll-lead/handoffs/2026-10-01-alice-to-bob.md"
    team.change(path, "state: watch", "state: watch\naccepted_on: 2026-10-09")
    url = path.removesuffix(".md") + "/"
    # The date alone isn't enough.
    assert team.build().page(url).text(".or-banner").startswith("Offered.")
    file = team.root / path
    file.write_text(file.read_text() + "\n## Read-back\n\nI pay people for two weeks.\n")
    site = team.build()
    assert site.page(url).text(".or-banner").startswith("Accepted.")
    earlier = "playbooks/payroll-lead/handoffs/2025-06-01-dan-to-alice/"
    assert site.page(earlier).text(".or-banner").startswith("Accepted.")
    assert team.build(today="2026-11-01").page(url).text(".or-banner").startswith("Due back.")


def test_a_metric_shows_its_target_and_values_newest_first(northwind: Site) -> None:
    page = northwind.page("playbooks/payroll-lead/metrics/paid-on-time/")
    assert page.facts["Newest"] == "99.25 % on 5 Sep 2026"
    assert page.facts["Target"] == "99 % or more"
    assert [words(row) for row in page.after_heading("values").css("tbody tr")] == [
        "5 Sep 2026 99.25 %",
        "5 Aug 2026 98.5 % one file late",
    ]


def test_records_carry_the_mark_of_their_kind(northwind: Site) -> None:
    for record in northwind.records["records"]:
        assert northwind.page(record["url"]).has(f"[data-onrecord-record={record['kind']}]")
