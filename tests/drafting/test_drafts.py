"""Drafts: whatever a person types, what is written passes `onrecord check` as it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from onrecord.drafting import drafts
from onrecord.lifecycle.relations import relate
from onrecord.lifecycle.stages import lacks
from onrecord.records.findings import Finding
from onrecord.records.reading import read_library
from onrecord.records.shapes import DECISION, HANDOFF, ROLE
from onrecord.records.vocabulary import Cadence, Direction, Stage

TODAY = date(2026, 10, 6)

TITLES = [
    "Move the pay date to the 28th",
    "Payroll: run it",
    "@ana's question",
    "\"Quoted\" and 'quoted'",
    "# Not a heading, and C#",
    "yes",
    "2026-10-06",
    "0012",
    "null",
    "- item",
    "{{ braces }} and [brackets](x.md)",
    "<script>alert(1)</script> & more",
    "*stars* _lines_ `ticks`",
    "back\\slash",
    "100% | pipe > more",
    "---",
    "🎉 party 🎉 a",
    "Über Straße",
    "支払日を28日に移す",
    "वेतन की तारीख बदलें",
    "نقل تاريخ الدفع",
    "วันจ่ายเงินเดือน",
    "a\nb\tc\u2028d",
    "x" * 900,
    "trailing colon:",
    "!!str x",
    "&anchor *alias",
]


def write(root: Path, *made: drafts.Draft) -> list[Finding]:
    (root / "decisions").mkdir(exist_ok=True)
    for draft in made:
        (root / draft.path).parent.mkdir(parents=True, exist_ok=True)
        (root / draft.path).write_bytes(draft.text.encode())
    library = read_library(root)
    return [*library.findings, *relate(library).findings]


@pytest.mark.parametrize("title", TITLES, ids=range(len(TITLES)))
def test_a_decision_of_any_title_passes_check(title: str, tmp_path: Path) -> None:
    draft = drafts.new_decision(title, TODAY, slug=drafts.slug_of(title) or "x")
    assert write(tmp_path, draft) == []
    (decision,) = read_library(tmp_path).decisions
    assert decision.title == " ".join(title.split())
    assert decision.stage is Stage.ASSESS
    assert decision.entered == ((Stage.ASSESS, TODAY),)
    assert decision.body.heading, "the title is the page's heading too"


def test_a_decision_with_all_that_may_be_known(tmp_path: Path) -> None:
    role = drafts.new_role("lead", title="Lead: all", purpose="That: it runs.", holder="ana")
    draft = drafts.new_decision(
        "T",
        TODAY,
        owner="lead",
        consulted=("bob", "carol", "Bob"),
        informed=("007",),
        due=date(2026, 10, 13),
        tags=("pay", "2026", "a, b"),
    )
    assert draft.path == "decisions/2026/t.md"
    assert write(tmp_path, role, draft) == []
    decision = read_library(tmp_path).decision["t"]
    assert decision.owner == "lead"
    assert decision.due == date(2026, 10, 13)
    assert decision.consulted == ("bob", "carol")
    assert decision.informed == ("007",)
    assert decision.tags == ("pay", "2026", "a, b")


def test_a_draft_guides_and_counts_as_unwritten() -> None:
    draft = drafts.new_decision("T", TODAY)
    for title, guide in DECISION.sections:
        assert f"## {title}\n\n<!-- {guide} -->\n" in draft.text


def test_a_draft_misses_what_its_writer_must_add(tmp_path: Path) -> None:
    write(tmp_path, drafts.new_decision("T", TODAY))
    (decision,) = read_library(tmp_path).decisions
    assert [lack.text for lack in lacks(decision, TODAY)] == [
        "nobody owns it",
        "the section “Problem” is empty",
        "the section “Proposal” is empty",
        "the section “Alternatives” is empty",
    ]


@pytest.mark.parametrize("title", TITLES, ids=range(len(TITLES)))
def test_a_role_of_any_title_and_purpose_passes_check(title: str, tmp_path: Path) -> None:
    assert write(tmp_path, drafts.new_role("lead", title=title, purpose=title)) == []
    (role,) = read_library(tmp_path).roles
    one_line = " ".join(title.split())
    assert (role.title, role.purpose, role.holder) == (one_line, one_line, "")
    assert [section.title for section in role.body.sections] == [name for name, _ in ROLE.sections]


def test_a_role_with_holder_and_backups(tmp_path: Path) -> None:
    made = drafts.new_role("lead", title="L", purpose="P", holder="1e3", backups=("no", "No", "b"))
    assert write(tmp_path, made) == []
    (role,) = read_library(tmp_path).roles
    assert (role.holder, role.backups) == ("1e3", ("no", "b"))


@pytest.mark.parametrize(
    ("giver", "receiver", "name"),
    [
        ("ana", "bob", "2026-10-06-ana-to-bob"),
        ("", "bob", "2026-10-06-vacant-to-bob"),
        ("team/ana", "b.o-b", "2026-10-06-team-ana-to-b.o-b"),
    ],
)
def test_a_handoff(giver: str, receiver: str, name: str, tmp_path: Path) -> None:
    role = drafts.new_role("lead", title="L", purpose="P", holder="ana")
    made = drafts.new_handoff(
        "lead", giver=giver, receiver=receiver, effective=TODAY, until=date(2026, 10, 20)
    )
    assert made.path == f"playbooks/lead/handoffs/{name}.md"
    assert write(tmp_path, role, made) == []
    (handoff,) = read_library(tmp_path).handoffs
    assert (handoff.giver, handoff.receiver, handoff.until) == (giver, receiver, date(2026, 10, 20))
    assert not handoff.is_accepted
    assert [s.title for s in handoff.body.sections] == [name for name, _ in HANDOFF.sections]


@pytest.mark.parametrize("target", [99, 99.25, 1_234_567, 0.0000001, -3, 1e22, None])
def test_a_metric_keeps_the_digits_of_its_target(target: float | None, tmp_path: Path) -> None:
    role = drafts.new_role("lead", title="L", purpose="P")
    both = drafts.new_metric(
        "lead",
        "on-time",
        title="On time: %",
        cadence=Cadence.WEEKLY,
        target=target,
        direction=Direction.DOWN if target is not None else None,
        unit="%",
    )
    assert [made.path.rpartition("/")[2] for made in both] == ["on-time.md", "on-time.csv"]
    assert write(tmp_path, role, *both) == []
    (metric,) = read_library(tmp_path).metrics
    assert (metric.target, metric.unit) == (target, "%")


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Move the pay date to the 28th", "move-the-pay-date-to-the-28th"),
        ("  Über  Straße_und__mehr! ", "uber-strasse-und-mehr"),
        ("支払日を28日に移す", "支払日を28日に移す"),
        ("ガイド", "ガイド"),
        ("वेतन की तारीख", "वेतन-की-तारीख"),
        ("วันจ่ายเงิน", "วันจ่ายเงิน"),
        ("🎉 party 🎉", "party"),
        ("1️⃣ first", "1-first"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\x", "c-x"),
        ("!?", ""),
        ("", ""),
    ],
)
def test_a_slug(title: str, slug: str) -> None:
    assert drafts.slug_of(title) == slug


def test_a_slug_of_a_slug_is_itself() -> None:
    for title in TITLES:
        assert drafts.slug_of(drafts.slug_of(title)) == drafts.slug_of(title)


@pytest.mark.parametrize("word", ["word", "支払日", "\U00020000" * 5, "é"])
def test_a_slug_fits_a_file_name_and_ends_with_a_word(word: str) -> None:
    slug = drafts.slug_of(f"{word} " * 100)
    assert len(slug.encode()) <= 200
    assert set(slug.split("-")) == {drafts.slug_of(word)}
    assert 0 < len(drafts.slug_of(word * 300)) <= 80
