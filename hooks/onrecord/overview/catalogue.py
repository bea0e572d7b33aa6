"""The catalogue: decisions, roles and handoffs in the groups and orders that lists show.

In come the library, its relations and the day; out come rows, grouped once and looked up after.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from onrecord.lifecycle import conversation, stages
from onrecord.lifecycle.concerns import Concerns, concerns_in
from onrecord.lifecycle.handoffs import Holders, Turn
from onrecord.lifecycle.relations import Relations, own_status
from onrecord.lifecycle.scorecards import Judged, effects_of, overall
from onrecord.lifecycle.stages import Lack
from onrecord.lifecycle.upkeep import findings_of
from onrecord.records.findings import Finding
from onrecord.records.library import Library
from onrecord.records.model import Decision, Handoff, Metric, Precedent, Record
from onrecord.records.vocabulary import STAGES, Effect, Stage, Status
from onrecord.text.slugs import page_name_of_tag

if TYPE_CHECKING:  # numpy comes with it, and most commands never rank
    from onrecord.precedents.before import Before


class Row(NamedTuple):
    """One line of a list of decisions, with all that is shown of it. `days` are in its stage."""

    decision: Decision
    status: Status
    due: date | None
    urgency: stages.Urgency
    waits_for: tuple[str, ...]
    days: int | None


@dataclass(frozen=True)
class Catalogue:
    """What the lists of one build are made of."""

    library: Library
    relations: Relations
    today: date
    ranked: Callable[[], Before]

    @cached_property
    def before(self) -> Before:
        """The earlier decisions that are close to each; loaded when the first is asked for."""
        return self.ranked()

    def lacks(self, decision: Decision) -> tuple[Lack, ...]:
        """What a decision misses before it leaves its stage, unanswered precedents included."""
        close = self.before.to_answer(decision)
        return stages.lacks(decision, self.today, [one.decision for one in close])

    def status(self, decision: Decision) -> Status:
        """The derived status. The second of two records with one id has only its own outcome."""
        if self.library.decision.get(decision.id) is not decision:
            return own_status(decision)
        return self.relations.status[decision.id]

    def is_open(self, decision: Decision) -> bool:
        """True until it has an outcome or is superseded."""
        return self.status(decision) is Status.OPEN

    def is_closed(self, decision: Decision) -> bool:
        """True once it has an outcome or is superseded."""
        return self.status(decision) not in (Status.OPEN, Status.UNSETTLED)

    @cached_property
    def unsettled(self) -> list[Decision]:
        """Imported decisions of which a person has still to say where they are."""
        return [d for d in self.decisions if self.status(d) is Status.UNSETTLED]

    @cached_property
    def settled(self) -> list[Decision]:
        """All others: those that boards, statistics and feeds count."""
        return [d for d in self.decisions if self.status(d) is not Status.UNSETTLED]

    @property
    def decisions(self) -> Iterable[Decision]:
        """Every decision, each id once."""
        return self.library.decision.values()

    # Orders.

    def row(self, decision: Decision) -> Row:
        """A decision with what a list shows of it."""
        due = stages.due_now(decision)
        began = decision.entered_on(decision.stage) if decision.stage else None
        return Row(
            decision,
            self.status(decision),
            due,
            stages.urgency(due, self.today),
            stages.waits_for(decision),
            (self.today - began).days if began else None,
        )

    def under_way_of(self, owner: str) -> list[Row]:
        """The decisions of a role or a person that are under way, the most urgent first."""
        own = self.by_owner.get(owner, ())
        return self.urgent_first(d for d in own if self.is_under_way(d))

    def urgent_first(self, decisions: Iterable[Decision]) -> list[Row]:
        """Overdue first, then by due date, then oldest first."""
        rows = [self.row(d) for d in decisions]
        never = date.max
        rows.sort(
            key=lambda r: (
                r.due or never,
                (r.decision.entered[-1][1] if r.decision.entered else never),
                r.decision.title.casefold(),
                r.decision.id,
            )
        )
        return rows

    def newest_first(self, decisions: Iterable[Decision]) -> list[Row]:
        """By the day of the outcome, or of the opening where no other is known."""
        rows = [self.row(d) for d in decisions]
        rows.sort(key=lambda r: (r.decision.title.casefold(), r.decision.id))
        rows.sort(key=lambda r: r.decision.filed or date.min, reverse=True)
        return rows

    # Groups.

    @cached_property
    def under_way(self) -> dict[Stage, list[Decision]]:
        """The decisions each of the five stages is at work on.

        Those without an outcome, and, in align, those with one that not everybody informed has
        acknowledged yet: deciding is over then, bringing everyone along is not.
        """
        groups: dict[Stage, list[Decision]] = {stage: [] for stage in STAGES}
        for decision in self.decisions:
            if decision.stage is not None and self.is_under_way(decision):
                groups[decision.stage].append(decision)
        return groups

    def is_under_way(self, decision: Decision) -> bool:
        """True while somebody still has to do something for it."""
        if self.is_open(decision):
            return True
        return (
            decision.stage is Stage.ALIGN
            and self.status(decision) in (Status.ACCEPTED, Status.REJECTED)
            and bool(conversation.unaligned(decision))
        )

    @cached_property
    def counts(self) -> dict[Stage, int]:
        """How many decisions each stage is at work on."""
        return {stage: len(group) for stage, group in self.under_way.items()}

    @cached_property
    def by_owner(self) -> dict[str, list[Decision]]:
        """Decisions by the role or handle that owns them, as first written: case is no matter."""
        written: dict[str, str] = {}
        groups: defaultdict[str, list[Decision]] = defaultdict(list)
        for decision in self.decisions:
            if owner := self.owner_of(decision):
                groups[written.setdefault(owner.casefold(), owner)].append(decision)
        return dict(sorted(groups.items()))

    def owner_of(self, decision: Decision) -> str:
        """The id of the role that owns a decision, or a handle; '' when nobody does.

        A person whose handle is a role's id too keeps the @.
        """
        role = self.library.owning(decision)
        if role is not None:
            return role.id
        is_both = self.library.role_called(decision.owner) is not None
        return f"@{decision.owner}" if is_both else decision.owner

    @cached_property
    def by_year(self) -> dict[int | None, list[Decision]]:
        """Decisions by the year they were decided or opened, newest first; None: not known."""
        groups: defaultdict[int | None, list[Decision]] = defaultdict(list)
        for decision in self.decisions:
            day = decision.filed
            groups[day.year if day else None].append(decision)
        return dict(sorted(groups.items(), key=lambda group: -(group[0] or 0)))

    @cached_property
    def by_tag(self) -> dict[str, tuple[str, list[Decision]]]:
        """Tag and decisions by the name of the tag's page.

        Tags that differ only in spaces, dashes or capitals share a page.
        """
        groups: dict[str, tuple[str, list[Decision]]] = {}
        for decision in self.decisions:
            for page, tag in {page_name_of_tag(t): t for t in reversed(decision.tags)}.items():
                groups.setdefault(page, (tag, []))[1].append(decision)
        return dict(sorted(groups.items()))

    @cached_property
    def handoffs_by_day(self) -> list[Handoff]:
        """Every handoff, newest first."""
        return sorted(
            self.library.handoffs,
            key=lambda h: (h.effective or date.min, h.role, h.id),
            reverse=True,
        )

    @cached_property
    def handoffs_of(self) -> dict[str, list[Handoff]]:
        """The handoffs of each role, newest first."""
        groups: defaultdict[str, list[Handoff]] = defaultdict(list)
        for handoff in self.handoffs_by_day:
            groups[handoff.role].append(handoff)
        return dict(groups)

    @cached_property
    def holders(self) -> Holders:
        """Who answers for what on a day."""
        return Holders(self.library)

    def answering(self, name: str) -> str:
        """Who answers today for a role, or is the person of that name; '' for a vacant role."""
        return self.holders.named(name, self.today)

    def answers_for(self, decision: Decision) -> str:
        """Who answers for a decision today; '' when nobody does."""
        return self.holders.of_decision(decision, self.today).who

    @cached_property
    def turns(self) -> Mapping[str, Turn]:
        """The state of each handoff, by path."""
        return self.holders.turns(self.today)

    @cached_property
    def metrics_of(self) -> dict[str, list[Metric]]:
        """The metrics of each role."""
        groups: defaultdict[str, list[Metric]] = defaultdict(list)
        for metric in self.library.metrics:
            groups[metric.role].append(metric)
        return dict(groups)

    @cached_property
    def findings_of(self) -> dict[str, list[Finding]]:
        """What is wrong with each file, by path."""
        groups: defaultdict[str, list[Finding]] = defaultdict(list)
        for one in findings_of(self.library, self.relations, self.today):
            groups[one.path].append(one)
        return dict(groups)

    @cached_property
    def effects(self) -> Mapping[str, tuple[Judged, ...]]:
        """What became of what each decision promised, by id; only those that promised something."""
        found = {
            d.id: effects_of(d, self.library.metric.get, self.today)
            for d in self.decisions
            if d.expects
        }
        return {one: judged for one, judged in found.items() if judged}

    def effect(self, decision: Decision) -> Effect | None:
        """The same in a word; None where nothing was promised."""
        return overall(self.effects.get(decision.id, ()))

    def is_due_for_a_look(self, decision: Decision) -> bool:
        """True for what is in force and missed what it promised, or can't show that it kept it.

        Somebody has looked once `revisit` names a later day, or a later decision answers it.
        """
        judged = self.effects.get(decision.id, ())
        failed = [one for one in judged if one.effect.is_for_a_look]
        days = [one.expectation.by for one in failed if one.expectation.by is not None]
        if not failed or self.status(decision) is not Status.ACCEPTED:
            return False
        last = max(days, default=date.min)
        if decision.revisit is not None and decision.revisit > last:
            return False
        later = (self.library.decision[one] for one, _ in self.answered_by(decision))
        return not any(one.opened is not None and one.opened >= last for one in later)

    def answered_by(self, decision: Decision) -> tuple[tuple[str, Precedent], ...]:
        """The later decisions that name it as a precedent."""
        return self.relations.answered_by.get(decision.id, ())

    @cached_property
    def due_for_a_look(self) -> list[Decision]:
        """Every such decision, the longest due first."""
        found = [d for d in self.decisions if d.id in self.effects and self.is_due_for_a_look(d)]
        found.sort(
            key=lambda d: (min(one.by or date.max for one in d.expects), d.title.casefold(), d.id)
        )
        return found

    @cached_property
    def expected_of(self) -> Mapping[str, list[tuple[Decision, Judged]]]:
        """For each metric the decisions that promised something of it, with what became of it."""
        found: dict[str, list[tuple[Decision, Judged]]] = defaultdict(list)
        for decision in self.decisions:
            for judged in self.effects.get(decision.id, ()):
                found[judged.expectation.metric].append((decision, judged))
        return found

    @cached_property
    def concerns(self) -> Mapping[str, Concerns]:
        """Whom and what each record concerns, by path."""
        return concerns_in(self.library)

    def linked_from(self, record: Record) -> list[Record]:
        """The records and pages whose text links to this one."""
        paths = self.relations.linked_from.get(record.path, ())
        return [self.library.by_path[path] for path in paths]

    # People.

    def name_of(self, handle: str) -> str:
        """What people.yml calls a person; '' when it doesn't."""
        person = self.library.people.get(handle.casefold())
        return person.name if person is not None else ""

    def has_left(self, handle: str) -> bool:
        """True when people.yml says that the person is no longer active."""
        return self.library.has_left(handle)

    def is_agent(self, handle: str) -> bool:
        """True when people.yml says that it is a program, and no person."""
        return self.library.is_agent(handle)

    def decision_title(self, decision: str) -> str:
        """The title of a decision, or its id where there is none of that id."""
        found = self.library.decision.get(decision)
        return found.title if found else decision

    def owner_title(self, owner: str) -> str:
        """The title of the role that owns a decision, or the person's handle."""
        role = self.library.role.get(owner)
        return role.title if role else f"@{owner.removeprefix('@')}"
