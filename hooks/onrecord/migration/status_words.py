"""What a team's own words of status mean: asked once, kept in a file, read by each later run.

In comes `import-words.yml` at the root of a knowledge base, or `WORD=STATUS` from the command
line; out comes where each word stands, by its folded form.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from onrecord.migration.importing.reading.statuses import OldStatus, key_of
from onrecord.records.disk import change_file, read_file
from onrecord.records.reading.frontmatter import decoded, entries_of

WORDS_FILE = "import-words.yml"

_HEAD = (
    "# What words of old records mean here, for `onrecord import` and `onrecord settle`.\n"
    f"# Each line: a word, and one of {', '.join(OldStatus)}.\n"
)


class WordsError(ValueError):
    """What is wrong with a mapping, with its line and the right form."""


def words_given(pairs: Iterable[str]) -> dict[str, OldStatus]:
    """The mapping that `WORD=STATUS` says. Raises WordsError."""
    return dict(_pair(*pair.rpartition("=")[::2], where=f"--status {pair!r}") for pair in pairs)


def words_in(root: Path) -> dict[str, OldStatus]:
    """The mapping of the file; empty where there is none. Raises WordsError."""
    try:
        text = decoded(WORDS_FILE, read_file(root / WORDS_FILE))[0]
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise WordsError(f"{WORDS_FILE} can't be read: {error.strerror or error}") from None
    entries, faults = entries_of(WORDS_FILE, text)
    if faults:
        raise WordsError(f"{WORDS_FILE}:{faults[0].line}: {faults[0].message}")
    return dict(
        _pair(name, getattr(entry.node, "value", ""), where=f"{WORDS_FILE}:{entry.place[0]}")
        for name, entry in entries.items()
    )


def keep_words(root: Path, given: Mapping[str, OldStatus]) -> None:
    """Add words to the file; those that are there stay as they are written. Raises OSError."""

    def added(old: bytes | None) -> bytes | None:
        there = words_in(root) if old is not None else {}
        new = {word: standing for word, standing in given.items() if there.get(word) != standing}
        if not new:
            return None
        kept = (old or _HEAD.encode()).rstrip(b"\n") + b"\n"
        return kept + "".join(f"{_quoted(w)}: {s}\n" for w, s in new.items()).encode()

    change_file(root, WORDS_FILE, added)


def _pair(word: object, standing: object, where: str) -> tuple[str, OldStatus]:
    key = key_of(str(word))
    if not key or standing not in list(OldStatus):
        raise WordsError(
            f"{where}: write a word and one of {', '.join(OldStatus)}, such as shipped=accepted"
        )
    return key, OldStatus(str(standing))


def _quoted(word: str) -> str:
    return json.dumps(word, ensure_ascii=False)
