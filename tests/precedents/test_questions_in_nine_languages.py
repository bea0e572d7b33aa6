"""Questions in nine languages, each to twelve records: a right one is among the three shown.

`languages.tsv` holds lines of language, id, title and text; or language, `?`, question and the id
that answers it.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from onrecord.precedents.engine import Document, Engine
from onrecord.records.settings import stemmer_of

LINES = list(
    csv.reader(
        Path(__file__).with_name("languages.tsv").read_text(encoding="utf-8").splitlines(),
        delimiter="\t",
    )
)
LANGUAGES = list(dict.fromkeys(line[0] for line in LINES))
LEAST = 5
"""Of seven questions in each language."""


def missed(language: str) -> list[str]:
    own = [line[1:] for line in LINES if line[0] == language]
    documents = [Document(id, title, text) for id, title, text in own if id != "?"]
    engine = Engine(documents, stemmer_of(language))
    return [
        question
        for mark, question, id in own
        if mark == "?" and id not in {hit.id for hit in engine.nearest(question)}
    ]


def test_the_data_are_nine_bases_of_twelve_and_sixty_three_questions() -> None:
    count: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for language, id, *_ in LINES:
        count[language][id == "?"] += 1
    assert dict(count) == {language: [12, 7] for language in LANGUAGES}
    assert len(LANGUAGES) == 9


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_leads_to_its_record(language: str) -> None:
    assert len(missed(language)) <= 7 - LEAST
