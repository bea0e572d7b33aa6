"""From a folder to the library: which file is what, and what is in the wrong place.

In comes the root of a knowledge base; out comes a `Library`. Files are visited in the order of
their paths. Only ordinary files are opened: a symbolic link, a pipe or a device is a finding.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from onrecord.records.disk import (
    Signature,
    is_file,
    is_link,
    is_linking,
    is_there,
    open_file,
    read_file,
    signature_of,
)
from onrecord.records.findings import Finding, count, finding, in_order, not_read, shown
from onrecord.records.keeping.readings import Readings, Seen
from onrecord.records.library import Known, Library
from onrecord.records.model import Body, Decision, Handoff, Metric, Page, Person, Reply, Role
from onrecord.records.reading.cost import faults_of_comments, faults_of_cost
from onrecord.records.reading.frontmatter import MAX_FILE, decoded
from onrecord.records.reading.records import (
    decision_of,
    handoff_of,
    metric_of,
    page_of,
    people_of,
    role_of,
)
from onrecord.records.reading.replies import has_record, is_reply, reply_of, says_something
from onrecord.records.reading.series import values_of
from onrecord.records.shapes import DECISION, HANDOFF, METRIC, ROLE
from onrecord.records.vocabulary import (
    DECISIONS_FOLDER,
    FORGE_PAGES,
    HANDOFFS_FOLDER,
    METRICS_FOLDER,
    PEOPLE_FILE,
    PLAYBOOKS_FOLDER,
    ROLE_FILE,
    STAGES,
)
from onrecord.text.paths import as_one_disk_sees, name_for_all_disks
from onrecord.text.progress import Progress, silent
from onrecord.text.xml import NotADrawingError, harmless_drawing

Made = TypeVar("Made")
Reading = tuple[Known, list[Finding]]
"""What a file gives: its record, and what is wrong with it."""

ASSET_ENDINGS = frozenset(
    [
        ".avif",
        ".bmp",
        ".csv",
        ".gif",
        ".jpeg",
        ".jpg",
        ".mp3",
        ".mp4",
        ".ogg",
        ".ogv",
        ".pdf",
        ".png",
        ".svg",
        ".txt",
        ".webm",
        ".webp",
    ]
)
"""What is published beside records. Anything else might hold what nobody meant to publish."""


class _File(NamedTuple):
    """A file of the knowledge base: its path from the root, where it is on disk, and its times."""

    path: str
    place: str
    signature: Signature = (0, 0, 0, 0)

    @property
    def disk(self) -> Path:
        """Where it is on disk."""
        return Path(self.place)


def read_library(
    root: Path, docs_dir: str = "docs", cache: Path | None = None, progress: Progress = silent
) -> Library:
    """Read every record below `root`, and the pages of `docs_dir` for their links.

    `cache` is the folder in which the readings of files are kept, if any are.
    """
    root = root.resolve()
    with Readings(cache, f"{root}\0{docs_dir}") as readings:
        reader = _Reader(root, readings, progress)
        reader.read(docs_dir)
    return reader.library()


def read_playbooks(root: Path) -> Library:
    """Read the roles, handoffs, metrics and people below `root`, and nothing else."""
    reader = _Reader(root.resolve(), Readings(None))
    reader.read_playbooks()
    return reader.library()


class _Reader:
    """Sorts files into kinds while it walks. Lives for one run."""

    def __init__(self, root: Path, readings: Readings, progress: Progress = silent) -> None:
        self.root = root
        self.progress = progress
        self.readings = readings
        self.decisions: list[Decision] = []
        self.roles: list[Role] = []
        self.handoffs: list[Handoff] = []
        self.metrics: list[Metric] = []
        self.replies: list[Reply] = []
        self.pages: list[Page] = []
        self.assets: list[str] = []
        self.forge_pages: list[str] = []
        self.beside: list[str] = []
        self.owned: dict[str, bool] = {}
        self.people: dict[str, Person] = {}
        self.has_people_file = False
        self.findings: list[Finding] = []

    def read(self, docs_dir: str) -> None:
        for file in self.progress("Reading decisions", tuple(self._files(DECISIONS_FOLDER))):
            if file.path.endswith(".md"):
                self._decision(file)
            else:
                self._other(file, DECISION.place)
        self.read_playbooks()
        for file in self.progress("Reading docs", tuple(self._files(docs_dir))):
            if file.path.endswith(".md"):
                self.pages.append(self._record(file, _page_of_docs))
            else:
                self.assets.append(file.path)

    def read_playbooks(self) -> None:
        for file in self.progress("Reading playbooks", tuple(self._files(PLAYBOOKS_FOLDER))):
            self._playbook_file(file)
        self._say_beside()

    def library(self) -> Library:
        replies = _by_record(self.replies)
        library = Library(
            decisions=tuple(
                replace(d, replies=replies[d.path]) if d.path in replies else d
                for d in self.decisions
            ),
            roles=tuple(self.roles),
            handoffs=tuple(
                replace(h, title=h.named(self.people), replies=replies.get(h.path, ()))
                for h in self.handoffs
            ),
            metrics=tuple(self.metrics),
            replies=tuple(self.replies),
            people=self.people,
            pages=tuple(self.pages),
            assets=frozenset(self.assets).difference(
                one.path for one in self.findings if one.code == "merge-unfinished"
            ),
            forge_pages=frozenset(self.forge_pages),
            findings=in_order(self.findings),
            has_people_file=self.has_people_file,
        )
        wanted = self._linked(library)
        others = frozenset(target for target in wanted if is_there(self.root / target))
        return replace(library, others=others, absent=wanted - others)

    def _linked(self, library: Library) -> frozenset[str]:
        """What a record links to that no kind claims: source code, a folder, the root's README."""
        known = library.by_path.keys() | library.assets | library.forge_pages
        targets = {
            target
            for record in (*library.by_path.values(), *library.replies)
            for link in record.body.links
            for target in record.targets_of(link)
        }
        # The disk is asked only for what is linked and not known, and never for a path that leads
        # out: a finding would tell what is on the machine.
        wanted = (t for t in targets - known if not t.startswith(("..", "/")) and "\0" not in t)
        return frozenset(wanted)

    # Each kind of file.

    def _decision(self, file: _File) -> None:
        name = file.path.rpartition("/")[2]
        if name in FORGE_PAGES:
            self.forge_pages.append(file.path)
            return
        # `decisions/2026/index.md` would have the address of the folder's own list.
        if name == ROLE_FILE:
            said = "a decision can't be called index: the site has its own index there"
            self._say_misplaced(file.path, DECISION.place, said, "name it for what it decides:")
            return
        record = self._record(file, partial(_decision_or_reply, self._has_record(file)))
        if isinstance(record, Reply):
            self.replies.append(record)
        else:
            self.decisions.append(record)

    def _has_record(self, file: _File) -> bool:
        """True for a file in a folder that has the name of a record beside it."""
        folder = file.path.rpartition("/")[0]
        if folder not in self.owned:
            self.owned[folder] = has_record(file.disk)
        return self.owned[folder]

    def _playbook_file(self, file: _File) -> None:
        parts = file.path.split("/")[1:]
        if file.path == PEOPLE_FILE:
            self._people(file)
        elif parts[-1] in FORGE_PAGES and len(parts) <= 2:
            self.forge_pages.append(file.path)
        elif len(parts) == 2 and parts[1] == ROLE_FILE:
            self.roles.append(self._record(file, role_of))
        elif len(parts) == 3 and parts[1] == HANDOFFS_FOLDER and parts[2].endswith(".md"):
            record = self._record(file, _handoff_or_reply)
            if isinstance(record, Reply):
                self.replies.append(record)
            else:
                self.handoffs.append(record)
        elif len(parts) == 4 and parts[1] == HANDOFFS_FOLDER and parts[3].endswith(".md"):
            self.replies.append(self._record(file, reply_of))
        elif len(parts) == 3 and parts[1] == METRICS_FOLDER and parts[2].endswith(".md"):
            self._metric(file)
        elif file.path.endswith(".md"):
            if parts[-1] == ROLE_FILE or _DAY.match(parts[-1]):
                place = " or ".join((ROLE.place, HANDOFF.place, METRIC.place))
                self._say_misplaced(file.path, place)
            else:
                self.beside.append(file.path)
            self.pages.append(self._record(file, _page_of))
        else:
            self._other(file, ROLE.place)

    def _say_beside(self) -> None:
        """Runbooks and other pages beside a role: one finding a folder, with what to do."""
        folders: defaultdict[str, list[str]] = defaultdict(list)
        for path in self.beside:
            folders[path.rpartition("/")[0]].append(path)
        for folder, paths in folders.items():
            names = ", ".join(path.rpartition("/")[2] for path in paths[:_MOST_NAMED])
            more = len(paths) - _MOST_NAMED
            names += f" and {more:,} more" if more > 0 else ""
            said = f"OnRecord doesn't read records here: {count(len(paths), 'page')}, {names}"
            role = folder.partition("/")[2].partition("/")[0] or "ROLE"
            hint = (
                f"bring them into the role: onrecord import --as role {folder} "
                f"--into {PLAYBOOKS_FOLDER}/{role} --write, then delete them; or move them to docs/"
            )
            self.findings.append(finding(paths[0], "file-misplaced", said, hint))

    def _metric(self, file: _File) -> None:
        metric = self._record(file, metric_of)
        series = _File(file.path[: -len(".md")] + ".csv", file.place[: -len(".md")] + ".csv")
        # Asked before `is_file`, which follows a link and would read whatever it leads to.
        if is_link(series.disk):
            self._say_link(series)
        elif is_file(series.disk):
            rows, unreadable = self._text(series)
            values, broken = self._list(series.path, rows, values_of)
            self._keep(rows, unreadable, [*_marked(series), *broken])
            metric = replace(metric, values=values)
        else:
            hint = f"add {series.path.rpartition('/')[2]} with a first line date,value,note"
            said = "the metric has no values beside it"
            self.findings.append(finding(file.path, "series-missing", said, hint))
        self.metrics.append(metric)

    def _people(self, file: _File) -> None:
        text, faults = self._text(file)
        self.has_people_file = bool(text or not faults)  # unread, it says nothing of anyone
        people, more = self._list(file.path, text, people_of)
        self.people.update(people)
        self._keep(text, faults, more)

    def _other(self, file: _File, place: str) -> None:
        ending = file.disk.suffix.lower()
        if ending in ASSET_ENDINGS:
            self.assets.append(file.path)
            if ending == ".txt" and _is_decision(self._text(file)[0]):
                said = "it looks like a decision, but isn't read: its name doesn't end in .md"
                self._say_misplaced(file.path, DECISION.place, said, "rename it:")
            if ending == ".svg":
                self.findings += _faults_of_drawing(file)
        elif ending in (".yml", ".yaml"):
            said = "the only YAML file read here is people.yml"
            self._say_misplaced(file.path, PEOPLE_FILE, said, "people are in")
        elif ending in (".md", ".markdown", ".mdown", ".mkd", ".mdx"):
            self._say_misplaced(file.path, place, "a record's name ends in .md, in lower case")

    # What they share.

    def _record(self, file: _File, read: Callable[[str, str], Reading[Known]]) -> Known:
        """The record of a file; where reading it fails, one that holds only the text."""
        seen = Seen(_name_of(read), file.path, file.signature)

        def again() -> Body:
            return self._opened(file, read, lambda _, made: made())[0].body

        def keep(data: bytes, made: Callable[[], Reading[Known]]) -> Reading[Known]:
            return self.readings.of(seen, data, made, again)

        known: Reading[Known] | None = self.readings.untouched(seen, again)
        record, faults = known if known is not None else self._opened(file, read, keep)
        self.findings += faults
        return record

    def _opened(
        self,
        file: _File,
        read: Callable[[str, str], Reading[Known]],
        keep: Callable[[bytes, Callable[[], Reading[Known]]], Reading[Known]],
    ) -> Reading[Known]:
        """What reading a file gives; `keep` is given its bytes, and what makes a record of them."""
        try:
            data, size = _bytes(file)
        except OSError as error:
            return read(file.path, "")[0], [_unreadable(file.path, error)]
        text, unreadable = decoded(file.path, data, size)

        def made() -> Reading[Known]:
            record, found = read(file.path, text)
            if unreadable and not text:
                return record, unreadable  # it has no further faults worth saying
            body = record.body
            # Within what is kept by the text's digest, so that a text that didn't change isn't
            # measured again.
            found += faults_of_comments(file.path, body.text, body.line)
            return record, unreadable + found + faults_of_cost(file.path, body.text, body.line)

        try:
            return keep(data, made) if len(data) <= MAX_FILE else made()
        except Exception as error:  # a net below all checks: no file stops the run for the others
            record = replace(read(file.path, "")[0], body=Body(text))
            return record, [*unreadable, not_read(file.path, error)]

    def _list(
        self, path: str, text: str, read: Callable[[str, str], tuple[Made, list[Finding]]]
    ) -> tuple[Made, list[Finding]]:
        """What a file beside the records says; nothing, where reading it fails."""
        try:
            return read(path, text)
        except Exception as error:
            return read(path, "")[0], [not_read(path, error)]

    def _keep(self, text: str, unreadable: list[Finding], faults: list[Finding]) -> None:
        """A file that couldn't be read at all has no further faults worth saying."""
        self.findings += unreadable
        if text or not unreadable:
            self.findings += faults

    def _files(self, folder: str) -> Iterator[_File]:
        """Every ordinary file below a folder by path; hidden ones are left alone."""
        start = self._start(folder)
        if start is None:
            return
        waiting = self._within(folder, start)
        while waiting:  # a list, not recursion: folders may lie deeper than Python can call
            path, entry = waiting.pop()
            try:
                if is_linking(entry):
                    self._say_link(_File(path, entry.path))
                elif entry.is_dir():
                    waiting += self._within(path, entry.path)
                elif entry.is_file():
                    yield _File(path, entry.path, signature_of(entry))
                else:
                    self._say_special(path)
            except OSError as error:
                self.findings.append(_unreadable(path, error))

    def _within(self, path: str, folder: str | Path) -> list[tuple[str, os.DirEntry[str]]]:
        """The entries of a folder with their paths, the last by name first."""
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            self.findings.append(_unreadable(path, error))
            return []
        found: list[tuple[str, os.DirEntry[str]]] = []
        self.findings += _twins(path, [entry.name for entry in reversed(entries)])
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if _is_utf8(entry.name):
                found.append((f"{path}/{entry.name}", entry))
                if (name := name_for_all_disks(entry.name)) != entry.name:
                    said = "Windows can't store a file of this name, so nobody there can clone this"
                    if name.endswith(".md") and name[:-3] == entry.name[:-3].rstrip(". "):
                        said = "Windows can't store a folder of this name, and the page needs one"
                    hint = f"rename it: {shown(name)}"
                    self.findings.append(
                        finding(f"{path}/{entry.name}", "name-elsewhere", said, hint)
                    )
                continue
            name = os.fsencode(entry.name).decode("utf-8", errors="replace")
            said, hint = "the file's name isn't UTF-8; it was not read", "rename it"
            self.findings.append(finding(f"{path}/{name}", "file-not-text", said, hint))
        return found

    def _start(self, folder: str) -> Path | None:
        """Where a folder of the knowledge base is; None when it isn't there to be read."""
        here = self.root
        parts = [part for part in folder.split("/") if part != "."]
        for number, part in enumerate(parts, start=1):
            here /= part
            if is_link(here):
                self._say_link(_File("/".join(parts[:number]), str(here)))
                return None
        if here.is_dir():
            return here
        if here.exists() and not here.is_file():
            self._say_special(folder)
        return None

    def _say_link(self, file: _File) -> None:
        try:
            inside = file.disk.resolve(strict=True).is_relative_to(self.root)
        except (OSError, RuntimeError):  # a link to nothing, or to itself
            inside = False
        code = "link-not-followed" if inside else "link-out-of-repository"
        where = "" if inside else " leads out of the knowledge base, or nowhere; it"
        said = f"a symbolic link{where} is not followed"
        self.findings.append(finding(file.path, code, said, "put the file itself here"))

    def _say_special(self, path: str) -> None:
        said = "a pipe, socket or device is not read"
        self.findings.append(finding(path, "file-special", said, "put an ordinary file here"))

    def _text(self, file: _File) -> tuple[str, list[Finding]]:
        try:
            return decoded(file.path, *_bytes(file))
        except OSError as error:
            return "", [_unreadable(file.path, error)]

    def _say_misplaced(
        self,
        path: str,
        place: str,
        said: str = "OnRecord doesn't read records here",
        what: str = "records are at",
    ) -> None:
        hint = f"{what} {place}"
        self.findings.append(finding(path, "file-misplaced", said, hint))


