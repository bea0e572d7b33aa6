"""Progress in a log: a line at most every ten seconds, and every item in its order."""

from __future__ import annotations

from onrecord.text.progress import in_lines, silent


class Clock:
    """Seconds that a test sets."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_line_comes_whenever_ten_seconds_have_gone_by() -> None:
    clock, lines = Clock(), list[str]()
    seen = []
    for item in in_lines(lines.append, clock)("Reading decisions", range(200)):
        clock.seconds += 0.0625
        seen.append(item)
    assert seen == list(range(200))
    assert lines == ["Reading decisions: 160 of 200"]


def test_short_work_says_nothing() -> None:
    clock, lines = Clock(), list[str]()
    for _ in in_lines(lines.append, clock)("Reading decisions", range(90)):
        clock.seconds += 0.0625
    assert lines == []


def test_many_short_loops_are_one_long_work() -> None:
    clock, lines = Clock(), list[str]()
    progress = in_lines(lines.append, clock)
    for number in range(5):
        for _ in progress(f"Step {number}", "abc"):
            clock.seconds += 2
    assert lines == ["Step 1: 2 of 3", "Step 3: 1 of 3"]


def test_silent_progress_gives_the_items_back() -> None:
    assert list(silent("Reading", "abc")) == ["a", "b", "c"]
    assert list(in_lines(print)("Reading", ())) == []
