"""A role whole, in few words: what whoever takes it over must know, a person or a program.

In come the roster of a run and a role; out comes a brief of at most 4,000 tokens, as values and as
Markdown. What would make it longer is cut, the longest first, and the brief says where it goes on.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cached_property
from typing import TypeVar

from onrecord.lifecycle import stages
from onrecord.overview.roster import Roster
from onrecord.overview.summary import cut, summary_of
from onrecord.records.clock import is_over
from onrecord.records.model import Decision, Handoff, Role, Section
from onrecord.site.machine.brief_keys import (
    Brief,
    BriefDecision,
    BriefHandoff,
    BriefLoop,
    BriefNumber,
    BriefPerson,
)
from onrecord.site.machine.brief_markdown import brief_markdown
from onrecord.site.machine.records_json import duty_json
from onrecord.site.machine.records_keys import DutyJson
from onrecord.site.pages.role.ties import Binding, Ties
from onrecord.text.printing import printed_json

Entry = TypeVar("Entry")

MOST_TOKENS = 4_000
"""How long a brief may be, as Markdown and as JSON."""

_SCALES = (3.0, 2.0, 1.4, 1.0, 0.7, 0.5, 0.35, 0.25, 0.15, 0.08, 0.04)
_SECTION = 1_200
"""Signs of one section, and below how many entries of each list there are, at scale 1."""
_BINDING, _OPEN, _LOOPS, _NUMBERS, _DUTIES, _ASKED = 8, 10, 12, 8, 14, 8

_SECTIONS = (
    ("start", "Start here today"),
    ("rights", "Decision rights"),
    ("accountabilities", "Accountabilities"),
    ("access", "Access"),
    ("depends", "Who depends on this"),
    ("if_this_happens", "If this happens"),
)
"""The sections of a playbook that a brief quotes, by its own names for them."""


def tokens_at_most(text: str) -> int:
    """About how many tokens a text costs a language model, counted high.

    Tokenizers differ. English takes four signs a token and more; dates, ids and paths three.
    """
    signs = len(text.encode("ascii", "ignore"))
    rest = len(text.encode(errors="surrogatepass")) - signs
    return math.ceil(signs / 3 + rest / 2)


def brief_of(roster: Roster, role: Role) -> Brief:
    """The brief of a role, as long as it may be."""
    making = _Brief(roster, role)
    fitting = (one for one in map(making.brief, _SCALES) if _fits(one))
    return next(fitting, None) or making.brief(0)


def _fits(brief: Brief) -> bool:
    texts = (brief_markdown(brief), printed_json(brief))
    return all(tokens_at_most(text) <= MOST_TOKENS for text in texts)


class _Brief:
    """One brief in the making. What it may hold is gathered once, and cut for each scale."""

    _scale = 1.0

    def __init__(self, roster: Roster, role: Role) -> None:
        self._roster, self._role, self._ties = roster, role, Ties(roster)
        self._catalogue = roster.catalogue
        self._today = self._catalogue.today
        self._cut: list[str] = []

    def brief(self, scale: float) -> Brief:
        """The brief with as much of each part as `scale` allows."""
        self._scale, self._cut = scale, []
        role, catalogue = self._role, self._catalogue
        accountable = self._roster.accountable[role.id]
        is_lent = accountable.by is not None and not accountable.by.is_for_good
        sections = {name: self._section(title) for name, title in _SECTIONS}
        return Brief(
            id=role.id,
            title=_short(role.title),
            path=role.path,
            as_of=self._today,
            purpose=cut(role.purpose, 400),
            team=_short(role.team) or None,
            holder=catalogue.holders.holder(role, self._today) or None,
            answers=accountable.who or None,
            person=self._roster.person_behind(role) or None,
            until=accountable.by.until if accountable.by and is_lent else None,
            backups=role.backups[:_ASKED],
            readiness=self._roster.readiness_of[role.id].level.word,
            binds=self._bindings(),
            open=tuple(map(self._decision, self._few("open decisions", self._open, _OPEN))),
            loops=self._few("open loops", [*self._loops()], _LOOPS),
            numbers=self._few("numbers", [*self._numbers()], _NUMBERS),
            handoffs=tuple(self._handoffs()),
            ask=self._few("whom to ask", [*self._people()], _ASKED),
            duties=self._few("duties", [*self._duties()], _DUTIES),
            **sections,
            cut=tuple(self._cut),
        )

    def _few(self, name: str, many: list[Entry], most: int) -> tuple[Entry, ...]:
        most = math.ceil(most * self._scale)
        if len(many) > most:
            self._cut.append(f"{name}: {most} of {len(many)}")
        return tuple(many[:most])

    def _bindings(self) -> tuple[BriefDecision, ...]:
        shown, more = self._bound
        kept = shown[: math.ceil(_BINDING * self._scale)]
        if more or len(kept) < len(shown):
            self._cut.append(f"what binds it: {len(kept)} of {len(shown) + more}")
        return tuple(self._decision(one.decision, one.why) for one in kept)

    @cached_property
    def _bound(self) -> tuple[list[Binding], int]:
        return self._ties.bindings(self._role)

    def _section(self, title: str) -> str | None:
        section = self._role.body.section(title)
        return self._text(title, section) if section and section.is_written else None

    def _text(self, title: str, section: Section) -> str:
        text = section.text.strip("\n")
        short = _first_lines(text, round(_SECTION * self._scale))
        if short != text:
            self._cut.append(title)
        return short

    # Decisions.

    @cached_property
    def _open(self) -> list[Decision]:
        return [row.decision for row in self._catalogue.under_way_of(self._role.id)]

    def _decision(self, d: Decision, why: str = "") -> BriefDecision:
        catalogue = self._catalogue
        status = catalogue.status(d)
        is_live = catalogue.is_under_way(d)
        missing = [lack.text for lack in catalogue.lacks(d)] if is_live and d.stage else []
        return BriefDecision(
            id=d.id,
            title=_short(d.title),
            path=d.path,
            says=summary_of(d),
            status=status,
            stage=d.stage if is_live else None,
            due=stages.due_now(d) if is_live else None,
            decided=d.decided,
            waits_for=stages.waits_for(d)[:_ASKED] if is_live else (),
            missing=tuple(cut(one, 120) for one in missing[:3]),
            why=_short(why) or None,
        )

    # What the role has.

    def _duties(self) -> Iterator[DutyJson]:
        for duty in self._catalogue.holders.duties(self._role):
            if duty.recurs:
                found = duty_json(duty, self._catalogue.holders, self._today)
                yield {**found, "text": cut(found["text"])}

    def _loops(self) -> Iterator[BriefLoop]:
        for one in self._roster.loops_of.get(self._role.id, ()):
            late = is_over(one.due, self._today)
            yield BriefLoop(cut(one.text), one.who or None, one.due, late, one.handoff.path)

    def _numbers(self) -> Iterator[BriefNumber]:
        for card in self._roster.scorecards_of.get(self._role.id, ()):
            metric, newest = card.metric, card.newest
            yield BriefNumber(
                id=metric.id,
                title=_short(metric.title),
                path=metric.path,
                value=newest.value if newest else None,
                unit=_short(metric.unit) or None,
                day=newest.day if newest else None,
                target=metric.target,
                direction=metric.direction,
                standing=card.standing,
            )

    def _handoffs(self) -> Iterator[BriefHandoff]:
        """The last one that was accepted, and the offers that wait."""
        found = self._roster.handoffs_of(self._role.id)
        last = next((h for h in found if h.accepted and h.accepted <= self._today), None)
        for handoff in (*self._roster.offered_of(self._role.id)[:2], *([last] if last else ())):
            yield self._handoff(handoff)

    def _handoff(self, h: Handoff) -> BriefHandoff:
        section = h.body.section("Situation")
        is_written = section is not None and section.is_written
        return BriefHandoff(
            id=h.id,
            path=h.path,
            giver=h.giver or None,
            receiver=h.receiver,
            effective=h.effective,
            until=h.until,
            status=self._catalogue.turns[h.path],
            state=h.state,
            situation=self._text("Situation", section) if section and is_written else None,
        )

    def _people(self) -> Iterator[BriefPerson]:
        for one in self._ties.people(self._role):
            person = self._catalogue.library.people.get(one.handle.casefold())
            yield BriefPerson(
                handle=one.handle,
                name=(_short(person.name) or None) if person else None,
                why=one.why,
                agent=person.agent if person else False,
                timezone=one.zone or None,
                hours=_short(one.hours) or None,
            )


def _short(text: str) -> str:
    return cut(" ".join(text.split()), 120)


def _first_lines(text: str, most: int) -> str:
    """As many whole lines as fit; a first line that is longer is cut at a word."""
    if len(text) <= most:
        return text
    kept = text[: most + 1].rpartition("\n")[0].rstrip()
    return f"{kept}\n…" if kept else cut(text.partition("\n")[0], max(most, 20))
