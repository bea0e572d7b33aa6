"""How well an import reads real folders: `python benchmarks/import_quality.py --data DIR`.

DIR holds the folders that import_labels.csv names. For each labelled file a person wrote down what
stands in it: its status (`none`: it says nothing; `unclear`: a person can't say), its day (`none`:
it has none, or a month alone), its title, and which records of the folder supersede it or are
superseded by it. Each is right, left to a person though it could be read (unsure), or wrong.
Wrong is what nobody is told of, so the exit status is 1 when there is any.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from onrecord.lifecycle.relations import relate
from onrecord.migration.importing import (
    FileOutcome,
    ImportedFile,
    NoteKind,
    Options,
    plan_import,
    write_plan,
)
from onrecord.records.model import Decision
from onrecord.records.reading import read_library

LABELS = Path(__file__).with_name("import_labels.csv")
FIELDS = ("status", "date", "title", "superseded_by", "supersedes")


def main() -> int:
    """Print a table of right, unsure and wrong by field, and every file that isn't right."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of the folders")
    data: Path = parser.parse_args().data
    with LABELS.open(encoding="utf-8", newline="") as stream:
        labels = list(csv.DictReader(stream))
    counts: Counter[tuple[str, str]] = Counter()
    files = 0
    for folder in dict.fromkeys(label["folder"] for label in labels):
        found = dict(read_back(data / folder))
        for label in labels:
            if label["folder"] != folder:
                continue
            files += 1
            for name, (verdict, said) in judged(label, found.get(label["file"])).items():
                counts[name, verdict] += 1
                if verdict != "right":
                    print(f"{verdict}: {folder}/{label['file']}: {name}: {said}")
    print(f"\n{files} files\n\n| | right | unsure | wrong |\n| --- | --- | --- | --- |")
    for name in FIELDS:
        print(f"| {name} | " + " | ".join(str(counts[name, v]) for v in VERDICTS) + " |")
    total = files * len(FIELDS)
    right, wrong = (sum(counts[name, v] for name in FIELDS) for v in ("right", "wrong"))
    print(f"\n{right / total:.1%} right, {wrong} wrong of {total}")
    return 1 if wrong or right / total < 0.98 else 0


VERDICTS = ("right", "unsure", "wrong")


def read_back(
    folder: Path,
) -> Iterator[tuple[str, tuple[ImportedFile, Decision, str, tuple[str, ...]]]]:
    """Each imported file with its report and the record as a knowledge base reads it again."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        (root / "decisions").mkdir()
        report = write_plan(plan_import(folder, root, read_library(root), Options()), root)
        library = read_library(root)
        relations = relate(library)
        by_path = {decision.path: decision for decision in library.decisions}
        for item in report.of(FileOutcome.IMPORT):
            d = by_path[item.path]
            status = "left" if "status" in d.unsettled else str(relations.status[d.id])
            by = relations.superseded_by.get(d.id, ())
            named = tuple(o.id for o in library.decisions if d.id in o.supersedes)
            yield item.source.partition("/")[2], (item, d, status, by or named)


def judged(
    label: dict[str, str], found: tuple[ImportedFile, Decision, str, tuple[str, ...]] | None
) -> dict[str, tuple[str, str]]:
    """The verdict on each field, and what was read beside what a person reads."""
    if found is None:
        return dict.fromkeys(FIELDS, ("wrong", "not imported"))
    item, d, status, by = found
    left = {note.key for note in item.notes if note.kind is NoteKind.LEFT}
    doubted = left | {note.key for note in item.notes if note.kind is NoteKind.GUESSED}
    day = d.opened or d.decided
    read = {
        "status": status,
        "date": str(day) if day else "none",
        "title": d.title,
        "superseded_by": " ".join(by),
        "supersedes": " ".join(d.supersedes),
    }
    verdicts = {}
    for name in FIELDS:
        wanted, got = label[name], read[name]
        said = f"{got!r}, a person reads {wanted!r}"
        if name == "status" and wanted in ("none", "unclear"):
            right = got == "left"
        else:
            right = got == wanted
        unsure = {
            "status": got == "left",
            "date": got == "none" and bool(left & {"date", "decided", "entered"}),
            "title": "title" in doubted,
            "superseded_by": not got and "superseded by" in left,
            "supersedes": not got and "supersedes" in left,
        }[name]
        verdicts[name] = ("right" if right else "unsure" if unsure else "wrong", said)
    return verdicts


if __name__ == "__main__":
    raise SystemExit(main())
