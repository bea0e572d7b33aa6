"""What ranking must know of all documents at once: keys, links and labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.precedents.engine.index.cache import Store
from onrecord.precedents.engine.index.corpus import Corpus
from onrecord.precedents.engine.index.features import (
    ENGINE_VERSION,
    Document,
    content_key,
    entry_key,
)
from onrecord.precedents.engine.links import Graph, Labels, graph, labels
from onrecord.precedents.engine.ranking import Basis

Keys = NDArray[np.uint8]
"""16 bytes for each document."""


@dataclass(frozen=True)
class Facts:
    """What ranking must know of all documents at once."""

    contents: Keys
    """Stands for what the features of each depend on."""
    entries: Keys
    """Stands for the content of each and for its place in time."""
    basis: Basis


def facts_of(corpus: Corpus, language: str, store: Store) -> Facts:
    """The facts of a corpus; from the store where they are kept for its state."""
    name = "facts-" + blake2b(f"{ENGINE_VERSION} {language}".encode(), digest_size=4).hexdigest()
    stamp = f"facts {ENGINE_VERSION} {language} {corpus.state}"
    kept = store.read(name, stamp) if corpus.state else None
    if kept is not None:
        try:
            return _unpacked(kept)
        except (KeyError, TypeError):
            pass
    every = tuple(corpus)
    contents = [content_key(each, language) for each in every]
    entries = [entry_key(each, key) for each, key in zip(every, contents, strict=True)]
    facts = Facts(_keys(contents), _keys(entries), basis_of(every, corpus.number))
    if corpus.state:
        store.write(name, stamp, _packed(facts))
    return facts


def basis_of(documents: Sequence[Document], number: Mapping[str, int]) -> Basis:
    """Links and labels of documents in time order; `number` holds those that links may lead to."""
    links = (
        (at, number[link.target])
        for at, document in enumerate(documents)
        for link in document.links
        if link.target in number
    )
    return Basis(
        graph(len(documents), links),
        labels([each.tags for each in documents]),
        labels([each.people for each in documents]),
    )


def _keys(keys: Sequence[bytes]) -> Keys:
    return np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(-1, 16)


def _packed(facts: Facts) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {"contents": facts.contents, "entries": facts.entries}
    for part in fields(facts.basis):
        value = getattr(facts.basis, part.name)
        for field in fields(value):
            arrays[f"{part.name}.{field.name}"] = np.atleast_1d(getattr(value, field.name))
    return arrays


def _unpacked(arrays: Mapping[str, NDArray[Any]]) -> Facts:
    def part(kind: type[Any], name: str) -> Any:
        values = {field: arrays[f"{name}.{field.name}"] for field in fields(kind)}
        return kind(**{f.name: int(v[0]) if f.type == "int" else v for f, v in values.items()})

    basis = Basis(part(Graph, "graph"), part(Labels, "tags"), part(Labels, "people"))
    return Facts(arrays["contents"], arrays["entries"], basis)
