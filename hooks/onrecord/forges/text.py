"""What people wrote, as text in a forge's Markdown: it shows, and does nothing else.

In come titles, quotes, paths and ids; out comes Markdown that can't format, link, embed, mention a
person or refer to an issue.
"""

from __future__ import annotations

import json
import re
from urllib.parse import quote

_REFERENCE = re.compile(r"[@#!$%&~^](?=[\w\"])|\bGH(?=-\d)", re.IGNORECASE)
"""What forges take for a person, an issue, a label and the like, when a name or number follows.

A word joiner after it, which nobody sees, keeps the forge from telling anyone or linking there.
"""

_SIGNS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>=:$^])")


def plain(text: str) -> str:
    """Text as Markdown that shows just that text."""
    safe = _REFERENCE.sub("\\g<0>\u2060", re.sub(r"[\r\n]+", " ", text))
    safe = safe.replace("&", "&amp;").replace("<", "&lt;")
    return _SIGNS.sub(r"\\\1", safe)


def code(text: str) -> str:
    """Text inside a code span or block, which nothing may end early."""
    return re.sub(r"[`\r\n]", "'", text)


def yaml_id(text: str) -> str:
    """An id as a value in YAML: quoted unless it is the usual kind."""
    return text if re.fullmatch(r"[a-z][a-z0-9-]*", text) else json.dumps(code(text))


def address(base: str, path: str) -> str:
    """A path below an address, with nothing in it that could end a Markdown link."""
    return f"{base.rstrip('/')}/{quote(path, safe='/')}"


def is_address(text: str) -> bool:
    """True for a plain web address that can stand in a Markdown link as it is."""
    return bool(re.fullmatch(r"https?://[^\s()<>\[\]\\`\"']+", text))
