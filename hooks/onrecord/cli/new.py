"""`onrecord new`: a record from a template that guides, of each of the four kinds."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import click

from onrecord.cli.echo import echo
from onrecord.cli.printed import echo_draft, heading, instead, print_hit, warn_of_meaning
from onrecord.cli.progress import shown_progress
from onrecord.cli.run import DAY, Run, handle, no_writing, not_past, one_of, the_role
from onrecord.cli.written import JSON, echo_written
from onrecord.drafting import drafts
from onrecord.drafting.translated import known_language
from onrecord.lifecycle.scorecards import effects_at
from onrecord.lifecycle.upkeep import what_is_wrong
from onrecord.overview.handover import filled
from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.records.disk import make_file, place
from onrecord.records.model import Role, same_person
from onrecord.records.settings import MkdocsFile
from onrecord.records.vocabulary import Cadence, Direction
from onrecord.text.paths import name_for_all_disks
from onrecord.text.slugs import slug_of

_EFFECTIVE = click.option("--effective", type=DAY, help="The first day (default: today).")


@click.group()
def new() -> None:
    """Write a new record from a template that guides you."""


@new.command("decision")
@click.argument("title")
@click.option("--id", "slug", default="", help="Its id (default: made from the title).")
@click.option("--owner", default="", help="A role (preferred) or a handle.")
@click.option("--consult", "consulted", multiple=True, help="Who to consult (repeatable).")
@click.option("--inform", "informed", multiple=True, help="Who must know the result (repeatable).")
@click.option("--due", type=DAY, help="The day the stage assess ends.")
@click.option("--tag", "tags", multiple=True, help="A tag to find it by (repeatable).")
@click.option("--asked", multiple=True, help="A question that it answers (repeatable).")
@JSON
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
    asked: tuple[str, ...],
    as_json: bool,
) -> None:
    """A decision, in the stage assess."""
    root = run.base()
    not_past("--due", due, run.today)
    wanted = name_for_all_disks(_need_slug(slug or title, "title", "--id"))
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
        asked=tuple(question for each in asked if (question := " ".join(each.split()))),
        language=_language(root),
    )
    memory, library = run.memory(shown_progress(quiet=as_json))
    taken = library.decision.get(wanted)
    if taken is not None:
        raise click.UsageError(f"the id {wanted} is taken by {taken.path}; name another with --id")
    hits = memory.of_question(title)
    if hits:
        for line in instead(memory.corrections_of(title), "decision"):
            echo(line, err=True)
    warn_of_meaning(memory)
    if hits:
        effect = effects_at(root, run.today)
        echo(
            heading(len(library.decision), (hit.closeness for hit in hits), "We had this before:"),
            err=True,
        )
        for hit in hits:
            print_hit(hit, "  ", err=True, effect=effect(hit.decision))
    _write_drafts(run, root, as_json, draft)


@new.command("role")
@click.argument("role")
@click.option("--title", help="The name of the role (default: made from its id).")
@click.option("--purpose", prompt="Why the role exists, in one sentence", help="Why it exists.")
@click.option("--holder", default="", help="Who holds it. Leave it empty for a vacant role.")
@click.option("--backup", "backups", multiple=True, help="Who can cover it (repeatable).")
@JSON
@click.pass_obj
def new_role(
    run: Run,
    role: str,
    title: str | None,
    purpose: str,
    holder: str,
    backups: tuple[str, ...],
    as_json: bool,
) -> None:
    """A role's playbook. ROLE is its id, such as payroll-lead."""
    slug, root = _need_slug(role, "role", "ROLE"), run.base()
    draft = drafts.new_role(
        slug,
        title=title or slug.replace("-", " ").capitalize(),
        purpose=purpose,
        holder=handle("--holder", holder),
        backups=tuple(handle("--backup", b) for b in backups),
        language=_language(root),
    )
    _write_drafts(run, root, as_json, draft)


@new.command("handoff")
@click.argument("role")
@click.option("--to", "receiver", help="Who receives the role.")
@click.option("--from", "giver", help="Who hands it on (default: who answers for it today).")
@_EFFECTIVE
@click.option("--until", type=DAY, help="The last day, after which it comes back (default: never).")
@click.option(
    "--take-over", is_flag=True, help="The receiver takes it over alone, and nobody gives it."
)
@click.option("--back", is_flag=True, help="Hand back a role that was handed on for a time.")
@JSON
@click.pass_obj
def new_handoff(
    run: Run,
    role: str,
    receiver: str | None,
    giver: str | None,
    effective: date | None,
    until: date | None,
    take_over: bool,
    back: bool,
    as_json: bool,
) -> None:
    """A handoff note of ROLE, filled in from its files.

    It lists open decisions, loops still open from the last handoff, and numbers that are off target
    or late. Read it through, and add what the files can't know. This takes about five minutes.
    """
    base = run.open()
    root, known = base.root, the_role(base.library, role)
    start = _start(effective, until, run.today)
    if take_over and giver:
        raise click.UsageError("--take-over means that nobody gives it; leave --from out")
    roster = base.roster
    default = "" if take_over else roster.catalogue.answering(role)
    if back:
        default, receiver = _back(base, known, (take_over, until, giver, receiver))
    if receiver is None:
        raise click.UsageError("name who receives it with --to, or hand it back with --back")
    gives = default if giver is None else handle("--from", giver)
    takes = handle("--to", receiver, needed=True)
    _not_to_oneself(gives, takes)
    draft = drafts.new_handoff(
        role,
        giver=gives,
        receiver=takes,
        effective=start,
        until=until,
        filled=filled(roster, known),
        language=_language(root),
    )
    _write_drafts(run, root, as_json, draft)


