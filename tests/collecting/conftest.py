"""A server that the sources of metrics ask, and a base with one role."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from collecting_runs import ROLE, Web


@pytest.fixture
def web() -> Iterator[Web]:
    here = Web()

    class Handler(BaseHTTPRequestHandler):
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

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    here.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield here
    server.shutdown()
    server.server_close()


@pytest.fixture
def base(tmp_path: Path) -> Path:
    root = tmp_path / "team"
    (root / "decisions").mkdir(parents=True)
    (root / "playbooks/lead/metrics").mkdir(parents=True)
    (root / "playbooks/lead/index.md").write_text(ROLE)
    return root
