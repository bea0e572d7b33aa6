"""The pages for people and roles: what waits for whom, readiness, the scoreboard, their feeds.

In comes the roster of a build; out come index pages, the facts of a role's page, and the texts
of calendars and feeds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property

import jinja2

from onrecord.lifecycle.duties import RECURRING, Duty, items_in, plain_item
from onrecord.lifecycle.handoffs import Turn
from onrecord.lifecycle.readiness import Level
from onrecord.lifecycle.scorecards import Standing
from onrecord.overview.events import Deadline, Event
from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.overview.news import news
from onrecord.overview.waiting import Inbox, loop_item
from onrecord.records.findings import count
from onrecord.records.model import Handoff, Metric, Role
from onrecord.records.shapes import ROLE
from onrecord.site.addresses import Address
from onrecord.site.machine.feeds import Feed, atom_feed, calendar_feed
from onrecord.site.pages import charts, places
from onrecord.site.pages.places import IndexPage
from onrecord.site.pages.role.care import DatedAsk, asks_of, load_of, long_uncovered
from onrecord.site.pages.role.day import MOST_COMING, MOST_NOW, coming_rows, delegated, now_rows
from onrecord.site.pages.role.parts import TextPart, TextParts
from onrecord.site.pages.role.ties import Ties
from onrecord.site.pages.role.together import timeline, timelines_of_roles

MOST_CHANGES = 40
"""How many news a role's page lists; the feed and the lists hold the rest."""


