"""Accepting a handoff: the receiver's read-back and the day, written into its file."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from onrecord.records.model import Handoff
from onrecord.records.reading.frontmatter import decoded
from onrecord.records.reading.records import handoff_of

READ_BACK = "Read-back"
QUESTIONS = (
    "What do I now own?",
    "What can go wrong first?",
    "What are my questions?",
)
"""What a read-back answers, in the receiver's own words."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What accepting comes to: `data` to write, or why not."""

    data: bytes | None = None
    refusal: str = ""


_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_ACCEPTED = re.compile(rb"accepted_on[ \t]*:[ \t]*(?:#[^\r\n]*)?(?=\r|\n|\Z)")


def accept(handoff: Handoff, data: bytes, today: date, answers: tuple[str, ...]) -> Acceptance:
    """Write the day and the read-back into a handoff.

    `answers` follow `QUESTIONS`; none are needed where a read-back is written already. Only the
    line of `accepted_on` and the text of the section change.
    """
    if handoff.is_accepted:
        return Acceptance(refusal=f"it was accepted on {handoff.accepted} already")
    section = handoff.body.section(READ_BACK)
    written = section is not None and section.is_written
    if not written and not any(answer.strip() for answer in answers):
        return Acceptance(refusal="a read-back in your own words is missing")
    if "accepted_on" in handoff.places and handoff.accepted_on is None:
        _, faults = handoff_of(handoff.path, decoded(handoff.path, data)[0])
        if any(fault.code in ("date-impossible", "type-wrong", "key-twice") for fault in faults):
            return Acceptance(refusal="mend its front matter first; `onrecord check` says where")
    changed = data if written else _with_answers(handoff, data, answers)
    if handoff.accepted_on is None:
        changed = _with_day(changed, today)
    again, _ = handoff_of(handoff.path, decoded(handoff.path, changed)[0])
    meant = replace(handoff, accepted_on=handoff.accepted_on or today, body=again.body)
    again = replace(again, replies=handoff.replies)
    if again != meant or not again.is_accepted:
        return Acceptance(
            refusal="the file is written in a way that can't be changed safely; write by hand: "
            f"accepted_on: {today}, and a section ## {READ_BACK}"
        )
    return Acceptance(data=changed)


def _with_day(data: bytes, today: date) -> bytes:
    lines = _LINE.findall(data)
    seen = 0
    for index, line in enumerate(lines):
        if _ACCEPTED.match(line):
            end = line[len(line.rstrip(b"\r\n")) :]
            lines[index] = f"accepted_on: {today}".encode() + end
            break
        if line.rstrip().removeprefix(b"\xef\xbb\xbf") == b"---":
            seen += 1
            if seen == 2:
                end = line[len(line.rstrip(b"\r\n")) :] or b"\n"
                lines.insert(index, f"accepted_on: {today}".encode() + end)
                break
    return b"".join(lines)


def _with_answers(handoff: Handoff, data: bytes, answers: tuple[str, ...]) -> bytes:
    """The answers below the section's heading, or in a new section at the end."""
    section = handoff.body.section(READ_BACK)
    lines = _LINE.findall(data)
    end = b"\r\n" if b"\r\n" in data else b"\n"
    text: list[str] = []
    for question, answer in zip(QUESTIONS, answers, strict=False):
        if answer.strip():
            text += [f"**{question}** {' '.join(answer.split())}", ""]
    block = [line.encode() + end for line in text]
    while lines and not lines[-1]:
        lines.pop()
    if section is None:
        if lines and not lines[-1].endswith((b"\n", b"\r")):
            lines[-1] += end
        return b"".join([*lines, end, f"## {READ_BACK}".encode() + end, end, *block[:-1]])
    at = section.line
    if lines[at - 1].rstrip(b"\r\n") == lines[at - 1]:
        lines[at - 1] += end
    after = lines[at:]
    if after and not after[0].strip():
        after = after[1:]
    return b"".join(
        [*lines[:at], end, *(block if any(a.strip() for a in after) else block[:-1]), *after]
    )
