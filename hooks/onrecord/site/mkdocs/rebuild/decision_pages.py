"""A decision's page, made again only where something that it shows has changed.

In comes a decision whose page MkDocs is about to read; out comes all that was made of it before:
its HTML and contents, what is beside it, its copy as Markdown, and what the search reads. These
texts are read only where somebody needs them: most pages are in the site already.

Of other records a decision's page shows what their front matter, their conversation and their links
say, a sentence of their text and the passages that it shares with them. So a paragraph more in one
record leaves the pages of all others as they are. Roles and handoffs count with all their text.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure import pages
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents

from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.overview.summary import reason_of, summary_of
from onrecord.precedents.before import Earlier, Later
from onrecord.records.disk import read_file
from onrecord.records.keeping import as_plain, decoded, digest_of, key_for
from onrecord.records.model import NOWHERE, Body, Decision, Link, Record, Remark
from onrecord.search.site_index import Digested, TextLater, digested
from onrecord.site.links import Map, headings_in
from onrecord.site.mkdocs.log import Heard, Said, log, say_again
from onrecord.site.mkdocs.rebuild.conversion import Conversion
from onrecord.site.mkdocs.rebuild.filling import (
    UnknownPartError,
    contents,
    plain,
    refuse_others,
    settings,
)
from onrecord.site.mkdocs.rebuild.memo import DECISION, TEXTS, Memo

if TYPE_CHECKING:
    from onrecord.site.mkdocs.options import BuildOptions

_EVENTS = ("pre_page", "page_read_source", "page_markdown", "page_content")
"""What can change a page before it is made."""
_LOGS = (pages.log, log.logger)


class Texts(msgspec.Struct, array_like=True):
    """All texts that were made of a decision: its page, what is beside it, and its copies."""

    content: str
    rail: str
    copy: str
    searched: str
    toc: list[Any] = []


class MadePage(msgspec.Struct, array_like=True):
    """What there is to know of a decision's page without its texts.

    `copied` is the digest of its copy, `searched` that of what the search reads. `is_drawn` is true
    where it has a diagram, `is_scripted` where it needs the theme's whole script. `said` is what
    there is to say of its links.
    """

    title: str | None
    anchors: list[str | None]
    to_anchors: dict[str, dict[str, str]]
    copied: bytes
    searched: Digested
    is_drawn: bool
    is_scripted: bool
    said: list[Said]
    of: dict[str, list[bytes]]
    """The keys of what it was made of, so that this is kept as well."""

    @property
    def has_text(self) -> bool:
        """Whether there is a text for the search: `serve` makes none at a save."""
        return self.searched[1] > 0


class DecisionPages:
    """Lives for one build. `given` are the pages that have a copy as Markdown.

    `unknown` names what keeps pages from being told from earlier ones.
    """

    def __init__(
        self,
        config: MkDocsConfig,
        options: BuildOptions,
        base: KnowledgeBase,
        files: Files,
        links: Map,
        addresses: Mapping[str, str],
        given: Iterable[str],
        conversion: Conversion,
        memo: Memo,
        ours: object,
    ) -> None:
        self._base, self.memo, self.conversion = base, memo, conversion
        self._encoder = msgspec.msgpack.Encoder(enc_hook=as_plain)
        self.unknown = conversion.unknown
        if self.unknown:
            return
        try:
            refuse_others(config, _EVENTS, ours)
            # How MkDocs judges links says what they become, and what there is to say of them.
            judged = plain(config.validation)
            whole = [settings(config), judged, repr(replace(options, root=Path(), font=None))]
            parts: list[bytes] = [
                conversion.stamp,
                json.dumps(whole).encode(),
                self._encoder.encode([one.getEffectiveLevel() for one in _LOGS]),
                self._encoder.encode([str(base.today), dict(addresses), sorted(given)]),
                self._encoder.encode(_seen_of_map(links)),
                self._encoder.encode([(one.src_uri, one.url, str(one.inclusion)) for one in files]),
                *self._seen_of_library(),
            ]
        except UnknownPartError as error:
            self.unknown = str(error)
        except ValueError:  # signs that no UTF-8 has
            self.unknown = "a name of a file that is no text"
        else:
            self._shared = key_for(b"", parts)

    def open(self, page: Page, decision: Decision, *more: object, searches: bool) -> Making | None:
        """Begin the page of a decision. `more` is what else its making hangs on.

        A build that `searches` needs the text that the search reads.
        """
        if self.unknown or type(page).render is not Page.render:
            return None
        try:
            key = self.memo.key([self._shared, *self._own(page, decision, more)])
        except (TypeError, ValueError, OSError):  # signs that no UTF-8 has; a file that is gone
            return None
        making = Making(page, key, self)
        if searches and making.made is not None and not making.made.has_text:
            making.made = None
        return making

    def _own(self, page: Page, decision: Decision, more: Iterable[object]) -> Iterator[bytes]:
        """What stands for all that is a decision's own."""
        catalogue, encode = self._base.catalogue, self._encoder.encode
        before = catalogue.before
        yield encode([page.file.src_uri, page.url, page.edit_url, *more])
        body = decision.body
        short = Body(line=body.line, heading=body.heading, links=body.links)
        replies = tuple(replace(one, body=Body(line=one.body.line)) for one in decision.replies)
        yield encode(replace(decision, body=short, replies=replies))
        yield encode([body.text, *(one.body.text for one in decision.replies)])
        yield read_file(self._base.root / decision.path)
        yield encode(catalogue.findings_of.get(decision.path, []))
        shown = [
            [_seen_of_earlier(one) for one in before.shown_with(decision)],
            [one.decision.id for one in before.unanswered(decision)],
            [_seen_of_later(one) for one in before.again(decision)],
        ]
        yield encode(shown)

    def _seen_of_library(self) -> Iterator[bytes]:
        """What stands for all that a decision's page shows of any record."""
        library, encode = self._base.library, self._encoder.encode
        for record in (*library.decisions, *library.replies, *library.pages):
            yield encode(_in_short(record))
        for decision in library.decisions:
            yield encode([summary_of(decision), reason_of(decision)])
        for named in (*library.decisions, *library.pages):
            yield encode(headings_in(named.body.text))
        for whole in (*library.roles, *library.handoffs, *library.metrics):
            yield encode(whole)
        yield encode(
            [
                *(dict(library.people), library.has_people_file, dict(library.shown_plain)),
                *map(sorted, (library.assets, library.forge_pages, library.others, library.absent)),
            ]
        )


