"""The formats: how each is known, and one reader for each that gives the same kind of value.

In comes a text; out comes what it says of itself with the lines, or the reason why it is no record
of a decision. A format is known by its own marks; the rest is prose, read for what a person would
see at its head.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import yaml

from onrecord.migration.importing.reading.days import Day, day_in, seems_day
from onrecord.migration.importing.reading.found import Fact, Format, Parsed, Relation, Tie
from onrecord.migration.importing.reading.outline import (
    LONGEST_LINE,
    Heading,
    Label,
    labels_of,
    words_of,
)
from onrecord.migration.importing.reading.source import SourceText
from onrecord.migration.importing.reading.ties import (
    names_in,
    ties_of_labels,
    ties_of_prose,
    ties_of_status,
)
from onrecord.migration.importing.reading.titles import is_template, title_of
from onrecord.records.reading.frontmatter import FrontMatterEntry, entries_of
from onrecord.records.vocabulary import Stage

_STATUS = ("status", "state", "decision status", "adr status", "current status")
_MADR_HEADINGS = frozenset(
    (
        "context and problem statement",
        "considered options",
        "decision drivers",
        "decision outcome",
        "pros and cons of the options",
    )
)
_NYGARD_HEADINGS = frozenset(("context", "decision", "decisions", "consequences"))
_OTHER_HEADINGS = frozenset(
    (
        "problem",
        "problem statement",
        "proposal",
        "alternatives",
        "alternatives considered",
        "options",
        "options considered",
        "rationale",
        "rationale and alternatives",
        "motivation",
        "summary",
        "detailed design",
        "drawbacks",
        "unresolved questions",
        "guide-level explanation",
        "reference-level explanation",
        "outcome",
        "solution",
        "design",
        "background",
        "whats proposed",
        "what s proposed",
        "the existing decision",
    )
)
_MADR_KEYS = frozenset(("status", "date", "deciders", "decision-makers", "decision makers"))
_EMBER_KEYS = frozenset(("stage", "start-date", "prs", "release-date"))
_LABELS: dict[str, tuple[str, ...]] = {
    "status": (*_STATUS,),
    "date": ("date", "decision date", "decided", "decided on", "date decided", "date of decision"),
    "created": ("created", "date created", "created on", "creation date", "start date", "opened"),
    "updated": ("updated", "last updated", "modified"),
    "people": (
        "deciders",
        "decider",
        "decision makers",
        "decision maker",
        "decision maker(s)",
        "authors",
        "author",
        "owner",
        "owning person",
        "champion",
    ),
    "tags": ("tags", "tag", "categories", "category", "labels"),
}
NO_MARKS = "nothing in it says that it records a decision"

_NUMBERED = re.compile(r"(?:adr|madr|rfc|kep|dr|decision)?[-_ ]?\d{1,8}(?:[-_. ]|$)", re.IGNORECASE)
_NAMES_ANOTHER = re.compile(r"super|replace|\]\(", re.IGNORECASE)
_DATED = re.compile(r"(\d{8}|\d{4}-\d{2}-\d{2})[-_]")
_DATE_WITHOUT_COLON = re.compile(r"^\W*date\s+(\d.*)$", re.IGNORECASE)


def format_of(text: SourceText) -> Format | str:
    """The format of a text, or the reason why it is no record of a decision."""
    outline = text.outline
    title = title_of(text)
    if is_template(text, title):
        return "a template, not a decision"
    if text.beside:
        return Format.KEP
    if text.stem.casefold() in ("readme", "index", "summary", "changelog", "contributing"):
        return "the folder's own page, not a record"
    heads = {words_of(h.title) for h in outline.headings}
    keys = {name.casefold() for name in text.entries}
    names = {label.name for label in outline.labels}
    has_status = any(h in heads for h in _STATUS)
    says_status = bool(names & set(_LABELS["status"]))
    stage = text.entries.get("stage")
    if stage is not None and getattr(stage.node, "value", "") in list(Stage):
        return "a decision of OnRecord already: move it, rather than import it"
    if len(keys & _EMBER_KEYS) >= 2 or "feature name" in names:
        return Format.RFC
    if (heads & _MADR_HEADINGS) or (keys & _MADR_KEYS and heads & _NYGARD_HEADINGS):
        is_dated = _DATED.match(text.stem) is not None
        if is_dated:
            return Format.LOG4BRAINS
        return Format.MADR
    if has_status:
        return Format.NYGARD
    if says_status and (heads & (_NYGARD_HEADINGS | _OTHER_HEADINGS) or _is_named(text)):
        return Format.BULLETS
    marks = (
        _is_named(text),
        bool(names & set(_LABELS["date"] + _LABELS["created"])) or _bare_date(text) is not None,
        len(heads & (_NYGARD_HEADINGS | _OTHER_HEADINGS)) > 1,
        "decision" in heads,
        bool(keys & _MADR_KEYS),
    )
    if sum(marks) >= 2 and title is not None:
        return Format.PROSE
    return NO_MARKS


def read(text: SourceText, form: Format) -> Parsed:
    """What a text of this format says of itself."""
    return _READERS[form](text)


def _nygard(text: SourceText) -> Parsed:
    heading = text.outline.named(*_STATUS)
    statuses = list(_below(text, heading)) if heading else []
    return _common(text, Format.NYGARD, statuses)


def _madr(text: SourceText) -> Parsed:
    heading = text.outline.named(*_STATUS)
    return _common(text, Format.MADR, list(_below(text, heading)) if heading else [])


def _log4brains(text: SourceText) -> Parsed:
    found = _common(text, Format.LOG4BRAINS, [])
    dated = _DATED.match(text.stem)
    if found.created is None and dated is not None:
        return replace(found, created=Fact(dated[1], 0))
    return found


def _bullets(text: SourceText) -> Parsed:
    return _common(text, Format.BULLETS, [])


def _prose(text: SourceText) -> Parsed:
    heading = text.outline.named(*_STATUS)
    return _common(text, Format.PROSE, list(_below(text, heading)) if heading else [])


def _rfc(text: SourceText) -> Parsed:
    """Ember's front matter, or the list with which Rust's begin."""
    found = _common(text, Format.RFC, [])
    stage = _values(text.entries, "stage")
    return replace(found, statuses=(*stage, *found.statuses))


def _kep(text: SourceText) -> Parsed:
    """What kep.yaml says; its lines are that file's own."""
    entries, _ = entries_of(text.place, text.beside)
    people = _values(entries, "owners") or _values(entries, "authors")
    title = _values(entries, "title")
    ties = [
        Tie(relation, fact.words.strip("/").rpartition("/")[2], fact.line)
        for key, relation in (
            ("replaces", Relation.SUPERSEDES),
            ("superseded-by", Relation.SUPERSEDED_BY),
            ("see-also", Relation.RELATED),
        )
        for fact in _values(entries, key)
    ]
    status = _values(entries, "status")
    created = _values(entries, "creation-date")
    return Parsed(
        format=Format.KEP,
        title=title[0] if title else title_of(text),
        statuses=tuple(status),
        created=created[0] if created else None,
        people=tuple(people),
        ties=tuple(ties),
    )


