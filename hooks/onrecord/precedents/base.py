"""Index and candidate lists of a base, taken from the last run as far as they still hold.

In: entry keys (one per document, in time order) and a way to get features. Out: `Index` and
`Lists`, the same whether or not anything was kept. An index is kept under a name made of its entry
keys, so that a branch, a question or a build each finds its own; the lists are kept once, and tell
by their keys from which index they were made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from onrecord.precedents import index as indexing
from onrecord.precedents import neighbours, reindex
from onrecord.precedents.cache import Store
from onrecord.precedents.features import ENGINE_VERSION, Features
from onrecord.precedents.index import Index, Ints
from onrecord.precedents.neighbours import Lists

Keys = NDArray[np.uint8]
"""16 bytes for each document."""


class Base:
    """Index and lists of one state of a base, made when first asked for."""

    def __init__(
        self,
        store: Store,
        language: str,
        keys: Keys,
        features: Callable[[], Sequence[Features]],
    ) -> None:
        self._store = store
        self._stamp = f"base {ENGINE_VERSION} {language}"
        short = blake2b(self._stamp.encode(), digest_size=4).hexdigest()
        self._indices, self._lists_name = f"index-{short}", f"lists-{short}"
        self._keys = keys
        self._features = features

    @cached_property
    def index(self) -> Index:
        """The index of all documents."""
        kept = self._read_index(self._name_of(self._keys))
        if kept is not None and np.array_equal(kept[0], self._keys):
            return kept[1]
        made = self._reindexed() or indexing.build(self._features())
        self._write_index(made)
        return made

    @cached_property
    def lists(self) -> Lists:
        """The candidates of every document."""
        if self.made_lists is not None:
            return self.made_lists
        lists = self._updated()
        if lists is None:
            lists = neighbours.empty(len(self._keys))
            everything = np.arange(len(self._keys), dtype=np.int64)
            neighbours.fill(lists, self.index, self._features(), everything)
        self._store.write(self._lists_name, self._stamp, {"keys": self._keys, **lists.arrays()})
        self._tidy(self._keys)
        return lists

    @property
    def made_lists(self) -> Lists | None:
        """The lists if they cost nothing by now."""
        if "lists" in self.__dict__:
            return self.lists
        kept = self._kept_lists
        return kept[1] if kept is not None and np.array_equal(kept[0], self._keys) else None

    # -- what the last run left -------------------------------------------------------------------

    @cached_property
    def _kept_lists(self) -> tuple[Keys, Lists] | None:
        arrays = self._store.read(self._lists_name, self._stamp)
        try:
            return None if arrays is None else (arrays.pop("keys"), Lists(**arrays))
        except (KeyError, TypeError):
            return None

    @cached_property
    def _old(self) -> tuple[Keys, Index] | None:
        """Another index, best that from which the lists were made."""
        first = [self._name_of(self._kept_lists[0])] if self._kept_lists is not None else []
        names = [*first, *self._store.names(self._indices)]
        own = self._name_of(self._keys)
        return next(filter(None, (self._read_index(name) for name in names if name != own)), None)

    def _reindexed(self) -> Index | None:
        if self._old is None:
            return None
        keys, old = self._old
        size, moved = len(self._keys), self._moved(keys)
        features, new = self._features(), np.setdiff1d(np.arange(size), moved)
        return reindex.updated(old, moved, {at: features[at] for at in new.tolist()}, size)

    def _updated(self) -> Lists | None:
        if self._kept_lists is None or self._old is None:
            return None
        index = self.index
        keys, old = self._old
        if not np.array_equal(keys, self._kept_lists[0]):
            return None
        lists, moved = self._kept_lists[1], self._moved(keys)
        return neighbours.update(old, lists, moved, index, self._features())

    def _moved(self, old: Keys) -> Ints:
        """The number that each document of another state has now, -1 for those that are gone."""
        new = {key.tobytes(): number for number, key in enumerate(self._keys)}
        return np.array([new.get(key.tobytes(), -1) for key in old], dtype=np.int64)

    # -- files ------------------------------------------------------------------------------------

    def _name_of(self, keys: Keys) -> str:
        return f"{self._indices}-{blake2b(keys.tobytes(), digest_size=8).hexdigest()}"

    def _read_index(self, name: str) -> tuple[Keys, Index] | None:
        arrays = self._store.read(name, self._stamp)
        try:
            return None if arrays is None else (arrays["keys"], Index.from_arrays(arrays))
        except KeyError:
            return None

    def _write_index(self, made: Index) -> None:
        own = self._name_of(self._keys)
        self._store.write(own, self._stamp, {"keys": self._keys, **made.arrays()})
        self._tidy(self._kept_lists[0] if self._kept_lists is not None else self._keys)

    def _tidy(self, listed: Keys) -> None:
        """Remove every index but our own and that of the lists."""
        wanted = {self._name_of(self._keys), self._name_of(listed)}
        self._store.remove(set(self._store.names(self._indices)) - wanted)
