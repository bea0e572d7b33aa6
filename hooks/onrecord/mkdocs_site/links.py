"""Links as authors write them on the forge, made to work on the site.

On the forge a link is relative to the file in the repository; MkDocs resolves it relative to the
page's place among the pages, where `docs/` is the root. A Markdown tree processor, run ahead of
MkDocs' own, rewrites the one into the other; MkDocs then validates it as its own.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlsplit, urlunsplit
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.toc import slugify
from markdown.treeprocessors import Treeprocessor
from mkdocs.plugins import get_plugin_logger

log = get_plugin_logger("onrecord")

_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)

AHEAD_OF_RELPATH = 1
"""MkDocs registers its own processor at priority 0; a higher one runs before it."""


@dataclass(slots=True)
class Map:
    """Where everything lies: in the repository, among the pages, and on the forge.

    `pages` leads from a path in the repository to a path among the pages. `forge` is the address
    under which the forge shows a file of the repository, or ''. `before` are the folders in which
    a file lay earlier, by its path; `imported` are the files whose text was written for another
    place, so that some of its links lead nowhere here, and nobody may mend them there. `texts` are
    those of records by their pages, for the headings that links of imported texts lead to.
    """

    docs_dir: str
    pages: Mapping[str, str] = field(default_factory=dict)
    others: frozenset[str] = frozenset()
    forge: str = ""
    before: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    imported: frozenset[str] = frozenset()
    texts: Mapping[str, str] = field(default_factory=dict)

    def in_repository(self, page: str, is_record: bool) -> str:
        """The path in the repository of a page."""
        return page if is_record else posixpath.join(self.docs_dir, page)

    def rewritten(self, link: str, source: str, source_page: str) -> str:
        """A link of the file `source` as MkDocs needs it in the page `source_page`.

        One to a file that the site doesn't hold leads to the forge; '' when no forge is known.
        """
        parts = urlsplit(link)
        is_imported = source in self.imported
        is_rooted = parts.path.startswith("/") and not is_imported
        if parts.scheme or parts.netloc or not parts.path or is_rooted:
            return link
        targets = self._targets(unquote(parts.path), source)
        page = next((self.pages[target] for target in targets if target in self.pages), None)
        if page is None:
            other = next((target for target in targets if target in self.others), None)
            if other is not None:
                return self.forge + quote(other) if self.forge else ""
            return "" if is_imported else link
        path = posixpath.relpath(page, posixpath.dirname(source_page) or ".")
        is_there = not is_imported or unquote(parts.fragment) in self.anchors(page)
        fragment = parts.fragment if is_there else ""
        return urlunsplit(("", "", quote(path), parts.query, fragment))

    def anchors(self, page: str) -> frozenset[str]:
        """The headings of a record's page that an address can name, as far as its text shows."""
        return frozenset(
            slugify(title, "-") for title in _HEADING.findall(self.texts.get(page, ""))
        )

    def _targets(self, path: str, source: str) -> list[str]:
        """What a path may mean in a file: from where it lies, from where it lay, from the root."""
        if path.startswith("/"):
            return [posixpath.normpath(path.lstrip("/"))]
        folders = (posixpath.dirname(source), *self.before.get(source, ()))
        return [posixpath.normpath(posixpath.join(folder, path)) for folder in folders]


class ForgeLinks(Extension):
    """The Markdown extension. `open_page` tells it which file the next text comes from."""

    def __init__(self) -> None:
        super().__init__()
        self.map = Map("docs")
        self.source = self.page = ""

    def open_page(self, source: str, page: str) -> None:
        """The next text to be converted is the file `source`, shown as `page`."""
        self.source, self.page = source, page

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the processor."""
        md.treeprocessors.register(_Rewriter(md, self), "onrecord_links", AHEAD_OF_RELPATH)


class _Rewriter(Treeprocessor):
    def __init__(self, md: Markdown, links: ForgeLinks) -> None:
        super().__init__(md)
        self._links = links

    def run(self, root: Element) -> None:
        links = self._links
        if not links.page:
            return
        ids = {element.get("id") for element in root.iter()}
        for tag, name in (("a", "href"), ("img", "src")):
            for element in root.iter(tag):
                written = element.get(name)
                if written and self._is_lost(written, ids):
                    del element.attrib[name]
                    element.tag = "span"
                    continue
                link = self._rewritten(written) if written else ""
                if link:
                    element.set(name, link)
                elif written:  # right in the repository, nowhere to lead to: the words stay
                    # MkDocs wants an address of every link and image, so it is one no longer.
                    del element.attrib[name]
                    element.tag, element.text = "span", element.get("alt", element.text)

    def _is_lost(self, written: str, ids: set[str | None]) -> bool:
        """True for a place in an imported text that was made there by another tool."""
        is_imported = self._links.source in self._links.map.imported
        return is_imported and written.startswith("#") and unquote(written[1:]) not in ids

    def _rewritten(self, written: str) -> str:
        links = self._links
        try:
            return links.map.rewritten(written, links.source, links.page)
        except ValueError as error:  # `http://[`: MkDocs would end the build with a traceback
            log.warning(f"{links.source}: the address '{written}' can't be read: {error}")
            return quote(written, safe="/:?#@!$&'()*+,;=%")
