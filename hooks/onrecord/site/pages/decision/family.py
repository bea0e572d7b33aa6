"""Where a decision comes from: the decisions it is tied to, as rows and as a small picture.

In come a decision and what is known of its ties; out come its kin in order of time, and the places
of the picture's marks and words. Each kin is named once, by its nearest tie.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from onrecord.overview.catalogue import Catalogue
from onrecord.overview.summary import cut
from onrecord.records.model import Decision
from onrecord.records.vocabulary import Status, Verdict
from onrecord.site.pages.wording import plain

MOST_DRAWN = 8
"""Kin that a picture shows; it holds no more words beside each other."""
MOST_ROWS = 12
"""Rows that are shown at once; the others fold away."""

WIDTH, LANE, SIDE = 640, 30, 12
_LABEL = 40

_OWN = {
    Verdict.REPEATS: "repeats",
    Verdict.EXTENDS: "extends",
    Verdict.DIFFERS: "differs from",
    Verdict.REVERSES: "reverses",
}
_OTHERS = {
    Verdict.REPEATS: "repeated by",
    Verdict.EXTENDS: "extended by",
    Verdict.DIFFERS: "told apart by",
    Verdict.REVERSES: "reversed by",
}
_LOOSE = ("close to", "came up again in")


class Kin(NamedTuple):
    """A decision that another is tied to. `tie` says how: `extends`, `replaced by`."""

    tie: str
    decision: Decision
    status: Status

    @property
    def is_loose(self) -> bool:
        """True for a tie that the search found and no author wrote."""
        return self.tie in _LOOSE


class FamilyMark(NamedTuple):
    """A decision in the picture: where its mark and its words are, and which way they run."""

    kin: Kin | None
    label: str
    x: float
    y: float
    words_x: float
    anchor: str


class Picture(NamedTuple):
    """A picture of the family over time; `this` is the decision itself."""

    height: int
    this: FamilyMark
    marks: tuple[FamilyMark, ...]
    described: str


class Family(NamedTuple):
    """The kin of a decision, the earliest first, and their picture if there is one."""

    kin: tuple[Kin, ...] = ()
    picture: Picture | None = None


def family_of(decision: Decision, catalogue: Catalogue) -> Family:
    """Everything a decision is tied to."""
    named: dict[str, Kin] = {}
    for tie, other in _ties(decision, catalogue):
        if other.id != decision.id and other.id not in named:
            named[other.id] = Kin(tie, other, catalogue.status(other))
    kin = sorted(named.values(), key=lambda one: (one.decision.filed or date.max, one.decision.id))
    return Family(tuple(kin), _picture(decision, kin))


def _ties(decision: Decision, catalogue: Catalogue) -> Iterator[tuple[str, Decision]]:
    relations, before, known = catalogue.relations, catalogue.before, catalogue.library.decision

    def all_of(tie: str, ids: Iterable[str]) -> Iterator[tuple[str, Decision]]:
        for one in ids:
            if one in known:
                yield tie, known[one]

    # Of two ties to one decision the first counts: what authors wrote, before what was found.
    yield from all_of("replaces", decision.supersedes)
    yield from all_of("replaced by", relations.superseded_by.get(decision.id, ()))
    for answer in decision.precedents:
        if answer.verdict:
            yield from all_of(_OWN[answer.verdict], [answer.record])
    later = before.again(decision)
    for found in later:
        if found.answer and found.answer.verdict:
            yield _OTHERS[found.answer.verdict], found.decision
    yield from all_of("related to", relations.related.get(decision.id, ()))
    for earlier in before.shown_with(decision):
        yield "close to", earlier.decision
    for found in later:
        yield "came up again in", found.decision
    seen = {decision.id}
    waiting = list(decision.supersedes)
    # Files may replace each other in a circle, and a chain may have no end in sight.
    while waiting and len(seen) <= MOST_ROWS:
        one = waiting.pop(0)
        if one in known and one not in seen:
            seen.add(one)
            waiting += known[one].supersedes
            yield from all_of("before that", known[one].supersedes)


def _picture(decision: Decision, kin: list[Kin]) -> Picture | None:
    """The kin that authors tied come first; a day is needed to have a place in time."""
    own = decision.filed
    dated = [one for one in kin if one.decision.filed]
    chosen = sorted(dated, key=lambda one: one.is_loose)[:MOST_DRAWN]
    if own is None or not chosen:
        return None
    # They were chosen by their tie, and are drawn by their day.
    chosen = [one for one in dated if one in chosen]
    days = [one.decision.filed or own for one in chosen]
    first, last = min(*days, own), max(*days, own)
    span = max((last - first).days, 1)

    def x_of(day: date) -> float:
        return round(SIDE + (WIDTH - 2 * SIDE) * (day - first).days / span, 1)

    marks = tuple(
        _mark(one, _label(one.decision), x_of(day), LANE * number + 24)
        for number, (one, day) in enumerate(zip(chosen, days, strict=True))
    )
    this = _mark(None, "This one", x_of(own), LANE * len(chosen) + 28)
    said = "; ".join(
        f"{one.tie} {plain(one.decision.title)}, {one.status}, {(one.decision.filed or own).year}"
        for one in chosen
    )
    return Picture(LANE * len(chosen) + 40, this, marks, f"This decision: {said}.")


def _label(decision: Decision) -> str:
    year = decision.filed.year if decision.filed else ""
    return f"{year} {cut(plain(decision.title), _LABEL)}"


def _mark(kin: Kin | None, label: str, x: float, y: float) -> FamilyMark:
    """Words run away from the nearer edge, so that none leaves the picture."""
    if x < WIDTH / 2:
        return FamilyMark(kin, label, x, y, x + 10, "start")
    return FamilyMark(kin, label, x, y, x - 10, "end")
