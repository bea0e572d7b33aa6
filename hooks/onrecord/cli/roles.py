"""The commands for people and roles: what waits for me, accepting a handoff, a metric's value.

They ask the core and print.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypedDict

import click

from onrecord.cli.echo import echo, echo_json
from onrecord.cli.progress import shown_progress
from onrecord.cli.run import AS_JSON, DAY, FOUND, Run, no_such, no_writing, writing
from onrecord.cli.written import JSON, echo_written
from onrecord.lifecycle.accept import (
    QUESTIONS,
    READ_BACK,
    Acceptance,
    accept,
    next_holder,
    with_holder,
)
from onrecord.lifecycle.upkeep import NAME_A_PERSON, lacks_a_person
from onrecord.overview.waiting import Inbox, WaitingItem
from onrecord.records.disk import change_file, place, read_file
from onrecord.records.findings import did_you_mean
from onrecord.records.library import Library
from onrecord.records.model import Handoff, Role, is_handle
from onrecord.records.reading.frontmatter import decoded
from onrecord.records.reading.records import handoff_of
from onrecord.records.reading.series import values_of, with_value
from onrecord.records.vocabulary import Ask

# waiting


class WaitingJson(TypedDict):
    """One thing that waits for a person, as `--json` prints it."""

    ask: Ask
    """What is asked for."""
    title: str
    """The record's title."""
    what: str
    """What to do, in words."""
    path: str
    """The record's file."""
    due: date | None
    """The day it is due."""
    since: date | None
    """The day it began to wait."""
    role: str | None
    """The id of the role it belongs to."""
    overdue: bool


class InboxJson(TypedDict):
    """What `onrecord waiting --json` prints."""

    person: str
    """The handle."""
    waiting: list[WaitingJson]
    """What waits for the person, overdue and oldest first."""
    holds: list[str]
    """The roles the person is accountable for."""
    lends: list[str]
    """The roles that somebody covers for the person."""
    backs_up: list[str]
    """The roles the person could cover."""


@click.command("waiting")
@click.argument("person")
@AS_JSON
@click.pass_obj
def waiting_command(run: Run, person: str, as_json: bool) -> None:
    """List what waits for PERSON, overdue and oldest first."""
    base = run.open(progress=shown_progress(quiet=as_json))
    handle = person.strip().removeprefix("@")
    found = base.roster.people.get(handle.casefold())
    if found is None:
        known = _everyone(base.library)
        if handle.casefold() not in known:
            near = did_you_mean(handle, sorted(known))
            raise click.UsageError(
                f"no person {handle!r}: {near}a handle is a person's name on the forge"
            )
        found = Inbox(handle)
    if as_json:
        echo_json(_as_json(found, run.today))
        return
    for item in found.items:
        echo(f"{_when(item, run.today):<24}{item.ask.meaning:<16}{item.title}")
        echo(f"{'':<24}{item.what}: {item.path}")
    for word, roles in (
        ("holds", found.holds),
        ("handed on for a time", found.lends),
        ("backs up", found.backs_up),
    ):
        if roles:
            echo(f"{word}: {', '.join(role.title for role in roles)}")
    if not found.items:
        echo(f"Nothing waits for @{found.handle}.")


def _everyone(library: Library) -> set[str]:
    named: set[str] = {h.casefold() for h in library.handles}
    for decision in library.decisions:
        for group in (decision.consulted, decision.informed, decision.aligned, (decision.owner,)):
            named.update(who.casefold() for who in group if is_handle(who))
    for handoff in library.handoffs:
        named.update((handoff.giver.casefold(), handoff.receiver.casefold()))
    return named - {""}


def _when(item: WaitingItem, today: date) -> str:
    if item.due is None:
        return f"since {item.since}" if item.since else "no date"
    return f"overdue {item.due}" if item.is_overdue(today) else f"due {item.due}"


def _as_json(person: Inbox, today: date) -> InboxJson:
    def ids(roles: Iterable[Role]) -> list[str]:
        return [role.id for role in roles]

    return {
        "person": person.handle,
        "waiting": [_waiting(one, today) for one in person.items],
        "holds": ids(person.holds),
        "lends": ids(person.lends),
        "backs_up": ids(person.backs_up),
    }


def _waiting(one: WaitingItem, today: date) -> WaitingJson:
    return {
        "ask": one.ask,
        "title": one.title,
        "what": one.what,
        "path": one.path,
        "due": one.due,
        "since": one.since,
        "role": one.role or None,
        "overdue": one.is_overdue(today),
    }


# accept


