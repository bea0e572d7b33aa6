"""The lists by which decisions are browsed: by outcome, year, role and tag."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import jinja2

from onrecord.overview.catalogue import Catalogue
from onrecord.records.model import Decision
from onrecord.records.vocabulary import Outcome, Status
from onrecord.site.addresses import Address
from onrecord.site.pages import places, wording
from onrecord.site.pages.places import IndexPage

CLOSED_STATUSES = (*map(Status, Outcome), Status.SUPERSEDED)


class BrowseLink(NamedTuple):
    """A page to browse: its words, how many decisions it lists, and the search's filter for it."""

    label: str
    page: str
    number: int
    filter: str = ""
    value: str = ""


def by_outcome(catalogue: Catalogue) -> list[BrowseLink]:
    """The pages of closed decisions by what became of them."""
    return [
        BrowseLink(
            wording.sentence(status),
            places.status_page(status),
            sum(catalogue.status(d) is status for d in catalogue.decisions),
            "outcome",
            status.value,
        )
        for status in CLOSED_STATUSES
    ]


def by_group(
    catalogue: Catalogue, counts: Callable[[Decision], bool] = lambda decision: True
) -> dict[str, list[BrowseLink]]:
    """The pages by year, role and tag that hold a decision which counts, with how many do."""
    found: dict[str, list[BrowseLink]] = {}
    for name, label, page, value, decisions in _groups(catalogue):
        links = found.setdefault(name, [])
        if number := sum(map(counts, decisions)):
            links.append(BrowseLink(label, page, number, name.lower(), value))
    return found


def _groups(catalogue: Catalogue) -> Iterator[tuple[str, str, str, str, Sequence[Decision]]]:
    for year, group in catalogue.by_year.items():
        label = str(year or "without a date")
        yield "Year", label, places.year_page(year), str(year or ""), group
    for owner, group in catalogue.by_owner.items():
        yield "Role", catalogue.owner_title(owner), places.owner_page(owner), owner, group
    for tag, group in catalogue.by_tag.values():
        yield "Tag", tag, places.tag_page(tag), tag, group


MOST = 60
"""How many years, roles or tags are listed: those with the most decisions."""


class SearchPage:
    """Makes the page of search."""

    def __init__(self, env: jinja2.Environment, catalogue: Catalogue) -> None:
        self._env = env
        self._catalogue = catalogue

    def pages(self) -> Iterator[IndexPage]:
        """The one page."""
        yield IndexPage(places.SEARCH, "Search", self._html)

    def _html(self, address: Address) -> str:
        groups = by_group(self._catalogue)
        return self._env.get_template("search.html").render(
            at=address,
            outcomes=by_outcome(self._catalogue),
            facets=[(name, _most(links), len(links) - MOST) for name, links in groups.items()],
        )


def _most(links: list[BrowseLink]) -> list[BrowseLink]:
    """Those that list the most, in the order in which they came."""
    if len(links) <= MOST:
        return links
    kept = set(sorted(links, key=lambda link: -link.number)[:MOST])
    return [link for link in links if link in kept]
