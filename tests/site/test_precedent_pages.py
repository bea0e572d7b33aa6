"""We had this before, on the site: the panel, its mirror, roles, and problems that come back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from building import Base, Site, words
from hostile import PAYLOADS, harm_in
from problems import OTHERS, WEEKEND
from search_files import indexed

AGAIN = (
    "Over the weekend tickets pile up again: on Saturday nobody is on call for support, and the "
    "first reply to customers in Japan leaves on Monday."
)


def write(base: Base, name: str, title: str, problem: str, day: str, front: str = "") -> None:
    stage = "" if "stage:" in front else "stage: assess\n"
    head = f"title: {json.dumps(title)}\n{stage}owner: it-lead\nentered: {{assess: {day}}}\n{front}"
    base.write(f"decisions/{name}.md", f"---\n{head}---\n\n## Problem\n\n{problem}\n")


def fill(base: Base) -> None:
    for number, (name, problem) in enumerate(OTHERS.items(), start=1):
        write(base, name, name.replace("-", " "), problem, f"2026-01-{number:02}")
    decided = "outcome: rejected\ndecided: 2026-02-10\ntags: [support]\nstage: review\n"
    write(base, "weekends", "Answer on weekends", WEEKEND, "2026-02-01", decided)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    base = Base(tmp_path_factory.mktemp("precedents"))
    fill(base)
    answer = "{record: weekends, verdict: extends, why: Now with a rota.}"
    write(base, "again", "Answer on Saturdays", AGAIN, "2026-03-01", "tags: [support]\n")
    write(base, "rota", "A rota", WEEKEND, "2026-04-01", f"precedents: [{answer}]\n")
    write(base, "gone", "Nothing of the kind", "Zebras.", "2026-05-01",
          "precedents: [{record: nowhere, verdict: differs, why: x}]\n")  # fmt: skip
    base.write(
        "playbooks/it-lead/index.md",
        f"---\ntitle: IT lead\npurpose: It works.\n---\n\n## If this happens\n\n- {WEEKEND}\n",
    )
    for day, title in (("03", "Who waters the office plants?"), ("09", "Who waters plants?")):
        front = f"title: {title}\nstage: assess\nentered: {{assess: 2026-06-{day}}}\n"
        base.write(f"decisions/plants-{day}.md", f"---\n{front}---\n")
    base.write("playbooks/new/index.md", "---\ntitle: New\npurpose: Nothing yet.\n---\n")
    return base.build()


def test_the_panel_says_what_became_of_it_when_and_why(site: Site) -> None:
    (hit,) = site.decision("again").after_heading("we-had-this-before").css("li")
    assert words(hit).startswith("Answer on weekends Rejected 10 Feb 2026")
    assert "Support tickets pile up over the weekend" in words(hit.css_first("q"))
    marked = {word for mark in hit.css("q mark") for word in words(mark).split()}
    assert marked >= {"tickets", "weekend"}
    assert not marked & {"the", "because", "nobody"}
    assert "the same tag support" in words(hit)
    assert words(hit).endswith("Not answered yet.")


def test_an_answer_stands_first_and_on_both_records(site: Site) -> None:
    hits = site.decision("rota").after_heading("we-had-this-before").css("li")
    assert words(hits[0]).startswith("Answer on weekends")
    assert words(hits[0].css_first(".or-verdict")) == "This one extends it: Now with a rota."
    assert "Not answered" not in words(hits[0])
    mirror = site.decision("weekends").after_heading("it-came-up-again").css("li")
    assert [words(one) for one in mirror] == [
        "A rota Assess opened 1 Apr 2026 It extends this one: Now with a rota.",
        "Answer on Saturdays Assess opened 1 Mar 2026",
    ]


def test_what_came_up_often_is_folded_but_for_the_answered_and_the_newest(tmp_path: Path) -> None:
    base = Base(tmp_path)
    things = "ledger kettle garden bicycle window carpet printer heating parcel cellar piano lamp"
    said = [f"Nobody repairs the broken {thing} before {thing} season." for thing in things.split()]
    write(base, "repairs", "Repair what is broken", " ".join(said), "2026-02-01")
    for day, (thing, text) in enumerate(zip(things.split(), said, strict=True), start=1):
        answer = "precedents: [{record: repairs, verdict: differs, why: No.}]\n" if day == 2 else ""
        title = f"Repair the broken {thing}"
        write(base, f"d{day:02}", title, text, f"2026-03-{day:02}", answer)
    page = base.build().decision("repairs")
    shown = [words(one) for one in page.after_heading("it-came-up-again").css("li")]
    assert shown[0].startswith("Repair the broken kettle Assess opened 2 Mar 2026 It differs from")
    (folded,) = page.nodes(".or-after .or-numbers")
    older = [words(one) for one in folded.css("li")]
    assert words(folded.css_first("summary")) == f"{len(older)} earlier ones"
    days = [int(said.partition(" opened ")[2].split()[0]) for said in (*older, *shown[1:])]
    assert len(shown) == 8
    assert days == sorted(days)
    assert days[-1] == 12


def test_nothing_close_shows_nothing(site: Site) -> None:
    assert not site.decision("buy-a-kettle").has("#we-had-this-before")  # nothing is earlier
    assert not site.decision("rota").has("#it-came-up-again")  # nothing close is later


def test_a_record_that_is_gone_is_said_to_be(site: Site) -> None:
    assert "nowhere (not found)" in site.decision("gone").words


def test_the_gate_on_the_page_names_what_waits_for_an_answer(site: Site) -> None:
    gate = "We had something close before, “Answer on weekends”"
    assert gate in site.decision("again").words
    assert gate not in site.decision("rota").words


def test_a_role_shows_what_is_close_to_what_happens(site: Site) -> None:
    hits = site.page("playbooks/it-lead/").after_heading("it-happened-before").css_first("ul")
    while hits is not None and hits.tag != "ul":
        hits = hits.next
    assert hits is not None
    assert "Answer on weekends" in words(hits)
    assert "Not answered" not in words(hits)
    assert not site.page("playbooks/new/").has("#it-happened-before")


def test_problems_that_come_back_stand_in_time_with_what_was_decided(site: Site) -> None:
    page = site.page("decisions/recurring/")
    (chain,) = page.nodes(".or-chain")
    assert words(chain.css_first("h2")) == "Answer on weekends 3 times"
    assert [words(one) for one in chain.css("li")] == [
        "1 Feb 2026 Answer on weekends Rejected",
        "1 Mar 2026 Answer on Saturdays Assess",
        "1 Apr 2026 A rota Assess extends Answer on weekends: Now with a rota.",
    ]


def test_a_base_without_repeats_says_so(base: Base) -> None:
    site = base.build()
    assert "The records show no problem that came back" in site.page("decisions/recurring/").words


def test_quotes_of_others_are_not_found_by_the_search(tmp_path: Path) -> None:
    base = Base(tmp_path)
    fill(base)
    write(base, "again", "Answer on Saturdays", f"{WEEKEND} Ours alone.", "2026-03-01")
    base.configure(
        {
            "site_name": "X",
            "theme": {"name": "material", "font": False},
            "plugins": [],
            "hooks": ["hooks/mkdocs_events.py"],
        }
    )
    site = base.build()
    assert site.decision("again").has("#we-had-this-before")
    texts = [page["content"] for page in indexed(site.folder).values()]
    assert sum("Support tickets" in text for text in texts) == 2  # each page itself


def test_what_means_harm_is_quoted_as_text(tmp_path: Path) -> None:
    base = Base(tmp_path)
    fill(base)
    for number, payload in enumerate(PAYLOADS):
        said = f"The zebra {number} eats wallpaper while {payload} sings opera in the cellar."
        tag = f"tags: [{json.dumps(payload)}]\n"
        answer = (
            f"precedents: [{{record: z{number}, verdict: differs, why: {json.dumps(payload)}}}]\n"
        )
        write(base, f"z{number}", f"{payload} first", said, "2026-03-01", tag)
        write(base, f"zz{number}", f"{payload} again", said, "2026-03-02", tag + answer)
    site = base.build()
    for number in range(len(PAYLOADS)):
        for page in (site.decision(f"zz{number}"), site.decision(f"z{number}")):
            panel = page.tree.css_first(".or-after")
            assert panel is not None
            assert list(harm_in(panel.html or "", fragment=True)) == []
        assert site.decision(f"zz{number}").has("#we-had-this-before")
    recurring = site.page("decisions/recurring/")
    assert list(harm_in(recurring.content.html or "", fragment=True)) == []


def test_the_same_records_make_the_same_pages_with_and_without_a_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = Base(tmp_path / "base")
    fill(base)
    write(base, "again", "Answer on Saturdays", WEEKEND, "2026-03-01")
    made = []
    for cache in (" ", str(tmp_path / "cache"), str(tmp_path / "cache")):
        monkeypatch.setenv("ONRECORD_CACHE", cache)
        folder = base.build().folder
        made.append({f.relative_to(folder): f.read_bytes() for f in folder.rglob("*.html")})
    assert made[0] == made[1] == made[2]


def test_a_site_may_do_without_looking_for_precedents(tmp_path: Path) -> None:
    base = Base(tmp_path)
    fill(base)
    write(base, "again", "Answer on Saturdays", AGAIN, "2026-03-01", "tags: [support]\n")
    left_out = base.build(extra={"onrecord": {"precedents": False}})
    assert not left_out.page("decisions/again/").has("#we-had-this-before")
    assert "only precedents that authors name" in left_out.page("decisions/recurring/").words


def test_what_an_author_answered_is_shown_all_the_same(tmp_path: Path) -> None:
    base = Base(tmp_path)
    fill(base)
    answer = "precedents: [{record: weekends, verdict: repeats, why: It came back.}]\n"
    write(base, "rota", "A rota", WEEKEND, "2026-04-01", answer)
    site = base.build(extra={"onrecord": {"precedents": False}})
    (hit,) = site.decision("rota").after_heading("we-had-this-before").css("li")
    assert words(hit.css_first(".or-verdict")) == "This one repeats it: It came back."
    assert "A rota" in words(site.decision("weekends").after_heading("it-came-up-again"))
    assert "Answer on weekends 2 times" in site.page("decisions/recurring/").words


def test_what_was_only_asked_is_listed_once_with_who_asked_it_again(site: Site) -> None:
    page = site.page("decisions/questions/")
    assert [words(node) for node in page.nodes("section.or-chain h2")] == [
        "Who waters the office plants? 3 Jun 2026"
    ]
    assert [words(node) for node in page.nodes("section.or-chain li")] == [
        "9 Jun 2026 Who waters plants?"
    ]
