"""How far long work is: the work goes through its items, and whoever waits is told.

Work that may take long takes a `Progress`, and asks it for the items of each loop. It knows
nothing of where the words go.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from time import monotonic
from typing import Protocol, TypeVar

Item = TypeVar("Item")

SECONDS_BETWEEN_LINES = 10
"""In a log; shorter work says nothing there."""


class Progress(Protocol):
    """Gives the same items back, one by one, and tells how many are done.

    `doing` says what is done with them in a few words, such as `Reading decisions`.
    """

    def __call__(self, doing: str, items: Collection[Item], /) -> Iterable[Item]:
        """The items."""


def silent(doing: str, items: Collection[Item], /) -> Iterable[Item]:
    """Progress that nobody is told of."""
    return items


def in_lines(say: Callable[[str], object], now: Callable[[], float] = monotonic) -> Progress:
    """Progress in a log: a line whenever ten seconds have gone by since the last one.

    `now` gives seconds.
    """
    said = now()

    def told(doing: str, items: Collection[Item], /) -> Iterator[Item]:
        nonlocal said
        for done, item in enumerate(items):
            if now() - said >= SECONDS_BETWEEN_LINES:
                said = now()
                say(f"{doing}: {done:,} of {len(items):,}")
            yield item

    return told
