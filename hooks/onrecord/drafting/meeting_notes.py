"""The notes of a meeting, brought back into the record they are of.

In come a decision, the bytes of its file and what was noted; out come edits by line and new reply
files. An item is settled by its answer where it is written: below its line, or as a reply to a
reply. The rest goes below Integration. What is there already isn't written again, and before bytes
are handed out they are read again: nothing else of the record may say anything new.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from onrecord.drafting.drafts import Draft, new_reply
from onrecord.drafting.meeting_sheet import (
    DecisionNotes,
    MeetingNotes,
    NotedAnswer,
    NotedItem,
    SheetFault,
    key_of,
    titles_of,
)
from onrecord.lifecycle.conversation import Voice, VoiceState, conversation_of
from onrecord.records.edits import LineEdit, applied
from onrecord.records.model import Body, Decision, Remark, Reply, same_person
from onrecord.records.reading.frontmatter import decoded
from onrecord.records.reading.markdown import body_of, headings_in, visible_lines
from onrecord.records.reading.records import decision_of
from onrecord.records.reading.remarks import opening_of
from onrecord.records.reading.replies import reply_of
from onrecord.records.vocabulary import Says

SECTION = "Integration"


@dataclass(frozen=True, slots=True)
class NotesPlan:
    """What the notes of one decision come to. With `faults` there is nothing else.

    `edits` are those of its own file, and `data` its bytes with them in; `drafts` are new replies.
    """

    path: str
    edits: tuple[LineEdit, ...] = ()
    data: bytes | None = None
    drafts: tuple[Draft, ...] = ()
    faults: tuple[SheetFault, ...] = ()


@dataclass(slots=True)
class _Work:
    """The plan while it is made; `lines` are those of the file."""

    decision: Decision
    notes: DecisionNotes
    day: date
    lines: list[str]
    edits: list[LineEdit] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    faults: list[SheetFault] = field(default_factory=list)
    settled: list[Voice] = field(default_factory=list)


def planned_notes(meeting: MeetingNotes, notes: DecisionNotes, data: bytes) -> NotesPlan:
    """What has to be written for the notes of one decision, whose file holds `data`."""
    path = notes.decision.path
    text, _ = decoded(path, data)
    # From the bytes that are replaced: the record may have changed since the sheet was made.
    decision = decision_of(path, text)[0]
    decision = replace(decision, replies=notes.decision.replies)
    work = _Work(decision, notes, meeting.day, text.split("\n"))
    titles = {key_of(title): voice for title, voice in titles_of(decision).items()}
    settled = []
    for item in notes.items:
        if not item.answers:
            continue
        voice = titles.get(key_of(item.title))
        if voice is None:
            work.faults.append(SheetFault(item.line, _moved(decision)))
            continue
        _settle(work, item, voice)
        by = ", ".join(dict.fromkeys(f"@{answer.who}" for answer in item.answers))
        settled.append(f"- {item.title.rstrip('.')} – answered by {by}.")
    if settled or notes.text.strip():
        _integrate(work, meeting.there, settled)
    if work.faults or not (work.edits or work.drafts):
        return NotesPlan(path, faults=tuple(work.faults))
    plan = _proved(work, data)
    if plan.faults and len(notes.items) > 1:
        # Each alone says which of them it is.
        alone = (replace(notes, items=(item,), text="") for item in notes.items)
        faults = [fault for one in alone for fault in planned_notes(meeting, one, data).faults]
        return replace(plan, faults=tuple(faults) or plan.faults)
    return plan


def _moved(decision: Decision) -> str:
    return f"this was changed in {decision.path} meanwhile; move what you wrote below Notes"


# Items.


def _settle(work: _Work, item: NotedItem, voice: Voice) -> None:
    below, written = _below(work.decision, voice), _written_below(work, voice)
    new = [one for one in item.answers if not _is_there(one, below, written, work.day)]
    if not new:
        return
    if voice.state is not VoiceState.OPEN:
        said = "this has been answered meanwhile; move what you wrote below Notes"
        work.faults.append(SheetFault(item.line, said))
    elif voice.path == work.decision.path:
        work.edits += _below_line(work, voice, new)
        work.settled.append(voice)
    elif all(same_person(one.who, voice.who) for one in new):
        said = f"only @{voice.who} speaks here, who asked: write who else answered, or move it "
        work.faults.append(SheetFault(item.line, f"{said}below Notes"))
    else:
        to, taken = voice.key, {reply.path for reply in work.decision.replies}
        taken |= {draft.path for draft in work.drafts}
        for one in new:
            draft = _reply(work, one, to, taken)
            taken.add(draft.path)
            work.drafts.append(draft)
            to = draft.path.rpartition("/")[2].removesuffix(".md")
        work.settled.append(voice)


def _below(decision: Decision, voice: Voice) -> tuple[Voice, ...]:
    """What is said below a voice; below an answer, which has none of its own, what follows it."""
    for one in conversation_of(decision).voices:
        if voice in one.answers:
            return one.answers[one.answers.index(voice) + 1 :]
    return voice.answers


def _written_below(work: _Work, voice: Voice) -> str:
    """All that is written below a voice, code and comments too, by its letters and digits."""
    if voice.path == work.decision.path:
        indent = len(work.lines[voice.line - 1]) - len(work.lines[voice.line - 1].lstrip())
        last = _last_below(work.lines, voice.line, indent)
        return key_of("\n".join(work.lines[voice.line - 1 : last]))
    ids = {one.key for one in voice.answers}
    replies = (one for one in work.decision.replies if one.id in ids)
    return "".join(key_of(f"@{one.who} ({one.day}): {one.body.text}") for one in replies)


def _is_there(answer: NotedAnswer, below: Sequence[Voice], written: str, day: date) -> bool:
    """True where the answer was written before, in however many pieces it is read."""
    # Notes are often taken in twice; letters and digits alone are compared, since editors change
    # the rest.
    if key_of(f"@{answer.who} ({day}): {answer.text}") in written:
        return True
    for number, one in enumerate(below):
        if same_person(one.who, answer.who):
            said = "".join(key_of(later.text) for later in below[number:])
            if said.startswith(key_of(answer.text)):
                return True
    return False


def _reply(work: _Work, answer: NotedAnswer, to: str, taken: set[str]) -> Draft:
    number = 1
    while True:
        draft = new_reply(
            work.decision.path, answer.who, Says.ANSWER, work.day,
            text=answer.text, to=to, number=number,
        )  # fmt: skip
        if draft.path not in taken:
            return draft
        number += 1


_START = re.compile(r"[ \t]*+(?:>[ \t]*+)*+")
"""What is before an item: its indent, and the marks of a quote that it is in."""


def _below_line(work: _Work, voice: Voice, answers: Sequence[NotedAnswer]) -> Iterator[LineEdit]:
    """The tick of a line, and its answers below all that is below it already."""
    line = work.lines[voice.line - 1]
    start = _START.match(line)
    indent = start[0] if start else ""
    bare = line[len(indent) :]
    _, done, rest = opening_of(bare)
    last = _last_below(work.lines, voice.line, len(indent.expandtabs(4)))
    if done is False:
        box = bare.removesuffix(rest)
        box = box.replace("[ ]", "[x]").replace("[]", "[x]").replace("☐", "☑")
        # Below a ticked line, a text counts as its answer; so what goes on in it is joined to it.
        more = list(_going_on(work.lines, voice.line, last))
        going_on = (_START.sub("", work.lines[number - 1], count=1).strip() for number in more)
        words = " ".join([rest.rstrip(), *going_on])
        yield LineEdit(voice.line, (f"{indent}{box}{words}",), in_place=True)
        yield from (LineEdit(number, (), in_place=True) for number in more)
    # Below `1.` a forge takes for the item's own what is indented by three, below `10.` by four.
    step = indent + " " * (4 if bare[:1].isdigit() else 2)
    written = [""] if line.startswith("#") and last > voice.line else []
    for answer in answers:
        first, *rest_of_it = answer.text.split("\n")
        written.append(f"{step}- @{answer.who} ({work.day}): {first}")
        written += [f"{step}  {one}" if one.strip() else "" for one in rest_of_it]
    yield LineEdit(last, tuple(written))


def _going_on(lines: Sequence[str], line: int, last: int) -> Iterator[int]:
    """The lines directly below an item's first that go on in its sentence."""
    for number in range(line + 1, last + 1):
        bare = _START.sub("", lines[number - 1], count=1).strip()
        if not bare or opening_of(bare)[0] or bare.startswith(("#", "@", ">", "|", "`", "~")):
            return
        yield number


