"""Each gate of the Makefile and of the pipelines can fail: it is run on what it must refuse."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from building import PLAIN, Base
from making import make

ROOT = Path(__file__).parents[2]
ASSETS = "hooks/onrecord/site/pages/assets"
PIPELINES = [
    *sorted(ROOT.glob("hooks/onrecord/drafting/starter/dot-github/workflows/*.yml")),
    ROOT / "hooks/onrecord/drafting/starter/dot-gitlab-ci.yml",
]
STRICT = re.compile(
    r"(?m)(?:- |run: |^ +|@)((?:[A-Z_]+=\S+ )?\S*(?:mkdocs|properdocs) build --strict.*)$"
)


@pytest.fixture
def small(tmp_path: Path) -> Base:
    """A site with one page, and the Makefile of this project."""
    base = Base(tmp_path)
    shutil.copy(ROOT / "Makefile", tmp_path)
    base.configure({**PLAIN, "hooks": [], "extra": {"onrecord": {"search": False}}})
    base.write("docs/index.md", "# Home\n\n[To the guide](guide.md)\n")
    base.write("docs/guide.md", "# Guide\n")
    base.write("decisions/README.md", "# Decisions\n")
    return base


def with_a_broken_link(base: Base) -> None:
    base.write("docs/index.md", "# Home\n\n[To the guide](gone.md)\n")


@pytest.mark.parametrize("gate", ["check-site", "check-properdocs"])
def test_a_broken_link_stops_the_strict_build(small: Base, gate: str) -> None:
    # A theme that both tools have, and that costs next to nothing.
    small.configure({**PLAIN, "theme": {"name": None, "custom_dir": "look"}})
    small.write("look/main.html", "<title>{{ page.title }}</title>{{ page.content }}")
    small.write("look/404.html", "Not found")
    good = make(small.root, gate)
    assert good.returncode == 0, good.stdout + good.stderr
    with_a_broken_link(small)
    bad = make(small.root, gate)
    assert bad.returncode != 0, bad.stdout + bad.stderr
    assert "gone.md" in bad.stdout + bad.stderr


@pytest.mark.parametrize("gate", ["check-site", "check-properdocs"])
def test_a_site_without_our_hooks_is_refused(small: Base, gate: str) -> None:
    assert make(small.root, gate).returncode != 0


def strict_builds(pipeline: Path) -> list[str]:
    return STRICT.findall(pipeline.read_text())


def test_the_pipelines_of_a_new_base_build_strictly() -> None:
    built = [line for pipeline in PIPELINES for line in strict_builds(pipeline)]
    assert len(built) == 4  # of a request and of a merge, on two forges


@pytest.mark.parametrize(
    "line", sorted({line for pipeline in PIPELINES for line in strict_builds(pipeline)})
)
def test_a_broken_link_stops_a_pipeline(small: Base, line: str) -> None:
    with_a_broken_link(small)
    tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-e", "-c", line],
        cwd=small.root,
        env={**os.environ, "PATH": tools},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "gone.md" in done.stdout + done.stderr


def test_no_strict_build_is_quiet() -> None:
    """`--quiet` hides the warnings that `--strict` counts: the build then always passes."""
    texts = [ROOT / "Makefile", *ROOT.glob(".github/workflows/*.yml"), ROOT / ".gitlab-ci.yml"]
    lines = [
        line
        for path in [*texts, *PIPELINES]
        for line in path.read_text().splitlines()
        if "build --strict" in line
    ]
    assert len(lines) >= 5
    assert [line for line in lines if re.search(r"\s(-q|--quiet)\b", line)] == []


def test_a_finding_stops_the_check_of_records(small: Base) -> None:
    small.write("decisions/2026/a.md", "---\ntitle: A\nstage: asess\n---\n")
    assert make(small.root, "check-records").returncode != 0


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """A copy of what deno reads, with its settings and the Makefile."""
    for name in ("Makefile", "deno.json"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / ASSETS, tmp_path / ASSETS)
    return tmp_path


FAULTS = [
    ("check-format", "search/dom.js", "const  a = 'b'\n"),
    ("check-format", "tables.css", ".or-a{color:red}\n"),
    ("check-lint", "search/dom.js", "let unused = 1;\n"),
    ("check-format", "again.py", "a  = 1\n"),
    ("check-lint", "again.py", "import os\n"),
]


@pytest.mark.parametrize("gate", ["check-format", "check-lint"])
def test_what_is_committed_passes(scripts: Path, gate: str) -> None:
    (scripts / "empty.py").touch()
    done = make(scripts, gate)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("gate", "file", "fault"), FAULTS)
def test_a_fault_of_form_or_sense_is_refused(
    scripts: Path, gate: str, file: str, fault: str
) -> None:
    (scripts / "empty.py").touch()
    with (scripts / ASSETS / file).open("a") as stream:
        stream.write(fault)
    assert make(scripts, gate).returncode != 0


@pytest.mark.parametrize("fails", ["", "onrecord", "deno", "lint-imports", "python"])
def test_one_failed_check_fails_them_all(tmp_path: Path, fails: str) -> None:
    """Every check is run, and `make test` fails, whichever of the tools finds something."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    venv = tmp_path / "venv"
    tools = [venv / "bin" / name for name in ("python", "onrecord", "deno", "lint-imports")]
    for tool in [*tools, tmp_path / ".ci/browser"]:
        tool.parent.mkdir(exist_ok=True, parents=True)
        tool.write_text(f"#!/bin/sh\nexit {int(tool.name == fails)}\n")
        tool.chmod(0o755)
    (tmp_path / "requirements").mkdir()
    # What is set up is newer than what it is set up from.
    for name in ("pyproject.toml", "requirements/site.txt", "requirements/test.txt",
                 "venv/.ready-site", "venv/.ready-test"):  # fmt: skip
        (tmp_path / name).touch()
    done = make(tmp_path, "test", f"VENV={venv}")
    assert (done.returncode != 0) is bool(fails), done.stdout + done.stderr
    assert ("Failed: " in done.stdout) is bool(fails)
    assert done.stdout.count("== ") == 8


def test_a_step_that_may_fail_says_why() -> None:
    """`|| true` and its like are in a pipeline only where a job goes on without."""
    pipelines = [*ROOT.glob(".github/workflows/*.yml"), ROOT / ".gitlab-ci.yml", *PIPELINES]
    loose = []
    for path in pipelines:
        for name, job in jobs(path).items():
            drop_board(job)
            # In an expression of Actions `||` gives a value, and hides no failure.
            text = re.sub(r"\$\{\{.*?\}\}", "", yaml.safe_dump(job), flags=re.DOTALL)
            if re.search(r"\|\| |continue-on-error: true|allow_failure: true", text):
                loose.append(name)
    # None publishes the site or checks it.
    assert set(loose) == {"status", "comment", "tell", "tell-hourly", "gather", "collect"}
    # `collect` keeps what failed, commits the rest, and then fails.


def drop_board(job: object) -> None:
    """Leave out the step that lists the open requests: the site is published without the list."""
    for steps in job.values() if isinstance(job, dict) else ():
        if isinstance(steps, list):
            steps[:] = [step for step in steps if "gather --open" not in str(step)]


def jobs(path: Path) -> dict[str, object]:
    read = yaml.safe_load(path.read_text().replace("@@branch@@", "main"))
    return dict(read.get("jobs") or {k: v for k, v in read.items() if isinstance(v, dict)})
