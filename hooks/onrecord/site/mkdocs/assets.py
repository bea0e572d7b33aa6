"""The files that are beside the pages, each as the site may publish it.

In come the files of a build; out come the same files, with those that act in a browser cleaned or
left out. Files of the theme and of plugins are theirs.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from onrecord.records.disk import read_file
from onrecord.site.files import NotPublishedError, PublishedFile, published
from onrecord.site.mkdocs.log import log
from onrecord.site.mkdocs.plugins import neighbours
from onrecord.site.pages import places
from onrecord.site.sheets import lean_sheets, used_in

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


SHEETS = "onrecord_sheets"
"""The name under which our template knows which sheets take the place of the theme's."""

_SHEETS = ("main", "palette")
_NO_PAGES = (
    *("assets/javascripts/lunr/", "assets/javascripts/workers/", "assets/stylesheets/"),
    f"{places.DIAGRAMS}/",
)
"""What names no class of a page: the sheets themselves, workers, and the frame that draws."""


def choose_sheets(config: MkDocsConfig, *, serving: bool) -> None:
    """Name the theme's sheets that pages load without what they don't use.

    None while the site is served, as any edit may use more of them; none where a text is locked
    away, or a script is another host's, as both may use what no file of the site names.
    """
    sheets = {}
    is_foreign = any("//" in str(one) for one in config.extra_javascript)
    if config.theme.name == "material" and not (
        serving or is_foreign or neighbours.locks_pages(config)
    ):
        for name in _SHEETS:
            folders = (Path(one) / "assets/stylesheets" for one in config.theme.dirs)
            found = next((one for f in folders for one in f.glob(f"{name}.*.min.css")), None)
            if found is not None:
                sheets[f"assets/stylesheets/{found.name}"] = f"{places.THEME_SHEETS}/{name}.css"
    config.theme[SHEETS] = sheets


def write_sheets(config: MkDocsConfig) -> None:
    """Write the sheets that were chosen, when all pages are written."""
    site, chosen = Path(config.site_dir), config.theme.get(SHEETS) or {}
    texts = {one: site / one for one in chosen if (site / one).is_file()}
    if not texts:
        return
    made = lean_sheets([f.read_text("utf-8") for f in texts.values()], used_in(site, _NO_PAGES))
    for one, css in zip(texts, made, strict=True):
        out = site / chosen[one]
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(css, encoding="utf-8")
