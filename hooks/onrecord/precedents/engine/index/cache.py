"""What is kept on disk between runs.

In and out: named numpy arrays under a file name and a stamp. A file is read only when its stamp,
its length and its checksum are right; otherwise it counts as absent, so that deleting, damaging or
sharing the folder only ever costs time. Nothing is unpickled. Where writing is not possible,
nothing happens.
"""

from __future__ import annotations

import contextlib
import json
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.precedents.engine.index.features import ENGINE_VERSION, Features
from onrecord.records.disk import put_file

Array = NDArray[Any]

_MAGIC = b"onrecord-precedents\n"
_TYPES = frozenset({"|u1", "<u2", "<u4", "<u8", "<i4", "<i8", "<f8"})
_SEGMENTS_AT_MOST = 8
_SUFFIX = ".cache"


@dataclass(frozen=True)
class Store:
    """A folder of checked array files; `None` as folder keeps nothing."""

    folder: Path | None

    def read(self, name: str, stamp: str) -> dict[str, Array] | None:
        """The arrays written under this name and stamp; None if there are none to trust."""
        if self.folder is None:
            return None
        try:
            raw = np.fromfile(self.folder / (name + _SUFFIX), dtype=np.uint8)
            return _unpack(raw, stamp)
        except (OSError, ValueError, KeyError, TypeError, RecursionError, MemoryError):
            return None

    def write(self, name: str, stamp: str, arrays: Mapping[str, Array]) -> None:
        """Keep the arrays; silently does without when the folder cannot be written."""
        if self.folder is None:
            return
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            put_file(self.folder / (name + _SUFFIX), list(_pack(arrays, stamp)))

    def names(self, prefix: str) -> list[str]:
        """Names of the files that start with a prefix, sorted."""
        if self.folder is None:
            return []
        try:
            found = sorted(path.name for path in self.folder.glob(f"{prefix}*{_SUFFIX}"))
        except OSError:
            return []
        return [name.removesuffix(_SUFFIX) for name in found]

    def size(self, name: str) -> int:
        """Bytes of a file; 0 for one that isn't there."""
        try:
            return (self.folder / (name + _SUFFIX)).stat().st_size if self.folder else 0
        except OSError:
            return 0

    def remove(self, names: Iterable[str]) -> None:
        """Delete files; those that cannot be deleted stay."""
        if self.folder is not None:
            for name in names:
                with contextlib.suppress(OSError):
                    (self.folder / (name + _SUFFIX)).unlink()


def _pack(arrays: Mapping[str, Array], stamp: str) -> Iterable[bytes | memoryview]:
    plain = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    checksum = 0
    described = []
    for name, array in plain.items():
        little = array.astype(array.dtype.newbyteorder("<"), copy=False)
        plain[name] = little
        checksum = zlib.crc32(little.reshape(-1).view(np.uint8).data, checksum)
        described.append([name, little.dtype.str, list(little.shape)])
    header = json.dumps({"stamp": stamp, "crc": checksum, "arrays": described}).encode()
    # The padding aligns the first array, and with it every later one that is as wide.
    header += b" " * (-(len(_MAGIC) + 8 + len(header)) % 64)
    yield _MAGIC + len(header).to_bytes(8, "little") + header
    for array in plain.values():
        if array.size:
            yield array.reshape(-1).view(np.uint8).data
        yield bytes(-array.nbytes % 64)


def _unpack(raw: NDArray[np.uint8], stamp: str) -> dict[str, Array] | None:
    start = len(_MAGIC) + 8
    if raw[: len(_MAGIC)].tobytes() != _MAGIC:
        return None
    size = int.from_bytes(raw[len(_MAGIC) : start].tobytes(), "little")
    if size > len(raw) - start:
        return None
    header = json.loads(raw[start : start + size].tobytes())
    if header["stamp"] != stamp:
        return None
    at, checksum, out = start + size, 0, {}
    for name, kind, shape in header["arrays"]:
        if kind not in _TYPES or any(length < 0 for length in shape):
            return None
        dtype = np.dtype(kind)
        length = dtype.itemsize * int(np.prod(shape, dtype=np.int64))
        if at + length > len(raw):
            return None
        piece = raw[at : at + length]
        checksum = zlib.crc32(piece.data, checksum)
        out[str(name)] = piece.view(dtype).reshape(shape)
        at += length + (-length % 64)
    return out if checksum == header["crc"] else None


