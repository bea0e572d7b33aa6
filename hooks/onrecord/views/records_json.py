"""records.json: every record with its metadata, derived status, relations and address.

In come the library, its relations and the addresses; out comes JSON text that is the same for
the same input. Documented for other programs, so keys are only ever added.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from onrecord import handoffs
from onrecord.library import Library
from onrecord.model import Decision, Handoff, Metric, Record, Role
from onrecord.relations import Relations


def records_json(
    library: Library, relations: Relations, today: date, addresses: Mapping[str, str]
) -> str:
    """The text of records.json. `addresses` are from the site's root, by path."""
    linked = relations.linked_from
    by_role: dict[str, list[Handoff]] = {}
    for one in library.handoffs:
        by_role.setdefault(one.role, []).append(one)
    turns: dict[str, str] = {}
    for group in by_role.values():
        states = handoffs.turns(group, today)
        turns.update({h.path: states[h.id] for h in group})

    def common(record: Record, kind: str) -> dict[str, Any]:
        return {
            "id": record.id,
            "kind": kind,
            "path": record.path,
            "url": addresses[record.path],
            "title": record.title,
            "linked_from": list(linked.get(record.path, ())),
        }

    def decision(d: Decision) -> dict[str, Any]:
        return {
            **common(d, "decision"),
            "status": relations.status.get(d.id),
            "stage": d.stage,
            "owner": d.owner or None,
            "due": _day(d.due),
            "entered": {stage: _day(day) for stage, day in d.entered},
            "consulted": list(d.consulted),
            "informed": list(d.informed),
            "aligned": list(d.aligned),
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
            "holder": r.holder or None,
            "backups": list(r.backups),
            "team": r.team or None,
        }

    def handoff(h: Handoff) -> dict[str, Any]:
        return {
            **common(h, "handoff"),
            "role": h.role,
            "from": h.giver or None,
            "to": h.receiver or None,
            "effective": _day(h.effective),
            "until": _day(h.until),
            "state": h.state,
            "accepted_on": _day(h.accepted_on),
            "status": turns[h.path],
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
    return json.dumps({"version": 1, "as_of": _day(today), "records": records}, ensure_ascii=False)


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
