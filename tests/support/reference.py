"""The reference pages that follow from the code: front matter, findings, and JSON Schemas.

In come the vocabulary and the findings' codes; out come Markdown and JSON Schemas as text. The
repository holds their output in `docs/reference/`, and a test compares the two.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from onrecord.lifecycle.conversation import VoiceState
from onrecord.lifecycle.handoffs import Turn
from onrecord.lifecycle.readiness import Level
from onrecord.precedents.before import Closeness
from onrecord.records.findings import CODES, Severity
from onrecord.records.vocabulary import (
    PEOPLE_FILE,
    PERSON_KEYS,
    PRECEDENT_KEYS,
    SERIES_COLUMNS,
    SHAPES,
    SILENCE,
    STAGES,
    STATUS_MEANINGS,
    UNSETTLED_KEYS,
    VERDICT_MEANINGS,
    Ask,
    Change,
    Form,
    Key,
    Kind,
    Outcome,
    Says,
    Shape,
    Status,
    Verdict,
)
from onrecord.search.find import KINDS

GENERATED = "<!-- Generated from the code by tests/docs/generate.py. Change it there. -->"

_KIND_TITLES: Mapping[Kind, str] = {
    Kind.DECISION: "Decision",
    Kind.ROLE: "Role",
    Kind.HANDOFF: "Handoff",
    Kind.METRIC: "Metric",
    Kind.REPLY: "Reply",
}

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Mapping[str, Any] = {"type": "string"}
_MAYBE_TEXT: Mapping[str, Any] = {"type": ["string", "null"]}
_TEXTS: dict[str, Any] = {"type": "array", "items": _TEXT}
_DAY: Mapping[str, Any] = {"type": "string", "format": "date"}
_MAYBE_DAY: Mapping[str, Any] = {"type": ["string", "null"], "format": "date"}
_DERIVED: Mapping[Kind, Mapping[str, Any]] = {
    Kind.DECISION: {
        "status": {"enum": [*Status], "description": "Derived, never written."},
        "superseded_by": {**_TEXTS, "description": "Derived from others' `supersedes`."},
        "answers": {
            **_MAYBE_TEXT,
            "description": "Who answers for it on the day: a handle, or null when nobody does.",
        },
        "under_way": {
            "type": "boolean",
            "description": "Somebody has still to act: it is open, or not everyone is aligned.",
        },
        "filed": {**_MAYBE_DAY, "description": "The day it is filed under: decided, or opened."},
        "due_now": {**_MAYBE_DAY, "description": "`due`, where it still counts."},
        "waits_for": {**_TEXTS, "description": "Who must act next."},
        "missing": {**_TEXTS, "description": "What it misses before it moves on, in words."},
        "conversation": {
            "type": "array",
            "items": {"$ref": "#/$defs/voice"},
            "description": "What people said of it, oldest first, then who has acknowledged it.",
        },
    },
    Kind.ROLE: {
        "answers": {
            **_MAYBE_TEXT,
            "description": "Who answers for it on the day: a handle, or null when it is vacant.",
        },
        "duties": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"text": _TEXT, "answers": _MAYBE_TEXT, "next": _MAYBE_DAY},
                "required": ["text", "answers", "next"],
            },
            "description": "Its duties, who answers for each, and the next day of its rhythm.",
        },
        "readiness": {
            "enum": [level.word for level in Level],
            "description": "How ready it is to be taken over.",
        },
    },
    Kind.HANDOFF: {
        "role": {**_TEXT, "description": "The folder above `handoffs/`."},
        "covers": {
            "type": ["array", "null"],
            "items": _TEXT,
            "description": "Duties by their words and decisions by id; null is the whole role.",
        },
        "status": {"enum": [*Turn], "description": "Derived, never written."},
    },
    Kind.METRIC: {
        "role": {**_TEXT, "description": "The folder above `metrics/`."},
        "values": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"date": _DAY, "value": {"type": "number"}, "note": _TEXT},
                "required": list(SERIES_COLUMNS),
            },
        },
    },
}
"""What records.json says beside the keys that people write."""


def front_matter() -> str:
    """The page on front matter and sections: every kind of record with its keys."""
    parts = [
        "# Front matter and sections",
        GENERATED,
        "A record is a Markdown file that begins with *front matter*: a line `---`, keys with "
        "values, and a line `---`. Below it stands prose under `##` headings. A key or word "
        "that isn't listed here is a finding, with the nearest one that is.",
        "The id of a record is the name of its file without `.md` (for a role: of its folder). "
        'A *handle* is a person\'s name on the forge, written `ana` or `"@ana"`. A date is '
        "written `YYYY-MM-DD`. A text that holds a colon followed by a space, or that begins "
        "with `@`, needs quotes.",
    ]
    for shape in SHAPES.values():
        parts += _shape(shape)
    parts += [
        "## People",
        f"`{PEOPLE_FILE}` is optional. Where it is there, a person whom it doesn't name is a "
        "finding. Under each handle may stand:",
        _keys(PERSON_KEYS),
        _yaml(["alice:", *(_indented(key.example) for key in PERSON_KEYS)]),
        "## Words",
        "### Stages",
        _table(
            ("`stage`", "What happens", "It moves on when"),
            ((f"`{s}`", s.meaning.what, _sentence(s.meaning.moves_on)) for s in STAGES),
        ),
        "Somebody who was consulted and doesn't answer may be noted once `due` has passed: "
        f"`- [x] @carol: {SILENCE} by 2026-10-05`.",
        "### Outcomes",
        _table(
            ("`outcome`", "Possible from"),
            ((f"`{outcome}`", f"`{outcome.earliest}` on") for outcome in Outcome),
        ),
        "### Status",
        "Never written, always derived from `outcome` and from what others say in `supersedes`.",
        _table(
            ("Status", "Meaning"),
            ((str(status), meaning) for status, meaning in STATUS_MEANINGS.items()),
        ),
        "### Verdicts on a precedent",
        _table(
            ("`verdict`", "Meaning"),
            ((f"`{verdict}`", _sentence(said)) for verdict, said in VERDICT_MEANINGS.items()),
        ),
    ]
    return "\n\n".join(parts) + "\n"


def findings() -> str:
    """The page on what `onrecord check` can say: every code, errors first."""
    parts = [
        "# Findings",
        GENERATED,
        "What `onrecord check` can say. Each finding names the file, line and column, says what "
        "is wrong, and shows the right form. Errors and warnings both make the exit status 1. "
        "How to work through a list of them is in "
        "[Read what check says](../how-to/read-what-check-says.md).",
    ]
    for severity, title, what in (
        (Severity.ERROR, "Errors", "Something can't be read or followed."),
        (Severity.WARNING, "Warnings", "Something contradicts itself or will surprise a reader."),
    ):
        rows = ((f"`{code}`", said) for code, (its, said) in CODES.items() if its is severity)
        parts += [f"## {title}", what, _table(("Code", "What it means"), rows)]
    return "\n\n".join(parts) + "\n"


def check_schema() -> str:
    """The JSON Schema of `onrecord check --json`."""
    properties = {
        "path": {
            "type": "string",
            "description": "The file, relative to the knowledge base, with forward slashes.",
        },
        "line": {"type": "integer", "minimum": 1},
        "column": {"type": "integer", "minimum": 1},
        "code": {"enum": list(CODES), "description": "What kind of fault it is."},
        "severity": {"enum": [severity.value for severity in Severity]},
        "message": {"type": "string", "description": "What is wrong."},
        "hint": {"type": "string", "description": "The right form, or what to do."},
    }
    return _schema(
        "Findings of onrecord check --json",
        "All findings of a run, by path, line and column. Empty when all is well.",
        _list(properties),
    )


def waiting_schema() -> str:
    """The JSON Schema of `onrecord waiting --json`."""
    item = {
        "ask": {"enum": [ask.value for ask in Ask], "description": "What is asked for."},
        "title": {"type": "string"},
        "what": {"type": "string", "description": "What to do, in words."},
        "path": {"type": "string", "description": "The record's file."},
        "due": {**_MAYBE_DAY, "description": "The day it is due."},
        "since": {**_MAYBE_DAY, "description": "The day it began to wait."},
        "role": {"type": ["string", "null"], "description": "The id of the role it belongs to."},
        "overdue": {"type": "boolean"},
    }
    ids = {"type": "array", "items": {"type": "string"}}
    properties = {
        "person": {"type": "string", "description": "The handle."},
        "waiting": _list(item),
        "holds": {**ids, "description": "Roles the person answers for."},
        "lends": {**ids, "description": "Roles that somebody covers for the person."},
        "backs_up": {**ids, "description": "Roles the person could cover."},
    }
    return _schema(
        "What onrecord waiting --json prints",
        "What waits for one person, overdue and oldest first.",
        _object(properties),
    )


def changes_schema() -> str:
    """The JSON Schema of `onrecord changes --json`."""
    properties = {
        "day": {
            "type": ["string", "null"],
            "format": "date",
            "description": "The day of it; null when only the two ends of the time are known.",
        },
        "kind": {"enum": [*Change], "description": "What kind of change it is."},
        "title": {"type": "string", "description": "The record's, or its role's."},
        "said": {"type": "string", "description": "What changed, in words."},
        "path": {"type": "string", "description": "The record's file."},
    }
    schema = {
        "$schema": _DIALECT,
        "title": "What onrecord changes --json prints",
        "description": "What changed, newest first.",
        "type": "array",
        "items": {**_object(properties), "additionalProperties": False},
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def before_schema() -> str:
    """The JSON Schema of `onrecord before --json`."""
    properties = {
        "id": {"type": "string"},
        "title": {"type": "string"},
        "url": {"type": "string", "description": "Its page, relative to the site's root."},
        "status": {"enum": [*Status], "description": "What became of it; derived."},
        "stage": {"enum": [*STAGES, None]},
        "score": {
            "type": ["number", "null"],
            "minimum": 0,
            "maximum": 1,
            "description": "How surely it is worth reading; null when only its author named it.",
        },
        "closeness": {
            "enum": [*Closeness],
            "description": "How near it is, in a word; nearest where nothing is close.",
        },
        "why": {"type": "string", "description": "What of it matches, or what the two share."},
    }
    answer = {
        **_object({"verdict": {"enum": [*Verdict]}, "why": _TEXT}),
        "type": ["object", "null"],
        "description": "What the decision asked about says of it; only where it was one.",
    }
    listed = _list(properties)
    listed["items"]["properties"] = {**properties, "answer": answer}
    return _schema(
        "Earlier decisions of onrecord before --json",
        "Nearest first. Empty when a record has nothing close, or a question no word on record.",
        listed,
    )


def find_schema() -> str:
    """The JSON Schema of `onrecord find --json`."""
    span = {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2}
    properties = {
        "id": _TEXT,
        "kind": {"enum": [*KINDS]},
        "title": _TEXT,
        "path": {**_TEXT, "description": "The record's file."},
        "line": {"type": "integer", "minimum": 1, "description": "Where the passage begins."},
        "url": {**_TEXT, "description": "Its page, relative to the site's root."},
        "status": {"enum": [*Status, None], "description": "Of a decision, derived."},
        "stage": {"enum": [*STAGES, None]},
        "owner": _MAYBE_TEXT,
        "role": {**_MAYBE_TEXT, "description": "The id of the role it belongs to."},
        "date": {**_MAYBE_DAY, "description": "Decided, opened or effective."},
        "tags": _TEXTS,
        "superseded_by": {**_TEXTS, "description": "Ids of the decisions that replaced it."},
        "section": {**_MAYBE_TEXT, "description": "The heading above the passage."},
        "passage": {**_TEXT, "description": "The sentence that holds most of the words."},
        "marks": {"type": "array", "items": {**span, "maxItems": 2}},
        "score": {"type": "number", "minimum": 0, "description": "Compares these hits alone."},
    }
    return _schema(
        "What onrecord find --json prints",
        "The records found, in the order asked for. Empty when nothing is found.",
        _list(properties),
    )


def status_schema() -> str:
    """The JSON Schema of `onrecord status --json`."""
    texts = {"type": "array", "items": {"type": "string"}}
    lack = {
        "text": {"type": "string", "description": "What is missing, in words."},
        "who": {**texts, "description": "Who must act."},
        "line": {"type": ["integer", "null"], "description": "Where it belongs, if known."},
        "example": {"type": "string", "description": "A line to write; may be empty."},
    }
    record = {"id": {"type": "string"}, "path": {"type": "string"}}
    decision = {
        **record,
        "title": {"type": "string"},
        "status": {"enum": [*Status], "description": "Derived, never written."},
        "stage": {"enum": [*STAGES, None]},
        "was": {"enum": [*STAGES, None], "description": "Its stage where the branch began."},
        "skipped": {**texts, "description": "Stages the branch passes over."},
        "missing": {"type": "array", "items": _object(lack)},
        "before": {"type": "array", "items": json.loads(before_schema())["items"]},
    }
    handoff = {
        **record,
        "role": {"type": "string"},
        "from": {"type": "string"},
        "to": {"type": "string"},
        "turn": {"enum": [*Turn], "description": "Where it stands; derived."},
        "missing": {**texts, "description": "What it needs to be accepted."},
        "open_loops": {"type": "integer", "minimum": 0},
    }
    properties = {
        "files": {**texts, "description": "Every file the branch adds or changes."},
        "findings": {"type": "array", "items": json.loads(check_schema())["items"]},
        "findings_elsewhere": {"type": "integer", "description": "Their number, in other files."},
        "decisions": {"type": "array", "items": _object(decision)},
        "handoffs": {"type": "array", "items": _object(handoff)},
    }
    schema = {
        "$schema": _DIALECT,
        "title": "What onrecord status --json prints",
        "description": "How what a branch changes stands on record.",
        **_object(properties),
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def records_schema() -> str:
    """The JSON Schema of the site's `records.json`. Further keys may be added to it later."""
    asked = {
        "person": _TEXT,
        "ask": {"enum": [*Ask]},
        "title": _TEXT,
        "what": _TEXT,
        "path": _TEXT,
        "role": _MAYBE_TEXT,
        "due": dict(_MAYBE_DAY),
        "since": dict(_MAYBE_DAY),
    }
    properties = {
        "version": {"const": 1},
        "as_of": {**_DAY, "description": "The day of the build."},
        "records": {
            "type": "array",
            "items": {"oneOf": [_record(SHAPES[kind]) for kind in _DERIVED]},
        },
        "recurring": {
            "type": "array",
            "items": _TEXTS,
            "description": "Decisions about one problem, by id, oldest first.",
        },
        "waiting": {
            "type": "array",
            "items": _object(asked),
            "description": "What waits for whom: by person, the most urgent first.",
        },
        "people": {
            "type": "array",
            "items": _object({"handle": _TEXT, "name": _MAYBE_TEXT, "active": {"type": "boolean"}}),
            "description": "Those of people.yml.",
        },
    }
    return _schema(
        "records.json of a site built with OnRecord",
        "Every record with what it says and what follows from it.",
        {**_object(properties), "$defs": {"voice": _voice()}},
    )