class FeatureStore:
    """Features of documents by content key, in a few files that are only ever added to.

    Files are named by what they hold, so two branches or two runs at once can share the folder.
    """

    def __init__(self, store: Store, language: str) -> None:
        self._store = store
        self._stamp = f"features {ENGINE_VERSION} {language}"
        self._prefix = "features-" + blake2b(self._stamp.encode(), digest_size=4).hexdigest()

    def load(self) -> dict[bytes, Features]:
        """Everything that can be read, keyed by content key."""
        return self._read(self._store.names(self._prefix))

    def add(self, new: Mapping[bytes, Features]) -> None:
        """Keep some more; small files are made one when they get many."""
        if not new:
            return
        names = self._store.names(self._prefix)
        small = sorted(names, key=self._store.size)[:-1]
        if len(small) < _SEGMENTS_AT_MOST:
            self._write(new)
            return
        written = self._write({**self._read(small), **new})
        self._store.remove({*small} - {written})

    def prune(self, known: Mapping[bytes, Features], used: Collection[bytes]) -> None:
        """Forget what no document has any more, once it is as much as what they have."""
        if not used or len(known) <= 2 * len(used) + _SEGMENTS_AT_MOST:
            return
        names = self._store.names(self._prefix)
        written = self._write({key: known[key] for key in used})
        self._store.remove({*names} - {written})

    def _read(self, names: Iterable[str]) -> dict[bytes, Features]:
        out: dict[bytes, Features] = {}
        for name in names:
            arrays = self._store.read(name, self._stamp)
            if arrays is not None:
                with contextlib.suppress(KeyError, ValueError, IndexError):
                    out.update(_split(arrays))
        return out

    def _write(self, features: Mapping[bytes, Features]) -> str:
        """Write a file; returns its name."""
        name = f"{self._prefix}-{blake2b(b''.join(sorted(features)), digest_size=8).hexdigest()}"
        self._store.write(name, self._stamp, _join(features))
        return name


def _join(features: Mapping[bytes, Features]) -> dict[str, Array]:
    keys = sorted(features)
    items = [features[key] for key in keys]
    return {
        "keys": np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(-1, 16),
        "lengths": np.array([len(item.terms) for item in items], dtype=np.int64),
        "titles": np.array([len(item.title) for item in items], dtype=np.int64),
        "pairs": np.array([len(item.phrases) for item in items], dtype=np.int64),
        "terms": np.concatenate([item.terms for item in items]),
        "strengths": np.concatenate([item.strengths for item in items]),
        "title": np.concatenate([item.title for item in items]),
        "phrases": np.concatenate([item.phrases for item in items]),
    }


def _split(arrays: Mapping[str, Array]) -> dict[bytes, Features]:
    ends, title_ends, phrase_ends = (
        np.cumsum(arrays[name]).tolist() for name in ("lengths", "titles", "pairs")
    )
    out: dict[bytes, Features] = {}
    start = title_start = phrase_start = 0
    for key, end, title_end, phrase_end in zip(
        arrays["keys"], ends, title_ends, phrase_ends, strict=True
    ):
        out[key.tobytes()] = Features(
            arrays["terms"][start:end],
            arrays["strengths"][start:end],
            arrays["title"][title_start:title_end],
            arrays["phrases"][phrase_start:phrase_end],
        )
        start, title_start, phrase_start = end, title_end, phrase_end
    return out
