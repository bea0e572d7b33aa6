"""What a role is tied to: decisions that bind it, what was tried, whom to ask, the roles beside it.

In comes the roster of a build; out come rows for a role's page. What is looked up for every role
is gathered once.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import NamedTuple

from onrecord.overview.roster import Roster
from onrecord.overview.summary import reason_of
from onrecord.records.findings import count
from onrecord.records.model import Decision, Handoff, Person, Role
from onrecord.records.vocabulary import HANDLE, Status
from onrecord.site.pages.wording import day_text, short_day

OWN_FIRST = 5
"""How many of its own decisions come before those of others."""
MOST_BINDING, MOST_TRIED, MOST_PEOPLE, MOST_NEIGHBOURS = 8, 5, 6, 6
FEWEST_FOR_EVERYONE = 3
"""A decision that tells fewer people than this isn't one for everyone."""
FEWEST_WORDS = 4
"""“Rejected by its owner” is the shortest sentence that says why."""
_HANDLE = re.compile(rf"(?<![\w@/.])@({HANDLE})")  # and no mail address


class Binding(NamedTuple):
    """A decision in force that binds a role, and why it does, in a few words."""

    decision: Decision
    why: str


class Tried(NamedTuple):
    """A decision that wasn't taken, and the sentence that says why."""

    decision: Decision
    status: Status
    reason: str


class PersonToAsk(NamedTuple):
    """Somebody to ask: why them, where they are (`place` is '' when unknown), and their hours."""

    handle: str
    why: str
    place: str = ""
    zone: str = ""
    hours: str = ""


class Neighbour(NamedTuple):
    """A role beside this one, and what ties them."""

    role: Role
    why: str


