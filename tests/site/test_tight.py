"""A page's HTML holds nothing that nobody reads, and all that somebody does."""

from __future__ import annotations

from typing import Any

import pytest
from building import Base

from onrecord.site.contents import contents_of
from onrecord.site.pages import lean_script
from onrecord.site.tight import tight


@pytest.mark.parametrize(
    ("page", "made"),
    [
        ("<ul>\n    \n  <li>\n    A b\n  </li>\n</ul>", "<ul>\n<li>\nA b\n</li>\n</ul>"),
        ("<p>one\n  two</p>", "<p>one\n  two</p>"),
        ('<b data-copy="- a\n    - b">\n  x</b>', '<b data-copy="- a\n    - b">\nx</b>'),
        ("<pre>a\n  <b>b</b>\n\n  c</pre>\n\n<p>", "<pre>a\n  <b>b</b>\n\n  c</pre>\n<p>"),
        ("<textarea>\n  a</textarea>", "<textarea>\n  a</textarea>"),
        ("<script>\n  a\n  <b\n</script>", "<script>\n  a\n  <b\n</script>"),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0">', '<svg viewBox="0">'),
        ("<p>\n  a <pre>\n  never closed", "<p>\na <pre>\nnever closed"),
    ],
)
def test_space_goes_where_nobody_sees_it(page: str, made: str) -> None:
    assert tight(page) == made


@pytest.mark.parametrize(
    ("code", "made"),
    [
        ('{func}<span class="w"> </span>', "{func} "),
        ('<span class="nx">main</span>', "main"),
        ('<span class="p">(</span>\n<span class="w">  </span><span class="p">{</span>',
         '<span class="p">(\n  {</span>'),
        ('{func} <span class="k">if</span>', '{func} <span class="k">if</span>'),
        ('<span class="hll">{func}</span>{func}', '<span class="hll">{func}</span>{func}'),
        ('<span id="__span-0-1"><span class="p">(</span></span>',
         '<span id="__span-0-1"><span class="p">(</span></span>'),
    ],
)  # fmt: skip
def test_code_has_a_tag_where_its_colour_changes(code: str, made: str) -> None:
    func = '<span class="kd">func</span>'
    page = "<pre><code>%s</code></pre>"
    assert tight(page % code.replace("{func}", func)) == page % made.replace("{func}", func)


def _contents(h3_each: int) -> list[Any]:
    """The contents of twenty parts with so many parts in each, which have one more in each."""
    part = '<h3 id="b">B</h3><h4 id="c">C</h4>' * h3_each
    return contents_of(f'<h2 id="a">A</h2>{part}' * 20)


def test_contents_of_many_headings_leave_out_the_deepest() -> None:
    whole, cut = _contents(1), _contents(3)
    assert [[len(two["children"]) for two in one["children"]] for one in whole] == [[1]] * 20
    assert [[len(two["children"]) for two in one["children"]] for one in cut] == [[0] * 3] * 20


def test_a_level_of_the_contents_is_no_landmark(base: Base) -> None:
    base.write("docs/index.md", "# Home\n")
    text = "## Problem\n\n### When & where\n\nA.\n\n```python\nif a:\n    b(1)\n```\n"
    base.write("decisions/2026/a.md", f"---\ntitle: A\nstage: assess\n---\n\n{text}")
    page = base.build(theme={"name": "material"}).page("decisions/2026/a/")
    [contents] = page.tree.css(".md-nav--secondary")
    assert [one.text(strip=True) for one in contents.css("ul ul a")] == ["When & where"]
    assert not contents.css("nav nav")
    assert page.tree.css_first("pre code").text() == "if a:\n    b(1)\n"


def test_scripts_come_without_what_only_their_writers_read() -> None:
    assert lean_script("/* a\n b */\nf(); // c\n  // d\n  g('//e');\n") == "f();\ng('//e');\n"
