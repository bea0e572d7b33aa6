"""`onrecord settle`: say once what an old word of status means, for all records that have it."""

from __future__ import annotations

from pathlib import Path

import click

from onrecord.cli.echo import echo
from onrecord.cli.run import FINE, FOUND, Run, writing
from onrecord.cli.written import JSON, echo_written
from onrecord.migration.importing.reading.statuses import OldStatus
from onrecord.migration.settling import settled, unsettled_words
from onrecord.migration.status_words import (
    WORDS_FILE,
    WordsError,
    keep_words,
    words_given,
    words_in,
)
from onrecord.records.disk import change_file
from onrecord.records.findings import count
from onrecord.records.model import Decision

STATUS_OPTION = click.option(
    "--status",
    "mapped",
    multiple=True,
    metavar="WORD=STATUS",
    help=f"What a status word means here: {', '.join(OldStatus)}. Kept in {WORDS_FILE}.",
)


@click.command("settle")
@STATUS_OPTION
@click.option("--write", is_flag=True, help="Write the outcomes. Without it, nothing changes.")
@JSON
@click.pass_obj
def settle_command(run: Run, mapped: tuple[str, ...], write: bool, as_json: bool) -> None:
    """Settle the status of imported records: say what their old status words mean.

    Without --status, the words in import-words.yml are used. Nothing is written without --write.
    """
    base = run.open()
    given, words = read_words(base.root, mapped)
    waiting = [d for d in base.library.decisions if "status" in d.unsettled]
    done = [d for d in waiting if _settle(base.root, d, words, write=write)]
    if write and given:
        keep(base.root, given)
    left = unsettled_words(d for d in waiting if d not in done)
    if as_json:
        echo_written(True, (), changed=[d.path for d in done if write])
        raise SystemExit(FOUND if left else FINE)
    for decision in done:
        standing = "settled" if write else "would be settled"
        echo(f"{decision.path}: “{decision.unsettled['status']}” {standing}")
    for word, number in left.most_common():
        echo(f"To be settled: {count(number, 'record')} × {f'“{word}”' if word else 'no status'}")
    echo(f"{count(len(done), 'record')} {'settled' if write else 'would be settled'}.")
    if done and not write:
        echo("Nothing is written yet; add --write.")
    raise SystemExit(FOUND if left else FINE)


def read_words(
    root: Path, mapped: tuple[str, ...]
) -> tuple[dict[str, OldStatus], dict[str, OldStatus]]:
    """What the command line maps, and that with the words of the file."""
    try:
        given = words_given(mapped)
        return given, {**words_in(root), **given}
    except WordsError as error:
        raise click.UsageError(str(error)) from None


def keep(root: Path, given: dict[str, OldStatus]) -> None:
    """Keep the words of the command line for later runs."""
    with writing(WORDS_FILE):
        keep_words(root, given)


def _settle(root: Path, decision: Decision, words: dict[str, OldStatus], *, write: bool) -> bool:
    found = False

    def changed(data: bytes | None) -> bytes | None:
        nonlocal found
        new = settled(decision, data or b"", words)
        found = new is not None
        return new if write else None

    with writing(decision.path):
        change_file(root, decision.path, changed)
    return found
