"""From a case to its item in the report: the bytes to write, and a note for each thing read.

In come a case and what the folder as a whole says; out comes what becomes of its file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple

from onrecord.migration.importing.deciding import meaning
from onrecord.migration.importing.deciding.beside import digest_beside, original_of
from onrecord.migration.importing.deciding.cases import Case, Options
from onrecord.migration.importing.deciding.identity import SinceImport, with_digest, words_digest
from onrecord.migration.importing.deciding.meaning import OUTCOMES
from onrecord.migration.importing.draft import Meaning, drafted
from onrecord.migration.importing.reading.days import GitDays, Order
from onrecord.migration.importing.reading.found import Relation, Tie
from onrecord.migration.importing.reading.source import SourceText
from onrecord.migration.importing.reading.statuses import shortened
from onrecord.migration.importing.report import FileOutcome, ImportedFile, Note, NoteKind
from onrecord.records.disk import read_file
from onrecord.records.library import Library
from onrecord.records.model import is_alias
from onrecord.records.vocabulary import Stage


class RunFacts(NamedTuple):
    """What is true of a whole run: where it goes, what a person said, and how days are written."""

    root: Path
    library: Library
    options: Options
    order: tuple[Order | None, str]
    git: GitDays
    assets: Mapping[str, Path]


def item_of(case: Case, run: RunFacts) -> ImportedFile:
    """What becomes of one text."""
    text, found = case.text, case.found
    if case.is_kept:
        return _kept(case)
    title, titled = meaning.title_note(case.title, text.stem)
    # The line's day in git is the day of the decision. Of a KEP the line is kep.yaml's and not this
    # file's.
    status_line = case.reading.fact.line if case.reading.fact and not text.beside else 0
    outcome = OUTCOMES.get(case.final) if case.final else None

    def from_git() -> tuple[date | None, date | None, str]:
        decided = run.git.written(text.file, status_line) if outcome else None
        return run.git.added(text.file), decided, run.git.nothing

    created, decided, day_notes = meaning.days_of(found, run.order, outcome is not None, from_git)
    given = run.options.owner or (case.present.owner if case.present else "")
    owner, owner_notes = meaning.owner_of(found, given, _knows(run.library))
    if outcome is not None and owner_notes and owner_notes[0].kind is NoteKind.LEFT:
        owner_notes = []  # a closed decision waits for nobody
    unsettled = _unsettled(case)
    notes = [titled, meaning.status_note(case.reading, case.final, case.why), *day_notes]
    notes += [*owner_notes, *meaning.tie_notes(case.links), *_mentions(found.mentions)]
    notes += _other_sides(case)
    tags = meaning.tags_of(found)
    if tags:
        line = found.tags[0].line
        notes.append(Note(NoteKind.READ, "tags", ", ".join(tags), line))
    notes += [*_of_bytes(text), *case.changes]
    if text.converted_from:
        why = f"made of {text.converted_from} by pandoc, whose lines these are; "
        why += f"the original is kept as {original_of(case)}"
        notes.append(Note(NoteKind.READ, "converted", text.converted_from, None, why))
    # Both sides may say it, and each once.
    ids = tuple(dict.fromkeys(case.supersedes))
    record = Meaning(
        title=title,
        stage=Stage.ALIGN if outcome else Stage.ASSESS,
        owner=owner,
        entered=(created or decided) if not outcome else _before(created, decided),
        outcome=outcome,
        decided=decided if outcome else None,
        supersedes=ids,
        related=tuple(one for one in dict.fromkeys(case.related) if one not in ids),
        tags=tags,
        aliases=_aliases(case),
        source=case.present.imported.source
        if case.present and case.present.imported
        else case.source,
        format=found.format,
        unsettled=unsettled,
        front_matter=text.beside or text.front,
    )
    beside = digest_beside(case, run.assets)
    data = with_digest(drafted(record, case.body), words_digest(text), beside)
    written = partial(
        ImportedFile,
        source=case.source,
        path=case.path,
        format=found.format,
        notes=tuple(notes),
        data=data,
    )
    if case.present is None:
        return written(outcome=FileOutcome.IMPORT, old=text.disk, beside=original_of(case))
    if case.change is SinceImport.NOTHING and unsettled == case.present.unsettled:
        return _kept(case)
    return written(outcome=FileOutcome.UPDATE, replaces=read_file(run.root / case.path))


def _kept(case: Case) -> ImportedFile:
    """A record that is here, and stays as it is."""
    reason = f"imported before; {case.change}"
    outcome = FileOutcome.PRESENT
    if case.change is SinceImport.SOURCE:
        reason += ": --update brings it"
    elif case.change is SinceImport.BOTH:
        outcome = FileOutcome.DIVERGED
        reason += ": compare the two, and write here what is true"
    elif case.present and case.present.imported and case.present.imported.source != case.source:
        reason = "its text is here already, from another place"
    return ImportedFile(case.source, outcome, case.path, format=case.found.format, reason=reason)


def _aliases(case: Case) -> tuple[str, ...]:
    if case.present is not None:
        return case.present.aliases
    return (case.source,) if case.has_alias and is_alias(case.source) else ()


def _before(created: date | None, decided: date | None) -> date | None:
    """The day it was begun, where that isn't after the day it was decided."""
    return created if created and (decided is None or created <= decided) else None


def _unsettled(case: Case) -> dict[str, str]:
    left = {}
    if case.final is None:
        fact = case.reading.fact
        # An empty word says that the file gave no status; without the key it would count as
        # settled.
        left["status"] = shortened(fact.words, 200) if fact else ""
    lost = [
        shortened(link.tie.names)
        for link in case.links
        if not link.id and link.tie.relation is Relation.SUPERSEDES
    ]
    if lost:
        left["supersedes"] = ", ".join(lost)
    return left


def _knows(library: Library) -> Callable[[str], bool]:
    def knows(name: str) -> bool:
        handle = name.removeprefix("@")
        if handle in library.role or handle.casefold() in library.handles:
            return True
        # Where people.yml is kept it knows everybody; where it isn't, a handle with its @ is what
        # there is.
        return name.startswith("@") and not library.has_people_file

    return knows


def _mentions(mentions: tuple[Tie, ...]) -> list[Note]:
    why = "the sentence may be about something else than the whole record"
    return [
        Note(NoteKind.LEFT, str(tie.relation), shortened(tie.names), tie.line, why)
        for tie in mentions
    ]


def _other_sides(case: Case) -> list[Note]:
    """What others say of this record, which is written here because here it belongs."""
    said = {x.id for x in case.links if x.tie.relation is Relation.SUPERSEDES}
    return [
        Note(NoteKind.READ, "supersedes", one, None, f"{one} says that this one supersedes it")
        for one in dict.fromkeys(case.supersedes)
        if one not in said
    ]


def _of_bytes(text: SourceText) -> list[Note]:
    notes = []
    if text.encoding not in ("utf-8",):
        how = "as its mark says" if text.had_mark else "it isn't UTF-8, and that is what fits"
        why = f"{how}; written anew as UTF-8"
        kind = NoteKind.READ if text.had_mark else NoteKind.GUESSED
        notes.append(Note(kind, "encoding", text.encoding, None, why))
    elif text.had_mark:
        why = "the byte-order mark at its start is left out"
        notes.append(Note(NoteKind.READ, "encoding", "utf-8", 1, why))
    if text.beside or text.front:
        why = "kept to the letter under `imported: front_matter:`"
        what = "kep.yaml" if text.beside else "front matter"
        notes.append(Note(NoteKind.READ, "kept", what, 1, why))
    return notes
