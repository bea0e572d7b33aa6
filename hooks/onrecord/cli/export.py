"""`onrecord export`: write everything as plain Markdown that any tool builds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

import click

from onrecord.cli.echo import echo, echo_json
from onrecord.cli.progress import shown_progress
from onrecord.cli.run import Run, no_writing
from onrecord.cli.written import JSON
from onrecord.records.findings import count
from onrecord.records.settings import MkdocsFile
from onrecord.records.vocabulary import DECISIONS_FOLDER, PLAYBOOKS_FOLDER
from onrecord.site.pages import Views


class ExportJson(TypedDict):
    """What `onrecord export --json` prints."""

    directory: str
    """The directory, as it was named."""
    records: int
    """How many records are in it."""
    pages: int
    """How many pages are in it."""
    files: list[str]
    """The paths of all that was written, from that directory."""
    left_out: Sequence[str]
    """What was in `mkdocs.yml` and isn't in the export's."""


@click.command("export")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Write over files changed since the last export.")
@JSON
@click.pass_obj
def export_command(run: Run, directory: Path, force: bool, as_json: bool) -> None:
    """Write the whole knowledge base to DIRECTORY as plain Markdown with a plain mkdocs.yml.

    The pages include everything that the site adds. DIRECTORY must be new, empty, or from an
    earlier export. Files that no export wrote are never touched.
    """
    try:  # what renders Markdown comes with the site
        from onrecord.migration.export.folder import ExportRefused, write_export
        from onrecord.migration.export.tree import tree_of
    except ModuleNotFoundError as error:
        raise click.UsageError(
            f'the export needs more packages ({error.name}): pip install "onrecord[site]"'
        ) from None
    root = run.base()
    mkdocs = MkdocsFile.read(root)
    docs_dir = mkdocs.word("docs_dir").strip("./") or "docs"
    _refuse_inside(root, directory, docs_dir)
    base = run.open(
        docs_dir,
        searches=not mkdocs.says_no("extra", "onrecord", "precedents"),
        progress=shown_progress(quiet=as_json),
    )
    base.precedents.prepare_all()
    tree = tree_of(base, mkdocs, Views(base))
    try:
        write_export(directory, tree.files, force)
    except ExportRefused as refused:
        raise click.UsageError(str(refused)) from None
    except OSError as error:
        no_writing(str(error.filename or directory), error)
    if as_json:
        said: ExportJson = {
            "directory": str(directory),
            "records": tree.records,
            "pages": tree.pages,
            "files": list(tree.files),
            "left_out": tree.left_out,
        }
        echo_json(said)
        return
    echo(
        f"{directory}: {count(tree.records, 'record')} on {count(tree.pages, 'page')}, "
        f"{len(tree.files):,} files in all."
    )
    for one in tree.left_out:
        echo(f"left out of mkdocs.yml: {one}")
    echo("It builds with `zensical build`, or with `mkdocs build`, in that folder.")


def _refuse_inside(root: Path, directory: Path, docs_dir: str) -> None:
    """Not where the next reading of the knowledge base would find a second one."""
    target = directory.resolve()
    for folder in (DECISIONS_FOLDER, PLAYBOOKS_FOLDER, docs_dir):
        if target.is_relative_to((root / folder).resolve()):
            raise click.UsageError(
                f"{directory} is in {folder}/, which OnRecord reads; name a folder outside it"
            )
