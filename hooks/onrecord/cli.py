"""The command line: a thin adapter. It asks the core and prints; it decides nothing.

Exit status: 0 fine, 1 findings or a gate that isn't met, 2 wrong use.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from onrecord import __version__, clock, drafts
from onrecord.advance import advance
from onrecord.before import ask_before, open_before
from onrecord.cli_before import before, described
from onrecord.cli_init import init
from onrecord.cli_roles import COMMANDS, roster_of
from onrecord.cli_run import DAY, FINE, FOUND, Run, handle, no_such, no_writing
from onrecord.disk import write_atomically, write_new
from onrecord.findings import Finding, count, in_order, shown
from onrecord.handover import filled
from onrecord.library import Library
from onrecord.reading import read_library
from onrecord.relations import relate
from onrecord.site_check import faults_of_site
from onrecord.slugs import slug_of
from onrecord.stages import Lack
from onrecord.upkeep import faults_of_upkeep
from onrecord.vocabulary import (
    STAGE_MEANINGS,
    Cadence,
    Direction,
    Outcome,
)


def _find() -> click.Command:
    from onrecord.cli_find import find

    return find


def _changes() -> click.Command:
    from onrecord.cli_changes import changes_command

    return changes_command


def _status() -> click.Command:
    from onrecord.cli_status import status

    return status


def _codeowners() -> click.Command:
    from onrecord.cli_codeowners import codeowners_command

    return codeowners_command


def _import() -> click.Command:
    from onrecord.cli_import import import_command

    return import_command


def _export() -> click.Command:
    from onrecord.cli_export import export_command

    return export_command


_LATER = {
    "find": _find,
    "changes": _changes,
    "status": _status,
    "codeowners": _codeowners,
    "import": _import,
    "export": _export,
}


class _Main(click.Group):
    """Loads what a command needs once it is asked for: all of it takes as long as a query."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, if there is one."""
        if cmd_name in _LATER and cmd_name not in self.commands:
            self.add_command(_LATER[cmd_name]())
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted({*self.commands, *_LATER})


@click.group(cls=_Main, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="onrecord")
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where the knowledge base is (default: the nearest parent with a decisions/ folder).",
)
@click.option("--today", type=DAY, help="The day to take for today (or ONRECORD_TODAY).")
@click.pass_context
def main(ctx: click.Context, root: Path | None, today: date | None) -> None:
    """Keep a team's decisions, roles and handoffs on record."""
    try:
        ctx.obj = Run(root, today or clock.today())
    except ValueError as error:
        raise click.UsageError(str(error)) from None


for command in (init, *COMMANDS, before):
    main.add_command(command)


# check


@main.command()
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="How findings are printed.",
)
@click.option(
    "--site",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Check a built site too: that OnRecord's hooks really ran.",
)
@click.pass_obj
def check(run: Run, as_json: bool, form: str, site: Path | None) -> None:
    """List every fault of the knowledge base, with file, line and the right form."""
    root = run.base()
    library = read_library(root)
    upkeep = faults_of_upkeep(library, run.today)
    findings = list(in_order((*library.findings, *relate(library).findings, *upkeep)))
    if site is not None:
        findings += faults_of_site(site, library)
    if as_json or form == "json":
        click.echo(json.dumps([asdict(f) for f in findings], ensure_ascii=False, indent=2))
    elif form == "github":
        for f in findings:
            click.echo(_annotation(f))
    else:
        for f in findings:
            # A file's name may hold anything, a line end too; here it is one line.
            path = f.path if f.path.isprintable() else shown(f.path, 500)
            click.echo(f"{path}:{f.line}:{f.column}: {f.severity} {f.code}: {f.message}")
            click.echo(f"    {f.hint}")
        click.echo(_summary(library, findings), err=bool(findings))
    raise SystemExit(FOUND if findings else FINE)


def _summary(library: Library, findings: Sequence[Finding]) -> str:
    if findings:
        files = len({f.path for f in findings})
        return f"{count(len(findings), 'finding')} in {count(files, 'file')}."
    kinds = (
        (len(library.decisions), "decision"),
        (len(library.roles), "role"),
        (len(library.handoffs), "handoff"),
        (len(library.metrics), "metric"),
    )
    return "No findings: " + ", ".join(count(number, noun) for number, noun in kinds) + "."


