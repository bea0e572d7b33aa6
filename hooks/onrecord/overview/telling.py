"""What to tell people: who is newly asked, what is soon due or late, what happened. Told once.

No state is kept but git's and the day. A commit tells what it brings: what waits after it, less
what waited before it, both on one day. A day tells what it brings by itself: what waits in the
morning, less what waited the day before, with the files as they were. So whoever asks for the same
commits or the same days is told the same, and each new thing belongs to one of them alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from onrecord.lifecycle.conversation import conversation_of
from onrecord.lifecycle.scorecards import Standing
from onrecord.overview.attention import stuck
from onrecord.overview.events import Event, events
from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.overview.waiting import WaitingItem
from onrecord.records.clock import WORKING_DAYS, hours_of, zone_of
from onrecord.records.findings import count
from onrecord.records.history import History, facts_of
from onrecord.records.model import Person, same_person
from onrecord.records.vocabulary import Change, Says

SOON = timedelta(days=2)
"""How long before its day somebody is reminded of what is asked."""

_FOR_ALL = (Change.NEW, Change.DECIDED, Change.SUPERSEDED, Change.ACCEPTED, Change.HOLDER)
"""What the whole team is told of a change."""


class Reason(StrEnum):
    """Why somebody is told of something."""

    ASKED = "new for you"
    SOON = "due soon"
    LATE = "late"
    REPLY = "replies"
    HAPPENED = "what happened"
    DECIDED = "decided in the last seven days"
    HANDED_ON = "handed on in the last seven days"
    DUE = "due in the next seven days"
    STUCK = "stuck"
    OFF_TARGET = "off target"
    EFFECT = "what decisions changed"

    @property
    def is_of_the_week(self) -> bool:
        """True for what is told once a week."""
        return self in _OF_THE_WEEK


_OF_THE_WEEK = frozenset(
    (Reason.DECIDED, Reason.HANDED_ON, Reason.DUE, Reason.STUCK, Reason.OFF_TARGET, Reason.EFFECT)
)
_WAITING = (Reason.ASKED, Reason.SOON, Reason.LATE)


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to tell."""

    who: str
    """Whom to tell: a handle in lower case, or an empty text for the whole team."""
    reason: Reason
    """Why they are told."""
    title: str
    """The record's title; of a handoff, its role's."""
    what: str
    """What to do, or what happened, in words."""
    path: str
    """The record's file."""
    due: date | None = None
    """The day it is due."""


class Step(NamedTuple):
    """A commit or a morning: the moment, and the base before and after it."""

    moment: datetime
    before: KnowledgeBase
    after: KnowledgeBase

    @property
    def is_commit(self) -> bool:
        """False for a morning, which changes the day and no file."""
        return self.before.today == self.after.today


def told_by(step: Step) -> tuple[Told, ...]:
    """Everything that a commit or a morning brings to tell, by person."""
    found = [*_asked(step)]
    found += [*_replies(step), *_happened(step)] if step.is_commit else [*_taken_effect(step)]
    return tuple(dict.fromkeys(found))


def deliverable(
    steps: Iterable[Step], now: KnowledgeBase, since: datetime, until: datetime, hours: bool
) -> tuple[Told, ...]:
    """What a run at `until` tells that comes after one at `since`; what is over by now, no more.

    With `hours` nobody is told outside their working hours: what comes then waits for the first
    run in them.
    """
    people = now.library.people
    waits = {(who, item.path, item.title) for who, item in _items(now)}
    found: list[Told] = []
    for step in steps:
        for told in told_by(step):
            # A run may come hours later: whoever has answered since isn't asked.
            if told.reason in _WAITING and (told.who, told.path, told.title) not in waits:
                continue
            person = people.get(told.who) if hours else None
            if since < next_at_work(person, step.moment) <= until:
                found.append(told)
    return tuple(dict.fromkeys(found))


def _items(base: KnowledgeBase) -> Iterator[tuple[str, WaitingItem]]:
    for who, inbox in base.roster.people.items():
        for item in inbox.items:
            yield who, item


def _asked(step: Step) -> Iterator[Told]:
    """Who is asked for what wasn't asked before; on a morning also what is soon due, or late."""
    known = {(who, item.ask, item.path, item.title) for who, item in _items(step.before)}
    today = step.after.today
    for who, item in _items(step.after):
        what = f"{item.ask.meaning}: {item.what}"
        # Not by what it says or when it is due: a changed date is the same thing asked.
        if (who, item.ask, item.path, item.title) not in known:
            yield Told(who, Reason.ASKED, item.title, what, item.path, item.due)
        elif item.due is not None and not step.is_commit:
            if item.due == today + SOON:
                yield Told(who, Reason.SOON, item.title, what, item.path, item.due)
            # On one day each, so that nobody is told twice, and no list of who was told is kept.
            elif item.due == today - timedelta(days=1):
                yield Told(who, Reason.LATE, item.title, what, item.path, item.due)


