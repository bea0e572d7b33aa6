"""Open loops: what a handoff says is begun and not done, with a person and a day.

In come the handoffs of a role; out come their loops, each once, and what is wrong with how they
are written. `- [ ] Send the corrected file @bob due:2026-10-03` is a loop; a tick closes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from onrecord.records.clock import day_of
from onrecord.records.findings import Finding, finding, shown
from onrecord.records.model import Handoff, Task
from onrecord.records.vocabulary import HANDLE

SECTION = "Open loops"

_WHO = re.compile(rf"(?:^|(?<=\s))@({HANDLE})(?=[\s,.;:)]|$)[,:]?")
_DUE = re.compile(r"(?:^|(?<=\s))due:\s?(\S+)", re.IGNORECASE)


class Loop(NamedTuple):
    """One thing begun and not done. `who` is a handle in lower case, '' when nobody is named."""

    text: str
    who: str
    due: date | None
    done: bool
    line: int
    handoff: Handoff

    @property
    def role(self) -> str:
        """The id of the role it belongs to."""
        return self.handoff.role


def loops_in(handoff: Handoff) -> Iterator[Loop]:
    """The loops one handoff lists, in its order, ticked ones included."""
    section = handoff.body.section(SECTION)
    for task in section.tasks if section else ():
        text, who, due = _read(task)
        if text:
            yield Loop(text, who, _day(due), task.done, task.line, handoff)


def loops_of(handoffs: Iterable[Handoff]) -> tuple[Loop, ...]:
    """The loops of one role, each once, by day; those without a day come last.

    A later handoff repeats what is still open, so of loops with the same words the newest
    handoff's counts: ticked there, it is done.
    """
    newest: dict[str, Loop] = {}
    for handoff in sorted(handoffs, key=lambda h: (h.effective or date.min, h.id), reverse=True):
        for loop in loops_in(handoff):
            newest.setdefault(_key(loop.text), loop)
    return tuple(
        sorted(newest.values(), key=lambda one: (one.due or date.max, one.handoff.id, one.line))
    )


def open_loops_of(handoffs: Iterable[Handoff]) -> tuple[Loop, ...]:
    """The loops of one role that aren't ticked."""
    return tuple(loop for loop in loops_of(handoffs) if not loop.done)


def faults_in(handoff: Handoff) -> Iterator[Finding]:
    """Loops whose day can't be read. A loop without one, or without a person, may stand."""
    section = handoff.body.section(SECTION)
    for task in section.tasks if section else ():
        _, _, due = _read(task)
        if due and _day(due) is None:
            said = f"`due:{shown(due)}` isn't a date that exists"
            hint = "write due:YYYY-MM-DD, such as due:2026-10-03"
            yield finding(handoff.path, "date-impossible", said, hint, task.line)


def _read(task: Task) -> tuple[str, str, str]:
    """What is to be done, who does it, and the day as it is written."""
    text, who, due = task.text, task.who, ""
    if found := _DUE.search(text):
        # The day may end a sentence or be in brackets.
        due = found[1].rstrip(".,;)")
        text = text[: found.start()] + text[found.end() :]
    if not who and (found := _WHO.search(text)):
        who = found[1].casefold()
        text = text[: found.start()] + text[found.end() :]
    return " ".join(text.split()).strip(" ,;"), who, due


def _day(written: str) -> date | None:
    try:
        return day_of(written)
    except ValueError:
        return None


def _key(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
