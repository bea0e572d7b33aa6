"""One file, whole or not at all: on a full disk, through links, and by two programs at once."""

from __future__ import annotations

import errno
import os
import resource
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from onrecord.records import disk
from onrecord.records.disk import (
    TEMPORARY,
    change_file,
    find_root,
    make_file,
    open_file,
    place,
    put_file,
    read_file,
    writing,
)


def everything(root: Path) -> dict[str, bytes | None]:
    """Every file below a folder with its bytes, and every folder."""
    return {
        one.relative_to(root).as_posix(): one.read_bytes() if one.is_file() else None
        for one in sorted(root.rglob("*"))
    }


@pytest.fixture(params=["as here", "without nameless files", "without links", "without locks"])
def any_disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """What disks and systems lack; `as here` is whatever this machine has."""
    link = os.link

    def no_hard_links(source: Any, target: Any, **more: Any) -> None:
        if more:  # a nameless file gets its name so
            return link(source, target, **more)
        raise OSError(errno.EPERM, "Operation not permitted")

    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    if request.param == "without nameless files":
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    if request.param == "without links":
        monkeypatch.setattr(os, "link", no_hard_links)
    if request.param == "without locks":
        monkeypatch.setattr("fcntl.flock", no_locks)
    return str(request.param)


# Making and changing


@pytest.mark.usefixtures("any_disk")
def test_a_new_file_never_takes_the_place_of_another(tmp_path: Path) -> None:
    assert make_file(tmp_path, "a/b.md", b"one")
    assert not make_file(tmp_path, "a/b.md", b"two")
    assert everything(tmp_path) == {"a": None, "a/b.md": b"one"}


@pytest.mark.usefixtures("any_disk")
def test_a_file_is_replaced_whole_and_keeps_its_permissions(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"old")
    file.chmod(0o640)
    change_file(tmp_path, "a.md", lambda old: (old or b"") + b", new")
    assert file.stat().st_mode & 0o777 == 0o640
    assert everything(tmp_path) == {"a.md": b"old, new"}


@pytest.mark.usefixtures("any_disk")
def test_a_new_file_has_the_permissions_of_any_other(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    make_file(tmp_path, "new", b"")
    put_file(tmp_path / "cache", [b"a", memoryview(b"b")])
    modes = {file.stat().st_mode for file in tmp_path.iterdir()}
    assert len(modes) == 1
    assert read_file(tmp_path / "cache") == b"ab"


def test_an_edit_may_leave_all_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"old")
    before = (tmp_path / "a.md").stat().st_ino
    change_file(tmp_path, "a.md", lambda _: None)
    change_file(tmp_path, "a.md", lambda old: old)
    change_file(tmp_path, "none/b.md", lambda _: None)
    assert (tmp_path / "a.md").stat().st_ino == before
    change_file(tmp_path, "b.md", lambda old: b"made" if old is None else b"changed")
    assert read_file(tmp_path / "b.md") == b"made"


@pytest.mark.usefixtures("any_disk")
def test_an_edit_is_asked_again_when_the_file_changed_meanwhile(tmp_path: Path) -> None:
    file, asked = tmp_path / "a.md", []

    def edit(old: bytes | None) -> bytes:
        if len(asked) < 3:  # an editor saves, and knows of no lock
            file.write_bytes(b"saved %d;" % len(asked))
        asked.append(old)
        return (old or b"") + b" edited"

    change_file(tmp_path, "a.md", edit)
    assert everything(tmp_path) == {"a.md": b"saved 2; edited"}


def test_a_file_that_never_holds_still_is_left_as_it_is(tmp_path: Path) -> None:
    def edit(old: bytes | None) -> bytes:
        (tmp_path / "a.md").write_bytes(b"saved" + (old or b""))
        return b"edited"

    with pytest.raises(OSError, match="another program keeps changing it"):
        change_file(tmp_path, "a.md", edit)
    assert read_file(tmp_path / "a.md").startswith(b"saved")


