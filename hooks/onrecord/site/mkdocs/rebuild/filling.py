"""A page in its theme, filled in again only when something that the theme can see has changed.

In comes the environment of a build's templates; out comes the same, whose templates ask what was
kept before they fill a page. All that a template is given is part of the key: the page, the
navigation, the configuration, the theme's own files, our code and the versions of all the rest.
Where something is given whose parts nobody knows, pages are filled each time.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from importlib.util import find_spec
from pathlib import Path, PurePath
from typing import Any

from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.nav import Link, Navigation, Section
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink
from mkdocs.theme import Theme

from onrecord.records.disk import walk
from onrecord.site.mkdocs.rebuild.known import named_function
from onrecord.site.mkdocs.rebuild.memo import PAGE, Memo
from onrecord.site.mkdocs.search_box import SearchBox
from onrecord.site.pages.rendering import CompiledTemplates

SEARCHED = "onrecord_search_version"
"""The name under which templates know which version of Pagefind a page asks."""

_NOT_SEEN = frozenset(
    # Where this build runs and writes, and what acts before a template is filled.
    (
        *("config_file_path", "dev_addr", "docs_dir", "draft_docs", "exclude_docs", "hooks"),
        *("markdown_extensions", "not_in_nav", "plugins", "site_dir", "validation", "watch"),
    )
)
_GIVEN = frozenset(
    (
        *("base_url", "build_date_utc", "config", "extra_css", "extra_javascript"),
        *("mkdocs_version", "nav", "onrecord_rail", "onrecord_whole", "page", "pages"),
    )
)
"""What MkDocs and we give a template. Other plugins may give more."""

_ON_A_PAGE = frozenset(
    (
        *("_Page__active", "_title_from_render", "abs_url", "canonical_url", "children", "content"),
        *("edit_url", "file", "links_to_anchors", "markdown", "meta", "next_page", "parent"),
        *("present_anchor_ids", "previous_page", "render", "title", "toc", "update_date"),
    )
)
"""What MkDocs and we note on a page."""

_TRANSLATE = frozenset(("_", "gettext", "ngettext", "npgettext", "pgettext"))
"""Functions that MkDocs gives templates: they translate into the theme's language."""

_ASKS_MORE = re.compile(rb"\b(?:build_date_utc|lipsum|now|pages|random)\b")
"""What a template of the owner's may name that is more than its page, or not the same again."""


_COMPILED = CompiledTemplates()
"""Those of the theme, for a server that fills them at each save."""


class UnknownPartError(Exception):
    """Something takes part in pages in a way that nobody knows; the words name it."""


def keep_filled(env: Any, site: bytes, memo: Memo) -> None:
    """Have templates ask what was kept, from now on. `site` is what `seen_of` a build made."""

    def fill(template: Any, context: Mapping[str, Any]) -> str:
        def make() -> str:
            return str(template.render(context))

        try:
            seen = _seen(context)
        except UnknownPartError:
            return make()
        return memo.text(PAGE, [site, str(template.name), *seen], make)

    fill_by(env, fill)
    # As with our own templates; and nobody else sets anything of how these are compiled.
    env.optimized, env.bytecode_cache = False, _COMPILED


Fill = Callable[[Any, Mapping[str, Any]], str]
"""Fills a template with what it is given."""


def fill_by(env: Any, fill: Fill) -> None:
    """Have each template that MkDocs fills pages with be filled in this way, from now on."""
    real = env.get_template

    def get_template(name: Any, parent: Any = None, globals: Any = None) -> Any:
        found = real(name, parent, globals)
        # A template asks with a parent for those that it extends and includes.
        return _Template(found, fill) if parent is None else found

    env.get_template = get_template


class _Template:
    """A template that MkDocs fills pages with."""

    def __init__(self, template: Any, fill: Fill) -> None:
        self._template, self._fill = template, fill

    def __getattr__(self, name: str) -> Any:
        return getattr(self._template, name)

    def render(self, *given: Any, **named: Any) -> str:
        """The page as the template is filled; it is given what Jinja's own is."""
        return self._fill(self._template, dict(*given, **named))


def seen_of(env: Any, config: MkDocsConfig, nav: Navigation, ours: object) -> bytes:
    """What stands for all that is the same for each page of a build. Raises `UnknownPartError`.

    `ours` is what our events are methods of, by which they are told from those of others.
    """
    if config.theme.name != "material":
        raise UnknownPartError(f"the theme {config.theme.name}")
    # These two can change what a template is given, or how it works; of those who hear them only
    # ours are known.
    refuse_others(config, ("env", "page_context"), ours)
    if more := env.globals.keys() - type(env)().globals.keys() - _TRANSLATE - {SEARCHED}:
        raise UnknownPartError(f"the global {min(more)} of templates")
    whole = [
        *settings(config),
        [files_of_theme(Path(one)) for one in config.theme.dirs],
        [_item(one) for one in nav.items],
        [one.url for one in nav.pages],
        nav.homepage.url if nav.homepage else "",
        str(env.globals.get(SEARCHED, "")),
    ]
    return hashlib.blake2b(json.dumps(whole).encode(), digest_size=16).digest()


