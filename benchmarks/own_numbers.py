"""One of our own roles' numbers, measured now.

    python benchmarks/own_numbers.py ROLE/METRIC

In comes this repository; out comes the number, for `onrecord collect --commands`, which writes it
down. Seconds are processor time (user and system), the least of some runs, so that a busy machine
disturbs them little.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from build_cost import cpu

ROOT = Path(__file__).resolve().parents[1]
ONRECORD = str(Path(sys.executable).with_name("onrecord"))


def tests() -> float:
    """How many tests one run counts."""
    said = output([sys.executable, "-m", "pytest", "--collect-only"])
    found = re.search(r"^(\d+) tests? collected", said, re.MULTILINE)
    if found is None:
        sys.exit("pytest doesn't say how many tests it collects")
    return float(found[1])


def check_time() -> float:
    """Seconds of a check of our own records."""
    return min(cpu([ONRECORD, "check"], ROOT) for _ in range(5))


def build_time() -> float:
    """Seconds of a strict build of our own site."""
    with tempfile.TemporaryDirectory() as site:
        build = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", site]
        return min(cpu(build, ROOT) for _ in range(3))


def build_ratio() -> float:
    """A build of our own records with the hooks, against one of MkDocs alone."""
    benchmark = str(ROOT / "benchmarks" / "build_cost.py")
    said = output([sys.executable, benchmark, str(ROOT), "--rounds", "3"])
    found = re.search(r"^with OnRecord: .*of the lowest ([0-9.]+)", said, re.MULTILINE)
    if found is None:
        sys.exit(f"no ratio in:\n{said}")
    return float(found[1])


def how_tos() -> float:
    """How many how-to guides are run to the letter by the tests, in per cent."""
    pages = sorted((ROOT / "docs" / "how-to").glob("*.md"))
    run = [page for page in pages if "```console" in page.read_text(encoding="utf-8")]
    return 100 * len(run) / len(pages)


def output(command: list[str]) -> str:
    """What a command prints; it must end well."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


NUMBERS: dict[str, tuple[Callable[[], float], int]] = {
    "maintainer/tests": (tests, 0),
    "maintainer/check-time": (check_time, 2),
    "maintainer/build-time": (build_time, 1),
    "researcher/build-ratio": (build_ratio, 2),
    "writer/pages-run": (how_tos, 0),
}
"""Role and metric, how it is measured, and how many digits after the point are worth writing."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure one of our own numbers.")
    parser.add_argument("metric", choices=NUMBERS, metavar="ROLE/METRIC")
    measure, digits = NUMBERS[parser.parse_args().metric]
    print(f"{measure():.{digits}f}")


if __name__ == "__main__":
    main()
