"""Asking a forge for a list: page by page as it tells of them, or why it doesn't answer.

In come an address and headers; out come all its items. GitHub, GitLab and Forgejo say in `Link`
which page is next; where an answer has none, a page that isn't full is the last.
"""

from __future__ import annotations

import http.client
import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from onrecord.records.findings import shown

MOST_PAGES = 50
"""Pages of a hundred items that are asked for."""
MOST_BYTES = 10_000_000
PATIENCE = 30.0

_NEXT = re.compile(r"<([^<>\s]{1,2000})>[^<>,]{0,200}?;[ \t]*rel=\"?next\b")


class ForgeRefusesError(Exception):
    """The forge can't be asked; the words say why, without the token."""


@dataclass(frozen=True, slots=True)
class Project:
    """Where a forge answers about a repository. `page` is its address for people.

    Forgejo sets GitHub's names in its jobs, and lists as GitHub does.
    """

    is_github: bool
    address: str
    headers: Mapping[str, str] = field(repr=False)
    page: str = ""

    @property
    def is_forgejo(self) -> bool:
        """True for Forgejo, which differs in a few words."""
        return self.is_github and "/api/v1/" in self.address

    def listed(self, path: str) -> list[dict[str, Any]]:
        """All items of a list."""
        mark = "&" if "?" in path else "?"
        return pages(f"{self.address}/{path}{mark}per_page=100", self.headers)


def project_of(environment: Mapping[str, str], *tokens: str) -> Project:
    """The repository of a CI job; `tokens` are where GitLab's is looked for, the best first.

    Raises `ForgeRefusesError` where the job's environment names no forge.
    """
    if environment.get("GITHUB_REPOSITORY"):
        base = environment.get("GITHUB_API_URL", "https://api.github.com").rstrip("/")
        token = environment.get("GITHUB_TOKEN", "")
        is_forgejo = base.endswith("/api/v1")
        headers = {"Accept": "application/json" if is_forgejo else "application/vnd.github+json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        name = quote(environment["GITHUB_REPOSITORY"])
        page = f"{environment.get('GITHUB_SERVER_URL', 'https://github.com').rstrip('/')}/{name}"
        return Project(True, f"{base}/repos/{name}", headers, page)
    if environment.get("CI_API_V4_URL"):
        base = environment["CI_API_V4_URL"].rstrip("/")
        project = quote(environment["CI_PROJECT_ID"], safe="")
        token = next(filter(None, map(environment.get, tokens)), "")
        headers = {"PRIVATE-TOKEN": token} if token else {}
        page = environment.get("CI_PROJECT_URL", "").rstrip("/")
        return Project(False, f"{base}/projects/{project}", headers, page)
    raise ForgeRefusesError(
        "no forge is named: set GITHUB_REPOSITORY, or CI_API_V4_URL and CI_PROJECT_ID, "
        "as a CI job does"
    )


@contextmanager
def refusing() -> Iterator[None]:
    """Make a refusal of what an answer that isn't as the forge documents it ends in."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ForgeRefusesError(f"the forge's answer can't be read ({error})") from None


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the token would go along."""

    def redirect_request(self, *_: Any) -> None:
        return None


def pages(address: str, headers: Mapping[str, str], full: int = 100) -> list[dict[str, Any]]:
    """All that a list of the forge holds; `full` is how many items a whole page has.

    Raises `ForgeRefusesError`, and `ValueError` for what is no JSON.
    """
    opener = urllib.request.build_opener(_Stay)
    found: list[dict[str, Any]] = []
    following = f"{address}&page=1"
    for number in range(1, MOST_PAGES + 1):
        asked = urllib.request.Request(following, headers=dict(headers))
        try:
            with opener.open(asked, timeout=PATIENCE) as answer:
                # A list that is longer breaks off, isn't JSON, and is refused.
                page, told = json.loads(answer.read(MOST_BYTES)), answer.headers
        except urllib.error.HTTPError as error:
            with error:
                raise ForgeRefusesError(_refusal(error, address)) from None
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", error)
            raise ForgeRefusesError(f"{address} can't be reached: {reason}") from None
        if not isinstance(page, list):
            raise ForgeRefusesError(f"{address} doesn't answer with a list")
        found += page
        # A forge behind another name than it knows of tells addresses that aren't asked.
        nearby = f"{address}&page={number + 1}"
        link = told.get("Link")
        if link is not None:
            named = _NEXT.search(link)
            if named is None:
                return found
            following = urljoin(following, named[1])
            # The token goes along with each question, so no other host is asked.
            following = following if _origin(following) == _origin(address) else nearby
        elif "X-Next-Page" in told:
            if not told["X-Next-Page"].strip():
                return found
            following = nearby
        elif len(page) < full:
            return found
        else:
            following = nearby
    raise ForgeRefusesError(f"{address} lists more than {MOST_PAGES} pages")


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc


def _refusal(error: urllib.error.HTTPError, address: str) -> str:
    """Why the forge doesn't answer, in words; a limit of requests is told as one."""
    told, status = error.headers or Message(), error.code
    until = _free_again(told)
    if status == 429 or (status == 403 and until):
        return f"the forge answers {status}, too many requests{until}; run it again later"
    if status == 401:
        return f"the forge answers 401 to {address}: its token is wrong or has expired"
    words = f"the forge answers {status} to {address}"
    if status in (301, 302, 307, 308):
        return f"{words}: it is elsewhere now"
    said = _message(error)
    return f"{words}: {said}" if said else words


def _free_again(told: Message) -> str:
    """When a forge answers again; '' where it doesn't speak of a limit."""
    after = (told.get("Retry-After") or "").strip()
    if after.isdecimal():
        return f", for {int(after[:6])} seconds"
    reset = told.get("X-RateLimit-Reset") or told.get("RateLimit-Reset") or ""
    left = told.get("X-RateLimit-Remaining") or told.get("RateLimit-Remaining")
    if left == "0" and reset.strip().isdecimal() and len(reset.strip()) <= 11:
        return f" until {datetime.fromtimestamp(int(reset), UTC):%Y-%m-%d %H:%M} UTC"
    return " already" if left == "0" else ""


def _message(error: urllib.error.HTTPError) -> str:
    """What a forge says of a refusal in the JSON of its answer; '' where it says nothing."""
    try:
        said = json.loads(error.read(10_000))
        return shown(str(said["message"]), 120)
    except (OSError, ValueError, KeyError, TypeError, RecursionError, http.client.HTTPException):
        return ""
