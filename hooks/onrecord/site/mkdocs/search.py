"""The search of one run of MkDocs: which pages go into the index, and when it is made.

In come the pages of a build with their content; out comes `pagefind/` in the site. The index is
made while MkDocs renders the pages, once all of them are read. A build without it fails; `serve`
goes on with a warning, makes it once in the background, and keeps it from build to build.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from html import unescape
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.pages import Page

from onrecord.overview.catalogue import Catalogue
from onrecord.records.model import Record
from onrecord.search.facets import OF_DOCS, PERSON, PLAYBOOK, FacetReader, Facets
from onrecord.search.pagefind import NoIndexError, is_extended, program
from onrecord.search.site_index import FOLDER, SearchIndex, TextLater
from onrecord.site.mkdocs.log import log
from onrecord.site.mkdocs.rebuild.folder import SiteFolder
from onrecord.site.pages import SearchSource, Views, about, places
from onrecord.text.progress import Progress, silent

SEGMENTED = ("zh", "ja", "th")
"""Languages written without spaces, for which the extended Pagefind finds words in a sentence."""


class Search:
    """Lives as long as the process; `open` begins each build."""

    def __init__(self) -> None:
        self.serving = self.dirty = False
        self._index: SearchIndex | None = None
        self._facets: FacetReader
        self._source: SearchSource
        self._addresses: Mapping[str, str] = {}
        self._kept: SearchIndex | None = None
        self._made: Future[None] | None = None
        self._site: SiteFolder | None = None
        self._lock = threading.Lock()

    def open(
        self,
        config: MkDocsConfig,
        wanted: bool,
        cache: Path | None = None,
        progress: Progress = silent,
    ) -> None:
        """Begin a build: see at once that Pagefind is there, and not after all pages.

        `cache` is the folder in which indexes are kept from build to build.
        """
        self.drop()
        if not wanted or self.dirty or self._kept is not None:
            return
        try:
            executable = program()
        except NoIndexError as error:
            self._give_up(error)
            return
        language = language_of(config)
        if language.split("-")[0] in SEGMENTED and not is_extended(executable):
            log.warning(
                f"The search finds no word inside a sentence of this language ({language}): that "
                "takes Pagefind's extended build. Add `pagefind[extended]` to requirements.txt, "
                "and run: pip install 'pagefind[extended]'"
            )
        self._index = SearchIndex(
            executable,
            language,
            folders=config.use_directory_urls,
            cache=cache,
            progress=progress,
        )

    def read(self, catalogue: Catalogue, views: Views, addresses: Mapping[str, str]) -> None:
        """The library of this build is read; `addresses` are filled before the first page."""
        index = self._index
        if index is not None:
            self._facets = FacetReader(catalogue)
            self._source = views.search_source(index.language)
            self._addresses = addresses
            index.labels = self._facets.labels
            index.nearest = catalogue.before.searches and views.features.has_forms

    @property
    def is_open(self) -> bool:
        """Whether pages are taken in."""
        return self._index is not None

    def text_of(self, html: str, record: Record) -> str:
        """What the index reads of a record whose page has this text."""
        if self._index is None:
            return ""
        return self._written(record.title, html, self._facets.of(record), about(record))

    def take(self, page: Page, record: Record, text: str | TextLater) -> None:
        """Take the page of a record in, of which the index reads this text."""
        if (index := self._taking(page)) is not None:
            self._add(index, page, record.title, text, self._facets.of(record))

    def take_docs(self, page: Page, html: str) -> None:
        """Take a page of the docs in."""
        if (index := self._taking(page)) is not None:
            title = unescape(str(page.title or ""))
            self._add(index, page, title, self._written(title, html, OF_DOCS, ""), OF_DOCS)

    def _taking(self, page: Page) -> SearchIndex | None:
        """The index, unless the front matter of a page or a password keeps it out."""
        kept_out = page.meta.get("search")
        if self._index is None or (isinstance(kept_out, dict) and kept_out.get("exclude")):
            return None
        if is_locked(page):
            log.info(f"{page.file.src_uri}: a password protects it, so the search leaves it out")
            return None
        return self._index

    def take_person(self, page: Page, handle: str) -> None:
        """Take the page of a person in: by their name and handle, not by what waits for them."""
        if self._index is not None:
            facets = self._facets.of_person(handle)
            title = self._facets.labels["person"].get(handle.casefold()) or f"@{handle}"
            text = self._written(title, "", facets, f"What waits for @{handle}.")
            self._add(self._index, page, title, text, facets)

    def _written(self, title: str, html: str, facets: Facets, about: str) -> str:
        return self._source.of(title, html, facets, self._addresses.__getitem__, about)

    def _add(
        self, index: SearchIndex, page: Page, title: str, text: str | TextLater, facets: Facets
    ) -> None:
        index.add(page.url, text)
        index.know((title, facets.id, *facets.tags))
        if facets.kind in (PERSON, PLAYBOOK):
            index.called.update(facets.names)

    def start(self, site: SiteFolder, *, waits: bool = False) -> str:
        """All pages are read: make the index. Out comes the version that pages are to name, or ''.

        An index that `waits` for the pages of further languages is made by `finish`.
        """
        self._site = site
        index = self._index or self._kept
        if self._index is not None and not waits:
            self._make(self._index)
        return index.version if index is not None else ""

    def _make(self, index: SearchIndex) -> None:
        index.form = self._addresses.get(places.START, "")
        index.fetch()
        self._index = None
        self._kept = index
        # Pagefind is a process of its own, so it runs beside MkDocs as it fills the pages.
        pool = ThreadPoolExecutor(1, "onrecord-search")
        self._made = pool.submit(index.make)
        pool.shutdown(wait=False)

    @property
    def is_made(self) -> bool:
        """Whether an index is made, which puts itself into the site."""
        return self._made is not None

    def finish(self) -> None:
        """All pages are written: put the index beside them, whole or not at all."""
        if self._index is not None:
            self._make(self._index)
        made, kept = self._made, self._kept
        if made is None or kept is None or self._site is None:
            return
        self._site.put(places.SEARCH_BUILD, json.dumps({"build": kept.build}).encode())
        # A reload mustn't wait for the index; it is put into the site once it is there.
        if self.serving and not made.done():
            made.add_done_callback(lambda _: self._put())
            return
        self._put()
        if not self.serving:
            self.close()

    def _put(self) -> None:
        # `serve` may end a build while the thread of an earlier one puts its index.
        with self._lock:
            made, kept, site = self._made, self._kept, self._site
            if made is None or kept is None or site is None:
                return
            try:
                made.result()
                kept.put(site.put)
                site.tidy(f"{FOLDER}/")
            except NoIndexError as error:
                self._give_up(error)
            except OSError as error:
                self._give_up(NoIndexError(f"the search index can't be written: {error}"))

    def _give_up(self, error: NoIndexError) -> None:
        if self.serving:
            log.warning(f"No search: {error}")
        else:
            self.close()
            raise PluginError(f"No search: {error}") from None

    def drop(self) -> None:
        """Forget a build that came to no end."""
        if self._index is not None:
            self._index.close()
            self._index = None

    def close(self) -> None:
        """End the run: nothing stays but what was put into the site."""
        self.drop()
        made, kept = self._made, self._kept
        self._made = self._kept = None
        if made is not None:
            made.cancel()
            # It waits for the thread, which still writes into the folder that goes now.
            made.exception() if not made.cancelled() else None
        if kept is not None:
            kept.close()


_LOCKS = ("password", "encrypt", "obfuscate", "use_secret")


def is_locked(page: Page) -> bool:
    """True for a page that a plugin will encrypt, after its text would be in the index.

    Such plugins are told by front matter, or leave a note on the page (encryptcontent does).
    """
    told = (str(key).lower() for key in (*page.meta, *vars(page)))
    return any(lock in key for key in told for lock in _LOCKS)


def language_of(config: MkDocsConfig) -> str:
    """The language of the site, whose word stems the search compares."""
    theme = config.theme
    named = theme.get("language") or theme.get("locale") or "en"
    language = str(named).replace("_", "-").lower()
    # Pagefind knows Norwegian by one name.
    return "no" if language.split("-")[0] in ("nb", "nn") else language
