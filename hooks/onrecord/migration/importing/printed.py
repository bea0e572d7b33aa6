"""The report of an import as text for a person: each record in a few lines, the rest in short."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from onrecord.migration.importing.reading.statuses import is_mappable, key_of
from onrecord.migration.importing.report import FileOutcome, ImportedFile, Note, NoteKind, Report
from onrecord.records.findings import count

MOST = 5
"""Files that are named for one reason; there may be ten thousand more."""


_IN_SHORT = (FileOutcome.PRESENT, FileOutcome.DIVERGED, FileOutcome.SKIP, FileOutcome.FAIL)


def in_text(report: Report) -> Iterator[str]:
    """All lines of the report."""
    for item in report.items:
        if item.outcome in (FileOutcome.IMPORT, FileOutcome.UPDATE, FileOutcome.JOIN):
            yield f"{item.source} -> {item.path} ({item.format or item.outcome})"
            yield from (f"    {_note(note)}" for note in item.notes)
    for item in report.of(FileOutcome.COPY):
        yield f"{item.source} -> {item.path} (copied as it is)"
    for outcome in _IN_SHORT:
        yield from _in_short(outcome, report.of(outcome))
    yield from _summary(report)


def _note(note: Note) -> str:
    where = f"line {note.line}" if note.line else ""
    if note.kind is NoteKind.READ:
        said = f"{note.key}: {note.value}"
    elif note.kind is NoteKind.GUESSED:
        said = f"{note.key}: {note.value} (guessed)"
    else:
        said = f"{note.key}: needs you{f', “{note.value}”' if note.value else ''}"
    about = ", ".join(part for part in (where, note.why) if part)
    return f"{said}  [{about}]" if about else said


def _in_short(outcome: FileOutcome, items: tuple[ImportedFile, ...]) -> Iterator[str]:
    """Files by reason, the first few by name."""
    by_reason: defaultdict[str, list[ImportedFile]] = defaultdict(list)
    for item in items:
        by_reason[item.reason].append(item)
    for reason, group in by_reason.items():
        yield f"{outcome}: {count(len(group), 'file')}: {reason}"
        for item in group[:MOST]:
            yield f"    {item.source}{f' ({item.path})' if item.path else ''}"
        if len(group) > MOST:
            yield f"    … and {len(group) - MOST:,} more (--json names them all)"


def _words(notes: list[Note]) -> Iterator[str]:
    """Each word of status that isn't known, with how often it was met: asked once, not per file."""
    words = Counter(key_of(n.value) for n in notes if _is_unknown(n) and is_mappable(n.value))
    if not words:
        return
    yield "Status words to settle, and how often each occurs:"
    for word, number in words.most_common(MOST * 4):
        yield f"    {number:,} × {word}"
    first = next((word for word in words if word.isalpha()), "shipped")
    yield f"Say what each means, for example --status {first}=accepted."


def _is_unknown(note: Note) -> bool:
    # Notes are words for a person and have no code, so the words decide.
    left = note.kind is NoteKind.LEFT and note.key == "status" and bool(note.value)
    return (left and "doesn't know" in note.why) or "isn't a word" in note.why


def _summary(report: Report) -> Iterator[str]:
    imports = report.of(FileOutcome.IMPORT)
    notes = [note for item in report.items for note in item.notes]
    counts = report.counts
    yield ""
    done = "Imported" if report.written else "Would import"
    parts = [f"{done} {count(len(imports), 'record')}"]
    if counts[FileOutcome.UPDATE]:
        done = "updated" if report.written else "would update"
        parts.append(f"{done} {counts[FileOutcome.UPDATE]:,}")
    if counts[FileOutcome.JOIN]:
        parts.append(f"{count(counts[FileOutcome.JOIN], 'file')} as parts of them")
    if counts[FileOutcome.COPY]:
        parts.append(f"{count(counts[FileOutcome.COPY], 'file')} beside them")
    for outcome in _IN_SHORT:
        if counts[outcome]:
            parts.append(f"{counts[outcome]:,} {outcome}")
    yield "; ".join(parts) + "."
    for kind, words in ((NoteKind.GUESSED, "Guessed"), (NoteKind.LEFT, "Needs you")):
        keys: defaultdict[str, int] = defaultdict(int)
        for note in notes:
            if note.kind is kind:
                keys[note.key] += 1
        if keys:
            yield f"{words}: " + ", ".join(f"{n:,} × {key}" for key, n in keys.items()) + "."
    silent = sum(n.kind is NoteKind.LEFT and n.key == "status" and not n.value for n in notes)
    if silent:
        yield (
            f"Of a status, {count(silent, 'record')} {'says' if silent == 1 else 'say'} nothing. "
            "If all of them were accepted, add --without-status accepted."
        )
    yield from _words(notes)
    if not (imports or counts[FileOutcome.UPDATE]):
        return
    if not report.written:
        yield "Nothing is written yet; add --write."
    else:
        yield "Now: onrecord check"
