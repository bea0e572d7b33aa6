"""How well "We had this before" ranks, on collections whose authors recorded the true links.

In: a folder of `<set>.jsonl.gz` and `<set>.qrels.tsv`. Out: a table per set and the mean, as
Markdown or JSON. It runs the engine through its public interface, with the same settings for all
sets. A query's candidates are the earlier records of its group; only links between two records
that are both earlier than the query are known. Gain of nDCG: the grade (3 supersedes, 2 explicit
relation, 1 cited), linear.

Variants: `full` is the record; `lead` its title and first section; `title` its title. The last two
are new texts without any labels.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from onrecord.precedents.engine import DEFAULT_CUTOFF, Document, DocumentLink, Engine

VARIANTS = ("full", "lead", "title")
MEASURES = ("nDCG@10", "R@5", "MRR@10", "success@5")
CUTOFFS = (0.0, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7)
SHOWN = 3

Scored = list[tuple[str, float]]
Ranker = Callable[[str, str], Scored]


@dataclass(frozen=True)
class Group:
    """Records that are candidates for one another, in time order, and their true links."""

    documents: tuple[Document, ...]
    truth: Mapping[str, Mapping[str, int]]


def read_set(folder: Path, name: str) -> list[Group]:
    """The groups of one set."""
    truth: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (folder / f"{name}.qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, document, grade, _how = line.split("\t")
        truth[query][document] = max(int(grade), truth[query].get(document, 0))
    groups: dict[str, list[Document]] = defaultdict(list)
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            groups[record["group"]].append(
                Document(
                    id=record["id"],
                    title=record["title"],
                    text=record["text"],
                    order=f"{record['order']:08d}",
                    tags=tuple(record["tags"]),
                    people=tuple(record["authors"]),
                    urls=tuple(record["urls"]),
                    links=tuple(DocumentLink(target) for target in truth.get(record["id"], ())),
                )
            )
    return [
        Group(
            tuple(sorted(documents, key=lambda each: (each.order, each.id))),
            {each.id: truth[each.id] for each in documents if each.id in truth},
        )
        for _, documents in sorted(groups.items())
    ]


def lead(text: str) -> str:
    """The first section that says something."""
    kept: list[str] = []
    spoken = False
    for line in text.split("\n"):
        if line.startswith("#"):
            if spoken:
                break
        elif line.strip():
            spoken = True
        kept.append(line)
    return "\n".join(kept)


def engine_rankers(group: Group) -> dict[str, Ranker]:
    """The real engine, by variant."""
    engine = Engine(group.documents)
    by_id = {document.id: document for document in group.documents}
    whole = engine.all_scores(limit=10)

    def asked(variant: str) -> Ranker:
        def rank(id: str, _variant: str = variant) -> Scored:
            if variant == "full":
                return whole[id]
            document = by_id[id]
            text = lead(document.text) if variant == "lead" else ""
            return engine.scores(text, document.title, 10, before=id)

        return rank

    return {variant: asked(variant) for variant in VARIANTS}


def measure(ranked: Sequence[str], truth: Mapping[str, int]) -> tuple[float, ...]:
    """nDCG@10, R@5, MRR@10 and success@5 of one ranking."""
    gains = [truth.get(id, 0) for id in ranked[:10]]
    ideal = sorted(truth.values(), reverse=True)[:10]

    def dcg(values: Sequence[int]) -> float:
        return sum(value / math.log2(place + 2) for place, value in enumerate(values))

    first = next((1 / (place + 1) for place, gain in enumerate(gains) if gain), 0.0)
    found = sum(gain > 0 for gain in gains[:5])
    return dcg(gains) / dcg(ideal), found / len(truth), first, float(found > 0)


def mean(rows: Sequence[Sequence[float]]) -> list[float]:
    return [sum(column) / len(rows) for column in zip(*rows, strict=True)] if rows else []


def panel(linked: Sequence[tuple[Scored, Mapping[str, int]]], others: Sequence[Scored]) -> Any:
    """For each cut-off what at most three shown hits are worth."""
    out = {}
    for cutoff in CUTOFFS if DEFAULT_CUTOFF in CUTOFFS else sorted({*CUTOFFS, DEFAULT_CUTOFF}):
        shown = right = served = 0
        for hits, truth in linked:
            kept = [id for id, score in hits[:SHOWN] if score >= cutoff]
            shown += len(kept)
            right += sum(id in truth for id in kept)
            served += bool(kept)
        unlinked = [sum(score >= cutoff for _, score in hits[:SHOWN]) for hits in others]
        out[str(cutoff)] = {
            "precision": right / shown if shown else 0.0,
            "served": served / len(linked) if linked else 0.0,
            "shown": shown / len(linked) if linked else 0.0,
            "unlinked showing": sum(map(bool, unlinked)) / len(others) if others else 0.0,
        }
    return out


def sets_in(folder: Path) -> Iterator[str]:
    return (path.name.removesuffix(".jsonl.gz") for path in sorted(folder.glob("*.jsonl.gz")))


def run(
    folder: Path,
    rankers: Callable[[Group], dict[str, Ranker]],
    with_panel: bool,
    left_out: Collection[str] = (),
) -> dict[str, Any]:
    """All figures, per set and the mean over the sets that aren't left out of it."""
    out: dict[str, Any] = {"measures": MEASURES, "sets": {}, "panel": {}}
    for name in sets_in(folder):
        rows: dict[str, list[tuple[float, ...]]] = defaultdict(list)
        linked: list[tuple[Scored, Mapping[str, int]]] = []
        others: list[Scored] = []
        for group in read_set(folder, name):
            by_variant = rankers(group)
            for variant, rank in by_variant.items():
                for id, truth in group.truth.items():
                    hits = rank(id, variant)
                    rows[variant].append(measure([each for each, _ in hits], truth))
                    if variant == "full":
                        linked.append((hits, truth))
            # The first fifth has little before it; link-less there is no sign of anything.
            late = group.documents[len(group.documents) // 5 :]
            others += [
                by_variant["full"](each.id, "full") for each in late if each.id not in group.truth
            ]
        out["sets"][name] = {variant: mean(values) for variant, values in rows.items()}
        if with_panel:
            out["panel"][name] = panel(linked, others)
    variants = next(iter(out["sets"].values()), {})
    out["mean"] = {
        variant: mean([each[variant] for name, each in out["sets"].items() if name not in left_out])
        for variant in variants
    }
    if with_panel:
        first = next(iter(out["panel"].values()))
        out["panel"]["mean"] = {
            cutoff: {
                key: mean(
                    [
                        [each[cutoff][key]]
                        for name, each in out["panel"].items()
                        if name not in left_out
                    ]
                )[0]
                for key in first[cutoff]
            }
            for cutoff in first
        }
    return out


def as_markdown(title: str, result: Mapping[str, Any]) -> str:
    lines = [f"### {title}", "", "| set | variant | " + " | ".join(MEASURES) + " |"]
    lines.append("|---" * (2 + len(MEASURES)) + "|")
    for name, by_variant in [*result["sets"].items(), ("**mean**", result["mean"])]:
        for variant, values in by_variant.items():
            cells = " | ".join(f"{value:.3f}" for value in values)
            lines.append(f"| {name} | {variant} | {cells} |")
    if result["panel"]:
        lines += ["", "At most three shown, mean over the sets:", ""]
        keys = ("precision", "served", "shown", "unlinked showing")
        lines += ["| cut-off | " + " | ".join(keys) + " |", "|---" * 5 + "|"]
        for cutoff, values in result["panel"]["mean"].items():
            mark = " (default)" if float(cutoff) == DEFAULT_CUTOFF else ""
            lines.append(
                f"| {cutoff}{mark} | " + " | ".join(f"{values[key]:.3f}" for key in keys) + " |"
            )
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="folder of sets")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--baselines", action="store_true", help="BM25 and TF-IDF as well")
    parser.add_argument(
        "--leave-out",
        action="append",
        default=[],
        metavar="SET",
        help="keep a set out of the means",
    )
    options = parser.parse_args()
    known = list(sets_in(options.data))
    for name in options.leave_out:
        if name not in known:
            parser.error(f"--leave-out {name}: the sets are {', '.join(known)}")
    if not {*known} - {*options.leave_out}:
        parser.error("--leave-out leaves no set for the means")
    if not list(sets_in(options.data)):
        parser.error(f"{options.data}: no <set>.jsonl.gz there")
    results = {"onrecord": run(options.data, engine_rankers, True, options.leave_out)}
    if options.baselines:
        from precedents_baselines import BASELINES

        for name, rankers in BASELINES.items():
            results[name] = run(options.data, rankers, False, options.leave_out)
    if options.json:
        print(json.dumps(results, indent=1))
    else:
        print("\n".join(as_markdown(name, result) for name, result in results.items()))


if __name__ == "__main__":
    main()
