"""Cards: what `onrecord before` and `find` must know of each decision, kept between runs.

Reading ten thousand decisions takes seconds; asking the disk which of them changed takes a
moment. In comes the root of a knowledge base; out come decisions without their text, their
documents for the engine, whose text is fetched when it is shown. A card is believed only while
path, size and times of its file are those it was made from, by the same version of this code;
the cache may be deleted, damaged or read-only at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from onrecord import __version__
from onrecord.library import Library
from onrecord.model import Decision, Precedent
from onrecord.precedents import Document, Link
from onrecord.reading.folder import FORGE_PAGES
from onrecord.reading.frontmatter import decoded, split
from onrecord.reading.records import decision_of
from onrecord.vocabulary import DECISIONS_FOLDER, Outcome, Stage, Verdict

FORMAT = f"cards 2, onrecord {__version__}"
FILE = "cards.json"

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Card:
    """A decision without its text; what its text links to; and what stands for its text."""

    decision: Decision
    targets: tuple[str, ...]
    digest: str


def cards_of(root: Path, cache: Path | None) -> tuple[Card, ...]:
    """The card of every decision, by path; made anew for the files that changed."""
    kept = _kept(cache)
    cards: list[Card] = []
    fresh: dict[str, dict[str, Any]] = {}
    changed = False
    for path, disk, signature in _files(root / DECISIONS_FOLDER, DECISIONS_FOLDER):
        entry = kept.get(path, {})
        card = _card(path, entry) if entry.get("sig") == signature else None
        if card is None:  # new, changed, or damaged: as if nothing had been kept
            card = _made(path, disk)
            if card is None:
                continue
            entry, changed = _entry(card, signature), True
        fresh[path] = entry
        cards.append(card)
    if cache is not None and (changed or len(fresh) != len(kept)):
        _keep(cache, fresh)
    return tuple(cards)


def library_of(cards: tuple[Card, ...]) -> Library:
    """A library of decisions without texts: enough to derive what became of each."""
    return Library(decisions=tuple(card.decision for card in cards))


def documents_of(cards: tuple[Card, ...], root: Path) -> tuple[Document, ...]:
    """The engine's documents, each id once; a text is read from disk when it is asked for."""
    first: dict[str, Card] = {}
    for card in cards:
        first.setdefault(card.decision.id, card)
    ids = {card.decision.path: card.decision.id for card in first.values()}
    return tuple(
        document_of(card.decision, ids, card.targets, _fetch(root, card), card.digest)
        for card in first.values()
    )


def document_of(
    decision: Decision,
    ids: Mapping[str, str],
    targets: tuple[str, ...],
    text: Any,
    digest: str,
) -> Document:
    """A decision as the engine needs it. `ids` are the decisions' by path."""
    links = [Link(one, "supersedes") for one in decision.supersedes]
    links += [Link(one, "related") for one in decision.related]
    links += [Link(one.record, "precedent") for one in decision.precedents]
    links += [Link(ids[path], "cited") for path in targets if path in ids]
    return Document(
        id=decision.id,
        title=decision.title,
        text=text,
        order=opened_or_decided(decision),
        tags=decision.tags,
        people=(decision.owner,) if decision.owner else (),
        links=tuple(links),
        digest=digest,
    )


def opened_or_decided(decision: Decision) -> str:
    """The day by which a decision is earlier or later, as text that sorts; '' when unknown."""
    day = decision.opened or decision.decided
    return day.isoformat() if day else ""


def told(text: str) -> str:
    """What a text says: without HTML comments, where templates keep their guidance."""
    return _COMMENT.sub(" ", text) if "<!--" in text else text


def digest_of(decision: Decision) -> str:
    """What stands for a decision's title and for what its text says."""
    text = f"{decision.title}\0{told(decision.body.text)}".encode(errors="surrogatepass")
    return hashlib.blake2b(text, digest_size=16).hexdigest()


def targets_of(decision: Decision) -> tuple[str, ...]:
    """The paths in the repository that a decision's text links to, each once."""
    return tuple(dict.fromkeys(decision.target_of(link) for link in decision.body.links))


def with_text(root: Path, decision: Decision) -> Decision:
    """The same decision as its file says it whole."""
    try:
        data = (root / decision.path).read_bytes()
    except OSError:
        return decision
    return decision_of(decision.path, decoded(decision.path, data)[0])[0]


