"""What happens at each of MkDocs' events, in the order of a build.

on_config → on_pre_build (where nothing has changed, nothing is left to do) → on_files (everything
is read, every file and page is made) → for each page: on_page_read_source → on_page_markdown →
on_page_content, then on_env (the search index is begun), on_post_page for each, and on_post_build
(the index is beside the pages).
"""

from __future__ import annotations

import gc
import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import quote

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import CombinedEvent, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from onrecord.forges.hosts import shown_under
from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.overview.summary import sentence_of
from onrecord.precedents import browser_index
from onrecord.records import clock
from onrecord.records.keeping import Digests, Kept, cache_of
from onrecord.records.model import Decision, Handoff, Role
from onrecord.records.reading.markdown import in_order_of
from onrecord.records.settings import published_at
from onrecord.records.shapes import ROLE
from onrecord.records.vocabulary import DECISIONS_FOLDER, PLAYBOOKS_FOLDER
from onrecord.search.site_index import FOLDER
from onrecord.site.addresses import addresses_from, markdown_of
from onrecord.site.copies import Copies
from onrecord.site.links import is_dead_in_html
from onrecord.site.made_files import MadeFiles, SiteName, made_files
from onrecord.site.mkdocs import search_box
from onrecord.site.mkdocs.adding import (
    add_files,
    add_pages,
    add_redirects,
    addresses_of_docs,
    previews_of,
    published_beside,
    refuse_endless,
    unread,
)
from onrecord.site.mkdocs.assets import (
    choose_lean,
    clean_docs,
    load_assets,
    needs_whole_script,
    override_theme,
    use_whole_script,
    write_sheets,
)
from onrecord.site.mkdocs.cleaning import Door, Voices
from onrecord.site.mkdocs.framing import (
    FIRST_HEADING,
    at_home,
    link_to,
    mark_word,
    preview,
    set_in,
)
from onrecord.site.mkdocs.links import ForgeLinks
from onrecord.site.mkdocs.log import clean_log, log
from onrecord.site.mkdocs.options import BuildOptions, options_of
from onrecord.site.mkdocs.plain_texts import PlainOnFailure, shown_plain
from onrecord.site.mkdocs.plugins import neighbours
from onrecord.site.mkdocs.plugins.languages import (
    has_languages,
    is_further,
    is_home,
    is_repeated,
    list_in_sitemap,
)
from onrecord.site.mkdocs.policy import PagePolicy
from onrecord.site.mkdocs.rebuild import (
    Conversion,
    DecisionPages,
    LastBuild,
    LeftPages,
    Making,
    Memo,
    SiteFolder,
    Steps,
    Texts,
    UnknownPartError,
    be_told_of_changes,
    fill_by,
    keep_filled,
    seen_of,
    standing_in,
)
from onrecord.site.mkdocs.rebuild.filling import SEARCHED
from onrecord.site.mkdocs.rebuild.memo import NEAREST
from onrecord.site.mkdocs.search import Search
from onrecord.site.page_plan import PagePlan, plan_of
from onrecord.site.pages import SiteFeatures, Views, places
from onrecord.site.pages.decision.voices import text_shown
from onrecord.site.pages.wording import plain, with_days_said
from onrecord.site.pictures import Previews
from onrecord.site.tight import tight
from onrecord.text.progress import Progress, in_lines

SHOWN_ELSEWHERE = frozenset(("link-nowhere", "import-unsettled", "person-left"))
"""Findings that stop no site: MkDocs judges links itself, and the pages say the other two.

It doesn't look at links in HTML, so these are told: `is_dead_in_html`.
"""

_OLD_HOOKS = (
    "No search: hooks/mkdocs_events.py is of an earlier version and names only a part of the "
    "events; delete it, and run `onrecord init` to write it again"
)


@dataclass(frozen=True)
class BuiltSite:
    """What one build shows, and where.

    `addresses` are those of all pages and files, from the site's root; `beside` leads from a page
    to the Markdown beside it, which for a record is one of the `copies`.
    """

    options: BuildOptions
    base: KnowledgeBase
    views: Views
    plan: PagePlan
    addresses: Mapping[str, str]
    beside: Mapping[str, File]
    copies: Copies


