"""What changed: a page of the last months, and feeds of new and moved decisions.

In comes the roster of a build; out come the page's HTML and the feeds, of all decisions and of
each stage. Both are made of the records alone, so they are the same wherever they are built.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

import jinja2

from onrecord.overview.events import Event
from onrecord.overview.news import News, news
from onrecord.overview.roster import Roster
from onrecord.records.history import FirstWritten
from onrecord.records.vocabulary import STAGES
from onrecord.site.machine.feed_files import Feed, atom_feed
from onrecord.site.pages import places
from onrecord.site.pages.places import IndexPage
from onrecord.site.pages.rendering import Address

BACK = timedelta(days=92)
"""How far back the page goes."""

MOST = 200
"""How many changes it lists; the command lists all."""


class ChangesPage:
    """Makes the page and the feeds of one build."""

    def __init__(self, env: jinja2.Environment, roster: Roster) -> None:
        self._env = env
        self._roster = roster

    def pages(self) -> Iterator[IndexPage]:
        """The one page."""
        yield IndexPage(places.CHANGES, "What changed", self._changes)

    def _changes(self, address: Address) -> str:
        catalogue = self._roster.catalogue
        today = catalogue.today
        since = today - min(BACK, today - today.min)
        found = news(catalogue, FirstWritten(), since, today)
        return self._env.get_template("changes.html").render(
            at=address,
            months=_by_month(found[:MOST]),
            since=since,
            more=max(0, len(found) - MOST),
        )

    def feeds(self, site_url: str, addresses: Mapping[str, str]) -> Iterator[Feed]:
        """A feed of every new, moved and decided decision, and one of what came to each stage."""
        events = [one for one in self._roster.events if _is_of_decision(one)]
        yield atom_feed(places.DECISIONS_FEED, "Decisions", events, site_url, addresses)
        for stage in STAGES:
            came = [one for one in events if one.key == f"entered-{stage}"]
            name = f"Decisions in {stage}"
            yield atom_feed(places.STAGE_FEEDS[stage], name, came, site_url, addresses)


def _is_of_decision(event: Event) -> bool:
    return event.key.startswith(("entered-", "decided-"))


def _by_month(found: tuple[News, ...]) -> dict[str, list[News]]:
    """The changes of each month (`2026-10`), newest first."""
    months: dict[str, list[News]] = {}
    for one in found:
        if one.day is not None:  # without git every change has its day from a record
            months.setdefault(f"{one.day.year}-{one.day.month:02}", []).append(one)
    return months
