"""The engine: precedents of the records of a base, and of a new text.

In: `Document`s (other packages turn their records into these), a language, a folder for the cache.
Out: `Hit`s, nearest first, each with a score of 0 to 1 that means the same for every query and
base, and with its why. Nothing close, no hit. Same documents, same answer, with or without cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.precedents.engine.facts import Facts, basis_of, facts_of
from onrecord.precedents.engine.index import neighbours, scoring
from onrecord.precedents.engine.index.base import Base, FeatureSource
from onrecord.precedents.engine.index.cache import Store
from onrecord.precedents.engine.index.corpus import Corpus
from onrecord.precedents.engine.index.features import Document, Features, extract, short_numbers
from onrecord.precedents.engine.index.index import RARITY_STEPS
from onrecord.precedents.engine.index.neighbours import UNIT, USED, Lists
from onrecord.precedents.engine.index.titles import SHARE, title_rarity
from onrecord.precedents.engine.index.titles import shares as title_shares
from onrecord.precedents.engine.index.unindex import features_of
from onrecord.precedents.engine.meaning import MeaningError, Meanings, Model
from onrecord.precedents.engine.question import Question, answering, fused, named, respelt, unheld
from onrecord.precedents.engine.question_shards import (
    QuestionShards,
    pair_signs,
    question_shards,
)
from onrecord.precedents.engine.ranking import Basis, Ranked, RankQueries, rank_candidates
from onrecord.precedents.engine.shards import (
    Forms,
    Keep,
    Shards,
    anew,
    forms,
    shards,
    vocabulary_of,
)
from onrecord.precedents.engine.why import Explainer, QuoteStore, Why, explain
from onrecord.text.common_words import common_words
from onrecord.text.progress import Progress, silent
from onrecord.text.words import Analyser

DEFAULT_CUTOFF = 0.35
"""Hits below this score are not shown."""
DEFAULT_LIMIT = 3

DEPTH_OF_TEXTS = 1024
"""Candidates looked at for a new text, which may be short and so say little by itself."""
_ROWS = 512
RARITY_SHARES = 32
"""Quotes tell that many degrees of rarity apart."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hit:
    """An earlier record, how surely it is worth reading (0 to 1), and why."""

    id: str
    score: float
    why: Why


@dataclass(frozen=True, slots=True)
class Nearest:
    """A record that a question leads to.

    `share` (0 to 1) is how much of the question it holds, by the rarity of its words; `likeness` (0
    to 1) how like its text is, as the ranking of records measures it; `meant` (-1 to 1) how like a
    sentence model finds the two, None without a model; `named` (0 to 1) how much of its title the
    question names.
    """

    id: str
    share: float
    likeness: float
    meant: float | None
    named: float
    why: Why


