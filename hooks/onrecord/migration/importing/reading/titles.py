"""A record's title as a person would say it: without number, without marks of Markdown."""

from __future__ import annotations

import re
from functools import cache

from onrecord.migration.importing.reading.found import Fact
from onrecord.migration.importing.reading.outline import LONGEST_LINE, names_a_form, words_of
from onrecord.migration.importing.reading.source import SourceText, entry_of
from onrecord.migration.importing.reading.statuses import LINK, ends_it, says_only
from onrecord.records.languages import folded, section_headings, words

_NUMBER = re.compile(
    r"^(?:(?:adr|madr|rfc|rfd|kep|dr|ad|d|dec|decision(?:\s+record)?)[\s#:-]*)?(\d{1,5})\s*(?P<sign>[.):|–—-])?\s+(?=\S)",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"^(?:adr|madr|rfc|rfd|kep|dr|ad|d|dec|(?-i:[A-Z]{1,6}(?=-\d)))[\s#-]*\d+\s*[.):|–—-]?\s*"
    r"|^(?:adr|madr|rfc|rfd|(?:architecture )?decision(?:\s+record)?)\s*[:–—-]\s+(?=\S)",
    re.IGNORECASE,
)
_ID_IN_BRACKETS = re.compile(
    r"^[\[(](?:[a-z]{1,8}[\s#-]*)?\d{1,5}[\])]\s*[.:|–—-]?\s*(?=\S)", re.IGNORECASE
)
_NAMED = re.compile(r"^title\s*[:：]\s*(?=\S)", re.IGNORECASE)
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])")
_CODE = re.compile(r"(?<!`)(`++)\s*+([^`\s](?:[^`]*[^`\s])?)\s*\1(?!`)")
_ATTRIBUTES = re.compile(r"\{[:#.][^{}]*\}\s*$")
_HELD = re.compile(r"^\s*(?:\{.*\}|\[[^\]]*\]|<.*>|NNNN.*|ADR[\s-]?N+.*|KEP[\s-]?N+.*)\s*$")
_TEMPLATE_WORDS = "|".join(
    sorted(map(re.escape, words("files", "template")), key=len, reverse=True)
)
_TEMPLATE = re.compile(
    r"^(?:\d+[-_. ]+|[nx]+[-_. ]+)?(?:adr|madr|rfc|rfd|kep|decision|decision-record)?[-_ ]?"
    rf"(?:{_TEMPLATE_WORDS})"
    r"(?:[-_](?:bare|minimal|bare-minimal|long|short|full|simple|adr|madr|rfc|[a-z]{2}))?$"
    rf"|^(?:0+|[nx]{{3,}})[-_. ](?:.*[-_. ])?(?:{_TEMPLATE_WORDS})(?:[-_. ].*)?$|^[nx]{{3,}}[-_. ]"
)
_TITLE_OF = re.compile(r"\b(?:0*n{3,}|x{3,})\b|^your .*\bhere\b")
_IDS = re.compile(r"(?:_\d{4,}| [0-9a-f]{32}|[ -]\(\d+\))$")
_DAY_BEFORE = re.compile(r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\s*[:.)–—-]*\s+(?=\S)")
_DAY_BEHIND = re.compile(r"\s*[\[(]\d{4}[-/.]\d{1,2}[-/.]\d{1,2}[\])]$")
_BANNER = re.compile(
    r"^[\W\d]*[\[(]([^\])]+)[\])]|[\[(]([^\])]+)[\])]\W*$|^[\W\d]*([A-Z]{6,})\s*[:–—-]"
    r"|\s[–—:-]\s*([A-Z]{6,})\W*$"
)
"""What is in brackets at either end of a title, such as `[DEPRECATED]`."""


def titles_of(text: SourceText) -> list[Fact]:
    """What may be the title, the surest first: the last is made of the file's name."""
    found = [Fact(text.heading, text.body_line + 2)] if text.heading else []
    for key in ("title", "name", "feature"):
        entry = entry_of(text.entries, key)
        written = getattr(entry.node, "value", "") if entry is not None else ""
        if entry is not None and isinstance(written, str) and written.strip():
            found.append(Fact(cleaned(written, text.stem), entry.node.start_mark.line + 1))
    headings = text.outline.own_headings
    first = next((h for h in headings if h.level == 1), None)
    if first is not None and not is_boilerplate(first.title):
        found.append(Fact(cleaned(first.title, text.stem), first.number))
    names = words("labels", "title")
    found += [
        Fact(cleaned(label.value, text.stem), label.number)
        for label in text.outline.labels
        if folded(label.name) in names and label.value
    ]
    # Further down, a heading is the one of a section.
    if first is None and headings and headings[0].number <= text.body_line + 5:  # noqa: SIM102
        if not is_boilerplate(headings[0].title):
            found.append(Fact(cleaned(headings[0].title, text.stem), headings[0].number))
    found = [fact for fact in found if fact.words]
    named = named_by_file(text)
    return [*found, Fact(named, 0)] if named else found


