"""Which page is where: one plan, which the site and the export share.

An address has one owner. The docs come first, then records and the files beside them, then the
pages that the site makes; whatever comes later gives way.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from onrecord.records.library import Library
from onrecord.records.model import Record
from onrecord.records.settings import address_of
from onrecord.records.vocabulary import PLAYBOOKS_FOLDER
from onrecord.site.links import FORGE_INDEXES, Map, map_of
from onrecord.site.pages.places import HOME, IndexPage


@dataclass(frozen=True)
class PagePlan:
    """Where everything is on a site.

    `pages` leads from a path in the repository, or of a page the site makes, to a path among the
    pages as MkDocs counts them; `addresses` leads from it to an address from the site's root.
    By path, what has an address of its own: `shown` are the records, and texts where no record is
    expected; `files` is what is published beside them; `made` are the pages the site makes.
    `taken` leads from a record or file that has none to what has its address; `left_out` are the
    pages that the site would make there. `home` is the home page; `has_home`
    is false when the docs hold none.
    """

    pages: Mapping[str, str]
    addresses: Mapping[str, str]
    shown: Mapping[str, Record]
    files: tuple[str, ...]
    made: Mapping[str, IndexPage]
    taken: Mapping[str, str]
    left_out: tuple[str, ...]
    home: str
    has_home: bool
    links: Map


def plan_of(
    library: Library,
    docs_dir: str,
    docs: Mapping[str, str],
    beside: Mapping[str, str],
    made: Iterable[IndexPage],
    *,
    folders: bool,
    forge: str,
) -> PagePlan:
    """The plan of a site.

    `docs` holds the address of each page and file of the docs, by its path in `docs_dir`, or '' for
    one that isn't built; `beside` leads from a file beside records to its path among the pages;
    `made` are the pages that the site would make. `folders` is true where the address of a page is
    that of a folder (`use_directory_urls`). `forge` is the address under which the forge shows a
    file, or ''.
    """
    docs_pages = {f"{docs_dir}/{page}": page for page in docs}
    addresses = {path: docs[page] for path, page in docs_pages.items()}
    owners: dict[str, str] = {}

    def first_of(paths: Iterable[str]) -> list[str]:
        """The paths whose address nobody has yet; now it is theirs."""
        found = []
        for path in paths:
            # A page of the docs that isn't built has '' here, and takes an address from nobody.
            at = addresses.setdefault(path, address_of(beside.get(path, path), folders))
            if at and at not in owners:
                owners[at] = path
                found.append(path)
        return found

    misplaced = [page for page in library.pages if page.path.startswith(f"{PLAYBOOKS_FOLDER}/")]
    texts = {one.path: one for one in (*library.records, *misplaced)}
    wanted = {page.path: page for page in made}
    # MkDocs leaves a README.md out where an index.md is beside it.
    first_of(sorted(docs_pages, key=lambda path: posixpath.basename(path) == "README.md"))
    shown, files, own = first_of(texts), first_of(beside), first_of(wanted)

    owner_of = {path: owners.get(at, path) for path, at in addresses.items()}
    pages = {
        path: docs_pages.get(owner, beside.get(owner, owner)) for path, owner in owner_of.items()
    }
    in_repository = {path: pages[path] for path in (*docs_pages, *texts, *beside)}
    indexes = {path: pages.get(index, index) for path, index in FORGE_INDEXES.items()}
    home = owners.get(address_of(HOME, folders))
    return PagePlan(
        pages,
        addresses,
        shown={path: texts[path] for path in shown},
        files=tuple(files),
        made={path: wanted[path] for path in own},
        taken={path: owner_of[path] for path in sorted({*texts, *beside} - {*shown, *files})},
        left_out=tuple(path for path in wanted if path not in own),
        home=pages[home] if home else HOME,
        has_home=home is not None,
        links=map_of(library, docs_dir, in_repository | indexes, forge),
    )


def files_beside_records(library: Library, docs_dir: str) -> list[str]:
    """The paths of images and the like that are published with records, and lie not in the docs."""
    return [path for path in sorted(library.assets) if not path.startswith(f"{docs_dir}/")]
