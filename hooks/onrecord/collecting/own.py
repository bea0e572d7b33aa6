"""Numbers of the repository and of the knowledge base in it: nothing is asked but git and records.

In come a word, such as `commits` or `overdue`, and the days; out comes a number.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

from onrecord.collecting.asking import SourceFails
from onrecord.lifecycle.conversation import unaligned
from onrecord.overview.catalogue import Catalogue
from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.overview.process import answers_to, days_to_outcome, first_days
from onrecord.records import git
from onrecord.records.clock import is_over
from onrecord.records.git import HistorySource, NotGit
from onrecord.records.vocabulary import Stage

WINDOW = timedelta(days=91)
"""Thirteen weeks: long enough for a small team to have decided something."""

_DAY = 86_400


def number_of_git(
    root: Path, what: str, folder: str, since: date, until: date
) -> tuple[float, str]:
    """A number of a repository, and what git said. Days are those of UTC. Raises `SourceFails`."""
    if git.source_of(root) is not HistorySource.READ:
        raise SourceFails("git has only a part of the history here; a CI job must fetch all of it")
    below = ("--", folder) if folder else ("--", ".")
    try:
        if what == "files":
            told = git.ask(root, "ls-tree", "-r", "-z", "--name-only", "HEAD", *below)
            return told.count("\0"), told
        if what == "commits":
            told = git.ask(root, "log", "--no-merges", "--format=%ct", "HEAD", *below)
            days = (_day_of(line) for line in told.split())
            return sum(since <= day <= until for day in days), told
        told = git.ask(
            root, "log", "--first-parent", "-m", "--format=%H %at %ct %P", "HEAD", *below
        )
        landed = [line.split() for line in told.splitlines() if line]
        times = list(_lead_times(root, landed, since, until))
    except NotGit as error:
        raise SourceFails(f"git: {error}") from None
    if not times:
        raise SourceFails(f"nothing landed from {since} to {until}")
    return median(times), told


def _lead_times(root: Path, landed: list[list[str]], since: date, until: date) -> Iterator[float]:
    """Days from the first writing of a change to its landing on the branch, for each that did."""
    for name, written, committed, *parents in landed:
        if not since <= _day_of(committed) <= until:
            continue
        begun = int(written)
        if len(parents) > 1:
            said = git.ask(root, "log", "--format=%at", f"{parents[0]}..{name}")
            begun = min([begun, *map(int, said.split())])
        yield max(0, int(committed) - begun) / _DAY


def _day_of(seconds: str) -> date:
    return datetime.fromtimestamp(int(seconds), UTC).date()


def number_of_base(base: KnowledgeBase, what: str) -> float | None:
    """A number of a knowledge base; None where there was nothing to count."""
    catalogue, today = base.catalogue, base.today

    def is_recent(day: date | None) -> bool:
        return day is not None and today - WINDOW < day <= today

    decided = [d for d in catalogue.settled if d.outcome and is_recent(d.decided)]
    match what:
        case "days-to-outcome":
            # For those whose opening is written; git isn't asked.
            lengths = [n for d in decided if (n := days_to_outcome(d, first_days(d))) is not None]
            return median(lengths) if lengths else None
        case "answered":
            asked = [d for d in catalogue.settled if is_recent(d.entered_on(Stage.COLLABORATE))]
            return _share(sum(map(answers_to, asked)), sum(len(d.consulted) for d in asked))
        case "acknowledged":
            open_yet = sum(len(unaligned(d)) for d in decided)
            informed = sum(len(d.informed) for d in decided)
            return _share(informed - open_yet, informed)
        case "read-backs":
            begun = [h for h in catalogue.library.handoffs if is_recent(h.effective)]
            return _share(sum(bool(h.read_back) for h in begun), len(begun))
        case _:
            return _overdue(catalogue)


def _overdue(catalogue: Catalogue) -> int:
    """How many open decisions are past the day on which their stage ends."""
    rows = (catalogue.row(d) for d in catalogue.decisions if catalogue.is_open(d))
    return sum(is_over(row.due, catalogue.today) for row in rows)


def _share(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None
