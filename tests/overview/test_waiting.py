"""What waits for whom: each kind of item appears, and disappears once it is done."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_base import READY, decision, handoff, roster

H = "playbooks/lead/handoffs/"
D = "decisions/pay.md"


def waits(root: Path, files: dict[str, str], person: str) -> list[tuple[str, str, str]]:
    """The kind, title and day of each item, with the role's own files around."""
    found = roster(root, {**READY, **files}).people.get(person)
    items = found.items if found else ()
    return [(item.ask.value, item.title, str(item.due or item.since or "")) for item in items]


def pay(front: str, body: str = "") -> dict[str, str]:
    return {D: decision(f"title: Pay\nowner: lead\n{front}", body)}


CASES = {
    "feedback": (
        pay("stage: collaborate\nconsulted: [bob]\ndue: 2026-10-09"),
        pay(
            "stage: collaborate\nconsulted: [bob]\ndue: 2026-10-09",
            "## Feedback\n\n- [ ] @bob: why?\n",
        ),
        "bob",
        ("feedback", "Pay", "2026-10-09"),
    ),
    "alignment": (
        pay("stage: align\noutcome: accepted\ninformed: [bob]"),
        pay("stage: align\noutcome: accepted\ninformed: [bob]\naligned: [Bob]"),
        "bob",
        ("alignment", "Pay", ""),
    ),
    "the owner's part": (
        pay("stage: review\nentered: {review: 2026-10-01}"),
        pay("stage: review\nentered: {review: 2026-10-01}\noutcome: rejected"),
        "ana",
        ("decision", "Pay", "2026-10-01"),
    ),
    "overdue feedback is the owner's too": (
        pay("stage: collaborate\nconsulted: [bob]\ndue: 2026-10-05"),
        pay("stage: collaborate\nconsulted: [bob]\ndue: 2026-10-06"),
        "ana",
        ("decision", "Pay", "2026-10-05"),
    ),
    "revisit": (
        pay("stage: align\noutcome: accepted\nrevisit: 2026-10-20"),
        pay("stage: align\noutcome: accepted\nrevisit: 2026-10-21"),
        "ana",
        ("revisit", "Pay", "2026-10-20"),
    ),
    "a handoff to accept": (
        {f"{H}a.md": handoff("ana", "carol", "2026-10-08")},
        {f"{H}a.md": handoff("ana", "carol", "2026-10-08", accepted="2026-10-05")},
        "carol",
        ("handoff", "Lead: ana to carol", "2026-10-08"),
    ),
    "a handoff the giver still answers for": (
        {f"{H}a.md": handoff("ana", "carol", "2026-10-08")},
        {f"{H}a.md": handoff("ana", "carol", "2026-10-08", accepted="2026-10-05")},
        "ana",
        ("handoff", "Lead: ana to carol", "2026-10-08"),
    ),
    "a handoff due back": (
        {
            f"{H}a.md": handoff(
                "ana", "carol", "2026-09-01", until="2026-10-05", accepted="2026-09-01"
            )
        },
        {
            f"{H}a.md": handoff(
                "ana", "carol", "2026-09-01", until="2026-10-06", accepted="2026-09-01"
            )
        },
        "carol",
        ("handoff", "Lead: ana to carol", "2026-10-05"),
    ),
    "a loop with a name": (
        {f"{H}a.md": handoff("ana", "zoe", "2026-10-01", loops="- [ ] Call @carol due:2026-10-07")},
        {f"{H}a.md": handoff("ana", "zoe", "2026-10-01", loops="- [x] Call @carol due:2026-10-07")},
        "carol",
        ("loop", "Call", "2026-10-07"),
    ),
    "a loop without a name is the holder's": (
        {f"{H}a.md": handoff("", "zoe", "2026-10-01", loops="- [ ] Call due:2026-10-07")},
        {f"{H}a.md": handoff("", "zoe", "2026-10-01", loops="- [x] Call due:2026-10-07")},
        "ana",
        ("loop", "Call", "2026-10-07"),
    ),
    "a late metric": (
        {"playbooks/lead/metrics/on-time.csv": "date,value,note\n2026-08-05,99,\n"},
        {"playbooks/lead/metrics/on-time.csv": "date,value,note\n2026-09-05,99,\n"},
        "ana",
        ("metric", "On time", "2026-08-05"),
    ),
}


@pytest.mark.parametrize(("there", "gone", "person", "item"), CASES.values(), ids=list(CASES))
def test_an_item_waits_until_it_is_done(
    tmp_path: Path,
    there: dict[str, str],
    gone: dict[str, str],
    person: str,
    item: tuple[str, str, str],
) -> None:
    assert waits(tmp_path, there, person) == [item]
    assert waits(tmp_path, gone, person) == []


def test_the_overdue_come_first_and_the_oldest_before_the_young(tmp_path: Path) -> None:
    def asked(title: str, more: str) -> str:
        return decision(f"title: {title}\nstage: collaborate\nconsulted: [bob]\n{more}")

    files = {
        "decisions/a.md": asked("Young", "entered: {collaborate: 2026-10-05}"),
        "decisions/b.md": asked("Old", "entered: {collaborate: 2026-01-05}"),
        "decisions/c.md": asked("Soon", "due: 2026-10-08"),
        "decisions/d.md": asked("Overdue", "due: 2026-10-01"),
    }
    assert [title for _, title, _ in waits(tmp_path, files, "bob")] == [
        "Overdue",
        "Soon",
        "Old",
        "Young",
    ]


def test_who_takes_a_role_over_is_asked_in_the_holders_place(tmp_path: Path) -> None:
    files = pay("stage: review")
    assert waits(tmp_path, files, "ana") == [("decision", "Pay", "")]
    taken = handoff("ana", "carol", "2026-10-01", until="2026-10-20", accepted="2026-10-01")
    files = {**files, f"{H}a.md": taken}
    assert waits(tmp_path, files, "ana") == []
    assert waits(tmp_path, files, "carol") == [("decision", "Pay", "")]


def test_only_those_with_something_waiting_or_a_role_are_listed(tmp_path: Path) -> None:
    files = pay("stage: collaborate\nconsulted: [Carol]\ninformed: [dan]")
    found = roster(tmp_path, {**READY, **files}).people
    assert list(found) == ["ana", "bob", "carol"]
    assert found["carol"].handle == "Carol"
    assert [role.id for role in found["ana"].holds] == ["lead"]
    assert [role.id for role in found["bob"].backs_up] == ["lead"]


def test_nobody_who_has_left_is_waited_for(tmp_path: Path) -> None:
    files = {
        **pay("stage: collaborate\nconsulted: [carol]"),
        "playbooks/people.yml": "carol: {active: false}\nana: {}\nbob: {}\n",
    }
    assert "carol" not in roster(tmp_path, {**READY, **files}).people
