"""Where the features of a base's documents come from: what is kept of them, or their texts.

In: a corpus, and keys that stand for what the features of each document depend on. Out: features
by number, the same either way.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from onrecord.precedents.engine.facts import Keys
from onrecord.precedents.engine.index.cache import FeatureStore, Store
from onrecord.precedents.engine.index.corpus import Corpus
from onrecord.precedents.engine.index.features import Features, extract
from onrecord.text.words import Analyser


class FeatureSource:
    """The features of one state of a base."""

    def __init__(self, corpus: Corpus, keys: Keys, analyser: Analyser, store: Store) -> None:
        self._corpus = corpus
        self._keys = keys
        self._analyser = analyser
        self._store = FeatureStore(store, analyser.language)

    def all(self) -> list[Features]:
        """Those of every document, by number."""
        return self._all

    @cached_property
    def _all(self) -> list[Features]:
        known = self._store.load()
        new: dict[bytes, Features] = {}
        keys = [key.tobytes() for key in self._keys]
        for number, key in enumerate(keys):
            if key not in known:
                known[key] = new[key] = self._extract(number)
        self._store.add(new)
        self._store.prune(known, set(keys))
        return [known[key] for key in keys]

    def some(self, numbers: Sequence[int]) -> dict[int, Features]:
        """Those of a few documents, from their texts: all that is kept takes longer to read."""
        made = {number: self._extract(number) for number in numbers}
        self._store.add({self._keys[number].tobytes(): each for number, each in made.items()})
        return made

    def _extract(self, number: int) -> Features:
        document = self._corpus[number]
        return extract(document.title, document.body, self._analyser)
