"""What a reader of a format finds in one file: facts, each with the line it is in.

Nothing here is concluded. Words stay as they are written; what they mean is for `plan` to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Format(StrEnum):
    """How a record was kept before."""

    NYGARD = "nygard"
    MADR = "madr"
    LOG4BRAINS = "log4brains"
    BULLETS = "bullets"
    RFC = "rfc"
    KEP = "kep"
    PROSE = "prose"
    LOG = "log"


FORMATS: dict[Format, str] = {
    Format.NYGARD: "a “Status” section, as adr-tools writes it",
    Format.MADR: "MADR 2, 3 or 4: its headings, status in a list or in front matter",
    Format.LOG4BRAINS: "as MADR, the day in the file's name",
    Format.BULLETS: "status, date and people as lines or bullets below the title",
    Format.RFC: "Rust's and Ember's RFCs",
    Format.KEP: "Kubernetes enhancement proposals: kep.yaml beside README.md",
    Format.LOG: "one file with many decisions, as sections or as rows of a table",
    Format.PROSE: "headings and sentences, without a form",
}
"""Every format with what it is known by."""


class Fact(NamedTuple):
    """Words of a file, and the line of it that they are in (0: they are the file's name)."""

    words: str
    line: int


class Tie(NamedTuple):
    """A sentence about another record: what it says, the words that name it, and where."""

    relation: Relation
    names: str
    line: int
    is_partial: bool = False


class Relation(StrEnum):
    """What a record says of another."""

    SUPERSEDES = "supersedes"
    SUPERSEDED_BY = "superseded by"
    RELATED = "related"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What one file says of itself.

    `statuses` are all its lines on its status, the first the one it begins with. `endings` say
    elsewhere, above or below its title, that it ended. `mentions` are
    sentences on superseding that aren't about the record itself, as far as their words show.
    """

    format: Format
    title: Fact | None = None
    statuses: tuple[Fact, ...] = ()
    endings: tuple[Fact, ...] = ()
    date: Fact | None = None
    created: Fact | None = None
    people: tuple[Fact, ...] = ()
    tags: tuple[Fact, ...] = ()
    ties: tuple[Tie, ...] = ()
    mentions: tuple[Tie, ...] = ()
