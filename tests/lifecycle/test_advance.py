"""Advancing: only the lines it names change, to the byte, or nothing does."""

from __future__ import annotations

from datetime import date

import pytest

from onrecord.lifecycle.advance import Advance, advance, planned
from onrecord.records.reading.frontmatter import decoded
from onrecord.records.reading.records import decision_of
from onrecord.records.vocabulary import Outcome, Stage

TODAY = date(2026, 10, 6)
BODY = (
    "# T\n\n## Problem\n\nA.\n\n## Proposal\n\nB.  \n\n## Alternatives\n\nC.\n\n"
    "## Feedback\n\n- [x] @bob: fine\n\n## Review\n\nD.\n"
)


def step(
    text: str | bytes,
    outcome: Outcome | None = None,
    due: date | None = None,
    today: date = TODAY,
) -> Advance:
    data = text if isinstance(text, bytes) else text.encode()
    decision, _ = decision_of("decisions/t.md", decoded("decisions/t.md", data)[0])
    return advance(decision, planned(decision, data, today, outcome, due), data)


def advanced(text: str | bytes, **options: object) -> str:
    result = step(text, **options)  # type: ignore[arg-type]
    assert result.data is not None, result.refusal or result.lacks
    return result.data.decode("utf-8", errors="surrogateescape")


def record(front: str, body: str = BODY) -> str:
    return f"---\n{front}---\n{body}"


FRONT = "title: T\nstage: assess\nowner: ana\nconsulted: [bob]\nentered:\n  assess: 2026-10-01\n"


PROMISE = "expects: it is a rule of style\n"

# Each stage


@pytest.mark.parametrize(
    ("stage", "following"),
    [("assess", "collaborate"), ("collaborate", "review"), ("review", "integrate")],
)
def test_it_moves_to_the_next_stage_and_writes_the_day(stage: str, following: str) -> None:
    before = FRONT.replace("assess", stage)
    after = before.replace(f"stage: {stage}", f"stage: {following}")
    after += f"  {following}: 2026-10-06\n"
    assert advanced(record(before)) == record(after)


def test_an_outcome_in_integrate_moves_on_to_align() -> None:
    before = PROMISE + FRONT.replace("assess", "integrate")
    assert advanced(record(before), outcome=Outcome.ACCEPTED) == record(
        before.replace("stage: integrate", "stage: align")
        + "  align: 2026-10-06\noutcome: accepted\ndecided: 2026-10-06\n"
    )


def test_an_outcome_that_is_written_already_moves_on_to_align() -> None:
    before = FRONT.replace("assess", "integrate") + "outcome: rejected\ndecided: 2026-10-02\n"
    after = before.replace("stage: integrate", "stage: align").replace(
        "outcome", "  align: 2026-10-06\noutcome"
    )
    assert advanced(record(before)) == record(after)


def test_an_outcome_in_align_closes_it_there() -> None:
    before = FRONT.replace("assess", "align")
    assert advanced(record(before), outcome=Outcome.ACCEPTED) == record(
        before + "outcome: accepted\ndecided: 2026-10-06\n"
    )


@pytest.mark.parametrize("stage", list(Stage))
def test_it_can_be_withdrawn_in_any_stage_as_it_is(stage: Stage) -> None:
    before = FRONT.replace("assess", stage)
    assert advanced(record(before, "nothing written\n"), outcome=Outcome.WITHDRAWN) == record(
        before + "outcome: withdrawn\ndecided: 2026-10-06\n", "nothing written\n"
    )


def test_it_can_be_rejected_in_review_once_reviewed() -> None:
    before = FRONT.replace("assess", "review")
    assert advanced(record(before), outcome=Outcome.REJECTED) == record(
        before + "outcome: rejected\ndecided: 2026-10-06\n"
    )
    result = step(record(before, "## Feedback\n- [ ] @bob: why?\n"), Outcome.REJECTED)
    assert result.data is None
    assert len(result.lacks) == 2


def test_the_day_of_the_outcome_is_kept_where_it_is_written() -> None:
    before = FRONT.replace("assess", "align") + "decided: 2026-10-02\n"
    assert advanced(record(before), outcome=Outcome.ACCEPTED) == record(
        before.replace("decided", "outcome: accepted\ndecided")
    )


