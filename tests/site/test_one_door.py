"""Whatever a text holds, the page around it is the theme's and ours alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from building import PLAIN, Base, Page, Site
from hostile import TEXTS, harm_in
from selectolax.lexbor import LexborHTMLParser

from onrecord.site.contents import contents_of
from onrecord.site.safety import Sanitiser, plain_id

FRONT = "title: Odd\nstage: assess\nowner: it-lead"
OUR_IDS = re.compile(r"(?:__|or-|md-)")


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Site:
    base = Base(tmp_path_factory.mktemp("odd"))
    base.configure(
        {
            **PLAIN,
            "theme": {"name": "material", "font": False},
            "markdown_extensions": [
                "admonition",
                "attr_list",
                "footnotes",
                "tables",
                {"toc": {"permalink": True}},
                "pymdownx.superfences",
                "pymdownx.highlight",
            ],
        }
    )
    base.write("playbooks/it-lead/index.md", "---\ntitle: IT\npurpose: P.\nholder: bob\n---\n")
    base.write("decisions/2026/even.md", f"---\n{FRONT}\n---\n\n## Problem\n\nText.\n")
    for name, text in TEXTS.items():
        base.write(f"decisions/2026/{name}.md", f"---\n{FRONT}\n---\n\n{text}")
        front = "title: '<img src=x onerror=pwned>'\ndescription: '\"><script>pwned</script>'"
        base.write(f"docs/{name}.md", f"---\n{front}\n---\n\n{text}")
        base.write(f"docs/bare/{name}.md", text)
    return base.build()


def pages_of(site: Site, name: str) -> tuple[Page, ...]:
    places = (f"decisions/2026/{name}/", f"{name}/", f"bare/{name}/")
    return tuple(map(site.page, places))


@pytest.mark.parametrize("name", TEXTS)
def test_nothing_outside_the_article_is_of_a_text(odd: Site, name: str) -> None:
    def around(page: Page) -> set[tuple[str, str]]:
        tree = LexborHTMLParser(page.source)
        for article in tree.css("article"):
            article.decompose()
        return {
            (node.tag or "", attribute)
            for node in tree.css("*")
            for attribute in node.attributes
            if attribute not in ("href", "title", "rel", "aria-label", "aria-hidden", "type")
        }

    usual = around(odd.decision("2026/even"))
    for page in pages_of(odd, name):
        # The theme describes a page of the docs, and opens its section of the nav.
        assert (
            around(page) - usual - {("meta", "content"), ("meta", "name"), ("input", "checked")}
            == set()
        )
        assert list(harm_in(page.source)) == []


@pytest.mark.parametrize("name", TEXTS)
def test_ids_are_plain_and_none_is_the_sites(odd: Site, name: str) -> None:
    for page in pages_of(odd, name):
        ids = [node.attributes["id"] or "" for node in page.tree.css("[id]")]
        assert all(re.fullmatch(r"[\w.:-]+", one) for one in ids)
        inside = {node.attributes["id"] or "" for node in page.nodes("[id]")}
        made = {"or-next-title", "or-before-title", "or-conversation", "or-family-title"}
        made |= {"or-picture-title", "or-picture-text"}
        assert [one for one in inside - made if OUR_IDS.match(one)] == []
        assert ids.count("__config") == 1
        assert ids.count("__drawer") == ids.count("__search") == 1


@pytest.mark.parametrize("name", TEXTS)
def test_links_of_the_contents_lead_to_their_headings(odd: Site, name: str) -> None:
    for page in pages_of(odd, name):
        ids = {node.attributes["id"] for node in page.tree.css("[id]")}
        for link in page.tree.css(".md-nav--secondary a, .md-skip, article .headerlink"):
            target = link.attributes["href"] or ""
            assert target.startswith("#")
            assert target[1:] in ids


def test_a_link_to_a_place_of_the_theme_leads_to_the_text(odd: Site) -> None:
    for page in pages_of(odd, "config"):
        assert page.has("#text-__config")
        assert page.has("p a[href='#text-__config']")


def test_classes_and_attributes_of_the_theme_are_out(odd: Site) -> None:
    for name in ("classes", "data", "label-for", "input"):
        for page in pages_of(odd, name):
            (text,) = page.tree.css("article")
            theirs = text.css_first(".or-text, :not(.or-text) > h1 ~ *").html or ""
            for word in ("md-c", "md-d", "md-o", "chip--", "or-banner", "data-md", '="__palette'):
                assert word not in theirs, (name, word)
            assert "fixed-top" not in theirs
            assert 'for="__' not in theirs
            assert "dialog" not in theirs.replace("md-dialog", "")
            assert "data-onrecord-search" not in theirs


def test_titles_with_markup_and_media_of_others_are_out(odd: Site) -> None:
    for page in pages_of(odd, "title"):
        assert not any("<" in (node.attributes["title"] or "") for node in page.nodes("[title]"))
    for page in pages_of(odd, "media"):
        for node in page.nodes("[src], [srcset], [poster]"):
            for name in ("src", "srcset", "poster"):
                assert "other.example" not in (node.attributes.get(name) or "")
        assert page.has('a[href="https://other.example/v.mp4"]')
        assert page.has('source[src="v.mp4"]')


def test_an_anchor_by_name_becomes_an_id() -> None:
    clean = Sanitiser().harmless('<a name="old">x</a> <a id="new" name="old">y</a>')
    assert clean == '<a id="old">x</a> <a id="new">y</a>'


def test_what_extensions_make_stays_as_it_is() -> None:
    for html in (
        '<div class="admonition note">\n<p class="admonition-title">Note</p>\n</div>',
        '<sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a></sup>',
        '<div class="tabbed-set"><input id="__tabbed_1_1" name="__tabbed_1" type="radio">'
        '<label for="__tabbed_1_1">C</label></div>',
        '<a id="__codelineno-0-1" href="#__codelineno-0-1"></a>',
        '<div class="language-python highlight"><span class="k">def</span></div>',
        '<h2 id="proposal">Proposal<a class="headerlink" href="#proposal">¶</a></h2>',
        '<a href="../other/#proposal">x</a>',
        '<video src="film.mp4" controls=""></video>',
    ):
        assert Sanitiser().harmless(html) == html


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("proposal", "proposal"),
        ("fn:1", "fn:1"),
        ("größe", "größe"),
        ("_1", "_1"),
        ("__config", "text-__config"),
        ("OR-form", "text-OR-form"),
        ('x"><b y=', "x-b-y"),
        ("", "text"),
        ("__tabbed_1_1", "__tabbed_1_1"),
    ],
)
def test_an_id_as_the_page_has_it(written: str, plain: str) -> None:
    assert plain_id(written) == plain


def test_contents_obey_the_options_of_toc() -> None:
    html = (
        '<h1 id="a">A</h1><h2 id="b">B<a class="me" href="#b">¶</a></h2><h3 id="c">C</h3><h2>D</h2>'
    )
    options = {"toc_depth": "2-2", "permalink_class": "me"}
    assert [(one["id"], one["name"]) for one in contents_of(html, options)] == [("b", "B")]
    (top,) = contents_of(html)
    assert [child["name"] for child in top["children"]] == ["B¶"]


def test_the_ids_of_the_theme_all_begin_as_a_texts_cannot(odd: Site) -> None:
    tree = odd.decision("2026/even").tree
    for article in tree.css("article"):
        article.decompose()
    ids = {node.attributes["id"] or "" for node in tree.css("[id]")}
    assert ids
    assert [one for one in ids if plain_id(one) == one] == []


def test_docs_that_are_trusted_stay_as_written(tmp_path: Path) -> None:
    base = Base(tmp_path)
    base.configure({**PLAIN, "extra": {"onrecord": {"docs": "trusted"}}})
    base.write("docs/page.md", "# Page\n\n<form><input name='q'></form>\n<script>ours()</script>\n")
    base.write("docs/tool.html", "<script>ours()</script>")
    site = base.build()
    assert "<form>" in site.page("page/").source
    assert site.has("tool.html")
    assert not [one for one in site.warnings if "policy" in one]
