"""`onrecord import`: records of another tool or habit, made into decisions and roles here."""

from __future__ import annotations

import posixpath
from pathlib import Path

import click

from onrecord.cli.echo import echo, echo_json
from onrecord.cli.progress import shown_progress
from onrecord.cli.run import FINE, FOUND, Run, handle
from onrecord.cli.settle import STATUS_OPTION, keep, read_words
from onrecord.drafting.drafts import RESERVED
from onrecord.migration.importing import FORMATS, Format, Options, plan_import, write_plan
from onrecord.migration.importing.playbooks import PLAYBOOK_KINDS, plan_playbooks
from onrecord.migration.importing.printed import in_text
from onrecord.migration.importing.reading.statuses import OldStatus
from onrecord.migration.importing.report import FileOutcome, Report, report_json
from onrecord.records.vocabulary import DECISIONS_FOLDER, PLAYBOOKS_FOLDER, Kind
from onrecord.text.progress import Progress
from onrecord.text.slugs import slug_of

_IMPORTED, _ROLES = f"{DECISIONS_FOLDER}/imported", PLAYBOOKS_FOLDER
_STANDINGS = [s.value for s in OldStatus if s is not OldStatus.SUPERSEDED]


@click.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--as",
    "kind",
    type=click.Choice([one.value for one in (Kind.DECISION, *PLAYBOOK_KINDS)]),
    default=Kind.DECISION.value,
    show_default=True,
    help="What they become. Runbooks and handbook pages become roles.",
)
@click.option(
    "--into",
    default="",
    help=f"The folder of the decisions (default: {_IMPORTED}), or the role: {_ROLES}/ROLE.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["auto", *(form.value for form in FORMATS)]),
    default="auto",
    help="The format of the records (default: detected for each file).",
)
@click.option(
    "--owner", default="", help="The owner or holder of records that name nobody known here."
)
@click.option(
    "--without-status",
    "unstated",
    type=click.Choice(_STANDINGS),
    help="The status of records whose files give none (default: left to you).",
)
@STATUS_OPTION
@click.option(
    "--update",
    "is_update",
    is_flag=True,
    help="Also update records that changed at PATH, unless edited here.",
)
@click.option("--write", is_flag=True, help="Write the files. Without it, nothing changes.")
@click.option("--json", "as_data", is_flag=True, help="Print the report as JSON.")
@click.pass_obj
def import_command(
    run: Run,
    path: Path,
    kind: str,
    into: str,
    form: str,
    owner: str,
    unstated: str | None,
    mapped: tuple[str, ...],
    is_update: bool,
    write: bool,
    as_data: bool,
) -> None:
    """Copy the records at PATH into this knowledge base, and report what was read in each.

    They become decisions or, with --as, roles or handoffs. Nothing is written without --write. What
    can't be read for sure is listed for you to settle. A second run changes no record here. With
    --update it updates records that changed at PATH, unless somebody edited them here.
    """
    root, progress = run.base(), shown_progress(quiet=as_data)
    if kind != Kind.DECISION:
        if form != "auto" or unstated or mapped:
            raise click.UsageError("--format, --without-status and --status are for decisions")
        holder = handle("--owner", owner) and owner.strip()
        library = run.open(progress=progress).library
        report = plan_playbooks(
            Kind(kind),
            path,
            root,
            library,
            role=_role(into),
            holder=holder,
            is_update=is_update,
            progress=progress,
        )
        raise SystemExit(_finish(report, root, progress, write=write, as_data=as_data))
    _refuse_own(path, root)
    given, words = read_words(root, mapped)
    options = Options(
        into=_folder(into or _IMPORTED),
        format=None if form == "auto" else Format(form),
        owner=handle("--owner", owner) and owner.strip(),
        without_status=OldStatus(unstated) if unstated else None,
        statuses=words,
        is_update=is_update,
    )
    library = run.open(progress=progress).library
    report = plan_import(path, root, library, options, progress)
    status = _finish(report, root, progress, write=write, as_data=as_data)
    if write and given:
        keep(root, given)
    raise SystemExit(status)


def _finish(report: Report, root: Path, progress: Progress, *, write: bool, as_data: bool) -> int:
    """Write and print a report; the exit status."""
    if write:
        report = write_plan(report, root, progress)
    if as_data:
        echo_json(report_json(report))
    else:
        for line in in_text(report):
            echo(line)
    useful = (FileOutcome.IMPORT, FileOutcome.UPDATE, FileOutcome.PRESENT)
    failed = bool(report.counts[FileOutcome.FAIL])
    return FOUND if failed or not any(report.counts[one] for one in useful) else FINE


def _refuse_own(path: Path, root: Path) -> None:
    own = (root / DECISIONS_FOLDER).resolve()
    if path.resolve().is_relative_to(own):
        raise click.UsageError(
            f"{path} is already in {DECISIONS_FOLDER}/, where an import copies to. "
            "Move it out first, for example: git mv decisions/adr docs/adr"
        )
    if path.is_dir() and own.is_relative_to(path.resolve()):
        raise click.UsageError(
            f"{path} holds this knowledge base's own {DECISIONS_FOLDER}/; "
            "name only the folder of the old records"
        )


def _role(into: str) -> str:
    """The role that `--into playbooks/ROLE` names; '' where it isn't given."""
    if not into.strip():
        return ""
    parts = posixpath.normpath(into.strip().replace("\\", "/")).split("/")
    role = parts[-1]
    if len(parts) > 2 or parts[0] != _ROLES or slug_of(role) != role or role in RESERVED:
        raise click.UsageError(
            f"--into {into!r} names no role; write --into {_ROLES}/ROLE, the role's id in small "
            "letters, such as payroll-lead"
        )
    return role


def _folder(into: str) -> str:
    folder = posixpath.normpath(into.strip().replace("\\", "/").rstrip("/") or ".")
    if folder != DECISIONS_FOLDER and not folder.startswith(f"{DECISIONS_FOLDER}/"):
        raise click.UsageError(
            f"--into {into!r} isn't below {DECISIONS_FOLDER}/; write --into decisions/imported"
        )
    return folder
