"""Names in the package: no two classes share one, so that nobody takes one for the other."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "hooks/onrecord"


def test_no_class_name_is_used_twice() -> None:
    modules: defaultdict[str, list[str]] = defaultdict(list)
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                modules[node.name].append(path.relative_to(PACKAGE).as_posix())
    assert modules
    assert {name: where for name, where in modules.items() if len(where) > 1} == {}
