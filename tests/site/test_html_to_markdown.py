"""From the HTML of views to Markdown: the same words, whatever they are."""

from __future__ import annotations

from html import escape, unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from markdown import Markdown

from onrecord.site.machine.html_to_markdown import plain

SIGNS = "ab 1.)#-+*_~`|<>&[](){}!?=:/^$\\\"'@…é"


def shown(markdown: str) -> str:
    html = Markdown(extensions=["tables", "attr_list", "footnotes", "pymdownx.tilde"]).convert(
        markdown
    )
    assert html.startswith("<p>"), html
    assert html.endswith("</p>"), html
    inner = html[3:-4]
    assert "<" not in inner, html
    return " ".join(unescape(inner).split())


@settings(max_examples=400)
@given(some.text(SIGNS, max_size=30))
def test_a_text_is_text_and_nothing_else(text: str) -> None:
    words = " ".join(text.split())
    if words:
        assert shown(plain(f"<p>{escape(text)}</p>")) == words


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ('<h2 id="x">A <small>3</small></h2>', "## A (3)"),
        ('<p><a href="#y">go</a></p><h3 id="y">Y</h3>', "[go](#y)\n\n### Y { #y }"),
        ("<ul><li>a <b>b</b></li><li>- c</li></ul>", "- a **b**\n- \\- c"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        (
            "<table><tr><th>A</th><th>B</th></tr><tr><td>x|y</td><td></td></tr></table>",
            "| A | B |\n| --- | --- |\n| x&#124;y |  |",
        ),
        ('<p class="or-banner"><span><b>No.</b> Ask.</span></p>', "> **No.** Ask."),
        ("<details><summary>More</summary><p>x</p></details>", "**More**\n\nx"),
        ("<p><code>a`b</code> and <code>a|b</code></p>", "`` a`b `` and <code>a&#124;b</code>"),
        ("<svg><title>t</title><desc>From 1 to 2.</desc></svg>", "From 1 to 2."),
        ("<form><p>gone</p></form><p hidden>gone</p><script>gone</script>", ""),
        ('<p class="or-follow">gone</p><p>stays</p>', "stays"),
        ("<p>as <q>quoted <mark>here</mark></q></p>", "as “quoted **here**”"),
    ],
)
def test_what_a_page_shows_as_markdown(html: str, markdown: str) -> None:
    assert plain(html) == markdown
