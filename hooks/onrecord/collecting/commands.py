"""Running a command that a metric names, where the run allows it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Timer

from onrecord.collecting.asking import MOST_BYTES, SourceFails

COMMAND_PATIENCE = 900
"""Seconds after which a command is stopped."""

_WITHHELD = (
    *("ONRECORD_CACHE_KEY", "ONRECORD_COLLECT_", "ONRECORD_GATHER", "ONRECORD_MAIL"),
    *("ONRECORD_TELL", "ONRECORD_TOKEN", "GITHUB_TOKEN", "GH_TOKEN", "FORGEJO_TOKEN"),
    *("GITEA_TOKEN", "ACTIONS_ID_TOKEN_", "ACTIONS_RUNTIME_", "ACTIONS_CACHE_"),
    *("CI_JOB_TOKEN", "CI_JOB_JWT", "CI_REPOSITORY_URL", "CI_BUILD_TOKEN"),
    *("CI_DEPLOY_", "CI_REGISTRY_PASSWORD", "CI_DEPENDENCY_PROXY_PASSWORD"),
    # Files by which a step tells later ones their environment; those may hold the job's token.
    *("GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STATE"),
)
"""Beginnings of the environment's names that a command isn't given."""


def printed_by(words: list[str], root: Path) -> bytes:
    """What a command prints, if it ends well and in time. It is given no token of the job's."""
    given = {name: word for name, word in os.environ.items() if not name.startswith(_WITHHELD)}
    # `python` is the one that runs us: a job needn't switch a virtual environment on.
    given["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), given.get("PATH", "")))
    with subprocess.Popen(
        words,
        cwd=root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # so that what it starts ends with it
        env=given,
    ) as process:
        assert process.stdout is not None
        watch = Timer(COMMAND_PATIENCE, _end, [process])
        watch.daemon = True
        watch.start()
        try:
            data = process.stdout.read(MOST_BYTES + 1)
            if len(data) > MOST_BYTES:
                raise SourceFails(f"the command prints more than {MOST_BYTES // 1_000_000} MB")
            status = process.wait()
        finally:
            watch.cancel()
            _end(process)
    if status:
        raise SourceFails(f"the command ended with status {status}")
    return data


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a command, with all that it started."""
    with suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
