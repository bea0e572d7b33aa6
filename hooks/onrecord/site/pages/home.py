"""Home: what waits for you, where the team is stuck, what was decided, what needs a hand.

In comes the roster of a build; out come the HTML below the title of the home page, and for each
person a small file of what waits for them. A browser that was told a name reads its file; nothing
is sent anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import jinja2

from onrecord.lifecycle.handoffs import Turn
from onrecord.lifecycle.loops import Loop
from onrecord.lifecycle.scorecards import Standing
from onrecord.overview.attention import stuck, unreadable
from onrecord.overview.catalogue import Catalogue, Row
from onrecord.overview.roster import Roster
from onrecord.overview.waiting import Inbox
from onrecord.site.addresses import Address, addresses_from
from onrecord.site.pages import places, wording
from onrecord.site.pages.places import IndexPage

MOST_STUCK, MOST_HANDS, MOST_YOURS = 10, 7, 7
"""How many rows a part of the page shows before it leads to the whole list."""

MOST_NAMES, MOST_ROWS = 12, 100
"""So many names are buttons, more are a list to choose from; and the rows of a whole list."""

AHEAD = timedelta(days=14)
"""How long before its day an open loop is shown."""

LATELY, FEWEST_DECIDED, MOST_DECIDED = timedelta(days=7), 3, 7
"""What was decided in so many days is shown, but not fewer and not more than this."""


class HomePage:
    """Makes what home says below its title."""

    def __init__(self, env: jinja2.Environment, roster: Roster, *, search: bool) -> None:
        self._env = env
        self._roster = roster
        self._search = search

    def pages(self) -> Iterator[IndexPage]:
        """All that is stuck, of which home shows the first."""
        yield IndexPage(places.STUCK, "Stuck decisions", self._stuck)

    def _stuck(self, address: Address) -> str:
        found = stuck(self._roster.catalogue)
        return self._env.get_template("stuck.html").render(
            at=address, found=found[:MOST_ROWS], more=len(found) - MOST_ROWS
        )

    def html(self, address: Address) -> str:
        """What needs the team now."""
        roster, catalogue = self._roster, self._roster.catalogue
        library = catalogue.library
        unheld = [role for role in library.role.values() if roster.is_vacant(role)]
        found = stuck(catalogue)
        broken = unreadable(catalogue)
        off = [one for one in roster.scorecards if one.standing is Standing.OFF_TARGET]
        return self._env.get_template("home.html").render(
            at=address,
            search=self._search,
            names=[
                (self._name(person), places.waiting_file(key), person.handle)
                for key, person in roster.people.items()
            ],
            as_buttons=len(roster.people) <= MOST_NAMES,
            stuck=found[:MOST_STUCK],
            more_stuck=len(found) - MOST_STUCK,
            open=sum(map(catalogue.is_open, catalogue.decisions)),
            decided=_decided_lately(catalogue),
            broken=broken[:MOST_HANDS],
            more_broken=len(broken) - MOST_HANDS,
            shown={one.path for one in library.records},
            offered=[h for h in library.handoffs if catalogue.turns[h.path] is Turn.OFFERED],
            due_back=[h for h in library.handoffs if catalogue.turns[h.path] is Turn.DUE_BACK],
            vacant=[role for role in unheld if not catalogue.has_left(role.holder)],
            left=[role for role in unheld if catalogue.has_left(role.holder)],
            off=off[:MOST_HANDS],
            loops=self._loops(),
            more_off=len(off) - MOST_HANDS,
            looks=[(d, catalogue.effect(d)) for d in catalogue.due_for_a_look[:MOST_HANDS]],
            more_looks=len(catalogue.due_for_a_look) - MOST_HANDS,
            most=MOST_HANDS,
        )

    def _loops(self) -> list[Loop]:
        """The open loops that are late or due soon, by day."""
        until = self._roster.catalogue.today + min(AHEAD, date.max - self._roster.catalogue.today)
        found = ((loop.due, loop) for loop in self._roster.loops if loop.due)
        return [loop for due, loop in sorted(found, key=lambda one: one[0]) if due <= until]

    def _name(self, person: Inbox) -> str:
        return self._roster.catalogue.name_of(person.handle) or f"@{person.handle}"

    def files(self, addresses: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """What waits for each person, as the script of every page reads it."""
        address = addresses_from("", addresses)
        for key, person in self._roster.people.items():
            yield (
                places.waiting_file(key),
                json.dumps(
                    self._waiting(person, address), ensure_ascii=False, separators=(",", ":")
                ),
            )

    def _waiting(self, person: Inbox, address: Address) -> dict[str, object]:
        """The first things that wait, with their addresses from the root of the site."""
        today = self._roster.catalogue.today
        return {
            "handle": person.handle,
            "name": self._name(person),
            "page": address(places.person_page(person.handle)),
            "count": len(person.items),
            "late": person.overdue(today),
            "items": [
                {
                    "ask": wording.sentence(item.ask.meaning),
                    "title": wording.plain(item.title),
                    "href": address(item.path),
                    "when": wording.due_text(item.due, today) if item.due else "",
                    "how": self._env.globals["urgency"](item.due),  # type: ignore[operator]
                }
                for item in person.items[:MOST_YOURS]
            ],
        }


def _decided_lately(catalogue: Catalogue) -> list[Row]:
    """What was decided in the last days, or the last of all, the newest first."""
    rows = catalogue.newest_first(d for d in catalogue.decisions if d.outcome and d.decided)
    since = catalogue.today - min(LATELY, catalogue.today - date.min)
    fresh = sum((row.decision.decided or date.min) >= since for row in rows[:MOST_DECIDED])
    return rows[: max(FEWEST_DECIDED, fresh)]
