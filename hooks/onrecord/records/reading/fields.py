"""From YAML nodes to typed values, one reader for each form a key can have.

In come the entries of a front matter and the keys of its kind; out come plain values, the
places they are in, and findings. A value that can't be read becomes its empty value, never a
guess; a word where a list is due is read as a list of one, and said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import TypeVar

import yaml

from onrecord.records.clock import day_of, is_day_form
from onrecord.records.findings import Finding, did_you_mean, finding, shown
from onrecord.records.model import Collect, Expectation, Imported, Place, Precedent, is_handle
from onrecord.records.reading.collecting import unfit
from onrecord.records.reading.frontmatter import FrontMatterEntry
from onrecord.records.shapes import (
    EXPECT_KEYS,
    IMPORTED_KEYS,
    OWN,
    PRECEDENT_KEYS,
    SOURCES,
    UNSETTLED_KEYS,
    Form,
    Key,
)
from onrecord.records.vocabulary import (
    STAGES,
    Cadence,
    Direction,
    HandoffState,
    Outcome,
    Says,
    Source,
    Stage,
    Verdict,
)

Word = TypeVar("Word", bound=StrEnum)
_NodeKind = TypeVar("_NodeKind", bound=yaml.Node)

MAX_TEXT = 1_000
MAX_PRECEDENTS = 200
MAX_EXPECTATIONS = 20
MAX_UNKNOWN = 50
"""Unknown keys that get a finding each; the rest of them share one."""
MAX_ITEMS: Mapping[Form, int] = {
    Form.HANDLES: 1_000,
    Form.IDS: 200,
    Form.TAGS: 50,
    Form.QUESTIONS: 50,
    Form.PATHS: 50,
    Form.GLOBS: 50,
    Form.COVERS: 50,
}

_IN_ONE_LINE = {
    Form.ENTERED: "entered: {assess: 2026-09-14, collaborate: 2026-09-16}",
    Form.PRECEDENTS: "precedents: [{record: some-decision, verdict: differs, why: …}]",
    Form.EXPECTS: "expects: [{metric: a-role/a-number, at_least: 99, by: 2027-01-31}]",
    Form.COLLECT: "collect: {json: https://example.org/payroll.json, value: late.percent}",
    Form.IMPORTED: "imported: {from: docs/adr/0012-pay-date.md, format: nygard}",
}
"""The right form of what is written on several lines, as a hint can show it."""

_DASHED = re.compile(r"(?<=\s)-([^\s-]\S*)")
_DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_CALLED: Mapping[type[StrEnum], str] = {
    Stage: "a stage",
    Outcome: "an outcome",
    Verdict: "a verdict",
    HandoffState: "a state of a handoff",
    Cadence: "a cadence",
    Direction: "a direction",
}
"""What a word of each kind is called, where one is wrong."""
_SAID_OTHERWISE = {
    **dict.fromkeys(("approved", "agreed", "adopted", "yes", "done", "decided"), "accepted"),
    **dict.fromkeys(("declined", "refused", "denied", "no"), "rejected"),
    **dict.fromkeys(("cancelled", "canceled", "abandoned", "dropped"), "withdrawn"),
}
"""What other tools and people call an outcome."""

_MEANT_BY_A_REPLY = {
    **dict.fromkeys(("comment", "comments", "question", "objection", "concern"), "feedback"),
    **dict.fromkeys(("reply", "response", "answered"), "answer"),
    **dict.fromkeys(("no objection", "none", "lgtm", "+1", "fine", "approve"), "no-objection"),
    **dict.fromkeys(("ack", "acked", "acknowledged", "read", "seen", "known", "ok"), "aligned"),
    **dict.fromkeys(("read-back", "readback", "read back", "accept", "taken"), "accepted"),
}
"""What people call that which a reply says."""

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
        self,
        path: str,
        entries: Mapping[str, FrontMatterEntry],
        keys: tuple[Key, ...],
        where: str = "",
    ) -> None:
        self.path = path
        self.findings: list[Finding] = []
        self.places: dict[str, Place] = {}
        self._entries = entries
        self._keys = {key.name: key for key in keys}
        unknown = []
        for entry in entries.values():
            if entry.name in self._keys:
                self.places[entry.name] = _place(entry.node, entry.place)
            elif not entry.name.startswith(OWN):
                unknown.append(entry)
        for entry in unknown[:MAX_UNKNOWN]:
            self._say_unknown(entry, where)
        if len(unknown) > MAX_UNKNOWN:
            self._say(
                "key-unknown",
                f"{len(unknown) - MAX_UNKNOWN:,} more keys from here on aren't keys "
                f"of {where or 'this file'}",
                f"the keys are {', '.join(self._keys)}",
                unknown[MAX_UNKNOWN].place,
            )

    def missing(self) -> None:
        """Say which required keys aren't there, or are there without a value."""
        for key in self._keys.values():
            if not key.required:
                continue
            entry = self._entries.get(key.name)
            if entry is None:
                self._say("key-missing", f"`{key.name}` is missing", f"add {_line(key)}", (1, 1))
            elif not key.may_be_empty and _is_empty(entry.node):
                self._say(
                    "key-missing", f"`{key.name}` is empty", f"write {_line(key)}", entry.place
                )

    def has(self, name: str) -> bool:
        """True where a key has a value, whether it can be read or not."""
        entry = self._entries.get(name)
        return entry is not None and not _is_empty(entry.node)

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
        """Ids, tags or questions, each once."""
        return self._each(name, self._scalar)

    def number(self, name: str) -> float | None:
        """A number; None when absent or unreadable."""
        node = self._node(name)
        return None if node is None else self._number(name, node)

    def _number(self, name: str, node: yaml.Node) -> float | None:
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
        self._say_wrong(name, node, "a number", self._line_of(name))
        return None

    def flag(self, name: str, default: bool) -> bool:
        """true or false."""
        node = self._node(name)
        if node is None:
            return default
        if node.tag == "tag:yaml.org,2002:bool":
            return bool(node.value.casefold() in ("true", "yes", "on"))
        self._say_wrong(name, node, "true or false", self._line_of(name))
        return default

    def entered(self, name: str = "entered") -> tuple[tuple[Stage, date], ...]:
        """Stage and day of each line, in the order of the stages."""
        node = self._node_of(name, yaml.MappingNode, "a stage and its date on each line")
        if node is None:
            return ()
        days: dict[Stage, date] = {}
        seen: set[Stage] = set()
        for key, value in node.value[: 4 * len(STAGES)]:
            stage = self._word(name, key, Stage)
            if stage is None:
                continue
            place = _place(key)
            if stage in seen:
                self._say("key-twice", f"`{stage}` appears twice in `{name}`", "keep one", place)
                continue
            seen.add(stage)
            self.places[f"{name}.{stage}"] = _place(value, place)
            day = None if is_null(value) else self._day(f"{name}.{stage}", value)
            if day is not None:
                days[stage] = day
        return tuple((stage, days[stage]) for stage in STAGES if stage in days)

    def precedents(self, name: str = "precedents") -> tuple[Precedent, ...]:
        """The answers to earlier records. One without a record is a finding, and left out."""
        node = self._node_of(name, yaml.SequenceNode, "a list of record, verdict and why")
        if node is None:
            return ()
        answers: dict[str, Precedent] = {}
        for item in self._first(name, node.value, MAX_PRECEDENTS):
            if _is_empty(item):
                self._say_item_empty(name, item)
                continue
            # Places count the answers that are read, as everyone who asks for them does.
            answer = self._precedent(f"{name}[{len(answers)}]", item)
            if answer is None:
                continue
            if answer.record in answers:
                self._say_item_twice(name, answer.record, _place(item))
            answers.setdefault(answer.record, answer)
        return tuple(answers.values())

    def _precedent(self, label: str, item: yaml.Node) -> Precedent | None:
        self.places[label] = _place(item)
        found = self._parts("precedents", item, PRECEDENT_KEYS)
        if found is None:
            return None
        parts = {key: value for key, value in found.items() if not is_null(value)}
        example = _IN_ONE_LINE[Form.PRECEDENTS]
        record = self._scalar("record", parts["record"]) if "record" in parts else ""
        if not record:
            self._say(
                "key-missing", "a precedent names no `record`", f"write {example}", _place(item)
            )
            return None
        if "verdict" not in parts:
            near = ", ".join(Verdict)
            said = f"the precedent {shown(record)} has no `verdict`"
            hint = f"write verdict: one of {near}"
            self._say("key-missing", said, hint, _place(item))
        verdict = self._word("verdict", parts["verdict"], Verdict) if "verdict" in parts else None
        why = self._scalar("why", parts["why"]) if "why" in parts else ""
        return Precedent(record, verdict, why)

    def expects(self, name: str = "expects") -> tuple[tuple[Expectation, ...], str]:
        """What a decision should change, and the words that say why nothing can be measured."""
        node = self._node(name)
        if node is None:
            return (), ""
        if isinstance(node, yaml.ScalarNode):
            return (), self._scalar(name, node)
        if not isinstance(node, yaml.SequenceNode):
            self._say_wrong(name, node, "a list, or one sentence", self._line_of(name))
            return (), ""
        found: list[Expectation] = []
        for item in self._first(name, node.value, MAX_EXPECTATIONS):
            if _is_empty(item):
                self._say_item_empty(name, item)
                continue
            one = self._expectation(f"{name}[{len(found)}]", item)
            if one is not None:
                found.append(one)
        return tuple(found), ""

    def _expectation(self, label: str, item: yaml.Node) -> Expectation | None:
        self.places[label] = _place(item)
        parts = self._parts("expects", item, EXPECT_KEYS)
        if parts is None:
            return None
        example = _IN_ONE_LINE[Form.EXPECTS]
        metric = self._scalar("metric", parts["metric"]) if "metric" in parts else ""
        bounds = {key: self._number(key, parts[key]) for key in EXPECT_KEYS[1:3] if key in parts}
        by = self._day("by", parts["by"]) if "by" in parts else None
        if not metric:
            said = "an expectation names no `metric`"
        elif len(bounds) != 1:
            said = f"the expectation of {shown(metric)} needs one of `at_least` and `at_most`"
        elif "by" not in parts:
            said = f"the expectation of {shown(metric)} has no `by`, the day it is judged on"
        else:
            return Expectation(metric, bounds.get("at_least"), bounds.get("at_most"), by)
        self._say("key-missing", said, f"write {example}", _place(item))
        return Expectation(metric, by=by) if metric else None

    def imported(self, name: str = "imported") -> Imported | None:
        """Where a record came from; None when it was written here."""
        node = self._node(name)
        if node is None:
            return None
        parts = self._parts(name, node, IMPORTED_KEYS)
        if parts is None:
            return None
        left, inner = parts.pop("unsettled", None), {}
        if left is not None and not is_null(left):
            inner = self._parts(f"{name}.unsettled", left, UNSETTLED_KEYS) or {}
            self.places |= {f"unsettled.{key}": _place(value) for key, value in inner.items()}
        words = self._texts(name, parts)
        return Imported(
            source=words.get("from", ""),
            format=words.get("format", ""),
            digest=words.get("digest", ""),
            unsettled=self._texts(f"{name}.unsettled", inner),
            front_matter=words.get("front_matter", ""),
        )

    def collect(self, name: str = "collect") -> Collect | None:
        """Where a metric's values come from; None where it can't be told or used."""
        node = self._node(name)
        if node is None:
            return None
        known = tuple(Source) + tuple(
            dict.fromkeys(key for form in SOURCES.values() for key in (*form.needs, *form.takes))
        )
        faults = len(self.findings)
        parts = self._parts(name, node, known)
        words = {key: word.strip() for key, word in self._texts(name, parts or {}).items()}
        if parts is None or len(self.findings) > faults:
            return None
        sources = [source for source in Source if words.get(source)]
        if len(sources) != 1:
            which = " and ".join(f"`{one}`" for one in sources) or "no source"
            said = f"`{name}` names {which}; a value comes from one"
            self._say("collect-unclear", said, f"name one of {', '.join(Source)}", _place(node))
            return None
        source = sources[0]
        wanted = {key: word for key, word in words.items() if key != source and word}
        fault = unfit(source, words[source], wanted)
        if fault:
            self._say(
                "collect-unclear", fault, f"write {name}: {SOURCES[source].example}", _place(node)
            )
            return None
        return Collect(source, words[source], wanted)

    def _parts(
        self, name: str, node: yaml.Node, known: tuple[str, ...]
    ) -> dict[str, yaml.Node] | None:
        """The values of a key that holds a few known keys, each once."""
        if not isinstance(node, yaml.MappingNode):
            self._say_wrong(name, node, ", ".join(known), self._line_of(name))
            return None
        parts: dict[str, yaml.Node] = {}
        for key, value in node.value[:MAX_UNKNOWN]:
            word = key.value if isinstance(key, yaml.ScalarNode) else "?"
            if word not in known:
                near = did_you_mean(word, known)
                said = f"`{shown(word)}` isn't part of `{name}`"
                hint = f"{near}the keys are {', '.join(known)}"
                self._say("key-unknown", said, hint, _place(key))
            elif word in parts:
                said = f"`{word}` appears twice here in `{name}`; only the first is read"
                self._say("key-twice", said, "keep one of the two", _place(key))
            else:
                parts[word] = value
        return parts

    def _texts(self, name: str, parts: Mapping[str, yaml.Node]) -> dict[str, str]:
        """Parts as they were typed; one that isn't text is a finding, and left out."""
        for word, value in parts.items():
            if not isinstance(value, yaml.ScalarNode):
                self._say_wrong(f"{name}.{word}", value, "text", self._line_of(name))
        texts = (word for word, value in parts.items() if isinstance(value, yaml.ScalarNode))
        return {word: _words(parts[word]) for word in texts}

    # What the readers share.

    def _node(self, name: str) -> yaml.Node | None:
        entry = self._entries.get(name)
        return None if entry is None or _is_empty(entry.node) else entry.node

    def _node_of(self, name: str, kind: type[_NodeKind], form: str) -> _NodeKind | None:
        """The value of a key where it has the right kind; another kind is a finding."""
        node = self._node(name)
        if node is None or isinstance(node, kind):
            return node
        self._say_wrong(name, node, form, self._line_of(name))
        return None

    def _each(self, name: str, read: Callable[[str, yaml.Node], str]) -> tuple[str, ...]:
        node = self._node(name)
        if node is None:
            return ()
        key = self._keys[name]
        if isinstance(node, yaml.ScalarNode):
            if dashed := _DASHED.findall(f" {node.value}") if node.value.startswith("-") else ():
                said = f"`{name}`: a space is missing after each dash"
                hint = f"write {name}: [{shown(', '.join(dashed))}]"
                self._say("type-wrong", said, hint, _place(node))
                return ()
            form = f"{name}: [{shown(node.value)}]"
            self._say_wrong(name, node, "a list", form)
            items = [node]
        elif isinstance(node, yaml.SequenceNode):
            items = node.value
        else:
            self._say_wrong(name, node, "a list", key.example)
            return ()
        seen: dict[str, str] = {}
        for item in self._first(name, items, MAX_ITEMS[key.form]):
            if _is_empty(item):
                self._say_item_empty(name, item)
                continue
            if not isinstance(item, yaml.ScalarNode):
                found = "a list" if isinstance(item, yaml.SequenceNode) else "keys and values"
                one = "question" if key.form is Form.QUESTIONS else "word"
                said = f"an item of `{name}` must be one {one}, not {found}"
                self._say("type-wrong", said, f"write {_line(key)}", _place(item))
                continue
            value = read(name, item)
            # Handles are the same in any case, and so are tags to a reader.
            same = value if key.form in (Form.IDS, Form.PATHS, Form.GLOBS) else value.casefold()
            if same in seen:
                self._say_item_twice(name, value, _place(item))
            elif value:
                self.places[f"{name}[{len(seen)}]"] = _place(item)
                seen[same] = value
        return tuple(seen.values())

    def _first(self, name: str, items: Sequence[yaml.Node], most: int) -> Sequence[yaml.Node]:
        if len(items) > most:
            said = f"`{name}` has {len(items):,} items; the first {most:,} are read"
            hint = f"keep `{name}` short enough for a person to read"
            self._say("value-too-long", said, hint, _place(items[most]))
        return items[:most]

    def _scalar(self, name: str, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self._say_wrong(name, node, "text", self._line_of(name))
            return ""
        value: str = node.value.strip()
        if node.tag in _READ_AS:
            said = f"`{name}: {shown(value)}` is {_READ_AS[node.tag]} to YAML, not text"
            hint = f'put it in quotes: "{shown(value)}"'
            self._say("type-wrong", said, hint, _place(node))
        if len(value) > MAX_TEXT:
            said = f"`{name}` has {len(value):,} characters; the first {MAX_TEXT:,} are read"
            hint = "keep it to a sentence; prose belongs in a section below the front matter"
            self._say("value-too-long", said, hint, _place(node))
        return value[:MAX_TEXT]

    def _handle(self, name: str, node: yaml.Node) -> str:
        if isinstance(node, yaml.SequenceNode) and name == "holder" and node.value:
            first, *others = (_words(one).removeprefix("@") for one in node.value)
            said = "`holder` must be one person, not a list: one person is accountable for a role"
            rest = f", and backups: [{', '.join(others)}]" if others else ""
            self._say("type-wrong", said, f"write holder: {shown(first + rest, 120)}", _place(node))
            return ""
        value = self._scalar(name, node).removeprefix("@")
        if value and not is_handle(value):
            said = f"`{shown(value)}` in `{name}` isn't a handle"
            hint = 'write the person\'s name on the forge, such as ana or "@ana"'
            self._say("type-wrong", said, hint, _place(node))
        return value

    def _day(self, name: str, node: yaml.Node) -> date | None:
        written = node.value.strip() if isinstance(node, yaml.ScalarNode) else ""
        if not written:
            self._say_wrong(name, node, "a date", f"{name}: 2026-10-05")
            return None
        try:
            return day_of(written)
        except ValueError:
            problem = "doesn't exist" if is_day_form(written) else "isn't a date"
            dotted = _DOTTED.fullmatch(written)
            example = f"{dotted[3]}-{dotted[2]:0>2}-{dotted[1]:0>2}" if dotted else "2026-10-05"
            said = f"`{name}: {shown(written)}` {problem}"
            hint = f"write a day as YYYY-MM-DD, such as {example}"
            self._say("date-impossible", said, hint, _place(node))
            return None

    def _word(self, name: str, node: yaml.Node, words: type[Word]) -> Word | None:
        written = node.value.strip() if isinstance(node, yaml.ScalarNode) else ""
        try:
            return words(written)
        except ValueError:
            otherwise = _MEANT_BY_A_REPLY if words is Says else _SAID_OTHERWISE
            meant = otherwise.get(written.casefold(), "")
            near = (
                f'did you mean "{meant}"? ' if meant in [*words] else did_you_mean(written, words)
            )
            self._say(
                "word-unknown",
                f"`{shown(written)}` is not {_CALLED.get(words, f'a value of `{name}`')}"
                if written
                else f"`{name}` must be one word",
                f"{near}write one of {', '.join(words)}",
                _place(node),
            )
            return None

    def _say_item_empty(self, name: str, item: yaml.Node) -> None:
        said, hint = f"an item of `{name}` is empty", "write it, or delete its line"
        self._say("type-wrong", said, hint, _place(item))

    def _say_item_twice(self, name: str, value: str, place: Place) -> None:
        said = f"`{name}` names {shown(value)} twice"
        self._say("item-twice", said, "keep one of the two", place)

    def _say_unknown(self, entry: FrontMatterEntry, where: str) -> None:
        if entry.name == "status" and "outcome" in self._keys:
            written = _words(entry.node).strip()
            word = _SAID_OTHERWISE.get(written.casefold(), written.casefold())
            outcome = word if word in [*Outcome] else "accepted"
            hint = f"once it is decided, write outcome: {outcome}; until then `stage` is enough"
            said = "OnRecord works out the status, so nobody writes it"
            self._say("key-unknown", said, hint, entry.place)
            return
        near = did_you_mean(entry.name, self._keys)
        own = "" if near else f"; a key of your own begins with {OWN}"
        said = f"`{shown(entry.name)}` isn't a key of {where or 'this file'}"
        hint = f"{near}the keys are {', '.join(self._keys)}{own}"
        self._say("key-unknown", said, hint, entry.place)

    def _say_wrong(self, name: str, node: yaml.Node, wanted: str, form: str) -> None:
        found = {
            yaml.SequenceNode: "a list",
            yaml.MappingNode: "keys and values",
            yaml.ScalarNode: f"`{shown(str(node.value))}`",
        }[type(node)]
        self._say(
            "type-wrong", f"`{name}` must be {wanted}, not {found}", f"write {form}", _place(node)
        )

    def _line_of(self, name: str) -> str:
        key = self._keys.get(name.partition(".")[0])
        return _line(key) if key else f"{name}: …"

    def _say(self, code: str, message: str, hint: str, place: Place) -> None:
        self.findings.append(finding(self.path, code, message, hint, *place))


def _line(key: Key) -> str:
    return _IN_ONE_LINE.get(key.form) or key.example


def _words(node: yaml.Node) -> str:
    """The text of a value as it was typed; '' where there is none."""
    return str(node.value) if isinstance(node, yaml.ScalarNode) and not is_null(node) else ""


def is_null(node: yaml.Node) -> bool:
    """True for a key without a value."""
    return bool(node.tag == _NULL) and not getattr(node, "value", "").strip("~nulNUL")


def _is_empty(node: yaml.Node) -> bool:
    return is_null(node) or (isinstance(node, yaml.ScalarNode) and not node.value.strip())


def _place(node: yaml.Node, instead: Place = (1, 1)) -> Place:
    mark = node.start_mark
    return (mark.line + 1, mark.column + 1) if mark is not None else instead
