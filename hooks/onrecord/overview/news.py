"""News: what happened to a record on a day, in one line, in the order in which it happened.

In come events; out comes one piece of news for each record and day. Pages and feeds show the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from onrecord.lifecycle import stages
from onrecord.lifecycle.handoffs import Turn
from onrecord.overview.catalogue import Catalogue
from onrecord.overview.events import ORDER, Event
from onrecord.records.findings import count
from onrecord.records.model import Decision, Handoff, Metric
from onrecord.records.vocabulary import STAGES, Change, Outcome, Stage

MOST_REPLIES = 2
"""More replies of one day are counted, not quoted."""

OF_DECISIONS = frozenset(
    (Change.NEW, Change.MOVED, Change.REPLIED, Change.DECIDED, Change.SUPERSEDED, Change.ALIGNED)
)
"""The changes that decisions have."""

_SHAPES = {
    Change.SUPERSEDED: "superseded",
    Change.OFFERED: "turn-offered",
    Change.ACCEPTED: "turn-accepted",
    Change.ENDED: "turn-due-back",
    Change.METRIC: "metric",
}


class News(NamedTuple):
    """What happened to one record on one day. `key` tells it from its other news, for ever.

    `was` and `now` are where it was before and where that day left it, '' where that didn't change;
    `besides` is what else happened. `shape` names the shape of what it became. `follows` is what
    follows from it today, and so it is '' for a record that has newer news.
    """

    day: date
    title: str
    path: str
    key: str
    shape: str
    kinds: frozenset[Change]
    was: str = ""
    now: str = ""
    besides: tuple[str, ...] = ()
    follows: str = ""

    @property
    def said(self) -> str:
        """The news as plain words, without the title."""
        moved = " → ".join(filter(None, (self.was, self.now)))
        return ", ".join(filter(None, (moved, *self.besides)))


def news(events: Iterable[Event], catalogue: Catalogue) -> list[News]:
    """The news of these events, the newest day first. Events without a day are no news."""
    dated = [(one.day, one) for one in events if one.day is not None]
    # Newest day first, so that a record is met first with what is newest of it.
    dated.sort(key=lambda pair: (-pair[0].toordinal(), pair[1].path, ORDER[pair[1].kind]))
    told: set[str] = set()
    found = []
    for (day, path), group in groupby(dated, lambda pair: (pair[0], pair[1].path)):
        found.append(
            _news(day, [event for _, event in group], catalogue, is_newest=path not in told)
        )
        told.add(path)
    # Sorting keeps the order of equals: by day, within it by kind, then by title.
    found.sort(key=lambda one: one.title.casefold())
    found.sort(key=lambda one: min(ORDER[kind] for kind in one.kinds))
    found.sort(key=lambda one: one.day, reverse=True)
    return found


def counted(found: Iterable[News]) -> str:
    """How much happened, in words: `5 decided, 7 opened, 2 handed on`."""
    kinds = Counter(kind for one in found for kind in one.kinds)
    parts = (
        (kinds[Change.DECIDED], "decided"),
        (kinds[Change.NEW], "opened"),
        (kinds[Change.MOVED], "moved on"),
        (kinds[Change.ACCEPTED], "handed on"),
    )
    words = [f"{number} {word}" for number, word in parts if number]
    if kinds[Change.METRIC]:
        words.append(count(kinds[Change.METRIC], "number"))
    return ", ".join(words)


def _news(day: date, events: Sequence[Event], catalogue: Catalogue, *, is_newest: bool) -> News:
    first, record = events[0], catalogue.library.by_path.get(events[0].path)
    kinds = frozenset(event.kind for event in events)
    was, now, besides = "", "", tuple(event.said for event in events)
    last = events[-1]
    shape = _SHAPES.get(last.kind, "role")
    if isinstance(record, Decision):
        was, now, besides = _of_decision(record, day, events, catalogue)
        shape = _shape_of(record, now, kinds)
    elif isinstance(record, Metric):
        was, now, besides = _of_metric(record, day, events)
    follows = _follows(record, catalogue) if is_newest else ""
    return News(
        day, first.title, first.path, f"day-{day}", shape, kinds, was, now, besides, follows
    )


def _of_decision(
    d: Decision, day: date, events: Sequence[Event], catalogue: Catalogue
) -> tuple[str, str, tuple[str, ...]]:
    """Where a decision was, where that day left it, and what else happened."""
    ways = [e for e in events if e.kind in (Change.NEW, Change.MOVED, Change.DECIDED)]
    replies = [e.said for e in events if e.kind in (Change.REPLIED, Change.ALIGNED)]
    if len(replies) > MOST_REPLIES:
        replies = [f"{len(replies)} replies"]
    besides = [e.said for e in events if e.kind is Change.SUPERSEDED] + replies
    if not ways:
        return "", "", tuple(besides)
    if any(e.kind is Change.NEW for e in ways):
        if len(ways) == 1:
            return "", ways[0].said, tuple(besides)
        was = "opened"
    else:
        # A stage left on the same day is passed over: the day shows where it ended.
        was = next((str(s) for s, began in reversed(d.entered) if began < day), "")
    if any(e.kind is Change.DECIDED for e in ways):
        now = str(d.outcome)
        older = [catalogue.decision_title(one) for one in d.supersedes]
        if older:
            besides.insert(0, f"replaces {', '.join(older)}")
    else:
        # Several stages may begin on one day; the last of them is where it was left.
        began_then = (stage for stage, began in d.entered if began == day)
        now = str(max(began_then, default="", key=lambda stage: Stage(stage).number))
    return ("" if was == now else was), now or ways[-1].said, tuple(besides)


def _shape_of(d: Decision, now: str, kinds: frozenset[Change]) -> str:
    words = {str(one) for one in (*STAGES, *Outcome)}
    if now in words:
        return now
    if Change.SUPERSEDED in kinds:
        return "superseded"
    return str(d.entered[0][0]) if d.entered and Change.NEW in kinds else str(d.stage or "unknown")


def _of_metric(
    metric: Metric, day: date, events: Sequence[Event]
) -> tuple[str, str, tuple[str, ...]]:
    """The value before, the new one, and the target."""
    before = [value for value in metric.values if value.day < day]
    was = f"{before[-1].value:g}" if before else ""
    target = (f"target {metric.target:g}",) if metric.target is not None else ()
    return was, events[-1].said, target


def _follows(record: object, catalogue: Catalogue) -> str:
    """What is to come of a record, in a few words."""
    if isinstance(record, Handoff):
        return "not accepted yet" if catalogue.turns[record.path] is Turn.OFFERED else ""
    if isinstance(record, Metric):
        role = catalogue.library.role.get(record.role)
        return role.title if role else ""
    if isinstance(record, Decision) and catalogue.is_open(record):
        waits = [catalogue.owner_title(who) for who in stages.waits_for(record)]
        if waits:
            more = f" and {len(waits) - 1} more" if len(waits) > 1 else ""
            return f"waits for {waits[0]}{more}"
    return ""
