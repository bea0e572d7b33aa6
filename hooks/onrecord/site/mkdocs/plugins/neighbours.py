"""What other plugins need of us that build the same site, and what they can't have.

All that we know of any of them by name is here. docs/reference/plugins.md says the same to people,
and a test builds a site with each.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from onrecord.site.mkdocs.log import log
from onrecord.site.mkdocs.search_box import SearchBox

SOURCE = str(Path(__file__).parent / "made.md")
"""Stands for the source of what the site makes: plugins take for granted that a file has one."""

NO_TEMPLATE = {"render_macros": False}
"""Keeps mkdocs-macros from running what people wrote as a template."""

NO_ARTICLE = {"draft": True}
"""Keeps mkdocs-rss-plugin from taking a page that is a list for news."""

MARKS = {"a": {"data-type": {"image"}, "data-width": {"auto"}, "data-height": {"auto"}}}
"""What mkdocs-glightbox writes on the link around a picture, and a record may keep.

Not its caption: its script would set that into the page as HTML.
"""

MATERIALS_INDEX = "search/search_index.json"
"""What plugins change once the site is built, and end the build without."""
_CHANGE_IT = ("exclude-search", "encryptcontent")

_ASK_GIT = ("git-authors", "git-revision-date-localized")
"""What warns of pages that git doesn't know.

The second takes the time twice for such a page, and warns when a second begins in between.
"""

_LOCKED = (
    "encryptcontent: `global_password` and a level `_global` protect pages, but not the search, "
    "the feeds and records.json, which say the same in clear text. Give a `password:` to pages of "
    "docs/, or protect the whole site where it is published"
)
_PART = (
    "exclude-search: {} is a part of a page, which OnRecord's search can't leave out; write "
    "{{: data-search-exclude }} behind the heading (attr_list), or leave out the page"
)
_SHIM = "unpkg.com/iframe-worker/shim"
_FROM_DISK = (
    "offline: pages can be read from a disk, and say there that search and forms don't work; these "
    "take a web server, such as: python -m http.server -d site"
)


def check(config: MkDocsConfig, *, searches: bool) -> None:
    """Say what can't work beside us. Raises `PluginError` where people would rely on it."""
    locks = config.plugins.get("encryptcontent")
    if locks is not None:
        levels = getattr(locks, "setup", {}).get("level_keys", {})
        if locks.config.get("global_password") or "_global" in levels:
            raise PluginError(_LOCKED)
    if not searches:
        return
    for named in _patterns(config, "exclude"):
        if "#" in named:
            log.warning(_PART.format(named))
    offline = config.plugins.get("material/offline")
    if offline is not None and offline.config.get("enabled"):
        log.info(_FROM_DISK)
        # Material's search needs it there, from another host. Ours doesn't.
        shims = config.extra.get("polyfills", [])
        config.extra["polyfills"] = [one for one in shims if _SHIM not in str(one)]


def prepare(files: Files, config: MkDocsConfig, made: Iterable[str], *, searches: bool) -> None:
    """Hand on to other plugins which pages are made, once all files are known."""
    if searches and any(name in config.plugins for name in _CHANGE_IT):
        # They open Material's index when the site is built, and our search makes none.
        content = '{"config": {}, "docs": []}'
        files.append(File.generated(config, MATERIALS_INDEX, content=content))
    for name in _ASK_GIT:
        plugin = config.plugins.get(name)
        if plugin is not None:
            plugin.config["exclude"] = [*(plugin.config.get("exclude") or []), *made]


_WITHOUT_SCRIPT = frozenset(
    (
        *("awesome-nav", "exclude", "ezlinks", "gen-files", "git-authors", "include-markdown"),
        *("literate-nav", "macros", "material/group", "material/meta", "material/tags"),
        *("material/typeset", "monorepo", "redirects", "rss", "section-index"),
    )
)
"""Plugins whose pages build on no script of the theme."""


def may_add_scripts(config: MkDocsConfig) -> bool:
    """True where a plugin or a hook may add what builds on the theme's script: all but we know."""
    # MkDocs counts hooks as plugins too; our stand-in for Material's search has its name.
    theirs = {name for name, one in config.plugins.items() if not isinstance(one, SearchBox)}
    return len(config.hooks) > 1 or not theirs - set(config.hooks) <= _WITHOUT_SCRIPT


def locks_pages(config: MkDocsConfig) -> bool:
    """True where mkdocs-encryptcontent hides the text of pages from whoever reads the site."""
    return "encryptcontent" in config.plugins


def classes(config: MkDocsConfig) -> Iterable[str]:
    """The classes that plugins give to what they make of a text."""
    return ["glightbox"] if "glightbox" in config.plugins else []


def draws_cards(config: MkDocsConfig) -> bool:
    """True where Material's plugin draws a picture of each page."""
    social: Any = config.plugins.get("material/social")
    return social is not None and bool(social.config.enabled and social.config.cards)


def is_kept_out(page: Page, config: MkDocsConfig) -> bool:
    """True for a page that mkdocs-exclude-search keeps out of the search."""
    plugin: Any = config.plugins.get("exclude-search")
    if plugin is None or page.url in ("", "./", "index.html"):
        return False
    is_doc = page.file.src_dir == config.docs_dir  # no other page is meant to be in the nav
    if is_doc and plugin.config.get("exclude_unreferenced") and config.nav:
        listed = import_module("mkdocs_exclude_search.utils").explode_navigation(config.nav)
        if plugin.is_unreferenced_record(page.url, listed):
            return True
    whole = [one for one in _patterns(config, "exclude") if "#" not in one]
    kept_out: bool = plugin.is_excluded_record(page.url, None, [(one, None) for one in whole])
    return kept_out


def keep_copy(page: Page, html: str) -> None:
    """Give mkdocs-print-site, which keeps a copy of each page, the one that is shown."""
    if hasattr(page, "html"):
        page.html = html


def _patterns(config: MkDocsConfig, option: str) -> list[str]:
    plugin = config.plugins.get("exclude-search")
    named = plugin.config.get(option) or [] if plugin is not None else []
    return [named] if isinstance(named, str) else list(named)
