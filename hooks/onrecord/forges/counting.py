"""Counting issues and requests on the forge of a CI job: GitHub, GitLab, Forgejo.

In come the environment of the job and what is to be counted; out come a number and what it was
counted from. Nothing is sent but questions, and the token goes to the forge's own address alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import NamedTuple
from urllib.parse import urlencode

from onrecord.forges.listing import Project, pages, project_of, refusing


class _Listed(NamedTuple):
    """An issue or a request: its number, the day it was opened, and the day it was closed."""

    number: int
    opened: date
    closed: date | None


def count_on_forge(
    kind: str,
    measure: str,
    *,
    label: str,
    older_than: int,
    days: tuple[date, date],
    today: date,
    environment: Mapping[str, str],
) -> tuple[float | None, str]:
    """How many `issues` or `requests` are `open`, were `closed` in `days`, or the `oldest` in days.

    None where nothing is open and the oldest is asked for. Raises `ForgeRefusesError`.
    """
    is_closed = measure == "closed"
    since = days[0] if is_closed else None
    with refusing():
        project = project_of(environment, "ONRECORD_TOKEN")
        listed = (_on_github if project.is_github else _on_gitlab)(project, kind, label, since)
        # A list that grows while it is read tells some twice.
        found = list({one.number: one for one in listed}.values())
    if is_closed:
        # Forges narrow by the day of the last change, not of the closing; the days are compared
        # here.
        fit = [one for one in found if one.closed and days[0] <= one.closed <= days[1]]
        fit = [one for one in fit if one.closed and (one.closed - one.opened).days >= older_than]
    else:
        fit = [one for one in found if (today - one.opened).days >= older_than]
    told = " ".join(f"{one.number}:{one.opened}" for one in sorted(fit, key=lambda one: one.number))
    if measure == "oldest":
        return max(((today - one.opened).days for one in fit), default=None), told
    return len(fit), told


def _on_github(project: Project, kind: str, label: str, since: date | None) -> Iterator[_Listed]:
    """GitHub's issues, of which its pull requests are some; Forgejo lists its own the same way."""
    is_forgejo = project.is_forgejo
    asked = {"state": "closed" if since else "open", "labels": label}
    if since:
        asked["since"] = f"{since}T00:00:00Z"
    # How many Forgejo gives at most is up to its host, so there the last page is an empty one.
    asked |= {"type": "issues" if kind == "issues" else "pulls"} if is_forgejo else {}
    asked["limit" if is_forgejo else "per_page"] = "50" if is_forgejo else "100"
    words = urlencode({key: word for key, word in asked.items() if word})
    address = f"{project.address}/issues?{words}"
    for one in pages(address, project.headers, full=1 if is_forgejo else 100):
        if bool(one.get("pull_request")) == (kind == "requests"):
            yield _listed(one["number"], one["created_at"], one["closed_at"])


def _on_gitlab(project: Project, kind: str, label: str, since: date | None) -> Iterator[_Listed]:
    """GitLab keeps merge requests that were merged apart from those that were closed."""
    is_requests = kind == "requests"
    states = ["opened"] if since is None else ["closed", *(["merged"] if is_requests else [])]
    for state in states:
        asked = {"state": state, "labels": label, "scope": "all", "per_page": "100"}
        if since:
            asked["updated_after"] = f"{since}T00:00:00Z"
        words = urlencode({key: word for key, word in asked.items() if word})
        where = "merge_requests" if is_requests else "issues"
        for one in pages(f"{project.address}/{where}?{words}", project.headers):
            yield _listed(one["iid"], one["created_at"], one.get("merged_at") or one["closed_at"])


def _listed(number: int, opened: str, closed: str | None) -> _Listed:
    return _Listed(int(number), _day(opened), _day(closed) if closed else None)


def _day(moment: str) -> date:
    """The day in UTC: a forge of one's own may write its moments in its own zone."""
    return datetime.fromisoformat(moment).astimezone(UTC).date()
