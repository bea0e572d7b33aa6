"""What a build says: every line of it is clean, ours and MkDocs' own, which names files too."""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from typing import Any

from mkdocs.plugins import PrefixedLogger

from onrecord.text.printing import printed, printed_lines


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
