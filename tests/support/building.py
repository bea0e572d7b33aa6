"""Knowledge bases that tests build sites from.

In come a folder of files and options for mkdocs.yml; out come a built site, whose pages are read
as a browser would, and the warnings of the build. The day is fixed, so nothing here ages.
"""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

import yaml
from jinja2 import Environment, FileSystemLoader
from mkdocs import utils
from mkdocs.commands.build import build
from mkdocs.config import load_config
from selectolax.lexbor import LexborHTMLParser, LexborNode

from onrecord.site.pages.rendering import CompiledTemplates

ROOT = Path(__file__).parents[2]
NORTHWIND = Path(__file__).parents[1] / "fixtures/northwind"
"""A small team's knowledge base without a fault, with a record for each thing a page shows."""
TODAY = "2026-10-10"

THEMES = CompiledTemplates()
"""The templates of themes, compiled once for all the builds of a test run."""

utils.get_themes = cache(utils.get_themes)
"""Asked by each build, and the same throughout a test run."""

PLAIN: Mapping[str, Any] = {
    "site_name": "Plain",
    "theme": {"name": "mkdocs"},
    "plugins": [],
    "hooks": ["hooks/mkdocs_events.py"],
    "validation": {"nav": {"omitted_files": "info"}, "links": {"anchors": "warn"}},
    "markdown_extensions": ["attr_list"],
}
"""A mkdocs.yml that builds fast, for tests that don't look at the theme."""


class Page:
    """A page of a built site."""

    def __init__(self, file: Path, url: str) -> None:
        self.source = file.read_text(encoding="utf-8")
        self.url = url
        self.tree = LexborHTMLParser(self.source)

    @cached_property
    def content(self) -> LexborNode:
        """What the page itself says, without the theme around it."""
        found = self.tree.css_first("article, [role=main]")
        assert found is not None, f"{self.url} has no content"
        return found

    def nodes(self, selector: str) -> list[LexborNode]:
        return self.content.css(selector)

    def texts(self, selector: str) -> list[str]:
        return [words(node) for node in self.nodes(selector)]

    def text(self, selector: str) -> str:
        (found,) = self.texts(selector)
        return found

    def has(self, selector: str) -> bool:
        return self.content.css_first(selector) is not None

    @property
    def words(self) -> str:
        return words(self.content)

    @property
    def facts(self) -> dict[str, str]:
        """The facts at the head of a record, by their name."""
        return {
            words(pair.css_first("dt")): words(pair.css_first("dd"))
            for pair in self.nodes(".or-facts > div")
        }

    def after_heading(self, heading: str) -> LexborNode:
        """The element that follows the heading of this id."""
        node = self.content.css_first(f"#{heading}")
        assert node is not None, f"{self.url} has no heading #{heading}"
        node = node.next
        while node is not None and node.tag == "-text":
            node = node.next
        assert node is not None
        return node

    def links(self, within: LexborNode | None = None) -> list[str]:
        """Where links lead, from the root of the site; an address elsewhere as it is."""
        anchors = (within or self.content).css("a[href]")
        return [self.target(node) for node in anchors if node.attributes.get("class") != HEADER]

    def link(self, label: str) -> str:
        """Where the one link of this text leads."""
        found = {self.target(a) for a in self.nodes("a[href]") if words(a) == label}
        assert len(found) == 1, f"{self.url}: links called {label!r} lead to {found}"
        return found.pop()

    def target(self, anchor: LexborNode) -> str:
        told = anchor.attributes
        to = told.get("href") or told.get("xlink:href") or ""  # the latter of a drawing's
        address = urljoin(f"http://site/{self.url}", to)
        return address.removeprefix("http://site/")

    def titles(self, selector: str = ".or-list tbody tr") -> list[str]:
        """The records of a list, in its order."""
        return [words(node.css_first("a")) for node in self.nodes(selector)]


HEADER = "headerlink"


def words(node: LexborNode | None) -> str:
    """A node's text with single spaces."""
    assert node is not None
    apart = " ".join(node.text(separator=" ").replace("¶", " ").split())
    return re.sub(r" (?=[.,:;)])|(?<=\() ", "", apart)


