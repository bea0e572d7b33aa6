"""The search index of a site: slim HTML, taken in page by page, made into an index by Pagefind.

In comes one text of HTML for each page; out comes a folder for the site. Pagefind needs memory and
time for each word of each page that it is given. So it is given pages in small pieces, one after
the other, and what it makes of each is kept from build to build and joined to one index: an edit
costs one piece, and the same pages always give the same index.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from os import SEEK_END
from pathlib import Path
from typing import Any

import msgspec

from onrecord.records.keeping import Kept, decoded, key_for, secret_of_user, stamp_of
from onrecord.search.cbor import UnknownFormError
from onrecord.search.joining import Joined, packed
from onrecord.search.names import NUMBER_FORM, SIGN_BEGINS, SIGN_LENGTH, SIGN_LETTERS
from onrecord.search.pagefind import ENTRY, NoIndexError, Pagefind, is_extended
from onrecord.search.pieces import Piece, piece_of
from onrecord.text.common_words import common_words
from onrecord.text.corrections import words_of_names
from onrecord.text.progress import Progress, silent
from onrecord.text.spellings import SPELLING_RULES

FOLDER = "pagefind"
MARKER = "build.json"
PIECE_BYTES = 1_200_000
"""Bytes of slim HTML that a piece has at most on average: some 30 long records, and a third of a
second of Pagefind's. Smaller pieces take longer to join than they save."""

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

WORDS = "words.json"
"""The words of titles, the most frequent first: fetched once a word is typed that no page has."""

COMMON_SHARE, COMMON_PAGES = 0.9, 1000
"""A common word of the language that stands in this share of all pages, and in so many, isn't
searched for: it tells none from another, and “the” is .6 MB of places in 10,000 records."""

PIECE, CHUNK = "piece", "chunk"
"""What is kept: pieces, and words that share a file, compressed."""


Digested = tuple[bytes, int]
"""What stands for a text, and its number of bytes."""


@dataclass(frozen=True, slots=True)
class TextLater:
    """A text that is asked for only where the piece with it must be made."""

    digested: Digested
    text: Callable[[], str]


@dataclass(slots=True)
class _Source:
    url: str
    digest: bytes
    size: int
    start: int | None = None
    """Where its text begins in the spool; None for one that isn't there."""
    text: Callable[[], str] | None = None


@dataclass(frozen=True, slots=True)
class _Group:
    """The pages of a piece, and what was kept of it."""

    sources: Sequence[_Source]
    key: bytes
    found: bytes | None


_OTHER_FORM = (
    "this Pagefind writes files of another form than before; delete OnRecord's cache, and build "
    "again"
)


