"""Links as authors write them on the forge: they work on the site, and broken ones are said."""

from __future__ import annotations

from typing import Any

import pytest
from building import PLAIN, Base, Site

FORGE = {"repo_url": "https://forge.example/a/b", "edit_uri": "edit/main/docs/"}
DECISION = "---\ntitle: {0}\nstage: assess\n---\n\n{1}\n"
ROLE = "---\ntitle: Lead\npurpose: Leads.\nholder: ana\n---\n\n{0}\n"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def linked(base: Base) -> Base:
    base.write("decisions/2026/one.md", DECISION.format("One", "## The point\n\nHere."))
    base.write("decisions/2026/two.md", DECISION.format("Two", "Text."))
    base.write("playbooks/lead/index.md", ROLE.format("## Access\n\nAsk."))
    base.write("docs/index.md", "# Home\n")
    base.write("docs/guide/start.md", "# Start\n\n## First\n")
    base.write("src/tool.py", "pass\n")
    base.write("README.md", "# The repository\n")
    return base


def led(base: Base, source: str, link: str, **options: Any) -> tuple[str, list[str]]:
    """Where a link in a file leads on the site, and what the build warns of."""
    file = base.root / source
    before = file.read_text()
    file.write_text(f"{before}\n\n[the link]({link})\n")
    base.configure({**PLAIN, **options})
    site = base.build()
    file.write_text(before)
    url = {
        "decisions/2026/two.md": "decisions/2026/two/",
        "playbooks/lead/index.md": "playbooks/lead/",
        "docs/guide/start.md": "guide/start/",
    }[source]
    return site.page(url).link("the link"), site.warnings


FROM_A_DECISION = {
    "one.md": "decisions/2026/one/",
    "one.md#the-point": "decisions/2026/one/#the-point",
    "../../decisions/2026/one.md": "decisions/2026/one/",
    "../../playbooks/lead/index.md#access": "playbooks/lead/#access",
    "../../docs/guide/start.md": "guide/start/",
    "../../docs/guide/start.md?a=b#first": "guide/start/?a=b#first",
    "../../docs/index.md": "",
    "../../decisions/": "decisions/",
    "..": "decisions/",
    "../README.md": "decisions/",
    "../../playbooks/README.md": "playbooks/",
    "https://example.org/x.md": "https://example.org/x.md",
    "mailto:ana@example.org": "mailto:ana@example.org",
    "../../src/tool.py": "https://forge.example/a/b/blob/main/src/tool.py",
    "../../README.md": "https://forge.example/a/b/blob/main/README.md",
}


def test_from_a_decision_to_everything(linked: Base) -> None:
    linked.write("decisions/README.md", "# Decisions\n")
    linked.write("playbooks/README.md", "# Playbooks\n")
    text = "\n".join(f"- [{number}]({link})" for number, link in enumerate(FROM_A_DECISION))
    linked.write("decisions/2026/two.md", DECISION.format("Two", text))
    linked.configure({**PLAIN, **FORGE})
    site = linked.build()
    page = site.decision("2026/two")
    led_to = {link: page.link(str(n)) for n, link in enumerate(FROM_A_DECISION)}
    assert led_to == FROM_A_DECISION
    assert site.warnings == []
    assert site.dead_links() == []


@pytest.mark.parametrize(
    ("source", "link", "url"),
    [
        ("playbooks/lead/index.md", "../../decisions/2026/one.md", "decisions/2026/one/"),
        (
            "docs/guide/start.md",
            "../../decisions/2026/one.md#the-point",
            "decisions/2026/one/#the-point",
        ),
        ("docs/guide/start.md", "../../playbooks/lead/index.md", "playbooks/lead/"),
        ("docs/guide/start.md", "../index.md", ""),
        ("docs/guide/start.md", "../../decisions", "decisions/"),
    ],
)
def test_from_playbooks_and_docs(linked: Base, source: str, link: str, url: str) -> None:
    assert led(linked, source, link) == (url, [])


@pytest.mark.parametrize(
    ("source", "link"),
    [
        ("decisions/2026/two.md", "three.md"),
        ("decisions/2026/two.md", "../one.md"),
        ("decisions/2026/two.md", "one.md#another-point"),
        ("playbooks/lead/index.md", "../../docs/gone.md"),
        ("docs/guide/start.md", "../../decisions/2026/three.md"),
    ],
)
def test_a_link_that_leads_nowhere_is_said(linked: Base, source: str, link: str) -> None:
    _, warnings = led(linked, source, link)
    assert len(warnings) == 1
    assert link in warnings[0]


def test_a_file_of_the_repository_without_an_address_of_the_forge_keeps_its_words(
    linked: Base,
) -> None:
    text = DECISION.format("Two", "[the tool](../../src/tool.py) ![the map](../../src/map.odg)")
    linked.write("decisions/2026/two.md", text)
    linked.write("src/map.odg", "x")
    site = linked.build()
    page = site.decision("2026/two")
    assert "the tool" in page.words
    assert not any("src" in link for link in page.links())
    assert site.warnings == []


