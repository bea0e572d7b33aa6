"""Which aliases get a page, and which are in the way of a file that the site has already.

In come the files of a site; out come the pages at old addresses, none of which is, or leads
through, one of those files, and a finding for each alias that would. The check and the build ask
the same function: the build with the files it really has, the check with those it will have.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from onrecord.drafting.schemas import SCHEMAS_FOLDER
from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.records.findings import Finding, finding, shown
from onrecord.records.library import Library
from onrecord.records.model import Decision, is_alias
from onrecord.search.site_index import FOLDER as SEARCH_INDEX
from onrecord.site.check import MARKER
from onrecord.site.machine.llms import LLMS
from onrecord.site.machine.redirects import pages_of_alias, pages_of_markdown
from onrecord.text.paths import as_one_disk_sees

RESERVED = (
    *("404.html", "index.html", "sitemap.xml", "sitemap.xml.gz", "objects.inv"),
    *("search/search_index.json", "records.json", LLMS, MARKER),
    *("assets", SEARCH_INDEX, SCHEMAS_FOLDER),  # folders that are a tool's from top to bottom
)
"""What a build writes on every site, beside its pages."""


class AliasPlan(NamedTuple):
    """`pages` are files of the site, each with the decision that it leads to."""

    pages: tuple[tuple[str, Decision], ...]
    findings: tuple[Finding, ...]


def alias_plan(library: Library, docs_dir: str, files: Mapping[str, str]) -> AliasPlan:
    """What becomes of all aliases. `files` are those of the site, each with what it is made of."""
    taken = _Taken({name: name for name in RESERVED} | dict(files))
    pages: list[tuple[str, Decision]] = []
    findings: list[Finding] = []
    for decision in library.decisions:
        own: set[str] = set()
        for alias, place in decision.placed("aliases", decision.aliases):
            if not is_alias(alias) or library.moved.get(alias, decision.path) != decision.path:
                continue  # which is a finding of its own
            owner = ""
            for page in pages_of_alias(alias, docs_dir):
                found = taken.by(page)
                if not found:
                    taken.add(page, f"an alias of {decision.path}")
                    own.add(as_one_disk_sees(page))
                    pages.append((page, decision))
                elif as_one_disk_sees(page) not in own and not _is_left(decision, alias, found):
                    owner = owner or found
            if owner:
                said = f"the alias {shown(alias)} is the address of {shown(owner, 100)}"
                hint = "write the old path of this record, such as docs/adr/0012-pay-date.md"
                findings.append(finding(decision.path, "alias-unusable", said, hint, *place))
    return AliasPlan(tuple(pages), tuple(findings))


def _is_left(decision: Decision, alias: str, owner: str) -> bool:
    """True while the file that a decision was imported from is still where it was."""
    return decision.imported is not None and alias == owner == decision.imported.source


class _Taken:
    """The files of a site, as a disk sees them that doesn't tell case apart."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files: dict[str, str] = {}
        self._folders: dict[str, str] = {}
        for file, owner in files.items():
            self.add(file, owner)

    def add(self, file: str, owner: str) -> None:
        key = as_one_disk_sees(file)
        self._files.setdefault(key, owner)
        for folder in _above(key):
            if folder in self._folders:
                break
            self._folders[folder] = owner

    def by(self, page: str) -> str:
        """What has the place of a page: the same file, one on its way, or a folder; '' if none."""
        key = as_one_disk_sees(page)
        through = (self._files[one] for one in (key, *_above(key)) if one in self._files)
        return next(through, "") or self._folders.get(key, "")


def _above(path: str) -> Iterator[str]:
    while path := posixpath.dirname(path):
        yield path


def faults_of_aliases(base: KnowledgeBase) -> tuple[Finding, ...]:
    """The aliases that can't have a page on the site of this knowledge base."""
    if not any(decision.aliases for decision in base.library.decisions):
        return ()  # and the pages of the site needn't be counted
    return alias_plan(base.library, base.docs_dir, dict(_files_of(base))).findings


def _files_of(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """Every file that a site of this knowledge base may have, with what it is made of."""
    # Loaded late: few bases have aliases, and all pages take longer to load than a check.
    from onrecord.site.pages import SiteFeatures, Views

    library, docs = base.library, f"{base.docs_dir}/"
    for path in library.by_path:
        for page in pages_of_markdown(path.removeprefix(docs)):
            yield page, path
            yield page.removesuffix(".html") + ".md", path
    for path in library.assets:
        yield path.removeprefix(docs), path
    views = Views(base, SiteFeatures(has_forms=True, search=True))
    for made in views.pages():
        for page in pages_of_markdown(made.path):
            yield page, f"the page “{made.title}”"
    for feed in views.feeds("", {}):
        yield feed.path, feed.path
