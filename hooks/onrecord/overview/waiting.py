"""Waiting on you: what each person is asked for now, from every kind of record.

In comes the catalogue of a run, with who is accountable for each role; out come items, overdue
and oldest first, and the roles a person holds or backs up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from onrecord.lifecycle import conversation, stages
from onrecord.lifecycle.duties import coming
from onrecord.lifecycle.handoffs import Turn
from onrecord.lifecycle.loops import Loop
from onrecord.lifecycle.scorecards import Scorecard
from onrecord.overview.catalogue import Catalogue
from onrecord.records.clock import is_over
from onrecord.records.model import Decision, Handoff, Role, same_person
from onrecord.records.vocabulary import Ask, Stage, Status

REVISIT_AHEAD = timedelta(days=14)
"""How long before its day a decision that is to be looked at again is announced."""

DUTIES_AHEAD = timedelta(days=7)
"""How long before its next day a recurring duty is listed."""


class WaitingItem(NamedTuple):
    """One thing someone is asked for. `since` is when it began to wait, where that is known.

    `role` is the id of the role it belongs to, or ''; `what` says what to do, in a few words.
    """

    ask: Ask
    title: str
    what: str
    path: str
    due: date | None = None
    since: date | None = None
    role: str = ""

    def is_overdue(self, today: date) -> bool:
        """True where it should have been done before today."""
        return is_over(self.due, today)

    @property
    def order(self) -> tuple[date, date, str, str]:
        """Overdue and nearest first; then what has waited longest."""
        return (self.due or date.max, self.since or date.max, self.title.casefold(), self.path)


class Inbox(NamedTuple):
    """A person with what waits for them. `handle` is as it is written where it is first.

    `holds` are the roles they answer for today, `lends` those that somebody covers for them.
    """

    handle: str
    items: tuple[WaitingItem, ...] = ()
    holds: tuple[Role, ...] = ()
    lends: tuple[Role, ...] = ()
    backs_up: tuple[Role, ...] = ()

    def overdue(self, today: date) -> int:
        """How many things are overdue."""
        return sum(item.is_overdue(today) for item in self.items)


def people(
    catalogue: Catalogue, loops: Iterable[Loop], scorecards: Iterable[Scorecard]
) -> Mapping[str, Inbox]:
    """Everyone with something waiting or a role, by handle in lower case, in order.

    Whoever people.yml says has left is not among them: what waits for them is for the others.
    """
    spelled: dict[str, str] = {}
    items: dict[str, list[WaitingItem]] = {}
    holds: dict[str, list[Role]] = {}
    lends: dict[str, list[Role]] = {}
    backs_up: dict[str, list[Role]] = {}

    def known(handle: str) -> str:
        key = handle.casefold()
        if key and not catalogue.has_left(key):
            spelled.setdefault(key, handle)
            return key
        return ""

    for role in catalogue.library.role.values():
        answers = catalogue.holders.of_role(role, catalogue.today).who
        if key := known(answers):
            holds.setdefault(key, []).append(role)
        holder = catalogue.holders.holder(role, catalogue.today)
        # Whoever lends a role still holds it, but is not asked for it now.
        if not same_person(holder, answers) and (key := known(holder)):
            lends.setdefault(key, []).append(role)
        for handle in role.backups:
            if key := known(handle):
                backs_up.setdefault(key, []).append(role)
    for handle, item in _items(catalogue, loops, scorecards):
        if key := known(handle):
            items.setdefault(key, []).append(item)
    return {
        key: Inbox(
            _spelled(catalogue, key, spelled[key]),
            # A set, because one thing may reach a person twice, such as by name and by role.
            tuple(sorted(set(items.get(key, ())), key=lambda item: item.order)),
            tuple(holds.get(key, ())),
            tuple(lends.get(key, ())),
            tuple(backs_up.get(key, ())),
        )
        for key in sorted(spelled)
        if any(key in group for group in (items, holds, lends, backs_up))
    }


def _spelled(catalogue: Catalogue, key: str, seen: str) -> str:
    person = catalogue.library.people.get(key)
    return person.handle if person is not None else seen


def _items(
    catalogue: Catalogue, loops: Iterable[Loop], scorecards: Iterable[Scorecard]
) -> Iterator[tuple[str, WaitingItem]]:
    """Who is asked, and for what; '' where nobody answers."""
    for decision in catalogue.decisions:
        yield from _of_decision(catalogue, decision)
    for handoff in catalogue.library.handoffs:
        yield from _of_handoff(catalogue, handoff)
    for loop in loops:
        yield catalogue.answering(loop.who or loop.role), loop_item(loop)
    for role in catalogue.library.role.values():
        for duty, day in coming(catalogue.holders.duties(role), catalogue.today):
            if (day - catalogue.today) <= DUTIES_AHEAD:
                answers = catalogue.holders.of_duty(duty, catalogue.today).who
                what = f"recurring duty of {role.title}"
                yield answers, WaitingItem(Ask.DUTY, duty.text, what, role.path, day, None, role.id)
    for card in scorecards:
        if what := card.lack:
            metric = card.metric
            since = card.newest.day if card.newest else None
            yield (
                catalogue.answering(metric.role),
                WaitingItem(Ask.METRIC, metric.title, what, metric.path, None, since, metric.role),
            )


def loop_item(loop: Loop) -> WaitingItem:
    """An open loop as something to do."""
    what = f"open loop of the handoff {loop.handoff.title}"
    return WaitingItem(
        Ask.LOOP, loop.text, what, loop.handoff.path, loop.due, loop.handoff.effective, loop.role
    )


def _of_decision(catalogue: Catalogue, decision: Decision) -> Iterator[tuple[str, WaitingItem]]:
    d = decision
    owner = catalogue.library.owning(d)
    role = owner.id if owner is not None else ""
    answers = catalogue.answers_for(d)
    status = catalogue.status(d)
    if status is Status.ACCEPTED and d.revisit and d.revisit <= _ahead(catalogue.today):
        what = "accepted, to be looked at again"
        yield answers, WaitingItem(Ask.REVISIT, d.title, what, d.path, d.revisit, d.decided, role)
    if catalogue.is_due_for_a_look(d):
        for one in catalogue.effects[d.id]:
            if one.effect.is_for_a_look:
                what = f"{one.effect}: {one.expectation.metric} {one.expectation.said}"
                by = one.expectation.by
                yield answers, WaitingItem(Ask.EFFECT, d.title, what, d.path, by, d.decided, role)
                # One thing to do, however many numbers it promised.
                break
    if not catalogue.is_under_way(d):
        return
    due = stages.due_now(d)
    since = d.entered_on(d.stage) if d.stage else None
    asked: tuple[str, ...] = ()
    if d.stage in _ASKED_IN:
        ask, silent, what = _ASKED_IN[d.stage]
        asked = silent(d)
        for who in asked:
            asks = catalogue.answering(who)
            yield asks, WaitingItem(ask, d.title, what, d.path, due, since, role)
    # While others are asked, and in time, the owner has nothing to do.
    if status is Status.OPEN and d.owner and (not asked or is_over(due, catalogue.today)):
        what = _OWNERS_PART.get(d.stage, "its stage can't be read") if d.stage else ""
        # Those who are asked are late: now the owner may note their silence.
        if asked:
            what = f"overdue: {len(asked)} asked have not answered"
        yield answers, WaitingItem(Ask.DECISION, d.title, what, d.path, due, since, role)


_ASKED_IN = {
    Stage.COLLABORATE: (Ask.FEEDBACK, conversation.unanswered, "your feedback is asked for"),
    Stage.ALIGN: (Ask.ALIGNMENT, conversation.unaligned, "acknowledge what was decided"),
}
"""By stage, what others are asked for, who of them hasn't done it, and the words for it."""

