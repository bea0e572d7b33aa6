"""The folder of a site: what is right there stays, what isn't is written, and the rest goes.

In come the files of a build, each with its path and its bytes; out comes a folder that holds these
and nothing else. MkDocs empties it and writes every file again. Where it is known what is there,
that takes longer than all the rest of an edit: so MkDocs is kept from emptying it, and a file is
written only where another one is.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mkdocs import utils
from mkdocs.structure.files import File

from onrecord.records.keeping import Digests, digest_of

Listing = dict[str, bytes]
"""What is in a folder: each file with a digest of what it holds, each folder with nothing."""

_PACKED = "sitemap.xml.gz"
"""What MkDocs writes by itself beside a template."""


class SiteFolder:
    """Lives for one build. Without a `listing` of what is there, MkDocs empties the folder.

    `digests` are those of the files that are copied.
    """

    def __init__(
        self, folder: Path, listing: Listing | None = None, digests: Digests | None = None
    ) -> None:
        self.folder = folder
        self._within = f"{folder}{os.sep}"
        self._digests = digests or Digests()
        self._there = dict(listing or {})
        self._known = {*self._there}
        self._written: set[str] = set()
        self._left: set[str] = set()
        self._undo: Callable[[], None] | None = None
        if listing is not None:
            self._take_over()

    def put(self, path: str, data: bytes) -> None:
        """Have a file of the site hold these bytes. `path` is from the folder, with slashes."""
        digest = digest_of(data)
        if not self._holds(path, digest):
            self._replace(path, data, digest)

    def _holds(self, path: str, digest: bytes) -> bool:
        """Note that a file belongs to the site. Whether it holds the right bytes already."""
        self._written.add(path)
        return self._there.get(path) == digest

    def _replace(self, path: str, data: bytes, digest: bytes) -> None:
        place = self.folder / path
        try:
            _write(place, data)
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            self._clear(path)  # a folder where a file was, or a file where a folder was
            _write(place, data)
        self._there[path] = digest

    def leave(self, path: str, digest: bytes) -> bool:
        """Have a file of the site stay if what it holds has this digest. Out comes whether it does.

        Only where it is known what is there.
        """
        if self._undo is None or self._there.get(path) != digest:
            return False
        self._written.add(path)
        self._left.add(path)
        return True

    def digest(self, path: str) -> bytes:
        """What stands for the bytes of a file that was put; nothing for one that wasn't."""
        return self._there.get(path, b"") if path in self._written else b""

    @property
    def is_known(self) -> bool:
        """Whether all that is written goes through here."""
        return self._undo is not None

    def tidy(self, within: str = "", *, but: tuple[str, ...] = ()) -> None:
        """Take away what was there before and is written no more.

        Only what is below the folder `within`, and nothing whose path begins as one of `but`.
        """
        if self._undo is None:
            return
        written = {path.casefold(): path for path in self._written}
        folders = {*_folders_of(self._written)}
        gone = [
            path
            for path in self._known - self._written - folders
            if path.startswith(within) and not path.startswith(but)
        ]
        for path in sorted(gone, reverse=True):  # what is in a folder goes before it
            place = self.folder / path
            same = written.get(path.casefold())
            if same is not None and _is_same(place, self.folder / same):
                continue  # a disk that takes `A.html` for `a.html`
            with contextlib.suppress(OSError):
                place.rmdir() if self._there.get(path) == b"" else place.unlink()
            self._there.pop(path, None)
        self._known -= {*gone}

    def end(self) -> None:
        """Give MkDocs back its ways."""
        if self._undo is not None:
            self._undo()
            self._undo = None

    @property
    def listing(self) -> Listing | None:
        """What is in the folder now; None where MkDocs emptied and filled it."""
        if self._undo is None:
            return None
        if _PACKED in self._written and _PACKED not in self._there:
            self._there[_PACKED] = digest_of((self.folder / _PACKED).read_bytes())
        files = {path: self._there[path] for path in self._written}
        found = {**dict.fromkeys(_folders_of(self._written), b""), **files}
        return {path: digest for path, digest in found.items() if not path.startswith(".")}

    def _clear(self, path: str) -> None:
        """Take away what has the place of a file or of a folder above it."""
        place = self.folder / path
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        for above in place.relative_to(self.folder).parents:
            if (at := self.folder / above) != self.folder and at.is_file():
                at.unlink()
        for one in [one for one in self._there if _is_in_the_way(one, path)]:
            del self._there[one]

    def _take_over(self) -> None:
        """Have MkDocs empty nothing, and write by `put`."""
        before = utils.clean_directory, utils.write_file, File.copy_file

        def write_file(content: bytes, output_path: str) -> None:
            path = self._path_of(output_path)
            if path is None:
                before[1](content, output_path)
                return
            self.put(path, content)
            if f"{path}.gz" == _PACKED:
                self._written.add(_PACKED)
                self._there.pop(_PACKED, None)

        def copy_file(file: File, dirty: bool = False) -> None:
            path, content = self._path_of(str(file.abs_dest_path)), file._content
            if path in self._left:
                return
            if path is None:
                before[2](file, dirty)
                return
            if content is None:
                assert file.abs_src_path is not None
                source = Path(file.abs_src_path).resolve()
                if self._holds(path, self._digests.of(source)):
                    return
                content = source.read_bytes()
            elif isinstance(content, str):  # as a file opened for text has it
                content = content.replace("\n", os.linesep).encode()
            self.put(path, content)

        def undo() -> None:
            utils.clean_directory, utils.write_file = before[:2]
            File.copy_file = before[2]  # type: ignore[method-assign]

        self._undo = undo
        utils.clean_directory, utils.write_file = _empties_nothing, write_file
        File.copy_file = copy_file  # type: ignore[assignment, method-assign]

    def _path_of(self, place: str) -> str | None:
        """The path of a file from the folder; None for one that isn't in it."""
        path = os.path.normpath(place)
        if not path.startswith(self._within):
            return None
        return path[len(self._within) :].replace(os.sep, "/")


def _empties_nothing(directory: str) -> Any:
    """In the place of what empties the folder of a site."""


def _write(place: Path, data: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)


def _folders_of(paths: set[str]) -> set[str]:
    found: set[str] = set()
    for path in paths:
        while (path := path.rpartition("/")[0]) and path not in found:
            found.add(path)
    return found


def _is_in_the_way(one: str, path: str) -> bool:
    return one == path or one.startswith(f"{path}/") or path.startswith(f"{one}/")


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False
