"""Cards: what `onrecord before` must know of each decision, kept between runs.

Reading ten thousand decisions takes seconds; asking the disk which of them changed takes a
moment. In comes the root of a knowledge base; out come decisions without their text, each made
when it is asked for, what became of them, and their documents for the engine, whose text is
fetched when it is shown. A card is believed only while path, size and times of its file are those
it was made from, by the same version of this code; the cache may be deleted, damaged or read-only
at any time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord import __version__
from onrecord.precedents.engine import Corpus, Document, DocumentLink, Store
from onrecord.precedents.spoken import spoken
from onrecord.records.disk import is_link, read_file, signature_of, walk
from onrecord.records.library import Library
from onrecord.records.model import Decision, Expectation, Precedent
from onrecord.records.vocabulary import (
    DECISIONS_FOLDER,
    FORGE_PAGES,
    Outcome,
    Stage,
    Status,
    Verdict,
)
from onrecord.text.progress import Progress, silent

FORMAT = f"cards 7, onrecord {__version__}"
"""Raise the number whenever a card holds something else, or the vocabulary it is written in."""
NAME = "cards"
"""Of the file in the cache."""

_STATUSES = tuple(Status)
_UNREADABLE = b"null"


@dataclass(frozen=True, slots=True)
class Card:
    """A decision without its text; what its text links to; and what stands for its text."""

    decision: Decision
    targets: tuple[str, ...]
    digest: str


@dataclass(frozen=True)
class _Table:
    """All cards as they are kept: a row for each file, by path; then what follows from all."""

    paths: tuple[str, ...]
    signatures: NDArray[np.int64]
    """Size, times and number of each file, by which a change is noticed."""
    rows: tuple[bytes, ...]
    """A card each, as JSON."""
    in_time: NDArray[np.int32]
    """The row of each decision in time order; of two with one id, only the first by path."""
    statuses: NDArray[np.uint8]
    """What became of each of these: a place among `Status`."""
    ids: tuple[str, ...]
    """The id of each of these."""


class Cards:
    """The cards of a knowledge base. Costs next to nothing until one is asked for."""

    def __init__(self, root: Path, table: _Table) -> None:
        self._root = root
        self._table = table
        self._made: dict[int, Card] = {}

    def __iter__(self) -> Iterator[Card]:
        """Every card, by path."""
        rows = self._table.rows
        return (self._card(row) for row in range(len(rows)) if rows[row] != _UNREADABLE)

    @cached_property
    def decision(self) -> Mapping[str, Decision]:
        """Decisions without their texts by id; of two with one id, the first by path."""
        return _Later(self._number, lambda number: self._at(number).decision)

    @cached_property
    def status(self) -> Mapping[str, Status]:
        """What became of each decision, by id."""
        return _Later(self._number, lambda number: _STATUSES[self._table.statuses[number]])

    def is_twice(self, id: str) -> bool:
        """True where several files have one id."""
        return sum(path.endswith(f"/{id}.md") for path in self._table.paths) > 1

    @property
    def answered_by(self) -> Mapping[str, tuple[tuple[str, Precedent], ...]]:
        """The later decisions that answered each, with their answers."""
        from onrecord.lifecycle.relations import answered_by

        return answered_by(self.decision)

    @cached_property
    def corpus(self) -> Corpus:
        """The engine's documents; a text is read from disk when it is asked for."""
        table = self._table
        ids = {table.paths[row]: id for row, id in zip(table.in_time, table.ids, strict=True)}

        def document(number: int) -> Document:
            card = self._at(number)
            return document_of(
                card.decision, ids, card.targets, _fetch(self._root, card.decision), card.digest
            )

        return Corpus(table.ids, document, _state(table))

    @cached_property
    def _number(self) -> Mapping[str, int]:
        by_path = np.argsort(self._table.in_time).tolist()
        return {self._table.ids[number]: number for number in by_path}

    def _at(self, number: int) -> Card:
        return self._card(int(self._table.in_time[number]))

    def _card(self, row: int) -> Card:
        if row not in self._made:
            self._made[row] = _card(self._table.paths[row], self._table.rows[row])
        return self._made[row]


class _Later(Mapping[str, Any]):
    """Values by id, each made when it is asked for."""

    def __init__(self, numbers: Mapping[str, int], make: Callable[[int], Any]) -> None:
        self._numbers = numbers
        self._make = make

    def __getitem__(self, id: str) -> Any:
        return self._make(self._numbers[id])

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


