"""The JSON Schemas of front matter: they accept what the reader accepts, and refuse what it does.

A schema can't know other files or the day; of what one front matter shows by its shape alone, it
says the same as `onrecord check`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest
import yaml
from golden import CASES, read_case

from onrecord.drafting.schemas import schemas
from onrecord.records.reading import read_library
from onrecord.records.shapes import SHAPES

ROOT = Path(__file__).resolve().parents[2]
GOOD = [
    ROOT,
    ROOT / "tests/fixtures/good",
    ROOT / "tests/fixtures/northwind",
    ROOT / "tests/docs/base",
]
BY_SHAPE = {"key-unknown", "key-missing", "word-unknown", "type-wrong", "date-impossible"}
COMPILED = {name: fastjsonschema.compile(json.loads(text)) for name, text in schemas().items()}

UNSEEN = (
    # To YAML 1.2, which editors read, a day without quotes is text.
    "`title: 2026-01-01` is a date to YAML, not text",
    # That is in the text below the front matter.
    "`due:2026-13-01` isn't a date that exists",
    "`due:tomorrow` isn't a date that exists",
)


class EditorsYaml(yaml.SafeLoader):
    """YAML 1.2 as editors read it: a day is text, and so are yes, no, on and off."""


EditorsYaml.yaml_implicit_resolvers = {
    sign: [
        (tag, found) for tag, found in known if tag.rpartition(":")[2] not in ("timestamp", "bool")
    ]
    for sign, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
EditorsYaml.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf")
)


def kind_of(path: str) -> str:
    if path == "playbooks/people.yml":
        return "people"
    if path.startswith("decisions/"):
        return "decision"
    parent = path.split("/")[-2]
    return {"handoffs": "handoff", "metrics": "metric"}.get(parent, "role")


def front_matter(data: bytes, path: str) -> Any:
    text = data.decode("utf-8-sig").replace("\r\n", "\n")
    front = text if path.endswith(".yml") else text.split("---\n")[1]
    return yaml.load(front, Loader=EditorsYaml)


def accepts(path: str, value: Any) -> bool:
    try:
        COMPILED[f"{kind_of(path)}.json"](value)
    except fastjsonschema.JsonSchemaException:
        return False
    return True


def records_in(root: Path) -> Iterator[Path]:
    library = read_library(root)
    yield from (root / record.path for record in library.records)
    if library.has_people_file:
        yield root / "playbooks/people.yml"


@pytest.mark.parametrize("root", GOOD, ids=lambda root: root.relative_to(ROOT).as_posix())
def test_every_record_without_a_fault_is_accepted(root: Path) -> None:
    faulty = {f.path for f in read_library(root).findings if f.code in BY_SHAPE}
    paths = [path.relative_to(root).as_posix() for path in records_in(root)]
    assert {kind_of(path) for path in paths} >= {"decision", "role"}
    for path in set(paths) - faulty:
        assert accepts(path, front_matter((root / path).read_bytes(), path)), path


def faults_by_shape() -> Iterator[tuple[str, str, bytes, tuple[str, ...]]]:
    """Every file of the golden cases, with what its shape is reproached for."""
    for place in sorted(CASES.glob("*.txt")):
        case = read_case(place)
        for path, data in case.files.items():
            if not path.startswith(("decisions/", "playbooks/")) or path.endswith(".csv"):
                continue
            said = tuple(
                line.partition(": ")[2].partition(": ")[2]
                for line in case.findings.splitlines()
                if line.startswith(f"{path}:") and line.split()[2].rstrip(":") in BY_SHAPE
            )
            yield f"{place.stem} {path}", path, data, said


def test_the_cases_hold_many_faults() -> None:
    assert len(CASES_BY_SHAPE) > 15


CASES_BY_SHAPE = [
    pytest.param(path, data, said, id=name)
    for name, path, data, said in faults_by_shape()
    if set(said).difference(UNSEEN)
]


@pytest.mark.parametrize(("path", "data", "said"), CASES_BY_SHAPE)
def test_what_the_reader_refuses_for_its_shape_is_refused(
    path: str, data: bytes, said: tuple[str, ...]
) -> None:
    try:
        value = front_matter(data, path)
    except (yaml.YAMLError, UnicodeDecodeError):
        return  # an editor says that itself, before it looks at any schema
    assert not accepts(path, value), said


BASE: dict[str, dict[str, Any]] = {
    "decisions/a.md": {"title": "A", "stage": "assess"},
    "playbooks/r/index.md": {"title": "R", "purpose": "P", "holder": None},
    "playbooks/r/handoffs/h.md": {"from": None, "to": "bob", "effective": "2026-10-01"},
    "playbooks/r/metrics/m.md": {"title": "M", "cadence": "monthly"},
    "playbooks/people.yml": {"ana": None},
}


@pytest.mark.parametrize(
    ("path", "more", "fits"),
    [
        ("decisions/a.md", {"owner": "@ana", "due": "", "tags": None}, True),
        ("decisions/a.md", {"precedents": [{"record": "b", "verdict": "differs"}]}, True),
        ("decisions/a.md", {"entered": {"assess": "2026-10-01", "review": None}}, True),
        ("decisions/a.md", {"status": "accepted"}, False),
        ("decisions/a.md", {"stage": None}, False),
        ("decisions/a.md", {"title": " "}, False),
        ("decisions/a.md", {"owner": "ana b"}, False),
        ("decisions/a.md", {"consulted": "bob"}, False),
        ("decisions/a.md", {"consulted": ["bob", None]}, False),
        ("decisions/a.md", {"due": "2026-02-30"}, False),
        ("decisions/a.md", {"due": "5.10.2026"}, False),
        ("decisions/a.md", {"entered": {"asess": "2026-10-01"}}, False),
        ("decisions/a.md", {"precedents": [{"record": "b"}]}, False),
        ("decisions/a.md", {"precedents": [{"verdict": "differs"}]}, False),
        ("decisions/a.md", {"precedents": [{"record": "b", "verdict": "same"}]}, False),
        ("decisions/a.md", {"title": "x" * 1001}, False),
        ("playbooks/r/index.md", {"holder": "ana", "backups": []}, True),
        ("playbooks/r/index.md", {"backups": ["b c"]}, False),
        ("playbooks/r/handoffs/h.md", {"state": "watch"}, True),
        ("playbooks/r/handoffs/h.md", {"state": "calm"}, False),
        ("playbooks/r/handoffs/h.md", {"to": None}, False),
        ("playbooks/r/metrics/m.md", {"target": 99.5, "direction": "up"}, True),
        ("playbooks/r/metrics/m.md", {"target": None}, True),
        ("playbooks/r/metrics/m.md", {"target": 99}, False),
        ("playbooks/r/metrics/m.md", {"target": "99", "direction": "up"}, False),
        ("playbooks/people.yml", {"bo": {"name": "Bo", "active": False}}, True),
        ("playbooks/people.yml", {"bo": {"phone": "12"}}, False),
        ("playbooks/people.yml", {"bo": "Bo"}, False),
    ],
)
def test_what_a_schema_accepts(path: str, more: dict[str, Any], fits: bool) -> None:
    assert accepts(path, {**BASE[path], **more}) is fits


def test_a_required_key_is_missed() -> None:
    for path, value in BASE.items():
        for key in value if path != "playbooks/people.yml" else ():
            assert not accepts(path, {k: v for k, v in value.items() if k != key}), key


def test_every_key_has_its_meaning_and_an_example_that_fits() -> None:
    for shape in SHAPES.values():
        schema = json.loads(schemas()[f"{shape.kind}.json"])
        assert list(schema["properties"]) == [key.name for key in shape.keys]
        for key in shape.keys:
            said = schema["properties"][key.name]
            assert said["description"] == key.meaning
            fits: Callable[[Any], Any] = fastjsonschema.compile(said)
            for example in said["examples"]:
                fits(example)
