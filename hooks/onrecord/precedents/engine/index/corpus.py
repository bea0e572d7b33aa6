"""The documents of a base in time order, and what ranking must know of all of them at once.

In: documents; or their ids, a way to get one of them, and a word that stands for the state of all.
Out: `Corpus`, which makes a document when it is asked for, and `Facts`: keys, links and labels.
With a word for the state the facts are kept on disk, so that a question looks at no document but
those it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from onrecord.precedents.engine.index.features import Document


@dataclass(frozen=True)
class Corpus:
    """Documents by number; a number is a place in time order, and no id appears twice."""

    ids: Sequence[str]
    make: Callable[[int], Document]
    state: str = ""
    """Stands for every document of the base: another word, other documents. '' if unknown."""

    @classmethod
    def of(cls, documents: Iterable[Document]) -> Self:
        """The corpus of documents in any order; of two with one id, the first."""
        unique = {document.id: document for document in reversed(list(documents))}
        every = sorted(unique.values(), key=lambda each: (each.order, each.id))
        return cls([document.id for document in every], every.__getitem__)

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, number: int) -> Document:
        return self.make(number)

    def __iter__(self) -> Iterator[Document]:
        return map(self.make, range(len(self.ids)))

    @cached_property
    def number(self) -> Mapping[str, int]:
        """The number of each id."""
        return {id: number for number, id in enumerate(self.ids)}
