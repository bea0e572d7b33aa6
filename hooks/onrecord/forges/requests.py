"""What people say on a request, as the forge tells it: GitHub's pull requests, GitLab's merges.

In come the environment of a CI job and the number of a request; out come sayings. Nothing is
written, and nothing is sent but questions. The token goes to the forge's own address alone.
"""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

MOST_PAGES = 50
"""Pages of a hundred comments that are asked for."""
MOST_BYTES = 10_000_000
PATIENCE = 30.0

COMMANDS = {"/no-objection": "no-objection", "/aligned": "aligned"}
"""What a comment on the request may say alone on its first line."""


class ForgeRefusesError(Exception):
    """The forge can't be asked; the words say why, without the token."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One comment. `path` is the file it is on, in the repository; '' for the request as a whole.

    `at` is when, as ISO 8601 has it; `url` is its address, `answers` that of the comment it
    answers, or ''.
    """

    who: str
    text: str
    at: str
    url: str
    path: str = ""
    answers: str = ""

    @property
    def day(self) -> date:
        """The day on which it was said, in UTC."""
        return date.fromisoformat(self.at[:10])

    @property
    def command(self) -> str:
        """What it says in one word: `no-objection` or `aligned`; '' where it is prose."""
        return COMMANDS.get(self.text.strip().split("\n")[0].strip().casefold(), "")


def sayings_on(request: str, environment: Mapping[str, str]) -> list[Saying]:
    """Everything said on a request, oldest first. Raises `ForgeRefusesError`."""
    if not re.fullmatch(r"[0-9]{1,9}", request):
        raise ForgeRefusesError(f"a request has a number, not {request[:40]!r}")
    try:
        if environment.get("GITHUB_REPOSITORY"):
            found = list(_on_github(request, environment))
        elif environment.get("CI_API_V4_URL"):
            found = list(_on_gitlab(request, environment))
        else:
            raise ForgeRefusesError(
                "no forge is named: set GITHUB_REPOSITORY, or CI_API_V4_URL and CI_PROJECT_ID, "
                "as a CI job does"
            )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ForgeRefusesError(f"the forge's answer can't be read ({error})") from None
    return sorted(found, key=lambda one: (one.at, one.url))


def _on_github(request: str, environment: Mapping[str, str]) -> Iterator[Saying]:
    base = environment.get("GITHUB_API_URL", "https://api.github.com").rstrip("/")
    token = environment.get("GITHUB_TOKEN", "")
    headers = {"Accept": "application/vnd.github+json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    repository = f"{base}/repos/{quote(environment['GITHUB_REPOSITORY'])}"
    in_files = pages(f"{repository}/pulls/{request}/comments?per_page=100", headers)
    comments = [one for one in in_files if one["user"]["type"] != "Bot"]
    urls = {one["id"]: one["html_url"] for one in comments}
    on_the_whole = pages(f"{repository}/issues/{request}/comments?per_page=100", headers)
    for one in (*comments, *(c for c in on_the_whole if c["user"]["type"] != "Bot")):
        yield Saying(
            who=one["user"]["login"],
            text=one["body"] or "",
            at=one["created_at"],
            url=one["html_url"],
            path=one.get("path", ""),
            answers=urls.get(one.get("in_reply_to_id"), ""),
        )


def _on_gitlab(request: str, environment: Mapping[str, str]) -> Iterator[Saying]:
    base = environment["CI_API_V4_URL"].rstrip("/")
    project = f"{base}/projects/{quote(environment['CI_PROJECT_ID'], safe='')}"
    token = environment.get("ONRECORD_TOKEN", "")
    headers = {"PRIVATE-TOKEN": token} if token else {}
    page = environment.get("CI_PROJECT_URL", "").rstrip("/")
    address = f"{project}/merge_requests/{request}/discussions?per_page=100"
    for discussion in pages(address, headers):
        first = ""
        for note in discussion["notes"]:
            if note["system"] or note["author"].get("bot"):
                continue
            url = f"{page}/-/merge_requests/{request}#note_{note['id']}"
            yield Saying(
                who=note["author"]["username"],
                text=note["body"],
                at=note["created_at"],
                url=url,
                path=(note.get("position") or {}).get("new_path") or "",
                answers=first,
            )
            first = first or url


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the token would go along."""

    def redirect_request(self, *_: Any) -> None:
        return None


def pages(address: str, headers: Mapping[str, str], full: int = 100) -> list[dict[str, Any]]:
    """All that a list of the forge holds. A page of fewer than `full` is its last."""
    opener = urllib.request.build_opener(_Stay)
    found: list[dict[str, Any]] = []
    for number in range(1, MOST_PAGES + 1):
        asked = urllib.request.Request(f"{address}&page={number}", headers=dict(headers))
        try:
            with opener.open(asked, timeout=PATIENCE) as answer:
                page = json.loads(answer.read(MOST_BYTES))
        except urllib.error.HTTPError as error:
            raise ForgeRefusesError(f"the forge answers {error.code} to {address}") from None
        except OSError as error:
            reason = getattr(error, "reason", error)
            raise ForgeRefusesError(f"{address} can't be reached: {reason}") from None
        if not isinstance(page, list):
            raise ForgeRefusesError(f"{address} doesn't list comments")
        found += page
        if len(page) < full:
            return found
    raise ForgeRefusesError(f"{address} lists more than {MOST_PAGES} pages")
