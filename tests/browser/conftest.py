"""A browser, and sites served to it from this machine."""

from __future__ import annotations

import functools
import gzip
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from building import NORTHWIND, ROOT, TODAY, Base, Site, build_folder
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from serving import Quiet, serving

expect.set_options(timeout=30_000)  # a machine that does other things too

NAMES = (
    *("chromium-headless-shell", "chromium", "chromium-browser"),
    *("google-chrome-stable", "google-chrome"),
)


def chromium() -> str:
    """The path of a Chromium; its absence is a failure, never a test left out."""
    named = os.environ.get("ONRECORD_CHROMIUM") or os.environ.get("ONRECORD_BROWSER")
    found = next(filter(None, map(shutil.which, (named,) if named else NAMES)), None)
    if found is None:
        pytest.fail(
            "The browser tests need Chromium or Chrome: apt-get install chromium, or name one: "
            "ONRECORD_CHROMIUM=/path/to/chromium",
            pytrace=False,
        )
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=flags)
        yield running
        running.close()


Borrow = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def _windows(browser: Browser) -> Iterator[dict[str, BrowserContext]]:
    found: dict[str, BrowserContext] = {}
    yield found
    for window in found.values():
        window.close()


@pytest.fixture
def borrow(browser: Browser, _windows: dict[str, BrowserContext]) -> Iterator[Borrow]:
    """A window for one test, by the options of a context; what the test leaves in it is cleared.

    All tests with the same options have the same one. Its caches are warm, and a tab of it stays
    open: without one, Chrome builds the frame of its window anew for each test.
    """
    borrowed = []

    def window(**options: Any) -> BrowserContext:
        name = json.dumps(options, sort_keys=True)
        if name not in _windows:
            _windows[name] = browser.new_context(**options)
            _windows[name].new_page()
        borrowed.append(_windows[name])
        return _windows[name]

    yield window
    for one in borrowed:
        _clear(one)


def _clear(window: BrowserContext) -> None:
    window.unroute_all()
    window.clear_permissions()
    window.clear_cookies()
    first, *tabs = window.pages
    chromium = window.new_cdp_session(first)
    for origin in SERVED:
        told = {"origin": origin, "storageTypes": "local_storage"}
        chromium.send("Storage.clearDataForOrigin", told)
    chromium.detach()
    for tab in tabs:
        tab.close()


SERVED: list[str] = []
"""The origins of all the sites that were served."""


class _Files(Quiet, SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"


class _Compressed(_Files):
    """Serves text as servers on the web do: compressed."""

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if file.is_dir() else file
        if not file.is_file():
            self.send_error(404)
            return
        body = _compressed(file)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@functools.cache
def _compressed(file: Path) -> bytes:
    return gzip.compress(file.read_bytes(), mtime=0)


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    with _serving(_Files) as start:
        yield start


@pytest.fixture(scope="session")
def serve_compressed() -> Iterator[Callable[[Path], str]]:
    with _serving(_Compressed) as start:
        yield start


@contextmanager
def _serving(handler: type[_Files]) -> Iterator[Callable[[Path], str]]:
    with ExitStack() as servers:

        def start(folder: Path) -> str:
            files = functools.partial(handler, directory=str(folder))
            SERVED.append(servers.enter_context(serving(files)))
            return SERVED[-1] + "/"

        yield start


FAULTS = """---
title: A decision with faults
stage: asess
ownr: nobody
related: [gone]
---

# A decision with faults

## Problem

Still to be read.

- [ ] A task

```python
print("code")
```

| a | b |
|---|---|
| 1 | 2 |
"""


@pytest.fixture(scope="session")
def northwind(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    base = Base(tmp_path_factory.mktemp("northwind"), like=NORTHWIND)
    base.write("decisions/2026/faults.md", FAULTS)
    long = "Wirtschaftsprüfungsgesellschaftsverordnung" * 2
    base.write(
        "decisions/2026/long.md",
        f"---\ntitle: A very long word, {long}, in a title\nstage: assess\nowner: it-lead\n"
        f"due: 2026-10-01\ntags: [{long}]\n---\n\n## Problem\n\n`{long}{long}` {long}\n",
    )
    return serve(base.build().folder)


@pytest.fixture(scope="session")
def own(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    """The site of this project itself."""
    return serve(build_folder(ROOT, tmp_path_factory.mktemp("own") / "site", TODAY).folder)


@pytest.fixture(scope="session")
def hostile(hostile_site: Site, serve: Callable[[Path], str]) -> str:
    return serve(hostile_site.folder)
