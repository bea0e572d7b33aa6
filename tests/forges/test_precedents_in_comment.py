"""What the comment says of earlier decisions, and that what people wrote appears as text."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from markdown_it import MarkdownIt

from onrecord.forges.branch import Branch, Gate
from onrecord.forges.comment import LONGEST, STATUS_MARK, Places, status_comment
from onrecord.precedents.before import Earlier
from onrecord.precedents.engine import Quote, Why
from onrecord.records.model import Decision, Precedent
from onrecord.records.vocabulary import Outcome, Stage, Status, Verdict


def decision(title: str, name: str = "pay-date", **more: object) -> Decision:
    return Decision(id=name, path=f"decisions/{name}.md", title=title, **more)  # type: ignore[arg-type]


def comment_of(found: list[tuple[Decision, list[Earlier], list[Earlier]]]) -> str:
    """The comment of a branch that changes these decisions, and nothing is missing from them."""
    gates = tuple(
        Gate(one, Status.OPEN, None, True, (), tuple(earlier), tuple(to_answer))
        for one, earlier, to_answer in found
    )
    paths = tuple(one.path for one, *_ in found)
    return status_comment(Branch(paths, (), 0, gates, (), ()), Places())


OLD = decision("Choose a payroll tool", "payroll-tool", decided=date(2024, 2, 20))
QUOTE = Quote("Take the tool with an export of pay dates.", ((32, 35), (36, 41)))


def test_the_comment_says_what_there_was_and_what_waits_for_an_answer() -> None:
    answered = Earlier(
        decision("Pay twice a month", "twice", decided=date(2025, 3, 1)),
        Status.REJECTED,
        0.5,
        Why(tags=("payroll",)),
        Precedent("twice", Verdict.DIFFERS, "One date, not two."),
    )
    close = Earlier(OLD, Status.SUPERSEDED, 0.8, Why(quotes=(QUOTE,)))
    new = decision("Move the pay date", stage=Stage.ASSESS)
    alone = decision("Buy a kettle", "kettle", stage=Stage.ASSESS)
    said = comment_of([(new, [answered, close], [close]), (alone, [], [])])
    _, _, about = said.partition("#### Move the pay date\n")
    assert about.partition("We had this before:\n")[2] == (
        "\n"
        "- **Pay twice a month** (rejected, 2025-03-01; may help, tag payroll; "
        "this one **differs**), `decisions/twice.md`\n"
        "- **Choose a payroll tool** (superseded, 2024-02-20; very close; not answered yet), "
        "`decisions/payroll-tool.md`\n"
        "  > Take the tool with an export of **pay** **dates**.\n"
        "\n"
        "\n"
        "**To answer before it moves on: 1.** In the front matter of `decisions/pay-date.md`, "
        "say how:\n"
        "\n"
        "```yaml\n"
        "precedents:\n"
        "  - record: payroll-tool\n"
        "    verdict: differs   # or repeats, extends, reverses\n"
        "    why: …\n"
        "```\n"
        "\n"
        "\n"
        "#### Buy a kettle\n"
        "\n"
        "New, in **assess** (1 of 5). `decisions/kettle.md`\n"
        "\n"
        "Nothing is missing: it can move on to collaborate.\n"
    )


def test_what_is_answered_or_superseded_is_not_asked_for() -> None:
    told = Precedent("payroll-tool", Verdict.REPEATS, "The same again.")
    answered = Earlier(OLD, Status.ACCEPTED, 0.9, Why(), told)
    assert "not answered" not in comment_of([(decision("New"), [answered], [])])
    replacing = decision("New", supersedes=("payroll-tool",))
    found = Earlier(OLD, Status.ACCEPTED, 0.9, Why())
    assert "not answered" not in comment_of([(replacing, [found], [])])
    half = Earlier(OLD, Status.ACCEPTED, 0.9, Why(), Precedent("payroll-tool", None, ""))
    assert "; not answered yet)" in comment_of([(decision("New"), [half], [])])


def test_what_the_gate_lets_pass_is_not_asked_for() -> None:
    may_help = Earlier(OLD, Status.ACCEPTED, 0.4, Why())
    said = comment_of([(decision("New"), [may_help], [])])
    assert "; may help; not answered yet)" in said
    assert "To answer" not in said
    closed = decision("New", outcome=Outcome.ACCEPTED)
    assert "not answered" not in comment_of([(closed, [may_help], [])])


HARMFUL = [
    "**bold** _thin_ ~~gone~~",
    "[here](https://elsewhere.example/)",
    "![](https://elsewhere.example/x.png)",
    "<img src=x onerror=alert(1)>",
    "</details><script>alert(1)</script>",
    "<!-- hidden -->",
    "`code` ``` fence",
    "```\nfence\n```",
    "~~~\nfence",
    "line\n\n# heading\n\n- [ ] task",
    "line\r\n/close",
    "| a | b |\n|---|---|",
    "&lt;b&gt; &amp; &#60;",
    "https://elsewhere.example/ www.elsewhere.example",
    "1. one",
    "> said",
    "\\*not bold\\*",
    "$x^2$ :tada:",
    "[^1] [ref]",
]


def shown(comment: str) -> str:
    """The comment's text as a forge shows it, after nothing but text was found in it."""
    tokens = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(comment)
    words = []
    allowed = {"text", "strong_open", "strong_close", "softbreak", "code_inline"}
    for token in tokens:
        if token.type == "inline":
            for child in token.children or ():
                assert child.type in allowed, (child.type, child.content)
                words.append(child.content)
        if token.type == "html_block":
            assert token.content.strip() == STATUS_MARK
        assert token.type not in ("table_open", "ordered_list_open", "code_block")
    return "".join(words).replace("\u2060", "")


