"""`mkdocs serve` is told of changes by the system, in the place of looking at each file anew.

MkDocs looks at every file twice a second, which at ten thousand takes a fifth of a core while
nobody does anything. Linux tells of changes, but not of those on the disks of other machines, and
of no more folders than it is set up for: there, and elsewhere, MkDocs goes on looking.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from watchdog.events import FileSystemEvent, FileSystemEventHandler

from onrecord.site.mkdocs.log import log

LOCAL = frozenset(
    ("bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "overlay", "tmpfs", "xfs", "zfs")
)
"""The kinds of disks on which Linux knows of every change."""

_CHANGES = frozenset(("created", "deleted", "modified", "moved"))
"""Others are no changes: a build opens and closes each file that it reads."""


_ESCAPED = re.compile(r"\\([0-7]{3})")
"""A sign as Linux writes it in the list of disks, such as a space."""


class Changes(FileSystemEventHandler):
    """Passes on to MkDocs what changes a file; of one path only, where one is named."""

    def __init__(self, tell: Callable[[FileSystemEvent], Any], path: str = "") -> None:
        self._tell, self._path = tell, path

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Pass an event on."""
        paths = (event.src_path, event.dest_path)
        if event.event_type in _CHANGES and (not self._path or self._path in paths):
            self._tell(event)


def be_told_of_changes(
    server: Any, more: Iterable[str], mounts: Path = Path("/proc/mounts")
) -> None:
    """Have the server told of changes below the paths it watches, and below `more` from now on.

    Leaves it as it is where the system can't.
    """
    paths = [*server._watched_paths, *map(str, more)]
    if sys.platform != "linux" or not paths or not all(_is_local(one, mounts) for one in paths):
        return
    from watchdog.observers.inotify import InotifyObserver

    class Observer(InotifyObserver):
        """Of a file it watches the folder: editors put another file in its place."""

        def schedule(self, handler: Any, path: Any, **options: Any) -> Any:  # type: ignore[override]
            if Path(path).is_dir():
                return super().schedule(Changes(handler.on_any_event), path, **options)
            folder = str(Path(path).parent)
            return super().schedule(Changes(handler.on_any_event, path), folder, recursive=False)

    # Tried with an observer that is thrown away: one that fails halfway would leave the server with
    # some folders and not others.
    trial = Observer()
    try:
        for path in paths:
            trial.schedule(FileSystemEventHandler(), path, recursive=True)
        trial.start()
        trial.stop()
        trial.join()
    except OSError as error:  # more folders than the system is set up for
        log.info(f"The system doesn't report changes ({error.strerror}), so files are polled")
        return
    observer = Observer()
    for watch, handlers in server.observer._handlers.items():
        for handler in handlers:
            server._watch_refs[watch.path] = observer.schedule(
                handler, watch.path, recursive=watch.is_recursive
            )
    server.observer = observer


def _is_local(path: str, mounts: Path) -> bool:
    """Whether the disk of a path, and each one mounted below it, is of this machine."""
    here = Path(path).resolve()
    above, kind = -1, ""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return False
    for line in lines:
        _, place, found, *_ = line.split(" ")
        at = Path(_ESCAPED.sub(lambda sign: chr(int(sign[1], 8)), place))
        if at != here and at.is_relative_to(here) and found not in LOCAL:
            return False
        # The deepest mount above it is its disk; of two at one place the later one hides the other.
        if here.is_relative_to(at) and len(at.parts) >= above:
            above, kind = len(at.parts), found
    return kind in LOCAL
