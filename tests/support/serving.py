"""Servers of this machine, which stand in for a forge, a chat or another site."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Quiet(BaseHTTPRequestHandler):
    """Answers as a subclass says, and logs nothing."""

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(handler: Callable[..., Any]) -> Iterator[str]:
    """The address, without a slash at its end, at which a handler answers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    # It looks so often whether it is to stop: by default, each end of a server takes half a second.
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
