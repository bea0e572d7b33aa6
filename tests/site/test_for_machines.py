"""What a site publishes for programs: Markdown beside pages, llms.txt, lists from records.json."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

import pytest
from building import NORTHWIND, TODAY, Base, Site, words
from click.testing import CliRunner

from onrecord.cli import main
from onrecord.records.vocabulary import STAGES
from onrecord.text.slugs import page_name_of_person, page_name_of_tag

ROOT = "https://northwind.example/record/"
LINK = re.compile(r"\]\(([^)]+)\)")


def text(site: Site, path: str) -> str:
    return (site.folder / path).read_text(encoding="utf-8")


# Markdown beside the page.


def test_each_record_lies_beside_its_page_as_it_is_written(northwind: Site) -> None:
    records = northwind.records["records"]
    assert len(records) == 20
    for record in records:
        assert record["markdown"] == record["url"] + "index.md"
        published = text(northwind, record["markdown"])
        written = (NORTHWIND / record["path"]).read_text(encoding="utf-8")
        front, body = written.removeprefix("---\n").split("\n---\n")
        assert published.startswith(f"---\n{front}\n---\n")
        if "](" not in body:
            assert body.strip() in published
        page = northwind.page(record["url"])
        (link,) = page.tree.css('head link[rel~=alternate][type="text/markdown"]')
        assert urljoin(record["url"], link.attributes["href"] or "") == record["markdown"]


def test_the_markdown_tells_what_the_page_tells(northwind: Site) -> None:
    replaced = text(northwind, "decisions/2024/choose-payroll-tool/index.md")
    assert (
        f"Status on {TODAY}: superseded. **Replaced by [Bring payroll home]"
        "(../../../decisions/2026/bring-payroll-home/index.md); that one is in force**" in replaced
    )
    assert "told apart by [Move the pay date to the 28th]" in replaced
    waiting = text(northwind, "decisions/2026/pay-date/index.md")
    assert f"Status on {TODAY}: open, in review." in waiting
    assert "## Missing before integrate" in waiting
    assert (
        "[Choose a payroll tool](../../../decisions/2024/choose-payroll-tool/index.md)" in waiting
    )
    role = text(northwind, "playbooks/payroll-lead/index.md")
    for said in ("**Holds it** | [@alice]", "## Open loops", "Send the corrected file", "99.25 %"):
        assert said in role
    number = text(northwind, "playbooks/payroll-lead/metrics/paid-on-time/index.md")
    assert "| 5 Aug 2026 | 98.5 % | one file late |" in number


def test_every_link_of_the_markdown_leads_somewhere(northwind: Site) -> None:
    found = 0
    for record in northwind.records["records"]:
        for link in LINK.findall(text(northwind, record["markdown"])):
            place = urljoin(record["markdown"], unquote(link.partition("#")[0]))
            if not link.startswith(("http", "#", "mailto:")):
                found += 1
                assert northwind.has(place) or northwind.has(f"{place}/index.html"), (record, link)
    assert found > 150


def test_it_tells_the_same_as_an_export(northwind: Site, tmp_path: Path) -> None:
    words = ["--root", str(NORTHWIND), "--today", TODAY, "export", str(tmp_path / "out")]
    result = CliRunner().invoke(main, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output

    def words_of(path: Path) -> str:
        body = path.read_text(encoding="utf-8").split("\n---\n", 1)[1]
        return LINK.sub("]", body).strip()

    for record in northwind.records["records"]:
        exported = tmp_path / "out/docs" / record["path"]
        assert words_of(northwind.folder / record["markdown"]) == words_of(exported)


def test_it_holds_what_was_said_in_files_of_their_own(team: Base) -> None:
    team.write(
        "decisions/2026/pay-date/2026-09-20-carol.md",
        "---\nfrom: carol\nsays: feedback\n---\nWho tells *the bank*?\n\n- [ ] and when?\n",
    )
    team.write(
        "decisions/2026/pay-date/2026-09-21-alice.md",
        "---\nfrom: alice\nsays: answer\nto: 2026-09-20-carol\n---\nI do.\n",
    )
    said = text(team.build(), "decisions/2026/pay-date/index.md")
    _, _, talk = said.partition("## Conversation\n")
    assert "- **@carol** (asked, 2026-09-20, " in talk
    assert "\n    Who tells *the bank*?\n\n    - [ ] and when?\n" in talk
    assert "\n    - **@alice** (owner, 2026-09-21, answer)\n\n        I do.\n" in talk


def test_it_does_so_without_folders_for_pages(team: Base) -> None:
    team.write("decisions/2026/crlf.md", b"---\r\ntitle: Ends\r\nstage: assess\r\n---\r\n\r\nText.")
    site = team.build(use_directory_urls=False)
    record = site.record("decisions/2026/crlf.md")
    assert record["markdown"] == "decisions/2026/crlf.md"
    said = (site.folder / record["markdown"]).read_bytes()
    assert said.startswith(b"---\ntitle: Ends\nstage: assess\n---\n\n")
    assert b"\n\nText.\n" in said
    role = site.record("playbooks/it-lead/index.md")
    assert role["markdown"] == "playbooks/it-lead/index.md"
    (link,) = site.page("decisions/2026/crlf.html").tree.css("link[rel~=alternate]")
    assert link.attributes["href"] == "crlf.md"


def test_nothing_without_a_page_is_published(team: Base) -> None:
    team.write("decisions/2026/binary.md", b"---\ntitle: X\nstage: assess\n---\nsesame\0")
    team.write("decisions/2026/latin.md", b"---\ntitle: X\nstage: assess\n---\nsesame \xe4")
    team.write("decisions/.hidden.md", "---\ntitle: X\nstage: assess\n---\nsesame")
    team.write("decisions/draft.markdown", "sesame")
    team.write("playbooks/it-lead/notes/x.md", "# A note\n\nnot so sesame")
    team.write("docs/own.md", "# Own\n")
    site = team.build()
    published = {path.relative_to(site.folder).as_posix() for path in site.folder.rglob("*.md")}
    records = {record["markdown"] for record in site.records["records"]} - {None}
    lists = {path for path in published if path.startswith(("decisions/stage/", "decisions/year/"))}
    assert published == records | lists
    for path in published:
        assert "sesame" not in text(site, path)
    assert site.record("decisions/2026/binary.md")["markdown"] is None
    assert not site.page("decisions/2026/binary/").tree.css("link[rel~=alternate]")


def test_it_can_be_left_out(team: Base) -> None:
    site = team.build(extra={"onrecord": {"markdown": False}})
    assert {r["markdown"] for r in site.records["records"]} == {None}
    assert not site.has("decisions/2026/pay-date/index.md")
    assert f"({'decisions/2026/pay-date/'})" in text(site, "llms.txt")


# llms.txt


def test_llms_txt_leads_to_every_record(northwind: Site) -> None:
    said = text(northwind, "llms.txt")
    lines = said.splitlines()
    assert lines[0] == "# Northwind on record"
    assert [line for line in lines if line.startswith("## ")] == [
        "## Decisions under way",
        "## Closed decisions",
        "## Roles",
        "## Handoffs",
        "## Metrics",
    ]
    led_to = {link.removeprefix(ROOT) for link in LINK.findall(said)}
    assert led_to == {r["markdown"] for r in northwind.records["records"]} | {"records.json"}
    assert (
        f"- [Choose a payroll tool]({ROOT}decisions/2024/choose-payroll-tool/index.md): "
        "superseded; superseded by bring-payroll-home; payroll-lead; 2024-02-20"
    ) in lines


def test_many_records_are_reached_through_lists(base: Base) -> None:
    for number in range(130):
        year = 2020 + number % 3
        base.write(
            f"decisions/{year}/d{number}.md",
            f'---\ntitle: "Odd [title] *{number}* <b>"\nstage: align\noutcome: accepted\n'
            f"decided: {year}-03-04\nentered: {{assess: {year}-01-01, align: {year}-03-04}}\n---\n",
        )
    site = base.build(site_url="")
    said = text(site, "llms.txt")
    assert said.count("\n") < 20
    lists = LINK.findall(said.partition("## Decisions by year")[2])
    assert lists == [f"decisions/year/{year}/index.md" for year in (2022, 2021, 2020)]
    found = set()
    for one in lists:
        listed = text(site, one)
        assert "- [Odd &#91;title&#93; \\*" in listed
        assert "<b>" not in listed.replace("\\<b\\>", "")
        found |= {urljoin(one, link) for link in re.findall(r"\]\((\.\.[^)]+)\)", listed)}
    assert found == {record["markdown"] for record in site.records["records"]}
    for path in found:
        assert site.has(path)


def test_what_is_written_for_agents_is_named(team: Base) -> None:
    team.write("AGENTS.md", "# For agents\n")
    team.write(".agents/skills/onrecord/SKILL.md", "---\nname: onrecord\n---\n")
    _, _, said = text(team.build(), "llms.txt").partition("## For agents that work in the ")
    forge = "https://forge.example/northwind/record/blob/main/"
    assert said.splitlines()[2:] == [
        f"- [AGENTS.md]({forge}AGENTS.md)",
        f"- [.agents/skills/onrecord/SKILL.md]({forge}.agents/skills/onrecord/SKILL.md)",
    ]


def test_the_sites_own_llms_txt_stays(team: Base) -> None:
    team.write("docs/llms.txt", "mine")
    assert text(team.build(), "llms.txt") == "mine"


# Every list of the site, made again from records.json alone.

Listing = Callable[[dict[str, Any]], list[dict[str, Any]]]


def urgent(records: list[dict[str, Any]]) -> list[str]:
    def key(r: dict[str, Any]) -> tuple[str, ...]:
        began = list(r["entered"].values())[-1:] or ["9999"]
        return (r["due_now"] or "9999", began[0], r["title"].casefold(), r["id"])

    return [r["title"] for r in sorted(records, key=key)]


def newest(records: list[dict[str, Any]]) -> list[str]:
    by_title = sorted(records, key=lambda r: (r["title"].casefold(), r["id"]))
    return [r["title"] for r in sorted(by_title, key=lambda r: r["filed"] or "", reverse=True)]


def as_listed(records: list[dict[str, Any]]) -> list[str]:
    opened = [r for r in records if r["status"] == "open"]
    return urgent(opened) + newest([r for r in records if r["status"] != "open"])


@pytest.fixture(scope="module")
def decisions(northwind: Site) -> list[dict[str, Any]]:
    return [r for r in northwind.records["records"] if r["kind"] == "decision"]


def test_stages_and_board(northwind: Site, decisions: list[dict[str, Any]]) -> None:
    board = []
    for stage in STAGES:
        group = [r for r in decisions if r["under_way"] and r["stage"] == stage]
        assert northwind.page(f"decisions/stage/{stage}/").titles() == urgent(group)
        board += urgent(group)
    assert northwind.page("decisions/").titles() == board


def test_who_must_act(northwind: Site, decisions: list[dict[str, Any]]) -> None:
    for stage in STAGES:
        page = northwind.page(f"decisions/stage/{stage}/")
        first = {r["title"]: (r["missing"] or ["ready to move on"])[0] for r in decisions}
        rows = page.texts(".or-list tbody tr")
        for title, row in zip(page.titles(), rows, strict=True):
            assert first[title].replace("`", "") in row


@pytest.mark.parametrize(
    ("folder", "of"),
    [
        ("outcome", lambda r: [r["status"]] if r["status"] != "open" else []),
        ("year", lambda r: [(r["filed"] or "undated")[:4]]),
        ("role", lambda r: [page_name_of_person(r["owner"])] if r["owner"] else []),
        ("tag", lambda r: {page_name_of_tag(tag) for tag in r["tags"]}),
    ],
)
def test_lists(
    northwind: Site, decisions: list[dict[str, Any]], folder: str, of: Callable[[Any], list[str]]
) -> None:
    names = sorted(path.name for path in (northwind.folder / "decisions" / folder).iterdir())
    assert {name for r in decisions for name in of(r)} <= set(names)
    for name in names:
        listed = as_listed([r for r in decisions if name in of(r)])
        assert northwind.page(f"decisions/{folder}/{name}/").titles() == listed


def test_closed_and_recurring(northwind: Site, decisions: list[dict[str, Any]]) -> None:
    closed = [r for r in decisions if r["status"] != "open"]
    assert northwind.page("decisions/closed/").titles() == newest(closed)
    titles = {r["id"]: r["title"] for r in decisions}
    chains = northwind.page("decisions/recurring/").nodes(".or-chain")
    listed = [[a.text() for a in chain.css("ol a")] for chain in chains]
    assert listed == [[titles[i] for i in chain] for chain in northwind.records["recurring"]]


def test_readiness_and_what_waits(northwind: Site) -> None:
    rows = northwind.page("readiness/").nodes("article table tbody tr")
    shown = {words(row.css_first("a")): words(row) for row in rows}
    roles = [r for r in northwind.records["records"] if r["kind"] == "role"]
    assert roles
    for role in roles:
        assert role["readiness"] in shown[role["title"]].casefold()
    waiting = northwind.records["waiting"]
    assert waiting
    for person in {one["person"] for one in waiting}:
        page = words(northwind.page(f"people/{page_name_of_person(person)}/").content)
        own = [one for one in waiting if one["person"] == person]
        assert [one["title"] for one in own if one["title"] not in page] == []


def test_roles_and_handoffs(northwind: Site) -> None:
    records = northwind.records["records"]
    roles = [r for r in records if r["kind"] == "role"]
    roles.sort(key=lambda r: (r["holder"] is not None, r["title"].casefold(), r["id"]))
    assert northwind.page("playbooks/").titles() == [r["title"] for r in roles]
    order = ["offered", "due back", "accepted", "closed"]
    handoffs = [r for r in records if r["kind"] == "handoff"]
    handoffs.sort(key=lambda r: (r["effective"] or "", r["role"], r["id"]), reverse=True)
    handoffs.sort(key=lambda r: order.index(r["status"]))
    assert northwind.page("handoffs/").titles() == [r["title"] for r in handoffs]
