"""What a record's picture says: nothing that is another thing tomorrow.

A chat keeps a picture for weeks, so it names a day, and never how far away that is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from onrecord.lifecycle.stages import due_now
from onrecord.overview.catalogue import Catalogue
from onrecord.overview.summary import sentence_of
from onrecord.records.model import Decision, Handoff, Metric, Record, Role
from onrecord.records.vocabulary import Stage, Status
from onrecord.site.pages.decision.standing import standing_of
from onrecord.site.pages.wording import day_text, plain


@dataclass(frozen=True, slots=True)
class Poster:
    """The words of one picture. `shape` names one of the style sheet's, or is ''; `tone` is one of
    good, warn, bad, quiet, or '' for a state that is just now so."""

    site: str
    kind: str
    title: str
    said: str = ""
    state: str = ""
    shape: str = ""
    tone: str = ""
    facts: tuple[str, ...] = ()


def poster_of(record: Record, catalogue: Catalogue, site: str) -> Poster:
    """What the picture of a record says, on the site of this name."""
    title, said = plain(record.title), plain(sentence_of(record))
    if isinstance(record, Decision):
        status = catalogue.status(record)
        head = standing_of(record, status, date.min)  # a day that makes nothing late
        owner = "" if status is Status.SUPERSEDED else _owner(record, catalogue)
        facts = tuple(filter(None, (owner, _day(record, status))))
        return Poster(site, "Decision", title, said, head.name, head.shape, head.tone, facts)
    if isinstance(record, Role):
        if holder := catalogue.holders.holder(record, catalogue.today):
            held = f"Held by {_named(holder, catalogue)}"
            return Poster(site, "Role", title, said, held, "role", "quiet")
        return Poster(site, "Role", title, said, "Vacant", "vacant", "warn")
    if isinstance(record, Handoff):
        role = catalogue.library.role.get(record.role)
        of_role = plain(role.title) if role is not None else ""
        return Poster(site, "Handoff", title, "", of_role, "role", "quiet")
    if isinstance(record, Metric):
        role = catalogue.library.role.get(record.role)
        of_role = plain(role.title) if role is not None else ""
        return Poster(site, "Metric", title, "", of_role, "metric", "quiet")
    return Poster(site, "", title, said)


def _named(handle: str, catalogue: Catalogue) -> str:
    return catalogue.name_of(handle) or f"@{handle}"


def _owner(decision: Decision, catalogue: Catalogue) -> str:
    role = catalogue.library.role.get(decision.owner)
    if role is not None and not decision.owner_is_person:
        return plain(role.title)
    return _named(decision.owner, catalogue) if decision.owner else ""


def _day(decision: Decision, status: Status) -> str:
    if status is not Status.OPEN:
        return day_text(decision.decided) if decision.decided else ""
    due = due_now(decision)
    if due is None:
        return ""
    is_asking = decision.stage is Stage.COLLABORATE
    return f"{'feedback until' if is_asking else 'due'} {day_text(due)}"
