"""The process seen from above, as a page.

In come the roster of a build and the history in git; out comes the page's HTML.
"""

from __future__ import annotations

from collections.abc import Iterator

import jinja2

from onrecord.lifecycle.handoffs import Turn
from onrecord.overview.knowledge_base import KnowledgeBase
from onrecord.overview.process import process
from onrecord.records.git import BULK
from onrecord.records.vocabulary import Effect
from onrecord.site.addresses import Address
from onrecord.site.pages import charts, places
from onrecord.site.pages.places import IndexPage

MOST = 25
"""How many lines a list on the page shows."""


class ProcessPage:
    """Makes the page. The history is read only when the page is made."""

    def __init__(self, env: jinja2.Environment, base: KnowledgeBase) -> None:
        self._env = env
        self._base = base

    def pages(self) -> Iterator[IndexPage]:
        """The one page."""
        yield IndexPage(places.PROCESS, "How long it takes", self._process)

    def _process(self, address: Address) -> str:
        roster, catalogue = self._base.roster, self._base.catalogue
        history = self._base.history
        numbers = process(catalogue, history)
        return self._env.get_template("process.html").render(
            at=address,
            history=history.source,
            bulk=BULK,
            n=numbers,
            total=len(catalogue.library.decision),
            areas=charts.areas(numbers.months),
            bars=charts.throughput(numbers.months),
            strips=charts.strips(numbers.ages, dict(numbers.in_stage)),
            month_name=charts.month_name,
            uncovered=roster.uncovered,
            offered=[
                h for h in catalogue.handoffs_by_day if catalogue.turns[h.path] is Turn.OFFERED
            ],
            unused=roster.unused,
            looks=catalogue.due_for_a_look,
            EFFECTS=tuple(Effect),
            most=MOST,
        )
