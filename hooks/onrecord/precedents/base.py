"""Index and candidate lists of a base, taken from the last run as far as they still hold.

In: entry keys (one per document, in time order) and a way to get features. Out: `Index` and
`Lists`, the same whether or not anything was kept. The file on disk is named by language and
trusted only for what its own entry keys vouch for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.precedents import index as indexing
from onrecord.precedents import neighbours, reindex
from onrecord.precedents.cache import Store
from onrecord.precedents.features import ENGINE_VERSION, Features
from onrecord.precedents.index import Index, Ints
from onrecord.precedents.neighbours import Lists


@dataclass(frozen=True)
class _Kept:
    """What the last run left: its entry keys, its index, and its lists if it made any."""

    keys: NDArray[np.uint8]
    index: Index
    lists: Lists | None


class Base:
    """Index and lists of one state of a base, made when first asked for."""

    def __init__(
        self,
        store: Store,
        language: str,
        keys: Sequence[bytes],
        features: Callable[[], Sequence[Features]],
    ) -> None:
        self._store = store
        self._stamp = f"base {ENGINE_VERSION} {language}"
        self._name = "base-" + blake2b(language.encode(), digest_size=4).hexdigest()
        self._keys = np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(-1, 16)
        self._features = features

    @cached_property
    def index(self) -> Index:
        """The index of all documents."""
        if self._current is not None:
            return self._current.index
        made = self._reindexed() or indexing.build(self._features())
        if self._kept is None or self._kept.lists is None:
            self._write(made, None)
        return made

    @cached_property
    def lists(self) -> Lists:
        """The candidates of every document."""
        if self._current is not None and self._current.lists is not None:
            return self._current.lists
        lists = self._updated()
        if lists is None:
            lists = neighbours.empty(len(self._keys))
            everything = np.arange(len(self._keys), dtype=np.int64)
            neighbours.fill(lists, self.index, self._features(), everything)
        self._write(self.index, lists)
        return lists

    @property
    def made_lists(self) -> Lists | None:
        """The lists if they cost nothing by now."""
        if "lists" in self.__dict__:
            return self.lists
        return self._current.lists if self._current is not None else None

    @cached_property
    def _kept(self) -> _Kept | None:
        arrays = self._store.read(self._name, self._stamp)
        if arrays is None:
            return None
        try:
            lists = Lists(**_under(arrays, "lists.")) if "lists.floors" in arrays else None
            return _Kept(arrays["keys"], Index.from_arrays(_under(arrays, "index.")), lists)
        except (KeyError, TypeError):
            return None

    @cached_property
    def _current(self) -> _Kept | None:
        kept = self._kept
        return kept if kept is not None and np.array_equal(kept.keys, self._keys) else None

    @cached_property
    def _moved(self) -> Ints:
        """The number that each document of the last run has now, -1 for those that are gone."""
        kept = self._kept.keys if self._kept is not None else ()
        new = {key.tobytes(): number for number, key in enumerate(self._keys)}
        return np.array([new.get(key.tobytes(), -1) for key in kept], dtype=np.int64)

    def _reindexed(self) -> Index | None:
        if self._kept is None:
            return None
        size, features = len(self._keys), self._features()
        new = np.setdiff1d(np.arange(size), self._moved)
        fresh = {number: features[number] for number in new.tolist()}
        return reindex.updated(self._kept.index, self._moved, fresh, size)

    def _updated(self) -> Lists | None:
        kept = self._kept
        if kept is None or kept.lists is None:
            return None
        features = self._features()
        return neighbours.update(kept.index, kept.lists, self._moved, self.index, features)

    def _write(self, index: Index, lists: Lists | None) -> None:
        arrays: dict[str, NDArray[Any]] = {"keys": self._keys}
        arrays.update({f"index.{name}": array for name, array in index.arrays().items()})
        if lists is not None:
            arrays.update({f"lists.{name}": array for name, array in lists.arrays().items()})
        self._store.write(self._name, self._stamp, arrays)


def _under(arrays: dict[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix)
    }
