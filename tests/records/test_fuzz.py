"""Fuzzing: no text makes the reader fail, lose words or change what it wasn't asked to."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutations import mutated as mutated_files
from onrecord.drafting.drafts import new_decision, slug_of
from onrecord.lifecycle.advance import advance, planned
from onrecord.lifecycle.relations import relate
from onrecord.lifecycle.stages import lacks, steps, waits_for
from onrecord.records.edits import applied
from onrecord.records.findings import CODES, Finding, in_order
from onrecord.records.library import Library
from onrecord.records.reading import read_library
from onrecord.records.reading.frontmatter import decoded
from onrecord.records.reading.markdown import body_of
from onrecord.records.reading.records import (
    decision_of,
    handoff_of,
    metric_of,
    page_of,
    people_of,
    role_of,
)
from onrecord.records.reading.series import values_of
from onrecord.records.shapes import DECISION, SHAPES
from onrecord.records.vocabulary import Outcome, Stage

TODAY = date(2026, 10, 6)
KNOWN = ("index.md", "people.yml")
"""Names by which a file is known; the others may have any."""
GOOD = Path(__file__).parents[1] / "fixtures" / "good"
RECORDS = [f.read_bytes() for f in sorted((GOOD / "decisions").rglob("*.md"))]
LINE_STARTS = (b"stage:", b"entered:", b"  ", b"due:", b"outcome:", b"decided:")

SECTIONS = [title for title, _ in DECISION.sections]

KEYS = sorted({key.name for shape in SHAPES.values() for key in shape.keys})
VALUES = [
    "",
    " ~",
    " review",
    " assess",
    " accepted",
    " 2026-10-05",
    " 2026-02-30",
    " [a, b]",
    " [a, , b]",
    " {assess: 2026-10-01}",
    "\n  assess: 2026-10-01\n  review: 2026-09-01",
    "\n  - record: a\n    verdict: differs",
    "\n  - a\n  -",
    " @ana",
    ' "@ana"',
    " &x [*x]",
    " *x",
    " !!binary x",
    " |\n  text\n  more",
    " 'open",
    " [open",
    "\t- tab",
    " 12",
    " .inf",
    " yes",
    " <b>",
]
SIGNS = st.sampled_from(
    [
        "---",
        ":",
        "- [ ] @bob: ",
        "## Feedback",
        "```",
        "<!--",
        "-->",
        "](x.md)",
        "`",
        "@",
        "#",
        "é",
        "%",
        "  ",
        "\n",
        "\t",
        "\r\n",
        "\r",
        "\u2028",
        "\ufeff",
        "\x85",
        "\x00",
        "\ud7ff",
    ]
)
texts = st.lists(SIGNS | st.text(max_size=8), max_size=30).map("".join)
fronts = st.lists(
    st.tuples(st.sampled_from([*KEYS, "entred", "@x", "?"]), st.sampled_from(VALUES)), max_size=8
).map(lambda pairs: "".join(f"{key}:{value}\n" for key, value in pairs))
documents = st.one_of(
    texts,
    st.tuples(fronts, texts).map(lambda parts: f"---\n{parts[0]}---\n{parts[1]}"),
    st.tuples(texts, fronts, texts).map(lambda parts: "".join(parts)),
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A good record with some bytes taken out and others put in."""
    data = draw(st.sampled_from(RECORDS))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, min(len(data), 500)))
        end = draw(st.integers(start, min(len(data), start + 20)))
        data = data[:start] + draw(st.binary(max_size=4) | texts.map(str.encode)) + data[end:]
    return data


@st.composite
def ready(draw: st.DrawFn) -> bytes:
    """A record that may move on, written in one of many styles."""
    stage = draw(st.sampled_from(list(Stage)))
    entered = ["", " # days", " ~", " {}", f" {{{stage}: 2026-10-01}}", f" {{{stage}: }}"]
    entered += [
        f"\n  {stage}: 2026-10-01 # since",
        f"\n    # a\n    {stage}: '2026-10-01'\n    # b",
    ]
    lines = [
        "title: T # a title",
        "stage: " + draw(st.sampled_from(["%s", "'%s'", '"%s"', "  %s # now"])) % stage,
        "owner: ana",
        "consulted: [bob]",
        "# a comment",
        *draw(st.lists(st.sampled_from(["", "# \u2028", "tags: [a]", "unknown: 1"]), unique=True)),
    ]
    if draw(st.booleans()):
        lines.append("entered:" + draw(st.sampled_from(entered)))
    for key in ("due", "outcome", "decided"):
        if draw(st.booleans()):
            lines.append(f"{key}:" + draw(st.sampled_from(["", " # none", " ~", " null", ' ""'])))
    front = "\n".join(draw(st.permutations(lines)))
    body = "".join(f"\n## {title}\n\n- [x] @bob: fine\n" for title in SECTIONS)
    text = f"---\n{front}\n---\n{body}".replace("\n", draw(st.sampled_from(["\n", "\r\n", "\r"])))
    return (draw(st.sampled_from(["", "\ufeff"])) + text).encode()


