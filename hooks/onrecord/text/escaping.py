"""Text made safe for YAML or for Markdown."""

from __future__ import annotations

import re

import yaml

_SIGNS = re.compile(r"[\\`*_{}#]")
"""Every Markdown takes these for text behind a backslash."""

_BY_NUMBER = re.compile(r"[|~^$\[\]]|==+|:(?=//|[\w+-]+:)")
"""Written by number: only some extensions know these, and only they know a backslash before them.

Backslashes before brackets make a formula to one of them.
"""

_WITH_BACKSLASH = re.compile(r"\+(?=\+)|(?<=\+)\+|(?<=\bwww)\.", re.IGNORECASE)

_START = re.compile(r"^( ?)(?:([-+!>])|([=:?/])|(\d+)([.)])(?=\s|$))")
"""What begins a list, a quotation, a box or a definition where a line begins."""


def as_yaml(value: str) -> str:
    """A text as YAML that reads back as just that text, on one line."""
    one_line = " ".join(value.split())  # also where only Unicode sees a line end
    written = yaml.safe_dump({"x": one_line}, allow_unicode=True, width=10**6)
    return str(written).strip().removeprefix("x: ")


def as_text(text: str) -> str:
    """A text as Markdown that shows just this text, on one line, wherever in a line it is.

    It holds for Python-Markdown with its extensions and for what forges use; both are tested.
    Runs of spaces become one space, as they would on the page.
    """
    return with_plain_start(inline_text(text))


def inline_text(text: str) -> str:
    """The same for a text that begins no line."""
    # `&` first: it is in what the others become.
    safe = re.sub(r"\s+", " ", text).replace("&", "&amp;").replace("<", "&lt;")
    safe = _SIGNS.sub(r"\\\g<0>", safe)
    safe = _BY_NUMBER.sub(_numbered, safe)
    return _WITH_BACKSLASH.sub(r"\\\g<0>", safe)


def with_plain_start(line: str) -> str:
    """A line of Markdown that begins no list, quotation or box, whatever its first signs are."""
    return _START.sub(_at_start, line)


def _numbered(found: re.Match[str]) -> str:
    return "".join(f"&#{ord(sign)};" for sign in found[0])


def _at_start(found: re.Match[str]) -> str:
    space, sign, other, number, end = found.groups()
    if sign:
        return f"{space}\\{sign}"
    return f"{space}&#{ord(other)};" if other else f"{space}{number}\\{end}"
