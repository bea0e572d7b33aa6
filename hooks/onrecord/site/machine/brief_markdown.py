"""A brief as Markdown, in the order in which whoever takes a role over needs it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from onrecord.records.vocabulary import Status
from onrecord.site.machine.brief_keys import (
    Brief,
    BriefDecision,
    BriefHandoff,
    BriefLoop,
    BriefNumber,
    BriefPerson,
)
from onrecord.site.machine.records_keys import DutyJson
from onrecord.text.escaping import as_text

NONE, NOT_WRITTEN = "None.", "Not written yet."


def brief_markdown(brief: Brief) -> str:
    """The text of a brief."""
    return "\n\n".join(part for part in _parts(brief) if part) + "\n"


def _parts(brief: Brief) -> Iterator[str]:
    yield f"# {as_text(brief.title)}"
    yield (
        f"A brief of `{brief.path}` as of {brief.as_of}. `onrecord show {brief.id}` prints all of "
        "it, and `onrecord show ID` any other record."
    )
    yield as_text(brief.purpose)
    yield _list(_facts(brief))
    yield _section("Start here today", brief.start or NOT_WRITTEN)
    yield _section("Decision rights", brief.rights or NOT_WRITTEN)
    yield _section("What binds it", _list(map(_binding, brief.binds)) or NONE)
    yield _section("Open decisions", _list(_open(one, brief.as_of) for one in brief.open) or NONE)
    yield _section("Open loops", _list(map(_loop, brief.loops)) or NONE)
    yield _section("Numbers", _list(map(_number, brief.numbers)) or NONE)
    yield _section("Handoffs", "\n\n".join(map(_handoff, brief.handoffs)) or NONE)
    yield _section("Whom to ask", _list(map(_person, brief.ask)) or NONE)
    yield _section("Recurring duties", _list(map(_duty, brief.duties)) or NONE)
    yield _section("Accountabilities", brief.accountabilities or NOT_WRITTEN)
    yield _section("Access", brief.access or NOT_WRITTEN)
    yield _section("Who depends on this", brief.depends or NOT_WRITTEN)
    yield _section("If this happens", brief.if_this_happens or NOT_WRITTEN)
    if brief.cut:
        yield f"Cut here to keep it short: {'; '.join(brief.cut)}."


def _section(title: str, text: str) -> str:
    return f"## {title}\n\n{text}"


def _list(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _facts(brief: Brief) -> Iterator[str]:
    if brief.answers is None:
        yield "Nobody answers for it: it is vacant"
    elif brief.holder and brief.until is None and brief.holder == brief.answers:
        yield f"Held by @{brief.holder}"
    else:
        until = f" until {brief.until}" if brief.until else ""
        yield f"@{brief.answers} answers for it{until}"
        yield f"Held for good by @{brief.holder}" if brief.holder else "Nobody holds it for good"
    if brief.answers is not None and brief.person != brief.answers:
        behind = f"@{brief.person} stays accountable" if brief.person else "no person backs it up"
        yield f"@{brief.answers} is an agent; {behind}"
    yield f"Backups: {', '.join(f'@{one}' for one in brief.backups) or 'nobody'}"
    if brief.team:
        yield f"Team: {as_text(brief.team)}"
    yield f"Readiness: {brief.readiness}"


def _binding(one: BriefDecision) -> str:
    since = f", since {one.decided}" if one.decided else ""
    says = f" {as_text(one.says)}" if one.says else ""
    why = f"; {as_text(one.why)}" if one.why else ""
    return f"**{as_text(one.title)}** (`{one.id}`{since}{why}).{says}"


def _open(one: BriefDecision, today: date) -> str:
    facts = [f"`{one.id}`", *([] if one.status is Status.OPEN else [one.status])]
    facts.append(f"in {one.stage}" if one.stage else "stage not readable")
    if one.due:
        facts.append(f"due {one.due}{', overdue' if one.due < today else ''}")
    if one.waits_for:
        facts.append(f"waits for {', '.join(one.waits_for)}")
    missing = f" Missing: {'; '.join(map(as_text, one.missing))}." if one.missing else ""
    says = f" {as_text(one.says)}" if one.says else ""
    return f"**{as_text(one.title)}** ({', '.join(facts)}).{says}{missing}"


def _loop(one: BriefLoop) -> str:
    who = f"@{one.who}" if one.who else "nobody is named"
    due = f"due {one.due}{', overdue' if one.overdue else ''}" if one.due else "no day"
    return f"{as_text(one.text)} ({who}, {due}; `{one.path}`)"


def _number(one: BriefNumber) -> str:
    unit = f" {as_text(one.unit)}" if one.unit else ""
    value = "no value yet"
    if one.value is not None:
        value = f"{one.value:g}{unit} on {one.day}"
    target = ""
    if one.target is not None:
        more = {"up": " or more", "down": " or less"}.get(one.direction or "", "")
        target = f", target {one.target:g}{unit}{more}"
    return f"**{as_text(one.title)}** (`{one.id}`): {value}{target}; {one.standing}"


def _handoff(one: BriefHandoff) -> str:
    giver = f"from @{one.giver} " if one.giver else ""
    until = f" to {one.until}" if one.until else " for good"
    state = f", state {one.state}" if one.state else ""
    line = (
        f"**{one.status.title()}**, {giver}to @{one.receiver}, "
        f"{one.effective or 'no day'}{until}{state} (`{one.path}`)."
    )
    if not one.situation:
        return line
    quoted = "\n".join(f"> {text}".rstrip() for text in one.situation.split("\n"))
    return f"{line}\n\n{quoted}"


def _person(one: BriefPerson) -> str:
    name = f" {as_text(one.name)}" if one.name else ""
    facts = [
        one.why,
        *(["an agent"] if one.agent else []),
        *(as_text(part) for part in (one.timezone, one.hours) if part),
    ]
    return f"@{one.handle}{name}: {', '.join(facts)}"


def _duty(one: DutyJson) -> str:
    day = f" (next on {one['next']})" if one["next"] else ""
    who = f", by @{one['answers']}" if one["answers"] else ""
    return f"{as_text(one['text'])}{day}{who}"
