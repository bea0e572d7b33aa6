"""The files of a site that are no pages: for browsers, for feed readers, and for programs.

What no page shows is published nowhere: only a record that has a page is given as Markdown, and
none whose text couldn't be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from onrecord.drafting.schemas import SCHEMAS_FOLDER, schemas
from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.site.check import MARKER, marker_of
from onrecord.site.machine.llms import LLMS, Llms
from onrecord.site.machine.records_json import records_json
from onrecord.site.page_plan import PagePlan
from onrecord.site.pages import (
    FORM_SCRIPTS,
    SHEETS,
    Views,
    asset,
    lean,
    lean_script,
    places,
    search_assets,
    stylesheet,
)

FOR_AGENTS = ("AGENTS.md", ".agents/skills/onrecord/SKILL.md")
"""What `onrecord init` writes for agents; llms.txt names them where they are."""
_NOT_SHOWN = frozenset(("file-not-text", "file-too-large", "file-unreadable", "merge-unfinished"))


class SiteName(NamedTuple):
    """What a site says of itself; '' where it says nothing."""

    name: str
    description: str = ""
    url: str = ""


@dataclass(frozen=True)
class MadeFiles:
    """The files by path, with their text; and by page the Markdown beside it.

    That of a record is '' until its page is made, which tells the same.
    """

    texts: Mapping[str, str]
    markdown: Mapping[str, str]


def made_files(
    base: KnowledgeBase,
    views: Views,
    plan: PagePlan,
    site: SiteName,
    *,
    nearest: Iterable[tuple[str, str]],
    markdown: bool,
) -> MadeFiles:
    """Every file of the site that is no page. With `markdown`, that of each record is given.

    `nearest` are the files of the form's index, by path below their folder.
    """
    unread = {one.path for one in base.library.findings if one.code in _NOT_SHOWN}
    given = {
        one.path: ""
        for one in base.library.records
        if markdown and one.path in plan.shown and one.path not in unread
    }
    llms = Llms(
        base.catalogue,
        site.name,
        site.description,
        site.url,
        plan.addresses,
        frozenset(given),
        places.stage_page,
        places.year_page,
        [
            (path, f"{plan.links.forge}{path}" if plan.links.forge else "")
            for path in FOR_AGENTS
            if (base.root / path).is_file()
        ],
    )
    texts = {
        **dict(_assets(views.features.search)),
        **dict(views.forms.files()),
        **dict(views.home.files(plan.addresses)),
        "records.json": records_json(base.roster, plan.addresses, given),
        LLMS: llms.llms(),
        MARKER: marker_of(base.library),
        **{f"{SCHEMAS_FOLDER}/{name}": text for name, text in schemas().items()},
        **{f"{places.NEAREST}/{name}": text for name, text in nearest},
        **{feed.path: feed.text() for feed in views.feeds(site.url, plan.addresses)},
    }
    lists = {plan.pages[page]: text for page, text in llms.lists()}
    return MadeFiles(texts, {**lists, **given})


def _assets(search: bool) -> Iterator[tuple[str, str]]:
    """What browsers load: style sheets, and the scripts of tables, forms and search."""
    yield places.STYLESHEET, stylesheet()
    for path, name in SHEETS.items():
        yield path, lean(asset(name))
    yield places.TABLES, lean_script(asset("tables.js"))
    yield places.DISK, lean_script(asset("disk.js"))
    yield places.YOU, lean_script(asset("you.js"))
    yield places.THEME_SCRIPT, lean_script(asset("theme.js"))
    for name in FORM_SCRIPTS:
        yield f"{places.FORMS}/{name}", lean_script(asset(f"forms/{name}"))
    for name in search_assets() if search else ():
        text = asset(name)
        made = lean if name.endswith(".css") else lean_script
        yield f"{places.ASSETS}/{name}", made(text)
