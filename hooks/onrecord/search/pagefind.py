"""The search index: slim HTML, written page by page, made into an index by Pagefind's program.

In comes one text of HTML for each page; out comes a folder for the site, or the error that says
why there is none. Pagefind holds a whole index in memory while it makes it, some 660 bytes for
each different word of each page, so that a large base becomes several indexes of bounded size, one
after the other; the browser merges them. An index is kept from build to build, and made again only
when one of its pages has changed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec

from onrecord.records.disk import place
from onrecord.records.keeping import Kept, key_for, secret_of_user, stamp_of
from onrecord.search.names import NUMBER_FORM, SIGN_BEGINS, SIGN_LENGTH, SIGN_LETTERS
from onrecord.search.numbering import number_files
from onrecord.text.common_words import common_words
from onrecord.text.progress import Progress, silent
from onrecord.text.spellings import SPELLING_RULES

FOLDER = "pagefind"
MARKER = "build.json"
SHARD_WORDS = 1_350_000
"""Different words, summed over the pages of an index: 0.9 GB, or 3,300 records of 600 words."""

CHUNK_MENTIONS = "2000"
"""Mentions of words that share a file. Pagefind's own number is ten times as many: a search would
read 30 kB for each word and shard. Much smaller, and the list of files outweighs what they save."""

RANKING = {
    "pageLength": 0.75,
    "termFrequency": 1.0,
    "termSaturation": 1.4,
    "termSimilarity": 1.0,
    "metaWeights": {
        "title": 20.0,
        "id": 5.0,
        "tags": 1.0,
        "owner": 0.5,
        # Pagefind finds by every field there is; the rest only says what a result looks like.
        "date": 0.0,
        "image": 0.0,
        "successor_title": 0.0,
        "successor_url": 0.0,
        "names": 0.0,
    },
}
"""What the page hands to Pagefind; benchmarks/known_items.py says what it does to results."""

LEFT_OUT = (".headerlink", "[data-search-exclude]")
"""Permalinks, and what Material's search leaves out as well."""

WORDS = "words.json"
"""The words of titles, the most frequent first: fetched once a word is typed that no page has."""
MOST_WORDS = 20_000
_WORD = re.compile(r"[^\W\d_]{4,40}")

COMMON_SHARE, COMMON_PAGES = 0.9, 1000
"""A common word of the language that stands in this share of all pages, and in so many, isn't
searched for: it tells none from another, and “the” is .6 MB of places in 10,000 records."""

KIND = "pagefind"
_DATA = frozenset((".json", ".pf_filter", ".pf_fragment", ".pf_index", ".pf_meta"))
"""How files of an index end that hold data; the others are Pagefind's program, and never kept."""

_A_PAGE = "<!doctype html><html><head><title>-</title></head><body><p>Nothing.</p></body></html>"
_NEVER_ASKED_FOR = ("pagefind-*ui.*", "pagefind-highlight.js")
_ONLY_OF_THE_FIRST = ("pagefind.js", "pagefind-worker.js", "wasm.*")


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


@dataclass(frozen=True, slots=True)
class _Source:
    day: date | None
    url: str
    words: int
    digest: bytes
    place: tuple[int, int]
    """Where its text begins in the spool, and where it ends."""


