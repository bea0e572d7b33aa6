"""What a role has to do now and in the next days, as rows of its page.

In come the roster and a role; out come what is late, off target or open, and what the next seven
days bring: duties by their rhythm, days of decisions, loops, and the day it is handed back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from onrecord.lifecycle.duties import Duty, coming
from onrecord.lifecycle.scorecards import Scorecard, Standing
from onrecord.overview.events import Deadline
from onrecord.overview.roster import Roster
from onrecord.overview.waiting import DUTIES_AHEAD
from onrecord.records.clock import is_over
from onrecord.records.model import Role, same_person
from onrecord.records.vocabulary import Effect, Status
from onrecord.site.pages.wording import plain

HAND_BACK_AHEAD = timedelta(days=60)
"""How long before its day it is announced that a role goes back."""
MOST_NOW, MOST_COMING = 6, 7
"""How many rows each part shows, so that both fit on the first screen."""


class NowRow(NamedTuple):
    """One thing that waits: the word of its state and its shape, the record, what is missing.

    `tone` is the class of a colour, '' for what is merely open. `who` is whoever it waits for.
    """

    word: str
    shape: str
    tone: str
    title: str
    path: str
    said: str = ""
    due: date | None = None
    who: tuple[str, ...] = ()
    card: Scorecard | None = None


class ComingRow(NamedTuple):
    """Something of the next days. `who` is named where it isn't whoever answers for the role."""

    day: date
    what: str
    path: str = ""
    how: str = ""
    who: str = ""
    is_far: bool = False


def now_rows(roster: Roster, role: Role) -> list[NowRow]:
    """What of a role is late, then what is off target, then what is open, the most urgent first."""
    open_rows = list(_open(roster, role))
    late = [*_late(roster, role), *(row for row in open_rows if row.tone)]
    late.sort(key=lambda row: row.due or date.max)
    return [
        *late,
        *_numbers(roster, role),
        *_looks(roster, role),
        *(row for row in open_rows if not row.tone),
    ]


def _late(roster: Roster, role: Role) -> Iterator[NowRow]:
    today = roster.catalogue.today
    for one in roster.deadlines_of_role.get(role.id, ()):
        # The day of an open decision is in the row of the decision.
        if one.day < today and not one.key.startswith("due-"):
            title = _title(one, role)
            yield NowRow("Late", "overdue", "bad", title, one.path, due=one.day)


def _numbers(roster: Roster, role: Role) -> Iterator[NowRow]:
    for card in roster.scorecards_of.get(role.id, ()):
        metric = card.metric
        if card.standing is Standing.OFF_TARGET:
            yield NowRow("Off target", "off-target", "bad", metric.title, metric.path, card=card)
        elif said := card.lack:
            yield NowRow("Write", "metric", "warn", metric.title, metric.path, said)


def _looks(roster: Roster, role: Role) -> Iterator[NowRow]:
    """Its decisions that didn't bring what they promised, or can't show it."""
    catalogue = roster.catalogue
    for d in catalogue.by_owner.get(role.id, ()):
        if not catalogue.is_due_for_a_look(d):
            continue
        judged = next(one for one in catalogue.effects[d.id] if one.effect.is_for_a_look)
        expects = judged.expectation
        said = f"{expects.metric} {expects.said}"
        if judged.value is not None:
            said += f"; it was {judged.value.value:g}"
        word = "Missed" if judged.effect is Effect.MISSED else "Not measured"
        yield NowRow(word, judged.effect.shape, "warn", d.title, d.path, said, expects.by)


def _open(roster: Roster, role: Role) -> Iterator[NowRow]:
    catalogue = roster.catalogue
    for row in catalogue.under_way_of(role.id):
        d = row.decision
        missing = catalogue.lacks(d)
        is_open = row.status is Status.OPEN
        said = missing[0].text if missing else "ready to move on" if is_open else ""
        is_late = is_open and is_over(row.due, catalogue.today)
        yield NowRow(
            "Late" if is_late else (d.stage.title if d.stage else "Not readable"),
            "overdue" if is_late else str(d.stage or "unknown"),
            "bad" if is_late else "",
            d.title,
            d.path,
            said,
            row.due,
            row.waits_for if row.waits_for != (d.owner,) else (),
        )


def coming_rows(roster: Roster, role: Role, how: Mapping[str, str]) -> list[ComingRow]:
    """What the next seven days bring. `how` has the address of each duty's how-to, by its key."""
    rows = [*_duties(roster, role, how), *_days(roster, role)]
    rows.sort(key=lambda row: (row.is_far, row.day))
    return rows


def _duties(roster: Roster, role: Role, how: Mapping[str, str]) -> Iterator[ComingRow]:
    holders, today = roster.catalogue.holders, roster.catalogue.today
    answers = roster.accountable[role.id].who
    for duty, day in coming(holders.duties(role), today):
        if day - today <= DUTIES_AHEAD:
            who = holders.of_duty(duty, today).who
            other = "" if same_person(who, answers) else who
            yield ComingRow(day, _sentence(duty), "", how.get(duty.key, ""), other)


def _days(roster: Roster, role: Role) -> Iterator[ComingRow]:
    today = roster.catalogue.today
    for one in roster.deadlines_of_role.get(role.id, ()):
        if one.day < today or one.key.startswith(("duty-", "due-")):
            continue  # open decisions have their days above
        ahead = one.day - today
        is_far = ahead > DUTIES_AHEAD
        if not is_far or (one.key == "until" and ahead <= HAND_BACK_AHEAD):
            title = "Hand it back" if one.key == "until" else _title(one, role)
            yield ComingRow(one.day, title, one.path, is_far=is_far)


def _title(one: Deadline, role: Role) -> str:
    """What is due, without the name of the role whose page it is on."""
    words = plain(one.title).removeprefix(f"{role.title}: ")
    return words[:1].upper() + words[1:]


def _sentence(duty: Duty) -> str:
    return duty.what[:1].upper() + duty.what[1:]


def delegated(roster: Roster, role: Role) -> list[tuple[Duty, str]]:
    """The duties that somebody else answers for than for the role."""
    holders, today = roster.catalogue.holders, roster.catalogue.today
    answers = roster.accountable[role.id].who
    found = ((duty, holders.of_duty(duty, today).who) for duty in holders.duties(role))
    return [(duty, who) for duty, who in found if not same_person(who, answers)]