def _last_below(lines: Sequence[str], line: int, indent: int) -> int:
    """The last line of an item: what goes on in it, or is below it.

    Below a heading with a name, it is the last before the next heading or the next name.
    """
    last = line
    is_headed = lines[line - 1].startswith("#")
    for number, text in enumerate(lines[line:], start=line + 1):
        wide = _START.sub(lambda found: " " * len(found[0].expandtabs(4)), text, count=1)
        bare = wide.strip()
        if not bare:
            continue
        is_next = number == last + 1 and not opening_of(bare)[0] and not bare.startswith(("#", "@"))
        is_below = is_next or len(wide) - len(wide.lstrip()) >= indent + 2
        if is_headed:
            is_below = is_below or not (bare.startswith("#") or opening_of(bare)[2].startswith("@"))
        if not is_below:
            break
        last = number
    return last


# The rest.


def _integrate(work: _Work, there: Sequence[str], settled: Sequence[str]) -> None:
    """Put what was settled, and the notes, below Integration, under a heading of that day."""
    body = work.decision.body
    section = body.section(SECTION)
    title = f"Meeting of {work.day}"
    known: set[str] = set()
    head = [f"### {title}"]
    if section is None:
        before = body.section("Alignment")
        at = before.line - 1 if before else len(work.lines)
        head = [f"## {SECTION}", "", *head]
    else:
        ends = [one.line for one in body.sections if one.line > section.line]
        end = min(ends, default=len(work.lines) + 1) - 1
        at = end
        inner = [one for one in headings_in(body) if section.line < one[0] <= end and one[1] < 4]
        mine = next((one for one in inner if one[2].strip() == title), None)
        if mine is not None:
            at = min((one[0] for one in inner if one[0] > mine[0]), default=end + 1) - 1
            known = {key_of(one) for one in _pieces(work.lines[mine[0] : at])}
            known |= {key_of(line) for line in work.lines[mine[0] : at]}
            head = []
    while at > 1 and not work.lines[at - 1].strip():
        at -= 1
    with_whom = f"With {', '.join(f'@{who}' for who in there)}." if there and head else ""
    pieces = [with_whom, "\n".join(one for one in settled if key_of(one) not in known)]
    pieces += [one for one in _pieces(work.notes.text.split("\n")) if key_of(one) not in known]
    new = [line for piece in pieces if piece for line in ("", *piece.split("\n"))]
    if new:
        # A heading directly below needs an empty line before it.
        is_close = at < len(work.lines) and bool(work.lines[at].strip())
        start = ["", *head] if head else []
        # First, so that what is put below the same line of an item comes above it.
        work.edits.insert(0, LineEdit(at, (*start, *new, *([""] if is_close else []))))


