"""Aliases: plain names, and never in the way of a file that the site has."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from building import NORTHWIND, TODAY, Base, Site
from click.testing import CliRunner

from onrecord.cli import main
from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.records.model import is_alias
from onrecord.site.aliases import faults_of_aliases

OWN = "decisions/2026/pay-date.md"

NOT_PLAIN = [
    *("..\\..\\..\\old.md", "C:\\old.md", "C:/old.md", "c:old.md", "\\\\host\\share\\old.md"),
    *("../old.md", "a/../../old.md", "./old.md", "a/./old.md", "/old.md", "a//old.md", "a//"),
    *("a?b.md", "a#b.md", "%2e%2e/old.md", "a%2fb.md", "a:b.md", "a<b>.md", 'a"b.md', "a|b.md"),
    *("con.md", "a/NUL", "aux.tar.gz.md", "Com1.md", "lpt¹.md", "CONIN$", "nul .md"),
    *("a./b.md", "a /b.md", " a.md", "a.md ", "old.", ".git/config", "a/.htaccess"),
    *("a\tb.md", "a\x7fb.md", "a\u202eb.md", "x" * 300 + ".md", "/".join(["abcde"] * 300), "", "/"),
]
IN_THE_WAY = [
    *("records.json/x.html", "records.json", "sitemap.xml", "Sitemap.XML/", "404.html"),
    *("index.html/x.md", "index.md", "README.md", "llms.txt/a.md", "onrecord.json/x"),
    *("decisions/2026/pay-date/index.html/old.md", "decisions/2026/pay-date.html"),
    *("decisions/2026/desk-lamps.md", "Decisions/2026/Desk-Lamps.md"),
    *("decisions/2026/desk-lamps/", "decisions/2026/desk-lamps/index.md/x.md"),
    *("assets/x.md", "assets/", "pagefind/pagefind.js/x", "pagefind/x.html", "schemas/a.md"),
    *("people.md", "people/", "start/role.md", "search.md", "search/search_index.json/x.html"),
    *("calendar.ics/x", "feed.atom/x.md", "decisions/feed.atom/a/b.html", "decisions/closed.md"),
    *("docs/people.md", "onrecord.JSON/x"),
]


@pytest.mark.parametrize("alias", NOT_PLAIN)
def test_only_paths_of_plain_names_are_aliases(alias: str) -> None:
    assert not is_alias(alias)


@pytest.mark.parametrize(
    "alias",
    [
        *("docs/adr/0012-pay-date.md", "architecture/decisions/5/", "old.html", "a b/c d.md"),
        *("über/uns.md", "問題.md", "a/console.md", "com10.md", "it's.md", "a&b.md", "v1.2.md"),
    ],
)
def test_other_paths_may_be_any_words(alias: str) -> None:
    assert is_alias(alias)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    shutil.copytree(NORTHWIND, tmp_path / "base")
    return tmp_path / "base"


def with_aliases(root: Path, *aliases: str, path: str = OWN) -> None:
    file = root / path
    listed = f"aliases: {json.dumps(aliases)}\n---\n"
    head, _, text = file.read_text(encoding="utf-8").removeprefix("---\n").partition("---\n")
    file.write_text(f"---\n{head}{listed}{text}", encoding="utf-8")


def faults(root: Path) -> list[str]:
    base = KnowledgeBase.open(root, date.fromisoformat(TODAY))
    return [one.message for one in faults_of_aliases(base)]


@pytest.mark.parametrize("alias", IN_THE_WAY)
def test_an_alias_in_the_way_of_a_file_is_a_finding(base: Path, alias: str) -> None:
    with_aliases(base, alias)
    (said,) = faults(base)
    assert said.startswith(f"the alias {alias} is the address of ")


def test_the_check_names_file_line_and_right_form(base: Path) -> None:
    with_aliases(base, "docs/adr/0007.md", "records.json/x.html", "C:\\old.md")
    result = CliRunner().invoke(main, ["--root", str(base), "--today", TODAY, "check"])
    assert result.exit_code == 1
    lines = result.output.splitlines()
    line = (base / OWN).read_text().splitlines().index("---", 1)
    assert lines[0].startswith(f"{OWN}:{line}:")
    assert "alias-unusable: the alias records.json/x.html is the address of records.j" in lines[0]
    assert lines[1] == ("    write the old path of this record, such as docs/adr/0012-pay-date.md")
    assert "the alias C:\\old.md isn't a path within the site" in lines[2]
    assert lines[3] == "    write plain names from the root, such as docs/adr/0012-pay-date.md"


def test_two_aliases_may_not_go_through_each_other(base: Path) -> None:
    with_aliases(base, "a/b.html", "a/b.html/c.md", "a/b.md", "a/b/")
    assert faults(base) == [
        "the alias a/b.html/c.md is the address of an alias of decisions/2026/pay-date.md"
    ]


def test_old_files_that_are_still_there_after_an_import_are_no_fault(tmp_path: Path) -> None:
    old = tmp_path / "docs/adr/0001-use-git.md"
    old.parent.mkdir(parents=True)
    (tmp_path / "decisions").mkdir()
    old.write_text("# Use git\n\nDate: 2020-01-01\n\n## Status\n\nAccepted\n")
    words = ["--root", str(tmp_path), "--today", TODAY, "import", str(old.parent), "--write"]
    assert CliRunner().invoke(main, words).exit_code == 0
    assert faults(tmp_path) == []


def test_an_import_writes_no_alias_that_a_site_cannot_have(tmp_path: Path) -> None:
    old = tmp_path / "docs/adr/0001 which? #2.md"
    old.parent.mkdir(parents=True)
    (tmp_path / "decisions").mkdir()
    old.write_text("# Use git\n\nDate: 2020-01-01\n\n## Status\n\nAccepted\n")
    other = old.with_name("0002-more.md")
    other.write_text(
        "# More\n\nDate: 2020-01-02\n\n## Status\n\nAccepted\n\n"
        "See [the first](0001%20which%3F%20%232.md).\n"
    )
    run = ["--root", str(tmp_path), "--today", TODAY]
    assert CliRunner().invoke(main, [*run, "import", str(old.parent), "--write"]).exit_code == 0
    shutil.rmtree(old.parent)
    result = CliRunner().invoke(main, [*run, "check"])
    assert "alias-unusable" not in result.output
    assert "link-nowhere" not in result.output


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    base = Base(tmp_path_factory.mktemp("aliases"), like=NORTHWIND)
    with_aliases(base.root, "old/good.md", "elsewhere/", "sitemap.xml", "C:/old.md")
    with_aliases(base.root, *NOT_PLAIN, path="decisions/2026/new-laptops.md")
    with_aliases(base.root, *IN_THE_WAY, path="decisions/2026/office-plants.md")
    return base.build()


def test_no_alias_ends_a_build_and_good_ones_lead_on(site: Site) -> None:
    assert site.has("old/good/index.html")
    assert "pay-date" in (site.folder / "elsewhere/index.html").read_text()
    said = [one for one in site.warnings if "alias-unusable" in one]
    assert any("the alias sitemap.xml is the address of sitemap.xml" in one for one in said)
    assert any("C:/old.md isn't a path within the site" in one for one in said)


def test_no_file_of_the_site_is_an_aliases_own(site: Site) -> None:
    assert site.page("people/").has("h1")
    assert json.loads((site.folder / "records.json").read_text())
    assert "pay-date" not in (site.folder / "404.html").read_text()
    led = [p for p in site.folder.rglob("*.html") if 'http-equiv="refresh"' in p.read_text()]
    own = {p.relative_to(site.folder).as_posix().partition("/")[0] for p in led}
    assert not own & {"assets", "pagefind", "schemas", "people", "search", "..", "C:"}
