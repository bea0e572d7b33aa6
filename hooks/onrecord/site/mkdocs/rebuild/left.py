"""Pages that are in the site's folder as this build would write them: MkDocs passes them by.

In comes each page before MkDocs reads it, and before it writes it; out comes whether there is
anything to do. A page stays as it is where all that it is made of is the same, its place in the
theme and what we add to its head included, and its file holds what was written then.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from mkdocs.commands import build
from mkdocs.structure.pages import Page

from onrecord.records.keeping import decoded
from onrecord.site.mkdocs.log import Heard
from onrecord.site.mkdocs.rebuild.folder import SiteFolder
from onrecord.site.mkdocs.rebuild.memo import LEFT, Memo

Step = Callable[[Page, Callable[[], None]], None]
"""Is given a page, and what MkDocs does with it."""


class Steps:
    """What MkDocs does with each page goes through these two, until the `end`."""

    def __init__(self, read: Step, write: Step) -> None:
        self._real = build._populate_page, build._build_page
        build._populate_page = _through(read, build._populate_page)
        build._build_page = _through(write, build._build_page)

    def end(self) -> None:
        """Give MkDocs back its ways."""
        build._populate_page, build._build_page = self._real


def _through(step: Step, real: Callable[..., None]) -> Callable[..., None]:
    def do(page: Page, *given: Any, **named: Any) -> None:
        step(page, lambda: real(page, *given, **named))

    return do


class _Written(msgspec.Struct, array_like=True):
    """The digest of a page's file, and the keys of what it was made of."""

    digest: bytes
    used: dict[str, list[bytes]]


class LeftPages:
    """Lives for one build. `seen` stands for all that each page of it shows."""

    def __init__(self, memo: Memo, folder: SiteFolder, seen: bytes) -> None:
        self._memo, self._folder, self._seen = memo, folder, seen

    def write(self, page: Page, made_of: Iterable[str | bytes], write: Callable[[], None]) -> bool:
        """Have a page written unless it is there. Out comes whether it was written.

        `made_of` is what it is made of and what its head says.
        """
        key = self._memo.key([self._seen, page.file.src_uri, page.update_date, *made_of])
        path, left = page.file.dest_uri, decoded(self._memo.read(LEFT, key), _Written)
        if left is not None and self._folder.leave(path, left.digest):
            self._memo.uses(left.used)
            return False
        used: dict[str, list[bytes]] = {}
        self._memo.follow(used)
        heard = Heard(logging.INFO)
        try:
            write()
        finally:
            self._memo.follow(None)
            heard.end()
        digest = self._folder.digest(path)
        is_new = left is None or left.digest != digest
        if is_new and not heard.heard:  # what there is to say is said by each build
            self._memo.write(LEFT, key, msgspec.msgpack.encode(_Written(digest, used)))
        return True
