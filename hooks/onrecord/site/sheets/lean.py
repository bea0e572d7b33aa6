"""Style sheets without rules that match nothing, and without properties that nothing asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import tinycss2

from onrecord.site.sheets.used import Used

_ASKED = re.compile(r"var\(\s*(--[\w-]+)")
_GROUPS = frozenset(("layer", "media", "supports"))
"""At-rules that hold rules."""

_COLOUR = "data-md-color-"


@dataclass(slots=True)
class _Rule:
    """A selector with its declarations, each by its name; or a group, with the rules in it."""

    head: str
    declared: Sequence[tuple[str, str]] = ()
    inside: Sequence[_Rule] | None = None

    def text(self, unused: set[str]) -> str:
        if self.inside is not None:
            inner = "".join(one.text(unused) for one in self.inside)
        else:
            inner = ";".join(said for name, said in self.declared if name not in unused)
        if not self.head:
            return inner
        return f"{self.head}{{{inner}}}" if inner else ""

    def all(self) -> Iterator[_Rule]:
        yield self
        for one in self.inside or ():
            yield from one.all()


def lean_sheets(sheets: Sequence[str], used: Used) -> list[str]:
    """Each sheet without the selectors that name a class or a colour that isn't used.

    What stands in `:is()`, `:not()` and the like never counts against a selector. A custom property
    goes when no sheet, page or script asks for it; the sheets are one set there.
    """
    kept = [_Rule("", inside=[*_kept(_rules(sheet), used)]) for sheet in sheets]
    declared = [pair for sheet in kept for rule in sheet.all() for pair in rule.declared]
    unused: set[str] = set()
    # What only an unused property asks for is unused as well, so it is asked until none goes.
    while True:
        asked = {
            name for own, said in declared if own not in unused for name in _ASKED.findall(said)
        }
        more = {n for n, _ in declared if n.startswith("--")} - asked - used.properties
        if more <= unused:
            return [sheet.text(unused) for sheet in kept]
        unused |= more


@lru_cache(maxsize=4)
def _rules(sheet: str) -> list[Any]:
    """A sheet as it is parsed: once, though a site is built for each of its languages."""
    found: list[Any] = tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)
    return found


def _kept(rules: Iterable[Any], used: Used) -> Iterator[_Rule]:
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [one for one in _selectors(rule.prelude) if _can_match(one, used)]
            if selectors:
                head = ",".join(tinycss2.serialize(one).strip() for one in selectors)
                yield _Rule(head, [*_declared(rule.content)])
        elif rule.type == "at-rule" and rule.at_keyword in _GROUPS and rule.content is not None:
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            head = f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}"
            yield _Rule(head, inside=[*_kept(inner, used)])
        else:
            yield _Rule("", [("", rule.serialize())])


def _declared(content: Any) -> Iterator[tuple[str, str]]:
    for one in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        yield (one.name if one.type == "declaration" else "", one.serialize())


def _selectors(prelude: Iterable[Any]) -> list[list[Any]]:
    """A list of selectors at its commas; those within brackets are tokens of their own kind."""
    found: list[list[Any]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            found.append([])
        else:
            found[-1].append(token)
    return found


def _can_match(selector: Sequence[Any], used: Used) -> bool:
    for before, token in zip([None, *selector], selector, strict=False):
        is_class = before is not None and before.type == "literal" and before.value == "."
        if is_class and token.type == "ident" and not used.has_class(token.value):
            return False
        if token.type == "[] block":
            names = [one.value for one in token.content if one.type in ("ident", "string")]
            if len(names) == 2 and names[0].startswith(_COLOUR) and names[1] not in used.colours:
                return False
    return True
