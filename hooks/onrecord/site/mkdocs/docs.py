"""What MkDocs finds in the docs folder and must not publish: it follows symbolic links.

A file behind a link is on no page of the repository, and may be any file of the machine. The
reader of the library skips the same files, and says so.
"""

from __future__ import annotations

import os
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

from onrecord.records.disk import is_link, is_linking, walk

_MOST_FOLDERS = 20_000


def unread(files: Files, config: MkDocsConfig, root: Path) -> list[File]:
    """The files of the docs that are behind a symbolic link, and pipes, sockets and devices."""
    docs = Path(config.docs_dir)
    # The docs folder may itself be reached by a link; then nothing in it is the repository's own.
    above = (one for one in (docs, *docs.parents) if one != root and one.is_relative_to(root))
    plain = set() if any(map(is_link, above)) else _plain_files(docs)
    return [file for file in files if file.src_dir == config.docs_dir and file.src_uri not in plain]


def _plain_files(docs: Path) -> set[str]:
    entries = walk(docs, hidden=True)
    return {path for path, entry in entries if entry.is_file(follow_symlinks=False)}


def refuse_endless(docs: Path) -> None:
    """End the build where linked folders would keep MkDocs reading without an end.

    It follows them before any hook is asked, and two that lead above themselves double the
    folders at each step down.
    """
    entries = walk(docs, hidden=True)
    linked = [path for path, entry in entries if is_linking(entry) and entry.is_dir()]
    if not linked:
        return
    for number, _ in enumerate(os.walk(docs, followlinks=True)):
        if number > _MOST_FOLDERS:
            names = ", ".join(f"{docs.name}/{path}" for path in sorted(linked)[:5])
            raise PluginError(
                f"MkDocs follows symbolic links to folders, and these never end: remove {names}"
            )
