"""What every command is told, and how each of them refuses.

In come the options before a command; out come the root, the day and the forms of arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from onrecord.records import clock
from onrecord.records.disk import find_root
from onrecord.records.findings import did_you_mean
from onrecord.records.library import Library
from onrecord.records.model import Record, Role, is_handle
from onrecord.records.vocabulary import DECISIONS_FOLDER
from onrecord.text.progress import Progress, silent

if TYPE_CHECKING:
    from onrecord.overview.knowledge_base import KnowledgeBase
    from onrecord.precedents.before import Before
    from onrecord.precedents.decision_cache import Cards
    from onrecord.search.find import Searcher

Command = TypeVar("Command", bound=Callable[..., Any])

FINE, FOUND = 0, 1


@dataclass(frozen=True, slots=True)
class Run:
    """What every command is told: where the knowledge base is, and which day it is.

    Where it `prints`, a command that makes a new file prints it, and writes nothing.
    """

    root: Path | None
    today: date
    prints: bool = False

    def base(self) -> Path:
        """The root of the knowledge base; wrong use when there is none."""
        if self.root is not None and not (self.root / DECISIONS_FOLDER).is_dir():
            raise click.UsageError(
                f"no knowledge base in {self.root}: it has no folder `decisions/`. "
                "Name the folder that holds it, or make one there with `onrecord init`."
            )
        root = self.root or find_root(Path.cwd())
        if root is None:
            raise click.UsageError(
                "no knowledge base here: no folder `decisions/` in this folder or above it. "
                "Make one with `onrecord init .`, or name it with `onrecord --root DIR …`."
            )
        return root.resolve()

    def open(
        self, docs_dir: str = "docs", *, searches: bool = True, progress: Progress = silent
    ) -> KnowledgeBase:
        """The knowledge base at that root, on that day."""
        from onrecord.overview.knowledge_base import KnowledgeBase  # needless for `--help`

        return KnowledgeBase.open(
            self.base(), self.today, docs_dir, searches=searches, progress=progress
        )

    def memory(self, progress: Progress = silent) -> tuple[Before, Cards]:
        """What answers whether this was before, and the decisions it knows."""
        from onrecord.precedents.before import ask_before

        return ask_before(self.base(), progress)

    def shelf(self, progress: Progress = silent) -> Searcher:
        """What finds records by words."""
        from onrecord.search.find import open_shelf

        return open_shelf(self.base(), memory=lambda: self.memory(progress)[0], progress=progress)


if TYPE_CHECKING:
    _DayType = click.ParamType[date]
else:
    _DayType = click.ParamType  # click 8.1, which we allow, has no generic one


class _Day(_DayType):
    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return clock.day_of(value)
        except ValueError:
            self.fail(f"{value!r} isn't a day; write YYYY-MM-DD, such as 2026-10-05", param, ctx)


DAY = _Day()
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")


def format_option(*forms: str, help: str) -> Callable[[Command], Command]:
    """`--format`, text unless it is given, and `--json` for its form of that name.

    They are two parameters: click's versions differ in which of two options with one name wins.
    """
    form = click.option(
        "--format", "form", type=click.Choice(["text", *forms]), default="text", help=help
    )
    as_json = click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
    return lambda command: as_json(form(command))


def one_of(words: type[StrEnum]) -> click.Choice[str]:
    """One of our words. Of an enum itself, click would take the names and not the words."""
    return click.Choice([one.value for one in words])


def handle(option: str, given: str, needed: bool = False) -> str:
    """A handle as it was typed, without its @; wrong use when it can't be one."""
    found = given.strip().removeprefix("@")
    if is_handle(found) or not (found or needed):
        return found
    raise click.UsageError(
        f"{option} {given!r} isn't a handle; write the person's name on the forge, such as ana"
    )


def not_past(option: str, day: date | None, today: date) -> None:
    """Wrong use where a day to come is over already."""
    if day is not None and day < today:
        raise click.UsageError(f"{option} {day} is over: today is {today}; nothing was written")


def no_writing(path: str, error: OSError) -> NoReturn:
    """Say that a file can't be written."""
    raise click.UsageError(f"can't write {path}: {error.strerror or error}")


@contextmanager
def writing(path: str) -> Iterator[None]:
    """Say of a file that it can't be written, where that turns out."""
    try:
        yield
    except OSError as error:
        no_writing(path, error)


def the_one(library: Library, name: str) -> Record:
    """The record that a name means; wrong use where it means none, or several."""
    found = library.called(name)
    if not found:
        no_such("record", name, [one.id for one in library.records])
    if len(found) > 1:
        paths = " or ".join(one.path for one in found[:4])
        raise click.UsageError(f"{name} is the id of {len(found)} records: write {paths}")
    return found[0]


def the_role(library: Library, name: str) -> Role:
    """The role of an id; a usage error where there is none."""
    found = library.role.get(name)
    return found if found is not None else no_such("role", name, library.role)


def no_such(kind: str, name: str, known: Iterable[str]) -> NoReturn:
    """Say that a record isn't here, and which one may be meant."""
    near = did_you_mean(name, known)
    hint = near or "an id is the file's name without .md"
    raise click.UsageError(f"no {kind} {name!r}: {hint}".strip())
