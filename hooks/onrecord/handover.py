"""An honest handoff in five minutes: what the files know already, and the receiver's answer.

In come the roster, a role, or a handoff's bytes; out come the sections of a new handoff filled
with what is open, or the same bytes with the read-back and its date written in.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from onrecord.drafts import as_text
from onrecord.model import Handoff, Role
from onrecord.reading.frontmatter import decoded
from onrecord.reading.records import handoff_of
from onrecord.roster import Roster
from onrecord.scorecards import Scorecard, Standing
from onrecord.vocabulary import HANDOFFS_FOLDER

READ_BACK = "Read-back"
QUESTIONS = (
    "What do I now own?",
    "What can go wrong first?",
    "What are my questions?",
)
"""What a read-back answers, in the receiver's own words."""


def filled(roster: Roster, role: Role) -> Mapping[str, str]:
    """The sections of a new handoff of a role that its files can fill, as Markdown by heading."""
    sections = {
        "Situation": _situation(roster, role),
        "Open loops": "\n".join(_loops(roster, role)),
        "Decisions in flight": "\n".join(_decisions(roster, role)),
        "Access": "What the role needs: [Access](../index.md#access)."
        if role.body.section("Access")
        else "",
    }
    return {title: text for title, text in sections.items() if text}


def _situation(roster: Roster, role: Role) -> str:
    off = [
        card
        for card in roster.scorecards_of.get(role.id, ())
        if card.standing is not Standing.ON_TARGET and card.standing is not Standing.MEASURED
    ]
    return "\n".join(["Numbers to know about:", "", *map(_number, off)]) if off else ""


def _number(card: Scorecard) -> str:
    metric = card.metric
    link = f"[{as_text(metric.title)}](../metrics/{metric.id}.md)"
    if card.newest is None:
        return f"- {link}: no value yet."
    target = f", target {metric.target:g}" if metric.target is not None else ""
    unit = f" {as_text(metric.unit)}" if metric.unit else ""
    value = f"{card.newest.value:g}{unit} on {card.newest.day}"
    return f"- {link}: {card.standing}, {value}{target}."


def _loops(roster: Roster, role: Role) -> Iterator[str]:
    for loop in roster.loops_of.get(role.id, ()):
        who = f" @{loop.who}" if loop.who else ""
        due = f" due:{loop.due}" if loop.due else ""
        yield f"- [ ] {loop.text}{who}{due}"


def _decisions(roster: Roster, role: Role) -> Iterator[str]:
    catalogue = roster.catalogue
    here = posixpath.join(posixpath.dirname(role.path), HANDOFFS_FOLDER)
    own = catalogue.by_owner.get(role.id, [])
    for row in catalogue.urgent_first(d for d in own if catalogue.is_open(d)):
        d = row.decision
        due = f", due {row.due}" if row.due else ""
        missing = catalogue.lacks(d)
        state = missing[0].text if missing else "ready to move on"
        link = f"[{as_text(d.title)}]({posixpath.relpath(d.path, here)})"
        yield f"- {link}: in {d.stage or 'a stage that can’t be read'}{due}; {as_text(state)}."


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
        return Acceptance(refusal=f"it was accepted on {handoff.accepted_on} already")
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
