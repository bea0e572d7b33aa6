"""Natural ways to answer, agree, acknowledge and read back: each counts, or is shown rewritten."""

from __future__ import annotations

from datetime import date

import pytest

from onrecord.lifecycle.conversation import VoiceState, conversation_of, unaligned, unanswered
from onrecord.lifecycle.relations import relate
from onrecord.lifecycle.upkeep import findings_of
from onrecord.records.findings import Finding
from onrecord.records.library import Library
from onrecord.records.model import Decision
from onrecord.records.reading.few_words import Consent, says
from onrecord.records.reading.records import decision_of, handoff_of

FRONT = """---
title: Day
stage: {stage}
owner: "@ana"
consulted: [dave]
informed: [bob, carl]
{more}---

## {section}

{written}
"""


def read(stage: str, section: str, written: str, more: str = "") -> tuple[Decision, list[Finding]]:
    text = FRONT.format(stage=stage, section=section, written=written, more=more)
    return decision_of("decisions/day.md", text)


FEEDBACK = r"""
(@dave) I'd rather not
- (dave) I'd rather not
- [@dave] I'd rather not
[x] dave: I'd rather not
[ ] @dave I'd rather not
☐ @dave: I'd rather not
☑ dave: I'd rather not
- ✅ @dave: I'd rather not
💬 dave: I'd rather not
a) dave: I'd rather not
dave：I'd rather not
- Comment from dave: I'd rather not
### Feedback from dave\n\nI'd rather not
## dave\n\nI'd rather not
## Comments by @dave\n\nI'd rather not
- I'd rather not – Dave
- 1 Oct, dave: I'd rather not
- @dave's view: I'd rather not
- <b>@dave</b>: I'd rather not
- @dave @eve: I'd rather not
| dave | I'd rather not |
> I'd rather not\n> — dave
""".strip().split("\n")


@pytest.mark.parametrize("written", FEEDBACK)
def test_feedback_counts_with_its_words_or_is_shown_with_them(written: str) -> None:
    decision, faults = read("collaborate", "Feedback", written.replace(r"\n", "\n"))
    if unanswered(decision):
        hints = [one.hint for one in faults if one.code == "feedback-unclear"]
        assert hints[0].startswith("write - [ ] @dave: ")
        assert any("I'd rather not" in hint or "below ## Feedback" in hint for hint in hints)
    else:
        assert faults == []
        assert [one.text for one in conversation_of(decision).voices] == ["I'd rather not"]


AGREES = """
- @dave: no objections
- @dave: none
- @dave: LGTM
- @dave: +1
- +1 @dave
+1 from @dave
- 👍 @dave
👍 dave
- @dave 👍🏽
- @dave :+1:
✅ @dave
✔ dave
- no objection from @dave
- No objection: @dave
No objections: dave
- No objection (@dave)
- No objection – dave
- dave has no objections
- OK @dave
- ok for me, @dave
- @dave: fine with me
- dave agrees
- Agreed @dave
- Approved by @dave
- yes @dave
- @dave: nothing to add
- @dave: /no-objection
- @dave: keine Einwände
- @dave: sans objection
- @dave: 異議なし
- @dave: 同意
- @dave: sin objeciones, gracias
LGTM (dave)
| dave | ok |
| dave | ✅ |
- [x] @dave
[x] dave
☑ dave
@dave
- dave
- ~~@dave~~
/no-objection
- everyone agrees
nobody objected
""".strip().split("\n")


@pytest.mark.parametrize("written", AGREES)
def test_who_agrees_has_answered_and_nothing_is_left_to_resolve(written: str) -> None:
    decision, faults = read("collaborate", "Feedback", written)
    if unanswered(decision):
        (fault,) = faults
        assert fault.code == "feedback-unclear"
        assert fault.hint.startswith("write - [")
    else:
        assert faults == []
        (voice,) = conversation_of(decision).voices
        assert voice.state is VoiceState.NO_OBJECTION


KNOWS = r"""
- bob read and agreed
- @bob: aligned
- [x] bob
- [x] @bob
[x] @bob
-[x] @bob
Aligned: @bob
- aligned: bob
Aligned: @bob, @carl
ack @bob
- bob: ack
Acknowledged by @bob
- bob acknowledged on 2026-10-02
- @bob has read it
- read: bob
- bob, seen
+1 @bob
- 👍 @bob
✅ bob
☑ bob
bob ✓, carl ✓
| bob | yes |
| bob | x |
| Who | Read |\n|---|---|\n| bob | ✅ |
- 2026-10-02: @bob aligned
**bob** aligned
### bob\n\nAligned.
> @bob: aligned
- @bob: I know it
- @bob: zur Kenntnis genommen
- @bob: lu et approuvé
- @bob: 已读
signed, bob
Signed-off-by: bob
@bob /aligned
- bob
- @bob
- bob, 2026-10-02
| bob | 2026-10-02 |
Aligned with @bob
- @bob: aligned, but tell the customers
Everyone is aligned.
All: @bob, @carl
- [ ] @bob: aligned
/aligned
""".strip().split("\n")
DECIDED = "outcome: accepted\ndecided: 2026-10-01\n"