class Engine:
    """Ranks the documents of one base. Costs nothing until it is asked something.

    Documents with an id that came before are left out; say so to your users before you get here.
    """

    def __init__(
        self,
        documents: Corpus | Iterable[Document],
        language: str = "english",
        cache_dir: str | Path | None = None,
        meaning: Callable[[], Model | None] = lambda: None,
        progress: Progress = silent,
    ) -> None:
        self._given = documents
        self.language = language
        self._analyser = Analyser(language)
        self._explainer = Explainer(self._analyser, self._rarity)
        self._store = Store(Path(cache_dir) if cache_dir is not None else None)
        self._named_model = meaning
        self._progress = progress
        self.meaning_fault = ""
        """Why a question was answered by its words alone, though a model is named."""

    @cached_property
    def _corpus(self) -> Corpus:
        return self._given if isinstance(self._given, Corpus) else Corpus.of(self._given)

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """Every document, in time order."""
        return tuple(self._corpus)

    def precedents_of(
        self, id: str, limit: int = DEFAULT_LIMIT, cutoff: float = DEFAULT_CUTOFF
    ) -> list[Hit]:
        """The nearest earlier documents of one document. KeyError for an unknown id."""
        number = self._corpus.number[id]
        document = self._corpus[number]
        lists = self._base.made_lists
        if lists is None:
            (features,) = features_of(self._base.index, np.array([number]))
            # For one decision it costs less to score it than to bring the lists of all up to date.
            ranked = self._rank_features(features, number, self._basis, USED)
        else:
            ranked = self._rank_rows(np.array([number], dtype=np.int64), lists)
        return self._hits(document, ranked, limit, cutoff)

    def similar(
        self,
        text: str,
        title: str = "",
        limit: int = DEFAULT_LIMIT,
        cutoff: float = DEFAULT_CUTOFF,
        *,
        before: str | None = None,
        tags: Iterable[str] = (),
        people: Iterable[str] = (),
        urls: Iterable[str] = (),
    ) -> list[Hit]:
        """The nearest documents for a new text.

        All documents are earlier than it; with `before`, the id of a document, only those that are
        earlier than that one, and only links between these count. KeyError for an unknown id.
        """
        asked = Document("", title, text, "", tuple(tags), tuple(people), tuple(urls))
        return self._hits(asked, self._rank_text(asked, before), limit, cutoff)

    def nearest(self, question: str, limit: int = DEFAULT_LIMIT) -> list[Nearest]:
        """The documents that a question in a person's own words leads to, nearest first.

        Never silent while one word of it is in the base: how near they are, `share` and
        `likeness` tell.
        """
        index = self._base.index
        question = respelt(question, index, self._analyser)
        told = Question.of(question, self._analyser)
        found = answering(index, told)
        scores, meant = found.scores, self._meant(question)
        if meant is not None:
            scores = fused(scores, meant)
        # Stable, so that of equals the older comes first, on every machine.
        best = np.argsort(-scores, kind="stable")[:limit]
        if meant is None:
            # By words alone a score of nothing means that no word is shared; by meaning everything
            # has some likeness.
            best = best[scores[best] > 0]
        text = scoring.query(index, extract("", question, self._analyser))
        like = scoring.normalised(scoring.products(index, text), text.norm, index.lengths())
        asked = Document("", question, "")
        hits = [(number, self._corpus[number]) for number in best.tolist()]
        return [
            Nearest(
                hit.id,
                float(found.shares[number]),
                float(like[number]),
                None if meant is None else float(meant[number]),
                named(told, (hit.title, *hit.asked), self._analyser),
                self._why(asked, hit),
            )
            for number, hit in hits
        ]

    def unheld(self, question: str) -> list[str]:
        """The words of a question, as typed, that no document holds; one of them may be a slip."""
        return unheld(question, self._base.index, self._analyser)

    def _meant(self, question: str) -> Floats | None:
        """How like a question each document is by what both mean; None without a model."""
        if not len(self._corpus) or not any(map(str.isalnum, question)):
            return None
        try:
            meanings = self._meanings
            if meanings is None:
                return None
            keys = [key.tobytes() for key in self._facts.contents]
            return meanings.likeness(question, keys, self._corpus.__getitem__)
        except MeaningError as error:
            # A model that is missing or damaged must not cost the answer: words alone give one, and
            # the fault is told beside it.
            self.meaning_fault = str(error)
            return None

    @cached_property
    def _meanings(self) -> Meanings | None:
        model = self._named_model()
        return Meanings(model, self._store, self.language) if model is not None else None

    def scores(
        self, text: str, title: str = "", limit: int = DEFAULT_LIMIT, *, before: str | None = None
    ) -> list[tuple[str, float]]:
        """`similar` without cut-off and why: ids and scores."""
        ranked = self._rank_text(Document("", title, text), before)
        return [(hit.id, score) for hit, score in self._chosen(ranked, limit, 0.0)[0]]

    def all_precedents(
        self, limit: int = DEFAULT_LIMIT, cutoff: float = DEFAULT_CUTOFF
    ) -> dict[str, list[Hit]]:
        """`precedents_of` for every document, by id in time order; far cheaper than one by one."""
        kept = QuoteStore(self._store, self.language)
        found = {
            document.id: [
                Hit(hit.id, score, self._why(document, hit, kept)) for hit, score in chosen
            ]
            for document, (_, chosen) in zip(
                self._progress("Looking for precedents", self.documents),
                self._all_chosen(limit, cutoff),
                strict=True,
            )
        }
        kept.save()
        self._base.rest()
        return found

    def all_scores(self, limit: int = DEFAULT_LIMIT) -> dict[str, list[tuple[str, float]]]:
        """Ids and scores of every document's nearest earlier ones, without cut-off and why."""
        return {
            document.id: [(hit.id, score) for hit, score in chosen]
            for document, chosen in self._all_chosen(limit, 0.0)
        }

    def question_shards(self, forms: Forms | None = None) -> QuestionShards:
        """The index of questions in small pieces, for a browser that asks by itself."""
        return question_shards(forms or self.forms(), self._base.index, self._analyser)

    def pair_signs(self, texts: Iterable[str]) -> str:
        """The pairs of neighbouring words of some texts, as such a browser compares them."""
        return pair_signs(texts, self._analyser)

    @property
    def common_words(self) -> tuple[str, ...]:
        """The words that are no evidence in any question."""
        return common_words(self._analyser.language)

    def shards(self, forms: Forms | None = None) -> Shards:
        """The index in small pieces; documents have the numbers of their place in `documents`."""
        return shards(forms or self.forms(), self._base.index)

    def forms(self, keep: Keep = anew) -> Forms:
        """Every form of each word of the base, of which both kinds of pieces are made."""
        return forms(self.vocabulary(keep))

    def vocabulary(self, keep: Keep = anew) -> list[str]:
        """The words of the base, a few documents together."""
        return [*vocabulary_of(self.documents, self.contents, self._analyser, keep)]

    @property
    def contents(self) -> list[bytes]:
        """What stands for all that each document says; its links and labels left aside."""
        return [key.tobytes() for key in self._facts.contents]

    def title_rarities(self) -> list[float]:
        """How rare the words of each document's title are, taken together."""
        index = self._base.index
        rarity = np.concatenate([[0], np.cumsum(title_rarity(index))])
        sums = (rarity[index.title_starts[1:]] - rarity[index.title_starts[:-1]]) / RARITY_STEPS
        value: list[float] = sums.tolist()
        return value

    def fame(self) -> list[float]:
        """How often each document has been linked, as a new text finds it."""
        size = len(self._corpus)
        # A new text has the number behind the last, so all links are in its past.
        now = np.full(size, size, dtype=np.int64)
        value: list[float] = self._basis.graph.fame(np.arange(size, dtype=np.int64), now).tolist()
        return value

    def typical(self) -> list[float]:
        """How like each document is to all the others on average, as a new text finds it."""
        size = len(self._corpus)
        now, every = np.array([size], dtype=np.int64), np.arange(size, dtype=np.int64)[None, :]
        value: list[float] = self._base.index.typical(now, every)[0].tolist()
        return value

    def sizes(self) -> list[int]:
        """How many terms each document holds."""
        value: list[int] = self._base.index.sizes.tolist()
        return value

    def linked(self) -> list[list[int]]:
        """The numbers of the documents each is linked with, in either direction."""
        graph = self._basis.graph
        starts, partners = graph.starts.tolist(), graph.partners.tolist()
        return [partners[low:high] for low, high in pairwise(starts)]

    # -- what the answers are made from, each made once -------------------------------------------

    @cached_property
    def _facts(self) -> Facts:
        return facts_of(self._corpus, self.language, self._store)

    @property
    def _basis(self) -> Basis:
        return self._facts.basis

    @cached_property
    def _base(self) -> Base:
        source = FeatureSource(
            self._corpus, self._facts.contents, self._analyser, self._store, self._progress
        )
        return Base(self._store, self.language, self._facts.entries, source)

    # -- ranking ----------------------------------------------------------------------------------

    def _rank_rows(self, numbers: Ints, lists: Lists) -> Ranked:
        """Rank the rows of lists for documents of the base."""
        candidates = lists.documents[numbers, :USED].astype(np.int64)
        index = self._base.index
        queries = RankQueries(numbers, index.sizes[numbers].astype(np.int64))
        text = lists.scores[numbers, :USED] / UNIT
        cover = lists.covers[numbers, :USED] / SHARE
        return rank_candidates(self._basis, index, queries, candidates, text, cover)

    def _rank_features(
        self,
        features: Features,
        number: int,
        basis: Basis,
        depth: int,
        labelled_as: int | None = None,
    ) -> Ranked:
        """Rank all documents before a number for any features, labelled like some document."""
        index = self._base.index
        asked = scoring.query(index, features)
        product = scoring.products(index, asked)[:number]
        score = scoring.normalised(product, asked.norm, index.lengths())
        found, value, _ = neighbours.best(score, depth)
        cover = title_shares(index, title_rarity(index), features, found)
        text, named = value[None, :] / UNIT, cover[None, :] / SHARE
        who = number if labelled_as is None else labelled_as
        asking = RankQueries(*(np.array([n]) for n in (number, len(features.terms), who)))
        return rank_candidates(basis, index, asking, found[None, :], text, named)

    def _rank_text(self, asked: Document, before: str | None) -> Ranked:
        size = len(self._corpus)
        labelled = asked.tags or asked.people or asked.urls
        return self._rank_features(
            extract(asked.title, asked.body, self._analyser, asked.asked),
            size if before is None else self._corpus.number[before],
            self._basis_with(asked) if labelled else self._basis,
            DEPTH_OF_TEXTS,
            size,
        )

    def _basis_with(self, asked: Document) -> Basis:
        """The basis with one document more, so that its labels count."""
        return basis_of((*self.documents, asked), self._corpus.number)

    def _all_chosen(
        self, limit: int, cutoff: float
    ) -> Iterator[tuple[Document, list[tuple[Document, float]]]]:
        lists = self._base.lists
        for low in range(0, len(self._corpus), _ROWS):
            # In parts, which bounds the memory: each row has a candidate in every column.
            numbers = np.arange(low, min(low + _ROWS, len(self._corpus)), dtype=np.int64)
            chosen = self._chosen(self._rank_rows(numbers, lists), limit, cutoff)
            yield from zip(self.documents[low : low + _ROWS], chosen, strict=True)

    def _chosen(
        self, ranked: Ranked, limit: int, cutoff: float
    ) -> list[list[tuple[Document, float]]]:
        """For each row the first candidates that are close enough."""
        fits = (ranked.documents >= 0) & (ranked.scores >= cutoff)
        fits &= np.cumsum(fits, axis=1) <= limit
        out: list[list[tuple[Document, float]]] = [[] for _ in fits]
        for row, number, score in zip(
            np.nonzero(fits)[0].tolist(),
            ranked.documents[fits].tolist(),
            ranked.scores[fits].tolist(),
            strict=True,
        ):
            out[row].append((self._corpus[number], score))
        return out

    def _hits(self, asked: Document, ranked: Ranked, limit: int, cutoff: float) -> list[Hit]:
        return [
            Hit(document.id, score, self._why(asked, document))
            for document, score in self._chosen(ranked, limit, cutoff)[0]
        ]

    # -- saying why -------------------------------------------------------------------------------

    def _why(self, asked: Document, found: Document, kept: QuoteStore | None = None) -> Why:
        if kept is None:
            quotes = self._explainer.quotes(asked, found)
        else:
            key = self._pair_key(asked, found)
            known = kept.get(key)
            quotes = self._explainer.quotes(asked, found) if known is None else known
            kept.put(key, quotes)
        return explain(asked, found, quotes)

    def _pair_key(self, asked: Document, found: Document) -> bytes:
        """16 bytes that stand for all that the quotes of `found` for `asked` depend on."""
        digest = blake2b(digest_size=16, person=b"quotes")
        for number in (self._corpus.number[asked.id], self._corpus.number[found.id]):
            digest.update(self._facts.contents[number].tobytes())
            # Contents alone aren't enough: which words are marked depends on how rare they are in
            # the base today.
            digest.update(self._rarity_marks[number])
        return digest.digest()

    @cached_property
    def _rarity_marks(self) -> list[bytes]:
        """For each document 8 bytes that change when the rarity of one of its terms does."""
        return [mark.tobytes() for mark in self._base.index.rarity_marks(RARITY_SHARES)]

    def _rarity(self, terms: Sequence[int]) -> list[float]:
        """Rarity of terms from 0 (everywhere) to 1 (nowhere else), in whole shares.

        Coarse, so that one record more or less seldom changes what is quoted.
        """
        index = self._base.index
        _, rarity = index.rarities(short_numbers(terms))
        shares: list[float] = (index.shares(rarity, RARITY_SHARES) / RARITY_SHARES).tolist()
        return shares
