"""The steps of workflows that no other test runs, run as GitHub runs them; `gh` is played here."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from repository import git
from serving import Quiet, serving

from onrecord.cli import main

ROOT = Path(__file__).parents[2]
STARTER = ROOT / "hooks/onrecord/drafting/starter"
GH = """#!/bin/sh
echo "$@" >> "$GH_LOG"
case "$1 $2" in
  "run view") echo 2026-10-05T10:37:00Z ;;
  "run list") echo 2026-10-05T08:37:00Z ;;
  "pr list") echo 0 ;;
esac
"""
"""Stands in for GitHub's own command: it names the runs, and writes down what it is asked."""

# Run for real by `make forges` (a new base's set-up), or by each push (the whole test command).
SET_UP = re.compile(
    r"pip install|make (?:setup|setup-site|site|check-properdocs|release)\b|bash \.ci/run"
)


class Machine:
    """Where the steps of a job run: a repository, its origin, and the files that GitHub reads."""

    def __init__(self, root: Path, place: Path) -> None:
        self.root, self.place = root, place
        (place / "gh").write_text(GH)
        (place / "gh").chmod(0o755)
        git(place, "init", "-q", "--bare", "-b", "main", "origin.git")
        git(root, "init", "-q", "-b", "main")
        git(root, "remote", "add", "origin", str(place / "origin.git"))
        git(root, "add", ".")
        git(root, "commit", "-qm", "Begin")
        git(root, "push", "-q", "origin", "main")
        # Our own workflows call what `make setup` has made.
        tools = root / ".venv/bin"
        tools.mkdir(parents=True)
        (tools / "onrecord").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m onrecord "$@"\n')
        (tools / "onrecord").chmod(0o755)

    @property
    def asked(self) -> list[str]:
        log = self.place / "gh.log"
        return log.read_text().splitlines() if log.exists() else []

    def run(self, job: dict[str, Any], known: dict[str, str]) -> list[str]:
        """Run the steps whose condition holds; the names of the variables that a step set."""
        for step in job["steps"]:
            if "run" not in step or SET_UP.search(step["run"]):
                continue
            if not holds(str(step.get("if", "")), known):
                continue
            given = {**job.get("env", {}), **step.get("env", {})}
            self.shell(step["run"], {name: filled(str(v), known) for name, v in given.items()})
            for line in self.outputs():
                name, _, value = line.partition("=")
                known[f"steps.{step.get('id', '')}.outputs.{name}"] = value
        return self.asked

    def outputs(self) -> list[str]:
        file = self.place / "output"
        return file.read_text().splitlines() if file.exists() else []

    def shell(self, script: str, given: dict[str, str]) -> None:
        folders = [str(self.place), str(Path(sys.executable).parent), os.environ["PATH"]]
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", script],
            cwd=self.root,
            env={
                **os.environ,
                "ONRECORD_TODAY": "2026-10-05",
                "RUNNER_TEMP": str(self.place),
                "GITHUB_OUTPUT": str(self.place / "output"),
                "GITHUB_RUN_ID": "7",
                "GH_LOG": str(self.place / "gh.log"),
                **given,
                "PATH": os.pathsep.join(folders),
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"


def filled(text: str, known: dict[str, str]) -> str:
    """A value as GitHub gives it to a step; what nobody set is empty."""
    return re.sub(r"\$\{\{ (.+?) \}\}", lambda m: first(m[1], known), text)


def first(expression: str, known: dict[str, str]) -> str:
    return next(filter(None, (known.get(one.strip(), "") for one in expression.split("||"))), "")


def holds(condition: str, known: dict[str, str]) -> bool:
    """Whether a condition holds, made of what the workflows use: names, `==`, `!=`, `!`, `&&`."""
    parts = condition.removeprefix("${{").removesuffix("}}").split("&&")
    return all(holds_one(part.strip(), known) for part in parts if part.strip())


def holds_one(part: str, known: dict[str, str]) -> bool:
    if found := re.fullmatch(r"([\w.]+) (==|!=) '(.*)'", part):
        return (known.get(found[1], "") == found[3]) is (found[2] == "==")
    return bool(known.get(part.lstrip("!"), "")) is not part.startswith("!")


def job_of(path: Path, name: str) -> dict[str, Any]:
    text = path.read_text(encoding="utf-8").replace("@@branch@@", "main")
    return dict(yaml.safe_load(text)["jobs"][name])


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    root = tmp_path / "handbook"
    result = CliRunner().invoke(main, ["--today", "2026-10-05", "init", str(root)])
    assert result.exit_code == 0, result.output
    (tmp_path / "place").mkdir()
    return Machine(root, tmp_path / "place")


ON_MAIN = {
    "github.ref": "refs/heads/main",
    "github.repository_owner": "team",
    "github.event.repository.name": "handbook",
}


def test_a_new_base_is_checked_and_built(machine: Machine) -> None:
    job = job_of(STARTER / "dot-github/workflows/onrecord.yml", "check")
    # Which requests are open isn't to be had here; the job goes on without, as it does there.
    steps = [step for step in job["steps"] if not step.get("continue-on-error")]
    machine.run({**job, "steps": steps}, dict(ON_MAIN))
    site = machine.root / "site"
    assert "https://team.github.io/handbook/" in (site / "feed.atom").read_text("utf-8")


def test_people_are_told_only_where_a_channel_is_set(machine: Machine) -> None:
    job = job_of(STARTER / "dot-github/workflows/onrecord-tell.yml", "tell")
    assert machine.run(job, {"github.event_name": "push"}) == []
    known = {"secrets.ONRECORD_TELL": "json://127.0.0.1:9/", "github.event_name": "schedule"}
    # Nothing is new between the two runs, so that nothing is sent.
    git(machine.root, "commit", "-q", "--allow-empty", "-m", "Nothing")
    asked = machine.run(job, known)
    assert [line.split(" --")[0] for line in asked] == [
        "run view 7",
        "run list",
    ]


COLLECTING = [
    ROOT / ".github/workflows/onrecord-collect.yml",
    STARTER / "dot-github/workflows/onrecord-collect.yml",
]


@pytest.mark.parametrize("path", COLLECTING, ids=["ours", "starter"])
@pytest.mark.parametrize(("way", "branch"), [("commit", "main"), ("request", "onrecord/numbers")])
def test_numbers_are_committed_or_proposed(
    machine: Machine, path: Path, way: str, branch: str
) -> None:
    metric = machine.root / "playbooks/decision-keeper/metrics/open.md"
    metric.write_text(
        "---\ntitle: Open\ncadence: weekly\ncollect: {git: files, path: decisions}\n---\n", "utf-8"
    )
    git(machine.root, "add", ".")
    git(machine.root, "commit", "-qm", "Add a metric")
    git(machine.root, "push", "-q", "origin", "HEAD:main")
    asked = machine.run(job_of(path, "collect"), {"vars.ONRECORD_COLLECT": way})
    origin = machine.place / "origin.git"
    assert "open.csv" in git(origin, "ls-tree", "-r", "--name-only", f"refs/heads/{branch}")
    proposed = [line for line in asked if line.startswith("pr create")]
    assert len(proposed) == (way == "request")


def test_a_releases_page_is_made_of_what_was_built(machine: Machine) -> None:
    path = ROOT / ".github/workflows/release.yml"
    for place, name in (("beside", "onrecord-0.1.0.md"), ("beside", "onrecord-0.1.0.cdx.json"),
                        ("made/beside", "onrecord-0.1.0.md"), ("made/archives", "a.whl"),
                        ("made/beside", "onrecord-0.1.0.cdx.json")):  # fmt: skip
        (machine.root / place).mkdir(parents=True, exist_ok=True)
        (machine.root / place / name).write_text("x")
    known = {"github.ref_name": "v0.1.0"}
    machine.run(job_of(path, "upload"), known)
    assert (machine.root / "sbom.cdx.json").read_text() == "x"
    assert machine.run(job_of(path, "page"), known) == [
        "release create v0.1.0 --verify-tag --title v0.1.0 --notes-file"
        " made/beside/onrecord-0.1.0.md made/archives/a.whl made/beside/onrecord-0.1.0.cdx.json"
    ]


def test_gitlab_keeps_a_release_and_makes_its_page(tmp_path: Path) -> None:
    jobs = yaml.safe_load((ROOT / ".gitlab-ci.yml").read_text(encoding="utf-8"))
    names = ["onrecord-0.1.0-py3-none-any.whl", "onrecord-0.1.0.cdx.json", "onrecord-0.1.0.tar.gz"]
    (tmp_path / "dist").mkdir()
    for name in names:
        (tmp_path / "dist" / name).write_text(name)
    (tmp_path / "dist/onrecord-0.1.0.md").write_text("### Added\n\n- A “tent”.\n", "utf-8")
    said: dict[str, bytes] = {}

    class Handler(Quiet):
        def answer(self) -> None:
            assert self.headers["JOB-TOKEN"] == "secret"
            length = int(self.headers["Content-Length"])
            said[f"{self.command} {self.path}"] = self.rfile.read(length)
            self.send_response(201)
            self.end_headers()

        do_POST = do_PUT = answer

    with serving(Handler) as address:
        api = f"{address}/api/v4"
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", "\n".join(jobs["release-page"]["script"])],
            cwd=tmp_path,
            env={
                **os.environ,
                "CI_API_V4_URL": api,
                "CI_PROJECT_ID": "5",
                "CI_COMMIT_TAG": "v0.1.0",
                "CI_JOB_TOKEN": "secret",
            },
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    page = json.loads(said.pop("POST /api/v4/projects/5/releases"))
    files = "projects/5/packages/generic/onrecord/0.1.0"
    assert {*said} == {f"PUT /api/v4/{files}/{name}" for name in names}
    assert (page["tag_name"], page["name"]) == ("v0.1.0", "v0.1.0")
    assert page["description"] == "### Added\n\n- A “tent”.\n"
    assert page["assets"]["links"] == [{"name": n, "url": f"{api}/{files}/{n}"} for n in names]


def test_gitlab_keeps_no_token_for_an_upload() -> None:
    jobs = yaml.safe_load((ROOT / ".gitlab-ci.yml").read_text(encoding="utf-8"))
    upload = jobs["upload"]
    assert upload["id_tokens"] == {"PYPI_ID_TOKEN": {"aud": "pypi"}}
    assert (upload["needs"], upload["environment"], upload["cache"]) == (["release"], "release", [])
    assert not re.search(r"make|hooks/|\.ci/", "".join(upload["script"]))
    for name in ("release", "upload", "release-page"):
        assert jobs[name]["rules"] == [{"if": r"$CI_COMMIT_TAG =~ /^v\d/"}]