class Ties:
    """Looks up what the roles of one build are tied to."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._catalogue = roster.catalogue

    # Decisions.

    def bindings(self, role: Role) -> tuple[list[Binding], int]:
        """The decisions in force that bind a role, and how many more there are.

        Its own come first, then those in which it or whoever answers for it was asked or told,
        then those that everyone was told.
        """
        own = self._newest(self._catalogue.by_owner.get(role.id, ()))
        rows = [Binding(d, "its own") for d in own if self._is_in_force(d)]
        named = [one for one in self._named_in(role) if self._is_in_force(one[0])]
        common = [Binding(d, "everyone") for d in self._for_everyone if d not in own]
        theirs = [Binding(d, why) for d, why in named if d not in self._for_everyone]
        first, others = rows[:OWN_FIRST], [*theirs, *rows[OWN_FIRST:]]
        left = max(0, MOST_BINDING - len(first) - len(common[:2]))
        shown = [*first, *others[:left], *common][:MOST_BINDING]
        return shown, len(rows) + len(theirs) + len(common) - len(shown)

    def tried(self, role: Role) -> list[Tried]:
        """What was proposed and not taken, of its own decisions and those it was asked in."""
        own = self._catalogue.by_owner.get(role.id, ())
        asked = [decision for decision, _ in self._named_in(role)]
        found = self._newest({d.id: d for d in (*own, *asked)}.values())
        no = (Status.REJECTED, Status.WITHDRAWN)
        return [
            Tried(d, status, _told(reason_of(d)))
            for d in found
            if (status := self._catalogue.status(d)) in no
        ][:MOST_TRIED]

    def _named_in(self, role: Role) -> list[tuple[Decision, str]]:
        """The decisions of others that asked or told a role, or whoever answers for it."""
        who = self._roster.accountable[role.id].who
        found: dict[str, tuple[Decision, str]] = {}
        for key, name in ((role.id.casefold(), "this role"), (who.casefold(), f"@{who}")):
            for decision, word in self._by_name.get(key, ()) if key else ():
                if self._catalogue.owner_of(decision) == role.id:
                    continue
                whose = self._catalogue.owner_title(decision.owner) if decision.owner else ""
                why = f"{whose}; {name} was {word}" if whose else f"{name} was {word}"
                found.setdefault(decision.id, (decision, why))
        order = {d.id: at for at, d in enumerate(self._newest(d for d, _ in found.values()))}
        return sorted(found.values(), key=lambda one: order[one[0].id])

    @cached_property
    def _by_name(self) -> Mapping[str, list[tuple[Decision, str]]]:
        """By each name that decisions ask or tell, in lower case, those decisions."""
        groups: defaultdict[str, list[tuple[Decision, str]]] = defaultdict(list)
        for decision in self._catalogue.decisions:
            asked = {name.casefold() for name in decision.consulted}
            for key in asked:
                groups[key].append((decision, "asked"))
            for key in {name.casefold() for name in decision.informed} - asked:
                groups[key].append((decision, "told"))
        return groups

    @cached_property
    def _for_everyone(self) -> list[Decision]:
        """The decisions in force that tell everyone who answers for a role."""
        catalogue = self._catalogue
        everyone = {one.who.casefold() for one in self._roster.accountable.values() if one.who}
        if len(everyone) < FEWEST_FOR_EVERYONE:
            return []

        def know(decision: Decision) -> set[str]:
            told = map(catalogue.answering, (*decision.informed, *decision.consulted))
            return {who.casefold() for who in (catalogue.answers_for(decision), *told)}

        wide = (d for d in catalogue.decisions if len(d.informed) >= len(everyone) - 1)
        return self._newest(d for d in wide if self._is_in_force(d) and everyone <= know(d))

    def _is_in_force(self, decision: Decision) -> bool:
        return self._catalogue.status(decision) is Status.ACCEPTED

    def _newest(self, decisions: Iterable[Decision]) -> list[Decision]:
        return [row.decision for row in self._catalogue.newest_first(decisions)]

    # People.

    def people(self, role: Role) -> list[PersonToAsk]:
        """Whom somebody who takes the role over today can ask, each once."""
        found: dict[str, PersonToAsk] = {}
        for handle, why in self._known_to(role):
            key = handle.casefold()
            if key and key not in found and not self._catalogue.has_left(handle):
                found[key] = self._asked(handle, why)
        return list(found.values())[:MOST_PEOPLE]

    def _known_to(self, role: Role) -> Iterator[tuple[str, str]]:
        roster, today = self._roster, self._catalogue.today
        accountable = roster.accountable[role.id]
        holder = self._catalogue.holders.holder(role, today)
        if accountable.by is not None and not accountable.by.is_for_good:
            yield accountable.who, f"covers it{_until(accountable.by, today)}"
            yield holder, f"holds it; away{_until(accountable.by, today)}"
        yield accountable.who, "holds it"
        for handoff in roster.offered_of(role.id):
            yield handoff.receiver, "was asked to take it"
        for term in roster.terms_of(role):
            over = f" until {day_text(term.until)}" if term.until else ""
            yield term.who, f"had it{over or ' before'}"
            yield term.handoff.giver, "had it before"
        for handle in role.backups:
            yield handle, "can cover it"
        access = role.body.section("Access")
        for handle in _HANDLE.findall(access.text) if access is not None else ():
            yield handle, "is named under Access"

    def _asked(self, handle: str, why: str) -> PersonToAsk:
        known = self._catalogue.library.people.get(handle.casefold())
        return asked_of(known, why) if known is not None else PersonToAsk(handle, why)

    # Roles.

    def neighbours(self, role: Role) -> list[Neighbour]:
        """The roles beside this one: those its text names or that name it, then by decisions."""
        found: dict[str, Neighbour] = {}
        roles = {other.path: other for other in self._catalogue.library.role.values()}
        for link in role.body.links:
            other = roles.get(role.target_of(link))
            if other is not None and other is not role:
                above = [one.title for one in role.body.sections if one.line <= link.line]
                why = f"named under “{above[-1]}”" if above else "named here"
                found.setdefault(other.id, Neighbour(other, why))
        for record in self._catalogue.linked_from(role):
            if isinstance(record, Role) and record is not role:
                found.setdefault(record.id, Neighbour(record, "its playbook names this role"))
        for other_id, number in self._shared.get(role.id, Counter()).most_common():
            other = self._catalogue.library.role.get(other_id)
            if other is not None:
                words = f"decides with it: {count(number, 'decision')}"
                found.setdefault(other_id, Neighbour(other, words))
        for other in self._of_team.get(role.team.casefold(), ()) if role.team else ():
            if other is not role:
                found.setdefault(other.id, Neighbour(other, f"of the same team, {role.team}"))
        return list(found.values())[:MOST_NEIGHBOURS]

    @cached_property
    def _shared(self) -> Mapping[str, Counter[str]]:
        """By role, how many decisions it has together with each other role."""
        groups: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for decision in self._catalogue.decisions:
            owner, *asked = (*self._catalogue.concerns[decision.path].roles, "")
            for other in filter(None, asked):
                groups[owner][other] += 1
                groups[other][owner] += 1
        return groups

    @cached_property
    def _of_team(self) -> Mapping[str, list[Role]]:
        groups: defaultdict[str, list[Role]] = defaultdict(list)
        for role in self._catalogue.library.role.values():
            groups[role.team.casefold()].append(role)
        return groups


def _told(reason: str) -> str:
    """A reason that says more than the outcome does."""
    return reason if len(reason.split()) >= FEWEST_WORDS else ""


def asked_of(person: Person, why: str) -> PersonToAsk:
    """Somebody of people.yml to ask. `Europe/Lisbon` is shown as Lisbon."""
    place = person.timezone.rpartition("/")[2].replace("_", " ")
    return PersonToAsk(person.handle, why, place, person.timezone, person.hours)


def _until(handoff: Handoff, today: date) -> str:
    return f" until {short_day(handoff.until, today)}" if handoff.until else ""
