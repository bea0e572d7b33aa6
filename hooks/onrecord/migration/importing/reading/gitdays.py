"""Days from git, for records that say none: when a file was added, when a line was last written.

A commit that touches many of the files says nothing of any of them, and neither does a shallow
clone. No git, no repository: no days.
"""

from __future__ import annotations

import subprocess
from collections import Counter
from datetime import date
from pathlib import Path

from onrecord.records.clock import day_of

BULK = 10
"""A commit that touches more of the imported files than this is a move or a rewrite."""

PATIENCE = 20
_COMMIT = "\x01"


class GitDays:
    """The history of one folder, read once and only when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._added: dict[str, tuple[str, date]] | None = None
        self._size: Counter[str] = Counter()

    def added(self, place: str) -> date | None:
        """The day a file was added, unless with many others."""
        if self._added is None:
            self._added = self._read()
        commit, day = self._added.get(place, ("", None))
        return day if day is not None and self._size[commit] <= BULK else None

    def written(self, place: str, line: int) -> date | None:
        """The day a line was last written, unless with many other files."""
        if self._added is None:
            self._added = self._read()
        if place not in self._added or line < 1:
            return None
        said = self._git("blame", "--porcelain", f"-L{line},{line}", "--", place).split("\n")
        commit = said[0].split(" ")[0]
        times = [x.split(" ")[1] for x in said if x.startswith("author-time ")]
        if not times or self._size[commit] > BULK or not self._size[commit]:
            return None
        return date.fromtimestamp(int(times[0]))

    def _read(self) -> dict[str, tuple[str, date]]:
        if self._git("rev-parse", "--is-shallow-repository") != "false":
            return {}
        log = self._git(
            "-c", "core.quotepath=false", "log", "--reverse", "--no-merges", "-M", "--relative",
            "--name-status", f"--format={_COMMIT}%H %as", "--", ".",
        )  # fmt: skip
        added: dict[str, tuple[str, date]] = {}
        for part in log.split(_COMMIT)[1:]:
            head, _, rest = part.partition("\n")
            commit, _, day_text = head.strip().partition(" ")
            changes = [line.split("\t") for line in rest.splitlines() if "\t" in line]
            self._size[commit] = len(changes)
            for change in changes:
                if change[0].startswith("R") and change[1] in added:
                    added[change[2]] = added.pop(change[1])
                else:
                    added.setdefault(change[-1], (commit, day_of(day_text)))
        return added

    def _git(self, *words: str) -> str:
        """What git says; '' when there is no git, it refuses, or takes too long."""
        try:
            said = subprocess.run(
                ["git", "-C", str(self._folder), *words],
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                check=False,
                timeout=PATIENCE,
            )
        except (OSError, subprocess.TimeoutExpired):
            return ""
        return said.stdout.strip("\n ") if said.returncode == 0 else ""


def top_of(folder: Path) -> Path | None:
    """The repository a folder lies in."""
    top = GitDays(folder)._git("rev-parse", "--show-toplevel")
    return Path(top) if top else None
