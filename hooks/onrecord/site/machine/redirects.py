"""Pages at the old addresses of records, which lead to where they are now.

In comes an alias or a record; out come the files of the site that stand for it. They work without
a script: a browser follows the refresh, and a person the link.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from onrecord.records.model import Decision

if TYPE_CHECKING:  # `onrecord check` asks for the addresses alone
    import jinja2


def pages_of_alias(alias: str, docs_dir: str) -> tuple[str, ...]:
    """The files of the site under which an alias may have been read.

    Both forms in which sites show a Markdown file, `x/` and `x.html`; one below `docs_dir` was
    shown without that folder's name.
    """
    if alias.endswith(".html"):
        return (alias,)
    if not alias.endswith(".md"):
        return (posixpath.join(alias, "index.html"),)
    paths = [alias]
    if alias.startswith(f"{docs_dir}/"):
        paths.insert(0, alias.removeprefix(f"{docs_dir}/"))
    return tuple(page for path in paths for page in pages_of_markdown(path))


def pages_of_markdown(path: str) -> tuple[str, ...]:
    """The files of a site that may show a Markdown file, with addresses of folders or without."""
    stem = path.removesuffix(".md")
    if posixpath.basename(stem).casefold() in ("readme", "index"):
        return (posixpath.join(posixpath.dirname(stem), "index.html"),)
    return f"{stem}/index.html", f"{stem}.html"


def redirect(env: jinja2.Environment, page: str, record: Decision, url: str) -> str:
    """The HTML of the file `page` that leads to a record at `url`, seen from the site's root."""
    to = posixpath.relpath(url or ".", posixpath.dirname(page) or ".")
    if url.endswith("/"):
        to += "/"
    return env.get_template("redirect.html").render(record=record, to=to)