def _annotation(f: Finding) -> str:
    """A workflow command of GitHub Actions; its own signs in the values are escaped."""

    def data(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def prop(text: str) -> str:
        return data(text).replace(":", "%3A").replace(",", "%2C")

    where = f"file={prop(f.path)},line={f.line},col={f.column},title={prop(f.code)}"
    return f"::{f.severity} {where}::{data(f.message)}%0A{data(f.hint)}"


# advance


@main.command("advance")
@click.argument("decision_id", metavar="ID")
@click.option(
    "--outcome", type=click.Choice([o.value for o in Outcome]), help="Close it with this."
)
@click.option("--due", type=DAY, help="When the next stage ends.")
@click.option("--json", "as_json", is_flag=True, help="Print what is missing as JSON.")
@click.pass_obj
def advance_command(
    run: Run, decision_id: str, outcome: str | None, due: date | None, as_json: bool
) -> None:
    """Move decision ID to its next stage, or say what it still misses.

    Writes the stage and its date, and changes no other byte of the file.
    """
    root = run.base()
    library = read_library(root)
    decision = library.decision.get(decision_id.removesuffix(".md"))
    if decision is None:
        no_such("decision", decision_id, library.decision)
    if sum(d.id == decision.id for d in library.decisions) > 1:
        raise click.UsageError(f"two files have the id {decision.id}; `onrecord check` names them")
    path = root / decision.path
    to_answer = open_before(root, library, relate(library)).to_answer(decision)
    result = advance(
        decision,
        path.read_bytes(),
        run.today,
        Outcome(outcome) if outcome else None,
        due,
        [earlier.decision for earlier in to_answer],
    )
    if as_json:
        click.echo(
            json.dumps(
                {
                    "id": decision.id,
                    "stage": result.decision.stage if result.decision else decision.stage,
                    "advanced": result.data is not None,
                    "refusal": result.refusal or None,
                    "missing": [asdict(lack) for lack in result.lacks],
                },
                ensure_ascii=False,
                indent=2,
            )
        )
    if result.data is None:
        if not as_json:
            _print_missing(decision.path, decision.stage or "its stage", result.lacks)
            if result.refusal:
                click.echo(f"{decision.id}: {result.refusal}.", err=True)
        raise SystemExit(FOUND)
    try:
        write_atomically(path, result.data)
    except OSError as error:
        no_writing(decision.path, error)
    assert result.decision is not None
    if as_json:
        return
    after = result.decision
    if after.outcome is not decision.outcome:
        click.echo(f"{decision.id} is {after.outcome}, decided {after.decided}.")
    if after.stage is not decision.stage and after.stage is not None:
        click.echo(f"{decision.id} is now in {after.stage}, since {run.today}.")
        click.echo(f"{STAGE_MEANINGS[after.stage].what}")
        if due is None and decision.due is not None:
            click.echo(
                f"`due` still says {decision.due}, the end of {decision.stage}; "
                f"name the end of {after.stage} there, or with --due."
            )


def _print_missing(path: str, stage: str, missing: Iterable[Lack]) -> None:
    missing = list(missing)
    if not missing:
        return
    click.echo(f"{path} can't leave {stage} yet:", err=True)
    for lack in missing:
        who = " (" + ", ".join(f"@{w}" for w in lack.who) + ")" if lack.who else ""
        where = f"line {lack.line}: " if lack.line else ""
        click.echo(f"  - {where}{lack.text}{who}", err=True)
        if lack.example:
            click.echo(f"      {lack.example}", err=True)


# new


@main.group()
def new() -> None:
    """Write a new record from a template that guides you."""


@new.command("decision")
@click.argument("title")
@click.option("--id", "slug", default="", help="Its id (default: made from the title).")
@click.option("--owner", default="", help="A role (preferred) or a handle.")
@click.option(
    "--consult", "consulted", multiple=True, help="Who is asked; may stand more than once."
)
@click.option("--inform", "informed", multiple=True, help="Who must be aligned; likewise.")
@click.option("--due", type=DAY, help="When assess ends.")
@click.option("--tag", "tags", multiple=True, help="A word to find it by; likewise.")
@click.pass_obj
def new_decision(
    run: Run,
    title: str,
    slug: str,
    owner: str,
    consulted: tuple[str, ...],
    informed: tuple[str, ...],
    due: date | None,
    tags: tuple[str, ...],
) -> None:
    """A decision, in the stage assess."""
    root = run.base()
    wanted = _need_slug(slug or title, "title", "--id")
    if wanted in drafts.RESERVED:
        raise click.UsageError(
            f"the id {wanted} is taken by the site or the forge; name another with --id"
        )
    draft = drafts.new_decision(
        title.strip(),
        run.today,
        slug=wanted,
        owner=handle("--owner", owner),
        consulted=tuple(handle("--consult", c) for c in consulted),
        informed=tuple(handle("--inform", c) for c in informed),
        due=due,
        tags=tags,
    )
    memory, library = ask_before(root)
    taken = library.decision.get(wanted)
    if taken is not None:
        raise click.UsageError(f"the id {wanted} is taken by {taken.path}; name another with --id")
    hits = memory.of_text("", title)
    if hits:
        click.echo("We had this before:", err=True)
        for hit in hits:
            click.echo(described(hit, "  "), err=True)
    _write_drafts(root, draft)


@new.command("role")
@click.argument("role")
@click.option("--title", help="The name of the role (default: made from its id).")
@click.option("--purpose", prompt="Why the role exists, in one sentence", help="Why it exists.")
@click.option("--holder", default="", help="Who inhabits it; empty means vacant.")
@click.option(
    "--backup", "backups", multiple=True, help="Who can cover it; may stand more than once."
)
@click.pass_obj
def new_role(
    run: Run, role: str, title: str | None, purpose: str, holder: str, backups: tuple[str, ...]
) -> None:
    """A role's playbook. ROLE is its id, such as payroll-lead."""
    slug = _need_slug(role, "role", "ROLE")
    draft = drafts.new_role(
        slug,
        title=title or slug.replace("-", " ").capitalize(),
        purpose=purpose,
        holder=handle("--holder", holder),
        backups=tuple(handle("--backup", b) for b in backups),
    )
    _write_drafts(run.base(), draft)


@new.command("handoff")
@click.argument("role")
@click.option("--to", "receiver", required=True, help="Who receives the role.")
@click.option("--from", "giver", help="Who hands it on (default: the role's holder).")
@click.option("--effective", type=DAY, help="From which day (default: today).")
@click.option("--until", type=DAY, help="When it comes back; without it, it is for good.")
@click.option("--take-over", is_flag=True, help="You take it over without asking: nobody gives it.")
@click.pass_obj
def new_handoff(
    run: Run,
    role: str,
    receiver: str,
    giver: str | None,
    effective: date | None,
    until: date | None,
    take_over: bool,
) -> None:
    """A handoff note of ROLE, filled with what its files know.

    That is its open decisions, the loops still open from the last handoff, and numbers that are
    off target or late. Read it through and say what they can't: five minutes.
    """
    root = run.base()
    library = read_library(root)
    known = library.role.get(role)
    if known is None:
        no_such("role", role, library.role)
    start = effective or run.today
    if until is not None and until < start:
        raise click.UsageError(f"--until {until} is before --effective {start}")
    if take_over and giver:
        raise click.UsageError("--take-over means that nobody gives it; leave --from out")
    roster = roster_of(library, run.today)
    default = "" if take_over else roster.answering(role)
    draft = drafts.new_handoff(
        role,
        giver=default if giver is None else handle("--from", giver),
        receiver=handle("--to", receiver, needed=True),
        effective=start,
        until=until,
        filled=filled(roster, known),
    )
    _write_drafts(root, draft)


@new.command("metric")
@click.argument("role")
@click.argument("metric", metavar="ID")
@click.option("--title", help="What is measured (default: made from ID).")
@click.option(
    "--cadence", type=click.Choice([c.value for c in Cadence]), default="monthly", show_default=True
)
@click.option("--target", type=float, help="The value to reach.")
@click.option("--direction", type=click.Choice([d.value for d in Direction]), default=None)
@click.option("--unit", default="")
@click.pass_obj
def new_metric(
    run: Run,
    role: str,
    metric: str,
    title: str | None,
    cadence: str,
    target: float | None,
    direction: str | None,
    unit: str,
) -> None:
    """A metric of ROLE, and the CSV file of its values."""
    root = run.base()
    library = read_library(root)
    if role not in library.role:
        no_such("role", role, library.role)
    slug = _need_slug(metric, "id", "ID")
    if target is not None and direction is None:
        raise click.UsageError("--target needs --direction up or --direction down")
    if target is not None and not math.isfinite(target):
        raise click.UsageError("--target must be a number")
    both = drafts.new_metric(
        role,
        slug,
        title=title or slug.replace("-", " ").capitalize(),
        cadence=Cadence(cadence),
        target=target,
        direction=Direction(direction) if direction else None,
        unit=unit,
    )
    _write_drafts(root, *both)


def _need_slug(text: str, what: str, option: str) -> str:
    slug = slug_of(text)
    if not slug:
        raise click.UsageError(
            f"the {what} holds no letter or digit to make an id of; name one with {option}"
        )
    return slug


def _write_drafts(root: Path, *made: drafts.Draft) -> None:
    there = [draft.path for draft in made if (root / draft.path).exists()]
    if there:
        raise click.UsageError(f"{there[0]} is there already; nothing was written")
    for draft in made:
        try:
            write_new(root / draft.path, draft.text.encode())
        except OSError as error:
            no_writing(draft.path, error)
        except UnicodeEncodeError:  # bytes the command line couldn't decode
            raise click.UsageError("what you typed isn't UTF-8; nothing was written") from None
        click.echo(draft.path)
