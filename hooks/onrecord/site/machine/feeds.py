"""Feeds: calendars (iCalendar, RFC 5545) and news (Atom, RFC 4287) as text.

In come deadlines or events, and addresses; out comes text that is the same for the same input.
Both formats ask for times at which something was made: these come from the records, never from
the clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from xml.sax.saxutils import escape, quoteattr

from onrecord.overview.events import Deadline, Event

MOST_EVENTS = 40
"""Entries of one feed. Readers keep what they have seen; the site holds the rest."""

Address = Callable[[str], str]
"""From a record's path to its address, from the site's root on."""

_LONG_AGO = date(1970, 1, 1)
_FOLD = 75


def calendar(name: str, deadlines: Iterable[Deadline], address: Address | None) -> str:
    """A calendar of whole days. Without addresses its entries lead nowhere."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//OnRecord//Deadlines//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    for one in deadlines:
        known = one.known or _LONG_AGO
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_name_of(one.path, one.key)}@onrecord",
            f"DTSTAMP:{_basic(known)}T000000Z",
            f"DTSTART;VALUE=DATE:{_basic(one.day)}",
            *(
                [f"DTEND;VALUE=DATE:{_basic(one.day + timedelta(days=1))}"]
                if one.day.year < 9999
                else []
            ),
            f"SUMMARY:{_text(one.title)}",
            *([f"DESCRIPTION:{_text('For ' + ', '.join(one.who))}"] if one.who else []),
            *([f"URL:{address(one.path)}"] if address else []),
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) for line in lines)


def atom(title: str, here: str, name: str, events: Iterable[Event], address: Address) -> str:
    """A feed, newest first. `here` is its own address, `name` what it is for ever."""
    entries = []
    newest = _LONG_AGO
    for event, _ in zip(events, range(MOST_EVENTS), strict=False):
        newest = max(newest, event.day)
        link = quoteattr(address(event.path))
        entries.append(
            f"<entry><id>urn:onrecord:{_name_of(event.path, event.key)}</id>"
            f"<title>{_xml(event.title)}: {_xml(event.said)}</title>"
            f"<updated>{_stamp(event.day)}</updated>"
            f'<link rel="alternate" href={link}/>'
            f"<summary>{_xml(event.said)}</summary></entry>\n"
        )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<id>urn:onrecord:{_name_of(name, 'feed')}</id>\n"
        f"<title>{_xml(title)}</title>\n"
        f"<updated>{_stamp(newest)}</updated>\n"
        "<author><name>OnRecord</name></author>\n"
        f'<link rel="self" href={quoteattr(here)}/>\n'
        f"{''.join(entries)}</feed>\n"
    )


def _name_of(path: str, key: str) -> str:
    return hashlib.sha256(f"{path}\n{key}".encode()).hexdigest()[:24]


def _basic(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


def _stamp(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _text(value: str) -> str:
    """A text value of iCalendar: its own signs escaped, control characters out."""
    clean = " ".join(value.split())
    for sign in ("\\", ";", ","):
        clean = clean.replace(sign, f"\\{sign}")
    return "".join(c for c in clean if c.isprintable())


def _xml(value: str) -> str:
    return escape("".join(c if c.isprintable() else " " for c in value))


def _folded(line: str) -> str:
    """A content line of at most 75 bytes, and the rest on lines that begin with a space."""
    data = line.encode()
    if len(data) <= _FOLD:
        return line + "\r\n"
    parts, part, size = [], "", 0
    for sign in line:
        width = len(sign.encode())
        if size + width > _FOLD:
            parts.append(part)
            part, size = " ", 1
        part, size = part + sign, size + width
    return "\r\n".join([*parts, part]) + "\r\n"
