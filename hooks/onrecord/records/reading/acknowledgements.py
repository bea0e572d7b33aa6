"""Who says that they know a decision, or accept a handoff, in a way of their own.

The forms we teach are a reply, a name in `aligned`, and the section Read-back. What is clearly one
person's word below Alignment counts as well; what looks like it and can't be told is shown as it
could be written.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from itertools import islice

from onrecord.records.clock import DAY, day_of
from onrecord.records.findings import Finding, finding, shown
from onrecord.records.languages import means
from onrecord.records.model import Body, Decision, Handoff, Remark
from onrecord.records.reading.few_words import MOST, Consent, hints_at, is_filler, says
from onrecord.records.reading.markdown import lines_of, visible_lines
from onrecord.records.reading.remarks import Unclear, named_in, opening_of
from onrecord.records.vocabulary import Says

_HEADING = re.compile(r"#{1,6}[ \t]+")
_QUOTE = re.compile(r"(?:>[ \t]?)+")
_TICKED_CELL = re.compile(r"\|[ \t]*[xX][ \t]*(?=\|)")
_AROUND = " \t,:;.()[]*_~`–—-&|"
FEW = 4
"""Words beside a name of which it can be told that they are no instruction."""


def with_acknowledgements(decision: Decision) -> tuple[Decision, tuple[Unclear, ...]]:
    """The same with what is acknowledged below Alignment, and what may be, there or in Feedback."""
    # An imported text has names and words of its own below such headings, and nobody was asked
    # here.
    if not decision.informed or decision.imported is not None:
        return decision, ()
    unclear: list[Unclear] = []
    section = decision.body.section("Alignment")
    if section is not None and section.is_written:
        found, left = _acknowledged_in(lines_of(decision.body, section), decision.informed)
        decision = replace(decision, acknowledged=found)
        unclear += left
    known = {who.casefold() for who in decision.aligned}
    known.update(remark.who.casefold() for remark in decision.acknowledged)
    informed = {who.casefold() for who in decision.informed} - known
    asked = {who.casefold() for who in decision.consulted}
    for remark in decision.remarks:
        who, words = remark.who, remark.text
        # “ok” from somebody who was consulted as well is feedback, and already counts.
        is_feedback = who.casefold() in asked and says(words, Consent.AGREES)
        if who.casefold() in informed and says(words, Consent.KNOWS) and not is_feedback:
            rewritten = f"- [x] @{who}: {Says.ALIGNED}"
            unclear.append(Unclear(remark.line, f"@{who}: {words}", rewritten))
    return decision, tuple(unclear)


def of_acknowledgement(path: str, one: Unclear) -> Finding:
    """The finding of a line that doesn't say clearly who acknowledges."""
    said = f"it isn't clear who acknowledges here, so it doesn't count: {shown(one.written)}"
    hint = f"write {shown(one.rewritten, 200)} below ## Alignment; or let them reply"
    return finding(path, "acknowledgement-unclear", said, hint, one.line)


def _acknowledged_in(
    lines: Sequence[tuple[int, str]], informed: Collection[str]
) -> tuple[tuple[Remark, ...], tuple[Unclear, ...]]:
    """The acknowledgements of a section, and the lines that look like one."""
    known = {handle.casefold(): handle for handle in informed}
    found: dict[str, Remark] = {}
    unclear: list[Unclear] = []
    under = ""
    for number, line in lines:
        bare = _QUOTE.sub("", line.strip(), count=1)
        if not bare:
            continue
        is_heading = _HEADING.match(bare) is not None
        _, done, rest = opening_of(_HEADING.sub("", bare, count=1))
        # Teams keep a table of names with an x in a column; the x is the tick.
        if bare.startswith("|") and _TICKED_CELL.search(bare):
            done, rest = True, _TICKED_CELL.sub("|", bare)
        named, words = _apart(rest, known)
        names = [who for who in dict.fromkeys(named) if who.casefold() in known]
        if is_heading:
            under = names[0] if names and not words else ""
            continue
        is_said = says(words, Consent.KNOWS)
        if not names and under and is_said:
            names = [under]
        # An open box is a line for somebody who hasn't said so yet, whatever stands in it.
        if names and done is not False and (is_said or (done and not words)):
            for who in names:
                remark = Remark(who, words, number, True, _day_in(bare))
                found.setdefault(who.casefold(), remark)
        elif (
            _looks_like_it(done, words, rest, names)
            if names
            else is_said and (words.startswith("/") or _OF_ALL.match(words))
        ):
            guess = ", ".join(f"@{who}" for who in names) or "@handle"
            unclear.append(Unclear(number, bare, f"- [x] {guess}: {Says.ALIGNED}"))
    return tuple(found.values()), tuple(unclear)


