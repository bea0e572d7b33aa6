"""records.json: every record with its metadata, derived status, relations and address.

In come the catalogue of a build and the addresses; out comes JSON text that is the same for the
same input, and from which each list of the site can be made again. Documented for other programs,
so keys are only ever added.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from onrecord.lifecycle import conversation, stages
from onrecord.lifecycle.conversation import Voice, conversation_of
from onrecord.overview.roster import Roster
from onrecord.overview.summary import summary_of
from onrecord.records.model import Decision, Handoff, Metric, Record, Role
from onrecord.site.addresses import markdown_of


def records_json(
    roster: Roster, addresses: Mapping[str, str], published: Collection[str] = ()
) -> str:
    """The text of records.json.

    `addresses` are from the site's root, by path; `published` are the paths of the records whose
    Markdown lies beside their page.
    """
    catalogue = roster.catalogue
    library, relations = catalogue.library, catalogue.relations
    linked = relations.linked_from

    def common(record: Record, kind: str) -> dict[str, Any]:
        return {
            "id": record.id,
            "kind": kind,
            "path": record.path,
            "url": addresses[record.path],
            "markdown": markdown_of(addresses[record.path]) if record.path in published else None,
            "title": record.title,
            "linked_from": list(linked.get(record.path, ())),
            "concerns": asdict(catalogue.concerns[record.path]),
        }

    def decision(d: Decision) -> dict[str, Any]:
        return {
            **common(d, "decision"),
            "status": catalogue.status(d),
            "answers": catalogue.holders.of_decision(d, catalogue.today).who or None,
            "under_way": catalogue.is_under_way(d),
            "filed": _day(d.filed),
            "due_now": _day(stages.due_now(d)),
            "waits_for": list(stages.waits_for(d)),
            "missing": [lack.text for lack in catalogue.lacks(d)] if d.stage else [],
            "stage": d.stage,
            "owner": d.owner or None,
            "asked": list(d.asked),
            "summary": summary_of(d) or None,
            "due": _day(d.due),
            "entered": {stage: _day(day) for stage, day in d.entered},
            "consulted": list(d.consulted),
            "informed": list(d.informed),
            "aligned": list(conversation.aligned(d)),
            "conversation": _conversation(d),
            "outcome": d.outcome,
            "decided": _day(d.decided),
            "supersedes": list(d.supersedes),
            "superseded_by": list(relations.superseded_by.get(d.id, ())),
            "related": list(relations.related.get(d.id, ())),
            "precedents": [
                {"record": p.record, "verdict": p.verdict, "why": p.why} for p in d.precedents
            ],
            "revisit": _day(d.revisit),
            "tags": list(d.tags),
            "aliases": list(d.aliases),
            "imported": _imported(d),
        }

    def role(r: Role) -> dict[str, Any]:
        return {
            **common(r, "role"),
            "purpose": r.purpose,
            "holder": catalogue.holders.holder(r, catalogue.today) or None,
            "answers": roster.accountable[r.id].who or None,
            "duties": [
                {
                    "text": duty.text,
                    "answers": catalogue.holders.of_duty(duty, catalogue.today).who or None,
                    "next": _day(duty.rhythm.next(catalogue.today) if duty.rhythm else None),
                }
                for duty in catalogue.holders.duties(r)
            ],
            "backups": list(r.backups),
            "team": r.team or None,
            "readiness": roster.readiness_of[r.id].level.word,
        }

    def handoff(h: Handoff) -> dict[str, Any]:
        return {
            **common(h, "handoff"),
            "role": h.role,
            "from": h.giver or None,
            "to": h.receiver or None,
            "effective": _day(h.effective),
            "until": _day(h.until),
            "covers": None if h.covers is None else list(h.covers),
            "state": h.state,
            "accepted_on": _day(h.accepted),
            "status": catalogue.turns[h.path],
        }

    def metric(m: Metric) -> dict[str, Any]:
        return {
            **common(m, "metric"),
            "role": m.role,
            "cadence": m.cadence,
            "target": m.target,
            "direction": m.direction,
            "unit": m.unit or None,
            "source": m.source or None,
            "values": [{"date": _day(v.day), "value": v.value, "note": v.note} for v in m.values],
        }

    records = [
        *map(decision, library.decisions),
        *map(role, library.roles),
        *map(handoff, library.handoffs),
        *map(metric, library.metrics),
    ]
    chains = catalogue.before.chains()
    whole = {
        "version": 1,
        "as_of": _day(catalogue.today),
        "records": records,
        "recurring": [[d.id for d in chain] for chain in chains],
        "waiting": _waiting(roster),
        "people": [
            {"handle": p.handle, "name": p.name or None, "active": p.active}
            for p in library.people.values()
        ],
    }
    return json.dumps(whole, ensure_ascii=False)


def _waiting(roster: Roster) -> list[dict[str, Any]]:
    """What waits for whom: by person, and of each the most urgent first."""
    return [
        {
            "person": person.handle,
            "ask": item.ask,
            "title": item.title,
            "what": item.what,
            "path": item.path,
            "role": item.role or None,
            "due": _day(item.due),
            "since": _day(item.since),
        }
        for person in roster.people.values()
        for item in person.items
    ]


def _conversation(d: Decision) -> list[dict[str, Any]]:
    """What people said of a decision, with the answers, and who has acknowledged it."""
    said = conversation_of(d)
    return [_voice(voice) for voice in (*said.voices, *said.acknowledged)]


def _voice(voice: Voice) -> dict[str, Any]:
    return {
        "key": voice.key,
        "from": voice.who or None,
        "says": voice.says,
        "state": voice.state,
        "text": voice.text,
        "day": _day(voice.day),
        "was_asked": voice.was_asked,
        "path": voice.path,
        "line": voice.line,
        "answers": [_voice(answer) for answer in voice.answers],
    }


def _imported(d: Decision) -> dict[str, Any] | None:
    """Where it came from. The other tool's front matter stays in the file: it may be long."""
    if d.imported is None:
        return None
    return {
        "from": d.imported.source,
        "format": d.imported.format,
        "unsettled": dict(d.unsettled),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
