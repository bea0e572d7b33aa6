"""Readiness: could someone else take this role over tomorrow? A dozen checks of what is written.

In come a role and what belongs to it; out come checks that pass, fail, don't apply or weren't
measured, each with the line it is about and the way to fix it, and the level they add up to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum
from typing import NamedTuple

from onrecord.lifecycle.duties import has_rhythm, items_in
from onrecord.lifecycle.handoffs import Holders, held_since
from onrecord.lifecycle.scorecards import Scorecard, Standing
from onrecord.records.library import Library
from onrecord.records.model import Handoff, Role, Section, same_person

PROVEN_FOR = timedelta(days=365)
"""How long a read-back by someone else shows that they could do it again."""


class Mark(StrEnum):
    """How a check came out."""

    PASS = "pass"
    FAIL = "fail"
    NOT_APPLICABLE = "not applicable"
    NOT_MEASURED = "not measured"


class Level(IntEnum):
    """How ready a role is to be taken over. Each level needs the ones before it."""

    NONE = 0
    NAMED = 1
    WRITTEN = 2
    COVERABLE = 3
    PROVEN = 4

    @property
    def word(self) -> str:
        """The level as a page says it."""
        return "not named" if self is Level.NONE else self.name.lower()

    @property
    def meaning(self) -> str:
        """One sentence for a page."""
        return _LEVELS[self]


_LEVELS = {
    Level.NONE: "What the role is for, or who holds it, is not written yet.",
    Level.NAMED: "What the role is for, and who holds it, is written.",
    Level.WRITTEN: "What the role does, decides and needs is written down.",
    Level.COVERABLE: "Someone could cover it tomorrow, and there are numbers to steer by.",
    Level.PROVEN: "Someone besides the holder has taken it over and read it back within a year.",
}


class Check(NamedTuple):
    """One check. `line` is of the file at `path`; `fix` says what to write, '' when it passes."""

    name: str
    level: Level
    mark: Mark
    said: str
    path: str
    line: int | None = None
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Readiness:
    """All the checks of a role, and the level it has reached."""

    checks: tuple[Check, ...]
    level: Level

    @property
    def missing(self) -> tuple[Check, ...]:
        """The checks that keep the role from the levels above, the nearest first."""
        return tuple(c for c in self.checks if c.mark in (Mark.FAIL, Mark.NOT_MEASURED))

    def count(self, mark: str) -> int:
        """How many checks came out so."""
        return sum(check.mark == mark for check in self.checks)


def readiness(
    role: Role,
    holders: Holders,
    handoffs: Sequence[Handoff],
    scorecards: Sequence[Scorecard],
    today: date,
) -> Readiness:
    """Check a role. `handoffs` and `scorecards` are the role's own."""
    checks = tuple(_checks(role, holders, handoffs, scorecards, today))
    level = Level.NONE
    for step in (Level.NAMED, Level.WRITTEN, Level.COVERABLE, Level.PROVEN):
        held_back = any(c.mark in (Mark.FAIL, Mark.NOT_MEASURED) for c in checks if c.level is step)
        if held_back:
            break
        level = step
    return Readiness(checks, level)


def _checks(
    role: Role,
    holders: Holders,
    handoffs: Sequence[Handoff],
    scorecards: Sequence[Scorecard],
    today: date,
) -> Iterator[Check]:
    library = holders.library
    answers = holders.of_role(role, today).who
    yield _purpose(role)
    yield _holder(role, answers, library)
    yield _section(role, "Accountabilities", "what others can count on this role for")
    yield _section(role, "Start here today", "the first things to do, in order")
    yield _section(role, "Decision rights", "what the role decides alone, what it puts to others")
    guide = "each duty with its rhythm and a link to how it is done"
    yield _section(role, "Recurring duties", guide, judge=_duties)
    guide = "what access is needed and where to ask for it; never secrets"
    yield _section(role, "Access", guide, judge=_access)
    yield _links(role, library)
    yield _metric(role, scorecards)
    yield _backup(role, answers, library)
    yield _if_then(role)
    yield _read_back(role, holders.holder(role, today), handoffs, today)


def _purpose(role: Role) -> Check:
    line = role.place("purpose")[0]
    if role.purpose:
        return _passes(role, "Purpose", Level.NAMED, "it says why the role exists", line)
    fix = "write `purpose:` and one sentence on why the role exists"
    return _fails(role, "Purpose", Level.NAMED, "no purpose is written", line, fix)


