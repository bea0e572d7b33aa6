"""Which decisions in force apply to a file or folder, of this knowledge base or another one.

In come the rules of a library, or those that a site publishes in records.json, and paths of a
repository; out come the rules that mean each path. A decision applies to what its `governs` names
and, in its own repository, for what its text links to.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urljoin

from onrecord.lifecycle.handoffs import Holders
from onrecord.lifecycle.relations import Relations
from onrecord.records.library import Library
from onrecord.records.model import Decision
from onrecord.records.vocabulary import DECISIONS_FOLDER, PLAYBOOKS_FOLDER, Status
from onrecord.text.paths import covers, is_glob

LONGEST = 300
"""Signs of a text from another knowledge base; what is longer is cut."""


class NotPublished(Exception):
    """What was read is no records.json; the words say why."""


class Rule(NamedTuple):
    """A decision in force, with what it applies to: globs, and paths that its text links to."""

    id: str
    title: str
    place: str
    """Its path in this repository, or the address of its page."""
    decided: str
    owner: str
    answers: str
    says: str
    globs: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    def means(self, path: str) -> str:
        """What in it means a path: a glob, or the path it links to; '' for what it doesn't."""
        found = next((glob for glob in self.globs if covers(glob, path)), "")
        under = (link for link in self.links if path == link or path.startswith(f"{link}/"))
        return found or next(under, "")


class Governing(NamedTuple):
    """A rule that applies to a path, and by what."""

    rule: Rule
    by: str
    is_link: bool


class Governed(NamedTuple):
    """A path with the decisions that apply to it, the newest first."""

    path: str
    by: tuple[Governing, ...]


def governed(
    paths: Iterable[str], rules: Sequence[Rule], inside: Mapping[str, Sequence[str]] = {}
) -> tuple[Governed, ...]:
    """Each path with the rules that mean it, or, of a folder, one of the files `inside` it."""
    found = []
    for path in paths:
        by = []
        for rule in rules:
            files = (path, *inside.get(path, ()))
            if meant := next(filter(None, map(rule.means, files)), ""):
                by.append(Governing(rule, meant, meant not in rule.globs))
        found.append(Governed(path, tuple(by)))
    return tuple(found)


def rules_of(
    library: Library,
    relations: Relations,
    today: date,
    says: Callable[[Decision], str],
    prefix: str = "",
) -> tuple[Rule, ...]:
    """The rules of a library. `prefix` leads from the repository's top to it, such as `kb/`.

    `says` gives the sentence that a decision is told by.
    """
    holders = Holders(library)
    found = [
        Rule(
            id=d.id,
            title=d.title,
            place=f"{prefix}{d.path}",
            decided=d.decided.isoformat() if d.decided else "",
            owner=d.owner,
            answers=holders.of_decision(d, today).who,
            says=says(d),
            globs=d.governs,
            links=tuple(dict.fromkeys(_links(d, prefix))),
        )
        for d in library.decision.values()
        if relations.status[d.id] is Status.ACCEPTED and (d.governs or d.body.links)
    ]
    return _newest_first(found)


def _links(decision: Decision, prefix: str) -> Iterator[str]:
    """The paths in the repository that a text links to, but for records and what is beside them."""
    own = tuple(f"{prefix}{folder}" for folder in (DECISIONS_FOLDER, PLAYBOOKS_FOLDER))
    for link in decision.body.links:
        path = posixpath.normpath(prefix + decision.target_of(link))
        is_own = any(path == folder or path.startswith(f"{folder}/") for folder in own)
        if not is_own and path != "." and not path.startswith("../"):
            yield path


def rules_in(text: str | bytes, address: str = "") -> tuple[Rule, ...]:
    """The rules of a published records.json, which lies at `address`. Raises `NotPublished`.

    Links don't count: they lead to files of the repository of that knowledge base.
    """
    try:
        records = json.loads(text)["records"]
        entries = [one for one in records if one["kind"] == "decision"]
    except (ValueError, RecursionError, KeyError, TypeError):
        raise NotPublished("it isn't the records.json of a site built with OnRecord") from None
    # Another site wrote it: nothing in it is trusted, neither its types nor its lengths.
    found = []
    for one in entries:
        globs = one.get("governs")
        if one.get("status") == Status.ACCEPTED and isinstance(globs, list):
            usable = tuple(g for g in globs if isinstance(g, str) and is_glob(g))
            if usable:
                found.append(_published(one, usable, address))
    return _newest_first(found)


def _published(entry: Mapping[str, Any], globs: tuple[str, ...], address: str) -> Rule:
    def word(key: str) -> str:
        value = entry.get(key)
        return value[:LONGEST] if isinstance(value, str) else ""

    return Rule(
        id=word("id"),
        title=word("title"),
        place=_page(address, word("url")),
        decided=word("decided"),
        owner=word("owner"),
        answers=word("answers"),
        says=word("summary"),
        globs=globs,
    )


def _page(address: str, page: str) -> str:
    """The address of a page, of the web where the site's is; else where the site is."""
    try:
        found = urljoin(address, page)
    except ValueError:
        return address
    return found if not address or found.startswith(("http://", "https://")) else address


def _newest_first(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    # A sort keeps the order of what is equal: those of one day stay by id.
    return tuple(sorted(sorted(rules, key=lambda r: r.id), key=lambda r: r.decided, reverse=True))