def cards_of(root: Path, cache: Path | None, progress: Progress = silent) -> Cards:
    """The card of every decision; made anew for the files that changed."""
    store = Store(cache)
    paths, signatures = _files(root / DECISIONS_FOLDER)
    kept = _read(store)
    if kept and kept.paths == paths and np.array_equal(kept.signatures, signatures):
        return Cards(root, kept)
    known: dict[str, int] = {} if kept is None else {p: row for row, p in enumerate(kept.paths)}
    rows: list[bytes] = []
    for number in progress("Reading decisions", range(len(paths))):
        path, signature = paths[number], signatures[number]
        row = known.get(path, -1)
        if kept is not None and row >= 0 and np.array_equal(kept.signatures[row], signature):
            rows.append(kept.rows[row])
        else:
            rows.append(_row(root, path))
    table = _table(paths, signatures, rows)
    # A folder without decisions makes no cache, unless there is one to be emptied.
    if paths or kept is not None:
        _write(store, table)
    return Cards(root, table)


def document_of(
    decision: Decision,
    ids: Mapping[str, str],
    targets: tuple[str, ...],
    text: str | Callable[[], str],
    digest: str,
) -> Document:
    """A decision as the engine needs it. `ids` are the decisions' by path."""
    links = [DocumentLink(one, "supersedes") for one in decision.supersedes]
    links += [DocumentLink(one, "related") for one in decision.related]
    links += [DocumentLink(one.record, "precedent") for one in decision.precedents]
    links += [DocumentLink(ids[path], "cited") for path in targets if path in ids]
    return Document(
        id=decision.id,
        title=decision.title,
        text=text,
        order=_order(decision),
        tags=decision.tags,
        people=(decision.owner,) if decision.owner else (),
        links=tuple(links),
        digest=digest,
        asked=decision.asked,
    )


def _order(decision: Decision) -> str:
    """The day by which a decision is earlier or later, as text that sorts; '' when unknown."""
    return decision.earliest.isoformat() if decision.earliest else ""


def digest_of(decision: Decision, said: str) -> str:
    """What stands for a decision's title, for how it is asked for and for what its text says."""
    text = "\0".join((decision.title, *decision.asked, said))
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=16).hexdigest()


def targets_of(decision: Decision) -> tuple[str, ...]:
    """The paths in the repository that a decision's text links to, each once."""
    return tuple(dict.fromkeys(decision.target_of(link) for link in decision.body.links))


def with_text(root: Path, decision: Decision) -> Decision:
    """The same decision as its file says it whole."""
    read = _read_file(root, decision.path)
    return decision if read is None else read


# What the disk says.


def _files(folder: Path) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Every decision's file by path, with the signature by which a change is noticed."""
    found: list[tuple[str, int, int, int, int]] = []
    # A link is left to `onrecord check`.
    for path, entry in () if is_link(folder) else walk(folder):
        name = entry.name
        if not name.endswith(".md") or name in FORGE_PAGES:
            continue
        try:
            if entry.is_file(follow_symlinks=False):
                found.append((f"{DECISIONS_FOLDER}/{path}", *signature_of(entry)))
        except OSError:
            continue  # gone in between
    found.sort(key=itemgetter(0))  # as plain strings, which sort faster than tuples
    # An inode's number may need all 64 bits; it is only compared, so it may turn negative.
    signatures = np.array([each[1:] for each in found], dtype=np.uint64).astype(np.int64)
    return tuple(each[0] for each in found), signatures.reshape(-1, 4)


def _state(table: _Table) -> str:
    """What stands for all that the engine is told of the decisions."""
    digest = hashlib.blake2b(FORMAT.encode(), digest_size=16)
    digest.update(_joined(table.paths))
    digest.update(b"".join(table.rows))
    return digest.hexdigest()


def _fetch(root: Path, decision: Decision) -> Callable[[], str]:
    def text() -> str:
        # Loaded when a text is shown: see `_read_file`.
        from onrecord.records.reading.frontmatter import decoded, split

        try:
            data = read_file(root / decision.path)
        except OSError:
            return ""
        return spoken(split(decision.path, decoded(decision.path, data)[0]).body)

    return text


# Making cards.


def _read_file(root: Path, path: str) -> Decision | None:
    # Loaded when a file has changed: all that reads takes as long to load as a question to answer.
    from onrecord.records.reading.frontmatter import decoded
    from onrecord.records.reading.records import decision_of
    from onrecord.records.reading.replies import has_record, is_reply

    try:
        data = read_file(root / path)
    except OSError:
        return None
    text = decoded(path, data)[0]
    # What people say of a decision is evidence of nothing: a reply has no card.
    return None if is_reply(path, text, has_record(root / path)) else decision_of(path, text)[0]


