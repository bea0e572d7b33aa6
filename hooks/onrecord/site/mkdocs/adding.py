"""Adding to a build: MkDocs' own files in, and with them what the plan and its files say.

None of what is added has the place of a file that is there, and none of it is for the nav.

What MkDocs finds in the docs folder behind a symbolic link goes: it is on no page of the
repository, and may be any file of the machine. The reader of the library skips the same files.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files, InclusionLevel

from onrecord.overview.catalogue import Catalogue
from onrecord.records.disk import is_link, is_linking, walk
from onrecord.records.findings import count
from onrecord.records.library import Library
from onrecord.records.model import Decision
from onrecord.site.aliases import alias_plan
from onrecord.site.files import PublishedFile
from onrecord.site.made_files import MadeFiles
from onrecord.site.mkdocs.assets import beside_a_record
from onrecord.site.mkdocs.log import log
from onrecord.site.mkdocs.options import BuildOptions
from onrecord.site.mkdocs.plugins.languages import is_further
from onrecord.site.mkdocs.plugins.neighbours import SOURCE, draws_cards
from onrecord.site.page_plan import PagePlan, files_beside_records
from onrecord.site.pictures import NoPicturesError, Pen, Previews

_YOURS = "{} is yours, so OnRecord's file of that name is left out"
_NO_ADDRESS = (
    "mkdocs.yml: `extra: onrecord: pictures` needs `site_url`: who shows a picture beside a link "
    "asks for its whole address. No picture is drawn"
)
_UNREAD = (
    "The titles of {} have letters that no font here holds, such as that of {}; the picture of the "
    "site is shown beside their links. Name a font that holds them: docs/how-to/change-the-look.md"
)
_MOST_FOLDERS = 20_000
_NOT_BUILT = (InclusionLevel.EXCLUDED, InclusionLevel.DRAFT)


def addresses_of_docs(files: Files, config: MkDocsConfig) -> Mapping[str, str]:
    """The address of each page and file of the docs by path; '' for one that isn't built."""
    return {
        file.src_uri: "" if file.inclusion in _NOT_BUILT else file.url
        for file in files  # the others are the theme's
        if file.is_documentation_page() or file.src_dir == config.docs_dir
    }


def published_beside(library: Library, options: BuildOptions) -> Mapping[str, PublishedFile]:
    """What is published of the files beside records, by path."""
    paths = files_beside_records(library, options.docs_dir)
    found = {path: beside_a_record(path, options.root) for path in paths}
    return {path: file for path, file in found.items() if file is not None}


def add_pages(
    files: Files,
    config: MkDocsConfig,
    options: BuildOptions,
    plan: PagePlan,
    beside: Mapping[str, PublishedFile],
) -> None:
    """Add what the plan shows, and say what it can't."""
    for path, owner in plan.taken.items():
        log.warning(f"{path}: {owner} has this address; it is not shown")
    for path in plan.left_out:
        log.info(_YOURS.format(plan.pages[path]))
    changed = {path: beside[path].data for path in plan.files}
    for path in (*plan.shown, *plan.files):
        if (data := changed.get(path)) is not None:
            _put(files, _generated(config, plan.pages[path], data))
            continue
        file = File(
            path,
            src_dir=str(options.root),
            dest_dir=config.site_dir,
            use_directory_urls=config.use_directory_urls,
            inclusion=InclusionLevel.NOT_IN_NAV,
        )
        # MkDocs puts `edit/main/docs/` before it; signs such as # must not end the path.
        file.edit_uri = quote(posixpath.relpath(path, options.docs_dir))
        _put(files, file)
    for path in plan.made:
        _put(files, _generated(config, path, ""))
    if options.home and not plan.has_home and not is_further(config):
        _put(
            files,
            _generated(config, plan.home, f"# {config.site_name}\n", InclusionLevel.UNDEFINED),
        )


