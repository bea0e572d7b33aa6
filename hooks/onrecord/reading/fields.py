"""From YAML nodes to typed values, one reader for each form a key can have.

In come the entries of a front matter and the keys of its kind; out come plain values, the
places they stand in, and findings. A value that can't be read becomes its empty value, never a
guess; a word where a list is due is read as a list of one, and said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

import yaml

from onrecord.findings import Finding, did_you_mean, finding, shown
from onrecord.model import Place, Precedent
from onrecord.reading.frontmatter import Entry
from onrecord.vocabulary import PRECEDENT_KEYS, STAGES, Form, Key, Stage, Verdict

Word = TypeVar("Word", bound=StrEnum)

MAX_TEXT = 1_000
MAX_ITEMS: Mapping[Form, int] = {Form.HANDLES: 1_000, Form.IDS: 200, Form.TAGS: 50}

_HANDLE = re.compile(r"[^\W_][\w.\-]*(?:/[\w.\-]+)?")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_STR = "tag:yaml.org,2002:str"
_NULL = "tag:yaml.org,2002:null"
_READ_AS = {
    "tag:yaml.org,2002:int": "a number",
    "tag:yaml.org,2002:float": "a number",
    "tag:yaml.org,2002:bool": "true or false",
    "tag:yaml.org,2002:timestamp": "a date",
}


class Fields:
    """The typed values of one front matter; collects findings and places while it is asked."""

    def __init__(
        self, path: str, entries: Mapping[str, Entry], keys: tuple[Key, ...], where: str = ""
    ) -> None:
        self.path = path
        self.findings: list[Finding] = []
        self.places: dict[str, Place] = {}
        self._entries = entries
        self._keys = {key.name: key for key in keys}
        for entry in entries.values():
            if entry.name in self._keys:
                self.places[entry.name] = _place(entry.node, entry.place)
            else:
                self._say_unknown(entry, where)

    def missing(self) -> None:
        """Say which required keys aren't there, or are there without a value."""
        for key in self._keys.values():
            if not key.required:
                continue
            entry = self._entries.get(key.name)
            if entry is None:
                self._say("key-missing", f"`{key.name}` is missing", f"add {_line(key)}", (1, 1))
            elif not key.may_be_empty and is_null(entry.node):
                self._say(
                    "key-missing", f"`{key.name}` is empty", f"write {_line(key)}", entry.place
                )

    # One reader for each form.

    def text(self, name: str) -> str:
        """A text; '' when absent."""
        node = self._node(name)
        return self._scalar(name, node) if node is not None else ""

    def day(self, name: str) -> date | None:
        """A day; None when absent or unreadable."""
        node = self._node(name)
        return self._day(name, node) if node is not None else None

    def word(self, name: str, words: type[Word]) -> Word | None:
        """One of a few words; None when absent or unknown."""
        node = self._node(name)
        return self._word(name, node, words) if node is not None else None

    def handle(self, name: str) -> str:
        """A handle without its @; '' when absent."""
        node = self._node(name)
        return self._handle(name, node) if node is not None else ""

    def is_marked(self, name: str) -> bool:
        """True when a handle is written with its @, so that no role can be meant."""
        node = self._node(name)
        return isinstance(node, yaml.ScalarNode) and node.value.strip().startswith("@")

    def handles(self, name: str) -> tuple[str, ...]:
        """Handles without their @, each once."""
        return self._each(name, self._handle)

    def words(self, name: str) -> tuple[str, ...]:
        """Ids or tags, each once."""
        return self._each(name, self._scalar)

    def number(self, name: str) -> float | None:
        """A number; None when absent or unreadable."""
        node = self._node(name)
        if node is None:
            return None
        if isinstance(node, yaml.ScalarNode) and node.tag in (
            "tag:yaml.org,2002:int",
            "tag:yaml.org,2002:float",
        ):
            try:
                value = float(node.value)
            except ValueError:  # 0x1f, 1:30 and the like are numbers to YAML alone
                value = float("nan")
            if abs(value) < 1e300:
                return value
        self._say_wrong(name, node, "a number", self._example(name))
        return None

    def flag(self, name: str, default: bool) -> bool:
        """true or false."""
        node = self._node(name)
        if node is None:
            return default
        if node.tag == "tag:yaml.org,2002:bool":
            return bool(node.value.casefold() in ("true", "yes", "on"))
        self._say_wrong(name, node, "true or false", self._example(name))
        return default

    def entered(self, name: str = "entered") -> tuple[tuple[Stage, date], ...]:
        """Stage and day of each line, in the order of the stages."""
        node = self._node(name)
        if node is None:
            return ()
        if not isinstance(node, yaml.MappingNode):
            self._say_wrong(name, node, "a stage and its date on each line", self._example(name))
            return ()
        days: dict[Stage, date] = {}
        for key, value in node.value[: 4 * len(STAGES)]:
            stage = self._word(name, key, Stage)
            if stage is None:
                continue
            place = _place(key)
            if stage in days:
                self._say("key-twice", f"`{stage}` stands twice in `{name}`", "keep one", place)
                continue
            self.places[f"{name}.{stage}"] = _place(value, place)
            day = None if is_null(value) else self._day(f"{name}.{stage}", value)
            if day is not None:
                days[stage] = day
        return tuple((stage, days[stage]) for stage in STAGES if stage in days)

    def precedents(self, name: str = "precedents") -> tuple[Precedent, ...]:
        """The answers to earlier records. One without a record is a finding, and left out."""
        node = self._node(name)
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode):
            self._say_wrong(name, node, "a list of record, verdict and why", self._example(name))
            return ()
        answers = []
        for index, item in enumerate(node.value[:200]):
            answer = self._precedent(f"{name}[{index}]", item)
            if answer is not None:
                answers.append(answer)
        return tuple(answers)

    def _precedent(self, label: str, item: yaml.Node) -> Precedent | None:
        example = "- record: some-decision, verdict: differs, why: …, each on a line of its own"
        self.places[label] = _place(item)
        if not isinstance(item, yaml.MappingNode):
            self._say_wrong("precedents", item, "record, verdict and why", example)
            return None
        parts: dict[str, yaml.Node] = {}
        for key, value in item.value:
            word = key.value if isinstance(key, yaml.ScalarNode) else "?"
            if word not in PRECEDENT_KEYS:
                near = did_you_mean(word, PRECEDENT_KEYS)
                self._say(
                    "key-unknown",
                    f"`{shown(word)}` isn't part of a precedent",
                    f"{near}write {example}",
                    _place(key),
                )
            elif not is_null(value):
                parts[word] = value
        record = self._scalar("record", parts["record"]) if "record" in parts else ""
        if not record:
            self._say(
                "key-missing", "a precedent names no `record`", f"write {example}", _place(item)
            )
            return None
        if "verdict" not in parts:
            near = ", ".join(Verdict)
            self._say(
                "key-missing",
                f"the precedent {shown(record)} has no `verdict`",
                f"write verdict: one of {near}",
                _place(item),
            )
        verdict = self._word("verdict", parts["verdict"], Verdict) if "verdict" in parts else None
        why = self._scalar("why", parts["why"]) if "why" in parts else ""
        return Precedent(record, verdict, why)

    # What the readers share.

    def _node(self, name: str) -> yaml.Node | None:
        entry = self._entries.get(name)
        return None if entry is None or is_null(entry.node) else entry.node

    def _each(self, name: str, read: Callable[[str, yaml.Node], str]) -> tuple[str, ...]:
        node = self._node(name)
        if node is None:
            return ()
        key = self._keys[name]
        if isinstance(node, yaml.ScalarNode):
            form = f"{name}: [{shown(node.value)}]"
            self._say_wrong(name, node, "a list", form)
            items = [node]
        elif isinstance(node, yaml.SequenceNode):
            items = node.value
        else:
            self._say_wrong(name, node, "a list", key.example)
            return ()
        most = MAX_ITEMS[key.form]
        if len(items) > most:
            self._say(
                "value-too-long",
                f"`{name}` has {len(items):,} items; the first {most:,} are read",
                f"keep `{name}` to what a person can read",
                _place(items[most]),
            )
        read_items: dict[str, None] = {}
        for item in items[:most]:
            if is_null(item):
                continue
            value = read(name, item)
            if value and value not in read_items:
                self.places[f"{name}[{len(read_items)}]"] = _place(item)
                read_items[value] = None
        return tuple(read_items)

    def _scalar(self, name: str, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self._say_wrong(name, node, "text", self._example(name))
            return ""
        value: str = node.value.strip()
        if node.tag in _READ_AS:
            self._say(
                "type-wrong",
                f"`{name}: {shown(value)}` is {_READ_AS[node.tag]} to YAML, not text",
                f'put it in quotes: "{shown(value)}"',
                _place(node),
            )
        if len(value) > MAX_TEXT:
            self._say(
                "value-too-long",
                f"`{name}` has {len(value):,} characters; the first {MAX_TEXT:,} are read",
                "keep it to a sentence; prose belongs in a section below the front matter",
                _place(node),
            )
        return value[:MAX_TEXT]

    def _handle(self, name: str, node: yaml.Node) -> str:
        value = self._scalar(name, node).removeprefix("@")
        if value and not _HANDLE.fullmatch(value):
            self._say(
                "type-wrong",
                f"`{shown(value)}` in `{name}` isn't a handle",
                'write the person\'s name on the forge, such as ana or "@ana"',
                _place(node),
            )
        return value

    def _day(self, name: str, node: yaml.Node) -> date | None:
        written = node.value.strip() if isinstance(node, yaml.ScalarNode) else ""
        if not written:
            self._say_wrong(name, node, "a date", f"{name}: 2026-10-05")
            return None
        try:
            if not _ISO_DAY.fullmatch(written):
                raise ValueError(written)
            return date.fromisoformat(written)
        except ValueError:
            problem = "doesn't exist" if _ISO_DAY.fullmatch(written) else "isn't a date"
            self._say(
                "date-impossible",
                f"`{name}: {shown(written)}` {problem}",
                "write a day as YYYY-MM-DD, such as 2026-10-05",
                _place(node),
            )
            return None

    def _word(self, name: str, node: yaml.Node, words: type[Word]) -> Word | None:
        written = node.value.strip() if isinstance(node, yaml.ScalarNode) else ""
        try:
            return words(written)
        except ValueError:
            near = did_you_mean(written, words)
            self._say(
                "word-unknown",
                f"`{shown(written)}` is no word of `{name}`"
                if written
                else f"`{name}` must be one word",
                f"{near}write one of {', '.join(words)}",
                _place(node),
            )
            return None

    def _say_unknown(self, entry: Entry, where: str) -> None:
        near = did_you_mean(entry.name, self._keys)
        self._say(
            "key-unknown",
            f"`{shown(entry.name)}` isn't a key of {where or 'this file'}",
            f"{near}the keys are {', '.join(self._keys)}",
            entry.place,
        )

    def _say_wrong(self, name: str, node: yaml.Node, wanted: str, form: str) -> None:
        found = {
            yaml.SequenceNode: "a list",
            yaml.MappingNode: "keys and values",
            yaml.ScalarNode: f"`{shown(str(node.value))}`",
        }[type(node)]
        self._say(
            "type-wrong", f"`{name}` must be {wanted}, not {found}", f"write {form}", _place(node)
        )

    def _example(self, name: str) -> str:
        key = self._keys.get(name)
        return _line(key) if key else f"{name}: …"

    def _say(self, code: str, message: str, hint: str, place: Place) -> None:
        self.findings.append(finding(self.path, code, message, hint, *place))


def _line(key: Key) -> str:
    return " ".join(key.example.split())


def is_null(node: yaml.Node) -> bool:
    """True for a key without a value."""
    return bool(node.tag == _NULL) and not getattr(node, "value", "").strip("~nulNUL")


def _place(node: yaml.Node, instead: Place = (1, 1)) -> Place:
    mark = node.start_mark
    return (mark.line + 1, mark.column + 1) if mark is not None else instead