def _row(root: Path, path: str) -> bytes:
    d = _read_file(root, path)
    if d is None:
        return _UNREADABLE
    targets = [t for t in targets_of(d) if t.startswith(f"{DECISIONS_FOLDER}/")]
    entry = {
        "id": d.id,
        "title": d.title,
        "stage": d.stage,
        "owner": d.owner,
        "owner_is_person": d.owner_is_person,
        "asked": d.asked,
        "consulted": d.consulted,
        "informed": d.informed,
        "entered": [[stage, day.isoformat()] for stage, day in d.entered],
        "outcome": d.outcome,
        "decided": d.decided.isoformat() if d.decided else None,
        "supersedes": d.supersedes,
        "related": d.related,
        "precedents": [[p.record, p.verdict, p.why] for p in d.precedents],
        "expects": [
            [one.metric, one.at_least, one.at_most, one.by.isoformat() if one.by else None]
            for one in d.expects
        ],
        "tags": d.tags,
        "targets": targets,
        "digest": digest_of(d, spoken(d.body.text)),
    }
    return json.dumps(entry, separators=(",", ":")).encode()


def _card(path: str, row: bytes) -> Card:
    entry = json.loads(row)
    decision = Decision(
        id=entry["id"],
        path=path,
        title=entry["title"],
        stage=Stage(entry["stage"]) if entry["stage"] else None,
        owner=entry["owner"],
        owner_is_person=entry["owner_is_person"],
        asked=tuple(entry["asked"]),
        consulted=tuple(entry["consulted"]),
        informed=tuple(entry["informed"]),
        entered=tuple((Stage(s), date.fromisoformat(day)) for s, day in entry["entered"]),
        outcome=Outcome(entry["outcome"]) if entry["outcome"] else None,
        decided=date.fromisoformat(entry["decided"]) if entry["decided"] else None,
        supersedes=tuple(entry["supersedes"]),
        related=tuple(entry["related"]),
        precedents=tuple(
            Precedent(record, Verdict(verdict) if verdict else None, why)
            for record, verdict, why in entry["precedents"]
        ),
        expects=tuple(
            Expectation(metric, least, most, date.fromisoformat(by) if by else None)
            for metric, least, most, by in entry["expects"]
        ),
        tags=tuple(entry["tags"]),
    )
    return Card(decision, tuple(entry["targets"]), entry["digest"])


def _table(paths: tuple[str, ...], signatures: NDArray[np.int64], rows: Sequence[bytes]) -> _Table:
    from onrecord.lifecycle.relations import status_of, successors

    first: dict[str, tuple[str, int, Decision]] = {}
    for number, (path, row) in enumerate(zip(paths, rows, strict=True)):
        if row != _UNREADABLE:
            decision = _card(path, row).decision
            # Paths are sorted, so of two with one id the first by path stays, as in a library.
            first.setdefault(decision.id, (_order(decision), number, decision))
    later = successors(Library(decisions=tuple(decision for *_, decision in first.values())))
    ids = sorted(first, key=lambda id: (first[id][0], id))
    return _Table(
        paths,
        signatures,
        tuple(rows),
        np.array([first[id][1] for id in ids], dtype=np.int32),
        np.array([_STATUSES.index(status_of(first[id][2], later)) for id in ids], dtype=np.uint8),
        tuple(ids),
    )


# What is kept.


def _read(store: Store) -> _Table | None:
    arrays = store.read(NAME, FORMAT)
    if arrays is None:
        return None
    try:
        rows, ends = arrays["rows"].tobytes(), arrays["ends"].tolist()
        return _Table(
            _parted(arrays["paths"]),
            arrays["signatures"],
            tuple(rows[low:high] for low, high in zip([0, *ends], ends, strict=False)),
            arrays["in_time"],
            arrays["statuses"],
            _parted(arrays["ids"]),
        )
    except (KeyError, ValueError):
        return None


def _write(store: Store, table: _Table) -> None:
    store.write(
        NAME,
        FORMAT,
        {
            "paths": np.frombuffer(_joined(table.paths), dtype=np.uint8),
            "signatures": table.signatures,
            "rows": np.frombuffer(b"".join(table.rows), dtype=np.uint8),
            "ends": np.cumsum([len(row) for row in table.rows], dtype=np.int64),
            "in_time": table.in_time,
            "statuses": table.statuses,
            "ids": np.frombuffer(_joined(table.ids), dtype=np.uint8),
        },
    )


def _joined(names: Sequence[str]) -> bytes:
    """Names of files as bytes: whatever a disk may hold but the NUL that none can."""
    return "\0".join(names).encode("utf-8", "surrogatepass")


def _parted(raw: NDArray[np.uint8]) -> tuple[str, ...]:
    text = raw.tobytes().decode("utf-8", "surrogatepass")
    return tuple(text.split("\0")) if text else ()
