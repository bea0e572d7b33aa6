"""Everything people said of a decision, in its own file and in files beside it."""

from __future__ import annotations

import hashlib
import random
import subprocess
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from onrecord.lifecycle import stages
from onrecord.lifecycle.conversation import (
    Voice,
    VoiceState,
    aligned,
    answered,
    conversation_of,
    silent,
    unaligned,
    unanswered,
)
from onrecord.lifecycle.relations import relate
from onrecord.lifecycle.upkeep import findings_of
from onrecord.records.model import Decision
from onrecord.records.reading import read_library
from onrecord.records.reading.records import decision_of
from onrecord.records.vocabulary import Says

TODAY = date(2026, 10, 6)
FRONT = """---
title: Day
stage: collaborate
owner: "@ana"
consulted: [bo, carl, dan]
informed: [ana, bo, carl]
---
"""


def base(tmp_path: Path, feedback: str = "", **replies: str) -> Decision:
    """The one decision of a base; replies are `b_2026_09_15_bo="feedback: text"`."""
    write(tmp_path / "decisions/2026/day.md", f"{FRONT}\n## Feedback\n\n{feedback}\n")
    for name, said in replies.items():
        day, who = "-".join(name.split("_")[1:4]), "-".join(name.split("_")[4:])
        says, _, text = said.partition(": ")
        says, _, to = says.partition(" to ")
        lines = ["---", f"from: {who.split('-')[0]}", f"says: {says}", *([f"to: {to}"] * bool(to))]
        path = tmp_path / f"decisions/2026/day/{day}-{who}.md"
        write(path, "\n".join([*lines, "---", "", text, ""]))
    return read_library(tmp_path).decision["day"]


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def short(voices: tuple[Voice, ...]) -> list[tuple[str, str, str]]:
    return [(voice.who, voice.text, voice.state.value) for voice in voices]


def test_lines_and_replies_are_one_conversation_oldest_first(tmp_path: Path) -> None:
    decision = base(
        tmp_path,
        "- [x] @bo: what about holidays?\n  The day before.\n- [ ] @eve (2026-09-20): why?",
        r_2026_09_18_carl="feedback: And Sundays?",
        r_2026_09_21_ana="answer to 2026-09-18-carl: The Friday before.",
        r_2026_09_22_dan="no-objection",
    )
    found = conversation_of(decision)
    assert short(found.voices) == [
        ("bo", "what about holidays?", "answered"),
        ("carl", "And Sundays?", "answered"),
        ("eve", "why?", "open"),
        ("dan", "", "no objection"),
    ]
    assert [short(voice.answers) for voice in found.voices] == [
        [("", "The day before.", "said")],
        [("ana", "The Friday before.", "said")],
        [],
        [],
    ]
    assert [voice.was_asked for voice in found.voices] == [True, True, False, True]
    assert found.waits_for == ()
    assert [voice.who for voice in found.open] == ["eve"]


def test_a_reply_counts_at_every_gate(tmp_path: Path) -> None:
    decision = base(
        tmp_path,
        "- [x] @carl: no answer by 2026-10-01",
        r_2026_09_18_bo="feedback: Why?",
        r_2026_09_19_dan="no-objection",
    )
    assert answered(decision) == {"bo", "carl", "dan"}
    assert unanswered(decision) == ()
    assert silent(decision) == {"carl"}
    assert stages.waits_for(decision) == ("ana",)
    assert [voice.key for voice in conversation_of(decision).open] == ["2026-09-18-bo"]


def test_who_answers_after_their_silence_was_noted_has_answered(tmp_path: Path) -> None:
    decision = base(tmp_path, "- [x] @bo: no answer by 2026-10-01", r_2026_10_02_bo="feedback: Hm.")
    assert silent(decision) == frozenset()
    assert unanswered(decision) == ("carl", "dan")


