"""The formats: how each is known, and one reader for each that gives the same kind of value.

In comes a text; out comes what it says of itself with the lines, or the reason why it is no record
of a decision. A format is known by its own marks; the rest is prose, read for what a person would
see at its head.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache

import yaml

from onrecord.migration.importing.reading.days import Day, day_in, seems_day
from onrecord.migration.importing.reading.found import Fact, Format, Parsed, Relation, Tie
from onrecord.migration.importing.reading.not_decisions import no_decision
from onrecord.migration.importing.reading.outline import (
    LONGEST_LINE,
    Heading,
    Label,
    Line,
    labels_of,
    words_of,
)
from onrecord.migration.importing.reading.source import SourceText, key_of
from onrecord.migration.importing.reading.statuses import (
    ends_it,
    ends_wholly,
    limits_its_end,
    mentions_an_end,
    says_only,
)
from onrecord.migration.importing.reading.ties import (
    names_in,
    ties_of_labels,
    ties_of_prose,
    ties_of_status,
)
from onrecord.migration.importing.reading.titles import (
    banners_in,
    boilerplate,
    is_template,
    title_of,
)
from onrecord.records.languages import folded, words
from onrecord.records.reading.frontmatter import FrontMatterEntry, entries_of
from onrecord.records.vocabulary import Stage

_MADR_HEADINGS = frozenset(
    (
        "context and problem statement",
        "considered options",
        "decision drivers",
        "decision outcome",
        "pros and cons of the options",
    )
)
_MADR_KEYS = frozenset(("status", "date", "deciders", "decision makers"))
_EMBER_KEYS = frozenset(("stage", "start date", "prs", "release date"))
NO_MARKS = "nothing in it says that it records a decision"

_NUMBERED = re.compile(r"(?:[a-z]{1,8}|decision)?[-_ ]?\d{1,8}(?:[-_. ]|$)", re.IGNORECASE)
_NAMES_ANOTHER = re.compile(r"super|replace|\]\(|\[\[", re.IGNORECASE)
_DATED = re.compile(r"(\d{8}|\d{4}-\d{2}-\d{2})[-_]")
_DATE_WITHOUT_COLON = re.compile(r"^\W*(?:date|datum|fecha|data)\s+(\d.*)$", re.IGNORECASE)


def format_of(text: SourceText) -> Format | str:
    """The format of a text, or the reason why it is no record of a decision."""
    title = title_of(text)
    if text.beside:
        return "a template, not a decision" if is_template(text, title) else Format.KEP
    if text.part:
        return Format.LOG
    if why := no_decision(text, title):
        return why
    outline = text.outline
    heads = {folded(words_of(h.title)) for h in outline.headings}
    keys = {key_of(name) for name in text.entries}
    names = {folded(label.name) for label in outline.labels}
    statuses = words("labels", "status")
    stage = text.entries.get("stage")
    if stage is not None and getattr(stage.node, "value", "") in list(Stage):
        return "a decision of OnRecord already: move it, rather than import it"
    known = heads & boilerplate()
    if len(keys & _EMBER_KEYS) >= 2 or "feature name" in names:
        return Format.RFC
    # In order from the surest marks to the weakest: many MADR files have a Nygard status heading as
    # well.
    if (heads & _MADR_HEADINGS) or (keys & _MADR_KEYS and known):
        return Format.LOG4BRAINS if _DATED.match(text.stem) else Format.MADR
    if heads & statuses:
        return Format.NYGARD
    named = _is_named(text)
    if names & statuses and (known - statuses or named):
        return Format.BULLETS
    marks = (
        named,
        bool(names & (words("labels", "date") | words("labels", "created")))
        or _bare_date(text) is not None
        or bool(heads & words("labels", "date")),
        len(known) > 1,
        bool(heads & _DECISION_HEADINGS),
        bool(keys & _MADR_KEYS),
        bool(keys & statuses),
    )
    # One mark alone is met in any text: notes have a date, and guides a heading Decision.
    if (sum(marks) >= 2 or _is_y_statement(text)) and title is not None:
        return Format.PROSE
    return NO_MARKS


_DECISION_HEADINGS = words("sections", "proposal") - {"solution", "resolution", "recommendation"}


def read(text: SourceText, form: Format) -> Parsed:
    """What a text of this format says of itself."""
    return _READERS[form](text)


def _as(form: Format) -> Callable[[SourceText], Parsed]:
    """The reader of a format whose records keep their facts where all keep them."""
    return lambda text: _common(text, form)


def _log4brains(text: SourceText) -> Parsed:
    found = _common(text, Format.LOG4BRAINS)
    dated = _DATED.match(text.stem)
    if found.created is None and dated is not None:
        return replace(found, created=Fact(dated[1], 0))
    return found


def _rfc(text: SourceText) -> Parsed:
    """Ember's front matter, or the list with which Rust's begin."""
    found = _common(text, Format.RFC)
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
    Format.NYGARD: _as(Format.NYGARD),
    Format.MADR: _as(Format.MADR),
    Format.LOG4BRAINS: _log4brains,
    Format.BULLETS: _as(Format.BULLETS),
    Format.RFC: _rfc,
    Format.KEP: _kep,
    Format.PROSE: _as(Format.PROSE),
    Format.LOG: _as(Format.LOG),
}


def _common(text: SourceText, form: Format) -> Parsed:
    """What all but KEPs share: front matter first, then the status section, then labels."""
    outline, entries = text.outline, text.entries
    labels = [label for label in outline.labels if label.value]
    section = outline.named(words("labels", "status"))
    if section is not None:  # a folder's habit may put the day below the status
        labels += [x for x in labels_of(outline.below(section)) if x.value]
    below = list(_below(text, section)) if section is not None else []
    if section is not None:  # a second section of this name may say something else
        title = folded(words_of(section.title))
        for again in outline.headings:
            if again.number > section.number and folded(words_of(again.title)) == title:
                below += _below(text, again)
    keyed = _keyed(entries, "status")
    labelled = _labelled(labels, "status")
    statuses = [*keyed, *below, *labelled]
    # With nothing surer than labels, later ones are of something within the text, such as a table
    # of options.
    first = text.outline.title.number
    statuses += [Fact(said, first) for said in banners_in(text) if says_only(said)]
    endings = list(_endings(text))
    dates = [*_one(_keyed(entries, "date")), *_labelled(labels, "date"), *_headed(text, "date")]
    dates += _undotted(text)
    if text.part and not text.heading:
        dates += [Fact(h.title, h.number) for h in outline.headings[:1] if day_in(h.title) != Day()]
    bare = _bare_date(text)
    if not dates and bare is not None:
        dates = [bare]
    # A day beside another record's name may be that record's.
    if not dates and statuses and not _NAMES_ANOTHER.search(statuses[0].words):
        # `Accepted on 2019-05-06`
        dates = [statuses[0]] if day_in(statuses[0].words) != Day() else []
    if not dates and (dated := _DATED.match(text.stem)) is not None:
        dates = [Fact(dated[1], 0)] if form is not Format.LOG4BRAINS else []
    created = [*_one(_keyed(entries, "created")), *_labelled(labels, "created")]
    created += _headed(text, "created")
    people = [*_keyed(entries, "people"), *_labelled(labels, "people"), *_headed(text, "people")]
    ties = [
        *ties_of_labels(_key_labels(entries)),
        *ties_of_labels(labels),
        *ties_of_labels(_section_labels(text)),
        *ties_of_status([*statuses, *endings]),
    ]
    own: list[Tie] = []
    mentions: list[Tie] = []
    said = {tie.line for tie in ties}
    for is_own, tie in ties_of_prose(outline.lines):
        # A line that a label or the status has already been read from isn't prose about others.
        if tie.line not in said:
            (own if is_own else mentions).append(tie)
    return Parsed(
        format=form,
        title=title_of(text),
        statuses=tuple(dict.fromkeys(statuses)),
        endings=tuple(endings),
        date=dates[0] if dates else None,
        created=created[0] if created else None,
        people=tuple(people),
        tags=(*_keyed(entries, "tags"), *_labelled(labels, "tags")),
        ties=tuple(dict.fromkeys([*ties, *own])),
        mentions=tuple(mentions),
    )


def _below(text: SourceText, heading: Heading) -> Iterator[Fact]:
    """The lines of a status section, without those that say something else under a label.

    A line that ends in a colon, such as `Next steps:`, begins something else.
    """
    statuses = words("labels", "status")
    for number, line in enumerate(text.outline.below(heading)):
        label = next(labels_of((line,)), None)
        if label is not None and folded(label.name) in statuses and label.value:
            yield Fact(label.value, line.number)
            continue
        # The first line may be `Accepted:` by itself.
        if number and re.search(r"[:：][*_]*$", line.text.strip()):
            return
        if label is None or folded(label.name) not in _other_labels():
            yield Fact(line.text.strip(), line.number)


def _endings(text: SourceText) -> Iterator[Fact]:
    """What says that the record ended: a line at its head, or in brackets in its title."""
    first = text.outline.title.number
    for line in text.outline.head:
        says = line.text.strip() and (
            ends_it(line.text) or limits_its_end(line.text) or _is_followed(line)
        )
        if says and not _names_none(line):
            yield Fact(line.text.strip(), line.number)
    for words_there in banners_in(text):
        if ends_it(words_there):
            yield Fact(words_there, first)
    yield from _ended_below(text)
    for entry in text.entries.values():  # `superseded: true`
        said = next(iter(_values(text.entries, entry.name)), None)
        if said and ends_wholly(key_of(entry.name)) and folded(said.words) not in _NO:
            yield Fact(f"{entry.name}: {said.words}", said.line)


_LATER = re.compile(r"(?:status )?(?:update|addendum|postscript|nachtrag)\b")
_NO = frozenset(("false", "no", "off", "0", "~", "", "n", "nein", "non"))


def _ended_below(text: SourceText) -> Iterator[Fact]:
    """A struck title; a heading `Superseded`; one such as `Update 2021` above words of an end."""
    for heading in text.outline.headings:
        bare = heading.title.strip()
        is_struck = heading.level == 1 and bare.startswith("~~") and bare.endswith("~~")
        if is_struck or (heading.level > 1 and ends_wholly(folded(words_of(bare)))):
            yield Fact(bare, heading.number)
        elif heading.level > 1 and _LATER.match(words_of(bare)):
            for line in text.outline.below(heading)[:6]:
                if mentions_an_end(line.text):
                    yield Fact(line.text.strip(), line.number)
                    break


_UPDATE = re.compile(
    r"\W*(?:update|edit|nachtrag|aktualisierung|mise à jour|actualización|atualização"
    r"|aggiornamento)"
    r"\b(?!\s*[:：]?\W*\d[\d./-]*\W*$)",
    re.IGNORECASE,
)
"""How a line begins that says what came later; not `Update: 2021-03-02`."""


def _is_followed(line: Line) -> bool:
    """True for a line at the head that names what came instead: `Do not use: replaced by ADR-4`.

    A label is read as a label. A line that says what came later counts with any record it names,
    and one in a box with any word for an end.
    """
    label = next(labels_of((line,)), None)
    if label is not None and folded(label.name) in _other_labels() | words("labels", "status"):
        return False
    if line.text.lstrip().startswith("|"):
        return False
    ties = list(ties_of_status([Fact(line.text, line.number)]))
    if any(tie.relation is Relation.SUPERSEDES for tie in ties):
        return False
    if any(tie.relation is Relation.SUPERSEDED_BY and "://" not in tie.names for tie in ties):
        return True
    if _UPDATE.match(line.text):
        return any("://" not in name for name in names_in(line.text))
    return line.text.lstrip().startswith(">") and mentions_an_end(line.text)


_NONE = frozenset(
    (
        *("", "n a", "na", "none", "no", "nothing", "not applicable", "tbd", "leave empty"),
        *("leave blank", "leave this empty", "none yet", "keine", "keiner", "aucun", "aucune"),
        *(
            "ninguno",
            "ninguna",
            "nenhum",
            "nenhuma",
            "nessuno",
            "nessuna",
            "geen",
            "なし",
            "无",
            "無",
        ),
    )
)
"""What a form has where there is nothing to name, folded and without signs."""


def _names_none(line: Line) -> bool:
    """True for a field of a form that names no record: `Superseded by: n/a`."""
    label = next(labels_of((line,)), None)
    return (
        label is not None
        and folded(label.name) in words("labels", "superseded_by")
        and re.sub(r"[\W_]+", " ", folded(label.value)).strip() in _NONE
    )


@cache
def _other_labels() -> frozenset[str]:
    kinds = ("date", "created", "updated", "people", "tags", "title", "related", "supersedes")
    return frozenset(name for kind in kinds for name in words("labels", kind))


def _labelled(labels: list[Label], kind: str) -> list[Fact]:
    names = words("labels", kind)
    return [Fact(label.value, label.number) for label in labels if folded(label.name) in names]


def _keyed(entries: Mapping[str, FrontMatterEntry], kind: str) -> list[Fact]:
    """The words under the first key of front matter that is one of the labels of this kind."""
    names = words("labels", kind)
    # A front matter may have several keys of one kind, such as `date` and `Decision Date`; the
    # usual spellings come first.
    ordered = sorted(
        entries, key=lambda key: (key_of(key) not in _FIRST_KEYS, key.islower() is False)
    )
    for key in ordered:
        if key_of(key) in names and (found := _values(entries, key)):
            # `Status` and `status` are two keys to YAML, and one to a person.
            same = (other for other in entries if other != key and key_of(other) == key_of(key))
            return [*found, *(fact for other in same for fact in _values(entries, other))]
    return []


def _one(found: list[Fact]) -> list[Fact]:
    """Several values under one key as one, so that none is taken for the whole."""
    said = ", ".join(dict.fromkeys(fact.words for fact in found))
    return [Fact(said, found[0].line)] if found else []


_FIRST_KEYS = frozenset(("status", "date", "created", "deciders", "tags"))


def _headed(text: SourceText, kind: str) -> list[Fact]:
    """The lines below a heading that is one of the labels of this kind, where they are few."""
    heading = text.outline.named(words("labels", kind))
    if heading is None or heading.level == 1:
        return []
    lines = text.outline.below(heading)
    # A section of some length is prose, which may begin with a word that looks like a name or a
    # day.
    if len(lines) > 6:
        return []
    return [Fact(re.sub(r"^\s*[-*+]\s+", "", line.text).strip(), line.number) for line in lines]


def _section_labels(text: SourceText) -> Iterator[Label]:
    """Lines below headings such as `Supersedes`."""
    for kind in ("supersedes", "superseded_by", "related"):
        heading = text.outline.named(words("labels", kind))
        if heading is not None and heading.level > 1:
            for line in text.outline.below(heading)[:12]:
                yield Label(words_of(heading.title), line.text, line.number)


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
        nodes = [
            one
            for node in (entry.node, *entry.again)
            for one in (node.value if isinstance(node, yaml.SequenceNode) else [node])
        ]
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
        Label(key_of(entry.name), fact.words, fact.line)
        for entry in entries.values()
        for fact in _values(entries, entry.name)
    ]


def _is_y_statement(text: SourceText) -> bool:
    """True for `In the context of …, facing …, we decided …`, in one sentence."""
    said = " ".join(line.text for line in text.outline.lines).casefold()
    start = said.find("in the context of")
    facing = said.find("facing", start) if start >= 0 else -1
    decided = (
        re.search(r"\bwe (?:have )?decided\b", said[facing : facing + 800]) if facing > 0 else None
    )
    return decided is not None and facing - start < 800


def _is_named(text: SourceText) -> bool:
    """True for a file whose name begins with a number or a day, as a series of records does."""
    return bool(_NUMBERED.match(text.stem) or _DATED.match(text.stem))
