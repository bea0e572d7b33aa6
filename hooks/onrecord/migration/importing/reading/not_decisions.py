"""Files that are no decisions: templates, minutes, blog posts, runbooks, the folder's own pages.

In comes a text; out comes why it is none, or nothing.
"""

from __future__ import annotations

import re

from onrecord.migration.importing.reading.found import Fact
from onrecord.migration.importing.reading.outline import words_of
from onrecord.migration.importing.reading.source import SourceText, key_of
from onrecord.migration.importing.reading.titles import is_template
from onrecord.records.languages import folded, section_headings, words

_BLOG = frozenset(("posts", "_posts", "blog", "blogs", "news"))
_RUNBOOK = frozenset(
    (
        *("meaning", "impact", "diagnosis", "mitigation", "symptoms", "remediation", "recovery"),
        *("troubleshooting", "escalation", "playbook", "runbook", "steps", "procedure"),
        *("prerequisites", "rollback", "verification"),
    )
)
_PLACEHOLDER_DAY = re.compile(
    r"\b(?:y{4}|a{4}|j{4})[-/.]m{1,2}[-/.][dtjg]{1,2}\b|\b[dtjg]{1,2}[-/.]m{1,2}[-/.](?:y|a|j){2,4}\b",
    re.IGNORECASE,
)


def no_decision(text: SourceText, title: Fact | None) -> str:
    """Why a text is no decision, by its name, its title or its headings; \'\' when none is sure."""
    heads = _headings(text)
    names = {folded(label.name) for label in text.outline.labels}
    keys = {key_of(key) for key in text.entries}
    statuses = words("labels", "status")
    says_status = bool((heads | names | keys) & statuses)
    stem = folded(text.stem)
    said = folded(title.words) if title else ""
    day = next(
        (x.value for x in text.outline.labels if folded(x.name) in words("labels", "date")), ""
    )
    if is_template(text, title) or _PLACEHOLDER_DAY.search(day):
        return "a template, not a decision"
    if not text.names_folder and (
        stem in words("files", "index") or said in words("files", "index")
    ):
        return "the folder's own page, not a record"
    # Whatever says a status is a record, also where its name or its folder would tell otherwise.
    if says_status:
        return ""
    minutes = words("files", "minutes")
    is_named = any(
        re.search(rf"(?<!\w){re.escape(name)}(?!\w)", f"{spaced(stem)} | {said}")
        for name in minutes
    )
    if is_named or len(heads & words("headings", "minutes")) >= 2:
        return "minutes of a meeting, not a decision"
    folders = {folded(part) for part in text.place.split("/")[:-1]}
    layout = getattr(getattr(text.entries.get("layout"), "node", None), "value", "")
    if folders & _BLOG or layout in ("post", "blog"):
        return "a blog post, not a decision"
    if has_runbook_headings(text):
        return "a runbook, which belongs to a role: import it with --as role"
    if is_list_of_links(text):
        return "a list of links, not a decision"
    return ""


def has_runbook_headings(text: SourceText) -> bool:
    """True for the headings of a runbook, and none of a decision."""
    heads = _headings(text)
    return len(heads & _RUNBOOK) >= 2 and not heads & section_headings() - _RUNBOOK


def is_list_of_links(text: SourceText) -> bool:
    """True where nearly every line is a link, and no heading is one of a decision."""
    lines = [line for line in text.outline.lines if line.text.strip()]
    linked = sum("](" in line.text or "[[" in line.text for line in lines)
    if linked < 3 or linked * 10 < len(lines) * 7:
        return False
    return not _headings(text) & section_headings()


def _headings(text: SourceText) -> set[str]:
    return {folded(words_of(heading.title)) for heading in text.outline.headings}


def spaced(stem: str) -> str:
    """A file's name as words."""
    return re.sub(r"[-_.]+", " ", stem)