@pytest.mark.parametrize("text", HARMFUL)
def test_what_people_wrote_appears_as_text(text: str) -> None:
    flat = re.sub(r"[\r\n]+", " ", text)
    marks = ((0, 1),) if text[0].isalnum() else ()
    why = Why(quotes=(Quote(text, marks),), tags=(text,))
    hit = Earlier(decision(text, "old"), Status.ACCEPTED, 0.9, why)
    said = shown(comment_of([(decision(text), [hit], [hit])]))
    assert said.count(flat) == 4  # both titles, the tag and the quote


@pytest.mark.parametrize("text", ["@ana", "#12", "!3", "~label", "%9", "&4", "$5", "GH-1", "gh-1"])
def test_nobody_is_called_and_nothing_is_referred_to(text: str) -> None:
    why = Why(quotes=(Quote(f"See {text}", ()),), tags=(text,))
    hit = Earlier(decision(f"Ask {text}", "old"), Status.ACCEPTED, 0.9, why)
    comment = unescape(comment_of([(decision(f"({text})"), [hit], [hit])]).replace("\\", ""))
    assert text not in comment
    assert comment.replace("\u2060", "").count(text) == 4


REFERENCES = [
    *("@ana", "@_ana", "#12", "!3", "~label", '~"a label"', "%9", '%"a b"', "&4", "$5", "^alert#1"),
    *("GH-1", "gh-1", "PAY-12", "org/repo#1", "org/repo@a1b2c3d", "[vulnerability:1]", "[epic:7]"),
    *("a1b2c3d", "A1B2C3D4E5F6A7B8C9D0A1B2C3D4E5F6A7B8C9D0", "https://x.example", "www.x.example"),
]
REFERRING = re.compile(
    r"(?i)[@#!$%&~^][\w\"]|[a-z]-\d|\[\w+:|[0-9a-f]{7}|://|www\.|mailto:",
)
"""What GitHub and GitLab look for in the text of a page, after the Markdown is read."""


@pytest.mark.parametrize("text", REFERENCES)
def test_nothing_is_referred_to_in_the_text_that_a_forge_reads(text: str) -> None:
    why = Why(quotes=(Quote(f"See {text}", ()),), tags=(text,))
    hit = Earlier(decision(f"Ask {text}", "old"), Status.ACCEPTED, 0.9, why)
    comment = comment_of([(decision(f"({text})", "new"), [hit], [hit])])
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(comment)
    words = [c.content for t in tokens for c in t.children or () if c.type == "text"]
    assert [word for word in words if REFERRING.search(word)] == []
    assert sum(word.replace("\u2060", "").count(text) for word in words) == 4


@pytest.mark.parametrize("name", ["a`b", "a```b", "a\nb", "@ana", "c# 50%: x", "größe"])
def test_a_path_and_an_id_stay_in_their_code(name: str) -> None:
    hit = Earlier(decision("Old", name), Status.ACCEPTED, 0.9, Why())
    comment = comment_of([(decision("New", name), [hit], [hit])])
    tokens = MarkdownIt().parse(comment)
    (fence,) = [token for token in tokens if token.type == "fence"]
    assert fence.content.startswith("precedents:\n  - record: ")
    codes = [c.content for t in tokens for c in t.children or () if c.type == "code_inline"]
    path = f"decisions/{name.replace('`', chr(39)).replace(chr(10), ' ')}.md"
    assert codes == [path] * 3


def test_a_comment_is_never_longer_than_forges_allow() -> None:
    hit = Earlier(OLD, Status.ACCEPTED, 0.9, Why(quotes=(QUOTE,)))
    comment = comment_of([(decision(f"Decision {n}", f"d{n}"), [hit], [hit]) for n in range(1000)])
    assert len(comment) < LONGEST + 200
    assert comment.startswith(STATUS_MARK)
    assert "#### Decision 0\n" in comment
    assert comment.endswith("`onrecord status --changed …` shows the rest.\n")
    assert comment.count("```") % 2 == 0