class PeoplePages:
    """Makes the pages and feeds of one build."""

    def __init__(self, env: jinja2.Environment, base: KnowledgeBase) -> None:
        self._env = env
        self._base = base
        self._roster = roster = base.roster
        self._ties = Ties(roster)

    def page_of(self, handle: str) -> str:
        """The path of a person's page; '' when they have none."""
        return places.person_page(handle) if handle.casefold() in self._roster.people else ""

    @cached_property
    def _asks(self) -> Mapping[str, list[DatedAsk]]:
        """What each was asked of late; git is read for it when the first page is made."""
        return asks_of(self._roster, self._base.history)

    # Pages.

    def pages(self) -> Iterator[IndexPage]:
        """The overviews, and a page for each person with something waiting or a role."""
        yield IndexPage(places.PEOPLE, "Who is waited for", self._people)
        yield IndexPage(places.READINESS, "Readiness", self._readiness)
        yield IndexPage(places.SCOREBOARD, "Numbers", self._scoreboard)
        yield IndexPage(places.TOGETHER, "What happened together", self._together)
        for key, person in self._roster.people.items():
            yield IndexPage(
                places.person_page(key),
                f"What waits for @{person.handle}",
                self._person(person),
                person.handle,
            )

    def _people(self, address: Address) -> str:
        today = self._roster.catalogue.today
        rows = [(person, person.overdue(today)) for person in self._roster.people.values()]
        # By name: a list of people never says who is behind the others.
        names = {one.handle: self._roster.catalogue.name_of(one.handle) for one, _ in rows}
        rows.sort(key=lambda row: (names[row[0].handle] or row[0].handle).casefold())
        return self._render("people", address, rows=rows)

    def _person(self, person: Inbox) -> Callable[[Address], str]:
        def html(address: Address) -> str:
            page = places.person_page(person.handle)
            return self._render(
                "person",
                address,
                person=person,
                load=load_of(self._roster, person, self._asks.get(person.handle.casefold(), ())),
                known=self._roster.catalogue.library.people.get(person.handle.casefold()),
                name=self._roster.catalogue.name_of(person.handle),
                waiting_file=places.waiting_file(person.handle),
                calendar=_beside(page, "calendar.ics"),
                feed=_beside(page, "feed.atom"),
            )

        return html

    def _readiness(self, address: Address) -> str:
        roster = self._roster
        roles = sorted(
            roster.catalogue.library.role.values(),
            key=lambda r: (roster.readiness_of[r.id].level, r.title.casefold(), r.id),
        )
        return self._render(
            "readiness",
            address,
            rows=[(role, roster.readiness_of[role.id]) for role in roles],
            ready=[role for role in roles if roster.coverable(role)],
            alone=roster.alone,
            vacant=[role for role in roles if roster.is_vacant(role)],
            levels=list(Level)[1:],
            uncovered=long_uncovered(roster),
        )

    def _scoreboard(self, address: Address) -> str:
        roster = self._roster
        order = (Standing.OFF_TARGET, Standing.LATE, Standing.NO_DATA)
        cards = sorted(
            roster.scorecards,
            key=lambda c: (
                order.index(c.standing) if c.standing in order else len(order),
                c.metric.role,
                c.metric.title.casefold(),
            ),
        )
        counts = Counter(card.standing for card in cards)
        return self._render(
            "scoreboard",
            address,
            cards=[(card, charts.trend(card), depth) for card, depth in roster.in_tree(cards)],
            goals=roster.goals,
            expected=roster.catalogue.expected_of,
            counts_of=[(s, counts[s]) for s in Standing if counts[s]],
        )

    def _together(self, address: Address) -> str:
        roster = self._roster
        return self._render(
            "together",
            address,
            team=timeline(roster.scorecards, roster.events, roster.catalogue.today),
            roles=timelines_of_roles(roster),
        )

    # The facts of a record's own page.

    def role(self, role: Role, text: TextParts | None) -> Mapping[str, object]:
        """What a role's page shows beside its text. Without the text's parts it comes first."""
        roster, catalogue = self._roster, self._roster.catalogue
        own = catalogue.by_owner.get(role.id, [])
        loops = roster.loops_of.get(role.id, ())
        cards = roster.scorecards_of.get(role.id, ())
        parts = text.named(title for title, _ in ROLE.sections) if text else {}
        found = news(roster.events_of_role.get(role.id, []), catalogue)
        bindings, more_binding = self._ties.bindings(role)
        return {
            "text": text,
            "parts": parts,
            "other_parts": [one for one in text.sections if one not in parts.values()]
            if text
            else [],
            "counted": self._counted(role),
            "questions": dict(ROLE.sections),
            "accountable": roster.accountable[role.id],
            "person_behind": roster.person_behind(role),
            "holder": catalogue.holders.holder(role, catalogue.today),
            "holder_fits": catalogue.holders.fits(role, catalogue.today)
            or catalogue.holders.is_left_to_derive(role, catalogue.today),
            "offered": roster.offered_of(role.id),
            "due_back": [
                h
                for h in roster.handoffs_of(role.id)
                if catalogue.turns[h.path] is Turn.DUE_BACK and h.covers is None
            ],
            "readiness": roster.readiness_of[role.id],
            "last_use": roster.last_use(role.id),
            "now": now_rows(roster, role),
            "most_now": MOST_NOW,
            "most_coming": MOST_COMING,
            "coming": coming_rows(roster, role, _how(catalogue.holders.duties(role), role, parts)),
            "delegated": delegated(roster, role),
            "bindings": bindings,
            "more_binding": more_binding,
            "tried": self._ties.tried(role),
            "to_ask": self._ties.people(role),
            "neighbours": self._ties.neighbours(role),
            "loops": [loop_item(loop) for loop in loops],
            "loop_who": {loop_item(loop): loop.who for loop in loops},
            "cards": [(card, charts.trend(card, 64, 18)) for card in cards],
            "terms": roster.terms_of(role),
            "news": found[:MOST_CHANGES],
            "more_news": max(0, len(found) - MOST_CHANGES),
            "decisions": len(own),
            "calendar": _beside(role.path, "calendar.ics"),
            "feed": _beside(role.path, "feed.atom"),
        }

    def _counted(self, role: Role) -> Mapping[str, str]:
        """How many things each section lists, by its title."""
        found = {one.title: items_in(one) for one in role.body.sections}
        return {title: count(len(items), "thing") for title, items in found.items() if items}

    def handoff(self, handoff: Handoff) -> Mapping[str, object]:
        """What a handoff's page shows beside its text."""
        own = [
            loop
            for loop in self._roster.loops_of.get(handoff.role, ())
            if loop.handoff.path == handoff.path
        ]
        catalogue = self._roster.catalogue
        role = catalogue.library.role.get(handoff.role)
        is_back = catalogue.turns[handoff.path] is Turn.DUE_BACK and role is not None
        return {
            "loops": [(loop_item(loop), loop.who) for loop in own],
            "back_to": catalogue.holders.after(handoff, role, catalogue.today)
            if is_back and role is not None
            else "",
        }

    def metric(self, metric: Metric) -> Mapping[str, object]:
        """What a metric's page shows beside its text."""
        card = next(
            card
            for card in self._roster.scorecards_of[metric.role]
            if card.metric.path == metric.path
        )
        catalogue = self._roster.catalogue
        expected = catalogue.expected_of.get(metric.name, [])
        decided = dict.fromkeys((d.decided, f"decided: {d.title}") for d, _ in expected)
        happened = [(day, said) for day, said in decided if day is not None]
        return {
            "card": card,
            "trend": charts.trend(card, 420, 90, happened),
            "goal": catalogue.library.metric.get(self._roster.goals.get(metric.name, "")),
            "serving": self._roster.serving.get(metric.name, []),
            "expected": sorted(expected, key=lambda one: one[1].expectation.by or date.max),
        }

    # Feeds.

    def feeds(self, site_url: str, addresses: Mapping[str, str]) -> Iterator[Feed]:
        """Calendars and feeds of the team, of each role, and of each person with a page."""
        roster = self._roster
        yield from self._pair("", "The team", roster.deadlines, roster.events, site_url, addresses)
        for role in roster.catalogue.library.role.values():
            yield from self._pair(
                _beside(role.path, ""),
                role.title,
                roster.deadlines_of_role.get(role.id, []),
                roster.events_of_role.get(role.id, []),
                site_url,
                addresses,
            )
        for key, person in roster.people.items():
            yield from self._pair(
                _beside(places.person_page(key), ""),
                f"@{person.handle}",
                roster.deadlines_of_person.get(key, []),
                roster.events_of_person.get(key, []),
                site_url,
                addresses,
            )

    def _pair(
        self,
        folder: str,
        name: str,
        deadlines: list[Deadline],
        events: list[Event],
        site_url: str,
        addresses: Mapping[str, str],
    ) -> Iterator[Feed]:
        calendar = f"{folder}calendar.ics"
        yield calendar_feed(calendar, name, deadlines, site_url, addresses)
        found = news(events, self._roster.catalogue)
        yield atom_feed(self._env, f"{folder}feed.atom", name, found, site_url, addresses)

    def _render(self, template: str, address: Address, **facts: object) -> str:
        return self._env.get_template(f"{template}.html").render(at=address, **facts)


def _how(duties: Iterable[Duty], role: Role, parts: Mapping[str, TextPart]) -> Mapping[str, str]:
    """The address of each duty's how-to, by the duty's key: the first link of its line."""
    section, part = role.body.section(RECURRING), parts.get(RECURRING)
    if section is None or part is None:
        return {}
    texts, links = items_in(section), part.first_links
    if len(texts) != len(links):
        return {}  # a list within a list, or a line that is no item after all
    by_text = dict(zip(map(plain_item, texts), links, strict=True))
    return {duty.key: by_text.get(duty.text, "") for duty in duties}


def _beside(page: str, name: str) -> str:
    return f"{page.rpartition('/')[0]}/{name}"
