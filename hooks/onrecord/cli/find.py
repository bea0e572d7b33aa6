"""`onrecord find`: search by words and by what records are, over the files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches
from typing import TypedDict

import click

from onrecord.cli.echo import echo, echo_json, emphasised
from onrecord.cli.printed import heading, instead, said
from onrecord.cli.progress import shown_progress
from onrecord.cli.run import DAY, FINE, Run
from onrecord.records.findings import count, did_you_mean, shown
from onrecord.records.model import Decision
from onrecord.records.vocabulary import Kind, Stage, Status
from onrecord.search.find import KINDS, Filters, FindResult, FoundRecord, SearchEntry, Searcher
from onrecord.search.query import MOST_WORDS, Phrase, QueryTooLong, Term, query_of

_KINDS = (*(kind.value for kind in KINDS), "playbook")
"""The site calls the page of a role its playbook; both words are taken."""

NAMES = {"role": "roles", "person": "people", "tag": "tags"}


@click.command()
@click.argument("words", nargs=-1)
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help=f"One of {', '.join(_KINDS)}.")
@click.option("--stage", "stages", multiple=True, metavar="STAGE", help=f"{', '.join(Stage)}.")
@click.option(
    "--outcome", "outcomes", multiple=True, metavar="OUTCOME", help=f"{', '.join(Status)}."
)
@click.option("--role", "roles", multiple=True, metavar="ID", help="Involves this role.")
@click.option("--person", "people", multiple=True, metavar="HANDLE", help="Involves this person.")
@click.option("--tag", "tags", multiple=True, help="Has this tag.")
@click.option("--since", type=DAY, help="On or after this day.")
@click.option("--until", type=DAY, help="On or before this day.")
@click.option("--sort", type=click.Choice(["relevance", "date"]), default="relevance")
@click.option("--limit", type=click.IntRange(1), default=10, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@click.pass_obj
def find(
    run: Run,
    words: tuple[str, ...],
    kinds: tuple[str, ...],
    stages: tuple[str, ...],
    outcomes: tuple[str, ...],
    roles: tuple[str, ...],
    people: tuple[str, ...],
    tags: tuple[str, ...],
    since: date | None,
    until: date | None,
    sort: str,
    limit: int,
    as_json: bool,
) -> None:
    """Find the records that contain all of WORDS, best first.

    Other forms of a word are found too, in British and American spelling. Put a phrase in quotes:
    '"pay date" bank'. A whole id, title or handle, or a number such as KEP-1287, comes first. If no
    record contains a word, the most similar word is used, and you are told. If fewer than three
    records contain all words, the nearest decisions follow, unless `--json` is given. Filters work
    without words too. If you give one twice, either value counts. The exit status is 0 even when
    nothing is found.
    """
    typed = " ".join(words).strip()
    filters = Filters(
        tuple(Kind(_word("--kind", one, _KINDS).replace("playbook", Kind.ROLE)) for one in kinds),
        tuple(Stage(_word("--stage", one, [*Stage])) for one in stages),
        tuple(Status(_word("--outcome", one, [*Status])) for one in outcomes),
        tuple(one.casefold() for one in roles),
        tuple(one.casefold().removeprefix("@") for one in people),
        tuple(one.casefold() for one in tags),
        since,
        until,
    )
    if not typed and not filters:
        raise click.UsageError("give words to find, such as `onrecord find pay date`, or a filter")
    if since and until and until < since:
        raise click.UsageError(f"--until {until} is before --since {since}")
    shelf = run.shelf(shown_progress(quiet=as_json))
    try:
        query = query_of(typed, shelf.analyser)
    except QueryTooLong:
        raise click.UsageError(
            f"that is more than {MOST_WORDS} different words, which no record will contain; "
            "`onrecord before` compares whole texts"
        ) from None
    found = shelf.find(query, filters, sort == "date", limit)
    if not as_json and sort != "date":
        found = shelf.with_nearest(found, filters, limit)
    if as_json:
        echo_json([as_dict(hit) for hit in found.hits])
    for line in instead(found.corrections, "record"):
        echo(line, err=True)
    if as_json:
        raise SystemExit(FINE)
    heads = _heads(shelf, found)
    for hit in found.shown:
        # Each of these lines is printed once, above the first hit of its kind.
        if head := heads.pop(hit.closeness is None, ""):
            echo(head)
        _print(hit)
    if not found.total:
        for line in advice(shelf, found, filters, bool(query.terms)):
            echo(line, err=True)
    elif found.total > limit:
        echo(f"{limit:,} of {found.total:,} shown; --limit {found.total} shows all.", err=True)
    raise SystemExit(FINE)


def _heads(shelf: Searcher, found: FindResult) -> dict[bool, str]:
    """The line above what is near, and the one above what holds every word where that follows."""
    if not found.nearest:
        return {}
    decisions = sum(entry.kind is Kind.DECISION for entry in shelf.entries)
    near = heading(decisions, (hit.closeness for hit in found.nearest), "Nearest by their words:")
    return {False: near, True: "With every word:" if found.query.is_question else ""}


def _word(option: str, given: str, known: list[str] | tuple[str, ...]) -> str:
    """A word of a fixed vocabulary; wrong use with the nearest one when it is another."""
    if given.casefold() in known:
        return given.casefold()
    near = did_you_mean(given, known)
    raise click.UsageError(
        f"{option} {shown(given)!r} isn't known: {near}write one of {', '.join(known)}"
    )


def _print(hit: FoundRecord) -> None:
    """Print a hit in a few lines, for a person."""
    entry, passage = hit.entry, hit.passage
    record = entry.record
    echo(record.title)
    facts = [*_facts(entry), *([hit.closeness] if hit.closeness else [])]
    echo(f"    {'; '.join(facts)}; {record.path}:{passage.line}")
    if passage.text:
        section = f"{passage.section}: " if passage.section else ""
        echo(f"    {section}“", *emphasised(passage.text, passage.marks), "”")
    for successor in entry.successors:
        echo(f"    superseded by {successor.id}: {successor.title}")


def _facts(entry: SearchEntry) -> list[str]:
    """Stage or outcome, owner and date, as far as they are known."""
    record = entry.record
    facts = []
    if isinstance(record, Decision):
        is_open = entry.status is Status.OPEN and record.stage
        facts.append(f"open, in {record.stage}" if is_open else str(entry.status))
        facts += [record.owner] if record.owner else []
    elif entry.kind is Kind.ROLE:
        holder = getattr(record, "holder", "")
        facts.append(f"role, held by {holder}" if holder else "role, vacant")
    else:
        facts.append(f"{entry.kind} of {entry.role}")
    return [*facts, *([entry.day.isoformat()] if entry.day else [])]


Day = date
"""A day by another name, where a key is called `date`."""


class FoundJson(TypedDict):
    """A record that was found, as `--json` prints it."""

    id: str
    kind: Kind
    title: str
    path: str
    """The record's file."""
    line: int
    """The line of the file at which the passage begins."""
    url: str
    """Its page, relative to the site's root."""
    status: Status | None
    """The status of a decision; derived."""
    stage: Stage | None
    """The stage of a decision."""
    owner: str | None
    """The owner of a decision."""
    role: str | None
    """The id of the role it belongs to."""
    date: Day | None
    """The day it was decided or opened, took effect, or got its newest value."""
    tags: Sequence[str]
    superseded_by: list[str]
    """The ids of the decisions that replaced it."""
    section: str | None
    """The heading above the passage."""
    passage: str
    """The sentence that has most of the words."""
    marks: Sequence[tuple[int, int]]
    """Where in the passage the words are: start and end, in characters."""
    score: float
    """Compares the results of one search only."""


