"""What changed: from the records, and from git for what has no day of its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from repository import git
from small_base import METRIC, READY, decision, handoff, roster

from onrecord.overview.events import events
from onrecord.records.git import HistorySource, NotGit
from onrecord.records.history import History, history_of, history_since

TODAY = date(2026, 10, 31)
BEGAN = date(2026, 1, 1)


class Team:
    """A knowledge base in a repository, whose commits have the days they are given."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.git("init", "-q", "-b", "main")

    def git(self, *words: str, day: str = "2026-01-01") -> str:
        return git(self.root, *words, day=day)

    def commit(self, day: str, files: dict[str, str]) -> None:
        for path, text in files.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text, encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-qm", "x", day=day)

    def said(self, since: str) -> list[str]:
        try:
            first = date.fromisoformat(since)
            history = history_of(self.root, first)
        except ValueError:
            history = history_since(self.root, since)
            first = history.since or date.min
        return lines(self.root, {}, first, history)


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(tmp_path)


def lines(
    root: Path,
    files: dict[str, str],
    since: date = BEGAN,
    history: History | None = None,
    until: date = TODAY,
) -> list[str]:
    catalogue = roster(root, files, TODAY).catalogue
    found = events(catalogue, since, until, history)
    return [f"{one.day} {one.kind}: {one.title}, {one.said}" for one in found]


PAY = (
    "title: Pay\nstage: align\nowner: lead\noutcome: accepted\ndecided: 2026-09-20\n"
    "entered: {assess: 2026-09-01, collaborate: 2026-09-04, align: 2026-09-20}\n"
)


def test_decisions_from_their_front_matter(tmp_path: Path) -> None:
    files = {
        "decisions/pay.md": decision(PAY + "supersedes: [old]"),
        "decisions/old.md": decision(
            "title: Old\nstage: align\noutcome: accepted\ndecided: 2020-01-01\n"
        ),
    }
    assert lines(tmp_path, files) == [
        "2026-09-20 moved: Pay, moved to align",
        "2026-09-20 decided: Pay, accepted",
        "2026-09-20 superseded: Old, superseded by Pay",
        "2026-09-04 moved: Pay, moved to collaborate",
        "2026-09-01 new: Pay, opened, in assess",
    ]
    assert lines(tmp_path, files, date(2026, 9, 4), until=date(2026, 9, 10)) == [
        "2026-09-04 moved: Pay, moved to collaborate"
    ]


def test_handoffs_roles_and_metrics_from_their_days(tmp_path: Path) -> None:
    files = {
        **READY,
        "playbooks/lead/handoffs/a.md": handoff(
            "ana", "bob", "2026-09-10", until="2026-09-20", accepted="2026-09-09"
        ),
        "playbooks/lead/handoffs/b.md": handoff(
            "ana", "carol", "2026-10-01", accepted="2026-10-02"
        ),
        "playbooks/lead/handoffs/c.md": handoff("carol", "dan", "2026-10-20"),
        "playbooks/lead/handoffs/d.md": handoff("carol", "eve", "2026-12-20"),
        "playbooks/lead/metrics/many.md": METRIC.replace("On time", "Many"),
        "playbooks/lead/metrics/many.csv": "date,value,note\n"
        + "".join(f"2025-{month:02}-05,{month},\n" for month in range(1, 13))
        + "".join(f"2026-{month:02}-05,{month},\n" for month in range(1, 10)),
    }
    found = lines(tmp_path, files)
    assert [line for line in found if "Many" not in line and "On time" not in line] == [
        "2026-10-20 offered: Lead, handoff from @carol to @dan offered",
        "2026-10-02 accepted: Lead, handoff from @ana to @carol accepted",
        "2026-10-02 holder: Lead, @carol holds it",
        "2026-09-20 ended: Lead, handoff from @ana to @bob ended",
        "2026-09-09 accepted: Lead, handoff from @ana to @bob accepted",
    ]
    assert len(lines(tmp_path, files, date(2025, 1, 1))) == 5 + 12 + 9 + 2  # every value, not 13


