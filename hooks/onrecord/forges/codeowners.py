"""CODEOWNERS from the roles: whom a forge asks to review a change of whose records.

In come the library and where it is in its repository; out comes a block of lines for GitHub and
GitLab. What else is in a team's CODEOWNERS is kept as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from onrecord.forges.changed import place_in_repository
from onrecord.lifecycle.handoffs import Holders
from onrecord.records.library import Library
from onrecord.records.model import is_handle
from onrecord.records.vocabulary import PLAYBOOKS_FOLDER
from onrecord.text.printing import printed

BEGIN = "# Made from the roles by `onrecord codeowners`; change those, not these lines."
END = "# End of what is made from the roles."

PLACES = (".github/CODEOWNERS", ".gitlab/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where the two forges look for the file, from the top of the repository."""


class Owned(NamedTuple):
    """A role's folder, or the file of an open decision, and whom the forge asks about it.

    `path` is from the top of the repository, and ends in `/` for a folder. `holder` answers for it
    today, '' where nobody does; `owners` are the people asked: the holder first, then the backups.
    """

    path: str
    role: str
    holder: str
    owners: tuple[str, ...]


def owned(
    library: Library, today: date, prefix: str = "", decisions: bool = True
) -> Iterator[Owned]:
    """What the roles own, by path. `prefix` is the base's path in its repository, `kb/` or ''.

    A role's folder belongs to who answers for it today and its backups, an open decision to who
    answers for that.
    """
    holders = Holders(library)
    for role in sorted(library.roles, key=lambda role: role.id):
        who = holders.of_role(role, today).who
        path = f"{prefix}{PLAYBOOKS_FOLDER}/{role.id}/"
        yield Owned(path, role.id, who, _people(who, *role.backups))
    if not decisions:
        return
    still_open = (d for d in library.decisions if d.outcome is None)
    for decision in sorted(still_open, key=lambda d: d.path):
        owner = library.owning(decision)
        # A person, or nobody we know: the forge asks whom it asks for any other file.
        if owner is not None:
            who = holders.of_decision(decision, today).who
            yield Owned(f"{prefix}{decision.path}", owner.id, who, _people(who))


def codeowners(library: Library, today: date, prefix: str = "", decisions: bool = True) -> str:
    """The block of lines that say what `owned` does.

    What is vacant is named in a comment, so that nobody takes it for cared for.
    """
    lines = [BEGIN if decisions else f"{BEGIN} (--no-decisions)"]
    lines += map(_line, owned(library, today, prefix, decisions))
    return "\n".join([*lines, END]) + "\n"


def updated(text: str, block: str) -> str:
    """A CODEOWNERS file with the block in it: in its old place, or else at the end.

    The last line that fits a path counts, so at the end it holds for our folders and no others.
    """
    begin, end = _span(text)
    if begin is None:
        gap = "" if not text or text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n"
        return f"{text}{gap}{block}"
    return text[:begin] + block + text[end:]


def block_in(text: str) -> str | None:
    """The block as it is in a CODEOWNERS file; None where there is none."""
    begin, end = _span(text)
    return None if begin is None else text[begin:end]


def has_decisions(block: str) -> bool:
    """True unless the block was made without the lines of decisions."""
    return "(--no-decisions)" not in block.partition("\n")[0]


def _span(text: str) -> tuple[int | None, int]:
    found = re.search(
        rf"^{re.escape(BEGIN)}.*?(?:^{re.escape(END)}(?:\n|\Z)|\Z)", text, re.MULTILINE | re.DOTALL
    )
    return (found.start(), found.end()) if found else (None, 0)


def _line(one: Owned) -> str:
    place = f"/{one.path}"
    if not place.isprintable():
        return f"# {_one_line(place)} has a name that this file can't hold"
    people = " ".join(f"@{handle}" for handle in one.owners)
    if not one.path.endswith("/"):
        if people:
            return f"{_pattern(place)} {people}"
        return f"# {_one_line(place)} belongs to {_one_line(one.role)}, which is vacant"
    if not people:
        return f"# {_one_line(place)} is vacant: nobody holds it, nobody backs it up"
    vacant = "" if one.holder else f"# {_one_line(place)} is vacant: its backups are asked\n"
    return f"{vacant}{_pattern(place)} {people}"


def _people(*handles: str) -> tuple[str, ...]:
    known: dict[str, str] = {}
    for handle in filter(is_handle, handles):
        known.setdefault(handle.casefold(), handle)
    return tuple(known.values())


def _pattern(path: str) -> str:
    """A path as a pattern that fits just this path."""
    return re.sub(r"([\\*?\[\]#!\s])", r"\\\1", path)


def _one_line(text: str) -> str:
    return " ".join(printed(text).split())


def outdated_codeowners(root: Path, library: Library, today: date) -> str | None:
    """The CODEOWNERS file that holds our lines and no longer matches the roles, if one does."""
    top, prefix = place_in_repository(root)
    for name in PLACES:
        try:
            block = block_in((top / name).read_bytes().decode("utf-8", errors="replace"))
        except OSError:
            continue
        if block is not None and block != codeowners(library, today, prefix, has_decisions(block)):
            return name
    return None
