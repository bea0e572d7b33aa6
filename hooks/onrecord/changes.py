"""Which files a branch changes, asked of git."""

from __future__ import annotations

import subprocess
from pathlib import Path


class NotGit(Exception):
    """git is missing, the folder is no repository, or the base isn't known to it."""


def changed_files(root: Path, base: str) -> tuple[str, ...]:
    """Files added or changed since a branch left `base`, below `root`, as paths from `root`.

    Compares with the common ancestor, so that what the base gained meanwhile doesn't count.
    """
    inside = _git(root, "rev-parse", "--show-toplevel")  # says so itself where there is none
    unknown = f"{base!r} isn't a branch or a commit here"
    if not inside or base.startswith("-"):
        raise NotGit(unknown)
    start = _git(root, "rev-parse", "--verify", f"{base}^{{commit}}", refusal=unknown).strip()
    said = _git(
        root, "diff", "--name-only", "-z", "--diff-filter=ACMR", "--relative", f"{start}...HEAD"
    )
    return tuple(sorted(path for path in said.split("\0") if path))


def _git(root: Path, *words: str, refusal: str = "") -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *words],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise NotGit(f"git can't be run: {error.strerror or error}") from None
    if done.returncode:
        reason = done.stderr.strip().splitlines()
        raise NotGit(refusal or (reason[0] if reason else "git refuses"))
    return done.stdout
