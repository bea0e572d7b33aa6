"""Texts that are made of other texts alone, kept with a seal from build to build.

In come what a text is made of, and what makes it; out comes the text. What is kept reaches a page
as it is, so it carries a seal made with a secret of the user.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from onrecord.records.keeping import Kept, key_for, secret_of_user, stamp_of
from onrecord.site.machine.html_to_markdown import plain

PACKAGES = (
    *("jinja2", "markdown", "markupsafe", "mkdocs", "mkdocs-material", "nh3", "properdocs"),
    *("numpy", "pygments", "pymdown-extensions", "pystemmer", "stop-words", "tinycss2"),
)
"""Whose versions change what a page is made into."""

CLEAN, COPY, DECISION, LEFT, NAMED, NEAREST, PAGE, SHEETS, TEXTS = KINDS = (
    *("clean", "copy", "decision", "left", "named", "nearest", "page", "sheets", "texts"),
)
"""A text made harmless, a fragment as Markdown, what is known of a decision's page, the digest of
its file, what a file of the site names, a part of the form's index, a page in its theme, the
theme's style sheets without what no page uses, and the texts of a decision's page."""

_Copy = tuple[str, list[tuple[str, str]]]


def stamp_of_site() -> bytes:
    """What stands for all code that makes a page."""
    return stamp_of("", versions=tuple(map(_version, PACKAGES)))


@cache  # what is installed stays the same while a process runs
def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return package


class Memo:
    """Lives for one build. `close` keeps what was made."""

    def __init__(self, cache: Path | None) -> None:
        self._kept = Kept(cache, "made", secret_of_user())
        self._stamp = stamp_of_site()

    def text(self, kind: str, parts: Iterable[str | bytes], make: Callable[[], str]) -> str:
        """The text that is made of these parts and of nothing else."""
        key = self.key(parts)
        found = self._kept.read(kind, key)
        if found is not None:
            return found.decode(errors="surrogatepass")
        made = make()
        self.write(kind, key, made.encode(errors="surrogatepass"))
        return made

    def plain(self, html: str, link: Callable[[str], str] = str) -> str:
        """The Markdown of a fragment, as `html_to_markdown.plain`; its links are asked for anew."""
        key = self.key([html])
        found = self._kept.read(COPY, key)
        if found is not None:
            text: str
            text, links = msgspec.msgpack.decode(found, type=_Copy)
            # The text is the same, and yet a record it links to may have moved.
            if all(link(one) == other for one, other in links):
                return text
        asked: list[tuple[str, str]] = []

        def noted(address: str) -> str:
            asked.append((address, link(address)))
            return asked[-1][1]

        text = plain(html, noted)
        try:
            self.write(COPY, key, msgspec.msgpack.encode((text, asked)))
        except ValueError:  # signs that no UTF-8 has
            return text
        return text

    def key(self, parts: Iterable[str | bytes]) -> bytes:
        """What stands for these parts and for all code."""
        return key_for(self._stamp, parts)

    def read(self, kind: str, key: bytes) -> bytes | None:
        """What was made under a key; None where nothing is kept."""
        return self._kept.read(kind, key)

    def follow(self, used: dict[str, list[bytes]] | None) -> None:
        """Note from now on which of what is kept is used."""
        self._kept.follow(used)

    def uses(self, used: Mapping[str, list[bytes]]) -> None:
        """Say that these are of use, though nobody asks for them."""
        for kind in KINDS:
            self._kept.uses(kind, used.get(kind, ()))

    def write(self, kind: str, key: bytes, data: bytes) -> None:
        """Keep what was made."""
        self._kept.write(kind, key, data)

    def close(self, *, is_whole: bool) -> None:
        """Keep what was made. After a build of all pages, what is of no more use is taken away."""
        self._kept.close(*(KINDS if is_whole else ()))