def test_git_dates_what_has_no_day_of_its_own(team: Team) -> None:
    plain = "title: Plain\nowner: ana\ninformed: [bob, carol]\n"
    path = "decisions/plain.md"
    role = "playbooks/lead/index.md"
    team.commit("2026-02-01", {path: decision(f"{plain}stage: assess"), role: READY[role]})
    team.commit("2026-02-03", {path: decision(f"{plain}stage: integrate")})
    team.commit("2026-02-05", {path: decision(f"{plain}stage: align\noutcome: rejected")})
    more = f"{plain}stage: align\noutcome: rejected\naligned: "
    team.commit("2026-02-06", {path: decision(f"{more}[bob]")})
    team.commit("2026-02-07", {path: decision(f"{more}\n  - '@bob'\n  - carol")})  # other YAML
    team.commit("2026-02-08", {role: READY[role].replace("holder: ana", "holder: bob")})
    team.git("mv", path, "decisions/renamed.md")
    team.git("commit", "-qm", "x", day="2026-02-09")
    assert team.said("2026-02-01") == [
        "2026-02-08 holder: Lead, @bob holds it",
        "2026-02-07 aligned: Plain, @carol has acknowledged",
        "2026-02-06 aligned: Plain, @bob has acknowledged",
        "2026-02-05 decided: Plain, rejected",
        "2026-02-01 new: Plain, opened",
        "2026-02-01 role: Lead, described",
    ]
    assert team.said("2026-02-07")[-1] == "2026-02-07 aligned: Plain, @carol has acknowledged"
    assert team.said("2026-03-01") == []


def test_since_a_revision_is_what_was_not_so_there(team: Team) -> None:
    old = {
        "decisions/pay.md": decision(PAY),
        **READY,
        "playbooks/lead/handoffs/a.md": handoff("ana", "bob", "2026-09-10"),
    }
    team.commit("2026-09-21", old)
    team.git("tag", "last-week")
    late = decision("title: Late\nstage: assess\nentered: {assess: 2026-08-01}")
    done = decision(PAY + "aligned: [ana]")
    taken = handoff("ana", "bob", "2026-09-10", accepted="2026-09-12")
    team.commit(
        "2026-09-25",
        {
            "decisions/late.md": late,  # says it began before; it is new here all the same
            "decisions/pay.md": done,
            "playbooks/lead/handoffs/a.md": taken,
            "playbooks/lead/metrics/on-time.csv": "date,value,note\n2026-09-05,99.5,\n"
            "2026-09-22,97,\n2026-08-05,98,\n",
        },
    )
    assert team.said("last-week") == [
        "2026-09-25 aligned: Pay, @ana has acknowledged",
        "2026-09-22 metric: On time, 97",
        "2026-09-12 accepted: Lead, handoff from @ana to @bob accepted",
        "2026-09-12 holder: Lead, @bob holds it",
        "2026-08-01 new: Late, opened, in assess",
    ]
    assert team.said("HEAD") == []


def test_a_commit_that_writes_many_records_dates_none_of_them(team: Team) -> None:
    many = {f"decisions/d{n}.md": decision("title: T\nstage: assess") for n in range(11)}
    team.commit("2026-02-01", many)
    assert team.said("2026-01-01") == []


def test_a_shallow_clone_has_no_days(team: Team, tmp_path: Path) -> None:
    team.commit("2026-02-01", {"decisions/a.md": decision("title: A\nstage: assess")})
    team.commit("2026-02-02", {"decisions/b.md": decision("title: B\nstage: assess")})
    clone = tmp_path.parent / f"{tmp_path.name}-shallow"
    team.git("clone", "-q", "--depth", "1", f"file://{tmp_path}", str(clone))
    assert history_of(clone, BEGAN) == History(HistorySource.SHALLOW)


@pytest.mark.parametrize("revision", ["nope", "--all", "", "HEAD:decisions"])
def test_a_revision_that_git_does_not_know(team: Team, revision: str) -> None:
    team.commit("2026-02-01", {"decisions/a.md": decision("title: A\nstage: assess")})
    with pytest.raises(NotGit, match="is neither a day"):
        history_since(team.root, revision)


def test_without_git_days_are_those_of_the_records(tmp_path: Path) -> None:
    assert history_of(tmp_path, BEGAN) == History()
    with pytest.raises(NotGit):
        history_since(tmp_path, "main")
