"""Facets: what a search can be narrowed by, and what a result shows of a record.

In comes the catalogue of a run; out come, for one record, its kind, stage, outcome, roles, people,
tags and day, each as one word of the vocabulary, id or text as it was written.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from onrecord.lifecycle.concerns import Concerns
from onrecord.overview.catalogue import Catalogue
from onrecord.records.model import Decision, Handoff, Metric, Record, Role
from onrecord.records.vocabulary import Kind, Stage, Status
from onrecord.search.names import keys_of, names_of

PLAYBOOK, DOCS, PERSON = "playbook", "docs", "person"
"""What a search calls a role's page, a page that is no record, and that of a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """What a search knows of one page beside its text.

    `owner` is the text a result shows; `stage` is the one of a decision under way, since of a
    closed one the outcome says all. `roles` and `people` are those it concerns.
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
    names: tuple[str, ...] = ()
    """The keys of what it is called (names.py)."""

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

    @property
    def labels(self) -> dict[str, dict[str, str]]:
        """What to show for a filter's value: the title of a role, the name of a person."""
        library = self._catalogue.library
        people = {one.handle: one.name for one in library.people.values() if one.name}
        return {"role": {role.id: role.title for role in library.role.values()}, "person": people}

    def of(self, record: Record) -> Facets:
        """The facets of a record; those of a page of the docs for what is none."""
        catalogue = self._catalogue
        concerns = catalogue.concerns.get(record.path, Concerns())
        facets = Facets(
            kind="",
            id=record.id,
            roles=concerns.roles,
            people=concerns.people,
            names=names_of(record, catalogue.library),
        )
        match record:
            case Decision():
                library, relations = catalogue.library, catalogue.relations
                newer = relations.superseded_by.get(record.id, ())
                return replace(
                    facets,
                    kind=Kind.DECISION,
                    stage=record.stage if catalogue.is_under_way(record) else None,
                    outcome=catalogue.status(record),
                    owner=catalogue.owner_title(catalogue.owner_of(record)) if record.owner else "",
                    tags=tuple(dict.fromkeys(record.tags)),
                    day=record.filed,
                    successors=tuple(library.decision[i] for i in newer if i in library.decision),
                )
            case Role():
                who = catalogue.holders.of_role(record, catalogue.today).who
                owner = f"@{who}" if who else ""
                return replace(facets, kind=PLAYBOOK, owner=owner)
            case Handoff() | Metric():
                return replace(
                    facets,
                    kind=record.kind,
                    owner=catalogue.owner_title(record.role) if record.role else "",
                    day=record.effective if isinstance(record, Handoff) else record.newest,
                )
        return OF_DOCS

    def of_person(self, handle: str) -> Facets:
        """The facets of a person's page."""
        names = keys_of([handle, self._catalogue.name_of(handle)])
        return Facets(kind=PERSON, id=handle, people=(handle,), names=names)
