"""A record's Markdown that is fetched once somebody asks for it: most runs read few of the texts.

What other records or lists need of it, its links and its heading, is there from the start.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import Any

from onrecord.records.model import Body

_WHOLE = attrgetter(*(one.name for one in fields(Body)))


class LateBody(Body):
    """Equals the body that `fetch` gives, which is asked once for its text and sections."""

    __slots__ = ("_fetch",)
    _fetch: Callable[[], Body]

    @classmethod
    def of(cls, short: Body, fetch: Callable[[], Body]) -> LateBody:
        """`short` is the body without its text and sections."""
        late = object.__new__(cls)
        for name in ("line", "heading", "links"):
            object.__setattr__(late, name, getattr(short, name))
        object.__setattr__(late, "_fetch", fetch)
        return late

    # Python asks this only for what is not set yet.
    def __getattr__(self, name: str) -> Any:
        if name not in ("text", "sections"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        body = self._fetch()
        object.__setattr__(self, "text", body.text)
        object.__setattr__(self, "sections", body.sections)
        object.__setattr__(self, "_fetch", body)  # which lets go of all it held to fetch it
        return getattr(self, name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Body) and bool(_WHOLE(self) == _WHOLE(other))

    __hash__ = Body.__hash__
