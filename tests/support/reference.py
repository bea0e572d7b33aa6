"""The reference pages that follow from the code: front matter and findings.

In come the vocabulary and the findings' codes; out comes Markdown. The repository holds it in
`docs/reference/`, and a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from onrecord.records.findings import CODES, Severity
from onrecord.records.shapes import OWN, PERSON_KEYS, SHAPES, SOURCES, Form, Key, Shape
from onrecord.records.vocabulary import (
    ORIGIN_COLUMN,
    PEOPLE_FILE,
    SERIES_COLUMNS,
    SILENCE,
    STAGES,
    Kind,
    Outcome,
    Status,
    Verdict,
)

GENERATED = "<!-- Generated from the code by tests/docs/generate.py. Change it there. -->"

_KIND_TITLES: Mapping[Kind, str] = {
    Kind.DECISION: "Decision",
    Kind.ROLE: "Role",
    Kind.HANDOFF: "Handoff",
    Kind.METRIC: "Metric",
    Kind.REPLY: "Reply",
}


def front_matter() -> str:
    """The page on front matter and sections: every kind of record with its keys."""
    parts = [
        "# Front matter and sections",
        GENERATED,
        "A record is a Markdown file that begins with *front matter*: a line `---`, keys with "
        "values, and a line `---`. Below it is text under `##` headings. A key or word "
        "that isn't listed here is a finding, with the nearest one that is. A key of your own "
        f"begins with `{OWN}`, such as `{OWN}ticket`. It may have any value, and OnRecord doesn't "
        "read it.",
        "The id of a record is the name of its file without `.md` (for a role: of its folder). "
        'A *handle* is a person\'s name on the forge, written `ana` or `"@ana"`. A date is '
        "written `YYYY-MM-DD`. A text that has a colon followed by a space, or that begins "
        "with `@`, needs quotes.",
    ]
    for shape in SHAPES.values():
        parts += _shape(shape)
    parts += [
        "## People",
        f"`{PEOPLE_FILE}` is optional. If it exists, a person whom it doesn't name is a "
        "finding. Each handle may have:",
        _keys(PERSON_KEYS),
        _yaml(["alice:", *(_indented(key.example) for key in PERSON_KEYS)]),
        "## Words",
        "### Stages",
        _table(
            ("`stage`", "What happens", "It moves on when"),
            ((f"`{s}`", s.meaning.what, _sentence(s.meaning.moves_on)) for s in STAGES),
        ),
        "If somebody who was consulted doesn't answer, you may note it once `due` has passed: "
        f"`- [x] @carol: {SILENCE} by 2026-10-05`.",
        "### Outcomes",
        _table(
            ("`outcome`", "Possible from"),
            ((f"`{outcome}`", f"`{outcome.earliest}` on") for outcome in Outcome),
        ),
        "### Status",
        "Nobody writes a status. OnRecord works it out from `outcome` and from the `supersedes` of "
        "other decisions.",
        _table(
            ("Status", "Meaning"),
            ((str(status), status.meaning) for status in Status),
        ),
        "### Verdicts on a precedent",
        _table(
            ("`verdict`", "Meaning"),
            ((f"`{verdict}`", _sentence(verdict.meaning)) for verdict in Verdict),
        ),
    ]
    return "\n\n".join(parts) + "\n"


def findings() -> str:
    """The page on what `onrecord check` can say: every code, errors first."""
    parts = [
        "# Findings",
        GENERATED,
        "Every fault that `onrecord check` can report. Each finding names the file, line and "
        "column, says what is wrong, and shows how to write it. Errors and warnings both make the "
        "exit status 1. "
        "For how to work through a list of them, see "
        "[Read what check says](../how-to/read-what-check-says.md).",
    ]
    for severity, title, what in (
        (Severity.ERROR, "Errors", "Something can't be read or followed."),
        (Severity.WARNING, "Warnings", "Something contradicts itself or will surprise a reader."),
    ):
        rows = ((f"`{code}`", said) for code, (its, said) in CODES.items() if its is severity)
        parts += [f"## {title}", what, _table(("Code", "What it means"), rows)]
    return "\n\n".join(parts) + "\n"


def _shape(shape: Shape) -> Iterator[str]:
    yield f"## {_KIND_TITLES[shape.kind]}"
    yield f"`{shape.place}`"
    yield _keys(shape.keys)
    yield "Each key as it is written, to copy from (no record needs them all):"
    yield _yaml([key.example for key in shape.keys])
    if shape.kind is Kind.METRIC:
        columns = ",".join(SERIES_COLUMNS)
        yield (
            "The values are beside it, in a file of the same name that ends in `.csv`. Its "
            f"first line is `{columns}`; each further line is one value, such as "
            "`2026-10-05,99.2,one file late`. The note may be empty. `onrecord collect` adds "
            f"a fourth column, `{ORIGIN_COLUMN}`: what the value was read from, when, the digest "
            "of the answer and the number it held."
        )
        yield "`collect` names one source, and what to read there:"
        yield _table(
            ("Source", "What it reads", "Example"),
            ((f"`{s}`", form.meaning, f"`{form.example}`") for s, form in SOURCES.items()),
        )
    if shape.sections:
        yield "Sections, each a `##` heading:"
        yield _table(("Section", "What it says"), shape.sections)


def _keys(keys: Iterable[Key]) -> str:
    return _table(
        ("Key", "Value", "Meaning"),
        (
            (f"`{key.name}`{' (required)' if key.required else ''}", _form(key.form), key.meaning)
            for key in keys
        ),
    )


def _form(form: Form) -> str:
    if form.words is not None:
        return " or ".join(f"`{word}`" for word in form.words)
    return f"`{form.value}`" if form is Form.DATE else form.value


def _yaml(lines: Iterable[str]) -> str:
    return "\n".join(["```yaml", *lines, "```"])


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."
