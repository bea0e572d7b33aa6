"""What every test is given: a cache of this session, so that none reads an earlier run's."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    os.environ["ONRECORD_CACHE"] = str(tmp_path_factory.mktemp("cache"))