def title_of(text: SourceText) -> Fact | None:
    """The title: from the front matter, the first heading, a label, or else the file's name."""
    return next(iter(titles_of(text)), None)


def named_by_file(text: SourceText) -> str:
    """A title made of the file's name, without its number and the ids that exports add."""
    stem = without_ids(text.stem)
    bare = re.sub(r"^(?:adr|madr|rfc|rfd|kep|dr)(?=[-_ .\d])", "", stem, flags=re.IGNORECASE)
    bare = re.sub(r"^[\d\W_]+", "", bare) or stem
    shown = " ".join(bare.replace("-", " ").replace("_", " ").split())
    return shown[:1].upper() + shown[1:]


def without_ids(stem: str) -> str:
    """A file's name without the id that Notion or Confluence put behind it."""
    return _IDS.sub("", stem) or stem


def is_boilerplate(title: str) -> bool:
    """True for a heading that a form has, such as `Meta` or `Context`, and no title."""
    said = folded(words_of(title))
    return not said or said in boilerplate()


@cache
def boilerplate() -> frozenset[str]:
    """All headings that belong to a form."""
    labels = ("status", "date", "created", "updated", "people", "tags", "related")
    return frozenset(
        {
            *section_headings(),
            *words("headings", "meta"),
            *words("headings", "other"),
            *words("headings", "record"),
            *words("labels", "title"),
            *(word for kind in labels for word in words("labels", kind)),
        }
    )


def cleaned(title: str, stem: str = "") -> str:
    """A heading's words without number and marks. A bare number goes if the file has it too."""
    text = _ATTRIBUTES.sub("", LINK.sub(r"\1", title[:LONGEST_LINE])).strip()
    text = _DAY_BEFORE.sub("", _DAY_BEHIND.sub("", text)) or text
    for found in _BANNER.finditer(text):
        said = next(filter(None, found.groups()))
        if ends_it(said) or says_only(said):
            text = text.replace(found[0], " ").strip() or text
    text = _STRONG.sub(r"\2", text)
    text = _CODE.sub(r"\2", _EMPHASIS.sub(r"\1", text))
    text = _NAMED.sub("", _ID_IN_BRACKETS.sub("", text)) or text
    number = _NUMBER.match(text)
    if number is not None:
        has_word = bool(_PREFIX.match(text))
        same = re.match(r"\D*0*(\d+)", stem)
        is_same = same is not None and int(same[1]) == int(number[1])
        # “12 factors of a service” begins with a number that is a word of its own.
        if has_word or number["sign"] or is_same:
            text = text[number.end() :]
    elif _PREFIX.match(text) and len(_PREFIX.sub("", text)) > 2:
        text = _PREFIX.sub("", text)
    return " ".join(text.split())


def is_placeholder(title: str) -> bool:
    """True for what a template has where the title goes."""
    said = folded(words_of(cleaned(title)))
    return bool(
        _HELD.match(title)
        or "{{" in title
        or said in words("files", "title")
        or _TITLE_OF.search(folded(title))
    )


def is_template(text: SourceText, title: Fact | None) -> bool:
    """True for the empty form that a folder of records often holds."""
    if _TEMPLATE.match(folded(text.stem)):
        return True
    above = [folded(part) for part in text.place.split("/")[:-1]]
    if any(part.strip("_.") in words("files", "template") for part in above):
        return True
    heading = text.outline.title.title
    if title is not None and names_a_form(heading) and is_boilerplate(title.words):
        return True
    return is_placeholder(heading) or (title is not None and is_placeholder(title.words))


def banners_in(text: SourceText) -> list[str]:
    """What a title says in brackets, or in capitals before a colon."""
    heading = text.outline.title.title
    return [next(filter(None, m.groups())) for m in _BANNER.finditer(heading)]
