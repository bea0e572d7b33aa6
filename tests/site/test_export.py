"""The export, built by other tools than ours: what the hooks add is there, and nothing acts.

The pages in `exported/` are what some of the export's files hold. `python
tests/site/test_export.py` writes them anew.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import yaml
from building import NORTHWIND, TODAY, Base, Page, Site, build_folder, words
from click.testing import CliRunner
from hostile import harm_in, hostile_base
from hypothesis import given, settings
from hypothesis import strategies as some
from markdown import Markdown

from onrecord.cli import main
from onrecord.migration.export.texts import Judge, inert
from onrecord.records.reading import read_library

GOLDEN = Path(__file__).parent / "exported"
PAGES = (
    "mkdocs.yml",
    "docs/decisions/2024/choose-payroll-tool.md",
    "docs/decisions/2026/pay-date.md",
    "docs/decisions/stage/review.md",
    "docs/playbooks/payroll-lead/handoffs/2026-10-01-alice-to-bob.md",
    "docs/playbooks/payroll-lead/index.md",
    "docs/playbooks/payroll-lead/metrics/paid-on-time.md",
)
EXTENSIONS = [
    *("admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc"),
    *("pymdownx.details", "pymdownx.superfences", "pymdownx.tasklist"),
]


def export(root: Path, to: Path) -> Path:
    words = ["--root", str(root), "--today", TODAY, "export", str(to)]
    result = CliRunner().invoke(main, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return to


def built_by_zensical(folder: Path, *options: str) -> Site:
    done = subprocess.run(
        [sys.executable, "-m", "zensical", "build", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return Site(folder / "site")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The export of the clean base."""
    root = tmp_path_factory.mktemp("northwind") / "base"
    return export(Base(root, like=NORTHWIND).root, root.parent / "out")


@pytest.fixture(scope="module", params=["zensical", "mkdocs"])
def site(folder: Path, request: pytest.FixtureRequest) -> Site:
    """The export as each tool builds it; a link of ours that leads nowhere would stop either."""
    if request.param == "zensical":
        return built_by_zensical(folder, "--strict")
    return build_folder(folder, folder / "site-of-mkdocs", TODAY, strict=True)


def table(page: Page, head: str) -> list[list[str]]:
    """The rows of the one table whose first heading is `head`."""
    (found,) = [t for t in page.nodes("table") if words(t.css_first("th")) == head]
    return [[words(cell) for cell in row.css("td")] for row in found.css("tbody tr")]


def items_below(page: Page, heading: str) -> list[str]:
    """The entries of the list below a heading."""
    (head,) = [h for h in page.nodes("h2, h3") if words(h) == heading]
    node = head.next
    while node is not None and node.tag not in ("ul", "ol"):
        node = node.next
    assert node is not None
    return [words(item) for item in node.css("li")]


@pytest.mark.parametrize("page", PAGES)
def test_the_export_is_markdown_that_a_person_reads(folder: Path, page: str) -> None:
    assert (folder / page).read_text() == (GOLDEN / page).read_text()


def test_no_link_leads_nowhere(site: Site) -> None:
    assert site.dead_links() == []


def test_a_decision_shows_its_stages_its_gate_and_its_facts(site: Site) -> None:
    page = site.decision("2026/pay-date")
    assert table(page, "Assess") == [
        [
            "✓ 14 Sep, 2 days",
            "✓ 16 Sep, 9 days",
            "● since 25 Sep",
            "to come",
            "to come",
        ]
    ]
    assert items_below(page, "Missing before integrate")[0] == (
        "1 of 3 feedback items are not resolved: Payroll lead"
    )
    facts = dict(table(page, "Fact"))
    assert facts["Owner"] == "Payroll lead, @alice"
    assert facts["Due"] == "Mon 5 Oct (late, 5 days ago)"
    assert facts["Asked"] == "@bob (answered), @carol (answered), @dan (no answer)"


def test_precedents_their_mirror_and_backlinks_are_there(site: Site) -> None:
    page = site.decision("2026/pay-date")
    precedent = items_below(page, "We had this before")[0]
    assert precedent.startswith("Choose a payroll tool Superseded (20 Feb 2024)")
    assert "This one differs from it: That was about the vendor, not the date." in precedent
    assert items_below(page, "Linked from") == ["How to begin", "Alice Ames to Bob Berg"]
    mirror = items_below(site.decision("2024/choose-payroll-tool"), "It came up again")
    assert any(item.startswith("Move the pay date to the 28th Review") for item in mirror)


def test_a_superseded_decision_says_so_first(site: Site) -> None:
    page = site.decision("2024/choose-payroll-tool")
    assert page.texts("strong")[0].startswith("Replaced by Bring payroll home")
    assert page.link("Bring payroll home") == "decisions/2026/bring-payroll-home/"


@pytest.mark.parametrize(
    ("url", "holds"),
    [
        ("decisions/", "Move the pay date to the 28th"),
        ("decisions/stage/review/", "Move the pay date to the 28th"),
        ("decisions/closed/", "Buy a boat"),
        ("decisions/outcome/rejected/", "Work four days a week"),
        ("decisions/year/2024/", "Choose a payroll tool"),
        ("decisions/role/payroll-lead/", "Bring payroll home"),
        ("decisions/tag/payroll/", "Choose a payroll tool"),
        ("playbooks/", "Payroll lead"),
        ("handoffs/", "Alice Ames to Bob Berg"),
        ("people/bob/", "Bring payroll home"),
        ("readiness/", "IT lead"),
        ("scoreboard/", "Paid on time"),
        ("process/", "Water the office plants"),
        ("changes/", "Write it down"),
        ("", "One tool to chat"),
    ],
)
def test_every_list_leads_to_its_records(site: Site, url: str, holds: str) -> None:
    page = site.page(url)
    (link,) = {page.target(a) for a in page.nodes("a") if words(a) == holds}
    assert words(site.page(link).content.css_first("h1")) == holds


