"""`onrecord collect`: take the values of metrics from where they are."""

from __future__ import annotations

import os
from datetime import date
from typing import TypedDict

import click

from onrecord.cli.echo import echo, echo_json
from onrecord.cli.run import AS_JSON, FINE, FOUND, Run, no_such
from onrecord.collecting.asking import Access
from onrecord.collecting.collect import Collected, collect
from onrecord.records.library import Library
from onrecord.records.model import Metric

ALLOWED = "ONRECORD_COLLECT_ALLOW"
"""The environment's hosts, apart by spaces, that may be this machine or in a private network."""
TOKENS = "ONRECORD_COLLECT_TOKENS"
"""The environment's tokens, `host=token` apart by spaces, each sent to its host alone."""


class CollectedJson(TypedDict):
    """What came of one metric that has `collect`."""

    metric: str
    """The metric, as role/metric."""
    path: str
    """The file of its values."""
    day: date | None
    """The day of the value that was taken, or was there; null where there is none."""
    value: float | None
    """The value that was taken."""
    origin: str | None
    """What it was read from."""
    new: bool
    """False where the period had a value, or the source failed."""
    fault: str | None
    """Why nothing was written; null where nothing failed."""


@click.command("collect")
@click.argument("metrics", nargs=-1, metavar="[ROLE/METRIC]...")
@click.option("--dry-run", is_flag=True, help="Print the values, and write nothing.")
@click.option("--commands", is_flag=True, help="Also run the commands that metrics name.")
@AS_JSON
@click.pass_obj
def collect_command(
    run: Run, metrics: tuple[str, ...], dry_run: bool, commands: bool, as_json: bool
) -> None:
    """Collect one value a period for each metric that has `collect`.

    If a source fails, nothing is written for its metric. Name hosts in a private network in
    ONRECORD_COLLECT_ALLOW. Put tokens into ONRECORD_COLLECT_TOKENS, as host=token.
    """
    base = run.open(searches=False)
    wanted = [_metric(base.library, name) for name in metrics] or list(base.library.metrics)
    unclear = {one.path for one in base.library.findings if one.code == "collect-unclear"}
    # A `collect` that can't be read is a fault to tell; only without any are values typed.
    by_hand = [one for one in wanted if one.collect is None and one.path not in unclear]
    if metrics and by_hand:
        raise click.UsageError(f"{by_hand[0].path} has no `collect`, so its values come by hand")
    access = Access.of(os.environ.get(ALLOWED, ""), os.environ.get(TOKENS, ""))
    found = []
    for one in collect(base, wanted, access, os.environ, commands=commands, writes=not dry_run):
        found.append(one)
        if not as_json:
            echo(_line(one, dry_run), err=bool(one.fault))
    if as_json:
        echo_json([_as_json(one) for one in found])
    elif not found:
        echo("No metric has `collect`, so there is nothing to take.")
    raise SystemExit(FOUND if any(one.fault for one in found) else FINE)


def _metric(library: Library, name: str) -> Metric:
    names = {metric.name: metric for metric in library.metrics}
    wanted = name.removesuffix(".md").removesuffix(".csv")
    by_path = {metric.path.removesuffix(".md"): metric for metric in library.metrics}
    return {**by_path, **names}.get(wanted) or no_such("metric", name, names)


def _line(one: Collected, dry_run: bool) -> str:
    if one.fault:
        return f"{one.metric.path}: {one.fault}; nothing was written"
    if not one.is_new:
        return f"{one.path}: already has a value for {one.day}"
    would = " (not written)" if dry_run else ""
    return f"{one.path}: {one.day},{one.value}{would}"


def _as_json(one: Collected) -> CollectedJson:
    return {
        "metric": one.metric.name,
        "path": one.path,
        "day": one.day,
        "value": float(one.value) if one.value else None,
        "origin": str(one.origin) if one.origin else None,
        "new": one.is_new,
        "fault": one.fault or None,
    }
