"""Drafts: the text of a new record, with a template that guides whoever writes it.

In come the few things that must be known; out come the path and the text. Front matter and
sections follow the vocabulary, and every draft passes `onrecord check` as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import yaml

from onrecord.slugs import slug_of
from onrecord.vocabulary import (
    DECISION,
    DECISIONS_FOLDER,
    HANDOFF,
    HANDOFFS_FOLDER,
    METRICS_FOLDER,
    PLAYBOOKS_FOLDER,
    ROLE,
    ROLE_FILE,
    SERIES_COLUMNS,
    Cadence,
    Direction,
    Shape,
    Stage,
)

RESERVED = frozenset(("index", "readme"))
"""Ids no decision can have: those files are pages of the site and of the forge."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A file to write: its path in the knowledge base, and its text."""

    path: str
    text: str


def new_decision(
    title: str,
    today: date,
    *,
    slug: str = "",
    owner: str = "",
    consulted: tuple[str, ...] = (),
    informed: tuple[str, ...] = (),
    due: date | None = None,
    tags: tuple[str, ...] = (),
) -> Draft:
    """A decision in its first stage, in the folder of its year."""
    front = [
        _line("title", title),
        f"stage: {Stage.ASSESS}",
        _line("owner", owner) if owner else "owner:",
        f"due: {due}" if due else "due:",
        "entered:",
        f"  {Stage.ASSESS}: {today}",
        _line("consulted", _each_once(consulted)),
        _line("informed", _each_once(informed)),
        _line("tags", _each_once(tags)),
    ]
    path = f"{DECISIONS_FOLDER}/{today.year}/{slug or slug_of(title)}.md"
    return Draft(path, _document(front, f"# {as_text(title)}", _guided(DECISION)))


def new_role(
    role: str, *, title: str, purpose: str, holder: str = "", backups: tuple[str, ...] = ()
) -> Draft:
    """A role's playbook."""
    front = [
        _line("title", title),
        _line("purpose", purpose),
        _line("holder", holder) if holder else "holder:",
        _line("backups", _each_once(backups)),
    ]
    path = f"{PLAYBOOKS_FOLDER}/{role}/{ROLE_FILE}"
    return Draft(path, _document(front, f"# {as_text(title)}", _guided(ROLE)))


def new_handoff(
    role: str,
    *,
    giver: str,
    receiver: str,
    effective: date,
    until: date | None = None,
    filled: Mapping[str, str] | None = None,
) -> Draft:
    """A handoff note of a role. `filled` is what some sections begin with, by their heading."""
    front = [
        _line("from", giver) if giver else "from:",
        _line("to", receiver),
        f"effective: {effective}",
        *([f"until: {until}"] if until else []),
        "state: stable",
    ]
    name = f"{effective}-{_file_name(giver or 'vacant')}-to-{_file_name(receiver)}"
    path = f"{PLAYBOOKS_FOLDER}/{role}/{HANDOFFS_FOLDER}/{name}.md"
    return Draft(path, _document(front, "", _guided(HANDOFF, filled or {})))


def new_metric(
    role: str,
    metric: str,
    *,
    title: str,
    cadence: Cadence,
    target: float | None = None,
    direction: Direction | None = None,
    unit: str = "",
) -> tuple[Draft, Draft]:
    """A metric and the file of its values."""
    front = [_line("title", title), f"cadence: {cadence}"]
    if target is not None:
        front += [f"target: {_number(target)}", f"direction: {direction or Direction.UP}"]
    front += [_line("unit", unit) if unit else "unit:", "source:"]
    stem = f"{PLAYBOOKS_FOLDER}/{role}/{METRICS_FOLDER}/{metric}"
    guide = f"# {as_text(title)}\n\n<!-- How the number is taken, so that anyone can take it. -->"
    return (
        Draft(f"{stem}.md", _document(front, guide, "")),
        Draft(f"{stem}.csv", ",".join(SERIES_COLUMNS) + "\n"),
    )


def _document(front: list[str], head: str, body: str) -> str:
    parts = ["---", *front, "---", ""]
    if head:
        parts += [head, ""]
    return "\n".join(parts) + ("\n" if body else "") + body


def _guided(shape: Shape, filled: Mapping[str, str] | None = None) -> str:
    parts = []
    for title, guide in shape.sections:
        text = (filled or {}).get(title, "")
        parts.append(f"## {title}\n\n<!-- {guide} -->\n" + (f"\n{text}\n" if text else ""))
    return "\n".join(parts)


def _each_once(names: tuple[str, ...]) -> list[str]:
    kept: dict[str, str] = {}
    for name in names:
        kept.setdefault(name.casefold(), name)
    return list(kept.values())


def _line(name: str, value: str | list[str]) -> str:
    """`name: value` as YAML that reads back as just that value."""
    if isinstance(value, list):
        items = yaml.safe_dump(value, allow_unicode=True, width=10**6, default_flow_style=True)
        return f"{name}: {items.strip()}"
    one_line = " ".join(value.split())  # also where only Unicode sees a line end
    return str(yaml.safe_dump({name: one_line}, allow_unicode=True, width=10**6)).strip()


def as_text(title: str) -> str:
    """A title as Markdown text: one line, its own signs taken as text."""
    text = " ".join(title.split()).replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\`*_\[\]{}#])", r"\\\1", text)


def _number(value: float) -> str:
    """A number with all its digits, in a form that is a number to YAML too."""
    return format(Decimal(repr(value)), "f").removesuffix(".0")


def _file_name(handle: str) -> str:
    return re.sub(r"[^\w.\-]+", "-", handle).strip("-.") or "someone"
