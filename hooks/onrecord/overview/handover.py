"""An honest handoff in five minutes: what the files know already, and the receiver's answer.

In come the roster, a role, or a handoff's bytes; out come the sections of a new handoff filled
with what is open, or the same bytes with the read-back and its date written in.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from onrecord.lifecycle.scorecards import Scorecard, Standing
from onrecord.overview.roster import Roster
from onrecord.records.model import Role
from onrecord.records.vocabulary import HANDOFFS_FOLDER
from onrecord.text.escaping import as_text


def filled(roster: Roster, role: Role) -> Mapping[str, str]:
    """The sections of a new handoff of a role that its files can fill, as Markdown by heading."""
    sections = {
        "Situation": _situation(roster, role),
        "Open loops": "\n".join(_loops(roster, role)),
        "Decisions in flight": "\n".join(_decisions(roster, role)),
        "Access": "What the role needs: [Access](../index.md#access)."
        if role.body.section("Access")
        else "",
    }
    return {title: text for title, text in sections.items() if text}


def _situation(roster: Roster, role: Role) -> str:
    off = [
        card
        for card in roster.scorecards_of.get(role.id, ())
        if card.standing is not Standing.ON_TARGET and card.standing is not Standing.MEASURED
    ]
    return "\n".join(["Numbers to know about:", "", *map(_number, off)]) if off else ""


def _number(card: Scorecard) -> str:
    metric = card.metric
    link = f"[{as_text(metric.title)}](../metrics/{metric.id}.md)"
    if card.newest is None:
        return f"- {link}: no value yet."
    target = f", target {metric.target:g}" if metric.target is not None else ""
    unit = f" {as_text(metric.unit)}" if metric.unit else ""
    value = f"{card.newest.value:g}{unit} on {card.newest.day}"
    return f"- {link}: {card.standing}, {value}{target}."


def _loops(roster: Roster, role: Role) -> Iterator[str]:
    for loop in roster.loops_of.get(role.id, ()):
        who = f" @{loop.who}" if loop.who else ""
        due = f" due:{loop.due}" if loop.due else ""
        yield f"- [ ] {loop.text}{who}{due}"


def _decisions(roster: Roster, role: Role) -> Iterator[str]:
    catalogue = roster.catalogue
    here = posixpath.join(posixpath.dirname(role.path), HANDOFFS_FOLDER)
    own = catalogue.by_owner.get(role.id, [])
    for row in catalogue.urgent_first(d for d in own if catalogue.is_open(d)):
        d = row.decision
        due = f", due {row.due}" if row.due else ""
        missing = catalogue.lacks(d)
        state = missing[0].text if missing else "ready to move on"
        link = f"[{as_text(d.title)}]({posixpath.relpath(d.path, here)})"
        yield f"- {link}: in {d.stage or 'a stage that can’t be read'}{due}; {as_text(state)}."
