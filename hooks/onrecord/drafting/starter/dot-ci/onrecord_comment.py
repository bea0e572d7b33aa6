"""Post the one comment of a pull or merge request, update it, or leave it when nothing changed.

In comes `comment.md`, which a build of the request itself may have made: it is trusted in nothing.
It must begin with our mark and be no longer than a forge takes, and whatever in it could call a
person, embed anything or lead away from this project is made text. Which request it belongs to is
asked of the forge, never of the file. Only Python's own library is used, so nothing is installed
where a token is.

GitHub: runs in a workflow of `workflow_run`, with GITHUB_TOKEN in its environment.
GitLab: runs in a schedule of the protected default branch, with ONRECORD_TOKEN (a project access
token with the scope `api` and the role Reporter, in a protected variable). It looks at each open
merge request and takes `comment.md` from the job `status` of its newest pipeline.
"""

import json
import os
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

MARK = "<!-- onrecord: status -->"
LONGEST = 65_000
GITHUBS_BOT = "github-actions[bot]"


class Refused(Exception):
    """The comment, or the request it should go to, isn't what it must be."""


def main() -> None:
    """Post the comment on the forge whose pipeline this is."""
    try:
        on_gitlab() if os.environ.get("GITLAB_CI") else on_github(Path("comment.md"))
    except (Refused, OSError) as reason:  # an answer other than 2xx is an OSError too
        sys.exit(f"No comment was posted: {reason}")
    except (ValueError, LookupError, TypeError) as reason:
        sys.exit(f"No comment was posted: the forge says what can't be read ({reason!r})")


def on_github(file: Path) -> None:
    """Comment on the pull requests whose newest commit the finished run was of."""
    run = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text("utf-8"))["workflow_run"]
    project = os.environ["GITHUB_REPOSITORY"]
    if run["event"] != "pull_request" or run["repository"]["full_name"] != project:
        raise Refused("the run is no pull request's, or another project's")
    if not run["head_repository"] or not run["head_branch"]:
        print("The fork is gone, so nobody can tell which pull request it was of.")
        return
    home = f"{os.environ['GITHUB_SERVER_URL']}/{project}/"
    body = harmless(written(file), home)
    api = f"{os.environ['GITHUB_API_URL']}/repos/{project}"
    headers = {"Authorization": f"Bearer {os.environ['GITHUB_TOKEN']}"}

    head = f"{run['head_repository']['owner']['login']}:{run['head_branch']}"
    query = urlencode({"state": "open", "head": head, "per_page": 100})
    pulls = [
        pull
        for pull in ask(headers, "GET", f"{api}/pulls?{query}")
        if pull["head"]["sha"] == run["head_sha"]
        and (pull["head"]["repo"] or {}).get("id") == run["head_repository"]["id"]
    ]
    if not pulls:
        print("The pull request has moved on or is closed; its next run comments.")
    for pull in pulls:
        comments = f"{api}/issues/{int(pull['number'])}/comments"
        ours = find(headers, comments, lambda one: (one["user"] or {}).get("login") == GITHUBS_BOT)
        place = f"{api}/issues/comments/{ours['id']}" if ours else comments
        write(headers, "PATCH" if ours else "POST", place, body, ours)


def on_gitlab() -> None:
    """Comment on every open merge request whose newest pipeline has made a comment."""
    token = os.environ.get("ONRECORD_TOKEN")
    if not token:
        print("No ONRECORD_TOKEN here, so no comment is posted; the how-to page tells how.")
        return
    branch = os.environ.get("CI_COMMIT_BRANCH")
    if (
        os.environ.get("CI_COMMIT_REF_PROTECTED") != "true"
        or not branch
        or branch != os.environ.get("CI_DEFAULT_BRANCH")
    ):
        # Somebody else's code may have run here before, with the token at hand.
        raise Refused("this isn't the protected default branch; make ONRECORD_TOKEN protected")
    home = f"{os.environ['CI_PROJECT_URL']}/"
    number = os.environ["CI_PROJECT_ID"]
    api, headers = os.environ["CI_API_V4_URL"], {"PRIVATE-TOKEN": token}
    project = f"{api}/projects/{quote(number, safe='')}"
    me = ask(headers, "GET", f"{api}/user")["id"]
    failed = []
    for request in pages(headers, f"{project}/merge_requests?state=opened"):
        iid = int(request["iid"])
        try:
            data = comment_of(headers, project, int(number), iid, str(request["sha"]))
            if data is None:
                print(f"!{iid}: its newest pipeline has no comment yet.")
                continue
            body = harmless(checked(data), home)
            notes = f"{project}/merge_requests/{iid}/notes"
            ours = find(headers, notes, lambda one: (one["author"] or {}).get("id") == me)
            place = f"{notes}/{ours['id']}" if ours else notes
            write(headers, "PUT" if ours else "POST", place, body, ours)
        except (Refused, OSError) as reason:  # of this one; the others are posted
            failed.append(f"!{iid}: {reason}")
    if failed:
        raise Refused("; ".join(failed))


