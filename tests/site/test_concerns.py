"""Whom and what a record concerns: filters, find, feeds and records.json say the same."""

from __future__ import annotations

from datetime import date

import pytest
from building import PLAIN, Base, Site
from search_files import indexed

from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.search.find import Filters, open_shelf
from onrecord.search.query import query_of

ROLE = "---\ntitle: {0}\npurpose: It is done.\nholder: {1}\n---\n"
FILES = {
    "playbooks/people.yml": "Zoe: {name: Zoe Zu}\nbob: {name: Bob}\nana: {name: Ana}\n",
    "playbooks/lead/index.md": ROLE.format("Lead", "ana\nbackups: [bob]"),
    "playbooks/legal/index.md": ROLE.format("Legal", "cleo"),
    "playbooks/lead/handoffs/h.md": "---\nfrom: ana\nto: bob\neffective: 2026-10-20\n---\n",
    "decisions/owned.md": "owner: lead\nconsulted: [bob, Legal]\ninformed: [zoe, ana]",
    "decisions/personal.md": 'owner: "@Bob"\nconsulted: [lead]',
    "decisions/unknown.md": "owner: nobody-knows",
    "decisions/marked.md": 'owner: "@lead"',
}
CONCERNS = {
    "decisions/owned.md": (["lead", "legal"], ["bob", "Zoe", "ana"]),
    "decisions/personal.md": (["lead"], ["bob"]),
    "decisions/unknown.md": ([], ["nobody-knows"]),
    "decisions/marked.md": ([], ["lead"]),
    "playbooks/lead/index.md": (["lead"], ["ana", "bob"]),
    "playbooks/legal/index.md": (["legal"], ["cleo"]),
    "playbooks/lead/handoffs/h.md": (["lead"], ["ana", "bob"]),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    base = Base(tmp_path_factory.mktemp("concerns"))
    base.configure({**PLAIN, "theme": {"name": "material", "font": False}})
    for path, text in FILES.items():
        if path.startswith("decisions/"):
            text = (
                f"---\ntitle: {path}\nstage: assess\nentered: {{assess: 2026-09-01}}\n{text}\n---\n"
            )
        base.write(path, text)
    return base.build()


def test_records_json_says_it_of_every_record(site: Site) -> None:
    said = {one["path"]: one["concerns"] for one in site.records["records"]}
    assert {p: (one["roles"], one["people"]) for p, one in said.items()} == CONCERNS


def test_the_site_s_filters_are_the_same(site: Site) -> None:
    pages = indexed(site.folder)
    for record in site.records["records"]:
        filters = pages["/" + record["url"]]["filters"]
        roles, people = CONCERNS[record["path"]]
        assert sorted(filters.get("role", [])) == sorted(roles)
        assert sorted(filters.get("person", [])) == sorted(people)


def test_find_s_filters_are_the_same(site: Site) -> None:
    shelf = open_shelf(site.folder.parent)

    def found(filters: Filters) -> set[str]:
        hits = shelf.find(query_of("", shelf.analyser), filters, False, 100).hits
        return {hit.entry.record.path for hit in hits}

    for name in {one for roles, _ in CONCERNS.values() for one in roles}:
        wanted = {path for path, (roles, _) in CONCERNS.items() if name in roles}
        assert found(Filters(roles=(name,))) == wanted
    for name in {one for _, people in CONCERNS.values() for one in people}:
        wanted = {path for path, (_, people) in CONCERNS.items() if name in people}
        assert found(Filters(people=(name.casefold(),))) == wanted


def test_what_happened_goes_to_the_feeds_of_the_same(site: Site) -> None:
    roster = KnowledgeBase.open(site.folder.parent, date(2026, 10, 10)).roster
    for path, (roles, people) in CONCERNS.items():
        if path.startswith("decisions/"):
            told = [event for event in roster.events if event.path == path]
            assert {(event.roles, event.who) for event in told} == {(tuple(roles), tuple(people))}
            for role in roles:
                assert any(event.path == path for event in roster.events_of_role[role])
            for person in people:
                who = roster.catalogue.answering(person).casefold()
                assert any(event.path == path for event in roster.events_of_person[who])
