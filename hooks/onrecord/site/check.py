"""The check of a built site: that the hooks ran, and that every record has its page.

A site built without our hooks (by a tool that ignores them, say) looks fine and lacks every
stage, index and cross-link. Only the hooks write the marker, so its absence can't go unnoticed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from onrecord import __version__
from onrecord.records.findings import Finding, finding
from onrecord.records.library import Library
from onrecord.records.settings import address_of

MARKER = "onrecord.json"
DOCS_FOLDER = "docs"
PAGE_MARK = "data-onrecord-record"
"""The attribute that the hooks put on every record's page."""


def marker_of(library: Library) -> str:
    """The marker's text: which version built the site, from how many records."""
    return json.dumps({"generator": f"onrecord {__version__}", "records": len(library.records)})


def faults_of_site(site: Path, library: Library) -> Iterator[Finding]:
    """What is wrong with a built site as a whole; nothing, when the hooks did their work."""
    try:
        marker = json.loads((site / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        yield _fault(
            MARKER,
            "the site was built without OnRecord's hooks",
            "build with MkDocs or ProperDocs, with hooks: [hooks/mkdocs_events.py]",
        )
        return
    if marker.get("records") != len(library.records):
        yield _fault(
            MARKER,
            f"the site has {marker.get('records')} records, the folder {len(library.records)}",
            "build the site again",
        )
    try:
        published = json.loads((site / "records.json").read_text(encoding="utf-8"))["records"]
    except (OSError, ValueError, KeyError, RecursionError):
        yield _fault("records.json", "records.json is missing or broken", "build the site again")
        return
    for record in published:
        file = site / _file_at(record["url"])
        if not file.is_file() or PAGE_MARK not in file.read_text(encoding="utf-8"):
            yield _fault(record["path"], "its page is missing or plain", "build the site again")


def has_relative_feeds(site: Path) -> bool:
    """True for a site whose feeds, calendars and sitemap don't name its address."""
    try:
        return 'rel="self" href="feed.atom"' in (site / "feed.atom").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False


def pages_of_site(site: Path, library: Library) -> Mapping[str, str]:
    """The file of each record's and each doc's page in a built site, by its path in the repository.

    Empty when the site can't be read.
    """
    try:
        published = json.loads((site / "records.json").read_text(encoding="utf-8"))["records"]
        found = {str(record["path"]): _file_at(str(record["url"])) for record in published}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}
    for page in library.pages:
        place = _place_of_page(site, page.path)
        if place:
            found[page.path] = place
    return found


def _place_of_page(site: Path, path: str) -> str:
    """The file of a page of the docs in a built site, whichever form its addresses have; or ''."""
    folder, _, rest = path.partition("/")
    if folder != DOCS_FOLDER:
        return ""
    places = (_file_at(address_of(rest, folders)) for folders in (True, False))
    return next((place for place in places if (site / place).is_file()), "")


def _file_at(address: str) -> str:
    """The file that a web server answers an address of the site with."""
    place = unquote(address).removeprefix("./")
    return f"{place}index.html" if place.endswith("/") or not place else place


def _fault(path: str, message: str, hint: str) -> Finding:
    return finding(path, "site-incomplete", message, hint)