def _twins(folder: str, names: list[str]) -> Iterator[Finding]:
    """The names of one folder that are one name on Windows and on a Mac."""
    first: dict[str, str] = {}
    for name in names:
        other = first.setdefault(as_one_disk_sees(name), name)
        if other != name:
            said = f"Windows and macOS can't tell this from {shown(other)}, and keep only one"
            hint = "give one of them another name"
            yield finding(f"{folder}/{name}", "name-elsewhere", said, hint)


def _name_of(read: Callable[..., object]) -> str:
    """What tells one way of reading a text from another."""
    if isinstance(read, partial):
        return f"{_name_of(read.func)}{read.args}"
    return read.__name__


def _decision_or_reply(
    is_beside_one: bool, path: str, text: str
) -> tuple[Decision | Reply, list[Finding]]:
    return reply_of(path, text) if is_reply(path, text, is_beside_one) else decision_of(path, text)


def _handoff_or_reply(path: str, text: str) -> tuple[Handoff | Reply, list[Finding]]:
    """A reply that is beside the handoffs, not in a folder of its own handoff, is still one."""
    return reply_of(path, text) if says_something(text) else handoff_of(path, text)


def _by_record(replies: Iterable[Reply]) -> dict[str, tuple[Reply, ...]]:
    groups: defaultdict[str, list[Reply]] = defaultdict(list)
    for reply in replies:
        groups[reply.about].append(reply)
    return {path: tuple(group) for path, group in groups.items()}


