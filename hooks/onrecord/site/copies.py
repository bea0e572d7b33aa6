"""The Markdown beside each record's page, for programs: its front matter, and all the page tells.

In come the fragments of a page that is being made; out comes its copy, whose links lead to other
copies where there are such, and else to pages.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import unquote

from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.records.disk import read_file
from onrecord.records.model import Record
from onrecord.records.reading.frontmatter import decoded
from onrecord.site.addresses import markdown_of
from onrecord.site.links import Map, with_links
from onrecord.site.machine.html_to_markdown import plain
from onrecord.site.machine.record_markdown import Plain, RecordMarkdown, joined
from onrecord.site.page_plan import PagePlan
from onrecord.site.pages.fragments import Fragment


@dataclass(frozen=True)
class Copies:
    """The copies of one build. `given` are the paths of the records and lists that have one."""

    base: KnowledgeBase
    plan: PagePlan
    given: Collection[str]
    plain: Plain = plain

    def of(self, record: Record, fragment: Fragment) -> str:
        """The copy of a record; `fragment` is that of its page, with addresses seen from there."""
        address = self.plan.addresses[record.path]
        root = "../" * address.count("/") or "./"

        def link(href: str) -> str:
            place, sign, anchor = href.removeprefix(root).partition("#")
            return root + self._copy.get(place, place) + sign + anchor

        def written(text: str, source: str) -> str:
            return with_links(text, source, unquote(markdown_of(address)), self._links)

        catalogue = self.base.catalogue
        markdown = RecordMarkdown(catalogue, written, link, self.plain)
        return joined(front_matter(self.base, record), markdown.of(record, fragment))

    @cached_property
    def _copy(self) -> dict[str, str]:
        """From the address of a page to that of the Markdown beside it."""
        found = (self.plan.addresses[path] for path in self.given if path in self.plan.addresses)
        return {address: markdown_of(address) for address in found}

    @cached_property
    def _links(self) -> Map:
        """Where the links of a text lead."""
        known, addresses = self.plan.links, self.plan.addresses
        pages = {}
        for path, page in known.pages.items():
            address = addresses.get(page) or addresses.get(path, "")
            pages[path] = unquote(self._copy.get(address, address))
        texts = self.base.library.by_path
        return replace(
            known,
            pages=pages,
            texts={pages[path]: one.body.text for path, one in texts.items() if path in pages},
        )


def front_matter(base: KnowledgeBase, record: Record) -> str:
    """The front matter of a record's file, as it is written; '' where there is none."""
    try:
        text, _ = decoded(record.path, read_file(base.root / record.path))
    except OSError:
        return ""
    lines = record.body.line - 1
    return "\n".join(text.split("\n", lines)[:lines])
