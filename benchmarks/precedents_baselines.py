"""Rankers of others, to compare with: BM25 (bm25s), TF-IDF (scikit-learn), the search of Nauro.

In: documents, or a group. Out: what scores a text against each of them, or a ranker per variant, as
`precedents.py` takes them. Benchmark-only dependencies; text alone, no links, no labels.
Statistics are those of all documents. `nauro-core` is the engine by which the tool Nauro looks for
earlier decisions; it is given each text whole, as the rationale it indexes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import Stemmer

from onrecord.precedents.engine import Document
from precedents import VARIANTS, Group, Ranker, Scored, lead

_STEMMER = Stemmer.Stemmer("english")
_STEMS: dict[str, str] = {}

Scorer = Callable[[str], Any]
"""The score of each document for a text, by its place."""


def stems(text: str) -> list[str]:
    out = []
    for word in re.findall(r"[a-z0-9]+", text.lower()):
        if word not in _STEMS:
            _STEMS[word] = _STEMMER.stemWord(word)
        out.append(_STEMS[word])
    return out


def bm25(documents: Sequence[Document]) -> Scorer:
    import bm25s

    retriever = bm25s.BM25()
    corpus = [stems(f"{f'{each.title} ' * 3}{each.body}") for each in documents]
    retriever.index(corpus, show_progress=False)
    known = set(retriever.vocab_dict)

    def scores(text: str) -> Any:
        terms = [term for term in stems(text) if term in known]
        return retriever.get_scores(terms) if terms else np.zeros(len(corpus))

    return scores


def tfidf(documents: Sequence[Document]) -> Scorer:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectoriser = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, stop_words="english")
    matrix = vectoriser.fit_transform([f"{each.title}\n{each.body}" for each in documents])
    return lambda text: (matrix @ vectoriser.transform([text]).T).toarray().ravel()


def nauro(documents: Sequence[Document]) -> Scorer:
    from nauro_core import search
    from nauro_core.decision_model import Decision, DecisionConfidence

    # What it would show of each takes far longer than the ranking, and changes nothing of it.
    search.extract_relevance_snippet = lambda *_: "-"

    decisions = [
        Decision(
            date=date(2026, 1, 1),
            confidence=next(iter(DecisionConfidence)),
            num=number,
            title=each.title,
            rationale=each.body,
        )
        for number, each in enumerate(documents)
    ]

    def scores(text: str) -> Any:
        found = np.zeros(len(decisions))
        for row in search.bm25_search(decisions, text, len(decisions)):
            found[row["number"]] = row["score"]
        return found

    return scores


SCORERS: dict[str, Callable[[Sequence[Document]], Scorer]] = {
    "BM25 (bm25s, stems, title x3)": bm25,
    "TF-IDF (scikit-learn, 1-2-grams)": tfidf,
    "Nauro (nauro-core)": nauro,
}


def _rankers(made: Callable[[Sequence[Document]], Scorer], group: Group) -> dict[str, Ranker]:
    numbers = {document.id: at for at, document in enumerate(group.documents)}
    scores = made(group.documents)

    def asked(variant: str) -> Ranker:
        def rank(id: str, _variant: str) -> Scored:
            number = numbers[id]
            document = group.documents[number]
            text = {"full": document.body, "lead": lead(document.body), "title": ""}[variant]
            score = np.asarray(scores(f"{document.title}\n{text}"))[:number]
            best = np.argsort(-score, kind="stable")[:10]
            return [(group.documents[each].id, float(score[each])) for each in best]

        return rank

    return {variant: asked(variant) for variant in VARIANTS}


BASELINES = {name: partial(_rankers, made) for name, made in SCORERS.items()}
