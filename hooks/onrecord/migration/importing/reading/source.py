"""From a folder to the texts in it that may be records, and why the other files aren't.

In comes a path; out come texts with their bytes, split from another tool's front matter, and a
reason for every file that isn't one. Nothing outside the folder is opened.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from onrecord.migration.importing.reading.converted import READERS, NotConvertedError, converted
from onrecord.migration.importing.reading.days import top_of
from onrecord.migration.importing.reading.outline import Outline, outline_of
from onrecord.records.disk import is_link, open_file
from onrecord.records.languages import folded, words
from onrecord.records.reading.folder import ASSET_ENDINGS
from onrecord.records.reading.frontmatter import MAX_FILE, FrontMatterEntry, entries_of, plain_ends
from onrecord.text.progress import Progress, silent

MARKDOWN = (".md", ".markdown", ".mdown", ".mkd", ".mdx")
MARKUP = (".org", ".textile", ".html", ".htm", ".docx", ".doc", ".odt", ".rtf")
NOT_READ = "only Markdown is read, not {0}: convert it first, as by pandoc FILE -t gfm -o NEW.md"
KEP_FILE = "kep.yaml"

_NUMBERED_FOLDER = re.compile(
    r"(?:(?:adr|madr|rfc|rfd|kep|dr|decision)[-_ ]?)?\d{1,6}(?:[-_. ].*)?$|\d{4}-\d\d-\d\d[-_]",
    re.IGNORECASE,
)
_TOML = re.compile(
    r"\+\+\+[ \t]*\r?\n(.*?)^\+\+\+[ \t]*(?:\r\n|\r|\n|\Z)", re.DOTALL | re.MULTILINE
)
_TOML_KEY = re.compile(r"\s*[\"']?([\w-]+)[\"']?\s*=")
_FRONT = re.compile(r"---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r\n|\r|\n|\Z)", re.DOTALL | re.MULTILINE)
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32-le"),  # begins as UTF-16 does, so it is tried first
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_NOT_WESTERN = re.compile(rb"[\x80-\xff]{5}")
"""Words of a Western European language have no five such letters in a row; those in Cyrillic, or
in Chinese and Japanese signs, have.
"""


@dataclass(frozen=True)
class SourceText:
    """A Markdown file. `place` is its path below the folder that is imported.

    `body` is what is below the front matter, as bytes in UTF-8; `front` is that front
    matter's text. `encoding` is the one it had.
    """

    place: str
    disk: Path
    body: bytes
    body_line: int
    encoding: str = "utf-8"
    had_mark: bool = False
    front: str = ""
    entries: Mapping[str, FrontMatterEntry] = field(default_factory=dict)
    beside: str = ""
    """The text of the kep.yaml beside it."""
    converted_from: str = ""
    """The format it had, where `body` is not its own text but Markdown made of it."""
    part: str = ""
    """The name of a decision that was cut out of a log; `place` ends in `#` and it."""
    heading: str = ""
    """The title that such a part has in its table."""

    @property
    def file(self) -> str:
        """The path of its file below the folder that is imported."""
        return self.place.removesuffix(f"#{self.part}") if self.part else self.place

    @cached_property
    def outline(self) -> Outline:
        """The lines and headings of the body."""
        return outline_of(plain_ends(self.body.decode()), self.body_line)

    @property
    def stem(self) -> str:
        """The file's name without its ending; of a README that is a record, its folder's."""
        if self.part:
            return self.part
        folder, _, name = self.place.rpartition("/")
        return folder.rpartition("/")[2] if self.names_folder else name.rpartition(".")[0]

    @property
    def names_folder(self) -> bool:
        """True where the folder is the record: a KEP, and the README or index of a numbered folder,
        or one whose front matter says a status.
        """
        folder, _, name = self.place.rpartition("/")
        if name.rpartition(".")[0].casefold() not in ("readme", "index") or not folder:
            return bool(self.beside)
        return bool(
            self.beside
            or _NUMBERED_FOLDER.match(folder.rpartition("/")[2])
            or any(key_of(key) in words("labels", "status") for key in self.entries)
        )


class Left(NamedTuple):
    """A file that is not a record, and why. `may_be_record` when only its form keeps it out."""

    place: str
    reason: str
    may_be_record: bool = False


@dataclass(frozen=True)
class SourceFolder:
    """All files of a folder: texts, what is left, and images and the like by their path."""

    texts: tuple[SourceText, ...]
    left: tuple[Left, ...]
    assets: Mapping[str, Path]


def read_folder(start: Path, progress: Progress = silent) -> SourceFolder:
    """Read a folder, or one file."""
    root = (start if start.is_dir() else start.parent).resolve()
    texts: list[SourceText] = []
    left: list[Left] = []
    assets: dict[str, Path] = {}
    for place, disk, refusal in progress("Reading files", tuple(_files(start, root))):
        ending = disk.suffix.lower()
        if refusal:
            left.append(Left(place, refusal, ending in MARKDOWN))
        elif ending in MARKDOWN:
            text = _text(place, disk)
            (texts if isinstance(text, SourceText) else left).append(text)  # type: ignore[arg-type]
        elif ending in READERS:
            made = _text(place, disk)
            (texts if isinstance(made, SourceText) else left).append(made)  # type: ignore[arg-type]
        elif ending in ASSET_ENDINGS:
            assets[place] = disk
        elif ending in MARKUP:
            left.append(Left(place, NOT_READ.format(ending), may_be_record=True))
        elif disk.name != KEP_FILE:
            left.append(Left(place, "no Markdown"))
    return SourceFolder(tuple(texts), tuple(left), assets)


def origin_of(start: Path, root: Path) -> str:
    """How the folder is named for good: within the knowledge base, its repository, or by itself."""
    folder = (start if start.is_dir() else start.parent).resolve()
    if folder.is_relative_to(root):
        return folder.relative_to(root).as_posix().removeprefix(".")
    top = top_of(folder)
    if top is None or not folder.is_relative_to(top.resolve()):
        return folder.name
    here = folder.relative_to(top.resolve())
    if root.is_relative_to(top.resolve()):
        return here.as_posix()
    return (Path(top.name) / here).as_posix()  # two repositories may both have a docs/adr


def _files(start: Path, root: Path) -> Iterator[tuple[str, Path, str]]:
    """Every file by its place, with the reason why it isn't opened, if there is one."""
    if not start.is_dir():
        yield start.name, start, ""
        return
    waiting = [("", root)]
    while waiting:
        above, folder = waiting.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            yield above.rstrip("/"), folder, f"can't be opened: {error.strerror}"
            continue
        below = []
        for entry in entries:
            # What is hidden, and packages with READMEs of their own by the thousand.
            if entry.name.startswith(".") or entry.name == "node_modules":
                continue
            place, disk = above + entry.name, Path(entry.path)
            try:
                place.encode()
            except UnicodeEncodeError:
                shown = os.fsencode(place).decode("utf-8", errors="replace")
                yield shown, disk, "its name isn't UTF-8"
                continue
            try:
                if entry.is_symlink() or is_link(disk):
                    yield place, disk, "a symbolic link, which is not followed"
                elif entry.is_dir():
                    below.append((place + "/", disk))
                else:
                    yield place, disk, "" if entry.is_file() else "not an ordinary file"
            except OSError as error:
                yield place, disk, f"can't be opened: {error.strerror}"
        waiting += reversed(below)


