"""`onrecord init`: what it writes is complete, passes its own check, and leaves all else alone."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from datetime import date
from html import unescape
from pathlib import Path

import pytest
import yaml
from building import build_folder
from click.testing import CliRunner, Result
from markdown import Markdown
from repository import git

from onrecord.cli import main
from onrecord.drafting import knowledge_base
from onrecord.forges.hosts import forge_of
from onrecord.lifecycle.relations import relate
from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.records.reading import read_library

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 10, 5)


def onrecord(*words: str | Path, today: date = TODAY) -> Result:
    return CliRunner().invoke(main, ["--today", today.isoformat(), *map(str, words)])


def tree(folder: Path) -> dict[str, bytes]:
    files = (p for p in folder.rglob("*") if p.is_file() and ".git" not in p.parts)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


def advice(output: str, start: str) -> str:
    """The indented lines below the line of the next steps that starts so, as they are copied."""
    lines = iter(output.splitlines())
    next(line for line in lines if start in line)
    block = []
    for line in lines:
        if not line.startswith("       "):
            break
        block.append(line[7:])
    return "\n".join(block) + "\n"


def build_strictly(folder: Path) -> None:
    """Build the site as `mkdocs build --strict` does, which aborts at a warning."""
    build_folder(folder, folder / "site", TODAY.isoformat(), strict=True)
    is_a_site(folder)


def is_a_site(folder: Path) -> None:
    result = onrecord("--root", folder, "check", "--site", folder / "site")
    assert result.exit_code == 0, result.output


# What it writes.


def test_an_empty_folder_becomes_a_knowledge_base(tmp_path: Path) -> None:
    result = onrecord("init", tmp_path / "hand-book")
    assert result.exit_code == 0, result.output
    made = tree(tmp_path / "hand-book")
    assert sorted(made) == [
        ".agents/skills/onrecord/SKILL.md",
        ".ci/onrecord_comment.py",
        ".github/pull_request_template.md",
        ".github/workflows/onrecord-collect.yml",
        ".github/workflows/onrecord-comment.yml",
        ".github/workflows/onrecord-gather.yml",
        ".github/workflows/onrecord-status.yml",
        ".github/workflows/onrecord-tell.yml",
        ".github/workflows/onrecord.yml",
        ".gitignore",
        ".gitlab-ci.yml",
        ".gitlab/merge_request_templates/Default.md",
        ".vscode/extensions.json",
        ".vscode/onrecord.code-snippets",
        ".vscode/schemas/decision.json",
        ".vscode/schemas/handoff.json",
        ".vscode/schemas/metric.json",
        ".vscode/schemas/people.json",
        ".vscode/schemas/reply.json",
        ".vscode/schemas/role.json",
        ".vscode/settings.json",
        "AGENTS.md",
        "decisions/2026/answer-within-two-days.md",
        "decisions/2026/decide-in-writing.md",
        "decisions/2026/fill-the-newcomers-guide.md",
        "docs/how-we-decide.md",
        "docs/index.md",
        "hooks/mkdocs_events.py",
        "mkdocs.yml",
        "playbooks/decision-keeper/handoffs/2026-10-10-ana-to-bob.md",
        "playbooks/decision-keeper/index.md",
        "playbooks/decision-keeper/metrics/days-to-outcome.csv",
        "playbooks/decision-keeper/metrics/days-to-outcome.md",
        "playbooks/newcomers-guide/index.md",
        "requirements.lock",
        "requirements.txt",
    ]
    assert [path for path, data in made.items() if b"@@" in data] == []
    assert 'site_name: "Hand book"' in made["mkdocs.yml"].decode()


@pytest.mark.parametrize(
    "path",
    [
        ".github/pull_request_template.md",
        ".github/workflows/onrecord-comment.yml",
        ".gitlab/merge_request_templates/Default.md",
    ],
)
def test_a_new_base_comments_with_the_very_files_of_this_repository(
    tmp_path: Path, path: str
) -> None:
    onrecord("init", tmp_path)
    # Here the script is the starter's own, so that there is one.
    ours = (ROOT / path).read_text().replace("hooks/onrecord/drafting/starter/dot-ci", ".ci")
    assert (tmp_path / path).read_text() == ours


@pytest.mark.parametrize("today", [TODAY, date(2026, 1, 1), date(2026, 12, 31), date(2028, 2, 29)])
def test_the_starter_content_has_no_findings_on_any_day(tmp_path: Path, today: date) -> None:
    onrecord("init", tmp_path, today=today)
    result = onrecord("--root", tmp_path, "check", today=today)
    assert result.exit_code == 0, result.output
    assert result.output == "No findings: 3 decisions, 2 roles, 1 handoff, 1 metric.\n"


def test_the_starter_content_teaches_each_state(tmp_path: Path) -> None:
    onrecord("init", tmp_path)
    library = read_library(tmp_path)
    status = relate(library).status
    shown = {d.id: (str(status[d.id]), str(d.stage)) for d in library.decisions}
    assert shown == {
        "answer-within-two-days": ("open", "collaborate"),
        "decide-in-writing": ("accepted", "align"),
        "fill-the-newcomers-guide": ("open", "assess"),
    }
    assert {role.id: not role.holder for role in library.roles} == {
        "decision-keeper": False,
        "newcomers-guide": True,
    }
    assert [handoff.is_accepted for handoff in library.handoffs] == [False]
    assert [len(metric.values) for metric in library.metrics] == [4]


def test_the_starter_roles_pass_their_own_checks_of_what_is_written(tmp_path: Path) -> None:
    onrecord("init", tmp_path)
    roster = KnowledgeBase.open(tmp_path, TODAY).roster
    missing = {role: [c.name for c in found.missing] for role, found in roster.readiness_of.items()}
    assert missing == {
        "decision-keeper": ["Read-back"],
        "newcomers-guide": ["Holder", "Metric", "Backup"],
    }, "what is written is whole; the rest is for the team to do"


def test_an_example_can_be_advanced_as_the_page_says(tmp_path: Path) -> None:
    onrecord("init", tmp_path)
    path = tmp_path / "decisions/2026/answer-within-two-days.md"
    refused = onrecord("--root", tmp_path, "advance", "answer-within-two-days")
    assert refused.exit_code == 1
    assert "@carol" in refused.output
    text = path.read_text().replace("## Review", "- [ ] @carol: agreed.\n\n## Review")
    path.write_text(text)
    result = onrecord("--root", tmp_path, "advance", "answer-within-two-days")
    assert result.exit_code == 0, result.output
    assert "stage: review" in path.read_text()


def test_the_site_builds_strictly(tmp_path: Path) -> None:
    onrecord("init", tmp_path)
    build_strictly(tmp_path)


def test_the_site_builds_strictly_with_properdocs(tmp_path: Path) -> None:
    onrecord("init", tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "properdocs", "build", "--strict", "-f", "mkdocs.yml"],
        cwd=tmp_path,
        env=os.environ | {"ONRECORD_TODAY": TODAY.isoformat(), "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    is_a_site(tmp_path)


@pytest.mark.parametrize("name", ['R&D: "north" #1', "Ünï ✓", "- a: [b", "<b>&amp;</b> *c*"])
def test_any_name_is_shown_as_it_is(tmp_path: Path, name: str) -> None:
    onrecord("init", tmp_path, "--name", name)
    assert yaml.safe_load((tmp_path / "mkdocs.yml").read_text("utf-8"))["site_name"] == name
    heading = (tmp_path / "docs/index.md").read_text("utf-8").splitlines()[0]
    html = Markdown().convert(heading)
    assert "<" not in html.removeprefix("<h1>").removesuffix("</h1>")
    assert unescape(html) == f"<h1>{name}</h1>"


def test_the_hook_file_is_the_one_this_project_uses() -> None:
    made = dict(knowledge_base.files(knowledge_base.Setting(site_name="x", today=TODAY)))
    assert made[knowledge_base.HOOK_FILE] == (ROOT / "hooks/mkdocs_events.py").read_bytes()


# What it leaves alone.


def test_nothing_that_is_there_is_written_over(tmp_path: Path) -> None:
    onrecord("init", tmp_path)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            path.write_bytes(b"mine " + path.name.encode())
    before = tree(tmp_path)
    result = onrecord("init", tmp_path)
    assert result.exit_code == 0, result.output
    assert tree(tmp_path) == before
    assert "made" not in result.output


def test_a_second_run_changes_nothing_and_says_so(tmp_path: Path) -> None:
    onrecord("init", tmp_path)
    before = tree(tmp_path)
    result = onrecord("init", tmp_path, today=date(2026, 12, 24))
    assert tree(tmp_path) == before
    # What is in decisions/ and playbooks/ is not even looked at.
    assert re.fullmatch(r"Nothing was changed: \d+ files were there already\.\n", result.output)


def test_a_second_run_names_what_the_team_has_changed(tmp_path: Path) -> None:
    onrecord("init", tmp_path)
    (tmp_path / "requirements.txt").write_text("onrecord[site]\nmkdocs-redirects\n")
    said = onrecord("init", tmp_path).output
    assert said.startswith("kept  requirements.txt (it was there already)\nNothing was changed: ")
    assert "What to do next" not in said


def test_examples_that_were_deleted_stay_away(tmp_path: Path) -> None:
    onrecord("init", tmp_path)
    shutil.rmtree(tmp_path / "decisions")
    shutil.rmtree(tmp_path / "playbooks")
    result = onrecord("init", tmp_path)
    assert not (tmp_path / "decisions").exists()
    assert "made" not in result.output


def test_a_remote_that_came_later_is_told_of(tmp_path: Path) -> None:
    onrecord("init", tmp_path)
    git(tmp_path, "init", "-b", "main")
    git(tmp_path, "remote", "add", "origin", "git@github.com:team/handbook.git")
    said = onrecord("init", tmp_path).output
    assert advice(said, "file for editing. Add to it:") == (
        'repo_url: "https://github.com/team/handbook"\nedit_uri: "edit/main/docs/"\n'
    )


def test_records_that_are_there_get_no_examples_among_them(tmp_path: Path) -> None:
    (tmp_path / "decisions").mkdir()
    (tmp_path / "decisions/use-git.md").write_text("---\ntitle: Use git\nstage: assess\n---\n")
    result = onrecord("init", tmp_path)
    assert [p for p in tree(tmp_path) if p.startswith(("decisions", "playbooks"))] == [
        "decisions/use-git.md"
    ]
    assert "examples" not in result.output


def test_a_readme_stays_the_home_page(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/README.md").write_text("# Ours\n")
    onrecord("init", tmp_path)
    assert not (tmp_path / "docs/index.md").exists()
    build_strictly(tmp_path)


def test_a_mkdocs_site_becomes_one_by_the_lines_that_are_shown(tmp_path: Path) -> None:
    own = "site_name: Ours\ntheme: {name: material, font: false}\n"
    (tmp_path / "mkdocs.yml").write_text(own)
    (tmp_path / "requirements.txt").write_text("mkdocs-material\n")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text("# Ours\n")
    result = onrecord("init", tmp_path)
    assert (tmp_path / "mkdocs.yml").read_text() == own
    assert [p for p in tree(tmp_path) if p.startswith("docs/")] == ["docs/index.md"]
    assert advice(result.output, "requirements.txt was already there") == (
        f"onrecord[site]~={knowledge_base.__version__}\n"
    )
    lines = advice(result.output, "mkdocs.yml was already there")
    lines = lines.replace("  - Decisions:", "  - Home: index.md\n  - Decisions:")
    (tmp_path / "mkdocs.yml").write_text(own + lines)
    build_strictly(tmp_path)


def test_a_hook_file_of_another_kind_is_kept_and_ours_is_shown(tmp_path: Path) -> None:
    (tmp_path / "hooks").mkdir()
    (tmp_path / "hooks/mkdocs_events.py").write_text("def on_startup(**_): ...\n")
    result = onrecord("init", tmp_path)
    assert (tmp_path / "hooks/mkdocs_events.py").read_text() == "def on_startup(**_): ...\n"
    assert "from onrecord.site.mkdocs import" in result.output


def test_a_folder_that_cannot_be_made_is_said_not_thrown(tmp_path: Path) -> None:
    (tmp_path / "docs").write_text("a file, where a folder is due")
    result = onrecord("init", tmp_path)
    assert result.exit_code == 2
    assert "docs" in result.output
    assert isinstance(result.exception, SystemExit)


# What it knows of the repository.

GITHUB = ("https://github.com/team/handbook", "edit/main/docs/")
REMOTES = {
    "https://github.com/team/handbook.git": GITHUB,
    "https://github.com/team/handbook/": GITHUB,
    "git@github.com:team/handbook.git": GITHUB,
    "ssh://git@github.com:22/team/handbook": GITHUB,
    "ssh://git@ssh.github.com:443/team/handbook.git": GITHUB,
    "github.com:team/handbook": GITHUB,
    "https://ana:s3cret@github.com/team/handbook.git": GITHUB,
    "git@gitlab.com:group/sub/handbook.git": (
        "https://gitlab.com/group/sub/handbook",
        "-/edit/main/docs/",
    ),
    "https://gitlab.example.org:8443/group/handbook.git": (
        "https://gitlab.example.org:8443/group/handbook",
        "-/edit/main/docs/",
    ),
    "https://codeberg.org/team/handbook.git": (
        "https://codeberg.org/team/handbook",
        "_edit/main/docs/",
    ),
    "ssh://git@gitea.example.org:2222/team/handbook.git": (
        "https://gitea.example.org/team/handbook",
        "_edit/main/docs/",
    ),
    "git@git.example.org:team/handbook.git": None,
    "https://github.com/team": None,
    "https://github.com:port/team/handbook": None,
    'https://github.com/team/hand"book\nx: y': None,
    "file:///srv/github/handbook.git": None,
    "../github/handbook": None,
    "": None,
}


@pytest.mark.parametrize("remote", REMOTES)
def test_the_forge_is_told_from_the_remote(remote: str) -> None:
    forge = forge_of(remote)
    found = (forge.repo_url, forge.edit_uri("main")) if forge else None
    assert found == REMOTES[remote]


def site_of(folder: Path) -> Mapping[str, str]:
    loaded: Mapping[str, str] = yaml.safe_load((folder / "mkdocs.yml").read_text())
    return loaded


def test_edit_links_follow_the_remote_and_the_branch(tmp_path: Path) -> None:
    git(tmp_path, "init", "-b", "trunk")
    git(tmp_path, "remote", "add", "origin", "https://ana:s3cret@gitlab.com/team/handbook.git")
    onrecord("init", tmp_path)
    site = site_of(tmp_path)
    assert (site["repo_url"], site["edit_uri"]) == (
        "https://gitlab.com/team/handbook",
        "-/edit/trunk/docs/",
    )
    assert b"s3cret" not in b"".join(tree(tmp_path).values())


def test_the_workflow_publishes_the_branch_that_there_is(tmp_path: Path) -> None:
    git(tmp_path, "init", "-b", "trunk")
    onrecord("init", tmp_path)
    workflow = (tmp_path / ".github/workflows/onrecord.yml").read_text()
    assert "branches: [trunk]" in workflow


@pytest.mark.parametrize(
    ("remote", "there"),
    [
        ("git@github.com:team/handbook.git", {".github"}),
        ("git@gitlab.com:team/handbook.git", {".gitlab", ".gitlab-ci.yml"}),
        ("https://codeberg.org/team/handbook", {".github", ".gitlab", ".gitlab-ci.yml"}),
        ("git@git.example.org:team/handbook.git", {".github", ".gitlab", ".gitlab-ci.yml"}),
    ],
)
def test_only_the_files_of_the_forge_are_written_where_it_is_known(
    tmp_path: Path, remote: str, there: set[str]
) -> None:
    git(tmp_path, "init", "-b", "main")
    git(tmp_path, "remote", "add", "upstream", remote)  # whatever it is called
    onrecord("init", tmp_path)
    forges = {p.name for p in tmp_path.iterdir() if p.name.startswith((".github", ".gitlab"))}
    assert forges == there
    assert (tmp_path / ".ci/onrecord_comment.py").exists()


# What helps in an editor.


def test_the_snippets_are_the_drafts_with_places_to_type_in(tmp_path: Path) -> None:
    onrecord("init", tmp_path)
    made = json.loads((tmp_path / ".vscode/onrecord.code-snippets").read_text())
    typed = {"1": "ana", "2": "bob", "3": "carol"}
    places = {
        "decision": "decisions/2026/typed.md",
        "role": "playbooks/typed/index.md",
        "handoff": "playbooks/decision-keeper/handoffs/typed.md",
        "metric": "playbooks/decision-keeper/metrics/typed.md",
        "reply": "decisions/2026/typed/2026-10-04-ana.md",
    }
    assert {snippet["prefix"] for snippet in made.values()} == {f"onrecord-{k}" for k in places}
    for snippet in made.values():
        text = "\n".join(snippet["body"])
        text = re.sub(r"(?<!\\)\$\{(\d):[^}]*\}|\$(\d)", lambda m: typed[m[1] or m[2]], text)
        for name, value in (("YEAR", "2026"), ("MONTH", "10"), ("DATE", "04")):
            text = text.replace(f"$CURRENT_{name}", value)
        assert "$" not in re.sub(r"\\([$}\\])", "", text)
        place = tmp_path / places[snippet["prefix"].removeprefix("onrecord-")]
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text + "\n")
    (tmp_path / "playbooks/decision-keeper/metrics/typed.csv").write_text("date,value,note\n")
    found = onrecord("--root", tmp_path, "check").output
    assert found == "No findings: 4 decisions, 3 roles, 2 handoffs, 2 metrics.\n"


def test_the_editor_is_told_of_the_schemas_that_are_there(tmp_path: Path) -> None:
    onrecord("init", tmp_path)
    settings = json.loads((tmp_path / ".vscode/settings.json").read_text())
    for schema, file in settings["yaml.schemas"].items():
        assert (tmp_path / schema).is_file()
        assert file == "playbooks/people.yml"


# The site on the screen.


def test_init_serves_the_site_it_made(tmp_path: Path) -> None:
    program = "from onrecord.cli import main; main()"
    command = [sys.executable, "-c", program, "init", "hand-book", "--serve"]
    said = tmp_path / "said"
    with (
        said.open("w") as stream,
        subprocess.Popen(
            command,
            cwd=tmp_path,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "NO_MKDOCS_2_WARNING": "1"},
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
    ):
        try:
            address = None
            while address is None and process.poll() is None:
                address = re.search(r"Serving on (http://127\.0\.0\.1:\d+/)", said.read_text())
                time.sleep(0.1)
            assert address, said.read_text()
            with urllib.request.urlopen(address[1], timeout=60) as answer:
                page = answer.read().decode()
        finally:
            os.killpg(process.pid, signal.SIGTERM)  # SIGINT may be ignored in the background
    assert "<title>Hand book</title>" in page
    assert "We decide in writing, in five stages" in page


def test_a_site_that_was_there_is_not_served_before_it_names_our_hooks(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("site_name: Ours\n")
    result = onrecord("init", tmp_path, "--serve")
    assert result.exit_code == 2
    assert "take the first step" in result.output


def test_a_folder_inside_a_repository_is_in_its_edit_links(tmp_path: Path) -> None:
    git(tmp_path, "init", "-b", "main")
    git(tmp_path, "remote", "add", "origin", "git@github.com:team/handbook.git")
    result = onrecord("init", tmp_path / "team" / "record")
    assert site_of(tmp_path / "team/record")["edit_uri"] == "edit/main/team/record/docs/"
    assert "not the top of its repository" in result.output


def test_without_a_remote_the_forms_are_shown_in_comments(tmp_path: Path) -> None:
    onrecord("init", tmp_path)
    assert "repo_url" not in site_of(tmp_path)
    text = (tmp_path / "mkdocs.yml").read_text()
    for form in ("edit/main/docs/", "-/edit/main/docs/", "_edit/main/docs/"):
        assert f"# edit_uri: {form}" in text


# What runs on the forge.


def test_the_workflows_check_each_request_and_publish_what_is_merged(tmp_path: Path) -> None:
    onrecord("init", tmp_path)
    github = yaml.safe_load((tmp_path / ".github/workflows/onrecord.yml").read_text())
    events = github[True]  # YAML 1.1 reads `on` as a truth
    assert {"pull_request", "push", "schedule"} <= events.keys()
    assert "pull_request_target" not in events
    assert github["permissions"] == {"contents": "read", "pull-requests": "read"}  # for the board
    ran = [step.get("run") for step in github["jobs"]["check"]["steps"]]
    assert "onrecord check --format github" in ran
    assert "mkdocs build --strict" in ran
    assert github["jobs"]["publish"]["needs"] == "check"

    gitlab = yaml.safe_load((tmp_path / ".gitlab-ci.yml").read_text())
    for job in ("check", "pages"):
        assert "onrecord check" in gitlab[job]["script"]
    assert gitlab["pages"]["artifacts"] == {"paths": ["public"]}


def test_a_site_in_a_language_without_spaces_is_told_of_the_larger_search(tmp_path: Path) -> None:
    own = "site_name: 手册\ntheme:\n  name: material\n  language: zh\n"
    (tmp_path / "mkdocs.yml").write_text(own, encoding="utf-8")
    (tmp_path / "docs").mkdir()
    needs = tmp_path / "requirements.txt"
    needs.write_text("onrecord[site]\n# pagefind[extended]\n", encoding="utf-8")
    said = onrecord("init", tmp_path).output
    assert "Chinese, Japanese or Thai" in said
    assert advice(said, "finds a word inside").strip().endswith("pagefind[extended]")
    needs.write_text("onrecord[site]\npagefind[extended]\n", encoding="utf-8")
    assert "Thai" not in onrecord("init", tmp_path).output
    # Where there is none yet, the one that comes names it.
    needs.unlink()
    assert "Thai" not in onrecord("init", tmp_path).output
    assert "\npagefind[extended]\n" in needs.read_text(encoding="utf-8")