def test_acknowledgements_of_both_kinds_count_once(tmp_path: Path) -> None:
    base(tmp_path, r_2026_10_01_bo="aligned", r_2026_10_01_eve="aligned: I read it.")
    path = tmp_path / "decisions/2026/day.md"
    path.write_text(path.read_text("utf-8").replace("---\n\n", "aligned: [Bo, ana]\n---\n\n", 1))
    decision = read_library(tmp_path).decision["day"]
    assert aligned(decision) == ("Bo", "ana", "eve")
    assert unaligned(decision) == ("carl",)
    said = {voice.who: voice.was_asked for voice in conversation_of(decision).acknowledged}
    assert said == {"Bo": True, "ana": True, "eve": False}


@pytest.mark.parametrize(
    ("replies", "state"),
    [
        ({"r_2026_09_18_bo": "feedback: Why?"}, VoiceState.OPEN),
        ({"r_2026_09_18_bo": "feedback: - [ ] Why?"}, VoiceState.OPEN),
        ({"r_2026_09_18_bo": "feedback: - [x] Why?"}, VoiceState.ANSWERED),
        (
            {
                "r_2026_09_18_bo": "feedback: Why?",
                "r_2026_09_18_bo_2": "answer to 2026-09-18-bo: I meant what for.",
            },
            VoiceState.OPEN,
        ),
        (
            {
                "r_2026_09_18_bo": "feedback: Why?",
                "r_2026_09_19_ana": "answer to 2026-09-18-bo: Rent.",
                "r_2026_09_20_bo": "answer to 2026-09-19-ana: I see.",
            },
            VoiceState.ANSWERED,
        ),
    ],
)
def test_feedback_is_resolved_by_somebody_elses_answer_or_a_tick(
    tmp_path: Path, replies: dict[str, str], state: VoiceState
) -> None:
    (first,) = conversation_of(base(tmp_path, **replies)).voices
    assert first.state is state
    assert len(first.answers) == len(replies) - 1


def test_answers_in_a_circle_are_shown_and_end(tmp_path: Path) -> None:
    decision = base(
        tmp_path,
        r_2026_09_18_bo="answer to 2026-09-19-ana: one",
        r_2026_09_19_ana="answer to 2026-09-18-bo: two",
    )
    assert [voice.says for voice in conversation_of(decision).voices] == [Says.ANSWER] * 2


def test_a_reply_in_somebody_elses_name_counts_for_neither(tmp_path: Path) -> None:
    base(tmp_path)
    write(
        tmp_path / "decisions/2026/day/2026-09-18-bo.md", "---\nfrom: carl\nsays: feedback\n---\nA"
    )
    assert unanswered(read_library(tmp_path).decision["day"]) == ("bo", "carl", "dan")


@pytest.mark.parametrize(
    ("name", "author"),
    [
        ("2026-09-18-ana-2.md", "ana-2"),
        ("2026-09-18-ana-2.md", "ana"),
        ("2026-09-18-Ana.md", "ana"),
        ("2026-09-18-team-x.md", "team/x"),
        ("2026-09-18-zoe\u0308.md", "zo\u00eb"),
    ],
)
def test_a_files_name_names_its_author(tmp_path: Path, name: str, author: str) -> None:
    base(tmp_path)
    write(
        tmp_path / "decisions/2026/day" / name, f"---\nfrom: {author}\nsays: feedback\n---\nSo.\n"
    )
    library = read_library(tmp_path)
    assert [reply.who for reply in library.replies] == [author]
    assert findings_of(library, relate(library), TODAY) == ()


WAYS = [
    "- [ ] @dave: fine",
    "- @dave: fine",
    "- [ ] dave: fine",
    "-[ ] @dave fine",
    "- [] @dave fine",
    "**@dave** fine",
    "**@dave:** fine",
    "- **dave**: fine",
    "fine, @dave",
    "- fine (@dave)",
    "[@dave](https://forge.example/dave): fine",
    "### @dave\n\nfine",
    "> @dave: fine",
    "> fine\n>\n> — @dave",
    "@dave: fine",
    "@dave fine",
    "1. @dave: fine",
    "| who | what |\n|---|---|\n| @dave | fine |",
    "@dave\n: fine",
    "@dave:\n\nfine",
    "- dave thinks it is fine",
    "- @Dave – fine",
    "- [x] @dave",
    "From @dave: fine",
    "- @dave (2026-09-18): fine",
    "- Dave Miller: fine",
    "• @dave: fine",
    "__@dave__ fine",
]


