"""Questions that nobody has taken up: what people asked, and found no decision about.

A question is a decision in its first stage that nobody owns and that proposes nothing yet. In come
the decisions and what finds earlier ones; out come the questions, those that ask the same joined.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from onrecord.precedents.before import Before, Earlier, Groups, in_time
from onrecord.precedents.closeness import Closeness
from onrecord.records.model import Decision
from onrecord.records.vocabulary import Stage

MOST_ANSWERS = 3
MOST_ALIKE = 10
"""How many of the nearest decisions are looked at for the same question, asked by others."""
ALIKE = (Closeness.VERY_CLOSE, Closeness.CLOSE)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """One question, in the words of each who asked it, the first first.

    `nearest` are decisions that may answer it: they are close to what one of them asked.
    """

    asked: tuple[Decision, ...]
    nearest: tuple[Earlier, ...]


def only_asks(decision: Decision) -> bool:
    """True where a decision is but a question: without an owner, and nothing is proposed."""
    if decision.stage is not Stage.ASSESS or decision.outcome or decision.owner:
        return False
    proposal = decision.body.section("Proposal")
    return proposal is None or not proposal.is_written


def open_questions(decisions: Iterable[Decision], before: Before) -> list[OpenQuestion]:
    """The open questions: what most people asked comes first, then what was asked longest ago."""
    questions = {decision.id: decision for decision in decisions if only_asks(decision)}
    groups, answers = Groups(), dict[str, list[Earlier]]()
    for id, question in questions.items():
        groups.join(id, id)
        found = before.of_question(question.title, MOST_ALIKE) if before.searches else ()
        for one in found:
            if one.decision.id in questions and one.closeness in ALIKE:
                groups.join(id, one.decision.id)
        answers[id] = [
            one
            for one in found
            if one.decision.id not in questions and one.closeness is not Closeness.NEAREST
        ]
    joined = [
        tuple(sorted((questions[id] for id in group), key=in_time)) for group in groups.all(least=1)
    ]
    return [
        OpenQuestion(asked, _best([one for each in asked for one in answers[each.id]]))
        for asked in sorted(joined, key=lambda asked: (-len(asked), in_time(asked[0])))
    ]


def _best(found: list[Earlier]) -> tuple[Earlier, ...]:
    """The nearest of some decisions, each once."""
    once: dict[str, Earlier] = {}
    for one in sorted(found, key=lambda one: -(one.score or 0)):
        once.setdefault(one.decision.id, one)
    return tuple(once.values())[:MOST_ANSWERS]
