"""What is wrong with a metric's `collect`, as far as its own words tell.

In come the source and what is written beside it; out comes what is wrong, as a sentence, or ''.
No secret may be here: everybody who reads the repository or the site reads it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from onrecord.records.findings import did_you_mean, shown
from onrecord.records.shapes import SOURCES
from onrecord.records.vocabulary import Source
from onrecord.text.paths import is_plain_path

MOST = 500
"""Characters of a value; nobody reads a longer query in a file."""

_ADDRESSES = (Source.JSON, Source.CSV, Source.PROMETHEUS, Source.NUMBERS)
_FILES = (Source.JSON, Source.CSV)
_SECRET = re.compile(r"token|secret|passw|api.?key|auth|signature", re.IGNORECASE)
_DAYS = re.compile(r"[0-9]{1,4}")
_METRIC = re.compile(r"[^/\s]+/[^/\s]+")


def unfit(source: Source, what: str, wanted: Mapping[str, str]) -> str:
    """What is wrong with a source as it is written; '' where nothing is."""
    form = SOURCES[source]
    for key, value in (("", what), *wanted.items()):
        if len(value) > MOST or any(ord(sign) < 32 for sign in value):
            return f"`{key or source}` must be one line of at most {MOST} characters"
    for key in form.needs:
        if key not in wanted:
            return f"`{source}` needs `{key}` beside it"
    for key in wanted:
        if key not in form.needs and key not in form.takes:
            return f"`{source}` has no `{key}`"
    if form.measures and what not in form.measures:
        near = did_you_mean(what, form.measures)
        return f"`{source}` is {shown(what)}; {near}it is one of {', '.join(form.measures)}"
    if form.values and wanted["value"] not in form.values:
        return f"`value` is {shown(wanted['value'])}; it is one of {', '.join(form.values)}"
    if "older_than" in wanted and not _DAYS.fullmatch(wanted["older_than"]):
        return f"`older_than` is {shown(wanted['older_than'])}, not a number of days"
    if "path" in wanted and not is_plain_path(wanted["path"].removesuffix("/")):
        return f"`path` is {shown(wanted['path'])}, not a path of this repository"
    if source is Source.NUMBERS and not _METRIC.fullmatch(wanted["value"]):
        return f"`value` is {shown(wanted['value'])}, not role/metric"
    return _unfit_place(source, what) if source in _ADDRESSES else ""


def _unfit_place(source: Source, what: str) -> str:
    """What is wrong with an address, or with the path of a file."""
    if "://" not in what and source in _FILES:
        return "" if is_plain_path(what) else f"{shown(what)} isn't a path of this repository"
    try:
        address = urlsplit(what)
        # `port` itself raises for what is no number, or too large.
        port_is_fine = address.port != 0
    except ValueError:
        return f"{shown(what)} isn't an address"
    if address.scheme not in ("http", "https") or not address.hostname or not port_is_fine:
        return f"{shown(what)} isn't an address that begins with https://"
    if re.search(r"[^!-~]", what):
        return f"{shown(what)} has a character that no address can have; write it as %20 or similar"
    if address.username is not None or address.password is not None:
        return "the address contains a name or password, which everybody can read"
    # A secret may look like any word. The name before it tells.
    if any(_SECRET.search(name) for name, _ in parse_qsl(address.query, keep_blank_values=True)):
        return "the address contains a token, which everybody can read"
    return ""
