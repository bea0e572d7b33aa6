"""A small team's files, to be changed by a test, and what the core makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.overview.roster import Roster

TODAY = date(2026, 10, 6)

ROLE = """---
title: Lead
purpose: Everyone is paid on time.
holder: ana
backups: [bob]
---

## Start here today

1. Read the calendar.

## Accountabilities

- The pay run.

## Decision rights

Decides the pay date alone.

## Recurring duties

- **Monthly**: the pay run, as in [the steps](steps.md).

## Access

Ask the bank.

## If this happens

- The bank is closed: pay a day early.
"""
METRIC = "---\ntitle: On time\ncadence: monthly\ntarget: 99\ndirection: up\n---\n"
VALUES = "date,value,note\n2026-08-05,98,\n2026-09-05,99.5,\n"
READ_BACK = "## Read-back\n\nI own the pay run. The bank may be closed. No questions.\n"

READY: Mapping[str, str] = {
    "playbooks/lead/index.md": ROLE,
    "playbooks/lead/steps.md": "# Steps\n",
    "playbooks/lead/metrics/on-time.md": METRIC,
    "playbooks/lead/metrics/on-time.csv": VALUES,
}
"""A role that anyone could cover tomorrow, and nobody has taken over yet."""


def handoff(
    giver: str,
    receiver: str,
    effective: str,
    *,
    until: str = "",
    accepted: str = "",
    loops: str = "",
    read_back: str = READ_BACK,
) -> str:
    front = [f"from: {giver}", f"to: {receiver}", f"effective: {effective}"]
    front += [f"until: {until}"] if until else []
    front += [f"accepted_on: {accepted}"] if accepted else []
    body = f"## Open loops\n\n{loops}\n\n" if loops else ""
    return "\n".join(["---", *front, "---", "", body + (read_back if accepted else "")])


def decision(front: str, body: str = "") -> str:
    return f"---\n{front}\n---\n{body}"


def roster(root: Path, files: Mapping[str, str], today: date = TODAY) -> Roster:
    (root / "decisions").mkdir(exist_ok=True)
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return KnowledgeBase.open(root, today, searches=False).roster
