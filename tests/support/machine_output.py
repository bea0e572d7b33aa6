"""What programs are given: the JSON Schemas, and the tables of docs/reference/machine-output.md.

All of it follows from the types in the package. The page says the rest in its own words, and has a
place for each table.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import fastjsonschema
from json_schema import Maker

from onrecord.cli.advance import AdvanceJson
from onrecord.cli.agenda import AgendaJson, AttendeeJson, PointJson
from onrecord.cli.before import ChangedJson
from onrecord.cli.changes import ChangeJson
from onrecord.cli.codeowners import OwnedJson
from onrecord.cli.collect import CollectedJson
from onrecord.cli.export import ExportJson
from onrecord.cli.find import FoundJson
from onrecord.cli.governs import GovernedJson, GoverningJson
from onrecord.cli.printed import AnswerJson, EarlierJson
from onrecord.cli.roles import InboxJson, WaitingJson
from onrecord.cli.show import (
    ShownDecisionJson,
    ShownHandoffJson,
    ShownJson,
    ShownMetricJson,
    ShownRoleJson,
)
from onrecord.cli.status import BranchJson, GateJson, PassingJson
from onrecord.cli.written import WrittenJson
from onrecord.drafting.agenda import Unresolved
from onrecord.lifecycle.readiness import Level
from onrecord.lifecycle.stages import Lack
from onrecord.migration.importing.report import FileJson, NoteJson, ReportJson
from onrecord.overview.telling import Told
from onrecord.records.findings import CODES, Finding
from onrecord.records.shapes import SHAPES
from onrecord.records.vocabulary import Kind
from onrecord.search.find import KINDS
from onrecord.site.machine import brief_keys, records_keys
from onrecord.site.machine.records_keys import (
    DecisionJson,
    DutyJson,
    HandoffJson,
    MetricJson,
    RecordJson,
    RecordsJson,
    RoleJson,
    VoiceJson,
)

PAGE = Path(__file__).parents[2] / "docs/reference/machine-output.md"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
PLACE = re.compile(r"(?m)(?<=^<!-- made of )(\w+)( -->\n)[^<]*(?=^<!-- until here -->)")

WRITTEN: Mapping[Kind, type] = {
    Kind.DECISION: DecisionJson,
    Kind.ROLE: RoleJson,
    Kind.HANDOFF: HandoffJson,
    Kind.METRIC: MetricJson,
}
"""The type of each kind of record in records.json."""
SHOWN: Mapping[Kind, type] = {
    Kind.DECISION: ShownDecisionJson,
    Kind.ROLE: ShownRoleJson,
    Kind.HANDOFF: ShownHandoffJson,
    Kind.METRIC: ShownMetricJson,
}
"""The same with its text."""
_LEVELS = tuple(level.word for level in Level)
WORDS = {
    ("FoundJson", "kind"): KINDS,
    ("Finding", "code"): CODES,
    ("RoleJson", "readiness"): _LEVELS,
    ("ShownRoleJson", "readiness"): _LEVELS,
    ("Brief", "readiness"): _LEVELS,
}
MEANINGS = {
    (kind.__name__, key.name): key.meaning
    for of, kind in (*WRITTEN.items(), *SHOWN.items())
    for key in SHAPES[of].keys
} | {
    ("VoiceJson", "from"): "Who says it; null where nobody is named.",
    ("PassingJson", "turn"): "Whose turn it is; derived.",
    ("PassingJson", "missing"): "What it needs to be accepted.",
    ("PassingJson", "open_loops"): "How many loops are open.",
}
"""What keys mean that are written by people, or that no class can hold, such as `from`."""


@dataclass(frozen=True)
class Output:
    """One thing that a program may read."""

    title: str
    description: str
    kind: Any
    closed: bool = True


OUTPUTS = {
    "advance": Output(
        "What onrecord advance --json prints",
        "What the command did, or what it lacks.",
        AdvanceJson,
    ),
    "agenda": Output(
        "What onrecord agenda --json prints", "What a meeting has to settle.", AgendaJson
    ),
    "before": Output(
        "What onrecord before --json prints",
        "Earlier decisions, nearest first. Empty when a record has nothing close.",
        list[EarlierJson],
    ),
    "before-changed": Output(
        "What onrecord before --changed BASE --json prints",
        "The decisions that a branch changes.",
        list[ChangedJson],
    ),
    "brief": Output(
        "What onrecord brief --json prints",
        "A role as of a day, in at most 4,000 tokens.",
        brief_keys.Brief,
    ),
    "changes": Output(
        "What onrecord changes --json prints", "What changed, newest first.", list[ChangeJson]
    ),
    "check": Output(
        "What onrecord check --json prints",
        "All findings, by path, line and column. Empty when all is well.",
        list[Finding],
    ),
    "codeowners": Output(
        "What onrecord codeowners --json prints",
        "What the roles own, by path: their folders, then open decisions.",
        list[OwnedJson],
    ),
    "collect": Output(
        "What onrecord collect --json prints",
        "One object for each metric that has `collect`.",
        list[CollectedJson],
    ),
    "export": Output("What onrecord export --json prints", "What was written.", ExportJson),
    "find": Output(
        "What onrecord find --json prints",
        "The records found, in the order asked for. Empty when nothing is found.",
        list[FoundJson],
    ),
    "governs": Output(
        "What onrecord governs --json prints",
        "Each path with the decisions in force that apply to it.",
        list[GovernedJson],
    ),
    "import": Output(
        "What onrecord import --json prints", "The whole report, also on a dry run.", ReportJson
    ),
    "records": Output(
        "records.json of a site built with OnRecord",
        "Every record with what it says and what follows from it. More keys may come.",
        RecordsJson,
        closed=False,
    ),
    "show": Output(
        "What onrecord show --json prints",
        "A record as records.json has it, and all that its page tells.",
        ShownJson,
    ),
    "status": Output(
        "What onrecord status --json prints", "What a branch adds or changes.", BranchJson
    ),
    "tell": Output("What onrecord tell --json prints", "What would be told.", list[Told]),
    "written": Output(
        "What a command prints with --json that makes or changes files",
        "The paths that were written.",
        WrittenJson,
    ),
    "waiting": Output(
        "What onrecord waiting --json prints", "What waits for one person.", InboxJson
    ),
}

TABLES: Mapping[str, tuple[type, type | None]] = {
    kind.__name__: (kind, besides)
    for kind, besides in (
        *((kind, RecordJson) for kind in WRITTEN.values()),
        *((kind, None) for kind in (AdvanceJson, AnswerJson, BranchJson, ChangedJson, ChangeJson)),
        *((kind, None) for kind in (AgendaJson, AttendeeJson, PointJson, Unresolved)),
        (CollectedJson, None),
        (WrittenJson, None),
        *((kind, None) for kind in (DutyJson, EarlierJson, ExportJson, FileJson, Finding)),
        *((kind, None) for kind in (FoundJson, GateJson, InboxJson, Lack, NoteJson, PassingJson)),
        *((kind, None) for kind in (RecordJson, RecordsJson, ReportJson, Told, VoiceJson)),
        *((kind, None) for kind in (brief_keys.Brief, brief_keys.BriefDecision)),
        *((kind, None) for kind in (brief_keys.BriefLoop, brief_keys.BriefNumber)),
        *((kind, None) for kind in (brief_keys.BriefHandoff, brief_keys.BriefPerson)),
        *((kind, None) for kind in (GovernedJson, GoverningJson, OwnedJson)),
        *((kind, None) for kind in (WaitingJson, records_keys.AskedJson, records_keys.PersonJson)),
    )
}


def schema(name: str) -> str:
    """The JSON Schema of an output, as the file in docs/reference has it."""
    output = OUTPUTS[name]
    maker = Maker(WORDS, MEANINGS, output.closed)
    made = {
        "$schema": DIALECT,
        "title": output.title,
        **maker.schema_of(output.kind),
        "description": output.description,
    }
    if maker.definitions:
        made["$defs"] = maker.definitions
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


@cache
def conforms(name: str) -> Callable[[Any], Any]:
    """A check of what is printed, which raises where a schema doesn't allow it."""
    check: Callable[[Any], Any] = fastjsonschema.compile(json.loads(schema(name)))
    return check


def machine_output() -> str:
    """The page, with the tables of today."""
    return PLACE.sub(
        lambda place: f"{place[1]}{place[2]}\n{_table(place[1])}\n\n",
        PAGE.read_text(encoding="utf-8"),
    )


def _table(name: str) -> str:
    kind, besides = TABLES[name]
    rows = [("Key", "Value", "Meaning"), ("---", "---", "---")]
    rows += Maker(WORDS, MEANINGS).rows(kind, besides)
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
