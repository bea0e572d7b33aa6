"""git's log, read once and as it comes: what each commit did to the files of some folders.

A commit that writes many files is a move or a rewrite and says nothing of any of them; a shallow
clone has no history to read, and is named as such.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from onrecord.records import git
from onrecord.records.clock import day_of

BULK = 10
"""A commit that writes more files than this dates none of them."""

_COMMIT = "\x01"


class HistorySource(StrEnum):
    """What kind of history there was to read."""

    READ = "read"
    NONE = "none"
    SHALLOW = "shallow"


@dataclass(frozen=True, slots=True)
class FileEdit:
    """A file that a commit wrote or renamed: its path before and after, and its objects' ids.

    An id that is nothing but zeros is that of no object.
    """

    before: str
    path: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Commit:
    """The author's day of a commit, and its edits; what it deleted is left out."""

    day: date
    edits: tuple[FileEdit, ...]

    @property
    def is_bulk(self) -> bool:
        """True when it writes more than `BULK` of the files. Being renamed is nothing new."""
        return sum(edit.old != edit.new for edit in self.edits) > BULK


def source_of(root: Path) -> HistorySource:
    """Whether there is a history to read at `root`."""
    is_shallow = git.hear(root, "rev-parse", "--is-shallow-repository")
    found = {"false": HistorySource.READ, "true": HistorySource.SHALLOW}
    return found.get(is_shallow, HistorySource.NONE)


def commits(
    root: Path, *words: str, folders: tuple[str, ...], wanted: Callable[[str], bool]
) -> Iterator[Commit]:
    """The commits that touch wanted files below `root`, the oldest first; merges are left out.

    `words` narrow the log, such as `main..HEAD`. Paths are those below `root`. Raises `NotGit`.
    """
    said = git.pieces(
        root, "log", "--reverse", "--no-merges", "-M", "--relative", "--raw", "--no-abbrev", "-z",
        "--no-color", "--date=short", f"--format={_COMMIT}%ad", *words, "--", *folders,
    )  # fmt: skip
    day: date | None = None
    edits: list[FileEdit] = []
    for piece in said:
        if piece.startswith(_COMMIT):
            if day and edits:
                yield Commit(day, tuple(edits))
            day, edits = _day(piece[1:]), []
            continue
        about = piece.split()  # `:100644 100644 <old> <new> M`
        if len(about) != 5:
            continue
        before = next(said)
        path = next(said) if about[4][0] in "RC" else before
        if about[4] != "D" and wanted(path):
            edits.append(FileEdit(before, path, about[2], about[3]))
    if day and edits:
        yield Commit(day, tuple(edits))


def _day(text: str) -> date | None:
    try:
        return day_of(text)
    except ValueError:
        return None
