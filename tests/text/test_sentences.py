"""Sentences of Markdown: what a person would read aloud, whole, and nothing else."""

from __future__ import annotations

import pytest

from onrecord.text.sentences import prose, sentences


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# A heading\n\nWe wait.\n\nAnother\n-------\n", ["We wait."]),
        ("<!-- What hurts?\n\nWhom? -->\n\nNobody waits.", ["Nobody waits."]),
        (
            "We wait.\n\n<!-- never closed. And more.",
            ["We wait.", "<!-- never closed.", "And more."],
        ),
        ("We write `<!--` here. It stays.", ["We write <!-- here.", "It stays."]),
        ("Before.\n\n```go\ntype X // why\n```\nAfter.", ["Before.", "After."]),
        ("- Item one.\n  ```yaml\n  a: b\n  ```\n- Item two.", ["Item one.", "Item two."]),
        ("1. ~~~\n   code\n   ~~~\n\nAfter.", ["After."]),
        ("Before.\n\n```\nnever closed", ["Before."]),
        ("| a | b |\n|---|---|\n| c | d |\n\nWe wait.", ["We wait."]),
        ("- [Goals](#goals)\n  - [A [b] c](#a-b-c)\n\nWe wait.", ["We wait."]),
        ("- [ ] @bob: Who pays?", ["@bob: Who pays?"]),
        ("See [KEP-[12]: pods](x.md).", ["See KEP-[12]: pods."]),
        ("See [the rota] and [sic].\n\n[The rota]: x.md", ["See the rota and [sic]."]),
        ("![a shelf](x.png) We wait[^1].", ["We wait."]),
        (
            "Use `a_*b*` and `<name>`, **not** _c_ or <b>d</b>.",
            ["Use a_*b* and <name>, not c or d."],
        ),
        (r"It costs 5 \* 3 &amp; more.", ["It costs 5 * 3 & more."]),
        ("He said “no.” She left.", ["He said “no.”", "She left."]),
        (
            "Some tools (hammers etc.) went. We wait.",
            ["Some tools (hammers etc.) went.", "We wait."],
        ),
        ("One family (i.e. Both). E.g. Two.", ["One family (i.e. Both).", "E.g. Two."]),
        ("Wir warten z. B. Montags.", ["Wir warten z. B. Montags."]),
        ("週末に待つ。電話がない。", ["週末に待つ。", "電話がない。"]),
        ("हम रुकते हैं। कोई नहीं आता।", ["हम रुकते हैं।", "कोई नहीं आता।"]),
        ("هل ننتظر؟ نعم.", ["هل ننتظر؟", "نعم."]),
        ("", []),
    ],
)
def test_sentences(text: str, said: list[str]) -> None:
    assert sentences(text, 8000) == said


def test_a_sentence_that_was_not_read_to_its_end_is_left_out() -> None:
    assert sentences("We wait. They go on and on.", 20) == ["We wait."]


@pytest.mark.parametrize(
    "text", ["`" * 8000, "[" * 8000, "[a[b]" * 1600, "<!--" * 2000, "```\n" * 2000]
)
def test_signs_without_words_take_no_time(text: str) -> None:
    assert "word" not in " ".join(sentences(text, 8000))


def test_a_long_table_of_contents_does_not_hide_the_text_behind_it() -> None:
    contents = "".join(f"- [Part {n}](#part-{n})\n" for n in range(50))
    assert sentences(f"{contents}\nNobody waits. {'More. ' * 2000}", 600)[0] == "Nobody waits."


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("Nobody watched the queue.", "Nobody watched the queue"),
        ("Nobody watched the queue.", "nobody watched the queue."),
        ("Nobody watched the queue.", "-f -R (kubectl - recursing)."),
        ("Nobody watched the queue.", "Date: 2021-11-10."),
        ("Nobody watched the queue.", ""),
        ("सप्ताहांत में टिकट जमा होते हैं।", "/etc/hosts is read by a.b.c()."),
    ],
)
def test_a_whole_sentence_is_better_than_what_is_not(better: str, worse: str) -> None:
    assert prose(better) > prose(worse)
