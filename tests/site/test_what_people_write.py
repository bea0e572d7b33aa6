"""What people write as they do on a forge works on the site: HTML, anchors, tags, joiners."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from building import PLAIN, TODAY, Base, Site
from click.testing import CliRunner

from onrecord.cli import main
from onrecord.forges.hosts import forge_of
from onrecord.records.settings import published_at
from onrecord.site.links import forge_anchor

PNG = b"\x89PNG\r\n\x1a\n"
HTML = """## Problem

<img src="cup.png" width="300" alt="one"> and <IMG alt='two' SRC='./cup.png'>

<p align="center"><img src=cup.png alt="three"></p>

<a href=" b.md ">spaced</a>, <a href="../docs/R&amp;D.md">R and D</a>,
[R & D](../docs/R&amp;D.md), [copy](https://example.org/?a=1&copy=2),
<a href="b.md#why">b</a>, <a href="../docs/how.md?x=1&amp;y=2">how</a>,
<a href="https://example.org/">far</a>, <a href="#problem">here</a>, <a href="no-such.md">no</a>

`<img src="cup.png">` and [in Markdown](b.md)

```html
<img src="cup.png">
```
"""
SECOND = """## Why

Text.

## CI / Build machine

## Über uns

## 問題

## Q & A

See [build](#ci--build-machine), [us](#über-uns), [question](#問題) and [Q and A](#q--a).
"""


def _decision(title: str, body: str, more: str = "") -> str:
    return f"---\ntitle: {title}\nstage: assess\n{more}---\n\n{body}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    root = tmp_path_factory.mktemp("written")
    made = CliRunner().invoke(main, ["--today", TODAY, "init", str(root / "new")])
    assert made.exit_code == 0, made.output
    new = yaml.safe_load((root / "new/mkdocs.yml").read_text(encoding="utf-8"))
    base = Base(root / "base")
    extensions = [
        "attr_list",
        next(e for e in new["markdown_extensions"] if "toc" in e),
        {"pymdownx.highlight": {"linenums": True, "linenums_style": "pymdownx-inline"}},
        "pymdownx.superfences",
    ]
    base.configure({**PLAIN, "markdown_extensions": extensions, "extra": new["extra"]})
    base.write("docs/index.md", "# Home\n\n[Linked from](../decisions/b.md#linked-from)\n")
    base.write("docs/R&D.md", "# Research\n")
    base.write("docs/how.md", '# How\n\n<img src="../cup.png">\n')
    base.write("docs/cup.png", PNG)
    base.write("decisions/cup.png", PNG)
    base.write("decisions/a.md", _decision("A", HTML))
    base.write("decisions/b.md", _decision("B", SECOND))
    base.write("decisions/code.md", _decision("Code", f"## Problem\n\n{CODE}"))
    base.write(
        "decisions/groups.md",
        _decision("Groups", GROUPS, "owner: team/pay/leads\nconsulted: ['@team/pay/abroad']\n"),
    )
    for number, tag in enumerate(TAGS):
        base.write(f"decisions/t{number}.md", _decision(f"T{number}", "", f'tags: ["{tag}"]\n'))
    for name, title in TITLES.items():
        base.write(
            f"decisions/{name}.md", _decision(f'"{title}"', "", "entered: {assess: 2026-10-01}\n")
        )
    return base.build()


CODE = "```python\n" + "".join(f"x{number} = 1\n" for number in range(1, 11)) + "```\n"
GROUPS = """## Problem

Text.

## Feedback

- [ ] @team/pay/leads: what about bank holidays?
- @team/pay/abroad: fine
"""
TAGS = ("c", "c#", "c++", "node.js", "node-js", "Node JS", "a/b", "a b")
TITLES = {"persian": "می‌خواهیم زودتر پاسخ بدهیم", "family": "Leave for 👨‍👩‍👧 and 🏳️‍🌈"}


def test_pictures_and_links_in_html_lead_where_they_lead_on_the_forge(site: Site) -> None:
    page = site.page("decisions/a/")
    pictures = [node for node in page.nodes(".or-text img") if node.attributes.get("alt")]
    assert [(n.attributes["alt"], n.attributes["src"]) for n in pictures] == [
        ("one", "../cup.png"),
        ("two", "../cup.png"),
        ("three", "../cup.png"),
    ]
    assert page.link("b") == "decisions/b/#why"
    assert page.link("how") == "how/?x=1&y=2"
    assert [page.link(words) for words in ("spaced", "R and D", "R & D")] == [
        "decisions/b/",
        "R%26D/",
        "R%26D/",
    ]
    assert page.link("copy") == "https://example.org/?a=1&copy=2"
    assert page.link("far") == "https://example.org/"
    assert page.link("here") == "decisions/a/#problem"
    assert page.link("in Markdown") == "decisions/b/"
    assert [node.text() for node in page.nodes("code")][:1] == ['<img src="cup.png">']
    assert [link for link in site.dead_links() if "decisions/a/" in link] == [
        "decisions/a/ -> no-such.md"
    ]


def test_html_in_the_docs_has_addresses_as_mkdocs_takes_them(site: Site) -> None:
    assert 'src="../cup.png"' in site.page("how/").source


def test_the_build_tells_of_a_dead_address_in_html_once(site: Site) -> None:
    (said,) = [one for one in site.warnings if "no-such.md" in one]
    assert "decisions/a.md:15: the link no-such.md leads nowhere (link-nowhere)" in said


def test_a_dead_address_in_html_is_a_finding_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "decisions").mkdir()
    (tmp_path / "decisions/a.md").write_text(_decision("A", "Text.\n\n<a href=no.md>n</a>\n"))
    said = CliRunner().invoke(main, ["--root", str(tmp_path), "check"]).output
    assert "decisions/a.md:8:9: warning link-nowhere: the link no.md leads nowhere" in said


def test_headings_have_the_addresses_of_the_forge(site: Site) -> None:
    page = site.page("decisions/b/")
    ids = [node.attributes["id"] for node in page.nodes(".or-text h2")]
    assert ids == ["why", "ci--build-machine", "über-uns", "問題", "q--a"]
    assert not [one for one in site.warnings if "anchor" in one]


def test_a_link_to_a_heading_that_we_add_is_known(site: Site) -> None:
    assert site.page("decisions/b/").has("#linked-from")
    assert not [one for one in site.warnings if "linked-from" in one]


@pytest.mark.parametrize(
    ("title", "anchor"),
    [("CI / Build machine", "ci--build-machine"), ("Über uns", "über-uns"), ("C++", "c")],
)
def test_the_address_that_a_forge_makes_of_a_heading(title: str, anchor: str) -> None:
    assert forge_anchor(title) == anchor


def test_each_tag_has_a_page_headed_by_it(site: Site) -> None:
    headings = {}
    for number, tag in enumerate(TAGS):
        page = site.page(site.page(f"decisions/t{number}/").link(tag))
        headings[tag] = page.text("h1")
        assert f"T{number}" in page.titles()
    assert len(set(headings.values())) == len(TAGS) - 1  # node-js and Node JS are one
    assert headings["c++"] == "Decisions tagged “c++”"
    assert site.page("decisions/tag/c/").titles() == ["T0"]


def test_joiners_stay_in_feeds_and_lists(site: Site) -> None:
    feed = ElementTree.parse(site.folder / "feed.atom")
    titles = " ".join(one.text or "" for one in feed.iter("{http://www.w3.org/2005/Atom}title"))
    listed = (site.folder / "llms.txt").read_text(encoding="utf-8")
    for title in TITLES.values():
        assert title in titles
        assert title in listed


def test_a_calendar_without_entries_has_a_component(site: Site) -> None:
    text = (site.folder / "calendar.ics").read_text(encoding="utf-8")
    assert "BEGIN:VEVENT" not in text
    assert text.index("BEGIN:VTIMEZONE") < text.index("END:VTIMEZONE") < text.index("END:VCALENDAR")


def test_an_imported_link_keeps_the_heading_it_leads_to(tmp_path: Path) -> None:
    base = Base(tmp_path)
    front = "imported: {from: adr/1.md, on: 2026-10-01}\n"
    base.write("decisions/1.md", _decision("One", "[two](2.md#überblick)\n", front))
    base.write("decisions/2.md", _decision("Two", "## Überblick\n"))
    link = base.build().page("decisions/1/").link("two")
    assert link == "decisions/2/#uberblick"  # as this site, which sets nothing, names it


def test_a_site_that_names_headings_itself_is_followed(tmp_path: Path) -> None:
    base = Base(tmp_path)
    base.write("decisions/b.md", _decision("B", SECOND))
    options = {**PLAIN, "markdown_extensions": [], "extra": {"onrecord": {"anchors": "forge"}}}
    base.configure(options)
    text = (tmp_path / "mkdocs.yml").read_text(encoding="utf-8")
    line = (
        "markdown_extensions:\n- toc:\n    slugify: !!python/name:markdown.extensions.toc.slugify\n"
    )
    base.write("mkdocs.yml", text.replace("markdown_extensions: []", line))
    assert base.build().page("decisions/b/").has("#uber-uns")


@pytest.mark.parametrize(
    ("written", "told", "site"),
    [
        ("", {}, ""),
        ("https://a.org/", {"CI_PAGES_URL": "https://b.org"}, "https://a.org/"),
        ("", {"CI_PAGES_URL": "https://b.org/x"}, "https://b.org/x/"),
        (
            "https://g.gitlab.io/n/",
            {"CI_PAGES_URL": "https://n-12.gitlab.io"},
            "https://n-12.gitlab.io/",
        ),
        ("", {"ONRECORD_SITE_URL": "https://g.github.io/n/"}, "https://g.github.io/n/"),
        ("https://a.org/", {"ONRECORD_SITE_URL": "https://b.org"}, "https://a.org/"),
    ],
)
def test_a_job_says_where_a_site_is_published(
    written: str, told: dict[str, str], site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CI_PAGES_URL", "ONRECORD_SITE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    assert published_at(written) == site


@pytest.mark.parametrize(
    ("remote", "site"),
    [
        ("https://github.com/Team/handbook.git", "https://team.github.io/handbook/"),
        ("git@github.com:team/team.github.io.git", "https://team.github.io/"),
        ("https://gitlab.com/firm/unit/book.git", "https://firm.gitlab.io/unit/book/"),
        ("https://gitlab.firm.org/a/b", ""),
        ("https://codeberg.org/a/b", ""),
    ],
)
def test_where_a_forge_publishes_pages(remote: str, site: str) -> None:
    forge = forge_of(remote)
    assert forge is not None
    assert forge.pages_url == site


def test_lines_keep_their_numbers(site: Site) -> None:
    numbers = [n.attributes["data-linenos"] for n in site.decision("code").nodes("[data-linenos]")]
    assert [str(number).strip() for number in numbers] == [*map(str, range(1, 11))]


def test_a_group_within_a_group_is_somebody(site: Site) -> None:
    record = site.record("decisions/groups.md")
    assert record["owner"] == "team/pay/leads"
    assert record["consulted"] == ["team/pay/abroad"]
    assert {voice["from"] for voice in record["conversation"]} == {
        "team/pay/leads",
        "team/pay/abroad",
    }
    others = [said for said in site.warnings if "owner-unknown" not in said]
    assert [said for said in others if "no-such.md" not in said] == []
