"""A branch as a request to the team: what it changes on record, and what is missing.

In come the library, its precedents, the day and the paths a branch changes; out come the findings
of those files, where each decision and handoff stands, and which pages to look at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from onrecord.forges.governing import Governed
from onrecord.lifecycle.handoffs import Holders, Turn
from onrecord.lifecycle.relations import Relations
from onrecord.lifecycle.stages import Lack, has_problem, lacks
from onrecord.records.findings import Finding
from onrecord.records.library import Library
from onrecord.records.model import Decision, Handoff, Record
from onrecord.records.vocabulary import Stage, Status

if TYPE_CHECKING:  # numpy takes longer to load than most commands run
    from onrecord.precedents.before import Before, Earlier


class Gate(NamedTuple):
    """Where a changed decision stands, and what is missing before it can leave its stage.

    `was` is the stage it had where the branch began: None for a new decision.
    """

    decision: Decision
    status: Status
    was: Stage | None
    is_new: bool
    missing: tuple[Lack, ...]
    earlier: tuple[Earlier, ...]
    to_answer: tuple[Earlier, ...] = ()
    """Of these, what it must answer before it leaves assess."""

    @property
    def skipped(self) -> tuple[Stage, ...]:
        """The stages between the one it had and the one it has, which the branch passes over."""
        now = self.decision.stage
        if self.was is None or now is None:
            return ()
        return tuple(stage for stage in Stage if self.was.number < stage.number < now.number)

    @property
    def is_over(self) -> bool:
        """True when nothing is left to do."""
        return self.decision.outcome is not None and (
            self.decision.stage is not Stage.ALIGN or not self.missing
        )


class Passing(NamedTuple):
    """A changed handoff: whose turn it is, and what it still needs to count."""

    handoff: Handoff
    role_title: str
    turn: Turn
    missing: tuple[str, ...]
    open_loops: int


class Branch(NamedTuple):
    """What a branch changes on record. `elsewhere` counts findings in files it doesn't change."""

    paths: tuple[str, ...]
    findings: tuple[Finding, ...]
    elsewhere: int
    gates: tuple[Gate, ...]
    handoffs: tuple[Passing, ...]
    pages: tuple[Record, ...]
    governed: tuple[Governed, ...] = ()
    """The changed files that decisions in force apply to."""


def branch_of(
    library: Library,
    relations: Relations,
    memory: Callable[[], Before],
    findings: Sequence[Finding],
    paths: Sequence[str],
    were: Mapping[str, Stage | None],
    today: date,
    governed: tuple[Governed, ...] = (),
) -> Branch:
    """What the files at `paths` say.

    `memory` is asked for once a decision is among them. `findings` are those of the whole base;
    `were` holds the stage that each earlier decision had; `governed` are the files that decisions
    in force apply to.
    """
    changed = frozenset(paths)
    here = tuple(finding for finding in findings if finding.path in changed)
    return Branch(
        paths=tuple(sorted(changed)),
        findings=here,
        elsewhere=len(findings) - len(here),
        gates=tuple(
            _gate(decision, relations, memory(), were, today)
            for decision in library.decision.values()
            if _is_changed(decision, changed)
        ),
        handoffs=tuple(_handoffs(library, changed, today)),
        pages=tuple(r for r in (*library.records, *library.pages) if r.path in changed),
        governed=governed,
    )


def _gate(
    decision: Decision,
    relations: Relations,
    memory: Before,
    were: Mapping[str, Stage | None],
    today: date,
) -> Gate:
    to_answer = memory.to_answer(decision) if has_problem(decision) else ()
    status = relations.status.get(decision.id, Status.OPEN)
    # A title and the guidance of a template resemble much that has nothing to do with it.
    problem = decision.body.section("Problem")
    is_begun = problem is None or problem.is_written
    # A rejected decision is over wherever it stands; an accepted one is still aligned on.
    over = decision.outcome is not None and decision.stage is not Stage.ALIGN
    return Gate(
        decision=decision,
        status=status,
        was=were.get(decision.path),
        is_new=decision.path not in were,
        missing=() if over else lacks(decision, today, [one.decision for one in to_answer]),
        earlier=memory.shown_with(decision) if decision.precedents or is_begun else (),
        to_answer=to_answer,
    )


def _is_changed(record: Decision | Handoff, changed: frozenset[str]) -> bool:
    """True where its own file is, or one that replies to it."""
    return record.path in changed or any(reply.path in changed for reply in record.replies)


def _handoffs(library: Library, changed: frozenset[str], today: date) -> Iterable[Passing]:
    turns = Holders(library).turns(today)
    for handoff in library.handoffs:
        if not _is_changed(handoff, changed):
            continue
        role = library.role.get(handoff.role)
        loops = handoff.body.section("Open loops")
        yield Passing(
            handoff=handoff,
            role_title=role.title if role else handoff.role,
            turn=turns[handoff.path],
            missing=tuple(_unaccepted(handoff)),
            open_loops=sum(not task.done for task in loops.tasks) if loops else 0,
        )


def _unaccepted(handoff: Handoff) -> Iterable[str]:
    if handoff.is_accepted:
        return
    if not handoff.read_back:
        yield "the receiver's own words under “Read-back”"
    if handoff.accepted_on is None:
        yield "the day, as `accepted_on`"
