"""JSON Schemas, and tables for the reference, made from the types of what programs are given.

In comes a type: a TypedDict, a dataclass, or a list of them. A key's meaning is the string below it
in its class. Pydantic can't read these: on Python 3.11 it refuses the standard TypedDict.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from itertools import pairwise
from typing import (
    Any,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

SCALARS: Mapping[Any, tuple[Mapping[str, Any], str]] = {
    str: ({"type": "string"}, "text"),
    bool: ({"type": "boolean"}, "`true` or `false`"),
    int: ({"type": "integer"}, "whole number"),
    float: ({"type": "number"}, "number"),
    date: ({"type": "string", "format": "date"}, "date"),
}
"""What is one value: its schema, and how a reader calls it."""
LISTS = (list, Sequence, tuple)
EVERYWHERE = {"id": "The record's id.", "title": "The record's title."}
FROM_ONE = ("line", "column")
"""What is counted from 1, wherever it is."""


@dataclass
class Maker:
    """Makes the schema of a type, and rows that say the same to a reader.

    `words` are the values of a key, and `meanings` what keys without a string of their own mean, by
    class and key. Where `closed`, an object may have no other keys.
    """

    words: Mapping[tuple[str, str], Iterable[str]] = field(default_factory=dict)
    meanings: Mapping[tuple[str, str], str] = field(default_factory=dict)
    closed: bool = True

    def __post_init__(self) -> None:
        self.definitions: dict[str, Any] = {}
        self._within: list[type] = []

    def schema_of(self, kind: Any) -> dict[str, Any]:
        """The schema of a type, without its dialect and title."""
        if kind in SCALARS:
            return dict(SCALARS[kind][0])
        origin, parts = get_origin(kind), get_args(kind)
        if origin is NotRequired:
            return self.schema_of(parts[0])
        if origin in (Union, types.UnionType):
            return self._either(parts)
        if origin is Literal:
            return {"const": parts[0]}
        if origin in LISTS:
            made = {"type": "array", "items": self.schema_of(parts[0])}
            if origin is tuple and parts[-1] is not Ellipsis:
                made |= {"minItems": len(parts), "maxItems": len(parts)}
            return made
        if origin is Mapping:
            return self._mapping(*parts)
        if issubclass(kind, Enum):
            return {"enum": [one.value for one in kind]}
        return self._object(kind)

    def _either(self, parts: Sequence[Any]) -> dict[str, Any]:
        others = [self.schema_of(part) for part in parts if part is not types.NoneType]
        if len(others) == len(parts):
            return {"oneOf": others}
        (one,) = others
        if "enum" in one:
            return {"enum": [*one["enum"], None]}
        return {**one, "type": [one["type"], "null"]}

    def _mapping(self, key: Any, value: Any) -> dict[str, Any]:
        if issubclass(key, Enum):
            inside = {one.value: self.schema_of(value) for one in key}
            return {"type": "object", "properties": inside, "additionalProperties": False}
        return {"type": "object", "additionalProperties": self.schema_of(value)}

    def _object(self, kind: type) -> dict[str, Any]:
        name = kind.__name__
        if kind in self._within:  # it holds others of itself
            self.definitions[name] = {}
            return {"$ref": f"#/$defs/{name}"}
        self._within.append(kind)
        keys = keys_of(kind)
        made: dict[str, Any] = {
            "type": "object",
            "properties": {key: self._key(kind, key, form) for key, form in keys.items()},
            "required": [key for key in keys if get_origin(keys[key]) is not NotRequired],
        }
        if self.closed:
            made["additionalProperties"] = False
        self._within.pop()
        if name in self.definitions:
            self.definitions[name] = made
            return {"$ref": f"#/$defs/{name}"}
        return made

    def _key(self, kind: type, key: str, form: Any) -> dict[str, Any]:
        made = self.schema_of(form)
        if words := self.words.get((kind.__name__, key)):
            made = {"enum": [*words]}
        if key in FROM_ONE:
            made["minimum"] = 1
        meaning = self._meaning(kind, key)
        return {**made, "description": meaning} if meaning else made

    def rows(self, kind: type, besides: type | None = None) -> Iterator[tuple[str, str, str]]:
        """For each key of an object: its name, its form in words, what it means.

        Without those of the class `besides`, whose rows are elsewhere.
        """
        known = keys_of(besides) if besides else {}
        for key, form in keys_of(kind).items():
            if key not in known:
                words = self.words.get((kind.__name__, key))
                said = _listed(words) if words and len([*words]) < 10 else in_words(form)
                yield f"`{key}`", said, self._meaning(kind, key)

    def _meaning(self, kind: type, key: str) -> str:
        said = meanings_of(kind).get(key) or self.meanings.get((kind.__name__, key))
        return said or EVERYWHERE.get(key, "")


def in_words(kind: Any) -> str:
    """A type as a reader calls it, such as `date or null`."""
    if kind in SCALARS:
        return SCALARS[kind][1]
    origin, parts = get_origin(kind), get_args(kind)
    if origin is NotRequired:
        return in_words(parts[0])
    if origin in (Union, types.UnionType):
        said = [in_words(part) for part in parts if part is not types.NoneType]
        return " or ".join([*dict.fromkeys(said), *["`null`"] * (len(said) < len(parts))])
    if origin is Literal:
        return f"`{parts[0]}`"
    if origin in LISTS:
        pair = origin is tuple and parts[-1] is not Ellipsis
        return f"pair of {in_words(parts[0])}s" if pair else f"list of {_several(parts[0])}"
    if origin is not Mapping and issubclass(kind, Enum):
        return _listed(one.value for one in kind)
    return "object"


def _several(kind: Any) -> str:
    is_word = isinstance(kind, type) and issubclass(kind, Enum)
    return in_words(kind) if is_word else re.sub(r"^(\w+)", r"\1s", in_words(kind).split(" or ")[0])


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def keys_of(kind: type) -> dict[str, Any]:
    """The keys of an object and their types, in their order."""
    assert is_typeddict(kind) or is_dataclass(kind), f"{kind} has no form in JSON"
    return get_type_hints(kind, include_extras=True)


@cache
def meanings_of(kind: type) -> Mapping[str, str]:
    """The string below each key in a class; those of the classes it comes from included."""
    try:
        (tree,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    except (OSError, TypeError):
        return {}  # made by a call, for a key that is no name, such as `from`
    assert isinstance(tree, ast.ClassDef)
    found: dict[str, str] = {}
    for base in tree.bases:
        named = getattr(sys.modules[kind.__module__], ast.unparse(base))
        if is_typeddict(named):
            found |= meanings_of(named)
    for one, below in pairwise(tree.body):
        match one, below:
            case ast.AnnAssign(ast.Name(name)), ast.Expr(ast.Constant(str(meaning))):
                found[name] = " ".join(meaning.split())
    return found
