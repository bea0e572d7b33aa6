"""Requests as the forge tells of them, GitHub's pull requests and GitLab's merge requests.

In comes the environment of a CI job; out come the open requests, the files that one changes, and
what people say on it. Nothing is written, and nothing is sent but questions. The token goes to the
forge's own address alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from onrecord.forges.listing import ForgeRefusesError, Project, project_of, refusing
from onrecord.records.vocabulary import DECISIONS_FOLDER, FORGE_PAGES
from onrecord.text.paths import is_plain_path
from onrecord.text.printing import one_line

MOST_SHOWN = 100
"""Open requests that a page names, and files of one."""
LONGEST = 200
"""Characters of a request's title."""
_PLAIN_URL = re.compile(r"https?://[\w.:~/\-]+")

COMMANDS = {"/no-objection": "no-objection", "/aligned": "aligned"}
"""What a comment on the request may say alone on its first line."""


class Saying(NamedTuple):
    """One comment or reaction. `path` is the file it is on; '' for the request as a whole.

    `at` is when, as ISO 8601 has it; `url` is its address, `answers` that of the comment it
    answers, or ''. A reaction has no text.
    """

    who: str
    text: str
    at: str
    url: str
    path: str = ""
    answers: str = ""
    is_reaction: bool = False

    @property
    def day(self) -> date:
        """The day on which it was said, in UTC."""
        return date.fromisoformat(self.at[:10])

    @property
    def command(self) -> str:
        """What it says in one word: `no-objection` or `aligned`; '' where it is prose."""
        return COMMANDS.get(self.text.strip().split("\n")[0].strip().casefold(), "")


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A request that isn't merged yet; `paths` are the files it changes, in the repository."""

    number: int
    title: str
    url: str
    paths: tuple[str, ...]


def sayings_on(request: str, environment: Mapping[str, str]) -> list[Saying]:
    """Everything said on a request, oldest first. Raises `ForgeRefusesError`."""
    with refusing():
        project = project_of(environment, "ONRECORD_GATHER_TOKEN", "ONRECORD_TOKEN")
        found = (_on_github if project.is_github else _on_gitlab)(project, _number(request))
        return sorted(found, key=lambda one: (one.at, one.url))


def files_of(request: str, environment: Mapping[str, str]) -> tuple[str, ...]:
    """The files that a request changes, in the repository. Raises `ForgeRefusesError`."""
    with refusing():
        project = project_of(environment, "ONRECORD_GATHER_TOKEN", "ONRECORD_TOKEN")
        return tuple(_files(project, _number(request)))


def open_requests(environment: Mapping[str, str]) -> tuple[OpenRequest, ...]:
    """The requests that are open now, by number. Raises `ForgeRefusesError`."""
    with refusing():
        project = project_of(environment, "ONRECORD_GATHER_TOKEN", "ONRECORD_TOKEN")
        if project.is_github:
            listed = project.listed("pulls?state=open")
            found = [(one["number"], one["title"], one["html_url"]) for one in listed]
        else:
            listed = project.listed("merge_requests?state=opened")
            found = [(one["iid"], one["title"], one["web_url"]) for one in listed]
        return tuple(
            OpenRequest(int(number), str(title), str(url), tuple(_files(project, str(number))))
            for number, title, url in sorted(found)
        )


def in_a_base(
    requests: Iterable[OpenRequest], prefix: str, known: Collection[str]
) -> tuple[OpenRequest, ...]:
    """The requests that change decisions, each with the decisions it changes.

    `prefix` is the base's folder in the repository, such as `kb/`; paths are then those of the
    base. `known` are the decisions there are: a file in a folder of one's name replies to it.
    """
    found = []
    for one in requests:
        paths = [p.removeprefix(prefix) for p in one.paths if p.startswith(prefix)]
        paths = [p for p in paths if p.startswith(f"{DECISIONS_FOLDER}/") and p.endswith(".md")]
        replied = {*known, *paths}
        paths = [
            p for p in paths if p.rpartition("/")[2] not in FORGE_PAGES
            and f"{p.rpartition('/')[0]}.md" not in replied
        ]  # fmt: skip
        if paths:
            found.append(replace(one, paths=tuple(paths)))
    return tuple(found)