def _text(place: str, disk: Path) -> SourceText | Left:
    try:
        with open_file(disk) as stream:
            data = stream.read(MAX_FILE + 1)
            size = os.fstat(stream.fileno()).st_size
    except OSError as error:
        return Left(place, f"can't be opened: {error.strerror}", may_be_record=True)
    if len(data) > MAX_FILE:
        return Left(place, f"too large for a record: {size / 1e6:.1f} MB", may_be_record=True)
    if not data.strip():
        return Left(place, "empty")
    decoded = _decoded(data)
    if decoded is None:
        return Left(place, "binary, not text")
    if decoded[1] in _WESTERN and _NOT_WESTERN.search(data):
        return Left(place, "its encoding isn't known: save it as UTF-8", may_be_record=True)
    written, encoding, had_mark = decoded
    ending = disk.suffix.lower()
    if ending in READERS:
        try:
            made = converted(plain_ends(written), ending)
        except NotConvertedError as error:
            return Left(place, str(error), may_be_record=True)
        _, entries, offset = _front(place, made)
        body, line = made[offset:].encode(), made[:offset].count("\n") + 1
        return SourceText(place, disk, body, line, entries=entries, converted_from=READERS[ending])
    # The bytes of a UTF-8 file are taken as they lie; what else it was is written anew.
    mark = len(_MARKS[0][0]) if had_mark and encoding == "utf-8" else 0
    plain = data[mark:] if encoding == "utf-8" else written.encode()
    front, entries, offset = _front(place, written)
    body = plain[len(written[:offset].encode()) :]
    line = plain_ends(written[:offset]).count("\n") + 1
    beside = _beside(disk)
    return SourceText(place, disk, body, line, encoding, had_mark, front, entries, beside)


