"""A record as Markdown that says what its page says: beside the page, in an export, in a terminal.

In come a record, the fragments of its page and what makes a written text fit for where it goes;
out comes the text its authors wrote, with all that follows from it around it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

from onrecord.lifecycle.conversation import Voice, conversation_of
from onrecord.overview.catalogue import Catalogue
from onrecord.records.model import Decision, Record, Role
from onrecord.records.reading.markdown import in_order_of
from onrecord.records.shapes import ROLE
from onrecord.records.vocabulary import Says, Status
from onrecord.site.machine.html_to_markdown import plain
from onrecord.site.pages.decision.voices import part_of
from onrecord.site.pages.fragments import Fragment
from onrecord.text.escaping import as_text

Written = Callable[[str, str], str]
"""Makes what somebody wrote in a file fit for where it goes: its text, the file's path."""

_HEADING = re.compile(
    r"\s*^(?: {0,3}#[ \t]+[^\n]*|[^\S\n]*+\S[^\n]*+\n {0,3}=+[ \t]*)(?=\n|\Z)", re.M
)


Plain = Callable[[str, Callable[[str], str]], str]
"""Makes Markdown of a fragment, whose addresses lead to where the function says."""


def as_written(text: str, path: str) -> str:
    """What somebody wrote, to the letter: for where nothing can act and links are left alone."""
    return text


class RecordMarkdown(NamedTuple):
    """Writes the records of one run.

    `written` takes each text that people wrote, and `link` each address of the fragments, to where
    it leads from the Markdown ('' leaves the words).
    """

    catalogue: Catalogue
    written: Written = as_written
    link: Callable[[str], str] = str
    plain: Plain = plain

    def of(self, record: Record, fragment: Fragment) -> str:
        """The Markdown of a record, without front matter."""
        text = record.body.text
        if isinstance(record, Role):
            text = in_order_of(record.body, [title for title, _ in ROLE.sections])
        text = self.written(text, record.path)
        found = _HEADING.match(text)
        head = found[0].strip("\n") if found else f"# {as_text(record.title)}"
        rest = text[found.end() :] if found else text
        parts = (fragment.above, fragment.state, fragment.below, fragment.known + fragment.after)
        above, state, below, after = (self.plain(part, self.link) for part in parts)
        talk = ""
        if isinstance(record, Decision):
            state = f"{self._status(record)} {state}"
            talk = "\n\n".join(self._talk(record))
        return joined(above, head, state, below, rest.strip("\n"), talk, after)

    def _status(self, decision: Decision) -> str:
        status = self.catalogue.status(decision)
        stage = f", in {decision.stage}" if status is Status.OPEN and decision.stage else ""
        return f"Status on {self.catalogue.today}: {status}{stage}."

    def _talk(self, decision: Decision) -> Iterator[str]:
        """What people said in files of their own; what they wrote in the record is there."""
        said = conversation_of(decision)
        voices = [*said.voices, *said.acknowledged]
        found = [one for one in (_in_files(v, decision.path) for v in voices) if one]
        if found:
            yield "## Conversation"
            for one in found:
                yield from self._voice(one, decision, "")

    def _voice(self, voice: Voice, decision: Decision, indent: str) -> Iterator[str]:
        who = f"@{as_text(voice.who)}" if voice.who else "Not signed"
        holders = self.catalogue.holders
        owner = holders.of_decision(decision, self.catalogue.today).who
        facts = [part_of(voice, owner)]
        facts += [voice.day.isoformat()] if voice.day else []
        facts += [voice.says if voice.says is not Says.FEEDBACK else voice.state]
        yield f"{indent}- **{who}** ({', '.join(facts)})"
        inner = f"{indent}    "
        if voice.text.strip():
            text = self.written(voice.text, voice.path).strip("\n")
            yield "\n".join(f"{inner}{line}".rstrip() for line in text.split("\n"))
        for answer in voice.answers:
            yield from self._voice(answer, decision, inner)


def _in_files(voice: Voice, record: str) -> Voice | None:
    """A voice with its answers, as far as they are not in the record itself."""
    answers = tuple(one for one in (_in_files(v, record) for v in voice.answers) if one)
    return replace(voice, answers=answers) if answers or voice.path != record else None


def joined(*parts: str) -> str:
    """Blocks of Markdown, those that hold something, with an empty line between."""
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"