@pytest.mark.parametrize("written", KNOWS)
def test_an_acknowledgement_counts_or_is_shown_rewritten(written: str) -> None:
    decision, faults = read("align", "Alignment", written.replace(r"\n", "\n"), DECIDED)
    if "bob" in unaligned(decision):
        (fault,) = faults
        assert fault.code == "acknowledgement-unclear"
        rewritten = fault.hint.removeprefix("write ").partition(" below")[0]
        again, left = read("align", "Alignment", rewritten.replace("@handle", "@bob"), DECIDED)
        assert "bob" not in unaligned(again)
        assert left == []
    else:
        assert faults == []


@pytest.mark.parametrize(
    "written",
    [
        "Tell @bob at the stand-up.",
        "- [ ] @bob",
        "- @bob: update the calendar",
        "- [x] @carl: update the slides",
        "Read the how-to first, or ask @bob about it.",
        "Nobody has to do anything.",
        "@bob has not read it",
        "Everyone has read it except @bob",
        "@bob: please read the how-to first",
        "bob: read the new how-to first",
    ],
)
def test_what_is_no_acknowledgement_is_neither(written: str) -> None:
    decision, faults = read("align", "Alignment", written, DECIDED)
    assert unaligned(decision) == ("bob", "carl")
    assert faults == []


ACCEPTS = r"""
## Read back\n\nMine.
## Readback\n\nMine.
### Read-back\n\nMine.
# Read-back\n\nMine.
## My read-back\n\nMine.
## Read-back (bob)\n\nMine.
## Read-back by @bob\n\nMine.
## Bob's read-back\n\nMine.
## Read-bakc\n\nMine.
## Reading back\n\nMine.
## Acceptance\n\nMine.
## Accepted\n\nMine.
## Acknowledgement\n\nMine.
## Received\n\nMine.
## Übernommen\n\nMine.
**Read-back**\n\nMine.
**Read-back:** mine.
Read back: mine.
read-back @bob: mine.
@bob: I own the pay run.
- [x] @bob: I own the pay run.
- [x] Read-back @bob
- [x] accepted @bob
- [x] @bob
Accepted: @bob
Accepted by @bob on 2026-10-01
accepted_on: 2026-10-01
bob accepted
@bob accepts
I accept. – bob
> Read-back: mine.
| Read-back | mine |
## What I now own\n\nThe pay run.
**What do I now own?** The pay run.
- What I now own: the pay run.
✅ @bob
👍 bob
## Read-back\n\nMine.
## Read-back\n\nok
""".strip().split("\n")


@pytest.mark.parametrize("day", ["", "accepted_on: 2026-10-01\n"])
@pytest.mark.parametrize("written", ACCEPTS)
def test_a_read_back_counts_or_is_a_finding(written: str, day: str) -> None:
    said = written.replace(r"\n", "\n")
    text = (
        f"---\nfrom: ana\nto: bob\neffective: 2026-10-01\n{day}---\n\n## Situation\n\nAll well.\n"
    )
    handoff, faults = handoff_of("playbooks/lead/handoffs/h.md", f"{text}\n{said}\n")
    library = Library(handoffs=(handoff,), findings=tuple(faults))
    found = findings_of(library, relate(library), date(2026, 10, 6))
    codes = {one.code for one in found} - {"role-undescribed"}
    if handoff.is_accepted:
        assert codes == set()
    else:
        about = {"read-back-unclear", "read-back-undated", "section-near", "read-back-missing"}
        assert codes & about


@pytest.mark.parametrize(
    "written",
    [
        "## Open loops\n\n- [x] Read-back @bob\n- [ ] Accept the keys @bob",
        "## Read-back\n\n<!-- What I now own. -->",
        "## Read-back\n\n…",
        "## Access\n\nAsk @bob's team; @bob has accepted the terms of the bank.",
    ],
)
def test_what_is_no_read_back_is_no_finding(written: str) -> None:
    text = f"---\nfrom: ana\nto: bob\neffective: 2026-10-01\n---\n\n{written}\n"
    assert handoff_of("playbooks/lead/handoffs/h.md", text)[1] == []


@pytest.mark.parametrize(
    "written", ["- @dave: ok?", "- @ana: @dave agrees", "- @dave: yes, but which day?"]
)
def test_a_question_and_what_is_said_of_somebody_are_no_consent(written: str) -> None:
    decision, _ = read("collaborate", "Feedback", written)
    assert [one.state for one in conversation_of(decision).voices] == [VoiceState.OPEN]


@pytest.mark.parametrize("written", ["Thanks @dave, ok", "ok, thanks @dave", "- fine, @dave"])
def test_what_may_be_said_to_somebody_is_asked_for(written: str) -> None:
    decision, faults = read("collaborate", "Feedback", written)
    assert unanswered(decision) == ("dave",)
    assert [one.code for one in faults] == ["feedback-unclear"]


@pytest.mark.parametrize("text", ["not agreed", "fine, but", "no", "the", "", "👎", "异议", "+10"])
@pytest.mark.parametrize("meaning", Consent)
def test_a_word_that_isnt_known_is_for_a_person(text: str, meaning: Consent) -> None:
    assert not says(text, meaning)
