"""Drafts: the text of a new record, with a template that guides whoever writes it.

In come the few things that must be known; out come the path and the text: the blank of its kind,
filled in. Every draft passes `onrecord check` as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import yaml

from onrecord.drafting import record_templates
from onrecord.drafting.record_templates import As, Blank, Value
from onrecord.drafting.translated import ENGLISH, in_language
from onrecord.records import shapes
from onrecord.records.reading.replies import name_of as reply_name
from onrecord.records.vocabulary import (
    METRICS_FOLDER,
    PLAYBOOKS_FOLDER,
    SERIES_COLUMNS,
    Cadence,
    Direction,
    HandoffState,
    Says,
)
from onrecord.text.escaping import as_text, as_yaml
from onrecord.text.slugs import slug_of

RESERVED = frozenset(("index", "readme"))
"""Ids no decision can have: those files are pages of the site and of the forge."""

VACANT = "vacant"
"""In a file's name, for the giver of a role that nobody holds."""


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
    asked: tuple[str, ...] = (),
    language: str = ENGLISH,
) -> Draft:
    """A decision in its first stage, in the folder of its year."""
    values: dict[str, Value] = {
        "title": title,
        "today": str(today),
        "year": str(today.year),
        "slug": slug or slug_of(title),
        "owner": owner,
        "asked": asked,
        "consulted": consulted,
        "informed": informed,
        "due": str(due) if due else "",
        "tags": tags,
    }
    return _draft(in_language(record_templates.DECISION_BLANK, shapes.DECISION, language), values)


def new_role(
    role: str,
    *,
    title: str,
    purpose: str,
    holder: str = "",
    backups: tuple[str, ...] = (),
    language: str = ENGLISH,
) -> Draft:
    """A role's playbook."""
    values: dict[str, Value] = {
        "role": role,
        "title": title,
        "purpose": purpose,
        "holder": holder,
        "backups": backups,
    }
    return _draft(in_language(record_templates.ROLE_BLANK, shapes.ROLE, language), values)


def new_handoff(
    role: str,
    *,
    giver: str,
    receiver: str,
    effective: date,
    until: date | None = None,
    covers: tuple[str, ...] = (),
    filled: Mapping[str, str] | None = None,
    language: str = ENGLISH,
) -> Draft:
    """A handoff note of a role, or of what `covers` names of it.

    `filled` is what some sections begin with, by their heading. A file of a part is named after it,
    so that two parts may go to one person on one day.
    """
    values: dict[str, Value] = {
        **(filled or {}),
        "role": role,
        "from": giver,
        "from_name": giver or VACANT,
        "to": receiver,
        "to_name": receiver,
        "effective": str(effective),
        "until": str(until) if until else "",
        "covers": covers,
        "state": HandoffState.STABLE,
    }
    draft = _draft(in_language(record_templates.HANDOFF_BLANK, shapes.HANDOFF, language), values)
    part = slug_of(covers[0]) if covers else ""
    return replace(draft, path=f"{draft.path.removesuffix('.md')}-{part}.md") if part else draft


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
    front = [f"title: {as_yaml(title)}", f"cadence: {cadence}"]
    if target is not None:
        front += [f"target: {_number(target)}", f"direction: {direction or Direction.UP}"]
    front += [f"unit: {as_yaml(unit)}" if unit else "unit:", "source:"]
    stem = f"{PLAYBOOKS_FOLDER}/{role}/{METRICS_FOLDER}/{metric}"
    guide = f"# {as_text(title)}\n\n<!-- How the number is taken, so that anyone can take it. -->"
    return (
        Draft(f"{stem}.md", "\n".join(["---", *front, "---", "", guide, ""])),
        Draft(f"{stem}.csv", ",".join(SERIES_COLUMNS) + "\n"),
    )


def new_reply(
    record: str,
    handle: str,
    says: Says,
    today: date,
    *,
    text: str = "",
    to: str = "",
    number: int = 1,
) -> Draft:
    """One act of one person on a record, in a file beside it; `record` is the path of the record.

    `number` tells a person's replies of one day apart.
    """
    front = [f"from: {as_yaml(handle)}", f"says: {says}", *([f"to: {as_yaml(to)}"] if to else [])]
    body = ["", text.strip()] if text.strip() else []
    path = f"{record.removesuffix('.md')}/{reply_name(today, handle, number)}"
    return Draft(path, "\n".join(["---", *front, "---", *body, ""]))


def _draft(blank: Blank, values: Mapping[str, Value]) -> Draft:
    return Draft(
        record_templates.filled(blank.path, values, _written),
        record_templates.filled(blank.text, values, _written),
    )


def _written(form: As, value: Value) -> str:
    """A value as its gap asks for it."""
    if not isinstance(value, str):
        items = _each_once(value)
        listed = yaml.safe_dump(items, allow_unicode=True, width=10**6, default_flow_style=True)
        return str(listed).strip()
    match form:
        case As.STRING:
            return as_yaml(value)
        case As.HEADING:
            return as_text(value)
        case As.FILE:
            return _file_name(value)
        case _:
            return value


def _each_once(names: tuple[str, ...]) -> list[str]:
    kept: dict[str, str] = {}
    for name in names:
        kept.setdefault(name.casefold(), name)
    return list(kept.values())


def _number(value: float) -> str:
    """A number with all its digits, in a form that is a number to YAML too."""
    return format(Decimal(repr(value)), "f").removesuffix(".0")


def _file_name(handle: str) -> str:
    return re.sub(r"[^\w.\-]+", "-", handle).strip("-.") or "someone"
