"""From what a record means to the front matter that is written above its text.

In come plain values; out comes YAML that reads back as just those values, in the line ends of the
text below it. Another tool's front matter is kept as a block of text, to the letter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import yaml

from onrecord.records.vocabulary import Outcome, Stage

_BLOCK = re.compile(r"[\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]*")
_ODD_BREAKS = re.compile("[\x85\u2028\u2029\ufeff]")


_PLAIN = re.compile(
    r"\A(?:[A-Za-z]++(?: [A-Za-z0-9]++(?:-[A-Za-z0-9]++)*+)++"
    r"|[A-Za-z][A-Za-z0-9_-]*+(?:/[A-Za-z0-9][A-Za-z0-9_-]*+)++\.md)\Z"
)
"""What YAML reads as text without quotes for sure, as most titles and paths are."""
_EXACT = ("from", "aliases")


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What an imported record will say in its front matter."""

    title: str
    stage: Stage
    owner: str = ""
    entered: date | None = None
    outcome: Outcome | None = None
    decided: date | None = None
    supersedes: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    source: str = ""
    format: str = ""
    unsettled: Mapping[str, str] = field(default_factory=dict)
    front_matter: str = ""


def drafted(meaning: Meaning, body: bytes) -> bytes:
    """The whole file: front matter, then the body to the byte."""
    end = b"\r\n" if b"\r\n" in body else b"\n"
    head = "\n".join(["---", *_front(meaning), "---", ""]).encode()
    return head.replace(b"\n", end) + body


def _front(m: Meaning) -> list[str]:
    lines = [_line("title", m.title), f"stage: {m.stage}"]
    if m.owner:
        lines.append(_line("owner", m.owner))
    if m.entered:
        lines += ["entered:", f"  {Stage.ASSESS}: {m.entered}"]
    if m.outcome:
        lines.append(f"outcome: {m.outcome}")
    if m.decided:
        lines.append(f"decided: {m.decided}")
    for name in ("supersedes", "related", "tags", "aliases"):
        if getattr(m, name):
            lines.append(_line(name, list(getattr(m, name))))
    lines += ["imported:", "  " + _line("from", m.source), f"  format: {m.format}"]
    if m.unsettled:
        lines.append("  unsettled:")
        lines += ["    " + _line(key, words) for key, words in m.unsettled.items()]
    if m.front_matter:
        lines += _kept(m.front_matter)
    return lines


def _kept(front: str) -> list[str]:
    """Another tool's front matter, under one key."""
    text = front.removesuffix("\n")
    if _BLOCK.fullmatch(text) and not _ODD_BREAKS.search(text) and text.strip():
        # `-` drops the line end behind the last line, `+` keeps it and the empty lines there.
        sign, block = ("+", text[:-1]) if text.endswith("\n") else ("-", text)
        return [f"  front_matter: |2{sign}", *(f"    {x}" if x else "" for x in block.split("\n"))]
    # Signs that YAML, or our reader, would take for line ends or refuse are written as escapes.
    written = yaml.safe_dump(text, allow_unicode=False, width=10**9, default_style='"')
    return [f"  front_matter: {written.strip()}"]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _line(name: str, value: str | list[str]) -> str:
    """`name: value` in one line; a path stays as it is, whatever its name holds."""
    if name not in _EXACT:
        value = [_one_line(x) for x in value] if isinstance(value, list) else _one_line(value)
    texts = [value] if isinstance(value, str) else value
    if all(map(_PLAIN.match, texts)):
        return f"{name}: {value}" if isinstance(value, str) else f"{name}: [{', '.join(value)}]"
    if value == "":
        return f"{name}: ''"
    plain = not _ODD_BREAKS.search("".join(value))
    flow = yaml.safe_dump({name: value}, allow_unicode=plain, width=10**9, default_flow_style=True)
    return flow.strip()[1:-1].strip()