def are_well_formed(findings: list[Finding]) -> bool:
    return all(
        f.line >= 1
        and f.column >= 1
        and f.code in CODES
        and f.message.isprintable()
        and f.hint.isprintable()
        and f.message
        and f.hint
        for f in findings
    )


def everything_of(data: bytes) -> None:
    text, faults = decoded("decisions/x.md", data)
    assert "\r" not in text
    decision, more = decision_of("decisions/x.md", text)
    role, of_role = role_of("playbooks/x/index.md", text)
    handoff, of_handoff = handoff_of("playbooks/x/handoffs/x.md", text)
    metric, of_metric = metric_of("playbooks/x/metrics/x.md", text)
    people, of_people = people_of("playbooks/people.yml", text)
    _, of_series = values_of("playbooks/x/metrics/x.csv", text)
    library = Library(
        decisions=(decision,),
        roles=(role,),
        handoffs=(handoff,),
        metrics=(metric,),
        people=people,
        pages=(page_of("docs/x.md", text),),
        has_people_file=True,
    )
    found = [*faults, *more, *of_role, *of_handoff, *of_metric, *of_people, *of_series]
    found += relate(library).findings
    assert are_well_formed(found)
    assert list(in_order(found)) == sorted(set(found))
    assert all(f.line <= text.count("\n") + 1 for f in found)
    assert len(steps(decision, TODAY)) == len(Stage)
    assert all(lack.text for lack in lacks(decision, TODAY))
    assert isinstance(waits_for(decision), tuple)


@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes) -> None:
    everything_of(data)


@given(documents)
def test_any_text_is_read(text: str) -> None:
    everything_of(text.encode("utf-8", errors="replace"))


@given(mutated())
def test_any_mutation_of_a_good_record_is_read(data: bytes) -> None:
    everything_of(data)


@pytest.mark.parametrize("seed", range(3))
def test_damaged_files_of_each_kind_are_read(tmp_path: Path, seed: int) -> None:
    """A share of what benchmarks/mutations.py tries, which renders them too."""
    for number, (path, data) in enumerate(mutated_files(100, seed)):
        folder, _, name = path.rpartition("/")
        file = tmp_path / folder / (name if name in KNOWN else f"m{number}-{name}")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    library = read_library(tmp_path)
    found = [*library.findings, *relate(library).findings]
    assert are_well_formed(found)
    assert "file-unread" not in {fault.code for fault in found}
    assert len(library.decisions) > 20


@given(fronts, texts)
def test_a_body_that_is_put_in_comes_out(front: str, body: str) -> None:
    body = body.replace("\r", "\n").replace("\x00", "")
    decision, _ = decision_of("decisions/x.md", f"---\ntitle: T\n{front}---\n{body}")
    if decision.body.line == front.count("\n") + 4:
        assert decision.body.text == body
    else:  # the front matter ended earlier, or not at all: its rest is text too
        assert decision.body.text.endswith(body)


@given(texts)
def test_a_text_without_front_matter_stays_whole(text: str) -> None:
    text = "x" + text.replace("\r", "\n")
    assert decision_of("decisions/x.md", text)[0].body.text == text


@given(texts)
def test_the_structure_of_any_text_lies_within_it(text: str) -> None:
    body = body_of(text)
    lines = text.split("\n")
    for section in body.sections:
        assert lines[section.line - 1].lstrip().startswith("##")
        for task in section.tasks:
            assert "[" in lines[task.line - 1]
            assert section.line < task.line
    for link in body.links:
        assert lines[link.line - 1][link.column - 1 :]
    assert [link.line for link in body.links] == sorted(link.line for link in body.links)


@given(
    ready() | ready() | mutated(),
    st.sampled_from([None, *Outcome]),
    st.none() | st.dates(),
)
def test_an_advance_changes_no_other_line(
    data: bytes, outcome: Outcome | None, due: date | None
) -> None:
    decision, _ = decision_of("decisions/x.md", decoded("decisions/x.md", data)[0])
    shown = planned(decision, data, TODAY, outcome, due)  # what a page tells a person to write
    result = advance(decision, shown, data)
    if result.data is None:
        assert result.refusal or result.lacks
        return
    assert applied(data, shown.edits) == result.data
    before, after = data.splitlines(keepends=True), result.data.splitlines(keepends=True)
    kept = [line for line in before if line in after]
    changed = [line for line in before if line not in after]
    added = [line for line in after if line not in before]
    assert [line for line in after if line in before] == kept
    for line in changed + added:
        assert line.removeprefix(b"\xef\xbb\xbf").startswith(LINE_STARTS)
    assert len(changed) <= 5
    again, _ = decision_of("decisions/x.md", decoded("decisions/x.md", result.data)[0])
    assert result.decision is not None
    assert again.stage is result.decision.stage
    assert again.outcome is result.decision.outcome


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60))
def test_any_title_makes_a_draft_without_findings(title: str) -> None:
    title = " ".join(title.split()) or "x"
    draft = new_decision(title, TODAY, slug=slug_of(title) or "x")
    decision, faults = decision_of(draft.path, decoded(draft.path, draft.text.encode())[0])
    assert faults == []
    assert decision.title == title
    assert relate(Library(decisions=(decision,))).findings == ()