def _replies(step: Step) -> Iterator[Told]:
    """Feedback for whoever answers for the decision, an answer for whoever it answers."""
    old = {d.path: d for d in step.before.catalogue.decisions}
    for decision in step.after.catalogue.decisions:
        known = old.get(decision.path)
        if known == decision:
            continue
        # By who says what, not by line: a line above moves all those below it.
        had = {(v.who, v.says, v.text) for v in conversation_of(known).each} if known else set()
        owner = step.after.catalogue.answers_for(decision)
        for voice in conversation_of(decision).voices:
            for one, whom in ((voice, owner), *((answer, voice.who) for answer in voice.answers)):
                is_new = (one.who, one.says, one.text) not in had
                if is_new and one.who and whom and not same_person(one.who, whom):
                    verb = "answers" if one.says is Says.ANSWER else "replies"
                    yield Told(
                        whom.casefold(),
                        Reason.REPLY,
                        decision.title,
                        f"@{one.who} {verb}",
                        decision.path,
                    )


def _happened(step: Step) -> Iterator[Told]:
    """What a commit makes happen, for the whole team."""
    before = frozenset(fact for r in step.before.library.records for fact in facts_of(r))
    history = History(since=step.before.today, before=before)
    found = events(step.after.catalogue, date.min, step.after.today, history)
    yield from (_of_event(event) for event in found if event.kind in _FOR_ALL)


def _taken_effect(step: Step) -> Iterator[Told]:
    """Handoffs that begin or end on this day."""
    today = step.after.today
    for event in events(step.after.catalogue, today, today):
        if event.kind in (Change.HOLDER, Change.ENDED):
            yield _of_event(event)


def _of_event(event: Event) -> Told:
    return Told("", Reason.HAPPENED, event.title, event.said, event.path)


# The week

WEEK = timedelta(days=7)
WEEK_BEGINS = time(7)
"""On Mondays, in UTC: before most people of a team begin, and after the night's values are in."""


def last_week(since: datetime, until: datetime) -> datetime | None:
    """The last moment after one and up to another at which the week is told; None without one."""
    monday = until.date() - timedelta(days=until.weekday())
    moment = datetime.combine(monday, WEEK_BEGINS, UTC)
    if moment > until:
        moment -= WEEK
    return moment if moment > since else None


def told_of_the_week(base: KnowledgeBase) -> tuple[Told, ...]:
    """What the team is told once a week: decided, handed on, due, stuck, off target, and
    what decisions brought.
    """
    catalogue, roster, today = base.catalogue, base.roster, base.today
    found: list[Told] = []
    for event in events(catalogue, today - WEEK + timedelta(days=1), today):
        reason = _KINDS_OF_THE_WEEK.get(event.kind)
        if reason is not None:
            found.append(Told("", reason, event.title, event.said, event.path))
    for one in roster.deadlines:
        if today <= one.day <= today + WEEK and not one.key.startswith("duty-"):
            is_loop = one.key.startswith("loop-")
            title, _, what = (one.title, "", "open loop") if is_loop else one.title.rpartition(": ")
            said = ", ".join((what, *(f"@{who}" for who in one.who)))
            found.append(Told("", Reason.DUE, title, said, one.path, one.day))
    for stuck_one in stuck(catalogue):
        row = stuck_one.row
        said = f"in {row.decision.stage}" if row.decision.stage else "its stage can't be read"
        said += f" for {count(row.days, 'day')}" if row.days else ""
        waits = [catalogue.owner_title(who) for who in row.waits_for]
        said += f", waits for {', '.join(waits)}" if waits else ""
        said += "" if row.decision.owner else ", owned by nobody"
        due = row.due if stuck_one.is_late else None
        found.append(Told("", Reason.STUCK, row.decision.title, said, row.decision.path, due))
    for card in roster.scorecards:
        if card.standing is Standing.OFF_TARGET and card.newest is not None:
            unit = f" {card.metric.unit}".rstrip()
            said = f"{card.newest.value:g}{unit}, target {card.metric.target:g}{unit}"
            found.append(Told("", Reason.OFF_TARGET, card.metric.title, said, card.metric.path))
    for decision in catalogue.decisions:
        for judged in catalogue.effects.get(decision.id, ()):
            by = judged.expectation.by
            if by is not None and today - WEEK < by <= today:
                said = f"{judged.effect}: {judged.expectation.metric} {judged.expectation.said}"
                said += f", it was {judged.value.value:g}" if judged.value else ""
                found.append(Told("", Reason.EFFECT, decision.title, said, decision.path))
    return tuple(dict.fromkeys(found))


_KINDS_OF_THE_WEEK = {
    Change.DECIDED: Reason.DECIDED,
    Change.SUPERSEDED: Reason.DECIDED,
    Change.ACCEPTED: Reason.HANDED_ON,
    Change.ENDED: Reason.HANDED_ON,
}

# Working hours


def is_at_work(person: Person | None, moment: datetime) -> bool:
    """True in a person's working hours, and for whoever has none."""
    return next_at_work(person, moment) == moment


def next_at_work(person: Person | None, moment: datetime) -> datetime:
    """The first moment from this one on that is in a person's hours; this one for who has none."""
    hours = hours_of(person.hours) if person else None
    if person is None or hours is None:
        return moment
    zone = zone_of(person.timezone) or UTC
    begin, end = hours
    local = moment.astimezone(zone)
    # From a Friday evening the next hours are three days ahead; eight days hold a whole week in any
    # zone.
    for ahead in range(8):
        day = local.date() + timedelta(days=ahead)
        starts = datetime.combine(day, begin, zone)
        ends = datetime.combine(day, end, zone)
        if day.weekday() in WORKING_DAYS and local < ends:
            return moment if local >= starts else starts.astimezone(moment.tzinfo)
    return moment
