"""What it costs to build a site again, beside a plain one: all figures as ratios, in one run.

    python benchmarks/rebuild.py BASE [--rounds 1] [--no-serve]

In comes a knowledge base, a folder with `decisions/` and maybe `playbooks/`; it is copied, never
written to. Out come, in seconds of CPU (user and system, all processes) and as ratios to a plain
build (MkDocs and Material alone, over the same files):

- cold: a build with everything on, and no cache;
- one edit: the next build, after a sentence was added to a decision;
- nothing changed: the next one;
- a new title, and one decision less: what changes lists and links;
- `check`, `waiting`, `changes` and `status`, the first time and again;
- `--help`, and a command that isn't there;
- `serve`: from a save to the fresh page, and what it takes while nothing happens.

Peak memory is the largest sum over all processes of a build, seen every tenth of a second; Linux
alone tells it. Of several rounds the median is printed. Ratios of one run can be compared, seconds
of two runs can't.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from build_cost import lay_out, strip_onrecord

BUILD = [sys.executable, "-m", "mkdocs", "build", "--quiet"]
ONRECORD = [str(Path(sys.executable).with_name("onrecord"))]
IDLE = 10
"""Seconds over which an idle server is watched."""


def main() -> None:
    parser = argparse.ArgumentParser(description="What it costs to build a site again.")
    parser.add_argument("base", type=Path, metavar="BASE", help="a folder that holds decisions/")
    parser.add_argument("--rounds", type=int, default=1, help="runs of each row (default 1)")
    parser.add_argument("--no-serve", action="store_true", help="leave `mkdocs serve` out")
    given = parser.parse_args()
    if not (given.base / "decisions").is_dir():
        parser.error(f"{given.base} holds no folder decisions/")
    cost: defaultdict[str, list[Cost]] = defaultdict(list)
    for _ in range(given.rounds):
        with tempfile.TemporaryDirectory(prefix="rebuild-") as scratch:
            _round(given.base, Path(scratch), cost, serves=not given.no_serve)
    plain = statistics.median(one.seconds for one in cost["plain"])
    print(f"{'':<24}{'CPU s':>8}{'of plain':>10}{'wall s':>8}{'MB':>8}")
    for name, each in cost.items():
        seconds = statistics.median(one.seconds for one in each)
        wall = statistics.median(one.wall for one in each)
        memory = max(one.memory for one in each)
        print(f"{name:<24}{seconds:>8.2f}{seconds / plain:>10.3f}{wall:>8.2f}{memory:>8.0f}")


class Cost:
    """CPU seconds, wall seconds and megabytes at the peak, of all processes of a command."""

    def __init__(self, command: list[str], folder: Path, may_return: tuple[int, ...] = (0,)):
        started, before = time.monotonic(), os.times()
        with (
            subprocess.Popen(
                command,
                cwd=folder,
                env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            ) as process,
            _peak(process.pid) as peak,
        ):
            said = process.communicate()[1]
        after = os.times()
        if process.returncode not in may_return:
            sys.exit(f"{' '.join(command)} failed in {folder}:\n{said.decode(errors='replace')}")
        self.wall = time.monotonic() - started
        self.seconds = (after.children_user + after.children_system) - (
            before.children_user + before.children_system
        )
        self.memory = peak[0] / 1e6


class _Served(Cost):
    def __init__(self, seconds: float, wall: float) -> None:
        self.seconds, self.wall, self.memory = seconds, wall, 0.0


def _round(base: Path, scratch: Path, cost: defaultdict[str, list[Cost]], serves: bool) -> None:
    plain, ours = scratch / "plain", scratch / "onrecord"
    os.environ["ONRECORD_CACHE"] = str(scratch / "cache")
    for folder in (plain, ours):
        lay_out(base, folder)
    strip_onrecord(plain)
    _commit(ours)
    files = sorted((ours / "decisions").rglob("*.md"))
    print(f"{len(files):,} files in decisions/", flush=True)

    def take(name: str, command: list[str], may_return: tuple[int, ...] = (0,)) -> None:
        folder = plain if name == "plain" else ours
        cost[name].append(Cost(command, folder, may_return))
        print(f"  {name}: {cost[name][-1].seconds:.2f}", file=sys.stderr, flush=True)

    take("plain", BUILD)
    take("cold", BUILD)
    edited = files[len(files) // 2]
    with edited.open("a", encoding="utf-8") as file:
        file.write("\nA sentence that was not here before.\n")
    take("one edit", BUILD)
    take("nothing changed", BUILD)
    text = files[len(files) // 3].read_text(encoding="utf-8")
    files[len(files) // 3].write_text(text.replace("title: ", "title: Newly ", 1), encoding="utf-8")
    take("a new title", BUILD)
    files.pop(len(files) // 4).unlink()
    take("one decision less", BUILD)

    since = ["changes", "--since", "2026-01-01", "--json"]
    for name, words in {
        "check": ["check", "--json"],
        "waiting": ["waiting", _somebody(ours), "--json"],
        "changes": since,
        "status": ["status", "--changed", "HEAD", "--json"],
    }.items():
        os.environ["ONRECORD_CACHE"] = str(scratch / f"cache-of-{name}")
        take(f"{name}, first", [*ONRECORD, *words], (0, 1))
        take(f"{name}, again", [*ONRECORD, *words], (0, 1))
    os.environ["ONRECORD_CACHE"] = str(scratch / "cache")
    take("--help", [*ONRECORD, "--help"])
    take("unknown command", [*ONRECORD, "chek"], (2,))
    if serves:
        for name, served in _serve(ours, edited):
            cost[name].append(served)


def _commit(folder: Path) -> None:
    """Make the folder a repository of one commit."""
    who = ["-c", "user.name=Bench", "-c", "user.email=bench@example.org"]
    for words in (["init", "-q"], ["add", "-A"], [*who, "commit", "-q", "-m", "All"]):
        subprocess.run(["git", "-C", str(folder), *words], check=True)


def _somebody(folder: Path) -> str:
    """A person whom some decision consults."""
    for path in sorted((folder / "decisions").rglob("*.md"), reverse=True):
        _, found, rest = path.read_text(encoding="utf-8").partition("\nconsulted:\n- ")
        if found:
            return rest.split("\n", 1)[0].strip("@\"' ")
    return "ana"


@contextmanager
def _peak(group: int) -> Iterator[list[int]]:
    """The largest sum of memory that the processes of a session hold, in bytes."""
    peak, done = [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            peak[0] = max(peak[0], sum(memory for _, memory in _processes(group)))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()


def _processes(session: int) -> Iterator[tuple[float, int]]:
    """The CPU seconds and bytes of memory of each process of a session."""
    tick = os.sysconf("SC_CLK_TCK")
    for process in Path("/proc").glob("[0-9]*"):
        try:
            stat = (process / "stat").read_text(encoding="utf-8", errors="replace")
            fields = stat.rpartition(")")[2].split()
            if int(fields[3]) == session:
                yield sum(map(int, fields[11:15])) / tick, _memory(process)
        except OSError:
            continue  # it has ended


def _memory(process: Path) -> int:
    """The bytes that a process holds: its own, and its share of what several hold together.

    Else all that a process holds would count twice while it starts another.
    """
    told = (process / "smaps_rollup").read_text(encoding="utf-8")
    return sum(1_024 * int(one.split()[1]) for one in told.splitlines() if one.startswith("Pss:"))


def _serve(folder: Path, edited: Path) -> Iterator[tuple[str, Cost]]:
    """What a save costs until its page is fresh, and what an idle server takes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    page = edited.relative_to(folder).with_suffix("").as_posix()
    address = f"http://127.0.0.1:{port}/{page}/"
    command = [sys.executable, "-m", "mkdocs", "serve", "--quiet", "-a", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, cwd=folder, start_new_session=True)
    try:
        yield "serve: first page", _until(process, address, lambda text: bool(text))
        time.sleep(3)  # the index is made in the background
        for number in range(2):
            word = f"Freshlysaved{number}"
            with edited.open("a", encoding="utf-8") as file:
                file.write(f"\n{word}.\n")
            saved = _until(process, address, lambda text, word=word: word in text)
            yield "serve: save to page", saved
        time.sleep(3)
        before = _cpu(process)
        time.sleep(IDLE)
        yield f"serve: idle, {IDLE} s", _Served(_cpu(process) - before, IDLE)
    finally:
        process.kill()
        process.wait()


def _cpu(process: subprocess.Popen[bytes]) -> float:
    return sum(seconds for seconds, _ in _processes(process.pid))


def _until(process: subprocess.Popen[bytes], address: str, is_so: Callable[[str], bool]) -> Cost:
    started, before = time.monotonic(), _cpu(process)
    while process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=600) as answer:
                if is_so(answer.read().decode("utf-8")):
                    return _Served(_cpu(process) - before, time.monotonic() - started)
        except OSError:
            pass
        time.sleep(0.1)
    sys.exit("mkdocs serve has ended")


if __name__ == "__main__":
    main()
