"""The numbers of the process, and the history in git they may come from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from repository import git
from small_base import READY, TODAY, decision, handoff, roster

from onrecord.overview.process import Process, Span, compared, process, span_of
from onrecord.records.git import BULK, HistorySource
from onrecord.records.history import History, history_of
from onrecord.records.vocabulary import Outcome, Stage


def numbers(root: Path, files: dict[str, str], history: History | None = None) -> Process:
    return process(roster(root, files).catalogue, history or History())


def opened(day: str, more: str = "") -> str:
    return decision(f"title: T\nstage: assess\nentered: {{assess: {day}}}\n{more}")


def closed(start: str, end: str, outcome: str = "accepted") -> str:
    return decision(
        f"title: T\nstage: integrate\nentered: {{assess: {start}, integrate: {start}}}\n"
        f"outcome: {outcome}\ndecided: {end}"
    )


@pytest.mark.parametrize(
    ("lengths", "span"),
    [
        ([], Span(0, None, None)),
        ([4], Span(1, 4, None)),
        ([1, 2], Span(2, 1.5, None)),
        ([5, 1, 3, 2, 4], Span(5, 3, 4.4)),
        (list(range(101)), Span(101, 50, 85)),
    ],
)
def test_median_and_85th_percentile(lengths: list[int], span: Span) -> None:
    found = span_of(lengths)
    assert (found.number, found.median) == (span.number, span.median)
    assert found.high == (None if span.high is None else pytest.approx(span.high))


def test_an_age_is_compared_with_the_teams_own() -> None:
    usual = Span(20, 3, 9)
    assert compared(3, usual) == "as usual"
    assert compared(4, usual) == "longer than half"
    assert compared(10, usual) == "longer than 85 of 100"
    assert compared(10, Span(0, None, None)) == "nothing to compare with yet"


def test_the_oldest_open_decisions_come_first_and_unknown_ages_are_counted(tmp_path: Path) -> None:
    found = numbers(
        tmp_path,
        {
            "decisions/a.md": opened("2026-10-01"),
            "decisions/b.md": opened("2026-09-01"),
            "decisions/c.md": decision("title: T\nstage: assess"),
            "decisions/d.md": closed("2026-01-01", "2026-01-02"),
        },
    )
    assert [(age.decision.id, age.days) for age in found.ages] == [("b", 35), ("a", 5)]
    assert found.open_unknown == {Stage.ASSESS: 1}
    assert found.undated == 1


def test_time_in_a_stage_counts_only_where_both_ends_are_known(tmp_path: Path) -> None:
    found = numbers(
        tmp_path,
        {
            "decisions/a.md": decision(
                "title: T\nstage: review\n"
                "entered: {assess: 2026-09-01, collaborate: 2026-09-04, review: 2026-09-10}"
            ),
            "decisions/b.md": decision(
                "title: T\nstage: review\nentered: {assess: 2026-09-01, review: 2026-09-10}"
            ),
        },
    )
    assert found.in_stage[Stage.ASSESS] == Span(1, 3, None)
    assert found.in_stage[Stage.COLLABORATE] == Span(1, 6, None)
    assert found.in_stage[Stage.REVIEW] == Span(0, None, None)


def test_throughput_and_what_stood_open_by_month(tmp_path: Path) -> None:
    found = numbers(
        tmp_path,
        {
            "decisions/a.md": opened("2026-08-31"),
            "decisions/b.md": closed("2026-08-10", "2026-09-20"),
            "decisions/c.md": closed("2026-08-10", "2026-10-02", "rejected"),
            "decisions/d.md": decision("title: T\nstage: integrate\nentered: {assess: 2026-09-05}"),
        },
    )
    august, september, october = found.months[-3:]
    assert [month.opened for month in (august, september, october)] == [3, 1, 0]
    assert august.closed == {}
    assert (september.closed, october.closed) == (
        {Outcome.ACCEPTED: 1},
        {Outcome.REJECTED: 1},
    )
    assert [m.open_in[Stage.ASSESS] for m in (august, september, october)] == [1, 1, 1]
    assert [m.open_in[Stage.INTEGRATE] for m in (august, september, october)] == [2, 1, 0]
    # It has left assess, and nobody knows when.
    assert [m.open_in[None] for m in (august, september, october)] == [0, 1, 1]
    assert found.total == Span(2, 47, None)


def test_voices_precedents_alignment_and_revisit(tmp_path: Path) -> None:
    feedback = "## Feedback\n\n- [x] @bob: fine\n- [x] @carol: no answer by 2026-10-01\n"
    found = numbers(
        tmp_path,
        {
            "decisions/a.md": decision(
                "title: A\nstage: review\nconsulted: [bob, carol, dan]\n"
                "precedents: [{record: b, verdict: differs, why: W}]",
                feedback,
            ),
            "decisions/b.md": decision(
                "title: B\nstage: align\noutcome: accepted\ninformed: [bob, carol]\n"
                "aligned: [bob]\nrevisit: 2026-10-05"
            ),
            "decisions/c.md": decision(
                "title: C\nstage: align\noutcome: accepted\ninformed: [bob]\naligned: [bob]\n"
                "revisit: 2026-10-06"
            ),
            "decisions/d.md": decision("title: D\nstage: assess\nconsulted: [bob]"),
        },
    )
    assert (found.asked, found.answered) == (3, 1)
    assert found.with_precedent == 2
    assert [(d.id, missing) for d, missing in found.unaligned] == [("b", 1)]
    assert [d.id for d in found.revisit] == ["b"]


def test_roles_without_cover_and_playbooks_long_unused(tmp_path: Path) -> None:
    alone = READY["playbooks/lead/index.md"].replace("backups: [bob]\n", "")
    found = roster(tmp_path, {**READY, "playbooks/lead/index.md": alone})
    assert [role.id for role in found.uncovered] == ["lead"]
    assert found.unused == ()
    old = {"playbooks/lead/metrics/on-time.csv": "date,value,note\n2026-04-01,99,\n"}
    found = roster(tmp_path, {**READY, **old})
    assert found.uncovered == ()
    assert [(role.id, last.day) for role, last in found.unused if last] == [
        ("lead", date(2026, 4, 1))
    ]
    used = {"playbooks/lead/handoffs/a.md": handoff("ana", "bob", "2026-09-01")}
    assert roster(tmp_path, {**READY, **old, **used}).unused == ()


# History in git


class Repository:
    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        self.git("init", "--quiet")

    def git(self, *words: str, day: str = "2026-01-01") -> None:
        git(self.root, *words, day=day)

    def commit(self, day: str, files: dict[str, str]) -> None:
        for path, text in files.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "x", day=day)


TEXT = "A text long enough to be recognised after it was renamed.\n" * 5


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "base")


def staged(stage: str) -> str:
    return decision(f"title: T\nstage: {stage}", TEXT)


def began(history: History) -> dict[str, dict[Stage, date]]:
    """The days of stages, by path."""
    return {
        path: {stage: day for stage in Stage if (day := history.day((path, f"entered-{stage}")))}
        for path in history.moments
    }


def test_git_says_when_a_stage_was_written(repository: Repository) -> None:
    repository.commit("2026-09-01", {"decisions/a.md": staged("assess")})
    repository.commit("2026-09-08", {"decisions/a.md": staged("collaborate")})
    found = history_of(repository.root)
    assert found.source is HistorySource.READ
    assert began(found) == {
        "decisions/a.md": {
            Stage.ASSESS: date(2026, 9, 1),
            Stage.COLLABORATE: date(2026, 9, 8),
        }
    }
    read = process(roster(repository.root, {}).catalogue, found)
    assert read.in_stage[Stage.ASSESS] == Span(1, 7, None)
    assert [age.days for age in read.ages] == [(TODAY - date(2026, 9, 8)).days]


def test_what_is_written_counts_more_than_git(repository: Repository) -> None:
    repository.commit("2026-09-01", {"decisions/a.md": opened("2026-08-01")})
    read = process(roster(repository.root, {}).catalogue, history_of(repository.root))
    assert [age.days for age in read.ages] == [(TODAY - date(2026, 8, 1)).days]


def test_a_renamed_record_keeps_its_days(repository: Repository) -> None:
    repository.commit("2026-09-01", {"decisions/a.md": staged("assess")})
    (repository.root / "decisions/2026").mkdir()
    (repository.root / "decisions/a.md").rename(repository.root / "decisions/2026/b.md")
    repository.commit("2026-09-08", {"decisions/2026/b.md": staged("review")})
    assert began(history_of(repository.root)) == {
        "decisions/2026/b.md": {Stage.ASSESS: date(2026, 9, 1), Stage.REVIEW: date(2026, 9, 8)}
    }


def test_a_bulk_rewrite_says_nothing_of_any_record(repository: Repository) -> None:
    few = {f"decisions/{n}.md": staged("assess") for n in range(BULK)}
    repository.commit("2026-09-01", few)
    assert len(began(history_of(repository.root))) == BULK
    many = {f"decisions/{n}.md": staged("review") for n in range(BULK + 1)}
    repository.commit("2026-09-08", many)
    found = history_of(repository.root)
    assert {stage for days in began(found).values() for stage in days} == {Stage.ASSESS}


def test_a_base_inside_a_larger_repository_is_read(repository: Repository) -> None:
    repository.commit("2026-09-01", {"handbook/decisions/ä b.md": staged("assess")})
    assert list(history_of(repository.root / "handbook").moments) == ["decisions/ä b.md"]


def test_a_shallow_clone_is_said_to_be_one(repository: Repository, tmp_path: Path) -> None:
    repository.commit("2026-09-01", {"decisions/a.md": staged("assess")})
    repository.commit("2026-09-08", {"decisions/a.md": staged("review")})
    address = repository.root.as_uri()
    repository.git("clone", "--quiet", "--depth", "1", address, str(tmp_path / "shallow"))
    assert history_of(tmp_path / "shallow") == History(HistorySource.SHALLOW)


def test_no_repository_no_history(tmp_path: Path) -> None:
    assert history_of(tmp_path) == History(HistorySource.NONE)
