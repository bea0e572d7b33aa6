"""Checks what `make wheel` built, tries it where nothing else is, and writes a release's notes.

In: the folder with the archives, and the tag if there is one. Out: `onrecord-VERSION.md` beside
them, made of the change log. Ends with status 1 where a release can't be made of what is there.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[1]
WORDS = (["--help"], ["init", "base"], ["--root", "base", "check"])
"""What is run from each archive, in an empty folder."""


def version_of(root: Path) -> str:
    """The version that the archives are built with."""
    text = (root / "hooks/onrecord/__init__.py").read_text(encoding="utf-8")
    found = re.search(r'(?m)^__version__ = "([^"]+)"', text)
    if not found:
        raise SystemExit('hooks/onrecord/__init__.py has no line: __version__ = "…"')
    return found[1]


def section_of(changelog: str, version: str) -> tuple[str, str]:
    """The heading and the text of a version in the change log; both empty if it has none."""
    for part in re.split(r"(?m)^## ", changelog)[1:]:
        heading, _, text = part.partition("\n")
        if version in re.findall(r"[^\s\[\]]+", heading):
            return heading, text.strip() + "\n"
    return "", ""


def closed(heading: str, version: str) -> bool:
    """Whether a heading is a version with a day that exists."""
    named, _, day = heading.partition(" - ")
    try:
        return named == f"[{version}]" and date.fromisoformat(day).isoformat() == day
    except ValueError:
        return False


def missing(root: Path, version: str, tag: str) -> list[str]:
    """What a person must still write before this can be uploaded, each with the right form."""
    found = []
    heading, text = section_of((root / "CHANGELOG.md").read_text(encoding="utf-8"), version)
    if not text.strip():
        found.append(f"CHANGELOG.md: no text for {version}. Write: ## [{version}] - YYYY-MM-DD")
    elif not closed(heading, version):
        found.append(
            f"CHANGELOG.md: “## {heading}” isn't closed. Write: ## [{version}] - YYYY-MM-DD"
        )
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name in ("Source", "Issues", "Changelog", "Documentation"):
        if not project.get("urls", {}).get(name, "").startswith("https://"):
            found.append(
                f"pyproject.toml: no address for {name}."
                f' Write below [project.urls]: {name} = "https://…"'
            )
    if tag and tag != f"v{version}":
        found.append(f"The tag is {tag}. Write v{version}, or change __version__.")
    return found


def archives_in(dist: Path, version: str) -> list[Path]:
    """The wheel and the sdist of a version; with any other archive there, none is right."""
    right = [
        dist / f"onrecord-{version}-py3-none-any.whl",
        dist / f"onrecord-{version}.tar.gz",
        dist / f"onrecord-{version}.cdx.json",
    ]
    there = {path for path in dist.iterdir() if path.suffix in (".whl", ".gz", ".json")}
    faults = [f"{path} is missing. Run: make wheel" for path in right if path not in there]
    faults += [f"{path} is of another version. Delete it." for path in sorted(there - {*right})]
    if faults:
        raise SystemExit("\n".join(faults))
    return right[:2]


def run(*words: str | Path, cwd: Path = ROOT, **environment: str) -> None:
    """Run a command in an environment that says nothing of this checkout."""
    known = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        words,
        cwd=cwd,
        env={**known, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{done.stdout}\nFailed: {' '.join(map(str, words))}")


def try_out(archives: list[Path], environment: Path | None = None) -> None:
    """Install each archive in an environment with what it declares alone, and use it.

    The environment is thrown away, or made in the folder that is given and left there.
    """
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    with tempfile.TemporaryDirectory() as scratch:
        home = environment or Path(scratch, "venv")
        run(sys.executable, "-m", "venv", "--without-pip", home)
        # Compiled is only what is run here, when it is run.
        into = [*pip, "--python", home / "bin/python", "install", "--quiet", "--no-compile"]
        run(*into, "--require-hashes", "-r", ROOT / "requirements/core.txt")
        for number, archive in enumerate(reversed(archives)):  # the wheel last, so that it stays
            print(f"== Trying {archive.name}", flush=True)
            wheel = archive
            if archive.suffix == ".gz":  # built here, so that the environment stays bare
                made = Path(scratch, "made")
                run(*pip, "wheel", "--quiet", "--no-deps", "--no-build-isolation",
                    "--wheel-dir", made, archive)  # fmt: skip
                (wheel,) = made.iterdir()
            run(*into, "--no-deps", "--force-reinstall", wheel)
            run(*pip, "--python", home / "bin/python", "check")
            empty = Path(scratch, f"empty-{number}")
            empty.mkdir()
            for words in WORDS:
                run(home / "bin/onrecord", *words, cwd=empty)


def main() -> None:
    """Check the archives, try them, write the notes, and say what is left to do."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("dist", type=Path, help="the folder that `make wheel` filled")
    asked.add_argument("--tag", default="", help="the tag, such as v0.1.0: nothing may be missing")
    asked.add_argument("--environment", type=Path, help="keep the one they are tried in: here")
    said = asked.parse_args()
    version = version_of(ROOT)
    left = missing(ROOT, version, said.tag)
    if said.tag and left:
        raise SystemExit("\n".join(left))
    dist = said.dist.resolve()
    archives = archives_in(dist, version)
    print("== Checking the archives", flush=True)
    run(sys.executable, "-m", "twine", "check", "--strict", *archives)
    try_out(archives, said.environment)
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    notes = dist / f"onrecord-{version}.md"
    notes.write_text(section_of(changelog, version)[1], encoding="utf-8")
    print(f"Both archives work. The notes are in {said.dist / notes.name}.")
    if left:
        print("Before you upload:", *left, sep="\n  ")


if __name__ == "__main__":
    main()
