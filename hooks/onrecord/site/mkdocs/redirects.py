"""Pages at the old addresses of records, as files of the site.

In come the site's files and the library; out come further files, none of which has the place of
one that is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from onrecord.records.library import Library
from onrecord.records.model import is_alias
from onrecord.site.pages import Views, pages_of_alias


def redirects(
    files: Files,
    config: MkDocsConfig,
    views: Views,
    library: Library,
    addresses: Mapping[str, str],
    docs_dir: str,
) -> list[File]:
    """The pages that lead from the aliases of decisions to where they are.

    `addresses` are from the site's root, by path.
    """
    taken = {file.dest_uri for file in files} | set(config.theme.static_templates)
    made = []
    for page, path in _wanted(library, docs_dir):
        if page not in taken and path in addresses:
            taken.add(page)
            text = views.redirect(page, library.by_path[path], addresses[path])
            made.append(File.generated(config, page, content=text))
    return made


def _wanted(library: Library, docs_dir: str) -> Iterator[tuple[str, str]]:
    """A file of the site, and the path of the record it leads to."""
    for record in library.decisions:
        for alias in filter(is_alias, record.aliases):
            for page in pages_of_alias(alias, docs_dir):
                yield page, record.path
