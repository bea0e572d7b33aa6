"""The contracts about imports: they hold, and they would notice a breach."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder / "hooks")},
        capture_output=True,
        text=True,
        check=False,
    )


def copy_of_the_package(folder: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", folder)
    package = folder / "hooks" / "onrecord"
    shutil.copytree(ROOT / "hooks/onrecord", package, ignore=shutil.ignore_patterns("__pycache__"))
    return package


def test_the_contracts_hold() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


BREACHES = {
    "records/model.py": "import onrecord.lifecycle.relations",
    "lifecycle/relations.py": "import click",
    "records/library.py": "import jinja2",
    "lifecycle/stages.py": "import mkdocs.config",
    "cli/__init__.py": "import onrecord.site.mkdocs",
    "site/mkdocs/events.py": "import onrecord.cli",
    "a_new_module.py": '"""A module that no layer names."""',
}


@pytest.mark.parametrize("module", BREACHES)
def test_a_breach_is_noticed(tmp_path: Path, module: str) -> None:
    package = copy_of_the_package(tmp_path)
    with (package / module).open("a") as stream:
        stream.write(f"\n{BREACHES[module]}\n")
    done = lint_imports(tmp_path)
    assert done.returncode == 1, done.stdout
    assert "1 broken" in done.stdout or "2 broken" in done.stdout
