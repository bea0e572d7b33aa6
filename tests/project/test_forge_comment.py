"""The script that posts the one comment of a request, against a forge of our own.

It makes one comment, updates it, leaves it when nothing changed; refuses what is no comment of
ours; and lets nothing through that a hostile build may have written.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from markdown_it import MarkdownIt
from serving import Quiet, serving

from onrecord.forges.comment import STATUS_MARK

STARTER = Path(__file__).parents[2] / "hooks/onrecord/drafting/starter"
SCRIPT = STARTER / "dot-ci/onrecord_comment.py"
US, OTHER = 1, 2
BOT = "github-actions[bot]"
GITLAB = "/projects/7/merge_requests/3/notes"
GITHUB = "/repos/team/handbook/issues/3/comments"
NEW = f"{STATUS_MARK}\nnew – text\n"


@dataclass
class Forge:
    """Holds comments, a page of which is a hundred, and remembers what was asked of it."""

    comments: list[dict[str, Any]] = field(default_factory=list)
    pulls: list[dict[str, Any]] = field(default_factory=list)
    written: list[tuple[str, str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    address: str = ""
    made: bytes = b""
    """The comment.md of the job of GitLab's pipeline."""
    pipeline: dict[str, Any] = field(
        default_factory=lambda: {
            "id": 9,
            "project_id": 7,
            "ref": "refs/merge-requests/3/head",
            "sha": "abc",
        }
    )
    elsewhere: str = ""
    """Where an artifact is kept, when GitLab keeps it on another host."""

    def add(self, body: str, author: int = US, login: str = BOT) -> None:
        number = len(self.comments)
        people = {"author": {"id": author}, "user": {"login": login}}
        self.comments.append({"id": number, "body": body, **people})


@pytest.fixture
def forge() -> Iterator[Forge]:
    known = Forge()

    class Handler(Quiet):
        def answer(self, value: object, status: int = 200) -> None:
            told = self.headers["PRIVATE-TOKEN"] or self.headers["Authorization"]
            assert told in ("secret", "Bearer secret")
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(value).encode())

        def do_GET(self) -> None:
            known.asked.append(self.path)
            parts = urlsplit(self.path)
            if parts.path == "/kept":
                known.asked[-1] += f" {self.headers['PRIVATE-TOKEN']}"
                self.send_response(200)
                self.end_headers()
                self.wfile.write(known.made)
                return
            if parts.path == "/projects/7/jobs/12/artifacts/comment.md":
                self.send_response(302 if known.elsewhere else 200)
                if known.elsewhere:
                    self.send_header("Location", known.elsewhere)
                self.end_headers()
                if not known.elsewhere:
                    self.wfile.write(known.made)
                return
            if parts.path == "/user":
                self.answer({"id": US})
            elif parts.path == "/repos/team/handbook/pulls":
                self.answer(known.pulls)
            elif parts.path == "/projects/7/merge_requests":
                self.answer([{"iid": 3, "sha": "abc"}])
            elif parts.path == "/projects/7/merge_requests/3/pipelines":
                self.answer([known.pipeline] if known.pipeline else [])
            elif parts.path == "/projects/7/pipelines/9/jobs":
                self.answer([{"id": 11, "name": "check"}, {"id": 12, "name": "status"}])
            elif parts.path in (GITLAB, GITHUB):
                page = int(parse_qs(parts.query)["page"][0])
                self.answer(known.comments[(page - 1) * 100 : page * 100])
            else:
                self.answer({"message": "no such thing"}, 404)

        def write(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]
            known.written.append((self.command, self.path, body))
            self.answer({})

        do_POST = do_PUT = do_PATCH = write

    with serving(Handler) as known.address:
        yield known


