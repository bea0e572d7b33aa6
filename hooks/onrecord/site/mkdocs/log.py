"""What a build says: every line of it is clean, ours and MkDocs' own, which names files too."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, MutableMapping
from typing import Any, TypeVar

from mkdocs.plugins import PrefixedLogger

from onrecord.text.printing import printed, printed_lines

Answer = TypeVar("Answer")


class _OneLine(PrefixedLogger):
    """Each message is one line, whatever a file's name holds."""

    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[str, Any]:
        """The message as it is logged."""
        return super().process(printed(str(msg)), kwargs)


log = _OneLine("onrecord", logging.getLogger("mkdocs.plugins.onrecord"))


def clean_log() -> None:
    """Let nothing reach MkDocs' log but lines that only show."""
    for handler in logging.getLogger("mkdocs").handlers:
        if _only_showing not in handler.filters:
            handler.addFilter(_only_showing)


def _only_showing(record: logging.LogRecord) -> bool:
    # MkDocs lists files below each other, so line ends stay; no line of them gives a command.
    record.msg, record.args = printed_lines(record.getMessage()), ()
    return True


def held_back(
    logs: Collection[logging.Logger], ask: Callable[[], Answer]
) -> tuple[Answer, Callable[[], None]]:
    """The answer to a question, and a function that says what these logs were told meanwhile."""
    held: list[tuple[logging.Logger, logging.LogRecord]] = []

    def holder(one: logging.Logger) -> Callable[[logging.LogRecord], bool]:
        def hold(record: logging.LogRecord) -> bool:
            held.append((one, record))
            return False

        return hold

    filters = [(one, holder(one)) for one in logs]
    for one, hold in filters:
        one.addFilter(hold)
    try:
        answer = ask()
    finally:
        for one, hold in filters:
            one.removeFilter(hold)

    def say() -> None:
        for one, record in held:
            one.handle(record)

    return answer, say


class Listener(logging.Handler):
    """Hears, in a `with`, whatever any log is told but these: `heard` says whether it was."""

    def __init__(self, others: Collection[logging.Logger]) -> None:
        super().__init__(logging.INFO)
        self.heard = False
        self._others = {one.name for one in others}

    def emit(self, record: logging.LogRecord) -> None:
        """Note that something was said."""
        self.heard |= record.name not in self._others

    def __enter__(self) -> Listener:
        logging.getLogger().addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self)


Said = tuple[str, int, str]
"""The name of a log, a level, and what the log was told."""


class Heard(logging.Handler):
    """Hears, until its `end`, all that MkDocs and its plugins say from a level on, in `heard`."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.heard: list[Said] = []
        logging.getLogger("mkdocs").addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Note what is said."""
        self.heard.append((record.name, record.levelno, record.getMessage()))

    def end(self) -> None:
        """Hear no more."""
        logging.getLogger("mkdocs").removeHandler(self)


def say_again(heard: Collection[Said]) -> None:
    """Tell each log what it was told in an earlier build; a strict build counts it."""
    for name, level, text in heard:
        logging.getLogger(name).log(level, "%s", text)
