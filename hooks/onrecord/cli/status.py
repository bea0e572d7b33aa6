"""`onrecord status`: what a branch changes on record; for a person, a program or a comment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypedDict

import click

from onrecord.cli.echo import echo, echo_json
from onrecord.cli.governs import GovernedJson, governed_in, governed_json
from onrecord.cli.printed import (
    EarlierJson,
    EffectOf,
    as_dict,
    print_findings,
    print_hit,
    print_lack,
)
from onrecord.cli.progress import shown_progress
from onrecord.cli.run import FINE, FOUND, Command, Run, format_option
from onrecord.forges.branch import Branch, Gate, Passing, branch_of
from onrecord.forges.changed import changed_files, stages_before
from onrecord.forges.codeowners import outdated_codeowners
from onrecord.forges.comment import Places, status_comment
from onrecord.forges.text import is_address
from onrecord.lifecycle.handoffs import Turn
from onrecord.lifecycle.stages import Lack
from onrecord.records.findings import Finding, count
from onrecord.records.git import NotGit
from onrecord.records.reading.replies import record_of
from onrecord.records.vocabulary import DECISIONS_FOLDER, Stage, Status
from onrecord.site.check import pages_of_site
from onrecord.text.printing import Printed


def _address(ctx: click.Context, param: click.Parameter, value: str) -> str:
    if value and not is_address(value):
        raise click.BadParameter(f"{value!r} isn't a web address, such as https://example.org/x")
    return value


def _address_option(name: str, help: str) -> Callable[[Command], Command]:
    return click.option(name, metavar="URL", callback=_address, default="", help=help)


class GateJson(TypedDict):
    """A decision that the branch changes."""

    id: str
    path: str
    """Its file."""
    title: str
    status: Status
    """Derived, never written."""
    stage: Stage | None
    was: Stage | None
    """Its stage where the branch began; null for a new one."""
    skipped: Sequence[Stage]
    """The stages that the branch passes over."""
    missing: Sequence[Lack]
    """What is missing before it can leave its stage."""
    before: list[EarlierJson]
    """The earlier decisions close to it."""


PassingJson = TypedDict(
    "PassingJson",
    {
        "id": str,
        "path": str,
        "role": str,
        "from": str,
        "to": str,
        "turn": Turn,
        "missing": Sequence[str],
        "open_loops": int,
    },
)
"""A handoff that the branch changes: whose turn it is, what it needs to be accepted."""


class BranchJson(TypedDict):
    """What `onrecord status --json` prints."""

    files: Sequence[str]
    """Every file that the branch adds or changes."""
    findings: Sequence[Finding]
    """The findings of these files."""
    findings_elsewhere: int
    """How many findings there are in other files."""
    decisions: list[GateJson]
    """The decisions that the branch changes."""
    handoffs: list[PassingJson]
    """The handoffs that the branch changes."""
    governs: list[GovernedJson]
    """The changed files that decisions in force apply to."""


@click.command()
@click.option("--changed", metavar="BASE", required=True, help="The branch to compare with.")
@format_option("json", "markdown", help="The format; markdown is the comment for a request.")
@_address_option("--files", "Where the forge shows the files of this branch.")
@click.option(
    "--site",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The built site, to list the pages that changed.",
)
@_address_option("--preview", "Where people can read that site.")
@_address_option("--download", "Where people can download that site.")
@click.pass_obj
def status(
    run: Run,
    changed: str,
    as_json: bool,
    form: str,
    files: str,
    site: Path | None,
    preview: str,
    download: str,
) -> None:
    """Show what this branch changes: findings, gates, earlier decisions and handoffs."""
    base = run.open(progress=shown_progress(quiet=as_json or form == "json"))
    root, library = base.root, base.library
    try:
        paths = changed_files(root, changed)
        in_folder = [path for path in paths if path.startswith(f"{DECISIONS_FOLDER}/")]
        decisions = {*in_folder, *map(record_of, in_folder)}
        were = stages_before(root, changed, decisions)
    except NotGit as error:
        raise click.UsageError(f"--changed {changed}: {error}") from None
    # Paths in `governs` begin at the repository's top, and the base may be a folder below it.
    branch = branch_of(
        library,
        base.relations,
        lambda: base.precedents,
        base.findings,
        paths,
        were,
        run.today,
        governed_in(base, changed_files(root, changed, whole=True)),
    )
    effect = base.catalogue.effect
    if as_json or form == "json":
        echo_json(_as_json(branch, effect))
        raise SystemExit(FINE)
    if form == "markdown":
        pages = pages_of_site(site, library) if site is not None else {}
        outdated = outdated_codeowners(root, library, run.today) or ""
        places = Places(files, preview, download, pages, outdated)
        echo(Printed(status_comment(branch, places)))
        raise SystemExit(FINE)
    _print(branch, effect)
    raise SystemExit(FOUND if branch.findings else FINE)


def _print(branch: Branch, effect: EffectOf) -> None:
    print_findings(branch.findings)
    for gate in branch.gates:
        stage = gate.decision.stage or "no stage that can be read"
        echo(f"{gate.decision.path}: {gate.decision.title}")
        moved = gate.was is not None and gate.was is not gate.decision.stage
        echo(f"    {gate.status}, in {stage}{f'; it was in {gate.was}' if moved else ''}")
        for lack in gate.missing:
            print_lack(lack)
        for hit in gate.earlier:
            print_hit(hit, "    ", effect=effect(hit.decision))
    for passing in branch.handoffs:
        handoff = passing.handoff
        echo(f"{handoff.path}: {passing.role_title}, {handoff.title}")
        echo(f"    {passing.turn}")
        for missing in passing.missing:
            echo(f"  - {missing}")
    for one in branch.governed:
        echo(f"{one.path}: decisions in force apply to it")
        for by in one.by:
            echo(f"    {by.rule.title} ({by.rule.id}), owner {by.rule.owner or 'nobody'}")
    number = count(len(branch.findings), "finding") if branch.findings else "no findings"
    echo(f"{count(len(branch.paths), 'file')} changed, {number}.")
    if branch.elsewhere:
        echo(f"In other files: {count(branch.elsewhere, 'finding')}; see `onrecord check`.")


def _as_json(branch: Branch, effect: EffectOf) -> BranchJson:
    return {
        "files": branch.paths,
        "findings": branch.findings,
        "findings_elsewhere": branch.elsewhere,
        "decisions": [_gate(gate, effect) for gate in branch.gates],
        "handoffs": [_passing(passing) for passing in branch.handoffs],
        "governs": [governed_json(one) for one in branch.governed],
    }


def _gate(gate: Gate, effect: EffectOf) -> GateJson:
    decision = gate.decision
    return {
        "id": decision.id,
        "path": decision.path,
        "title": decision.title,
        "status": gate.status,
        "stage": decision.stage,
        "was": gate.was,
        "skipped": gate.skipped,
        "missing": gate.missing,
        "before": [as_dict(hit, effect(hit.decision), gate.decision) for hit in gate.earlier],
    }


def _passing(passing: Passing) -> PassingJson:
    handoff = passing.handoff
    return {
        "id": handoff.id,
        "path": handoff.path,
        "role": handoff.role,
        "from": handoff.giver,
        "to": handoff.receiver,
        "turn": passing.turn,
        "missing": passing.missing,
        "open_loops": passing.open_loops,
    }
