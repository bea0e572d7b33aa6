"""Golden cases: one text file each, made to be read.

A case is a title, the files of a small knowledge base, and the findings exactly as `onrecord
check` prints them. Files begin with a line `=== path`; behind the path may stand how the text
is meant: `(escaped)` holds bytes as `\\xff`, `(symlink)` is where a link leads to, `(times 9)`
repeats the text, `(unreadable)` may not be opened, `(pipe)` is a named pipe.
`=== findings` comes last.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

CASES = Path(__file__).parents[1] / "records/cases"
_MARK = re.compile(r"^=== (?P<path>.+?)(?: \((?P<meant>[a-z]+)(?: (?P<number>\d+))?\))?$", re.M)


@dataclass(frozen=True)
class Case:
    title: str
    files: dict[str, bytes]
    links: dict[str, str]
    unreadable: frozenset[str]
    pipes: tuple[str, ...]
    findings: str

    def write(self, root: Path) -> None:
        """Put the case's files below `root`, which always has a decisions/ folder."""
        (root / "decisions").mkdir(parents=True)
        for path, data in self.files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(data)
        for path, target in self.links.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).symlink_to(target)
        for path in self.pipes:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            os.mkfifo(root / path)


def read_case(path: Path) -> Case:
    text = path.read_bytes().decode()
    marks = list(_MARK.finditer(text))
    files: dict[str, bytes] = {}
    links: dict[str, str] = {}
    unreadable = set()
    pipes = []
    for mark, end in zip(marks, [*(m.start() for m in marks[1:]), len(text)], strict=True):
        name, content = mark["path"], text[mark.end() + 1 : end]
        match mark["meant"]:
            case "symlink":
                links[name] = content.strip()
                continue
            case "pipe":
                pipes.append(name)
                continue
            case "escaped":
                content = content.removesuffix("\n")
                files[name] = content.encode("latin-1").decode("unicode_escape").encode("latin-1")
                continue
            case "times":
                content = content.removesuffix("\n") * int(mark["number"])
            case "unreadable":
                unreadable.add(name)
        files[name] = content.encode()
    findings = files.pop("findings").decode()
    title = text[: marks[0].start()].strip()
    return Case(title, files, links, frozenset(unreadable), tuple(pipes), findings)


def all_cases() -> list[Path]:
    return sorted(CASES.glob("*.txt"))
