"""Stage dates from git, for decisions that don't say when a stage began.

In comes the root of a knowledge base; out come, by path, the days on which `stage:` was written.
A commit that changes many records at once says nothing of any of them; a shallow clone has no
history to read, and is said to be one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

from onrecord.records import git
from onrecord.records.clock import day_of
from onrecord.records.vocabulary import DECISIONS_FOLDER, Stage

BULK = 10
"""A commit that writes the stage of more decisions than this is a rewrite, not a step of each."""

_STAGE = re.compile(r"\+stage:\s*[\"']?([a-z]+)[\"']?\s*(?:#.*)?$")
_COMMIT = "\x01"


class HistorySource(StrEnum):
    """What kind of history there was to read."""

    READ = "read"
    NONE = "none"
    SHALLOW = "shallow"


@dataclass(frozen=True, slots=True)
class History:
    """The days on which each decision's stages were first written, by path."""

    source: HistorySource = HistorySource.NONE
    began: Mapping[str, Mapping[Stage, date]] = field(default_factory=dict)


def history_of(root: Path) -> History:
    """Read the history of the decisions below `root`. No git, no repository: no history."""
    if git.hear(root, "rev-parse", "--is-inside-work-tree") != "true":
        return History()
    if git.hear(root, "rev-parse", "--is-shallow-repository") == "true":
        return History(HistorySource.SHALLOW)
    said = git.hear(
        root,
        "-c",
        "core.quotepath=false",
        "log",
        "--reverse",
        "--no-merges",
        "-M",
        "--relative",
        "--no-color",
        "--no-ext-diff",
        "--date=short",
        f"--format={_COMMIT}%ad",
        "--unified=0",
        "-G^stage:",
        "-p",
        "--",
        DECISIONS_FOLDER,
    )
    return History(HistorySource.READ, _began(said)) if said else History()


def _began(log: str) -> Mapping[str, Mapping[Stage, date]]:
    began: dict[str, dict[Stage, date]] = {}
    for commit in log.split(_COMMIT)[1:]:
        day_text, _, patch = commit.partition("\n")
        written = list(_written(patch.splitlines()))
        try:
            day = day_of(day_text.strip())
        except ValueError:
            continue
        bulk = sum(stage is not None for _, _, stage in written) > BULK
        for old, new, stage in written:
            if old != new and old in began:
                began[new] = began.pop(old)
            if stage is not None and not bulk:
                began.setdefault(new, {}).setdefault(stage, day)
    return began


def _written(lines: Iterable[str]) -> Iterable[tuple[str, str, Stage | None]]:
    """For each file of a patch: its old path, its new one, and the stage written in it."""
    old = new = ""
    stage: Stage | None = None
    in_head = True
    for line in lines:
        if line.startswith("diff --git "):
            if new:
                yield old, new, stage
            old = new = ""
            stage, in_head = None, True
        elif in_head and line.startswith("rename from "):
            old = line.removeprefix("rename from ")
        elif in_head and line.startswith("+++ "):
            path = line.removeprefix("+++ ").rstrip("\t").strip('"')
            new = path.removeprefix("b/") if path != "/dev/null" else ""
            old = old or new
        elif line.startswith("@@"):
            in_head = False
        elif not in_head and stage is None and (found := _STAGE.match(line)):
            stage = Stage(found[1]) if found[1] in Stage.__members__.values() else None
    if new:
        yield old, new, stage
