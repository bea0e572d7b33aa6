"""The library: everything one run has read, in one frozen value.

In comes what `reading` made of each file; out go look-ups by id. Order is by path, so the same
files give the same library on every machine.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

from onrecord.records.findings import Finding
from onrecord.records.model import (
    Decision,
    Handoff,
    Link,
    Metric,
    Page,
    Person,
    Record,
    Reply,
    Role,
)

_LINE = re.compile(r"(?<=\.md):[0-9]+(?::[0-9]+)?$")

Known = TypeVar("Known", bound=Record)
Replied = TypeVar("Replied", Decision, Handoff)


@dataclass(frozen=True)
class Library:
    """All records of a knowledge base, and the findings of reading them.

    `replies` are those of all records, which hold their own as well.

    `pages` are texts that are no records (docs, misplaced files); `assets` are paths of images
    and the like that are beside records; `forge_pages` are READMEs, for which the site has an
    index of its own; `others` are files of the repository that a record links to and that the
    site doesn't hold; `absent` are paths it links to where there is nothing.
    """

    decisions: tuple[Decision, ...] = ()
    roles: tuple[Role, ...] = ()
    handoffs: tuple[Handoff, ...] = ()
    metrics: tuple[Metric, ...] = ()
    replies: tuple[Reply, ...] = ()
    people: Mapping[str, Person] = field(default_factory=dict)
    pages: tuple[Page, ...] = ()
    assets: frozenset[str] = frozenset()
    forge_pages: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()
    has_people_file: bool = False

    @property
    def records(self) -> tuple[Record, ...]:
        """Decisions, roles, handoffs and metrics, in that order."""
        return (*self.decisions, *self.roles, *self.handoffs, *self.metrics)

    def with_reply(self, reply: Reply) -> Library:
        """The same with one reply more."""

        def joined(record: Replied) -> Replied:
            if record.path != reply.about:
                return record
            return replace(record, replies=(*record.replies, reply))

        return replace(
            self,
            decisions=tuple(map(joined, self.decisions)),
            handoffs=tuple(map(joined, self.handoffs)),
            replies=(*self.replies, reply),
        )

    @cached_property
    def decision(self) -> Mapping[str, Decision]:
        """Decisions by id; of two with one id, the first by path."""
        return _first_of_each(self.decisions)

    @cached_property
    def role(self) -> Mapping[str, Role]:
        """Roles by id."""
        return _first_of_each(self.roles)

    @cached_property
    def metric(self) -> Mapping[str, Metric]:
        """Metrics by role/metric."""
        # From the end, so that of two with one name the first stays.
        return {metric.name: metric for metric in reversed(self.metrics)}

    @cached_property
    def _role_of(self) -> Mapping[str, Role]:
        return {role.id.casefold(): role for role in reversed(self.roles)}

    def role_called(self, name: str) -> Role | None:
        """The role of this id, in any case; None when there is none."""
        return self._role_of.get(name.casefold())

    def owning(self, decision: Decision) -> Role | None:
        """The role that owns a decision; None when a person does, or nobody."""
        return None if decision.owner_is_person else self.role_called(decision.owner)

    def has_left(self, handle: str) -> bool:
        """True when people.yml says that the person is no longer active."""
        person = self.people.get(handle.casefold())
        return person is not None and not person.active

    def is_agent(self, handle: str) -> bool:
        """True when people.yml says that it is a program, and no person."""
        person = self.people.get(handle.casefold())
        return person is not None and person.agent

    @cached_property
    def by_path(self) -> Mapping[str, Record]:
        """Every record and page by its path in the repository."""
        return {r.path: r for r in (*self.records, *self.pages)}

    def called(self, name: str) -> tuple[Record, ...]:
        """The records that a name means: none, one, or all that share an id.

        A name is a path as the commands print it, with or without `:line` and `.md`; an id; or
        `ROLE/ID` for a handoff or metric of a role. A reply's path means what it replies to.
        """
        plain = _LINE.sub("", name.strip()).removeprefix("./").rstrip("/")
        for path in (plain, f"{plain}.md", f"{plain}/index.md"):
            path = self.moved.get(path, path)
            path = next((r.about for r in self.replies if r.path == path), path)
            found = self.by_path.get(path)
            if found is not None and not isinstance(found, Page):
                return (found,)
        plain = plain.removesuffix(".md")
        of_roles: tuple[Handoff | Metric, ...] = (*self.handoffs, *self.metrics)
        within = tuple(one for one in of_roles if f"{one.role}/{one.id}" == plain)
        return within or tuple(one for one in self.records if one.id == plain)

    @cached_property
    def shown_plain(self) -> Mapping[str, Finding]:
        """The records and pages whose text no page can lay out, with the finding that says why."""
        codes = ("file-unread", "text-too-complex", "merge-unfinished")
        found = (f for f in self.findings if f.code in codes and f.path in self.by_path)
        return {f.path: f for f in found}

    def holds(self, path: str) -> bool:
        """True for every file of the knowledge base that a link may lead to."""
        return (
            path in self.by_path
            or path in self.assets
            or path in self.forge_pages
            or path in self.others
        )

    @cached_property
    def moved(self) -> Mapping[str, str]:
        """Where a record is now, by its aliases, and by its old name in its new folder."""
        now: dict[str, str] = {}
        for record in self.decisions:
            for alias in record.old_paths:
                name = posixpath.basename(alias)
                # Texts that moved together still use the old name, now in the new folder.
                for old in (alias, posixpath.join(posixpath.dirname(record.path), name)):
                    if old not in self.by_path:
                        now.setdefault(old, record.path)
        return now

    def reached(self, record: Record, link: Link) -> str:
        """The path that a link leads to, old names counted; as written if it leads nowhere."""
        targets = record.targets_of(link)
        for target in targets:
            there = self.moved.get(target, target)
            if self.holds(there):
                return there
        return targets[0]

    @cached_property
    def handles(self) -> frozenset[str]:
        """The handles the team has named as people of its own, in lower case.

        From people.yml, and the holders and backups of roles.
        """
        named = {role.holder for role in self.roles} | {b for r in self.roles for b in r.backups}
        return frozenset(h.casefold() for h in (*self.people, *named) if h)


def _first_of_each(records: Iterable[Known]) -> dict[str, Known]:
    found: dict[str, Known] = {}
    for record in records:
        found.setdefault(record.id, record)
    return found
