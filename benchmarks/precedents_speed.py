"""What the precedents of a large base cost: CPU, wall time and peak memory, cold and warm.

In: a number of records. Out: a table. The base is made up, with word frequencies after Zipf, topics
and sections, the same on every run. Each measurement is a process of its own; its CPU and wall
time include the start of the interpreter and the reading of the records' list. The last rows are
those of `onrecord before` itself, on the same records as files.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

WORDS = 1100
ASKED = 5
VOCABULARY = 60_000
TOPICS = 400
SYLLABLES = ("ba", "co", "der", "en", "fi", "gra", "ha", "in", "jo", "ka", "lu", "men", "no", "or")
ENDINGS = ("", "", "s", "ing", "ed", "er", "ation", "ness", "ly", "ment")


_UNUSUAL = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
"""Settings of the environment that no user has, and that cost time."""


class Cost(NamedTuple):
    """What a process took."""

    cpu: float
    wall: float
    peak: float
    said: str

    def row(self, label: str) -> str:
        """A row of the table."""
        return f"| {label} | {self.cpu:.2f} | {self.wall:.2f} | {self.peak:.0f} |"


def vocabulary() -> list[str]:
    """Made-up words of two syllables and more, with endings a stemmer has to look at."""
    count = len(SYLLABLES)
    words = []
    for number in range(VOCABULARY):
        left, word = number // len(ENDINGS) + count, ""
        while left:
            word += SYLLABLES[left % count]
            left //= count
        words.append(word + ENDINGS[number % len(ENDINGS)])
    return words


def write_base(folder: Path, records: int) -> None:
    """`texts` with all bodies and `list.json` with everything else."""
    import numpy as np

    rng = np.random.default_rng(7)
    words = np.array(vocabulary())
    rng.shuffle(words)
    share = 1 / (np.arange(VOCABULARY) + 2.7) ** 1.02
    cumulative = np.cumsum(share / share.sum())
    topics = rng.integers(200, VOCABULARY, size=(TOPICS, 60))
    listed, at = [], 0
    with (folder / "texts").open("wb") as texts:
        for number in range(records):
            length = int(rng.normal(WORDS, WORDS / 4)) if records > 1 else WORDS
            drawn = np.searchsorted(cumulative, rng.random(max(length, 80)))
            topic = topics[int(rng.integers(TOPICS))]
            swapped = rng.random(len(drawn)) < 0.12
            drawn[swapped] = topic[(rng.random(swapped.sum()) ** 2 * 60).astype(int)]
            drawn = np.minimum(drawn, VOCABULARY - 1)
            lines = [
                ("## " if i % 20 == 0 else "") + " ".join(words[drawn[i * 12 : i * 12 + 12]]) + "."
                for i in range(len(drawn) // 12)
            ]
            body = "\n".join(lines).encode()
            texts.write(body)
            earlier = rng.integers(0, number, size=2).tolist() if number > 10 else []
            listed.append(
                {
                    "id": f"record-{number:06d}",
                    "title": " ".join(words[topic[:6]]),
                    "order": f"2020-{number:08d}",
                    "links": [f"record-{each:06d}" for each in earlier],
                    "at": at,
                    "length": len(body),
                    "digest": str(number),
                }
            )
            at += len(body)
    (folder / "list.json").write_text(json.dumps(listed))


def documents(folder: Path, changed: int | None, rewritten: bool) -> list[object]:
    from onrecord.precedents.engine import Document, DocumentLink

    texts = (folder / "texts").open("rb")

    def fetch(at: int, length: int, number: int) -> Callable[[], str]:
        def read() -> str:
            body = os.pread(texts.fileno(), length, at).decode()
            if number != changed:
                return body
            if rewritten:
                return " ".join(reversed(body.split(" ")))
            return body + "\n\nOne more paragraph " + " ".join(sorted(body.split(" ")[:60]))

        return read

    return [
        Document(
            each["id"],
            each["title"],
            fetch(each["at"], each["length"], number),
            each["order"],
            links=tuple(DocumentLink(target) for target in each["links"]),
            digest=each["digest"] + (f"changed {rewritten}" if number == changed else ""),
        )
        for number, each in enumerate(json.loads((folder / "list.json").read_text()))
    ]


def work(folder: Path, task: str, cache: Path) -> None:
    """One measurement, in a process of its own."""
    from onrecord.precedents.engine import Engine

    name, _, number = task.partition(":")
    changed = int(number) if number else None
    engine = Engine(documents(folder, changed, name == "rewritten"), cache_dir=cache)  # type: ignore[arg-type]
    if name == "query":
        words = vocabulary()
        print(len(engine.similar(" ".join(words[100:140]), words[77], cutoff=0.0)))
    elif name == "why":
        print(sum(map(len, engine.all_precedents().values())))
    else:
        found = engine.all_scores(limit=3)
        print(sum(map(len, found.values())))


def write_files(folder: Path) -> None:
    """The base as a team keeps it: a file for each record below `decisions/`."""
    texts = (folder / "texts").read_bytes()
    for number, each in enumerate(json.loads((folder / "list.json").read_text())):
        file = folder / "decisions" / str(2000 + number // 400) / f"{each['id']}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        day = date(2000, 1, 1) + timedelta(days=number * 9000 // 10_000)
        body = texts[each["at"] : each["at"] + each["length"]].decode()
        file.write_text(
            f"---\ntitle: {each['title']}\nstage: assess\nentered:\n  assess: {day}\n"
            f"owner: role-{number % 40}\nrelated: [{', '.join(each['links'])}]\n---\n\n{body}\n"
        )


def measure(command: Sequence[str | Path], **environment: str) -> Cost:
    """What a command costs, as a process of its own."""
    start = time.perf_counter()
    kept = {name: value for name, value in os.environ.items() if name not in _UNUSUAL}
    with subprocess.Popen(
        [sys.executable, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**kept, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", **environment},
    ) as process:
        said = process.stdout.read().strip() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command}: exit status {process.returncode}")
    wall = time.perf_counter() - start
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, said)


def ask(folder: Path, cache: Path, *arguments: str) -> Cost:
    """What a question on the command line costs; modules are compiled once, as when installed."""
    program = "from onrecord.cli import main; main()"
    return measure(
        ["-c", program, "--root", str(folder), "before", *arguments],
        ONRECORD_CACHE=str(cache),
        PYTHONPATH=os.pathsep.join(path for path in sys.path if path),
        PYTHONPYCACHEPREFIX=str(folder / "compiled"),
    )


def questions(folder: Path, records: int) -> Iterator[tuple[str, Cost]]:
    """The same base asked on the command line."""
    write_files(folder)
    cache = folder / "cache-of-files"
    words = " ".join(vocabulary()[100:108])
    edited = next(folder.glob(f"decisions/*/record-{records * 97 // 100:06d}.md"))
    draft = folder / "draft.md"
    draft.write_text(edited.read_text())
    yield "`before` a few words, cold", ask(folder, cache, words)
    for label, arguments in (
        ("a few words", [words]),
        ("a draft", ["--file", str(draft)]),
        ("a record", ["--id", edited.stem]),
    ):
        every = [ask(folder, cache, *arguments) for _ in range(ASKED)]
        yield f"`before` {label}, warm, median of {ASKED}", sorted(every)[ASKED // 2]
    edited.write_text(edited.read_text() + "\nOne more sentence.\n")
    yield "`before` a few words, a record edited", ask(folder, cache, words)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--work", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--cache", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--why", action="store_true", help="quotes for everything, too")
    options = parser.parse_args()
    if options.work:
        work(options.folder, options.work, options.cache)
        return
    folder = Path(tempfile.mkdtemp(prefix="precedents-speed-"))
    try:
        write_base(folder, options.records)
        cache, late, early = folder / "cache", options.records * 97 // 100, options.records // 3
        tasks = {
            "all, cold": "all",
            "all, nothing changed": "all",
            "all, a late record edited": f"edited:{late}",
            "all, back again": "all",
            "all, an old record edited": f"edited:{early}",
            "all, an old record rewritten": f"rewritten:{early}",
            "one query, cache of another state": "query",
            "back again": "all",
            "one query, warm": "query",
        }
        if options.why:
            tasks |= {"all with quotes, first time": "why", "all with quotes, warm": "why"}
        print(f"| {options.records} records | CPU s | wall s | peak MB |\n|---|---|---|---|")
        for label, task in tasks.items():
            given = [__file__, "--work", task, "--folder", folder, "--cache", cache]
            print(measure(given).row(label), flush=True)
        for label, cost in questions(folder, options.records):
            print(cost.row(label), flush=True)
        size = sum(path.stat().st_size for path in cache.glob("*")) / 1e6
        print(f"\nCache: {size:.0f} MB.")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
