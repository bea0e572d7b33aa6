"""The sites that many tests look at, each built once."""

from __future__ import annotations

from pathlib import Path

import pytest
from building import NORTHWIND, PLAIN, Base, Site


@pytest.fixture(scope="session")
def northwind(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The clean base, built as its team would build it."""
    return Base(tmp_path_factory.mktemp("northwind"), like=NORTHWIND).build(strict=True)


@pytest.fixture
def team(tmp_path: Path) -> Base:
    """A copy of the clean base, to be changed by the test; its pages are plain, so it is fast."""
    base = Base(tmp_path, like=NORTHWIND)
    forge = {"repo_url": "https://forge.example/northwind/record", "edit_uri": "edit/main/docs/"}
    base.configure({**PLAIN, **forge})
    return base


@pytest.fixture
def base(tmp_path: Path) -> Base:
    """An empty base."""
    return Base(tmp_path)