@pytest.mark.parametrize(
    ("repo_url", "edit_uri", "shown"),
    [
        ("https://github.com/a/b", "edit/main/docs/", "https://github.com/a/b/blob/main/"),
        ("https://github.com/a/b/", "edit/main/docs", "https://github.com/a/b/blob/main/"),
        ("https://gitlab.com/a/b", "-/edit/main/docs/", "https://gitlab.com/a/b/-/blob/main/"),
        ("https://gitlab.com/a/b", "edit/main/docs/", "https://gitlab.com/a/b/blob/main/"),
    ],
)
def test_files_outside_the_site_are_shown_by_the_forge(
    linked: Base, repo_url: str, edit_uri: str, shown: str
) -> None:
    forge = {"repo_url": repo_url, "edit_uri": edit_uri}
    found = led(linked, "decisions/2026/two.md", "../../src/tool.py", **forge)
    assert found == (shown + "src/tool.py", [])


def test_images_and_files_beside_a_record(linked: Base) -> None:
    linked.write("decisions/2026/my map.png", PNG)
    linked.write("playbooks/lead/form.pdf", b"%PDF")
    text = (
        "![map](<my map.png>)\n\n[form](../../playbooks/lead/form.pdf)\n\n![](../../docs/logo.png)"
    )
    linked.write("decisions/2026/two.md", DECISION.format("Two", text))
    linked.write("docs/logo.png", PNG)
    site = linked.build()
    page = site.decision("2026/two")
    sources = [node.attributes["src"] for node in page.nodes("img")]
    assert sources == ["../my%20map.png", "../../../logo.png"]
    assert page.link("form") == "playbooks/lead/form.pdf"
    assert site.has("decisions/2026/my map.png")
    assert site.warnings == []
    assert site.dead_links() == []


def test_links_by_reference_work_too(linked: Base) -> None:
    text = "See [the one][1].\n\n[1]: one.md#the-point"
    linked.write("decisions/2026/two.md", DECISION.format("Two", text))
    site = linked.build()
    assert site.decision("2026/two").link("the one") == "decisions/2026/one/#the-point"
    assert site.warnings == []


def test_a_link_in_code_is_left_alone(linked: Base) -> None:
    linked.write("decisions/2026/two.md", DECISION.format("Two", "`[x](gone.md)`"))
    site = linked.build()
    assert "[x](gone.md)" in site.decision("2026/two").words
    assert site.warnings == []


def test_an_address_nobody_can_read_ends_no_build(linked: Base) -> None:
    odd = ["//[x", "http://[::1", "https://a]b/", "http://\u2100.org/", "a%00b.md"]
    for number, link in enumerate(odd):
        linked.write(f"decisions/d{number}.md", DECISION.format("Odd", f"[the link]({link})"))
    site = linked.build()
    for number, link in enumerate(odd):
        assert "the link" in site.decision(f"d{number}").words
        said = [w for w in site.warnings if f"d{number}.md" in w]
        assert len(said) == 1, link


def test_docs_under_another_name(linked: Base) -> None:
    (linked.root / "docs").rename(linked.root / "manual")
    linked.write("manual/guide/start.md", "# Start\n\n[one](../../decisions/2026/one.md)\n")
    linked.write(
        "decisions/2026/two.md", DECISION.format("Two", "[s](../../manual/guide/start.md)")
    )
    forge = {"repo_url": "https://forge.example/a/b", "edit_uri": "edit/main/manual/"}
    linked.configure({**PLAIN, **forge, "docs_dir": "manual"})
    site = linked.build()
    assert site.page("guide/start/").link("one") == "decisions/2026/one/"
    two = site.decision("2026/two")
    assert two.link("s") == "guide/start/"
    edit = "https://forge.example/a/b/edit/main/decisions/2026/two.md"
    assert two.link("Edit this decision") == edit
    assert site.decision("2026/one").link("Start") == "guide/start/"
    assert site.warnings == []


def test_docs_in_a_deeper_folder(linked: Base) -> None:
    (linked.root / "content").mkdir()
    (linked.root / "docs").rename(linked.root / "content/docs")
    linked.write(
        "decisions/2026/two.md", DECISION.format("Two", "[s](../../content/docs/index.md)")
    )
    forge = {"repo_url": "https://forge.example/a/b", "edit_uri": "edit/main/content/docs/"}
    linked.configure({**PLAIN, **forge, "docs_dir": "content/docs"})
    site = linked.build()
    two = site.decision("2026/two")
    assert two.link("s") == ""
    edit = "https://forge.example/a/b/edit/main/decisions/2026/two.md"
    assert two.link("Edit this decision") == edit


def test_addresses_with_file_names(team: Base) -> None:
    site: Site = team.build(use_directory_urls=False)
    page = site.page("decisions/2026/pay-date.html")
    assert page.link("Ask everyone about the pay date") == "decisions/2026/survey-pay-date.html"
    assert "playbooks/payroll-lead/index.html" in page.links()
    assert site.record("decisions/2026/pay-date.md")["url"] == "decisions/2026/pay-date.html"
    led = [to for to in site.page("index.html").links() if to.startswith("decisions/")]
    assert led
    assert [to for to in led if not to.partition("#")[0].endswith(".html")] == []
    assert site.warnings == []
    assert site.dead_links() == []
