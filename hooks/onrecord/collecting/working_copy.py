"""A copy of the repository for a command, so that nothing it does can be committed by the run.

In comes the root of a base; out comes a folder that has its files as they are now, without what git
ignores, and its history. The copy goes when the command is over.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from onrecord.records import git
from onrecord.records.git import NotGit

_LEFT_OUT = (".*", "__pycache__", "node_modules")
"""What isn't copied of a folder without git, which would say what it ignores."""


@contextmanager
def working_copy(root: Path) -> Iterator[Path]:
    """The base's folder in a copy of its repository. `OSError` where it can't be made."""
    # What the command leaves may be read-only; the system's own folder for such things is cleaned.
    with tempfile.TemporaryDirectory(prefix="onrecord-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder, "repository")
        top = git.hear(root, "rev-parse", "--show-toplevel")
        if not top:
            shutil.copytree(root, copy, symlinks=True, ignore=shutil.ignore_patterns(*_LEFT_OUT))
            yield copy
            return
        copy.mkdir()
        _copy_files(Path(top), copy)
        with suppress(NotGit):  # nothing is committed yet: the files are there all the same
            _give_history(Path(top), copy)
        inside = root.resolve().relative_to(Path(top).resolve())
        yield copy / inside


def state_of(root: Path) -> str:
    """What git sees as changed in the repository, and its last commit; '' without git."""
    status = git.hear(root, "status", "--porcelain", "-z", "--untracked-files=all")
    return f"{git.hear(root, 'rev-parse', 'HEAD')}\0{status}"


def _copy_files(top: Path, copy: Path) -> None:
    known = ("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
    made: set[Path] = set()
    try:
        for name in git.pieces(top, *known):
            source, target = top / name, copy / name
            if not name or source.is_dir() or not os.path.lexists(source):
                continue  # another repository inside this one, or a file that was deleted
            if target.parent not in made:
                target.parent.mkdir(parents=True, exist_ok=True)
                made.add(target.parent)
            if not source.is_symlink():
                shutil.copy2(source, target)
            # An absolute link would lead from the copy back into the repository, or out of it.
            elif not source.readlink().is_absolute():
                target.symlink_to(source.readlink())
    except NotGit as error:
        raise OSError(str(error)) from None


def _give_history(top: Path, copy: Path) -> None:
    """A repository of its own that reads the objects of the other one, and writes none there."""
    commit = git.ask(top, "rev-parse", "--verify", "HEAD^{commit}").strip()
    objects = top / git.ask(top, "rev-parse", "--git-path", "objects").strip()
    # Without a template no hook of the user's is copied, which a command's git could start.
    git.ask(copy, "init", "--quiet", "--template=")
    info = copy / ".git/objects/info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "alternates").write_text(f"{objects.resolve()}\n", encoding="utf-8")
    shallow = top / git.ask(top, "rev-parse", "--git-path", "shallow").strip()
    # CI clones a few commits only. Without this list git takes the missing parents for damage.
    if shallow.is_file():
        shutil.copyfile(shallow, copy / ".git/shallow")
    git.ask(copy, "update-ref", "HEAD", commit)
    git.ask(copy, "read-tree", "HEAD")
