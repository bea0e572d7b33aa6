"""The one way out: every command prints through here, so that none can forget to clean its text.

ruff refuses `click.echo`, `click.style` and `print` everywhere else.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from onrecord.records.findings import shown
from onrecord.text.printing import Printed, printed, printed_json, printed_lines


class Strong(str):
    """A part of a line that is bold on a terminal, and plain elsewhere."""

    __slots__ = ()


def echo(*parts: str, err: bool = False) -> None:
    """Print one line, whatever its parts hold; a `Printed` text goes out as it is."""
    stream = sys.stderr if err else sys.stdout
    if len(parts) == 1 and isinstance(parts[0], Printed):
        text = parts[0].rstrip("\n")
        # A program that reads it expects UTF-8, whatever the system's own code page is.
        click.echo(text if _shows_all(stream) else text.encode(), err=err)
        return
    line = printed("".join(parts))
    if is_styled(stream):
        line = "".join(
            click.style(printed(part), bold=True) if isinstance(part, Strong) else printed(part)
            for part in parts
        )
    click.echo(line, err=err)


def show_any_text() -> None:
    """Have signs that a terminal or a pipe can't show replaced, and never end a run."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def is_styled(stream: IO[str]) -> bool:
    """True for a terminal whose user hasn't asked for plain text (see no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _shows_all(stream: IO[str]) -> bool:
    """True for a terminal, and for a stream that takes UTF-8."""
    name = getattr(stream, "encoding", None)
    return name is None or codecs.lookup(name).name == "utf-8" or stream.isatty()


def echo_json(value: object) -> None:
    """Print a value as JSON."""
    echo(printed_json(value))


def echo_lines(text: str) -> None:
    """Print a text of several lines, each of which only shows."""
    echo(Printed(printed_lines(text)))


def emphasised(text: str, marks: Iterable[tuple[int, int]]) -> Iterator[str]:
    """The parts of a text, those between its marks strong."""
    position = 0
    for start, end in sorted(marks):
        yield text[position:start]
        yield Strong(text[start:end])
        position = end
    yield text[position:]


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Clean the message of every error that click prints for us; it may quote a file's name."""
    try:
        yield
    except click.ClickException as error:
        error.message = printed(error.message)  # type: ignore[misc]  # final in its stubs alone
        raise
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        # Any name that somebody types may be so, whatever the command asks the disk about it.
        name = printed(shown(Path(error.filename or "").name))
        raise click.UsageError(f"a name is longer than a disk allows: {name}") from None
