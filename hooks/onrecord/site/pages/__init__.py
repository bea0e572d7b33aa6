"""Views: from the catalogue of a build to HTML. The only package that knows Jinja.

Values go in, strings come out; autoescape is on everywhere. A template never builds a path: it
asks for the address of a record by the record's path in the repository.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources

from onrecord.forges.hosts import Place
from onrecord.forges.requests import OpenRequest
from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.records.model import Decision
from onrecord.site.machine.feeds import Feed
from onrecord.site.machine.records_json import records_json
from onrecord.site.machine.redirects import redirect
from onrecord.site.machine.search_source import SearchSource, about
from onrecord.site.pages import places
from onrecord.site.pages.browsing import SearchPage
from onrecord.site.pages.changes import ChangesPage
from onrecord.site.pages.forms import FormPages
from onrecord.site.pages.fragments import Fragment, Fragments
from onrecord.site.pages.home import HomePage
from onrecord.site.pages.indexes import Indexes
from onrecord.site.pages.people import PeoplePages
from onrecord.site.pages.places import IndexPage
from onrecord.site.pages.process import ProcessPage
from onrecord.site.pages.rendering import environment

__all__ = [
    "FORM_SCRIPTS",
    "SHEETS",
    "Fragment",
    "IndexPage",
    "SearchSource",
    "SiteFeatures",
    "Views",
    "about",
    "asset",
    "diagram_assets",
    "lean",
    "lean_script",
    "records_json",
    "search_assets",
    "stylesheet",
]

_ASSETS = resources.files("onrecord.site.pages") / "assets"


@dataclass(frozen=True, slots=True)
class SiteFeatures:
    """What a site has, and a plain copy of it hasn't.

    `place` is the repository on its forge; `has_forms` is true where scripts run, so that there are
    forms, and buttons that copy; `search` where there is an index to search; `requests` are those
    that are open on the forge and change decisions, where the build was told.
    """

    place: Place | None = None
    has_forms: bool = False
    search: bool = False
    requests: tuple[OpenRequest, ...] = ()


class Views:
    """All the HTML of one build: fragments for the records' own pages, and the pages made."""

    def __init__(self, base: KnowledgeBase, features: SiteFeatures = SiteFeatures()) -> None:
        roster, catalogue = base.roster, base.catalogue
        env = environment(catalogue)
        self.features = features
        self.people = PeoplePages(env, base)
        self.fragments = Fragments(env, base, self.people)
        self.indexes = Indexes(env, catalogue, features.requests)
        self.forms = FormPages(
            env, roster, features.place, catalogue.before.searches, base.language
        )
        self._env = env
        self.home = HomePage(env, roster, search=features.search)
        self._process = ProcessPage(env, base)
        self._search = SearchPage(env, catalogue)
        self._changes = ChangesPage(env, roster)
        env.globals.update(
            has_forms=features.has_forms,
            searches=features.search,
            acts_of=self.forms.acts if features.has_forms else lambda _: None,
            person_page=self.people.page_of,
        )

    def search_source(self, language: str) -> SearchSource:
        """What writes each page as the search reads it."""
        return SearchSource(self._env, language)

    def redirect(self, page: str, record: Decision, address: str) -> str:
        """The HTML of a file at an old address of a decision, which is now at `address`."""
        return redirect(self._env, page, record, address)

    def pages(self) -> Iterator[IndexPage]:
        """Every page the site makes beside the records' own and the home page."""
        yield from self.indexes.pages()
        yield from self.home.pages()
        yield from self.people.pages()
        yield from self._process.pages()
        if self.features.has_forms:
            yield from self.forms.pages()
        yield from self._changes.pages()
        if self.features.search:
            yield from self._search.pages()

    def feeds(self, site_url: str, addresses: Mapping[str, str]) -> Iterator[Feed]:
        """Every calendar and feed of the site."""
        yield from self.people.feeds(site_url, addresses)
        yield from self._changes.feeds(site_url, addresses)
        yield from self.indexes.feeds()


LOOK = (
    "tokens",
    "shapes",
    "frame",
    "words",
    "record",
    "talk",
    "rows",
    "day",
    "lists",
    "home",
    "numbers",
    "lines",
    "find",
)
"""The parts of our style sheet, in `assets/look`, in the order in which a browser reads them."""

SHEETS = {places.FORM_STYLES: "forms/forms.css", places.TABLE_STYLES: "tables.css"}
"""The style sheets that only some pages load, by where they are on the site."""

FORM_SCRIPTS = (
    "before.js",
    "blank.js",
    "copy.js",
    "forge.js",
    "forms.js",
    "nearest.js",
    "question.js",
    "reply.js",
    "typed.js",
)
"""The scripts of the forms, in `assets/forms`; they find each other by lying in one folder."""


def asset(name: str) -> str:
    """The text of a file the site ships, such as `tables.js` or `forms/copy.js`."""
    return _ASSETS.joinpath(name).read_text(encoding="utf-8")


def stylesheet() -> str:
    """Our style sheet: one file for browsers, made of its parts."""
    return "".join(lean(asset(f"look/{part}.css")) for part in LOOK)


def lean(css: str) -> str:
    """A style sheet of ours without what only its writers read: comments and the space of lines.

    Every page loads it, and a fifth of its weight was that. A string of it holds no `/*`.
    """
    first, *rest = css.split("/*")
    told = first + "".join(part.partition("*/")[2] for part in rest)
    lines = (line.strip() for line in told.splitlines())
    return "".join(one if one[-1] in "{};" else f"{one}\n" for one in lines if one)


def lean_script(js: str) -> str:
    """A script of ours without its comments and the space before its lines.

    A comment is a line of its own or stands behind ` // `; no string holds that or has two lines.
    """
    kept, in_comment = [], False
    for line in js.splitlines():
        words = line.strip()
        in_comment = in_comment or words.startswith("/*")
        if not in_comment and not words.startswith("//"):
            kept.append(words.partition(" // ")[0] + "\n")
        in_comment = in_comment and not words.endswith("*/")
    return "".join(kept)


def diagram_assets() -> Iterator[tuple[str, bytes]]:
    """The files that draw diagrams, by name: ours, and Mermaid with its licence."""
    for file in sorted(_ASSETS.joinpath("diagrams").iterdir(), key=lambda one: one.name):
        is_ours = file.name in ("diagrams.js", "frame.js")
        data = file.read_bytes()
        yield file.name, lean_script(data.decode()).encode() if is_ours else data


def search_assets() -> Iterator[str]:
    """The names of search's own files, as `asset` takes them."""
    for file in sorted(one.name for one in _ASSETS.joinpath("search").iterdir()):
        yield f"search/{file}"
