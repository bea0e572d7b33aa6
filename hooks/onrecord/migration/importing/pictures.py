"""Images and other files that imported texts link to: copied beside them, so that links work.

In come the texts with their new paths and the files beside them; out come items of the report.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from onrecord.migration.importing.deciding.cases import Case
from onrecord.migration.importing.report import FileOutcome, ImportedFile
from onrecord.records.reading.markdown import body_of
from onrecord.records.vocabulary import DECISIONS_FOLDER

MAX_PICTURE = 20_000_000
"""Bytes. A larger file is a person's to move."""


def pictures(
    cases: Iterable[Case], assets: Mapping[str, Path], name: str, root: Path
) -> Iterator[ImportedFile]:
    """What becomes of each file that isn't Markdown. For a record that is here already, and that
    this run leaves as it is, nothing is copied again.
    """
    wanted: dict[str, list[str]] = {}
    present: set[str] = set()
    for case in cases if assets else ():
        for link in body_of(case.body.decode()).links:
            old, new = posixpath.dirname(case.text.place), posixpath.dirname(case.path)
            place = posixpath.normpath(posixpath.join(old, link.target))
            there = posixpath.normpath(posixpath.join(new, link.target))
            if place in assets:
                wanted.setdefault(place, []).append(there)
                if case.is_kept:
                    present.add(place)
    for place, disk in assets.items():
        source = posixpath.join(name, place)
        for there in dict.fromkeys(wanted.get(place, ())):
            yield _item(source, there, disk, root, place in present)
        if place not in wanted:
            reason = "no record that is imported links to it"
            yield ImportedFile(source=source, outcome=FileOutcome.SKIP, reason=reason)


def _item(source: str, there: str, disk: Path, root: Path, was_here: bool) -> ImportedFile:
    if not there.startswith(f"{DECISIONS_FOLDER}/"):
        reason = f"its link would lead out of {DECISIONS_FOLDER}/"
        return ImportedFile(source=source, outcome=FileOutcome.FAIL, reason=reason)
    target = root / there
    try:
        if target.exists():
            same = target.read_bytes() == disk.read_bytes()
            reason = "copied before" if same else f"another file is {there} already; it is kept"
            return ImportedFile(
                source=source, outcome=FileOutcome.PRESENT, path=there, reason=reason
            )
        if was_here:
            reason = "its record is here already, and this file no longer"
            return ImportedFile(
                source=source, outcome=FileOutcome.PRESENT, path=there, reason=reason
            )
        if disk.stat().st_size > MAX_PICTURE:
            reason = f"{disk.stat().st_size / 1e6:.0f} MB are too much to copy; move it yourself"
            return ImportedFile(source=source, outcome=FileOutcome.FAIL, reason=reason)
    except OSError as error:
        return ImportedFile(
            source=source, outcome=FileOutcome.FAIL, reason=f"can't be read: {error.strerror}"
        )
    return ImportedFile(source=source, outcome=FileOutcome.COPY, path=there, copied_from=disk)