_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOST_NAMED = 3
"""Files that a finding names; a folder may hold a thousand."""

_DECISION = re.compile(rf"^stage:[ \t]*(?:{'|'.join(STAGES)})\b", re.MULTILINE)


def _is_decision(text: str) -> bool:
    """True for a text whose front matter begins as that of a decision."""
    end = text.find("\n---", 3) if text.startswith("---") else -1
    return end > 0 and _DECISION.search(text, 0, end) is not None


def _page_of_docs(path: str, text: str) -> tuple[Page, list[Finding]]:
    page, faults = _page_of(path, text)
    if _is_decision(text):
        said = "it looks like a decision, but OnRecord doesn't read decisions here"
        hint = f"move it to {DECISION.place}"
        faults.append(finding(path, "file-misplaced", said, hint))
    return page, faults


def _page_of(path: str, text: str) -> tuple[Page, list[Finding]]:
    return page_of(path, text), []


def _faults_of_drawing(file: _File) -> list[Finding]:
    """What of a drawing the site leaves out, since a browser would run it."""
    try:
        taken_out = harmless_drawing(read_file(file.disk)).taken_out
    except OSError as error:
        return [_unreadable(file.path, error)]
    except NotADrawingError as error:
        said, hint = f"the drawing isn't published: {error}", "save it as plain SVG, or as PNG"
        return [finding(file.path, "drawing-acts", said, hint)]
    if not taken_out:
        return []
    said = f"the drawing is published without the parts that could run: {', '.join(taken_out[:9])}"
    return [finding(file.path, "drawing-acts", said, "save it as plain SVG, or as PNG")]


def _is_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _bytes(file: _File) -> tuple[bytes, int]:
    """What a file holds, or its beginning where that is too much for a record; and its size."""
    with open_file(file.disk) as stream:
        data = stream.read(MAX_FILE + 1)
        return data, len(data) if len(data) <= MAX_FILE else os.fstat(stream.fileno()).st_size


def _marked(series: _File) -> list[Finding]:
    """A byte-order mark, which other readers of the file take for part of its first word."""
    try:
        with open_file(series.disk) as stream:
            begins_so = stream.read(3) == b"\xef\xbb\xbf"
    except OSError:
        return []
    if not begins_so:
        return []
    said = "the file begins with a byte-order mark; its rows are still read"
    hint = "save it as UTF-8 without the mark, in spreadsheets often “CSV” and not “CSV UTF-8”"
    return [finding(series.path, "series-broken", said, hint)]


def _unreadable(path: str, error: OSError) -> Finding:
    said = f"can't be opened: {error.strerror or type(error).__name__}"
    return finding(path, "file-unreadable", said, "check the file's permissions")
