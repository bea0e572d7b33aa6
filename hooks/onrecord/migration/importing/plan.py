"""The plan of an import: what would be written, and the report that goes with it.

In come a folder, the knowledge base and a person's options; nothing is written. The same folder
gives the same plan, and what an earlier run brought in is recognised by where it came from.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from onrecord.migration.importing import meaning
from onrecord.migration.importing.draft import Meaning, drafted
from onrecord.migration.importing.meaning import OUTCOMES, ResolvedTie
from onrecord.migration.importing.names import Names
from onrecord.migration.importing.pictures import pictures
from onrecord.migration.importing.reading import formats
from onrecord.migration.importing.reading.days import (
    GitDays,
    Order,
    day_in,
    order_of,
    order_of_form,
)
from onrecord.migration.importing.reading.found import Fact, Format, Parsed, Relation, Tie
from onrecord.migration.importing.reading.logs import parts_of
from onrecord.migration.importing.reading.outline import words_of
from onrecord.migration.importing.reading.registry import Registry
from onrecord.migration.importing.reading.source import SourceText, origin_of, read_folder
from onrecord.migration.importing.reading.statuses import (
    OldStatus,
    Reading,
    shortened,
    standing_of_folder,
)
from onrecord.migration.importing.reading.titles import named_by_file, titles_of
from onrecord.migration.importing.report import FileOutcome, ImportedFile, Note, NoteKind, Report
from onrecord.records.languages import folded, is_foreign
from onrecord.records.library import Library
from onrecord.records.model import Decision, is_alias
from onrecord.records.vocabulary import Outcome as Decided
from onrecord.records.vocabulary import Stage


@dataclass(frozen=True, slots=True)
class Options:
    """What a person says of the whole import.

    `without_status` is where records stand whose files say nothing of it; None leaves it open.
    `statuses` are words of theirs that a person has mapped, by `statuses.key_of`.
    """

    into: str = "decisions/imported"
    format: Format | None = None
    owner: str = ""
    without_status: OldStatus | None = None
    statuses: Mapping[str, OldStatus] = field(default_factory=dict)


@dataclass
class _Case:
    """One text on its way through the plan."""

    text: SourceText
    found: Parsed
    source: str
    title: Fact | None = None
    path: str = ""
    id: str = ""
    present: Decision | None = None
    links: list[ResolvedTie] = field(default_factory=list)
    reading: Reading = field(default_factory=lambda: Reading(None, None))
    final: OldStatus | None = None
    why: str = ""


def plan_import(start: Path, root: Path, library: Library, options: Options) -> Report:
    """What becomes of every file at `start`, in the knowledge base at `root`."""
    folder = read_folder(start)
    name = origin_of(start, root)
    items = [
        ImportedFile(
            source=posixpath.join(name, left.place),
            outcome=FileOutcome.FAIL if left.may_be_record else FileOutcome.SKIP,
            reason=left.reason,
        )
        for left in folder.left
    ]
    cases: list[_Case] = []
    texts: list[SourceText] = []
    for text in folder.texts:
        parts = parts_of(text) if options.format in (None, Format.LOG) else ()
        texts += parts or [text]
        if parts:
            items.append(_log(posixpath.join(name, text.place), text, parts))
    for text in texts:
        source = posixpath.join(name, text.place)
        form = formats.format_of(text)
        if form == formats.NO_MARKS and options.format not in (None, Format.KEP, Format.LOG):
            form = options.format
        elif isinstance(form, Format) and form not in (Format.KEP, Format.LOG):
            form = options.format or form
        if isinstance(form, Format) and (form is not Format.KEP or text.beside):
            cases.append(_Case(text, formats.read(text, form), source))
        else:
            reason = form if not isinstance(form, Format) else "there is no kep.yaml beside it"
            items.append(ImportedFile(source=source, outcome=FileOutcome.SKIP, reason=reason))
    _title(cases)
    _place(cases, library, options.into)
    _decide(cases, library, options)
    order = _order(cases, folder.texts)
    superseding, related = _ties(cases)
    with GitDays((start if start.is_dir() else start.parent).resolve()) as git:
        items += [
            _item(case, library, options, order, git, superseding[case.id], related[case.id])
            for case in cases
        ]
    items += pictures([(c.text, c.path, c.present is not None) for c in cases],
                      folder.assets, name, root)  # fmt: skip
    return Report(tuple(sorted(items, key=lambda item: posixpath.split(item.source))))


def _log(source: str, text: SourceText, parts: tuple[SourceText, ...]) -> ImportedFile:
    """What the report says of a log itself."""
    own = sum(1 for line in text.body.splitlines() if line.strip())
    cut = sum(1 for part in parts for line in part.body.splitlines() if line.strip())
    left = "; what is outside them stays there" if own > cut else ""
    reason = f"a log: {len(parts)} decisions are cut out of it{left}"
    return ImportedFile(source=source, outcome=FileOutcome.SKIP, reason=reason)


def _order(cases: list[_Case], texts: tuple[SourceText, ...]) -> tuple[Order | None, str]:
    """How figures with slashes are ordered in this folder, and what says so."""
    dates = [f for case in cases for f in (case.found.date, case.found.created) if f]
    if order := order_of(day_in(fact.words) for fact in dates):
        return order, "the only order in which every file here holds a day"
    labels = [label for text in texts for label in text.outline.labels]
    shapes = {o for label in labels if (o := order_of_form(label.value)) is not None}
    if len(shapes) == 1:
        return shapes.pop(), "as the form in this folder writes it"
    said = {folded(label.name) for label in labels}
    said |= {folded(words_of(h.title)) for text in texts for h in text.outline.headings}
    if is_foreign(said):
        return Order.DAY_FIRST, "as the language of the files writes it"
    return None, ""


def _title(cases: list[_Case]) -> None:
    """One title for three records, or for half of few, has been read wrongly.

    Then the next candidate is taken for each, unless its file's name says the same.
    """
    candidates = {id(case): titles_of(case.text) for case in cases}
    for case in cases:
        first = candidates[id(case)][:1]
        case.title = case.found.title if case.text.beside else first[0] if first else None
    for _ in range(4):
        same: defaultdict[str, list[_Case]] = defaultdict(list)
        for case in cases:
            if case.title is not None and case.title.line:
                same[folded(case.title.words)].append(case)
        for title, group in same.items():
            if len(group) < 2 or (len(group) == 2 and len(cases) > 4):
                continue
            said = set(re.findall(r"\w+", title))
            for case in group:
                named = set(re.findall(r"\w+", folded(named_by_file(case.text))))
                if case.text.beside or named & said:
                    continue
                found = candidates[id(case)]
                at = found.index(case.title) if case.title in found else -1
                case.title = next(
                    (x for x in found[at + 1 :] if folded(x.words) != title), case.title
                )


def _place(cases: list[_Case], library: Library, into: str) -> None:
    """Find what is here already, and give the others their paths."""
    known = {d.imported.source: d for d in library.decisions if d.imported}
    names = Names(into, library.decision)
    for case in cases:
        case.present = known.get(case.source)
    for case in cases:
        case.path = case.present.path if case.present else names.path_for(case.text)
        case.id = posixpath.basename(case.path).removesuffix(".md")


def _decide(cases: list[_Case], library: Library, options: Options) -> None:
    """Where each record stands, which is known of some only once their successors are."""
    registry = Registry(case.text for case in cases)
    by_place = {case.text.place: case for case in cases}
    for case in cases:
        case.reading = meaning.standing_of(
            case.found,
            options.without_status,
            options.statuses,
            standing_of_folder(case.text.place),
        )
        case.final = case.reading.standing
        for tie in case.found.ties:
            text, why = registry.meant(tie.names, case.text)
            case.links.append(ResolvedTie(tie, by_place[text.place].id if text else "", why))
    by_id = {case.id: case for case in cases}
    replacing: defaultdict[str, list[str]] = defaultdict(list)
    for case in cases:
        for link in case.links:
            if link.tie.relation is Relation.SUPERSEDES and link.id and not link.tie.is_partial:
                replacing[link.id].append(case.id)
    for case in cases:
        own = [x for x in case.links if x.tie.relation is Relation.SUPERSEDED_BY]
        named = [x.id for x in own if x.id and not x.tie.is_partial]
        others = [one for one in replacing[case.id] if one not in named]
        if case.final is OldStatus.SUPERSEDED or (case.final is OldStatus.ACCEPTED and named):
            case.final, case.why = _superseded(case, [*named, *others], by_id)
        elif case.final is OldStatus.ACCEPTED and any(
            not x.id and not x.tie.is_partial and x.tie.line not in _seen(case) for x in own
        ):
            case.final, case.why = None, "it says that it is superseded, by none that is found here"
        elif case.final is OldStatus.ACCEPTED and _is_in_force(others, by_id):
            case.final, case.why = OldStatus.SUPERSEDED, f"{others[0]} supersedes it"


def _seen(case: _Case) -> frozenset[int]:
    """The lines on which others are told about, which aren't about the record itself."""
    return frozenset(tie.line for tie in case.found.mentions)


