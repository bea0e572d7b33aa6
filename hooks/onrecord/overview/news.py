"""What changed: decisions, handoffs, roles and metrics, since a day or a revision.

In come the roster of a run and what git knows of when something was written; out come changes,
newest first. A day that a record names counts; git is asked only for what has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from onrecord.overview.catalogue import Catalogue
from onrecord.records.history import Fact, FirstWritten
from onrecord.records.model import Decision, Handoff, Metric, Role, same_person
from onrecord.records.vocabulary import Change

ORDER = {kind: number for number, kind in enumerate(Change)}


@dataclass(frozen=True, slots=True)
class News:
    """One change. `day` is None where only the two ends of a time are known.

    `fact` is what is so since: for git to find the day, and to tell whether it was so before.
    """

    day: date | None
    kind: Change
    title: str
    said: str
    path: str
    fact: Fact


def news(catalogue: Catalogue, written: FirstWritten, since: date, until: date) -> tuple[News, ...]:
    """The changes from `since` to `until`, both included, newest first.

    Where git was asked for a revision, it is everything that was not so there.
    """
    found = []
    for one in _all(catalogue, written):
        if one.day is not None and one.day > until:
            continue
        if written.since is None or one.kind is Change.ENDED:  # that a day comes, nobody writes
            is_new = one.day is not None and one.day >= since
        else:
            is_new = one.fact not in written.before
        if is_new:
            found.append(one)
    found.sort(key=lambda one: (ORDER[one.kind], one.title.casefold(), one.path))
    found.sort(key=lambda one: one.day or date.min, reverse=True)
    return tuple(found)


def _all(catalogue: Catalogue, written: FirstWritten) -> Iterator[News]:
    for decision in catalogue.decisions:
        yield from _of_decision(decision, catalogue, written)
    for role in catalogue.library.role.values():
        yield from _of_role(role, catalogue, written)
    for handoff in catalogue.library.handoffs:
        yield from _of_handoff(handoff, catalogue, written)
    for metric in catalogue.library.metrics:
        yield from _of_metric(metric)


def _of_decision(d: Decision, catalogue: Catalogue, written: FirstWritten) -> Iterator[News]:
    def one(kind: Change, said: str, word: str, day: date | None = None) -> News:
        fact = (d.path, word)
        return News(day or written.days.get(fact), kind, d.title, said, d.path, fact)

    if d.stage is not None and not d.entered:
        yield one(Change.NEW, "opened", "written")
    for number, (stage, day) in reversed(list(enumerate(d.entered))):
        kind = Change.MOVED if number else Change.NEW
        said = f"moved to {stage}" if number else f"opened, in {stage}"
        yield one(kind, said, f"stage {stage}" if number else "written", day)
    if d.stage is not None and d.entered and d.entered_on(d.stage) is None:
        yield one(Change.MOVED, f"moved to {d.stage}", f"stage {d.stage}")
    if d.outcome is not None:
        yield one(Change.DECIDED, d.outcome.value, f"outcome {d.outcome}", d.decided)
    for older_id in d.supersedes:
        older = catalogue.library.decision.get(older_id)
        if older is not None and d.id in catalogue.relations.superseded_by.get(older_id, ()):
            fact = (d.path, f"supersedes {older_id}")
            known = d.decided or written.days.get(fact)
            said = f"superseded by {d.title}"
            yield News(known, Change.SUPERSEDED, older.title, said, older.path, fact)
    for handle in d.aligned:
        yield one(Change.ALIGNED, f"@{handle} has acknowledged", f"aligned {handle.casefold()}")


def _of_role(role: Role, catalogue: Catalogue, written: FirstWritten) -> Iterator[News]:
    described = (role.path, "written")
    if seen := written.days.get(described):
        yield News(seen, Change.ROLE, role.title, "described", role.path, described)
    elif written.since:
        yield News(None, Change.ROLE, role.title, "described", role.path, described)
    fact = (role.path, f"holder {role.holder.casefold()}")
    handed = any(
        h.is_accepted and h.until is None and same_person(h.receiver, role.holder)
        for h in catalogue.handoffs_of.get(role.id, ())
    )
    if not handed and written.days.get(fact) != written.days.get(described, date.max):
        said = f"@{role.holder} holds it" if role.holder else "vacant"
        yield News(written.days.get(fact), Change.HOLDER, role.title, said, role.path, fact)


def _of_handoff(h: Handoff, catalogue: Catalogue, written: FirstWritten) -> Iterator[News]:
    role = catalogue.library.role.get(h.role)
    title = role.title if role else h.role
    giver = f"@{h.giver}" if h.giver else "nobody"
    receiver = f"@{h.receiver}" if h.receiver else "nobody"
    offered, accepted = (h.path, "written"), (h.path, "accepted")
    said = f"handoff from {giver} to {receiver}"
    day = written.days.get(offered) or (None if h.is_accepted else h.effective)
    if day is not None or written.since:
        yield News(day, Change.OFFERED, title, f"{said} offered", h.path, offered)
    if not h.is_accepted:
        return
    yield News(h.accepted_on, Change.ACCEPTED, title, f"{said} accepted", h.path, accepted)
    if h.until is None:
        held = f"{receiver} holds it"
        yield News(h.effective, Change.HOLDER, title, held, h.path, (h.path, "holds"))
    else:
        yield News(h.until, Change.ENDED, title, f"{said} ended", h.path, (h.path, "ended"))


def _of_metric(m: Metric) -> Iterator[News]:
    for value in m.values:
        said = f"{value.value:g} {m.unit}".strip()
        fact = (m.path, f"value {value.day}")
        yield News(value.day, Change.METRIC, m.title, said, m.path, fact)


def by_day(found: Iterable[News]) -> dict[date | None, list[News]]:
    """The changes of each day, in the order they come."""
    days: dict[date | None, list[News]] = {}
    for one in found:
        days.setdefault(one.day, []).append(one)
    return days
