"""What a person carries: asks that came outside their hours, as git knows when they came."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest

from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.site.pages.role.care import Load, asks_of, load_of

TODAY = date(2026, 11, 27)
ROLE = "---\ntitle: Lead\npurpose: P\nholder: ana\n---\n"
PEOPLE = (
    "ana: {timezone: Europe/Berlin, hours: 9-17}\n"
    "bo: {timezone: Pacific/Auckland, hours: 9-17}\n"
    "cy: {hours: 9-17}\ndi: {timezone: Europe/Berlin}\n"
)
OTHERS = "[bo, cy, di, eve]"


class Repository:
    """A base whose commits are made at a moment, in their author's zone."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "decisions").mkdir()
        self.git("init", "-q", "-b", "main", at="2026-01-01T00:00:00+00:00")

    def git(self, *words: str, at: str) -> None:
        who = ("-c", "user.name=T", "-c", "user.email=t@example.org")
        dates = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": "2026-11-26T03:00:00+00:00"}
        subprocess.run(["git", "-C", str(self.root), *who, *words], check=True,
                       env={"PATH": "/usr/bin:/bin", "HOME": str(self.root), **dates})  # fmt: skip

    def commit(self, at: str, files: dict[str, str]) -> None:
        for path, text in files.items():
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        self.git("add", ".", at=at)
        self.git("commit", "-qm", "Change", at=at)

    def load(self, who: str) -> Load:
        base = KnowledgeBase.open(self.root, TODAY)
        asks = asks_of(base.roster, base.history)
        return load_of(base.roster, base.roster.people[who], asks.get(who, ()))


@pytest.fixture
def team(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path)
    repository.commit(
        "2026-10-01T09:00:00+02:00",
        {"playbooks/lead/index.md": ROLE, "playbooks/people.yml": PEOPLE},
    )
    return repository


def asking(name: str, day: str) -> dict[str, str]:
    front = f"title: {name}\nstage: collaborate\nowner: lead\nconsulted: {OTHERS}\n"
    entered = f"entered: {{assess: {day}, collaborate: {day}}}\n"
    return {f"decisions/{name}.md": f"---\n{front}{entered}---\n"}


def test_an_ask_counts_by_the_hours_of_whom_it_is_asked_of(team: Repository) -> None:
    # 10:00 in Berlin is 22:00 in Auckland.
    team.commit("2026-11-04T10:00:00+01:00", asking("one", "2026-11-04"))
    # 21:30 in Berlin, on a Wednesday, is 9:30 on Thursday in Auckland.
    team.commit("2026-11-04T21:30:00+01:00", asking("two", "2026-11-04"))
    # Sunday evening in Berlin is Monday morning in Auckland.
    team.commit("2026-11-08T22:00:00+01:00", asking("three", "2026-11-08"))
    load = team.load("bo")
    assert (load.asked, load.timed, load.outside) == (3, 3, 1)
    for unknown in ("cy", "di", "eve"):
        load = team.load(unknown)
        assert (load.asked, load.timed, load.outside) == (3, 3, None)


def test_a_reply_asks_whoever_answers_for_the_decision(team: Repository) -> None:
    team.commit("2026-11-04T10:00:00+01:00", asking("one", "2026-11-04"))
    reply = "---\nfrom: {}\nsays: feedback\n---\nWhy?\n"
    for who, at in (("bo", "2026-11-05T20:00:00+13:00"), ("cy", "2026-11-05T18:00:00+01:00"),
                    ("ana", "2026-11-05T23:00:00+01:00")):  # fmt: skip
        team.commit(at, {f"decisions/one/2026-11-05-{who}.md": reply.format(who)})
    load = team.load("ana")
    assert (load.asked, load.timed, load.outside) == (2, 2, 2)


def test_an_offer_of_a_role_and_an_outcome_to_acknowledge_are_asks(team: Repository) -> None:
    offer = "---\nfrom: ana\nto: bo\neffective: 2026-12-01\n---\n"
    team.commit("2026-11-10T04:00:00+13:00", {"playbooks/lead/handoffs/x.md": offer})
    decided = (
        "---\ntitle: T\nstage: align\nowner: lead\ninformed: [bo]\noutcome: accepted\n"
        "decided: 2026-11-10\nentered: {align: 2026-11-10}\n---\n"
    )
    team.commit("2026-11-10T12:00:00+13:00", {"decisions/t.md": decided})
    load = team.load("bo")
    assert (load.asked, load.timed, load.outside) == (2, 2, 1)


def test_what_git_does_not_know_or_is_long_ago_is_not_counted_as_known(
    team: Repository,
) -> None:
    old = asking("old", "2026-07-01") | asking("ahead", "2026-12-01")
    for name, text in (*asking("one", "2026-11-04").items(), *old.items()):
        (team.root / name).write_text(text, encoding="utf-8")  # not committed
    load = team.load("bo")
    assert (load.asked, load.timed, load.outside) == (1, 0, 0)
    many = {name: text for n in range(12) for name, text in asking(f"n{n}", "2026-11-05").items()}
    team.commit("2026-11-05T03:00:00+13:00", many)  # in bulk: nobody was asked at that moment
    assert (team.load("bo").asked, team.load("bo").timed) == (13, 0)


def test_a_commit_of_a_moment_that_no_calendar_has_stops_nothing(team: Repository) -> None:
    team.commit("1793782800 +9959", asking("one", "2026-11-04"))
    assert team.load("bo").asked == 1
