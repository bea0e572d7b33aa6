"""What one old record means here: its facts, read beside the other records of its folder.

In come what a reader found and a way to ask who is meant; out come the values of our front matter
and a note for each: read from a line, concluded and why, or left to a person. Nothing is silent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from onrecord.migration.importing.reading.days import Day, Order, day_in, is_month
from onrecord.migration.importing.reading.found import Fact, Parsed, Relation, Tie
from onrecord.migration.importing.reading.statuses import (
    OldStatus,
    Reading,
    mentions_an_end,
    shortened,
    standing_in,
)
from onrecord.migration.importing.report import Note, NoteKind
from onrecord.records.model import is_handle
from onrecord.records.vocabulary import Outcome

OUTCOMES = {
    OldStatus.ACCEPTED: Outcome.ACCEPTED,
    OldStatus.SUPERSEDED: Outcome.ACCEPTED,
    OldStatus.REJECTED: Outcome.REJECTED,
    OldStatus.WITHDRAWN: Outcome.WITHDRAWN,
    OldStatus.RETIRED: Outcome.RETIRED,
}
_BETWEEN_PEOPLE = re.compile(r"(?<!\s)\s*+(?:[,;&]|\band\b|(?<=\s)/(?=\s))\s*")
_BETWEEN_TAGS = re.compile(r"(?<!\s)\s*+[,;]\s*")
_READ, _GUESSED, _LEFT = NoteKind.READ, NoteKind.GUESSED, NoteKind.LEFT


class ResolvedTie(NamedTuple):
    """A tie whose other record is known by its id, or why it isn't."""

    tie: Tie
    id: str
    why: str = ""


def standing_of(
    found: Parsed,
    unstated: OldStatus | None,
    given: Mapping[str, OldStatus],
    folder: OldStatus | None,
) -> Reading:
    """The status of the record, by its own words, its folder's name, or a person's.

    What says that it ended, anywhere at its head, outweighs an `accepted` that was left standing.
    """
    reading = standing_in(found.statuses, given)
    if reading.fact is None and folder is not None:
        reading = Reading(folder, None, "the name of its folder")
    elif folder is not None and reading.standing not in (None, folder, OldStatus.OPEN):
        said = f"“{shortened(reading.fact.words)}”" if reading.fact else ""
        # It was moved there when it was replaced, and its own line left as it was.
        if folder is OldStatus.SUPERSEDED and reading.standing is OldStatus.ACCEPTED:
            reading = Reading(folder, reading.fact)
        else:
            why = f"it says {said}, and the name of its folder {folder}"
            reading = Reading(None, reading.fact, why)
    if reading.standing in (None, OldStatus.ACCEPTED, OldStatus.OPEN) and found.endings:
        ended = standing_in(found.endings[:1], given)
        if ended.standing is OldStatus.SUPERSEDED:
            return ended
        if reading.standing is not None or reading.fact is None:
            said = found.endings[0].words
            how = "that it ended" if mentions_an_end(said) else "what came later"
            why = f"“{shortened(said)}” says {how}"
            return Reading(None, found.endings[0], why)
    if reading.fact is None and reading.standing is None and unstated is not None:
        return Reading(unstated, None, "as --without-status says")
    return reading


def days_of(
    found: Parsed,
    order: tuple[Order | None, str],
    is_closed: bool,
    from_git: Callable[[], tuple[date | None, date | None, str]],
) -> tuple[date | None, date | None, list[Note]]:
    """The day a record was begun, the day it was decided, and what is to be said of them."""
    notes: list[Note] = []
    created = _day("entered", found.created, order, notes)
    decided = _day("decided" if is_closed else "entered", found.date, order, notes)
    if is_closed and found.created is not None and found.date is None:
        why = "it says when it was begun, not when it was decided"
        notes.append(Note(_LEFT, "decided", "", None, why))
    if found.created is None and found.date is None:
        created, decided, nothing = from_git()
        if decided or created:
            if created:
                why = "it gives no date; git says it was added on this one"
                notes.append(Note(_GUESSED, "entered", str(created), None, why))
            if decided:
                why = "it gives no date; git says its status was written on this one"
                notes.append(Note(_GUESSED, "decided", str(decided), None, why))
        else:
            notes.append(Note(_LEFT, "date", "", None, f"it gives no date, and {nothing}"))
    return created, decided, notes


