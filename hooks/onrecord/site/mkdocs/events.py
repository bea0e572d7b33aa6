"""What happens at each of MkDocs' events, in the order of a build.

on_config → on_files (everything is read, every file and page is made) → for each page:
on_page_read_source → on_page_markdown → on_page_content, then on_env (the search index is begun),
on_post_page for each, and on_post_build (the index stands beside the pages).
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink

from onrecord.drafting.schemas import SCHEMAS_FOLDER, schemas
from onrecord.forges.hosts import KINDS, Place, place_of, shown_under
from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.precedents import browser_index
from onrecord.records import clock
from onrecord.records.disk import read_file
from onrecord.records.findings import did_you_mean
from onrecord.records.history import history_of
from onrecord.records.library import Library
from onrecord.records.model import Record, Role
from onrecord.records.reading.markdown import in_order_of
from onrecord.records.vocabulary import DECISIONS_FOLDER, PLAYBOOKS_FOLDER, ROLE
from onrecord.site.check import MARKER, marker_of
from onrecord.site.machine.llms import LLMS
from onrecord.site.machine.records_json import records_json
from onrecord.site.mkdocs import search_box
from onrecord.site.mkdocs.assets import beside_a_record, clean_docs
from onrecord.site.mkdocs.cleaning import CLEANED, TRUSTED, Door
from onrecord.site.mkdocs.docs import refuse_endless, unread
from onrecord.site.mkdocs.links import ForgeLinks
from onrecord.site.mkdocs.log import clean_log, log
from onrecord.site.mkdocs.machines import link_beside, llms_files, markdown_beside
from onrecord.site.mkdocs.plain_texts import PlainOnFailure, shown_plain
from onrecord.site.mkdocs.policy import OPTION as POLICY
from onrecord.site.mkdocs.policy import PagePolicy
from onrecord.site.mkdocs.redirects import redirects
from onrecord.site.mkdocs.search import Search
from onrecord.site.page_plan import PagePlan, plan_of
from onrecord.site.pages import (
    FORM_SCRIPTS,
    Address,
    Fragment,
    Views,
    asset,
    places,
    search_assets,
)
from onrecord.site.pages.places import FEEDS_OF

STYLESHEET, TABLES = "assets/onrecord.css", "assets/onrecord/tables"
HOME = "index.html"
FORM_STYLESHEET = "assets/onrecord-forms.css"
OPTIONS = ("home", "precedents", "markdown", "search")
"""The keys of `extra: onrecord:` in mkdocs.yml that are true or false."""
WORDS = {"forge": tuple(KINDS), "docs": (CLEANED, TRUSTED)}
"""The others, and the words they may have."""

SHOWN_ELSEWHERE = frozenset(("link-nowhere", "import-unsettled", "person-left"))
"""Findings that stop no site: MkDocs judges links itself, and the pages say the other two."""

_YOURS = "{} is yours, so OnRecord's file of that name is left out"
_OLD_HOOKS = (
    "No search: hooks/mkdocs_events.py is of an earlier version and names only a part of the "
    "events; delete it, and run `onrecord init` to write it again"
)
_NOT_BUILT = (InclusionLevel.EXCLUDED, InclusionLevel.DRAFT)
_FIRST_HEADING = re.compile(r"\s*<h1\b.*?</h1>", re.DOTALL)
_HEADINGS = re.compile(r'<h2 id="([^"]+)"[^>]*>(.*?)</h2>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


@dataclass
class _Build:
    """All that one build knows; each build starts with a new one."""

    root: Path
    docs_dir: str
    home: bool
    precedents: bool
    markdown: bool
    search: bool
    place: Place | None = None
    library: Library = field(default_factory=Library)
    views: Views | None = None
    addresses: dict[str, str] = field(default_factory=dict)
    plan: PagePlan = field(default_factory=PagePlan)
    beside: frozenset[str] = frozenset()


class SiteBuild:
    """The events, as methods for `mkdocs_events.py` to name."""

    def __init__(self) -> None:
        self._links = ForgeLinks()
        self._build: _Build | None = None
        self._search = Search()

    @property
    def _now(self) -> _Build:
        assert self._build is not None, "on_config comes first"
        return self._build

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Learn what is run; that this method is there also keeps us from build to build."""
        self._search.serving, self._search.dirty = command == "serve", dirty

    def on_shutdown(self) -> None:
        """Take away what the search kept."""
        self._search.close()

    def on_build_error(self, *, error: Exception) -> None:
        """Take away what a build had begun."""
        self._search.drop()

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Check our options; add the stylesheet and the link processor."""
        clean_log()
        options = config.extra.get("onrecord") or {}
        if not isinstance(options, dict):
            raise PluginError("mkdocs.yml: `extra: onrecord:` must hold keys, such as `home: true`")
        known = (*OPTIONS, *WORDS, POLICY)
        for key in options:
            if key not in known:
                near = did_you_mean(str(key), known)
                raise PluginError(
                    f"mkdocs.yml: `extra: onrecord: {key}` isn't an option: "
                    f"{near}the options are {', '.join(known)}"
                )
        for key in OPTIONS:
            if not isinstance(options.get(key, True), bool):
                raise PluginError(f"mkdocs.yml: `extra: onrecord: {key}:` must be true or false")
        for key, words in WORDS.items():
            if options.get(key, words[0]) not in words:
                raise PluginError(
                    f"mkdocs.yml: `extra: onrecord: {key}:` must be one of {', '.join(words)}"
                )
        root = Path(config.config_file_path or ".").resolve().parent
        docs = Path(config.docs_dir).resolve()
        docs_dir = docs.relative_to(root).as_posix() if docs.is_relative_to(root) else "docs"
        self._build = _Build(
            root,
            docs_dir,
            home=options.get("home", True),
            precedents=options.get("precedents", True),
            markdown=options.get("markdown", True),
            search=options.get("search", True),
            place=place_of(
                config.repo_url or "",
                config.edit_uri or "",
                docs_dir,
                str(options.get("forge") or ""),
            ),
        )
        build = self._build
        refuse_endless(Path(config.docs_dir))
        build.search = search_box.wanted(config, build.search)
        if build.search and self.on_post_build not in config.plugins.events["post_build"]:
            build.search = False
            log.warning(_OLD_HOOKS)
        self._search.open(config, build.search)
        self._policy = PagePolicy(options.get(POLICY), serving=self._search.serving)
        self._door = Door(config, self._policy, options.get("docs", CLEANED))
        self._links = ForgeLinks()
        links = self._links
        for one in (links, PlainOnFailure(lambda: links.source)):
            config.markdown_extensions.append(one)  # type: ignore[arg-type]
        _override_theme(config)
        if STYLESHEET not in config.extra_css:
            config.extra_css[:0] = [STYLESHEET, f"{TABLES}.css", FORM_STYLESHEET]
            script = ExtraScriptValue(f"{TABLES}.js")
            script.type = "module"
            config.extra_javascript.insert(0, script)
        if build.search:
            search_box.put_in(config)
        for folder in (DECISIONS_FOLDER, PLAYBOOKS_FOLDER):
            path = str(root / folder)
            if (root / folder).is_dir() and path not in config.watch:
                config.watch.append(path)
        return config

    @event_priority(50)  # before plugins that must see every page, such as redirects
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Read the library, say what is wrong with it, and add every file and page."""
        build = self._now
        for file in unread(files, config, build.root):
            files.remove(file)
        if self._door.cleans_docs:
            clean_docs(files, config)
        try:
            today = clock.today()
        except ValueError as error:
            raise PluginError(str(error)) from None
        base = KnowledgeBase.open(build.root, today, build.docs_dir, searches=build.precedents)
        build.library, catalogue = base.library, base.catalogue
        for one in base.findings:
            if one.code not in SHOWN_ELSEWHERE:
                log.warning(f"{one.path}:{one.line}: {one.message} ({one.code}); {one.hint}")
        base.precedents.prepare_all()
        build.views = Views(
            base.roster,
            lambda: history_of(build.root),
            build.place,
            lambda path: read_file(build.root / path),
            has_forms=True,
            search=build.search,
        )
        self._search.read(catalogue, build.views, build.addresses)
        self._add_files(files, config, build)
        if build.markdown:
            build.beside = markdown_beside(
                files, config, build.root, build.plan.shown, build.library
            )
        llms, lists = llms_files(files, config, catalogue, build.addresses, build.beside)
        for path, text in (
            (STYLESHEET, asset("onrecord.css")),
            (f"{TABLES}.css", asset("tables.css")),
            (f"{TABLES}.js", asset("tables.js")),
            (FORM_STYLESHEET, asset("forms/forms.css")),
            *((f"{places.FORMS}/{name}", asset(f"forms/{name}")) for name in FORM_SCRIPTS),
            *build.views.forms.files(),
            ("records.json", records_json(base.roster, build.addresses, build.beside)),
            (LLMS, llms),
            (MARKER, marker_of(build.library)),
            *((f"{SCHEMAS_FOLDER}/{name}", text) for name, text in schemas().items()),
            *((search_box.ASSETS + one, asset(one)) for one in search_assets() if build.search),
        ):
            if files.get_file_from_path(path) is None:
                made = File.generated(config, path, content=text)
                files.append(made)
                build.addresses.setdefault(path, made.url)
            else:
                log.info(_YOURS.format(path))
        for name, text in browser_index.files(base.precedents, build.addresses):
            made = File.generated(config, f"{places.NEAREST}/{name}", content=text)
            files.append(made)
            build.addresses[made.src_uri] = made.url
        for feed in build.views.feeds(config.site_url or "", build.addresses):
            if files.get_file_from_path(feed.path) is None:
                made = File.generated(config, feed.path, content=feed.text())
                files.append(made)
                build.addresses[feed.path] = made.url
            else:
                log.info(_YOURS.format(feed.path))
        build.beside |= lists
        views, docs_dir = build.views, build.docs_dir
        for page in redirects(files, config, views, build.library, build.addresses, docs_dir):
            files.append(page)
        return files

    def _add_files(self, files: Files, config: MkDocsConfig, build: _Build) -> None:
        assert build.views is not None
        # Pages, images and the like; the other files are the theme's.
        docs = [f for f in files if f.is_documentation_page() or f.src_dir == config.docs_dir]
        made = list(build.views.pages())
        plan = build.plan = plan_of(
            build.library,
            build.docs_dir,
            {f.src_uri: "" if f.inclusion in _NOT_BUILT else f.url for f in docs},
            made,
            folders=config.use_directory_urls,
            forge=shown_under(config.repo_url, config.edit_uri),
        )
        build.addresses.update(plan.addresses)
        self._links.map = plan.links
        for path, owner in plan.taken.items():
            log.warning(f"{path}: {owner} has this address; it is not shown")
        for page in made:
            if page.path not in plan.made:
                log.info(_YOURS.format(plan.pages[page.path]))
        for path in plan.shown:
            _put(files, _file(path, config, build))
        beside = {path: beside_a_record(path, build.root) for path in plan.files}
        for path, kept in beside.items():
            if kept is None:
                continue
            if kept.data is None:
                _put(files, _file(path, config, build))
            else:
                _put(files, File.generated(config, kept.path, content=kept.data))
        self._links.map.pages = {
            **plan.links.pages,
            **{path: kept.path for path, kept in beside.items() if kept is not None},
        }
        for path in plan.made:
            _put(
                files, File.generated(config, path, content="", inclusion=InclusionLevel.NOT_IN_NAV)
            )
        if build.home and not plan.has_home:
            _put(files, File.generated(config, plan.home, content=f"# {config.site_name}\n"))

    def on_page_read_source(self, *, page: Page, config: MkDocsConfig) -> str | None:
        """A record's text without its front matter, which was read already.

        A role's sections stand in the order a person needs them on the first day.

        The empty line in front keeps MkDocs from taking `Status: x` or `---` for metadata.
        """
        if self._plain(page):
            return "\n"
        record = self._now.plan.shown.get(page.file.src_uri)
        if record is None:
            return None
        text = record.body.text
        if isinstance(record, Role):
            text = in_order_of(record.body, [title for title, _ in ROLE.sections])
        return "\n" + text

    def on_page_markdown(
        self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str:
        """Give the page its title, and tell the link processor where its text comes from."""
        build, path = self._now, page.file.src_uri
        record, index = build.plan.shown.get(path), build.plan.made.get(path)
        # Material prints a title as HTML, in <title> and in the header.
        if record is not None:
            page.meta = {"title": escape(record.title)}
        elif index is not None:
            # A list in the search index would only repeat the titles of what it lists.
            title = escape(index.title)
            page.meta = {"title": title, "hide": ["toc"], "search": {"exclude": True}}
        self._links.open_page(self._in_repository(path), path)
        return markdown

    def _in_repository(self, path: str) -> str:
        """The path in the repository of a page of the site."""
        plan = self._now.plan
        return self._links.map.in_repository(path, path in plan.shown or path in plan.made)

    def _plain(self, page: Page) -> str:
        """The HTML of a page whose text can't be laid out; '' for all others."""
        build, source = self._now, self._in_repository(page.file.src_uri)
        why = build.library.shown_plain.get(source)
        if why is None or page.file.src_uri in build.plan.made:
            return ""
        return shown_plain(build.library.by_path[source].body.text, why)

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Set the fragments into a record's page; fill the index pages; add to the home page."""
        build, path = self._now, page.file.src_uri
        views = build.views
        assert views is not None
        address = _address(build, page.url)
        record = build.plan.shown.get(path)
        html = self._plain(page) or html
        if record is not None:
            fragment = views.fragments.of(record, address, page.edit_url)
            text = self._door.record(page, html)
            self._search.take(page, text, record)
            return _set_in(text, record, fragment, page)
        index = build.plan.made.get(path)
        if index is not None:
            return index.html(address)
        html = self._door.docs(page, html)
        if path != build.plan.home or build.plan.has_home:  # which has nothing but lists
            self._search.take(page, html)
        if page.file.dest_uri == HOME and build.home:
            page.meta.setdefault("hide", ["toc"])  # lists need the width
            return html + views.indexes.home(address)
        return html

    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> None:
        """Every page is read: begin the index, and let the theme name the build it is of."""
        env.globals["onrecord_search_build"] = self._search.start(config)
        self._policy.learn(env, config, files)

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Put the index beside the pages."""
        self._policy.finish(config)
        self._search.finish()

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Name in a page's head what lies beside it: its own Markdown, or its feed."""
        path = page.file.src_uri
        if self._policy.is_trial(page):
            return output
        output = self._policy.on_page(output, path)
        if path in self._now.beside:
            output = link_beside(output, page)
        found = FEEDS_OF.get("index.md" if page.file.dest_uri == HOME else path)
        if found is None:
            return output
        feed, title = found
        link = (  # not `alternate` alone: Material looks for a sitemap beside each of those
            '<link rel="alternate feed" type="application/atom+xml" '
            f'title="{escape(title)}" href="{escape(_address(self._now, page.url)(feed))}">'
        )
        return output.replace("</head>", f"{link}</head>", 1)


def _override_theme(config: MkDocsConfig) -> None:
    """Put our few partials before Material's and behind those of the site's owner."""
    ours, dirs = str(Path(__file__).parent / "theme"), config.theme.dirs
    if config.theme.name == "material" and ours not in dirs:
        custom = config.theme.custom_dir
        dirs.insert(1 if custom and dirs and dirs[0] == custom else 0, ours)


def _put(files: Files, file: File) -> None:
    """Add a file; one of its name that isn't built gives way."""
    there = files.get_file_from_path(file.src_uri)
    if there is not None:
        files.remove(there)
    files.append(file)


def _file(path: str, config: MkDocsConfig, build: _Build) -> File:
    """A file of the repository that lies outside the docs, with an edit link that finds it."""
    file = File(
        path,
        src_dir=str(build.root),
        dest_dir=config.site_dir,
        use_directory_urls=config.use_directory_urls,
        inclusion=InclusionLevel.NOT_IN_NAV,
    )
    # MkDocs puts `edit/main/docs/` before it; signs such as # must not end the path.
    file.edit_uri = quote(posixpath.relpath(path, build.docs_dir))
    return file


def _address(build: _Build, here: str) -> Address:
    """Addresses seen from the page at `here`."""
    folders = here.count("/")
    to_root = "../" * folders or "./"
    addresses = build.addresses

    def address(path: str) -> str:
        found = addresses.get(path)
        return to_root + (found if found not in (None, "./", ".") else "")

    return address


def _set_in(html: str, record: Record, fragment: Fragment, page: Page) -> str:
    """The text with its fragments: below its own first heading, or below one made of the title."""
    heading = _FIRST_HEADING.match(html)
    if heading is None:
        head, text = f"<h1>{escape(record.title)}</h1>", html
    else:
        head, text = html[: heading.end()], html[heading.end() :]
    _add_to_toc(page, fragment.after)
    return f"{fragment.above}{head}{fragment.below}{text}{fragment.after}"


def _add_to_toc(page: Page, html: str) -> None:
    """Headings of a fragment stand in the table of contents behind those of the text."""
    items = page.toc.items
    level = items[0].children if len(items) == 1 and items[0].level == 1 else items
    for anchor, title in _HEADINGS.findall(html):
        level.append(AnchorLink(_TAG.sub("", title).strip(), anchor, 2))
