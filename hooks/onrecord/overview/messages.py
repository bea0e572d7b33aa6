"""Messages: what is to be told, as plain text that says no more than its words.

A title may hold whatever somebody wrote. Chat programs read signs of their own in it, so a mention
or a link that they would make is broken up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import quote

from onrecord.overview.telling import Reason, Told
from onrecord.records.findings import count
from onrecord.records.model import Person
from onrecord.records.settings import MkdocsFile
from onrecord.text.printing import printed

MOST = 40
"""Things that one message names; the rest is a number."""
MOST_OF_A_PART = 8
"""Things of each part of the week, so that all of it is read on one page."""
LONGEST = 200
"""Characters of a title."""
_JOINER = "\u2060"
"""Nothing to see, and no mention to a chat program that reads what is before it."""


class Message(NamedTuple):
    """A message in plain text. `who` is a handle in lower case, '' for the team."""

    who: str
    title: str
    body: str


def messages_of(
    told: Iterable[Told], people: Mapping[str, Person], mkdocs: MkdocsFile
) -> tuple[Message, ...]:
    """One message a person, by handle, and one for the team, which comes first.

    What the team is told once a week is a message of its own.
    """
    groups: dict[tuple[str, bool], list[Told]] = {}
    for one in told:
        groups.setdefault((one.who, one.reason.is_of_the_week), []).append(one)
    return tuple(
        Message(who, _title(who, group), _body(who, group, people, mkdocs))
        for (who, _), group in sorted(groups.items(), key=lambda one: one[0])
    )


def _title(who: str, told: list[Told]) -> str:
    if told[0].reason.is_of_the_week:
        return "On record: the week"
    if not who:
        return f"On record: {count(len(told), 'change')}"
    return f"On record: {count(len(told), 'thing')} for you"


def _body(who: str, told: list[Told], people: Mapping[str, Person], mkdocs: MkdocsFile) -> str:
    person = people.get(who)
    lines = [f"Hello {_plain(person.name)}," if person and person.name else "Hello,", ""]
    left = MOST
    for reason in Reason:
        of_reason = [one for one in told if one.reason is reason]
        shown = of_reason[: MOST_OF_A_PART if reason.is_of_the_week else left]
        left -= len(shown)
        if not shown:
            continue
        lines.append(f"{reason.capitalize()}:")
        for one in shown:
            due = f", due {one.due}" if one.due else ""
            lines.append(f"- {_plain(one.title)}: {_plain(one.what)}{due}")
            if address := mkdocs.url_of(one.path):
                # The page then knows who reads it: their buttons lead to their own file.
                lines.append(f"  {address}?me={quote(who, safe='')}" if who else f"  {address}")
        if reason.is_of_the_week and len(of_reason) > len(shown):
            lines.append(f"- and {len(of_reason) - len(shown)} more")
        lines.append("")
    if len(told) > MOST and not told[0].reason.is_of_the_week:
        lines.append(f"And {len(told) - MOST} more.")
    return "\n".join(lines).strip() + "\n"


def _plain(text: str) -> str:
    """One line, in which no sign is a command to a chat program."""
    line = printed(text)
    line = line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
    line = line.replace("<", "‹").replace(">", "›")
    return re.sub(r"(@|://|!\[|\]\()", rf"\1{_JOINER}", line)
