"""The sheet of a meeting: an agenda as Markdown to write notes into, and those notes read again.

In comes an agenda, or the text of a sheet; out come a text, or notes by decision and item. What
can't be placed is a fault with its line: nothing that somebody wrote is dropped or guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from onrecord.drafting.agenda import LONGEST, Agenda, AgendaPoint
from onrecord.lifecycle.conversation import Voice, conversation_of
from onrecord.overview.summary import cut
from onrecord.records.clock import day_of
from onrecord.records.findings import did_you_mean, shown
from onrecord.records.model import Decision, is_handle
from onrecord.records.reading.markdown import body_of, visible_lines
from onrecord.records.vocabulary import HANDLE
from onrecord.text.printing import one_line

NOTES = "Notes"
_TITLE = "# Meeting of "
_THERE = "There:"
_GUIDE = (
    "<!-- Below a heading, write who answered and what: “@ana: Carol does, on Fridays.” -->",
    "<!-- Leave it empty where nothing was settled; what else was said goes below Notes. -->",
    "<!-- Correct the day and who was there. Then run: onrecord agenda --notes FILE -->",
)
_MISSING = "<!-- Still missing: "
_HEADING = re.compile(r" {0,3}(#{1,3})[ \t]+(.*)")
_SAYS = re.compile(rf"(?:[-*+][ \t]+)?\**@({HANDLE})\**[ \t]*:\**[ \t]*(.*)")
_CODE = re.compile(r"`[^`]*`")
_HANDLE = re.compile(rf"@({HANDLE})")


class SheetFault(NamedTuple):
    """What is wrong in a sheet, in which line, with the right form."""

    line: int
    said: str


class NotedAnswer(NamedTuple):
    """What somebody answered. `text` is Markdown of one or more lines."""

    who: str
    text: str


class NotedItem(NamedTuple):
    """An item of the agenda as its heading names it, with what was answered."""

    title: str
    line: int
    answers: tuple[NotedAnswer, ...]


@dataclass(frozen=True, slots=True)
class DecisionNotes:
    """What was noted of one decision; `line` is that of its heading."""

    decision: Decision
    line: int
    items: tuple[NotedItem, ...]
    text: str


class MeetingNotes(NamedTuple):
    """A whole sheet: the day, who was there, and what was noted of each decision."""

    day: date
    there: tuple[str, ...]
    decisions: tuple[DecisionNotes, ...]


def sheet_of(agenda: Agenda, day: date) -> str:
    """The sheet of an agenda, in Markdown."""
    there = ", ".join(f"@{one.handle}" for one in agenda.attendees)
    lines = [f"{_TITLE}{day}", "", f"{_THERE} {there}".rstrip(), "", *_GUIDE]
    for point in agenda.points:
        lines += ["", *_point(point)]
    return "\n".join(lines) + "\n"


def _point(point: AgendaPoint) -> Iterator[str]:
    decision = point.decision
    yield f"## {decision.id}: {_plain(decision.title)}"
    titles = titles_of(decision)
    spoken = {_plain(_words(voice)) for voice in titles.values()}
    for text in (_plain(item.text) for item in point.items):
        if text in spoken:
            continue
        yield ""
        yield f"{_MISSING}{text.replace('--', '—')} -->"
    for title, voice in titles.items():
        if voice in conversation_of(decision).open:
            yield from ("", f"### {title}", "")
    yield from ("", f"### {NOTES}", "")


def titles_of(decision: Decision) -> Mapping[str, Voice]:
    """Everything said of a decision that an item may be, by the heading it has in a sheet."""
    found: dict[str, Voice] = {}
    keys = {key_of(NOTES)}
    for voice in conversation_of(decision).each:
        words = _plain(_words(voice)) or "?"
        title, number = words, 1
        while key_of(title) in keys:
            number += 1
            title = f"{words} ({number})"
        keys.add(key_of(title))
        found[title] = voice
    return found


def key_of(text: str) -> str:
    """What two spellings of a text have in common: its letters and digits."""
    return "".join(filter(str.isalnum, text.casefold())) or " ".join(text.split())


def _words(voice: Voice) -> str:
    words = cut(" ".join(voice.text.split()), LONGEST)
    return f"@{voice.who}: {words}" if voice.who else words


def _plain(text: str) -> str:
    """A text as a heading: on one line, and without what would hide the lines below it."""
    return one_line(" ".join(text.split())).replace("<!--", "<!—").rstrip("# ")


# Reading one.


@dataclass(slots=True)
class _Part:
    """What is below a heading of the sheet, while its lines are gathered."""

    title: str
    line: int
    lines: list[tuple[int, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(line for _, line in self.lines).strip("\n").rstrip()


def read_sheet(
    text: str, decisions: Iterable[Decision], today: date
) -> tuple[MeetingNotes | None, list[SheetFault]]:
    """The notes of a sheet, or all that is wrong in it."""
    faults: list[SheetFault] = []
    head, groups = _grouped(text, faults)
    day, there = _head(head, today, faults)
    known = {one.id: one for one in decisions}
    found: dict[str, DecisionNotes] = {}
    for group in groups:
        decision = _decision(group[0], known, faults)
        if decision is None:
            continue
        notes = _notes(decision, group, faults)
        if decision.id in found:
            faults.append(
                SheetFault(notes.line, f"{decision.id} already has a heading above; join the two")
            )
        found[decision.id] = notes
    if not groups:
        faults.append(SheetFault(1, "it has no decision; write the sheet with --sheet first"))
    if faults or day is None:
        return None, sorted(faults, key=lambda one: one.line)
    return MeetingNotes(day, there, tuple(found.values())), []


def _grouped(text: str, faults: list[SheetFault]) -> tuple[_Part, list[list[_Part]]]:
    """What is before the first decision, and for each its own part and those of its items."""
    lines = text.split("\n")
    # The last line is one of our own: what hides it is never closed.
    visible = visible_lines(body_of(f"{text}\n\n# end"))
    unclosed = [number for number, seen in visible if "<!--" in _CODE.sub("", seen)]
    if not visible[-1][1]:
        shown_to = max((number for number, seen in visible if seen), default=0)
        unclosed.append(next(n for n, line in enumerate(lines, 1) if n > shown_to and line.strip()))
    if unclosed:
        said = "a code block or a comment begins here and doesn't end; close it"
        faults.append(SheetFault(min(unclosed), said))
    head = part = _Part("", 1)
    groups: list[list[_Part]] = []
    for (number, seen), line in zip(visible, lines, strict=False):
        heading = _HEADING.match(seen)
        level = len(heading[1]) if heading else 0
        if heading and level == 2:
            part = _Part(heading[2].strip(), number)
            groups.append([part])
        elif heading and level == 3 and groups:
            part = _Part(heading[2].strip(), number)
            groups[-1].append(part)
        elif line not in _GUIDE and not (line.startswith(_MISSING) and line.endswith("-->")):
            part.lines.append((number, line))
    return head, groups


def _head(
    head: _Part, today: date, faults: list[SheetFault]
) -> tuple[date | None, tuple[str, ...]]:
    day, there = None, ()
    for number, line in head.lines:
        words = line.strip()
        if words.startswith(_TITLE.strip()):
            try:
                day = day_of(words.removeprefix(_TITLE.strip()).strip())
            except ValueError:
                said = f"write the day so: {_TITLE}{today}"
                faults.append(SheetFault(number, said))
                return None, there
            if day > today:
                said = f"{day} hasn't come: write the day on which you met"
                faults.append(SheetFault(number, said))
        elif words.startswith(_THERE):
            named = words.removeprefix(_THERE)
            there = tuple(dict.fromkeys(_HANDLE.findall(named)))
            if any(word != "and" for word in re.findall(r"\w+", _HANDLE.sub(" ", named))):
                said = f"write who was there by their handles: {_THERE} @ana, @bob"
                faults.append(SheetFault(number, said))
        elif words:
            faults.append(SheetFault(number, f"move this below ### {NOTES} of a decision"))
    if day is None:
        faults.append(SheetFault(1, f"it doesn't say when you met; begin it with: {_TITLE}{today}"))
    return day, there


def _decision(
    part: _Part, known: Mapping[str, Decision], faults: list[SheetFault]
) -> Decision | None:
    words = part.title
    # One id may be the beginning of another; the longest that fits is meant.
    found = max((one for one in known if f"{words}:".startswith(f"{one}:")), key=len, default=None)
    if found is None:
        name = words.partition(":")[0]
        said = f"no decision {shown(name)}; {did_you_mean(name, known)}write ## and its id"
        faults.append(SheetFault(part.line, said))
        return None
    return known[found]


def _notes(decision: Decision, group: list[_Part], faults: list[SheetFault]) -> DecisionNotes:
    for number, line in group[0].lines:
        if line.strip():
            faults.append(
                SheetFault(number, f"no heading says what this is about; move it below ### {NOTES}")
            )
    titles = {key_of(title) for title in titles_of(decision)}
    items, notes = [], []
    for part in group[1:]:
        if key_of(part.title) == key_of(NOTES):
            notes.append(part.text)
            continue
        if key_of(part.title) not in titles:
            said = f"nobody said this of {decision.id}: {shown(part.title)}; give the heading its "
            said += "old words back, or make it #### and move it below Notes"
            faults.append(SheetFault(part.line, said))
            continue
        items.append(NotedItem(part.title, part.line, tuple(_answers(part, faults))))
    text = "\n\n".join(one for one in notes if one.strip())
    return DecisionNotes(decision, group[0].line, tuple(items), text)


def _answers(part: _Part, faults: list[SheetFault]) -> Iterator[NotedAnswer]:
    who, lines = "", list[str]()
    # A line of our own ends the last answer as the next name ends any other.
    for number, line in [*part.lines, (0, "@end:")]:
        said = _SAYS.match(line)
        if said is None:
            if who:
                lines.append(line)
            elif line.strip():
                faults.append(SheetFault(number, "say who: begin the answer with “@ana: ”"))
                return
            continue
        if who and not (text := "\n".join(lines).strip()):
            faults.append(
                SheetFault(part.line, f"@{who} has no text here; write it, or delete the line")
            )
        elif who:
            yield NotedAnswer(who, text)
        who, lines = said[1], [said[2]]
        if number and not is_handle(who):
            faults.append(SheetFault(number, f"{shown(who)} isn't a handle"))
            return
