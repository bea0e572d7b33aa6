"""`onrecord tell`: tell people what is new for them, by mail, chat or web hook."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import click

from onrecord.cli.echo import echo, echo_json
from onrecord.cli.run import FINE, FOUND, Run
from onrecord.forges.channels import NoChannels, send
from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.overview.messages import Message, messages_of
from onrecord.overview.telling import (
    Step,
    Told,
    deliverable,
    is_at_work,
    last_week,
    told_of_the_week,
)
from onrecord.records import clock
from onrecord.records.git import NotGit
from onrecord.records.history import Merged, last_before, merged
from onrecord.records.settings import MkdocsFile

ADDRESSES = "ONRECORD_TELL"
"""The environment's addresses of the team's channels, apart by spaces."""
MAIL = "ONRECORD_MAIL"
"""The environment's address of a mail server, as apprise writes it; who it is for is added."""
_LONG_AGO, _EVER = (moment.replace(tzinfo=UTC) for moment in (datetime.min, datetime.max))
WAITED = timedelta(days=4)
"""The longest that something waits for somebody's working hours: over a long weekend."""


@click.command("tell")
@click.option(
    "--since",
    metavar="REVISION|DAY|TIME",
    help="A revision: tell what later commits changed. A day, or a time such as "
    "2026-10-05T08:00: tell what became due since then.",
)
@click.option(
    "--to",
    "addresses",
    multiple=True,
    metavar="ADDRESS",
    help="A channel of the team, as an Apprise address (repeatable; default: ONRECORD_TELL).",
)
@click.option(
    "--digest",
    is_flag=True,
    help="Tell the team the last seven days on one page. With --since and a day or a time, tell "
    "this in addition, and only if a Monday, 07:00 UTC, has come since.",
)
@click.option("--hours", is_flag=True, help="Tell people only in their working hours.")
@click.option("--dry-run", is_flag=True, help="Print the messages, and send nothing.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print the messages as JSON, and send nothing."
)
@click.option("--at", "at", metavar="TIME", help="Use this time as now (default: the clock).")
@click.pass_obj
def tell_command(
    run: Run,
    since: str | None,
    addresses: tuple[str, ...],
    digest: bool,
    hours: bool,
    dry_run: bool,
    as_json: bool,
    at: str | None,
) -> None:
    """Send each person what is new for them, and the team what happened, each thing once.

    People with `mail` in playbooks/people.yml get a mail, if ONRECORD_MAIL names a server.
    """
    now = _moment("--at", at) if at else _now(run.today)
    base = run.open()
    if since is None and not digest:
        raise click.UsageError("say since when with --since, or ask for the week with --digest")
    try:
        found = _found(base, since, now, hours) if since is not None else ()
        found += _week(base, since, now) if digest else ()
    except NotGit as error:
        raise click.UsageError(f"--since {since}: {error}") from None
    if as_json:
        echo_json(found)
        return
    messages = messages_of(found, base.library.people, MkdocsFile.read(base.root))
    if dry_run or not messages:
        for message in messages:
            echo(f"To {f'@{message.who}' if message.who else 'the team'}: {message.title}")
            for line in message.body.splitlines():
                echo(f"  {line}")
        if not messages:
            echo("There is nothing new to tell.")
        return
    addresses = addresses or tuple(os.environ.get(ADDRESSES, "").split())
    raise SystemExit(_sent(base, messages, addresses))


def _found(base: KnowledgeBase, since: str, now: datetime, hours: bool) -> tuple[Told, ...]:
    begin = _time_of(since)
    if begin is None:
        steps = list(_commits(base.root, merged(base.root, since), base.today))
        told = deliverable(steps, base, _LONG_AGO, _EVER, hours=False)
        people = base.library.people
        return tuple(one for one in told if not hours or is_at_work(people.get(one.who), now))
    steps = list(_mornings(base.root, begin, now))
    if hours:
        # What commits brought outside of somebody's hours; the rest was told with the commit.
        first = last_before(base.root, begin - WAITED)
        commits = merged(base.root, first, until=now) if first else ()
        late = [
            one
            for step in _commits(base.root, commits)
            for one in _deferred(step, base, begin, now)
        ]
    else:
        late = []
    return tuple(dict.fromkeys([*late, *deliverable(steps, base, begin, now, hours)]))


def _week(base: KnowledgeBase, since: str | None, now: datetime) -> tuple[Told, ...]:
    """The week, as it was when it began; without --since the last seven days, as they are now."""
    if since is None:
        return told_of_the_week(base)
    begin = _time_of(since)
    if begin is None:
        raise click.UsageError("--digest goes with a day or a time, not with a revision")
    moment = last_week(begin, now)
    commit = last_before(base.root, moment) if moment is not None else None
    if moment is None or commit is None:
        return ()
    return told_of_the_week(KnowledgeBase.at(base.root, commit, moment.date()))


def _deferred(step: Step, base: KnowledgeBase, begin: datetime, now: datetime) -> Iterator[Told]:
    people = base.library.people
    for one in deliverable([step], base, begin, now, hours=True):
        if not is_at_work(people.get(one.who), step.moment):
            yield one


def _commits(root: Path, commits: Sequence[Merged], today: date | None = None) -> Iterator[Step]:
    """Each commit, with the base before and after it; both on its own day, or on one given."""
    for older, newer in pairwise(commits):
        day = today or newer.moment.date()
        yield Step(
            newer.moment,
            KnowledgeBase.at(root, older.name, day),
            KnowledgeBase.at(root, newer.name, day),
        )


def _mornings(root: Path, begin: datetime, now: datetime) -> Iterator[Step]:
    """Each day that began since, with the files as they were when it did."""
    day = begin.date() + timedelta(days=1)
    while day <= now.date():
        moment = datetime.combine(day, time(), UTC)
        commit = last_before(root, moment)
        if commit is not None:
            yield Step(
                moment,
                KnowledgeBase.at(root, commit, day - timedelta(days=1)),
                KnowledgeBase.at(root, commit, day),
            )
        day += timedelta(days=1)


def _sent(base: KnowledgeBase, messages: Iterable[Message], addresses: Sequence[str]) -> int:
    """Send each message; a channel that fails doesn't stop the others."""
    mail = os.environ.get(MAIL, "").strip()
    failed, count = 0, 0
    for message in messages:
        person = base.library.people.get(message.who)
        if not message.who:
            channels = list(addresses)
        elif mail and person is not None and person.mail:
            channels = [f"{mail}{'&' if '?' in mail else '?'}to={person.mail}"]
        else:
            continue
        for number, channel in enumerate(channels, start=1):
            try:
                is_sent = send(message.title, message.body, channel)
            except NoChannels:
                raise click.UsageError(
                    'sending needs one more package: pip install "onrecord[tell]"'
                ) from None
            count += is_sent
            if not is_sent:
                failed += 1
                whom = f"@{message.who}" if message.who else f"channel {number} of the team"
                echo(f"{whom}: not delivered; run again with the same --since to retry.")
    echo(f"{count} sent, {failed} failed.")
    return FOUND if failed else FINE


def _now(today: date) -> datetime:
    """The clock's moment; on another day than today's, its noon."""
    now = datetime.now(UTC)
    return now if today == now.date() else datetime.combine(today, time(12), UTC)


def _time_of(text: str) -> datetime | None:
    """The moment of a day or a time; None for a revision."""
    return _moment("--since", text) if clock.is_day_form(text[:10]) else None


def _moment(option: str, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(
            f"{option} {text}: write a day or a time, such as 2026-10-05 or 2026-10-05T08:00"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
