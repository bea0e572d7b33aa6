"""Facets: what a search can be narrowed by, and what a result shows of a record.

In comes the catalogue of a run; out come, for one record, its kind, stage, outcome, roles, people,
tags and day, each as one word of the vocabulary, id or text as it was written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from onrecord.overview.catalogue import Catalogue
from onrecord.records.model import Decision, Handoff, Metric, Record, Role
from onrecord.records.vocabulary import Kind, Stage, Status

PLAYBOOK, DOCS = "playbook", "docs"
"""What a search calls a role's page, and a page that is no record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """What a search knows of one page beside its text.

    `owner` is the text a result shows; `stage` is the one of a decision under way, since of a
    closed one the outcome says all. `roles` and `people` own it, were asked, or pass it on.
    """

    kind: str
    id: str = ""
    stage: Stage | None = None
    outcome: Status | None = None
    owner: str = ""
    roles: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    day: date | None = None
    successors: tuple[Decision, ...] = ()

    @property
    def filters(self) -> tuple[tuple[str, str], ...]:
        """The names and values a search filters by."""
        one = (
            ("kind", self.kind),
            ("stage", self.stage or ""),
            ("outcome", self.outcome or ""),
            ("year", f"{self.day.year}" if self.day else ""),
        )
        many = (("role", self.roles), ("person", self.people), ("tag", self.tags))
        found = [(name, value) for name, value in one if value]
        found += [(name, value) for name, values in many for value in values]
        return tuple(found)


OF_DOCS = Facets(kind=DOCS)


class FacetReader:
    """Reads facets off the records of one run."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._written = {role.casefold(): role for role in catalogue.library.role}
        self._spelled = {key: one.handle for key, one in catalogue.library.people.items()}

    @property
    def labels(self) -> dict[str, dict[str, str]]:
        """What to show for a filter's value: the title of a role, the name of a person."""
        library = self._catalogue.library
        people = {one.handle: one.name for one in library.people.values() if one.name}
        return {"role": {role.id: role.title for role in library.role.values()}, "person": people}

    def of(self, record: Record) -> Facets:
        """The facets of a record; those of a page of the docs for what is none."""
        if isinstance(record, Decision):
            return self._of_decision(record)
        if isinstance(record, Role):
            people = self._people((record.holder, *record.backups))
            owner = f"@{record.holder}" if record.holder else ""
            return Facets(
                kind=PLAYBOOK, id=record.id, owner=owner, roles=(record.id,), people=people
            )
        if isinstance(record, Handoff):
            return Facets(
                kind=Kind.HANDOFF,
                id=record.id,
                owner=self._catalogue.owner_title(record.role) if record.role else "",
                roles=self._roles((record.role,)),
                people=self._people((record.giver, record.receiver)),
                day=record.effective,
            )
        if isinstance(record, Metric):
            return Facets(
                kind=Kind.METRIC,
                id=record.id,
                owner=self._catalogue.owner_title(record.role) if record.role else "",
                roles=self._roles((record.role,)),
                day=record.values[-1].day if record.values else None,
            )
        return OF_DOCS

    def _of_decision(self, decision: Decision) -> Facets:
        catalogue = self._catalogue
        library, relations = catalogue.library, catalogue.relations
        asked = [name for name in decision.consulted if name.casefold() in self._written]
        persons = [name for name in decision.consulted if name.casefold() not in self._written]
        if decision.owner_is_person:
            persons.insert(0, decision.owner)
        else:
            asked.insert(0, decision.owner)
        return Facets(
            kind=Kind.DECISION,
            id=decision.id,
            stage=decision.stage if catalogue.is_under_way(decision) else None,
            outcome=catalogue.status(decision),
            owner=catalogue.owner_title(decision.owner) if decision.owner else "",
            roles=self._roles(asked),
            people=self._people(persons),
            tags=tuple(dict.fromkeys(decision.tags)),
            day=decision.filed,
            successors=tuple(
                library.decision[one]
                for one in relations.superseded_by.get(decision.id, ())
                if one in library.decision
            ),
        )

    def _roles(self, names: Iterable[str]) -> tuple[str, ...]:
        written = (self._written.setdefault(n.casefold(), n) for n in names if n)
        return tuple(dict.fromkeys(written))

    def _people(self, handles: Iterable[str]) -> tuple[str, ...]:
        """Each once, spelled as in people.yml, or else as where they were met first."""
        spelled = (self._spelled.setdefault(h.casefold(), h) for h in handles if h)
        return tuple(dict.fromkeys(spelled))
