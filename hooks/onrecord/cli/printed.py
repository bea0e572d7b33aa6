"""How the commands print precedents, findings and new files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NotRequired, TypedDict

from onrecord.cli.echo import echo, echo_lines, emphasised
from onrecord.precedents.closeness import Closeness
from onrecord.records.findings import Finding, count, shown
from onrecord.records.model import Decision
from onrecord.records.vocabulary import Effect, Stage, Status, Verdict
from onrecord.text.corrections import Correction

if TYPE_CHECKING:  # numpy takes longer to load than most commands run
    from onrecord.drafting.drafts import Draft
    from onrecord.lifecycle.stages import Lack
    from onrecord.precedents.before import Before, Earlier
    from onrecord.precedents.decision_cache import Cards

EffectOf = Callable[[Decision], Effect | None]
"""Says in a word what became of what a decision promised."""


def nothing(cards: Cards, asked: str) -> str:
    """The word for an empty answer to a text."""
    if not any(map(str.isalnum, asked)):
        return "There is no word to look for."
    if not cards.decision:
        return "No decision is on record yet."
    return _nothing_close(len(cards.decision))


def warn_of_meaning(memory: Before) -> None:
    """Say on stderr why a question was answered by its words alone, though a model is named."""
    if memory.meaning_fault:
        echo(f"mkdocs.yml, `meaning`: {memory.meaning_fault}; it uses words alone", err=True)


def heading(decisions: int, near: Iterable[Closeness | None], usual: str = "") -> str:
    """The line above what is so near among so many decisions: the usual one, if any is close."""
    if all(one is Closeness.NEAREST for one in near):
        return f"{_nothing_close(decisions)} The nearest are:"
    return usual


def instead(corrections: Iterable[Correction], holder: str) -> list[str]:
    """What was searched for instead of words that no holder has, or hardly any: a line each."""
    lines = []
    for one in corrections:
        word, meant = f"“{shown(one.typed)}”", said(one.meant)
        many, how = ("Hardly any", "too") if one.is_held else ("No", "instead")
        lines.append(f"{many} {holder} contains {word}. {meant} It was searched for {how}.")
    return lines


def said(near: str) -> str:
    """The question after a word that may have been meant; '' where there is none."""
    return f"Did you mean “{near}”?" if near else ""


def _nothing_close(decisions: int) -> str:
    return f"Nothing close among {count(decisions, 'decision')}."


def print_hit(
    hit: Earlier, indent: str = "", err: bool = False, effect: Effect | None = None
) -> None:
    """Print a hit in a few lines, for a person. `effect` is what became of what it promised."""
    decision = hit.decision
    day = decision.filed
    when = f", {day}" if day else ""
    echo(f"{indent}{decision.title}", err=err)
    became = f"; {effect}" if effect in (Effect.KEPT, Effect.MISSED) else ""
    echo(f"{indent}    {hit.status}{when}{became}; {hit.closeness}; {decision.path}", err=err)
    for quote in hit.why.quotes:
        echo(f"{indent}    “", *emphasised(quote.text, quote.marks), "”", err=err)
    shared = _shared(hit)
    if shared:
        echo(f"{indent}    shares {shared}", err=err)
    if hit.answer is not None and hit.answer.verdict is not None:
        echo(f"{indent}    this one {hit.answer.verdict}: {hit.answer.why}", err=err)


class AnswerJson(TypedDict):
    """What a decision says of an earlier one."""

    verdict: Verdict
    """How it answers the earlier one."""
    why: str
    """The reason, in its author's words."""


class EarlierJson(TypedDict):
    """An earlier decision as `--json` prints it."""

    id: str
    title: str
    url: str
    """Its page, relative to the site's root."""
    status: Status
    """What became of it; derived."""
    stage: Stage | None
    """Its stage; null when it can't be read."""
    score: float | None
    """How likely it is worth reading, from 0 to 1; null when only its author named it."""
    effect: Effect | None
    """What became of what it promised, in a word; null where it promised nothing. Derived."""
    closeness: Closeness
    """The same in words; `nearest` when a question has nothing close to it."""
    why: str
    """The sentences of it that match, or what the two share."""
    answer: NotRequired[AnswerJson | None]
    """What the decision that was asked about says of this one; only with `--id` or `--changed`."""


def as_dict(hit: Earlier, effect: Effect | None, asking: Decision | None = None) -> EarlierJson:
    """A hit as `--json` prints it, with what became of what it promised.

    `asking` is the decision that it was found for, if it is one.
    """
    decision = hit.decision
    told: EarlierJson = {
        "id": decision.id,
        "title": decision.title,
        "url": decision.path.removesuffix(".md") + "/",
        "status": hit.status,
        "stage": decision.stage,
        "score": round(hit.score, 3) if hit.score is not None else None,
        "effect": effect,
        "closeness": hit.closeness,
        "why": " … ".join(quote.text for quote in hit.why.quotes) or _shared(hit),
    }
    if asking is not None:
        told["answer"] = None
        if hit.answer is not None and hit.answer.verdict is not None:
            told["answer"] = {"verdict": hit.answer.verdict, "why": hit.answer.why}
    return told


def _shared(hit: Earlier) -> str:
    parts: list[str] = []
    if hit.why.tags:
        parts.append(f"the tag {_words(hit.why.tags)}")
    if hit.why.people:
        parts.append(f"the owner {_words(hit.why.people)}")
    if hit.why.links:
        parts.append(f"links to {_words(hit.why.links)}")
    if not parts and not hit.why.quotes and hit.score is not None:
        return "a few words" if hit.is_far else "much of its text"
    return "; ".join(parts)


def _words(words: Sequence[str]) -> str:
    return ", ".join(words[:5])


def print_findings(findings: Iterable[Finding]) -> None:
    """Print findings for a person, each in two lines: what is wrong, and the right form."""
    for f in findings:
        echo(f"{f.path}:{f.line}:{f.column}: {f.severity} {f.code}: {f.message}")
        echo(f"    {f.hint}")


def print_lack(lack: Lack, err: bool = False) -> None:
    """Print what a decision misses: where it belongs, what it is, and who must act."""
    where = f"line {lack.line}: " if lack.line else ""
    who = " (" + ", ".join(f"@{w}" for w in lack.who) + ")" if lack.who else ""
    echo(f"  - {where}{lack.text}{who}", err=err)


def echo_draft(draft: Draft) -> None:
    """Print a new file: its path, and after an empty line its text."""
    echo(draft.path)
    echo("")
    echo_lines(draft.text)
