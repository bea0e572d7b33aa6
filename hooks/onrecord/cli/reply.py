"""`onrecord reply`: one act of one person on a record, written as a file beside it."""

from __future__ import annotations

import itertools
import re
import sys
from contextlib import suppress
from pathlib import Path

import click

from onrecord.cli.printed import echo_draft
from onrecord.cli.run import Run, handle, no_such, no_writing, one_of
from onrecord.cli.written import JSON, echo_written
from onrecord.drafting.drafts import Draft, new_reply
from onrecord.lifecycle.accept import next_holder, with_holder
from onrecord.records import git
from onrecord.records.disk import change_file, is_there, make_file
from onrecord.records.library import Library
from onrecord.records.model import Decision, Handoff
from onrecord.records.reading.replies import reply_of
from onrecord.records.replies import faults_of_replies
from onrecord.records.vocabulary import Says

HANDLE_SETTING = "onrecord.handle"
"""The setting of git that says who you are on the forge."""

_NO_REPLY = re.compile(r"(?:[0-9]+[+-])?([^@+]+)@users\.noreply\.[\w.\-]+")


@click.command("reply")
@click.argument("record")
@click.argument("text", default="")
@click.option(
    "--says",
    type=one_of(Says),
    help="What your reply does (default: feedback; answer with --to; without TEXT, what is asked).",
)
@click.option("--to", default="", help="The reply that you answer, such as 2026-09-18-carol.")
@click.option(
    "--from", "author", default="", help="Your handle (default: from git's configuration)."
)
@JSON
@click.pass_obj
def reply_command(
    run: Run, record: str, text: str, says: str | None, to: str, author: str, as_json: bool
) -> None:
    """Reply to a decision, or accept a handoff, with your own file beside it.

    RECORD is a decision's id, ROLE/HANDOFF, or a path. TEXT is what you want to say. With `-` it is
    read from the input.
    """
    base = run.open()
    about = _record(base.library, record)
    words = _typed() if text == "-" else text
    to = Path(to).name.removesuffix(".md")
    act = Says(says) if says else _act(about, words, to)
    who = handle("--from", author) or _myself(base.root)
    for number in itertools.count(1):
        draft = new_reply(about.path, who, act, run.today, text=words, to=to, number=number)
        # A person may reply twice a day; the second file gets a number.
        if is_there(base.root / draft.path):
            continue
        _refuse_faulty(run, base.library, draft)
        if run.prints:
            echo_draft(draft)
            return
        try:
            if make_file(base.root, draft.path, draft.text.encode()):
                break
        except OSError as error:
            no_writing(draft.path, error)
        except UnicodeEncodeError:  # bytes the command line couldn't decode
            raise click.UsageError("what you typed isn't UTF-8; nothing was written") from None
    changed: dict[str, str] = {}
    if isinstance(about, Handoff) and act is Says.ACCEPTED:
        changed = _write_holder(base.root, base.library, about)
    lines = [draft.path, *(f"{path}: {line}" for path, line in changed.items())]
    echo_written(as_json, lines, made=[draft.path], changed=changed)


def _typed() -> str:
    """What is on the standard input, which is UTF-8 whatever the system's code page is."""
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise click.UsageError("the text on the input isn't UTF-8; nothing was written") from None


def _write_holder(root: Path, library: Library, handoff: Handoff) -> dict[str, str]:
    """Write the new holder of a role that is handed on for good; out comes the line by its file.

    Where its file can't be changed it is left: who answers follows from the reply all the same.
    """
    role, holder = library.role.get(handoff.role), next_holder(library, handoff)
    if role is None or not holder:
        return {}
    with suppress(OSError, LookupError, ValueError):
        change_file(root, role.path, lambda data: with_holder(role.path, data or b"", holder))
        return {role.path: f"holder: {holder}"}
    return {}


def _record(library: Library, name: str) -> Decision | Handoff:
    handoffs = {f"{one.role}/{one.id}": one for one in library.handoffs}
    known: dict[str, Decision | Handoff] = {**library.decision, **handoffs}
    known |= {one.path.removesuffix(".md"): one for one in known.values()}
    plain = name.removesuffix(".md")
    if plain not in known:
        no_such("decision or handoff", name, [*library.decision, *handoffs])
    return known[plain]


def _act(about: Decision | Handoff, text: str, to: str) -> Says:
    """What a reply does where nobody says it."""
    if isinstance(about, Handoff):
        return Says.ACCEPTED
    if to:
        return Says.ANSWER
    if text.strip():
        return Says.FEEDBACK
    if about.outcome is not None:
        return Says.ALIGNED
    raise click.UsageError(
        "say what you think as TEXT; or --says no-objection, if you have nothing to add"
    )


def _myself(root: Path) -> str:
    """Who replies, as git knows them; wrong use where that can't be told."""
    named = git.hear(root, "config", "--get", HANDLE_SETTING)
    if named:
        return handle(f"git config {HANDLE_SETTING}", named)
    mail = git.hear(root, "config", "--get", "user.email")
    if found := _NO_REPLY.fullmatch(mail):
        return handle("--from", found[1])
    raise click.UsageError(
        "who are you? Say it with --from HANDLE, your name on the forge; "
        f"or once for all: git config {HANDLE_SETTING} HANDLE"
    )


def _refuse_faulty(run: Run, library: Library, draft: Draft) -> None:
    """Wrong use where `onrecord check` would refuse the reply."""
    reply, faults = reply_of(draft.path, draft.text)
    faults += faults_of_replies(library.with_reply(reply), run.today)
    for fault in faults:
        if fault.path == draft.path:
            raise click.UsageError(f"{fault.message}: {fault.hint}; nothing was written")
