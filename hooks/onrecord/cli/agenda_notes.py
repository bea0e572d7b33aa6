"""`onrecord agenda --sheet` and `--notes`: a sheet for the meeting, its notes in the records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from onrecord.cli.echo import echo, echo_lines
from onrecord.cli.run import FOUND, no_writing, writing
from onrecord.cli.written import echo_written
from onrecord.drafting.agenda import Agenda
from onrecord.drafting.meeting_notes import NotesPlan, planned_notes
from onrecord.drafting.meeting_sheet import MeetingNotes, SheetFault, read_sheet, sheet_of
from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.records.disk import change_file, make_file, open_file, read_file
from onrecord.records.reading.frontmatter import MAX_FILE, decoded
from onrecord.records.reading.replies import reply_of
from onrecord.records.replies import faults_of_replies
from onrecord.records.vocabulary import DECISIONS_FOLDER, PLAYBOOKS_FOLDER


def write_sheet(file: Path, agenda: Agenda, base: KnowledgeBase) -> None:
    """Write the sheet of an agenda to a file that isn't there yet."""
    inside = next((one for one in (DECISIONS_FOLDER, PLAYBOOKS_FOLDER)
                   if file.resolve().is_relative_to(base.root / one)), "")  # fmt: skip
    if inside:
        raise click.UsageError(f"--sheet {file} is in {inside}/, where records are; name another")
    day = agenda.begins.date() if agenda.begins is not None else base.today
    try:
        with file.open("xb") as stream:
            stream.write(sheet_of(agenda, day).encode(errors="replace"))
    except FileExistsError:
        raise click.UsageError(
            f"--sheet {file}: a file of that name is there; name another one"
        ) from None
    except OSError as error:
        no_writing(str(file), error)


def take_notes(file: Path, base: KnowledgeBase, dry_run: bool, as_json: bool) -> None:
    """Write the notes of a sheet into the records, or show what would be written."""
    try:
        with open_file(file) as stream:
            data = stream.read(MAX_FILE + 1)
    except OSError as error:
        raise click.UsageError(f"--notes {file}: {error.strerror or error}") from None
    text, unread = decoded(str(file), data)
    if unread:
        raise click.UsageError(f"--notes {file}: {unread[0].message}; {unread[0].hint}")
    meeting, faults = read_sheet(text, base.library.decisions, base.today)
    plans: list[NotesPlan] = []
    if meeting is not None:
        plans = [_planned(base, meeting, number) for number in range(len(meeting.decisions))]
        faults = [fault for plan in plans for fault in plan.faults]
        faults += [fault for number, plan in enumerate(plans)
                   for fault in _refused(base, plan, meeting.decisions[number].line)]  # fmt: skip
    if faults or meeting is None:
        _refuse(file, faults)
    assert meeting is not None
    if dry_run and not as_json:
        for plan in plans:
            _show(plan)
    made, changed = [], []
    for number, plan in enumerate(plans):
        if not dry_run:
            _write(file, base, meeting, number)
        changed += [plan.path] if plan.edits else []
        made += [draft.path for draft in plan.drafts]
    would = " (not written)" if dry_run else ""
    lines = [f"{path}{would}" for path in (*changed, *made)]
    nothing = f"{file}: no notes that aren't in the records already."
    echo_written(as_json, lines or [nothing], made=made, changed=changed)


def _planned(base: KnowledgeBase, meeting: MeetingNotes, number: int) -> NotesPlan:
    notes = meeting.decisions[number]
    with writing(notes.decision.path):
        return planned_notes(meeting, notes, read_file(base.root / notes.decision.path))


def _refused(base: KnowledgeBase, plan: NotesPlan, line: int) -> Iterator[SheetFault]:
    """What `onrecord check` would refuse in a new reply."""
    library = base.library
    for draft in plan.drafts:
        reply, faults = reply_of(draft.path, draft.text)
        library = library.with_reply(reply)
        for fault in (*faults, *faults_of_replies(library, base.today)):
            if fault.path == draft.path:
                yield SheetFault(line, f"{fault.message}: {fault.hint}")


def _refuse(file: Path, faults: list[SheetFault]) -> None:
    for fault in faults:
        echo(f"{file}:{fault.line}: {fault.said}", err=True)
    echo("Nothing was written.", err=True)
    raise SystemExit(FOUND)


def _show(plan: NotesPlan) -> None:
    for edit in plan.edits:
        echo(f"{plan.path}, {edit.where}:")
        echo_lines("\n".join(f"  {line}" for line in edit.text.split("\n")))
    for draft in plan.drafts:
        echo(f"{draft.path}, a new file:")
        echo_lines("\n".join(f"  {line}" for line in draft.text.rstrip("\n").split("\n")))


def _write(file: Path, base: KnowledgeBase, meeting: MeetingNotes, number: int) -> None:
    """Write one decision's notes, planned again on the bytes that are there now."""
    path, faults = meeting.decisions[number].decision.path, list[SheetFault]()

    def with_notes(data: bytes | None) -> bytes | None:
        plan = planned_notes(meeting, meeting.decisions[number], data or b"")
        faults[:] = plan.faults
        if not plan.faults:
            for draft in plan.drafts:
                make_file(base.root, draft.path, draft.text.encode())
        return plan.data

    with writing(path):
        change_file(base.root, path, with_notes)
    if faults:
        _refuse(file, faults)
