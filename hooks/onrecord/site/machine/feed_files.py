"""Feeds as files of the site: where each lies, and its text when it is written.

In come events and the addresses of a build; out come files. An entry's address is whole where the
site's own is known, and relative where it isn't.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from onrecord.overview.events import Event
from onrecord.site.machine import feeds


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar or a feed: its path on the site, and its text on demand."""

    path: str
    text: Callable[[], str]


def address_in_feeds(
    folder: str, site_url: str, addresses: Mapping[str, str]
) -> Callable[[str], str]:
    """The address of a record, as a feed in `folder` (`people/ana/`, or '') writes it."""
    root = site_url.rstrip("/") + "/" if site_url else "../" * folder.count("/") or "./"

    def address(path: str) -> str:
        found = addresses.get(path, "")
        return root + (found if found not in ("./", ".") else "")

    return address


def atom_feed(
    path: str, name: str, events: Iterable[Event], site_url: str, addresses: Mapping[str, str]
) -> Feed:
    """A feed at `path`, which is also what it is called for ever."""
    folder, _, file = path.rpartition("/")
    address = address_in_feeds(f"{folder}/" if folder else "", site_url, addresses)
    here = f"{site_url.rstrip('/')}/{path}" if site_url else file
    return Feed(path, lambda: feeds.atom(name, here, path.removesuffix(".atom"), events, address))
