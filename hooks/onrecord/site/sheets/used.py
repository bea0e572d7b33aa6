"""What the pages and scripts of a built site name: classes, colours, properties of styles."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from onrecord.records.disk import walk

# Each begins with fixed signs, which is what makes it quick: with a space before them it takes more
# than twice as long. What is read too much only keeps a rule.
_CLASSES = re.compile(rb"""class=(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""")
_COLOURS = re.compile(rb"""data-md-color-[a-z]+=["']?([\w-]+)""")
_SCRIPT = re.compile(rb"<script\b[^<>]*>([^<]+)")
_WORD = re.compile(rb"[\w-]+")
_PROPERTY = re.compile(rb"var\(\s*(--[\w-]+)")
_NAMING = (".css", ".html", ".js", ".svg")
"""How the names of files end that may name any of these."""


@dataclass(slots=True)
class Used:
    """Words that a rule must name to count. `beginnings` are those that a script goes on from."""

    classes: set[str] = field(default_factory=set)
    colours: set[str] = field(default_factory=set)
    properties: set[str] = field(default_factory=set)
    beginnings: tuple[str, ...] = ()

    def has_class(self, name: str) -> bool:
        """True when a page or a script may give an element this class."""
        return name in self.classes or name.startswith(self.beginnings)


class Named(NamedTuple):
    """What one file names: classes, words of its scripts, colours, and properties of styles."""

    classes: list[str]
    words: list[str]
    colours: list[str]
    properties: list[str]


def named_in(path: str, data: bytes) -> Named:
    """What a file of this path names, which holds `data`."""
    words: set[bytes] = set()
    values: set[bytes] = set()
    colours: set[bytes] = set()
    if path.endswith(".js"):
        words.update(_WORD.findall(data))
    elif path.endswith(".html"):
        for found in set(_CLASSES.findall(data)):
            values.update(found)
        for script in set(_SCRIPT.findall(data)):
            words.update(_WORD.findall(script))
        colours.update(_COLOURS.findall(data))
    classes = {name for value in values for name in value.decode(errors="replace").split()}
    others = (words, colours, set(_PROPERTY.findall(data)))
    return Named([*classes], *([one.decode(errors="replace") for one in each] for each in others))


def used_in(
    site: Path,
    besides: Collection[str] = (),
    named: Callable[[str, Path], Named] = lambda path, file: named_in(path, file.read_bytes()),
) -> Used:
    """All that is named below a built site's folder. `besides` are files that don't count.

    A script may give any class that it names; one that it puts together begins with a word of it.
    `named` gives what is named by a file of this path from there.
    """
    classes: set[str] = set()
    words: set[str] = set()
    colours: set[str] = set()
    properties: set[str] = set()
    for path, entry in walk(site, hidden=True):
        if not path.endswith(_NAMING) or path.startswith(tuple(besides)) or not entry.is_file():
            continue
        found = named(path, Path(entry.path))
        classes.update(found.classes)
        words.update(found.words)
        colours.update(found.colours)
        properties.update(found.properties)
    return Used(
        classes=classes | words,
        colours=colours | words,
        properties=properties | words,
        beginnings=tuple(
            sorted(n for n in words if len(n) > 2 and n[-1] in "-_" and n[0] not in "-_")
        ),
    )
