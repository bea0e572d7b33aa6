"""The benchmarks whose figures the reference names: what their options do."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOLD = {
    "ovens": "Bake bread in an electric oven that keeps its heat.",
    "vans": "Deliver bread with a van that we own ourselves.",
    "rota": "Plan weekend shifts in a rota that everybody sees.",
}


def run(script: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "benchmarks" / script, *words]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sets: in `near` a record repeats what it links to, in `far` it doesn't."""
    folder = tmp_path_factory.mktemp("sets")
    for name, last in (("near", TOLD["ovens"]), ("far", "Paint the shop's front door green.")):
        texts = [*TOLD.values(), last]
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            for number, text in enumerate(texts):
                record = {
                    "id": str(number),
                    "title": text.split(" ", 1)[0],
                    "order": number,
                    "date": "",
                    "group": name,
                    "tags": [],
                    "authors": [],
                    "urls": [],
                    "text": text,
                }
                file.write(json.dumps(record) + "\n")
        (folder / f"{name}.qrels.tsv").write_text("3\t0\t3\tsupersedes\n", encoding="utf-8")
    return folder


def test_a_set_that_is_left_out_is_measured_and_is_in_no_mean(sets: Path) -> None:
    whole = json.loads(run("precedents.py", "--data", sets, "--json").stdout)["onrecord"]
    done = run("precedents.py", "--data", sets, "--json", "--leave-out", "far")
    without = json.loads(done.stdout)["onrecord"]
    assert without["sets"] == whole["sets"]
    assert without["mean"] == without["sets"]["near"] != whole["mean"]
    assert without["panel"]["mean"] == without["panel"]["near"] != whole["panel"]["mean"]


def test_a_set_that_is_not_there_cannot_be_left_out(sets: Path) -> None:
    done = run("precedents.py", "--data", sets, "--leave-out", "fur")
    assert done.returncode == 2
    assert "--leave-out fur: the sets are far, near" in done.stderr
    both = ("--leave-out", "far", "--leave-out", "near")
    done = run("precedents.py", "--data", sets, *both)
    assert done.returncode == 2
    assert "--leave-out leaves no set for the means" in done.stderr


def test_questions_are_counted_for_each_way_to_ask(tmp_path: Path) -> None:
    for name, text in TOLD.items():
        file = tmp_path / f"decisions/2026/{name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"---\ntitle: {name}\nstage: assess\n---\n\n## Problem\n\n{text}\n")
    data = tmp_path / "asked.tsv"
    lines = ["base\tquery\tids", "ours\toven keeps its heat\tovens", "ours\tour van\trota"]
    data.write_text("\n".join([*lines, "ours\tqwxyz\t", ""]), encoding="utf-8")
    done = run("questions.py", "--data", data, "--base", f"ours={tmp_path}", "--misses")
    assert done.returncode == 0, done.stderr
    assert "| `onrecord before` | 2 | 1 | 1 | 1 |" in done.stdout
    assert "| `onrecord find` | 2 | 1 | 1 | 1 |" in done.stdout
    assert "1 questions without an answer: 0 called close or more" in done.stdout
    assert "`onrecord before`: ours: our van: ['vans'" in done.stdout
