"""Events: what happened, told once, and what is due, for pages, feeds, calendars and `changes`.

An event has the day its record names. What has none, such as an acknowledgement, is dated by git
where a caller passes what git knows; the site doesn't, so that it is the same wherever it is built.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from onrecord.lifecycle import stages
from onrecord.lifecycle.conversation import conversation_of
from onrecord.lifecycle.duties import coming
from onrecord.lifecycle.handoffs import Turn
from onrecord.lifecycle.loops import Loop
from onrecord.overview.catalogue import Catalogue
from onrecord.records.history import WRITTEN, Fact, History
from onrecord.records.model import Decision, Handoff, Role, same_person
from onrecord.records.vocabulary import Change, Says, Status

ORDER = {kind: number for number, kind in enumerate(Change)}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `key` tells it from others of its record, for ever.

    `day` is None where only the two ends of a time are known. `fact` is what is so since: by it git
    finds the day, and tells whether it was so before. `roles` are ids, `who` handles as they are
    written: whose feed it belongs to.
    """

    day: date | None
    kind: Change
    title: str
    said: str
    path: str
    key: str
    fact: Fact
    roles: tuple[str, ...] = ()
    who: tuple[str, ...] = ()


class Deadline(NamedTuple):
    """Something that is due on a day. `known` is the last day that changed it, where known.

    `roles` are ids; `who` are the handles of those who are asked today.
    """

    day: date
    title: str
    path: str
    key: str
    roles: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    known: date | None = None


def events(
    catalogue: Catalogue,
    since: date = date.min,
    until: date | None = None,
    history: History | None = None,
) -> list[Event]:
    """What happened from `since` to `until` (today), both included, newest first.

    Where git was asked for a revision, it is everything that was not so there.
    """
    known, last = history or History(), until or catalogue.today

    def may_count(day: date | None) -> bool:
        return day is None or known.since is not None or since <= day <= last

    found = []
    for event in _dated(_all(catalogue, may_count), known):
        if event.day is not None and event.day > last:
            continue
        if known.since is None or event.kind is Change.ENDED:  # that a day comes, nobody writes
            is_new = event.day is not None and event.day >= since
        else:
            is_new = event.fact not in known.before
        if is_new:
            found.append(event)
    # Sorting keeps the order of equals: first within a day, then by day.
    found.sort(key=lambda e: (ORDER[e.kind], e.title.casefold(), e.path))
    found.sort(key=lambda e: e.day or date.min, reverse=True)
    return found


def _dated(found: Iterable[Event], history: History) -> Iterator[Event]:
    """The same events, with git's day for those whose record names none."""
    for event in found:
        seen = history.day(event.fact)
        if event.kind is Change.OFFERED:  # the day it takes effect is not the day of the offer
            yield replace(event, day=seen or event.day)
        elif event.day is not None or seen is None:
            yield event
        elif event.kind is not Change.HOLDER or seen != history.day((event.path, WRITTEN)):
            yield replace(event, day=seen)  # else the role was described with its first holder


def _all(catalogue: Catalogue, may_count: Callable[[date | None], bool]) -> Iterator[Event]:
    """Every event but those that a look at their day leaves out: there are very many."""
    for decision in catalogue.settled:
        concerns = catalogue.concerns[decision.path]
        for kind, said, key, day, fact in _of_decision(decision, catalogue):
            if may_count(day):
                title, path, whom = decision.title, decision.path, (concerns.roles, concerns.people)
                yield Event(day, kind, title, said, path, key, fact or (path, key), *whom)
    for role in catalogue.library.role.values():
        yield from _of_role(role, catalogue)
    for handoff in catalogue.library.handoffs:
        yield from _of_handoff(handoff, catalogue)
    for metric in catalogue.library.metrics:
        for value in metric.values:
            if not may_count(value.day):
                continue
            said, key = f"{value.value:g} {metric.unit}".strip(), f"value-{value.day}"
            path, roles = metric.path, (metric.role,)
            yield Event(value.day, Change.METRIC, metric.title, said, path, key, (path, key), roles)


