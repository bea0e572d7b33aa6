"""`mkdocs serve` is told of changes: which ones, on which disks, and what happens elsewhere."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest
from mkdocs.livereload import LiveReloadServer
from watchdog.events import (
    FileClosedEvent,
    FileClosedNoWriteEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileOpenedEvent,
    FileSystemEvent,
)
from watchdog.observers.inotify import InotifyObserver
from watchdog.observers.polling import PollingObserver

from onrecord.site.mkdocs.rebuild import be_told_of_changes
from onrecord.site.mkdocs.rebuild.watching import Changes


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    file = tmp_path / "mounts"
    file.write_text("/dev/sda1 / ext4 rw 0 0\n", encoding="utf-8")
    return file


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LiveReloadServer]:
    for name in ("docs", "decisions", "site"):
        (tmp_path / name).mkdir()
    (tmp_path / "mkdocs.yml").write_text("", encoding="utf-8")
    made = LiveReloadServer(lambda: None, "127.0.0.1", 0, str(tmp_path / "site"))
    made.watch(str(tmp_path / "docs"))
    made.watch(str(tmp_path / "mkdocs.yml"))
    yield made
    if made.observer.is_alive():
        made.observer.stop()
        made.observer.join()


def is_told(server: LiveReloadServer, within: float = 10) -> bool:
    """Whether the server wants to build, once it has had the time to hear."""
    with server._rebuild_cond:
        found = server._rebuild_cond.wait_for(lambda: server._want_rebuild, timeout=within)
        server._want_rebuild = False
    return bool(found)


def test_each_change_is_told_and_nothing_else(
    server: LiveReloadServer, mounts: Path, tmp_path: Path
) -> None:
    decisions, config = tmp_path / "decisions", tmp_path / "mkdocs.yml"
    be_told_of_changes(server, [str(decisions)], mounts)
    assert isinstance(server.observer, InotifyObserver)
    server.watch(str(decisions))
    server.observer.start()

    (tmp_path / "docs/new.md").write_text("x", encoding="utf-8")
    assert is_told(server)
    (decisions / "2026").mkdir()
    (decisions / "2026/new.md").write_text("x", encoding="utf-8")
    assert is_told(server)
    # An editor puts another file in the place of the old one, again and again.
    for number in range(2):
        new = tmp_path / f"mkdocs.yml~{number}"
        new.write_text("site_name: x", encoding="utf-8")
        new.replace(config)
        assert is_told(server)
    (tmp_path / "docs/new.md").rename(tmp_path / "docs/other.md")
    assert is_told(server)
    (tmp_path / "docs/other.md").unlink()
    assert is_told(server)


def test_what_a_build_does_is_no_change() -> None:
    told: list[FileSystemEvent] = []
    every, of_one = Changes(told.append), Changes(told.append, "/x/mkdocs.yml")
    for event in (FileOpenedEvent, FileClosedEvent, FileClosedNoWriteEvent):
        every.on_any_event(event("/x/mkdocs.yml"))
        of_one.on_any_event(event("/x/mkdocs.yml"))
    of_one.on_any_event(FileModifiedEvent("/x/other.yml"))
    assert told == []
    changes = [FileModifiedEvent("/x/mkdocs.yml"), FileMovedEvent("/x/.new", "/x/mkdocs.yml")]
    for change in changes:
        of_one.on_any_event(change)
    assert told == changes


@pytest.mark.parametrize(
    "disks",
    [
        "server:/ / nfs4 rw 0 0\n",
        "/dev/sda1 / ext4 rw 0 0\ndrive {here} 9p rw 0 0\n",
        "/dev/sda1 / ext4 rw 0 0\nx {here}/decisions fuse.sshfs rw 0 0\n",
        "",
    ],
)
def test_where_the_system_doesnt_tell_files_are_looked_at(
    disks: str, server: LiveReloadServer, mounts: Path, tmp_path: Path
) -> None:
    mounts.write_text(disks.format(here=tmp_path), encoding="utf-8")
    be_told_of_changes(server, [str(tmp_path / "decisions")], mounts)
    assert isinstance(server.observer, PollingObserver)


def test_a_name_with_a_space_is_read_right(
    server: LiveReloadServer, mounts: Path, tmp_path: Path
) -> None:
    (tmp_path / "a place").mkdir()
    text = f"/dev/sda1 / ext4 rw 0 0\nx {tmp_path}/a\\040place nfs rw 0 0\n"
    mounts.write_text(text, encoding="utf-8")
    be_told_of_changes(server, [str(tmp_path / "a place")], mounts)
    assert isinstance(server.observer, PollingObserver)


def test_where_there_are_too_many_folders_files_are_looked_at(
    server: LiveReloadServer, mounts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "inotify watch limit reached")

    monkeypatch.setattr(InotifyObserver, "start", refuse)
    be_told_of_changes(server, [], mounts)
    assert isinstance(server.observer, PollingObserver)
