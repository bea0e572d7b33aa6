"""Links as authors write them on the forge, and where they lead among the pages of a site.

On the forge a link is relative to the file in the repository; a page's links are relative to its
place among the pages, where `docs/` is the root. In comes where everything lies; out come links
rewritten from the one to the other.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from onrecord.vocabulary import DECISIONS_FOLDER, PLAYBOOKS_FOLDER

FORGE_INDEXES = {
    f"{DECISIONS_FOLDER}/README.md": f"{DECISIONS_FOLDER}/index.md",
    DECISIONS_FOLDER: f"{DECISIONS_FOLDER}/index.md",
    f"{PLAYBOOKS_FOLDER}/README.md": f"{PLAYBOOKS_FOLDER}/index.md",
    PLAYBOOKS_FOLDER: f"{PLAYBOOKS_FOLDER}/index.md",
}
"""What a forge shows for a folder is the site's index of it."""


@dataclass(slots=True)
class Map:
    """Where everything lies: in the repository, among the pages, and on the forge.

    `pages` leads from a path in the repository to a path among the pages. `forge` is the address
    under which the forge shows a file of the repository, or ''.
    """

    docs_dir: str
    pages: Mapping[str, str] = field(default_factory=dict)
    others: frozenset[str] = frozenset()
    forge: str = ""

    def in_repository(self, page: str, is_record: bool) -> str:
        """The path in the repository of a page."""
        return page if is_record else posixpath.join(self.docs_dir, page)

    def rewritten(self, link: str, source: str, source_page: str) -> str:
        """A link of the file `source` as MkDocs needs it in the page `source_page`.

        One to a file that the site doesn't hold leads to the forge; '' when no forge is known.
        """
        parts = urlsplit(link)
        if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
            return link
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source), unquote(parts.path)))
        page = self.pages.get(target)
        if page is None:
            if target in self.others:
                return self.forge + quote(target) if self.forge else ""
            return link
        path = posixpath.relpath(page, posixpath.dirname(source_page) or ".")
        return urlunsplit(("", "", quote(path), parts.query, parts.fragment))


def forge_of(repo_url: str | None, edit_uri: str | None) -> str:
    """The address under which the forge shows a file, from the one under which it is edited."""
    if not repo_url or not edit_uri:
        return ""
    shown = re.sub(r"(^|/)(?:edit|_edit)/", r"\1blob/", edit_uri, count=1)
    depth = shown.rstrip("/").split("/")
    branch = "/".join(depth[: depth.index("blob") + 2]) if "blob" in depth else ""
    return f"{repo_url.rstrip('/')}/{branch}/" if branch else ""