def _is_in_force(ids: list[str], by_id: Mapping[str, _Case]) -> bool:
    closed = (OldStatus.ACCEPTED, OldStatus.SUPERSEDED)
    return any(by_id[one].reading.standing in closed for one in ids)


def _superseded(
    case: _Case, by: list[str], by_id: Mapping[str, _Case]
) -> tuple[OldStatus | None, str]:
    """Superseded only by a record in force; by none, it would look as if in force itself."""
    if not by:
        return None, "it doesn't say by which record, or none has that name"
    newer = by_id[by[0]]
    if newer.present is not None:
        if case.id in newer.present.supersedes and newer.present.outcome is Decided.ACCEPTED:
            return OldStatus.SUPERSEDED, ""
        return None, f"{newer.path} is here already: write `supersedes: [{case.id}]` there"
    if newer.reading.standing not in (OldStatus.ACCEPTED, OldStatus.SUPERSEDED):
        return None, f"its successor {newer.id} isn't accepted itself"
    return OldStatus.SUPERSEDED, ""


def _ties(
    cases: list[_Case],
) -> tuple[defaultdict[str, list[str]], defaultdict[str, list[str]]]:
    """What each supersedes and is related to, from the words of both sides."""
    superseding: defaultdict[str, list[str]] = defaultdict(list)
    related: defaultdict[str, list[str]] = defaultdict(list)
    for case in cases:
        for link in case.links:
            if not link.id or link.id == case.id:
                continue
            if link.tie.relation is Relation.RELATED or link.tie.is_partial:
                related[case.id].append(link.id)
            elif link.tie.relation is Relation.SUPERSEDES:
                superseding[case.id].append(link.id)
            else:
                superseding[link.id].append(case.id)
    return superseding, related


