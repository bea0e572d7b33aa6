"""Snippets for an editor: the text of a new record, with places to type in.

In come the drafts that `onrecord new` writes, filled with words of our own; out comes a file of
snippets for VS Code, in which those words are the places the cursor stops at.
"""

from __future__ import annotations

import json
import re
from datetime import date

from onrecord.drafting import drafts
from onrecord.drafting.translated import ENGLISH
from onrecord.records.shapes import SHAPES, Shape
from onrecord.records.vocabulary import Cadence, Kind, Says

SNIPPETS_FILE = ".vscode/onrecord.code-snippets"

_DAY = date(1111, 11, 11)
_TODAY = "$CURRENT_YEAR-$CURRENT_MONTH-$CURRENT_DATE"
_ANSWER = "qzanswer{}qz"
"""Marks where a person types: no sign in it that YAML or Markdown would write in another way."""

_ASKED: dict[Kind, tuple[str, ...]] = {
    Kind.DECISION: ("What is decided, in a few words", "the-owner"),
    Kind.ROLE: ("The name of the role", "Why it exists, in one sentence", "its-holder"),
    Kind.HANDOFF: ("who-hands-it-on", "who-receives-it"),
    Kind.METRIC: ("What is measured", "its unit"),
    Kind.REPLY: ("your-handle", "What you want to say"),
}


def snippets(language: str = ENGLISH) -> str:
    """The file of snippets, one for each kind of record."""
    made = {f"OnRecord: {shape.kind}": _snippet(shape, language) for shape in SHAPES.values()}
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def _snippet(shape: Shape, language: str) -> dict[str, object]:
    return {
        "scope": "markdown",
        "prefix": f"onrecord-{shape.kind}",
        "description": f"A {shape.kind}, in a new file {shape.place}",
        "body": _with_stops(_draft(shape.kind, language), _ASKED[shape.kind]).splitlines(),
    }


def _draft(kind: Kind, language: str) -> str:
    first, second, *more = (_ANSWER.format(n) for n in range(1, len(_ASKED[kind]) + 1))
    match kind:
        case Kind.DECISION:
            return drafts.new_decision(first, _DAY, owner=second, language=language).text
        case Kind.ROLE:
            return drafts.new_role(
                "role", title=first, purpose=second, holder=more[0], language=language
            ).text
        case Kind.HANDOFF:
            return drafts.new_handoff(
                "role", giver=first, receiver=second, effective=_DAY, language=language
            ).text
        case Kind.METRIC:
            both = drafts.new_metric("r", "m", title=first, cadence=Cadence.MONTHLY, unit=second)
            return both[0].text
        case Kind.REPLY:
            return drafts.new_reply("", first, Says.FEEDBACK, _DAY, text=second).text


def _with_stops(text: str, asked: tuple[str, ...]) -> str:
    """The text in the editor's own signs; a word that appears twice is typed once."""
    text = re.sub(r"([\\$}])", r"\\\1", text)
    for number, what in enumerate(asked, start=1):
        word = _ANSWER.format(number)
        text = text.replace(word, f"${{{number}:{what}}}", 1).replace(word, f"${number}")
    return text.replace(_DAY.isoformat(), _TODAY)
