"""`onrecord advance`: a decision moves on, or hears what it still misses."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypedDict

import click

from onrecord.cli.echo import echo, echo_json
from onrecord.cli.printed import print_lack
from onrecord.cli.run import DAY, FOUND, Run, no_such, not_past, one_of, writing
from onrecord.lifecycle.advance import Advance, advance, planned, with_questions
from onrecord.lifecycle.stages import Lack
from onrecord.records.disk import change_file
from onrecord.records.model import Decision
from onrecord.records.reading.frontmatter import decoded
from onrecord.records.reading.records import decision_of
from onrecord.records.vocabulary import Outcome, Stage


class AdvanceJson(TypedDict):
    """What `onrecord advance --json` prints."""

    id: str
    stage: Stage | None
    """The stage after the command."""
    advanced: bool
    """True when the file was written."""
    refusal: str | None
    """Why the command can't do this, in a sentence; else null."""
    missing: Sequence[Lack]
    """What is missing before it can leave its stage."""


@click.command("advance")
@click.argument("decision_id", metavar="ID")
@click.option("--outcome", type=one_of(Outcome), help="Close the decision with this outcome.")
@click.option("--due", type=DAY, help="The day the next stage ends.")
@click.option("--json", "as_json", is_flag=True, help="Print what is missing as JSON.")
@click.pass_obj
def advance_command(
    run: Run, decision_id: str, outcome: str | None, due: date | None, as_json: bool
) -> None:
    """Move decision ID to its next stage, or say what is still missing.

    Writes the stage and its date, and changes nothing else in the file.
    """
    not_past("--due", due, run.today)
    base = run.open()
    library = base.library
    decision = library.decision.get(decision_id.removesuffix(".md"))
    if decision is None:
        no_such("decision", decision_id, library.decision)
    # By an id the library gives the first of them; only a person knows which one is meant.
    if sum(d.id == decision.id for d in library.decisions) > 1:
        raise click.UsageError(f"two files have the id {decision.id}; `onrecord check` names them")
    to_answer = [earlier.decision for earlier in base.precedents.to_answer(decision)]
    result = Advance()

    def advanced(data: bytes | None) -> bytes | None:
        nonlocal result
        read = decision_of(decision.path, decoded(decision.path, data or b"")[0])[0]
        # Read from the bytes that are replaced: somebody may have written since the base was read.
        read = replace(read, replies=decision.replies)
        if (read.stage, read.outcome) != (decision.stage, decision.outcome):
            result = Advance(refusal="it was moved on in the meantime; nothing was written")
        else:
            wanted = Outcome(outcome) if outcome else None
            result = planned(read, data or b"", run.today, wanted, due, to_answer)
            result = advance(read, result, data or b"")
        return result.data

    with writing(decision.path):
        change_file(base.root, decision.path, advanced)
    if as_json:
        told: AdvanceJson = {
            "id": decision.id,
            "stage": result.decision.stage if result.decision else decision.stage,
            "advanced": result.data is not None,
            "refusal": result.refusal or None,
            "missing": result.lacks,
        }
        echo_json(told)
    if result.data is None:
        if not as_json:
            _print_missing(decision.path, decision.stage or "its stage", result.lacks)
            if result.refusal:
                echo(f"{decision.id}: {result.refusal}.", err=True)
        raise SystemExit(FOUND)
    assert result.decision is not None
    if as_json:
        return
    after = result.decision
    if after.outcome is not decision.outcome:
        echo(f"{decision.id} is {after.outcome}, decided {after.decided}.")
    if after.stage is not decision.stage and after.stage is not None:
        echo(f"{decision.id} is now in {after.stage}, since {run.today}.")
        echo(after.stage.meaning.what)
        if due is None and decision.due is not None:
            echo(
                f"`due` still says {decision.due}, the end of {decision.stage}; "
                f"name the end of {after.stage} there, or with --due."
            )
    if decision.stage is Stage.ASSESS and after.stage is not decision.stage and not after.asked:
        _ask_for_questions(base.root, after)


def _ask_for_questions(root: Path, decision: Decision) -> None:
    """On a terminal, ask how people will ask for the decision, and write it under `asked`."""
    if not is_terminal():
        return
    echo("How would somebody with this problem ask for it? It will be found by these words.")
    said = click.prompt("In their words (Enter for none)", default="", show_default=False)
    question = " ".join(said.split())
    if not question:
        return
    result = Advance()

    def asked(data: bytes | None) -> bytes | None:
        nonlocal result
        read = decision_of(decision.path, decoded(decision.path, data or b"")[0])[0]
        result = with_questions(read, data or b"", (question,))
        return result.data

    with writing(decision.path):
        change_file(root, decision.path, asked)
    if result.refusal:
        echo(f"{decision.id}: {result.refusal}.", err=True)


def is_terminal() -> bool:
    """True when a person reads and types."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _print_missing(path: str, stage: str, missing: Iterable[Lack]) -> None:
    missing = list(missing)
    if not missing:
        return
    echo(f"{path} can't leave {stage} yet:", err=True)
    for lack in missing:
        print_lack(lack, err=True)
        if lack.example:
            echo(f"      {lack.example}", err=True)