def test_a_new_due_takes_the_place_of_the_old() -> None:
    before = FRONT + "due: 2026-10-05\n"
    after = FRONT.replace("stage: assess", "stage: collaborate") + (
        "  collaborate: 2026-10-06\ndue: 2026-10-20\n"
    )
    assert advanced(record(before), due=date(2026, 10, 20)) == record(after)


# Each way to write it


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "# head\nstage: assess # now\n\nentered: # days\n  # first\n  assess: 2026-10-01 # a\n"
            "  # last\nowner: ana\ntitle: T\nzzz: 1\n",
            "# head\nstage: collaborate # now\n\nentered: # days\n  # first\n"
            "  assess: 2026-10-01 # a\n  collaborate: 2026-10-06\n  # last\nowner: ana\n"
            "title: T\nzzz: 1\n",
            id="comments, key order and unknown keys stay",
        ),
        pytest.param(
            "title: 'T'\nstage: \"assess\"\nowner: \"ana\"\nentered: {assess: '2026-10-01'}\n",
            'title: \'T\'\nstage: "collaborate"\nowner: "ana"\n'
            "entered: {assess: '2026-10-01', collaborate: 2026-10-06}\n",
            id="quotes stay, flow stays flow",
        ),
        pytest.param(
            "title: T\nowner: ana\nentered: {\n  assess: 2026-10-01, # a\n}\nstage: 'assess'\n",
            "title: T\nowner: ana\nentered: {\n  assess: 2026-10-01, collaborate: 2026-10-06, # a\n"
            "}\nstage: 'collaborate'\n",
            id="flow on several lines",
        ),
        pytest.param(
            "title: T\nstage: assess\nowner: ana\nentered: {}\n",
            "title: T\nstage: collaborate\nowner: ana\nentered: {collaborate: 2026-10-06}\n",
            id="empty flow",
        ),
        pytest.param(
            "title: T\nstage: assess\nowner: ana\n",
            "title: T\nstage: collaborate\nentered:\n  collaborate: 2026-10-06\nowner: ana\n",
            id="no entered",
        ),
        pytest.param(
            "title: T\nentered:\nowner: ana\nstage: assess\n",
            "title: T\nentered:\n  collaborate: 2026-10-06\nowner: ana\nstage: collaborate\n",
            id="entered without a value",
        ),
        pytest.param(
            "title: T\nentered: ~\nowner: ana\nstage: assess\n",
            "title: T\nentered: {collaborate: 2026-10-06}\nowner: ana\nstage: collaborate\n",
            id="entered is null",
        ),
        pytest.param(
            "title: T\nstage: assess\nowner: ana\nentered:\n    assess: 2026-10-01\n"
            "    collaborate: # when?\n",
            "title: T\nstage: collaborate\nowner: ana\nentered:\n    assess: 2026-10-01\n"
            "    collaborate: 2026-10-06 # when?\n",
            id="an empty day is filled",
        ),
        pytest.param(
            "title: T\nstage: assess\nowner: ana\n"
            "entered: {assess: 2026-10-01, collaborate: null}\n",
            "title: T\nstage: collaborate\nowner: ana\n"
            "entered: {assess: 2026-10-01, collaborate: 2026-10-06}\n",
            id="a null day is filled",
        ),
        pytest.param(
            "title: T\nstage:   assess  \nowner: ana\nentered:\n      assess:   2026-10-01\n",
            "title: T\nstage:   collaborate  \nowner: ana\nentered:\n      assess:   2026-10-01\n"
            "      collaborate: 2026-10-06\n",
            id="spaces and indent stay",
        ),
    ],
)
def test_it_writes_in_the_style_it_finds(before: str, after: str) -> None:
    assert advanced(record(before)) == record(after)


