"""How a command shows that it is still at work: a bar on a terminal, a line at times in a log."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterator
from time import monotonic
from typing import Any, TextIO

import click

from onrecord.cli.echo import echo
from onrecord.text.printing import printed
from onrecord.text.progress import Item, Progress, in_lines, silent

SECONDS_WITHOUT_BAR = 0.5
"""Work that is over by then shows no bar."""


def shown_progress(*, quiet: bool, now: Callable[[], float] = monotonic) -> Progress:
    """The progress of the command that runs, shown on stderr.

    Nothing is shown where the command is `quiet` (`--json`), or where a program reads its output.
    `now` gives seconds.
    """
    if quiet or not (sys.stdout.isatty() or _is_one_log() or os.environ.get("CI")):
        return silent
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        bars = _Bars(sys.stderr, now)
        # An error's message begins on a line of its own, and Ctrl-C gives the cursor back.
        click.get_current_context().call_on_close(bars.close)
        return bars
    return in_lines(lambda line: echo(line, err=True), now)


def _is_one_log() -> bool:
    """True where both streams go to one place, as in a log; a pipe to a program has one alone."""
    try:
        return os.path.sameopenfile(sys.stdout.fileno(), sys.stderr.fileno())
    except (OSError, ValueError):  # a stream that is no file, or is closed
        return False


class _Bars:
    """A bar for each loop that takes long, one below the other."""

    def __init__(self, stream: TextIO, now: Callable[[], float]) -> None:
        self._stream, self._now = stream, now
        self._bar: Any = None

    def __call__(self, doing: str, items: Collection[Item], /) -> Iterator[Item]:
        begun, shown = self._now(), 0
        bar = None
        for done, item in enumerate(items):
            if bar is None and self._now() - begun >= SECONDS_WITHOUT_BAR:
                self.close()
                bar = self._bar = click.progressbar(
                    length=len(items),
                    label=printed(doing),
                    file=self._stream,
                    show_pos=True,
                    update_min_steps=max(1, len(items) // 100),
                )
                bar.render_progress()
            if bar is not None and bar is self._bar:
                bar.update(done - shown)
                shown = done
            yield item
        if bar is not None and bar is self._bar:
            bar.update(len(items) - shown)
            self.close()

    def close(self) -> None:
        """End the bar that is shown, if one is, and its line."""
        if self._bar is not None:
            self._bar.render_finish()
            self._bar = None
