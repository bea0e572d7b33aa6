"""Blanks: one text for the command line and for the forms of the site."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from onrecord.drafting import record_templates
from onrecord.drafting.record_templates import (
    DECISION_BLANK,
    HANDOFF_BLANK,
    ROLE_BLANK,
    As,
    Blank,
    Gap,
    filled,
)
from onrecord.site import pages

SCRIPT = Path(pages.__file__).parent / "assets/forms/blank.js"


def plainly(form: As, value: record_templates.Value) -> str:
    return value if isinstance(value, str) else ", ".join(value)


def test_a_gap_without_a_value_takes_its_surroundings_along() -> None:
    parts = ("a:", Gap("x", As.PLAIN, " ", "!"), "\nb: [", Gap("y", As.STRINGS), "]")
    assert filled(parts, {"x": "1", "y": ("p", "q")}, plainly) == "a: 1!\nb: [p, q]"
    assert filled(parts, {}, plainly) == "a:\nb: []"


@pytest.mark.parametrize("blank", [DECISION_BLANK, ROLE_BLANK, HANDOFF_BLANK])
def test_a_blank_as_json_holds_all_of_it(blank: Blank) -> None:
    data = json.loads(json.dumps(blank.as_data()))
    for parts, again in ((blank.path, data["path"]), (blank.text, data["text"])):
        read = tuple(
            part
            if isinstance(part, str)
            else Gap(part["gap"], As(part["as"]), part["lead"], part["tail"])
            for part in again
        )
        assert read == parts


def test_the_script_writes_every_form() -> None:
    written = re.search(
        r"const WRITE = \{(.*?)^\}", SCRIPT.read_text(encoding="utf-8"), re.M | re.S
    )
    assert written is not None
    names = set(re.findall(r"^  (\w+)[,:]", written[1], re.M))
    assert names == {form.value for form in As}
