"""What GitHub, GitLab and Forgejo answer about issues and requests, in the form they document.

Keys, nesting and kinds of values are those of each REST API's reference; the values are ours. A
server pages them with the headers that each forge sends.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

Item = dict[str, Any]


def github_issue(
    number: int, created: str, closed: str | None = None, *, pull: bool = False,
    labels: tuple[str, ...] = (),
) -> Item:  # fmt: skip
    """An item of `GET /repos/{owner}/{repo}/issues`, where pull requests are issues too."""
    api, web = "https://api.github.com/repos/windrose/maps", "https://github.com/windrose/maps"
    who = {"login": "raj", "id": 7, "node_id": "MDQ6VXNlcjc=", "type": "User", "site_admin": False}
    merged = {
        "url": f"{api}/pulls/{number}",
        "html_url": f"{web}/pull/{number}",
        "diff_url": f"{web}/pull/{number}.diff",
        "patch_url": f"{web}/pull/{number}.patch",
        "merged_at": closed,
    }
    return {
        "id": 1000 + number,
        "node_id": f"I_{number}",
        "url": f"{api}/issues/{number}",
        "repository_url": api,
        "labels_url": f"{api}/issues/{number}/labels{{/name}}",
        "html_url": f"{web}/{'pull' if pull else 'issues'}/{number}",
        "number": number,
        "state": "closed" if closed else "open",
        "state_reason": "completed" if closed and not pull else None,
        "title": "A path is missing",
        "body": None,
        "user": who,
        "labels": [
            {"id": n, "node_id": "L", "url": "", "name": name, "description": None,
             "color": "f29513", "default": False}
            for n, name in enumerate(labels)
        ],
        "assignee": None,
        "assignees": [],
        "milestone": {
            "number": 1, "title": "v1.0", "state": "open", "creator": who, "open_issues": 4,
            "closed_issues": 8, "created_at": "2020-04-10T20:09:31Z",
            "closed_at": "2020-02-12T13:22:01Z", "due_on": "2030-10-09T23:39:01Z",
        },
        "locked": False,
        "active_lock_reason": None,
        "comments": 0,
        **({"pull_request": merged, "draft": False} if pull else {}),
        "closed_at": closed,
        "closed_by": who if closed else None,
        "created_at": created,
        "updated_at": closed or created,
        "author_association": "COLLABORATOR",
        "reactions": {"total_count": 0, "+1": 0, "-1": 0},
    }  # fmt: skip


def gitlab_item(
    iid: int, created: str, closed: str | None = None, *, merged: str | None = None
) -> Item:
    """An item of `GET /projects/:id/issues` or `/merge_requests`; the latter may be merged."""
    who = {"id": 1, "username": "raj", "name": "Raj", "state": "active", "locked": False}
    return {
        "id": 9000 + iid,
        "iid": iid,
        "project_id": 4,
        "title": "A path is missing",
        "description": "",
        "state": "merged" if merged else "closed" if closed else "opened",
        "created_at": created,
        "updated_at": merged or closed or created,
        "merged_by": who if merged else None,
        "merge_user": who if merged else None,
        "merged_at": merged,
        "closed_by": who if closed else None,
        "closed_at": closed,
        "target_branch": "main",
        "source_branch": "work",
        "labels": ["bug"],
        "milestone": None,
        "assignees": [],
        "author": who,
        "upvotes": 0,
        "downvotes": 0,
        "draft": False,
        "web_url": f"https://gitlab.example.org/windrose/maps/-/issues/{iid}",
        "time_stats": {"time_estimate": 0, "total_time_spent": 0, "human_time_estimate": None},
        "task_completion_status": {"count": 0, "completed_count": 0},
    }


def forgejo_issue(
    number: int, created: str, closed: str | None = None, *, pull: bool = False
) -> Item:
    """An item of Forgejo's `GET /repos/{owner}/{repo}/issues`: `pull_request` is always there."""
    who = {"id": 2, "login": "raj", "login_name": "", "full_name": "Raj", "email": "r@x.example"}
    asked = {"merged": closed is not None, "merged_at": closed, "draft": False, "html_url": ""}
    return {
        "id": 70 + number,
        "url": f"https://forge.example.org/api/v1/repos/windrose/maps/issues/{number}",
        "html_url": f"https://forge.example.org/windrose/maps/issues/{number}",
        "number": number,
        "user": who,
        "original_author": "",
        "original_author_id": 0,
        "title": "A path is missing",
        "body": "",
        "ref": "",
        "assets": [],
        "labels": [],
        "milestone": None,
        "assignee": None,
        "assignees": None,
        "state": "closed" if closed else "open",
        "is_locked": False,
        "comments": 0,
        "created_at": created,
        "updated_at": closed or created,
        "closed_at": closed,
        "due_date": None,
        "pull_request": asked if pull else None,
        "repository": {"id": 1, "name": "maps", "owner": "windrose", "full_name": "windrose/maps"},
        "pin_order": 0,
    }


