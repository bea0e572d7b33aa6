"""The page of search: a place for its box, and lists to browse that need no script.

In comes the catalogue of a build; out comes one page. The box itself is made in the browser.
"""

from __future__ import annotations

from collections.abc import Iterator

import jinja2

from onrecord.overview.catalogue import Catalogue
from onrecord.site.addresses import Address
from onrecord.site.pages import places
from onrecord.site.pages.browsing import BrowseLink, by_group, by_outcome
from onrecord.site.pages.places import IndexPage

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