def post(
    folder: Path, forge: Forge, names: dict[str, str], text: str = NEW
) -> subprocess.CompletedProcess[str]:
    forge.made = text.encode()
    if not (folder / "comment.md").is_symlink():
        (folder / "comment.md").write_text(text, encoding="utf-8", newline="")
    known = {k: v for k, v in os.environ.items() if not re.match("CI_|GIT(HUB|LAB)_|ONRECORD_T", k)}
    return subprocess.run(
        [sys.executable, "-I", "-X", "utf8", SCRIPT],
        cwd=folder,
        env={**known, **names},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def gitlab(forge: Forge, **more: str) -> dict[str, str]:
    names = {
        "GITLAB_CI": "true",
        "CI_API_V4_URL": forge.address,
        "CI_PROJECT_ID": "7",
        "CI_PROJECT_URL": "https://gitlab.example/team/handbook",
        "CI_COMMIT_BRANCH": "main",
        "CI_DEFAULT_BRANCH": "main",
        "CI_COMMIT_REF_PROTECTED": "true",
        "ONRECORD_TOKEN": "secret",
    }
    return {**names, **more}


def run_of(**more: Any) -> dict[str, Any]:
    """What GitHub says of the run that has ended: a pull request of a fork."""
    run = {
        "event": "pull_request",
        "head_sha": "abc",
        "head_branch": "pay date",
        "head_repository": {"id": 50, "owner": {"login": "bob"}},
        "repository": {"full_name": "team/handbook"},
    }
    return {**run, **more}


def github(forge: Forge, folder: Path, **more: Any) -> dict[str, str]:
    event = folder / "event.json"
    event.write_text(json.dumps({"workflow_run": run_of(**more)}))
    forge.pulls = forge.pulls or [{"number": 3, "head": {"sha": "abc", "repo": {"id": 50}}}]
    return {
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_REPOSITORY": "team/handbook",
        "GITHUB_SERVER_URL": "https://github.example",
        "GITHUB_API_URL": forge.address,
        "GITHUB_TOKEN": "secret",
    }


FORGES = [
    ("gitlab", GITLAB, "PUT", f"{GITLAB}/"),
    ("github", GITHUB, "PATCH", "/repos/team/handbook/issues/comments/"),
]
on_both = pytest.mark.parametrize(("name", "notes", "update", "one"), FORGES)


def names_of(name: str, forge: Forge, folder: Path) -> dict[str, str]:
    return gitlab(forge) if name == "gitlab" else github(forge, folder)


@on_both
def test_the_first_comment_is_posted(
    tmp_path: Path, forge: Forge, name: str, notes: str, update: str, one: str
) -> None:
    forge.add("Looks good.", OTHER, "ana")
    done = post(tmp_path, forge, names_of(name, forge, tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (0, "The comment is posted.\n", "")
    assert forge.written == [("POST", notes, NEW)]


@on_both
def test_the_next_one_updates_it_on_whatever_page_it_is(
    tmp_path: Path, forge: Forge, name: str, notes: str, update: str, one: str
) -> None:
    for number in range(150):
        forge.add(f"Note {number}")
    forge.add(f"{STATUS_MARK}\nold text")
    assert post(tmp_path, forge, names_of(name, forge, tmp_path)).returncode == 0
    assert forge.written == [(update, f"{one}150", NEW)]


@on_both
def test_nothing_is_written_when_nothing_changed(
    tmp_path: Path, forge: Forge, name: str, notes: str, update: str, one: str
) -> None:
    forge.add(NEW.replace("\n", "\r\n").strip())  # as forges give it back
    done = post(tmp_path, forge, names_of(name, forge, tmp_path))
    assert done.stdout == "The comment says this already.\n"
    assert forge.written == []


@on_both
def test_a_comment_of_somebody_else_is_left_alone(
    tmp_path: Path, forge: Forge, name: str, notes: str, update: str, one: str
) -> None:
    forge.add(f"{STATUS_MARK}\nmade to be taken for ours", OTHER, "mallory")
    post(tmp_path, forge, names_of(name, forge, tmp_path))
    assert [method for method, _, _ in forge.written] == ["POST"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no mark\n", "doesn't begin with"),
        (f"\n{NEW}", "doesn't begin with"),
        (f"{STATUS_MARK} <b>", "doesn't begin with"),
        ("", "doesn't begin with"),
        (NEW + "x" * 65_000, "is longer than 65,000 characters"),
        (NEW + "🦊" * 33_000, "is longer than 65,000 characters"),
        (NEW + "x" * 3_000_000, "is longer than 65,000 characters"),
    ],
)
@on_both
def test_what_is_no_comment_of_ours_is_refused(
    tmp_path: Path,
    forge: Forge,
    name: str,
    notes: str,
    update: str,
    one: str,
    text: str,
    said: str,
) -> None:
    done = post(tmp_path, forge, names_of(name, forge, tmp_path), text)
    assert done.returncode == 1
    assert said in done.stderr
    assert forge.written == []


def test_a_file_that_leads_elsewhere_is_refused(tmp_path: Path, forge: Forge) -> None:
    (tmp_path / "secret").write_text(NEW)
    (tmp_path / "comment.md").symlink_to(tmp_path / "secret")
    done = post(tmp_path, forge, github(forge, tmp_path))
    assert "leads elsewhere" in done.stderr
    assert forge.written == []


# Which request it is.


@pytest.mark.parametrize(
    "more",
    [
        {"repository": {"full_name": "mallory/handbook"}},
        {"event": "push"},
        {"event": "pull_request_target"},
    ],
)
def test_a_run_of_another_project_or_kind_is_refused(
    tmp_path: Path, forge: Forge, more: dict[str, Any]
) -> None:
    done = post(tmp_path, forge, github(forge, tmp_path, **more))
    assert done.returncode == 1
    assert forge.asked == forge.written == []


@pytest.mark.parametrize(
    "head",
    [
        {"sha": "newer", "repo": {"id": 50}},
        {"sha": "abc", "repo": {"id": 51}},
        {"sha": "abc", "repo": None},
    ],
    ids=["moved on", "another fork", "fork deleted"],
)
def test_only_the_request_whose_run_it_was_is_commented(
    tmp_path: Path, forge: Forge, head: dict[str, Any]
) -> None:
    forge.pulls = [{"number": 3, "head": head}]
    done = post(tmp_path, forge, github(forge, tmp_path))
    assert done.returncode == 0
    assert forge.written == []
    query = parse_qs(urlsplit(forge.asked[0]).query)
    assert (query["head"], query["state"]) == (["bob:pay date"], ["open"])


@pytest.mark.parametrize(
    "more",
    [
        {"head_repository": None},
        {"head_branch": None},
        {"head_repository": {"id": 50, "owner": None}},
    ],
)
def test_a_fork_that_is_gone_gets_no_comment(
    tmp_path: Path, forge: Forge, more: dict[str, Any]
) -> None:
    done = post(tmp_path, forge, github(forge, tmp_path, **more))
    assert "Traceback" not in done.stderr
    assert done.stdout + done.stderr
    assert forge.written == []


def test_a_comment_of_somebody_who_is_gone_is_passed_over(tmp_path: Path, forge: Forge) -> None:
    forge.comments = [{"id": 1, "body": None, "user": None}, {"id": 2, "body": NEW, "user": None}]
    done = post(tmp_path, forge, github(forge, tmp_path))
    assert done.stdout == "The comment is posted.\n"


def test_on_gitlab_nothing_is_posted_without_a_token(tmp_path: Path, forge: Forge) -> None:
    done = post(tmp_path, forge, gitlab(forge, ONRECORD_TOKEN=""))
    assert (done.returncode, forge.asked, forge.written) == (0, [], [])


@pytest.mark.parametrize(
    "more",
    [
        {"CI_COMMIT_REF_PROTECTED": "false"},
        {"CI_COMMIT_BRANCH": "weekends"},
        {"CI_COMMIT_BRANCH": "", "CI_DEFAULT_BRANCH": ""},
    ],
)
def test_on_gitlab_only_the_protected_default_branch_posts(
    tmp_path: Path, forge: Forge, more: dict[str, str]
) -> None:
    done = post(tmp_path, forge, gitlab(forge, **more))
    assert done.returncode == 1
    assert "make ONRECORD_TOKEN protected" in done.stderr
    assert forge.asked == forge.written == []


@pytest.mark.parametrize(
    "more",
    [
        {"project_id": 8},
        {"sha": "older"},
        {"ref": "refs/merge-requests/4/head"},
        {"ref": "main"},
    ],
)
def test_on_gitlab_the_pipeline_must_be_the_request_s_own(
    tmp_path: Path, forge: Forge, more: dict[str, Any]
) -> None:
    forge.pipeline.update(more)
    done = post(tmp_path, forge, gitlab(forge))
    assert done.stdout == "!3: its newest pipeline has no comment yet.\n"
    assert forge.written == []


def test_the_token_does_not_follow_an_artifact_to_another_host(
    tmp_path: Path, forge: Forge
) -> None:
    forge.elsewhere = f"{forge.address}/kept"
    post(tmp_path, forge, gitlab(forge))
    assert "/kept None" in forge.asked
    assert len(forge.written) == 1


def test_a_forge_that_refuses_is_said_without_the_token(tmp_path: Path, forge: Forge) -> None:
    forge.pipeline["id"] = 10
    done = post(tmp_path, forge, gitlab(forge))
    assert done.returncode == 1
    assert "the forge answers 404 to GET" in done.stderr
    assert "secret" not in done.stdout + done.stderr


# What a hostile build may write.

REFERRING = re.compile(r"(?i)[@#!$%&~^][\w\"]|[a-z]-\d|\[\w+:|\b[0-9a-f]{7,40}\b|://|www\.|mailto:")
HOME = "https://gitlab.example/team/handbook/"
HOSTILE = [
    "@ana and @team/all, &#64;ana",
    "[here](https://evil.example/)",
    "[here](https://gitlab.example/team/handbook.evil.example/)",
    "[here](https://gitlab.example/team/handbook/../../evil/x)",
    "[here](https://gitlab.example/team/handbook/%2E%2e/%2e%2e/evil/x)",
    "[here]( <https://evil.example/>)",
    "[here][1]\n\n[1]: https://evil.example/",
    "[1]\n\n[1]:\nhttps://evil.example/",
    "[^1]\n\n[^1]: https://evil.example/",
    "![](https://evil.example/x.png)",
    f"![]({HOME}x.png)",
    "https://evil.example/ http&#58;//evil.example www.evil.example HTTPS://evil.example",
    "<https://evil.example/> <img src=x> <a href='x'>y</a> <!-- x -->",
    "mallory@evil.example mailto:mallory@evil.example",
    "/close\n  /label ~bug",
    "#12 team/handbook#12",
    "GH-1 GH\\-1 PAY-12 !12 $3 ~x %x &1 &amp;1 &#36;3 &#126;x ^alert#1 [epic:1] a1b2c3d4e5",
    '~"a b" %"a b" @_ana @\\_ana team/handbook@a1b2c3d https&#58;//evil.example www\\.evil.example',
    "x\r/close\rx\v/close\f/close\x85/close\u2028/close\u2029/close\x1c/close",
    "x\u202e\u2066\x1b[31m\0@\0ana",
    "a\r\n\r\n<script>alert(1)</script>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_hostile_build_writes_is_shown_as_text(
    tmp_path: Path, forge: Forge, text: str
) -> None:
    done = post(tmp_path, forge, gitlab(forge), f"{NEW}\n{text}\n")
    assert done.returncode == 0, done.stderr
    body = forge.written[0][2]
    assert not re.search(r"@(?=\w)|(?m:^\s*/)|#(?=\d)|[\r\v\f\x00-\x08\x0e-\x1f\x7f-\x9f]", body)
    assert not re.search("[\u2028-\u202e\u2066-\u2069]", body)
    bare = body.replace(f"]({HOME}", "")  # forges make links of bare addresses too
    assert not re.search(r"://|www\.|mailto:", bare, re.IGNORECASE)
    parser = MarkdownIt("gfm-like", {"html": True, "linkify": False})
    tokens = parser.parse(body)
    inline = [child for token in tokens for child in token.children or ()]
    assert {token.type for token in tokens if "html" in token.type} == {"html_block"}
    assert sum(token.type == "html_block" for token in tokens) == 1  # our own mark
    for child in inline:
        if child.type == "text":  # what forges look for in the text of the page
            assert not REFERRING.search(child.content.replace(HOME, "")), child.content
        assert child.type not in ("image", "html_inline"), child
        assert not (child.type == "link_open" and "evil" in str(child.attrs["href"])), child


def test_links_into_the_project_stay(tmp_path: Path, forge: Forge) -> None:
    link = f"[`decisions/a.md`, line 3]({HOME}-/blob/abc/decisions/a%20b.md?plain=1#L3)"
    post(tmp_path, forge, gitlab(forge), f"{NEW}\n- {link}: `stage` is wrong\n")
    assert link in forge.written[0][2]
