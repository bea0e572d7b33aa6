"""Which record here an old text has become, and whether either has changed since.

In come texts and the decisions of the knowledge base; out comes, for each text, the decision that
was made of it. A text is known by what it says and by where it was. A path alone isn't enough: two
teams may both have a `docs/adr/0001-record-decisions.md`.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Container, Iterable
from enum import StrEnum
from pathlib import Path

from onrecord.migration.importing.reading.source import SourceText
from onrecord.migration.importing.reading.titles import title_of
from onrecord.records.disk import read_file
from onrecord.records.languages import folded
from onrecord.records.model import Decision

_LINE = re.compile(
    rb"^(  digest: [0-9a-f]{16}-[0-9a-f]{16})(?:-[0-9a-f]{16})?(\r?\n)", re.MULTILINE
)
_ENOUGH = 0.5
"""The share of lines in common from which a text at a known path is the record of that path."""
_LONG = 30
"""Characters of a line that is a text's own, and not of its form."""


class SinceImport(StrEnum):
    """What happened since the import."""

    NOTHING = "unchanged"
    SOURCE = "changed at the source"
    BOTH = "changed here and at the source"


class Identity:
    """Finds the decision that a text became, by its words or by its path.

    `is_own` is true for texts that are in this knowledge base.
    """

    def __init__(self, decisions: Iterable[Decision], *, is_own: bool) -> None:
        self._is_own = is_own
        self._by_words: defaultdict[str, list[Decision]] = defaultdict(list)
        self._by_source: defaultdict[str, list[Decision]] = defaultdict(list)
        self._by_title: defaultdict[str, list[Decision]] = defaultdict(list)
        for decision in decisions:
            if decision.imported is not None:
                self._by_source[decision.imported.source].append(decision)
                self._by_title[folded(decision.title)].append(decision)
                for words in {_words_here(decision), _words_then(decision)} - {""}:
                    self._by_words[words].append(decision)

    def of(self, text: SourceText, source: str, taken: Container[str]) -> Decision | None:
        """The decision that was made of this text, or of an older state of it.

        `taken` are the paths of those that other texts were found to be. A path of this knowledge
        base is enough; of another folder, whose name two teams may have, the words must agree.
        """
        at_path = [d for d in self._by_source.get(source, []) if d.path not in taken]
        words = words_digest(text)
        same = [d for d in self._by_words.get(words, []) if d.path not in taken]
        here = {decision.path for decision in at_path}
        # The surest first: its words at its place, its words elsewhere, then its place alone.
        both = [d for d in same if d.path in here]
        best = both or same or [d for d in at_path if self._is_own or _is_alike(d, text)]
        return best[0] if best else None

    def moved(
        self, text: SourceText, origin: str, here: Container[str], taken: Container[str]
    ) -> Decision | None:
        """The decision of a text that was moved within its folder, and changed as well.

        `here` are the paths of all texts of this run: what is still there hasn't been moved.
        """
        title = title_of(text)
        found = [
            decision
            for decision in (self._by_title.get(folded(title.words), []) if title else [])
            if decision.path not in taken
            and (source := decision.imported.source if decision.imported else "") not in here
            and source.startswith(f"{origin}/")
            and _shares_lines(decision, text)
        ]
        return found[0] if len(found) == 1 else None

    def is_taken(self, source: str) -> bool:
        """True for a path that another record came from."""
        return source in self._by_source


def change_of(decision: Decision, text: SourceText, root: Path) -> SinceImport:
    """What happened to a text and to the record that was made of it.

    A record without a digest was imported by an older release: nobody can tell who changed it.
    """
    digest = decision.imported.digest if decision.imported else ""
    # Somebody may have changed both sides in the same way; there is nothing to bring.
    if words_digest(text) in (_words_then(decision), _words_here(decision)):
        return SinceImport.NOTHING
    try:
        untouched = bool(digest) and is_untouched(read_file(root / decision.path), digest)
    except OSError:
        untouched = False
    return SinceImport.SOURCE if untouched else SinceImport.BOTH


def words_digest(text: SourceText) -> str:
    """The digest of all that an old text says."""
    body = text.body.decode()
    return _digest_of_words(text.beside or text.front, body)


def with_digest(data: bytes, words: str, beside: str = "") -> bytes:
    """A drafted file with its digests: of the old text, of the file without this line, and of
    the files beside it, where there are any.
    """
    end = b"\r\n" if b"\r\n" in data.partition(b"\n---")[0] else b"\n"
    digests = "-".join(filter(None, (words, digest_of(data), beside)))
    line = b"  digest: " + digests.encode() + end
    return re.sub(
        rb"^  format: [^\r\n]*\r?\n", lambda found: found[0] + line, data, count=1, flags=re.M
    )


def with_beside(data: bytes, beside: str) -> bytes:
    """A file with a new digest of what is beside it. All else in it stays."""
    return _LINE.sub(rb"\g<1>-" + beside.encode() + rb"\g<2>", data, count=1)


def is_untouched(data: bytes, digest: str) -> bool:
    """True for a file as an import wrote it. Line ends don't count: git may change them."""
    return digest_of(_LINE.sub(b"", data, count=1)) == digest.partition("-")[2].partition("-")[0]


def _words_here(decision: Decision) -> str:
    front = decision.imported.front_matter if decision.imported else ""
    return _digest_of_words(front, decision.body.text)


def _words_then(decision: Decision) -> str:
    return decision.imported.digest.partition("-")[0] if decision.imported else ""


def _digest_of_words(front: str, body: str) -> str:
    plain = body.replace("\r\n", "\n").strip()
    return digest_of(f"{front.removesuffix(chr(10))}\0{plain}".encode())


def digest_of(data: bytes) -> str:
    """Sixteen signs by which bytes are known; line ends don't count."""
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()[:16]


def _is_alike(decision: Decision, text: SourceText) -> bool:
    title = title_of(text)
    if title is not None and folded(title.words) == folded(decision.title):
        return True
    return _shares_lines(decision, text)


def _shares_lines(decision: Decision, text: SourceText) -> bool:
    ours, theirs = _long_lines(decision.body.text), _long_lines(text.body.decode())
    # Of the shorter one: a text that grew keeps its lines, and few of the longer one's are old.
    return len(ours & theirs) >= _ENOUGH * max(1, min(len(ours), len(theirs)))


def _long_lines(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines() if len(line.strip()) > _LONG}
