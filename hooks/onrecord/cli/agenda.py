"""`onrecord agenda`: what the one meeting has to settle, who must be there, and when they can."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TypedDict

import click

from onrecord.cli.agenda_notes import take_notes, write_sheet
from onrecord.cli.echo import echo, echo_json
from onrecord.cli.run import AS_JSON, DAY, Run, no_such, not_past, writing
from onrecord.drafting.agenda import (
    Agenda,
    AgendaPoint,
    Attendee,
    Unresolved,
    agenda_of,
    to_meet_about,
    tomorrow,
)
from onrecord.overview.catalogue import Catalogue
from onrecord.records.disk import open_file, put_file
from onrecord.records.model import Decision
from onrecord.site.machine.feeds import INVITATION, invitation


class PointJson(TypedDict):
    """What one decision has to settle."""

    id: str
    title: str
    path: str
    """Its file; the notes of the meeting go there, under Integration."""
    items: Sequence[Unresolved]
    """What is unresolved."""
    needed: Sequence[str]
    """Who must be there: handles in lower case."""
    welcome: Sequence[str]
    """Who was consulted, and has nothing open."""


class AttendeeJson(TypedDict):
    """Somebody who must be there."""

    handle: str
    timezone: str
    """An IANA name; UTC where none is known."""
    local: str | None
    """When it begins for them, YYYY-MM-DD HH:MM."""
    assumed: bool
    """True if people.yml has no hours or no time zone for them: 9-17 and UTC are assumed."""
    outside: bool
    """True where it is outside their hours."""


class AgendaJson(TypedDict):
    """What `onrecord agenda --json` prints."""

    begins: str | None
    """When everyone who must be there is at work, or most of them, as ISO 8601 in UTC."""
    minutes: int
    """How long it is."""
    attendees: list[AttendeeJson]
    """Who must be there."""
    decisions: list[PointJson]
    """What it is about, the most urgent first."""


@click.command("agenda")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--since", type=DAY, help="The first possible day (default: tomorrow).")
@click.option("--minutes", type=click.IntRange(15, 240), default=30, show_default=True)
@click.option(
    "--ics",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write an invitation for calendars to this file.",
)
@click.option(
    "--sheet",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a sheet for the notes to this file, in Markdown.",
)
@click.option(
    "--notes",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the notes of this sheet into the records.",
)
@click.option("--dry-run", is_flag=True, help="Show what --notes would write, and write nothing.")
@AS_JSON
@click.pass_obj
def agenda_command(
    run: Run,
    ids: tuple[str, ...],
    since: date | None,
    minutes: int,
    ics: Path | None,
    sheet: Path | None,
    notes: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """List what a meeting has to settle, who must be there, and the first time that fits them.

    ID is a decision. Without it, the agenda covers all decisions in integrate. Hours and time
    zones come from playbooks/people.yml.

    With --notes, the command writes the notes of the meeting: each answer below its item, or as a
    reply to a reply, and everything else below Integration. Nothing is written twice.
    """
    if notes is not None and (ids or ics or sheet or since):
        raise click.UsageError("--notes takes no ID, --ics, --sheet or --since: the sheet says all")
    if dry_run and notes is None:
        raise click.UsageError("--dry-run is for --notes; the agenda itself writes nothing")
    if ics is not None and not _may_write(ics):
        raise click.UsageError(f"--ics {ics}: a file of that name is there; name another one")
    base = run.open(searches=False)
    if notes is not None:
        take_notes(notes, base, dry_run, as_json)
        return
    catalogue = base.catalogue
    not_past("--since", since, run.today)
    decisions = [_open(catalogue, one) for one in ids] or to_meet_about(catalogue)
    first = tomorrow(run.today)
    if since is not None:
        first = first.replace(year=since.year, month=since.month, day=since.day)
    agenda = agenda_of(catalogue, decisions, first, minutes)
    if as_json:
        echo_json(_as_json(agenda))
    elif not decisions:
        echo("No decision is in integrate, so there is nothing to meet about.")
    else:
        _print(agenda)
    if ics is not None and agenda.begins is not None:
        with writing(str(ics)):
            put_file(ics, [invitation(agenda).encode()])
        # With --json, what is printed is JSON alone.
        echo(f"{ics}: the invitation, to be sent.", err=as_json)
    if sheet is not None and decisions:
        write_sheet(sheet, agenda, base)
        echo(f"{sheet}: the sheet, for notes.", err=as_json)


def _may_write(file: Path) -> bool:
    """True where there is no file, or an invitation that this command has written."""
    try:
        # The command may write its own invitation again; any other calendar is somebody's.
        with open_file(file) as stream:
            return stream.read(200).startswith(INVITATION.encode())
    except FileNotFoundError:
        return True
    except OSError:
        return False


def _open(catalogue: Catalogue, name: str) -> Decision:
    wanted = name.removesuffix(".md").rpartition("/")[2]
    decision = catalogue.library.decision.get(wanted)
    if decision is None:
        no_such("decision", wanted, catalogue.library.decision)
    if not catalogue.is_open(decision):
        raise click.UsageError(f"{decision.path} is decided: there is nothing to meet about")
    return decision


def _print(agenda: Agenda) -> None:
    if agenda.begins is not None:
        echo(f"{agenda.begins:%A, %Y-%m-%d, %H:%M} UTC, {agenda.minutes} minutes")
        if agenda.outside:
            echo("No time in two weeks is in everyone's hours; this one is for most.")
        for one in agenda.attendees:
            told = _local(one, agenda)
            if one.handle in agenda.outside:
                told += ", outside their hours"
            if one.is_assumed:
                told += "; hours or time zone not known, 9-17 and UTC taken"
            echo(f"  @{one.handle:<20} {told}")
    for number, point in enumerate(agenda.points, start=1):
        echo()
        echo(f"{number}. {point.decision.title}")
        echo(f"   {point.decision.path}, notes under Integration")
        for word, handles in (("must be there", point.needed), ("welcome", point.welcome)):
            if handles:
                echo(f"   {word}: {', '.join(f'@{who}' for who in handles)}")
        if not point.needed:
            echo("   nobody answers for it, so nobody must be there: find an owner first")
        for item in point.items:
            echo(f"   - {item.text}")
        if not point.items:
            echo("   Nothing is unresolved: the owner can write the outcome without a meeting.")


def _local(one: Attendee, agenda: Agenda) -> str:
    assert agenda.begins is not None
    return f"{agenda.begins.astimezone(one.zone):%a %H:%M} {one.place}"


def _as_json(agenda: Agenda) -> AgendaJson:
    return {
        "begins": agenda.begins.isoformat() if agenda.begins else None,
        "minutes": agenda.minutes,
        "attendees": [
            {
                "handle": one.handle,
                "timezone": one.place,
                "local": f"{agenda.begins.astimezone(one.zone):%Y-%m-%d %H:%M}"
                if agenda.begins
                else None,
                "assumed": one.is_assumed,
                "outside": one.handle in agenda.outside,
            }
            for one in agenda.attendees
        ],
        "decisions": [_point(point) for point in agenda.points],
    }


def _point(point: AgendaPoint) -> PointJson:
    return {
        "id": point.decision.id,
        "title": point.decision.title,
        "path": point.decision.path,
        "items": point.items,
        "needed": point.needed,
        "welcome": point.welcome,
    }
