"""Where each record stands, and what it has to do with others, known only beside the others.

In come the cases of a run; they leave with where they stand, and with whom they are tied.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from onrecord.migration.importing.deciding import meaning
from onrecord.migration.importing.deciding.cases import Case, Options
from onrecord.migration.importing.deciding.meaning import OUTCOMES, ResolvedTie
from onrecord.migration.importing.reading.found import Relation
from onrecord.migration.importing.reading.registry import Registry
from onrecord.migration.importing.reading.statuses import (
    OldStatus,
    Reading,
    is_folder_of_ended,
    standing_of_folder,
)
from onrecord.records.model import Decision
from onrecord.records.vocabulary import Outcome as Decided


def decide(cases: list[Case], registry: Registry, options: Options) -> None:
    """Where each record stands, which is known of some only once their successors are."""
    by_place = {case.text.place: case for case in cases}
    for case in cases:
        case.reading = meaning.standing_of(
            case.found,
            _stood(case.present) or options.without_status,
            options.statuses,
            standing_of_folder(case.text.place),
        )
        if case.reading.standing is OldStatus.ACCEPTED and is_folder_of_ended(case.text.place):
            why = "the name of its folder says that it ended"
            case.reading = Reading(None, case.reading.fact, why)
        case.final = case.reading.standing
        for tie in case.found.ties:
            text, why = registry.meant(tie.names, case.text)
            if text is case.text:
                text, why = None, "it names itself"
            case.links.append(ResolvedTie(tie, by_place[text.place].id if text else "", why))
    by_id = {case.id: case for case in cases}
    replacing: defaultdict[str, list[str]] = defaultdict(list)
    for case in cases:
        for link in case.links:
            # A record that is replaced in part is still in force in the rest.
            if link.tie.relation is Relation.SUPERSEDES and link.id and not link.tie.is_partial:
                replacing[link.id].append(case.id)
    for case in cases:
        own = [x for x in case.links if x.tie.relation is Relation.SUPERSEDED_BY]
        named = [x.id for x in own if x.id and not x.tie.is_partial]
        others = [one for one in replacing[case.id] if one not in named]
        if case.final is OldStatus.OPEN and any(
            not x.tie.is_partial and x.tie.line not in _seen(case) for x in own
        ):
            # Nobody supersedes what was never decided: one of the two was not kept up, and only a
            # person knows which.
            case.final, case.why = None, "it says that it is open, and that another superseded it"
        elif case.final is OldStatus.SUPERSEDED or (case.final is OldStatus.ACCEPTED and named):
            case.final, case.why = _superseded(case, [*named, *others], by_id)
        elif case.final is OldStatus.ACCEPTED and any(
            not x.id and not x.tie.is_partial and x.tie.line not in _seen(case) for x in own
        ):
            case.final, case.why = None, "it says that it is superseded, by none that is found here"
        # The successor's word is enough: in most folders only the newer record was touched.
        elif case.final is OldStatus.ACCEPTED and _is_in_force(others, by_id):
            case.final, case.why = OldStatus.SUPERSEDED, f"{others[0]} supersedes it"


def _stood(present: Decision | None) -> OldStatus | None:
    """Where a record stands that was settled by an option, should its file still say nothing."""
    if present is None or present.outcome is None:
        return None
    return next(s for s, outcome in OUTCOMES.items() if outcome is present.outcome)


def _seen(case: Case) -> frozenset[int]:
    """The lines on which others are told about, which aren't about the record itself."""
    return frozenset(tie.line for tie in case.found.mentions)


def _is_in_force(ids: list[str], by_id: Mapping[str, Case]) -> bool:
    closed = (OldStatus.ACCEPTED, OldStatus.SUPERSEDED)
    return any(by_id[one].reading.standing in closed for one in ids)


def _superseded(
    case: Case, by: list[str], by_id: Mapping[str, Case]
) -> tuple[OldStatus | None, str]:
    """Superseded only by a record in force; by none, it would look as if in force itself."""
    if not by:
        return None, "it doesn't say by which record, or none has that name"
    newer = by_id[by[0]]
    # A record that is here and isn't written by this run can't be given a line.
    if newer.present is not None and newer.is_kept:
        if case.id in newer.present.supersedes and newer.present.outcome is Decided.ACCEPTED:
            return OldStatus.SUPERSEDED, ""
        return None, f"{newer.path} is here already: write `supersedes: [{case.id}]` there"
    if newer.reading.standing not in (OldStatus.ACCEPTED, OldStatus.SUPERSEDED):
        return None, f"its successor {newer.id} isn't accepted itself"
    return OldStatus.SUPERSEDED, ""


def tie(cases: list[Case]) -> None:
    """What each supersedes and is related to, from the words of both sides."""
    by_id = {case.id: case for case in cases}
    for case in cases:
        for link in case.links:
            if not link.id or link.id == case.id:
                continue
            if link.tie.relation is Relation.RELATED or link.tie.is_partial:
                case.related.append(link.id)
            elif link.tie.relation is Relation.SUPERSEDES:
                case.supersedes.append(link.id)
            else:
                # We write `supersedes` on the newer side alone, so what the older one says is
                # written there.
                by_id[link.id].supersedes.append(case.id)
