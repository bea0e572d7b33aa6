"""The notes of a meeting go back into the records: all of them, once, and nothing else changes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.cli import main
from onrecord.drafting.meeting_notes import planned_notes
from onrecord.drafting.meeting_sheet import read_sheet
from onrecord.lifecycle.conversation import VoiceState, conversation_of
from onrecord.records.model import Decision
from onrecord.records.reading.records import decision_of

PATH = "decisions/2026/pay.md"
RECORD = """---
title: Pay by card
stage: integrate
owner: ana
consulted: [bob, carol]
informed: [bob]
entered: {integrate: 2026-11-20}
---

## Feedback

- [ ] @bob: Who checks the receipts?
  And when?
- [x] @carol: Fine by me.
  - [ ] @carol: And tips?
- [ ] @carol: Which card?

## Alignment

- later
"""
REPLY = "---\nfrom: bob\nsays: feedback\n---\n\nWhat about `tax`?\n"
TODAY = "2026-11-28"
BOB, TIPS, CARD, TAX = (
    "@bob: Who checks the receipts? And when?",
    "@carol: And tips?",
    "@carol: Which card?",
    "@bob: What about `tax`?",
)


def sheet(*parts: str, day: str = "2026-11-27", there: str = "@ana, @bob") -> str:
    head = f"# Meeting of {day}\n\nThere: {there}\n\n## pay: Pay by card\n"
    return head + "".join(f"\n{part}\n" for part in parts)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    (tmp_path / "decisions/2026/pay").mkdir(parents=True)
    (tmp_path / PATH).write_text(RECORD, encoding="utf-8")
    (tmp_path / "decisions/2026/pay/2026-11-21-bob.md").write_text(REPLY, encoding="utf-8")
    return tmp_path


def run(base: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--root", str(base), "--today", TODAY, "agenda", *words])


def taken(base: Path, text: str, *words: str) -> Result:
    (base / "sheet.md").write_text(text, encoding="utf-8")
    return run(base, "--notes", str(base / "sheet.md"), *words)


def files(base: Path) -> dict[str, str]:
    found = (base / "decisions").rglob("*.md")
    return {path.relative_to(base).as_posix(): path.read_text("utf-8") for path in found}


def test_a_sheet_has_a_heading_for_each_item_and_takes_its_notes_back(base: Path) -> None:
    file = base / "meeting.md"
    assert run(base, "pay", "--sheet", str(file)).exit_code == 0
    text = file.read_text("utf-8")
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "# Meeting of 2026-11-30",
        "## pay: Pay by card",
        *(f"### {title}" for title in (BOB, TIPS, CARD, TAX)),
        "### Notes",
    ]
    assert "<!-- Still missing: the outcome isn't written -->" in text
    assert run(base, "pay", "--sheet", str(file)).exit_code == 2
    assert file.read_text("utf-8") == text
    before = files(base)
    said = taken(base, text.replace("2026-11-30", "2026-11-27")).output
    assert "no notes that aren't in the records already" in said
    assert files(base) == before


def test_each_answer_is_written_where_it_belongs_and_once(base: Path) -> None:
    notes = sheet(
        f"### {BOB}\n\n@ana: Carol does.\n\nEvery Friday.",
        f"### {TIPS}\n- @ana: None.",
        f"### {CARD}",
        f"### {TAX}\n\n**@ana:** The bank's.\n@carol: I agree.",
        "### Notes\n\nWe met for twenty minutes.\n\n```\n## no heading\n\nx\n```",
    )
    before = files(base)
    shown = taken(base, notes, "--dry-run")
    assert shown.exit_code == 0
    assert "    - @ana (2026-11-27): Carol does." in shown.output
    assert shown.output.endswith(f"{PATH} (not written)\n" + "".join(
        f"decisions/2026/pay/2026-11-27-{who}.md (not written)\n" for who in ("ana", "carol")
    ))  # fmt: skip
    assert files(base) == before
    assert taken(base, notes).exit_code == 0
    after = files(base)
    assert after.pop(PATH) == (
        RECORD.replace(
            "- [ ] @bob: Who checks the receipts?\n  And when?\n",
            "- [x] @bob: Who checks the receipts? And when?\n"
            "  - @ana (2026-11-27): Carol does.\n\n    Every Friday.\n",
        )
        .replace("  - [ ] @carol: And tips?\n", "  - [x] @carol: And tips?\n"
                 "    - @ana (2026-11-27): None.\n")
        .replace("\n## Alignment", "\n## Integration\n\n### Meeting of 2026-11-27\n\n"
                 "With @ana, @bob.\n\n"
                 f"- {BOB} – answered by @ana.\n- {TIPS} – answered by @ana.\n"
                 f"- {TAX} – answered by @ana, @carol.\n\nWe met for twenty minutes.\n\n"
                 "```\n## no heading\n\nx\n```\n\n## Alignment")
    )  # fmt: skip
    assert after["decisions/2026/pay/2026-11-27-ana.md"] == (
        "---\nfrom: ana\nsays: answer\nto: 2026-11-21-bob\n---\n\nThe bank's.\n"
    )
    assert "to: 2026-11-27-ana" in after["decisions/2026/pay/2026-11-27-carol.md"]
    whole = files(base)
    assert "no notes that aren't in the records already" in taken(base, notes).output
    assert files(base) == whole
    more = notes.replace("Which card?", "Which card?\n\n@bob: The blue one.")
    more = more.replace("twenty minutes.", "twenty minutes.\n\nAnd had tea.")
    assert taken(base, more).exit_code == 0
    text = files(base)[PATH]
    assert text.count("twenty minutes") == text.count("Meeting of") == 1
    assert "- [x] @carol: Which card?\n  - @bob (2026-11-27): The blue one.\n" in text
    assert "– answered by @bob.\n\nAnd had tea.\n\n## Alignment" in text
    check = CliRunner().invoke(main, ["--root", str(base), "--today", TODAY, "check"])
    assert "owner-unknown" in check.output
    assert check.output.endswith("1 finding in 1 file.\n") or "1 finding" in check.output


def test_line_ends_and_a_last_line_without_one_stay(base: Path) -> None:
    short = RECORD.partition("\n## Alignment")[0].rstrip("\n").replace("\n", "\r\n")
    (base / PATH).write_bytes(short.encode())
    assert taken(base, sheet(f"### {CARD}\n\n@bob: Blue.", "### Notes\n\nTea.")).exit_code == 0
    text = (base / PATH).read_bytes().decode()
    assert text.count("\n") == text.count("\r\n")
    assert "- [x] @carol: Which card?\r\n  - @bob (2026-11-27): Blue.\r\n\r\n## Integration" in text


@pytest.mark.parametrize(
    ("parts", "line", "said"),
    [
        ((f"### {CARD}\n\nThe blue one.",), 9, "say who: begin the answer with “@ana: ”"),
        ((f"### {CARD}\n\n@bob:",), 7, "@bob has no text here"),
        (("### @zed: What?\n\n@bob: That.",), 7, "nobody said this of pay: @zed: What?"),
        (("Tea.",), 7, "no heading says what this is about; move it below ### Notes"),
        (("## pray\n",), 7, 'no decision pray; did you mean "pay"?'),
        (("## pay\n",), 7, "pay already has a heading above; join the two"),
        ((f"### {TAX}\n\n@bob: Never mind.",), 7, "only @bob speaks here, who asked"),
        (("### Notes\n\n```\nx",), 9, "a code block or a comment begins here and doesn't end"),
        (("### Notes\n\nx\n\n<!-- y",), 11, "a code block or a comment begins here and"),
    ],
)  # fmt: skip
def test_what_cant_be_placed_is_said_and_nothing_is_written(
    base: Path, parts: tuple[str, ...], line: int, said: str
) -> None:
    before = files(base)
    result = taken(base, sheet(*parts))
    assert result.exit_code == 1
    assert f"sheet.md:{line}: {said}" in result.stderr
    assert result.stderr.endswith("Nothing was written.\n")
    assert files(base) == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (sheet(day="2026-11-29"), ":1: 2026-11-29 hasn't come: write the day on which you met"),
        (sheet(day="27.11.2026"), ":1: write the day so: # Meeting of 2026-11-28"),
        ("## pay\n", ":1: it doesn't say when you met; begin it with: # Meeting of 2026-11-28"),
        ("# Meeting of 2026-11-27\n\nTea.\n\n## pay\n", ":3: move this below ### Notes"),
        (sheet(there="Ana and @bob"), ":3: write who was there by their handles: There: @ana"),
        ("# Meeting of 2026-11-27\n<!-- mine -->\n\n## pay\n", ":2: move this below ### Notes"),
        ("# Meeting of 2026-11-27\n", ":1: it has no decision; write the sheet with --sheet"),
        ("", ":1: it has no decision"),
    ],
)
def test_a_sheet_says_its_day_and_its_decisions(base: Path, text: str, said: str) -> None:
    result = taken(base, text)
    assert result.exit_code == 1
    assert said in result.stderr


def test_what_was_answered_meanwhile_is_not_answered_over(base: Path) -> None:
    notes = sheet(f"### {CARD}\n\n@bob: Blue.", f"### {TAX}\n\n@ana: The bank's.")
    ticked = RECORD.replace("- [ ] @carol: Which", "- [x] @carol: Which")
    (base / PATH).write_text(ticked.replace("card?\n", "card?\n  - @ana: Red.\n"))
    result = taken(base, notes)
    assert result.exit_code == 1
    assert result.stderr.count("answered meanwhile; move what you wrote below Notes") == 1
    assert files(base).keys() == {PATH, "decisions/2026/pay/2026-11-21-bob.md"}


def test_an_item_that_cant_be_answered_in_its_place_is_named(base: Path) -> None:
    apart = RECORD.replace("receipts?\n  And when?", "receipts?\n\n  And when?")
    (base / PATH).write_text(apart.replace("- [ ] @carol: Which", "* @carol: Which"))
    before = files(base)
    result = taken(base, sheet(f"### {BOB}\n\n@ana: Di.", f"### {CARD}\n\n@ana: Blue."))
    assert result.exit_code == 1
    assert f"sheet.md:7: this can't be answered in {PATH} line 12 without" in result.stderr
    assert result.stderr.count("sheet.md:") == 1
    assert files(base) == before
    assert taken(base, sheet(f"### {CARD}\n\n@ana: Blue.")).exit_code == 0
    assert "* @carol: Which card?\n  - @ana (2026-11-27): Blue.\n" in files(base)[PATH]


def test_a_comment_of_ones_own_is_kept(base: Path) -> None:
    notes = sheet(
        f"### {CARD}\n\n@bob: Blue.\n<!-- as before -->", "### Notes\n\n<!-- ask Di -->\nx"
    )
    assert taken(base, notes).exit_code == 0
    text = files(base)[PATH]
    assert "<!-- as before -->" in text
    assert "<!-- ask Di -->" in text
    assert "no notes that aren't in the records already" in taken(base, notes).output


def test_wrong_use(base: Path) -> None:
    inside = run(base, "pay", "--sheet", str(base / "decisions/2026/meeting.md"))
    assert "is in decisions/, where records are; name another" in inside.output
    assert "the sheet says all" in run(base, "pay", "--notes", "x.md").output
    assert "--dry-run is for --notes" in run(base, "--dry-run").output
    assert run(base, "--notes", str(base / "none.md")).exit_code == 2
    (base / "sheet.md").write_bytes(b"\xff\xfe\x00")
    assert "the file is binary" in run(base, "--notes", str(base / "sheet.md")).output


LINES = st.sampled_from(
    ["plain words", "- a list", "  nested", "1. one", "> quoted", "- [ ] @bob: a task", "#### four",
     "@bob again", "| a | b |", "    code", "<b>bold", "<!-- note -->", "`open", "***", "---", "",
     "=====", "```", "[a]: /b", "&copy; \\", "“said”", "<div>", "**@carol**", "\t tab", "~~~ x"]
)  # fmt: skip
TEXTS = st.lists(LINES, min_size=1, max_size=6).map("\n".join)


def _decision(text: str) -> Decision:
    return decision_of(PATH, text)[0]


@settings(max_examples=150, deadline=None)
@given(answer=TEXTS, notes=TEXTS, ends=st.booleans())
def test_whatever_is_noted_is_written_whole_or_refused(answer: str, notes: str, ends: bool) -> None:
    old = RECORD if ends else RECORD.partition("\n## Alignment")[0]
    text = sheet(f"### {BOB}\n\n@ana: x {answer}", f"### Notes\n\n{notes}")
    meeting, faults = read_sheet(text, [_decision(old)], date(2026, 11, 28))
    if meeting is None:
        assert faults
        return
    (noted,) = meeting.decisions
    plan = planned_notes(meeting, noted, old.encode())
    if plan.data is None:
        assert plan.faults
        return
    new = plan.data.decode()
    lines = [line.strip() for line in new.split("\n")]
    for line in (
        *noted.text.split("\n"),
        *(n for a in noted.items[0].answers for n in a.text.split("\n")[1:]),
    ):
        assert line.strip() in lines
    before, after = conversation_of(_decision(old)), conversation_of(_decision(new))
    assert len(after.open) == len(before.open) - 1
    assert after.voices[0].state is VoiceState.ANSWERED
    for line in old.split("\n"):
        assert line.replace("[ ]", "[x]").strip() in " ".join(lines).replace("[ ]", "[x]")
    again = planned_notes(meeting, noted, plan.data)
    assert (again.data, again.drafts, again.faults) == (None, (), ())


@pytest.mark.parametrize(
    ("written", "item", "answered"),
    [
        ("> - [ ] @bob: Which card?\n>   And whose?", "@bob: Which card? And whose?",
         "> - [x] @bob: Which card? And whose?\n>   - @ana (2026-11-27): The blue one.\n"),
        ("> - @bob: Which card?", "@bob: Which card?",
         "> - @bob: Which card?\n>   - @ana (2026-11-27): The blue one.\n"),
        ("### @bob\n\n- [ ] Which card?", "Which card?",
         "### @bob\n\n- [x] Which card?\n  - @ana (2026-11-27): The blue one.\n"),
        ("### @bob\n\nWhich card?\n\nAnd whose?", "@bob: Which card? And whose?",
         "And whose?\n\n  - @ana (2026-11-27): The blue one.\n"),
    ],
)  # fmt: skip
def test_what_is_asked_in_a_quote_or_below_a_name_is_answered_there(
    base: Path, written: str, item: str, answered: str
) -> None:
    start, _, rest = RECORD.partition("- [ ] @bob")
    rest = rest[rest.index("## Alignment") :]
    (base / PATH).write_text(f"{start}{written}\n\n{rest}", encoding="utf-8")
    done = taken(base, sheet(f"### {item}\n\n@ana: The blue one."))
    assert done.exit_code == 0, done.output
    text = (base / PATH).read_text(encoding="utf-8")
    assert answered in text
    decision = decision_of(PATH, text)[0]
    assert conversation_of(decision).open == ()
    again = taken(base, sheet(f"### {item}\n\n@ana: The blue one."))
    assert again.exit_code == 0
    assert (base / PATH).read_text(encoding="utf-8") == text


def test_an_item_in_a_quote_has_its_answer_below_it() -> None:
    text = RECORD.partition("- [ ] @bob")[0] + "> - @bob: Which?\n>     - @ana: This one.\n"
    [voice] = conversation_of(decision_of(PATH, text)[0]).voices
    assert [(one.who, one.text) for one in voice.answers] == [("ana", "This one.")]
