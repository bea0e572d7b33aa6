"""Feeds: calendars (iCalendar, RFC 5545) and news (Atom, RFC 4287), as files of the site.

The text is the same for the same input: both formats ask for times at which something was made,
and these come from the records, never from the clock. An entry's address is whole where the site's
own is known, and relative where it isn't.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import NamedTuple

import jinja2

from onrecord.drafting.agenda import Agenda
from onrecord.overview.events import Deadline
from onrecord.overview.news import News
from onrecord.site.addresses import Address, addresses_from
from onrecord.text.printing import without_controls

MOST_EVENTS = 40
"""Entries of one feed. Readers keep what they have seen; the site holds the rest."""

_LONG_AGO = date(1970, 1, 1)
_FOLD = 75
_NOTHING = (
    *("BEGIN:VTIMEZONE", "TZID:UTC", "BEGIN:STANDARD", "DTSTART:19700101T000000"),
    *("TZOFFSETFROM:+0000", "TZOFFSETTO:+0000", "END:STANDARD", "END:VTIMEZONE"),
)
"""What an empty calendar holds: a calendar without any component isn't one (RFC 5545, 3.6)."""


class Feed(NamedTuple):
    """A calendar or a feed: its path on the site, and its text on demand."""

    path: str
    text: Callable[[], str]


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
            # The day after the last (RFC 5545, 3.6.1); after the year 9999 Python has none.
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
    if lines[-1] != "END:VEVENT":
        lines += _NOTHING
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) for line in lines)


INVITATION = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//OnRecord//Meeting//EN"
"""How each invitation begins."""


def invitation(agenda: Agenda) -> str:
    """A calendar with the one meeting of an agenda, to be sent to whoever must be there.

    It has no entry where nobody must be.
    """
    begins, ends = agenda.begins, agenda.ends
    lines = [*INVITATION.split("\r\n"), "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    if begins is None or ends is None:
        lines += _NOTHING
    else:
        paths = " ".join(point.decision.path for point in agenda.points)
        titles = [point.decision.title for point in agenda.points]
        said = [
            f"{point.decision.title}: {item.text}"
            for point in agenda.points
            for item in point.items
        ]
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_name_of(paths, begins.isoformat())}@onrecord",
            f"DTSTAMP:{_moment(begins)}",
            f"DTSTART:{_moment(begins)}",
            f"DTEND:{_moment(ends)}",
            f"SUMMARY:{_text('Decide: ' + ', '.join(titles))}",
            "DESCRIPTION:" + "\\n".join(_text(one) for one in said),
            *(
                f'ATTENDEE;CN="{_parameter(one.handle)}";ROLE=REQ-PARTICIPANT:mailto:{_mail(one.mail)}'
                for one in agenda.attendees
                if _mail(one.mail)
            ),
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) for line in lines)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _parameter(value: str) -> str:
    """A parameter's value between quotes, which can hold neither quotes nor controls."""
    return without_controls(" ".join(value.split())).replace('"', "")


def _mail(address: str) -> str:
    """A mail address, where it is no more than one."""
    return address if _ADDRESS.fullmatch(address) else ""


_ADDRESS = re.compile(r"[\w.+\-]{1,80}@[\w.\-]{1,120}")


def calendar_feed(
    path: str, name: str, due: Iterable[Deadline], site_url: str, addresses: Mapping[str, str]
) -> Feed:
    """A calendar at `path`. Its entries lead to their records where the site's address is known."""
    address = addresses_from(path, addresses, site_url) if site_url else None
    return Feed(path, lambda: calendar(name, due, address))


def atom_feed(
    env: jinja2.Environment,
    path: str,
    name: str,
    entries: Iterable[News],
    site_url: str,
    addresses: Mapping[str, str],
) -> Feed:
    """A feed at `path`, which is also what it is called for ever; newest first."""
    address = addresses_from(path, addresses, site_url)

    def text() -> str:
        shown = list(islice(entries, MOST_EVENTS))
        return (
            env.get_template("feed.atom").render(
                id=_name_of(path.removesuffix(".atom"), "feed"),
                name=name,
                here=f"{site_url.rstrip('/')}/{path}" if site_url else path.rpartition("/")[2],
                updated=max((one.day for one in shown), default=_LONG_AGO),
                entries=[(one, _name_of(one.path, one.key), address(one.path)) for one in shown],
                printable=without_controls,
            )
            + "\n"
        )

    return Feed(path, text)


def _name_of(path: str, key: str) -> str:
    return hashlib.sha256(f"{path}\n{key}".encode()).hexdigest()[:24]


def _basic(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


def _text(value: str) -> str:
    """A text value of iCalendar: its own signs escaped, control characters out."""
    clean = " ".join(value.split())
    for sign in ("\\", ";", ","):
        clean = clean.replace(sign, f"\\{sign}")
    return without_controls(clean)


def _folded(line: str) -> str:
    """A content line of at most 75 bytes, and the rest on lines that begin with a space."""
    data = line.encode()
    if len(data) <= _FOLD:
        return line + "\r\n"
    # Bytes are counted, but no sign is cut in two: some readers show such a line as broken.
    parts, part, size = [], "", 0
    for sign in line:
        width = len(sign.encode())
        if size + width > _FOLD:
            parts.append(part)
            part, size = " ", 1
        part, size = part + sign, size + width
    return "\r\n".join([*parts, part]) + "\r\n"
