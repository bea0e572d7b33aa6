"""What somebody who means harm writes appears as text, or not at all; nothing of it acts."""

from __future__ import annotations

from building import Base, Site, words
from hostile import PAYLOADS, harm_in
from search_files import indexed


def is_of_the_docs(url: str) -> bool:
    """Pages of docs/ are MkDocs' own business, and may hold any HTML."""
    return url.startswith("h") and url != "handoffs/"


def test_the_check_finds_what_would_act() -> None:
    for html in (
        "<p onclick='x()'>",
        "<script>pwned</script>",
        "<a href=' javascript:pwned'>",
        "<iframe></iframe>",
        "<p style='position:fixed'>",
    ):
        assert list(harm_in(html, fragment=True)), html


def test_nothing_on_any_page_acts(hostile_site: Site) -> None:
    pages = [page for page in hostile_site.pages() if not is_of_the_docs(page.url)]
    assert len(pages) > 100
    found = {page.url: harm for page in pages if (harm := list(harm_in(page.source)))}
    assert found == {}


def test_a_title_is_text_wherever_it_stands(hostile_site: Site) -> None:
    for number, payload in enumerate(PAYLOADS):
        page = hostile_site.decision(f"hostile/d{number}")
        text = " ".join(payload.split())
        assert page.text("h1") == text
        title = page.tree.css_first("title")
        assert title is not None
        assert title.text().strip() == f"{text} - Northwind on record"
        assert text in " ".join(page.tree.css_first(".md-header").text().split())
        assert text in hostile_site.page("decisions/stage/review/").titles()
        assert text in hostile_site.page("decisions/").titles()
        assert text in hostile_site.page("decisions/outcome/rejected/").titles()


def test_facts_are_text_too(hostile_site: Site) -> None:
    for number, payload in enumerate(PAYLOADS):
        text = " ".join(payload.split())
        page = hostile_site.decision(f"hostile/d{number}")
        assert text in page.facts["Tags"]
        assert text in words(page.after_heading("we-had-this-before"))
        role = hostile_site.page(f"playbooks/h{number}/")
        assert role.text(".or-purpose") == text
        assert role.facts["Team"] == text
        metric = hostile_site.page(f"playbooks/h{number}/metrics/m/")
        assert metric.facts["Source"] == text
        assert metric.facts["Newest"].startswith(words_of(f"1 {text} on"))
        (row,) = map(words, metric.after_heading("values").css("tbody tr"))
        assert text in row


def words_of(text: str) -> str:
    return " ".join(text.split())


def test_records_json_holds_what_was_written(hostile_site: Site) -> None:
    for number, payload in enumerate(PAYLOADS):
        assert hostile_site.record(f"decisions/hostile/d{number}.md")["title"] == payload


def test_the_search_index_holds_what_was_written(hostile_site: Site) -> None:
    pages = indexed(hostile_site.folder)
    assert len(pages) > 20
    for number, payload in enumerate(PAYLOADS):
        assert pages[f"/decisions/hostile/d{number}/"]["meta"]["title"] == payload


def test_the_table_of_contents_holds_nothing_that_acts(hostile_site: Site) -> None:
    page = hostile_site.decision("hostile/c0")
    contents = page.tree.css_first(".md-nav--secondary")
    assert contents is not None
    assert "Problem" in contents.text()
    assert list(harm_in(contents.html or "", fragment=True)) == []


def test_expressions_of_a_template_stay_as_they_are(hostile_site: Site) -> None:
    number = next(n for n, payload in enumerate(PAYLOADS) if "7*7" in payload)
    assert "{{ 7*7 }}" in hostile_site.decision(f"hostile/d{number}").text("h1")
    assert "{{ 7*7 }}" in hostile_site.decision(f"hostile/d{number}").words.partition("See that")[2]


UNBALANCED = (
    "</div></div></div></div></article></main>",
    "</div></div></div></div>",
    "</div></div></div>\n\ntext\n\n<div><div><div>",
    "x</div></div></div> <div><div><div>",
    '<a href="https://elsewhere.example/">',
    '<a href="https://elsewhere.example/"><b>x</a></b>',
    '<del><pre class="x">',
    "<table><tr><td>",
    "<ul><li><h2>",
)


def test_tags_left_open_or_closed_too_often_stay_in_the_text(team: Base) -> None:
    for number, html in enumerate(("Nothing odd.", *UNBALANCED)):
        front = "title: X\nstage: assess\nowner: it-lead"
        team.write(f"decisions/odd/d{number}.md", f"---\n{front}\n---\n\n{html}\n\nThe end.\n")
        team.write(f"decisions/odd/e{number}.md", f"---\n{front}\n---\n\n[that](d{number}.md)\n")
    site = team.build()

    def around_the_last_fragment(number: int) -> list[str | None]:
        node = site.decision(f"odd/d{number}").tree.css_first(".or-foot")
        found = []
        while node is not None:
            found.append(node.tag)
            node = node.parent
        return found

    right = around_the_last_fragment(0)
    assert right[:2] == ["p", "div"]  # the plain theme has no article
    for number, html in enumerate(UNBALANCED, start=1):
        assert around_the_last_fragment(number) == right, html
