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
    "records/model.py": (
        "import onrecord.lifecycle.relations",
        "onrecord.records.model -> onrecord.lifecycle.relations",
    ),
    "lifecycle/relations.py": ("import click", "onrecord.lifecycle.relations -> click"),
    "records/library.py": ("import jinja2", "onrecord.records.library -> jinja2"),
    "lifecycle/stages.py": ("import mkdocs.config", "onrecord.lifecycle.stages -> mkdocs"),
    "cli/__init__.py": ("import onrecord.site.mkdocs", "onrecord.cli -> onrecord.site.mkdocs"),
    "site/mkdocs/events.py": ("import onrecord.cli", "onrecord.site.mkdocs.events -> onrecord.cli"),
    "a_new_module.py": ('"""A module that no layer names."""', "- onrecord.a_new_module\n"),
}
"""By module, what is written into it, and how the linter then names the breach."""


@pytest.fixture(scope="module")
def breached(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says of a package with all the breaches at once: reading it takes long."""
    folder = tmp_path_factory.mktemp("breached")
    package = copy_of_the_package(folder)
    for module, (line, _) in BREACHES.items():
        with (package / module).open("a") as stream:
            stream.write(f"\n{line}\n")
    done = lint_imports(folder)
    assert done.returncode == 1, done.stdout
    return done.stdout


@pytest.mark.parametrize("module", BREACHES)
def test_a_breach_is_noticed(breached: str, module: str) -> None:
    _, named = BREACHES[module]
    assert named in breached
