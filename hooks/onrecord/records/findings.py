"""Findings: what is wrong with a file, as values.

The core returns findings; it never logs or raises them. An adapter prints all of a run at once.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from operator import attrgetter

from onrecord.text.corrections import MAX_GUESSED
from onrecord.text.printing import one_line


class Severity(StrEnum):
    """An error keeps something from being read or followed; a warning contradicts or surprises.

    Both fail `onrecord check` and a strict build.
    """

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault of one file: where it is, what is wrong, and the right form."""

    path: str
    """The file, relative to the knowledge base, with forward slashes."""
    line: int
    """The line of the fault, counted from 1."""
    column: int
    """The column of the fault, counted from 1."""
    code: str
    """What kind of fault it is. A code is never renamed."""
    severity: Severity
    message: str
    """What is wrong."""
    hint: str
    """The right form, or what to do."""


_IN_ORDER = attrgetter(*(field.name for field in fields(Finding)))

MAX_ALIKE = 100
"""A file with more faults of one kind wasn't written by a person, nor would one read them all."""

E_, W_ = Severity.ERROR, Severity.WARNING

CODES: dict[str, tuple[Severity, str]] = {
    "file-not-text": (E_, "The file is binary, or not UTF-8."),
    "file-empty": (E_, "The file is empty."),
    "file-too-large": (E_, "The file is larger than a person would write."),
    "file-unreadable": (E_, "The operating system refuses to open the file."),
    "file-unread": (E_, "Reading the file or making its page failed. It is shown as plain text."),
    "file-misplaced": (W_, "The file is in a place where OnRecord doesn't read records."),
    "file-special": (E_, "A pipe, socket or device is where a file should be."),
    "link-out-of-repository": (E_, "A symbolic link leads out of the knowledge base."),
    "text-too-complex": (E_, "The text is too complex for a page. It is shown as plain text."),
    "link-not-followed": (E_, "OnRecord doesn't follow symbolic links. Put the file itself there."),
    "front-matter-missing": (E_, "A record has no front matter."),
    "front-matter-late": (E_, "There is text before the first `---`."),
    "front-matter-unclosed": (E_, "The second `---` is missing."),
    "yaml-broken": (E_, "The front matter isn't YAML."),
    "key-unknown": (E_, "OnRecord doesn't know the key."),
    "key-twice": (E_, "A key appears twice."),
    "item-twice": (W_, "A list names the same thing twice."),
    "key-missing": (E_, "A required key is missing or empty."),
    "word-unknown": (E_, "The word isn't one of those allowed here."),
    "type-wrong": (E_, "A value doesn't have the form that the key needs."),
    "value-too-long": (E_, "A value or list is longer than a person would write."),
    "date-impossible": (E_, "A date doesn't exist or isn't written YYYY-MM-DD."),
    "dates-order": (W_, "The dates are in an impossible order."),
    "stage-not-last": (W_, "`stage` isn't the last stage of `entered`."),
    "outcome-too-early": (E_, "The decision is in a stage that can't have this outcome yet."),
    "outcome-missing": (E_, "`decided` is set, but `outcome` is missing."),
    "id-duplicate": (E_, "Two records of one kind have the same id."),
    "reference-nowhere": (E_, "A record names another that doesn't exist."),
    "supersedes-itself": (E_, "A decision supersedes itself."),
    "supersedes-circle": (E_, "Decisions supersede each other in a circle."),
    "owner-unknown": (W_, "The owner is neither a role nor a known person."),
    "person-unknown": (W_, "A person isn't in people.yml."),
    "role-undescribed": (W_, "A handoff or metric belongs to a role that has no page."),
    "person-left": (W_, "A holder, backup or receiver has left (`active: false`)."),
    "agent-alone": (E_, "An agent holds or covers a role, and no person is its backup."),
    "handoffs-contradict": (W_, "Two handoffs contradict each other."),
    "handoff-to-giver": (W_, "A handoff goes from a person to the same person."),
    "holder-outdated": (W_, "`holder` isn't the receiver of the last accepted handoff."),
    "backup-holds": (W_, "The holder of a role is among its backups."),
    "covers-unknown": (E_, "`covers` names no duty and no open decision of the role."),
    "date-ahead": (W_, "A day is in the future, where only a past day is possible."),
    "series-broken": (E_, "A row of a metric's CSV file can't be read."),
    "collect-unclear": (E_, "`collect` names no source, or its keys don't fit the source."),
    "serves-circle": (E_, "A metric serves itself, or metrics serve each other in a circle."),
    "series-missing": (W_, "A metric has no CSV file beside it."),
    "site-incomplete": (E_, "The built site lacks what OnRecord's hooks write."),
    "alias-unusable": (W_, "An alias isn't a path within the site, or is already taken."),
    "governs-unusable": (E_, "A path in `governs` isn't within the repository."),
    "import-unsettled": (W_, "An import couldn't read something. A person must settle it."),
    "drawing-acts": (W_, "A drawing (SVG) contains a script or loads something from elsewhere."),
    "reply-nowhere": (E_, "A reply is to a record or a reply that doesn't exist."),
    "reply-name": (E_, "The name of a reply's file isn't its day and its author."),
    "reply-empty": (E_, "A reply that needs a text has none."),
    "reply-unfit": (E_, "A reply isn't possible there, or not from that person."),
    "reply-twice": (W_, "There are two replies where one is possible."),
    "reply-late": (W_, "Feedback came after the decision was closed."),
    "comment-unclosed": (W_, "A comment doesn't end, so a forge hides everything that follows."),
    "name-elsewhere": (W_, "Windows or macOS can't store a file with this name."),
    "merge-unfinished": (E_, "A merge in git was started and not finished in this file."),
    "section-twice": (W_, "Two sections have the same name. Only the first is read."),
    "section-near": (W_, "A heading is almost the name of a section, so it isn't read."),
    "stage-skipped": (W_, "A decision skipped a stage."),
    "read-back-missing": (W_, "A handoff has the day of its acceptance but no read-back."),
    "person-not-informed": (W_, "`aligned` names somebody who isn't among those informed."),
    "feedback-unclear": (W_, "A line in Feedback doesn't say clearly whose it is."),
    "acknowledgement-unclear": (W_, "A line doesn't say clearly who acknowledges."),
    "read-back-unclear": (W_, "A text looks like a handoff's read-back but isn't read as one."),
    "read-back-undated": (W_, "A handoff has a read-back but not the day of its acceptance."),
    "link-nowhere": (W_, "A relative link in the text leads to no file."),
}
"""Every code with its severity and what it stands for."""


