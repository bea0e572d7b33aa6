"""A site in several languages, as mkdocs-static-i18n builds it: one build within another for each.

Records are written in one language and have one page, which the first build writes; the pages of
docs/ in all languages lead there, and all are in one index of the search.
"""

from __future__ import annotations

from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
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


def list_in_sitemap(config: MkDocsConfig, files: Files) -> None:
    """Put our pages among those that the plugin writes into its sitemap.xml.

    It knows only the files that were there before it; ours are added behind it.
    """
    plugin: Any = config.plugins[PLUGIN]
    listed = list(plugin.i18n_files_per_language.get(plugin.current_language, ()))
    known = {file.src_uri for file in listed}
    ours: list[Any] = [one for one in files.documentation_pages() if one.src_uri not in known]
    for file in ours:
        file.alternates = {}  # they are in one language
    plugin.i18n_files_per_language[plugin.current_language] = [*listed, *ours]
