"""`onrecord codeowners`: whom the forge asks to review what, from the roles."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypedDict

import click

from onrecord.cli.echo import echo, echo_json
from onrecord.cli.run import FINE, FOUND, Run, no_writing
from onrecord.cli.written import echo_written
from onrecord.forges.changed import place_in_repository
from onrecord.forges.codeowners import (
    block_in,
    codeowners,
    has_decisions,
    outdated_codeowners,
    owned,
    updated,
)
from onrecord.records.disk import change_file
from onrecord.text.printing import Printed


class OwnedJson(TypedDict):
    """What `onrecord codeowners --json` says of a role's folder, or of an open decision."""

    path: str
    """The folder, with `/` at its end, or the file, from the top of the repository."""
    role: str
    """The id of the role that owns it."""
    holder: str | None
    """Who is accountable for it today; null if nobody is."""
    owners: list[str]
    """The handles of those whom the forge asks: the holder, then the role's backups."""


@click.command("codeowners")
@click.option(
    "--write",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the lines into this file, and keep its other lines.",
)
@click.option("--check", "is_check", is_flag=True, help="Check that the file matches the roles.")
@click.option(
    "--decisions/--no-decisions",
    default=None,
    help="Whether open decisions have lines of their own (default: as in the file, else yes).",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print the lines, or what was written, as JSON."
)
@click.pass_obj
def codeowners_command(
    run: Run, target: Path | None, is_check: bool, decisions: bool | None, as_json: bool
) -> None:
    """Make the lines of CODEOWNERS from the roles, for GitHub and GitLab."""
    if target is not None and is_check:
        raise click.UsageError("name one of --write and --check")
    if is_check and as_json:
        raise click.UsageError("--check answers by its exit status; use it without --json")
    base = run.open()
    root, library = base.root, base.library
    if is_check:
        found = outdated_codeowners(root, library, run.today)
        if found is None:
            raise SystemExit(FINE)
        echo(f"{found} no longer matches the roles.", err=True)
        echo(f"    run `onrecord codeowners --write {found}`", err=True)
        raise SystemExit(FOUND)
    top, prefix = place_in_repository(root)
    if target is None and as_json:
        lines = owned(library, run.today, prefix, decisions is not False)
        said: list[OwnedJson] = [
            {"path": o.path, "role": o.role, "holder": o.holder or None, "owners": [*o.owners]}
            for o in lines
        ]
        echo_json(said)
        return
    if target is None:
        echo(Printed(codeowners(library, run.today, prefix, decisions is not False)))
        return
    told = f"{target} already matches the roles; nothing was changed."
    word = "kept"

    def edited(data: bytes | None) -> bytes:
        nonlocal told, word
        # As bytes, so that the line ends of a person's own lines stay.
        old = (data or b"").decode("utf-8")
        has_lines = has_decisions(block_in(old) or "") if decisions is None else decisions
        new = updated(old, codeowners(library, run.today, prefix, has_lines)).encode()
        if new != data:
            word = "made" if data is None else "changed"
            told = f"{word}  {target}"
        return new

    try:
        change_file(*_within(top, target), edited)
        echo_written(as_json, [told], **{word: [str(target)]})
    except OSError as error:
        no_writing(str(target), error)
    except UnicodeDecodeError:
        raise click.UsageError(f"{target} isn't UTF-8; nothing was written") from None


def _within(top: Path, target: Path) -> tuple[Path, str]:
    """The folder whose links count, and the path below it: the repository, or else its own."""
    folder = Path(os.path.normpath(Path.cwd() / target.parent))
    # `samefile` knows a folder by whatever name it was reached, as by way of a symbolic link.
    for here in (folder, *folder.parents):
        if here.exists() and here.samefile(top):
            return here, (folder.relative_to(here) / target.name).as_posix()
    return folder, target.name
