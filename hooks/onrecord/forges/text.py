"""What people wrote, as text in a forge's Markdown: it shows, and does nothing else.

In come titles, quotes, paths and ids; out comes Markdown that can't format, link, embed, mention a
person or refer to an issue.
"""

from __future__ import annotations

import json
import re
from urllib.parse import quote

from onrecord.text.escaping import as_text
from onrecord.text.printing import one_line, printed

_JOINER = "\u2060"
"""A word joiner, which nobody sees: where it is, no forge tells anyone or links anything."""

_REFERENCE = re.compile(
    r"(?<=[@#!$%&~^])(?=[\w\"])"  # a person, an issue, a label, a milestone and the like
    r"|(?<=[^\W\d_])(?=-\d)"  # GH-1, and the issues of other trackers
    r"|(?<=\[)(?=\w+:)"  # [vulnerability:1]
    r"|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=mailto)(?=:)",  # an address
    re.IGNORECASE,
)
"""Where forges begin to take a text for a reference; the poster's script knows the same."""

_COMMIT = re.compile(r"(?<![0-9a-z])[0-9a-f]{7,}(?![0-9a-z])", re.IGNORECASE)


def plain(text: str) -> str:
    """Text as Markdown that shows just that text."""
    line = _COMMIT.sub(_apart, _REFERENCE.sub(_JOINER, one_line(text)))
    return as_text(line)


def _apart(found: re.Match[str]) -> str:
    """The name of a commit, with no seven of its signs together."""
    return re.sub(r"\w{6}(?=\w)", rf"\g<0>{_JOINER}", found[0])


def code(text: str) -> str:
    """Text inside a code span or block, which nothing may end early."""
    return printed(text).replace("`", "'")


def yaml_id(text: str) -> str:
    """An id as a value in YAML: quoted unless it is the usual kind."""
    return text if re.fullmatch(r"[a-z][a-z0-9-]*", text) else json.dumps(code(text))


def address(base: str, path: str) -> str:
    """A path below an address, with nothing in it that could end a Markdown link."""
    return f"{base.rstrip('/')}/{quote(path, safe='/', errors='surrogateescape')}"


def is_address(text: str) -> bool:
    """True for a plain web address that can be in a Markdown link as it is."""
    return bool(re.fullmatch(r"https?://[^\s()<>\[\]\\`\"']+", text))