def comment_of(
    headers: dict[str, str], project: str, number: int, iid: int, sha: str
) -> bytes | None:
    """The comment that the newest pipeline of a merge request made, if it did."""
    pipelines = ask(headers, "GET", f"{project}/merge_requests/{iid}/pipelines?per_page=1")
    if not pipelines:
        return None
    newest = pipelines[0]
    # GitLab itself makes these names, so the pipeline is of this request, in this project.
    refs = {f"refs/merge-requests/{iid}/head": sha, f"refs/merge-requests/{iid}/merge": None}
    if newest["project_id"] != number or newest["ref"] not in refs:
        return None
    if refs[newest["ref"]] not in (None, newest["sha"]):
        return None
    jobs = f"{project}/pipelines/{int(newest['id'])}/jobs?scope[]=success"
    for job in pages(headers, jobs):
        if job["name"] == "status":
            url = f"{project}/jobs/{int(job['id'])}/artifacts/comment.md"
            return fetch(headers, "GET", url, 4 * LONGEST + 1)
    return None


def written(file: Path) -> str:
    """The comment as the build wrote it, if it can be one."""
    if file.is_symlink():
        raise Refused(f"{file} leads elsewhere")
    with file.open("rb") as stream:
        return checked(stream.read(4 * LONGEST + 1))


def checked(data: bytes) -> str:
    """The text of a comment, in lines that any forge takes for lines."""
    text = data.decode("utf-8", errors="replace")
    text = re.sub(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]", "\n", text)
    # Controls, and signs that make a line read in another order than it is written.
    text = re.sub(
        r"[\0-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", text
    )
    if not text.startswith(f"{MARK}\n"):
        raise Refused(f"comment.md doesn't begin with {MARK}")
    if len(text.encode("utf-16-le")) // 2 > LONGEST:
        raise Refused(f"comment.md is longer than {LONGEST:,} characters")
    return text


def harmless(text: str, home: str) -> str:
    """The comment, with no link but to this project, no HTML, no image, and nobody called."""
    # An address may not climb out of the project, so it holds no `..`, however it is written.
    link = rf"(?<!\\)\]\({re.escape(home)}(?:(?!\.\.|%2e)[\w./?=#&%~+,;:@-])*\)"
    parts = re.split(f"({link})", text.removeprefix(MARK), flags=re.IGNORECASE)
    return MARK + "".join(part if i % 2 else _as_text(part) for i, part in enumerate(parts))


def _as_text(text: str) -> str:
    joiner = "\u2060"  # keeps signs apart, and nobody sees it
    signs = "36|47|58|61|63|91|93|94|124|126"  # $ / : = ? [ ] ^ | ~, as our own build writes them
    for found, instead in (
        (rf"&(?!(?:amp|lt|#(?:{signs}));)", "&amp;"),
        (r"<", "&lt;"),
        (r"!(?=\[)", r"!\\"),
        (r"\](?=[\[(:])", rf"]{joiner}"),
        # People, issues, labels, milestones and the like, and the issues of other trackers.
        (r"(?:(?<=[@#!$%&~^])|(?<=;))(?=\\?[\w\"])", joiner),
        (r"(?<=[^\W\d_])(?=\\?-\d)", joiner),
        (r"(?<=\[)(?=\w+\\?:)", joiner),
        (r"(?<=:)(?=//)|(?<=;)(?=//)|(?<=www)(?=\\?\.)|(?<=mailto)(?=\\?:)", joiner),
        (r"^([^\S\n]*)/", r"\1\\/"),  # GitLab takes it for a command
    ):
        text = re.sub(found, instead, text, flags=re.IGNORECASE | re.MULTILINE)
    return re.sub(
        r"(?<![0-9a-z])[0-9a-f]{7,}(?![0-9a-z])",  # a commit
        lambda one: re.sub(r"\w{6}(?=\w)", rf"\g<0>{joiner}", one[0]),
        text,
        flags=re.IGNORECASE,
    )


def pages(headers: dict[str, str], url: str) -> Iterator[Any]:
    """The items of a list, from all of its pages."""
    for page in range(1, 101):
        found = ask(headers, "GET", f"{url}{'&' if '?' in url else '?'}per_page=100&page={page}")
        yield from found
        if len(found) < 100:
            return


def find(headers: dict[str, str], comments: str, is_ours: Any) -> Any:
    """The comment that we wrote before, on whatever page it is; None when there is none."""
    for one in pages(headers, comments):
        if (one["body"] or "").startswith(MARK) and is_ours(one):
            return one
    return None


def write(headers: dict[str, str], method: str, url: str, body: str, old: Any) -> None:
    """Write the comment unless it is there already."""
    if old and old["body"].replace("\r\n", "\n").strip() == body.strip():
        print("The comment says this already.")
        return
    ask(headers, method, url, {"body": body})
    print("The comment is updated." if old else "The comment is posted.")


def ask(headers: dict[str, str], method: str, url: str, data: dict[str, str] | None = None) -> Any:
    """One request to the forge's own API, which the pipeline names."""
    body = json.dumps(data).encode() if data is not None else None
    return json.loads(fetch(headers, method, url, -1, body))


def fetch(
    headers: dict[str, str], method: str, url: str, most: int, body: bytes | None = None
) -> bytes:
    """The first bytes that the forge answers, or all of them."""
    kinds = {"Content-Type": "application/json", "Accept": "application/json"}
    request = urllib.request.Request(
        url, method=method, data=body, headers=kinds if most < 0 else {}
    )
    for name, value in headers.items():  # the token goes nowhere else, wherever it is sent on to
        request.add_unredirected_header(name, value)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            data: bytes = answer.read(most)
            return data
    except urllib.error.HTTPError as error:
        raise Refused(f"the forge answers {error.code} to {method} {url}") from None


if __name__ == "__main__":
    main()
