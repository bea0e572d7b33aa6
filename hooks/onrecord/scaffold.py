"""The files of a new knowledge base: what `onrecord init` writes, as values.

In come the site's name and the day; out come paths and bytes. Nothing here touches the disk.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path


def files(site_name: str, today: date) -> Iterator[tuple[str, bytes]]:
    """Every file of a new knowledge base, with its path."""
    yield "decisions/.gitkeep", b""


def next_steps(directory: Path, kept: list[str]) -> str:
    """What a person does next, in words to copy."""
    return "Now build it."
