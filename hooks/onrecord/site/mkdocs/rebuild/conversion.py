"""From Markdown to HTML as MkDocs does it, but no text twice.

In comes a page that MkDocs is about to render; out comes the same page, rendered. A converter
serves one text after another, and HTML is kept under a digest of its text and of all settings. Each
link in it is resolved anew, and must lead where it led: where it doesn't, the text is converted
again. So whatever MkDocs says of links is said on each build, and what is kept is never outdated.

Kept HTML goes through the same cleaning as HTML that was made now.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import markdown
import msgspec
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure import pages
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc

from onrecord.records.keeping import Kept, decoded, key_for
from onrecord.site.mkdocs.links import ForgeLinks
from onrecord.site.mkdocs.log import Listener, held_back, log
from onrecord.site.mkdocs.plain_texts import PlainOnFailure
from onrecord.site.mkdocs.rebuild.known import unknown_in, written_as_plain
from onrecord.site.mkdocs.rebuild.memo import stamp_of_site

KIND = "html"

_LINK_LOGS = (pages.log, log.logger)
"""What says something of links, on each build anew."""


class _Html(msgspec.Struct, array_like=True):
    """What a text was converted to. `forge`, `html` and `links` are addresses before and after."""

    content: str
    toc: list[Any]
    title: str | None
    anchors: list[str | None]
    forge: list[tuple[str, str]]
    links: list[tuple[str, str]]
    html: list[tuple[str, str]]


class Conversion:
    """Lives for one build. `close` keeps what was made."""

    def __init__(
        self, config: MkDocsConfig, links: ForgeLinks, net: PlainOnFailure, kept: Kept
    ) -> None:
        self._config, self._links, self._net, self._kept = config, links, net, kept
        self._converter: markdown.Markdown | None = None
        # Ours are given a text at a time, and ask for nothing but it and its links.
        extensions: list[Any] = config.markdown_extensions
        theirs = [one for one in extensions if one is not links and one is not net]
        options = config.mdx_configs or {}
        self.unknown = unknown_in(theirs, options)
        self._encoder = msgspec.msgpack.Encoder()
        self.stamp = b""
        if not self.unknown:
            heard = bytes([log.logger.isEnabledFor(logging.INFO)])
            self.stamp = key_for(stamp_of_site(), (written_as_plain([theirs, options]), heard))

    def take_over(self, page: Page, *, keeps: bool = True) -> None:
        """Have a page rendered here; one that a plugin renders in its own way is left to it."""
        if not self.unknown and type(page).render is Page.render:

            def render(config: MkDocsConfig, files: Files) -> None:
                self.render(page, files, keeps=keeps)

            page.render = render  # type: ignore[method-assign]

    def render(self, page: Page, files: Files, *, keeps: bool = True) -> None:
        """Do what MkDocs' own `render` does."""
        if self.unknown:
            Page.render(page, self._config, files)
            return
        assert page.markdown is not None
        key = self._key(page.markdown) if keeps else b""
        found = decoded(self._kept.read(KIND, key), _Html) if key else None
        resolver = _Resolver(page.file, files, self._config)
        if found is None or not self._leads_the_same(found, resolver):
            resolver = _Resolver(page.file, files, self._config)
            found, is_whole = self._converted(page.markdown, resolver)
            if key and is_whole:
                try:
                    self._kept.write(KIND, key, self._encoder.encode(found))
                except (TypeError, ValueError):  # signs that no UTF-8 has
                    log.debug(f"{page.file.src_uri} can't be kept")
        page.content = found.content
        page.toc = get_toc(found.toc)
        page._title_from_render = found.title
        page.present_anchor_ids = {*found.anchors}  # type: ignore[arg-type]  # MkDocs has None too
        if pages.log.getEffectiveLevel() > logging.DEBUG:
            page.links_to_anchors = resolver.links_to_anchors

    def follow(self, used: dict[str, list[bytes]] | None) -> None:
        """Note from now on which of what is kept is used."""
        self._kept.follow(used)

    def uses(self, used: Mapping[str, list[bytes]]) -> None:
        """Say that these are of use, though nobody asks for them."""
        self._kept.uses(KIND, used.get(KIND, ()))

    def close(self, *, is_whole: bool) -> None:
        """Keep what was made. After a build of all pages, what is of no more use is taken away."""
        self._kept.close(*([KIND] if is_whole else []))

    def _key(self, text: str) -> bytes:
        is_imported = self._links.source in self._links.map.imported
        return key_for(self.stamp, (bytes([is_imported, self._links.is_record]), text))

    def _leads_the_same(self, found: _Html, resolver: _Resolver) -> bool:
        """Whether each link leads where it led; what there is to say of them is said if so."""
        is_same, say = held_back(
            _LINK_LOGS,
            lambda: (
                all(self._links.rewritten(one) == link for one, link in found.forge)
                and all(self._links.address(one) == link for one, link in found.html)
                and all(resolver.path_to_url(one) == link for one, link in found.links)
            ),
        )
        if is_same:
            say()
        return is_same

    def _converted(self, text: str, resolver: _Resolver) -> tuple[_Html, bool]:
        """The HTML of a text; and whether it was converted without a word that is said once."""
        if self._converter is None:
            self._converter = markdown.Markdown(
                extensions=self._config["markdown_extensions"],
                extension_configs=self._config["mdx_configs"] or {},
            )
        converter, self._converter = self._converter, None  # one that fails serves no other text
        converter.reset()
        # The four that MkDocs registers with each converter it makes, one for each page. They hold
        # the page, so each text needs its own.
        raw, anchors, title = (
            pages._RawHTMLPreprocessor(),
            pages._ExtractAnchorsTreeprocessor(resolver.file, resolver.files, self._config),
            pages._ExtractTitleTreeprocessor(),
        )
        raw._register(converter)
        anchors._register(converter)
        resolver._register(converter)
        title._register(converter)
        self._links.asked.clear()
        self._links.asked_in_html.clear()
        failures = self._net.failures
        with Listener(_LINK_LOGS) as listener:
            content = converter.convert(text)
        self._converter = converter
        found = _Html(
            content,
            getattr(converter, "toc_tokens", []),
            title.title,
            [*(anchors.present_anchor_ids | raw.present_anchor_ids)],
            [*self._links.asked],
            resolver.asked,
            [*self._links.asked_in_html],
        )
        return found, not listener.heard and failures == self._net.failures


class _Resolver(pages._RelativePathTreeprocessor):
    """MkDocs' own, which also notes what it was asked."""

    def __init__(self, file: Any, files: Files, config: MkDocsConfig) -> None:
        super().__init__(file, files, config)
        self.asked: list[tuple[str, str]] = []

    def path_to_url(self, url: str) -> str:
        """The address of a link on the site."""
        found = super().path_to_url(url)
        if "://" not in url or found != url:  # others are left as they are
            self.asked.append((url, found))
        return found
