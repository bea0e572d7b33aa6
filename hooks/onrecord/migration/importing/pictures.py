"""Images and other files that imported texts link to: copied beside them, so that links work.

In come the texts with their new paths and the files beside them; out come items of the report.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from onrecord.migration.importing.deciding.beside import (
    MAX_PICTURE,
    digest_beside,
    is_beside_untouched,
    linked_by,
    original_of,
)
from onrecord.migration.importing.deciding.cases import Case
from onrecord.migration.importing.deciding.identity import SinceImport, with_beside
from onrecord.migration.importing.report import FileOutcome, ImportedFile
from onrecord.records.disk import read_file
from onrecord.records.vocabulary import DECISIONS_FOLDER


def pictures(
    cases: Iterable[Case], assets: Mapping[str, Path], name: str, root: Path, *, is_update: bool
) -> Iterator[ImportedFile]:
    """What becomes of each file that isn't Markdown. For a record that is here already, and that
    this run leaves as it is, nothing is copied again; what changed at the source is an update.
    """
    wanted: dict[str, list[str]] = {}
    present: set[str] = set()
    untouched: set[str] = set()
    for case in cases:
        linked = list(linked_by(case, assets))
        for place, there in linked:
            wanted.setdefault(place, []).append(there)
            if case.is_kept:
                present.add(place)
        is_same = case.change is not SinceImport.BOTH and is_beside_untouched(case, root)
        if is_same and (linked or case.text.converted_from):
            untouched |= {there for _, there in linked} | {original_of(case)}
        if case.present is not None and case.text.converted_from:
            there = original_of(case)
            item = _item(case.source, there, case.text.disk, root, there in untouched)
            if item.outcome is not FileOutcome.COPY and item.reason != _COPIED:
                yield _if_wanted(item, is_update=is_update)
    for place, disk in assets.items():
        source = posixpath.join(name, place)
        for there in dict.fromkeys(wanted.get(place, ())):
            item = _item(source, there, disk, root, there in untouched, place in present)
            yield _if_wanted(item, is_update=is_update)
        if place not in wanted:
            reason = "no record that is imported links to it"
            yield ImportedFile(source, FileOutcome.SKIP, reason=reason)


_COPIED = "copied before"


def renewed(
    cases: Iterable[Case],
    records: Iterable[ImportedFile],
    beside: Iterable[ImportedFile],
    assets: Mapping[str, Path],
    root: Path,
) -> Iterator[ImportedFile]:
    """The items of records; where a file beside one is updated, so is the digest in the record."""
    updated = {item.path for item in beside if item.outcome is FileOutcome.UPDATE}
    for case, item in zip(cases, records, strict=True):
        if updated and item.outcome is FileOutcome.PRESENT:
            files = {original_of(case), *(there for _, there in linked_by(case, assets))}
            if files & updated and is_beside_untouched(case, root):
                old = read_file(root / case.path)
                data = with_beside(old, digest_beside(case, assets))
                reason = "a file beside it changed at the source"
                item = replace(
                    item, outcome=FileOutcome.UPDATE, data=data, replaces=old, reason=reason
                )
        yield item


def _if_wanted(item: ImportedFile, *, is_update: bool) -> ImportedFile:
    """An update, or without `--update` what it would be."""
    if item.outcome is not FileOutcome.UPDATE or is_update:
        return item
    reason = "copied before; changed at the source: --update brings it"
    return replace(item, outcome=FileOutcome.PRESENT, reason=reason)


def _item(
    source: str, there: str, disk: Path, root: Path, is_untouched: bool, was_here: bool = False
) -> ImportedFile:
    failed = partial(ImportedFile, source, FileOutcome.FAIL)
    present = partial(ImportedFile, source, FileOutcome.PRESENT, there)
    copied = partial(ImportedFile, source, path=there, copied_from=disk)
    if not there.startswith(f"{DECISIONS_FOLDER}/"):
        return failed(reason=f"its link would lead out of {DECISIONS_FOLDER}/")
    target = root / there
    try:
        if target.exists():
            old = read_file(target)
            if old == read_file(disk):
                return present(reason=_COPIED)
            if is_untouched:
                return copied(outcome=FileOutcome.UPDATE, replaces=old)
            return present(reason=f"another file is {there} already; it is kept")
        if was_here:
            return present(reason="its record is here already, and this file no longer")
        if (size := disk.stat().st_size) > MAX_PICTURE:
            return failed(reason=f"{size / 1e6:.0f} MB are too much to copy; move it yourself")
    except OSError as error:
        return failed(reason=f"can't be read: {error.strerror}")
    return copied(outcome=FileOutcome.COPY)