@click.command("accept")
@click.argument("handoff_id", metavar="HANDOFF")
@click.option("--own", help=f"{QUESTIONS[0]} (asked if left out)")
@click.option("--wrong", help=f"{QUESTIONS[1]} (asked if left out)")
@click.option("--ask", "questions", help=f"{QUESTIONS[2]} (asked if left out)")
@JSON
@click.pass_obj
def accept_command(
    run: Run,
    handoff_id: str,
    own: str | None,
    wrong: str | None,
    questions: str | None,
    as_json: bool,
) -> None:
    """Accept HANDOFF: write the read-back in your own words. The command adds the day.

    HANDOFF is its id, or ROLE/ID if two roles have a handoff of that name.
    """
    base = run.open()
    root, library = base.root, base.library
    handoff = _handoff(library, handoff_id)
    role = library.role.get(handoff.role)
    if not handoff.is_accepted and lacks_a_person(library, handoff):
        said = f"@{handoff.receiver} is an agent, and no person is a backup of {handoff.role}"
        echo(f"{handoff.id}: {said}; {NAME_A_PERSON}. Nothing was written.", err=True)
        raise SystemExit(FOUND)
    section = handoff.body.section(READ_BACK)
    given = (own, wrong, questions)
    answers = tuple(answer or "" for answer in given)
    if not handoff.is_accepted and not (section and section.is_written):
        if None in given:
            what = f"{role.title if role else handoff.role}: {handoff.title}"
            echo(
                f"{what}, from {handoff.effective}. In your own words, @{handoff.receiver}:",
                err=True,
            )
        answers = tuple(
            click.prompt(question, err=True, default="", show_default=False)
            if answer is None
            else answer
            for question, answer in zip(QUESTIONS, given, strict=True)
        )
        if not answers[0].strip():
            raise click.UsageError("a read-back begins with what you now own; nothing was written")
    holder = next_holder(base.library, handoff)
    if role is not None and holder:
        try:
            # Tried before anything is written: the handoff and the role change together, or neither
            # does.
            with_holder(role.path, read_file(place(root, role.path)), holder)
        except (OSError, LookupError, ValueError):
            raise click.UsageError(
                f"{role.path} can't be changed safely, so nothing was written. Write there "
                f"holder: {holder}, take {holder} out of `backups`, and accept again"
            ) from None
    result, before = Acceptance(), b""

    def accepted(data: bytes | None) -> bytes | None:
        nonlocal result, before
        before = data or b""
        # Read again from the bytes that are replaced: somebody may have written while the questions
        # were answered.
        read = handoff_of(handoff.path, decoded(handoff.path, data or b"")[0])[0]
        result = accept(replace(read, replies=handoff.replies), data or b"", run.today, answers)
        return result.data

    with writing(handoff.path):
        change_file(root, handoff.path, accepted)
    if result.data is None:
        echo(f"{handoff.id}: {result.refusal}.", err=True)
        raise SystemExit(FOUND)
    if role is not None and holder:
        _write_holder(root, role, holder, handoff, (before, result.data))
    changed = {handoff.path: f"accepted on {handoff.accepted or run.today}."}
    if role is not None and holder:
        changed[role.path] = f"holder: {holder}"
    lines = [f"{path}: {line}" for path, line in changed.items()]
    echo_written(as_json, lines, changed=changed)


def _write_holder(
    root: Path, role: Role, holder: str, handoff: Handoff, written: tuple[bytes, bytes]
) -> None:
    """Write the holder of an accepted handoff. If it fails, the handoff is as it was before."""
    before, after = written
    try:
        change_file(root, role.path, lambda data: with_holder(role.path, data or b"", holder))
    except BaseException as error:
        change_file(root, handoff.path, lambda data: before if data == after else None)
        if isinstance(error, OSError):
            no_writing(role.path, error)
        if isinstance(error, (LookupError, ValueError)):
            raise click.UsageError(f"{role.path} changed meanwhile; run it again") from None
        raise


def _handoff(library: Library, name: str) -> Handoff:
    wanted = name.removesuffix(".md")
    fits = [
        h
        for h in library.handoffs
        if wanted in (h.id, f"{h.role}/{h.id}", h.path.removesuffix(".md"))
    ]
    if not fits:
        no_such("handoff", wanted, [h.id for h in library.handoffs])
    if len(fits) > 1:
        both = " or ".join(f"{h.role}/{h.id}" for h in fits)
        raise click.UsageError(f"more than one handoff is called {wanted}: write {both}")
    return fits[0]


# metric


@click.command("metric")
@click.argument("role")
@click.argument("metric_id", metavar="ID")
@click.argument("value")
@click.option("--date", "day", type=DAY, help="The day of the value (default: today).")
@click.option("--note", default="", help="A note about the value.")
@JSON
@click.pass_obj
def metric_command(
    run: Run, role: str, metric_id: str, value: str, day: date | None, note: str, as_json: bool
) -> None:
    """Append VALUE to the metric ID of ROLE.

    Write `--` before a value that begins with a minus.
    """
    base = run.open()
    root, library = base.root, base.library
    own = {metric.id: metric for metric in library.metrics if metric.role == role}
    if not own and role not in library.role:
        no_such("role", role, library.role)
    metric = own.get(metric_id)
    if metric is None:
        no_such("metric", metric_id, own)
    number = _number(value)
    when = day or run.today
    if when > run.today:
        raise click.UsageError(f"{when} is after today, {run.today}; write the day it was taken")
    path = metric.series

    def with_row(data: bytes | None) -> bytes:
        values, _ = values_of(path, decoded(path, data or b"")[0])
        if any(known.day == when for known in values):
            raise click.UsageError(
                f"{metric.title} already has a value for {when}; correct it in its CSV file"
            )
        return with_value(data, when, number, note)

    with writing(path):
        change_file(root, path, with_row)
    echo_written(as_json, [f"{path}: {when},{number}"], changed=[path])


def _number(value: str) -> str:
    text = value.strip()
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    # Python reads `1_000` as a number; no spreadsheet does.
    if not math.isfinite(number) or "_" in text:
        hint = f"; write {text.replace(',', '.')} with a point" if "," in text else ""
        raise click.UsageError(f"{value!r} isn't a number{hint}")
    return text
