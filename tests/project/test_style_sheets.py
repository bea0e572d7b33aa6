"""Our style sheets: each rule is for something that a page or a script makes."""

from __future__ import annotations

import re
from pathlib import Path

SITE = Path(__file__).parents[2] / "hooks/onrecord/site"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
OURS = re.compile(r"\.(or-[\w-]+)")
WORD = re.compile(r"or-[\w-]+")


def test_each_class_is_one_that_a_page_or_a_script_gives() -> None:
    sheets = list(SITE.rglob("assets/look/*.css"))
    assert sheets
    named = {c for f in sheets for c in OURS.findall(COMMENT.sub("", f.read_text("utf-8")))}
    makers = [f for f in SITE.rglob("*") if f.suffix in (".html", ".js", ".py", ".svg")]
    given = {word for f in makers for word in WORD.findall(f.read_text("utf-8"))}
    # What ends so is the beginning of a class that is put together with a word of the vocabulary.
    begun = tuple(word for word in given if word.endswith("-"))
    assert sorted(one for one in named - given if not one.startswith(begun)) == []
