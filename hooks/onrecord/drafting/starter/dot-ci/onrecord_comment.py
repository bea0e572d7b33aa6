"""Post the one comment of a pull or merge request, update it, or leave it when nothing changed.

In comes `comment.md`, which a build of the request itself may have made: it is trusted in nothing.
It must begin with our mark and be no longer than a forge takes, and whatever in it could call a
person, embed anything or lead away from this project is made text. Which request it belongs to is
asked of the forge, never of the file. Only Python's own library is used, so nothing is installed
where a token is.

GitHub: runs in a workflow of `workflow_run`, with GITHUB_TOKEN in its environment.
GitLab: runs in the pipeline of a merge request, with ONRECORD_TOKEN (a project access token with
the scope `api` and the role Reporter). A fork's pipeline has none; there the comment is printed.
"""

import json
import os
import re
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

MARK = "<!-- onrecord: status -->"
LONGEST = 65_000
GITHUBS_BOT = "github-actions[bot]"


class Refused(Exception):
    """The comment, or the request it should go to, isn't what it must be."""


def main() -> None:
    """Post `comment.md` on the forge whose pipeline this is."""
    post = on_gitlab if os.environ.get("GITLAB_CI") else on_github
    try:
        post(Path("comment.md"))
    except (Refused, OSError) as reason:  # an answer other than 2xx is an OSError too
        sys.exit(f"No comment was posted: {reason}")


def on_github(file: Path) -> None:
    """Comment on the pull requests whose newest commit the finished run was of."""
    run = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text("utf-8"))["workflow_run"]
    project = os.environ["GITHUB_REPOSITORY"]
    if run["event"] != "pull_request" or run["repository"]["full_name"] != project:
        raise Refused("the run is no pull request's, or another project's")
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
        ours = find(headers, comments, lambda one: one["user"]["login"] == GITHUBS_BOT)
        place = f"{api}/issues/comments/{ours['id']}" if ours else comments
        write(headers, "PATCH" if ours else "POST", place, body, ours)


def on_gitlab(file: Path) -> None:
    """Comment on the merge request of this pipeline, or print what would be said."""
    token = os.environ.get("ONRECORD_TOKEN")
    project = os.environ["CI_PROJECT_ID"]
    if not token or os.environ.get("CI_MERGE_REQUEST_PROJECT_ID", project) != project:
        print("No ONRECORD_TOKEN here (a fork, or not set up yet): this is the comment.\n")
        print(written(file))
        return
    body = harmless(written(file), f"{os.environ['CI_PROJECT_URL']}/")
    api, headers = os.environ["CI_API_V4_URL"], {"PRIVATE-TOKEN": token}
    request = int(os.environ["CI_MERGE_REQUEST_IID"])
    notes = f"{api}/projects/{quote(project, safe='')}/merge_requests/{request}/notes"
    me = ask(headers, "GET", f"{api}/user")["id"]
    ours = find(headers, notes, lambda one: one["author"]["id"] == me)
    write(
        headers, "PUT" if ours else "POST", f"{notes}/{ours['id']}" if ours else notes, body, ours
    )


def written(file: Path) -> str:
    """The comment as the build wrote it, if it can be one."""
    if file.is_symlink():
        raise Refused(f"{file} leads elsewhere")
    with file.open("rb") as stream:
        data = stream.read(4 * LONGEST + 1)
    text = data.decode("utf-8", errors="replace").replace("\r\n", "\n")
    if not text.startswith(f"{MARK}\n"):
        raise Refused(f"{file} doesn't begin with {MARK}")
    if len(text.encode("utf-16-le")) // 2 > LONGEST:
        raise Refused(f"{file} is longer than {LONGEST:,} characters")
    return text


def harmless(text: str, home: str) -> str:
    """The comment, with no link but to this project, no HTML, no image, and nobody called."""
    # An address may not climb out of the project, so it holds no `..`, however it is written.
    link = rf"(?<!\\)\]\({re.escape(home)}(?:(?!\.\.|%2e)[\w./?=#&%~+,;:@-])*\)"
    parts = re.split(f"({link})", text.removeprefix(MARK), flags=re.IGNORECASE)
    return MARK + "".join(part if i % 2 else _as_text(part) for i, part in enumerate(parts))


def _as_text(text: str) -> str:
    joiner = "\u2060"  # keeps signs apart, and nobody sees it
    for found, instead in (
        (r"&(?!(?:amp|lt);)", "&amp;"),
        (r"<", "&lt;"),
        (r"!(?=\[)", r"!\\"),
        (r"\](?=[\[(:])", rf"]{joiner}"),
        (r"(?<=[@#])(?=[\w\"])|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=mailto)(?=:)", joiner),
        (r"^([ \t]*)/", r"\1\\/"),  # GitLab takes it for a command
    ):
        text = re.sub(found, instead, text, flags=re.IGNORECASE | re.MULTILINE)
    return text


def find(headers: dict[str, str], comments: str, is_ours: Any) -> Any:
    """The comment that we wrote before, on whatever page it is; None when there is none."""
    for page in range(1, 101):
        found = ask(headers, "GET", f"{comments}?per_page=100&page={page}")
        for one in found:
            if one["body"].startswith(MARK) and is_ours(one):
                return one
        if len(found) < 100:
            break
    return None


def write(headers: dict[str, str], method: str, url: str, body: str, old: Any) -> None:
    """Write the comment unless it stands there already."""
    if old and old["body"].replace("\r\n", "\n").strip() == body.strip():
        print("The comment says this already.")
        return
    ask(headers, method, url, {"body": body})
    print("The comment is updated." if old else "The comment is posted.")


def ask(headers: dict[str, str], method: str, url: str, data: dict[str, str] | None = None) -> Any:
    """One request to the forge's own API, which the pipeline names."""
    body = json.dumps(data).encode() if data is not None else None
    headers = {**headers, "Content-Type": "application/json", "Accept": "application/json"}
    request = urllib.request.Request(url, method=method, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise Refused(f"the forge answers {error.code} to {method} {url}") from None


if __name__ == "__main__":
    main()
