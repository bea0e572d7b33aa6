"""How the commands say what they have written: a line for each file, or JSON for a program."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

import click

from onrecord.cli.echo import echo, echo_json

JSON = click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")


class WrittenJson(TypedDict):
    """What a command prints with `--json` that makes or changes files."""

    made: list[str]
    """The paths of the files that are new."""
    changed: list[str]
    """The paths of the files that were changed."""
    kept: list[str]
    """The paths of the files that were already there and were not changed."""


def echo_written(
    as_json: bool,
    lines: Iterable[str],
    *,
    made: Iterable[str] = (),
    changed: Iterable[str] = (),
    kept: Iterable[str] = (),
) -> None:
    """Print the lines for a person, or the paths for a program."""
    if as_json:
        said: WrittenJson = {"made": [*made], "changed": [*changed], "kept": [*kept]}
        echo_json(said)
        return
    for line in lines:
        echo(line)
