"""When something was first written, from git, for what has no day of its own in a record.

Both sides of a commit are read as records, so it doesn't matter how a line is written.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from onrecord.records import git
from onrecord.records.clock import day_of
from onrecord.records.findings import Finding
from onrecord.records.git import HistorySource, commits, source_of
from onrecord.records.library import Library
from onrecord.records.model import Decision, Handoff, Metric, Record, Role
from onrecord.records.reading import read_library
from onrecord.records.reading.frontmatter import body_under, decoded
from onrecord.records.reading.records import decision_of, handoff_of, role_of
from onrecord.records.vocabulary import (
    DECISIONS_FOLDER,
    HANDOFFS_FOLDER,
    PLAYBOOKS_FOLDER,
    ROLE_FILE,
    Says,
)

Fact = tuple[str, str]
"""What is so of a record: its path, and a word such as `aligned-bob`."""

WRITTEN = "written"
"""The word for a record that is there."""

_Reader = Callable[[str, str], tuple[Record, list[Finding]]]

_FOLDERS = (DECISIONS_FOLDER, PLAYBOOKS_FOLDER)
_READ = (".md", ".csv", ".yml")


@dataclass(frozen=True, slots=True)
class History:
    """When each fact was first committed, and, of a revision that was named, its day and facts.

    `moments` are by path, and by word. All is empty where there is no git, or no history in it.
    """

    source: HistorySource = HistorySource.NONE
    moments: Mapping[str, Mapping[str, datetime]] = field(default_factory=dict)
    since: date | None = None
    before: frozenset[Fact] = frozenset()

    def day(self, fact: Fact) -> date | None:
        """The day a fact was first committed, where that is known."""
        moment = self.moment(fact)
        return moment.date() if moment else None

    def moment(self, fact: Fact) -> datetime | None:
        """When a fact was first committed, in its author's zone, where that is known."""
        path, word = fact
        return self.moments.get(path, {}).get(word)


def facts_of(record: Record) -> Iterator[Fact]:
    """Everything of a record that can happen to it, whether it has a day or not."""
    yield record.path, WRITTEN
    match record:
        case Decision():
            if record.stage is not None:
                yield record.path, f"entered-{record.stage}"
            for stage, _ in record.entered:
                yield record.path, f"entered-{stage}"
            if record.outcome is not None:
                yield record.path, f"decided-{record.outcome}"
            for handle in record.aligned:
                yield record.path, f"aligned-{handle.casefold()}"
            for remark in record.acknowledged:
                yield record.path, f"aligned-{remark.who.casefold()}"
            for reply in record.replies:
                if reply.says is Says.ALIGNED:
                    yield record.path, f"aligned-{reply.who.casefold()}"
                else:
                    yield record.path, f"reply-{reply.id}"
            for older in record.supersedes:
                yield record.path, f"supersedes-{older}"
        case Role():
            yield record.path, f"holder-{record.holder.casefold()}"
        case Handoff():
            if record.is_accepted:
                yield record.path, "accepted"
                yield record.path, "holds"
        case Metric():
            for value in record.values:
                yield record.path, f"value-{value.day}"


def history_of(root: Path, since: date | None = None) -> History:
    """The facts that all commits have added, or those since a day."""
    source = source_of(root)
    if source is not HistorySource.READ:
        return History(source)
    # git asks for the committer's day, and we tell the author's, in a zone of their own: a day more
    # is read, and sorted out by whoever asks.
    day = since - timedelta(days=1) if since and since > date.min else since
    try:
        return History(source, _read(root, *([f"--since={day}T00:00:00"] if day else [])))
    except git.NotGit:  # no commit yet, or a clone that lacks objects
        return History()


def history_since(root: Path, revision: str) -> History:
    """The facts that have been added since a revision. Raises `NotGit` where there is none."""
    unknown = f"{revision!r} is neither a day (YYYY-MM-DD) nor a revision that git knows"
    # git would take it for an option.
    if revision.startswith("-"):
        raise git.NotGit(unknown)
    commit = git.ask(root, "rev-parse", "--verify", f"{revision}^{{commit}}", refusal=unknown)
    commit = commit.strip()
    before = frozenset(
        fact for record in library_at(root, commit).records for fact in facts_of(record)
    )
    day = day_of(git.hear(root, "show", "-s", "--format=%ad", "--date=short", commit))
    return History(source_of(root), _read(root, f"{commit}..HEAD"), day, before)


