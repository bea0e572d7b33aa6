"""What changed: pages of the last months, and feeds of decisions.

In comes the roster of a build; out come the pages' HTML and the feeds, of all decisions and of
each stage. All are made of the records alone, so they are the same wherever they are built.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

import jinja2

from onrecord.overview.events import Event
from onrecord.overview.news import OF_DECISIONS, News, counted, news
from onrecord.overview.roster import Roster
from onrecord.records.vocabulary import STAGES, Change
from onrecord.site.addresses import Address
from onrecord.site.machine.feeds import Feed, atom_feed
from onrecord.site.pages import places, wording
from onrecord.site.pages.places import IndexPage

BACK, BY_DAY = timedelta(days=92), timedelta(days=14)
"""How far back the pages go, and how far each day has a heading; before that, months are folded."""

MOST, MOST_OF_MONTH = 100, 60
"""How many lines with days, and of a month, a page lists; the command lists all."""

KINDS: Mapping[str, frozenset[Change]] = {
    places.CHANGES: frozenset(Change),
    places.CHANGES_OF_DECISIONS: OF_DECISIONS,
    places.CHANGES_OF_ROLES: frozenset(
        (Change.OFFERED, Change.ACCEPTED, Change.ENDED, Change.ROLE, Change.HOLDER)
    ),
    places.CHANGES_OF_NUMBERS: frozenset((Change.METRIC,)),
}
"""The kinds of change that each page lists."""


class NewsDay(NamedTuple):
    """A day with its news; `name` is Today, Yesterday, or the day of the week."""

    day: date
    name: str
    news: Sequence[News]


class NewsMonth(NamedTuple):
    """A month with its news; `more` of them aren't shown."""

    name: str
    counted: str
    news: Sequence[News]
    more: int


class ChangesPage:
    """Makes the pages and the feeds of one build."""

    def __init__(self, env: jinja2.Environment, roster: Roster) -> None:
        self._env = env
        self._roster = roster

    def pages(self) -> Iterator[IndexPage]:
        """All that changed, and a page for each kind of record."""
        for page, title in places.CHANGES_PAGES.items():
            yield IndexPage(page, title, self._changes(page))

    def _changes(self, page: str) -> Callable[[Address], str]:
        def html(address: Address) -> str:
            today = self._roster.catalogue.today
            since = today - min(BACK, today - today.min)
            kinds = KINDS[page]
            events = (
                e for e in self._roster.events if e.kind in kinds and e.day and e.day >= since
            )
            found = news(events, self._roster.catalogue)
            by_day = [one for one in found if one.day > today - min(BY_DAY, today - today.min)]
            return self._env.get_template("changes.html").render(
                at=address,
                page=page,
                days=list(_days(by_day[:MOST], today)),
                more=len(by_day) - MOST,
                months=list(_months(found[len(by_day) :])),
                since=since,
            )

        return html

    def feeds(self, site_url: str, addresses: Mapping[str, str]) -> Iterator[Feed]:
        """A feed of what happened to decisions, and one of what came to each stage."""
        events = [one for one in self._roster.events if one.kind in OF_DECISIONS]
        yield self.feed(places.DECISIONS_FEED, "Decisions", events, site_url, addresses)
        for stage in STAGES:
            came = [one for one in events if one.key == f"entered-{stage}"]
            name = f"Decisions in {stage}"
            yield self.feed(places.STAGE_FEEDS[stage], name, came, site_url, addresses)

    def feed(
        self,
        path: str,
        name: str,
        events: Iterable[Event],
        site_url: str,
        addresses: Mapping[str, str],
    ) -> Feed:
        """A feed of the news of these events."""
        found = news(events, self._roster.catalogue)
        return atom_feed(self._env, path, name, found, site_url, addresses)


def _days(found: Iterable[News], today: date) -> Iterator[NewsDay]:
    for day, group in groupby(found, lambda one: one.day):
        ago = (today - day).days
        name = ("Today", "Yesterday")[ago] if ago < 2 else wording.WEEKDAYS[day.weekday()]
        yield NewsDay(day, name, list(group))


def _months(found: Iterable[News]) -> Iterator[NewsMonth]:
    for (year, month), group in groupby(found, lambda one: (one.day.year, one.day.month)):
        of_month = list(group)
        yield NewsMonth(
            f"{wording.MONTH_NAMES[month - 1]} {year}",
            counted(of_month),
            of_month[:MOST_OF_MONTH],
            len(of_month) - MOST_OF_MONTH,
        )
