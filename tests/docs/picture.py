"""The picture of the packages that opens CONTRIBUTING.md.

In come the layers that pyproject.toml holds us to, the docstring of each package and the imports
between them; out comes a picture of plain signs, which looks the same wherever it is read.
"""

from __future__ import annotations

import re
import textwrap
import tomllib
from importlib import import_module
from inspect import getdoc
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[2]
BEGIN, END = "<!-- made by tests/docs/generate.py -->\n", "<!-- until here -->\n"
WIDTH = 96
"""Signs in a row: it fits a line of the forge's page."""


def contributing() -> str:
    """CONTRIBUTING.md with the picture of today."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    assert after, "CONTRIBUTING.md has no place for the picture"
    return f"{before}{BEGIN}\n```text\n{picture()}\n```\n\n{END}{after}"


def picture() -> str:
    """One row of boxes for each layer, the highest first."""
    imports = imports_of_packages()
    rows = []
    for row in layers():
        width = (WIDTH - 2 * (len(row) - 1)) // len(row)
        inside = [_lines(name, imports[name], width - 4) for name in row]
        height = max(map(len, inside))
        boxes = [_box(name, lines, width, height) for name, lines in zip(row, inside, strict=True)]
        rows += ["  ".join(parts).rstrip() for parts in zip(*boxes, strict=True)]
    return "\n".join(rows)


def layers() -> list[list[str]]:
    """The packages of each layer, the highest first, as the contract has them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (contract,) = [c for c in contracts if c["type"] == "layers"]
    return [row.split(" | ") for row in contract["layers"]]


def imports_of_packages() -> dict[str, list[str]]:
    """Which packages each package imports, from the lowest layer up."""
    graph = grimp.build_graph("onrecord")
    below = [name for row in reversed(layers()) for name in row]
    found: dict[str, set[str]] = {name: set() for name in below}
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            one, other = (name.split(".")[1:2] for name in (module, imported))
            if one and other and one != other and {one[0], other[0]} <= found.keys():
                found[one[0]].add(other[0])
    return {name: sorted(others, key=below.index) for name, others in found.items()}


def _lines(name: str, imports: list[str], width: int) -> list[str]:
    doc = getdoc(import_module(f"onrecord.{name}")) or ""
    said = [doc.partition("\n\n")[0], *re.findall(r"(?m)^(?:In|Out): .*$", doc)]
    assert len(said) == 3, f"{name}: the docstring says what it is, what comes in, what goes out"
    if imports:
        said.append(f"Imports: {', '.join(imports)}")
    wrapped = [textwrap.wrap(" ".join(part.split()), width) for part in said]
    return [line for part in wrapped for line in part]


def _box(name: str, lines: list[str], width: int, height: int) -> list[str]:
    head = f"+- {name} "
    edge = "+" + "-" * (width - 2) + "+"
    body = [f"| {line.ljust(width - 4)} |" for line in [*lines, *[""] * (height - len(lines))]]
    return [head + "-" * (width - len(head) - 1) + "+", *body, edge]
