"""What a comment hides: what the site hides of it, and nothing more."""

from __future__ import annotations

import html
import re

import pytest
from comments import CASES
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown

from onrecord.text.unseen import unseen_in, without_comments

RENDER = Markdown(extensions=["fenced_code", "tables", "toc"])


@pytest.mark.parametrize("text", CASES.values(), ids=CASES)
def test_a_comment_hides_its_own_text_and_no_other(text: str) -> None:
    plain = without_comments(text)
    assert plain.count("zebra") == text.count("zebra")
    assert "walrus" not in plain
    assert plain.count("\n") == text.count("\n")


def test_a_text_without_comments_stays_as_it_is() -> None:
    text = "A `<!--` b.\n\n```\n<!-- c -->\n```\n"
    assert without_comments(text) == text


PLAIN = st.lists(st.sampled_from(["one", "two", "`three`"]), min_size=1, max_size=5).map(" ".join)
WORDS = st.sampled_from(["one", "two", "`three`", "`<!--`", "``<!-- ` -->``", "a <!-- four -->"])
SENTENCES = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
BLOCKS = st.one_of(
    SENTENCES,
    SENTENCES.map("- {}".format),
    SENTENCES.map("> {}".format),
    SENTENCES.map("## {}".format),
    SENTENCES.map("```\n{}\n```".format),
    SENTENCES.map("Code:\n\n    {}\n\nMore".format),
    PLAIN.map("<!-- {} -->".format),
    PLAIN.map("<!-- {}\n-->".format),
    PLAIN.map("one <!-- {}".format),
)


@settings(deadline=None)
@given(st.lists(BLOCKS, min_size=1, max_size=6).map("\n\n".join))
def test_what_the_site_shows_of_any_text_is_what_is_left(text: str) -> None:
    numbered = iter(range(10**6))
    marked = re.sub(r"\b(one|two|three|four|a)\b", lambda w: f"{w[0]}{next(numbered)}", text)
    assert shown(marked) == set(re.findall(r"[a-z]+\d+", without_comments(marked)))


def shown(text: str) -> set[str]:
    rendered = re.sub(r"<!--.*?-->", "", RENDER.reset().convert(text), flags=re.DOTALL)
    return set(re.findall(r"\b[a-z]+\d+", html.unescape(re.sub(r"<[^>]*>", " ", rendered))))


@pytest.mark.parametrize(
    "text",
    [
        "<!--" * 40_000,
        "<!--\n" * 40_000,
        "a <!-- `-->` " * 20_000,
        "`<!--\n" * 40_000,
        "    <!--\n\n" * 20_000,
        "- a\n\n        <!-- `\n" * 10_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_signs_without_an_end_take_no_time(text: str) -> None:
    assert unseen_in(text).comments == []
