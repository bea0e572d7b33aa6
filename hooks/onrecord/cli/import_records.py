"""`onrecord import`: records of another tool or habit, made into decisions here."""

from __future__ import annotations

import posixpath
from pathlib import Path

import click

from onrecord.cli.echo import echo, echo_json
from onrecord.cli.run import FINE, FOUND, Run, handle
from onrecord.cli.settle import STATUS_OPTION, keep, read_words
from onrecord.migration.importing import FORMATS, Format, Options, plan_import, write_plan
from onrecord.migration.importing.printed import in_text
from onrecord.migration.importing.reading.statuses import OldStatus
from onrecord.migration.importing.report import FileOutcome, report_json
from onrecord.records.vocabulary import DECISIONS_FOLDER

_STANDINGS = [s.value for s in OldStatus if s is not OldStatus.SUPERSEDED]


@click.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--into",
    default=f"{DECISIONS_FOLDER}/imported",
    show_default=True,
    help="The folder they are copied to, below decisions/.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["auto", *(form.value for form in FORMATS)]),
    default="auto",
    help="How the records were kept (default: found for each file).",
)
@click.option("--owner", default="", help="Who owns those whose files don't name one known here.")
@click.option(
    "--without-status",
    "unstated",
    type=click.Choice(_STANDINGS),
    help="Where records stand whose files say nothing of it (default: left to a person).",
)
@STATUS_OPTION
@click.option("--write", is_flag=True, help="Write them; without it, nothing is changed.")
@click.option("--json", "as_data", is_flag=True, help="Print the report as JSON.")
@click.pass_obj
def import_command(
    run: Run,
    path: Path,
    into: str,
    form: str,
    owner: str,
    unstated: str | None,
    mapped: tuple[str, ...],
    write: bool,
    as_data: bool,
) -> None:
    """Copy the decision records at PATH into decisions/, and report what was read in each.

    Nothing is written without --write. What can't be read for sure is left to a person, and said.
    A second run changes nothing that is here.
    """
    root = run.base()
    _refuse_own(path, root)
    given, words = read_words(root, mapped)
    options = Options(
        into=_folder(into),
        format=None if form == "auto" else Format(form),
        owner=handle("--owner", owner) and owner.strip(),
        without_status=OldStatus(unstated) if unstated else None,
        statuses=words,
    )
    report = plan_import(path, root, run.open().library, options)
    if write:
        report = write_plan(report, root)
        if given:
            keep(root, given)
    if as_data:
        echo_json(report_json(report))
    else:
        for line in in_text(report):
            echo(line)
    failed = bool(report.counts[FileOutcome.FAIL])
    useful = report.counts[FileOutcome.IMPORT] + report.counts[FileOutcome.PRESENT]
    raise SystemExit(FOUND if failed or not useful else FINE)


def _refuse_own(path: Path, root: Path) -> None:
    own = (root / DECISIONS_FOLDER).resolve()
    if path.resolve().is_relative_to(own):
        raise click.UsageError(
            f"{path} lies in {DECISIONS_FOLDER}/ already, and an import copies there. "
            "Move it out first, for example: git mv decisions/adr docs/adr"
        )
    if path.is_dir() and own.is_relative_to(path.resolve()):
        raise click.UsageError(
            f"{path} holds this knowledge base's own {DECISIONS_FOLDER}/; "
            "name the folder of the old records alone"
        )


def _folder(into: str) -> str:
    folder = posixpath.normpath(into.strip().replace("\\", "/").rstrip("/") or ".")
    if folder != DECISIONS_FOLDER and not folder.startswith(f"{DECISIONS_FOLDER}/"):
        raise click.UsageError(
            f"--into {into!r} isn't below {DECISIONS_FOLDER}/; write --into decisions/imported"
        )
    return folder
