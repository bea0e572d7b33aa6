"""The lists by which decisions are browsed: by outcome, year, role and tag."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from onrecord.overview.catalogue import Catalogue
from onrecord.records.model import Decision
from onrecord.records.vocabulary import Outcome, Status
from onrecord.site.pages import places, wording

CLOSED_STATUSES = (*map(Status, Outcome), Status.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class BrowseLink:
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
