"""From a file's bytes to its front matter and body, with the place of every value.

In come bytes; out come text, YAML nodes by key, and findings. python-frontmatter splits the
text, PyYAML's safe C loader reads it. Values stay YAML nodes: what a value means is for `fields`
to say, so that `id: 0012` and `ok: no` are still what the person typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import yaml
from frontmatter.default_handlers import SafeLoader, YAMLHandler
from yaml.reader import Reader, ReaderError

from onrecord.records.findings import Finding, finding, in_short, shown
from onrecord.records.model import Place
from onrecord.records.vocabulary import HANDLE
from onrecord.text.unseen import unseen_in

MAX_FILE = 2_000_000
"""Bytes. No person writes more into one record; a larger file is a finding, and not read."""

MAX_MENDED = 30_000
"""Characters. Trying each key by itself takes the square of the length, so only up to here."""

MAX_NESTING = 20
"""YAML nested deeper than any key asks for is refused before it is composed (C stack)."""


class _NodeHandler(YAMLHandler):
    """python-frontmatter's YAML, but as nodes that know their line, and `---` exactly."""

    FM_BOUNDARY = re.compile(r"^---[ \t]*$", re.MULTILINE)

    def load(self, fm: str, **kwargs: object) -> Any:
        return yaml.compose(fm, Loader=SafeLoader)


_HANDLER = _NodeHandler()
_NO_KEYS, _TOO_DEEP = "no keys", "nested too deeply"
_ODD_BREAKS = re.compile("[\x85\u2028\u2029]")
"""Line ends to YAML 1.1, but to no editor and not to YAML 1.2: they would shift every line."""