def _language(root: Path) -> str:
    """The language of headings: that of the site, where we have it."""
    return known_language(MkdocsFile.read(root).word("theme", "language"))


def _back(base: KnowledgeBase, role: Role, others: tuple[object, ...]) -> tuple[str, str]:
    """From whom and to whom a role goes back."""
    if any(others):
        raise click.UsageError("--back knows who gives it and who gets it; leave the rest out")
    found = base.catalogue.holders.way_back(role, base.today)
    if found is None:
        raise click.UsageError(f"{role.title} was not handed on for a time; name --to")
    handoff, receiver = found
    if not receiver:
        raise click.UsageError(f"nobody held {role.title} before; name --to and --from")
    return handoff.receiver, receiver


def _start(effective: date | None, until: date | None, today: date) -> date:
    """The first day of a handoff, which is no later than its last."""
    start = effective or today
    if until is not None and until < start:
        raise click.UsageError(f"--until {until} is before --effective {start}")
    return start


def _not_to_oneself(giver: str, receiver: str) -> None:
    if giver and same_person(giver, receiver):
        raise click.UsageError(
            f"@{receiver} answers for it today already; to hand it back write --back, "
            "else name who gives it with --from"
        )


@click.command("delegate")
@click.argument("role")
@click.argument("what", nargs=-1, required=True)
@click.option("--to", "receiver", required=True, help="Who takes it on.")
@_EFFECTIVE
@click.option("--until", type=DAY, help="The last day (default: until someone else gets it).")
@JSON
@click.pass_obj
def delegate(
    run: Run,
    role: str,
    what: tuple[str, ...],
    receiver: str,
    effective: date | None,
    until: date | None,
    as_json: bool,
) -> None:
    """Hand on a part of ROLE. WHAT is some words of a duty, or a decision's id.

    It counts once the receiver has accepted it. It comes back by itself after --until.
    """
    base = run.open()
    known = the_role(base.library, role)
    start = _start(effective, until, run.today)
    holders = base.catalogue.holders
    givers = set()
    for words in what:
        meant = holders.meant(known, words)
        if len(meant) != 1:
            raise click.UsageError(f"{what_is_wrong(holders, known, words)}; nothing was written")
        givers.add(holders.of_part(known, meant[0], start).who)
    if len(givers) > 1:
        named = ", ".join(f"@{who}" if who else "nobody" for who in sorted(givers))
        raise click.UsageError(f"{named} answer for these; delegate what each has by itself")
    takes = handle("--to", receiver, needed=True)
    (gives,) = givers
    if gives and same_person(gives, takes):
        raise click.UsageError(f"@{takes} answers for it already; nothing was written")
    draft = drafts.new_handoff(
        role,
        giver=gives,
        receiver=takes,
        effective=start,
        until=until,
        covers=what,
        language=_language(base.root),
    )
    _write_drafts(run, base.root, as_json, draft)


@new.command("metric")
@click.argument("role")
@click.argument("metric", metavar="ID")
@click.option("--title", help="What is measured (default: made from ID).")
@click.option("--cadence", type=one_of(Cadence), default="monthly", show_default=True)
@click.option("--target", type=float, help="The value to reach.")
@click.option("--direction", type=one_of(Direction), default=None)
@click.option("--unit", default="")
@JSON
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
    as_json: bool,
) -> None:
    """A metric of ROLE, and the CSV file of its values."""
    base = run.open()
    the_role(base.library, role)
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
    _write_drafts(run, base.root, as_json, *both)


def _need_slug(text: str, what: str, option: str) -> str:
    slug = slug_of(text)
    if not slug:
        raise click.UsageError(
            f"the {what} has no letter or digit to make an id from; give one with {option}"
        )
    return slug


def _write_drafts(run: Run, root: Path, as_json: bool, *made: drafts.Draft) -> None:
    try:
        files = [(draft.path, draft.text.encode()) for draft in made]
    except UnicodeEncodeError:  # bytes the command line couldn't decode
        raise click.UsageError("what you typed isn't UTF-8; nothing was written") from None
    if run.prints:
        for draft in made:
            echo_draft(draft)
        return
    written: list[str] = []
    try:
        for path, data in files:
            if not make_file(root, path, data):
                raise click.UsageError(f"{path} is there already; nothing was written")
            written.append(path)
    except BaseException as error:
        for path in written:  # a metric is two files, or none
            place(root, path).unlink(missing_ok=True)
        if isinstance(error, OSError):
            no_writing(files[len(written)][0], error)
        raise
    echo_written(as_json, written, made=written)