def send_page(
    handler: BaseHTTPRequestHandler, items: list[Item], forge: str, *, size: int = 3
) -> None:
    """Send the page that is asked for, with the headers by which a forge tells of the next."""
    parts = urlsplit(handler.path)
    query = dict(parse_qsl(parts.query))
    number, last = int(query.get("page", "1")), max(1, -(-len(items) // size))
    host = f"http://{handler.headers['Host']}"
    path = parts.path.replace("/repos/windrose/maps", "/repositories/1300192")

    def link(page: int, word: str) -> str:
        return f'<{host}{path}?{urlencode({**query, "page": page})}>; rel="{word}"'

    headers: dict[str, str] = {}
    if forge == "gitlab":
        headers |= {"X-Next-Page": str(number + 1) if number < last else "", "X-Page": str(number),
                    "X-Per-Page": str(size), "X-Total": str(len(items))}  # fmt: skip
    if last > 1:
        known = [link(number - 1, "prev")] if number > 1 else []
        known += [link(number + 1, "next")] if number < last else []
        headers["Link"] = ", ".join([*known, link(last, "last"), link(1, "first")])
    if forge == "forgejo":
        headers["X-Total-Count"] = str(len(items))
    send(handler, 200, items[size * (number - 1) : size * number], headers)


def send(
    handler: BaseHTTPRequestHandler, status: int, body: object, headers: Mapping[str, str]
) -> None:
    """Send a JSON answer."""
    data = json.dumps(body).encode()
    handler.send_response(status)
    for name, value in {"Content-Type": "application/json; charset=utf-8", **headers}.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


REFUSALS: Mapping[str, tuple[int, dict[str, str], dict[str, str], str]] = {
    "GitHub, its hourly limit": (
        403,
        {"message": "API rate limit exceeded for installation ID 5.", "documentation_url": "x"},
        {"X-RateLimit-Limit": "1000", "X-RateLimit-Remaining": "0",
         "X-RateLimit-Reset": "1790000000"},
        "the forge answers 403, too many requests until 2026-09-21 14:13 UTC; run it again later",
    ),
    "GitHub, its secondary limit": (
        403,
        {"message": "You have exceeded a secondary rate limit.", "documentation_url": "x"},
        {"Retry-After": "60", "X-RateLimit-Remaining": "4990"},
        "the forge answers 403, too many requests, for 60 seconds; run it again later",
    ),
    "GitLab, its limit": (
        429,
        {"message": "Retry later"},
        {"Retry-After": "42", "RateLimit-Remaining": "0", "RateLimit-Reset": "1790000000"},
        "the forge answers 429, too many requests, for 42 seconds; run it again later",
    ),
    "a limit of odd headers": (
        429,
        {},
        {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT", "RateLimit-Reset": "soon"},
        "the forge answers 429, too many requests; run it again later",
    ),
    "GitHub, a token that is wrong": (
        401, {"message": "Bad credentials", "documentation_url": "x", "status": "401"}, {},
        "its token is wrong or has expired",
    ),
    "GitHub, issues that are switched off": (
        410, {"message": "Issues has been disabled in this repository.", "status": "410"}, {},
        "per_page=100: Issues has been disabled in this repository.",
    ),
    "GitLab, a project nobody may see": (
        404, {"message": "404 Project Not Found"}, {}, "404 Project Not Found",
    ),
    "a forge that has moved": (
        301, {"message": "Moved Permanently"}, {"Location": "http://127.0.0.1:1/"},
        "it is elsewhere now",
    ),
}  # fmt: skip
"""Each forge's documented refusals: status, body, headers, and what we say of them."""
