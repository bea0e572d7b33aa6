"""What is in the export: every page and file by its path, as text or as a file to be copied.

In come the root, the library and its views; out comes the tree. The pages are those of the site,
at the same places and in the same words: the views make them, `views.plain` turns what they make
into Markdown.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from html import escape
from pathlib import Path
from urllib.parse import quote

from onrecord.forges.hosts import shown_under
from onrecord.migration.export.folder import DOCS, MKDOCS, README
from onrecord.migration.export.settings import Settings, plain_settings
from onrecord.migration.export.texts import Judge, inert, inert_page
from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.records.disk import read_file
from onrecord.records.settings import MkdocsFile, address_of
from onrecord.records.vocabulary import STAGES
from onrecord.site.addresses import Address
from onrecord.site.files import NotPublishedError, published
from onrecord.site.links import with_links
from onrecord.site.machine.html_to_markdown import plain
from onrecord.site.machine.record_markdown import RecordMarkdown, joined
from onrecord.site.machine.records_json import records_json
from onrecord.site.page_plan import files_beside_records, plan_of
from onrecord.site.pages import Views, places
from onrecord.text.escaping import as_text

NOT_IN_NAV = ("/decisions/", "/playbooks/", "/people/")
"""Records and the pages of single people, tags and years: read from lists, never from the nav."""

_YAML_ENDS = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of an export by path: a text to be written, or the file to be copied.

    `records` and `pages` are how many of either are in it; `left_out` names what was in the
    team's `mkdocs.yml` and isn't in the export's.
    """

    files: dict[str, str | Path] = field(default_factory=dict)
    records: int = 0
    pages: int = 0
    left_out: tuple[str, ...] = ()


def tree_of(base: KnowledgeBase, mkdocs: MkdocsFile, views: Views) -> Tree:
    """The whole export. `mkdocs` is the team's file."""
    return _Export(base, mkdocs, views).tree()


