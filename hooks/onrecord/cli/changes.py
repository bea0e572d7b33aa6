"""`onrecord changes`: what changed since a day, or since a revision of git."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TypedDict

import click

from onrecord.cli.echo import echo, echo_json
from onrecord.cli.progress import shown_progress
from onrecord.cli.run import AS_JSON, DAY, Run
from onrecord.overview.events import Event, events
from onrecord.records import clock
from onrecord.records.git import HistorySource, NotGit
from onrecord.records.history import History, history_of, history_since
from onrecord.records.vocabulary import Change

_SHALLOW = (
    "This is a shallow clone without its history, so whatever has no day in a record is left out. "
    "`git fetch --unshallow` gets the history."
)


class ChangeJson(TypedDict):
    """A change as `--json` prints it."""

    day: date | None
    """The day of it; null when only the two ends of the time are known."""
    kind: Change
    """What kind of change it is."""
    title: str
    """The record's title; of a handoff, its role's."""
    said: str
    """What changed, in words."""
    path: str
    """The record's file."""


@click.command("changes")
@click.option(
    "--since",
    required=True,
    metavar="DAY|REVISION",
    help="The first day (YYYY-MM-DD), or a branch, tag or commit of git.",
)
@click.option("--until", type=DAY, help="The last day (default: today).")
@AS_JSON
@click.pass_obj
def changes_command(run: Run, since: str, until: date | None, as_json: bool) -> None:
    """List what changed, newest first: decisions, handoffs, roles and metrics.

    Days come from the records. If a change has no day there, such as an acknowledgement, it comes
    from git.
    """
    base = run.open(progress=shown_progress(quiet=as_json))
    first, history = _asked(base.root, since)
    found = events(base.catalogue, first, until, history)
    if history.source is HistorySource.SHALLOW:
        echo(_SHALLOW, err=True)
    if as_json:
        echo_json([_as_json(one) for one in found])
        return
    for line in _lines(found):
        echo(line)
    if not found:
        echo(f"Nothing has changed since {since}.")


def _asked(root: Path, since: str) -> tuple[date, History]:
    if clock.is_day_form(since):
        try:
            day = clock.day_of(since)
        except ValueError:
            raise click.UsageError(f"--since {since}: there is no such day") from None
        return day, history_of(root, day)
    try:
        history = history_since(root, since)
    except NotGit as error:
        raise click.UsageError(f"--since: {error}") from None
    return history.since or date.min, history


def _lines(found: Iterable[Event]) -> Iterable[str]:
    for day, of_day in groupby(found, lambda event: event.day):
        yield str(day) if day else "on an unknown day"
        for one in of_day:
            yield f"  {one.kind:<12}{one.title}: {one.said} ({one.path})"


def _as_json(one: Event) -> ChangeJson:
    return {
        "day": one.day,
        "kind": one.kind,
        "title": one.title,
        "said": one.said,
        "path": one.path,
    }
