"""A record's title as a person would say it: without number, without marks of Markdown."""

from __future__ import annotations

import re

from onrecord.migration.importing.reading.found import Fact
from onrecord.migration.importing.reading.outline import LONGEST_LINE
from onrecord.migration.importing.reading.source import SourceText

_NUMBER = re.compile(
    r"^(?:(?:adr|madr|rfc|kep|dr|decision(?:\s+record)?)[\s#:-]*)?(\d{1,5})\s*(?P<sign>[.):–—-])?\s+(?=\S)",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"^(?:adr|madr|rfc|kep|dr)[\s#-]*\d+\s*[.):–—-]?\s*", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()]++|\([^()]*\))*+\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])")
_CODE = re.compile(r"(?<!`)(`++)\s*+([^`\s](?:[^`]*[^`\s])?)\s*\1(?!`)")
_ATTRIBUTES = re.compile(r"\{[:#.][^{}]*\}\s*$")
_HELD = re.compile(r"^\s*(?:\{.*\}|\[[^\]]*\]|<.*>|NNNN.*|ADR[\s-]?N+.*|KEP[\s-]?N+.*)\s*$")
_TEMPLATE = re.compile(
    r"^(?:\d+[-_. ]+|n+[-_. ]+)?(?:adr|madr|rfc|kep|decision|decision-record)?[-_ ]?template"
    r"(?:[-_](?:bare|minimal|bare-minimal|long|short|full|simple|en|de))?$",
    re.IGNORECASE,
)
_RFC_HEADINGS = ("summary", "feature name", "abstract")


def title_of(text: SourceText) -> Fact | None:
    """The title, from the front matter or the first heading of the first level."""
    entry = text.entries.get("title")
    written = getattr(entry.node, "value", "") if entry is not None else ""
    if entry is not None and isinstance(written, str) and written.strip():
        return Fact(cleaned(written, text.stem), entry.node.start_mark.line + 1)
    headings = text.outline.headings
    first = next((h for h in headings if h.level == 1), None)
    if first is not None and first.title and first.title.casefold() not in _RFC_HEADINGS:
        return Fact(cleaned(first.title, text.stem), first.number)
    named = next((x for x in text.outline.labels if x.name in ("feature name", "title")), None)
    if named is not None and named.value:
        return Fact(cleaned(named.value, text.stem), named.number)
    if first is None and headings and headings[0].title and headings[0].number <= 5:
        return Fact(cleaned(headings[0].title, text.stem), headings[0].number)
    words = re.sub(r"^[\d\W_]+", "", text.stem).replace("-", " ").replace("_", " ").strip()
    return Fact(words[:1].upper() + words[1:], 0) if words else None


def cleaned(title: str, stem: str = "") -> str:
    """A heading's words without number and marks. A bare number goes if the file has it too."""
    text = _ATTRIBUTES.sub("", _LINK.sub(r"\1", title[:LONGEST_LINE])).strip()
    text = _STRONG.sub(r"\2", text)
    text = _CODE.sub(r"\2", _EMPHASIS.sub(r"\1", text))
    number = _NUMBER.match(text)
    if number is not None:
        has_word = bool(_PREFIX.match(text))
        same = re.match(r"\D*0*(\d+)", stem)
        is_same = same is not None and int(same[1]) == int(number[1])
        if has_word or number["sign"] or is_same:
            text = text[number.end() :]
    elif _PREFIX.match(text) and len(_PREFIX.sub("", text)) > 2:
        text = _PREFIX.sub("", text)
    return " ".join(text.split())


def is_placeholder(title: str) -> bool:
    """True for what a template has where the title goes."""
    return bool(_HELD.match(title))


def is_template(text: SourceText, title: Fact | None) -> bool:
    """True for the empty form that a folder of records often holds."""
    if _TEMPLATE.match(text.stem):
        return True
    heading = next((h.title for h in text.outline.headings if h.level == 1), "")
    return is_placeholder(heading) or (title is not None and is_placeholder(title.words))