def _voice() -> dict[str, Any]:
    """What one person said of a decision."""
    return _object(
        {
            "key": {**_TEXT, "description": "Unique in its conversation; a reply's id."},
            "from": {**_MAYBE_TEXT, "description": "A handle; null where nobody is named."},
            "says": {"enum": [*Says]},
            "state": {"enum": [*VoiceState]},
            "text": {**_TEXT, "description": "Markdown."},
            "day": dict(_MAYBE_DAY),
            "was_asked": {"type": "boolean", "description": "Consulted, or informed."},
            "path": {**_TEXT, "description": "The file it is written in."},
            "line": {"type": "integer", "minimum": 1},
            "answers": {"type": "array", "items": {"$ref": "#/$defs/voice"}},
        }
    )


def _schema(title: str, description: str, what: Mapping[str, Any]) -> str:
    schema = {"$schema": _DIALECT, "title": title, "description": description, **what}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _list(properties: Mapping[str, Any]) -> dict[str, Any]:
    """A list of objects with these keys and no other."""
    return {"type": "array", "items": {**_object(properties), "additionalProperties": False}}


def _record(shape: Shape) -> dict[str, Any]:
    properties = {
        "id": _TEXT,
        "kind": {"const": shape.kind.value},
        "path": {**_TEXT, "description": "The file in the repository."},
        "url": {**_TEXT, "description": "The page, relative to the site's root."},
        "markdown": {**_MAYBE_TEXT, "description": "Its own file beside the page."},
        "title": {**_TEXT, "description": "As it is shown."},
        "linked_from": {**_TEXTS, "description": "Files whose text links here."},
        "concerns": _object({"roles": _TEXTS, "people": _TEXTS}),
        **_DERIVED[shape.kind],
    }
    for key in shape.keys:
        properties.setdefault(key.name, {**_value(key.form), "description": key.meaning})
    return _object(properties)


