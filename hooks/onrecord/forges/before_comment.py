"""The comment on a pull request: what a branch's decisions were preceded by, as Markdown.

In come the new and changed decisions of a branch with the earlier ones that are close; out comes
one comment. What people wrote is shown as text: it can't format, link, mention or embed anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from onrecord.forges.text import code, plain, yaml_id
from onrecord.precedents.before import Earlier
from onrecord.precedents.engine import Quote
from onrecord.records.model import Decision

MARK = "<!-- onrecord: we had this before -->"
"""The first line, by which the one comment of a pull request is found and updated."""

LONGEST = 60_000
"""Characters; forges hold 65,536 in a comment."""


def comment_of(
    found: Sequence[tuple[Decision, Sequence[Earlier], Sequence[Earlier]]],
) -> str:
    """The comment for a branch.

    `found` are its decisions, each with what is close to it and with what of it its gate asks for.
    """
    parts = [MARK, "## We had this before", ""]
    if not found:
        parts.append("This branch adds or changes no decision.")
    for decision, earlier, to_answer in found:
        parts += [f"### {plain(decision.title)}", "", *about(decision, earlier, to_answer)]
    text = "\n".join(parts).rstrip() + "\n"
    if len(text) > LONGEST:
        cut = text[:LONGEST].rpartition("\n### ")[0] or text[:LONGEST]
        text = f"{cut}\n\nThere is more; `onrecord before --id …` shows it.\n"
    return text


def about(
    decision: Decision, earlier: Sequence[Earlier], to_answer: Sequence[Earlier]
) -> Iterable[str]:
    """The lines on what is close to one decision, and on what of it the gate asks about."""
    if not earlier:
        yield "Nothing on record is close to it."
        yield ""
        return
    for one in earlier:
        yield _line(one, decision)
        for quote in one.why.quotes:
            yield f"  > {_quoted(quote)}"
        if one.why.quotes:
            yield ""
    if to_answer:
        yield ""
        yield (
            f"**To answer before it moves on: {len(to_answer)}.** "
            f"In the front matter of `{code(decision.path)}`, say how:"
        )
        yield ""
        yield "```yaml"
        yield "precedents:"
        for one in to_answer:
            yield f"  - record: {yaml_id(one.decision.id)}"
            yield "    verdict: differs   # or repeats, extends, reverses"
            yield "    why: …"
        yield "```"
    yield ""


def _line(one: Earlier, asking: Decision) -> str:
    decision = one.decision
    day = decision.filed
    when = f", {day}" if day else ""
    shared = "".join(f", tag {plain(tag)}" for tag in one.why.tags)
    answer = ""
    if one.answer is not None and one.answer.verdict is not None:
        answer = f"; this one **{one.answer.verdict}**"
    elif asking.outcome is None and decision.id not in asking.supersedes:
        answer = "; not answered yet"
    return (
        f"- **{plain(decision.title)}** ({one.status}{when}; {one.closeness}{shared}{answer}), "
        f"`{code(decision.path)}`"
    )


def _quoted(quote: Quote) -> str:
    """The sentence with its matching words in bold."""
    parts, position = [], 0
    for start, end in quote.marks:
        parts.append(plain(quote.text[position:start]))
        word = plain(quote.text[start:end])
        parts.append(f"**{word}**" if word.strip() else word)
        position = end
    parts.append(plain(quote.text[position:]))
    return "".join(parts)
