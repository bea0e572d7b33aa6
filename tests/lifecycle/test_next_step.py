"""Edits: writing the lines by hand comes to what the command would have written."""

from __future__ import annotations

from datetime import date

import pytest

from onrecord.lifecycle.advance import Edit, step_of, step_of_handoff
from onrecord.lifecycle.stages import lacks
from onrecord.records.model import Decision
from onrecord.records.reading.records import decision_of, handoff_of

TODAY = date(2026, 10, 6)


def decision(front: str, body: str = "") -> tuple[Decision, bytes]:
    text = f"---\ntitle: T\n{front}---\n\n{body}"
    found, faults = decision_of("decisions/t.md", text)
    assert faults == []
    return found, text.encode()


def steps(front: str, body: str = "") -> tuple[str, tuple[Edit, ...]]:
    found, data = decision(front, body)
    step = step_of(found, data, TODAY, lacks(found, TODAY))
    return step.name, step.edits


def written(data: bytes, edits: tuple[Edit, ...]) -> str:
    """The text after a person has followed the edits, from the last place to the first."""
    lines = data.decode().split("\n")
    for edit in reversed(edits):
        number = int(edit.where.split("line ")[1].split(",")[0])
        place = (
            slice(number, number) if edit.where.startswith("below") else slice(number - 1, number)
        )
        lines[place] = edit.text.split("\n")
    return "\n".join(lines)


def test_feedback_is_a_line_for_each_who_is_waited_for() -> None:
    name, edits = steps(
        "stage: collaborate\nowner: lead\nconsulted: [bob, carol, dan]\n",
        "## Feedback\n\n- [ ] @carol: Why?\n",
    )
    assert name == "Give feedback"
    assert edits == (
        Edit("- [ ] @bob: …", "below line 8, “Feedback”", "bob"),
        Edit("- [ ] @dan: …", "below line 8, “Feedback”", "dan"),
    )


def test_the_first_feedback_brings_its_heading() -> None:
    _, edits = steps("stage: collaborate\nowner: lead\nconsulted: [bob]\n")
    assert edits == (Edit("## Feedback\n\n- [ ] @bob: …", "at the end of the file", "bob"),)


@pytest.mark.parametrize(
    "aligned",
    [
        "",
        "aligned:\n",
        "aligned: []\n",
        "aligned: [ana]\n",
        "aligned: [ ana , eve ] # so far\n",
        "aligned:\n  - ana\n  - eve\ntags: [x]\n",
        "aligned:\n- ana\n",
    ],
)
@pytest.mark.parametrize("informed", ["informed: [bob]\n", "informed:\n  - bob\n"])
def test_a_person_acknowledges_in_the_style_of_the_list(aligned: str, informed: str) -> None:
    front = (
        "stage: align\nowner: lead\noutcome: accepted\ndecided: 2026-10-05\n" + informed + aligned
    )
    found, data = decision(front)
    step = step_of(found, data, TODAY, lacks(found, TODAY))
    assert step.name == "Acknowledge"
    (edit,) = step.edits
    again, faults = decision_of(found.path, written(data, step.edits))
    assert faults == []
    assert again.aligned == (*found.aligned, "bob")
    assert edit.who == "bob"


def test_a_ready_decision_is_advanced_by_these_lines() -> None:
    front = (
        "stage: review\nowner: lead\nentered:\n  assess: 2026-09-01\n  collaborate: 2026-09-10\n"
        "  review: 2026-09-20\n"
    )
    found, data = decision(front, "## Review\n\nAll is well.\n")
    step = step_of(found, data, TODAY, lacks(found, TODAY))
    assert step.name == "Advance to integrate"
    assert [edit.text for edit in step.edits] == ["stage: integrate", "  integrate: 2026-10-06"]
    again, faults = decision_of(found.path, written(data, step.edits))
    assert faults == []
    assert (again.stage, again.entered[-1][1]) == ("integrate", TODAY)


def test_what_is_missing_is_shown_as_a_line_to_write() -> None:
    name, edits = steps("stage: integrate\nowner: lead\n")
    assert name == "Edit this decision"
    assert edits == (
        Edit("outcome: accepted", "line 3"),
        Edit("expects: [{metric: a-role/a-number, at_least: 99, by: 2027-01-31}]", "line 3"),
    )


def test_a_handoff_is_accepted_by_these_lines() -> None:
    text = (
        "---\nfrom: ana\nto: bob\neffective: 2026-10-01\n---\n\n## Situation\n\nCalm.\n\n"
        "## Read-back\n\n<!-- Yours. -->\n"
    )
    path = "playbooks/lead/handoffs/x.md"
    found, _ = handoff_of(path, text)
    step = step_of_handoff(found, text.encode(), TODAY)
    assert step.edits[0] == Edit("accepted_on: 2026-10-06", "below line 4")
    assert "**What do I now own?** …" in step.edits[1].text
    again, faults = handoff_of(path, written(text.encode(), step.edits))
    assert faults == []
    assert again.is_accepted


def test_a_file_that_cannot_be_read_leads_to_no_lines() -> None:
    found, _ = decision("stage: review\nowner: lead\n", "## Review\n\nYes.\n")
    assert step_of(found, b"", TODAY, ()).edits == ()
