"""What reading a file gave, kept until the file says something else.

In come a file's path, its text and how it is read; out come the record and its findings: those
that are kept, where path, text, way of reading and code are the same, else those made now.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec
import yaml

from onrecord.records.findings import Finding
from onrecord.records.keeping.stamp import key_for, stamp_of
from onrecord.records.keeping.store import Kept
from onrecord.records.library import Known
from onrecord.records.model import Decision, Handoff, Metric, Page, Record, Reply, Role

KIND = "reading"
_TYPES: tuple[type[Record], ...] = (Decision, Role, Handoff, Metric, Reply, Page)


class Readings:
    """The readings of a knowledge base. `with` closes it; without a folder it keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._kept = Kept(None, KIND)
        self._decoders: list[Any] = [
            msgspec.msgpack.Decoder(tuple[one, list[Finding]])  # type: ignore[valid-type]
            for one in _TYPES
        ]
        self._encoder = msgspec.msgpack.Encoder(enc_hook=_plain)

    def __enter__(self) -> Readings:
        self._kept = Kept(self._folder, KIND)
        if self._folder is not None:
            self._stamp = stamp_of("records", "text", versions=(yaml.__version__,))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._kept.close(*([KIND] if error is None else []))

    def of(
        self, way: str, path: str, text: str, read: Callable[[], tuple[Known, list[Finding]]]
    ) -> tuple[Known, list[Finding]]:
        """The record of a text and its findings; `read` makes them. `way` names how it reads."""
        if self._folder is None:
            return read()
        key = key_for(self._stamp, (way, path, text))
        data = self._kept.read(KIND, key)
        if data:
            try:
                found: tuple[Known, list[Finding]]
                found = self._decoders[data[0]].decode(memoryview(data)[1:])
                return found
            except (msgspec.MsgspecError, IndexError, ValueError):
                pass  # sealed by other code
        made = read()
        try:
            encoded = self._encoder.encode(made)
        except (TypeError, ValueError):  # signs that no UTF-8 has
            return made
        self._kept.write(KIND, key, bytes([_TYPES.index(type(made[0]))]) + encoded)
        return made


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} can't be kept")
