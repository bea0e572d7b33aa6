"""What a site publishes for programs: each record's own Markdown, and llms.txt with its lists.

A record's file goes out byte for byte, beside its page. Only a record that has a page is given,
and none whose text couldn't be read: what no page shows is published nowhere.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from html import escape
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

from onrecord.overview.catalogue import Catalogue
from onrecord.records.library import Library
from onrecord.records.model import Record
from onrecord.site.machine.llms import Llms, markdown_of
from onrecord.site.pages import places

_NOT_SHOWN = frozenset(("file-not-text", "file-too-large", "file-unreadable"))


def markdown_beside(
    files: Files, config: MkDocsConfig, root: Path, shown: Mapping[str, Record], library: Library
) -> frozenset[str]:
    """Add the file of every record that is shown, and say of which."""
    unread = {fault.path for fault in library.findings if fault.code in _NOT_SHOWN}
    records = {record.path for record in library.records}
    added = set()
    for path in shown:
        if path not in unread and path in records:
            made = _placed(files, config, path, abs_src_path=str(root / path))
            added |= {path} if made else set()
    return frozenset(added)


def llms_files(
    files: Files,
    config: MkDocsConfig,
    catalogue: Catalogue,
    addresses: Mapping[str, str],
    published: frozenset[str],
) -> tuple[str, frozenset[str]]:
    """The text of llms.txt; its lists are added, and the pages they lie beside are said."""
    llms = Llms(
        catalogue,
        config.site_name,
        config.site_description or "",
        config.site_url or "",
        addresses,
        published,
        places.stage_page,
        places.year_page,
    )
    added = [page for page, text in llms.lists() if _placed(files, config, page, content=text)]
    return llms.llms(), frozenset(added)


def _placed(files: Files, config: MkDocsConfig, path: str, **given: str) -> bool:
    """Add Markdown beside the page of this path, to be copied as it is.

    False, and nothing added, where there is no such page or a file of the site lies there.
    """
    page, name = files.get_file_from_path(path), f"{path}.txt"
    if page is None or files.get_file_from_path(name) is not None:
        return False
    # MkDocs takes what ends in .md for a page, so it is called otherwise until it is placed.
    made = File.generated(config, name, inclusion=InclusionLevel.NOT_IN_NAV, **given)
    made.dest_uri = page.dest_uri.removesuffix(".html") + ".md"
    files.append(made)
    return True


def link_beside(html: str, page: Page) -> str:
    """The page with a link to its Markdown in its head."""
    here = markdown_of(page.url)
    name = escape(posixpath.basename(here))
    # Not `alternate` alone: Material's script asks for a sitemap beside each of those.
    link = f'<link rel="alternate source" type="text/markdown" href="{name}">'
    return html.replace("</head>", f"{link}</head>", 1)
