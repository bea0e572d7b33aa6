"""What MkDocs finds in the docs folder and must not publish: it follows symbolic links.

A file behind a link is on no page of the repository, and may be any file of the machine. The
reader of the library skips the same files, and says so.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

from onrecord.records.disk import is_link

_MOST_FOLDERS = 20_000


def unread(files: Files, config: MkDocsConfig, root: Path) -> list[File]:
    """The files of the docs that are behind a symbolic link, and pipes, sockets and devices."""
    docs = Path(config.docs_dir)
    # The docs folder may itself be reached by a link; then nothing in it is the repository's own.
    above = (one for one in (docs, *docs.parents) if one != root and one.is_relative_to(root))
    plain = set() if any(map(is_link, above)) else set(_plain_files(docs))
    return [file for file in files if file.src_dir == config.docs_dir and file.src_uri not in plain]


def _plain_files(docs: Path) -> Iterator[str]:
    for here, _, names in os.walk(docs):
        folder = Path(here)
        for name in names:
            with contextlib.suppress(OSError):  # gone in between
                if stat.S_ISREG((folder / name).lstat().st_mode):
                    yield (folder / name).relative_to(docs).as_posix()


def refuse_endless(docs: Path) -> None:
    """End the build where linked folders would keep MkDocs reading without an end.

    It follows them before any hook is asked, and two that lead above themselves double the
    folders at each step down.
    """
    folders = [Path(here) / name for here, names, _ in os.walk(docs) for name in names]
    linked = [folder for folder in folders if is_link(folder)]
    if not linked:
        return
    for number, _ in enumerate(os.walk(docs, followlinks=True)):
        if number > _MOST_FOLDERS:
            names = ", ".join(sorted(one.relative_to(docs.parent).as_posix() for one in linked)[:5])
            raise PluginError(
                f"MkDocs follows symbolic links to folders, and these never end: remove {names}"
            )
