"""Logs of decisions: one file that holds many, as sections or as rows of a table, cut into records.

In comes a text; out come its parts as texts of their own, each the bytes of its section, or of its
row below the table's head. What is outside the parts stays in the old file, and the report
says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from onrecord.migration.importing.reading.days import Day, day_in
from onrecord.migration.importing.reading.outline import (
    Heading,
    Line,
    labels_of,
    tables_in,
    words_of,
)
from onrecord.migration.importing.reading.source import SourceText
from onrecord.migration.importing.reading.titles import cleaned, is_boilerplate, is_placeholder
from onrecord.records.languages import folded, words
from onrecord.text.slugs import page_name

_ID = re.compile(r"^\W*(?:[A-Za-z]{1,8}[-_ #]?\d{1,6}\b|#?\d{1,4}[.):\s-])")
_FIGURE = re.compile(r"\d")
_OWN_FILE = re.compile(r"\]\([^)#]+\.(?:md|adoc|rst)\b")


def parts_of(text: SourceText) -> tuple[SourceText, ...]:
    """The decisions of a log, in its order; none where a text is no log."""
    if text.beside or text.names_folder:
        return ()
    return _unique(_sections(text) or _rows(text))


def is_log_name(text: SourceText) -> bool:
    """True for a file that is called so, or whose title says that it is a log."""
    known = words("files", "log")
    title = next((h.title for h in text.outline.headings[:1]), "")
    stem = folded(re.sub(r"[-_.]+", " ", text.stem))
    return stem in known or folded(words_of(title)) in known


def _sections(text: SourceText) -> list[SourceText]:
    if any(folded(label.name) in words("labels", "status") for label in text.outline.labels):
        return []  # it has a status of its own: a record
    named = is_log_name(text)
    for level in (1, 2, 3):
        heads = [h for h in text.outline.headings if h.level == level]
        if not named and sum(bool(_FIGURE.search(h.title)) for h in heads) < 3:
            continue  # a number or a day has figures
        chosen = [h for h in heads if not is_boilerplate(h.title) and not is_placeholder(h.title)]
        if len(chosen) < 2:
            continue
        counted = [h for h in chosen if _ID.match(h.title) or day_in(h.title) != Day()]
        stated = [h for h in chosen if _says(text, h)]
        told = {h.number for h in (*counted, *stated)}
        # Six of ten have a number, a day or a status: below that, these are the sections of one
        # text.
        if len(told) * 10 < len(chosen) * 6:
            continue
        if named or (
            len(counted) >= 3 and len(counted) == len(chosen) and len(stated) * 2 >= len(chosen)
        ):
            return list(_cut(text, [h for h in chosen if h.number in told]))
    return []


def _says(text: SourceText, heading: Heading) -> bool:
    known = words("labels", "status") | words("labels", "date")
    lines = _within(text, heading)
    heads = (
        h for h in text.outline.headings if lines and heading.number < h.number <= lines[-1].number
    )
    return any(folded(x.name) in known for x in labels_of(lines)) or any(
        folded(words_of(h.title)) in known for h in heads
    )


def _within(text: SourceText, heading: Heading) -> tuple[Line, ...]:
    end = _end(text, heading)
    return tuple(x for x in text.outline.lines if heading.number < x.number < end)


def _end(text: SourceText, heading: Heading) -> int:
    following = (
        h.number
        for h in text.outline.headings
        if h.number > heading.number and h.level <= heading.level
    )
    return next(following, 10**9)


def _cut(text: SourceText, heads: list[Heading]) -> Iterator[SourceText]:
    lines = text.body.splitlines(keepends=True)
    for heading in heads:
        start, end = heading.number - text.body_line, _end(text, heading) - text.body_line
        name = page_name(cleaned(heading.title))
        dated = heading.title[:4].isdigit()
        number = None if dated else _ID.match(heading.title)
        part = page_name(f"{number[0]} {name}" if number else heading.title if dated else name)
        yield _part(text, part, b"".join(lines[start:end]), heading.number)


def _rows(text: SourceText) -> list[SourceText]:
    titles = words("labels", "title") | words("sections", "proposal") | {"decisions", "what"}
    for names, rows in tables_in(text.outline.lines):
        known = [folded(name) for name in names]
        at = next((i for i, name in enumerate(known) if name in titles), None)
        facts = words("labels", "status") | words("labels", "date")
        if at is None or len(rows) < 2 or not facts.intersection(known):
            continue
        if not is_log_name(text) and not words("labels", "status").intersection(known[1:]):
            continue
        if any(_OWN_FILE.search(row.text) for row, _ in rows):
            continue  # it lists records that are files of their own
        return list(_row_parts(text, at, rows))
    return []


def _row_parts(
    text: SourceText, at: int, rows: list[tuple[Line, list[str]]]
) -> Iterator[SourceText]:
    lines = text.body.splitlines(keepends=True)
    first = rows[0][0].number - text.body_line
    head = b"".join(lines[first - 2 : first])
    for row, cells in rows:
        title = cleaned(cells[at]) if at < len(cells) else ""
        if not title:
            continue
        number = _ID.match(cells[0] + " ") if at else None
        part = page_name(f"{number[0]} {title}" if number else title)
        # Below the table's head, so that the row is still a table and its cells keep their names.
        body = head + lines[row.number - text.body_line]
        yield replace(_part(text, part, body, row.number - 2), heading=title)


def _part(text: SourceText, part: str, body: bytes, line: int) -> SourceText:
    return SourceText(
        place=f"{text.place}#{part}",
        disk=text.disk,
        body=body,
        body_line=line,
        encoding=text.encoding,
        part=part,
    )


def _unique(parts: list[SourceText]) -> tuple[SourceText, ...]:
    """The parts; of two with one name the second gets a number, so that none is lost."""
    seen: dict[str, int] = {}
    found = []
    for text in parts:
        seen[text.part] = number = seen.get(text.part, 0) + 1
        if number > 1:
            part = f"{text.part}-{number}"
            text = replace(text, part=part, place=f"{text.file}#{part}")
        found.append(text)
    return tuple(found)
