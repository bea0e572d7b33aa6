"""We had this before: the most similar earlier documents of a base.

In: `Document`s. Out: `Hit`s through an `Engine`. A leaf of the core: it imports no other room.
"""

from onrecord.precedents.cache import Store
from onrecord.precedents.corpus import Corpus
from onrecord.precedents.engine import DEFAULT_CUTOFF, DEFAULT_LIMIT, Engine, Hit
from onrecord.precedents.features import Document, Link
from onrecord.precedents.shards import Shards
from onrecord.precedents.why import Quote, Why

__all__ = [
    "DEFAULT_CUTOFF",
    "DEFAULT_LIMIT",
    "Corpus",
    "Document",
    "Engine",
    "Hit",
    "Link",
    "Quote",
    "Shards",
    "Store",
    "Why",
]
