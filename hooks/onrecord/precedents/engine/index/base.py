"""Index and candidate lists of a base, taken from the last run as far as they still hold.

In: a corpus and entry keys (one per document, in time order). Out: `Index` and
`Lists`, the same whether or not anything was kept. An index is kept under a name made of its entry
keys, so that a branch, a question or a build each finds its own; the lists are kept once, and tell
by their keys from which index they were made.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from hashlib import blake2b

import numpy as np

from onrecord.precedents.engine.facts import Keys
from onrecord.precedents.engine.index import index as indexing
from onrecord.precedents.engine.index import neighbours, reindex
from onrecord.precedents.engine.index.cache import FeatureStore, Store
from onrecord.precedents.engine.index.corpus import Corpus
from onrecord.precedents.engine.index.features import ENGINE_VERSION, Features, extract
from onrecord.precedents.engine.index.index import Index, Ints
from onrecord.precedents.engine.index.neighbours import Lists
from onrecord.text.progress import Progress, silent
from onrecord.text.words import Analyser


class FeatureSource:
    """The features of one state of a base, from what is kept of it or from its texts."""

    def __init__(
        self,
        corpus: Corpus,
        keys: Keys,
        analyser: Analyser,
        store: Store,
        progress: Progress = silent,
    ) -> None:
        self._corpus = corpus
        self._keys = keys
        self._analyser = analyser
        self._store = FeatureStore(store, analyser.language)
        self._progress = progress

    def all(self) -> list[Features]:
        """Those of every document, by number."""
        return self._all

    @cached_property
    def _all(self) -> list[Features]:
        known = self._store.load()
        new: dict[bytes, Features] = {}
        keys = [key.tobytes() for key in self._keys]
        missing = {key: number for number, key in enumerate(keys) if key not in known}
        for key, number in self._progress("Indexing decisions", missing.items()):
            known[key] = new[key] = self._extract(number)
        self._store.add(new)
        self._store.prune(known, set(keys))
        return [known[key] for key in keys]

    def rest(self) -> None:
        """Let go of them; they are there again once they are asked for."""
        self.__dict__.pop("_all", None)

    def some(self, numbers: Sequence[int]) -> dict[int, Features]:
        """Those of a few documents, from their texts: all that is kept takes longer to read."""
        made = {number: self._extract(number) for number in numbers}
        self._store.add({self._keys[number].tobytes(): each for number, each in made.items()})
        return made

    def _extract(self, number: int) -> Features:
        document = self._corpus[number]
        return extract(document.title, document.body, self._analyser, document.asked)


class Base:
    """Index and lists of one state of a base, made when first asked for."""

    def __init__(self, store: Store, language: str, keys: Keys, features: FeatureSource) -> None:
        self._store = store
        self._stamp = f"base {ENGINE_VERSION} {language}"
        short = blake2b(self._stamp.encode(), digest_size=4).hexdigest()
        self._indices, self._lists_name = f"index-{short}", f"lists-{short}"
        self._keys = keys
        self._own = self._name_of(keys)
        self._features = features

    @cached_property
    def index(self) -> Index:
        """The index of all documents."""
        own = self._read_index(self._own)
        if own is not None and np.array_equal(own[0], self._keys):
            return own[1]
        made = self._reindexed() or indexing.build(self._features.all())
        self._store.write(self._own, self._stamp, {"keys": self._keys, **made.arrays()})
        self._tidy(self._kept_lists[0] if self._kept_lists is not None else self._keys)
        return made

    @cached_property
    def lists(self) -> Lists:
        """The candidates of every document."""
        made, kept = self.made_lists, self._kept_lists
        if made is not None:
            return made
        lists = self._updated(*kept) if kept is not None else None
        if lists is None:
            index, everything = self.index, np.arange(len(self._keys), dtype=np.int64)
            lists = neighbours.empty(len(self._keys))
            neighbours.fill(lists, index, self._features.all(), everything)
        self._store.write(self._lists_name, self._stamp, {"keys": self._keys, **lists.arrays()})
        self._tidy(self._keys)
        del self._kept_lists
        return lists

    @property
    def made_lists(self) -> Lists | None:
        """The lists if they cost nothing by now."""
        if "lists" in self.__dict__:
            return self.lists
        kept = self._kept_lists
        return kept[1] if kept is not None and np.array_equal(kept[0], self._keys) else None

    def rest(self) -> None:
        """Let go of what only ranking every document takes, which is much in a large base."""
        self.__dict__.pop("lists", None)
        self._features.rest()

    # -- from the last state to this one ----------------------------------------------------------

    @cached_property
    def _old(self) -> tuple[Keys, Index] | None:
        """The index of another state, best of that from which the lists were made."""
        first = [self._name_of(self._kept_lists[0])] if self._kept_lists is not None else []
        names = [*first, *self._store.names(self._indices)]
        return next(filter(None, map(self._read_index, names)), None)

    def _reindexed(self) -> Index | None:
        """The index from the old one; None where too little of it would stay."""
        if self._old is None:
            return None
        size, moved = len(self._keys), self._moved(self._old[0])
        new = np.setdiff1d(np.arange(size), moved)
        if not reindex.is_worth_it(moved, len(new), size):
            return None
        return reindex.updated(self._old[1], moved, self._features.some(new.tolist()), size)

    def _updated(self, keys: Keys, lists: Lists) -> Lists | None:
        """The lists from those of another state; None where too little of them would stay."""
        index, moved = self.index, self._moved(keys)
        if self._old is None or not np.array_equal(self._old[0], keys):
            return None
        again = neighbours.touched(self._old[1], moved, index)
        del self._old  # two indices take room
        return None if again is None else neighbours.update(lists, moved, index, again)

    def _moved(self, old: Keys) -> Ints:
        """The number that each document of another state has now, -1 for those that are gone."""
        new = {key.tobytes(): number for number, key in enumerate(self._keys)}
        return np.array([new.get(key.tobytes(), -1) for key in old], dtype=np.int64)

    # -- files ------------------------------------------------------------------------------------

    def _name_of(self, keys: Keys) -> str:
        return f"{self._indices}-{blake2b(keys.tobytes(), digest_size=8).hexdigest()}"

    @cached_property
    def _kept_lists(self) -> tuple[Keys, Lists] | None:
        """What another run left, with the keys of the index it was made from."""
        arrays = self._store.read(self._lists_name, self._stamp)
        try:
            return None if arrays is None else (arrays.pop("keys"), Lists(**arrays))
        except (KeyError, TypeError):
            return None

    def _read_index(self, name: str) -> tuple[Keys, Index] | None:
        arrays = self._store.read(name, self._stamp)
        try:
            return None if arrays is None else (arrays["keys"], Index.from_arrays(arrays))
        except KeyError:
            return None

    def _tidy(self, listed: Keys) -> None:
        """Remove every index but our own and that of the lists."""
        wanted = {self._own, self._name_of(listed)}
        self._store.remove(set(self._store.names(self._indices)) - wanted)
