"""Views: from the catalogue of a build to HTML. The only room that knows Jinja.

Values go in, strings come out; autoescape is on everywhere. A template never builds a path: it
asks for the address of a record by the record's path in the repository.
"""

from __future__ import annotations

from importlib import resources

from onrecord.catalogue import Catalogue
from onrecord.views.fragments import Fragment, Fragments
from onrecord.views.indexes import Indexes, IndexPage
from onrecord.views.records_json import records_json
from onrecord.views.rendering import Address, environment

__all__ = ["Address", "Fragment", "IndexPage", "Views", "asset", "records_json"]


class Views:
    """All the HTML of one build: fragments for the records' own pages, and the pages made."""

    def __init__(self, catalogue: Catalogue) -> None:
        env = environment(catalogue)
        self.fragments = Fragments(env, catalogue)
        self.indexes = Indexes(env, catalogue)


def asset(name: str) -> str:
    """The text of a file the site ships, such as `onrecord.css`."""
    return (resources.files("onrecord.views") / "assets" / name).read_text(encoding="utf-8")
