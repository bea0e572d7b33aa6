"""We had this before: the most similar earlier documents of a base.

In: `Document`s. Out: `Hit`s through an `Engine`. A leaf of the core: it imports no other package.
"""

from onrecord.precedents.engine.engine import DEFAULT_CUTOFF, DEFAULT_LIMIT, Engine, Hit, Nearest
from onrecord.precedents.engine.index.cache import Store
from onrecord.precedents.engine.index.corpus import Corpus
from onrecord.precedents.engine.index.features import Document, DocumentLink
from onrecord.precedents.engine.shards import Shards
from onrecord.precedents.engine.why import Quote, Why

__all__ = [
    "DEFAULT_CUTOFF",
    "DEFAULT_LIMIT",
    "Corpus",
    "Document",
    "DocumentLink",
    "Engine",
    "Hit",
    "Nearest",
    "Quote",
    "Shards",
    "Store",
    "Why",
]
