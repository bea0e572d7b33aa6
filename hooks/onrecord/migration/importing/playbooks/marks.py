"""The comment in a role or a handoff that says where a text came from, and how both sides were.

In comes a text of ours; out come its comments. A later run learns from them whether it changed
at the source, and whether somebody edited it here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote, unquote

from onrecord.migration.importing.deciding.identity import SinceImport, digest_of, words_digest
from onrecord.migration.importing.reading.source import SourceText
from onrecord.migration.importing.report import FileOutcome

_MARK = re.compile(r"<!-- imported from ([^<>\n]+?)(?:, digest ([0-9a-f]{16})-([0-9a-f]{16}))? -->")


class OriginMark(NamedTuple):
    """Where a text came from; the digests of the source and of what was made of it, then.

    Both are '' in what an older release imported: nobody can tell who changed that.
    """

    source: str
    then: str
    made: str

    def change(self, text: SourceText, here: str | None) -> SinceImport:
        """What happened to the source and to the text here since; None for one that isn't found."""
        if not self.then or words_digest(text) == self.then:
            return SinceImport.NOTHING
        is_edited = here is None or _digest_of_words(here) != self.made
        return SinceImport.BOTH if is_edited else SinceImport.SOURCE


def mark_of(source: str, text: SourceText, made: str) -> str:
    """The comment for what was `made` of a text."""
    place = re.sub("[<>%]", lambda sign: quote(sign[0]), source)
    return f"<!-- imported from {place}, digest {words_digest(text)}-{_digest_of_words(made)} -->"


def marks_in(text: str) -> Mapping[str, OriginMark]:
    """The comments of a text by the source they name."""
    found = (OriginMark(unquote(m[1]), m[2] or "", m[3] or "") for m in _MARK.finditer(text))
    return {mark.source: mark for mark in found}


def line_of(lines: list[str], source: str) -> int | None:
    """The index of the line with the comment that names a source."""
    return next((at for at, line in enumerate(lines) if source in marks_in(line)), None)


def said_of(change: SinceImport) -> tuple[FileOutcome, str]:
    """What becomes of a text that is here, and why, where no update brings it."""
    if change is SinceImport.NOTHING:
        return FileOutcome.PRESENT, "imported before; it is left as it is"
    if change is SinceImport.SOURCE:
        return FileOutcome.PRESENT, f"imported before; {change}: --update brings it"
    why = "compare the two, and write here what is true"
    return FileOutcome.DIVERGED, f"imported before; {change}: {why}"


def _digest_of_words(text: str) -> str:
    """The digest of a text without its comments; line ends and empty lines don't count."""
    return digest_of(" ".join(_MARK.sub(" ", text).split()).encode())
