"""git, as tests call it: by somebody who has set up nothing, on a day that the test names."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

SOMEBODY = {
    f"GIT_{who}_{what}": "ana@x.example"
    for who in ("AUTHOR", "COMMITTER")
    for what in ("NAME", "EMAIL")
}


def git(root: Path, *words: str, day: str = "") -> str:
    """Run git in a folder; what it prints. `day` dates a commit, at noon."""
    when = f"{day}T12:00:00+00:00"
    dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when} if day else {}
    done = subprocess.run(
        ["git", "-C", root, *words],
        env={**os.environ, **SOMEBODY, **dates, "GIT_CONFIG_GLOBAL": os.devnull},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
