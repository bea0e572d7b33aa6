"""What is stuck: too long in a stage, late, or without an owner or a day."""

from __future__ import annotations

from pathlib import Path

from small_base import READY, decision, roster

from onrecord.overview.attention import stuck, usual_lengths
from onrecord.records.vocabulary import Stage

OVER = {
    f"decisions/over-{days}.md": decision(
        f"title: Over {days}\nowner: lead\nstage: align\noutcome: accepted\ndecided: 2026-09-01\n"
        f"entered: {{assess: 2026-08-01, collaborate: 2026-08-{1 + days:02}, align: 2026-09-01}}"
    )
    for days in (2, 4, 6, 8)
}


def open_one(title: str, began: str, rest: str = "owner: lead\ndue: 2026-12-24") -> str:
    return decision(f"title: {title}\nstage: assess\nentered: {{assess: {began}}}\n{rest}")


def titles(tmp_path: Path, files: dict[str, str]) -> list[str]:
    catalogue = roster(tmp_path, {**READY, **files}).catalogue
    return [one.row.decision.title for one in stuck(catalogue)]


def test_what_is_longer_in_its_stage_than_three_of_four_is_stuck(tmp_path: Path) -> None:
    files = OVER | {
        "decisions/a.md": open_one("Usual", "2026-09-30"),
        "decisions/b.md": open_one("Long", "2026-09-29"),
    }
    found = roster(tmp_path, {**READY, **files}).catalogue
    usual = usual_lengths(found)[Stage.ASSESS]
    assert (usual.median, usual.most) == (5.0, 6.5)
    assert titles(tmp_path, files) == ["Long"]  # 7 days; the other one 6


def test_with_few_stages_over_nothing_is_too_long(tmp_path: Path) -> None:
    one = dict(list(OVER.items())[:3])
    assert titles(tmp_path, one | {"decisions/b.md": open_one("Long", "2026-01-01")}) == []


def test_without_an_owner_or_a_day_or_too_late_it_is_stuck(tmp_path: Path) -> None:
    files = {
        "decisions/a.md": open_one("No owner", "2026-10-01", "due: 2026-12-24"),
        "decisions/b.md": open_one("No day", "2026-10-02", "owner: lead"),
        "decisions/c.md": open_one("Late", "2026-09-20", "owner: lead\ndue: 2026-10-04"),
        "decisions/d.md": open_one("Fine", "2026-10-03"),
        "decisions/e.md": decision("title: Began who knows when\nstage: assess\nowner: lead"),
    }
    assert titles(tmp_path, files) == ["Late", "No owner", "No day", "Began who knows when"]
