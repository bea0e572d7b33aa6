"""The page of search: a place for its box, and lists to browse that need no script.

In comes the catalogue of a build; out comes one page. The box itself is made in the browser.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import jinja2

from onrecord.overview.catalogue import Catalogue
from onrecord.records.model import Decision
from onrecord.site.addresses import Address
from onrecord.site.pages import places, wording
from onrecord.site.pages.indexes import CLOSED_STATUSES
from onrecord.site.pages.places import IndexPage

MOST = 60
"""How many roles or tags are listed, those with the most decisions first."""


@dataclass(frozen=True, slots=True)
class BrowseLink:
    """A page to browse: its words, how many decisions it lists, and the filter it stands for."""

    label: str
    page: str
    number: int
    filter: str
    value: str


class SearchPage:
    """Makes the page of search."""

    def __init__(self, env: jinja2.Environment, catalogue: Catalogue) -> None:
        self._env = env
        self._catalogue = catalogue

    def pages(self) -> Iterator[IndexPage]:
        """The one page."""
        yield IndexPage(places.SEARCH, "Search", self._html)

    def _html(self, address: Address) -> str:
        catalogue = self._catalogue
        outcomes = [
            BrowseLink(
                wording.sentence(status),
                places.status_page(status),
                sum(catalogue.status(d) is status for d in catalogue.decisions),
                "outcome",
                status.value,
            )
            for status in CLOSED_STATUSES
        ]
        years = self._shelves(
            "year",
            (
                (str(year or "without a date"), places.year_page(year), str(year or ""), group)
                for year, group in catalogue.by_year.items()
            ),
        )
        roles = [
            BrowseLink(
                catalogue.owner_title(owner),
                places.owner_page(owner),
                len(group),
                "role" if catalogue.library.owning(group[0]) else "person",
                owner,
            )
            for owner, group in catalogue.by_owner.items()
        ]
        tags = self._shelves(
            "tag",
            ((tag, places.tag_page(tag), tag, group) for tag, group in catalogue.by_tag.values()),
        )
        return self._env.get_template("search.html").render(
            at=address,
            outcomes=outcomes,
            facets=[
                ("Year", years, 0),
                ("Role", _most(roles), len(roles) - MOST),
                ("Tag", _most(tags), len(tags) - MOST),
            ],
        )

    def _shelves(
        self, name: str, groups: Iterable[tuple[str, str, str, Sequence[Decision]]]
    ) -> list[BrowseLink]:
        return [
            BrowseLink(label, page, len(group), name, value) for label, page, value, group in groups
        ]


def _most(shelves: list[BrowseLink]) -> list[BrowseLink]:
    """Those that list the most, in the order in which they came."""
    if len(shelves) <= MOST:
        return shelves
    kept = set(sorted(shelves, key=lambda shelf: -shelf.number)[:MOST])
    return [shelf for shelf in shelves if shelf in kept]
