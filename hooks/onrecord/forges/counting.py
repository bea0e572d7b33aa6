"""Counting issues and requests on the forge of a CI job: GitHub, GitLab, Forgejo.

In come the environment of the job and what is to be counted; out come a number and what it was
counted from. Nothing is sent but questions, and the token goes to the forge's own address alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import quote, urlencode

from onrecord.forges.listing import ForgeRefusesError, pages


@dataclass(frozen=True, slots=True)
class _Listed:
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
    try:
        if environment.get("GITHUB_REPOSITORY"):
            listed = _on_github(kind, label, since, environment)
        elif environment.get("CI_API_V4_URL"):
            listed = _on_gitlab(kind, label, since, environment)
        else:
            raise ForgeRefusesError(
                "no forge is named: set GITHUB_REPOSITORY, or CI_API_V4_URL and CI_PROJECT_ID, "
                "as a CI job does"
            )
        # A list that grows while it is read tells some twice.
        found = list({one.number: one for one in listed}.values())
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ForgeRefusesError(f"the forge's answer can't be read ({error})") from None
    if is_closed:
        fit = [one for one in found if one.closed and days[0] <= one.closed <= days[1]]
        fit = [one for one in fit if one.closed and (one.closed - one.opened).days >= older_than]
    else:
        fit = [one for one in found if (today - one.opened).days >= older_than]
    told = " ".join(f"{one.number}:{one.opened}" for one in sorted(fit, key=lambda one: one.number))
    if measure == "oldest":
        return max(((today - one.opened).days for one in fit), default=None), told
    return len(fit), told


def _on_github(
    kind: str, label: str, since: date | None, environment: Mapping[str, str]
) -> Iterator[_Listed]:
    """GitHub's issues, of which its pull requests are some; Forgejo lists its own the same way."""
    base = environment.get("GITHUB_API_URL", "https://api.github.com").rstrip("/")
    token = environment.get("GITHUB_TOKEN", "")
    headers = {"Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    is_forgejo = base.endswith("/api/v1")
    asked = {"state": "closed" if since else "open", "labels": label}
    if since:
        asked["since"] = f"{since}T00:00:00Z"
    # How many Forgejo gives at most is up to its host, so there the last page is an empty one.
    asked |= {"type": "issues" if kind == "issues" else "pulls"} if is_forgejo else {}
    asked["limit" if is_forgejo else "per_page"] = "50" if is_forgejo else "100"
    words = urlencode({key: word for key, word in asked.items() if word})
    address = f"{base}/repos/{quote(environment['GITHUB_REPOSITORY'])}/issues?{words}"
    for one in pages(address, headers, full=1 if is_forgejo else 100):
        if bool(one.get("pull_request")) == (kind == "requests"):
            yield _listed(one["number"], one["created_at"], one["closed_at"])


def _on_gitlab(
    kind: str, label: str, since: date | None, environment: Mapping[str, str]
) -> Iterator[_Listed]:
    """GitLab keeps merge requests that were merged apart from those that were closed."""
    base = environment["CI_API_V4_URL"].rstrip("/")
    project = f"{base}/projects/{quote(environment['CI_PROJECT_ID'], safe='')}"
    token = environment.get("ONRECORD_TOKEN", "")
    headers = {"PRIVATE-TOKEN": token} if token else {}
    is_requests = kind == "requests"
    states = ["opened"] if since is None else ["closed", *(["merged"] if is_requests else [])]
    for state in states:
        asked = {"state": state, "labels": label, "scope": "all", "per_page": "100"}
        if since:
            asked["updated_after"] = f"{since}T00:00:00Z"
        words = urlencode({key: word for key, word in asked.items() if word})
        where = "merge_requests" if is_requests else "issues"
        for one in pages(f"{project}/{where}?{words}", headers):
            yield _listed(one["iid"], one["created_at"], one.get("merged_at") or one["closed_at"])


def _listed(number: int, opened: str, closed: str | None) -> _Listed:
    return _Listed(
        int(number),
        _day(opened),
        _day(closed) if closed else None,
    )


def _day(moment: str) -> date:
    """The day in UTC: a forge of one's own may write its moments in its own zone."""
    return datetime.fromisoformat(moment).astimezone(UTC).date()