def test_runs_at_once_wait_for_each_other(tmp_path: Path) -> None:
    def add(word: bytes) -> None:
        change_file(tmp_path, "a.md", lambda old: (old or b"") + word)

    threads = [threading.Thread(target=add, args=(b"%d," % n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    words = (tmp_path / "a.md").read_bytes().split(b",")
    assert sorted(words[:-1], key=int) == [b"%d" % n for n in range(20)]


def test_a_run_that_waits_too_long_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "PATIENCE", 0.0)
    with disk.alone_in(tmp_path), pytest.raises(OSError, match="another program is writing in"):
        make_file(tmp_path, "a.md", b"")
    assert everything(tmp_path) == {}


def test_what_a_killed_run_left_is_taken_away_by_the_next(tmp_path: Path) -> None:
    (tmp_path / TEMPORARY).write_bytes(b"half")
    make_file(tmp_path, "a.md", b"whole")
    assert everything(tmp_path) == {"a.md": b"whole"}


def test_a_folder_of_that_name_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / TEMPORARY / "kept").mkdir(parents=True)
    make_file(tmp_path, "a.md", b"whole")
    assert (tmp_path / TEMPORARY / "kept").is_dir()
    assert sorted(os.listdir(tmp_path)) == [TEMPORARY, "a.md"]


# A full disk


def calls(monkeypatch: pytest.MonkeyPatch, fail_at: int, number: int) -> list[str]:
    """Let the call `fail_at` of all that go to the disk fail; lists the calls as they are made."""
    made: list[str] = []

    def broken(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*words: Any, **more: Any) -> Any:
            made.append(name)
            if len(made) - 1 == fail_at:
                raise OSError(number, os.strerror(number))
            return real(*words, **more)

        return call

    for name in ("open", "link", "fsync", "fdopen", "mkdir", "fchmod", "rename", "replace"):
        monkeypatch.setattr(os, name, broken(name, getattr(os, name)))
    return made


def each_failure(
    monkeypatch: pytest.MonkeyPatch, run: Callable[[], None], number: int
) -> Iterator[tuple[str, bool]]:
    """Run with a failure at the first call, then at the second, and so on until none fails.

    Says each time which call failed, and whether the run raised.
    """
    for fail_at in range(100):
        raised = False
        with monkeypatch.context() as patched:
            made = calls(patched, fail_at, number)
            try:
                run()
            except OSError:
                raised = True
        if fail_at >= len(made):
            return
        yield made[fail_at], raised
    raise AssertionError("it never came to an end")


@pytest.mark.usefixtures("any_disk")
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
def test_a_new_file_is_whole_or_not_there_whatever_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def make() -> None:
        assert make_file(tmp_path, "a/b/c.md", b"whole")

    failures = 0
    for call, raised in each_failure(monkeypatch, make, number):
        failures += raised
        there = everything(tmp_path)
        assert there == ({} if raised else {"a": None, "a/b": None, "a/b/c.md": b"whole"}), call
        if not raised:  # what makes names outlast a crash may fail
            (tmp_path / "a/b/c.md").unlink()
            (tmp_path / "a/b").rmdir()
            (tmp_path / "a").rmdir()
    assert failures > 3


@pytest.mark.usefixtures("any_disk")
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
def test_a_changed_file_has_its_old_or_its_new_bytes_whatever_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    (tmp_path / "a.md").write_bytes(b"old")

    def change() -> None:
        change_file(tmp_path, "a.md", lambda _: b"new")

    failures = 0
    for call, raised in each_failure(monkeypatch, change, number):
        failures += raised
        assert everything(tmp_path) == {"a.md": b"old" if raised else b"new"}, call
        (tmp_path / "a.md").write_bytes(b"old")
    assert failures > 3


def test_a_disk_that_fills_while_a_file_is_written(tmp_path: Path) -> None:
    """The kernel's own refusal: no file may grow over 4 KB."""
    was = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, was[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            make_file(tmp_path, "a/b.md", b"x" * 10_000)
        assert make_file(tmp_path, "c.md", b"x" * 4_000)
        with pytest.raises(OSError, match="File too large"):
            change_file(tmp_path, "c.md", lambda old: (old or b"") * 2)
        with pytest.raises(OSError, match="File too large"):
            put_file(tmp_path / "cache", [b"x" * 10_000])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, was)
        signal.signal(signal.SIGXFSZ, handler)
    assert everything(tmp_path) == {"c.md": b"x" * 4_000}


# Links, and what is no file


@pytest.mark.parametrize("leads", ["../out", "here", "gone", "loop", "."])
def test_nothing_is_written_through_a_link(tmp_path: Path, leads: str) -> None:
    root, out = tmp_path / "root", tmp_path / "out"
    (root / "here").mkdir(parents=True)
    out.mkdir()
    (root / "loop").symlink_to(leads if leads != "loop" else "loop")
    for path in ("loop/a.md", "loop/b/a.md"):
        with pytest.raises(OSError, match="loop is a symbolic link"):
            make_file(root, path, b"x")
        with pytest.raises(OSError, match="loop is a symbolic link"):
            change_file(root, path, lambda _: b"x")
    assert not make_file(root, "loop", b"x")  # something is there
    assert sorted(one.name for one in tmp_path.rglob("*")) == ["here", "loop", "out", "root"]


def test_a_linked_file_is_neither_read_nor_changed(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_bytes(b"old")
    (tmp_path / "link.md").symlink_to("real.md")
    with pytest.raises(OSError, match="it is a symbolic link"):
        change_file(tmp_path, "link.md", lambda _: b"new")
    with pytest.raises(OSError, match="it is a symbolic link"):
        read_file(tmp_path / "link.md")
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "real.md").read_bytes() == b"old"


def test_a_root_behind_a_link_is_its_owners_affair(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "root").symlink_to("real")
    assert make_file(tmp_path / "root", "a.md", b"x")
    assert read_file(tmp_path / "real/a.md") == b"x"


@pytest.mark.parametrize("path", ["../a.md", "a/../../b.md", "/etc/x", "", ".", "a\0b"])
def test_no_path_leads_out_of_the_root(tmp_path: Path, path: str) -> None:
    with pytest.raises(OSError, match="leads out of the folder"):
        place(tmp_path / "root", path)


def test_a_file_on_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(OSError, match="a is not a folder"):
        make_file(tmp_path, "a/b.md", b"")


def test_only_an_ordinary_file_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's address must be short
    os.mkfifo("pipe")  # whoever opens it as a file waits for ever
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        for name in ("pipe", "socket", "/dev/null", "."):
            with pytest.raises(OSError):  # noqa: PT011
                open_file(Path(name))


def test_the_root_is_the_nearest_folder_with_decisions(tmp_path: Path) -> None:
    (tmp_path / "base" / "decisions" / "2026").mkdir(parents=True)
    assert find_root(tmp_path / "base" / "decisions" / "2026") == tmp_path / "base"
    assert find_root(tmp_path) is None


# What is in a folder.


def test_a_walk_gives_all_but_what_is_hidden_or_behind_a_link(tmp_path: Path) -> None:
    for path in ("kb/a.md", "kb/b/c.md", "kb/.git/d.md", "other/e.md"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    (tmp_path / "kb/link").symlink_to(tmp_path / "other")
    seen = [path for path, _ in disk.walk(tmp_path / "kb")]
    assert seen == ["a.md", "b", "b/c.md", "link"]
    all_of_it = [path for path, _ in disk.walk(tmp_path / "kb", hidden=True)]
    assert all_of_it == [".git", ".git/d.md", *seen]


def test_a_folder_that_cannot_be_read_is_empty_to_all_but_a_strict_walk(tmp_path: Path) -> None:
    assert list(disk.walk(tmp_path / "gone")) == []
    with pytest.raises(OSError, match="gone"):
        list(disk.walk(tmp_path / "gone", strictly=True))