class _Export:
    """One export. It lives for one run."""

    def __init__(self, base: KnowledgeBase, mkdocs: MkdocsFile, views: Views) -> None:
        self._root, self._mkdocs, self._progress = base.root, mkdocs, base.progress
        self._roster, self._views = base.roster, views
        self._library, docs_dir = base.library, base.docs_dir
        self._docs_dir = docs_dir
        self._trusts_docs = mkdocs.word("extra", "onrecord", "docs") == "trusted"
        docs = f"{docs_dir}/"
        written = (*(page.path for page in self._library.pages), *sorted(self._library.assets))
        own = {path.removeprefix(docs): path for path in written if path.startswith(docs)}
        self._docs = {page: path for page, path in own.items() if path in self._library.by_path}
        folders = not mkdocs.says_no("use_directory_urls")
        self._plan = plan_of(
            self._library,
            docs_dir,
            {page: address_of(page, folders) for page in own},
            {path: path for path in files_beside_records(self._library, docs_dir)},
            views.pages(),
            folders=folders,
            forge=shown_under(mkdocs.word("repo_url"), mkdocs.word("edit_uri")),
        )
        self._assets = {page: path for page, path in own.items() if page not in self._docs}
        self._assets |= {path: path for path in self._plan.files}

    def tree(self) -> Tree:
        """All of it."""
        name = self._root.name or "On record"
        pages = {*self._plan.pages.values(), self._plan.home}
        settings = plain_settings(self._mkdocs, name, self._nav(), NOT_IN_NAV, pages)
        judge = Judge(settings.extensions)
        texts = {**dict(self._made()), **dict(self._written(judge)), **dict(self._own(judge))}
        files: dict[str, str | Path] = {MKDOCS: settings.text}
        files |= {f"{DOCS}/{path}": text for path, text in texts.items()}
        files |= {f"{DOCS}/{page}": asset for page, asset in self._published()}
        files.setdefault(f"{DOCS}/records.json", records_json(self._roster, self._plan.addresses))
        files[README] = _readme(settings)
        return Tree(
            dict(sorted(files.items())), len(self._library.records), len(texts), settings.left_out
        )

    # Pages.

    def _published(self) -> Iterator[tuple[str, str | Path]]:
        """Files beside the pages, as the site publishes them."""
        named = frozenset(self._mkdocs.words("extra_javascript") + self._mkdocs.words("extra_css"))
        for page, path in self._assets.items():
            file = self._root / path
            if self._trusts_docs and path.startswith(f"{self._docs_dir}/"):
                yield page, file
                continue
            try:
                kept = published(page, partial(read_file, file), named)
            except NotPublishedError:
                continue
            except OSError:
                yield page, file  # the writing says so
                continue
            yield page, file if kept.data is None else kept.data.decode()

    def _own(self, judge: Judge) -> Iterator[tuple[str, str]]:
        """The team's docs, with links that work here, and what the home page shows besides."""
        home = self._plan.home
        for page, path in self._docs.items():
            text = read_file(self._root / path).decode("utf-8", errors="replace")
            text = text.replace("\r\n", "\n").replace("\r", "\n")
            text = with_links(text, path, page, self._plan.links)
            if not self._trusts_docs:
                text = inert_page(text, judge)
            yield page, self._with_home(text) if page == home else text
        if not self._plan.has_home:
            name = self._mkdocs.word("site_name") or self._root.name
            yield home, self._with_home(f"# {as_text(name)}\n")

    def _with_home(self, text: str) -> str:
        if self._mkdocs.says_no("extra", "onrecord", "home"):
            return text
        return joined(text, plain(self._views.home.html(self._address(self._plan.home))))

    def _made(self) -> Iterator[tuple[str, str]]:
        for path, page in self._plan.made.items():
            # A list in a search index would only repeat the titles of what it lists.
            front = _front(page.title, "hide: [toc]", "search: {exclude: true}")
            yield path, joined(front, plain(page.html(self._address(path))))

    def _written(self, judge: Judge) -> Iterator[tuple[str, str]]:
        for path, record in self._progress("Making pages", self._plan.shown.items()):

            def fit(text: str, source: str, page: str = path) -> str:
                return inert(with_links(text, source, page, self._plan.links), judge)

            catalogue = self._roster.catalogue
            markdown = RecordMarkdown(catalogue, fit)
            fragment = self._views.fragments.of(record, self._address(path), None)
            yield path, joined(_front(record.title), markdown.of(record, fragment))

    def _address(self, page: str) -> Address:
        """Where a record or page lies, as a link in the Markdown of `page`; '' when nowhere."""
        folder = posixpath.dirname(page) or "."

        def address(path: str) -> str:
            place = self._plan.pages.get(path)
            return quote(posixpath.relpath(place, folder)) if place is not None else ""

        return address

    # What else there is.

    def _nav(self) -> list[object]:
        """Every page of the docs, and the pages that lead to records; never a record."""
        decisions = {"Under way": places.BOARD}
        decisions |= {stage.title: places.stage_page(stage) for stage in STAGES}
        decisions |= {"Closed": places.CLOSED, "Recurring problems": places.RECURRING}
        decisions |= {"What changed": places.CHANGES}
        people = {
            "Who is waited for": places.PEOPLE,
            "Roles": places.ROLES,
            "Readiness": places.READINESS,
            "Scoreboard": places.SCOREBOARD,
            "Handoffs": places.HANDOFFS,
            "The process": places.PROCESS,
        }
        pages = self._plan.pages
        groups = {
            name: {title: pages[page] for title, page in group.items() if page in pages}
            for name, group in (("Decisions", decisions), ("People", people))
        }
        named = {self._plan.home, *(page for group in groups.values() for page in group.values())}
        made = [
            {name: [{title: page} for title, page in group.items()]}
            for name, group in groups.items()
        ]
        return [self._plan.home, *made, *sorted({*self._docs} - named)]


def _front(title: str, *lines: str) -> str:
    # Themes print a title as HTML, in <title> and in the header.
    word = json.dumps(escape(title), ensure_ascii=False)
    word = _YAML_ENDS.sub(lambda sign: f"\\u{ord(sign[0]):04x}", word)
    return "\n".join(("---", f"title: {word}", *lines, "---"))


_README = """# A plain copy of a knowledge base

`onrecord export` wrote this folder: Markdown in `docs/`, and a plain `mkdocs.yml` without hooks.
Stages, precedents, links and lists are in the pages as they were on that day; every record with
its metadata is in `docs/records.json` too. Either of these builds a site from it:

```sh
pip install zensical && zensical build
pip install mkdocs-material && mkdocs build
```
"""


def _readme(settings: Settings) -> str:
    if not settings.left_out:
        return _README
    lines = "".join(f"- `{one}`\n" for one in settings.left_out)
    return f"{_README}\nLeft out of `mkdocs.yml`, as it needs code that isn't here:\n\n{lines}"