_NOT = re.compile(
    r"\b(?:not|never|no|except|nicht|noch|pas|sin|não|non|niet)\b|n['’]t\b", re.IGNORECASE
)
_ASKS = re.compile(r"(?:please|read|know|confirm|align|acknowledge|sign)\b", re.IGNORECASE)
"""What somebody is told to do, when more words follow."""
_OF_ALL = re.compile(r"(?:all|everyone|everybody)\b", re.IGNORECASE)


def _apart(text: str, known: dict[str, str]) -> tuple[list[str], str]:
    """The names in a line, and its words without them, days and signs."""
    names, left = named_in(text, known)
    return names, " ".join(DAY.sub(" ", left.replace("|", " ")).split()).strip(_AROUND)


def _looks_like_it(done: bool | None, words: str, rest: str, names: Sequence[str]) -> bool:
    if len(words) > MOST:
        return False
    if done is False:
        return says(words, Consent.KNOWS)
    if is_filler(words):
        return True
    # “@bob doesn't know yet” is no word of bob's. With several names the line may say both, and is
    # shown.
    if len(names) == 1 and _NOT.search(words):
        return False
    if len(words.split()) > FEW and _ASKS.match(words):
        return False
    is_theirs = rest.lstrip(_AROUND + "@").casefold().startswith(names[0].casefold())
    return hints_at(words, Consent.KNOWS) and (is_theirs or len(words.split()) <= FEW)


def _day_in(text: str) -> date | None:
    found = DAY.search(text)
    if found:
        with suppress(ValueError):
            return day_of(found[0])
    return None


# Read-backs

_READ_BACK = re.compile(
    r"[#>|\-*_ \t]*+(?:my[ \t]+|[\w.\-]+['’]s[ \t]+)?(?:read(?:ing)?[ \t-]?back\b"
    r"|what (?:i now own|do i now own)\b)",
    re.IGNORECASE,
)
_TAKES = re.compile(r"\bI (?:now )?(?:own|accept|take)\b", re.IGNORECASE)


def read_backs_elsewhere(handoff: Handoff) -> Iterator[Finding]:
    """What looks like a read-back outside of its section. Open loops may name the receiver."""
    section = handoff.body.section("Read-back")
    is_wanted = not handoff.is_accepted and not (section and section.is_written)
    if not (handoff.receiver and is_wanted):
        return
    for one in islice(_read_backs_in(_outside(handoff.body), handoff.receiver), 1):
        said = f"this looks like a read-back, but isn't read as one: {shown(one.written)}"
        hint = (
            f"write it in your own words below a heading {one.rewritten}, and `accepted_on` "
            "above; or accept with a reply"
        )
        yield finding(handoff.path, "read-back-unclear", said, hint, one.line)


def _outside(body: Body) -> Iterator[tuple[int, str]]:
    """The lines that aren't of the sections Read-back and Open loops."""
    heads = {one.line: one.title for one in body.sections}
    now = ""
    for line, text in visible_lines(body):
        now = heads.get(line, now)
        if not (means(now, "Read-back") or means(now, "Open loops")):
            yield line, text


def _read_backs_in(lines: Iterable[tuple[int, str]], receiver: str) -> Iterator[Unclear]:
    """The lines that look like a read-back, or like the receiver's yes."""
    known = {receiver.casefold(): receiver}
    for number, line in lines:
        bare = _QUOTE.sub("", line.strip(), count=1)
        if not bare:
            continue
        _, done, rest = opening_of(_HEADING.sub("", bare, count=1))
        named, words = _apart(rest, known)
        is_theirs = any(who.casefold() in known for who in named)
        is_said = says(words, Consent.ACCEPTS)
        is_taken = _begins_or_ends(rest, receiver) and _TAKES.search(words)
        if (
            _READ_BACK.match(bare)
            or bare.startswith("accepted_on:")
            or (is_said and (is_theirs or bare.startswith("#") or words.startswith("I ")))
            or (is_theirs and (is_taken or (done and not words)))
        ):
            yield Unclear(number, bare, "## Read-back")


def _begins_or_ends(text: str, receiver: str) -> bool:
    plain, who = text.strip(_AROUND + "@>").casefold(), receiver.casefold()
    return plain.startswith(who) or plain.endswith(who)
