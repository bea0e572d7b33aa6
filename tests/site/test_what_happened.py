"""What happened when: pages, feeds, calendars, the command and the export say the same of it."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from building import PLAIN, Base, Site, words
from click.testing import CliRunner
from small_base import READY, decision, handoff

from onrecord.cli import main
from onrecord.records.clock import day_of
from onrecord.site.pages.wording import short_day

ATOM = "{http://www.w3.org/2005/Atom}"
TODAY = "2026-10-31"
FILES = {
    **READY,
    "decisions/pay.md": decision(
        "title: Pay & rest\nstage: align\nowner: lead\noutcome: accepted\ndecided: 2026-09-20\n"
        "entered: {assess: 2026-09-01, collaborate: 2026-09-04, align: 2026-09-20}\n"
        "consulted: [bob]\ninformed: [carol]\naligned: [carol]\nsupersedes: [old]"
    ),
    "decisions/old.md": decision(
        "title: Old\nstage: align\nowner: lead\noutcome: accepted\ndecided: 2026-08-20\n"
        "entered: {align: 2026-08-20}"
    ),
    "decisions/later.md": decision(
        "title: Later\nowner: ana\nstage: review\nentered: {review: 2026-12-01}"
    ),
    "playbooks/lead/handoffs/a.md": handoff(
        "ana", "bob", "2026-09-10", until="2026-09-22", accepted="2026-09-09"
    ),
    "playbooks/lead/handoffs/b.md": handoff("bob", "ana", "2026-10-01", accepted="2026-10-02"),
    "playbooks/lead/handoffs/c.md": handoff("ana", "carol", "2026-10-20"),
}


class Told(NamedTuple):
    """One change, as a surface tells it."""

    day: str
    title: str
    said: str


SAID = {
    Told("2026-10-20", "Lead", "handoff from @ana to @carol offered"),
    Told("2026-10-02", "Lead", "handoff from @bob to @ana accepted"),
    Told("2026-10-02", "Lead", "@ana holds it"),
    Told("2026-09-22", "Lead", "handoff from @ana to @bob ended"),
    Told("2026-09-09", "Lead", "handoff from @ana to @bob accepted"),
    Told("2026-09-20", "Old", "superseded by Pay & rest"),
    Told("2026-09-20", "Pay & rest", "accepted"),
    Told("2026-09-20", "Pay & rest", "moved to align"),
    Told("2026-09-04", "Pay & rest", "moved to collaborate"),
    Told("2026-09-01", "Pay & rest", "opened, in assess"),
    Told("2026-08-20", "Old", "accepted"),
    Told("2026-08-20", "Old", "opened, in align"),
    Told("2026-09-05", "On time", "99.5"),
    Told("2026-08-05", "On time", "98"),
}
"""All that happened: no acknowledgement, which has no day of its own, and nothing to come."""

NEWS = {
    Told("2026-10-20", "Lead", "handoff from @ana to @carol offered"),
    Told("2026-10-02", "Lead", "handoff from @bob to @ana accepted, @ana holds it"),
    Told("2026-09-22", "Lead", "handoff from @ana to @bob ended"),
    Told("2026-09-09", "Lead", "handoff from @ana to @bob accepted"),
    Told("2026-09-20", "Old", "superseded by Pay & rest"),
    Told("2026-09-20", "Pay & rest", "collaborate → accepted, replaces Old"),
    Told("2026-09-04", "Pay & rest", "assess → collaborate"),
    Told("2026-09-01", "Pay & rest", "opened, in assess"),
    Told("2026-08-20", "Old", "opened → accepted"),
    Told("2026-09-05", "On time", "98 → 99.5, target 99"),
    Told("2026-08-05", "On time", "98, target 99"),
}
"""The same as news: one line for each record and day."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Site]:
    """The base, and its site."""
    base = Base(tmp_path_factory.mktemp("told"))
    base.configure(PLAIN)
    for path, text in FILES.items():
        base.write(path, text)
    return base.root, base.build(today=TODAY)


