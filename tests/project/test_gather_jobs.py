"""The jobs that gather what was said, run as the forges run them, with the forges played here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from repository import git
from serving import Quiet, serving

GOOD = Path(__file__).parents[1] / "fixtures/good"
STARTER = Path(__file__).parents[2] / "hooks/onrecord/drafting/starter"
PATH = "decisions/2026/move-the-pay-date.md"
WHEN = "2026-10-02T10:00:00Z"
REPLY = "decisions/2026/move-the-pay-date/2026-10-02-carol.md"
GH = """#!/bin/sh
echo "$@" >> "$GH_LOG"
case "$1" in api) echo 7 ;; esac
"""
"""Stands in for GitHub's own command: it names the request, and writes down what it is asked."""


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """A clone of a repository that a job may push to."""
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "origin.git")
    git(tmp_path, "clone", "-q", "origin.git", "team")
    root = tmp_path / "team"
    shutil.copytree(GOOD, root, dirs_exist_ok=True)
    git(root, "add", ".")
    git(root, "commit", "-qm", "Begin")
    git(root, "push", "-q", "origin", "HEAD:main")
    return root


ANSWERS: dict[str, Any] = {
    "/repos/team/record/pulls/7/files": [{"filename": PATH, "status": "modified"}],
    "/repos/team/record/pulls/7/comments": [
        {
            "id": 9,
            "user": {"login": "carol", "type": "User"},
            "body": "Which holidays?",
            "path": PATH,
            "created_at": WHEN,
            "html_url": "https://forge.example/team/record/pull/7#c9",
        }
    ],
    "/repos/team/record/issues/7/comments": [],
    "/repos/team/record/issues/7/reactions": [],
    "/api/v4/projects/5/repository/commits/abc/merge_requests": [
        {"iid": 7, "state": "merged"},
        {"iid": 8, "state": "opened"},
    ],
    "/api/v4/projects/5/merge_requests/7/diffs": [{"new_path": PATH, "deleted_file": False}],
    "/api/v4/projects/5/merge_requests/7/award_emoji": [],
    "/api/v4/projects/5/merge_requests/7/discussions": [
        {
            "notes": [
                {
                    "id": 1,
                    "body": "Which holidays?",
                    "author": {"username": "carol"},
                    "system": False,
                    "created_at": WHEN,
                    "position": {"new_path": PATH},
                }
            ]
        }
    ],
}


@pytest.fixture
def forge() -> Iterator[str]:
    class Handler(Quiet):
        def do_GET(self) -> None:
            token = self.headers["Authorization"] or self.headers["PRIVATE-TOKEN"]
            found = ANSWERS.get(urlsplit(self.path).path)
            is_known = found is not None and token in ("Bearer secret", "secret")
            self.send_response(200 if is_known else 403)
            self.end_headers()
            self.wfile.write(json.dumps(found if is_known else {}).encode())

    with serving(Handler) as address:
        yield address


def run(root: Path, script: str, **names: str) -> str:
    tools = (
        f"{root.parent}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    )
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=root,
        env={**os.environ, "ONRECORD_TODAY": "2026-10-06", **names, "PATH": tools},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"
    return done.stdout


def pushed(root: Path, branch: str) -> str:
    return git(root, "ls-tree", "-r", "--name-only", f"refs/heads/{branch}")


@pytest.mark.parametrize(("way", "branch"), [("commit", "main"), ("request", "onrecord/said-7")])
def test_on_github_the_replies_are_committed_or_proposed_once(
    team: Path, forge: str, way: str, branch: str
) -> None:
    text = (STARTER / "dot-github/workflows/onrecord-gather.yml").read_text()
    (job,) = yaml.safe_load(text.replace("@@branch@@", "main"))["jobs"].values()
    steps = [s for s in job["steps"] if "run" in s and not s["run"].startswith("pip ")]
    (team.parent / "gh").write_text(GH)
    (team.parent / "gh").chmod(0o755)
    names = {
        "GITHUB_REPOSITORY": "team/record",
        "GITHUB_API_URL": forge,
        "GITHUB_SHA": "abc",
        "GITHUB_TOKEN": "secret",
        "RUNNER_TEMP": str(team.parent),
        "GH_LOG": str(team.parent / "gh.log"),
        "WAY": way,
        "BRANCH": "main",
    }
    before = git(team, "rev-parse", "HEAD").strip()
    for _ in range(2):
        for step in steps:
            run(team, step["run"], **names)
    assert REPLY in pushed(team.parent / "origin.git", branch)
    asked = (team.parent / "gh.log").read_text().splitlines()
    told = f"workflow run onrecord-tell.yml --ref main --field since={before}"
    assert asked.count(told) == (way == "commit")
    assert sum(line.startswith("pr create") for line in asked) == (way == "request")
    text = (STARTER / "dot-github/workflows/onrecord-tell.yml").read_text()
    assert yaml.safe_load(text.replace("@@branch@@", "main"))[True]["workflow_dispatch"]["inputs"][
        "since"
    ]["required"]


@pytest.mark.parametrize(("way", "branch"), [("commit", "main"), ("request", "onrecord/said-7")])
def test_on_gitlab_the_replies_are_committed_or_proposed_once(
    team: Path, forge: str, way: str, branch: str
) -> None:
    job = yaml.safe_load((STARTER / "dot-gitlab-ci.yml").read_text())["gather"]
    bare = team.parent / "origin.git"
    git(bare, "config", "receive.advertisePushOptions", "true")
    names = {
        "CI_API_V4_URL": f"{forge}/api/v4",
        "CI_PROJECT_ID": "5",
        "CI_PROJECT_URL": "https://forge.example/team/record",
        "CI_PROJECT_PATH": "team/record",
        "CI_COMMIT_SHA": "abc",
        "CI_DEFAULT_BRANCH": "main",
        "CI_SERVER_PROTOCOL": "https",
        "CI_SERVER_HOST": "forge.example",
        "CI_SERVER_PORT": "443",
        "ONRECORD_GATHER_TOKEN": "secret",
        "GATHER": way,
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{bare.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://onrecord:secret@forge.example:443/team/record.git",
    }
    for _ in range(2):
        run(team, "\n".join(job["script"]), **names)
    assert REPLY in pushed(bare, branch)
    assert git(bare, "log", "--format=%s", branch).splitlines() == [
        "Gather what was said on !7",
        "Begin",
    ]
