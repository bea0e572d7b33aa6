"""Serves a folder on this machine, as the benchmarks that open a browser need it."""

from __future__ import annotations

import functools
import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class Files(SimpleHTTPRequestHandler):
    """Sends files as they are."""

    protocol_version = "HTTP/1.1"
    # Head and body are two writes; without this the second waits for an answer to the first, 40 ms.
    disable_nagle_algorithm = True

    def log_message(self, *args: Any) -> None:
        """Say nothing of each file."""


class CompressedFiles(Files):
    """Sends files as servers on the web do."""

    def do_GET(self) -> None:
        """Send one file, or the page of a folder."""
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if file.is_dir() else file
        body = gzip.compress(file.read_bytes(), mtime=0) if file.is_file() else b""
        self.send_response(200 if body else 404)
        if body:
            self.send_header("Content-Type", self.guess_type(str(file)))
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def served(folder: Path, handler: type[Files] = Files) -> Iterator[str]:
    """The address of a folder while it is served."""
    with ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(handler, directory=str(folder))
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
