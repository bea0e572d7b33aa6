"""JSON Schemas of what people write: the front matter of each kind of record, and people.yml.

In come the shapes of records; out come schemas as text, for editors that check and complete while
one types. They say what a value looks like; `onrecord check` judges all that needs other files.

Editors read draft 7, so that is the dialect. A key without a value counts as absent, as it does to
the reader, so each value may be null but those that must be there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import Any

import yaml

from onrecord.records.reading.fields import MAX_EXPECTATIONS, MAX_ITEMS, MAX_PRECEDENTS, MAX_TEXT
from onrecord.records.shapes import (
    EXPECT_KEYS,
    IMPORTED_KEYS,
    METRIC,
    OWN,
    PERSON_KEYS,
    PRECEDENT_KEYS,
    SHAPES,
    SOURCES,
    UNSETTLED_KEYS,
    Form,
    Key,
    Shape,
)
from onrecord.records.vocabulary import STAGES, Stage, Verdict

SCHEMAS_FOLDER = "schemas"
"""Where the site publishes them, and an editor finds them."""

_DIALECT = "http://json-schema.org/draft-07/schema#"
_TEXT: Mapping[str, Any] = {"type": "string", "pattern": r"\S", "maxLength": MAX_TEXT}
_HANDLE: Mapping[str, Any] = {"type": "string", "pattern": r"^\s*@?[^\s@]+\s*$"}
"""Of what no handle can be without; letters of every script are for the reader to judge."""
_DAY: Mapping[str, Any] = {
    "type": "string",
    "format": "date",
    "pattern": r"^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\s*$",
}
_ABSENT: tuple[Mapping[str, Any], ...] = ({"type": "null"}, {"type": "string", "pattern": r"^\s*$"})
"""What the reader takes for a key without a value."""

_SAID: Mapping[type[StrEnum], Sequence[str]] = {
    Stage: [stage.meaning.what for stage in STAGES],
    Verdict: [verdict.meaning for verdict in Verdict],
}
"""What an editor shows beside each word, in the order of the words."""


@cache
def schemas() -> dict[str, str]:
    """Every schema as text, by the name of its file."""
    made = {f"{shape.kind}.json": front_matter_schema(shape) for shape in SHAPES.values()}
    made["people.json"] = people_schema()
    return {name: json.dumps(s, ensure_ascii=False, indent=2) + "\n" for name, s in made.items()}


def front_matter_schema(shape: Shape) -> dict[str, Any]:
    """The schema of one kind's front matter."""
    schema = {
        "$schema": _DIALECT,
        "title": f"Front matter of a {shape.kind} in OnRecord ({shape.place})",
        **_mapping(shape.keys),
    }
    if shape is METRIC:
        schema["if"] = {"properties": {"target": {"type": "number"}}, "required": ["target"]}
        schema["then"] = {"required": ["direction"]}
    return schema


def people_schema() -> dict[str, Any]:
    """The schema of playbooks/people.yml."""
    return {
        "$schema": _DIALECT,
        "title": "The people of a knowledge base in OnRecord (playbooks/people.yml)",
        "type": ["object", "null"],
        "additionalProperties": {
            "anyOf": [_mapping(PERSON_KEYS), {"type": "null"}],
            "description": "A person, by the name they have on the forge.",
        },
    }


def _mapping(keys: Iterable[Key]) -> dict[str, Any]:
    keys = tuple(keys)
    made: dict[str, Any] = {
        "type": "object",
        "properties": {key.name: _property(key) for key in keys},
        "patternProperties": {f"^{OWN}": True},
        "additionalProperties": False,
    }
    required = [key.name for key in keys if key.required]
    return {**made, "required": required} if required else made


def _property(key: Key) -> dict[str, Any]:
    value = _value(key.form)
    if key.may_be_empty:
        value = {"anyOf": [value, *_ABSENT]}
    # Values as text: YAML makes days of some, and JSON has none.
    example = yaml.load(key.example, Loader=yaml.BaseLoader)[key.name]
    return {"description": key.meaning, **value, "examples": [_typed(example, key.form)]}


def _typed(example: Any, form: Form) -> Any:
    if form is Form.NUMBER:
        return json.loads(example)
    if form is Form.EXPECTS:
        bound = EXPECT_KEYS[1]  # the one that the example gives
        return [{**one, bound: json.loads(one[bound])} for one in example]
    return example == "true" if form is Form.FLAG else example


