"""When something was first written, from git, for what has no day of its own in a record.

In come the root of a repository and a day or a revision; out come, by path, the days on which
facts of decisions, roles and handoffs appeared in commits, and how a knowledge base was at a
revision. Both sides of a commit are read as records, so it doesn't matter how a line is written.
"""

from __future__ import annotations

import io
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from onrecord.records import git
from onrecord.records.clock import day_of
from onrecord.records.library import Library
from onrecord.records.model import Decision, Handoff, Metric, Record, Role
from onrecord.records.reading import read_library
from onrecord.records.reading.frontmatter import decoded
from onrecord.records.reading.records import decision_of, handoff_of, role_of
from onrecord.records.stage_history import BULK
from onrecord.records.vocabulary import (
    DECISIONS_FOLDER,
    HANDOFFS_FOLDER,
    PLAYBOOKS_FOLDER,
    ROLE_FILE,
)

Fact = tuple[str, str]
"""What is so of a record: its path, and a word such as `aligned-bob`."""

WRITTEN = "written"
"""The word for a record that is there."""

_COMMIT = "\x01"
_NOTHING = "0" * 40


@dataclass(frozen=True, slots=True)
class FirstWritten:
    """The day each fact was first committed, and, of a revision that was named, its day and facts.

    All of it is empty where there is no git, or no history in it.
    """

    days: Mapping[Fact, date] = field(default_factory=dict)
    since: date | None = None
    before: frozenset[Fact] = frozenset()


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


def first_written(root: Path, since: date) -> FirstWritten:
    """The facts that commits since a day have added. A shallow clone has no history to read."""
    if git.hear(root, "rev-parse", "--is-shallow-repository") != "false":
        return FirstWritten()
    day = since - timedelta(days=1) if since > date.min else since
    return FirstWritten(_read(root, f"--since={day}T00:00:00"))


def written_since(root: Path, revision: str) -> FirstWritten:
    """The facts that have been added since a revision. Raises `NotGit` where there is none."""
    unknown = f"{revision!r} is neither a day (YYYY-MM-DD) nor a revision that git knows"
    if revision.startswith("-"):
        raise git.NotGit(unknown)
    commit = git.ask(root, "rev-parse", "--verify", f"{revision}^{{commit}}", refusal=unknown)
    commit = commit.strip()
    before = frozenset(_facts(_library_at(root, commit)))
    day = day_of(git.hear(root, "show", "-s", "--format=%ad", "--date=short", commit))
    return FirstWritten(_read(root, f"{commit}..HEAD"), day, before)


def _facts(library: Library) -> Iterator[Fact]:
    for record in library.records:
        yield from facts_of(record)


def _read(root: Path, which: str) -> Mapping[Fact, date]:
    log = git.hear(
        root,
        "-c",
        "core.quotepath=false",
        "log",
        "--reverse",
        "--no-merges",
        "-M",
        "--relative",
        "--raw",
        "--no-abbrev",
        "--date=short",
        f"--format={_COMMIT}%ad",
        which,
        "--",
        DECISIONS_FOLDER,
        PLAYBOOKS_FOLDER,
    )
    days: dict[Fact, date] = {}
    commits = list(_commits(log))
    texts = _texts(root, {blob for _, edits in commits for edit in edits for blob in edit[:2]})
    for day, edits in commits:
        renamed = {old: new for _, _, old, new in edits if old != new}
        if renamed:
            days = {(renamed.get(path, path), word): seen for (path, word), seen in days.items()}
        added: dict[str, set[Fact]] = {}
        for old_blob, new_blob, _, path in edits:
            # Both as the file is called now: being renamed is nothing new.
            old = set(_facts_in(path, texts.get(old_blob)))
            added[path] = set(_facts_in(path, texts.get(new_blob))) - old
        if sum(any(word != WRITTEN for _, word in new) for new in added.values()) > BULK:
            continue  # a rewrite of many files says nothing of any of them
        for new in added.values():
            for fact in new:
                days.setdefault(fact, day)
    return days


_Edit = tuple[str, str, str, str]
"""The old and the new blob of a file, and its old and its new path."""


def _commits(log: str) -> Iterator[tuple[date, list[_Edit]]]:
    for commit in log.split(_COMMIT)[1:]:
        lines = commit.splitlines()
        try:
            day = day_of(lines[0].strip())
        except (ValueError, IndexError):
            continue
        yield day, list(_edits(lines[1:]))


def _edits(lines: Iterable[str]) -> Iterator[_Edit]:
    for line in lines:
        about, *paths = (part.strip('"') for part in line.split("\t"))
        words = about.split()
        if len(words) == 5 and paths and paths[-1].endswith(".md") and words[4][0] != "D":
            yield words[2], words[3], paths[0], paths[-1]


def _texts(root: Path, blobs: set[str]) -> dict[str, bytes]:
    """The bytes of blobs, asked for in one go."""
    wanted = sorted(blobs - {_NOTHING})
    if not wanted:
        return {}
    try:
        said = git.ask_bytes(root, "cat-file", "--batch", told="\n".join(wanted).encode() + b"\n")
    except git.NotGit:
        return {}
    stream, found = io.BytesIO(said), {}
    while head := stream.readline().split():
        if len(head) == 3 and head[1] == b"blob":
            found[head[0].decode()] = stream.read(int(head[2]))
            stream.read(1)
    return found


def _facts_in(path: str, data: bytes | None) -> Iterator[Fact]:
    if data is None:
        return
    text, _ = decoded(path, data)
    parts = path.split("/")
    if parts[0] == DECISIONS_FOLDER:
        yield from facts_of(decision_of(path, text)[0])
    elif len(parts) == 3 and parts[2] == ROLE_FILE:
        yield from facts_of(role_of(path, text)[0])
    elif len(parts) == 4 and parts[2] == HANDOFFS_FOLDER:
        yield from facts_of(handoff_of(path, text)[0])


def _library_at(root: Path, commit: str) -> Library:
    """The knowledge base as it was at a commit."""
    data = git.ask_bytes(root, "archive", "--format=tar", commit)
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            wanted = (f"{DECISIONS_FOLDER}/", f"{PLAYBOOKS_FOLDER}/")
            for one in tar:
                if one.isfile() and one.name.startswith(wanted):
                    tar.extract(one, folder, filter="data")
        return read_library(Path(folder))
