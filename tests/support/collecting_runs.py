"""A base whose metrics collect, a server for them to ask, and runs of `onrecord collect`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from click.testing import CliRunner, Result

from onrecord.cli import main
from onrecord.records.model import Metric
from onrecord.records.reading import read_library

ROLE = "---\ntitle: Lead\npurpose: P\nholder: ana\n---\n"
FIRST = "playbooks/lead/metrics/m.csv"
HEAD = "date,value,note,origin\n"


@dataclass
class Web:
    """A server that answers each path with what a test puts there, and keeps what it was asked."""

    port: int = 0
    answers: dict[str, tuple[int, bytes, dict[str, str]]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    sends: Callable[[BaseHTTPRequestHandler], None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def put(self, path: str, body: object, status: int = 200, **headers: str) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answers[path] = (status, data, headers)


def metric(root: Path, collect: str, name: str = "m", cadence: str = "weekly") -> None:
    text = f"---\ntitle: {name}\ncadence: {cadence}\ncollect: {collect}\n---\n"
    (root / f"playbooks/lead/metrics/{name}.md").write_text(text)
    (root / f"playbooks/lead/metrics/{name}.csv").write_text("date,value,note\n")


def run(root: Path, *words: str, today: str = "2026-10-07", **environment: str) -> Result:
    names = ("GITHUB_REPOSITORY", "GITHUB_API_URL", "GITHUB_TOKEN", "CI_API_V4_URL")
    names += ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
    names += ("GITHUB_HEAD_REF", "CI_MERGE_REQUEST_IID", "ONRECORD_COLLECT_TOKENS")
    allowed = {"ONRECORD_COLLECT_ALLOW": "127.0.0.1"}
    command = ["--root", str(root), "--today", today, "collect", *words]
    return CliRunner().invoke(main, command, env={**dict.fromkeys(names), **allowed, **environment})


def rows(root: Path, path: str = FIRST) -> list[list[str]]:
    lines = (root / path).read_text("utf-8").splitlines()[1:]
    return [line.split(",")[:2] for line in lines]


def only(root: Path) -> Metric:
    (found,) = read_library(root).metrics
    return found