def _decoded(data: bytes) -> tuple[str, str, bool] | None:
    """The text of some bytes, the encoding it had, and whether a mark said so."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding), encoding, True
            except UnicodeDecodeError:
                break
    # UTF-16 with a mark was tried before; without one, such bytes aren't text.
    if b"\0" in data:
        return None
    try:
        return data.decode(), "utf-8", False
    except UnicodeDecodeError:
        pass
    try:
        # What old Windows editors wrote. It lacks five bytes; latin-1 has them all, so no file is
        # refused.
        return data.decode("cp1252"), _WESTERN[0], False
    except UnicodeDecodeError:
        return data.decode("latin-1"), _WESTERN[1], False


_WESTERN = ("windows-1252", "latin-1")
"""What a text is taken for that has no mark and isn't UTF-8."""


def _front(place: str, written: str) -> tuple[str, Mapping[str, FrontMatterEntry], int]:
    """Another tool's front matter, its keys, and where the body begins."""
    if (toml := _TOML.match(written)) is not None:
        front = plain_ends(toml[1])
        entries = _toml_entries(place, front)
        return (front, entries, toml.end()) if entries else ("", {}, 0)
    found = _FRONT.match(written)
    if found is None:
        return "", {}, 0
    front = plain_ends(found[1])
    # An empty line in front lets YAML count the file's own lines.
    entries, _ = entries_of(place, "\n" + front)
    # Some templates leave a front matter that is all comments; prose between two rules looks the
    # same to a pattern.
    only_comments = all(not x.strip() or x.startswith("#") for x in front.split("\n"))
    if not entries and not only_comments:
        return "", {}, 0  # a rule and prose, not front matter
    return front, entries, found.end()


def _toml_entries(place: str, front: str) -> Mapping[str, FrontMatterEntry]:
    """TOML's plain values and lists as YAML has them, each in the line of its key."""
    try:
        values = tomllib.loads(front)
    except (ValueError, RecursionError):  # of a number too long, or lists too deep, it says no more
        return {}
    lines = front.split("\n")
    keys = {
        found[1]: number for number, line in enumerate(lines) if (found := _TOML_KEY.match(line))
    }
    plain = {
        key: value
        for key, value in values.items()
        if key in keys and isinstance(value, str | int | float | date | list)
    }
    # Read as YAML from here on, by the one reader of keys: each value in the line its key has in
    # the file, so that notes name the right one.
    written = ["" for _ in range(len(lines) + 1)]
    for key, value in plain.items():
        texts = [str(one) for one in value] if isinstance(value, list) else str(value)
        written[keys[key] + 1] = json.dumps({key: texts}, ensure_ascii=False)[1:-1]
    return entries_of(place, "\n".join(written))[0]


def entry_of(entries: Mapping[str, FrontMatterEntry], name: str) -> FrontMatterEntry | None:
    """The entry of a key, however it is written: `Decision Date` or `decision_date`."""
    if (entry := entries.get(name)) is not None:
        return entry
    return next((entries[key] for key in entries if key_of(key) == key_of(name)), None)


def key_of(name: str) -> str:
    """A key as keys are compared."""
    return folded(name.replace("_", " ").replace("-", " "))


def _beside(disk: Path) -> str:
    """The text of the kep.yaml beside a README.md; '' when there is none to be read."""
    if disk.name.casefold() != "readme.md":
        return ""
    path = disk.parent / KEP_FILE
    try:
        with open_file(path) as stream:
            data = stream.read(MAX_FILE + 1)
        return "" if len(data) > MAX_FILE else plain_ends(data.decode())
    except (OSError, UnicodeDecodeError):
        return ""