def _holder(role: Role, answers: str, library: Library) -> Check:
    line = role.place("holder")[0]
    if answers:
        return _passes(role, "Holder", Level.NAMED, f"@{answers} holds it, nobody else", line)
    if library.has_left(role.holder):
        fix = "hand the role on, or leave `holder:` empty"
        return _fails(role, "Holder", Level.NAMED, f"@{role.holder} has left", line, fix)
    fix = "write `holder:` and the handle of whoever takes it"
    return _fails(role, "Holder", Level.NAMED, "nobody holds it", line, fix)


def _section(
    role: Role,
    title: str,
    guide: str,
    level: Level = Level.WRITTEN,
    judge: Callable[[Role, Section], Check] | None = None,
) -> Check:
    """The check that a section is written; `judge` says more of one that is."""
    section = role.body.section(title)
    if section is None:
        fix = f"add a heading `## {title}`, and below it {guide}"
        return _fails(role, title, level, "the section is missing", None, fix)
    if not section.is_written:
        fix = f"write below `## {title}`: {guide}"
        return _fails(role, title, level, "the section is empty", section.line, fix)
    if judge is not None:
        return judge(role, section)
    return _passes(role, title, level, "it is written", section.line)


_LINK = re.compile(r"\]\([^)\s]+|\]\[[^\]]+\]|https?://")
_NOTHING = re.compile(r"\W*(?:none|nothing|no recurring duties)\b.*", re.IGNORECASE)


def _duties(role: Role, section: Section) -> Check:
    title = "Recurring duties"
    items = items_in(section)
    if not items:
        if _NOTHING.match(section.text):
            mark = Mark.NOT_APPLICABLE
            return Check(title, Level.WRITTEN, mark, "it has none", role.path, section.line)
        # Duties in prose are one duty: a rhythm anywhere in it counts.
        items = [section.text]
    for lacks, is_there, fix in (
        ("a rhythm", has_rhythm, "say how often: weekly, each release, on the 5th of every month"),
        ("a link to how it is done", _LINK.search, "link to the how-to: `[how](path/to/it.md)`"),
    ):
        without = [text for text in items if not is_there(text)]
        if without:
            said = f"{len(without)} of {len(items)} duties have no {lacks.partition(' ')[2]}"
            line = _line_of(role, section, without[0])
            return _fails(role, title, Level.WRITTEN, said, line, fix)
    said = f"{len(items)} of {len(items)} have a rhythm and a how-to"
    return _passes(role, title, Level.WRITTEN, said, section.line)


_SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|\bgh[pousr]_[A-Za-z0-9]{20,}"
    r"|\bgithub_pat_[A-Za-z0-9_]{20,}"
    r"|\bglpat-[A-Za-z0-9_\-]{16,}"
    r"|\bxox[abprs]-[A-Za-z0-9\-]{10,}"
    r"|\bsk-[A-Za-z0-9_\-]{20,}"
    r"|\beyJ[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]{10,}\."
    r"|\b(?:password|passwd|passphrase|pwd|secret|token|api[ _\-]?key|pin)\b[`*\"' ]*[:=]"
    r"[`*\"' ]*(?!(?:ask|see|in|from|stored|kept|held|with|the|is|of|at|on|by)\b)[^\s`*\"'<\[(]{4,}"
    r"|://[^/\s:@]+:[^/\s:@]{3,}@",
    re.IGNORECASE,
)


def _access(role: Role, section: Section) -> Check:
    title = "Access"
    for line in section.text.split("\n"):
        if _SECRET.search(line):
            said = "something in it looks like a secret"
            fix = "take it out, change it wherever it is used, and say where to ask for it"
            return _fails(role, title, Level.WRITTEN, said, _line_of(role, section, line), fix)
    said = "it is written, without anything that looks like a secret"
    return _passes(role, title, Level.WRITTEN, said, section.line)


def _links(role: Role, library: Library) -> Check:
    links = role.body.links
    if not links:
        mark = Mark.NOT_APPLICABLE
        return Check("Links", Level.WRITTEN, mark, "it links to nothing here", role.path)
    for link in links:
        if not library.holds(role.target_of(link)):
            said = f"the link {link.target} leads nowhere"
            fix = "link to a file by its path from this one"
            return _fails(role, "Links", Level.WRITTEN, said, link.line, fix)
    count = f"{len(links)} links lead" if len(links) > 1 else "the link leads"
    return _passes(role, "Links", Level.WRITTEN, f"{count} somewhere", None)


