"""The conversation on a decision: everything people said of it, whatever file they said it in.

In comes a decision with its remarks and replies; out come voices in one order, answers below what
they answer, and who has said what. Gates, lists, pages and feeds all ask here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from onrecord.records.model import Decision, Remark, Reply, same_person
from onrecord.records.reading.few_words import Consent, says
from onrecord.records.vocabulary import SILENCE, Says


class VoiceState(StrEnum):
    """The state of what somebody said."""

    OPEN = "open"
    ANSWERED = "answered"
    NO_OBJECTION = "no objection"
    SILENT = "no answer"
    SAID = "said"  # an answer, or an acknowledgement: nothing is to be done about it


@dataclass(frozen=True, slots=True)
class Voice:
    """What one person said. `who` is '' where a line of the record names nobody.

    `key` is unique in its conversation: a reply's id, or `line-34`. `text` is Markdown; `path` and
    `line` say where it is written. `was_asked` is true for those consulted, and for those informed
    where it is an acknowledgement. `day` is None where nothing says it.
    """

    key: str
    who: str
    says: Says
    state: VoiceState
    text: str
    path: str
    line: int
    day: date | None = None
    was_asked: bool = False
    answers: tuple[Voice, ...] = ()


class Conversation(NamedTuple):
    """All that was said of a decision, the oldest first.

    `voices` are feedback with its answers, `acknowledged` who knows what was decided, in the order
    it is known. `waits_for` are those consulted who haven't said anything.
    """

    voices: tuple[Voice, ...] = ()
    acknowledged: tuple[Voice, ...] = ()
    waits_for: tuple[str, ...] = ()

    @property
    def each(self) -> Iterator[Voice]:
        """Every voice, each followed by its answers."""
        for voice in self.voices:
            yield voice
            yield from voice.answers

    @property
    def items(self) -> tuple[Voice, ...]:
        """What is to be resolved before the review is complete, and what was, in order.

        A task-list line below another is an item of its own.
        """
        return tuple(
            one for one in self.each if one.says is not Says.ANSWER or one.state is VoiceState.OPEN
        )

    @property
    def open(self) -> tuple[Voice, ...]:
        """What is still to be answered, in order."""
        return tuple(voice for voice in self.items if voice.state is VoiceState.OPEN)


def conversation_of(decision: Decision) -> Conversation:
    """The conversation on a decision."""
    of_the_record = [
        _of_line(remark, decision)
        for remark in decision.remarks
        if remark.done is not None or is_given(remark)
    ]
    of_files = _of_files(decision)
    return Conversation(
        voices=tuple(_by_day([*of_the_record, *of_files])),
        acknowledged=_acknowledged(decision),
        waits_for=unanswered(decision),
    )


def _by_day(voices: list[Voice]) -> list[Voice]:
    """Lines stay in their order, and one without a day follows the one before it."""
    days: list[date] = []
    for voice in voices:
        # Only lines have an order of their own. A reply has its day in its name; one without comes
        # first.
        before = days[-1] if days and voice.key.startswith("line-") else date.min
        days.append(voice.day or before)
    ranked = sorted(zip(days, range(len(voices)), voices, strict=True), key=lambda one: one[:2])
    return [voice for _, _, voice in ranked]


# Lines of the record.


def is_silence(remark: Remark) -> bool:
    """True where a line notes that somebody gave no answer."""
    return bool(remark.who) and remark.text.casefold().startswith(SILENCE)


def is_given(remark: Remark) -> bool:
    """True where somebody said something: `- [ ] @bob: …` is still to be written."""
    return bool(remark.who and (remark.text.strip(" .…") or remark.answers))


def is_open(remark: Remark) -> bool:
    """True until a line is ticked; one without a box, until an answer is below it."""
    if remark.done is not None:
        return not remark.done and not _has_no_objection(remark)
    return not (remark.answers or _has_no_objection(remark) or is_silence(remark))


def _has_no_objection(remark: Remark) -> bool:
    return says(remark.text, Consent.AGREES)


def _of_line(remark: Remark, decision: Decision) -> Voice:
    if is_silence(remark):
        state = VoiceState.SILENT
    elif _has_no_objection(remark):
        state = VoiceState.NO_OBJECTION
    else:
        state = VoiceState.OPEN if is_open(remark) else VoiceState.ANSWERED
    says = Says.NO_OBJECTION if state is VoiceState.NO_OBJECTION else Says.FEEDBACK
    answers = tuple(_answer_of_line(answer, decision) for answer in remark.answers)
    return replace(_in_line(remark, decision, says, state), answers=answers)


def _answer_of_line(remark: Remark, decision: Decision) -> Voice:
    state = VoiceState.OPEN if remark.done is False else VoiceState.SAID
    return _in_line(remark, decision, Says.ANSWER, state)


def _in_line(remark: Remark, decision: Decision, says: Says, state: VoiceState) -> Voice:
    return Voice(
        key=f"line-{remark.line}",
        who=remark.who,
        says=says,
        state=state,
        text=remark.text,
        path=decision.path,
        line=remark.line,
        day=remark.day,
        was_asked=_is_among(remark.who, decision.consulted),
    )


# Files beside it.


def _of_files(decision: Decision) -> list[Voice]:
    """The replies that give feedback, each with the answers to it.

    An answer to an answer is below what both belong to; one to nothing stands alone.
    """
    ids = {reply.id: reply for reply in decision.replies}
    answers: dict[str, list[Voice]] = {}
    alone: set[str] = set()
    for reply in decision.replies:
        if not (reply.who and reply.says is Says.ANSWER):
            continue
        root = _root_of(reply, ids)
        if root is None:
            alone.add(reply.id)
        else:
            answers.setdefault(root.id, []).append(_voice(reply, decision, VoiceState.SAID))
    found = []
    for reply in decision.replies:
        if reply.id in alone:
            found.append(_voice(reply, decision, VoiceState.SAID))
        elif reply.who and reply.says in (Says.FEEDBACK, Says.NO_OBJECTION):
            below = tuple(answers.get(reply.id, ()))
            found.append(_voice(reply, decision, _standing(reply, below), below))
    return found


def _root_of(reply: Reply, ids: dict[str, Reply]) -> Reply | None:
    seen = {reply.id}
    to = ids.get(reply.to)
    # Replies are files that anybody writes: two may answer each other.
    while to is not None and to.says is Says.ANSWER and to.id not in seen:
        seen.add(to.id)
        to = ids.get(to.to)
    return to if to is not None and to.says in (Says.FEEDBACK, Says.NO_OBJECTION) else None


def _standing(reply: Reply, answers: tuple[Voice, ...]) -> VoiceState:
    if reply.says is Says.NO_OBJECTION:
        return VoiceState.NO_OBJECTION
    # Who adds to their own words hasn't been answered.
    by_others = any(not same_person(answer.who, reply.who) for answer in answers)
    return VoiceState.ANSWERED if by_others or reply.is_ticked else VoiceState.OPEN


def _voice(
    reply: Reply, decision: Decision, state: VoiceState, answers: tuple[Voice, ...] = ()
) -> Voice:
    assert reply.says is not None
    asked = decision.informed if reply.says is Says.ALIGNED else decision.consulted
    return Voice(
        key=reply.id,
        who=reply.who,
        says=reply.says,
        state=state,
        text=reply.text,
        path=reply.path,
        line=reply.body.line,
        day=reply.day,
        was_asked=_is_among(reply.who, asked),
        answers=answers,
    )


# Who has said what.


def answered(decision: Decision) -> frozenset[str]:
    """The handles, in lower case, who said something, or whose silence is noted."""
    given = {remark.who.casefold() for remark in _lines(decision) if is_given(remark)}
    return frozenset(given | _repliers(decision))


def silent(decision: Decision) -> frozenset[str]:
    """The handles, in lower case, whose silence is noted and who said nothing since."""
    noted, spoke = set(), _repliers(decision)
    for remark in _lines(decision):
        if is_silence(remark):
            noted.add(remark.who.casefold())
        elif is_given(remark):
            spoke.add(remark.who.casefold())
    return frozenset(noted - spoke)


def unanswered(decision: Decision) -> tuple[str, ...]:
    """Those consulted who have said nothing yet, in the order they are asked."""
    given = answered(decision)
    return tuple(who for who in decision.consulted if who.casefold() not in given)


def aligned(decision: Decision) -> tuple[str, ...]:
    """Who has acknowledged: in the record first, then by a reply."""
    return tuple(voice.who for voice in _acknowledged(decision))


def unaligned(decision: Decision) -> tuple[str, ...]:
    """Those informed who haven't acknowledged yet, in the order they are named."""
    known = {who.casefold() for who in aligned(decision)}
    return tuple(who for who in decision.informed if who.casefold() not in known)


