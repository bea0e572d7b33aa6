"""What every test is given: one way to make examples, and a cache that no earlier run filled."""

from __future__ import annotations

import gc
import os

import pytest
from hypothesis import HealthCheck, settings

# One profile for all: the same examples each time, on a fast machine and a slow one, and no clock.
# To look for more: pytest --hypothesis-profile=search
settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "search", settings.get_profile("repeatable"), derandomize=False, max_examples=2_000
)
settings.load_profile("repeatable")


def pytest_collection_finish() -> None:
    """Let Python look for garbage less often: with all that is imported, a fifth of the time."""
    gc.freeze()  # what is imported stays to the end
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    os.environ["ONRECORD_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    os.environ["ONRECORD_CACHE_KEY"] = "only for tests"
