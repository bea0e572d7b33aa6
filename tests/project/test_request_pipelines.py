"""The pipelines of a request, run as the forges would run them: from a branch to its comment."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from onrecord import __version__
from onrecord.cli import main
from onrecord.forges.comment import STATUS_MARK

ROOT = Path(__file__).parents[2]
STARTER = ROOT / "hooks/onrecord/drafting/starter"
PROJECT = "https://forge.example/team/handbook"
DECISION = """---
title: Answer on weekends
stage: assess
owner: decision-keeper
entered: {assess: 2026-10-05}
---

# Answer on weekends

## Problem

Tickets pile up over the weekend.
"""


def shell(folder: Path, script: str, **names: str) -> str:
    """Run a step as a forge's shell does, where the first failing command ends it."""
    people = {f"GIT_{who}_{what}": "ana@x.example" for who in ("AUTHOR", "COMMITTER")
              for what in ("NAME", "EMAIL")}  # fmt: skip
    tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, **people, "PATH": tools, "ONRECORD_TODAY": "2026-10-06", **names},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"
    return done.stdout.strip()


@pytest.fixture
def proposal(tmp_path: Path) -> Path:
    """A new knowledge base, and a branch of it that proposes a decision and changes the home."""
    root = tmp_path / "handbook"
    result = CliRunner().invoke(main, ["--today", "2026-10-05", "init", str(root)])
    assert result.exit_code == 0, result.output
    shell(root, "git init -q -b main && git add . && git commit -qm begin")
    shell(root, "git switch -q -c weekends")
    (root / "decisions/2026/answer-on-weekends.md").write_text(DECISION)
    with (root / "docs/index.md").open("a") as home:
        home.write("\nWe answer on weekends.\n")
    shell(root, "git add . && git commit -qm propose")
    return root


def expect(comment: str, sha: str) -> None:
    assert comment.startswith(f"{STATUS_MARK}\n")
    assert "1 decision, 2 files in all: **no findings**, 1 gate still closed." in comment
    path = "decisions/2026/answer-on-weekends.md"
    assert f"[`{path}`]({PROJECT}/" in comment
    assert f"/blob/{sha}/{path})" in comment
    assert "- the section “Proposal” is missing (decision-keeper): `## Proposal`" in comment


def test_on_github_the_build_writes_the_comment_and_a_preview(proposal: Path) -> None:
    text = (proposal / ".github/workflows/onrecord-status.yml").read_text()
    (job,) = yaml.safe_load(text)["jobs"].values()
    sha = shell(proposal, "git rev-parse HEAD")
    filled = {
        "github.event.pull_request.base.sha": shell(proposal, "git rev-parse main"),
        "github.event.pull_request.head.sha": sha,
        "github.server_url": "https://forge.example",
        "github.repository": "team/handbook",
        "steps.build.outcome": "success",
        "steps.preview.outputs.artifact-url": f"{PROJECT}/actions/runs/1/artifacts/2",
    }
    for step in job["steps"]:
        if "run" in step and not step["run"].startswith("pip "):
            names = {
                name: with_values(value, filled) for name, value in step.get("env", {}).items()
            }
            shell(proposal, step["run"], **names)
    uploaded = [s["with"]["path"] for s in job["steps"] if "upload" in s.get("uses", "")]
    assert all((proposal / path).is_dir() for path in uploaded)
    assert [p.name for p in (proposal / "comment").iterdir()] == ["comment.md"]
    comment = (proposal / "comment/comment.md").read_text()
    expect(comment, sha)
    assert f"({PROJECT}/actions/runs/1/artifacts/2)" in comment
    page = "decisions/2026/answer-on-weekends.html"
    assert f"- Answer on weekends: `{page}`" in comment
    assert "- Handbook: `index.html`" in comment
    assert "Tickets pile up" in (proposal / "preview" / page).read_text()
    with pytest.raises(AssertionError):
        shell(proposal, job["steps"][-1]["run"], BUILT="failure")


def test_our_action_checks_and_writes_the_comment(proposal: Path, tmp_path: Path) -> None:
    """Its steps, but for the set-up: OnRecord is taken from the checkout of the action."""
    sha = shell(proposal, "git rev-parse HEAD")
    filled = {
        "github.action_path": str(ROOT),
        "github.event.pull_request.base.sha": shell(proposal, "git rev-parse main"),
        "github.event.pull_request.head.sha": sha,
        "github.server_url": "https://forge.example",
        "github.repository": "team/handbook",
    }
    python = tmp_path / "onrecord/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    # A file of the proposal that would be taken for one of Python's is never run.
    (proposal / "click.py").write_text("raise SystemExit('the code of a proposal was run')\n")
    steps = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    check, write = [s for s in steps if "run" in s and "-m pip" not in s["run"]]
    for step in (check, write):
        step["env"] = {name: with_values(value, filled) for name, value in step["env"].items()}
        shell(proposal, step["run"], RUNNER_TEMP=str(tmp_path), **step["env"])
    expect((tmp_path / "comment/comment.md").read_text(), sha)
    (proposal / "decisions/2026/wrong.md").write_text("---\ntitle: A\nstage: asess\n---\n")
    with pytest.raises(AssertionError, match=r"::error file=decisions/2026/wrong\.md"):
        shell(proposal, check["run"], RUNNER_TEMP=str(tmp_path), **check["env"])


