"""The search box in the header of Material, in the place of Material's own.

In comes the configuration of a build. Material's header has a place for search and fills it, with
`partials/search.html`, when its own search plugin is there and enabled. A stand-in with that
plugin's name keeps the place, our partial fills it, and no copy of the header has to be kept.
"""

from __future__ import annotations

from types import SimpleNamespace

from mkdocs.config.base import Config
from mkdocs.config.config_options import ExtraScriptValue, ListOfItems, Type
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin

from onrecord.site.mkdocs.log import log
from onrecord.site.pages.places import ASSETS

MATERIAL = "material/search"
"""The name under which Material's header looks for its search."""

SCRIPT = "search/search.js"
"""What every page loads; it loads the others, and the style sheet, on first use."""


class SearchBoxConfig(Config):  # type: ignore[no-untyped-call]
    """What the header and other plugins ask of Material's search."""

    enabled = Type(bool, default=True)
    lang = ListOfItems(Type(str), default=[])


class SearchBox(BasePlugin[SearchBoxConfig]):  # type: ignore[no-untyped-call]
    """Keeps the place of search in Material's header; it listens to no event."""

    search_index = SimpleNamespace(entries=[])

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Do nothing; mkdocs-static-i18n calls it."""


def wanted(config: MkDocsConfig, option: bool) -> bool:
    """Whether this site has our search: with Material, unless its owner has turned it off."""
    return option and config.theme.name == "material"


def put_in(config: MkDocsConfig) -> None:
    """Take the place of Material's search, and have our script loaded."""
    own = config.plugins.get(MATERIAL)
    if own is not None and not isinstance(own, SearchBox):
        own.config["enabled"] = False  # or it would still index every page
        log.debug("Material's search is off, because OnRecord's replaces it")
    if not isinstance(own, SearchBox):
        box = SearchBox()
        box.load_config({})
        config.plugins[MATERIAL] = box
    script = f"{ASSETS}/{SCRIPT}"
    if all(str(one) != script for one in config.extra_javascript):
        made = ExtraScriptValue(script)
        made.type = "module"
        # `serve` builds with one configuration again and again; the check above keeps it from being
        # there twice.
        config.extra_javascript.insert(0, made)