_Told = tuple[Change, str, str, date | None, Fact | None]
"""The kind of an event, what is said, its key, its day, and its fact where the key isn't that."""


def _of_decision(d: Decision, catalogue: Catalogue) -> Iterator[_Told]:
    if d.stage is not None and not d.entered:
        yield Change.NEW, "opened", "opened", None, (d.path, WRITTEN)
    # It was opened in its first stage, which need not be assess: it may be imported.
    for stage, day in d.entered[:1]:
        said = f"opened, in {stage}"
        yield Change.NEW, said, f"entered-{stage}", day, (d.path, WRITTEN)
    for stage, day in d.entered[1:]:
        yield Change.MOVED, f"moved to {stage}", f"entered-{stage}", day, None
    if d.stage is not None and d.entered and d.entered_on(d.stage) is None:
        yield Change.MOVED, f"moved to {d.stage}", f"entered-{d.stage}", None, None
    if d.outcome is not None:
        yield Change.DECIDED, d.outcome.value, f"decided-{d.outcome}", d.decided, None
    for newer in map(
        catalogue.library.decision.get, catalogue.relations.superseded_by.get(d.id, ())
    ):
        if newer is not None:
            said, fact = f"superseded by {newer.title}", (newer.path, f"supersedes-{d.id}")
            yield Change.SUPERSEDED, said, f"superseded-{newer.id}", newer.decided, fact
    conversation = conversation_of(d)
    for voice in conversation.acknowledged:
        key = f"aligned-{voice.who.casefold()}"
        yield Change.ALIGNED, f"@{voice.who} has acknowledged", key, voice.day, None
    for voice in conversation.each:
        if voice.day is not None and voice.path != d.path:  # a line has no day of its own
            words = f"@{voice.who} {_SAID[voice.says]}"
            yield Change.REPLIED, words, f"reply-{voice.key}", voice.day, None


_SAID = {
    Says.FEEDBACK: "gave feedback",
    Says.NO_OBJECTION: "has no objection",
    Says.ANSWER: "answered",
}


def _of_role(role: Role, catalogue: Catalogue) -> Iterator[Event]:
    holder = role.holder

    def event(kind: Change, said: str, key: str) -> Event:
        who = (holder,) if holder else ()
        return Event(
            None, kind, role.title, said, role.path, key, (role.path, key), (role.id,), who
        )

    yield event(Change.ROLE, "described", WRITTEN)
    handed = any(
        h.is_accepted and h.is_for_good and same_person(h.receiver, role.holder)
        for h in catalogue.handoffs_of.get(role.id, ())
    )
    # Otherwise the handoff tells who holds it, and since when.
    if not handed:
        said = f"@{role.holder} holds it" if role.holder else "vacant"
        yield event(Change.HOLDER, said, f"holder-{role.holder.casefold()}")


def _of_handoff(h: Handoff, catalogue: Catalogue) -> Iterator[Event]:
    who = h.people
    title, said = _named(h, catalogue)

    def event(kind: Change, said: str, key: str, day: date | None, word: str = "") -> Event:
        fact = (h.path, word or key)
        return Event(day, kind, title, said, h.path, key, fact, (h.role,), who)

    # Once it is accepted, only git knows the day of the offer.
    day = None if h.is_accepted else h.effective
    yield event(Change.OFFERED, f"{said} offered", "effective", day, WRITTEN)
    if h.is_accepted:
        yield event(Change.ACCEPTED, f"{said} accepted", "accepted", h.accepted)
        if h.is_for_good:
            held = f"@{h.receiver} holds it" if h.receiver else "nobody holds it"
            yield event(Change.HOLDER, held, "holds", h.begins)
        elif h.until is not None:
            yield event(Change.ENDED, f"{said} ended", "ended", h.until)


def _named(h: Handoff, catalogue: Catalogue) -> tuple[str, str]:
    """The title of a handoff's role, and from whom to whom it goes."""
    role = catalogue.library.role.get(h.role)
    giver, receiver = (
        catalogue.name_of(who) or f"@{who}" if who else "nobody" for who in (h.giver, h.receiver)
    )
    part = f" of {_parts(h.covers)}" if h.covers else ""
    return role.title if role else h.role, f"handoff{part} from {giver} to {receiver}"


