"""The project keeps the rules it gives to others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from onrecord.lifecycle.relations import relate
from onrecord.lifecycle.stages import lacks
from onrecord.records.model import Decision
from onrecord.records.reading import read_library
from onrecord.records.shapes import ROLE
from onrecord.records.vocabulary import STAGES, Outcome, Stage, Status

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = read_library(ROOT)


def test_there_is_nothing_to_find() -> None:
    assert [*LIBRARY.findings, *relate(LIBRARY).findings] == []


def test_decisions_stand_in_every_stage_and_every_status() -> None:
    assert {d.stage for d in LIBRARY.decisions} == set(Stage)
    # Nothing of ours came in by an import that left its status open, or was retired.
    ours = set(Status) - {Status.UNSETTLED, Status.RETIRED}
    assert set(relate(LIBRARY).status.values()) == ours


@pytest.mark.parametrize("decision", LIBRARY.decisions, ids=lambda d: d.id)
def test_a_decision_has_met_the_gates_it_has_passed(decision: Decision) -> None:
    assert decision.stage is not None
    passed = [stage for stage in STAGES if stage.number < decision.stage.number]
    if decision.outcome is Outcome.REJECTED:
        passed.append(decision.stage)
    # A day on which a silence noted in time counts.
    late = date(2100, 1, 1)
    missing = {s: lacks(replace(decision, stage=s), late) for s in passed}
    assert {stage: lack for stage, lack in missing.items() if lack} == {}
    assert [stage for stage, _ in decision.entered] == [*STAGES[: decision.stage.number]]


def test_roles_have_every_section_written() -> None:
    for role in LIBRARY.roles:
        for title, _ in ROLE.sections:
            section = role.body.section(title)
            assert section is not None, f"{role.path}: {title}"
            assert section.is_written, f"{role.path}: {title}"


def test_metrics_have_values() -> None:
    assert [m.path for m in LIBRARY.metrics if not m.values] == []