def test_our_action_posts_with_the_script_of_a_new_base() -> None:
    file = ROOT / ".github/actions/comment/action.yml"
    step = yaml.safe_load(file.read_text())["runs"]["steps"][-1]
    found = re.search(r'"\$ACTION/([^"]+)"', step["run"])
    assert found
    assert (file.parent / found[1]).resolve() == STARTER / "dot-ci/onrecord_comment.py"
    assert step["working-directory"] == "${{ runner.temp }}/comment"
    assert step["run"].startswith("python3 -I ")


def component() -> dict[str, Any]:
    """The jobs of our component for GitLab, with its inputs as they are when nobody sets them."""
    spec, _, jobs = (ROOT / "templates/onrecord.yml").read_text().partition("\n---\n")
    inputs = yaml.safe_load(spec)["spec"]["inputs"]
    assert all(one["description"].endswith(".") for one in inputs.values())
    named = set(re.findall(r"\$\[\[ inputs\.(\w+) \]\]", jobs))
    assert named == inputs.keys()
    for name, one in inputs.items():
        jobs = jobs.replace(f"$[[ inputs.{name} ]]", one["default"])
    assert "$[[" not in jobs
    return dict(yaml.safe_load(jobs))


def test_our_component_checks_and_writes_the_comment(proposal: Path) -> None:
    jobs = component()
    sha = shell(proposal, "git rev-parse HEAD")
    names = {
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": shell(proposal, "git rev-parse main"),
        "CI_PROJECT_URL": PROJECT,
        "CI_COMMIT_SHA": sha,
    }
    said = []
    for name in ("onrecord-check", "status"):
        install, *script = jobs[name]["script"]
        assert install == 'pip install --quiet "$ONRECORD_REQUIREMENT"'
        assert jobs[name]["variables"]["ONRECORD_REQUIREMENT"] == f"onrecord~={__version__}"
        said.append(shell(proposal, "\n".join(script), **names))
    assert said[0].startswith("No findings: ")
    expect((proposal / "comment.md").read_text().replace("/-/blob/", "/blob/"), sha)


def test_our_component_keeps_the_token_from_what_a_request_brings() -> None:
    jobs = component()
    comment = jobs["comment"]
    assert comment["rules"] == yaml.safe_load((STARTER / "dot-gitlab-ci.yml").read_text())[
        "comment"]["rules"]  # fmt: skip
    assert (comment["before_script"], comment["cache"]) == ([], [])
    assert comment["script"] == ['python3 -I "$ONRECORD_SCRIPT"']
    assert comment["variables"] == {"ONRECORD_SCRIPT": ".ci/onrecord_comment.py"}
    assert "ONRECORD_TOKEN" not in str(jobs)


def with_values(value: Any, filled: dict[str, str]) -> str:
    text = str(value)
    for name, instead in filled.items():
        text = text.replace(f"${{{{ {name} }}}}", instead)
    assert "${{" not in text
    return text


def test_on_gitlab_the_job_writes_the_comment_and_needs_no_token(proposal: Path) -> None:
    jobs = yaml.safe_load((proposal / ".gitlab-ci.yml").read_text())
    job = jobs["status"]
    sha = shell(proposal, "git rev-parse HEAD")
    names = {
        "GITLAB_CI": "true",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": shell(proposal, "git rev-parse main"),
        "CI_PROJECT_URL": PROJECT,
        "CI_PROJECT_ID": "7",
        "CI_COMMIT_SHA": sha,
        "CI_JOB_ID": "12",
    }
    assert job["needs"] == ["check"]  # whose site it shows
    shell(proposal, "\n".join(jobs["check"]["script"]), **names)
    assert jobs["check"]["artifacts"] == {
        "when": "always",
        "paths": ["preview/"],
        "expire_in": "1 day",
    }
    shell(proposal, "\n".join(job["script"]), **names)
    for path in job["artifacts"]["paths"]:
        assert (proposal / path).exists()
    comment = (proposal / "comment.md").read_text()
    expect(comment, sha)
    page = "decisions/2026/answer-on-weekends.html"
    link = f"{PROJECT}/-/jobs/12/artifacts/file/preview/{page}"
    assert f"- [Answer on weekends]({link})" in comment
    assert (proposal / "preview" / page).is_file()


def test_the_site_of_a_request_is_built_once() -> None:
    built = []
    for name in ("onrecord.yml", "onrecord-status.yml"):
        text = (STARTER / "dot-github/workflows" / name).read_text().replace("@@branch@@", "main")
        steps = [s for job in yaml.safe_load(text)["jobs"].values() for s in job["steps"]]
        built += [
            (name, step["run"])
            for step in steps
            if "mkdocs build" in step.get("run", "")
            and step.get("if") != "github.event_name != 'pull_request'"
        ]
    build = "mkdocs build --strict --no-directory-urls --site-dir preview"
    assert built == [("onrecord-status.yml", build)]
    jobs = yaml.safe_load((STARTER / "dot-gitlab-ci.yml").read_text())
    rule = '$CI_PIPELINE_SOURCE == "merge_request_event"'
    of_requests = [
        line
        for job in jobs.values()
        if isinstance(job, dict) and any(one.get("if") == rule for one in job.get("rules", ()))
        for line in job.get("script", ())
        if "mkdocs build" in line
    ]
    assert of_requests == [build]
