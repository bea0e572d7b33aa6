"""Whom and what each record concerns: the one answer for filters, feeds, calendars and lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from onrecord.records.library import Library
from onrecord.records.model import Decision, Handoff, Metric, Record, Role


@dataclass(frozen=True, slots=True)
class Concerns:
    """The roles, by id, and the people, by handle, that a record concerns; each once.

    A decision concerns its owner, who is consulted and who is informed; a role its holder and
    backups; a handoff both sides. Who answers for a role on a day is another question.
    """

    roles: tuple[str, ...] = ()
    """Roles, by id."""
    people: tuple[str, ...] = ()
    """People, by handle."""


def concerns_in(library: Library) -> Mapping[str, Concerns]:
    """What each record of a library concerns, by its path.

    A name that is a role's id means the role. A handle is spelled as in people.yml, or else as it
    is written first.
    """
    spelled = {key: person.handle for key, person in library.people.items()}
    found = {}
    for record in library.records:
        roles, handles = _named(record, library)
        people = (spelled.setdefault(h.casefold(), h) for h in handles if h)
        known = filter(None, roles)
        found[record.path] = Concerns(tuple(dict.fromkeys(known)), tuple(dict.fromkeys(people)))
    return found


def _named(record: Record, library: Library) -> tuple[Iterable[str], Iterable[str]]:
    match record:
        case Decision():
            owner = library.owning(record)
            roles = [owner.id] if owner is not None else []
            people = [] if owner is not None else [record.owner]
            for name in (*record.consulted, *record.informed):
                asked = library.role_called(name)
                if asked is not None:
                    roles.append(asked.id)
                else:
                    people.append(name)
            return roles, people
        case Role():
            return (record.id,), (record.holder, *record.backups)
        case Handoff():
            return (record.role,), (record.giver, record.receiver)
        case Metric():
            return (record.role,), ()
    return (), ()
