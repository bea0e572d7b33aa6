"""Pagefind's program: where it is, and running it over a few pages.

In come pages of slim HTML; out come the files of an index, or the error that says why there is
none.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from onrecord.records.disk import walk

LEFT_OUT = (".headerlink", "[data-search-exclude]")
"""Permalinks, and what Material's search leaves out as well."""

ENTRY = "pagefind-entry.json"
_CHUNK_MENTIONS = "1000000000"
"""Mentions of words that share a file: so many that all are in one. Our own index cuts them."""
_A_PAGE = "<!doctype html><html><head><title>-</title></head><body><p>Nothing.</p></body></html>"
_NEVER_ASKED_FOR = re.compile(r"pagefind-(?:[^/.]*ui\.|highlight\.js)")


class NoIndexError(Exception):
    """There is no index; the text says why and what to do."""


def program() -> Path:
    """Pagefind's program. The import is late, as a build without search needs none."""
    try:
        from pagefind.service import get_executable
    except ImportError:
        raise NoIndexError(
            "the search needs Pagefind, which isn't installed: pip install 'onrecord[site]'; or "
            "write `search: false` below `extra: onrecord:` in mkdocs.yml"
        ) from None
    found = get_executable()
    if found is None or not found.is_file():
        raise NoIndexError(
            f"Pagefind's program {'' if found is None else f'{found} '}isn't there: pip install "
            "'pagefind[bin]', or name one in the environment variable PAGEFIND_BINARY_PATH"
        )
    return found


def is_extended(executable: Path) -> bool:
    """True for the build that finds words in Chinese, Japanese and Thai sentences."""
    return any("extended" in part for part in executable.parts[-2:])


@dataclass
class Pagefind:
    """The program, and for what it is asked. Its folders are made in `home`."""

    executable: Path
    language: str
    folders: bool  # a page is `name/`, not `name/index.html`
    home: Path

    @cached_property
    def stamp(self) -> bytes:
        """What stands for the program, however its file is called, and for what it is asked."""
        # Without the folders, which differ from build to build; what else it is asked for is in
        # the key of a piece.
        words = "\0".join(self._words(Path(), Path())).encode()
        with self.executable.open("rb") as program:
            return hashlib.file_digest(program, "sha256").digest() + words

    def index(self, pages: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
        """The files of an index of pages, each of which has its address from the site's root."""
        site, made = self.home / "pages", self.home / "made"
        site.mkdir()
        for url, html in pages:
            file = site / _file_name(url)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(html)
        self._run(site, made)
        files = {
            path: Path(entry.path).read_bytes()
            for path, entry in walk(made)
            if entry.is_file() and not _NEVER_ASKED_FOR.match(path)
        }
        shutil.rmtree(site)
        shutil.rmtree(made)
        return files

    def scripts(self) -> dict[str, bytes]:
        """The scripts with which a page asks an index, and the entry to it."""
        # They are made anew each time. Others may write into a cache, and a script out of it would
        # run in every reader's browser.
        files = self.index([("", _A_PAGE.encode())])
        return {
            path: data
            for path, data in files.items()
            if "/" not in path and not path.endswith(".pf_meta")
        }

    def _words(self, pages: Path, out: Path) -> tuple[str, ...]:
        """What Pagefind is asked for."""
        return (
            *("--site", str(pages), "--output-path", str(out)),
            *("--force-language", self.language, "--exclude-selectors", ", ".join(LEFT_OUT)),
            *(() if self.folders else ("--keep-index-url",)),
            "--quiet",
        )

    def _run(self, pages: Path, out: Path) -> None:
        command = [str(self.executable), *self._words(pages, out)]
        # Pagefind reads its own settings from the folder it runs in and from the environment.
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PAGEFIND_")}
        environment["PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE"] = _CHUNK_MENTIONS
        try:
            done = subprocess.run(
                command,
                cwd=self.home,
                env=environment,
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
            )
        except OSError as error:
            raise NoIndexError(
                f"Pagefind's program {self.executable} can't be run: {error.strerror}; "
                "pip install --force-reinstall 'pagefind[bin]'"
            ) from None
        if done.returncode != 0 or not (out / ENTRY).is_file():
            said = (done.stderr or done.stdout).strip().splitlines()
            raise NoIndexError(
                f"Pagefind made no search index (exit code {done.returncode})"
                + (f": {said[-1]}" if said else "")
                + _advice(done.returncode)
            )


def _advice(code: int) -> str:
    # Killed by the system; a shell adds 128 to the signal's number.
    if code in (-9, 137):
        return "; it was killed, maybe for lack of memory: it takes up to 200 MB"
    return "; to build without a search, write `search: false` below `extra: onrecord:`"


def _file_name(url: str) -> str:
    """The file of whose path Pagefind makes `url`: the path, and index.html for a folder.

    Quoted are only the signs that would end or change an address, as a name has its length.
    """
    path = unquote(url).lstrip("./")
    for sign in "%#?":
        path = path.replace(sign, f"%{ord(sign):02X}")
    return f"{path}index.html" if not path or path.endswith("/") else path