_UNCLOSED, _OPENING = "unclosed", frozenset("[{\"'")
_UNPRINTABLE = "a character that YAML doesn't allow,"
_KEY_LINE = re.compile(r"^[^\s#\-\[\]{}][^\n]*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FrontMatterEntry:
    """A key of the front matter: its value's node, and where key and value stand."""

    name: str
    node: yaml.Node
    place: Place
    again: tuple[yaml.Node, ...] = ()
    """The values under the same key further down, which only an import asks for."""


@dataclass(frozen=True, slots=True)
class SplitFile:
    """A file split in two. `has_front_matter` is False when it begins as plain Markdown."""

    entries: dict[str, FrontMatterEntry]
    body: str
    body_line: int
    has_front_matter: bool
    findings: tuple[Finding, ...]


def decoded(path: str, data: bytes, size: int = 0) -> tuple[str, list[Finding]]:
    """The text of a file: UTF-8, line ends as `\\n`. What isn't UTF-8 is shown as `\\ufffd`.

    `size` is the file's, in bytes, where `data` is only its beginning.
    """
    if len(data) > MAX_FILE:
        return "", [
            finding(
                path,
                "file-too-large",
                f"the file has {(size or len(data)) / 1e6:.1f} MB; it was not read",
                f"keep a record below {MAX_FILE // 1_000_000} MB; put data into files beside it",
            )
        ]
    if b"\0" in data:
        return "", [
            finding(
                path,
                "file-not-text",
                "the file is binary; it was not read",
                "write records as plain text in UTF-8",
            )
        ]
    faults: list[Finding] = []
    try:
        text = data.decode("utf-8-sig")  # some editors on Windows begin a file with a mark
    except UnicodeDecodeError as error:
        text = data.decode("utf-8-sig", errors="replace")
        before = plain_ends(data[: error.start].decode("utf-8-sig", errors="replace"))
        line = before.count("\n") + 1
        column = len(before) - before.rfind("\n")
        faults.append(
            finding(
                path,
                "file-not-text",
                f"byte 0x{data[error.start]:02x} isn't UTF-8",
                "save the file as UTF-8 (an editor's “save with encoding”)",
                line,
                column,
            )
        )
    text = plain_ends(text)
    if "<<<<<<<" in text and (lines := _unfinished_merge(text)):
        said = f"a merge wasn't finished: lines {lines[0]} to {lines[1]} contain both sides"
        hint = "keep what is right from both, and delete the lines <<<<<<<, ======= and >>>>>>>"
        return "", [finding(path, "merge-unfinished", said, hint, lines[0])]
    return text, faults


def _unfinished_merge(text: str) -> tuple[int, int] | None:
    """The first and last line that git marked as a conflict; an example in code is none."""
    unseen, at = unseen_in(text), 0
    first = opened = middle = last = 0
    for number, line in enumerate(text.split("\n"), start=1):
        mark = line[:7]
        if mark in _MARKS and line[7:8] in ("", " ") and not unseen.covering(at):
            if mark == "<<<<<<<":
                opened, middle = number, 0
            elif mark == "=======" and opened and line == mark:
                middle = number
            elif mark == ">>>>>>>" and middle:
                first, last, opened, middle = first or opened, number, 0, 0
        at += len(line) + 1
    return (first, last) if last else None


_MARKS = frozenset(("<<<<<<<", "=======", ">>>>>>>"))


def plain_ends(text: str) -> str:
    """The same with the line ends of Unix, whatever system it was written on."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def split(path: str, text: str) -> SplitFile:
    """Split a text into front matter and body, and read the front matter's keys."""
    return _split(path, text, 0)


def body_under(text: str) -> tuple[str, int]:
    """The text below the front matter and the line it begins at; the keys are not read."""
    stripped = text.lstrip()
    if _HANDLER.detect(stripped):
        try:
            front, body = _HANDLER.split(stripped)
        except ValueError:
            return text, 1
        before = text[: len(text) - len(stripped)].count("\n")
        return body.removeprefix("\n"), before + 2 + front.count("\n")
    return text, 1


def _split(path: str, text: str, before: int) -> SplitFile:
    """The same of a text that has some lines of its file before it."""
    if not text.strip():
        hint = "begin with front matter: a line `---`, keys such as `title: …`, a line `---`"
        empty = finding(path, "file-empty", "the file is empty", hint)
        return SplitFile({}, "", 1, False, (empty,))
    if not _HANDLER.detect(text):
        return _without_front_matter(path, text)
    try:
        front, body = _HANDLER.split(text)
    except ValueError:
        said = "the front matter begins with `---` but has no second `---`"
        hint = "end the front matter with a line `---` of its own"
        unclosed = finding(path, "front-matter-unclosed", said, hint, 1 + before)
        # What follows may be keys or prose: nobody can tell, so all of it is shown as text.
        return SplitFile({}, text, 1 + before, False, (unclosed,))
    # `body` begins behind the second `---`, so its first line is the rest of that line.
    body_line = before + 2 + front.count("\n")
    # Empty lines in front let YAML count the file's own lines.
    entries, faults = entries_of(path, "\n" * before + front)
    return SplitFile(entries, body.removeprefix("\n"), body_line, True, tuple(faults))


def _without_front_matter(path: str, text: str) -> SplitFile:
    stripped = text.lstrip()
    before = text[: len(text) - len(stripped)].count("\n")
    if _HANDLER.detect(stripped):
        said = "there is text before the first `---`, so the front matter isn't read"
        hint = "make `---` the first line of the file"
        late = finding(path, "front-matter-late", said, hint)
        # Read all the same, so that the one fault doesn't hide those of the keys.
        inner = _split(path, stripped, before)
        return replace(inner, findings=(late, *inner.findings))
    said = "the file begins without front matter"
    hint = "begin with a line `---`, then keys such as `title: …`, then a line `---`"
    missing = finding(path, "front-matter-missing", said, hint)
    return SplitFile({}, text, 1, False, (missing,))


def entries_of(path: str, front: str) -> tuple[dict[str, FrontMatterEntry], list[Finding]]:
    """The keys of a YAML text whose first line is the file's first.

    If YAML refuses the whole, each key is tried by itself, so that one slip hides nothing else.
    """
    front = _ODD_BREAKS.sub(" ", front)  # one sign for one, so columns stay as editors count them
    try:
        return _composed(path, front, 0)
    except yaml.YAMLError as error:
        whole = error
    # YAML keeps `@` for itself, and on a forge a person is `@bob`. The signs are put in only once
    # YAML has refused, so columns are right in whatever it takes.
    if "@" in front and (quoted := _quoted_handles(front)) != front:
        front = quoted  # what is left of the faults is said of the rest
        try:
            return _composed(path, front, 0)
        except yaml.YAMLError as error:
            whole = error
    # Each key is parsed by itself from here on, with as many empty lines before it as are above it:
    # the square of a long front matter.
    if len(front) > MAX_MENDED:
        return {}, [_yaml_finding(path, front, whole, 0)]
    entries: dict[str, FrontMatterEntry] = {}
    faults: list[Finding] = []
    broken = False
    for first_line, chunk in _chunks(front):
        try:
            read, more = _composed(path, chunk, first_line)
        except yaml.YAMLError as error:
            broken = True
            faults.append(_yaml_finding(path, chunk, error, first_line))
            continue
        faults += more
        for name, entry in read.items():
            if name in entries:
                faults.append(_twice(path, name, entry.place, entries[name].place))
                again = (*entries[name].again, entry.node, *entry.again)
                entries[name] = replace(entries[name], again=again)
            else:
                entries[name] = entry
    # Each key by itself is YAML and the whole isn't: what is wrong is between them.
    if not broken:
        faults.append(_yaml_finding(path, front, whole, 0))
    return entries, faults


_ONE_HANDLE = re.compile(
    rf"^([ \t]*(?:[\w\-]+:|-)[ \t]+)(@{HANDLE})([ \t]*(?:#.*)?)$", re.MULTILINE
)
_A_LIST = re.compile(r"^([ \t]*[\w\-]+:[ \t]*\[)([^\[\]{}\n]*)(\].*)$", re.MULTILINE)
_BARE = re.compile(rf"(?<![\w\"'@])(@{HANDLE})(?=[ \t]*(?:,|\Z))")


def _quoted_handles(front: str) -> str:
    """The same with handles such as `[@bob, @carol]` in quotes, which YAML wants and we don't."""
    front = _ONE_HANDLE.sub(r'\1"\2"\3', front)
    return _A_LIST.sub(lambda m: m[1] + _BARE.sub(r'"\1"', m[2]) + m[3], front)


def _chunks(front: str) -> Iterator[tuple[int, str]]:
    """Each top-level key with its lines, and the line (from 0) at which it begins."""
    starts = [match.start() for match in _KEY_LINE.finditer(front)]
    first = starts[0] if starts else len(front)
    if front[:first].strip():
        yield 0, front[:first]
    for start, end in pairwise([*starts, len(front)]):
        yield front.count("\n", 0, start), front[start:end]


def _composed(
    path: str, text: str, first_line: int
) -> tuple[dict[str, FrontMatterEntry], list[Finding]]:
    # Empty lines in front let YAML count the file's own lines, in what it refuses too.
    text = "\n" * first_line + text
    _refuse_deep_nesting(text)
    root = _HANDLER.load(text)
    if root is None:
        return {}, []
    if not isinstance(root, yaml.MappingNode):
        raise yaml.YAMLError(_NO_KEYS)
    return entries_under(path, root)


def entries_under(
    path: str, node: yaml.MappingNode
) -> tuple[dict[str, FrontMatterEntry], list[Finding]]:
    """The keys of a YAML mapping."""
    entries: dict[str, FrontMatterEntry] = {}
    faults: list[Finding] = []
    for key, value in node.value:
        place = (key.start_mark.line + 1, key.start_mark.column + 1)
        # A list or a mapping can be a key in YAML. It has no name, so it is an unknown one.
        name = key.value if isinstance(key, yaml.ScalarNode) else "?"
        if name in entries:
            faults.append(_twice(path, name, place, entries[name].place))
            entries[name] = replace(entries[name], again=(*entries[name].again, value))
        else:
            entries[name] = FrontMatterEntry(name, value, place)
    return entries, in_short(faults)


def _refuse_deep_nesting(text: str) -> None:
    """Composing recurses in C, where depth ends the process; events don't recurse."""
    # So few signs can't nest deep enough to harm; nearly every file ends here, and is parsed once.
    if sum(text.count(sign) for sign in "[{-?:") < 10 * MAX_NESTING:
        return
    depth = 0
    for event in yaml.parse(text, Loader=SafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_NESTING:
                raise yaml.YAMLError(_TOO_DEEP)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _twice(path: str, name: str, place: Place, first: Place) -> Finding:
    said = f"`{shown(name)}` appears twice; only the first, in line {first[0]}, is read"
    hint = "keep one of the two"
    return finding(path, "key-twice", said, hint, *place)


def _yaml_finding(path: str, text: str, error: yaml.YAMLError, first_line: int) -> Finding:
    """A YAML error with the line the person must change and the form that works."""
    problem = getattr(error, "problem", None) or (str(error) if error.args else "")
    lines = text.split("\n")

    def at(mark: Any) -> tuple[int, int]:
        """The line of `lines` and the column that YAML means, which may be behind the end."""
        if mark is None:
            return 0, 0
        index = mark.line - first_line
        return (index, mark.column) if 0 <= index < len(lines) else (len(lines) - 1, 0)

    index, column = at(getattr(error, "problem_mark", None))
    opened = getattr(error, "context_mark", None)
    if opened and not "".join(lines[index:])[column:].strip():
        index, column = at(opened)  # what was opened there is still open at the end
        if (sign := lines[index][column : column + 1]) in _OPENING:
            problem = f"{_UNCLOSED} {sign}"
    # This error has no line, and libyaml counts its place in bytes: the sign is looked for once
    # more.
    if isinstance(error, ReaderError) and (odd := Reader.NON_PRINTABLE.search(text)):
        before = text[: odd.start()]
        index, column = before.count("\n"), odd.start() - (before.rfind("\n") + 1)
        problem = f"{_UNPRINTABLE} U+{ord(odd[0]):04X}"
    line, written = first_line + index, lines[index]
    message, hint = _explained(problem, written)
    return finding(path, "yaml-broken", message, hint, line + 1, column + 1)


_NO_SPACE = re.compile(r"[a-z_]+:(?=[^\s:/])")


def _explained(problem: str, written: str) -> tuple[str, str]:
    name, colon, value = written.partition(":")
    value = value.strip()
    # Asked before YAML's own words: `title:Pay day` alone is a text to it, and “there are no keys
    # here” helps nobody.
    if _NO_SPACE.match(written):
        return f"a space is missing after `{name}:`", f"write {shown(f'{name}: {value}', 120)}"
    quoted = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if problem.startswith(_UNCLOSED):
        return f"the {problem[-1]} here is never closed", "close it, or put the text in quotes"
    if "\t" in written.split("#")[0] and ("token" in problem or "tab" in problem):
        return "there is a tab where YAML needs spaces", "indent with spaces"
    if problem == _NO_KEYS:
        return "there are no keys here", "write keys as `title: …`, one on a line"
    if problem == _TOO_DEEP:
        return "this YAML is nested too deeply", "keep lists and keys flat"
    if problem.startswith(_UNPRINTABLE):
        return f"there is {problem} here", "delete it; an editor may not show it"
    quoting = f"put the value in quotes: {name.strip()}: {shown(quoted)}"
    if colon and value and "mapping values" in problem:
        return f"`{shown(written)}` has a second colon, which needs quotes in YAML", quoting
    if colon and value and "cannot start any token" in problem:
        return f"the value of `{shown(written)}` begins with a character that needs quotes", quoting
    return (
        f"this line isn't YAML ({shown(problem, 120)})",
        'check quotes, brackets and indentation; a text with a colon or @ needs quotes: "…"',
    )
