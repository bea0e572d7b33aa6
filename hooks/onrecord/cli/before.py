"""`onrecord before`: had we this before? For a text, a file, a record or a branch."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TypedDict

import click

from onrecord.cli.echo import echo, echo_json
from onrecord.cli.printed import (
    EarlierJson,
    EffectOf,
    as_dict,
    heading,
    instead,
    nothing,
    print_hit,
    warn_of_meaning,
)
from onrecord.cli.progress import shown_progress
from onrecord.cli.run import FINE, FOUND, Run, format_option, no_such
from onrecord.lifecycle.scorecards import effects_at
from onrecord.precedents.before import Before, Earlier
from onrecord.precedents.decision_cache import Cards, with_text
from onrecord.precedents.engine import DEFAULT_LIMIT
from onrecord.records.model import Decision


@click.command()
@click.argument("text", nargs=-1)
@click.option(
    "--file",
    "draft",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A draft, with or without front matter.",
)
@click.option("--id", "decision_id", help="A decision of the knowledge base.")
@click.option("--changed", metavar="BASE", help="The decisions this branch adds or changes.")
@click.option("--limit", type=click.IntRange(1, 50), default=DEFAULT_LIMIT, show_default=True)
@format_option("json", help="The format of the results.")
@click.pass_obj
def before(
    run: Run,
    text: tuple[str, ...],
    draft: Path | None,
    decision_id: str | None,
    changed: str | None,
    limit: int,
    as_json: bool,
    form: str,
) -> None:
    """Show the earlier decisions nearest to TEXT, with what became of them and why they match.

    TEXT is a question in your own words. If no decision is close to it, you get the nearest, and
    are told so. For a draft or a decision there may be none.
    """
    asked = [bool(text), draft is not None, decision_id is not None, changed is not None]
    if sum(asked) != 1:
        raise click.UsageError("give one of TEXT, --file, --id and --changed")
    root = run.base()
    form = "json" if as_json else form
    memory, cards = run.memory(shown_progress(quiet=form == "json"))
    effect = effects_at(root, run.today)
    if changed is not None:
        _changed(root, cards, memory, changed, form, effect)
        return
    asking, words = None, " ".join(text)
    if decision_id is not None:
        asking = cards.decision.get(decision_id.removesuffix(".md"))
        if asking is None:
            no_such("decision", decision_id, cards.decision)
        if cards.is_twice(asking.id):
            told = f"two files have the id {asking.id}; `onrecord check` names them"
            raise click.UsageError(told)
        hits = _of(memory, asking, limit)
        words = asking.title
    elif draft is not None:
        title, body = _draft(draft)
        words = title + body
        hits = memory.of_text(body, title, limit)
    else:
        hits = memory.of_question(words, limit)
        warn_of_meaning(memory)
        if hits:
            for line in instead(memory.corrections_of(words), "decision"):
                echo(line, err=True)
    if form == "json":
        echo_json([as_dict(hit, effect(hit.decision), asking) for hit in hits])
    elif hits:
        head = heading(len(cards.decision), (hit.closeness for hit in hits))
        if head:
            echo(head)
        for hit in hits:
            print_hit(hit, effect=effect(hit.decision))
    else:
        echo(nothing(cards, words), err=True)
    raise SystemExit(FINE)


class ChangedJson(TypedDict):
    """A decision that a branch changes, as `--changed BASE --json` prints it."""

    id: str
    path: str
    """Its file."""
    before: list[EarlierJson]
    """The earlier decisions close to it."""
    to_answer: list[str]
    """The ids of those that it must answer before it leaves *assess*."""


def _of(memory: Before, decision: Decision, limit: int) -> tuple[Earlier, ...]:
    """What is near to a decision, then what its author alone has named."""
    near = memory.of(decision, limit)
    ids = {one.decision.id for one in near}
    named = (one for one in memory.shown_with(decision) if one.answer is not None)
    return (*near, *(one for one in named if one.decision.id not in ids))[:limit]


def _changed(
    root: Path, cards: Cards, memory: Before, base: str, form: str, effect: EffectOf
) -> None:
    # What git and the reader need is loaded for those who ask for it, as in `_draft`.
    from onrecord.forges.changed import changed_files
    from onrecord.records.git import NotGit

    try:
        paths = set(changed_files(root, base))
    except NotGit as error:
        raise click.UsageError(f"--changed {base}: {error}") from None
    names = {PurePosixPath(path).stem for path in paths}
    changed = [cards.decision[id] for id in cards.decision if id in names]
    changed = [decision for decision in changed if decision.path in paths]
    found = [(d, memory.shown_with(d), _to_answer(root, memory, d)) for d in changed]
    if form == "json":
        listed: list[ChangedJson] = [
            {
                "id": d.id,
                "path": d.path,
                "before": [as_dict(hit, effect(hit.decision), d) for hit in hits],
                "to_answer": [one.decision.id for one in asked],
            }
            for d, hits, asked in found
        ]
        echo_json(listed)
    else:
        for decision, hits, asked in found:
            echo(f"{decision.path}: {decision.title}")
            for hit in hits:
                print_hit(hit, "  ", effect=effect(hit.decision))
            if not hits:
                echo("  nothing close")
            for one in asked:
                echo(f"  to answer in `precedents`: {one.decision.id}")
    missing = any(asked for *_, asked in found)
    raise SystemExit(FOUND if missing and form == "text" else FINE)


def _to_answer(root: Path, memory: Before, decision: Decision) -> tuple[Earlier, ...]:
    """What the gate asks for; cards hold no text to tell the Problem by."""
    from onrecord.lifecycle.stages import has_problem

    asked = memory.to_answer(decision)
    return asked if asked and has_problem(with_text(root, decision)) else ()


def _draft(path: Path) -> tuple[str, str]:
    """The title and the text of a draft; only its beginning, when it is larger than any record."""
    from onrecord.records.reading.frontmatter import MAX_FILE, decoded, split

    with path.open("rb") as stream:
        data = stream.read(MAX_FILE)
        is_longer = bool(stream.read(1))
    text, faults = decoded(path.name, data)
    for fault in faults:
        echo(f"{path}: {fault.message}; {fault.hint}", err=True)
    if is_longer and text:
        echo(f"{path}: only its first {MAX_FILE // 1_000_000} MB were read", err=True)
    source = split(path.name, text)
    title = source.entries.get("title")
    written = title.node.value if title is not None else ""
    return (written if isinstance(written, str) else "", source.body)