def _read(root: Path, *which: str) -> Mapping[str, Mapping[str, datetime]]:
    moments: dict[str, dict[str, datetime]] = {}
    with git.Objects(root) as objects:

        @lru_cache(maxsize=8192)  # what a commit found is what the next one changes
        def words(read: _Reader, name: str) -> frozenset[str]:
            data = objects.read(name)
            return frozenset() if data is None else _words(read, data)

        for commit in commits(root, *which, folders=_FOLDERS, wanted=_reader_of):
            renamed = [edit for edit in commit.edits if edit.before != edit.path]
            # A file keeps its days under its new name, also when the commit that renames it is too
            # large to date anything.
            moments |= [(edit.path, moments.pop(edit.before, {})) for edit in renamed]
            # An import, or a move of the whole folder, would say of everything that it happened
            # that day.
            if commit.is_bulk:
                continue
            for edit in commit.edits:
                if edit.old != edit.new and (read := _reader_of(edit.path)):
                    seen = moments.setdefault(edit.path, {})
                    for word in words(read, edit.new) - words(read, edit.old):
                        # The first time counts: taken out and written again, it is still known
                        # since then.
                        seen.setdefault(word, commit.moment)
    return moments


def _reader_of(path: str) -> _Reader | None:
    """What reads a file as a record; None for a file that is none."""
    parts = path.split("/")
    if parts[0] == DECISIONS_FOLDER and path.endswith(".md"):
        return _decision
    if len(parts) == 3 and parts[2] == ROLE_FILE:
        return role_of
    if len(parts) == 4 and parts[2] == HANDOFFS_FOLDER and path.endswith(".md"):
        return handoff_of
    return None


def _decision(path: str, text: str) -> tuple[Record, list[Finding]]:
    body, _ = body_under(text)  # nothing that happens to a decision is written there
    return decision_of(path, text.removesuffix(body))


def _words(read: _Reader, data: bytes) -> frozenset[str]:
    text, _ = decoded("", data)
    return frozenset(word for _, word in facts_of(read("a/a/a/a.md", text)[0]))


class Merged(NamedTuple):
    """A commit by its name, and when it was made."""

    name: str
    moment: datetime


def merged(root: Path, since: str, until: datetime | None = None) -> tuple[Merged, ...]:
    """A revision, and the commits that came to the branch after it, oldest first.

    Of a merge only itself: what it brings comes at once. Raises `NotGit` for an unknown revision.
    """
    unknown = f"{since!r} is neither a day (YYYY-MM-DD) nor a revision that git knows"
    if since.startswith("-"):
        raise git.NotGit(unknown)
    first = git.ask(root, "rev-parse", "--verify", f"{since}^{{commit}}", refusal=unknown).strip()
    form = "--format=%H %ct"
    told = git.ask(root, "log", "-1", form, first)
    told += git.ask(root, "log", "--first-parent", "--reverse", form, f"{first}..HEAD")
    found = []
    for line in told.splitlines():
        name, seconds = line.split()
        moment = datetime.fromtimestamp(int(seconds), UTC)
        if until is None or moment <= until:
            found.append(Merged(name, moment))
    return tuple(found)


def last_before(root: Path, moment: datetime) -> str | None:
    """The name of the branch's last commit before a moment, the first one where none is older."""
    when = f"--before={int(moment.timestamp())}"
    found = git.hear(root, "rev-list", "-1", "--first-parent", when, "HEAD")
    if found:
        return found
    every = git.hear(root, "rev-list", "--first-parent", "HEAD").split()
    return every[-1] if every else None


@lru_cache(maxsize=16)  # a commit never changes, and each is the end of one step and begins one
def library_at(root: Path, commit: str) -> Library:
    """The knowledge base as it was at a commit."""
    with tempfile.TemporaryDirectory() as folder, git.Objects(root) as objects:
        for path, name in git.files_at(root, commit, *_FOLDERS):
            file = Path(folder, path)
            # A commit may hold a path such as `../x`: git's own checkout refuses it, and so must
            # we.
            is_inside = file.resolve().is_relative_to(Path(folder).resolve())
            if is_inside and file.suffix in _READ and (data := objects.read(name)) is not None:
                with suppress(OSError):  # a path that no disk takes
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.write_bytes(data)
        return read_library(Path(folder))
