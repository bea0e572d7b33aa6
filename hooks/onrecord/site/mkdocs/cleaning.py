"""The one door by which a text reaches a page: HTML, contents, ids, title and front matter.

In comes a page as Markdown and MkDocs made it; what a theme prints of it afterwards is harmless.
A record always goes through. A page of the docs goes through unless the owner of the site vouches
for all of them, with `docs: trusted`.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Iterator
from html import escape, unescape
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, get_toc

from onrecord.site.contents import contents_of
from onrecord.site.mkdocs.log import log
from onrecord.site.mkdocs.plugins import neighbours
from onrecord.site.mkdocs.plugins.diagrams import MATERIALS_CLASS, Diagrams
from onrecord.site.mkdocs.policy import PagePolicy
from onrecord.site.mkdocs.rebuild.memo import CLEAN, Memo
from onrecord.site.safety import (
    Sanitiser,
    acting_elements,
    front_as_printed,
    plain_id,
    words_of,
)

TRUSTED, CLEANED = "trusted", "cleaned"
"""What `extra: onrecord: docs:` may say of the pages in docs/."""

_TAKEN_OUT = (
    "{}: {} could run, so it was removed. If only people you trust change docs/, set "
    "`extra: onrecord: docs: trusted` in mkdocs.yml"
)


_PLAIN = re.compile(r"""[\w ,;?!'"()’“”–—€%…]*(?:\.(?=\s|\Z)[\w ,;?!'"()’“”–—€%…]*)*""")
"""One line of words without a sign that Markdown reads; most of what people say is that."""
_ID = re.compile(r"""(<[a-z][a-z0-9]*\b(?:[^<>"]|"[^"]*")*?)\sid="[^"]*\"""")
_HEADING = re.compile(r"<(h[1-6])\b[^>]*>(.*?)</\1>", re.DOTALL)


class Door:
    """Lives for one build."""

    def __init__(self, config: MkDocsConfig, policy: PagePolicy, docs: str, memo: Memo) -> None:
        self._toc = config.mdx_configs.get("toc") or {}
        self._policy, self.cleans_docs = policy, docs != TRUSTED
        self.diagrams = Diagrams(config)
        # Material fetches a script from another host for this class. The policy refuses that, and
        # the error would end the page's other scripts.
        without = [MATERIALS_CLASS] if self.diagrams.are_ours else []
        classes = {*_classes_of(config), MATERIALS_CLASS, *neighbours.classes(config)}
        marks = neighbours.MARKS
        self._records = Sanitiser(classes, without=without, marks=marks)
        self._memo, self._settings = memo, repr((sorted(classes), without, marks))
        self._docs = Sanitiser(classes, is_docs=True, frames=policy.frames, without=without)

    def record(self, page: Page, html: str) -> str:
        """The HTML of a record, made harmless; the page's table of contents is made of it anew."""
        html = self.diagrams.as_code(html)
        parts = [self._settings, html]
        clean = self._memo.text(CLEAN, parts, lambda: self._records.harmless(html))
        # MkDocs made one of the raw text, with headings that the cleaning may have changed or taken
        # out.
        self.contents(page, clean)
        _name_ids(page)
        return clean

    def contents(self, page: Page, html: str) -> None:
        """Make the page's table of contents of its HTML."""
        page.toc = get_toc(contents_of(html, self._toc))

    def voice(self, html: str) -> str:
        """The HTML of what somebody said: harmless, without headings and ids of its own."""
        clean = _ID.sub(r"\1", self._records.harmless(self.diagrams.as_code(html)))
        # A heading in somebody's reply would be one of the page, and in its contents.
        return _HEADING.sub(r"<p><strong>\2</strong></p>", clean)

    def docs(self, page: Page, html: str) -> str:
        """The same for a page of the docs; what is taken out of it is said."""
        html = self.diagrams.as_code(html)
        if not self.cleans_docs:
            self._policy.trust(html)
            return html
        if acting := acting_elements(html, self._policy.frames):
            log.warning(_TAKEN_OUT.format(page.file.src_uri, ", ".join(acting)))
        _clean_contents(page.toc.items)
        _name_ids(page)
        page.meta = front_as_printed(page.meta)
        title = str(page.title or "")
        if "title" not in page.meta and re.search("[<>&\"']", title):
            # Material's <title> turns the references of a heading back into signs, but not of this.
            page.meta["title"] = escape(unescape(title))
        return self._docs.harmless(html)


class Voices:
    """What people said of a record, by the same way as its own text. Lives for one page.

    Each voice is converted by itself, so that an open fence in one swallows no other. `made` is
    the HTML of all it converted, for the search.
    """

    def __init__(
        self, door: Door, page: Page, config: MkDocsConfig, render: Callable[[Page], None]
    ) -> None:
        self._door, self._render = door, render
        self._page, self._config = page, config
        self.made: list[str] = []

    def rendered(self, text: str) -> str:
        """The harmless HTML of what somebody said."""
        text = text.strip()
        html = f"<p>{escape(text, quote=False)}</p>" if _PLAIN.fullmatch(text) else self._of(text)
        if text:
            self.made.append(html)
        return html if text else ""

    def _of(self, text: str) -> str:
        """MkDocs renders pages, so the voice is one for a moment; the file stays its page's."""
        page = Page(None, copy.copy(self._page.file), self._config)
        page.markdown = text
        self._render(page)
        return self._door.voice(page.content or "")


def _name_ids(page: Page) -> None:
    """Tell MkDocs the ids as the page has them, so that it finds links to them right."""
    if page.present_anchor_ids is not None:
        # MkDocs notes None for an id without a value, such as that of `<a id>`.
        page.present_anchor_ids |= {plain_id(one) for one in page.present_anchor_ids if one}


def _clean_contents(items: list[AnchorLink]) -> None:
    waiting = [*items]
    while waiting:
        item = waiting.pop()
        item.id = plain_id(unescape(item.id))
        item.title = words_of(item.title)
        waiting += item.children


def _classes_of(config: MkDocsConfig) -> Iterator[str]:
    """The classes that this site's own settings give to what Markdown makes."""
    options: dict[str, dict[str, Any]] = config.mdx_configs or {}
    names: list[Any] = []
    for extension in options.values():
        names += [value for key, value in extension.items() if key.endswith("class")]
        fences = extension.get("custom_fences")
        names += [one.get("class") for one in _mappings(fences)]
    for name in names:
        if isinstance(name, str):
            yield from name.split()


def _mappings(value: object) -> Iterable[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