@dataclass
class Site:
    """A built site: where it lies, and what the build warned of."""

    folder: Path
    warnings: list[str] = field(default_factory=list)

    def page(self, url: str = "") -> Page:
        file = self.folder / unquote(url)
        return Page(file if file.suffix == ".html" else file / "index.html", url)

    def decision(self, name: str) -> Page:
        return self.page(f"decisions/{name}/")

    def pages(self) -> Iterator[Page]:
        for file in sorted(self.folder.rglob("*.html")):
            url = quote(file.relative_to(self.folder).as_posix())
            yield Page(file, url.removesuffix("index.html"))

    def has(self, path: str) -> bool:
        return (self.folder / unquote(path)).exists()

    @property
    def records(self) -> dict[str, Any]:
        text = (self.folder / "records.json").read_text(encoding="utf-8")
        loaded: dict[str, Any] = json.loads(text)
        return loaded

    def record(self, path: str) -> dict[str, Any]:
        (found,) = [r for r in self.records["records"] if r["path"] == path]
        return dict(found)

    def dead_links(self) -> list[str]:
        """Every link and image of a page that leads to nothing on the site."""
        dead = []

        @cache
        def names_in(file: Path) -> set[str]:
            there = LexborHTMLParser(file.read_text(encoding="utf-8"))
            return {node.attributes.get("id") or "" for node in there.css("[id]")} | {"", "__top"}

        for page in self.pages():
            for node in page.tree.css("[href], [src]"):
                written = node.attributes.get("href") or node.attributes.get("src") or ""
                base = f"http://site/{page.url}"
                parts = urlsplit(urljoin(base, written))
                if parts.netloc != "site" or page.url == "404.html":
                    continue
                file = self.folder / unquote(parts.path).lstrip("/")
                if file.is_dir():
                    file /= "index.html"
                if not file.is_file():
                    dead.append(f"{page.url} -> {written}")
                    continue
                is_page = bool(parts.fragment) and file.suffix == ".html"
                if is_page and unquote(parts.fragment) not in names_in(file):
                    dead.append(f"{page.url} -> {written}")
        return dead


class Base:
    """A knowledge base in a folder of its own, to be written to and built."""

    def __init__(self, root: Path, like: Path | None = None) -> None:
        self.root = root
        if like is not None:
            shutil.copytree(like, root, dirs_exist_ok=True)
        self.write("hooks/mkdocs_events.py", (ROOT / "hooks/mkdocs_events.py").read_text())
        (root / "docs").mkdir(exist_ok=True)

    def write(self, path: str, text: str | bytes) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())

    def change(self, path: str, before: str, after: str) -> None:
        """Replace a text that is in a file once."""
        text = (self.root / path).read_text(encoding="utf-8")
        assert text.count(before) == 1, (
            f"{path}: {before!r} stands there {text.count(before)} times"
        )
        self.write(path, text.replace(before, after))

    def configure(self, options: Mapping[str, Any]) -> None:
        self.write("mkdocs.yml", yaml.safe_dump(dict(options)))

    def build(self, to: str = "site", today: str = TODAY, **options: Any) -> Site:
        """The site; `options` override those of mkdocs.yml. A strict build may raise Abort."""
        if not (self.root / "mkdocs.yml").exists():
            self.configure(PLAIN)
        return build_folder(self.root, self.root / to, today, **options)


class Serving:
    """A run of `mkdocs serve`, without its server: the builds that it makes."""

    def __init__(self, base: Base) -> None:
        self.base, self.folder = base, base.root / "served"

    def build(self) -> None:
        config = load_config(str(self.base.root / "mkdocs.yml"), site_dir=str(self.folder))
        if not hasattr(self, "plugins"):
            config.plugins.on_startup(command="serve", dirty=False)
            self.plugins = config.plugins
        build(config, serve_url="http://127.0.0.1/")


def build_folder(root: Path, to: Path, today: str, **options: Any) -> Site:
    """Build the site of a folder with a mkdocs.yml."""
    with _on_the_day(today), _warnings() as warnings:
        config = load_config(str(root / "mkdocs.yml"), site_dir=str(to), **options)
        make_environment = config.theme.get_env

        def environment() -> Environment:
            env = make_environment()
            env.bytecode_cache = THEMES
            env.loader = _Loader(config.theme.dirs)
            return env

        config.theme.get_env = environment
        config.plugins.on_startup(command="build", dirty=False)
        build(config)
        config.plugins.on_shutdown()
    return Site(to, warnings)


class _Loader(FileSystemLoader):
    """Lists what is installed once. MkDocs asks each time, and passes over Material's icons."""

    def list_templates(self) -> list[str]:
        found = ((_installed if "site-packages" in one else _names)(one) for one in self.searchpath)
        return sorted(set(chain.from_iterable(found)))


def _names(folder: str) -> list[str]:
    found = FileSystemLoader(folder).list_templates()
    return [name for name in found if not name.startswith(".icons/")]


_installed = cache(_names)


@contextmanager
def _on_the_day(today: str) -> Iterator[None]:
    # MkDocs dates its sitemap by this; two builds on one day are then the same to the last byte.
    given = {"ONRECORD_TODAY": today, "SOURCE_DATE_EPOCH": "1760000000", "NO_MKDOCS_2_WARNING": "1"}
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _warnings() -> Iterator[list[str]]:
    said: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    listener, logger = Listener(logging.WARNING), logging.getLogger("mkdocs")
    logger.addHandler(listener)
    try:
        yield said
    finally:
        logger.removeHandler(listener)