def _day(
    key: str, fact: Fact | None, order: tuple[Order | None, str], notes: list[Note]
) -> date | None:
    if fact is None:
        return None
    written: Day = day_in(fact.words)
    found = written.read(order[0])
    words = shortened(fact.words)
    line = fact.line or None
    if found is None:
        why = "it has no date that exists, or more than one"
        if is_month(fact.words):
            why = "a month is not a date"
        if len(written.readings) > 1:
            why = " or ".join(f"{day} ({its})" for its, day in written.readings)
        notes.append(Note(_LEFT, key, words, line, why))
        return None
    same = len({day for _, day in written.readings}) > 1
    if same:
        why = f"“{words}” as {order[0]}, {order[1]}"
        notes.append(Note(_GUESSED, key, str(found), line, why))
    else:
        notes.append(Note(_READ, key, str(found), line, f"“{words}”"))
    return found


def owner_of(found: Parsed, given: str, is_known: Callable[[str], bool]) -> tuple[str, list[Note]]:
    """The owner as the front matter has it, and what is to be said of it."""
    people = [
        (name.strip(), fact.line)
        for fact in found.people
        for name in _BETWEEN_PEOPLE.split(fact.words.strip("[]"))
        if name.strip()
    ]
    names = ", ".join(name for name, _ in people)
    if len(people) == 1:
        name, line = people[0]
        handle = name.removeprefix("@")
        # A first name may be anybody's handle. Without its @ it must be somebody's here.
        if is_handle(handle) and (name.startswith("@") or is_known(handle)) and is_known(name):
            return name, [Note(_READ, "owner", name, line, "the one person it names")]
    if given:
        kept = f"; its file names {shortened(names)}" if names else ""
        return given, [Note(_READ, "owner", given, None, f"as --owner says{kept}")]
    if not people:
        return "", [Note(_LEFT, "owner", "", None, "it names nobody")]
    why = "it names several people" if len(people) > 1 else "that is no handle or role known here"
    return "", [Note(_LEFT, "owner", shortened(names), people[0][1], why)]


def tags_of(found: Parsed) -> tuple[str, ...]:
    """The words to find it by."""
    words = (w.strip("`\"' ") for f in found.tags for w in _BETWEEN_TAGS.split(f.words.strip("[]")))
    return tuple(dict.fromkeys(word for word in words if word))[:50]


def title_note(title: Fact | None, stem: str) -> tuple[str, Note]:
    """The title; made of the file's name where the text has none."""
    if title is None or not title.words:
        return stem, Note(_GUESSED, "title", stem, None, "it has no title; its file's name")
    fact = title
    if not fact.line:
        why = "it has no title; made of its file's name"
        return fact.words, Note(_GUESSED, "title", fact.words, None, why)
    number = re.match(r"\d{1,4}\s", fact.words)
    if number is not None and re.match(r"\D{0,8}\d", stem):
        why = f"it begins with {number[0].strip()}, which isn't the number in the file's name"
        return fact.words, Note(_GUESSED, "title", fact.words, fact.line, why)
    return fact.words, Note(_READ, "title", fact.words, fact.line)


def status_note(reading: Reading, final: OldStatus | None, why: str) -> Note:
    """What the status became."""
    line = reading.fact.line if reading.fact else None
    words = f"“{shortened(reading.fact.words)}”" if reading.fact else ""
    if final is None:
        said = shortened(reading.fact.words) if reading.fact else ""
        return Note(_LEFT, "status", said, line, why or reading.why)
    if reading.fact is None:
        return Note(_READ, "status", final, None, reading.why)
    return Note(_READ, "status", final, line, ", ".join(filter(None, (words, why))))


def tie_notes(links: list[ResolvedTie]) -> list[Note]:
    """What the sentences about other records became."""
    notes = []
    for link in links:
        tie, key = link.tie, str(link.tie.relation)
        words = shortened(tie.names)
        if not link.id:
            notes.append(Note(_LEFT, key, words, tie.line, link.why))
        elif tie.is_partial and tie.relation is not Relation.RELATED:
            why = "only in part, or not yet, so it is named in `related` alone"
            notes.append(Note(_LEFT, key, link.id, tie.line, why))
        else:
            notes.append(Note(_READ, key, link.id, tie.line, f"“{words}”"))
    return notes
