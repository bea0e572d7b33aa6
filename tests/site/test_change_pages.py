"""What changed, as a page and as feeds of decisions that any feed reader takes."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree

import pytest
from building import Base, Page, Site

from onrecord.records.vocabulary import STAGES

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ("decisions/feed.atom", *(f"decisions/stage/{stage}.atom" for stage in STAGES))
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


def feed(site: Site, path: str) -> ElementTree.Element:
    return ElementTree.parse(site.folder / path).getroot()


def entries(root: ElementTree.Element) -> list[tuple[str, str]]:
    return [
        (e.findtext(f"{ATOM}updated", "")[:10], e.findtext(f"{ATOM}title", ""))
        for e in root.findall(f"{ATOM}entry")
    ]


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_is_as_the_standard_asks(northwind: Site, path: str) -> None:
    root = feed(northwind, path)
    assert root.tag == f"{ATOM}feed"
    for one in (root, *root.findall(f"{ATOM}entry")):  # RFC 4287, 4.1.1 and 4.1.2
        for name in ("id", "title", "updated"):
            assert len(one.findall(f"{ATOM}{name}")) == 1
        assert one.findtext(f"{ATOM}id", "").startswith("urn:onrecord:")
        assert MOMENT.fullmatch(one.findtext(f"{ATOM}updated", ""))
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    (here,) = [one for one in root.findall(f"{ATOM}link") if one.get("rel") == "self"]
    assert here.get("href") == f"https://northwind.example/record/{path}"
    ids = [e.findtext(f"{ATOM}id") for e in root.findall(f"{ATOM}entry")]
    assert len({*ids, root.findtext(f"{ATOM}id")}) == len(ids) + 1
    days = [day for day, _ in entries(root)]
    assert days == sorted(days, reverse=True)
    assert root.findtext(f"{ATOM}updated", "")[:10] == days[0]
    for one in root.findall(f"{ATOM}entry/{ATOM}link"):
        address = one.get("href", "").removeprefix("https://northwind.example/record/")
        assert northwind.page(address).has("[data-onrecord-record=decision]")


def test_the_feed_of_all_and_that_of_a_stage(northwind: Site) -> None:
    everything = entries(feed(northwind, "decisions/feed.atom"))
    assert everything[:3] == [
        ("2026-10-08", "New laptops: opened, in assess"),
        ("2026-10-06", "Write it down: integrate → accepted"),
        ("2026-10-02", "Ask everyone about the pay date: assess → collaborate"),
    ]
    came = entries(feed(northwind, "decisions/stage/review.atom"))
    assert came[0] == ("2026-09-25", "Move the pay date to the 28th: collaborate → review")
    assert all("review" in title for _, title in came)


def test_an_entry_keeps_its_id_and_its_time_when_the_decision_moves_on(team: Base) -> None:
    def seen(site: Site) -> dict[str, str]:
        return {
            e.findtext(f"{ATOM}id", ""): e.findtext(f"{ATOM}updated", "")
            for e in feed(site, "decisions/feed.atom").findall(f"{ATOM}entry")
        }

    before = seen(team.build("before"))
    path = "decisions/2026/new-laptops.md"
    team.change(path, "stage: assess", "stage: collaborate")
    began = "assess: 2026-10-08"
    team.change(path, f"{{{began}}}", f"{{{began}, collaborate: 2026-10-09}}")
    after = seen(team.build("after", today="2026-10-20"))
    kept = before.keys() & after.keys()
    assert len(before.keys() - kept) == 1  # a feed is bounded: the oldest makes room
    assert all(before[one] == after[one] for one in kept)
    assert [after[new] for new in after.keys() - before.keys()] == ["2026-10-09T00:00:00Z"]


def alternate(page: Page) -> str:
    (link,) = page.tree.css("head link[rel~=alternate][type='application/atom+xml']")
    return urljoin(f"http://site/{page.url}", link.attributes["href"] or "").removeprefix(
        "http://site/"
    )


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("", "feed.atom"),
        ("decisions/", "decisions/feed.atom"),
        ("decisions/closed/", "decisions/feed.atom"),
        ("changes/", "decisions/feed.atom"),
        *((f"decisions/stage/{stage}/", f"decisions/stage/{stage}.atom") for stage in STAGES),
    ],
)
def test_a_feed_reader_finds_the_feed_of_a_page(northwind: Site, url: str, path: str) -> None:
    assert alternate(northwind.page(url)) == path


def test_other_pages_name_no_feed(northwind: Site) -> None:
    page = northwind.decision("2026/pay-date")
    assert not page.tree.css("link[rel~=alternate][type='application/atom+xml']")


def test_boards_link_to_their_feeds(northwind: Site) -> None:
    board = northwind.page("decisions/")
    assert board.link("new and moved decisions as a feed") == "decisions/feed.atom"
    assert board.link("what changed") == "changes/"
    stage = northwind.page("decisions/stage/review/")
    assert stage.link("decisions that come to review, as a feed") == "decisions/stage/review.atom"


def test_the_page_lists_the_last_months_newest_first(northwind: Site) -> None:
    page = northwind.page("changes/")
    assert page.texts("h2")[:3] == ["Thursday 8 Oct", "Tuesday 6 Oct", "Friday 2 Oct"]
    rows = page.texts(".or-news li")
    assert rows[:3] == [
        "New laptops opened, in assess waits for @dan",
        "Write it down integrate → accepted",
        "Ask everyone about the pay date assess → collaborate waits for @dan",
    ]
    assert page.texts("details summary")[0].startswith("September 2026 1 decided, 3 opened")
    assert "Buy a boat" not in page.words  # 2025


def test_an_empty_base_says_what_will_stand_there(base: Base) -> None:
    (base.root / "decisions").mkdir()
    site = base.build(strict=True)
    assert site.page("changes/").text(".or-empty").startswith("Nothing has changed since")
    assert entries(feed(site, "decisions/feed.atom")) == []


def test_a_feed_of_your_own_stays(team: Base) -> None:
    team.write("docs/decisions/feed.atom", "<mine/>")
    site = team.build()
    assert Path(site.folder / "decisions/feed.atom").read_text() == "<mine/>"
