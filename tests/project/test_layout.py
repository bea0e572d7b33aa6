"""How large the package is cut: few folders, few modules in each, no modules in a circle."""

from __future__ import annotations

import tomllib
from graphlib import TopologicalSorter
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "hooks/onrecord"
MOST = 12
MORE = {"cli": "one module for each command, and nobody looks for one but by its name"}


def test_there_are_few_packages() -> None:
    folders = [p.name for p in PACKAGE.iterdir() if p.is_dir() and p.name != "__pycache__"]
    assert len(folders) >= 11
    assert len(folders) <= MOST
    assert {p.name for p in PACKAGE.glob("*.py")} == {"__init__.py", "__main__.py"}


def test_a_package_holds_few_modules() -> None:
    held: dict[str, int] = {}
    for module in PACKAGE.rglob("*.py"):
        folder = module.relative_to(PACKAGE).parent.as_posix()
        held[folder] = held.get(folder, 0) + (module.name != "__init__.py")
    assert len(held) >= 11
    assert {folder for folder, count in held.items() if count > MOST} <= MORE.keys()


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = grimp.build_graph("onrecord", exclude_type_checking_imports=True)
    imports = {m: graph.find_modules_directly_imported_by(m) for m in graph.modules}
    assert sum(map(len, imports.values())) > 100
    TopologicalSorter(imports).prepare()  # CycleError names the circle


def test_few_modules_may_import_what_the_core_may_not() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    excepted = [line for contract in contracts for line in contract.get("ignore_imports", ())]
    assert 0 < len(excepted) <= 9
