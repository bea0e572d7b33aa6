"""Links as authors write them on the forge, made to work on the site.

A Markdown tree processor, run ahead of MkDocs' own, rewrites each by the `Map` of the build; MkDocs
then validates it as its own.
"""

from __future__ import annotations

import posixpath
from html import escape
from urllib.parse import quote, unquote, urlsplit, urlunsplit
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from mkdocs.structure.files import File, Files

from onrecord.records.reading.markdown import html_links_in, written_in
from onrecord.site.links import Map
from onrecord.site.mkdocs.log import log

AHEAD_OF_RELPATH = 1
"""MkDocs registers its own processor at priority 0; a higher one runs before it."""


class ForgeLinks(Extension):
    """The Markdown extension. `open_page` tells it which file the next text comes from.

    `asked` notes each link of a text that may lead within the site, and what it became;
    `asked_in_html` those of a record's HTML.
    """

    def __init__(self) -> None:
        super().__init__()
        self.map = Map("docs")
        self.source = self.page = ""
        self.asked: list[tuple[str, str]] = []
        self.asked_in_html: list[tuple[str, str]] = []
        self._file: File | None = None
        self._files = Files([])

    def open_page(self, source: str, page: str, file: File | None, files: Files) -> None:
        """The next text to be converted is the file `source`, shown as `page`.

        `file` is that of a record's page: links in its HTML are those of the forge as well. In the
        docs they are addresses already, as MkDocs has it.
        """
        self.source, self.page, self._file, self._files = source, page, file, files

    def in_html(self, html: str) -> str:
        """A piece of HTML of a record with addresses for its links."""
        if self._file is None:
            return html
        parts, done = [], 0
        for place, raw in html_links_in(html):
            written = written_in(raw)
            to = self.address(written)
            self.asked_in_html.append((written, to))
            parts += [html[done:place], escape(to) if to else raw]
            done = place + len(raw)
        return "".join((*parts, html[done:]))

    @property
    def is_record(self) -> bool:
        """True where the next text is a record's."""
        return self._file is not None

    def address(self, written: str) -> str:
        """Where a link in a record's HTML leads from its page; '' for one that isn't known."""
        try:
            link = self.map.rewritten(written, self.source, self.page)
            parts = urlsplit(link)
        except ValueError:
            return ""
        if parts.scheme or parts.netloc or not parts.path:
            return link
        path = posixpath.join(posixpath.dirname(self.page), unquote(parts.path))
        file = self._files.get_file_from_path(posixpath.normpath(path))
        if file is None or self._file is None:
            return ""
        return urlunsplit(("", "", file.url_relative_to(self._file), parts.query, parts.fragment))

    def rewritten(self, written: str) -> str:
        """A link of that page as MkDocs needs it; '' where it leads nowhere."""
        try:
            return self.map.rewritten(written, self.source, self.page)
        except ValueError as error:  # `http://[`: MkDocs would end the build with a traceback
            log.warning(f"{self.source}: the address '{written}' can't be read: {error}")
            return quote(written, safe="/:?#@!$&'()*+,;=%")

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
        # Raw HTML isn't in the tree: Markdown keeps it aside and puts it back when all processors
        # are done.
        blocks = self.md.htmlStash.rawHtmlBlocks
        for number, html in enumerate(blocks):
            if isinstance(html, str) and "<" in html:
                blocks[number] = links.in_html(html)
        # toc ran before and gave every heading its id.
        ids = {element.get("id") for element in root.iter()}
        for tag, name in (("a", "href"), ("img", "src")):
            for element in root.iter(tag):
                written = written_in(element.get(name) or "")
                if written and self._is_lost(written, ids):
                    del element.attrib[name]
                    element.tag = "span"
                    continue
                link = links.rewritten(written) if written else ""
                # What leads to another host as it is can't change with the site, so the kept HTML
                # needs no look at it.
                if written and ("://" not in written or link != written):
                    links.asked.append((written, link))
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