class SiteBuild:
    """The events, as methods. The values of one build are made once, and replaced by the next."""

    _options: BuildOptions
    _site: BuiltSite
    _conversion: Conversion | None = None
    _memo: Memo | None = None
    _decisions: DecisionPages | None = None
    _making: Making | None = None
    _steps: Steps | None = None
    _left: LeftPages | None = None
    _previews: Previews | None = None
    _last: LastBuild | None = None
    _folder: SiteFolder | None = None
    _digests: Digests | None = None
    _nearest: list[tuple[str, str]] | None = None

    def __init__(self) -> None:
        self._links = ForgeLinks()
        self._search = Search()
        self._pages: Mapping[str, str] = {}
        self._read_pages: Iterator[File] = iter(())
        self._made_pages: Iterator[File] = iter(())
        self._made: MadeFiles
        self._makings: dict[str, Making] = {}

    def events(self) -> Mapping[str, Any]:
        """Every event by the name under which MkDocs looks for it in a file of hooks."""
        return {name: getattr(self, name) for name in dir(self) if name.startswith("on_")}

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Learn what is run; that this method is there also keeps us from build to build."""
        self._search.serving, self._search.dirty = command == "serve", dirty
        # Nearly all that a build makes is held to its end. Python looks through it for garbage each
        # 700 objects, which is a tenth of an edit.
        gc.set_threshold(50_000, 20, 20)

    def on_serve(self, server: Any, *, config: MkDocsConfig, builder: Any) -> Any:
        """Be told of changes, where the system can tell."""
        be_told_of_changes(server, config.watch)
        return server

    def on_shutdown(self) -> None:
        """Take away what the search kept."""
        self._search.close()

    def on_build_error(self, *, error: Exception) -> None:
        """Take away what a build had begun."""
        self._search.drop()
        self._end_keeping(is_whole=False)
        self._end_last()

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Check our options; add what is ours to the theme, its scripts and its Markdown."""
        clean_log()
        options = options_of(config)
        if options.anchors == "forge":  # unless the site says for itself how it names headings
            toc = config.mdx_configs.setdefault("toc", {})
            toc.setdefault("slugify", import_module("pymdownx.slugs").slugify(case="lower"))
        config.site_url = published_at(config.site_url or "") or None
        refuse_endless(Path(config.docs_dir))
        neighbours.check(config, searches=options.search)
        # Hooks of an earlier release name events one by one, and lack those that came since.
        if options.search and not self._is_heard_by(config):
            log.warning(_OLD_HOOKS)
            options = replace(options, search=False)
        self._options = options
        self._progress = in_lines(log.info)
        # A build that lacks Pagefind ends here, and not after all pages.
        if not is_further(config):
            self._search.open(config, options.search, cache_of(options.root), self._progress)
        # Whatever people wrote reaches a page through one door, and pages have one policy.
        self._policy = PagePolicy(options.policy, serving=self._search.serving)
        self._end_keeping(is_whole=False)
        self._memo = Memo(cache_of(options.root))
        self._door = Door(config, self._policy, options.docs, self._memo)
        # Links as people write them on the forge work on the site.
        links = self._links = ForgeLinks()
        self._net = PlainOnFailure(lambda: links.source)
        theirs = [one for one in config.markdown_extensions if not isinstance(one, _OURS)]
        # `serve` keeps the configuration from build to build: what an earlier build has added goes
        # first.
        config.markdown_extensions = [*theirs, links, self._net]  # type: ignore[list-item]
        # What we load comes before what the site's owner loads, so theirs has the last word.
        override_theme(config)
        load_assets(config)
        if options.search:
            search_box.put_in(config)
        choose_lean(config, serving=self._search.serving)
        # `serve` builds anew when a record changes.
        for folder in (DECISIONS_FOLDER, PLAYBOOKS_FOLDER):
            path = str(options.root / folder)
            if (options.root / folder).is_dir() and path not in config.watch:
                config.watch.append(path)
        return config

    def _is_heard_by(self, config: MkDocsConfig) -> bool:
        """True when MkDocs knows of every event of ours."""
        return all(
            event in config.plugins.events[name.removeprefix("on_")]
            for name, given in self.events().items()
            for event in (given.methods if isinstance(given, CombinedEvent) else (given,))
        )

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Where the site is as this build would make it, have MkDocs leave it as it is."""
        self._end_last()
        folder = Path(config.site_dir)
        digests = self._digests = Digests(cache_of(self._options.root), str(folder.resolve()))
        if self._search.serving and not self._search.dirty:
            standing = standing_in(folder, config, self, digests)
            self._folder = SiteFolder(folder, standing, digests)
        if self._search.serving or self._search.dirty or cache_of(self._options.root) is None:
            return
        last = self._last = LastBuild(config, self._options, self, digests)
        if last.unknown:
            self._end_last()
            log.info(
                "Each build makes the whole site, because OnRecord can't tell whether this has "
                f"changed: {last.unknown}"
            )
            return
        is_left = last.leave()
        self._folder = SiteFolder(folder, last.listing, digests)
        if is_left:
            self._search.drop()
            log.info("Nothing has changed since the last build, so the site stays as it is")

    def _is_left(self) -> bool:
        """Whether this build leaves the site as it is."""
        return self._last is not None and self._last.is_left

    def _end_last(self) -> None:
        if self._digests is not None:
            self._digests.close()
            self._digests = None
        if self._folder is not None:
            self._folder.end()
            self._folder = None
        if self._last is not None:
            self._last.end()
            self._last = None

    def _folder_of(self, config: MkDocsConfig) -> SiteFolder:
        """The folder of the site; builds of several languages that share one end one by one."""
        return self._folder or SiteFolder(Path(config.site_dir))

    @event_priority(50)  # before plugins that must see every page, such as redirects
    def _add_early(self, files: Files, *, config: MkDocsConfig) -> Files:
        if self._is_left():
            return Files([])
        return files if has_languages(config) else self._add(files, config)

    @event_priority(-150)  # behind the plugin that gives files of docs/ the address of a language
    def _add_late(self, files: Files, *, config: MkDocsConfig) -> Files:
        return self._add(files, config) if has_languages(config) else files

    on_files = CombinedEvent(_add_early, _add_late)

    def _add(self, files: Files, config: MkDocsConfig) -> Files:
        """Read the knowledge base, give everything an address, and add every page and file."""
        options = self._options
        # MkDocs follows links out of the docs, and publishes whatever is there.
        for file in unread(files, config, options.root):
            files.remove(file)
        if self._door.cleans_docs:
            clean_docs(files, config)
        # What people wrote is read once, and what is wrong with it is said.
        base = _opened(options, self._progress)
        features = SiteFeatures(options.place, True, options.search, options.requests)
        views = Views(base, features)
        beside = published_beside(base.library, options)
        # Each address goes to the docs, else to a record, else to a page that the site makes.
        plan = plan_of(
            base.library,
            options.docs_dir,
            addresses_of_docs(files, config),
            {path: file.path for path, file in beside.items()},
            views.pages(),
            folders=config.use_directory_urls,
            forge=shown_under(config.repo_url, config.edit_uri),
        )
        # Files that are no pages, such as feeds, name pages by their addresses.
        name = SiteName(config.site_name, config.site_description or "", config.site_url or "")
        assert self._memo is not None
        if not is_further(config):
            self._made = made_files(
                base,
                views,
                plan,
                name,
                nearest=self._nearest_of(base, plan),
                markdown=options.markdown,
            )
        made = self._made if not is_further(config) else replace(self._made, markdown={})
        # From now on each page can be made: it is known where everything is.
        addresses = {**{path: quote(path) for path in made.texts}, **plan.addresses}
        self._rails: dict[str, str] = {}
        self._links.map = plan.links
        if callable(made_by := (config.mdx_configs.get("toc") or {}).get("slugify")):
            plan.links.slugify = made_by
        if is_further(config):  # what records link to in the first language
            self._links.map = replace(plan.links, pages={**self._pages, **plan.links.pages})
        self._pages = self._links.map.pages
        self._search.read(base.catalogue, views, addresses)
        # MkDocs gets it all; what leads on from old addresses comes last, and gives way.
        add_pages(files, config, options, plan, beside)
        markdown = add_files(files, config, made)
        copies = Copies(base, plan, markdown, self._memo.plain)
        self._site = BuiltSite(options, base, views, plan, addresses, markdown, copies)
        add_redirects(
            files,
            config,
            base.library,
            options.docs_dir,
            lambda page, decision: views.redirect(page, decision, addresses[decision.path]),
        )
        if not is_further(config):  # records have their pages in the first language
            self._previews = previews_of(config, options, base.catalogue, plan)
            self._taken = {file.src_uri for file in files}
        neighbours.prepare(files, config, plan.made, searches=options.search)
        return files

    def _nearest_of(self, base: KnowledgeBase, plan: PagePlan) -> list[tuple[str, str]]:
        """The index by which a form finds what is near. `serve` makes it once, as it does that of
        the search: it takes longer than all the rest of a save."""
        if self._nearest is None or not self._search.serving:
            assert self._memo is not None
            keep = partial(self._memo.text, NEAREST)
            found = browser_index.files(
                base.precedents, plan.addresses, base.catalogue.effect, keep
            )
            self._nearest = [*found]
        return self._nearest

    @event_priority(-200)
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Keep the nav, once every plugin has made it its own."""
        self._nav = nav
        pages = files.documentation_pages()
        self._read_pages = iter(self._progress("Reading pages", pages))
        self._made_pages = iter(self._progress("Writing pages", pages))
        keeps = cache_of(self._options.root) is not None and not self._search.dirty
        if keeps and not (self._is_left() or has_languages(config)):
            self._keep_decisions(config, files)
        return nav

    def _keep_decisions(self, config: MkDocsConfig, files: Files) -> None:
        """Have MkDocs make only those pages of decisions anew that have changed."""
        site, conversion = self._site, self._converts(config)
        assert self._memo is not None
        decisions = DecisionPages(
            *(config, site.options, site.base, files, self._links.map, site.addresses),
            *(site.beside, conversion, self._memo, self),
        )
        if not decisions.unknown:
            self._decisions, self._config, self._files = decisions, config, files
            self._steps = Steps(self._read, self._write)
        elif not conversion.unknown:
            log.info(
                "Each decision's page is made anew: OnRecord doesn't know what "
                f"{decisions.unknown} makes of it"
            )

    def _read(self, page: Page, read: Callable[[], None]) -> None:
        """Have MkDocs read a page, or a decision's page know what was made of it before."""
        path, making = page.file.src_uri, None
        record = self._site.plan.shown.get(path)
        if isinstance(record, Decision) and self._decisions is not None:
            with_copy, is_plain = path in self._site.beside, bool(self._plain(page))
            searches = self._search.is_open
            making = self._decisions.open(page, record, with_copy, is_plain, searches=searches)
        if making is None:
            read()
            return
        making.make = partial(self._make, making, read)
        if making.made is None:
            making.make()
        else:
            next(self._read_pages, None)
            self._entitle(page, self._config)
            making.take_over(self._files)
        self._take(page, making)

    def _make(self, making: Making, read: Callable[[], None]) -> None:
        """Have MkDocs read the page of a decision, and keep what comes of it."""
        making.listen()
        self._making = making
        read()
        self._making = None

    def _take(self, page: Page, making: Making) -> None:
        """Do for the page of a decision all that is done before any page is written."""
        site, folder, path, made = self._site, self._folder, page.file.src_uri, making.made
        beside = site.beside.get(path)
        assert made is not None
        self._door.diagrams.has_some |= made.is_drawn
        if made.is_scripted:
            use_whole_script(self._config)
        if beside is not None and not (folder and folder.leave(beside.dest_uri, made.copied)):
            beside.content_bytes = making.texts.copy.encode()
        if not neighbours.is_kept_out(page, self._config):
            self._search.take(page, site.plan.shown[path], making.searched)
        if folder is None or not folder.is_known:  # others may look at pages
            self._rails[path] = making.fill_in()
        making.forget()
        self._makings[path] = making

    def _write(self, page: Page, write: Callable[[], None]) -> None:
        """Have MkDocs write a page, unless it is in the site as it would write it."""
        making = self._makings.pop(page.file.src_uri, None)
        if making is None:
            write()
            return

        def filled() -> None:
            if page.content is None:
                self._rails[page.file.src_uri] = making.fill_in()
            write()

        if self._left is None:
            filled()
            return
        config = self._config
        head = self._links_of(page, config) + preview(page, config, self._previews)
        parts: list[str | bytes] = [making.key, self._policy.text, head]
        if not self._left.write(page, parts, filled):
            next(self._made_pages, None)

    def on_page_read_source(self, *, page: Page, config: MkDocsConfig) -> str | None:
        """A record's text without its front matter, which was read already.

        A role's sections are in the order a person needs them on the first day.

        The empty line in front keeps MkDocs from taking `Status: x` or `---` for metadata.
        """
        self._written = "\n"
        if self._plain(page):
            return self._written
        record = self._site.plan.shown.get(page.file.src_uri)
        if record is None:
            return None
        text = record.body.text
        if isinstance(record, Role):
            text = in_order_of(record.body, [title for title, _ in ROLE.sections])
        elif isinstance(record, Decision):
            text = text_shown(record)  # what people said is below, as voices
        self._written += text
        return self._written

    @event_priority(1000)  # what other plugins say of the page comes to it
    def _open_page(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Give the page its title, and tell the link processor where its text comes from."""
        next(self._read_pages, None)
        self._entitle(page, config)
        path = page.file.src_uri
        is_record = path in self._site.plan.shown
        self._links.open_page(
            self._in_repository(path), path, page.file if is_record else None, files
        )
        # A page of the docs that isn't cleaned must not come out of a file that anybody can write.
        self._converts(config).take_over(page, keeps=self._door.cleans_docs or is_record)
        return markdown

    def _entitle(self, page: Page, config: MkDocsConfig) -> None:
        """Give the page its title, and what else the theme asks of a page."""
        path, plan = page.file.src_uri, self._site.plan
        record, index = plan.shown.get(path), plan.made.get(path)
        # Material prints a title as HTML, in <title> and in the header.
        if record is not None:
            page.meta.update({"title": escape(plain(record.title)), **neighbours.NO_TEMPLATE})
            if sentence := sentence_of(record):
                page.meta["description"] = escape(sentence)
        elif index is not None:
            # A list in the search index would only repeat the titles of what it lists.
            title = escape(index.title)
            page.meta.update({"title": title, "hide": ["toc"], "search": {"exclude": True}})
            page.meta.update(neighbours.NO_TEMPLATE | neighbours.NO_ARTICLE)
        if icon := places.ICONS.get(places.HOME if is_home(page, config) else path):
            page.meta.setdefault("icon", icon)

    @event_priority(-1000)
    def _keep_text(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """A record's text as it was written, whatever other plugins have made of it.

        Whoever writes one could otherwise have them include any file of the machine.
        """
        return self._written if page.file.src_uri in self._site.plan.shown else markdown

    on_page_markdown = CombinedEvent(_open_page, _keep_text)

    def _converts(self, config: MkDocsConfig) -> Conversion:
        """What makes HTML in this build; made late, when all plugins have set their Markdown up."""
        if self._conversion is None:
            kept = Kept(cache_of(self._options.root), "pages")
            self._conversion = Conversion(config, self._links, self._net, kept)
            if self._conversion.unknown:
                log.info(
                    "The HTML of pages isn't kept for the next build: OnRecord doesn't know what "
                    f"{self._conversion.unknown} makes it of"
                )
        return self._conversion

    def _end_keeping(self, *, is_whole: bool) -> None:
        """Keep what a build has made; a whole one knows what is of no more use."""
        if self._steps is not None:
            self._steps.end()
        for one in (self._conversion, self._memo):
            if one is not None:
                one.close(is_whole=is_whole)
        self._conversion = self._memo = self._decisions = self._making = None
        self._steps = self._left = None
        self._makings = {}

    def _in_repository(self, path: str) -> str:
        """The path in the repository of a page of the site."""
        plan = self._site.plan
        return plan.links.in_repository(path, path in plan.shown or path in plan.made)

    def _plain(self, page: Page) -> str:
        """The HTML of a page whose text can't be laid out; '' for all others."""
        library, source = self._site.base.library, self._in_repository(page.file.src_uri)
        why = library.shown_plain.get(source)
        if why is None or page.file.src_uri in self._site.plan.made:
            return ""
        return shown_plain(library.by_path[source].body.text.strip("\n"), why)

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Set the fragments into a record's page; fill the index pages; add to the home page."""
        html = self._content_of(page, html, config, files)
        neighbours.keep_copy(page, html)
        if self._last is not None and config.theme.custom_dir is None:
            page.markdown = ""  # nobody else takes part, and it is as much as all texts together
        return html

    def _content_of(self, page: Page, html: str, config: MkDocsConfig, files: Files) -> str:
        site, path = self._site, page.file.src_uri
        address = addresses_from(page.url, site.addresses)
        record = site.plan.shown.get(path)
        is_new = not is_further(config) and not neighbours.is_kept_out(page, config)
        draw = partial(self._door.diagrams.drawn, address=page.url)
        plain_text = self._plain(page)
        html = plain_text or html
        if record is not None:
            text = self._door.record(page, html)
            if isinstance(record, Handoff):
                text = with_days_said(text)
            render = partial(self._converts(config).render, files=files)
            voices = Voices(self._door, page, config, render)
            markdown = posixpath.basename(markdown_of(page.url)) if path in site.beside else ""
            fragment = site.views.fragments.of(
                record,
                address,
                page.edit_url,
                voices.rendered,
                markdown,
                "" if plain_text else FIRST_HEADING.sub("", text, count=1),
            )
            searched = self._search.text_of("\n".join([text, *voices.made]), record)
            self._rails[path] = fragment.rail
            copy = site.copies.of(record, fragment) if path in site.beside else ""
            if fragment.text:
                self._door.contents(page, fragment.below + fragment.text)
            whole = set_in(text, record, fragment, page)
            content = draw(whole)
            if self._making is not None:
                is_scripted = needs_whole_script(config, content)
                self._making.keep(
                    Texts(content, fragment.rail, copy, searched),
                    is_drawn=content != whole,
                    is_scripted=is_scripted,
                )
                return content
            if path in site.beside:
                site.beside[path].content_bytes = copy.encode()
            if is_new:
                self._search.take(page, record, searched)
            return content
        index = site.plan.made.get(path)
        if index is not None:
            if index.handle and is_new:
                self._search.take_person(page, index.handle)
            return draw(index.html(address))
        html = self._door.docs(page, html)
        is_new = not is_repeated(page, config) and not neighbours.is_kept_out(page, config)
        if is_new and (path != site.plan.home or site.plan.has_home):  # which has but lists
            self._search.take_docs(page, html)
        if is_home(page, config) and site.options.home:
            page.meta.setdefault("hide", ["toc"])  # lists need the width
            html = at_home(html, site.views.home.html(address), config.site_name)
        return draw(html)

    def on_page_context(
        self, context: dict[str, Any], *, page: Page, config: MkDocsConfig, nav: Any
    ) -> dict[str, Any]:
        """Give the theme what a record's page says beside its text. Only our templates make it."""
        if not self._policy.is_trial(page):
            mark_word(nav, page)
            context["onrecord_rail"] = self._rails.pop(page.file.src_uri, "")
            context["onrecord_whole"] = needs_whole_script(config, page.content or "")
        return context

    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> None:
        """Every page is read: begin the index, and let the theme name its version."""
        if self._is_left():
            return
        folder = self._folder_of(config)
        env.globals[SEARCHED] = self._search.start(folder, waits=has_languages(config))
        if self._door.diagrams.has_some:
            self._policy.allow_own_frames()
        if has_languages(config) and not is_further(config):
            list_in_sitemap(config, files)
        fill_by(env, lambda template, context: tight(str(template.render(context))))
        assert self._memo is not None
        try:
            seen = seen_of(env, config, self._nav, self)
        except UnknownPartError as error:
            log.info(f"Each page is filled anew: OnRecord doesn't know what {error} makes of it")
        else:
            keep_filled(env, seen, self._memo)
            if self._folder is not None and self._folder.is_known:
                self._left = LeftPages(self._memo, self._folder, seen)
        self._policy.learn(env, config, files, self._nav)  # from pages that are kept as all others

    @event_priority(-200)  # when the builds of all languages are over
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Put the index beside the pages; keep what stands for the whole site."""
        if self._is_left():
            self._end_keeping(is_whole=False)
            self._end_last()
            return
        folder = self._folder_of(config)
        if self._previews is not None and not is_further(config):
            cache = cache_of(self._options.root)
            self._previews.write(folder.put, cache, self._taken, self._progress)
        self._door.diagrams.finish(folder.put)
        if not is_further(config):
            self._policy.finish(config, folder)
            # What somebody used in a page that is gone must not count for the sheets.
            index = (f"{FOLDER}/",) if self._search.is_made else ()
            folder.tidy(but=(f"{places.THEME_SHEETS}/", *index))
            self._search.finish()
            # Of several languages each has ended what it keeps by now.
            write_sheets(config, folder, self._memo or Memo(None))
            folder.tidy(f"{places.THEME_SHEETS}/")
        self._end_keeping(is_whole=not self._search.dirty and not has_languages(config))
        if self._last is not None:
            self._last.keep(self._site.base.library, folder.listing)
        self._end_last()

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Name in a page's head what is beside it: its own Markdown, or its feed."""
        site, path = self._site, page.file.src_uri
        if self._policy.is_trial(page):
            return output
        next(self._made_pages, None)
        if is_further(config) and (path in site.plan.shown or path in site.plan.made):
            return ""  # the first language has written it
        output = self._policy.on_page(output, path)
        links = self._links_of(page, config)
        if 'property="og:' not in output.partition("</head>")[0]:  # Material's cards say it too
            links += preview(page, config, self._previews)
        return output.replace("</head>", f"{links}</head>", 1)

    def _links_of(self, page: Page, config: MkDocsConfig) -> str:
        """What a page's head says of the files beside it."""
        site, path, links = self._site, page.file.src_uri, ""
        if path in site.beside:
            links += link_to("source", "text/markdown", posixpath.basename(markdown_of(page.url)))
        if found := places.FEEDS_OF.get(places.HOME if is_home(page, config) else path):
            feed, title = found
            at = addresses_from(page.url, site.addresses)(feed)
            links += link_to("feed", "application/atom+xml", at, title)
        return links


_OURS = (ForgeLinks, PlainOnFailure)


def _opened(options: BuildOptions, progress: Progress) -> KnowledgeBase:
    """The knowledge base, whose faults are now known to whoever builds."""
    try:
        today = clock.today()
    except ValueError as error:
        raise PluginError(str(error)) from None
    base = KnowledgeBase.open(
        options.root, today, options.docs_dir, searches=options.precedents, progress=progress
    )
    for one in base.findings:
        if one.code not in SHOWN_ELSEWHERE or is_dead_in_html(base.library, one):
            log.warning(f"{one.path}:{one.line}: {one.message} ({one.code}); {one.hint}")
    base.precedents.prepare_all()
    return base
