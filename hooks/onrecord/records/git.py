"""Asking git: the one place that runs it.

In come a folder and git's words; out comes what git says, or `NotGit` with the reason. Nothing
here changes a repository.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

PATIENCE = 20
"""Seconds after which git is not waited for."""


class NotGit(Exception):
    """git is missing, the folder is no repository, or git refuses."""


def ask(root: Path, *words: str, refusal: str = "") -> str:
    """What git says of a folder. Raises `NotGit` with git's first words, or with `refusal`."""
    return ask_bytes(root, *words, refusal=refusal).decode("utf-8", errors="replace")


def ask_bytes(root: Path, *words: str, told: bytes = b"", refusal: str = "") -> bytes:
    """What git says, as it says it; `told` is what it is given to read."""
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *words],
            capture_output=True,
            input=told,
            check=False,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        raise NotGit(f"git has not answered for {PATIENCE} seconds") from None
    except OSError as error:
        raise NotGit(f"git can't be run: {error.strerror or error}") from None
    if done.returncode:
        reason = done.stderr.decode("utf-8", errors="replace").strip().splitlines()
        raise NotGit(refusal or (reason[0] if reason else "git refuses"))
    return done.stdout


def hear(root: Path, *words: str) -> str:
    """What git says, without the empty space around it; '' where it says nothing or can't."""
    try:
        return ask(root, *words).strip()
    except NotGit:
        return ""