_READERS: dict[Format, Callable[[SourceText], Parsed]] = {
    Format.NYGARD: _nygard,
    Format.MADR: _madr,
    Format.LOG4BRAINS: _log4brains,
    Format.BULLETS: _bullets,
    Format.RFC: _rfc,
    Format.KEP: _kep,
    Format.PROSE: _prose,
}


def _common(text: SourceText, form: Format, below: list[Fact]) -> Parsed:
    """What all but KEPs share: front matter first, then the status section, then labels."""
    outline, entries = text.outline, text.entries
    labels = [label for label in outline.labels if label.value]
    section = outline.named(*_STATUS)
    if section is not None:  # a folder's habit may put the day below the status
        labels += [x for x in labels_of(outline.below(section)) if x.value]
    statuses = [
        *_values(entries, "status", "state"),
        *below,
        *_labelled(labels, "status"),
    ]
    if len(statuses) > 1 and statuses[0] in _labelled(labels, "status"):
        statuses = statuses[:1]
    dates = [
        *_values(entries, "date", "decided", "decision-date"),
        *_labelled(labels, "date"),
        *_undotted(text),
    ]
    bare = _bare_date(text)
    if not dates and bare is not None:
        dates = [bare]
    if not dates and statuses and not _NAMES_ANOTHER.search(statuses[0].words):
        # `Accepted on 2019-05-06`
        dates = [statuses[0]] if day_in(statuses[0].words) != Day() else []
    created = [
        *_values(entries, "created", "start-date", "creation-date", "start_date"),
        *_labelled(labels, "created"),
    ]
    people = [
        *_values(entries, "deciders", "decision-makers", "authors", "author", "owner"),
        *_labelled(labels, "people"),
    ]
    ties = [
        *ties_of_labels(_key_labels(entries)),
        *ties_of_labels(labels),
        *ties_of_status(statuses),
    ]
    own: list[Tie] = []
    mentions: list[Tie] = []
    said = {tie.line for tie in ties}
    for is_own, tie in ties_of_prose(outline.lines):
        if tie.line not in said:
            (own if is_own else mentions).append(tie)
    return Parsed(
        format=form,
        title=title_of(text),
        statuses=tuple(dict.fromkeys(statuses)),
        date=dates[0] if dates else None,
        created=created[0] if created else None,
        people=tuple(people),
        tags=(*_values(entries, "tags", "categories"), *_labelled(labels, "tags")),
        ties=tuple(dict.fromkeys([*ties, *own])),
        mentions=tuple(mentions),
    )


