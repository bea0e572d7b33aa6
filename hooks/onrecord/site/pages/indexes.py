"""The pages the site makes: board, stages, closed decisions, lists, roles, handoffs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cached_property

import jinja2

from onrecord.drafting.agenda import Agenda, agenda_of, to_meet_about, tomorrow
from onrecord.forges.requests import OpenRequest
from onrecord.lifecycle.handoffs import Turn
from onrecord.overview.catalogue import Catalogue
from onrecord.precedents.open_questions import open_questions
from onrecord.records.model import Decision
from onrecord.records.vocabulary import STAGES, Stage, Status
from onrecord.site.addresses import Address
from onrecord.site.machine.feeds import Feed, invitation
from onrecord.site.pages import places, wording
from onrecord.site.pages.browsing import CLOSED_STATUSES, BrowseLink, by_group, by_outcome
from onrecord.site.pages.places import IndexPage

MOST_CLOSED, MOST_CHAINS = 25, 60
"""How many lines a part of a page shows before it leads to the whole list."""

MOST_ROWS, MOST_OF_STAGE = 120, 20
"""Rows of one page, and of one stage on the board; longer lists come in parts."""


MOST_OF_AGENDA, MEETING_MINUTES = 10, 30
"""What a page proposes for one meeting; `onrecord agenda` makes others."""


class Indexes:
    """Makes the index pages of one build."""

    def __init__(
        self, env: jinja2.Environment, catalogue: Catalogue, requests: Sequence[OpenRequest] = ()
    ) -> None:
        self._env = env
        self._catalogue = catalogue
        self._requests = requests

    def pages(self) -> Iterator[IndexPage]:
        """Every page the site makes beside the records' own and the home page."""
        catalogue = self._catalogue
        yield IndexPage(places.BOARD, "Decisions", self._board)
        for stage in STAGES:
            title = f"{stage.title}: decisions under way"
            yield IndexPage(places.stage_page(stage), title, self._stage(stage))
        yield IndexPage(places.CLOSED, "Closed decisions", self._closed)
        for status in CLOSED_STATUSES:
            rows = [d for d in catalogue.decisions if catalogue.status(d) is status]
            title = f"{wording.sentence(status)} decisions"
            page = places.status_page(status)
            yield from self._list(page, title, status.meaning, rows, is_outcome=True)
        if catalogue.unsettled:
            page, intro = places.status_page(Status.UNSETTLED), Status.UNSETTLED.meaning
            yield from self._list(page, "Decisions to be settled", intro, catalogue.unsettled)
        for year, decisions in catalogue.by_year.items():
            title = f"Decisions of {year}" if year else "Decisions without a date"
            intro = "By the day they were decided, or opened when they are still open."
            yield from self._list(places.year_page(year), title, intro if year else "", decisions)
        for owner, decisions in catalogue.by_owner.items():
            role = catalogue.library.role.get(owner)
            title = f"Decisions of {catalogue.owner_title(owner)}"
            intro = role.purpose if role else ""
            yield from self._list(places.owner_page(owner), title, intro, decisions)
        for tag, decisions in catalogue.by_tag.values():
            yield from self._list(places.tag_page(tag), f"Decisions tagged “{tag}”", "", decisions)
        yield IndexPage(places.QUESTIONS, "Open questions", self._questions)
        yield IndexPage(places.RECURRING, "Problems that keep coming back", self._recurring)
        yield IndexPage(places.ROLES, "Roles", self._roles)
        yield IndexPage(places.HANDOFFS, "Handoffs", self._handoffs)

    def _board(self, address: Address) -> str:
        catalogue = self._catalogue
        return self._render(
            "board",
            address,
            groups=[
                (stage, catalogue.urgent_first(group)[:MOST_OF_STAGE], len(group))
                for stage, group in catalogue.under_way.items()
            ],
            requests=self._requests,
            decision_at={d.path: d for d in catalogue.decisions},
            unsettled=len(catalogue.unsettled),
            unsettled_page=places.status_page(Status.UNSETTLED),
            unread=catalogue.urgent_first(
                d for d in catalogue.decisions if d.stage is None and catalogue.is_open(d)
            ),
        )

    @cached_property
    def agenda(self) -> Agenda | None:
        """The agenda of what is in integrate; None where nothing is."""
        catalogue = self._catalogue
        decisions = to_meet_about(catalogue)[:MOST_OF_AGENDA]
        if not decisions:
            return None
        return agenda_of(catalogue, decisions, tomorrow(catalogue.today), MEETING_MINUTES)

    def feeds(self) -> Iterator[Feed]:
        """The invitation to the one meeting, where there is something to meet about."""
        agenda = self.agenda
        if agenda is not None and agenda.begins is not None:
            yield Feed(places.MEETING, lambda: invitation(agenda))

    def _stage(self, stage: Stage) -> Callable[[Address], str]:
        def html(address: Address) -> str:
            catalogue = self._catalogue
            group = catalogue.under_way[stage]
            return self._render(
                "stage",
                address,
                stage=stage,
                rows=catalogue.urgent_first(group)[:MOST_ROWS],
                more=len(group) - MOST_ROWS,
                lacks={d.id: catalogue.lacks(d) for d in group},
                agenda=self.agenda if stage is Stage.INTEGRATE else None,
            )

        return html

    def _closed(self, address: Address) -> str:
        catalogue = self._catalogue
        closed = [d for d in catalogue.decisions if catalogue.is_closed(d)]
        return self._render(
            "closed",
            address,
            statuses=by_outcome(catalogue),
            facets=by_group(catalogue, catalogue.is_closed).items(),
            newest=catalogue.newest_first(closed)[:MOST_CLOSED],
            total=len(closed),
        )

    def _list(
        self,
        path: str,
        title: str,
        intro: str,
        decisions: Sequence[Decision],
        *,
        is_outcome: bool = False,
    ) -> Iterator[IndexPage]:
        """The page of some decisions; of very many, a page of its parts and a page for each.

        With `is_outcome` all have the same one, so that no column names it.
        """
        parts = _parts(decisions) if len(decisions) > MOST_ROWS else {}
        facets = [
            BrowseLink(name, places.part_page(path, key), len(inside))
            for (key, name), inside in parts.items()
        ]

        def html(address: Address) -> str:
            catalogue = self._catalogue
            opened = [d for d in decisions if catalogue.is_open(d)]
            closed = [d for d in decisions if not catalogue.is_open(d)]
            # Where it has parts, each of them lists all of its own.
            most = MOST_CLOSED if facets else None
            return self._render(
                "list",
                address,
                title=title,
                intro=intro,
                open=catalogue.urgent_first(opened)[:most],
                closed=catalogue.newest_first(closed)[:most],
                opened_in_all=len(opened),
                closed_in_all=len(closed),
                parts=facets,
                is_outcome=is_outcome,
            )

        yield IndexPage(path, title, html)
        for (key, name), inside in parts.items():
            part, words = places.part_page(path, key), f"{title}: {name}"
            yield from self._list(part, words, intro, inside, is_outcome=is_outcome)

    def _recurring(self, address: Address) -> str:
        catalogue = self._catalogue
        found = catalogue.before.chains()
        chains = [(chain.again, list(map(catalogue.row, chain))) for chain in found]
        return self._render(
            "recurring",
            address,
            chains=chains[:MOST_CHAINS],
            more=len(chains) - MOST_CHAINS,
            left_out=not catalogue.before.searches,
        )

    def _questions(self, address: Address) -> str:
        catalogue = self._catalogue
        found = open_questions(catalogue.decisions, catalogue.before)
        return self._render(
            "questions", address, questions=found[:MOST_ROWS], more=len(found) - MOST_ROWS
        )

    def _roles(self, address: Address) -> str:
        catalogue = self._catalogue
        rows = []
        answers = {
            role.id: catalogue.holders.of_role(role, catalogue.today).who
            for role in catalogue.library.role.values()
        }
        for role in sorted(
            catalogue.library.role.values(),
            key=lambda r: (bool(answers[r.id]), r.title.casefold(), r.id),
        ):
            own = catalogue.by_owner.get(role.id, [])
            last = next(iter(catalogue.handoffs_of.get(role.id, [])), None)
            rows.append((role, answers[role.id], sum(map(catalogue.is_open, own)), last))
        return self._render("roles", address, rows=rows)

    def _handoffs(self, address: Address) -> str:
        catalogue = self._catalogue
        order = (Turn.OFFERED, Turn.DUE_BACK, Turn.ACCEPTED, Turn.CLOSED)
        groups = [
            (turn, [h for h in catalogue.handoffs_by_day if catalogue.turns[h.path] is turn])
            for turn in order
        ]
        return self._render("handoffs", address, groups=groups)

    def _render(self, template: str, address: Address, **facts: object) -> str:
        return self._env.get_template(f"{template}.html").render(at=address, **facts)


def _parts(decisions: Sequence[Decision]) -> dict[tuple[str, str], list[Decision]]:
    """Decisions by year, newest first, or by month when they are of one year.

    Keys are the name of the part's page and its title. Empty when a month is all there is.
    """
    days = [d.filed for d in decisions]
    years = {day.year if day else None for day in days}
    if len({(day.year, day.month) if day else None for day in days}) < 2:
        return {}
    groups: dict[tuple[str, str], list[Decision]] = {}
    for decision, day in sorted(
        zip(decisions, days, strict=True), key=lambda pair: pair[1] or date.min, reverse=True
    ):
        if day is None:
            key = ("undated", "without a date")
        elif len(years) > 1:
            key = (str(day.year), str(day.year))
        else:
            key = (f"{day.month:02}", f"{wording.MONTHS[day.month - 1]} {day.year}")
        groups.setdefault(key, []).append(decision)
    return groups
