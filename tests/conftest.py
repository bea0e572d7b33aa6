"""What every test is given: one way to make examples, an empty cache, and sites that many read."""

from __future__ import annotations

import gc
import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from building import Site

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


PLACE = "PYTEST_DEBUG_TEMPROOT"
"""Where pytest makes the folders of tests, by a variable of its own."""
MEMORY, ROOM = Path("/dev/shm"), 4 << 30
"""Linux's folder in memory, and the bytes that must be free there: a whole run takes a tenth."""


def pytest_configure() -> None:
    """Let tests write into memory where they can: files on a disk cost a fifth of a run."""
    if PLACE in os.environ or "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    there = os.statvfs(MEMORY)
    if there.f_bavail * there.f_frsize > ROOM and not there.f_flag & os.ST_NOEXEC:
        os.environ[PLACE] = str(MEMORY)


def pytest_collection_finish() -> None:
    """Let Python look for garbage less often: with all that is imported, a fifth of the time."""
    gc.freeze()  # what is imported stays to the end
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    os.environ["ONRECORD_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    os.environ["ONRECORD_CACHE_KEY"] = "only for tests"


# Sites that tests of two folders look at. MkDocs is imported only for those who ask.


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site of somebody who means harm."""
    from hostile import hostile_base

    return hostile_base(tmp_path_factory.mktemp("hostile")).build()


@pytest.fixture(scope="session")
def example_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The example as `make example` builds it, on the day that it sets."""
    from building import ROOT, build_folder

    day = re.search(r"ONRECORD_TODAY = (\S+)", (ROOT / "Makefile").read_text())
    assert day is not None
    root = tmp_path_factory.mktemp("example") / "base"
    shutil.copytree(ROOT / "example", root, ignore=shutil.ignore_patterns("site"))
    return build_folder(root, root.parent / "site", day[1], strict=True)
