"""Asking git: the one place that runs it.

A folder may come from anybody, with its own git configuration. So nothing in that configuration,
in attributes or in a missing object may start a program or reach another machine, and nothing here
changes a repository.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from threading import Timer
from typing import NamedTuple

PATIENCE = 20
"""Seconds after which an answer is not waited for."""

LONGEST = 120
"""Seconds after which a stream is cut off."""

MOST = 4_000_000
"""Bytes of an object that is read. No record is as large."""

_QUIET = (
    "--no-pager",
    *("-c", "core.fsmonitor=false"),  # it may name a program to run
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "log.showSignature=false"),  # it would run gpg.program
    *("-c", "log.showRoot=true"),
    *("-c", "safe.bareRepository=explicit"),  # a folder of the files may look like a repository
)
_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",  # a partial clone would fetch what it lacks
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",  # not even the index is written anew
    "GIT_TERMINAL_PROMPT": "0",
}
_COMPARES = ("diff", "log", "show")


class NotGit(Exception):
    """git is missing, the folder is no repository, or git refuses."""


def _command(root: Path, words: tuple[str, ...]) -> list[str]:
    no_programs = ("--no-ext-diff", "--no-textconv") if words[0] in _COMPARES else ()
    return ["git", "-C", str(root), *_QUIET, words[0], *no_programs, *words[1:]]


def ask(root: Path, *words: str, refusal: str = "") -> str:
    """What git says of a folder. Raises `NotGit` with git's first words, or with `refusal`."""
    try:
        done = subprocess.run(
            _command(root, words),
            capture_output=True,
            stdin=subprocess.DEVNULL,
            check=False,
            timeout=PATIENCE,
            env=os.environ | _ENVIRONMENT,
        )
    except subprocess.TimeoutExpired:
        raise NotGit(f"git has not answered for {PATIENCE} seconds") from None
    except OSError as error:
        raise NotGit(f"git can't be run: {error.strerror or error}") from None
    if done.returncode:
        reason = done.stderr.decode("utf-8", errors="replace").strip().splitlines()
        raise NotGit(refusal or (reason[0] if reason else "git refuses"))
    return done.stdout.decode("utf-8", errors="replace")


def hear(root: Path, *words: str) -> str:
    """What git says, without the empty space around it; '' where it says nothing or can't."""
    try:
        return ask(root, *words).strip()
    except NotGit:
        return ""


def pieces(root: Path, *words: str) -> Iterator[str]:
    """What git says, cut at its NULs, as it comes. git is stopped when nobody reads on."""
    with _started(root, words) as process:
        # Reading waits for git, so only another thread can put an end to it.
        watch = Timer(LONGEST, process.kill)
        watch.daemon = True
        watch.start()
        try:
            rest = b""
            while chunk := os.read(process.stdout.fileno(), 1 << 16):  # type: ignore[union-attr]
                *whole, rest = (rest + chunk).split(b"\0")
                for piece in whole:
                    yield piece.decode("utf-8", errors="surrogateescape")
            if process.wait():
                raise NotGit("git can't read its history")
        finally:
            watch.cancel()
            process.kill()  # whoever stopped reading wants no more of it


def files_at(root: Path, commit: str, *folders: str) -> Iterator[tuple[str, str]]:
    """The files below `root` in a commit, each with the id of its object; no links."""
    for piece in pieces(root, "ls-tree", "-r", "-z", commit, "--", *folders):
        about, _, path = piece.partition("\t")
        mode, _, name = about.split(" ")
        if mode.startswith("100"):
            yield path, name


class Objects:
    """The bytes of git's objects, by their ids, from one process for all of them."""

    def __init__(self, root: Path) -> None:
        self._process = _started(root, ("cat-file", "--batch"))

    def __enter__(self) -> Objects:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.__exit__(None, None, None)

    def read(self, name: str) -> bytes | None:
        """An object; None where there is none of that id, or a larger one than any record."""
        asked, told = self._process.stdin, self._process.stdout
        assert asked is not None
        assert told is not None
        try:
            asked.write(f"{name}\n".encode())
            asked.flush()
        except OSError:
            return None
        head = told.readline().split()
        if len(head) != 3:
            return None
        left = int(head[2]) + 1  # the object, and a line end
        if left <= MOST:
            return told.read(left)[:-1]
        # Read to its end all the same, as the next answer comes behind it.
        while left > 0:
            left -= len(told.read(min(left, 1 << 16))) or left  # nothing: git has ended
        return None


def _started(root: Path, words: tuple[str, ...]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            _command(root, words),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | _ENVIRONMENT,
        )
    except OSError as error:
        raise NotGit(f"git can't be run: {error.strerror or error}") from None


BULK = 10
"""A commit that writes more files than this, such as an import, dates none of them."""

_COMMIT = "\x01"  # begins no path and no line of `--raw`


class HistorySource(StrEnum):
    """What kind of history there was to read."""

    READ = "read"
    NONE = "none"
    SHALLOW = "shallow"


class FileEdit(NamedTuple):
    """A file that a commit wrote or renamed: its path before and after, and its objects' ids.

    An id that is nothing but zeros is that of no object.
    """

    before: str
    path: str
    old: str
    new: str


class Commit(NamedTuple):
    """The moment its author wrote, in their zone, and its edits; what it deleted is left out."""

    moment: datetime
    edits: tuple[FileEdit, ...]

    @property
    def day(self) -> date:
        """The author's day."""
        return self.moment.date()

    @property
    def is_bulk(self) -> bool:
        """True when it writes more than `BULK` of the files. Being renamed is nothing new."""
        return sum(edit.old != edit.new for edit in self.edits) > BULK


def source_of(root: Path) -> HistorySource:
    """Whether there is a history to read at `root`."""
    is_shallow = hear(root, "rev-parse", "--is-shallow-repository")
    found = {"false": HistorySource.READ, "true": HistorySource.SHALLOW}
    return found.get(is_shallow, HistorySource.NONE)


def commits(
    root: Path, *words: str, folders: tuple[str, ...], wanted: Callable[[str], object]
) -> Iterator[Commit]:
    """The commits that touch wanted files below `root`, the oldest first; merges are left out.

    `words` narrow the log, such as `main..HEAD`. Paths are those below `root`. Raises `NotGit`.
    """
    said = pieces(
        root, "log", "--reverse", "--no-merges", "-M", "--relative", "--raw", "--no-abbrev", "-z",
        "--no-color", f"--format={_COMMIT}%aI", *words, "--", *folders,
    )  # fmt: skip
    moment: datetime | None = None
    edits: list[FileEdit] = []
    for piece in said:
        if piece.startswith(_COMMIT):
            if moment and edits:
                yield Commit(moment, tuple(edits))
            moment, edits = _moment(piece[1:]), []
            continue
        about = piece.split()  # `:100644 100644 <old> <new> M`
        if len(about) != 5:
            continue
        before = next(said)
        path = next(said) if about[4][0] in "RC" else before
        if about[4] != "D" and wanted(path):
            edits.append(FileEdit(before, path, about[2], about[3]))
    if moment and edits:
        yield Commit(moment, tuple(edits))


def _moment(text: str) -> datetime | None:
    """A moment as `%aI` writes it; None for one that no calendar has, which anybody may commit."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
