"""What git knows: which files a branch changes, how decisions stood before, where the top is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from onrecord.records import git
from onrecord.records.git import NotGit
from onrecord.records.reading.frontmatter import decoded
from onrecord.records.reading.records import decision_of
from onrecord.records.vocabulary import DECISIONS_FOLDER, Stage


def changed_files(root: Path, base: str, *, whole: bool = False) -> tuple[str, ...]:
    """Files added or changed since a branch left `base`, below `root`, as paths from `root`.

    Those of the `whole` repository are paths from its top. Compares with the common ancestor, so
    that what the base gained meanwhile doesn't count.
    """
    start = _start(root, base)
    where = "--no-relative" if whole else "--relative"
    said = git.ask(
        root, "diff", "--name-only", "-z", "--diff-filter=ACMR", where, f"{start}...HEAD"
    )
    return tuple(sorted(path for path in said.split("\0") if path))


def stages_before(root: Path, base: str, paths: Iterable[str]) -> dict[str, Stage | None]:
    """The stage of each of these decisions where the branch left `base`; new ones are left out."""
    start = git.ask(root, "merge-base", _start(root, base), "HEAD").strip()
    found: dict[str, Stage | None] = {}
    wanted = set(paths)
    with git.Objects(root) as objects:
        for path, name in git.files_at(root, start, DECISIONS_FOLDER):
            if path in wanted and (data := objects.read(name)) is not None:
                found[path] = decision_of(path, decoded(path, data)[0])[0].stage
    return found


def place_in_repository(root: Path) -> tuple[Path, str]:
    """The top of the repository, and the path from there to `root`, such as `kb/`; '' at the top.

    Without git, or outside a repository, `root` is taken for the top.
    """
    try:
        top = git.ask(root, "rev-parse", "--show-toplevel").rstrip("\n")
        return Path(top), git.ask(root, "rev-parse", "--show-prefix").rstrip("\n")
    except NotGit:
        return root, ""


def _start(root: Path, base: str) -> str:
    inside = git.ask(root, "rev-parse", "--show-toplevel")  # says so itself where there is none
    unknown = f"{base!r} isn't a branch or a commit here"
    if not inside or base.startswith("-"):
        raise NotGit(unknown)
    return git.ask(root, "rev-parse", "--verify", f"{base}^{{commit}}", refusal=unknown).strip()