@pytest.mark.parametrize("written", WAYS)
def test_feedback_counts_or_is_a_finding_with_the_line_rewritten(written: str) -> None:
    text = FRONT.replace("[bo, carl, dan]", "[dave]")
    decision, faults = decision_of("decisions/x.md", f"{text}\n## Feedback\n\n{written}\n")
    if unanswered(decision):
        (fault,) = faults
        assert fault.code == "feedback-unclear"
        assert fault.hint.startswith(("write - [ ] @dave: ", "write - [x] @dave: "))
    else:
        assert faults == []
        assert [voice.who.casefold() for voice in conversation_of(decision).voices] == ["dave"]
        assert [voice.text for voice in conversation_of(decision).voices] == ["fine"]


@pytest.mark.parametrize(
    "written",
    [
        "<!-- - [ ] @dave: … -->",
        "```\n- @dave: in code\n```",
        "- [ ] @dave: …",
        "Please answer by Friday.",
        "### First round",
    ],
)
def test_what_is_no_feedback_is_neither(written: str) -> None:
    text = FRONT.replace("[bo, carl, dan]", "[dave]")
    decision, faults = decision_of("decisions/x.md", f"{text}\n## Feedback\n\n{written}\n")
    assert faults == []
    assert unanswered(decision) == ("dave",)


def test_thirty_people_reply_at_once_without_a_conflict(tmp_path: Path) -> None:
    """Each in a branch of their own, merged by git in twenty orders: the files never meet."""
    people = [f"p{number}" for number in range(30)]
    root = tmp_path / "base"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    git(root, "fast-import", "--quiet", given="".join(branches(people)))
    orders = [random.Random(seed).sample(people, len(people)) for seed in range(20)]
    merged = [git(root, "rev-parse", "main")] * len(orders)
    for step in range(len(people)):
        # One process takes a step in every order, by the strategy that `git merge` has.
        pairs = "".join(f"{one} {order[step]}\n" for one, order in zip(merged, orders, strict=True))
        said = git(root, "merge-tree", "--stdin", given=pairs).split("\0")
        clean, trees = said[0 : 3 * len(orders) : 3], said[1 : 3 * len(orders) : 3]
        assert set(clean) == {"1"}, "a conflict"
        merged = [commit(root, *both) for both in zip(trees, merged, strict=True)]
    assert len(set(trees)) == 1, "every order ends in the same files"
    git(root, "reset", "-q", "--hard", merged[0])
    decision = read_library(root).decision["day"]
    assert unanswered(decision) == ()
    assert len(conversation_of(decision).voices) == 30


def branches(people: list[str]) -> Iterator[str]:
    """A branch for each, as `git fast-import` reads them."""
    text = FRONT.replace("[bo, carl, dan]", f"[{', '.join(people)}]")
    head = "committer T <t@example.org> 0 +0000\ndata 0\n"
    yield f"commit refs/heads/main\n{head}M 644 inline decisions/2026/day.md\n"
    yield f"data {len(text)}\n{text}\n"
    for who in people:
        path, reply = f"decisions/2026/day/2026-09-18-{who}.md", reply_of(who)
        yield f"commit refs/heads/{who}\n{head}from refs/heads/main\nM 644 inline {path}\n"
        yield f"data {len(reply)}\n{reply}\n"


def reply_of(who: str) -> str:
    return f"---\nfrom: {who}\nsays: feedback\n---\n\nI am {who}.\n"


def commit(root: Path, tree: str, parent: str) -> str:
    """A commit written as git stores it: six hundred processes would take their time."""
    who = "T <t@example.org> 0 +0000"
    text = f"tree {tree}\nparent {parent}\nauthor {who}\ncommitter {who}\n\nM\n".encode()
    data = b"commit %d\0%b" % (len(text), text)
    name = hashlib.sha1(data).hexdigest()
    file = root / ".git" / "objects" / name[:2] / name[2:]
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(zlib.compress(data))
    return name


def git(root: Path, *words: str, given: str | None = None) -> str:
    command = ["git", "-C", str(root), *words]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    return done.stdout.strip()