def requests_as_json(requests: Iterable[OpenRequest]) -> str:
    """The requests as the site reads them again."""
    return json.dumps([asdict(one) for one in requests], ensure_ascii=False, indent=1) + "\n"


def read_requests(text: str, repo_url: str) -> tuple[OpenRequest, ...]:
    """What `requests_as_json` wrote, and anybody may have changed: the rest is left out.

    An address counts only below `repo_url`, the repository's own.
    """
    try:
        items = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    found = []
    for item in items[:MOST_SHOWN] if isinstance(items, list) else ():
        match item:
            case {
                "number": int(number),
                "title": str(title),
                "url": str(url),
                "paths": list(paths),
            }:
                own = repo_url and url.startswith(f"{repo_url.rstrip('/')}/")
                # Anybody may have written the file, and could send readers of the site anywhere.
                is_plain = _PLAIN_URL.fullmatch(url) and "/.." not in url
                if own and is_plain and all(isinstance(p, str) for p in paths):
                    kept = tuple(p for p in paths[:MOST_SHOWN] if is_plain_path(p))
                    found.append(OpenRequest(number, one_line(title)[:LONGEST], url, kept))
    return tuple(found)


def _number(request: str) -> str:
    if not re.fullmatch(r"[0-9]{1,9}", request):
        raise ForgeRefusesError(f"a request has a number, not {request[:40]!r}")
    return request


def _files(project: Project, request: str) -> Iterator[str]:
    if project.is_github:
        for one in project.listed(f"pulls/{request}/files"):
            if one["status"] != "removed":
                yield str(one["filename"])
    else:
        for one in project.listed(f"merge_requests/{request}/diffs"):
            if not one["deleted_file"]:
                yield str(one["new_path"])


def _on_github(project: Project, request: str) -> Iterator[Saying]:
    comments = [c for c in project.listed(f"pulls/{request}/comments") if _is_person(c)]
    urls = {one["id"]: one["html_url"] for one in comments}
    on_the_whole = project.listed(f"issues/{request}/comments")
    for one in (*comments, *filter(_is_person, on_the_whole)):
        yield Saying(
            who=one["user"]["login"],
            text=one["body"] or "",
            at=one["created_at"],
            url=one["html_url"],
            path=one.get("path", ""),
            answers=urls.get(one.get("in_reply_to_id"), ""),
        )
    for one in filter(_is_person, project.listed(f"issues/{request}/reactions")):
        if one["content"] == "+1":
            url = f"{project.page}/pull/{request}#reaction-{one['id']}"
            yield Saying(one["user"]["login"], "", one["created_at"], url, is_reaction=True)


def _is_person(one: Mapping[str, Any]) -> bool:
    """False for a program, and for an account that is gone."""
    return one["user"] is not None and one["user"]["type"] != "Bot"


def _on_gitlab(project: Project, request: str) -> Iterator[Saying]:
    here = f"{project.page}/-/merge_requests/{request}"
    for discussion in project.listed(f"merge_requests/{request}/discussions"):
        first = ""
        for note in discussion["notes"]:
            if note["system"] or note["author"].get("bot"):
                continue
            url = f"{here}#note_{note['id']}"
            yield Saying(
                who=note["author"]["username"],
                text=note["body"],
                at=note["created_at"],
                url=url,
                path=(note.get("position") or {}).get("new_path") or "",
                answers=first,
            )
            first = first or url
    for one in project.listed(f"merge_requests/{request}/award_emoji"):
        if one["name"] == "thumbsup" and not one["user"].get("bot"):
            url = f"{here}#award-{one['id']}"
            yield Saying(one["user"]["username"], "", one["created_at"], url, is_reaction=True)
