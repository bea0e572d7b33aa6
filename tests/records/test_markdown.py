"""The structure of a text: what is content, and what only looks like it."""

from __future__ import annotations

import pytest

from onrecord.records.model import Link, Task
from onrecord.records.reading.markdown import body_of
from onrecord.records.reading.records import decision_of


def titles(text: str) -> list[str]:
    return [section.title for section in body_of(text).sections]


def tasks(text: str) -> list[Task]:
    return [task for section in body_of(text).sections for task in section.tasks]


def links(text: str) -> list[str]:
    return [link.target for link in body_of(text).links]


# Sections


def test_a_section_runs_to_the_next_heading_of_its_level_or_above() -> None:
    body = body_of("# A\n\nhead\n\n## One\n\n1\n\n### Under\n\n2\n\n## Two\n\n3\n\n# B\n\n4\n", 10)
    assert [(s.title, s.line, s.text) for s in body.sections] == [
        ("One", 14, "1\n\n### Under\n\n2"),
        ("Two", 22, "3"),
    ]
    assert body.heading == "A"
    assert body.line == 10


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("## Problem", "Problem"),
        ("   ##\tProblem  ", "Problem"),
        ("## Problem ##", "Problem"),
        ("## Problem {#problem}", "Problem"),
        ("## Problem ## {: .wide }", "Problem"),
        ("## Problem <!-- guide -->", "Problem"),
        ("## C#", "C#"),
        ("## ##", ""),
    ],
)
def test_a_heading_is_read_without_its_signs(line: str, title: str) -> None:
    assert titles(line + "\n\ntext\n") == [title]


@pytest.mark.parametrize("line", ["##Problem", "    ## Problem", "####### Problem", "text ## x"])
def test_what_is_no_heading(line: str) -> None:
    assert titles(f"{line}\n") == []


def test_sections_are_found_in_any_case_and_the_first_counts() -> None:
    body = body_of("## PROBLEM\n\nfirst\n\n## Problem\n\nsecond\n")
    section = body.section("problem")
    assert section is not None
    assert section.text == "first"
    assert body.section("Proposal") is None


def test_a_template_s_guidance_is_not_written() -> None:
    body = body_of("## A\n\n<!-- what\n\n## B\n\nto write -->\n\n## C\n\nx <!-- y --> z\n")
    assert [(s.title, s.text, s.is_written) for s in body.sections] == [
        ("A", "", False),
        ("C", "x  z", True),
    ]


def test_a_comment_that_never_ends_hides_nothing() -> None:
    assert titles("## A\n\n<!-- open\n\n## B\n") == ["A", "B"]


def test_a_comment_in_a_code_span_or_a_fence_hides_nothing() -> None:
    body = body_of(
        "## A\n\nWrite `<!--` to hide.\n\n```\n<!--\n```\n\n## B\n\n`` <!-- ` ``\n\n## C\n"
    )
    assert [s.title for s in body.sections] == ["A", "B", "C"]
    assert "<!--" in body.sections[0].text


def test_a_title_keeps_its_code_and_loses_its_comments() -> None:
    assert titles("## Write `<!--` first <!-- really --> ##\n") == ["Write `<!--` first"]


# Fences


@pytest.mark.parametrize(
    ("opened", "closed"),
    [
        ("```", "```"),
        ("```yaml title='x'", "```"),
        ("````", "`````"),
        ("~~~ a `b`", "~~~"),
        ("   ```", "   ```"),
        ("- ```", "  ```"),
        ("1. ```", "   ```"),
        ("> ```", "> ```"),
        ("  - x\n\n        ```", "        ```"),
    ],
)
def test_what_stands_in_a_fence_is_an_example(opened: str, closed: str) -> None:
    text = f"## A\n\n{opened}\n## B\n- [ ] @bob: x\n[x](x.md)\n{closed}\n\n## C\n"
    assert titles(text) == ["A", "C"]
    assert tasks(text) == []
    assert links(text) == []


@pytest.mark.parametrize(
    "inside", ["````\n```\n## B\n````", "```\n~~~\n## B\n```", "```\n``` x\n## B\n```"]
)
def test_a_fence_ends_with_its_own_signs(inside: str) -> None:
    assert titles(f"{inside}\n\n## C\n") == ["C"]


def test_a_fence_that_never_ends_runs_to_the_end() -> None:
    assert titles("## A\n\n```\n## B\n") == ["A"]


