"""The script that posts the comment of a merge request: one comment, its own, or none at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from onrecord.comment import MARK

SCRIPT = Path(__file__).parents[2] / ".gitlab/onrecord_comment.py"
NOTES = "/projects/7/merge_requests/3/notes"
US, OTHER = 1, 2


@dataclass
class Forge:
    """A forge that holds notes, a page of which is a hundred, and remembers what was asked."""

    notes: list[dict[str, Any]] = field(default_factory=list)
    written: list[tuple[str, str, str]] = field(default_factory=list)
    address: str = ""

    def add(self, body: str, author: int) -> None:
        self.notes.append({"id": len(self.notes), "body": body, "author": {"id": author}})


@pytest.fixture
def forge() -> Iterator[Forge]:
    known = Forge()

    class Handler(BaseHTTPRequestHandler):
        def answer(self, value: object) -> None:
            assert self.headers["PRIVATE-TOKEN"] == "secret"
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(value).encode())

        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            if path == "/user":
                self.answer({"id": US})
                return
            assert path == NOTES
            page = int(query.rpartition("page=")[2])
            self.answer(known.notes[(page - 1) * 100 : page * 100])

        def write(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]
            known.written.append((self.command, self.path, body))
            self.answer({})

        do_POST = do_PUT = write

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    known.address = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    yield known
    server.shutdown()
    server.server_close()


def post(folder: Path, forge: Forge, token: str = "secret") -> str:
    (folder / "comment.md").write_text(f"{MARK}\nnew – text", encoding="utf-8")
    names = {
        "CI_API_V4_URL": forge.address,
        "CI_PROJECT_ID": "7",
        "CI_MERGE_REQUEST_IID": "3",
        "ONRECORD_TOKEN": token,
        "PYTHONUTF8": "1",
    }
    done = subprocess.run(
        [sys.executable, SCRIPT],
        cwd=folder,
        env={**os.environ, **names},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


def test_the_first_comment_is_posted(tmp_path: Path, forge: Forge) -> None:
    forge.add("Looks good.", OTHER)
    post(tmp_path, forge)
    assert forge.written == [("POST", NOTES, f"{MARK}\nnew – text")]


def test_the_next_one_updates_it_on_whatever_page_it_is(tmp_path: Path, forge: Forge) -> None:
    for number in range(150):
        forge.add(f"Note {number}", US)
    forge.add(f"{MARK}\nold text", US)
    post(tmp_path, forge)
    assert forge.written == [("PUT", f"{NOTES}/150", f"{MARK}\nnew – text")]


def test_a_comment_of_somebody_else_is_left_alone(tmp_path: Path, forge: Forge) -> None:
    forge.add(f"{MARK}\nmade to be taken for ours", OTHER)
    post(tmp_path, forge)
    assert [method for method, _, _ in forge.written] == ["POST"]


def test_without_a_token_it_is_printed(tmp_path: Path, forge: Forge) -> None:
    said = post(tmp_path, forge, token="")
    assert "new – text" in said
    assert forge.written == []