def _fetch(root: Path, card: Card) -> Any:
    def text() -> str:
        try:
            data = (root / card.decision.path).read_bytes()
        except OSError:
            return ""
        return told(split(card.decision.path, decoded(card.decision.path, data)[0]).body)

    return text


def _files(folder: Path, path: str) -> Iterator[tuple[str, Path, list[int]]]:
    """Every decision's file by path, with the signature by which a change is noticed."""
    waiting = [(path, folder)]
    found: list[tuple[str, Path, list[int]]] = []
    while waiting:
        base, here = waiting.pop()
        try:
            entries = list(os.scandir(here))
        except OSError:
            continue
        for entry in entries:
            name = f"{base}/{entry.name}"
            if entry.name.startswith(".") or entry.is_symlink():
                continue  # a link is left to `onrecord check`
            if entry.is_dir(follow_symlinks=False):
                waiting.append((name, Path(entry.path)))
            elif (
                entry.name.endswith(".md")
                and entry.name not in FORGE_PAGES
                and entry.is_file(follow_symlinks=False)
            ):
                stat = entry.stat(follow_symlinks=False)
                signature = [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]
                found.append((name, Path(entry.path), signature))
    yield from sorted(found, key=lambda one: one[0])


def _made(path: str, disk: Path) -> Card | None:
    try:
        data = disk.read_bytes()
    except OSError:
        return None
    text, _ = decoded(path, data)
    decision, _ = decision_of(path, text)
    return Card(decision, targets_of(decision), digest_of(decision))


def _entry(card: Card, signature: list[int]) -> dict[str, Any]:
    d = card.decision
    return {
        "sig": signature,
        "id": d.id,
        "title": d.title,
        "stage": d.stage,
        "owner": d.owner,
        "owner_is_person": d.owner_is_person,
        "consulted": d.consulted,
        "informed": d.informed,
        "entered": [[stage, day.isoformat()] for stage, day in d.entered],
        "outcome": d.outcome,
        "decided": d.decided.isoformat() if d.decided else None,
        "supersedes": d.supersedes,
        "related": d.related,
        "precedents": [[p.record, p.verdict, p.why] for p in d.precedents],
        "tags": d.tags,
        "targets": [t for t in card.targets if t.startswith(f"{DECISIONS_FOLDER}/")],
        "digest": card.digest,
    }


def _card(path: str, entry: dict[str, Any]) -> Card | None:
    try:
        decision = Decision(
            id=entry["id"],
            path=path,
            title=entry["title"],
            stage=Stage(entry["stage"]) if entry["stage"] else None,
            owner=entry["owner"],
            owner_is_person=entry["owner_is_person"],
            consulted=tuple(entry["consulted"]),
            informed=tuple(entry["informed"]),
            entered=tuple((Stage(s), date.fromisoformat(day)) for s, day in entry["entered"]),
            outcome=Outcome(entry["outcome"]) if entry["outcome"] else None,
            decided=date.fromisoformat(entry["decided"]) if entry["decided"] else None,
            supersedes=tuple(entry["supersedes"]),
            related=tuple(entry["related"]),
            precedents=tuple(
                Precedent(record, Verdict(verdict) if verdict else None, why)
                for record, verdict, why in entry["precedents"]
            ),
            tags=tuple(entry["tags"]),
        )
        return Card(decision, tuple(entry["targets"]), entry["digest"])
    except (KeyError, TypeError, ValueError):
        return None


def _kept(cache: Path | None) -> dict[str, dict[str, Any]]:
    if cache is None:
        return {}
    try:
        found = json.loads((cache / FILE).read_bytes())
        if found["format"] == FORMAT and isinstance(found["cards"], dict):
            return {p: e for p, e in found["cards"].items() if isinstance(e, dict)}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass
    return {}


def _keep(cache: Path, cards: dict[str, dict[str, Any]]) -> None:
    text = json.dumps({"format": FORMAT, "cards": cards}, ensure_ascii=False)
    temporary = cache / f".{FILE}.{os.getpid()}"
    try:
        cache.mkdir(parents=True, exist_ok=True)
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(cache / FILE)
    except OSError:
        temporary.unlink(missing_ok=True) if cache.is_dir() else None
