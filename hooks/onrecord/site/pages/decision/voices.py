"""The conversation as a page shows it: each voice with what it is here, and its state.

In comes a decision; out come voices in order, answers below what they answer, and the decision's
text without the lines that are shown as voices.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape
from typing import NamedTuple

from onrecord.lifecycle.conversation import Voice, VoiceState, conversation_of
from onrecord.records.model import Decision, same_person
from onrecord.records.shapes import DECISION
from onrecord.text.unseen import without_comments

FEEDBACK = "Feedback"
_ITEM = re.compile(r" ?(?:[-*+]|[0-9]{1,9}[.)])[ \t]")
_HEADING = re.compile(r" {0,3}#{1,2}\s")

SHAPES = {
    VoiceState.OPEN: "not-yet",
    VoiceState.ANSWERED: "yes",
    VoiceState.NO_OBJECTION: "yes",
    VoiceState.SILENT: "silent",
}
_COUNTED = {
    VoiceState.ANSWERED: "answered",
    VoiceState.NO_OBJECTION: "without objection",
    VoiceState.SILENT: "silent",
}


class Talk(NamedTuple):
    """A conversation: what was said, and who was asked and hasn't answered yet.

    `has_moved` is true where the section of the text is gone, so that links to it lead here.
    """

    voices: tuple[Voice, ...] = ()
    awaited: tuple[str, ...] = ()
    has_moved: bool = False

    @property
    def open(self) -> tuple[Voice, ...]:
        """The voices that wait for an answer."""
        return tuple(one for one in self.voices if one.state is VoiceState.OPEN)

    @property
    def counts(self) -> tuple[str, ...]:
        """`1 answered`, `1 without objection`, `1 awaited`: all but the open ones."""
        found = [
            f"{number} {words}"
            for state, words in _COUNTED.items()
            if (number := sum(one.state is state for one in self.voices))
        ]
        return (*found, f"{len(self.awaited)} awaited") if self.awaited else tuple(found)


def talk_of(decision: Decision, is_open: bool) -> Talk:
    """The conversation on a decision. Nobody is awaited any more once it is closed."""
    said = conversation_of(decision)
    voices = [one for one in (*said.voices, *said.acknowledged) if _is_heard(one)]
    section = decision.body.section(FEEDBACK)
    heading = decision.body.text.split("\n")[section.line - decision.body.line] if section else ""
    has_moved = section is not None and heading not in text_shown(decision).split("\n")
    return Talk(tuple(voices), said.waits_for if is_open else (), has_moved)


def _is_heard(voice: Voice) -> bool:
    """False for a line that is still to be written, and for a name in a list."""
    is_word = voice.state in (VoiceState.NO_OBJECTION, VoiceState.SILENT)
    return bool(is_word or voice.text.strip(" .…") or voice.answers)


def part_of(voice: Voice, owner: str) -> str:
    """What a person is in this conversation: owner, asked or joined in. `owner` is who answers."""
    if voice.who and owner and same_person(voice.who, owner):
        return "owner"
    return "asked" if voice.was_asked else "joined in"


# The author's text.


def text_shown(decision: Decision) -> str:
    """The text of a decision as its page shows it: without voices, and without empty sections.

    A heading that the text itself links to stays; what is missing is said below the text.
    """
    text = text_without_talk(decision)
    known = {title.casefold() for title, _ in DECISION.sections}
    empty = [
        one.title
        for one in decision.body.sections
        if not one.is_written and one.title.casefold() in known
    ]
    if not empty or "](#" in text:
        return text
    lines = text.split("\n")
    for title in empty:
        at = next((n for n, line in enumerate(lines) if _is_heading(line, title)), None)
        if at is None:
            continue
        later = (n for n in range(at + 1, len(lines)) if _HEADING.match(lines[n]))
        del lines[at : next(later, len(lines))]
    return "\n".join(lines)


def _is_heading(line: str, title: str) -> bool:
    return bool(_HEADING.match(line)) and line.strip().strip("#").strip() == title


def text_without_talk(decision: Decision) -> str:
    """The text of a decision without the lines that its page shows as voices.

    Whatever else is in the section stays, below its heading.
    """
    span = _span(decision)
    if span is None:
        return decision.body.text
    lines = decision.body.text.split("\n")
    begin, end = span
    kept, at = [], begin + 1
    for first, last in _items(decision, lines, begin, end):
        kept += lines[at:first]
        at = last
    if at == begin + 1:
        return decision.body.text  # no voice: an empty section, or prose
    kept += lines[at:end]
    heading = [lines[begin]] if without_comments("\n".join(kept)).strip() else []
    return "\n".join([*lines[:begin], *heading, *kept, *lines[end:]])


def _span(decision: Decision) -> tuple[int, int] | None:
    """The lines of the section, from its heading; None where it can't be told apart."""
    section = decision.body.section(FEEDBACK)
    if section is None:
        return None
    lines = decision.body.text.split("\n")
    begin = section.line - decision.body.line
    later = [one.line - decision.body.line for one in decision.body.sections]
    end = min((line for line in later if line > begin), default=len(lines))
    if not 0 <= begin < len(lines) or any(map(_HEADING.match, lines[begin + 1 : end])):
        return None
    return begin, end


def _items(decision: Decision, lines: list[str], begin: int, end: int) -> Iterable[tuple[int, int]]:
    """Where each item that is a voice begins and ends: its line, and what is indented below it.

    What somebody wrote in another form is a voice too, and stays in the text besides.
    """
    known = {remark.line - decision.body.line for remark in decision.remarks}
    first: int | None = None
    for number in range(begin + 1, end):
        line = lines[number]
        if not line.strip() or line.startswith(("  ", "\t")):
            continue
        if first is not None:
            yield first, number
        first = number if number in known and _ITEM.match(line) else None
    if first is not None:
        yield first, end


Rendered = Callable[[str], str]
"""Turns the Markdown of a voice into harmless HTML."""


def as_paragraphs(text: str) -> str:
    """A text whose Markdown nobody reads, as HTML."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", text)]
    return "\n".join(f"<p>{escape(part, quote=False)}</p>" for part in parts if part)