@dataclass
class SearchIndex:
    """The index of one build: `add` each page, then `make` it, then `put` it into the site."""

    executable: Path
    language: str
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    folders: bool = True  # a page is `name/`, not `name/index.html`
    shard_words: int = field(default_factory=lambda: SHARD_WORDS)
    called: set[str] = field(default_factory=set)
    """The keys of what people and roles are called."""

    nearest: bool = False
    """Whether the site has the index of the nearest decisions, too."""
    form: str = ""
    """The address of the form that begins a decision, from the site's root; '' without forms."""

    known_as: str = ""
    """The build as pages name it that were written before all pages were in."""
    cache: Path | None = None
    """The folder in which indexes are kept from build to build, if they are."""
    progress: Progress = silent
    """Is told how many parts are made."""

    def __post_init__(self) -> None:
        self._words: Counter[str] = Counter()
        self._common = Counter(dict.fromkeys(common_words(self.language.split("-")[0]), 0))
        self._home = Path(tempfile.mkdtemp(prefix="onrecord-search-"))
        self._spool = (self._home / "spool").open("w+b")
        self._sources: list[_Source] = []
        self._shards: list[str] = []

    def add(self, url: str, html: str, day: date | None = None) -> None:
        """Take a page in. `url` is from the root of the site, quoted; `day` groups what is large.

        The text goes to a file at once, so that the memory of a build doesn't grow with it.
        """
        # The name of a file may hold bytes that are no text; the build goes on with it.
        data = html.encode("utf-8", "surrogatepass")
        start = self._spool.tell()
        self._spool.write(data)
        digest = hashlib.blake2b(data, digest_size=16).digest()
        place = start, start + len(data)
        words = set(html.split())
        self._common.update(words & self._common.keys())
        self._sources.append(_Source(day, url, len(words), digest, place))

    def know(self, names: Iterable[str]) -> None:
        """Take in the words of titles, ids and tags: one of them may be meant by a misspelt one."""
        self._words.update(word for name in names for word in set(_WORD.findall(name.lower())))

    @property
    def build(self) -> str:
        """A hash of all that is in the index: pages and index that bear the same belong together.

        Two builds of the same content have the same.
        """
        if self.known_as:
            return self.known_as
        whole = hashlib.blake2b(digest_size=8)
        for source in sorted(self._sources, key=lambda s: s.url):
            whole.update(source.url.encode() + b"\0" + source.digest)
        whole.update(json.dumps([self.language, self.labels], sort_keys=True).encode())
        return whole.hexdigest()

    def make(self) -> None:
        """Make the indexes, a shard after the other; Pagefind runs over those that have changed."""
        out = self._home / "out"
        with closing(Kept(self.cache, "search", secret_of_user())) as kept:
            self._make_all(out, kept)
            kept.close(KIND)

    def _make_all(self, out: Path, kept: Kept) -> None:
        groups = self._groups()
        for number, group in enumerate(self.progress("Making parts of the search index", groups)):
            name = "" if number == 0 else f"part-{number + 1}"
            key = self._key_of(group)
            if not _is_put(kept.read(KIND, key), out / name):
                self._make_shard(group, out / name)
                kept.write(KIND, key, _data_in(out / name))
            # The program is beside the first index alone, which loads the others.
            elif not name:
                self._put_program(out)
            for pattern in (*_NEVER_ASKED_FOR, *(_ONLY_OF_THE_FIRST if name else ())):
                for file in (out / name).glob(pattern):
                    file.unlink()
            if name:
                self._shards.append(name)

    def _key_of(self, group: Iterable[_Source]) -> bytes:
        """What stands for a shard: its pages, and what makes it."""
        return key_for(self._made_by, (part for one in group for part in (one.url, one.digest)))

    @cached_property
    def _made_by(self) -> bytes:
        """What stands for the program, however its file is called, and for what it is asked."""
        # Without the folders, which differ from build to build; what else Pagefind is asked for is
        # in the key.
        words = "\0".join(self._words_for(Path(), Path())).encode()
        with self.executable.open("rb") as program:
            return hashlib.file_digest(program, "sha256").digest() + stamp_of("search") + words

    def _make_shard(self, group: Iterable[_Source], out: Path) -> None:
        site = self._home / "shard"
        for source in group:
            start, end = source.place
            self._spool.seek(start)
            file = site / _file_name(source.url)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(self._spool.read(end - start))
        self._run(site, out)
        number_files(out)
        shutil.rmtree(site)

    def _put_program(self, out: Path) -> None:
        """Put Pagefind's own scripts beside a kept index: they are made anew, and never kept."""
        # Others may write into a cache, and a script out of it would run in every reader's browser.
        site, made = self._home / "empty", self._home / "program"
        site.mkdir()
        (site / "index.html").write_text(_A_PAGE, encoding="utf-8")
        self._run(site, made)
        for pattern in _ONLY_OF_THE_FIRST:
            for file in made.glob(pattern):
                shutil.move(file, out / file.name)
        shutil.rmtree(site)
        shutil.rmtree(made)

    def put(self, site: Path) -> None:
        """Put the whole index into the site in the place of another, its marker last."""
        to = site / FOLDER
        # A browser must not meet pieces of two indexes: the old one goes first, and the marker it
        # reads comes last.
        shutil.rmtree(to, ignore_errors=True)
        # Links cost nothing, and the index stays for the next build of `mkdocs serve`.
        shutil.copytree(self._home / "out", to, copy_function=_link)
        words = " ".join(
            sorted(self._words, key=lambda word: (-self._words[word], word))[:MOST_WORDS]
        )
        (to / WORDS).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        (to / MARKER).write_text(json.dumps(self.marker, ensure_ascii=False), encoding="utf-8")

    @property
    def marker(self) -> dict[str, Any]:
        """What the page reads first: the build, how many records, and how to search them."""
        return {
            "build": self.build,
            "pages": len(self._sources),
            "shards": self._shards,
            "language": self.language,
            "extended": is_extended(self.executable),
            "ranking": RANKING,
            "labels": self.labels,
            "nearest": self.nearest,
            "form": self.form,
            "called": " ".join(sorted(self.called)),
            "names": {
                "number": NUMBER_FORM.replace("L", r"\p{L}"),
                "begins": SIGN_BEGINS,
                "letters": SIGN_LETTERS,
                "length": SIGN_LENGTH,
            },
            "common": " ".join(sorted(self._common_words())),
            "spellings": [*SPELLING_RULES] if self.language.split("-")[0] == "en" else [],
        }

    def _common_words(self) -> Iterator[str]:
        """The common words that stand in nearly every page of a large index."""
        least = max(COMMON_PAGES, COMMON_SHARE * len(self._sources))
        return (word for word, pages in self._common.items() if pages >= least)

    def close(self) -> None:
        """Take all that was made away, but for what was put into a site."""
        self._spool.close()
        shutil.rmtree(self._home, ignore_errors=True)

    def _groups(self) -> list[list[_Source]]:
        """The pages in groups of bounded size, the newest first.

        A group holds whole years, counted from the oldest, as far as they fit: so a new record or a
        longer text changes one group, and rarely where another begins.
        """
        undated = date.max  # roles and pages have no day, and are in the first group
        # By address first, so that two builds of the same content have the same shards.
        ordered = sorted(self._sources, key=lambda s: s.url)
        ordered.sort(key=lambda s: s.day or undated, reverse=True)
        years: list[list[_Source]] = []
        for _, of_year in groupby(reversed(ordered), lambda s: (s.day or undated).year):
            years += _parted(list(of_year), self.shard_words)
        groups: list[list[_Source]] = []
        filled = 0
        for year in years:
            words = sum(source.words for source in year)
            if not groups or filled + words > self.shard_words:
                groups.append([])
                filled = 0
            groups[-1] += year
            filled += words
        return [group[::-1] for group in reversed(groups)] or [[]]

    def _words_for(self, pages: Path, out: Path) -> tuple[str, ...]:
        """What Pagefind is asked for."""
        return (
            *("--site", str(pages), "--output-path", str(out)),
            *("--force-language", self.language, "--exclude-selectors", ", ".join(LEFT_OUT)),
            *(() if self.folders else ("--keep-index-url",)),
            "--quiet",
        )

    def _run(self, pages: Path, out: Path) -> None:
        command = [str(self.executable), *self._words_for(pages, out)]
        # Pagefind reads its own settings from the folder it runs in and from the environment.
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PAGEFIND_")}
        environment["PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE"] = CHUNK_MENTIONS
        try:
            done = subprocess.run(
                command,
                cwd=self._home,
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
        if done.returncode != 0 or not (out / "pagefind-entry.json").is_file():
            said = (done.stderr or done.stdout).strip().splitlines()
            raise NoIndexError(
                f"Pagefind made no search index (exit code {done.returncode})"
                + (f": {said[-1]}" if said else "")
                + _advice(done.returncode)
            )


def _parted(sources: list[_Source], most: int) -> Iterator[list[_Source]]:
    """The same in lists that hold no more words, but for a source that alone holds more."""
    part: list[_Source] = []
    filled = 0
    for source in sources:
        if part and filled + source.words > most:
            yield part
            part, filled = [], 0
        part.append(source)
        filled += source.words
    if part:
        yield part


def _data_in(folder: Path) -> bytes:
    """The data of an index, by their paths in its folder."""
    files = sorted(file for file in folder.rglob("*") if file.suffix in _DATA and file.is_file())
    return msgspec.msgpack.encode(
        {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}
    )


def _is_put(data: bytes | None, folder: Path) -> bool:
    """Put kept data into a folder; False where there are none."""
    if data is None:
        return False
    try:
        files = msgspec.msgpack.decode(data, type=dict[str, bytes])
    except msgspec.MsgspecError:
        return False
    for path, held in files.items():
        file = place(folder, path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(held)
    return bool(files)


def _advice(code: int) -> str:
    # Killed by the system; a shell adds 128 to the signal's number.
    if code in (-9, 137):
        return "; it was killed, maybe for lack of memory: it takes about 1 GB"
    return "; to build without a search, write `search: false` below `extra: onrecord:`"


def _file_name(url: str) -> str:
    """The file of whose path Pagefind makes `url`: the path, and index.html for a folder.

    Quoted are only the signs that would end or change an address, as a name has its length.
    """
    path = unquote(url).lstrip("./")
    for sign in "%#?":
        path = path.replace(sign, f"%{ord(sign):02X}")
    return f"{path}index.html" if not path or path.endswith("/") else path


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another disk, or one without links
        shutil.copyfile(source, target)
    with contextlib.suppress(OSError):
        os.utime(target)
