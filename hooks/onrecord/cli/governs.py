"""`onrecord governs`: which decisions in force apply to a file or folder, and whose they are."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TypedDict
from urllib.parse import urlsplit

import click

from onrecord.cli.echo import echo, echo_json
from onrecord.cli.run import AS_JSON, Run
from onrecord.collecting.asking import Access, SourceFails, ask
from onrecord.forges.changed import place_in_repository
from onrecord.forges.governing import (
    Governed,
    Governing,
    NotPublished,
    Rule,
    governed,
    rules_in,
    rules_of,
)
from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.overview.summary import summary_of
from onrecord.records.disk import is_link, open_file
from onrecord.records.findings import shown

RECORDS = "records.json"
MOST_BYTES = 50_000_000
"""Of a published records.json, on disk or from the web."""
MOST_FILES = 2_000
"""Files of a folder that are asked about."""


class GoverningJson(TypedDict):
    """A decision in force that applies to a path."""

    id: str
    title: str
    place: str
    """Its file in this repository, or the address of its page."""
    decided: str | None
    """The day of its outcome, as YYYY-MM-DD."""
    owner: str | None
    """The role or person that owns it."""
    answers: str | None
    """Who is accountable for it on the day."""
    says: str | None
    """What it says, in a sentence."""
    by: str
    """The glob of `governs`, or the path that its text links to."""
    link: bool
    """True where its text links to the path."""


class GovernedJson(TypedDict):
    """A path with the decisions that apply to it."""

    path: str
    """From the top of the repository."""
    decisions: list[GoverningJson]
    """The newest first."""


@click.command("governs")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option(
    "--base",
    metavar="URL-or-DIR",
    default="",
    help="Another knowledge base: the address of its site, or a folder with records.json.",
)
@AS_JSON
@click.pass_obj
def governs_command(run: Run, paths: tuple[str, ...], base: str, as_json: bool) -> None:
    """List the decisions in force that apply to each PATH, a file or a folder.

    A decision applies to what its `governs` names and to what its text links to. With --base, only
    `governs` counts. The exit status is 0 even when nothing is found.
    """
    top, rules = _elsewhere(run, base) if base else _rules(run.open(searches=False))
    asked = list(dict.fromkeys(_from_top(path, top) for path in paths))
    inside = {path: [*_files(top, path)] for path in asked if (top / path).is_dir()}
    found = governed(asked, rules, inside)
    if as_json:
        echo_json([governed_json(one) for one in found])
        return
    for one in found:
        echo(one.path)
        for by in one.by:
            _print(by)
        if not one.by:
            echo("    No decision in force applies to it.")


def governed_in(base: KnowledgeBase, paths: Iterable[str]) -> tuple[Governed, ...]:
    """Of some paths of the repository, from its top, those that decisions in force apply to."""
    return tuple(one for one in governed(paths, _rules(base)[1]) if one.by)


def _rules(base: KnowledgeBase) -> tuple[Path, tuple[Rule, ...]]:
    top, prefix = place_in_repository(base.root)
    rules = rules_of(base.library, base.relations, base.today, summary_of, prefix)
    return top.resolve(), rules


def _elsewhere(run: Run, base: str) -> tuple[Path, tuple[Rule, ...]]:
    """The rules of another knowledge base; paths are of the repository that one works in."""
    top = place_in_repository(run.root or Path.cwd())[0].resolve()
    is_address = base.casefold().startswith(("http://", "https://"))
    try:
        if is_address:
            address = base if base.endswith(".json") else f"{base.rstrip('/')}/{RECORDS}"
            return top, rules_in(_asked(address), address)
        return top, rules_in(_read(Path(base)))
    except (NotPublished, SourceFails, OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        name = re.sub(r"//[^/?#]*@", "//", base)  # no password into a log
        raise click.UsageError(f"--base {shown(name, 200)}: {reason}") from None


def _asked(address: str) -> bytes:
    """What a site answers. Whoever runs the command names the host, so it may be a private one."""
    try:
        host = urlsplit(address).netloc.rpartition("@")[2]
    except ValueError:
        raise SourceFails("it isn't a web address") from None
    return ask(address, Access(frozenset((host.casefold(),)), most=MOST_BYTES), "application/json")


def _read(place: Path) -> bytes:
    file = place / RECORDS if place.is_dir() else place
    with open_file(file.resolve()) as stream:  # a pipe would never end
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise NotPublished(f"it is larger than {MOST_BYTES // 1_000_000} MB")
    return data


def _from_top(path: str, top: Path) -> str:
    """A path as it is typed, counted from the top of the repository.

    It is typed from where one stands, or from the top by whoever stands outside of it.
    """
    here = Path.cwd()
    start = here if here.is_relative_to(top) else top
    whole = Path(os.path.normpath(start / path))
    if not whole.is_relative_to(top):
        raise click.UsageError(f"{shown(path, 200)} isn't in this repository, {top}")
    return whole.relative_to(top).as_posix()


def _files(top: Path, folder: str) -> Iterator[str]:
    """The files in a folder, without hidden ones and links; not more than a few thousand."""

    def all_files() -> Iterator[str]:
        for here, folders, names in os.walk(top / folder):
            folders[:] = sorted(
                one for one in folders if not one.startswith(".") and not is_link(Path(here, one))
            )
            yield from ((Path(here, name)).relative_to(top).as_posix() for name in sorted(names))

    return islice(all_files(), MOST_FILES)


def _print(found: Governing) -> None:
    rule = found.rule
    since = f", in force since {rule.decided}" if rule.decided else ", in force"
    echo(f"    {rule.title} ({rule.id}{since})")
    if rule.says:
        echo(f"        {rule.says}")
    answers = f", @{rule.answers} answers" if rule.answers and rule.answers != rule.owner else ""
    by = f"links to {found.by}" if found.is_link else f"governs {found.by}"
    echo(f"        owner {rule.owner or 'nobody'}{answers}; {by}; {rule.place}")


def governed_json(one: Governed) -> GovernedJson:
    """A path as `--json` prints it."""
    return {"path": one.path, "decisions": [_json(by) for by in one.by]}


def _json(found: Governing) -> GoverningJson:
    rule = found.rule
    return {
        "id": rule.id,
        "title": rule.title,
        "place": rule.place,
        "decided": rule.decided or None,
        "owner": rule.owner or None,
        "answers": rule.answers or None,
        "says": rule.says or None,
        "by": found.by,
        "link": found.is_link,
    }
