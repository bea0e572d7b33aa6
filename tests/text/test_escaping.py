"""A text that is escaped for Markdown shows as just that text, in every Markdown we write for."""

from __future__ import annotations

from html import unescape

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as some
from markdown import Markdown
from markdown_it import MarkdownIt

from onrecord.forges.text import plain
from onrecord.text.escaping import as_text, as_yaml

SIGNS = "ab 10.)(#-+*_~`|<>&[]{}!?=:/^$\\\"'@;%,…é\n\t\u2028w"
PARTS = some.sampled_from(
    [
        *SIGNS,
        *("https://x.example/", "www.x.example", ":tada:", "&lt;", "&#65;", "1. ", "***", "```"),
        *("!!! note", "??? x", "=== ", "[x]: y", "[^1]", "{: #x }", "--8<-- ", "++", "$$", "::: a"),
        *(
            "<b>",
            "<!--",
            "[TOC]",
            "| a |",
            "- [ ] ",
            "a\\",
            "///",
            "\\(",
            "\\)",
            "\\[",
            "\\]",
            "~~~",
            "#x",
            "# x #",
            "> ",
        ),
    ]
)
TEXT = some.lists(PARTS, max_size=12).map("".join)

EXTENSIONS = [
    *("tables", "attr_list", "footnotes", "admonition", "def_list", "abbr", "md_in_html", "toc"),
    *("pymdownx.tilde", "pymdownx.caret", "pymdownx.mark", "pymdownx.betterem", "pymdownx.details"),
    *("pymdownx.superfences", "pymdownx.tasklist", "pymdownx.arithmatex", "pymdownx.critic"),
    *("pymdownx.keys", "pymdownx.tabbed", "pymdownx.emoji", "pymdownx.blocks.admonition"),
]
READERS = {
    "Python-Markdown alone": Markdown().convert,
    "with its extensions": Markdown(extensions=EXTENSIONS).convert,
    "as forges read it": MarkdownIt("gfm-like", {"linkify": False}).render,
}
PLACES = [
    ("{}", "<p>", "</p>"),
    ("and {} too", "<p>and ", " too</p>"),
    ("- {}", "<ul>\n<li>", "</li>\n</ul>"),
    ("**{}**", "<p><strong>", "</strong></p>"),
]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(("place", "before", "after"), PLACES)
@settings(deadline=None, max_examples=120)
@given(text=TEXT)
@example(text="1) one")
@example(text="12. of May")
@example(text="a\\")
@example(text=":tada: && ==x== $5 | ~x~ ^y^ ++a++")
def test_a_text_shows_as_itself(
    reader: str, place: str, before: str, after: str, text: str
) -> None:
    words = " ".join(text.split())
    if not words:
        return
    html = READERS[reader](place.format(as_text(words))).strip()
    assert html.startswith(before), html
    assert html.endswith(after), html
    inner = html[len(before) : len(html) - len(after)]
    assert "<" not in inner, html
    assert unescape(inner) == words


@settings(deadline=None, max_examples=200)
@given(text=TEXT)
def test_a_heading_shows_as_its_text(text: str) -> None:
    words = " ".join(text.split())
    if not words:
        return
    for reader in ("Python-Markdown alone", "as forges read it"):
        html = READERS[reader](f"# {as_text(words)}").strip()
        assert html.startswith("<h1>"), html
        assert unescape(html[4:-5]) == words


@settings(deadline=None, max_examples=200)
@given(text=TEXT)
def test_for_a_forge_nothing_is_added_that_is_seen(text: str) -> None:
    words = " ".join(text.split())
    if words:
        html = READERS["as forges read it"](plain(words)).strip()
        assert unescape(html[3:-4]).replace("\u2060", "") == words


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (
            "Move the pay date: 28th, not 1st (C & A)",
            "Move the pay date: 28th, not 1st (C &amp; A)",
        ),
        ("payroll-lead", "payroll-lead"),
        ("Use C#?", "Use C\\#?"),
        ("two\nlines  here", "two lines here"),
    ],
)
def test_what_needs_no_sign_gets_none(text: str, written: str) -> None:
    assert as_text(text) == written


@given(some.text())
def test_a_text_in_yaml_reads_back_on_one_line(text: str) -> None:
    written = as_yaml(text)
    assert "\n" not in written
    assert yaml.safe_load(f"x: {written}")["x"] == " ".join(text.split())