def _value(form: Form) -> dict[str, Any]:
    if form.words is not None:
        return _word(form.words)
    match form:
        case Form.DATE:
            return dict(_DAY)
        case Form.OWNER | Form.HANDLE:
            return dict(_HANDLE)
        case Form.HANDLES:
            return _list(_HANDLE, MAX_ITEMS[form])
        case Form.IDS | Form.TAGS | Form.QUESTIONS | Form.PATHS | Form.GLOBS | Form.COVERS:
            return _list(_TEXT, MAX_ITEMS[form])
        case Form.NUMBER:
            return {"type": "number"}
        case Form.FLAG:
            return {"type": "boolean"}
        case Form.ENTERED:
            return {
                "type": "object",
                "properties": {
                    stage.value: {
                        "anyOf": [dict(_DAY), {"type": "null"}],
                        "description": f"The day it began. {stage.meaning.what}",
                    }
                    for stage in STAGES
                },
                "additionalProperties": False,
            }
        case Form.IMPORTED:
            return _imported()
        case Form.COLLECT:
            return _collect()
        case Form.EXPECTS:
            return {"anyOf": [_list(_expectation(), MAX_EXPECTATIONS), dict(_TEXT)]}
        case Form.PRECEDENTS:
            return _list(_precedent(), MAX_PRECEDENTS)
        case _:
            return dict(_TEXT)


def _collect() -> dict[str, Any]:
    """One source, with what it needs and may have beside it."""
    return {
        "type": "object",
        "oneOf": [
            {
                "properties": {
                    source.value: {
                        **({"enum": [*form.measures]} if form.measures else _TEXT),
                        "description": form.meaning,
                    },
                    **{
                        key: {"enum": [*form.values]}
                        if key == "value" and form.values
                        else {"type": ["string", "number"]}
                        for key in (*form.needs, *form.takes)
                    },
                },
                "required": [source.value, *form.needs],
                "additionalProperties": False,
            }
            for source, form in SOURCES.items()
        ],
    }


def _imported() -> dict[str, Any]:
    source, form, digest, unsettled, front_matter = IMPORTED_KEYS
    left = {key: {"anyOf": [dict(_TEXT), *_ABSENT]} for key in UNSETTLED_KEYS}
    return {
        "type": "object",
        "properties": {
            source: {**_TEXT, "description": "The file it came from."},
            form: {**_TEXT, "description": "How it was kept there."},
            digest: {**_TEXT, "description": "A later import knows by it what changed."},
            unsettled: {
                "type": ["object", "null"],
                "properties": left,
                "additionalProperties": False,
                "description": "What a person has still to settle, with the words found.",
            },
            front_matter: {"type": "string", "description": "The front matter it had."},
        },
        "additionalProperties": False,
    }


def _expectation() -> dict[str, Any]:
    metric, at_least, at_most, by = EXPECT_KEYS
    return {
        "type": "object",
        "properties": {
            metric: {**_TEXT, "description": "The metric, as role/metric."},
            at_least: {"type": "number", "description": "The least that it should reach."},
            at_most: {"type": "number", "description": "The most that it may be."},
            by: {**_DAY, "description": "The day it is judged on."},
        },
        "required": [metric, by],
        "oneOf": [{"required": [at_least]}, {"required": [at_most]}],
        "additionalProperties": False,
    }


def _precedent() -> dict[str, Any]:
    record, verdict, why = PRECEDENT_KEYS
    return {
        "type": "object",
        "properties": {
            record: {**_TEXT, "description": "The id of an earlier decision."},
            verdict: {**_word(Verdict), "description": "How this one answers it."},
            why: {"anyOf": [dict(_TEXT), *_ABSENT], "description": "Why, in a sentence."},
        },
        "required": [record, verdict],
        "additionalProperties": False,
    }


def _word(words: type[StrEnum]) -> dict[str, Any]:
    made: dict[str, Any] = {"enum": [word.value for word in words]}
    if words in _SAID:
        made["enumDescriptions"] = _SAID[words]
    return made


def _list(items: Mapping[str, Any], most: int) -> dict[str, Any]:
    return {"type": "array", "items": dict(items), "maxItems": most}