def as_dict(hit: FoundRecord) -> FoundJson:
    """A hit as `--json` prints it."""
    entry, passage, record = hit.entry, hit.passage, hit.entry.record
    decision = record if isinstance(record, Decision) else None
    return {
        "id": record.id,
        "kind": entry.kind,
        "title": record.title,
        "path": record.path,
        "line": passage.line,
        "url": record.path.removesuffix("index.md").removesuffix(".md").rstrip("/") + "/",
        "status": entry.status,
        "stage": decision.stage if decision else None,
        "owner": (decision.owner if decision else "") or None,
        "role": entry.role or None,
        "date": entry.day,
        "tags": decision.tags if decision else (),
        "superseded_by": [successor.id for successor in entry.successors],
        "section": passage.section or None,
        "passage": passage.text,
        "marks": passage.marks,
        "score": hit.score,
    }


# What to try when nothing is found.


def advice(shelf: Searcher, found: FindResult, filters: Filters, has_words: bool) -> list[str]:
    """Which word or filter let nothing through, and what may have been meant.

    Where the nearest are named, that is no advice to ask in fewer words: a question has its answer.
    """
    if not shelf.entries:
        return ["Nothing is on record yet."]
    if found.nearest:
        lines = ["No record contains every word."]
    elif found.searched:
        lines = [f"Nothing found in {count(found.searched, 'record')}."]
    else:
        lines = ["No record is of that kind."]
    for name, given in zip(NAMES, (filters.roles, filters.people, filters.tags), strict=True):
        known = shelf.words_of(name)
        for one in given:
            if one not in known:
                near = said(next(iter(get_close_matches(one, known, 1, 0.72)), ""))
                lines.append(f"  No record has the {name} “{shown(one)}”. {near}".rstrip())
    corrected = {one.typed for one in found.corrections}
    for term in [one for one in found.missing if one.typed not in corrected][:5]:
        meant = said(shelf.nearest_word(term, filters))
        lines.append(f"  {_quoted(term)} appears in none of them. {meant}".rstrip())
    if has_words and not found.missing and found.searched and not found.nearest:
        lines.append("  Each word appears, but no record contains them all: leave one out.")
    if filters and (found.missing or len(lines) == 1):
        lines.append(
            f"  {count(len(shelf.entries), 'record')} are on record: try without a filter."
        )
    return lines


def _quoted(term: Term) -> str:
    word = f"“{shown(term.typed)}”"
    return f"{word}, as a phrase," if isinstance(term, Phrase) else word