@dataclass
class SearchIndex:
    """The index of one build: `add` each page, then `make` it, then `put` it into the site."""

    executable: Path
    language: str
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    folders: bool = True  # a page is `name/`, not `name/index.html`
    piece_bytes: int = field(default_factory=lambda: PIECE_BYTES)
    called: set[str] = field(default_factory=set)
    """The keys of what people and roles are called."""

    nearest: bool = False
    """Whether the site has the index of the nearest decisions, too."""
    form: str = ""
    """The address of the form that begins a decision, from the site's root; '' without forms."""

    cache: Path | None = None
    """The folder in which pieces are kept from build to build, if they are."""
    progress: Progress = silent
    """Is told how many pieces are made."""

    def __post_init__(self) -> None:
        self._names: list[str] = []
        self._common: list[str] = []
        self._files: dict[str, bytes] = {}
        self._home = Path(tempfile.mkdtemp(prefix="onrecord-search-"))
        self._spool = (self._home / "spool").open("w+b")
        self._sources: list[_Source] = []
        self._asked: list[_Group] = []
        self._kept = Kept(self.cache, "search", secret_of_user())
        self._pagefind = Pagefind(self.executable, self.language, self.folders, self._home)

    def add(self, url: str, html: str | TextLater) -> None:
        """Take a page in. `url` is from the root of the site, quoted.

        The text goes to a file at once, so that the memory of a build doesn't grow with it.
        """
        if isinstance(html, TextLater):
            self._sources.append(_Source(url, *html.digested, text=html.text))
            return
        source = _Source(url, *digested(html))
        self._sources.append(source)
        self._put_aside(source, html)

    def _put_aside(self, source: _Source, html: str) -> None:
        source.start = self._spool.seek(0, SEEK_END)
        self._spool.write(_bytes(html))

    def know(self, names: Iterable[str]) -> None:
        """Take in the words of titles, ids and tags: one of them may be meant by a misspelt one."""
        self._names += names

    @property
    def build(self) -> str:
        """A hash of all that is in the index: site and index that bear the same belong together.

        Two builds of the same content have the same.
        """
        return self._content.hex()

    @property
    def version(self) -> str:
        """What stands for Pagefind's program: under it a page asks for Pagefind's own script."""
        return hashlib.blake2b(self._pagefind.stamp, digest_size=4).hexdigest()

    @property
    def _content(self) -> bytes:
        whole = hashlib.blake2b(digest_size=8)
        for source in sorted(self._sources, key=lambda s: s.url):
            whole.update(source.url.encode() + b"\0" + source.digest)
        whole.update(json.dumps([self.language, self.labels], sort_keys=True).encode())
        return whole.digest()

    def fetch(self) -> None:
        """See which pieces are kept, and ask for the texts of all others: `make` asks nobody."""
        kept, self._asked = self._kept, []
        stamp = self._pagefind.stamp + stamp_of("search")
        for sources in self._groups():
            key = key_for(stamp, (part for one in sources for part in (one.url, one.digest)))
            found = kept.read(PIECE, key)
            self._asked.append(_Group(sources, key, found))
            for one in sources if found is None else ():
                if one.text is not None:
                    self._put_aside(one, one.text())

    def make(self) -> None:
        """Make the index; Pagefind runs over the pieces that have changed."""
        if not self._asked:
            self.fetch()
        with closing(self._kept) as kept:
            try:
                self._files = self._joined(self._pieces(kept), kept)
            except UnknownFormError:
                # Another release of Pagefind, which somebody named, may write other files. It makes
                # the whole index then.
                self._files = self._made_of(self._sources)
            kept.close(PIECE, CHUNK)

    def _pieces(self, kept: Kept) -> list[Piece]:
        pieces, self._asked = self._asked, []
        return [
            decoded(one.found, Piece) or self._made(one, kept)
            for one in self.progress("Making parts of the search index", pieces)
        ]

    def _made(self, group: _Group, kept: Kept) -> Piece:
        piece = piece_of(self._made_of(group.sources))
        kept.write(PIECE, group.key, msgspec.msgpack.encode(piece))
        return piece

    def _made_of(self, group: Iterable[_Source]) -> dict[str, bytes]:
        return self._pagefind.index((source.url, self._text(source)) for source in group)

    def _text(self, source: _Source) -> bytes:
        if source.start is None:
            raise NoIndexError(_OTHER_FORM)
        self._spool.seek(source.start)
        return self._spool.read(source.size)

    def _joined(self, pieces: list[Piece], kept: Kept) -> dict[str, bytes]:
        """The files of the one index."""
        stamp = zlib.ZLIB_RUNTIME_VERSION.encode()

        def pack(data: bytes, digest: bytes) -> bytes:
            key = key_for(stamp, (digest,))
            found = kept.read(CHUNK, key)
            if found is None:
                found = packed(data)
                kept.write(CHUNK, key, found)
            return found

        files = self._pagefind.scripts()
        entry = json.loads(files[ENTRY])
        ((language, listed),) = entry["languages"].items()
        joined = Joined(pieces, language, entry["version"], pack)
        self._common = self._common_words(joined)
        files.update(joined.files())
        listed |= {"hash": joined.hash, "page_count": joined.pages}
        files[ENTRY] = json.dumps(entry, separators=(",", ":")).encode()
        return files

    def put(self, put: Callable[[str, bytes], None]) -> None:
        """Put the whole index into a site by `put`, which takes paths: its marker comes last.

        A browser reads the marker first. Files that differ have names that differ, but for a few.
        """
        for path, data in sorted(self._files.items()):
            put(f"{FOLDER}/{path}", data)
        words = " ".join(words_of_names(self._names))
        for name, held in ((WORDS, words), (MARKER, self.marker)):
            put(f"{FOLDER}/{name}", json.dumps(held, ensure_ascii=False).encode())

    @property
    def marker(self) -> dict[str, Any]:
        """What the page reads first: the build, how many records, and how to search them."""
        return {
            "build": self.build,
            "pages": len(self._sources),
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
            "common": " ".join(self._common),
            "spellings": [*SPELLING_RULES] if self.language.split("-")[0] == "en" else [],
        }

    def _common_words(self, joined: Joined) -> list[str]:
        """The common words that stand in nearly every page of a large index."""
        least = max(COMMON_PAGES, COMMON_SHARE * joined.pages)
        words = common_words(self.language.split("-")[0])
        return sorted(word for word in {*words} if joined.pages_with(word) >= least)

    def close(self) -> None:
        """Take all that was made away, but for what was put into a site."""
        self._kept.close()
        self._spool.close()
        shutil.rmtree(self._home, ignore_errors=True)

    def _groups(self) -> list[list[_Source]]:
        """The pages in pieces, by their addresses alone: each stays where it is.

        One piece more takes its pages from one other, and leaves all others as they are.
        """
        number = 1 + sum(one.size for one in self._sources) // self.piece_bytes
        groups: list[list[_Source]] = [[] for _ in range(number)]
        for source in sorted(self._sources, key=lambda s: s.url):
            groups[place_of(source.url, number)].append(source)
        return [group for group in groups if group]


def digested(text: str) -> Digested:
    """What stands for a text."""
    data = _bytes(text)
    return hashlib.blake2b(data, digest_size=16).digest(), len(data)


def _bytes(text: str) -> bytes:
    # The name of a file may hold bytes that are no text; the build goes on with it.
    return text.encode("utf-8", "surrogatepass")


def place_of(url: str, number: int) -> int:
    """The place of a page among so many pieces (linear hashing)."""
    digest = hashlib.blake2b(url.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    bits = number.bit_length()
    place = int.from_bytes(digest, "big") % (1 << bits)
    return place if place < number else place - (1 << (bits - 1))
