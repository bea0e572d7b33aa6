"""The one comment of a branch: what it says, how long it is, and that people's text is text."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from onrecord.forges.branch import Branch, branch_of
from onrecord.forges.comment import LONGEST, STATUS_MARK, Places, status_comment
from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.precedents.before import Before, documents_of
from onrecord.precedents.engine import Engine
from onrecord.records.findings import finding
from onrecord.records.vocabulary import Stage

TODAY = date(2026, 10, 6)
FILES = "https://forge.example/team/handbook/blob/abc"

ROLE = "---\ntitle: Payroll lead\npurpose: Everyone is paid.\nholder: alice\n---\n"
PAY = """---
title: Move the pay date
stage: {stage}
owner: payroll-lead
entered: {{assess: 2026-09-14}}
consulted: [bob]
---

## Problem

Rents are due on the 1st.

## Feedback

- [ ] @bob: What about holidays?
"""
HANDOFF = """---
from: alice
to: bob
effective: 2026-10-07
---

## Open loops

- [ ] Send the file @bob
- [x] Call the bank @alice
"""
OTHER = "---\ntitle: Buy a kettle\nstage: asess\n---\n"


def branch(
    root: Path, files: dict[str, str], were: dict[str, Stage | None] | None = None
) -> Branch:
    (root / "decisions").mkdir(exist_ok=True)
    for path, text in {"playbooks/payroll-lead/index.md": ROLE, **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    base = KnowledgeBase.open(root, TODAY)
    memory = Before(base.library, base.relations, Engine(documents_of(base.library)))
    paths = list(files)
    return branch_of(
        base.library, base.relations, lambda: memory, base.findings, paths, were or {}, TODAY
    )


def test_the_comment_says_what_to_fix_where_decisions_stand_and_whose_turn_it_is(
    tmp_path: Path,
) -> None:
    files = {
        "decisions/pay date.md": PAY.format(stage="review"),
        "decisions/kettle.md": OTHER,
        "playbooks/payroll-lead/handoffs/h.md": HANDOFF,
    }
    found = branch(tmp_path, files, {"decisions/pay date.md": Stage.ASSESS})
    pages = {"decisions/pay date.md": "decisions/pay date.html"}
    comment = status_comment(found, Places(FILES, "https://preview.example/3", "", pages))
    assert comment == (
        "<!-- onrecord: status -->\n"
        "## On record\n"
        "\n"
        "2 decisions, 1 handoff, 3 files in all: **2 findings**, 2 gates still closed.\n"
        "\n"
        "### To fix: 2\n"
        "\n"
        f"- [`decisions/kettle.md`, line 3]({FILES}/decisions/kettle.md?plain=1#L3): "
        '\\`asess\\` is not a stage; *did you mean "assess"? '
        "write one of assess, collaborate, review, integrate, align*\n"
        f"- [`decisions/pay date.md`, line 3]({FILES}/decisions/pay%20date.md?plain=1#L3): "
        "\\`stage\\` is review, but the last stage of \\`entered\\` is assess; "
        "*add the day review began: review: YYYY-MM-DD*\n"
        "\n"
        "### Decisions\n"
        "\n"
        "#### Buy a kettle\n"
        "\n"
        f"Its stage can't be read. [`decisions/kettle.md`]({FILES}/decisions/kettle.md)\n"
        "\n"
        "#### Move the pay date\n"
        "\n"
        "Now in **review** (3 of 5); it was in assess. "
        f"[`decisions/pay date.md`]({FILES}/decisions/pay%20date.md)\n"
        "\n"
        "**It passes over collaborate**: stages are taken one at a time.\n"
        "\n"
        "Missing before it can move on to integrate:\n"
        "\n"
        "- 1 of 1 feedback items are not resolved (payroll-lead), "
        f"[line 15]({FILES}/decisions/pay%20date.md?plain=1#L15)\n"
        "- the section “Review” is missing (payroll-lead): `## Review`\n"
        "\n"
        "### Handoffs\n"
        "\n"
        "- **Payroll lead**, alice to bob from 2026-10-07: offered. "
        "Missing: the receiver's own words under “Read-back” and the day, as "
        "\\`accepted\\_on\\`. 1 open loop. "
        f"[`playbooks/payroll-lead/handoffs/h.md`]({FILES}/playbooks/payroll-lead/handoffs/h.md)\n"
        "\n"
        "### Preview\n"
        "\n"
        "[The site with this branch](https://preview.example/3/index.html)\n"
        "\n"
        "- [Move the pay date](https://preview.example/3/decisions/pay%20date.html)\n"
    )


def test_without_addresses_it_links_nowhere(tmp_path: Path) -> None:
    comment = status_comment(branch(tmp_path, {"decisions/kettle.md": OTHER}), Places())
    assert "](" not in comment
    assert "- `decisions/kettle.md`, line 3: " in comment
    assert "Preview" not in comment


def test_a_branch_that_changes_nothing_on_record_says_so(tmp_path: Path) -> None:
    assert status_comment(branch(tmp_path, {}), Places()) == (
        f"{STATUS_MARK}\n## On record\n\nThis branch changes no file here.\n"
    )
    said = status_comment(branch(tmp_path, {"docs/index.md": "# Hello\n"}), Places())
    assert said.endswith("\n1 file in all: **no findings**.\n")


def test_findings_of_other_files_are_counted_only(tmp_path: Path) -> None:
    (tmp_path / "decisions").mkdir()
    (tmp_path / "decisions/old.md").write_text(OTHER)
    found = branch(tmp_path, {"docs/index.md": "# Hello\n"})
    said = status_comment(found, Places())
    assert "In files it doesn't change: 1 finding; `onrecord check` lists them." in said
    assert "kettle" not in said


@pytest.mark.parametrize(
    ("front", "said"),
    [
        (
            "stage: align\noutcome: accepted\ndecided: 2026-10-01",
            "**accepted**, and nothing is left",
        ),
        ("stage: align\noutcome: accepted\ninformed: [bob]", "**accepted**, in **align** (5 of 5)"),
        ("stage: review\noutcome: rejected", "**rejected**, and nothing is left to do."),
        ("stage: assess", "New, in **assess** (1 of 5)."),
    ],
)
def test_it_says_where_a_decision_stands(tmp_path: Path, front: str, said: str) -> None:
    text = f"---\ntitle: Pay\nowner: payroll-lead\n{front}\n---\n"
    assert said in status_comment(branch(tmp_path, {"decisions/pay.md": text}), Places())


def test_an_open_gate_says_so(tmp_path: Path) -> None:
    text = PAY.format(stage="assess") + "\n## Proposal\n\nPay early.\n\n## Alternatives\n\nNone.\n"
    said = status_comment(branch(tmp_path, {"decisions/pay.md": text}), Places())
    assert "Nothing is missing: it can move on to collaborate." in said
    assert "gate" not in said


BEGUN = """---
title: {}
stage: assess
owner: payroll-lead
entered: {{assess: 2026-09-{}}}
---

