"""What the reference says of machine output is what the product writes."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest
from machine_output import conforms

from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.records.findings import CODES, finding
from onrecord.site.machine.records_json import records_json

ROOT = Path(__file__).resolve().parents[2]
MALFORMED = """---
title: [no, text]
stage: nowhere
due: 2026-02-30
entered: {assess: 2026-11-16, review: soon}
precedents: [{record: short}, {verdict: maybe}, nothing]
---
"""


def published(root: Path) -> Any:
    base = KnowledgeBase.open(root, date(2026, 11, 22), searches=False)
    addresses = {record.path: record.path for record in base.library.records}
    return json.loads(records_json(base.roster, addresses))


@pytest.fixture(scope="module")
def own() -> Any:
    return published(ROOT)


def test_the_schema_fits_every_finding() -> None:
    conforms("check")(
        [json.loads(json.dumps(asdict(finding("a.md", code, "x", "y")))) for code in CODES]
    )


@pytest.mark.parametrize("change", [{"code": "made-up"}, {"line": 0}, {"more": 1}, {"path": None}])
def test_the_schema_refuses_what_is_no_finding(change: dict[str, object]) -> None:
    right = asdict(finding("a.md", "key-missing", "what", "how"))
    with pytest.raises(fastjsonschema.JsonSchemaException):
        conforms("check")([{**right, **change}])


def test_the_schema_fits_the_records_of_this_project(own: Any) -> None:
    assert {r["kind"] for r in own["records"]} == {"decision", "role", "handoff", "metric"}
    conforms("records")(own)


def test_the_schema_fits_a_record_full_of_faults(tmp_path: Path) -> None:
    for path in ("decisions/a.md", "playbooks/r/index.md", "playbooks/r/handoffs/h.md"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(MALFORMED, encoding="utf-8")
    found = published(tmp_path)
    assert len(found["records"]) == 3
    conforms("records")(found)


def test_the_schema_refuses_a_status_nobody_knows(own: Any) -> None:
    wrong = {**own["records"][0], "status": "proposed"}
    with pytest.raises(fastjsonschema.JsonSchemaException):
        conforms("records")({**own, "records": [wrong]})