def _parts(covers: tuple[str, ...]) -> str:
    more = f" and {len(covers) - 1} more" if len(covers) > 1 else ""
    return f"“{covers[0]}”{more}"


def deadlines(catalogue: Catalogue, loops: Iterable[Loop]) -> list[Deadline]:
    """Everything that has a day and isn't done, by day."""
    found = [*_due(catalogue), *_duties(catalogue), *(_of_loop(loop, catalogue) for loop in loops)]
    # A loop without a day.
    found = [one for one in found if one.day is not date.max]
    found.sort(key=lambda one: (one.day, one.path, one.key))
    return found


def _due(catalogue: Catalogue) -> Iterator[Deadline]:
    for d in catalogue.decisions:
        owner = catalogue.library.owning(d)
        roles = (owner.id,) if owner is not None else ()
        day = stages.due_now(d)
        status = catalogue.status(d)
        answers = catalogue.answers_for(d)
        last = max((day for _, day in d.entered), default=None)
        if day and d.stage and catalogue.is_under_way(d):
            # Whoever owns it is asked besides, as who answers for it today: the name of a role
            # isn't a person.
            asked = [w for w in stages.waits_for(d) if not same_person(w, d.owner)]
            who = _answering(catalogue, *asked, instead=answers)
            title = f"{d.title}: {d.stage} ends"
            yield Deadline(day, title, d.path, f"due-{d.stage}", roles, who, last)
        if d.revisit and status is Status.ACCEPTED:
            title = f"{d.title}: look at it again"
            who = (answers,) if answers else ()
            yield Deadline(d.revisit, title, d.path, "revisit", roles, who, d.decided)
        for number, one in enumerate(catalogue.effects.get(d.id, ())):
            by = one.expectation.by
            # A verdict's day that has passed is no longer due: the decision is then listed for a
            # look.
            if by is not None and by >= catalogue.today and status is Status.ACCEPTED:
                title = f"{d.title}: see what it brought"
                who = (answers,) if answers else ()
                yield Deadline(by, title, d.path, f"effect-{number}", roles, who, d.decided)
    for h in catalogue.library.handoffs:
        turn = catalogue.turns[h.path]
        title = ": ".join(_named(h, catalogue))
        who = h.people
        if turn is Turn.OFFERED and h.effective:
            yield Deadline(h.effective, f"{title}, to accept", h.path, "accept", (h.role,), who)
        if turn in (Turn.ACCEPTED, Turn.DUE_BACK) and h.until and h.covers is None:
            end = f"{title}, to hand back"
            yield Deadline(h.until, end, h.path, "until", (h.role,), who, h.accepted)


def _duties(catalogue: Catalogue) -> Iterator[Deadline]:
    """The next day of each recurring duty whose rhythm tells one."""
    holders, today = catalogue.holders, catalogue.today
    for role in catalogue.library.role.values():
        for duty, day in coming(holders.duties(role), today):
            answers = holders.of_duty(duty, today).who
            who = (answers,) if answers else ()
            title, key = f"{role.title}: {duty.text}", f"duty-{duty.key}-{day}"
            yield Deadline(day, title, role.path, key, (role.id,), who)


def _answering(catalogue: Catalogue, *names: str, instead: str = "") -> tuple[str, ...]:
    """Who is asked today where these names stand, each once; `instead` is asked besides."""
    named = (catalogue.answering(name) for name in names)
    return tuple({who.casefold(): who for who in (*named, instead) if who}.values())


def _of_loop(loop: Loop, catalogue: Catalogue) -> Deadline:
    who = _answering(catalogue, loop.who or loop.role)
    known = loop.handoff.effective
    day = loop.due or date.max
    key = f"loop-{loop.line}"
    return Deadline(day, loop.text, loop.handoff.path, key, (loop.role,), who, known)
