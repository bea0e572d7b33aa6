"""Who answers on a day: exactly one or nobody, and the same on every surface."""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from small_base import ROLE, decision, handoff

from onrecord.forges.codeowners import codeowners
from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.overview.telling import Step, told_by
from onrecord.records.vocabulary import Ask
from onrecord.site.machine.records_json import records_json
from onrecord.site.pages import Views

FIRST = date(2026, 1, 1)
PEOPLE = ("ana", "bob", "carol", "dave", "eve")
DAYS = 50
"""Of each of twenty chains: a thousand random days."""


def day_of(random_: random.Random) -> date:
    return FIRST + timedelta(days=random_.randrange(200))


def chain(random_: random.Random) -> dict[str, str]:
    """A role that is handed on at random: overlapping, for a time, back, for good, in part."""
    holder = random_.choice((*PEOPLE, ""))
    role = ROLE.replace("holder: ana", f"holder: {holder}").replace("backups: [bob]", "backups: []")
    role = role.replace("- **Monthly**:", "- **Monthly, on the 5th**:")
    files = {
        "playbooks/lead/index.md": role,
        "playbooks/lead/steps.md": "# Steps\n",
        "decisions/pay.md": decision("title: Pay\nstage: assess\nowner: lead\ndue: 2026-02-01"),
        "playbooks/people.yml": "".join(f"{who}: {{}}\n" for who in PEOPLE)
        + "gone:\n  active: false\n",
    }
    for number in range(random_.randrange(8)):
        begins = day_of(random_)
        text = handoff(
            random_.choice((*PEOPLE, "")),
            random_.choice((*PEOPLE, "gone")),
            str(begins),
            until=random_.choice(("", str(begins + timedelta(days=random_.randrange(30))))),
            accepted=random_.choice(("", str(day_of(random_)), str(begins))),
        )
        covers = random_.choice(("", "", "pay", "Monthly on the 5th the pay run", "the pay run"))
        if covers:
            text = text.replace("\n---\n", f"\ncovers: [{covers}]\n---\n", 1)
        files[f"playbooks/lead/handoffs/{number}.md"] = text
    return files


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("seed", range(20))
def test_one_person_answers_on_each_day_and_every_surface_says_so(
    tmp_path: Path, seed: int
) -> None:
    random_ = random.Random(seed)
    write(tmp_path, chain(random_))
    first = KnowledgeBase.open(tmp_path, FIRST, searches=False)
    for _ in range(DAYS):
        agrees(on(first, day_of(random_)))


def on(base: KnowledgeBase, day: date) -> KnowledgeBase:
    """The same files on another day, read once."""
    moved = replace(base, today=day)
    vars(moved).update(library=base.library, relations=base.relations, precedents=base.precedents)
    return moved


def shown(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def agrees(base: KnowledgeBase) -> None:
    roster = base.roster
    catalogue, today = roster.catalogue, roster.catalogue.today
    library, holders = catalogue.library, catalogue.holders
    role, pay = library.role["lead"], library.decision["pay"]
    who, of_pay = holders.of_role(role, today).who, holders.of_decision(pay, today).who
    duties = {duty.text: holders.of_duty(duty, today).who for duty in holders.duties(role)}
    assert {who, of_pay, *duties.values()} <= {*PEOPLE, ""}

    assert roster.accountable["lead"].who == roster.catalogue.answering("lead") == who
    held = [person.handle for person in roster.people.values() if role in person.holds]
    assert held == ([who] if who else [])

    asked = [
        person.handle
        for person in roster.people.values()
        for item in person.items
        if item.ask is Ask.DECISION
    ]
    assert asked == ([of_pay] if of_pay else [])
    for person in roster.people.values():
        for item in person.items:
            assert item.ask is not Ask.DUTY or duties[item.title] == person.handle

    lines = dict(line.split(" ", 1) for line in codeowners(library, today).splitlines()[1:-1])
    assert lines.get("/playbooks/lead/", "") == (f"@{who}" if who else "")
    assert lines.get("/decisions/pay.md", "") == (f"@{of_pay}" if of_pay else "")

    for one in roster.deadlines:
        if one.key.startswith("due-"):
            assert one.who == ((of_pay,) if of_pay else ())
        if one.key.startswith("duty-"):
            said = duties[one.title.removeprefix("Lead: ")]
            assert one.who == ((said,) if said else ())

    addresses = {record.path: "" for record in library.records}
    records = {r["path"]: r for r in json.loads(records_json(roster, addresses))["records"]}
    assert records[role.path]["answers"] == (who or None)
    assert records[pay.path]["answers"] == (of_pay or None)
    told = {duty["text"]: duty["answers"] or "" for duty in records[role.path]["duties"]}
    assert told == duties

    # The pages, as HTML.
    fragments = Views(base).fragments
    page = fragments.of(role, lambda path: f"/{path}", None)
    assert f"Held by @{who} " in shown(page.state) if who else "Vacant" in shown(page.state)
    side = shown(fragments.of(pay, lambda path: f"/{path}", None).rail)
    assert f"Owner Lead , @{of_pay} " in side if of_pay else "Owner Lead nobody holds it" in side

    # What is told on that morning goes to those who answer on it.
    night = on(base, today - timedelta(days=1))
    morning = Step(datetime.combine(today, time(), UTC), night, base)
    for one in told_by(morning):
        if one.path == pay.path and one.what.startswith(Ask.DECISION.meaning):
            assert one.who == of_pay
        if one.what.startswith(Ask.DUTY.meaning):
            assert one.who == duties[one.title]
