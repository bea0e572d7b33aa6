"""One line for a terminal, a log or a build's warnings, whatever people wrote into it.

In comes any text; out comes a line that only shows. Every command and every warning goes through
here, so that no title and no file's name can move the cursor, begin a line of its own, reorder what
is read, or give a command to the forge that runs the build.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import fields, is_dataclass
from datetime import date

_JOINERS = "\u200c\u200d"
"""They write Persian and emoji, show nothing themselves and reorder nothing."""

_COMMAND = re.compile(r"^(\s*):(?=:)")
"""GitHub's and Forgejo's `::error::`, which counts after spaces too."""

_MARKER = re.compile(r"#(?=#\w*\[)")
"""`##[error]` and `##vso[…]`, which runners look for anywhere in a line."""


class Printed(str):
    """A text that is ready to be printed as it is: JSON, a comment, a file's lines."""

    __slots__ = ()


def one_line(text: str) -> str:
    """A text as one line of signs that are seen.

    What can't be seen becomes a space; what can't be shown, such as half of a surrogate pair,
    becomes `\ufffd`.
    """
    return text if text.isprintable() else "".join(map(_seen, text))


def without_controls(text: str) -> str:
    """A text without what XML and iCalendar refuse; joiners and direction marks stay."""
    return text if text.isprintable() else "".join(map(_kept, text))


def printed(text: str) -> str:
    """A text as one line of a terminal or a log, which gives no command to any of them."""
    line = one_line(text)
    if ":" in line or "#" in line:
        line = _MARKER.sub("# ", _COMMAND.sub(r"\1: ", line))
    return line


def printed_lines(text: str) -> str:
    """Several lines, each of which only shows; for a message whose line ends are meant."""
    return "\n".join(map(printed, text.split("\n")))


def as_json(value: object) -> object:
    """A day as `YYYY-MM-DD`, a dataclass as an object: what `json.dumps` asks its `default` for."""
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def printed_json(value: object) -> Printed:
    """JSON in which all that isn't plainly visible is an escape; it reads back as the same."""
    text = json.dumps(value, default=as_json, ensure_ascii=False, indent=2)
    text = "\n".join(
        line if line.isprintable() else "".join(map(_escaped, line)) for line in text.split("\n")
    )
    # JSON may write any sign as an escape, so the runner sees no marker and a program reads the
    # same text.
    return Printed(_MARKER.sub(r"\\u0023", text))


def annotation(severity: str, path: str, line: int, column: int, title: str, text: str) -> Printed:
    """A workflow command of GitHub, which shows `text`, of one line or more, beside a line."""

    def data(value: str) -> str:
        return "%0A".join(printed(one).replace("%", "%25") for one in value.split("\n"))

    def prop(value: str) -> str:
        return printed(value).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")

    where = f"file={prop(path)},line={line},col={column},title={prop(title)}"
    return Printed(f"::{severity} {where}::{data(text)}")


def _seen(sign: str) -> str:
    if sign.isprintable() or sign in _JOINERS:
        return sign
    return "\ufffd" if unicodedata.category(sign) in ("Cs", "Co", "Cn") else " "


def _kept(sign: str) -> str:
    refused = unicodedata.category(sign) in ("Cc", "Cs") or (ord(sign) & 0xFFFE) == 0xFFFE
    return " " if refused or "\ufdd0" <= sign <= "\ufdef" else sign


def _escaped(sign: str) -> str:
    if sign.isprintable():
        return sign
    return json.dumps(sign)[1:-1] if sign > "\x7f" else f"\\u{ord(sign):04x}"
