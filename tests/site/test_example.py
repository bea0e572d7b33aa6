"""The example that the docs link to: a whole base of a made-up team, on its own fixed day."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from building import Site

from onrecord.lifecycle.handoffs import Turn
from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.records.vocabulary import STAGES, Says, Status

ROOT = Path(__file__).parents[2]
TODAY = re.search(r"ONRECORD_TODAY = (\S+)", (ROOT / "Makefile").read_text())


@pytest.fixture(scope="module")
def day() -> date:
    """The day that `make example` sets."""
    assert TODAY is not None
    return date.fromisoformat(TODAY[1])


@pytest.fixture(scope="module")
def example(day: date) -> KnowledgeBase:
    return KnowledgeBase.open(ROOT / "example", day)


@pytest.fixture(scope="module")
def site(example_site: Site) -> Site:
    return example_site


def test_it_has_no_finding(example: KnowledgeBase) -> None:
    assert example.findings == ()


def test_it_shows_each_state_a_team_meets(example: KnowledgeBase) -> None:
    catalogue, library = example.catalogue, example.library
    assert all(catalogue.counts[stage] for stage in STAGES)
    closed = {Status.ACCEPTED, Status.REJECTED, Status.WITHDRAWN, Status.SUPERSEDED}
    assert {catalogue.status(d) for d in catalogue.decisions} == closed | {Status.OPEN}
    assert {reply.says for reply in library.replies} == set(Says)
    assert any(d.precedents for d in library.decisions)
    assert {Turn.ACCEPTED, Turn.OFFERED, Turn.CLOSED} <= set(catalogue.turns.values())
    assert any(handoff.covers for handoff in library.handoffs)
    standings = {str(card.standing) for card in example.roster.scorecards}
    assert {"on target", "off target", "no target"} <= standings
    assert sum(not role.holder for role in library.roles) == 1


def test_its_people_and_its_roles_have_different_names(example: KnowledgeBase) -> None:
    library = example.library
    roles = {word for role in library.roles for word in (role.id, *role.title.casefold().split())}
    assert not roles & set(library.people)
    assert all(
        person.name and person.timezone for person in library.people.values() if person.active
    )


def test_its_site_has_no_dead_link_and_no_warning(site: Site) -> None:
    assert site.warnings == []
    assert [one for one in site.dead_links() if "git.example.org" not in one] == []


def test_an_empty_section_of_a_decision_is_no_bare_heading(site: Site) -> None:
    page = site.decision("2026/sell-in-station-kiosks")
    assert page.texts(".or-text h2") == ["Problem", "Proposal", "Alternatives"]
    assert page.has("#feedback"), "a link to what was said leads to the conversation"


def test_who_answers_for_the_owning_role_is_its_owner_in_the_conversation(site: Site) -> None:
    page = site.decision("2026/sell-in-station-kiosks")
    said = page.texts(".or-voice__by")
    assert "Maya Cohen @maya owner · 5 Dec" in said
    assert "Teo Lindgren @teo joined in · 8 Dec open, for Shop lead" in said


def test_its_mark_is_the_logo_and_the_favicon(site: Site) -> None:
    page = site.page()
    (icon,) = page.tree.css("link[rel=icon]")
    assert icon.attributes["href"] == "assets/onrecord/mark.svg"
    assert site.has("assets/onrecord/mark.svg")
    assert page.tree.css_first(".md-header__button.md-logo svg circle") is not None


def test_the_readme_shows_each_picture_in_both_looks() -> None:
    readme = (ROOT / "README.md").read_text()
    shown = set(re.findall(r"docs/assets/pictures/[a-z-]+\.webp", readme))
    taken = {one.relative_to(ROOT).as_posix() for one in (ROOT / "docs/assets/pictures").iterdir()}
    assert shown == taken
    assert len(shown) == 6
    assert sum(path.stat().st_size for path in map(ROOT.joinpath, shown)) < 450_000


def test_a_reason_doesn_t_repeat_the_outcome_beside_it(site: Site) -> None:
    [row] = [
        one
        for one in site.page("playbooks/shop-lead/").tree.css(".or-rows > li")
        if one.css_first("q") and "waterproof" in one.text()
    ]
    assert row.css_first("q").text().startswith("The paper can't")
    assert "withdrawn" in row.text()