@pytest.mark.parametrize("null", ["", "~", "null", '""'])
def test_null_values_are_filled_in_place(null: str) -> None:
    front = FRONT.replace("assess", "align") + f"outcome: {null} # o\ndue: {null}\ndecided:{null}\n"
    if null not in ("", '""'):
        front = front.replace(f"decided:{null}", f"decided: {null}")
    changed = advanced(record(front.replace('decided:""', 'decided: ""')), outcome=Outcome.ACCEPTED)
    quote = '"' if null == '""' else ""
    assert f"outcome: {quote}accepted{quote} " in changed
    assert f"\ndecided: {quote}2026-10-06{quote}\n" in changed
    assert f"\ndue: {null}\n" in changed


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", ["", "\n"])
def test_line_ends_byte_order_mark_and_last_line_stay(end: str, mark: str, last: str) -> None:
    body = BODY.rstrip("\n") + last
    before = mark + record(FRONT, body).replace("\n", end)
    after_front = FRONT.replace("stage: assess", "stage: collaborate") + (
        "  collaborate: 2026-10-06\n"
    )
    assert advanced(before) == mark + record(after_front, body).replace("\n", end)


def test_mixed_line_ends_and_odd_bytes_stay() -> None:
    before = (
        record(FRONT + "# caf\xe9\n")
        .encode("latin-1")
        .replace(b"## Review", b"\xff\r## Review\r\n")
    )
    result = step(before)
    assert result.data == before.replace(b"stage: assess", b"stage: collaborate").replace(
        b"  assess: 2026-10-01\n", b"  assess: 2026-10-01\n  collaborate: 2026-10-06\n"
    )


def test_signs_that_are_line_ends_to_some_shift_nothing() -> None:
    before = "# \u2028\x85 stage: review\ntitle: a\u2029b\nowner: ana\nstage: assess # \u2028\n"
    assert advanced(record(before)) == record(
        before.replace("stage: assess", "stage: collaborate")
        + "entered:\n  collaborate: 2026-10-06\n"
    )


# When it refuses


@pytest.mark.parametrize(
    ("text", "options", "refusal"),
    [
        ("title: T\nstage: soon\n", {}, "its stage can't be read; `onrecord check` says why"),
        (
            FRONT + "outcome: withdrawn\n",
            {"outcome": Outcome.WITHDRAWN},
            "it is withdrawn already",
        ),
        (
            FRONT,
            {"outcome": Outcome.ACCEPTED},
            "it can't be accepted in assess, only from integrate on",
        ),
        (
            FRONT.replace("assess", "review") + "outcome: rejected\n",
            {},
            "nothing is left to do: it is closed",
        ),
        (
            FRONT,
            {"today": date(2026, 9, 30)},
            "today is 2026-09-30, but `entered` has 2026-10-01 already",
        ),
        (FRONT + "stage: assess\n", {}, "fix its front matter first; `onrecord check` says where"),
        (FRONT + "due: %x\n", {}, "fix its front matter first; `onrecord check` says where"),
        ("{title: T, stage: assess, owner: ana}\n", {}, "UNSAFE"),
        ("title: T\nx: &s assess\nstage: *s\nowner: ana\n", {}, "UNSAFE"),
    ],
)
def test_it_says_why_it_cannot(text: str, options: dict[str, object], refusal: str) -> None:
    result = step(record(text), **options)  # type: ignore[arg-type]
    unsafe = (
        "the front matter is written in a way that can't be changed safely; "
        "write by hand: stage: collaborate, and its date under `entered`"
    )
    assert result.data is None
    assert result.refusal == refusal.replace("UNSAFE", unsafe)


def test_a_gate_that_is_not_met_changes_nothing() -> None:
    result = step(record(FRONT, "## Problem\n\nA.\n"))
    assert result.data is None
    assert [lack.text for lack in result.lacks] == [
        "the section “Proposal” is missing",
        "the section “Alternatives” is missing",
    ]


def test_a_closed_decision_in_align_waits_for_those_informed() -> None:
    closed = FRONT.replace("assess", "align") + "outcome: accepted\ninformed: [bob]\n"
    assert [lack.who for lack in step(record(closed)).lacks] == [("bob",)]
    assert (
        step(record(closed + "aligned: [bob]\n")).refusal == "nothing is left to do: it is closed"
    )


def test_what_an_advance_writes_passes_the_checks_of_its_record() -> None:
    text = record(PROMISE + FRONT)
    for outcome in (None, None, None, Outcome.ACCEPTED):
        text = advanced(text, outcome=outcome)
        decision, faults = decision_of("decisions/t.md", text)
        assert faults == []
    assert decision.stage is Stage.ALIGN
    assert [stage for stage, _ in decision.entered] == list(Stage)
