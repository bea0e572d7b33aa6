"""Links and pictures of texts that become parts of a role: where they lead from the role's file.

In comes a text with the page it is of; out come the text with new targets, and the pictures to
copy.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable
from urllib.parse import quote, unquote

from onrecord.migration.importing.deciding.beside import MAX_PICTURE
from onrecord.migration.importing.names import safe_name
from onrecord.migration.importing.playbooks.pages import PageKind, RolePage, RolePlan
from onrecord.migration.importing.report import FileOutcome, ImportedFile, Note, NoteKind
from onrecord.records.disk import is_there
from onrecord.records.reading.markdown import links_in
from onrecord.records.vocabulary import PLAYBOOKS_FOLDER, ROLE_FILE
from onrecord.text.slugs import anchor_of


class RoleLinks:
    """Finds new targets. `copies` are the pictures that texts asked for so far."""

    def __init__(self, plan: RolePlan, pages: Iterable[RolePage]) -> None:
        self._plan = plan
        self._pages = {page.text.place: page for page in pages}
        self._headings = Counter(
            (page.role, anchor_of(heading.title))
            for page in self._pages.values()
            for heading in page.text.outline.headings
        )
        self._copies: dict[str, ImportedFile] = {}

    @property
    def copies(self) -> tuple[ImportedFile, ...]:
        """The pictures, each once."""
        return tuple(self._copies.values())

    def relinked(self, text: str, page: RolePage) -> str:
        """A text of a page with the targets of its links as they are from its role's file."""
        parts, done = [], 0
        for place, raw in links_in(text):
            target = self._target(raw, page)
            if target != raw and place >= done:
                parts += [text[done:place], target]
                done = place + len(raw)
        return "".join([*parts, text[done:]])

    def _target(self, raw: str, page: RolePage) -> str:
        written, sign, fragment = raw.partition("#")
        path = unquote(written).replace("\0", "")  # which no file's name has
        here = posixpath.dirname(page.text.place)
        place = posixpath.normpath(posixpath.join(here, path))
        home = f"{PLAYBOOKS_FOLDER}/{page.role}"
        other = self._pages.get(place) or self._pages.get(f"{place}.md")
        if other is not None:
            return self._to_page(other, page, unquote(fragment))
        if place in self._plan.folder.assets:
            return self._to_copy(place, page, home) or raw
        disk = (page.text.disk.parent / path).resolve()
        if disk.is_relative_to(self._plan.root) and is_there(disk):
            inside = disk.relative_to(self._plan.root).as_posix()
            return quote(posixpath.relpath(inside, home)) + sign + fragment
        return self._left(raw, page, "it leads to nothing here, and is kept as it is") or raw

    def _left(self, link: str, page: RolePage, why: str) -> str:
        page.notes.append(Note(NoteKind.LEFT, "link", link, None, why))
        return ""

    def _to_page(self, other: RolePage, page: RolePage, fragment: str) -> str:
        """The address of a page's text in its role. A heading that others have too isn't named."""
        where = "" if other.role == page.role else f"../{quote(other.role)}/{ROLE_FILE}"
        is_there = fragment in {anchor_of(head.title) for head in other.text.outline.headings}
        is_one = is_there and self._headings[other.role, fragment] == 1
        # Any other page is a section of its role, with a heading of its own.
        own = "" if other.kind is PageKind.ROLE else anchor_of(other.title)
        anchor = fragment if fragment and is_one else own
        return where + (f"#{anchor}" if anchor else "") or ROLE_FILE

    def _to_copy(self, place: str, page: RolePage, home: str) -> str:
        """The address of a picture's copy beside the role; two of one name get two names."""
        source, disk = posixpath.join(self._plan.name, place), self._plan.folder.assets[place]
        stem, ending = posixpath.splitext(posixpath.basename(place))
        number, name = 1, safe_name(stem)
        try:
            if disk.stat().st_size > MAX_PICTURE:
                why = f"{disk.stat().st_size / 1e6:.0f} MB are too much to copy; move it yourself"
                return self._left(place, page, why)
            while True:
                path = f"{home}/{name}{f'-{number}' if number > 1 else ''}{ending.lower()}"
                if self._is_free(path, source, disk.read_bytes()):
                    break
                number += 1
        except OSError as error:
            return self._left(place, page, f"can't be read: {error.strerror}")
        return quote(posixpath.relpath(path, home))

    def _is_free(self, path: str, source: str, data: bytes) -> bool:
        """True where this picture can be, or is already; then it is among the copies."""
        known = self._copies.get(path)
        if known is not None:
            return known.source == source
        there = self._plan.root / path
        if there.exists():
            if not there.is_file() or there.read_bytes() != data:
                return False
            item = ImportedFile(source, FileOutcome.PRESENT, path, reason="copied before")
        else:
            disk = self._plan.folder.assets[posixpath.relpath(source, self._plan.name or ".")]
            item = ImportedFile(source, FileOutcome.COPY, path, copied_from=disk)
        self._copies[path] = item
        return True
