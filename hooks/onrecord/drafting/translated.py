"""Blanks and starter files in the language of a site: `drafting/languages/` has a table for each.

In comes a language's code; out come headings with their guides, and the first pages and records. A
language without a table gets the English ones.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any

from onrecord.drafting.record_templates import Blank, heading_of
from onrecord.records.languages import key_of_section, languages, section_title
from onrecord.records.shapes import DECISION, ROLE, Shape

ENGLISH = "en"


def in_language(blank: Blank, shape: Shape, language: str) -> Blank:
    """A blank with its headings and guides in a language."""
    table = table_of(language)
    if not table:
        return blank
    guides: Mapping[str, str] = table["guides"][shape.kind]
    changed = {}
    for number, (title, guide) in enumerate(shape.sections):
        new = guides.get(key_of_section(title), guide)
        changed[heading_of(number, title, guide)] = heading_of(
            number, section_title(title, language), new
        )
    text = (changed.get(part, part) if isinstance(part, str) else part for part in blank.text)
    return replace(blank, text=tuple(text))


def known_language(written: str) -> str:
    """The language of a site's theme as we have it: `pt` for `pt-BR`; English for others."""
    code = re.split("[-_]", written.strip().casefold())[0]
    return code if code in languages() else ENGLISH


@cache
def table_of(language: str) -> Mapping[str, Any]:
    """The texts of a language; none for English, which the package itself is in."""
    if language == ENGLISH or language not in languages():
        return {}
    file = resources.files("onrecord.drafting") / "languages" / f"{language}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def starter_files(language: str) -> Iterator[tuple[str, str]]:
    """The first pages and records with their paths, which have placeholders as the starter has."""
    table = table_of(language)
    docs, decision, role = table["docs"], table["decision"], table["role"]
    yield "docs/index.md", f"# @@site_name_md@@\n\n{docs['index']}\n"
    yield "docs/how-we-decide.md", f"# {table['nav']['how']}\n\n{docs['how'].strip()}\n"
    yield (
        "decisions/@@year@@/decide-in-writing.md",
        "\n".join(
            [
                "---",
                f"title: {decision['title']}",
                "stage: align",
                "owner: decision-keeper",
                "entered:",
                *(f"  {stage}: @@day-{days}@@" for stage, days in _ENTERED),
                "informed: [ana, bob]",
                "aligned: [ana, bob]",
                "outcome: accepted",
                "decided: @@day-16@@",
                "revisit: @@day+180@@",
                "---",
                "",
                f"# {decision['title']}",
                "",
                f"<!-- {decision['note']} -->",
                *_sections(DECISION, decision, language),
                "",
            ]
        ),
    )
    yield (
        "playbooks/decision-keeper/index.md",
        "\n".join(
            [
                "---",
                f"title: {role['title']}",
                f"purpose: {role['purpose']}",
                "holder: ana",
                "backups: [bob]",
                "---",
                "",
                f"# {role['title']}",
                "",
                f"<!-- {role['note']} -->",
                *_sections(ROLE, role, language),
                "",
            ]
        ),
    )


_ENTERED = (("assess", 30), ("collaborate", 27), ("review", 20), ("integrate", 17), ("align", 16))


def _sections(shape: Shape, texts: Mapping[str, str], language: str) -> Iterator[str]:
    for title, _ in shape.sections:
        if text := texts.get(key_of_section(title)):
            yield f"\n## {section_title(title, language)}\n\n{text}"


def in_nav(mkdocs: str, language: str) -> str:
    """The starter's mkdocs.yml with the theme and the nav in a language."""
    table = table_of(language)
    if not table:
        return mkdocs
    names = {
        "Home": "home",
        "Decisions": "decisions",
        "Roles": "roles",
        "People": "people",
        "Changes": "changes",
        "Start a decision": "start",
        "How we decide": "how",
    }
    made = mkdocs.replace("  language: en\n", f"  language: {language}\n")
    for english, key in names.items():
        made = made.replace(f"  - {english}: ", f"  - {table['nav'][key]}: ", 1)
    return made
