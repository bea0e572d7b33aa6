"""`onrecord codeowners`: whom the forge asks to review what, from the roles."""

from __future__ import annotations

from pathlib import Path

import click

from onrecord.cli.echo import echo
from onrecord.cli.run import FINE, FOUND, Run, no_writing
from onrecord.forges.changed import place_in_repository
from onrecord.forges.codeowners import (
    block_in,
    codeowners,
    has_decisions,
    outdated_codeowners,
    updated,
)
from onrecord.records.disk import write_atomically, write_new
from onrecord.text.printing import Printed


@click.command("codeowners")
@click.option(
    "--write",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write them into this file; other lines in it are kept.",
)
@click.option("--check", "is_check", is_flag=True, help="Say whether the file still fits.")
@click.option(
    "--decisions/--no-decisions",
    default=None,
    help="Whether open decisions have lines of their own (default: as in the file, else yes).",
)
@click.pass_obj
def codeowners_command(
    run: Run, target: Path | None, is_check: bool, decisions: bool | None
) -> None:
    """Print the lines of CODEOWNERS that follow from the roles, for GitHub and GitLab."""
    if target is not None and is_check:
        raise click.UsageError("name one of --write and --check")
    base = run.open()
    root, library = base.root, base.library
    if is_check:
        found = outdated_codeowners(root, library)
        if found is None:
            raise SystemExit(FINE)
        echo(f"{found} no longer follows the roles.", err=True)
        echo(f"    run `onrecord codeowners --write {found}`", err=True)
        raise SystemExit(FOUND)
    prefix = place_in_repository(root)[1]
    if target is None:
        echo(Printed(codeowners(library, prefix, decisions is not False)))
        return
    try:
        old = target.read_bytes().decode("utf-8") if target.exists() else ""
        if decisions is None:
            decisions = has_decisions(block_in(old) or "")
        _write(target, old, updated(old, codeowners(library, prefix, decisions)))
    except OSError as error:
        no_writing(str(target), error)
    except UnicodeDecodeError:
        raise click.UsageError(f"{target} isn't UTF-8; nothing was written") from None


def _write(target: Path, old: str, new: str) -> None:
    # As bytes, so that the line ends of a person's own lines stay.
    if write_new(target, new.encode()):
        echo(f"made  {target}")
    elif new == old:
        echo(f"{target} is as the roles have it; nothing was changed.")
    else:
        write_atomically(target, new.encode())
        echo(f"changed  {target}")
