"""A build as a whole: strictness, faults, collisions, options, and the same bytes each time."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from building import NORTHWIND, PLAIN, Base, Site
from mkdocs.exceptions import Abort

from onrecord.drafting.schemas import schemas
from onrecord.text import progress

DECISION = (
    "---\ntitle: {0}\nstage: assess\nowner: it-lead\nentered: {{assess: 2026-10-01}}\n---\n\n{1}\n"
)
FORGE = {"repo_url": "https://forge.example/northwind/record", "edit_uri": "edit/main/docs/"}


def test_a_clean_base_builds_strictly(northwind: Site) -> None:
    assert northwind.warnings == []


def test_the_schemas_of_front_matter_are_published(northwind: Site) -> None:
    published = {path.name: path.read_text("utf-8") for path in northwind.folder.glob("schemas/*")}
    assert published == schemas()


def test_a_strict_build_fails_on_a_finding(team: Base) -> None:
    team.change("decisions/2026/desk-lamps.md", "stage: assess", "stage: asess")
    assert any("desk-lamps.md:3:" in warning for warning in team.build().warnings)
    with pytest.raises(Abort, match="1 warning"):
        team.build(strict=True)


FAULTY = {
    "unknown-key.md": "---\ntitle: Unknown key\nstage: assess\ntitel: x\n---\n\nIts text.\n",
    "no-stage.md": "---\ntitle: No stage\n---\n\nIts text.\n",
    "broken-yaml.md": "---\ntitle: [Broken\nstage: assess\n---\n\n# Broken YAML\n\nIts text.\n",
    "no-end.md": "---\ntitle: No end\nstage: assess\n\nIts text.\n",
    "plain.md": "# Plain text\n\nStatus: accepted\n\nIts text.\n",
    "lost.md": "---\ntitle: Lost\nstage: assess\nowner: no\nrelated: [x]\n---\n\nIts text.\n",
}


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Site:
    base = Base(tmp_path_factory.mktemp("faulty"), like=NORTHWIND)
    base.configure({**PLAIN, **FORGE})
    for name, text in FAULTY.items():
        base.write(f"decisions/{name}", text)
    base.write("decisions/empty.md", "")
    base.write("decisions/binary.md", b"\xff\xfe\x00\x01")
    base.write("decisions/2026/empty.md", DECISION.format("The same id", "Its text."))
    base.write("playbooks/it-lead/notes.md", "# Some notes\n\nIts text.\n")
    base.write(
        "playbooks/it-lead/metrics/bad.md", "---\ntitle: Bad\ncadence: daily\n---\n\nIts text.\n"
    )
    base.write("playbooks/it-lead/handoffs/odd.md", "---\nfrom: x\nto: [y]\n---\n\nIts text.\n")
    return base.build()


@pytest.mark.parametrize(
    "url",
    [
        *(f"decisions/{name.removesuffix('.md')}/" for name in FAULTY),
        "decisions/2026/empty/",
        "playbooks/it-lead/notes/",
        "playbooks/it-lead/metrics/bad/",
        "playbooks/it-lead/handoffs/odd/",
    ],
)
def test_a_record_with_faults_is_shown_with_a_notice(faulty: Site, url: str) -> None:
    page = faulty.page(url)
    assert page.has(".or-notice li")
    assert "Its text." in page.words


@pytest.mark.parametrize("url", ["decisions/empty/", "decisions/binary/"])
def test_a_file_without_text_has_its_notice_all_the_same(faulty: Site, url: str) -> None:
    assert faulty.page(url).has(".or-notice li")


def test_a_notice_says_the_line_and_the_right_form(faulty: Site) -> None:
    (said,) = faulty.decision("unknown-key").texts(".or-notice li")
    assert "line 4" in said
    assert "Did you mean" in said
    assert not faulty.decision("2026/pay-date").has(".or-notice")


def test_a_stage_that_cannot_be_read_is_a_place_on_the_board(faulty: Site) -> None:
    board = faulty.page("decisions/")
    assert "Stage not readable" in board.texts("h2")
    assert {"No stage", "Plain text", "lost"} - set(board.titles()) == {"lost"}
    assert "Lost" in board.titles()


def test_text_that_looks_like_metadata_stays(faulty: Site) -> None:
    assert "Status: accepted" in faulty.decision("plain").words


def test_every_page_of_a_faulty_base_has_working_links(faulty: Site) -> None:
    assert faulty.dead_links() == []


# Collisions.


def test_pages_of_the_docs_win_over_ours(team: Base) -> None:
    team.write("docs/decisions/closed.md", "# Our own list\n")
    team.write("docs/playbooks/index.md", "# Our own roles\n")
    team.write("docs/records.txt", "x")
    site = team.build()
    assert site.page("decisions/closed/").text("h1") == "Our own list"
    assert site.page("playbooks/").text("h1") == "Our own roles"
    assert site.page("playbooks/it-lead/").text("h1") == "IT lead"
    assert "decisions/closed/" in site.page("decisions/").links()
    assert site.page("playbooks/it-lead/").link("Roles") == "playbooks/"
    assert site.page("guide/start/").link("roles") == "playbooks/"
    assert site.dead_links() == []


def test_a_decision_wins_over_a_page_of_ours(team: Base) -> None:
    team.write("decisions/closed.md", DECISION.format("Close the office", "Now."))
    team.write("decisions/stage/assess.md", DECISION.format("Assess better", "Now."))
    site = team.build()
    assert site.decision("closed").text("h1") == "Close the office"
    assert site.decision("stage/assess").text("h1") == "Assess better"
    assert site.page("decisions/stage/review/").titles() == ["Move the pay date to the 28th"]


def test_a_page_of_the_docs_wins_over_a_record_and_that_is_said(team: Base) -> None:
    team.write("docs/decisions/2026/pay-date.md", "# In the docs\n")
    site = team.build()
    assert site.decision("2026/pay-date").text("h1") == "In the docs"
    (said,) = [w for w in site.warnings if "not shown" in w]
    assert "decisions/2026/pay-date.md" in said
    assert site.record("decisions/2026/pay-date.md")["url"] == "decisions/2026/pay-date/"


def test_files_of_the_docs_named_like_ours_win(team: Base) -> None:
    team.write("docs/assets/onrecord.css", "/* ours */")
    site = team.build()
    assert (site.folder / "assets/onrecord.css").read_text() == "/* ours */"


# Options.


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"hoem": True}, '`extra: onrecord: hoem` isn\'t an option: did you mean "home"?'),
        (
            {"colour": "red"},
            "`extra: onrecord: colour` isn't an option: the options are home, precedents, "
            "markdown, search, forge",
        ),
        (
            {"forge": "sourceforge"},
            "`extra: onrecord: forge:` must be one of github, gitlab, gitea, forgejo, other",
        ),
        ({"home": "yes"}, "`extra: onrecord: home:` must be true or false"),
        ({"precedents": 3}, "`extra: onrecord: precedents:` must be true or false"),
        ("home", "`extra: onrecord:` must have keys"),
        (["home"], "`extra: onrecord:` must have keys"),
    ],
)
def test_a_wrong_option_is_named(
    base: Base, caplog: pytest.LogCaptureFixture, options: object, said: str
) -> None:
    with pytest.raises(Abort):
        base.build(extra={"onrecord": options})
    (message,) = caplog.messages
    assert message.startswith(f"mkdocs.yml: {said}")


def test_a_day_that_is_none_is_named(base: Base, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Abort):
        base.build(today="tomorrow")
    assert caplog.messages == ["ONRECORD_TODAY='tomorrow' isn't a day; write YYYY-MM-DD"]


def test_no_folder_of_records_is_no_fault(base: Base) -> None:
    site = base.build(strict=True)
    assert site.records["records"] == []


# The same input gives the same site.


def test_two_builds_are_the_same_to_the_last_byte(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for root in (one, other):
        Base(root, like=NORTHWIND).build()

    def files(root: Path) -> dict[str, bytes]:
        site = root / "site"
        paths = (p for p in site.rglob("*") if p.is_file())
        return {p.relative_to(site).as_posix(): p.read_bytes() for p in paths}

    # MkDocs' own build date is fixed by SOURCE_DATE_EPOCH.
    built, again = files(one), files(other)
    assert len(built) > 60
    assert sorted(built) == sorted(again)
    assert [name for name in built if built[name] != again[name]] == []


def test_a_build_changes_no_file_of_the_base(team: Base) -> None:
    def state() -> dict[str, bytes]:
        files = [p for p in team.root.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
        return {p.as_posix(): p.read_bytes() for p in files}

    before = state()
    site = team.build()
    shutil.rmtree(site.folder)
    assert state() == before


def test_a_second_build_in_one_run_knows_nothing_of_the_first(team: Base) -> None:
    team.build()
    (team.root / "decisions/2026/desk-lamps.md").unlink()
    site = team.build()
    assert not site.has("decisions/2026/desk-lamps")
    assert "Lamps for the desks" not in site.page("decisions/").titles()


def test_a_long_build_says_how_far_it_is(
    team: Base, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LINES", 0)
    caplog.set_level("INFO", "mkdocs.plugins.onrecord")
    assert team.build(strict=True).warnings == []
    told = [message.partition(": ")[2] for message in caplog.messages]
    for doing in ("Reading decisions", "Reading pages", "Writing pages"):
        lines = [line for line in told if line.startswith(f"{doing}: ")]
        total = lines[0].rpartition(" of ")[2]
        assert lines == [f"{doing}: {done} of {total}" for done in range(int(total))]
