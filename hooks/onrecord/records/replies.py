"""What is wrong between a reply and the record it replies to, once both are read.

In come the library and the day; out come findings. Whoever replies without having been asked is
welcome: that is no fault.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from onrecord.records.findings import Finding, did_you_mean, finding, shown
from onrecord.records.library import Library
from onrecord.records.model import Decision, Handoff, Reply, same_person
from onrecord.records.vocabulary import DECISIONS_FOLDER, Says

ON_A_DECISION = (Says.FEEDBACK, Says.NO_OBJECTION, Says.ANSWER, Says.ALIGNED)
"""What can be said of a decision; a handoff is only accepted."""


def faults_of_replies(library: Library, today: date) -> Iterator[Finding]:
    """The faults of all replies that need more than their own file to be seen."""
    decisions = {d.path: d for d in library.decisions}
    handoffs = {h.path: h for h in library.handoffs}
    groups: defaultdict[str, list[Reply]] = defaultdict(list)
    for reply in library.replies:
        groups[reply.about].append(reply)
        if reply.day is not None and reply.day > today:
            said = f"the file's name says {reply.day}, which is after today, {today}"
            yield finding(reply.path, "date-ahead", said, "rename it, with the day you wrote it")
        yield from _stranger(library, reply)
    for about, replies in groups.items():
        if about in decisions:
            yield from _on_decision(decisions[about], replies)
        elif about in handoffs:
            yield from _on_handoff(handoffs[about], replies)
        else:
            for reply in replies:
                yield _on_nothing(library, reply)


def _stranger(library: Library, reply: Reply) -> Iterator[Finding]:
    """An author nobody knows, where people.yml says who is known."""
    if not (library.has_people_file and reply.who):
        return
    if reply.who.casefold() not in library.people:
        said = f"{shown(reply.who)}, who replies, isn't in people.yml"
        near = did_you_mean(reply.who, library.people)
        hint = f"{near}rename the file and correct `from`, or add the person to people.yml"
        yield finding(reply.path, "person-unknown", said, hint, *reply.place("from"))


def _on_nothing(library: Library, reply: Reply) -> Finding:
    folder = reply.about.removesuffix(".md")
    is_decision = reply.path.startswith(f"{DECISIONS_FOLDER}/")
    name = folder.rpartition("/")[2]
    if is_decision:
        known = {d.id: d.path for d in library.decisions}
    else:
        # The id of a handoff is its own in its role's folder alone.
        here = folder.removesuffix(name)
        known = {h.id: h.path for h in library.handoffs if h.path.startswith(here)}
    what = "decision" if is_decision else "handoff"
    said = f"this replies to {reply.about}, and there is no such {what}"
    there = known.get(name) or known.get(_nearest(name, known))
    hint = f"put it into a folder with the name of the {what}, beside it"
    if there:
        hint = f"did you mean {there.removesuffix('.md')}/? {hint}"
    return finding(reply.path, "reply-nowhere", said, hint)


def _nearest(name: str, known: dict[str, str]) -> str:
    near = did_you_mean(name, known)
    return near.split('"')[1] if near else ""


def _on_decision(decision: Decision, replies: Sequence[Reply]) -> Iterator[Finding]:
    ids = {reply.id: reply for reply in replies}
    answers: dict[str, Reply] = {}
    said_before: dict[tuple[str, Says, str], Reply] = {}
    for reply in replies:
        if reply.says is None:
            continue
        if reply.says not in ON_A_DECISION:
            said = f"`says: {reply.says}` is for a handoff, and this replies to a decision"
            hint = f"write says: one of {', '.join(ON_A_DECISION)}"
            yield finding(reply.path, "reply-unfit", said, hint, *reply.place("says"))
            continue
        if reply.says is Says.ANSWER and reply.to:
            yield from _answer(reply, ids, answers)
        if _is_late(reply, decision):
            said = (
                f"the decision was {decision.outcome} on {decision.decided}, before this feedback"
            )
            hint = "open a new decision that names this one, or write says: aligned"
            yield finding(reply.path, "reply-late", said, hint, *reply.place("says"))
        # Who acknowledges again in other words has said nothing more.
        words = "" if reply.says is Says.ALIGNED else reply.text
        first = said_before.setdefault((reply.who.casefold(), reply.says, words), reply)
        # Of two answers to one reply `_answer` tells, which knows what they answer.
        if first is not reply and reply.who and reply.says is not Says.ANSWER:
            said = f"{shown(reply.who)} said the same in {shown(first.id)}"
            yield finding(reply.path, "reply-twice", said, "delete one of the two files")


def _answer(reply: Reply, ids: dict[str, Reply], answers: dict[str, Reply]) -> Iterator[Finding]:
    place = reply.place("to")
    answered = ids.get(reply.to)
    if answered is None or answered is reply:
        said = f"it answers {shown(reply.to)}, and there is no such reply beside it"
        others = [one for one in ids if one != reply.id]
        hint = f"{did_you_mean(reply.to, others)}write the name of the reply's file without .md"
        yield finding(reply.path, "reply-nowhere", said, hint, *place)
        return
    if answered.says is Says.ALIGNED:
        said = f"it answers {shown(reply.to)}, which only says aligned"
        yield finding(reply.path, "reply-unfit", said, "answer the feedback itself", *place)
    first = answers.setdefault(reply.to, reply)
    if first is not reply:
        said = f"{shown(first.id)} answers {shown(reply.to)} already"
        hint = f"answer that one with to: {shown(first.id)}, or put both into one file"
        yield finding(reply.path, "reply-twice", said, hint, *place)


def _is_late(reply: Reply, decision: Decision) -> bool:
    return (
        reply.says in (Says.FEEDBACK, Says.NO_OBJECTION)
        and decision.outcome is not None
        and decision.decided is not None
        and reply.day is not None
        and reply.day > decision.decided
    )


def _on_handoff(handoff: Handoff, replies: Sequence[Reply]) -> Iterator[Finding]:
    accepting = handoff.acceptance
    for reply in replies:
        if reply.says is None:
            continue
        if reply.says is not Says.ACCEPTED:
            said = f"`says: {reply.says}` is for a decision, and this replies to a handoff"
            hint = f"write says: {Says.ACCEPTED}, with the read-back below"
            yield finding(reply.path, "reply-unfit", said, hint, *reply.place("says"))
        elif reply.who and not same_person(reply.who, handoff.receiver):
            said = f"{shown(reply.who)} can't accept it: it is handed to {shown(handoff.receiver)}"
            hint = "only the receiver accepts a handoff"
            yield finding(reply.path, "reply-unfit", said, hint, *reply.place("from"))
        elif accepting is not None and accepting is not reply and reply.text:
            # Without words it accepts nothing, and its own file has a finding for that.
            said = f"{shown(accepting.id)} accepted it already"
            yield finding(reply.path, "reply-twice", said, "delete one of the two files")
