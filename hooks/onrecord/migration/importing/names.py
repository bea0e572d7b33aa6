"""Where an imported record lies: its old name where a disk, an address and a forge can carry it.

In come the places of files; out come paths below `decisions/`. An old name is kept as it is
wherever that works, because the texts link to each other by it, on the forge too.
"""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Iterable
from itertools import chain, count

from onrecord.drafting.drafts import RESERVED
from onrecord.migration.importing.reading.source import SourceText
from onrecord.migration.importing.reading.titles import without_ids
from onrecord.text.paths import name_for_all_disks
from onrecord.text.slugs import MAX_SLUG_BYTES, page_name

_PLAIN = frozenset("-_.")


class Names:
    """Hands out paths; no two records get one id, in any case of letters."""

    def __init__(self, into: str, ids: Iterable[str]) -> None:
        self._into = into
        self._ids = {one.casefold() for one in ids}

    def path_for(self, text: SourceText) -> str:
        """A path that no other record has: the old name, if need be with its folder before it."""
        folder = self.folder_of(text.place)
        stem = safe_name(without_ids(text.stem))
        above = posixpath.basename(folder) if folder != self._into else ""
        wanted = chain(
            [stem, *([f"{above}-{stem}"] if above else [])],
            (f"{stem}-{number}" for number in count(2)),
        )
        free = next(name for name in wanted if name.casefold() not in self._ids)
        self._ids.add(free.casefold())
        return f"{folder}/{free}.md"

    def folder_of(self, place: str) -> str:
        """The folder in which a file is once it is imported."""
        parts = [safe_name(part) for part in place.split("/")[:-1]]
        return "/".join([self._into, *parts])


def safe_name(name: str) -> str:
    """A name as it is, or as a slug where it holds spaces, signs or a word that is taken.

    One that Windows keeps for a device gets another end: `con-record`.
    """
    name = unicodedata.normalize("NFC", name)
    plain = all(_is_plain(sign) for sign in name) and name.strip("-_.") == name
    fits = len(name.encode()) <= MAX_SLUG_BYTES
    if plain and fits and name and name.casefold() not in RESERVED:
        return name_for_all_disks(name)
    slug = name_for_all_disks(page_name(name))
    return f"{slug}-record" if slug in RESERVED else slug


def _is_plain(sign: str) -> bool:
    return sign.isalnum() or sign in _PLAIN or unicodedata.category(sign) in ("Mn", "Mc")
