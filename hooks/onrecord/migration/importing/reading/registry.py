"""Which record is meant by the words that name one: a link, a number, a name, a title.

In come all texts of a folder; out comes one of them, or why it can't be told which. Two records
with one number are two records: nobody is chosen.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from onrecord.migration.importing.reading.source import SourceText
from onrecord.migration.importing.reading.statuses import standing_of_folder
from onrecord.migration.importing.reading.titles import title_of, without_ids

_TARGET = re.compile(r"\]\(<?([^)\s>]+)")
_WORDS = re.compile(r"!?\[([^\[\]]*)\]")
_NUMBER = re.compile(
    r"(?:(?P<kind>[a-z]{1,8})[\s#_-]*|#)?0*(?P<number>\d{1,5})(?!\d)", re.IGNORECASE
)
_ANY_KIND = frozenset(
    ("", "adr", "adrs", "madr", "dr", "ad", "d", "dec", "decision", "record", "no", "nr", "number")
)
"""Words before a number that mean a record of whatever kind."""
_WIKI = re.compile(r"!?\[\[([^\[\]|#]*)(?:#[^\[\]|]*)?(?:\|[^\[\]]*)?\]\]")
_OF_STEM = re.compile(r"^(?:[a-z]{1,8}[-_ ]?)?0*(\d{1,5})(?:[^\d]|$)", re.IGNORECASE)


class Registry:
    """The texts of one folder, by all that names them."""

    def __init__(self, texts: Iterable[SourceText]) -> None:
        self._by_place: dict[str, SourceText] = {}
        self._by_name: defaultdict[str, list[SourceText]] = defaultdict(list)
        self._by_number: defaultdict[tuple[str, int], list[SourceText]] = defaultdict(list)
        self._by_title: defaultdict[str, list[SourceText]] = defaultdict(list)
        for text in texts:
            self._by_place[text.place] = text
            for name in {text.stem.casefold(), without_ids(text.stem).casefold()}:
                self._by_name[name].append(text)
            if (number := number_of(text.stem)) is not None:
                self._by_number[_series(text), number].append(text)
            title = title_of(text)
            if title is not None:
                self._by_title[title.words.casefold()].append(text)

    def meant(self, words: str, by: SourceText) -> tuple[SourceText | None, str]:
        """The record that some words of a text mean; else None, and why."""
        if (wiki := _WIKI.search(words)) is not None:
            words = wiki[1].strip()
            # In `[[…]]` a path has no ending.
            words = words if "/" not in words or words.endswith(".md") else f"{words}.md"
        target = _TARGET.search(words)
        label = _WORDS.search(words)
        address = target[1] if target else words.strip("<>") if "/" in words else ""
        if address or words.casefold().endswith(".md"):
            found = self._at(address or words, by)
            if found is not None:
                return found, ""
        named = label[1] if label else words
        for group in (
            self._by_name.get(named.strip().casefold(), []),
            self._numbered(named, by) if not address or not target else [],
            self._by_title.get(named.strip().casefold(), []),
        ):
            group = [text for text in group if text is not by]
            if len(group) == 1:
                return group[0], ""
            if group:
                # Not the next way of naming either: a weaker one may find one file, and the wrong
                # one.
                return None, f"{len(group)} files have that name"
        if target:  # a link that leads nowhere, whose words still have a number
            group = [text for text in self._numbered(named, by) if text is not by]
            if len(group) == 1:
                return group[0], ""
        return None, "no file in the folder has that name"

    def called(self, name: str, by: SourceText) -> SourceText | None:
        """The text of this name or path, as `[[name]]` means it; None where none or two have it."""
        if "/" in name and (found := self._at(f"{name.removesuffix('.md')}.md", by)) is not None:
            return found
        group = self._by_name.get(name.rpartition("/")[2].removesuffix(".md").casefold(), [])
        return group[0] if len(group) == 1 else None

    def _at(self, address: str, by: SourceText) -> SourceText | None:
        try:
            parts = urlsplit(address)
        except ValueError:  # `http://[`
            return None
        path = unquote(parts.path)
        name = posixpath.basename(path.rstrip("/"))
        if not parts.scheme and not path.startswith("/"):
            place = posixpath.normpath(posixpath.join(posixpath.dirname(by.place), path))
            # As site generators take a link: without its ending, or to a folder.
            for end in ("", ".md", "/README.md"):
                if (place + end) in self._by_place:
                    return self._by_place[place + end]
        if name:
            same = self._by_name.get(name.removesuffix(".md").casefold(), [])
            if len(same) == 1:
                return same[0]
        return None

    def _numbered(self, words: str, by: SourceText) -> list[SourceText]:
        found = _NUMBER.match(words.strip())
        if found is None:
            return []
        kind = found["kind"] or ""
        same = self._by_number.get((_series(by), int(found["number"])), [])
        return [text for text in same if _is_of_kind(text, kind.casefold(), int(found["number"]))]


def _is_of_kind(text: SourceText, kind: str, number: int) -> bool:
    """True where a text is called so: `JIRA-1` isn't the record 0001 of a folder of decisions.

    It is by its file's name, a folder's, or by its own words: `Proposal: SE-0001`.
    """
    if kind in _ANY_KIND:
        return True
    named = re.findall(r"[a-z]+", str(text.disk).casefold())
    if kind in named or f"{kind}s" in named:
        return True
    own = re.compile(rf"(?<![a-z]){kind}[\s#_-]*0*{number}(?!\d)", re.IGNORECASE)
    return bool(own.search(f"{text.front}\n{text.body.decode()}"))


def number_of(stem: str) -> int | None:
    """The number a file's name begins with; a day is none."""
    found = _OF_STEM.match(stem)
    return int(found[1]) if found else None


def _series(text: SourceText) -> str:
    """The folder in which numbers count."""
    folder = posixpath.dirname(text.place)
    if standing_of_folder(text.place, last=True) is not None:
        folder = posixpath.dirname(folder)
    return posixpath.dirname(folder) if text.names_folder else folder
