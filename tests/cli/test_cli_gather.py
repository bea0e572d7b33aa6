"""`onrecord gather` against forges played by a local server: comments become replies, once."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner, Result
from repository import git
from serving import Quiet, serving

from onrecord.cli import main
from onrecord.lifecycle.conversation import Voice, conversation_of, unanswered
from onrecord.records.reading import read_library

GOOD = Path(__file__).parents[1] / "fixtures/good"
PATH = "decisions/2026/move-the-pay-date.md"
WEB = "https://forge.example/team/record"

Serve = Callable[[dict[str, Any]], str]


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """A base with a branch that changes one decision."""
    root = tmp_path / "team"
    shutil.copytree(GOOD, root)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-qm", "Begin")
    git(root, "checkout", "-qb", "pay-date")
    file = root / PATH
    file.write_text(file.read_text("utf-8") + "\nOne sentence more.\n", encoding="utf-8")
    git(root, "commit", "-qam", "Change it")
    return root


@pytest.fixture
def forge() -> Iterator[Serve]:
    """Answers each path with a list, a page of a hundred at a time, to whoever has the token."""
    servers = ExitStack()

    def serve(answers: dict[str, Any]) -> str:
        class Handler(Quiet):
            def do_GET(self) -> None:
                asked = urlsplit(self.path)
                known = "Bearer secret", "secret"
                token = self.headers["Authorization"] or self.headers["PRIVATE-TOKEN"]
                found = answers.get(asked.path) if token in known else None
                number = int(parse_qs(asked.query)["page"][0])
                page = found[100 * (number - 1) : 100 * number] if found is not None else {}
                self.send_response(200 if found is not None else 403)
                self.end_headers()
                self.wfile.write(json.dumps(page).encode())

        return servers.enter_context(serving(Handler))

    with servers:
        yield serve


def on_github(number: int, who: str, body: str, minute: int, **more: object) -> dict[str, object]:
    return {
        "id": number,
        "user": {"login": who, "type": "Bot" if who == "robot" else "User"},
        "body": body,
        "created_at": f"2026-10-02T10:{minute:02}:00Z",
        "html_url": f"{WEB}/pull/7#c{number}",
        **more,
    }


def run(root: Path, environment: dict[str, str], *words: str) -> Result:
    names = ("GITHUB_REPOSITORY", "GITHUB_API_URL", "CI_API_V4_URL")
    command = ["--root", str(root), "--today", "2026-10-06", *words]
    return CliRunner().invoke(main, command, env={**dict.fromkeys(names), **environment})


def gathered(root: Path) -> list[tuple[str, str, str]]:
    said = conversation_of(read_library(root).decision["move-the-pay-date"])

    def each(voice: Voice) -> list[tuple[str, str, str]]:
        return [(one.who, one.says.value, one.text) for one in (voice, *voice.answers)]

    files = (voice for voice in said.voices if voice.path != PATH)
    return [row for voice in files for row in each(voice)]


def test_comments_of_github_become_replies_and_only_once(team: Path, forge: Serve) -> None:
    on_lines = [
        on_github(9, "carol", "Which holidays?", 1, path=PATH),
        on_github(10, "alice", "The bank's.", 2, path=PATH, in_reply_to_id=9),
        on_github(11, "bob", "<!-- hidden --> Fine.", 3, path=PATH, in_reply_to_id=9),
        on_github(12, "bob", "Typo", 4, path="README.md"),
        on_github(13, "robot", "Preview", 5, path=PATH),
    ]
    on_all = [
        on_github(14, "dan", "/no-objection\n\nThanks!", 6),
        on_github(15, "dan", "/no-objection", 7),
        on_github(16, "dan", "Shall we meet?", 8),
    ]
    address = forge({
        "/repos/team/record/pulls/7/comments": on_lines,
        "/repos/team/record/issues/7/comments": on_all,
        "/repos/team/record/issues/7/reactions": [],
    })  # fmt: skip
    environment = {
        "GITHUB_REPOSITORY": "team/record",
        "GITHUB_API_URL": address,
        "GITHUB_TOKEN": "secret",
    }
    first = run(team, environment, "gather", "7", "--changed", "main")
    assert (first.exit_code, len(first.output.splitlines())) == (0, 4)
    assert gathered(team) == [
        ("carol", "feedback", "Which holidays?"),
        ("alice", "answer", "The bank's."),
        ("bob", "answer", "&lt;!-- hidden --> Fine."),
        ("dan", "no-objection", ""),
    ]
    again = run(team, environment, "gather", "7", "--changed", "main")
    assert (again.exit_code, again.output) == (0, "")
    assert run(team, {}, "check").output.startswith("No findings")


def test_notes_of_gitlab_become_replies(team: Path, forge: Serve) -> None:
    def note(number: int, who: str, body: str, path: str = "", **more: object) -> dict[str, object]:
        return {
            "id": number,
            "body": body,
            "author": {"username": who},
            "system": False,
            "created_at": f"2026-10-02T10:{number:02}:00.000Z",
            "position": {"new_path": path} if path else None,
            **more,
        }

    discussions: list[dict[str, object]] = [
        {"notes": [note(1, "carol", "Why?", PATH), note(2, "alice", "Rent.", PATH)]},
        {"notes": [note(3, "dan", "/no-objection")]},
        {"notes": [note(4, "dan", "added 1 commit", system=True)]},
    ]
    discussions[1:1] = [{"notes": [note(5, "eve", "Hello")]} for _ in range(120)]
    here = "/api/v4/projects/5/merge_requests/7"
    address = forge({f"{here}/discussions": discussions, f"{here}/award_emoji": []})
    environment = {
        "CI_API_V4_URL": f"{address}/api/v4",
        "CI_PROJECT_ID": "5",
        "CI_PROJECT_URL": WEB,
        "ONRECORD_GATHER_TOKEN": "secret",
    }
    result = run(team, environment, "gather", "7", "--changed", "main")
    assert result.exit_code == 0
    assert gathered(team) == [
        ("carol", "feedback", "Why?"),
        ("alice", "answer", "Rent."),
        ("dan", "no-objection", ""),
    ]


def test_a_thumb_up_counts_for_those_who_are_asked_and_were_silent(
    team: Path, forge: Serve
) -> None:
    """On both forges, which name the files of the request themselves."""

    def on_hub(number: int, who: str, content: str = "+1") -> dict[str, object]:
        return on_github(number, who, "", 30, content=content)

    def on_lab(number: int, who: str, name: str = "thumbsup") -> dict[str, object]:
        when = "2026-10-03T10:00:00.000Z"
        return {"id": number, "name": name, "user": {"username": who}, "created_at": when}

    decision = team / PATH
    text = re.sub(r"(?m)^consulted:.*$", "consulted: [bob, carol, dan, eve]", decision.read_text())
    decision.write_text(text, encoding="utf-8")
    with (team / "playbooks/people.yml").open("a") as people:
        people.write("eve:\n  name: Eve\n")
    silent = set(unanswered(read_library(team).decision["move-the-pay-date"]))
    assert {"dan", "eve"} <= silent
    repo, merge = "/repos/team/record", "/api/v4/projects/5/merge_requests/7"
    stranger_and_other = [on_hub(3, "zoe"), on_hub(4, "eve", "heart"), on_hub(5, "robot")]
    address = forge({
        f"{repo}/pulls/7/files": [{"filename": PATH, "status": "modified"}],
        f"{repo}/pulls/7/comments": [],
        f"{repo}/issues/7/comments": [],
        f"{repo}/issues/7/reactions": [on_hub(1, "dan"), on_hub(2, "dan"), *stranger_and_other],
        f"{merge}/diffs": [{"new_path": PATH, "deleted_file": False}],
        f"{merge}/discussions": [],
        f"{merge}/award_emoji": [on_lab(1, "dan"), on_lab(2, "eve", "eyes"), on_lab(3, "eve")],
    })  # fmt: skip
    hub = {
        "GITHUB_REPOSITORY": "team/record",
        "GITHUB_API_URL": address,
        "GITHUB_TOKEN": "secret",
    }
    lab = {
        "CI_API_V4_URL": f"{address}/api/v4",
        "CI_PROJECT_ID": "5",
        "CI_PROJECT_URL": WEB,
        "ONRECORD_GATHER_TOKEN": "secret",
    }
    for environment, who in ((hub, "dan"), (lab, "eve")):
        result = run(team, environment, "gather", "7")
        assert result.exit_code == 0
        assert result.output.endswith(f"-{who}.md\n")
        assert len(result.output.splitlines()) == 1
        assert run(team, environment, "gather", "7").output == ""
    assert gathered(team) == [("dan", "no-objection", ""), ("eve", "no-objection", "")]


@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_open_requests_that_change_decisions_are_listed_for_the_board(
    team: Path, forge: Serve, kind: str
) -> None:
    begun, reply = "decisions/2026/begin.md", f"{PATH.removesuffix('.md')}/2026-10-02-bob.md"
    changed = {7: [PATH, "README.md"], 8: [begun, f"{begun[:-3]}/2026-10-02-bob.md"], 9: [reply]}
    repo, project = "/repos/team/record", "/api/v4/projects/5"
    answers: dict[str, Any] = {
        f"{repo}/pulls": [
            {"number": n, "title": f"Say {n}", "html_url": f"{WEB}/pull/{n}"} for n in (9, 8, 7)
        ],
        f"{project}/merge_requests": [
            {"iid": n, "title": f"Say {n}", "web_url": f"{WEB}/pull/{n}"} for n in (9, 8, 7)
        ],
    }
    for number, paths in changed.items():
        answers[f"{repo}/pulls/{number}/files"] = [
            *({"filename": path, "status": "added"} for path in paths),
            {"filename": "decisions/gone.md", "status": "removed"},
        ]
        answers[f"{project}/merge_requests/{number}/diffs"] = [
            *({"new_path": path, "deleted_file": False} for path in paths),
            {"new_path": "decisions/gone.md", "deleted_file": True},
        ]
    address = forge(answers)
    environments = {
        "github": {
            "GITHUB_REPOSITORY": "team/record",
            "GITHUB_API_URL": address,
            "GITHUB_TOKEN": "secret",
        },
        "gitlab": {
            "CI_API_V4_URL": f"{address}/api/v4",
            "CI_PROJECT_ID": "5",
            "ONRECORD_GATHER_TOKEN": "secret",
        },
    }
    result = run(team, environments[kind], "gather", "--open")
    assert json.loads(result.output) == [
        {"number": 7, "title": "Say 7", "url": f"{WEB}/pull/7", "paths": [PATH]},
        {"number": 8, "title": "Say 8", "url": f"{WEB}/pull/8", "paths": [begun]},
    ]
    assert run(team, environments[kind], "gather").exit_code == 2
    assert run(team, environments[kind], "gather", "7", "--open").exit_code == 2


@pytest.mark.parametrize(
    ("environment", "request_number", "said"),
    [
        ({}, "7", "no forge is named"),
        ({"GITHUB_REPOSITORY": "team/record"}, "x/../y", "a request has a number"),
        ({"GITHUB_REPOSITORY": "team/record", "GITHUB_TOKEN": "wrong"}, "7", "answers 403"),
    ],
)
def test_a_forge_that_cant_be_asked_is_said_without_the_token(
    team: Path, forge: Serve, environment: dict[str, str], request_number: str, said: str
) -> None:
    address = forge({})
    given = {**environment, "GITHUB_API_URL": address}
    result = run(team, given, "gather", request_number, "--changed", "main")
    assert result.exit_code == 1
    assert said in result.output
    assert "wrong" not in result.output
