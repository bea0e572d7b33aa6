"""records.json: every record with its metadata, derived status, relations and address.

In come the catalogue of a build and the addresses; out comes JSON text that is the same for the
same input, and from which each list of the site can be made again. Documented for other programs,
so keys are only ever added.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date

from onrecord.lifecycle import conversation, stages
from onrecord.lifecycle.conversation import Voice, conversation_of
from onrecord.lifecycle.duties import Duty
from onrecord.lifecycle.handoffs import Holders
from onrecord.lifecycle.scorecards import Judged
from onrecord.overview.roster import Roster
from onrecord.overview.summary import summary_of
from onrecord.records.model import Decision, Handoff, Metric, Record, Role
from onrecord.site.addresses import markdown_of
from onrecord.site.machine.records_keys import (
    AskedJson,
    DecisionJson,
    DutyJson,
    ExpectationJson,
    HandoffJson,
    ImportedJson,
    MetricJson,
    RecordJson,
    RecordsJson,
    RoleJson,
    VoiceJson,
)
from onrecord.text.printing import as_json

EachJson = DecisionJson | RoleJson | HandoffJson | MetricJson
"""A record of any kind."""


def records_json(
    roster: Roster, addresses: Mapping[str, str], published: Collection[str] = ()
) -> str:
    """The text of records.json.

    `addresses` are from the site's root, by path; `published` are the paths of the records whose
    Markdown is beside their page.
    """
    catalogue = roster.catalogue
    entry = entries(roster, addresses.__getitem__, published)
    chains = catalogue.before.chains()
    whole: RecordsJson = {
        "version": 1,
        "as_of": catalogue.today,
        "records": [entry(record) for record in catalogue.library.records],
        "recurring": [[d.id for d in chain] for chain in chains],
        "waiting": _waiting(roster),
        "people": [
            {"handle": p.handle, "name": p.name or None, "active": p.active, "agent": p.agent}
            for p in catalogue.library.people.values()
        ],
    }
    return json.dumps(whole, default=as_json, ensure_ascii=False)


def entries(
    roster: Roster, address: Callable[[str], str], published: Collection[str] = ()
) -> Callable[[Record], EachJson]:
    """What makes the entry of one record in records.json. `address` gives its page by its path."""
    catalogue = roster.catalogue
    relations = catalogue.relations
    linked = relations.linked_from

    def common(record: Record) -> RecordJson:
        return {
            "id": record.id,
            "path": record.path,
            "url": address(record.path),
            "markdown": markdown_of(address(record.path)) if record.path in published else None,
            "title": record.title,
            "linked_from": linked.get(record.path, ()),
            "concerns": catalogue.concerns[record.path],
        }

    def decision(d: Decision) -> DecisionJson:
        return {
            **common(d),
            "kind": "decision",
            "status": catalogue.status(d),
            "answers": catalogue.answers_for(d) or None,
            "under_way": catalogue.is_under_way(d),
            "filed": d.filed,
            "due_now": stages.due_now(d),
            "waits_for": list(stages.waits_for(d)),
            # Of a stage that can't be read nobody knows what it needs.
            "missing": [lack.text for lack in catalogue.lacks(d)] if d.stage else [],
            "stage": d.stage,
            "owner": d.owner or None,
            "asked": d.asked,
            "summary": summary_of(d) or None,
            "due": d.due,
            "entered": dict(d.entered),
            "consulted": d.consulted,
            "informed": d.informed,
            "aligned": conversation.aligned(d),
            "conversation": _conversation(d),
            "outcome": d.outcome,
            "decided": d.decided,
            "supersedes": d.supersedes,
            "superseded_by": relations.superseded_by.get(d.id, ()),
            "related": relations.related.get(d.id, ()),
            "precedents": [
                {"record": p.record, "verdict": p.verdict, "why": p.why} for p in d.precedents
            ],
            "expects": _expectations(d, catalogue.effects.get(d.id, ())),
            "expects_nothing": d.expects_nothing or None,
            "due_for_a_look": catalogue.is_due_for_a_look(d),
            "revisit": d.revisit,
            "tags": d.tags,
            "governs": d.governs,
            "aliases": d.aliases,
            "imported": _imported(d),
        }

    def role(r: Role) -> RoleJson:
        return {
            **common(r),
            "kind": "role",
            "purpose": r.purpose,
            "holder": catalogue.holders.holder(r, catalogue.today) or None,
            "answers": roster.accountable[r.id].who or None,
            "person": roster.person_behind(r) or None,
            "duties": [
                duty_json(duty, catalogue.holders, catalogue.today)
                for duty in catalogue.holders.duties(r)
            ],
            "backups": r.backups,
            "team": r.team or None,
            "readiness": roster.readiness_of[r.id].level.word,
        }

    def handoff(h: Handoff) -> HandoffJson:
        return {
            **common(h),
            "kind": "handoff",
            "role": h.role,
            "from": h.giver or None,
            "to": h.receiver or None,
            "effective": h.effective,
            "until": h.until,
            "covers": h.covers,
            "state": h.state,
            "accepted_on": h.accepted,
            "status": catalogue.turns[h.path],
        }

    def metric(m: Metric) -> MetricJson:
        return {
            **common(m),
            "kind": "metric",
            "role": m.role,
            "cadence": m.cadence,
            "target": m.target,
            "direction": m.direction,
            "unit": m.unit or None,
            "source": m.source or None,
            "serves": m.serves or None,
            "collect": dict(m.collect.written) if m.collect else None,
            "values": [
                {
                    "date": v.day,
                    "value": v.value,
                    "note": v.note,
                    "origin": str(v.origin) if v.origin else None,
                }
                for v in m.values
            ],
        }

    def entry(record: Record) -> EachJson:
        match record:
            case Decision():
                return decision(record)
            case Role():
                return role(record)
            case Handoff():
                return handoff(record)
            case Metric():
                return metric(record)
        raise TypeError(f"{record.path} is no record")

    return entry


def duty_json(duty: Duty, holders: Holders, today: date) -> DutyJson:
    """A duty with who answers for it on a day, and its next day."""
    return {
        "text": duty.text,
        "answers": holders.of_duty(duty, today).who or None,
        "next": duty.rhythm.next(today) if duty.rhythm else None,
    }


def _waiting(roster: Roster) -> list[AskedJson]:
    """What waits for whom: by person, and of each the most urgent first."""
    return [
        {
            "person": person.handle,
            "ask": item.ask,
            "title": item.title,
            "what": item.what,
            "path": item.path,
            "role": item.role or None,
            "due": item.due,
            "since": item.since,
        }
        for person in roster.people.values()
        for item in person.items
    ]


def _expectations(d: Decision, judged: Sequence[Judged]) -> list[ExpectationJson]:
    """What a decision promised, and what became of it."""
    known = {one.expectation: one for one in judged}
    found: list[ExpectationJson] = []
    for one in d.expects:
        is_so = known.get(one)
        found.append(
            {
                "metric": one.metric,
                "at_least": one.at_least,
                "at_most": one.at_most,
                "by": one.by,
                "effect": is_so.effect if is_so else None,
                "value": is_so.value.value if is_so and is_so.value else None,
                "why": is_so.why or None if is_so else None,
            }
        )
    return found


def _conversation(d: Decision) -> list[VoiceJson]:
    """What people said of a decision, with the answers, and who has acknowledged it."""
    said = conversation_of(d)
    return [_voice(voice) for voice in (*said.voices, *said.acknowledged)]


def _voice(voice: Voice) -> VoiceJson:
    return {
        "key": voice.key,
        "from": voice.who or None,
        "says": voice.says,
        "state": voice.state,
        "text": voice.text,
        "day": voice.day,
        "was_asked": voice.was_asked,
        "path": voice.path,
        "line": voice.line,
        "answers": [_voice(answer) for answer in voice.answers],
    }


def _imported(d: Decision) -> ImportedJson | None:
    """Where it came from. The other tool's front matter stays in the file: it may be long."""
    if d.imported is None:
        return None
    return {"from": d.imported.source, "format": d.imported.format, "unsettled": d.unsettled}
