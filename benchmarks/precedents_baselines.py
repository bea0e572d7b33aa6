"""Classic rankers of well-known libraries, to compare with: BM25 (bm25s) and TF-IDF (scikit-learn).

In: a group of records. Out: a ranker per variant, as `precedents.py` takes them. Benchmark-only
dependencies; text alone, no links, no labels. Statistics are those of the whole group.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import Stemmer

from precedents import VARIANTS, Group, Ranker, Scored, lead

_STEMMER = Stemmer.Stemmer("english")
_STEMS: dict[str, str] = {}


def stems(text: str) -> list[str]:
    out = []
    for word in re.findall(r"[a-z0-9]+", text.lower()):
        if word not in _STEMS:
            _STEMS[word] = _STEMMER.stemWord(word)
        out.append(_STEMS[word])
    return out


def _rankers(group: Group, scores: Callable[[str], Any]) -> dict[str, Ranker]:
    numbers = {document.id: at for at, document in enumerate(group.documents)}

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


def bm25(group: Group) -> dict[str, Ranker]:
    import bm25s

    retriever = bm25s.BM25()
    corpus = [stems(f"{f'{each.title} ' * 3}{each.body}") for each in group.documents]
    retriever.index(corpus, show_progress=False)
    known = set(retriever.vocab_dict)

    def scores(text: str) -> Any:
        terms = [term for term in stems(text) if term in known]
        return retriever.get_scores(terms) if terms else np.zeros(len(corpus))

    return _rankers(group, scores)


def tfidf(group: Group) -> dict[str, Ranker]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectoriser = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, stop_words="english")
    matrix = vectoriser.fit_transform([f"{each.title}\n{each.body}" for each in group.documents])
    return _rankers(group, lambda text: (matrix @ vectoriser.transform([text]).T).toarray().ravel())


BASELINES = {"BM25 (bm25s, stems, title x3)": bm25, "TF-IDF (scikit-learn, 1-2-grams)": tfidf}
