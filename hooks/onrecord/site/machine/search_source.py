"""The text of a page as the search reads it: title, content, and what it can be filtered by.

In come a title, HTML and facets; out comes slim HTML, with nothing of the site around it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import jinja2

from onrecord.records.model import Decision, Record, Role
from onrecord.search.facets import PERSON, PLAYBOOK, Facets
from onrecord.search.names import sign_of

_CODE = re.compile(r"<pre\b")
"""Code and diagrams weigh less than prose, and by their weight the page tells them from it."""

UNDATED = "0000-00-00"
"""Sorting leaves out what has no date, so each page has one."""


class SearchSource:
    """Writes the pages of one build."""

    def __init__(self, env: jinja2.Environment, language: str) -> None:
        self._template = env.get_template("search_source.html")
        self._language = language

    def of(
        self, title: str, content: str, facets: Facets, address: Callable[[str], str], about: str
    ) -> str:
        """One page. `address` gives a record's address from the root of the site.

        `about` is a sentence of the front matter that is on the page, such as a role's purpose.
        """
        meta = {
            "title": title,
            "id": facets.id,
            "owner": facets.owner,
            "date": facets.day.isoformat() if facets.day else "",
            "tags": ", ".join(facets.tags),
            "names": " ".join(sign_of(key) for key in facets.names if is_indexed(facets, key)),
            "successor_title": "\n".join(one.title for one in facets.successors),
            "successor_url": "\n".join(address(one.path) for one in facets.successors),
        }
        return self._template.render(
            language=self._language,
            content=_CODE.sub(r"<pre data-pagefind-weight='0.5'", content),
            title="" if content.lstrip().startswith("<h1") else title,
            about=about,
            meta={name: text for name, text in meta.items() if text},
            filters=[(name, as_filter(value)) for name, value in facets.filters],
            sort=meta["date"] or UNDATED,
        )


def is_indexed(facets: Facets, key: str) -> bool:
    """Whether a name has a sign in the index: numbers, and what people and roles are called.

    The title of another record is found by its words; signs of all would double what is loaded.
    """
    return key.startswith("#") or facets.kind in (PERSON, PLAYBOOK)


def about(record: Record) -> str:
    """What a record's front matter says in a sentence."""
    match record:
        case Role():
            return record.purpose
        case Decision():
            return "; ".join(record.asked)
    return ""


def as_filter(value: str) -> str:
    """A filter's value as it is in the index: as JSON writes it, without the quotes around it.

    Pagefind compares what a page asks for in that form. It takes the references of HTML for signs
    twice, so that an `&lt;` somebody typed needs one escape more; the template adds the other.
    """
    written = " ".join(value.split()).replace("\\", "\\\\").replace('"', '\\"')
    return html.escape(written, quote=False) if html.unescape(written) != written else written