def _value(form: Form) -> dict[str, Any]:
    """A value as records.json has it: what isn't there is null, or an empty list or object."""
    if form.words is not None:
        return {"enum": [*form.words, None]}
    if form.is_list:
        return _TEXTS
    match form:
        case Form.DATE:
            return dict(_MAYBE_DAY)
        case Form.NUMBER:
            return {"type": ["number", "null"]}
        case Form.ENTERED:
            return {
                "type": "object",
                "properties": {stage.value: _DAY for stage in STAGES},
                "additionalProperties": False,
            }
        case Form.PRECEDENTS:
            known = {"verdict": {"enum": [*Verdict, None]}}
            parts = {name: known.get(name, _TEXT) for name in PRECEDENT_KEYS}
            return {"type": "array", "items": _object(parts)}
        case Form.IMPORTED:
            left = dict.fromkeys(UNSETTLED_KEYS, _TEXT)
            unsettled = {"type": "object", "properties": left, "additionalProperties": False}
            parts = {"from": _TEXT, "format": _TEXT, "unsettled": unsettled}
            return {**_object(parts), "type": ["object", "null"]}
        case _:
            return {"type": ["string", "null"]}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _shape(shape: Shape) -> Iterator[str]:
    yield f"## {_KIND_TITLES[shape.kind]}"
    yield f"`{shape.place}`"
    yield _keys(shape.keys)
    yield "Each key as it is written, to copy from (no record needs them all):"
    yield _yaml([key.example for key in shape.keys])
    if shape.kind is Kind.METRIC:
        columns = ",".join(SERIES_COLUMNS)
        yield (
            "The values stand beside it, in a file of the same name that ends in `.csv`. Its "
            f"first line is `{columns}`; each further line is one value, such as "
            "`2026-10-05,99.2,one file late`. The note may be empty."
        )
    if shape.sections:
        yield "Sections, each a `##` heading:"
        yield _table(("Section", "What stands there"), shape.sections)


def _keys(keys: Iterable[Key]) -> str:
    return _table(
        ("Key", "Value", "Meaning"),
        (
            (f"`{key.name}`{' (required)' if key.required else ''}", _form(key.form), key.meaning)
            for key in keys
        ),
    )


def _form(form: Form) -> str:
    if form.words is not None:
        return " or ".join(f"`{word}`" for word in form.words)
    return f"`{form.value}`" if form is Form.DATE else form.value


def _yaml(lines: Iterable[str]) -> str:
    return "\n".join(["```yaml", *lines, "```"])


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."