def finding(
    path: str, code: str, message: str, hint: str, line: int = 1, column: int = 1
) -> Finding:
    """Make a finding; its severity follows from its code.

    Message and hint are one line each, whatever a file's name or text puts into them.
    """
    return Finding(path, line, column, code, CODES[code][0], one_line(message), one_line(hint))


def not_read(path: str, error: Exception) -> Finding:
    """The finding of a file on which our own code, or a library of ours, failed."""
    said = f"reading it failed: {type(error).__name__}: {shown(str(error), 120)}".rstrip(": ")
    hint = "its text is kept and shown as plain text; please report this file"
    return finding(path, "file-unread", said, hint)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings by path, line, column and code; the same fault is listed once."""
    return tuple(sorted(set(findings), key=_IN_ORDER))


def in_short(findings: list[Finding]) -> list[Finding]:
    """The first of very many findings of one kind; the last of them says how many more."""
    more = len(findings) - MAX_ALIKE
    if more <= 0:
        return findings
    last = findings[MAX_ALIKE - 1]
    message = f"{last.message} (and {more:,} more faults like this)"
    return [*findings[: MAX_ALIKE - 1], replace(last, message=message)]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The known word nearest to `word`, as the start of a hint; '' when none is near."""
    if len(word) > MAX_GUESSED:
        return ""
    near = difflib.get_close_matches(word.casefold(), list(known), n=1, cutoff=0.72)
    return f'did you mean "{near[0]}"? ' if near else ""


def shown(value: str, limit: int = 60) -> str:
    """A person's value as it is quoted in a message: one line, no control characters, not long."""
    clean = " ".join(one_line(value[: 10 * limit]).split())
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 decision`, `2 decisions`, `1,204 decisions`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
