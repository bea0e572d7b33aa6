"""Links as authors write them on the forge, and where they lead among the pages of a site.

On the forge a link is relative to the file in the repository; a page's links are relative to its
place among the pages, where `docs/` is the root. In comes where everything is; out come links
rewritten from the one to the other.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from markdown.extensions.toc import slugify

from onrecord.records.findings import Finding
from onrecord.records.library import Library
from onrecord.records.reading.markdown import links_in, written_in
from onrecord.records.vocabulary import DECISIONS_FOLDER, PLAYBOOKS_FOLDER

_LINE_OF_TARGET = re.compile(r"[^\n]*?\)")
_HEADING = re.compile(r"#(?<=^#)#{0,5}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
"""That it begins with a sign, and not with a look at each place, makes it three times as quick."""

_IN_HTML = re.compile(r"(?:src|href)=[\"']?\Z", re.IGNORECASE)

FORGE_INDEXES = {
    f"{DECISIONS_FOLDER}/README.md": f"{DECISIONS_FOLDER}/index.md",
    DECISIONS_FOLDER: f"{DECISIONS_FOLDER}/index.md",
    f"{PLAYBOOKS_FOLDER}/README.md": f"{PLAYBOOKS_FOLDER}/index.md",
    PLAYBOOKS_FOLDER: f"{PLAYBOOKS_FOLDER}/index.md",
}
"""What a forge shows for a folder is the site's index of it."""


def is_dead_in_html(library: Library, found: Finding) -> bool:
    """True for a finding on a link in HTML that leads nowhere.

    In an imported text such a link becomes its words, and nobody may fix it there.
    """
    record = library.by_path.get(found.path)
    if found.code != "link-nowhere" or record is None or getattr(record, "imported", None):
        return False
    lines = record.body.text.split("\n")
    at = found.line - record.body.line
    return 0 <= at < len(lines) and bool(_IN_HTML.search(lines[at][: found.column - 1]))


@dataclass(slots=True)
class Map:
    """Where everything is: in the repository, among the pages, and on the forge.

    `pages` leads from a path in the repository to a path among the pages. `forge` is the address
    under which the forge shows a file of the repository, or ''. `before` are the folders in which
    a file lay earlier, by its path; `imported` are the files whose text was written for another
    place, so that some of its links lead nowhere here, and nobody may fix them there. `texts` are
    those of records by their pages, for the headings that links of imported texts lead to;
    `slugify` makes the id of a heading.
    """

    docs_dir: str
    pages: Mapping[str, str] = field(default_factory=dict)
    others: frozenset[str] = frozenset()
    forge: str = ""
    before: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    imported: frozenset[str] = frozenset()
    texts: Mapping[str, str] = field(default_factory=dict)
    slugify: Callable[[str, str], str] = slugify

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
            # What is in the repository and not on the site, such as source code.
            other = next((target for target in targets if target in self.others), None)
            if other is not None:
                return self.forge + quote(other) if self.forge else ""
            return "" if is_imported else link
        path = posixpath.relpath(page, posixpath.dirname(source_page) or ".")
        fragment = parts.fragment
        if is_imported:
            # Another tool made its ids in its own way; a fragment that no heading here has is left
            # out, and the link leads to the page.
            fragment = self.anchors(page).get(unquote(fragment), "")
        return urlunsplit(("", "", quote(path), parts.query, fragment))

    def anchors(self, page: str) -> Mapping[str, str]:
        """The headings of a record's page that an address can name, as far as its text shows.

        From the id that forges make of a heading, and from the site's own, to the site's.
        """
        found: dict[str, str] = {}
        for title in headings_in(self.texts.get(page, "")):
            here = self.slugify(title, "-")
            found.setdefault(here, here)
            found.setdefault(forge_anchor(title), here)
        return found

    def _targets(self, path: str, source: str) -> list[str]:
        """What a path may mean in a file: from where it lies, from where it lay, from the root."""
        if path.startswith("/"):
            return [posixpath.normpath(path.lstrip("/"))]
        folders = (posixpath.dirname(source), *self.before.get(source, ()))
        return [posixpath.normpath(posixpath.join(folder, path)) for folder in folders]


def headings_in(text: str) -> list[str]:
    """The headings of a text that an address can name."""
    return _HEADING.findall(text)


def forge_anchor(title: str) -> str:
    """The id that GitHub and GitLab make of a heading: signs go, each space becomes a dash."""
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", title.strip().lower()))


def map_of(library: Library, docs_dir: str, pages: Mapping[str, str], forge: str) -> Map:
    """The map of a library whose files are at `pages`; links by old paths lead to the new ones."""
    known = dict(pages)
    for old, now in library.moved.items():
        if now in pages:
            known.setdefault(old, pages[now])
    return Map(
        docs_dir,
        known,
        library.others,
        forge,
        {d.path: tuple(map(posixpath.dirname, d.old_paths)) for d in library.decisions},
        frozenset(d.path for d in library.decisions if d.imported),
        {pages[r.path]: r.body.text for r in library.by_path.values() if r.path in pages},
    )


def with_links(text: str, source: str, page: str, links: Map) -> str:
    """The text of the file `source` with its links as they work in the page `page`.

    A link to a file that the tree doesn't hold, and for which no forge is known, becomes its words.
    """
    parts: list[str] = []
    done = 0
    for place, raw in links_in(text):
        written = written_in(raw)
        try:
            link = links.rewritten(written, source, page)
        except ValueError:  # `http://[`: left as it is, for the reader of the page
            continue
        if link == written or place < done:
            continue
        if written != raw:
            link = escape(link)
        if link:
            parts += (text[done:place], link)
            done = place + len(raw)
        elif span := _around(text, place):
            start, words, end = span
            if start >= done:
                parts += (text[done:start], words)
                done = end
    return "".join((*parts, text[done:]))


def _around(text: str, place: int) -> tuple[int, str, int] | None:
    """The whole of the inline link whose target is at `place`: its start, words and end."""
    middle = text.rfind("](", 0, place)
    closed = _LINE_OF_TARGET.match(text, place)
    if middle < 0 or closed is None or text[middle + 2 : place].strip(" <\n"):
        return None
    depth, at = 1, middle - 1
    while at >= 0 and depth:
        if text[at] in "[]" and text[at - 1 : at] != "\\":
            depth += 1 if text[at] == "]" else -1
        at -= 1
    if depth:
        return None
    start = at + 1
    words = text[start + 1 : middle]
    return (start - (text[start - 1 : start] == "!"), words, closed.end())