def _acknowledged(decision: Decision) -> tuple[Voice, ...]:
    # By person: somebody may be in `aligned`, have a line below Alignment, and a reply. What the
    # record says first counts.
    found: dict[str, Voice] = {}
    for who, (line, _) in decision.placed("aligned", decision.aligned):
        found[who.casefold()] = Voice(
            key=f"aligned-{who.casefold()}",
            who=who,
            says=Says.ALIGNED,
            state=VoiceState.SAID,
            text="",
            path=decision.path,
            line=line,
            was_asked=_is_among(who, decision.informed),
        )
    for remark in decision.acknowledged:
        found.setdefault(remark.who.casefold(), _of_acknowledgement(remark, decision))
    for reply in decision.replies:
        if reply.who and reply.says is Says.ALIGNED:
            found.setdefault(reply.who.casefold(), _voice(reply, decision, VoiceState.SAID))
    return tuple(found.values())


def _of_acknowledgement(remark: Remark, decision: Decision) -> Voice:
    # Several people may acknowledge in one line.
    key = f"line-{remark.line}-{remark.who.casefold()}"
    said = _in_line(remark, decision, Says.ALIGNED, VoiceState.SAID)
    return replace(said, key=key, was_asked=True)


def _lines(decision: Decision) -> list[Remark]:
    """Every remark, answers included: who answers in a thread has spoken."""
    return [one for remark in decision.remarks for one in (remark, *remark.answers)]


def _repliers(decision: Decision) -> set[str]:
    spoken = (Says.FEEDBACK, Says.NO_OBJECTION, Says.ANSWER)
    return {r.who.casefold() for r in decision.replies if r.who and r.says in spoken}


def _is_among(who: str, asked: tuple[str, ...]) -> bool:
    return who.casefold() in _folded(asked)


@lru_cache(maxsize=64)
def _folded(handles: tuple[str, ...]) -> frozenset[str]:
    return frozenset(handle.casefold() for handle in handles)
