"""The files beside a record, its pictures and the old file it was converted from: who changed them.

In come a record and the files it links to; out comes a digest of them all. An import writes it into
the record, so that a later one can tell a picture that changed at the source from one that somebody
changed here.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from onrecord.migration.importing.deciding.cases import Case
from onrecord.migration.importing.deciding.identity import digest_of
from onrecord.records.disk import read_file
from onrecord.records.model import Decision
from onrecord.records.reading.folder import ASSET_ENDINGS
from onrecord.records.reading.markdown import body_of
from onrecord.records.vocabulary import DECISIONS_FOLDER

MAX_PICTURE = 20_000_000
"""Bytes. A larger file is a person's to move."""


def original_of(case: Case) -> str:
    """Where the old file of a converted text is kept: beside the record, under the same name."""
    text = case.text
    return case.path.removesuffix(".md") + text.disk.suffix.lower() if text.converted_from else ""


def linked_by(case: Case, assets: Mapping[str, Path]) -> Iterator[tuple[str, str]]:
    """Each file that a record's text links to: its place in the old folder, and its path here."""
    old, new = posixpath.dirname(case.text.place), posixpath.dirname(case.path)
    body = case.present.body if case.present and case.is_kept else body_of(case.body.decode())
    for link in body.links if assets else ():
        place = posixpath.normpath(posixpath.join(old, link.target))
        if place in assets:
            yield place, posixpath.normpath(posixpath.join(new, link.target))


def digest_beside(case: Case, assets: Mapping[str, Path]) -> str:
    """The digest of what an import puts beside a record; '' where that is nothing."""
    files = {there: assets[place] for place, there in linked_by(case, assets)}
    files |= {original_of(case): case.text.disk} if case.text.converted_from else {}
    return _digest(files, lambda there: _read(files[there]))


def is_beside_untouched(case: Case, root: Path) -> bool:
    """True where all that an import put beside a record is as it was written."""
    present = case.present
    digest = present.imported.digest if present is not None and present.imported else ""
    if present is None or digest.count("-") < 2:
        return False  # nothing was beside it, or an older release brought it
    here = {*_linked_here(present), original_of(case)} - {""}
    return digest.rpartition("-")[2] == _digest(here, lambda there: _read(root / there))


def _linked_here(decision: Decision) -> Iterator[str]:
    folder = posixpath.dirname(decision.path)
    for link in decision.body.links:
        if posixpath.splitext(link.target)[1].lower() in ASSET_ENDINGS:
            yield posixpath.normpath(posixpath.join(folder, link.target))


def _digest(paths: Iterable[str], read: Callable[[str], bytes | None]) -> str:
    """One digest of files by their paths; those that an import doesn't bring don't count."""
    found = {
        there: data
        for there in paths
        if there.startswith(f"{DECISIONS_FOLDER}/") and (data := read(there)) is not None
    }
    lines = "".join(f"{there}\0{digest_of(found[there])}\n" for there in sorted(found))
    return digest_of(lines.encode()) if found else ""


def _read(path: Path) -> bytes | None:
    try:
        return read_file(path) if path.stat().st_size <= MAX_PICTURE else None
    except OSError:
        return None
