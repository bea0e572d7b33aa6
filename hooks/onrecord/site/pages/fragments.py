"""Fragments of HTML that are set into a record's own page, around the text its authors wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import jinja2
from markupsafe import Markup

from onrecord.lifecycle import conversation, stages
from onrecord.lifecycle.advance import NextStep, step_of, step_of_handoff
from onrecord.lifecycle.handoffs import Turn
from onrecord.lifecycle.stages import Lack
from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.overview.summary import reason_of, summary_of
from onrecord.records.disk import read_file
from onrecord.records.model import Decision, Handoff, Metric, Record, Role
from onrecord.records.vocabulary import Status
from onrecord.site.addresses import Address
from onrecord.site.pages.decision.family import MOST_ROWS, family_of
from onrecord.site.pages.decision.standing import act_of, missing, standing_of
from onrecord.site.pages.decision.voices import (
    SHAPES,
    Rendered,
    Talk,
    as_paragraphs,
    part_of,
    talk_of,
)
from onrecord.site.pages.people import PeoplePages
from onrecord.site.pages.places import owner_page
from onrecord.site.pages.role.parts import parts_of

MOST_LOOPS = 6
"""Open loops of a handoff that stand beside its text, where they all are."""


class Fragment(NamedTuple):
    """HTML above the record's heading, below it, after its text, and in the rail beside it.

    `state` is where it is now in a line, which is below the heading too. `known` follows the text.
    `text` is the record's own text with `known` between its sections; '' where it stays as it is.
    """

    above: str
    state: str
    below: str
    text: str
    known: str
    after: str
    rail: str


class Fragments:
    """Makes the fragments of one build."""

    def __init__(self, env: jinja2.Environment, base: KnowledgeBase, people: PeoplePages) -> None:
        self._env = env
        self._root = base.root
        self._catalogue = base.catalogue
        self._people = people

    def of(
        self,
        record: Record,
        address: Address,
        edit: str | None,
        rendered: Rendered = as_paragraphs,
        markdown: str = "",
        html: str = "",
    ) -> Fragment:
        """The fragment of any record. `edit` is where the forge edits its file, if known.

        `rendered` turns the Markdown of what somebody said into harmless HTML; `markdown` is the
        address of the record as text, if there is one. `html` is its text, made harmless.
        """
        match record:
            case Decision():
                template, facts = "decision", self._decision(record, rendered)
            case Role():
                template, facts = "role", self._role(record, html)
            case Handoff():
                template, facts = "handoff", self._handoff(record, rendered)
            case Metric():
                template, facts = "metric", self._metric(record)
            case _:  # a text in the wrong place: shown, with its notice
                template, facts = "page", {}
        parts = self._env.get_template(f"{template}.html").make_module(
            {
                **facts,
                "record": record,
                "at": address,
                "edit": edit,
                "markdown": markdown,
                "findings": self._catalogue.findings_of.get(record.path, ()),
                "linked_from": self._catalogue.linked_from(record),
            }
        )
        made = vars(parts)
        return Fragment(
            *(
                str(made[part]()) if part in made else ""
                for part in ("above", "state", "below", "text_in_parts", "known", "after", "rail")
            )
        )

    def _decision(self, d: Decision, rendered: Rendered) -> Mapping[str, object]:
        """Where a decision stands, what was said of it, and where it comes from."""
        catalogue, relations = self._catalogue, self._catalogue.relations
        status, lacks = catalogue.status(d), catalogue.lacks(d)
        sentence = summary_of(d)
        talk = talk_of(d, status is Status.OPEN)
        owner = catalogue.library.owning(d)
        earlier = catalogue.before.shown_with(d)
        asked = {one.decision.id for one in catalogue.before.unanswered(d)}
        answers = catalogue.answers_for(d)
        return {
            "d": d,
            "status": status,
            "sentence": sentence,
            "standing": standing_of(d, status, catalogue.today),
            "act": act_of(d, status, lacks, self._first_name(talk)),
            "missing": missing(lacks),
            "steps": stages.steps(d, catalogue.today),
            "lacks": lacks,
            "step": self._step(d, lacks),
            "effects": catalogue.effects.get(d.id, ()),
            "effect": catalogue.effect(d),
            "is_due_for_a_look": catalogue.is_due_for_a_look(d),
            "due": stages.due_now(d),
            "answered": conversation.answered(d),
            "silent": conversation.silent(d),
            "unaligned": conversation.unaligned(d),
            "aligned": {who.casefold() for who in conversation.aligned(d)},
            "owner": catalogue.owner_of(d),
            "owning": owner,
            "answers_for": answers,
            "supersedes": self._named(d.supersedes),
            "superseded_by": self._named(relations.superseded_by.get(d.id, ())),
            "earlier": earlier,
            "nearest": next(
                (one for one in earlier if one.is_answered or one.decision.id in asked), None
            ),
            "again": catalogue.before.again(d),
            "reason": reason_of(d) if d.outcome else "",
            "talk": talk,
            "rendered": lambda text: Markup(rendered(text)),
            "part_of": lambda voice: part_of(voice, answers),
            "shapes": SHAPES,
            "family": family_of(d, catalogue),
            "most_rows": MOST_ROWS,
            "not_found": [
                p.record for p in d.precedents if p.record not in catalogue.library.decision
            ],
        }

    def _first_name(self, talk: Talk) -> str:
        """Whom a button names: who waits for an answer first."""
        who = talk.open[0].who if talk.open else ""
        return self._catalogue.name_of(who).partition(" ")[0] or (who and f"@{who}")

    def _step(self, d: Decision, lacks: tuple[Lack, ...]) -> NextStep | None:
        """The next step of a decision that is under way or open."""
        catalogue = self._catalogue
        if d.stage is None or (catalogue.is_closed(d) and not catalogue.is_under_way(d)):
            return None
        return step_of(d, self._data(d), catalogue.today, lacks)

    def _role(self, role: Role, html: str) -> Mapping[str, object]:
        """Who holds the role, what it has to do, and what it decides and has decided."""
        catalogue = self._catalogue
        own = catalogue.by_owner.get(role.id, [])
        return {
            "role": role,
            "earlier": catalogue.before.of_role(role),
            "in_force": catalogue.newest_first(
                d for d in own if catalogue.status(d) is Status.ACCEPTED
            ),
            "closed": sum(
                catalogue.is_closed(d) and catalogue.status(d) is not Status.ACCEPTED for d in own
            ),
            "handoffs": catalogue.handoffs_of.get(role.id, []),
            "all_decisions": owner_page(role.id) if own else "",
            **self._people.role(role, parts_of(html) if html else None),
        }

    def _handoff(self, handoff: Handoff, rendered: Rendered) -> Mapping[str, object]:
        """From whom to whom, since when, and whether it is accepted."""
        section = handoff.body.section("Read-back")
        is_in_text = section is not None and section.is_written
        return {
            "read_back": "" if is_in_text else handoff.read_back,
            "rendered": lambda text: Markup(rendered(text)),
            "most_loops": MOST_LOOPS,
            "h": handoff,
            "role": self._catalogue.library.role.get(handoff.role),
            "step": step_of_handoff(handoff, self._data(handoff), self._catalogue.today)
            if self._catalogue.turns[handoff.path] is Turn.OFFERED
            else None,
            **self._people.handoff(handoff),
        }

    def _metric(self, metric: Metric) -> Mapping[str, object]:
        """The target and the newest values."""
        newest = list(reversed(metric.values[-13:]))
        return {
            "m": metric,
            "role": self._catalogue.library.role.get(metric.role),
            "newest": newest,
            "has_notes": any(value.note or value.is_changed for value in newest),
            "has_origins": any(value.origin for value in newest),
            **self._people.metric(metric),
        }

    def _data(self, record: Record) -> bytes:
        """The file of a record, of which its page quotes lines to write."""
        return read_file(self._root / record.path)

    def _named(self, ids: Iterable[str]) -> list[tuple[str, Decision | None]]:
        return [(one, self._catalogue.library.decision.get(one)) for one in ids]
