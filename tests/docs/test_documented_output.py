"""What the reference says of machine output is what the product writes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from onrecord.findings import CODES, finding
from onrecord.reading import read_library
from onrecord.reference import check_schema
from onrecord.relations import relate
from onrecord.views.records_json import records_json

ROOT = Path(__file__).resolve().parents[2]


def test_the_schema_allows_every_finding_and_nothing_else() -> None:
    item = json.loads(check_schema())["items"]
    for code in CODES:
        written = json.loads(json.dumps(asdict(finding("a.md", code, "what", "how"))))
        assert list(written) == item["required"] == list(item["properties"])
        for key in ("code", "severity"):
            assert written[key] in item["properties"][key]["enum"]


def test_every_key_of_records_json_is_documented() -> None:
    library = read_library(ROOT)
    addresses = {record.path: record.path for record in library.records}
    text = records_json(library, relate(library), date(2026, 11, 22), addresses)
    published = json.loads(text)
    assert {r["kind"] for r in published["records"]} == {"decision", "role", "handoff", "metric"}
    page = (ROOT / "docs" / "reference" / "machine-output.md").read_text(encoding="utf-8")
    named = page.partition("## records.json")[2]
    assert sorted(key for key in set(keys_of(published)) if f"`{key}`" not in named) == []


def keys_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inside in value.items():
            yield key
            # What people write as keys (stages) and what front matter documents isn't named here.
            if key not in ("entered", "precedents"):
                yield from keys_of(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from keys_of(inside)
