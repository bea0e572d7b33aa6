"""What OnRecord's hooks cost: the CPU of a build with them, against one of MkDocs alone.

    python benchmarks/build_cost.py DIR [--rounds 3]

In comes a knowledge base, a folder with `decisions/` and maybe `playbooks/`; it is copied, never
written to. Out come the CPU seconds (user and system) of

- plain: MkDocs and Material over the same files, set in out of the nav by a hook of ten lines,
  with Material's search;
- without search: the configuration `onrecord init` writes, with `precedents: false` and
  `search: false`;
- without precedents: the same, with the search; Pagefind's own CPU is counted too;
- with OnRecord: that configuration as it is, precedents included; their cache starts empty, so the
  first round is a cold one;
- `onrecord check`;

each in a process of its own, in turns, and of each the median. The ratio says what the hooks cost.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from onrecord.drafting import knowledge_base

PLAIN_HOOK = '''\
"""The records as pages out of the nav, and nothing else."""

from pathlib import Path

from mkdocs.structure.files import File, InclusionLevel


def on_files(files, config):
    root = Path(config.config_file_path).parent
    for folder in ("decisions", "playbooks"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and not any(part.startswith(".") for part in path.parts[-2:]):
                files.append(
                    File(
                        path.relative_to(root).as_posix(),
                        src_dir=str(root),
                        dest_dir=config.site_dir,
                        use_directory_urls=config.use_directory_urls,
                        inclusion=InclusionLevel.NOT_IN_NAV,
                    )
                )
    return files
'''


def main() -> None:
    parser = argparse.ArgumentParser(description="What OnRecord's hooks cost, in CPU.")
    parser.add_argument("base", type=Path, metavar="DIR", help="a folder that holds decisions/")
    parser.add_argument("--rounds", type=int, default=3, help="builds of each kind (default 3)")
    given = parser.parse_args()
    if not (given.base / "decisions").is_dir():
        parser.error(f"{given.base} holds no folder decisions/")

    with tempfile.TemporaryDirectory(prefix="build-cost-") as scratch:
        plain_site, our_site = Path(scratch) / "plain", Path(scratch) / "onrecord"
        bare_site, mute_site = Path(scratch) / "without", Path(scratch) / "mute"
        os.environ["ONRECORD_CACHE"] = str(Path(scratch) / "cache")
        for folder in (plain_site, mute_site, bare_site, our_site):
            lay_out(given.base, folder)
        strip_onrecord(plain_site)
        leave_out(bare_site, "precedents")
        leave_out(mute_site, "precedents", "search")
        number = sum(1 for _ in (our_site / "decisions").rglob("*.md"))
        print(f"{number:,} files in decisions/, {given.rounds} rounds, CPU seconds (median last)")
        build = [sys.executable, "-m", "mkdocs", "build", "--quiet"]
        check = [str(Path(sys.executable).with_name("onrecord")), "check", "--json"]
        seconds: dict[str, list[float]] = {
            "plain": [],
            "without search": [],
            "without precedents": [],
            "with OnRecord": [],
            "onrecord check": [],
        }
        for _ in range(given.rounds):
            seconds["plain"].append(cpu(build, plain_site))
            seconds["without search"].append(cpu(build, mute_site))
            seconds["without precedents"].append(cpu(build, bare_site))
            seconds["with OnRecord"].append(cpu(build, our_site))
            seconds["onrecord check"].append(cpu(check, our_site, may_return=(0, 1)))

    for name, each in seconds.items():
        row = "  ".join(f"{one:7.2f}" for one in each)
        print(f"{name:>16}  {row}  | {statistics.median(each):7.2f}")
    plain = seconds["plain"]
    for name in ("without search", "without precedents", "with OnRecord"):
        ours = seconds[name]
        # On a machine that does other things too, the least disturbed build of each says more.
        median = statistics.median(ours) / statistics.median(plain)
        print(f"{name}: ratio {median:.3f}, of the lowest {min(ours) / min(plain):.3f}")
    with_search, without = min(seconds["without precedents"]), min(seconds["without search"])
    print(f"the search: {with_search / without - 1:.2f} of the build it is made in")


def lay_out(base: Path, folder: Path) -> None:
    """A folder as `onrecord init` leaves it, with the records of `base`."""
    setting = knowledge_base.Setting(
        site_name="Cost of a build", today=date.today(), has_records=True
    )
    for path, data in knowledge_base.files(setting):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    for name in ("decisions", "playbooks"):
        if (base / name).is_dir():
            shutil.copytree(base / name, folder / name)
        else:
            (folder / name).mkdir()


def strip_onrecord(folder: Path) -> None:
    """Take out what OnRecord adds: its hook, and the pages that only its hook makes."""
    docs = folder / "docs"
    config = yaml.load((folder / "mkdocs.yml").read_text(encoding="utf-8"), Loader=_Tagless)
    nav = [
        entry
        for entry in config["nav"]
        if all(isinstance(page, str) and (docs / page).is_file() for page in entry.values())
    ]
    _over(folder, {"nav": nav, "hooks": ["hooks/plain.py"], "plugins": ["search"]})
    (folder / "hooks" / "plain.py").write_text(PLAIN_HOOK, encoding="utf-8")


def leave_out(folder: Path, *features: str) -> None:
    """Turn features off, to see the cost of all the rest."""
    _over(folder, {"extra": {"onrecord": dict.fromkeys(features, False)}})


class _Tagless(yaml.SafeLoader):
    """Reads a configuration whose tags, such as those of functions, only MkDocs knows."""


_Tagless.add_multi_constructor("tag:yaml.org,2002:python/", lambda *_: None)
_Tagless.add_multi_constructor("!", lambda *_: None)


def _over(folder: Path, options: dict[str, Any]) -> None:
    """Set options above those of a folder's mkdocs.yml."""
    (folder / "mkdocs.yml").rename(folder / "below.yml")
    text = yaml.safe_dump({"INHERIT": "below.yml", **options}, sort_keys=False)
    (folder / "mkdocs.yml").write_text(text, encoding="utf-8")


def cpu(command: list[str], folder: Path, may_return: tuple[int, ...] = (0,)) -> float:
    """The seconds of CPU, user and system, that a command takes in a folder."""
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in may_return:
        sys.exit(f"{' '.join(command)} failed in {folder}:\n{done.stdout}{done.stderr}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