def run(root: Path, *given: str) -> str:
    result = CliRunner().invoke(
        main, ["--root", str(root), "--today", TODAY, *given], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return result.output


def changes(root: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(
        run(root, "changes", "--since", "2026-01-01", "--json")
    )
    return found


def entries(site: Site, path: str) -> set[Told]:
    found = set()
    for entry in ElementTree.parse(site.folder / path).iter(f"{ATOM}entry"):
        said = entry.findtext(f"{ATOM}summary", "")
        title = entry.findtext(f"{ATOM}title", "").removesuffix(f": {said}")
        found.add(Told(entry.findtext(f"{ATOM}updated", "")[:10], title, said))
    return found


def news_on(site: Site, url: str) -> list[Told]:
    found = []
    for line in site.page(url).nodes(".or-news li"):
        time = line.css_first("time") or line.parent.parent.css_first("h2 time")  # type: ignore[union-attr]
        assert time is not None
        title, said = words(line.css_first("a.or-row")), words(line.css_first(".or-what"))
        found.append(
            Told(time.attributes["datetime"] or "", title, said.removeprefix(title).strip())
        )
    return found


def test_the_command_says_it_as_text_and_as_json(told: tuple[Path, Site]) -> None:
    found = changes(told[0])
    assert {Told(one["day"], one["title"], one["said"]) for one in found} == SAID
    lines = run(told[0], "changes", "--since", "2026-01-01").splitlines()
    assert [line[14:] for line in lines if line.startswith("  ")] == [
        f"{one['title']}: {one['said']} ({one['path']})" for one in found
    ]
    assert [line for line in lines if not line.startswith("  ")] == list(
        dict.fromkeys(one["day"] for one in found)
    )


def test_the_page_of_changes(told: tuple[Path, Site]) -> None:
    found = news_on(told[1], "changes/")
    assert sorted(found) == sorted(NEWS)
    days = [one.day for one in found]
    assert days == sorted(days, reverse=True)


def test_the_pages_of_changes_by_kind(told: tuple[Path, Site]) -> None:
    decisions = [one for one in NEWS if one.title in ("Old", "Pay & rest")]
    assert sorted(news_on(told[1], "changes/decisions/")) == sorted(decisions)
    roles = [one for one in NEWS if one.title == "Lead"]
    assert sorted(news_on(told[1], "changes/roles/")) == sorted(roles)
    numbers = [one for one in NEWS if one.title == "On time"]
    assert sorted(news_on(told[1], "changes/numbers/")) == sorted(numbers)


def test_the_page_of_a_role(told: tuple[Path, Site]) -> None:
    page = told[1].page("playbooks/lead/")
    listed = [words(line) for line in page.nodes(".or-news li")]
    told_there = [
        f"{one.title} {one.said} {short_day(day_of(one.day), day_of(TODAY))}" for one in NEWS
    ]
    assert sorted(listed) == sorted(told_there)


@pytest.mark.parametrize("path", ["feed.atom", "playbooks/lead/feed.atom"])
def test_the_feeds_of_the_team_and_of_a_role(told: tuple[Path, Site], path: str) -> None:
    assert entries(told[1], path) == NEWS


def test_the_feed_of_decisions(told: tuple[Path, Site]) -> None:
    paths = {one["title"] for one in changes(told[0]) if one["path"].startswith("decisions/")}
    assert entries(told[1], "decisions/feed.atom") == {s for s in NEWS if s.title in paths}


def test_the_feed_of_a_person(told: tuple[Path, Site]) -> None:
    mine = entries(told[1], "people/bob/feed.atom")
    assert mine == {s for s in NEWS if s.title == "Pay & rest" or "@bob" in s.said}


def test_the_calendar_names_a_handoff_alike(told: tuple[Path, Site]) -> None:
    calendar = (told[1].folder / "calendar.ics").read_text().replace("\n ", "")
    assert "SUMMARY:Lead: handoff from @ana to @carol\\, to accept" in calendar


def test_the_export(told: tuple[Path, Site], tmp_path: Path) -> None:
    run(told[0], "export", str(tmp_path / "out"))
    text = unescape((tmp_path / "out/docs/changes/index.md").read_text())
    for one in NEWS:
        assert f"[{one.title}](" in text
        assert one.said.split(" → ")[-1].split(", ")[0] in text
