"""The project's own files: the lock, the commands that are named, what must never be committed."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from onrecord.forges.comment import STATUS_MARK

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
STARTER = ROOT / "hooks/onrecord/drafting/starter"
STARTER_LOCK = STARTER / "requirements.lock"
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", re.IGNORECASE)


def committed() -> list[Path]:
    """Every file that git keeps, or would keep once it is added."""
    said = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for name in said.stdout.split("\0") if name and (path := ROOT / name).is_file()]


# The lock.


def pins(lock: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in lock.read_text().splitlines():
        if match := PINNED.match(line):
            found.setdefault(match[1], set()).add(match[2])
    return found


def test_there_is_a_lock_for_the_core_the_site_and_the_tests() -> None:
    assert [lock.stem for lock in LOCKS] == ["core", "site", "test"]


FORGES = ROOT / "requirements/forges"


def test_what_runs_on_node_is_pinned_by_its_hash_and_no_line_says_where_from() -> None:
    asked = json.loads((FORGES / "package.json").read_text())["devDependencies"]
    lock = json.loads((FORGES / "package-lock.json").read_text())["packages"]
    assert asked == lock[""]["devDependencies"]
    locked = {name: one for name, one in lock.items() if name}
    assert {name: one["version"] for name, one in locked.items() if name[13:] in asked} == {
        f"node_modules/{name}": version for name, version in asked.items()
    }
    assert [name for name, one in locked.items() if "integrity" not in one] == []
    assert [name for name, one in locked.items() if "resolved" in one] == []


@pytest.mark.parametrize(
    "lock", [*LOCKS, STARTER_LOCK, FORGES / "python.txt"], ids=lambda lock: lock.stem
)
def test_each_pin_has_a_hash_and_no_line_says_where_from(lock: Path) -> None:
    text = lock.read_text()
    entries = re.split(r"(?m)^(?=[A-Za-z0-9])", text)[1:]
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert [entry.split()[0] for entry in entries if not PINNED.match(entry)] == []
    options = [line for line in text.splitlines() if re.match(r"\s*-", line)]
    assert [line for line in options if not line.strip().startswith("--hash=sha256:")] == []
    assert "://" not in text


def test_the_locks_pin_the_same_releases() -> None:
    core, site, test = map(pins, LOCKS)
    assert core.items() <= site.items() <= test.items()
    assert core.items() <= pins(STARTER_LOCK).items() <= site.items()


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = {
        "core": project["project"]["dependencies"],
        "site": project["project"]["optional-dependencies"]["site"],
        "test": project["dependency-groups"]["test"],
    }
    for lock in LOCKS:
        names = {re.split(r"[<>=!~\[; ]", wish)[0].lower() for wish in asked[lock.stem]}
        assert names - pins(lock).keys() == set()
        if lock.stem == "site":
            assert names - pins(STARTER_LOCK).keys() == set()


# What is named exists.


def make_targets() -> set[str]:
    return set(re.findall(r"(?m)^([a-z][a-z-]*):", (ROOT / "Makefile").read_text()))


COMMAND = re.compile(r"(?m)(?:`|^|- |run: |exec |    )make ([a-z][a-z-]*)")


def test_every_make_command_that_a_text_names_exists() -> None:
    texts = [path for path in committed() if path.suffix == ".md" or path.name == "Makefile"]
    texts = [path for path in texts if not path.is_relative_to(ROOT / "tests")]  # made to be wrong
    texts += [ROOT / ".ci/run", *(ROOT / ".github").rglob("*.yml"), ROOT / ".gitlab-ci.yml"]
    named = {
        (word, text.relative_to(ROOT).as_posix())
        for text in texts
        for word in re.findall(
            r"(?:`|^|- |run: |exec |    )make ([a-z][a-z-]*)", text.read_text("utf-8"), re.M
        )
    }
    targets = make_targets() | {"check-" + name for name in make_checks()}
    assert {word for word, _ in named} >= {"site", "test"}
    assert {(word, text) for word, text in named if word not in targets} == set()


def make_checks() -> list[str]:
    found = re.search(r"(?m)^CHECKS := (.*)$", (ROOT / "Makefile").read_text())
    assert found
    return found[1].split()


def test_make_alone_lists_every_command_with_its_meaning() -> None:
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    listed = re.findall(r"(?m)^  make ([a-z-]+) +\S", said)
    hidden = {"browser", "setup-site", *(f"check-{name}" for name in make_checks())}
    assert set(listed) == make_targets() - hidden


def test_the_pipeline_runs_the_same_command_as_a_person() -> None:
    assert (ROOT / ".ci/run").read_text().rstrip().endswith("make test")
    for path in (".ci/run", ".ci/python", ".ci/browser"):
        assert (ROOT / path).stat().st_mode & 0o111, f"{path} can't be run"


def test_a_machine_without_python_is_told_what_to_do(tmp_path: Path) -> None:
    done = subprocess.run(
        ["/bin/sh", ROOT / ".ci/python"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "3.11 or newer" in done.stderr


def _browser_found(**environment: str) -> str:
    """What `.ci/browser` prints where this is all of the environment."""
    command = ["/bin/sh", ROOT / ".ci/browser"]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False
    ).stdout


def _browser(path: Path) -> Path:
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_a_browser_that_is_named_is_taken(tmp_path: Path) -> None:
    browser = _browser(tmp_path / "my browser")
    assert _browser_found(PATH="", ONRECORD_BROWSER=str(browser)) == f"{browser}\n"


def test_a_browser_without_windows_is_taken_first(tmp_path: Path) -> None:
    for name in ("chromium", "chromium-headless-shell", "google-chrome"):
        _browser(tmp_path / name)
    for name in ("chromium-headless-shell", "chromium"):
        assert _browser_found(PATH=str(tmp_path)) == f"{tmp_path / name}\n"
        (tmp_path / name).unlink()


WORKFLOWS = [
    *sorted((ROOT / ".github/workflows").glob("*.yml")),
    *sorted((STARTER / "dot-github/workflows").glob("*.yml")),
]
ACTIONS = [ROOT / "action.yml", *sorted((ROOT / ".github/actions").rglob("action.yml"))]
"""What other repositories run of this one."""

# The upload is the one step that GitHub's own actions don't do.
USED = re.compile(
    r"(?:actions/[a-z-]+(?:/[a-z]+)?|pypa/gh-action-pypi-publish)"
    r"@[0-9a-f]{40}  # v\d+\.\d+\.\d+"
)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_a_workflow_asks_for_little_and_names_actions_by_their_commit(path: Path) -> None:
    text = path.read_text().replace("@@branch@@", "main")
    workflow = yaml.safe_load(text)
    commenting = {"actions": "read", "contents": "read", "pull-requests": "write"}
    little = {
        "onrecord-comment.yml": commenting,
        "onrecord-collect.yml": {
            "contents": "write",
            "issues": "read",
            "pull-requests": "write",
        },
        "onrecord-gather.yml": {
            "actions": "write",  # what a push of a workflow doesn't start
            "contents": "write",
            "pull-requests": "write",
        },
        "onrecord-tell.yml": {"actions": "read", "contents": "read"},  # when it last ran
    }
    if STARTER in path.parents:
        little["onrecord.yml"] = {"contents": "read", "pull-requests": "read"}  # for the board
    assert workflow["permissions"] == little.get(path.name, {"contents": "read"})
    assert "pull_request_target" not in workflow[True]  # YAML 1.1 reads `on` as a truth
    allowed = {"publish": {"pages": "write", "id-token": "write"}}
    if path.name == "release.yml":
        allowed = {
            "upload": {"id-token": "write", "attestations": "write"},
            "page": {"contents": "write"},
        }
    steps = []
    for name, job in workflow["jobs"].items():
        assert job.get("permissions") == allowed.get(name)
        steps += job["steps"]
    assert steps
    assert all("run" in step or "uses" in step for step in steps)
    for step in steps:
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
    named = re.findall(r"(?m)uses: (.*)$", text)
    assert [use for use in named if not USED.fullmatch(use)] == []


def test_an_action_is_of_one_release_everywhere() -> None:
    texts = "".join(path.read_text() for path in [*WORKFLOWS, *ACTIONS])
    used = set(re.findall(r"uses: (actions/[a-z-]+)(?:/[a-z]+)?@(\S+)  # (\S+)", texts))
    assert len(used) == len({name for name, *_ in used}) > 1


@pytest.mark.parametrize("path", ACTIONS, ids=lambda path: path.parent.name)
def test_our_own_actions_name_others_by_their_commit(path: Path) -> None:
    text = path.read_text()
    action = yaml.safe_load(text)
    assert action["name"]
    assert action["description"].endswith(".")
    assert action["runs"]["using"] == "composite"
    steps = action["runs"]["steps"]
    # A composite step needs its shell; what others may name reaches it as a variable alone.
    assert [s for s in steps if "run" in s and (s["shell"] != "bash" or "${{" in s["run"])] == []
    assert all("run" in step or "uses" in step for step in steps)
    assert [use for use in re.findall(r"(?m)uses: (.*)$", text) if not USED.fullmatch(use)] == []
    assert "secrets." not in text


def test_no_code_of_ours_runs_where_a_release_is_uploaded() -> None:
    release = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())
    assert release[True] == {"push": {"tags": ["v*"]}}
    jobs = release["jobs"]
    assert [(name, job.get("needs")) for name, job in jobs.items()] == [
        ("build", None),
        ("upload", "build"),
        ("page", "upload"),
    ]
    for name in ("upload", "page"):
        steps = jobs[name]["steps"]
        assert [s for s in steps if s.get("uses", "").startswith("actions/checkout@")] == []
        assert not re.search(r"make|pip|python", "".join(s.get("run", "") for s in steps))
    assert [s["run"] for s in jobs["build"]["steps"] if "run" in s] == [
        "bash .ci/run",
        'make release TAG="$TAG"',
    ]
    assert "${{" not in "".join(s.get("run", "") for job in jobs.values() for s in job["steps"])


def test_only_the_branch_writes_the_cache_and_has_its_secret() -> None:
    on_the_branch = "github.ref == 'refs/heads/main'"
    for name in ("onrecord.yml", "onrecord-status.yml"):
        file = STARTER / "dot-github/workflows" / name
        text = file.read_text(encoding="utf-8").replace("@@branch@@", "main")
        steps = [s for job in yaml.safe_load(text)["jobs"].values() for s in job["steps"]]
        used = [s.get("uses", "").partition("@")[0] for s in steps]
        assert used.count("actions/cache/restore") == 1
        assert "actions/cache" not in used  # which writes at the end of any run
        saved = [s["if"] for s in steps if s.get("uses", "").startswith("actions/cache/save@")]
        assert saved == ([on_the_branch] if name == "onrecord.yml" else [])
        secrets = re.findall(r"\$\{\{[^}]*secrets\.[^}]*\}\}", text)
        assert all(one.startswith("${{ " + on_the_branch + " && ") for one in secrets)
    jobs = yaml.safe_load((STARTER / "dot-gitlab-ci.yml").read_text(encoding="utf-8"))
    assert jobs["default"]["cache"]["policy"] == "pull"
    writing = [n for n, job in jobs.items() if "push" in str((job or {}).get("cache", ""))]
    assert writing == ["pages"]
    assert jobs["variables"]["ONRECORD_CACHE"].endswith(jobs["pages"]["cache"]["paths"][0])


@pytest.mark.parametrize("name", ["onrecord.yml", "onrecord-status.yml"])
def test_a_new_base_installs_what_its_lock_names_with_hashes(name: str) -> None:
    workflow = yaml.safe_load(
        (STARTER / "dot-github/workflows" / name).read_text().replace("@@branch@@", "main")
    )
    pipeline = yaml.safe_load((STARTER / "dot-gitlab-ci.yml").read_text().replace("@@", ""))
    for lines in (
        [line for job in workflow["jobs"].values() for step in job["steps"]
         for line in step.get("run", "").splitlines()],
        pipeline["default"]["before_script"],
    ):  # fmt: skip
        installs = [line.replace(" --quiet", "") for line in lines if line.startswith("pip ")]
        assert installs == [
            "pip install --require-hashes -r requirements.lock",
            "pip install -r requirements.txt",
        ]


def test_gitlab_runs_the_same_command_as_a_person() -> None:
    pipeline = yaml.safe_load((ROOT / ".gitlab-ci.yml").read_text())
    assert pipeline["test"]["script"] == ["bash .ci/run"]


# What must never be committed.

# Put together here, so that this file doesn't hold what it looks for.
INDEX_HOSTS = ["pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "npmjs" + ".com"]
HOMES = r"(?<![\w.~])/(?:" + "|".join(["home", "Users", "root"]) + r")/\w"


def test_no_file_names_this_machine_or_a_package_index() -> None:
    wrong = re.compile(
        "|".join([*map(re.escape, INDEX_HOSTS), HOMES, re.escape(f"{ROOT}") + r"(?!\w)"])
    )
    found = []
    for path in committed():
        text = path.read_bytes().decode("utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), start=1):
            if wrong.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert found == []


WITH_STARTER = [ROOT, ROOT / "hooks/onrecord/drafting/starter"]
"""Our own workflows, and those that `onrecord init` writes."""


def workflow(top: Path, name: str) -> tuple[str, Any]:
    folder = top / (".github" if top == ROOT else "dot-github") / "workflows"
    text = (folder / name).read_text()
    return text, yaml.safe_load(text)


@pytest.mark.parametrize("top", WITH_STARTER, ids=["own", "starter"])
def test_what_may_write_comments_never_runs_what_a_pull_request_brings(top: Path) -> None:
    text, comment = workflow(top, "onrecord-comment.yml")
    assert comment[True].keys() == {"workflow_run"}  # YAML 1.1 reads `on` as a truth
    (job,) = comment["jobs"].values()
    assert "workflow_run.event == 'pull_request'" in job["if"]
    checkout, download, post = job["steps"]
    assert checkout["with"]["ref"] == "${{ github.event.repository.default_branch }}"
    assert checkout["with"]["persist-credentials"] is False
    # What the request's build made lies apart from the script, and is no part of a command.
    assert download["with"]["path"].startswith("${{ runner.temp }}/")
    place = ".ci" if top != ROOT else "hooks/onrecord/drafting/starter/dot-ci"
    assert post["run"] == f'python3 -I "$GITHUB_WORKSPACE/{place}/onrecord_comment.py"'
    assert checkout["with"]["sparse-checkout"] == place
    assert all(re.search(r"@[0-9a-f]{40}$", step["uses"]) for step in (checkout, download))
    # What others may name, a branch for one, is part of no step.
    steps = json.dumps(job)
    assert "head_sha }}" not in text
    assert "head_branch" not in steps
    assert comment["concurrency"]["group"].count("${{ github.event.workflow_run.head_") == 2


@pytest.mark.parametrize("top", WITH_STARTER, ids=["own", "starter"])
def test_what_runs_a_pull_request_is_given_no_secret(top: Path) -> None:
    text, status = workflow(top, "onrecord-status.yml")
    assert status[True] == "pull_request"
    assert status["permissions"] == {"contents": "read"}
    assert "secrets." not in text
    assert "github.token" not in text
    (job,) = status["jobs"].values()
    assert "permissions" not in job
    assert job["steps"][0]["with"]["persist-credentials"] is False
    # What others may name, a branch for one, reaches a shell as a variable alone.
    assert [step["run"] for step in job["steps"] if "${{" in step.get("run", "")] == []
    _, comment = workflow(top, "onrecord-comment.yml")
    assert comment[True]["workflow_run"]["workflows"] == [status["name"]]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (".gitlab-ci.yml", "hooks/onrecord/drafting/starter/dot-ci"),
        ("hooks/onrecord/drafting/starter/dot-gitlab-ci.yml", ".ci"),
    ],
)
def test_a_merge_request_has_one_comment_and_a_preview(path: str, place: str) -> None:
    jobs = yaml.safe_load((ROOT / path).read_text())
    job = jobs["status"]
    assert [one["if"] for one in job["rules"]] == ['$CI_PIPELINE_SOURCE == "merge_request_event"']
    assert job["artifacts"]["expose_as"] == "Preview of the site"
    assert job["artifacts"]["paths"] == ["preview/", "comment.md"]
    assert "/artifacts/file/preview" in job["script"][-1]
    # Where the token is, no code of a request runs, and nothing is installed.
    comment = jobs["comment"]
    (rule,) = comment["rules"]
    assert '$CI_PIPELINE_SOURCE == "schedule"' in rule["if"]
    assert "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH" in rule["if"]
    assert comment["script"] == [f"python3 -I {place}/onrecord_comment.py"]
    assert (comment["before_script"], comment["cache"]) == ([], [])
    others = {name: one for name, one in jobs.items() if name != "comment"}
    assert "onrecord_comment" not in json.dumps(others)
    assert "ONRECORD_TOKEN" not in json.dumps(jobs)


def test_everyone_who_looks_for_the_comment_knows_its_first_line() -> None:
    script = (ROOT / "hooks/onrecord/drafting/starter/dot-ci/onrecord_comment.py").read_text()
    assert f'MARK = "{STATUS_MARK}"' in script
    assert not (ROOT / ".ci/onrecord_comment.py").exists()


# What helps those who propose something.


def test_pre_commit_runs_the_check_over_everything() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert hook["entry"] == "onrecord check"
    assert hook["language"] == "python"
    assert hook["pass_filenames"] is False  # a fault may be between two files
    guide = (ROOT / "docs/how-to/check-in-ci.md").read_text()
    assert f"- id: {hook['id']}\n" in guide


@pytest.mark.parametrize(
    "path", [".github/pull_request_template.md", ".gitlab/merge_request_templates/Default.md"]
)
def test_a_template_speaks_to_people_who_do_not_know_git(path: str) -> None:
    text = (ROOT / path).read_text()
    jargon = r"\b(git|branch|commit|rebase|diff|CI|pipeline|hunk|fork|repository)\b"
    assert re.findall(jargon, text) == []
    # Guidance is in comments, so that nobody has to delete it.
    shown = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    assert [line for line in shown.splitlines() if line] == [
        "**What changes, in one sentence:**",
        "**Who should look at it** (write their name with an @):",
    ]
