"""A page of the documentation as something to run.

In comes a page's Markdown; out come its steps. A fenced `console` block holds commands behind `$ `
and what they print; a line `…` stands for any lines, a `…` inside a line for any text. A comment
above a block says what to do with it:

    <!-- today: 2026-11-23 -->   the day, from here on
    <!-- exit: 1 -->             the next console block's commands end with this status
    <!-- write: PATH -->         the next block is the file's whole text
    <!-- section: PATH -->       the next block replaces the file's section of that heading
    <!-- line: PATH -->          the next block replaces the front matter line of that key
    <!-- add: PATH -->           the next block is added at the file's end
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(
    r"^(?P<indent> *)(?P<fence>```+)(?P<language>\w*)[^\n]*\n"
    r"(?P<text>.*?)^(?P=indent)(?P=fence)[ ]*$"
    r"|^<!-- (?P<verb>today|exit|write|section|line|add): (?P<what>\S+) -->$",
    re.MULTILINE | re.DOTALL,
)
_GOES_ON = re.compile(r" \\\n +")
"""A backslash at a line's end: the command goes on in the next."""


@dataclass(frozen=True)
class Command:
    """A command with what the page says it prints, and on which day it is run."""

    words: str
    printed: str
    exit: int
    today: str
    line: int


@dataclass(frozen=True)
class Edit:
    """A change the page tells its reader to make in a file."""

    verb: str
    path: str
    text: str
    line: int


def steps_of(page: str) -> Iterator[Command | Edit]:
    """What a reader of the page does, in order."""
    told: dict[str, str] = {}
    today = "2026-11-22"
    for found in _BLOCK.finditer(page):
        line = page.count("\n", 0, found.start()) + 1
        if found["verb"]:
            told[found["verb"]] = found["what"]
            today = told.pop("today", today)
            continue
        verb = next((v for v in ("write", "section", "line", "add") if v in told), "")
        if verb:
            yield Edit(verb, told.pop(verb), found["text"], line)
        elif found["language"] == "console":
            status = int(told.pop("exit", "0"))
            for words, printed in _commands(found["text"]):
                yield Command(words, printed, status, today, line)
    assert not told, f"comments without a block: {told}"


def _commands(block: str) -> Iterator[tuple[str, str]]:
    block = _GOES_ON.sub(" ", block)
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        words, _, printed = part.partition("\n")
        yield words.strip(), printed.strip("\n")


def commands_in(page: str) -> Iterator[str]:
    """Every line that calls `onrecord`, in console and shell blocks alike."""
    for found in _BLOCK.finditer(page):
        if found["language"] in ("console", "sh"):
            for line in _GOES_ON.sub(" ", found["text"]).splitlines():
                words = line.strip().removeprefix("$ ").split("#")[0].strip()
                words = re.sub(r"^(?:[A-Z_]+=\S+ )+", "", words)
                if words.startswith("onrecord "):
                    yield words


def agrees(said: str, printed: str) -> bool:
    """True when what the page says fits what was printed; `…` stands for anything."""
    lines = []
    for line in said.splitlines():
        if line.strip() == "…":
            lines.append(r"(?:[^\n]*\n)*?")
        else:
            lines.append(re.escape(line).replace("…", r"[^\n]*") + "\n")
    return re.fullmatch("".join(lines), printed.rstrip("\n") + "\n") is not None


def apply(edit: Edit, root: Path) -> None:
    """Make the change in the reader's folder."""
    path = root / edit.path
    if edit.verb == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(edit.text, encoding="utf-8")
        return
    text = path.read_text(encoding="utf-8")
    if edit.verb == "add":
        path.write_text(text + edit.text, encoding="utf-8")
        return
    if edit.verb == "section":
        heading = edit.text.partition("\n")[0]
        old = re.compile(rf"^{re.escape(heading)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    else:
        key = edit.text.partition(":")[0]
        old = re.compile(rf"^{re.escape(key)}:[^\n]*\n", re.MULTILINE)
        if not old.search(text):
            old = re.compile(r"(?<=\n)(?=---\n)")  # a new key, last in the front matter
    new = edit.text if edit.verb == "line" else edit.text + "\n"
    changed, count = old.subn(lambda _: new, text, 1)
    assert count == 1, f"{edit.path} has no place for {edit.text!r}"
    path.write_text(changed, encoding="utf-8")