def _item(
    case: _Case,
    library: Library,
    options: Options,
    order: tuple[Order | None, str],
    git: GitDays,
    superseding: list[str],
    related: list[str],
) -> ImportedFile:
    text, found = case.text, case.found
    if case.present is not None:
        same = case.present.body.text.strip() == text.body.decode().replace("\r\n", "\n").strip()
        reason = "imported before; " + (
            "it is left as it is" if same else "the text here differs by now, and is left as it is"
        )
        return ImportedFile(
            source=case.source, outcome=FileOutcome.PRESENT, path=case.path, format=found.format,
            reason=reason,
        )  # fmt: skip
    title, titled = meaning.title_note(case.title, text.stem)
    status_line = case.reading.fact.line if case.reading.fact and not text.beside else 0
    outcome = OUTCOMES.get(case.final) if case.final else None

    def from_git() -> tuple[date | None, date | None, str]:
        decided = git.written(text.file, status_line) if outcome else None
        return git.added(text.file), decided, git.nothing

    created, decided, day_notes = meaning.days_of(found, order, outcome is not None, from_git)
    owner, owner_notes = meaning.owner_of(found, options.owner, _knows(library))
    if outcome is not None and owner_notes and owner_notes[0].kind is NoteKind.LEFT:
        owner_notes = []  # a closed decision waits for nobody
    unsettled = _unsettled(case)
    notes = [titled, meaning.status_note(case.reading, case.final, case.why), *day_notes]
    notes += [*owner_notes, *meaning.tie_notes(case.links), *_mentions(found.mentions)]
    notes += _other_sides(superseding, case)
    tags = meaning.tags_of(found)
    if tags:
        line = found.tags[0].line
        notes.append(Note(NoteKind.READ, "tags", ", ".join(tags), line))
    notes += _of_bytes(text)
    if text.converted_from:
        why = f"made of {text.converted_from} by pandoc, whose lines these are; "
        why += f"the original is kept as {_kept_beside(case)}"
        notes.append(Note(NoteKind.READ, "converted", text.converted_from, None, why))
    ids = tuple(dict.fromkeys(superseding))
    record = Meaning(
        title=title,
        stage=Stage.ALIGN if outcome else Stage.ASSESS,
        owner=owner,
        entered=(created or decided) if not outcome else _before(created, decided),
        outcome=outcome,
        decided=decided if outcome else None,
        supersedes=ids,
        related=tuple(one for one in dict.fromkeys(related) if one not in ids),
        tags=tags,
        aliases=(case.source,) if is_alias(case.source) else (),
        source=case.source,
        format=found.format,
        unsettled=unsettled,
        front_matter=text.beside or text.front,
    )
    return ImportedFile(
        source=case.source,
        outcome=FileOutcome.IMPORT,
        path=case.path,
        format=found.format,
        notes=tuple(notes),
        old=text.disk,
        beside=_kept_beside(case),
        data=drafted(record, text.body),
    )


def _kept_beside(case: _Case) -> str:
    """Where the original of a converted text is kept: beside the record, under the same name."""
    text = case.text
    return case.path.removesuffix(".md") + text.disk.suffix.lower() if text.converted_from else ""


def _before(created: date | None, decided: date | None) -> date | None:
    """The day it was begun, where that isn't after the day it was decided."""
    return created if created and (decided is None or created <= decided) else None


def _unsettled(case: _Case) -> dict[str, str]:
    left = {}
    if case.final is None:
        fact = case.reading.fact
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
        return name.startswith("@") and not library.has_people_file

    return knows


def _mentions(mentions: tuple[Tie, ...]) -> list[Note]:
    why = "the sentence may be about something else than the whole record"
    return [
        Note(NoteKind.LEFT, str(tie.relation), shortened(tie.names), tie.line, why)
        for tie in mentions
    ]


def _other_sides(superseding: list[str], case: _Case) -> list[Note]:
    """What others say of this record, which is written here because here it belongs."""
    said = {x.id for x in case.links if x.tie.relation is Relation.SUPERSEDES}
    return [
        Note(NoteKind.READ, "supersedes", one, None, f"{one} says that this one supersedes it")
        for one in dict.fromkeys(superseding)
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
