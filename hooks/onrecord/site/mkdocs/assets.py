"""The files that are beside the pages, each as the site may publish it.

In come the files of a build; out come the same files, with those that act in a browser cleaned or
left out. Files of the theme and of plugins are theirs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from onrecord.records.disk import read_file
from onrecord.records.keeping import digest_of
from onrecord.site.files import NotPublishedError, PublishedFile, published
from onrecord.site.mkdocs.cleaning import TRUSTED
from onrecord.site.mkdocs.log import log
from onrecord.site.mkdocs.plugins import neighbours
from onrecord.site.mkdocs.rebuild.folder import Listing, SiteFolder
from onrecord.site.mkdocs.rebuild.memo import NAMED, SHEETS, Memo
from onrecord.site.pages import places
from onrecord.site.sheets import Named, lean_sheets, named_in, used_in

_TRUST = "if only people you trust change docs/, set `extra: onrecord: docs: trusted` in mkdocs.yml"


def clean_docs(files: Files, config: MkDocsConfig) -> None:
    """Replace or leave out every file of docs/ that would act in a browser; each is said."""
    named = {str(one).lstrip("/") for one in (*config.extra_javascript, *config.extra_css)}
    named |= {str(one) for one in config.extra_templates}
    for file in list(files):
        if file.is_documentation_page() or file.src_dir != config.docs_dir:
            continue
        source = Path(file.abs_src_path or "")
        try:
            made = published(file.src_uri, partial(read_file, source), named)
        except OSError:
            continue  # MkDocs says so itself
        except NotPublishedError as error:
            files.remove(file)
            log.warning(f"{file.src_uri}: {error}; it is left out; {_TRUST}")
            continue
        if made.data is not None:
            files.remove(file)
            files.append(File.generated(config, made.path, content=made.data))
        if made.taken_out:
            out = ", ".join(made.taken_out)
            log.warning(f"{file.src_uri}: {out} could run, so it was removed; {_TRUST}")


def beside_a_record(path: str, root: Path) -> PublishedFile | None:
    """A file beside a record as the site has it; None when it isn't published.

    `onrecord check` and the build have named it already.
    """
    try:
        return published(path, partial(read_file, root / path), text_as_page=True)
    except (NotPublishedError, OSError):
        return None


STOCK_FAVICON = "assets/images/favicon.png"
"""What Material sets where nobody has set another."""

LEAN = "onrecord_lean"
"""The name under which our template knows what takes the place of the theme's sheets and script."""

_SHEETS = ("main", "palette")
_NO_PAGES = (
    *("assets/javascripts/lunr/", "assets/javascripts/workers/", "assets/stylesheets/"),
    *(f"{places.DIAGRAMS}/", f"{places.THEME_SHEETS}/"),
)
"""What names no class of a page: the sheets themselves, workers, and the frame that draws."""

_SCRIPT = "assets/javascripts/bundle"
_NEEDS_NO_SCRIPT = re.compile(
    r"content\.action\.\w+|content\.code\.copy|navigation\.(?:expand|footer|indexes|path|prune"
    r"|sections|top)|search\..+|toc\.(?:follow|integrate)"
)
"""The theme's features that our script knows, or that no script is asked for."""
_SCRIPTED_EXTRA = ("alternate", "analytics", "consent", "version")
_SCRIPTED = re.compile(r'class="[^"]*\b(?:annotate|tabbed-set)\b')
"""What a text may hold that the theme's script alone brings to life."""


def choose_lean(config: MkDocsConfig, *, serving: bool) -> None:
    """Name what pages load in the place of the theme's sheets and of its script.

    No sheet while the site is served, as any edit may use more of them; none where a text is locked
    away, or a script is another host's, as both may use what no file of the site names.
    """
    chosen = {}
    if config.theme.name == "material":
        is_foreign = any("//" in str(one) for one in config.extra_javascript)
        if not (serving or is_foreign or neighbours.locks_pages(config)):
            for name in _SHEETS:
                if found := _of_theme(config, f"assets/stylesheets/{name}.*.min.css"):
                    chosen[found] = f"{places.THEME_SHEETS}/{name}.css"
        if _asks_little(config) and (found := _of_theme(config, f"{_SCRIPT}.*.min.js")):
            chosen[found] = places.THEME_SCRIPT
    config.theme[LEAN], config.theme[_USED_WHOLE] = chosen, False


