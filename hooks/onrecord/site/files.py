"""Which files of a repository a site publishes, and as what, so that none of them acts.

In comes a file's path and its bytes; out comes what is published in its place. A browser runs
scripts in more than HTML: a drawing is a page, and so is XML; and a script element takes any text.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable, Container
from html import escape
from typing import NamedTuple

from onrecord.site.policy import ALONE, with_policy
from onrecord.text.xml import NotADrawingError, harmless_drawing, is_inert_xml

_PAGES = frozenset(
    (
        *(".hta", ".htc", ".htm", ".html", ".mht", ".mhtml", ".shtm", ".shtml", ".svgz"),
        *(".xht", ".xhtm", ".xhtml", ".xsl", ".xslt", ".xul"),
    )
)
_XML = frozenset((".atom", ".gpx", ".kml", ".owl", ".rdf", ".rss", ".wsdl", ".xml", ".xsd"))
_SCRIPTS = frozenset((".cjs", ".js", ".mjs"))


class NotPublishedError(Exception):
    """The file isn't published; the words say why."""


class PublishedFile(NamedTuple):
    """A file as the site has it: its path, and its bytes where they aren't the file's own."""

    path: str
    data: bytes | None = None
    taken_out: tuple[str, ...] = ()


def published(
    path: str,
    read: Callable[[], bytes],
    named: Container[str] = frozenset(),
    *,
    text_as_page: bool = False,
) -> PublishedFile:
    """What a site publishes of a file. Raises `NotPublishedError` and `OSError`.

    `named` are the paths that the owner names in `mkdocs.yml`, such as scripts: the owner's word.
    With `text_as_page` a text becomes a page that shows it: as such no script element takes it.
    """
    ending = posixpath.splitext(path)[1].lower()
    if path in named:
        return PublishedFile(path)
    if ending in _PAGES or (ending in _XML and not is_inert_xml(read())):
        raise NotPublishedError("a browser opens it as a page, which can run scripts")
    if ending in _SCRIPTS:
        raise NotPublishedError("it is a script that mkdocs.yml doesn't name")
    if ending == ".svg":
        data = read()
        try:
            drawing = harmless_drawing(data)
        except NotADrawingError as error:
            raise NotPublishedError(f"the drawing can't be read: {error}") from None
        # The very same object says that nothing was taken out, so the file's own bytes are
        # published.
        changed = drawing.data if drawing.data is not data else None
        return PublishedFile(path, changed, drawing.taken_out)
    # A script element runs any text that is a script, whatever its file is called; JSON alone can't
    # act as one.
    if ending == ".json" and not _is_json(read()):
        raise NotPublishedError("it isn't JSON, and a browser could run it as a script")
    if ending == ".txt" and text_as_page:
        return PublishedFile(f"{path}.html", _as_page(path, read()))
    return PublishedFile(path)


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


def _as_page(path: str, data: bytes) -> bytes:
    name = escape(posixpath.basename(path))
    text = escape(data.decode("utf-8", "replace").removeprefix("\ufeff"), quote=False)
    page = (
        '<!doctype html>\n<html lang="">\n<head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{name}</title></head>\n'
        f"<body><pre>\n{text}</pre></body>\n</html>\n"
    )
    return with_policy(page, ALONE).encode()