def add_files(files: Files, config: MkDocsConfig, made: MadeFiles) -> Mapping[str, File]:
    """Add the files that are no pages, and the Markdown beside pages, which is returned by page."""
    beside: dict[str, File] = {}
    for path, text in made.texts.items():
        if files.get_file_from_path(path) is None:
            files.append(_generated(config, path, text))
        else:
            log.info(_YOURS.format(path))
    for path, source in made.markdown.items():
        page, name = files.get_file_from_path(path), f"{path}.txt"
        if page is None or files.get_file_from_path(name) is not None:
            continue
        # MkDocs takes what ends in .md for a page, so it is called otherwise until it is placed.
        file = _generated(config, name, source)
        file.dest_uri = page.dest_uri.removesuffix(".html") + ".md"
        files.append(file)
        beside[path] = file
    return beside


def add_redirects(
    files: Files,
    config: MkDocsConfig,
    library: Library,
    docs_dir: str,
    html: Callable[[str, Decision], str],
) -> None:
    """Add pages at old addresses, where nothing else is, and name the aliases that get none."""
    there = {
        file.dest_uri: f"{docs_dir}/{file.src_uri}"
        if file.src_dir == config.docs_dir
        else file.src_uri
        for file in files
    }
    # Pages such as 404.html and sitemap.xml, which are no files of the build yet.
    there |= {name: name for name in config.theme.static_templates}
    plan = alias_plan(library, docs_dir, there)
    for one in plan.findings:
        log.warning(f"{one.path}:{one.line}: {one.message} ({one.code}); {one.hint}")
    for path, decision in plan.pages:
        files.append(_generated(config, path, html(path, decision)))


def previews_of(
    config: MkDocsConfig, options: BuildOptions, catalogue: Catalogue, plan: PagePlan
) -> Previews | None:
    """The pictures of records, where the site's owner asks for them and nothing else draws some."""
    if not options.pictures:
        return None
    if not config.site_url:
        log.warning(_NO_ADDRESS)
        return None
    if draws_cards(config):
        log.info("`pictures`: Material's plugin `social` draws a card for each page, so no others")
        return None
    try:
        pen = Pen(options.font)
        previews = Previews(pen, catalogue, config.site_name, plan.shown)
    except NoPicturesError as error:
        raise PluginError(f"mkdocs.yml: `extra: onrecord:` {error}") from None
    if previews.unread:
        log.info(_UNREAD.format(count(len(previews.unread), "record"), previews.unread[0]))
    return previews


def _generated(
    config: MkDocsConfig,
    path: str,
    source: Path | str | bytes,
    kept: InclusionLevel = InclusionLevel.NOT_IN_NAV,
) -> File:
    """A file of this path, with a text or with what is in another file."""
    if isinstance(source, Path):
        return File.generated(config, path, abs_src_path=str(source), inclusion=kept)
    file = File.generated(config, path, content=source, inclusion=kept)
    # Plugins open the source of whatever is a page; see `SOURCE`.
    file.abs_src_path = SOURCE
    return file


def _put(files: Files, file: File) -> None:
    """Add a file; one of its name that isn't built gives way."""
    there = files.src_uris.get(file.src_uri)  # by path alone: plugins answer for translations
    if there is not None:
        files.remove(there)
    files.append(file)


def unread(files: Files, config: MkDocsConfig, root: Path) -> list[File]:
    """The files of the docs that are behind a symbolic link, and pipes, sockets and devices."""
    docs = Path(config.docs_dir)
    # The docs folder may itself be reached by a link; then nothing in it is the repository's own.
    above = (one for one in (docs, *docs.parents) if one != root and one.is_relative_to(root))
    plain = set() if any(map(is_link, above)) else _plain_files(docs)
    return [file for file in files if file.src_dir == config.docs_dir and file.src_uri not in plain]


def _plain_files(docs: Path) -> set[str]:
    entries = walk(docs, hidden=True)
    return {path for path, entry in entries if entry.is_file(follow_symlinks=False)}


def refuse_endless(docs: Path) -> None:
    """End the build where linked folders would keep MkDocs reading without an end.

    It follows them before any hook is asked, and two that lead above themselves double the
    folders at each step down.
    """
    entries = walk(docs, hidden=True)
    linked = [path for path, entry in entries if is_linking(entry) and entry.is_dir()]
    if not linked:
        return
    for number, _ in enumerate(os.walk(docs, followlinks=True)):
        if number > _MOST_FOLDERS:
            names = ", ".join(f"{docs.name}/{path}" for path in sorted(linked)[:5])
            raise PluginError(
                f"MkDocs follows symbolic links to folders, and these never end: remove {names}"
            )