def _of_theme(config: MkDocsConfig, pattern: str) -> str:
    """The path of a file of the theme, which has a hash in its name; '' where there is none."""
    found = (
        one.relative_to(d).as_posix() for d in config.theme.dirs for one in Path(d).glob(pattern)
    )
    return next(found, "")


def _asks_little(config: MkDocsConfig) -> bool:
    """True where all that asks something of the theme's script is known, and ours answers it.

    Scripts, templates and hooks of the owner may build on the theme's own, and so may plugins.
    """
    extra: Mapping[str, Any] = config.extra
    return (
        all(_NEEDS_NO_SCRIPT.fullmatch(one) for one in config.theme.get("features") or ())
        and all(str(one).startswith(f"{places.ASSETS}/") for one in config.extra_javascript)
        and not any(extra.get(key) for key in _SCRIPTED_EXTRA)
        and (extra.get("onrecord") or {}).get("docs") != TRUSTED
        and config.theme.custom_dir is None
        and not neighbours.may_add_scripts(config)
    )


def needs_whole_script(config: MkDocsConfig, html: str) -> bool:
    """True for a page whose text only the theme's own script brings to life."""
    needs = places.THEME_SCRIPT in config.theme[LEAN].values() and bool(_SCRIPTED.search(html))
    if needs:
        use_whole_script(config)
    return needs


def use_whole_script(config: MkDocsConfig) -> None:
    """Say that a page needs the theme's own script."""
    config.theme[_USED_WHOLE] = True


_USED_WHOLE = "onrecord_uses_whole_script"


def write_sheets(config: MkDocsConfig, to: SiteFolder, memo: Memo) -> None:
    """Write the sheets that were chosen, when all else is written."""
    site = to.folder
    chosen = {
        one: lean for one, lean in config.theme.get(LEAN, {}).items() if lean.endswith(".css")
    }
    texts = {one: site / one for one in chosen if (site / one).is_file()}
    if not texts:
        return
    has_whole = places.THEME_SCRIPT not in config.theme[LEAN].values() or config.theme[_USED_WHOLE]
    besides = _NO_PAGES if has_whole else (*_NO_PAGES, _SCRIPT)
    used = used_in(site, besides, partial(_named, memo, to.listing or {}))
    sheets = [f.read_text("utf-8") for f in texts.values()]
    words = (sorted(used.classes), sorted(used.colours), sorted(used.properties), used.beginnings)
    made = memo.text(
        SHEETS,
        [*sheets, json.dumps(words)],
        lambda: json.dumps(lean_sheets(sheets, used)),
    )
    for one, css in zip(texts, json.loads(made), strict=True):
        to.put(chosen[one], css.encode())


def _named(memo: Memo, listing: Listing, path: str, file: Path) -> Named:
    """What a file names, as far as it isn't known from one with the same bytes."""
    data = None if path in listing else file.read_bytes()
    digest = listing[path] if data is None else digest_of(data)
    key = memo.key([path.rpartition(".")[2], digest])
    if (found := memo.read(NAMED, key)) is not None:
        return msgspec.msgpack.decode(found, type=Named)
    made = named_in(path, file.read_bytes() if data is None else data)
    memo.write(NAMED, key, msgspec.msgpack.encode(made))
    return made


def override_theme(config: MkDocsConfig) -> None:
    """Put our few partials before Material's and behind those of the site's owner."""
    ours, dirs = str(Path(__file__).parent / "theme"), config.theme.dirs
    if config.theme.name == "material" and ours not in dirs:
        custom = config.theme.custom_dir
        dirs.insert(1 if custom and dirs and dirs[0] == custom else 0, ours)
    if config.theme.name == "material":
        # Where a team has set no logo or favicon of its own, both are our mark.
        icon = config.theme.get("icon") or {}
        if not config.theme.get("logo") and not icon.get("logo"):
            config.theme["icon"] = {**icon, "logo": "onrecord/mark"}
        if config.theme.get("favicon") in (None, STOCK_FAVICON):
            config.theme["favicon"] = places.MARK


def load_assets(config: MkDocsConfig) -> None:
    """Have our style sheet and the script of who reads loaded, unless an earlier build did."""
    if places.STYLESHEET not in config.extra_css:
        config.extra_css.insert(0, places.STYLESHEET)
        you = ExtraScriptValue(places.YOU)
        you.defer = True
        config.extra_javascript.insert(0, you)