def settings(config: MkDocsConfig) -> list[Any]:
    """What stands for the configuration, as far as pages can see it. Raises `UnknownPartError`."""
    options = {key: value for key, value in config.items() if key not in _NOT_SEEN}
    plugins = [
        [name, type(one).__qualname__, plain(getattr(one, "config", {}))]
        for name, one in sorted(config.plugins.items())
    ]
    return [plain(options), plugins]


def refuse_others(config: MkDocsConfig, events: Iterable[str], ours: object) -> None:
    """Only `ours` and our search box may hear these events. Raises `UnknownPartError`."""
    for event in events:
        for method in config.plugins.events[event]:
            owner = getattr(method, "__self__", None)
            if owner is not ours and type(owner) is not SearchBox:
                raise UnknownPartError(f"{hearer(method)}, at the event on_{event}")


def hearer(method: Any) -> str:
    """Whose method it is that hears an event, in words."""
    owner = getattr(method, "__self__", None)
    return f"the plugin {type(owner).__name__}" if owner else f"the hook {method.__module__}"


def plain(value: Any) -> Any:
    """A value of the configuration as JSON has it, the same for the same one."""
    if isinstance(value, ExtraScriptValue):
        return ["script", str(value), plain(vars(value))]
    if isinstance(value, str | int | float | None):
        return value
    if isinstance(value, Theme):
        return [plain(dict(value)), value.custom_dir, sorted(value.static_templates)]
    if type(value).__name__ == "Locale":  # Babel's, or MkDocs' own where that is missing
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    if isinstance(value, PurePath | date):
        return str(value)
    if (name := named_function(value)) is not None:
        return ["function", name]
    raise UnknownPartError(f"a {type(value).__name__} in the configuration")


def files_of_theme(folder: Path) -> Any:
    """A folder of the theme: Material's own and ours are known; of all others each file counts."""
    for package in ("material", "onrecord"):
        spec = find_spec(package)
        if spec and spec.origin and folder.is_relative_to(Path(spec.origin).parent):
            return package
    files = []
    for path, entry in walk(folder, hidden=True):
        if not entry.is_file():
            continue
        data = Path(entry).read_bytes()
        if path.endswith(".html") and _ASKS_MORE.search(data):
            raise UnknownPartError(f"the template {entry.name}")
        files.append([path, hashlib.blake2b(data, digest_size=16).hexdigest()])
    return files


def _item(item: Any) -> Any:
    """An entry of the navigation with what is below it."""
    if type(item) is Section:
        return ["section", item.title, [_item(one) for one in item.children]]
    if type(item) is Link:
        return ["link", item.title, item.url]
    if type(item) is Page:
        _known(item)
        return ["page", item.title, item.url, item.canonical_url, plain(item.meta)]
    raise UnknownPartError(f"a {type(item).__name__} in the navigation")


def _known(page: Page) -> None:
    if more := vars(page).keys() - _ON_A_PAGE:
        raise UnknownPartError(f"{min(more)}, which is noted on a page")


def _seen(context: Mapping[str, Any]) -> list[str]:
    """What stands for all that a template sees of one page: its texts, and the rest as JSON."""
    if more := context.keys() - _GIVEN:
        raise UnknownPartError(f"{min(more)}, which is given to templates")
    page = context["page"]
    if type(page) is not Page:
        raise UnknownPartError(f"a page of the type {type(page).__name__}")
    _known(page)
    file = page.file
    texts = [page.content, page.markdown, context.get("onrecord_rail")]
    rest = [
        *(page.title, page.url, page.abs_url, page.canonical_url, page.edit_url),
        *(page.is_homepage, page.update_date, plain(page.meta)),
        [contents(one) for one in page.toc],
        [_beside(one) for one in (page.previous_page, page.next_page)],
        [[one.title, one.is_section] for one in page.ancestors],
        [file.src_uri, file.dest_uri, file.name, str(file.inclusion), file.edit_uri],
        _active(context["nav"].items),
        *(context["base_url"], context["extra_css"], [*map(str, context["extra_javascript"])]),
        [text is None for text in texts],
        bool(context.get("onrecord_whole")),
    ]
    return [*(text or "" for text in texts), json.dumps(rest)]


def contents(item: AnchorLink) -> Any:
    """An entry of a page's table of contents, with those below it."""
    return [item.title, item.id, item.level, [contents(one) for one in item.children]]


def _beside(page: Page | None) -> Any:
    return [page.title, page.url] if page is not None else None


def _active(items: Any) -> Any:
    """Which entries of the navigation are marked as those of this page."""
    return [
        [bool(getattr(one, "active", False)), _active(getattr(one, "children", None) or ())]
        for one in items
    ]
