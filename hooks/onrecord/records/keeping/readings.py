"""What reading a file gave, kept until the file says something else.

In come a file's path, its bytes and how it is read; out come the record and its findings: those
that are kept, where path, bytes, way of reading and code are the same, else those made now.

A file that nobody touched since it was read isn't even opened, as the disk's times and numbers
tell. The record of such a file comes without its long text, which is fetched once it is asked for.
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import msgspec
import yaml

from onrecord.records.disk import Signature
from onrecord.records.findings import Finding
from onrecord.records.keeping.digests import is_settled
from onrecord.records.keeping.late import LateBody
from onrecord.records.keeping.stamp import key_for, stamp_of
from onrecord.records.keeping.store import Kept, as_plain
from onrecord.records.library import Known
from onrecord.records.model import Body, Decision, Handoff, Metric, Page, Record, Reply, Role

KIND, TABLE = "reading", "table"
_TYPES: tuple[type[Record], ...] = (Decision, Role, Handoff, Metric, Reply, Page)
_LATE = (Decision, Reply, Page)
"""Records whose texts most runs don't ask for. Duties and open loops are in those of the others."""


class Seen(NamedTuple):
    """A file as a run finds it: how it is to be read, its path, and what tells of changes."""

    way: str
    path: str
    signature: Signature


class _Row(NamedTuple):
    """What is kept of a file: when it was read, and its record without the long text.

    A file without a signature is opened all the same.
    """

    way: str
    signature: Signature | None
    key: bytes
    type: int
    card: msgspec.Raw


class Readings:
    """The readings of a knowledge base. `with` closes it; without a folder it keeps nothing.

    `base` names what is read, as several may be kept in one folder. `now` gives nanoseconds.
    """

    def __init__(
        self, folder: Path | None, base: str = "", now: Callable[[], int] = time.time_ns
    ) -> None:
        self._folder = folder
        self._base = base
        self._now = now
        self._kept = Kept(None, KIND)
        self._later: Kept | None = None
        self._decoders: list[Any] = [
            msgspec.msgpack.Decoder(tuple[one, list[Finding]])  # type: ignore[valid-type]
            for one in _TYPES
        ]
        self._encoder = msgspec.msgpack.Encoder(enc_hook=as_plain)
        self._known: dict[str, _Row] = {}
        self._rows: dict[str, _Row] = {}

    def __enter__(self) -> Readings:
        self._kept = Kept(self._folder, KIND)
        if self._folder is not None:
            self._stamp = stamp_of("records", "text", versions=(yaml.__version__,))
            self._begun = self._now()
            self._table = key_for(self._stamp, (self._base,))
            self._known = _rows_in(self._kept.read(TABLE, self._table) or b"")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        whole: tuple[str, ...] = ()
        if error is None and self._rows != self._known:
            self._kept.write(TABLE, self._table, self._encoder.encode(self._rows))
            self._kept.uses(KIND, (row.key for row in self._rows.values()))
            whole = (KIND, TABLE)
        self._kept.close(*whole)
        self._known = self._rows = {}

    def untouched(self, seen: Seen, again: Callable[[], Body]) -> tuple[Any, list[Finding]] | None:
        """The reading of a file that nobody touched since; None where that isn't known.

        `again` reads its text anew, should what is kept be gone once it is asked for.
        """
        row = self._known.get(seen.path)
        if row is None or row.signature != seen.signature or row.way != seen.way:
            return None
        return self._of_card(seen.path, row, again)

    def of(
        self,
        seen: Seen,
        data: bytes,
        read: Callable[[], tuple[Known, list[Finding]]],
        again: Callable[[], Body],
    ) -> tuple[Known, list[Finding]]:
        """The record of a file that holds `data`, and its findings; `read` makes them."""
        if self._folder is None:
            return read()
        key = key_for(self._stamp, (seen.way, seen.path, data))
        signature = seen.signature if is_settled(seen.signature, self._begun) else None
        row = self._known.get(seen.path)
        if row is not None and row.key == key:
            row = row._replace(signature=signature)
            if (known := self._of_card(seen.path, row, again)) is not None:
                return known
        kept = self._fetched(self._kept, key)
        made: tuple[Known, list[Finding]] = read() if kept is None else kept
        number = _TYPES.index(type(made[0]))
        try:
            card = self._encoder.encode((_in_short(made[0]), made[1]))
            if kept is None:
                self._kept.write(KIND, key, bytes([number]) + self._encoder.encode(made))
        except (TypeError, ValueError):  # signs that no UTF-8 has
            return made
        self._rows[seen.path] = _Row(seen.way, signature, key, number, msgspec.Raw(card))
        return made

    def _of_card(
        self, path: str, row: _Row, again: Callable[[], Body]
    ) -> tuple[Any, list[Finding]] | None:
        try:
            record, findings = self._decoders[row.type].decode(row.card)
        except (msgspec.MsgspecError, IndexError, ValueError):
            return None
        if isinstance(record, _LATE):
            body = LateBody.of(record.body, partial(self._body, row.key, again))
            object.__setattr__(record, "body", body)  # nobody has seen it yet
        self._rows[path] = row
        return record, findings

    def _body(self, key: bytes, again: Callable[[], Body]) -> Body:
        if self._later is None:
            self._later = Kept(self._folder, KIND)
            weakref.finalize(self, self._later.close)
        found = self._fetched(self._later, key)
        return again() if found is None else found[0].body

    def _fetched(self, kept: Kept, key: bytes) -> tuple[Any, list[Finding]] | None:
        data = kept.read(KIND, key)
        if not data:
            return None
        try:
            found: tuple[Any, list[Finding]]
            found = self._decoders[data[0]].decode(memoryview(data)[1:])
            return found
        except (msgspec.MsgspecError, IndexError, ValueError):
            return None  # sealed by other code


def _in_short(record: Record) -> Record:
    """The record as its card holds it."""
    if not isinstance(record, _LATE):
        return record
    body = record.body
    short = Body(line=body.line, heading=body.heading, links=body.links)
    return replace(record, body=short)


def _rows_in(data: bytes) -> dict[str, _Row]:
    try:
        return msgspec.msgpack.decode(data, type=dict[str, _Row])
    except (msgspec.MsgspecError, ValueError):
        return {}
