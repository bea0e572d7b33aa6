"""A site in several languages, as mkdocs-static-i18n builds it: one build within another for each.

Records are written in one language and have one page, which the first build writes; the pages of
docs/ in all languages lead there, and all are in one index of the search.
"""

from __future__ import annotations

from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

PLUGIN = "i18n"


def has_languages(config: MkDocsConfig) -> bool:
    """True for a site in several languages. Our files must then be added behind the plugin's."""
    return PLUGIN in config.plugins


def is_further(config: MkDocsConfig) -> bool:
    """True within the build of a language that isn't the first."""
    return bool(getattr(config.plugins.get(PLUGIN), "building", False))


def is_home(page: Page, config: MkDocsConfig) -> bool:
    """True for the home page of any language."""
    path = page.file.dest_uri
    if is_further(config):
        plugin: Any = config.plugins[PLUGIN]
        path = path.removeprefix(f"{plugin.current_language}/")
    return path == "index.html"


def is_repeated(page: Page, config: MkDocsConfig) -> bool:
    """True for a page that isn't translated, which an earlier language has as well."""
    if not is_further(config):
        return False
    plugin: Any = config.plugins[PLUGIN]
    return bool(getattr(page.file, "locale", "") != plugin.current_language)
