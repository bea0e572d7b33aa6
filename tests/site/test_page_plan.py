"""Which page is where: the site and the export answer alike, whatever takes whose address."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from building import NORTHWIND, PLAIN, TODAY, Base, Site, build_folder
from click.testing import CliRunner
from mkdocs.structure.files import File

from onrecord.cli import main
from onrecord.records.settings import address_of

ONLY_ON_THE_SITE = ("404.html", "start")


@pytest.fixture(scope="module", params=[True, False], ids=["folders", "files"])
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Site]:
    """The site of a base in which many want one address, and the site of its export."""
    base = Base(tmp_path_factory.mktemp("taken") / "base", like=NORTHWIND)
    trusted = {"onrecord": {"docs": "trusted"}}  # HTML files of the docs are published too
    base.configure({**PLAIN, "use_directory_urls": request.param, "extra": trusted})
    (base.root / "docs/index.md").rename(base.root / "docs/README.md")
    handoff = next(base.root.glob("playbooks/*/handoffs/*.md"))
    for path, text in {
        # The same file name as a record, and another one that has its address.
        "docs/decisions/2026/pay-date.md": "# A docs page for the pay date\n\n## Proposal\n",
        "docs/decisions/2024/choose-payroll-tool/index.md": "# A docs page for the tool\n",
        "docs/decisions/2024/choose-payroll-tool.html": "<h1>A file for the tool</h1>",
        "docs/decisions/README.md": "# Our own board\n\n[Tool](../../decisions/README.md)\n",
        "docs/decisions/closed.md": "# Our own list\n",
        "docs/playbooks/index.md": "# Our own roles\n",
        "docs/guide/links.md": "# Links\n\n"
        "[Tool](../../decisions/2024/choose-payroll-tool.md)\n"
        "[Decisions](../../decisions/README.md)\n[Home](../README.md)\n",
        "playbooks/notes.md": "# Notes of nobody\n",
        f"{handoff.parent.relative_to(base.root)}.md": "# A text beside handoffs\n",
        f"{handoff.parent.relative_to(base.root)}/README.md": handoff.read_text(),
        "decisions/stage/assess.md": "---\ntitle: Assess better\n---\n\nNow.\n",
    }.items():
        base.write(path, text)
    site = base.build()
    out = base.root.parent / "out"
    words = ["--root", str(base.root), "--today", TODAY, "export", str(out)]
    result = CliRunner().invoke(main, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    text = (out / "mkdocs.yml").read_text(encoding="utf-8")
    (out / "mkdocs.yml").write_text(text.replace("name: material", "name: mkdocs"), "utf-8")
    return [site, build_folder(out, out / "site", TODAY)]


def pages(site: Site) -> dict[str, str]:
    """The first heading of every page that both may have, by its file."""
    found = {}
    for page in site.pages():
        file = page.url if page.url.endswith(".html") else f"{page.url}index.html"
        if not file.startswith(ONLY_ON_THE_SITE):
            heading = page.tree.css_first("h1")
            found[file] = re.sub("[()]", "", heading.text()) if heading else ""
    return found


def test_both_have_the_same_pages_at_the_same_addresses(both: list[Site]) -> None:
    site, export = map(pages, both)
    assert export == site
    assert "A docs page for the pay date" in site.values()
    assert "Our own board" in site.values()
    assert "Assess better" in site.values()
    assert "Notes of nobody" in site.values()


def test_both_give_every_record_the_same_address(both: list[Site]) -> None:
    site, export = ({one["path"]: one["url"] for one in built.records["records"]} for built in both)
    assert export == site
    assert "decisions/2026/pay-date.md" in site


def test_links_lead_somewhere_on_both(both: list[Site]) -> None:
    for site in both:
        assert [one for one in site.dead_links() if not one.startswith("start/")] == []


def test_what_has_no_address_is_said(both: list[Site]) -> None:
    said = [line for line in both[0].warnings if "is not shown" in line]
    assert any("docs/decisions/2026/pay-date.md has this address" in line for line in said)
    assert any("decisions/2024/choose-payroll-tool.md: docs/" in line for line in said)
    assert len(said) == len(set(said)) <= 3


def test_a_draft_takes_no_address(team: Base) -> None:
    team.configure({**PLAIN, "draft_docs": "people/\n"})
    team.write("docs/people/index.md", "# A draft of ours\n")
    site = team.build()
    assert site.page("people/").text("h1") == "Who is waited for"
    assert site.dead_links() == []


@pytest.mark.parametrize("folders", [True, False])
@pytest.mark.parametrize(
    "path",
    [
        *("index.md", "README.md", "a/index.md", "a/README.md", "a/b.md", "a/readme.md"),
        *("a/x.y.md", "é ü/%41#?.md", "a/index.html", "index.html", "a/b.html", "x.png"),
    ],
)
def test_addresses_are_those_of_mkdocs(path: str, folders: bool, tmp_path: Path) -> None:
    assert address_of(path, folders) == File(path, "", str(tmp_path), folders).url