class Making:
    """One page of a decision. `made` is what an earlier build made of it, or this one; None before.

    `key` stands for all that it is made of; `make` has this build make it.
    """

    def __init__(self, page: Page, key: bytes, pages: DecisionPages) -> None:
        self._page, self.key, self._pages = page, key, pages
        self.made = decoded(pages.memo.read(DECISION, key), MadePage)
        self._texts: Texts | None = None
        self.make: Callable[[], None]

    def take_over(self, files: Files) -> None:
        """Have the page know, and have said, what an earlier build knew and said of it."""
        page, made = self._page, self.made
        assert made is not None
        page.markdown, page._title_from_render = "", made.title
        page.present_anchor_ids = {*made.anchors}  # type: ignore[arg-type]  # None too
        page.links_to_anchors = {
            file: links
            for path, links in made.to_anchors.items()
            if (file := files.get_file_from_path(path)) is not None
        }
        say_again(made.said)
        self._pages.memo.uses({**made.of, TEXTS: [self.key]})
        self._pages.conversion.uses(made.of)

    @property
    def texts(self) -> Texts:
        """The texts of the page, which is made again where they are lost."""
        found = self._texts or decoded(self._pages.memo.read(TEXTS, self.key), Texts)
        if found is None:
            self.make()
            found = self._texts
        assert found is not None
        return found

    @property
    def searched(self) -> str | TextLater:
        """What the search reads: the text of a page that was made now, and others on demand."""
        assert self.made is not None
        if self._texts is not None:
            return self._texts.searched
        return TextLater(self.made.searched, lambda: self.texts.searched)

    def fill_in(self) -> str:
        """Give the page its content. Out comes what is beside it."""
        texts = self.texts
        self._page.content, self._page.toc = texts.content, _contents_of(texts.toc)
        return texts.rail

    def listen(self) -> None:
        """Hear what is said, and what is used, from now on."""
        self._heard = Heard(logging.INFO)
        self._used: dict[str, list[bytes]] = {}
        self._follow(self._used)

    def keep(self, texts: Texts, *, is_drawn: bool, is_scripted: bool) -> None:
        """Keep the page as it was made."""
        self._follow(None)
        self._heard.end()
        page, self._texts = self._page, texts
        texts.toc = [contents(one) for one in page.toc]
        self.made = MadePage(
            page._title_from_render,
            [*(page.present_anchor_ids or ())],
            {file.src_uri: links for file, links in (page.links_to_anchors or {}).items()},
            digest_of(texts.copy.encode("utf-8", "surrogatepass")),
            digested(texts.searched),
            is_drawn,
            is_scripted,
            self._heard.heard,
            self._used,
        )
        encode = msgspec.msgpack.encode
        try:
            rows = [(TEXTS, encode(self._texts)), (DECISION, encode(self.made))]
        except (TypeError, ValueError):  # signs that no UTF-8 has
            log.debug("A page can't be kept")
            return
        for kind, data in rows:
            self._pages.memo.write(kind, self.key, data)

    def forget(self) -> None:
        """Hold no text: what was made is kept, and the page has its own."""
        self._texts = None

    def _follow(self, used: dict[str, list[bytes]] | None) -> None:
        self._pages.memo.follow(used)
        self._pages.conversion.follow(used)


def _contents_of(items: list[Any]) -> TableOfContents:
    def link(title: str, id: str, level: int, children: list[Any]) -> AnchorLink:
        made = AnchorLink(title, id, level)
        made.children = [link(*one) for one in children]
        return made

    links = [link(*one) for one in items]
    if links:
        links[0].active = True  # type: ignore[attr-defined]  # as MkDocs does
    return TableOfContents(links)


def _seen_of_earlier(one: Earlier) -> list[object]:
    answer = [one.is_answered, one.answer]
    return [one.decision.id, one.status, one.closeness, one.score is None, one.why, *answer]


def _seen_of_later(one: Later) -> list[object]:
    return [one.decision.id, one.score is None, one.answer]


def _seen_of_map(links: Map) -> list[object]:
    """All of a map but the texts, whose headings are named beside it."""
    places = [dict(links.pages), dict(links.before)]
    return [links.docs_dir, *places, sorted(links.others), links.forge, sorted(links.imported)]


def _in_short(record: Record) -> Record:
    """A record as others see it: without its text, and without the lines where things stand."""
    links = tuple(Link(one.target, 0) for one in record.body.links)
    short: dict[str, Any] = {
        "body": Body(line=0, heading=record.body.heading, links=links),
        "places": NOWHERE,
    }
    if isinstance(record, Decision):
        short["remarks"] = tuple(map(_without_lines, record.remarks))
        short["acknowledged"] = tuple(map(_without_lines, record.acknowledged))
        short["replies"] = ()  # they are in the library as well
    return replace(record, **short)


def _without_lines(remark: Remark) -> Remark:
    return replace(remark, line=0, answers=tuple(map(_without_lines, remark.answers)))
