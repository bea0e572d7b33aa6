"""Hits shown for records without a known link, for reading: does each help a person, or is it junk?

In: a folder of sets, a number of hits and a seed. Out: as many hits, drawn at random from all that
the default cut-off shows for link-less records, as text: both titles, how both texts begin, the
score and the quotes. Authors don't write down every link, so these hits are not wrong as such; only
reading tells. Of each set the first fifth is left out, as in the panel's figures.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from onrecord.precedents.engine import DEFAULT_CUTOFF, Document, Engine
from precedents import SHOWN, read_set, sets_in

WORDS = 70


def beginning(document: Document) -> str:
    words = document.body.split()
    return " ".join(words[:WORDS]) + (" …" if len(words) > WORDS else "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--number", type=int, default=50, help="how many hits")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    shown: list[tuple[str, Engine, Document, Document, float, int]] = []
    for name in sets_in(options.data):
        for group in read_set(options.data, name):
            engine = Engine(group.documents)
            by_id = {document.id: document for document in group.documents}
            scores = engine.all_scores(SHOWN)
            for document in group.documents[len(group.documents) // 5 :]:
                if document.id in group.truth:
                    continue
                for place, (id, score) in enumerate(scores[document.id], 1):
                    if score >= DEFAULT_CUTOFF:
                        shown.append((name, engine, document, by_id[id], score, place))
    drawn = random.Random(options.seed).sample(shown, min(options.number, len(shown)))
    print(f"{len(drawn)} of {len(shown)} hits shown for link-less records, seed {options.seed}")
    for number, (name, engine, document, found, score, place) in enumerate(drawn, 1):
        print(f"\n## {number}. {name}, score {score:.2f}, place {place}")
        print(f"ASKED {document.id}: {document.title}\n  {beginning(document)}")
        print(f"FOUND {found.id}: {found.title}\n  {beginning(found)}")
        hits = engine.precedents_of(document.id, SHOWN)
        why = next((hit.why for hit in hits if hit.id == found.id), None)
        for quote in why.quotes if why else ():
            print(f"  > {quote.text}")


if __name__ == "__main__":
    main()
