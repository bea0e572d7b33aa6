"""The pictures of one build: which records have one, where each is, and that it is written.

In come the records that have a page; out come addresses from the site's root, and files. What was
drawn before is taken from the cache, by all that it is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from urllib.parse import quote

from onrecord.overview.catalogue import Catalogue
from onrecord.records.keeping import Kept, key_for, secret_of_user, stamp_of
from onrecord.records.model import Decision, Handoff, Metric, Record, Role
from onrecord.site.pages import places
from onrecord.site.pictures.pen import Pen
from onrecord.site.pictures.poster import Poster, poster_of
from onrecord.text.progress import Progress

KIND = "picture"
CODE = ("site/pictures", "site/pages/assets/look", "site/mkdocs/theme/.icons")
"""The folders of what draws, the shapes included."""


class Previews:
    """Lives for one build; `site` is the site's name.

    `unread` are the records whose titles have a letter that no font holds. They have no picture.
    """

    def __init__(
        self, pen: Pen, catalogue: Catalogue, site: str, shown: Mapping[str, Record]
    ) -> None:
        self._pen = pen
        self._posters: dict[str, tuple[Poster, bytes]] = {}
        self.unread: list[str] = []
        for path, record in shown.items():
            if not isinstance(record, Decision | Role | Handoff | Metric):
                continue
            poster = poster_of(record, catalogue, site)
            if pen.draws(poster):
                self._posters[path] = poster, key_for(stamp_of(*CODE), pen.key(poster))
            else:
                self.unread.append(path)

    def address(self, path: str) -> str:
        """Where the picture of a record is, from the site's root; '' where it has none.

        A chat keeps what it fetched, so a picture that says something else has another address.
        """
        if path not in self._posters:
            return ""
        return f"{quote(_file(path))}?{self._posters[path][1].hex()[:8]}"

    def said(self, path: str) -> str:
        """What a picture says, for whoever can't see it."""
        poster = self._posters[path][0]
        return ". ".join(filter(None, (poster.title, poster.state, *poster.facts)))

    def write(
        self,
        put: Callable[[str, bytes], None],
        cache: Path | None,
        taken: Collection[str],
        progress: Progress,
    ) -> None:
        """Put each picture into the site, except those whose place a file of docs/ has taken."""
        kept = Kept(cache, "pictures", secret_of_user())
        for path, (poster, key) in progress("Drawing pictures", self._posters.items()):
            if _file(path) in taken:
                continue
            data = kept.read(KIND, key)
            if data is None:
                data = self._pen.png(poster)
                kept.write(KIND, key, data)
            put(_file(path), data)
        kept.close(KIND)


def _file(path: str) -> str:
    return f"{places.PICTURES}/{path.removesuffix('.md')}.png"