## Problem

{}
"""
PROBLEMS = (
    "Tickets pile up over the weekend, as nobody in support is on call on Saturday.",
    "The coffee machine leaks, and its repair costs more than a new kettle.",
    "Invoices are typed by hand into the ledger, which takes the bookkeeper a day.",
    "The office lease ends in March, while half of the desks stand empty.",
    "Laptops are bought without a list, so that spare chargers can't be found.",
)


def test_what_is_only_begun_is_not_compared(tmp_path: Path) -> None:
    files = {
        f"decisions/d{number}.md": BEGUN.format(problem[:12], 10 + number, problem)
        for number, problem in enumerate(PROBLEMS)
    }
    for problem, is_compared in ((PROBLEMS[0], True), ("<!-- What is wrong. -->", False)):
        files["decisions/new.md"] = BEGUN.format("Answer on weekends", 20, problem)
        said = status_comment(branch(tmp_path, files), Places())
        (part,) = [one for one in said.split("#### ") if one.startswith("Answer on weekends\n")]
        assert ("We had this before" in part) is is_compared


HARMFUL = "@ana <img src=x> [x](https://evil.example) ![](https://evil.example/a) `c` #12 | a\\\n/x"


def test_what_people_wrote_appears_as_text_wherever_it_stands(tmp_path: Path) -> None:
    quoted = HARMFUL.replace("\\", "\\\\").replace("\n", "\\n")
    pay = PAY.format(stage="review").replace("Move the pay date", f'"{quoted}"')
    pay = pay.replace("owner: payroll-lead", f'owner: "{quoted}"')
    files = {
        "decisions/pay.md": pay,
        "decisions/we](x) `rd <b>.md": PAY.format(stage="assess"),
        "playbooks/payroll-lead/index.md": ROLE.replace("Payroll lead", f'"{quoted}"'),
        "playbooks/payroll-lead/handoffs/h.md": HANDOFF.replace("bob\n", f'"{quoted}"\n', 1),
    }
    found = branch(tmp_path, files)
    pages = {path: path for path in files}
    for places in (
        Places(FILES, "https://preview.example/3", "", pages),
        Places("", "", "https://forge.example/zip", pages, "CODE`OWNERS"),
    ):
        comment = status_comment(found, places)
        tokens = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(comment)
        assert [t.content for t in tokens if t.type == "html_block"] == [f"{STATUS_MARK}\n"]
        for child in (child for token in tokens for child in token.children or ()):
            assert child.type not in ("image", "html_inline", "s_open"), child
            if child.type == "link_open":
                address = str(child.attrs["href"])
                assert address.startswith(("https://forge.example/", "https://preview.example/3/"))
        assert "@ana" not in comment
        assert "https://evil" not in comment


def test_it_is_never_longer_than_a_forge_takes(tmp_path: Path) -> None:
    files = {
        f"decisions/pay-{number:03}.md": PAY.format(stage="review").replace("pay date", "🦊" * 300)
        for number in range(300)
    }
    found = branch(tmp_path, files)
    many = tuple(finding("decisions/a.md", "key-missing", "🦊" * 300, "x") for _ in range(400))
    comment = status_comment(found._replace(findings=many), Places(FILES))
    assert len(comment.encode("utf-16-le")) // 2 < LONGEST + 100
    assert "… and 350 more; see `onrecord check`" in comment
    assert comment.endswith("`onrecord status --changed …` shows the rest.\n")