def test_a_metric_has_its_values_as_a_table(site: Site) -> None:
    page = site.page("playbooks/payroll-lead/metrics/paid-on-time/")
    assert table(page, "Date") == [
        ["5 Sep 2026", "99.25 %", ""],
        ["5 Aug 2026", "98.5 %", "one file late"],
    ]
    assert table(page, "Period")[1] == ["2026-09", "99.25 %", "On target"]


def test_the_tools_own_search_finds_what_was_written(site: Site) -> None:
    (index,) = [path for path in ("search.json", "search/search_index.json") if site.has(path)]
    entries = json.loads((site.folder / index).read_text())
    entries = entries.get("items") or entries["docs"]
    found = [e["location"] for e in entries if "bank holidays?" in e["text"]]
    assert any(place.startswith("decisions/2026/pay-date/") for place in found)
    assert not any(place.startswith("decisions/stage/") for place in found)


def test_attachments_lie_beside_their_records(site: Site) -> None:
    assert (site.folder / "decisions/2026/bank.png").read_bytes() == (
        NORTHWIND / "decisions/2026/bank.png"
    ).read_bytes()
    assert site.has("playbooks/payroll-lead/metrics/paid-on-time.csv")
    record = site.record("decisions/2026/pay-date.md")
    assert record["stage"] == "review"
    assert site.page(record["url"]).has("table")


def test_what_people_wrote_stands_as_they_wrote_it(folder: Path) -> None:
    records = read_library(NORTHWIND).records
    plain = [r for r in records if not r.body.links]
    assert len(plain) > 10
    for record in plain:
        exported = (folder / "docs" / record.path).read_text()
        assert record.body.text.strip() in exported, record.path


def test_records_never_enter_the_nav(tmp_path: Path) -> None:
    base = Base(tmp_path / "base", like=NORTHWIND)
    (base.root / "mkdocs.yml").unlink()  # a nav of our own
    before = (export(base.root, tmp_path / "before") / "mkdocs.yml").read_text()
    for number in range(20):
        base.write(f"decisions/many/d{number}.md", f"---\ntitle: D{number}\nstage: assess\n---\n")
    after = (export(base.root, tmp_path / "after") / "mkdocs.yml").read_text()
    assert after == before
    nav = yaml.safe_load(after)["nav"]
    assert [next(iter(one)) if isinstance(one, dict) else one for one in nav] == [
        *("index.md", "Decisions", "People", "guide/start.md")
    ]


def test_nothing_that_people_wrote_acts(tmp_path: Path) -> None:
    out = export(hostile_base(tmp_path / "base").root, tmp_path / "out")
    zensical = built_by_zensical(out)
    mkdocs = build_folder(out, tmp_path / "mkdocs", TODAY)
    for one in (zensical, mkdocs):
        pages = [p for p in one.pages() if not p.url.startswith("h")]  # docs are the team's own
        assert len(pages) > 100
        assert [(p.url, *harm_in(p.source)) for p in pages if [*harm_in(p.source)]] == []


HARM = (
    *("<script>alert('pwned')</script>", "<img src=x onerror=pwned>", "</div>", "<div>", "<!--"),
    *("-->", "`", "```\n", "~~~\n", "\n", "\n\n", "    ", "> ", "- ", "| a | b |\n|---|---|\n"),
    *("[x](javascript:pwned)", "<javascript:pwned>", "{: onclick=pwned }", "\\", "<details>\n"),
    *(
        "[r]: javascript:pwned\n",
        "[x][r]",
        "&lt;",
        "<svg onload=pwned>",
        "word",
        "# H ",
        "<?",
        "1. ",
    ),
    *("<kbd>k</kbd>", "<a href='java\nscript:pwned'>", "!!! note\n", "<style>*{x:pwned}</style>"),
)
JUDGE = Judge(EXTENSIONS)


@settings(max_examples=300)
@given(some.lists(some.sampled_from(HARM), max_size=9).map("".join))
def test_no_text_acts_however_it_is_put_together(text: str) -> None:
    html = Markdown(extensions=EXTENSIONS).convert(inert(text, JUDGE))
    assert [*harm_in(html, fragment=True)] == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Use `<script>` here.", "Use `<script>` here."),
        ("Press <kbd>K</kbd>.<!-- a note -->", "Press <kbd>K</kbd>.<!-- a note -->"),
        ("```\n<x onclick=y>\n```", "```\n<x onclick=y>\n```"),
        ("A[^1] <kbd>K</kbd>\n\n[^1]: note", "A[^1] <kbd>K</kbd>\n\n[^1]: note"),
        ("Set <name> and `<b>`.", "Set &lt;name> and `<b>`."),
        ("A line </div> more.", "A line &lt;/div> more."),
        ("[x](javascript:y)", "&#91;x](javascript:y)"),
        ("## T {: onclick=x }", "## T &#123;: onclick=x }"),
    ],
)
def test_only_what_could_act_is_escaped(text: str, shown: str) -> None:
    assert inert(text, JUDGE) == shown


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        out = export(Base(Path(made) / "base", like=NORTHWIND).root, Path(made) / "out")
        for name in PAGES:
            (GOLDEN / name).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / name).write_text((out / name).read_text())