@pytest.mark.parametrize("line", ["```code```", "``x``", "    ```", "- ```"])
def test_what_is_no_fence(line: str) -> None:
    assert titles(f"{line}\n\n## A\n") == ["A"]


# Task-list lines


@pytest.mark.parametrize(
    ("line", "task"),
    [
        ("- [ ] @bob: why?", Task(False, "bob", "why?", 2)),
        ("* [x] @Bob why?", Task(True, "bob", "why?", 2)),
        ("+ [X] @bob, why?", Task(True, "bob", "why?", 2)),
        ("1. [ ] @bob: why?", Task(False, "bob", "why?", 2)),
        ("   - [ ]   @team/bob.b-1: why?", Task(False, "team/bob.b-1", "why?", 2)),
        ("- [ ] @bob. Why?", Task(False, "bob", ". Why?", 2)),
        ("- [ ] @zoë: why?", Task(False, "zoë", "why?", 2)),
        ("- [x] done by hand", Task(True, "", "done by hand", 2)),
        ("- [ ] @: why?", Task(False, "", "@: why?", 2)),
        ("- [ ] <b>@bob</b>", Task(False, "", "<b>@bob</b>", 2)),
    ],
)
def test_a_task_list_line(line: str, task: Task) -> None:
    assert tasks(f"## A\n{line}\n") == [task]


@pytest.mark.parametrize("line", ["- [ ]", "- []  x", "-[ ] x", "- [y] x", "[ ] x", "`- [ ] x`"])
def test_what_is_no_task(line: str) -> None:
    assert tasks(f"## A\n{line}\n") == []


def test_tasks_belong_to_their_section_and_know_their_line() -> None:
    text = "- [ ] before\n## A\n- [ ] one\n### Under\n- [x] two\n## B\n- [ ] three"
    read = body_of(text, 7)
    assert [[(t.text, t.line) for t in s.tasks] for s in read.sections] == [
        [("one", 9), ("two", 11)],
        [("three", 13)],
    ]


# Links


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("[a](b.md)", "b.md"),
        ("[a](b.md#part)", "b.md"),
        ("[a](b.md?x=1)", "b.md"),
        ('[a](b.md "title")', "b.md"),
        ("[a](<b c.md>)", "b c.md"),
        ("[a](b%20c.md)", "b c.md"),
        ("[a](b(c).md)", "b(c).md"),
        ("[a]( ../b.md )", "../b.md"),
        ("![a](b.png)", "b.png"),
        ("[![a](b.png)](https://example.org)", "b.png"),
        ("[a][r]\n\n[r]: <b.md>", "b.md"),
        ("[r]: b.md 'title'", "b.md"),
    ],
)
def test_a_relative_link(text: str, target: str) -> None:
    assert links(text) == [target]


@pytest.mark.parametrize(
    "text",
    [
        "[a](https://example.org/b.md)",
        "[a](mailto:a@b.c)",
        "[a](//example.org/b.md)",
        "[a](/b.md)",
        "[a](#part)",
        "[a]()",
        "[a]({{ b }})",
        "\\[a\\](b.md)",
        "`[a](b.md)`",
        "`` ` [a](b.md) ``",
        "<!-- [a](b.md) -->",
        "<!--\n[a](b.md)\n-->",
        "[^1]: b.md",
        "text [r]: b.md",
    ],
)
def test_what_is_no_relative_link(text: str) -> None:
    assert links(text) == []


def test_a_lone_backtick_hides_no_link() -> None:
    assert links("a ` b [a](b.md)\n\n`x` [c](d.md) `y`\n\n\\`[e](f.md)\\`") == [
        "b.md",
        "d.md",
        "f.md",
    ]


def test_a_link_knows_where_its_target_stands() -> None:
    text = "[a](b.md) [é](<c d.md>)\n\n  [r]: e.md\n[f](\ng.md)"
    assert body_of(text, 5).links == (
        Link("b.md", 5, 5),
        Link("c d.md", 5, 16),
        Link("e.md", 7, 8),
        Link("g.md", 9, 1),
    )


def test_a_link_leads_from_its_record() -> None:
    record, _ = decision_of("decisions/2026/a.md", "---\n---\n[x](../b.md) [y](../../../z)")
    assert [record.target_of(link) for link in record.body.links] == ["decisions/b.md", "../z"]