def _pieces(lines: Sequence[str]) -> list[str]:
    """Paragraphs, lists and whole code blocks: what empty lines set apart."""
    pieces: list[list[str]] = [[]]
    seen = [line for _, line in visible_lines(body_of("\n".join(lines)))]
    for line, shown in zip(lines, seen, strict=True):
        if line.strip():
            pieces[-1].append(line)
        elif shown == line and not (pieces[-1] and _is_in_code(pieces[-1])):
            pieces.append([])
        else:
            pieces[-1].append(line)
    return ["\n".join(piece) for piece in pieces if piece]


def _is_in_code(piece: Sequence[str]) -> bool:
    """True where a code block is begun and not ended."""
    return sum(line.strip().startswith(("```", "~~~")) for line in piece) % 2 == 1


# Before it is written.


def _proved(work: _Work, data: bytes) -> NotesPlan:
    """The plan with the bytes to write, if they say what was meant and no more."""
    path, old = work.decision.path, work.decision
    changed = applied(data, work.edits)
    again = decision_of(path, decoded(path, changed)[0])[0]
    replies = [reply_of(draft.path, draft.text)[0] for draft in work.drafts]
    again = replace(again, replies=_by_id([*old.replies, *replies]))
    settled = Counter(_name(voice) for voice in work.settled)
    keys = {_name(voice) for voice in conversation_of(again).each}
    # Counted, because the same person may have written the same words twice: one of the two is
    # answered.
    is_settled = keys.issuperset(settled) and Counter(
        _name(voice) for voice in conversation_of(again).open
    ) == (Counter(_name(voice) for voice in conversation_of(old).open) - settled)
    same = replace(
        again, body=old.body, remarks=old.remarks, acknowledged=old.acknowledged,
        replies=old.replies,
    )  # fmt: skip
    is_same = (
        same == old
        and _said(again.acknowledged) == _said(old.acknowledged)
        and _texts(again.body) == _texts(old.body)
    )
    if not (is_settled and is_same):
        if len(work.notes.items) == 1 and not work.notes.text:
            at, voice = work.notes.items[0].line, work.settled[0] if work.settled else None
            where = f" line {voice.line}" if voice else ""
            said = f"this can't be answered in {path}{where} without changing what else it says; "
            said += "write it there by hand, or below Notes"
        else:
            at = work.notes.line
            said = f"these notes can't be written into {path} without changing what else it says; "
            said += "write them by hand, or close what begins in them (code, HTML, a heading)"
        return NotesPlan(path, faults=(SheetFault(at, said),))
    edits = tuple(work.edits)
    return NotesPlan(path, edits, changed if edits else None, tuple(work.drafts))


def _by_id(replies: Iterable[Reply]) -> tuple[Reply, ...]:
    return tuple(sorted(replies, key=lambda one: (one.day or date.min, one.id)))


def _name(voice: Voice) -> tuple[str, str, str]:
    return voice.path, voice.who, key_of(voice.text)


def _said(remarks: Iterable[Remark]) -> list[tuple[str, str]]:
    return [(one.who, one.text) for one in remarks]


def _texts(body: Body) -> list[tuple[str, str]]:
    """The sections that notes don't change, with their texts."""
    own = {section.line for name in (SECTION, "Feedback") if (section := body.section(name))}
    return [(s.title, s.text.strip()) for s in body.sections if s.line not in own]