def _below(text: SourceText, heading: Heading) -> Iterator[Fact]:
    """The lines of a status section, without those that say something else under a label."""
    others = {name for key, names in _LABELS.items() if key != "status" for name in names}
    for line in text.outline.below(heading):
        label = next(labels_of((line,)), None)
        if label is None or label.name not in others:
            words = label.value if label and label.name in _STATUS else line.text.strip()
            yield Fact(words, line.number)


def _labelled(labels: list[Label], kind: str) -> list[Fact]:
    names = _LABELS[kind]
    return [Fact(label.value, label.number) for label in labels if label.name in names]


def _undotted(text: SourceText) -> Iterator[Fact]:
    """`Date 09/04/2018`, as hands that were in a hurry wrote it."""
    for line in text.outline.head:
        if found := _DATE_WITHOUT_COLON.match(line.text):
            yield Fact(found[1].strip(), line.number)


def _bare_date(text: SourceText) -> Fact | None:
    """A line below the title that is a day and nothing else."""
    for line in text.outline.head[:12]:
        if line.text.strip() and seems_day(line.text):
            return Fact(line.text.strip(), line.number)
    return None


def _values(entries: Mapping[str, FrontMatterEntry], *names: str) -> list[Fact]:
    """The words under the first of some keys that is there, with their lines."""
    for name in names:
        entry = entries.get(name)
        if entry is None:
            continue
        node = entry.node
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        found = []
        for one in nodes:
            if isinstance(one, yaml.ScalarNode) and one.value.strip() and one.value != "null":
                words = one.value.strip()[:LONGEST_LINE]
                found.append(Fact(words, one.start_mark.line + 1))
        if found:
            return found
    return []


def _key_labels(entries: Mapping[str, FrontMatterEntry]) -> list[Label]:
    return [
        Label(entry.name.casefold().replace("-", " ").replace("_", " "), fact.words, fact.line)
        for entry in entries.values()
        for fact in _values(entries, entry.name)
        if names_in(fact.words)
    ]


def _is_named(text: SourceText) -> bool:
    """True for a file whose name begins with a number or a day, as a series of records does."""
    return bool(_NUMBERED.match(text.stem) or _DATED.match(text.stem))
