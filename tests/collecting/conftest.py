"""A server that the sources of metrics ask, and a base with one role."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from collecting_runs import ROLE, Web
from serving import Quiet, serving


@pytest.fixture
def web() -> Iterator[Web]:
    here = Web()

    class Handler(Quiet):
        def do_GET(self) -> None:
            here.asked.append((self.path, dict(self.headers)))
            if here.sends is not None:
                here.sends(self)
                return
            status, data, headers = here.answers.get(urlsplit(self.path).path, (404, b"", {}))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    with serving(Handler) as address:
        here.port = int(address.rpartition(":")[2])
        yield here


@pytest.fixture
def base(tmp_path: Path) -> Path:
    root = tmp_path / "team"
    (root / "decisions").mkdir(parents=True)
    (root / "playbooks/lead/metrics").mkdir(parents=True)
    (root / "playbooks/lead/index.md").write_text(ROLE)
    return root
