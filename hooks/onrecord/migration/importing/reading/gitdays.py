"""Days from git, for records that say none: when a file was added, when a line was last written."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from functools import cached_property
from pathlib import Path

from onrecord.records import git
from onrecord.records.git_log import HistorySource, commits, source_of


class GitDays:
    """The history of one folder, read once for all its files, and only when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open = ExitStack()

    def __enter__(self) -> GitDays:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @cached_property
    def source(self) -> HistorySource:
        """Whether there is a history to read."""
        return source_of(self._folder)

    @property
    def nothing(self) -> str:
        """Why a day isn't known, for the report."""
        if self.source is HistorySource.SHALLOW:
            return "git knows none: this is a shallow clone, without its history"
        return "git knows none"

    def added(self, place: str) -> date | None:
        """The day a file was added, unless with many others."""
        return next((day for day, *_ in self._edits.get(place, [])), None)

    def written(self, place: str, line: int) -> date | None:
        """The day a line was last written, unless with many other files."""
        edits = self._edits.get(place, [])
        if not edits or line < 1:
            return None
        lines = _lines((self._folder / place).read_bytes())
        if line > len(lines):
            return None
        words = lines[line - 1]
        newer = self._count(words, edits[-1][2])
        for day, old, _ in reversed(edits):
            older = self._count(words, old)
            if newer > older:
                return day
            newer = older
        return None

    def _count(self, words: bytes, name: str) -> int:
        return _lines(self._objects.read(name) or b"").count(words)

    @cached_property
    def _objects(self) -> git.Objects:
        return self._open.enter_context(git.Objects(self._folder))

    @cached_property
    def _edits(self) -> dict[str, list[tuple[date | None, str, str]]]:
        """By file, the oldest first: the day, where it says something, and both its objects."""
        found: dict[str, list[tuple[date | None, str, str]]] = {}
        if self.source is not HistorySource.READ:
            return found
        try:
            for commit in commits(self._folder, folders=(".",), wanted=bool):
                day = None if commit.is_bulk else commit.day
                renamed = [edit for edit in commit.edits if edit.before != edit.path]
                found |= [(edit.path, found.pop(edit.before, [])) for edit in renamed]
                for edit in commit.edits:
                    found.setdefault(edit.path, []).append((day, edit.old, edit.new))
        except git.NotGit:
            return {}
        return found


def _lines(data: bytes) -> list[bytes]:
    return [line.strip() for line in data.splitlines()]


def top_of(folder: Path) -> Path | None:
    """The repository a folder lies in."""
    top = git.hear(folder, "rev-parse", "--show-toplevel")
    return Path(top) if top else None
