"""Which files a branch changes, asked of git."""

from __future__ import annotations

from pathlib import Path

from onrecord import git
from onrecord.git import NotGit


def changed_files(root: Path, base: str) -> tuple[str, ...]:
    """Files added or changed since a branch left `base`, below `root`, as paths from `root`.

    Compares with the common ancestor, so that what the base gained meanwhile doesn't count.
    """
    inside = git.ask(root, "rev-parse", "--show-toplevel")  # says so itself where there is none
    unknown = f"{base!r} isn't a branch or a commit here"
    if not inside or base.startswith("-"):
        raise NotGit(unknown)
    start = git.ask(root, "rev-parse", "--verify", f"{base}^{{commit}}", refusal=unknown).strip()
    said = git.ask(
        root, "diff", "--name-only", "-z", "--diff-filter=ACMR", "--relative", f"{start}...HEAD"
    )
    return tuple(sorted(path for path in said.split("\0") if path))
