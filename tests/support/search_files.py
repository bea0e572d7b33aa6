"""What a search index is made of and what it holds, read from Pagefind's own files."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

MARK = b"pagefind_dcd"
RECORD = """---
title: {title}
stage: assess
owner: {owner}
entered: {{assess: 2026-09-01}}
tags: {tags}
---

{text}
"""
"""A decision of which a test says what matters."""
HOSTILE = [
    "a, b: c",
    'say "no"',
    "back\\slash",
    "<b>&lt;i&gt;</b>",
    "it's",
    "x[y]{z}",
    "日本",
    "100%",
    "<script>alert(1)</script>",
]
"""Tags that mean something to JSON, HTML, a path or an address."""


def marker(site: Path) -> dict[str, Any]:
    """`build.json`, which a page reads before it searches."""
    loaded: dict[str, Any] = json.loads((site / "pagefind/build.json").read_text(encoding="utf-8"))
    return loaded


def indexed(site: Path) -> dict[str, dict[str, Any]]:
    """Each page of the index, in all its parts, by its address."""
    found = {}
    for file in (site / "pagefind").rglob("*.pf_fragment"):
        page = json.loads(gzip.decompress(file.read_bytes()).removeprefix(MARK))
        found[page["url"]] = page
    return found


def languages(site: Path) -> list[str]:
    entry = json.loads((site / "pagefind/pagefind-entry.json").read_text(encoding="utf-8"))
    return sorted(entry["languages"])


def record(title: str, text: str = "", owner: str = '"@ana"', tags: Any = ()) -> str:
    return RECORD.format(title=title, text=text, owner=owner, tags=json.dumps(list(tags)))
