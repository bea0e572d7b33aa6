"""Post the one comment of a merge request, or update it.

Needs the CI variable ONRECORD_TOKEN: a project access token with the scope `api` and the role
Reporter, masked. A pipeline of a fork has no such variable; there the comment is printed, and
kept as the job's artifact.
"""

import json
import os
import urllib.request
from pathlib import Path
from typing import Any

MARK = "<!-- onrecord: we had this before -->"


def main() -> None:
    """Post `comment.md`, or print it where it can't be posted."""
    body = Path("comment.md").read_text(encoding="utf-8")
    token = os.environ.get("ONRECORD_TOKEN")
    if not token:
        print("No ONRECORD_TOKEN here (a fork, or not set up yet): this is the comment.\n")
        print(body)
        return
    api = os.environ["CI_API_V4_URL"]
    notes = (
        f"{api}/projects/{os.environ['CI_PROJECT_ID']}"
        f"/merge_requests/{os.environ['CI_MERGE_REQUEST_IID']}/notes"
    )
    me = ask(token, "GET", f"{api}/user")["id"]
    page, ours = 1, None
    while ours is None:
        found = ask(token, "GET", f"{notes}?per_page=100&page={page}")
        if not found:
            break
        mine = (note for note in found if note["author"]["id"] == me)
        ours = next((note for note in mine if note["body"].startswith(MARK)), None)
        page += 1
    if ours is not None:
        ask(token, "PUT", f"{notes}/{ours['id']}", {"body": body})
    else:
        ask(token, "POST", notes, {"body": body})


def ask(token: str, method: str, url: str, data: dict[str, str] | None = None) -> Any:
    """One request to the forge's own API, which the pipeline names."""
    request = urllib.request.Request(
        url,
        method=method,
        data=json.dumps(data).encode() if data is not None else None,
        headers={"PRIVATE-TOKEN": token, "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


if __name__ == "__main__":
    main()
