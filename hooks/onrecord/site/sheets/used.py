"""What the pages and scripts of a built site name: classes, colours, properties of styles."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from onrecord.records.disk import walk

# Each begins with fixed signs, which is what makes it quick: with a space before them it takes more
# than twice as long. What is read too much only keeps a rule.
_CLASSES = re.compile(rb"""class=(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""")
_COLOURS = re.compile(rb"""data-md-color-[a-z]+=["']?([\w-]+)""")
_SCRIPT = re.compile(rb"<script\b[^<>]*>([^<]+)")
_WORD = re.compile(rb"[\w-]+")
_PROPERTY = re.compile(rb"var\(\s*(--[\w-]+)")


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


def used_in(site: Path, besides: Collection[str] = ()) -> Used:
    """All that is named below a built site's folder. `besides` are files that don't count.

    A script may give any class that it names; one that it puts together begins with a word of it.
    """
    values: set[bytes] = set()
    words: set[bytes] = set()
    colours: set[bytes] = set()
    properties: set[bytes] = set()
    for path, entry in walk(site, hidden=True):
        kind = posixpath.splitext(path)[1]
        if kind not in (".html", ".js", ".css", ".svg") or not entry.is_file():
            continue
        if path.startswith(tuple(besides)):
            continue
        data = Path(entry.path).read_bytes()
        properties.update(_PROPERTY.findall(data))
        if kind == ".js":
            words.update(_WORD.findall(data))
        elif kind == ".html":
            for found in set(_CLASSES.findall(data)):
                values.update(found)
            for script in set(_SCRIPT.findall(data)):
                words.update(_WORD.findall(script))
            colours.update(_COLOURS.findall(data))
    names = {one.decode(errors="replace") for one in words}
    classes = {name for value in values for name in value.decode(errors="replace").split()}
    return Used(
        classes=classes | names,
        colours={one.decode() for one in colours} | names,
        properties={one.decode() for one in properties} | names,
        beginnings=tuple(
            sorted(n for n in names if len(n) > 2 and n[-1] in "-_" and n[0] not in "-_")
        ),
    )
