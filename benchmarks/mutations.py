"""Whether any damaged file stops a run or takes long: reads and renders thousands of them.

    python benchmarks/mutations.py [--files 20000] [--seed 1] [--slow 5]

Good files of the tests are damaged by chance, the same way for the same seed. Each is read, judged,
and turned into HTML with the extensions of a new knowledge base; five hundred at a time are checked
by `onrecord check` as one base. Out come every traceback, every file that needed more CPU seconds
than `--slow`, and the slowest. The exit status is 1 when there was one of either.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

import yaml
from click.testing import CliRunner
from markdown import Markdown

from onrecord.cli import main as onrecord
from onrecord.records.reading import read_library
from onrecord.site.safety import Sanitiser

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/support"))
from mutations import mutated  # noqa: E402

TOGETHER = 500


def starter_markdown() -> Markdown:
    """Markdown with the extensions of the starter's mkdocs.yml."""
    text = (ROOT / "hooks/onrecord/drafting/starter/mkdocs.yml").read_text(encoding="utf-8")
    listed = yaml.safe_load("\n".join(line for line in text.split("\n") if "@@" not in line))
    names: list[str] = []
    options = {}
    for one in listed["markdown_extensions"]:
        for name, given in one.items() if isinstance(one, dict) else ((one, {}),):
            names.append(name)
            options[name] = given
    return Markdown(extensions=names, extension_configs=options)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slow", type=float, default=5.0, help="CPU seconds")
    asked = parser.parse_args()
    markdown, door, worst = starter_markdown(), Sanitiser(), (0.0, "")
    shown, codes, bad = Counter[str](), Counter[str](), 0
    together = Path(tempfile.mkdtemp(prefix="mutations-"))
    alone = Path(tempfile.mkdtemp(prefix="mutation-"))
    try:
        for number, (path, data) in enumerate(mutated(asked.files, asked.seed)):
            began = time.process_time()
            file = alone / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
            try:
                library = read_library(alone)
                codes.update({fault.code for fault in library.findings})
                for record in library.by_path.values():
                    if record.path in library.shown_plain:
                        shown["plain, as it is too much"] += 1
                        continue
                    markdown.reset()
                    try:
                        door.harmless(markdown.convert(record.body.text))
                        shown["laid out"] += 1
                    except Exception as error:  # the build's net shows it plain
                        shown[f"plain, as Markdown fails: {type(error).__name__}"] += 1
            except Exception:
                bad += 1
                print(f"{number} {path}:\n{traceback.format_exc()}", flush=True)
            spent = time.process_time() - began
            worst = max(worst, (spent, f"{number} {path}, {len(data):,} bytes"))
            if spent > asked.slow:
                bad += 1
                print(f"{number} {path}: {spent:.1f} s, {len(data):,} bytes", flush=True)
            file.unlink()
            copy = together / Path(path).parent / f"m{number}-{Path(path).name}"
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(data)
            if number % TOGETHER == TOGETHER - 1 or number == asked.files - 1:
                result = CliRunner().invoke(onrecord, ["--root", str(together), "check", "--json"])
                if not isinstance(result.exception, SystemExit | None):
                    bad += 1
                    print(f"check, up to {number}: {result.exception!r}", flush=True)
                shutil.rmtree(together)
                together.mkdir()
                print(f"{number + 1:,} tried", file=sys.stderr, flush=True)
    finally:
        shutil.rmtree(together, ignore_errors=True)
        shutil.rmtree(alone, ignore_errors=True)
    print(f"{asked.files:,} files, {bad} that failed or took over {asked.slow:g} s")
    print(f"slowest: {worst[0]:.2f} CPU s, {worst[1]}")
    for what, times in shown.most_common():
        print(f"{times:>7,} {what}")
    print("findings:", ", ".join(f"{code} {times:,}" for code, times in codes.most_common()))
    raise SystemExit(bool(bad))


if __name__ == "__main__":
    main()
