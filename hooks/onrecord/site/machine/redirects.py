"""Pages at the old addresses of records, which lead to where they are now.

In comes an alias or a record; out come the files of the site that stand for it. They work without
a script: a browser follows the refresh, and a person the link.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

import jinja2

from onrecord.records.model import Decision, is_alias


def pages_of_aliases(record: Decision, docs_dir: str) -> Iterator[str]:
    """The files of the site under which a decision may have been read before."""
    for alias in filter(is_alias, record.aliases):
        yield from _pages_of_alias(alias, docs_dir)


def _pages_of_alias(alias: str, docs_dir: str) -> tuple[str, ...]:
    """The files of the site under which an alias may have been read.

    Both forms in which sites show a Markdown file, `x/` and `x.html`; one below `docs_dir` was
    shown without that folder's name.
    """
    if alias.endswith(".html"):
        return (alias,)
    if not alias.endswith(".md"):
        return (posixpath.join(alias, "index.html"),)
    stems = [alias.removesuffix(".md")]
    if alias.startswith(f"{docs_dir}/"):
        stems.insert(0, stems[0].removeprefix(f"{docs_dir}/"))
    pages = []
    for stem in stems:
        if posixpath.basename(stem).casefold() in ("readme", "index"):
            pages.append(posixpath.join(posixpath.dirname(stem), "index.html"))
        else:
            pages += [f"{stem}/index.html", f"{stem}.html"]
    return tuple(pages)


def redirect(env: jinja2.Environment, page: str, record: Decision, url: str) -> str:
    """The HTML of the file `page` that leads to a record at `url`, seen from the site's root."""
    to = posixpath.relpath(url or ".", posixpath.dirname(page) or ".")
    if url.endswith("/"):
        to += "/"
    return env.get_template("redirect.html").render(record=record, to=to)