_OWNERS_PART = {
    Stage.ASSESS: "write the assessment",
    Stage.COLLABORATE: "all feedback is in: move it to review",
    Stage.REVIEW: "resolve the feedback and write the review",
    Stage.INTEGRATE: "bring it together and write the outcome",
    Stage.ALIGN: "everyone has acknowledged: close it",
}


def _of_handoff(catalogue: Catalogue, handoff: Handoff) -> Iterator[tuple[str, WaitingItem]]:
    role = catalogue.library.role.get(handoff.role)
    title = f"{role.title if role else handoff.role}: {handoff.title}"
    match catalogue.turns[handoff.path]:
        case Turn.OFFERED:
            what, day = "accept it with a read-back", handoff.effective
            if handoff.giver and not same_person(handoff.giver, handoff.receiver):
                waits = f"@{handoff.receiver} has not accepted yet"
                if role is not None and same_person(
                    catalogue.holders.of_role(role, catalogue.today).who, handoff.giver
                ):
                    waits = f"you stay accountable until @{handoff.receiver} has accepted"
                item = WaitingItem(Ask.HANDOFF, title, waits, handoff.path, day, None, handoff.role)
                yield handoff.giver, item
        case Turn.DUE_BACK:
            if _is_on_its_way_back(catalogue, handoff):
                return
            what, day = "its time is over: hand it back, with what you learned", handoff.until
        case _:
            return
    yield (
        handoff.receiver,
        WaitingItem(Ask.HANDOFF, title, what, handoff.path, day, None, handoff.role),
    )


def _is_on_its_way_back(catalogue: Catalogue, handoff: Handoff) -> bool:
    """True where its receiver has written a later handoff that waits to be accepted."""
    return any(
        same_person(later.giver, handoff.receiver)
        and (later.effective or date.min) >= (handoff.effective or date.max)
        and catalogue.turns[later.path] is Turn.OFFERED
        for later in catalogue.handoffs_of.get(handoff.role, ())
        if later.covers is None and later.path != handoff.path
    )


def _ahead(today: date) -> date:
    # The calendar ends: a day too far ahead would be an error.
    left = (date.max - today).days
    return today + min(REVISIT_AHEAD, timedelta(days=left))
