"""Runs a target of a Makefile as it is written, with the set-up that these tests run in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def make(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `make` in a folder; its set-up counts as done, so nothing is installed."""
    venv = Path(sys.prefix)
    done = [word for name in ("site", "test") for word in ("-o", f"{venv}/.ready-{name}")]
    known = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", f"VENV={venv}", *done, *words],
        cwd=folder,
        env=known,
        capture_output=True,
        text=True,
        check=False,
    )