def _metric(role: Role, scorecards: Sequence[Scorecard]) -> Check:
    name = "Metric"
    if not scorecards:
        fix = f"`onrecord new metric {role.id} ID` makes the first"
        return _fails(role, name, Level.COVERABLE, "it watches no number", None, fix)
    if any(card.is_fresh for card in scorecards):
        fresh = next(card for card in scorecards if card.is_fresh)
        said = f"{fresh.metric.title} has a fresh value"
        return Check(name, Level.COVERABLE, Mark.PASS, said, fresh.metric.path)
    card = next((c for c in scorecards if c.standing is Standing.LATE), scorecards[0])
    metric = card.metric
    fix = f"`onrecord metric {role.id} {metric.id} VALUE` adds one"
    if card.newest is None:
        said = f"{metric.title} has no value yet"
        return Check(name, Level.COVERABLE, Mark.NOT_MEASURED, said, metric.path, None, fix)
    said = f"the newest value is of {card.newest.day}"
    return Check(name, Level.COVERABLE, Mark.FAIL, said, metric.path, None, fix)


def _backup(role: Role, answers: str, library: Library) -> Check:
    line = role.place("backups", "holder")[0]
    able = able_backups(role, answers, library)
    if able:
        said = f"{', '.join('@' + b for b in able[:3])} could cover it"
        return _passes(role, "Backup", Level.COVERABLE, said, line)
    if role.backups:
        said = "nobody named in `backups` is another person who is still here"
    else:
        said = "nobody is named to cover it"
    fix = "write `backups: [handle]` with someone who could cover it tomorrow"
    return _fails(role, "Backup", Level.COVERABLE, said, line, fix)


def able_backups(role: Role, answers: str, library: Library) -> tuple[str, ...]:
    """The backups who could answer for a role in place of the one who does already.

    They haven't left, and are people: an agent covers a role only where a person backs it up.
    """
    return tuple(
        b
        for b in role.backups
        if not (same_person(b, answers) or library.has_left(b) or library.is_agent(b))
    )


def person_behind(role: Role, answers: str, library: Library) -> str:
    """The person who stays accountable where `answers` does the work; '' where there is none.

    That is the one who answers, or for an agent the first backup who could.
    """
    if not library.is_agent(answers):
        return answers
    return next(iter(able_backups(role, answers, library)), "")


def _if_then(role: Role) -> Check:
    title = "If this happens"
    return _section(role, title, "what can happen, and what to do then", Level.COVERABLE)


def _read_back(role: Role, holder: str, handoffs: Sequence[Handoff], today: date) -> Check:
    name = "Read-back"
    if not holder:
        said = "nobody holds it now"
        return Check(name, Level.PROVEN, Mark.NOT_APPLICABLE, said, role.path)
    since = held_since(holder, handoffs)
    # The calendar begins on a day, too: a year before it would be an error.
    oldest = today - PROVEN_FOR if today.toordinal() > PROVEN_FOR.days else date.min
    begins = max(oldest, since) if since else oldest
    proofs = [
        h
        for h in handoffs
        if h.covers is None
        and h.accepted is not None
        and begins <= h.accepted <= today
        and not same_person(h.receiver, holder)
    ]
    if proofs:
        last = max(proofs, key=lambda h: (h.accepted or date.min, h.id))
        said = f"@{last.receiver} accepted it with a read-back on {last.accepted}"
        return Check(name, Level.PROVEN, Mark.PASS, said, last.path)
    if since and since > oldest:
        said = f"nobody else has read it back since @{holder} took it on {since}"
    else:
        said = "nobody besides the holder has read it back in the last twelve months"
    fix = f"hand it on for a few days: `onrecord new handoff {role.id} --to … --until …`"
    return _fails(role, name, Level.PROVEN, said, None, fix)


def _line_of(role: Role, section: Section, text: str) -> int:
    """The line of the file on which a text of a section stands; comments may be before it."""
    first = text.split("\n")[0]
    lines = role.body.text.split("\n")
    for offset in range(max(0, section.line - role.body.line), len(lines)):
        if first in lines[offset]:
            return role.body.line + offset
    return section.line


def _passes(role: Role, name: str, level: Level, said: str, line: int | None) -> Check:
    return Check(name, level, Mark.PASS, said, role.path, line)


def _fails(role: Role, name: str, level: Level, said: str, line: int | None, fix: str) -> Check:
    return Check(name, level, Mark.FAIL, said, role.path, line, fix)
