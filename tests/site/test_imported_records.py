"""Imported records on the site: their page, their old addresses, links of their texts."""

from __future__ import annotations

import pytest
from building import PLAIN, Base, Site

BODY = """# 4. Pay by cheque

[with spaces](pay%20%26%20post.md), [a picture](gone.png), [the guide](../guide.md),
[lost](../lost.md), [rooted](/docs/guide.md), [rooted and lost](/src/lost.go),
[here](#why), [not here](#1-why-), [there](../guide.md#one), [not there](../guide.md#two)

## Why
"""
OLD = """---
title: Pay by cheque
stage: align
outcome: accepted
decided: 2016-05-02
aliases: [docs/adr/0004-pay-by-cheque.md, architecture/4/, old/four.html, 404.html, "../out.md"]
imported: {{from: docs/adr/0004-pay-by-cheque.md, format: nygard}}
---
{0}"""
OPEN = """---
title: Pay & post
stage: assess
aliases: [docs/adr/pay & post.md]
imported:
  from: docs/adr/pay & post.md
  format: nygard
  unsettled:
    status: Resting <b>
---
# Pay & post
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    base = Base(tmp_path_factory.mktemp("imported"))
    base.write("decisions/imported/0004-pay-by-cheque.md", OLD.format(BODY))
    base.write("decisions/imported/pay-post.md", OPEN)
    base.write("docs/guide.md", "# Guide\n\n## One\n")
    base.write("docs/index.md", "# Home\n")
    base.configure(
        {
            **PLAIN,
            "validation": {
                "nav": {"omitted_files": "info"},
                "links": {"not_found": "warn", "absolute_links": "warn", "anchors": "warn"},
            },
        }
    )
    return base.build()


@pytest.mark.parametrize(
    ("file", "to"),
    [
        ("adr/0004-pay-by-cheque/index.html", "../../decisions/imported/0004-pay-by-cheque/"),
        ("adr/0004-pay-by-cheque.html", "../decisions/imported/0004-pay-by-cheque/"),
        ("docs/adr/0004-pay-by-cheque.html", "../../decisions/imported/0004-pay-by-cheque/"),
        ("architecture/4/index.html", "../../decisions/imported/0004-pay-by-cheque/"),
        ("old/four.html", "../decisions/imported/0004-pay-by-cheque/"),
        ("adr/pay & post/index.html", "../../decisions/imported/pay-post/"),
    ],
)
def test_an_old_address_leads_to_the_new_page(site: Site, file: str, to: str) -> None:
    page = (site.folder / file).read_text(encoding="utf-8")
    assert f'<meta http-equiv="refresh" content="0; url={to}">' in page
    assert f'<a href="{to}">' in page
    assert ((site.folder / file).parent / to / "index.html").resolve().is_file()


def test_an_alias_takes_no_page_of_the_site_and_none_outside_it(site: Site) -> None:
    assert "has moved" not in (site.folder / "404.html").read_text(encoding="utf-8")
    assert not (site.folder.parent / "out.html").exists()


def test_links_of_an_imported_text_lead_where_they_can_and_none_is_dead(site: Site) -> None:
    page = site.page("decisions/imported/0004-pay-by-cheque/")
    assert page.link("with spaces") == "decisions/imported/pay-post/"
    assert page.link("the guide") == "guide/"
    assert page.link("rooted") == "guide/"
    assert page.link("here").endswith("#why")
    assert page.link("there") == "guide/#one"
    assert page.link("not there") == "guide/"
    links = {node.text() for node in page.nodes("a[href]")}
    assert not links & {"lost", "rooted and lost", "not here"}
    assert "lost" in page.words
    assert "a picture" in page.words
    assert [text for text in site.warnings if "link" in text] == []


def test_a_record_that_went_through_no_stages_shows_none(site: Site) -> None:
    page = site.page("decisions/imported/0004-pay-by-cheque/")
    assert not page.has(".or-steps")
    assert page.facts["Owner"] == "none on record"
    assert page.facts["Imported"].startswith("from docs/adr/0004-pay-by-cheque.md")


def test_what_is_unsettled_is_said_on_the_page_and_stops_no_build(site: Site) -> None:
    page = site.page("decisions/imported/pay-post/")
    assert "Its old status, “Resting <b>”, is not settled since its import" in page.words
    assert not page.has(".or-steps")
    assert not any("import-unsettled" in text for text in site.warnings)
    assert "outcome: accepted" not in page.words


def test_what_is_unsettled_has_its_own_page_and_is_on_no_board(site: Site) -> None:
    title = "Pay & post"
    assert site.page("decisions/outcome/unsettled/").titles() == [title]
    for path in ("decisions/", "decisions/stage/assess/", "decisions/closed/"):
        assert title not in site.page(path).titles()
    assert "1 imported decision is to be settled" in site.page("decisions/").words
