"""Blanks: the text of a new record once, with gaps; for the command line and for the site's forms.

In come the shapes of records; out come a path and a text made of fixed words and gaps. A
gap says how its value is written, so that whoever fills it needs to know no more than that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from onrecord.records.shapes import DECISION, HANDOFF, ROLE, Shape
from onrecord.records.vocabulary import (
    DECISIONS_FOLDER,
    HANDOFFS_FOLDER,
    PLAYBOOKS_FOLDER,
    ROLE_FILE,
    Stage,
)


class As(StrEnum):
    """How the value of a gap is written."""

    STRING = "string"  # a YAML string on one line
    STRINGS = "strings"  # a YAML list of strings, each once
    PLAIN = "plain"  # as it is: a day, a word of the vocabulary, an id
    HEADING = "heading"  # one line of Markdown that shows just these words
    PROSE = "prose"  # Markdown, as its author wrote it
    FILE = "file"  # a part of a file's name


class Gap(NamedTuple):
    """What is to be filled in. `lead` and `tail` are written only around a value."""

    name: str
    form: As
    lead: str = ""
    tail: str = ""


Parts = tuple[str | Gap, ...]
Value = str | tuple[str, ...]
Writer = Callable[[As, Value], str]


@dataclass(frozen=True, slots=True)
class Blank:
    """A record to be filled in: the path of its file, and its text."""

    path: Parts
    text: Parts

    def as_data(self) -> dict[str, Any]:
        """The blank as JSON holds it: strings, and an object for each gap."""
        return {"path": _data(self.path), "text": _data(self.text)}


def filled(parts: Parts, values: Mapping[str, Value], write: Writer) -> str:
    """The parts with their gaps filled; a list without a lead is written even when it is empty."""
    found = []
    for part in parts:
        if isinstance(part, str):
            found.append(part)
            continue
        value = values.get(part.name, "")
        if value or (part.form is As.STRINGS and not part.lead):
            found.append(part.lead + write(part.form, value) + part.tail)
    return "".join(found)


def _data(parts: Parts) -> list[str | dict[str, str]]:
    return [
        part
        if isinstance(part, str)
        else {"gap": part.name, "as": part.form.value, "lead": part.lead, "tail": part.tail}
        for part in parts
    ]


def _sections(shape: Shape) -> Iterable[str | Gap]:
    """Each section with its guide, and a gap of the section's name."""
    for number, (title, guide) in enumerate(shape.sections):
        yield heading_of(number, title, guide)
        yield Gap(title, As.PROSE, "\n", "\n")


def heading_of(number: int, title: str, guide: str) -> str:
    """The heading of a section with its guide, as a blank has it."""
    return ("\n" if number else "") + f"## {title}\n\n<!-- {guide} -->\n"


DECISION_BLANK = Blank(
    path=(f"{DECISIONS_FOLDER}/", Gap("year", As.PLAIN), "/", Gap("slug", As.PLAIN), ".md"),
    text=(
        "---\ntitle: ",
        Gap("title", As.STRING),
        f"\nstage: {Stage.ASSESS}\nowner:",
        Gap("owner", As.STRING, " "),
        Gap("asked", As.STRINGS, "\nasked: "),
        "\ndue:",
        Gap("due", As.PLAIN, " "),
        f"\nentered:\n  {Stage.ASSESS}: ",
        Gap("today", As.PLAIN),
        "\nconsulted: ",
        Gap("consulted", As.STRINGS),
        "\ninformed: ",
        Gap("informed", As.STRINGS),
        "\ntags: ",
        Gap("tags", As.STRINGS),
        "\n---\n\n# ",
        Gap("title", As.HEADING),
        "\n\n",
        *_sections(DECISION),
    ),
)

ROLE_BLANK = Blank(
    path=(f"{PLAYBOOKS_FOLDER}/", Gap("role", As.PLAIN), f"/{ROLE_FILE}"),
    text=(
        "---\ntitle: ",
        Gap("title", As.STRING),
        "\npurpose: ",
        Gap("purpose", As.STRING),
        "\nholder:",
        Gap("holder", As.STRING, " "),
        "\nbackups: ",
        Gap("backups", As.STRINGS),
        Gap("team", As.STRING, "\nteam: "),
        "\n---\n\n# ",
        Gap("title", As.HEADING),
        "\n\n",
        *_sections(ROLE),
    ),
)

HANDOFF_BLANK = Blank(
    path=(
        f"{PLAYBOOKS_FOLDER}/",
        Gap("role", As.PLAIN),
        f"/{HANDOFFS_FOLDER}/",
        Gap("effective", As.PLAIN),
        "-",
        Gap("from_name", As.FILE),
        "-to-",
        Gap("to_name", As.FILE),
        ".md",
    ),
    text=(
        "---\nfrom:",
        Gap("from", As.STRING, " "),
        "\nto: ",
        Gap("to", As.STRING),
        "\neffective: ",
        Gap("effective", As.PLAIN),
        Gap("until", As.PLAIN, "\nuntil: "),
        Gap("covers", As.STRINGS, "\ncovers: "),
        "\nstate: ",
        Gap("state", As.PLAIN),
        "\n---\n\n",
        *_sections(HANDOFF),
    ),
)
