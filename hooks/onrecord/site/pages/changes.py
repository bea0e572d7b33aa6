"""What changed: a page of the last months, and feeds of decisions.

In comes the roster of a build; out come the page's HTML and the feeds, of all decisions and of
each stage. Both are made of the records alone, so they are the same wherever they are built.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

import jinja2

from onrecord.overview.events import by_month
from onrecord.overview.roster import Roster
from onrecord.records.vocabulary import STAGES, Change
from onrecord.site.addresses import Address
from onrecord.site.machine.feeds import Feed, atom_feed
from onrecord.site.pages import places
from onrecord.site.pages.places import IndexPage

BACK = timedelta(days=92)
"""How far back the page goes."""

MOST = 200
"""How many changes it lists; the command lists all."""

OF_DECISIONS = (
    Change.NEW,
    Change.MOVED,
    Change.DECIDED,
    Change.SUPERSEDED,
    Change.REPLIED,
    Change.ALIGNED,
)
"""What the feeds of decisions hold."""


class ChangesPage:
    """Makes the page and the feeds of one build."""

    def __init__(self, env: jinja2.Environment, roster: Roster) -> None:
        self._env = env
        self._roster = roster

    def pages(self) -> Iterator[IndexPage]:
        """The one page."""
        yield IndexPage(places.CHANGES, "What changed", self._changes)

    def _changes(self, address: Address) -> str:
        today = self._roster.catalogue.today
        since = today - min(BACK, today - today.min)
        found = [one for one in self._roster.events if one.day and one.day >= since]
        return self._env.get_template("changes.html").render(
            at=address,
            months=by_month(found[:MOST]),
            since=since,
            more=max(0, len(found) - MOST),
        )

    def feeds(self, site_url: str, addresses: Mapping[str, str]) -> Iterator[Feed]:
        """A feed of what happened to decisions, and one of what came to each stage."""
        events = [one for one in self._roster.events if one.kind in OF_DECISIONS]
        yield atom_feed(self._env, places.DECISIONS_FEED, "Decisions", events, site_url, addresses)
        for stage in STAGES:
            came = [one for one in events if one.key == f"entered-{stage}"]
            name = f"Decisions in {stage}"
            yield atom_feed(self._env, places.STAGE_FEEDS[stage], name, came, site_url, addresses)
