"""Whether a true repeat comes first.

In: a folder of sets. Out: for each kind of repeat, the share of records whose original is the first
hit, and the share shown at the default cut-off. Repeats are made of up to `--sample` records per
set, asked as new texts against the whole group: copies; copies with a paraphrased title (words
turned round, one replaced by a general one); shortened versions (a third of the sentences); a third
with a paraphrased title. Records under 40 words are left out: two templates without content are the
same text.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from onrecord.precedents.engine import DEFAULT_CUTOFF, Engine
from precedents import read_set, sets_in


def paraphrased(title: str) -> str:
    words = title.split()[::-1]
    if len(words) > 2:
        words[len(words) // 2] = "approach"
    return " ".join(["Towards", *words])


def shortened(text: str) -> str:
    return " ".join(re.split(r"(?<=[.!?])\s+|\n+", text)[::3])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sample", type=int, default=100, help="records per set")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    first: dict[str, list[bool]] = defaultdict(list)
    shown: dict[str, list[bool]] = defaultdict(list)
    missed: list[str] = []
    for name in sets_in(options.data):
        groups = read_set(options.data, name)
        step = max(1, sum(len(group.documents) for group in groups) // options.sample)
        for group in groups:
            engine = Engine(group.documents)
            for each in group.documents[::step]:
                if len(each.body.split()) < 40:
                    continue
                repeats = {
                    "copy": (each.body, each.title),
                    "other title": (each.body, paraphrased(each.title)),
                    "a third of the sentences": (shortened(each.body), each.title),
                    "a third, other title": (shortened(each.body), paraphrased(each.title)),
                }
                for kind, (text, title) in repeats.items():
                    hits = engine.scores(text, title, limit=1)
                    right = bool(hits) and hits[0][0] == each.id
                    first[kind].append(right)
                    shown[kind].append(right and hits[0][1] >= DEFAULT_CUTOFF)
                    if not right:
                        missed.append(f"{name} {each.id} ({kind}): {hits[:1]}")
    rows = {
        kind: {
            "repeats": len(values),
            "first": sum(values) / len(values),
            "first and shown": sum(shown[kind]) / len(values),
        }
        for kind, values in first.items()
    }
    if options.json:
        print(json.dumps({"kinds": rows, "missed": missed}, indent=1))
        return
    print("| repeat | number | original first | and shown |\n|---|---|---|---|")
    for kind, row in rows.items():
        print(f"| {kind} | {row['repeats']} | {row['first']:.4f} | {row['first and shown']:.4f} |")
    print("\n".join(["", *missed[:20]]))


if __name__ == "__main__":
    main()
