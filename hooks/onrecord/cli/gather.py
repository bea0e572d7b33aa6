"""`onrecord gather`: what people said on a request, made into replies."""

from __future__ import annotations

import itertools
import os
from dataclasses import replace

import click

from onrecord.cli.echo import echo
from onrecord.cli.run import FOUND, Run, writing
from onrecord.cli.written import JSON, echo_written
from onrecord.drafting.drafts import Draft, new_reply
from onrecord.forges.changed import changed_files, place_in_repository
from onrecord.forges.listing import ForgeRefusesError
from onrecord.forges.requests import (
    Saying,
    files_of,
    in_a_base,
    open_requests,
    requests_as_json,
    sayings_on,
)
from onrecord.lifecycle.conversation import unaligned, unanswered
from onrecord.records.disk import is_there, make_file
from onrecord.records.findings import Finding
from onrecord.records.git import NotGit
from onrecord.records.library import Library
from onrecord.records.model import Decision, Reply, is_handle
from onrecord.records.reading.frontmatter import decoded
from onrecord.records.reading.replies import record_of, reply_of
from onrecord.records.replies import faults_of_replies
from onrecord.records.vocabulary import Says

MOST_TEXT = 20_000
"""Characters of a comment that are taken; nobody writes more into one."""


@click.command("gather")
@click.argument("request", required=False)
@click.option(
    "--open",
    "lists_open",
    is_flag=True,
    help="Print the open requests that change decisions, as JSON for the site's board.",
)
@click.option(
    "--changed",
    metavar="BASE",
    help="A branch to compare the request with (default: the forge names its files).",
)
@JSON
@click.pass_obj
def gather_command(
    run: Run, request: str | None, lists_open: bool, changed: str | None, as_json: bool
) -> None:
    """Turn what people said on the request with the number REQUEST into replies.

    A comment on a decision's lines becomes feedback, and a comment below it an answer.
    `/no-objection` and `/aligned`, alone on the first line of a comment on the request, count for
    each decision that it changes. A thumbs up on the request counts for people who are asked and
    haven't answered yet. A second run writes nothing twice.

    The forge and the token are those of the CI job: GITHUB_REPOSITORY and GITHUB_TOKEN, or
    CI_API_V4_URL, CI_PROJECT_ID and ONRECORD_GATHER_TOKEN.
    """
    base = run.open()
    library = base.library
    _, prefix = place_in_repository(base.root)
    if (request is None) != lists_open:
        raise click.UsageError("name one request by its number, or list the open ones with --open")
    try:
        if request is None:
            known = [decision.path for decision in library.decisions]
            echo(requests_as_json(in_a_base(open_requests(os.environ), prefix, known)).rstrip())
            return
        if changed is not None:
            paths = changed_files(base.root, changed)
        else:
            paths = tuple(
                path.removeprefix(prefix)
                for path in files_of(request, os.environ)
                if path.startswith(prefix)
            )
        said = sayings_on(request, os.environ)
    except NotGit as error:
        raise click.UsageError(f"--changed {changed}: {error}") from None
    except ForgeRefusesError as error:
        echo(f"{error}.", err=True)
        raise SystemExit(FOUND) from None
    decisions = {d.path: d for d in library.decisions}
    touched = [
        decisions[p] for p in dict.fromkeys((*paths, *map(record_of, paths))) if p in decisions
    ]
    made: list[str] = []
    # Each decision in a library of its own, so that a reply is checked beside those it meets alone.
    alone = {
        d.path: replace(library, decisions=(d,), handoffs=(), replies=d.replies)
        for d in decisions.values()
    }
    for one in said:
        about = decisions.get(one.path.removeprefix(prefix)) if one.path else None
        is_on_all = one.command or one.is_reaction
        for decision in [about] if about is not None else touched if is_on_all else []:
            own = alone[decision.path]
            if _of(one.url, own) is not None or (
                one.is_reaction and not _is_waited_for(one.who, own)
            ):
                continue
            reply, fault = _written(run, own, decision, one)
            if reply is None:
                if fault:
                    echo(f"{one.url}: left out: {fault}.", err=True)
                continue
            alone[decision.path] = own.with_reply(reply)
            made.append(reply.path)
    echo_written(as_json, made, made=made)


def _is_waited_for(who: str, library: Library) -> bool:
    """True for those who are asked and haven't said anything, in the record or a reply before."""
    (decision,) = library.decisions
    asked = unaligned(decision) if decision.outcome is not None else unanswered(decision)
    return who.casefold() in {one.casefold() for one in asked}


def _of(url: str, library: Library) -> Reply | None:
    """The reply that was made of a comment; its text says so in a comment of its own."""
    mark = _mark(url)
    return next((reply for reply in library.replies if mark in reply.body.text), None)


def _mark(url: str) -> str:
    return f"<!-- said at {url} -->"


def _written(
    run: Run, library: Library, decision: Decision, one: Saying
) -> tuple[Reply | None, str]:
    """The reply, once its file is written; else why it isn't, or '' where it was said already."""
    if not is_handle(one.who):
        return None, f"{one.who!r} isn't a handle"
    answered = _of(one.answers, library) if one.answers else None
    if one.is_reaction:
        says = Says.ALIGNED if decision.outcome is not None else Says.NO_OBJECTION
    else:
        says = Says(one.command) if one.command else Says.ANSWER if answered else Says.FEEDBACK
    # A comment of HTML could hide what follows it, or carry the mark of another saying.
    words = "" if one.command else one.text.replace("<!--", "&lt;!--").strip()[:MOST_TEXT]
    for number in itertools.count(1):
        draft = new_reply(
            decision.path,
            one.who,
            says,
            one.day,
            text=f"{_mark(one.url)}\n\n{words}",
            to=_last(answered, library) if answered and not one.command else "",
            number=number,
        )
        if is_there(run.base() / draft.path):
            continue
        reply, faults = _checked(run, library, draft)
        if faults:
            was_said = all(fault.code == "reply-twice" for fault in faults)
            return None, "" if was_said else faults[0].message
        with writing(draft.path):
            if make_file(run.base(), draft.path, draft.text.encode(errors="replace")):
                return reply, ""
    raise AssertionError("numbers don't end")


def _last(answered: Reply, library: Library) -> str:
    """The last reply of a thread: a forge lets everybody answer its first comment."""
    following = {r.to: r.id for r in library.replies if r.about == answered.about and r.to}
    last, seen = answered.id, set[str]()
    while last in following and last not in seen:
        seen.add(last)
        last = following[last]
    return last


def _checked(run: Run, library: Library, draft: Draft) -> tuple[Reply, list[Finding]]:
    """The reply of a draft, and what `onrecord check` would refuse in it."""
    text, faults = decoded(draft.path, draft.text.encode(errors="replace"))
    reply, more = reply_of(draft.path, text)
    faults += [*more, *faults_of_replies(library.with_reply(reply), run.today)]
    return reply, [fault for fault in faults if fault.path == draft.path]
