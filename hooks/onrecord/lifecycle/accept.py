"""Accepting a handoff: the receiver's read-back and the day, written into its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from onrecord.lifecycle.handoffs import in_order
from onrecord.records.edits import FrontMatterEdits, LineEdit, applied
from onrecord.records.library import Library
from onrecord.records.model import Handoff, same_person
from onrecord.records.reading.frontmatter import decoded
from onrecord.records.reading.records import handoff_of, role_of
from onrecord.text.escaping import as_yaml

READ_BACK = "Read-back"
QUESTIONS = ("What do I now own?", "What can go wrong first?", "What are my questions?")
"""What a read-back answers, in the receiver's own words."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What accepting comes to: `edits`, and `data` once they are proved; or why not."""

    data: bytes | None = None
    edits: tuple[LineEdit, ...] = ()
    refusal: str = ""


def accept(handoff: Handoff, data: bytes, today: date, answers: tuple[str, ...]) -> Acceptance:
    """Write the day and the read-back into a handoff.

    `answers` follow `QUESTIONS`; none are needed where a read-back is written already. Only the
    line of `accepted_on` and the text of the section change.
    """
    plan = plan_of_acceptance(handoff, data, today, answers)
    if plan.refusal:
        return plan
    try:
        changed = applied(data, plan.edits)
    except LookupError:  # YAML counts its lines by signs nobody sees
        return Acceptance(refusal=_by_hand(today))
    # The proof that the file to be written says what was meant, and nothing else; see `advance`.
    again, _ = handoff_of(handoff.path, decoded(handoff.path, changed)[0])
    meant = replace(handoff, accepted_on=handoff.accepted_on or today, body=again.body)
    again = replace(again, replies=handoff.replies)
    if again != meant or not again.is_accepted:
        return Acceptance(refusal=_by_hand(today))
    return replace(plan, data=changed)


def next_holder(library: Library, handoff: Handoff) -> str:
    """What `holder` becomes when a handoff is accepted; '' where it stays as it is."""
    role = library.role.get(handoff.role)
    if role is None or not handoff.is_for_good or handoff.is_accepted:
        return ""
    later = [
        h for h in library.handoffs if h.role == handoff.role and h.is_for_good and h.is_accepted
    ]
    # One accepted late, behind a newer handoff, mustn't give the role back to an earlier holder.
    is_last = in_order([*later, handoff])[-1] is handoff
    return handoff.receiver if is_last and not same_person(role.holder, handoff.receiver) else ""


def with_holder(path: str, data: bytes, holder: str) -> bytes:
    """The file of a role, which holds `data`, with its new holder, who is no backup any more.

    LookupError and ValueError say that the file is written in a way that can't be changed by line.
    """
    role, _ = role_of(path, decoded(path, data)[0])
    front = FrontMatterEdits(path, data)
    others = tuple(b for b in role.backups if not same_person(b, holder))
    gone = [i for i, b in enumerate(role.backups) if same_person(b, holder)]
    lines = [role.place(f"backups[{index}]")[0] for index in gone]
    # Of a list with a name on each line that line goes, and comments beside it stay; any other list
    # is written anew.
    own_lines = all(front.lines[line - 1].lstrip().startswith("- ") for line in lines)
    if gone and not own_lines:
        front.write_last("backups", f"[{', '.join(map(as_yaml, others))}]")
    front.write_last("holder", as_yaml(holder))
    changed = applied(data, front.edits())
    if own_lines:
        kept = changed.splitlines(keepends=True)
        changed = b"".join(text for at, text in enumerate(kept, 1) if at not in lines)
    again, _ = role_of(path, decoded(path, changed)[0])
    meant = replace(role, holder=holder, backups=others, body=again.body)
    if front.is_ambiguous or again != meant or again.body.text != role.body.text:
        raise ValueError(path)
    return changed


def plan_of_acceptance(
    handoff: Handoff, data: bytes, today: date, answers: tuple[str, ...]
) -> Acceptance:
    """The edits that accept a handoff; nothing is tried."""
    if handoff.is_accepted:
        return Acceptance(refusal=f"it was accepted on {handoff.accepted} already")
    section = handoff.body.section(READ_BACK)
    written = section is not None and section.is_written
    if not written and not any(answer.strip() for answer in answers):
        return Acceptance(refusal="a read-back in your own words is missing")
    if "accepted_on" in handoff.places and handoff.accepted_on is None:
        _, faults = handoff_of(handoff.path, decoded(handoff.path, data)[0])
        if any(fault.code in ("date-impossible", "type-wrong", "key-twice") for fault in faults):
            return Acceptance(refusal="fix its front matter first; `onrecord check` says where")
    front = FrontMatterEdits(handoff.path, data)
    if handoff.accepted_on is None:
        try:
            front.write_last("accepted_on", today.isoformat())
        except (LookupError, ValueError):
            return Acceptance(refusal=_by_hand(today))
    read_back = () if written else (_read_back(handoff, front.lines, answers),)
    return Acceptance(edits=(*front.edits(), *read_back))


def _by_hand(today: date) -> str:
    return (
        "the file is written in a way that can't be changed safely; write by hand: "
        f"accepted_on: {today}, and a section ## {READ_BACK}"
    )


def _read_back(handoff: Handoff, lines: Sequence[str], answers: tuple[str, ...]) -> LineEdit:
    """The answers below the section's heading, or in a new section at the end."""
    section = handoff.body.section(READ_BACK)
    text: list[str] = []
    for question, answer in zip(QUESTIONS, answers, strict=False):
        if answer.strip():
            text += ["", f"**{question}** {' '.join(answer.split())}"]
    if section is None:
        return LineEdit(len(lines), ("", f"## {READ_BACK}", *text))
    below = section.line
    if below < len(lines) and not lines[below].strip():
        below += 1  # the empty line that is there already
        text = text[1:]
    follows = any(line.strip() for line in lines[below:])
    return LineEdit(below, (*text, "") if follows else tuple(text))
