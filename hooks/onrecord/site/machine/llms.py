"""llms.txt and the lists it leads to: the knowledge base as Markdown, for programs that read text.

In come the catalogue of a build and the addresses of its pages; out come texts by path. llms.txt
follows llmstxt.org and stays short: where a kind has more records than a reader wants to see at
once, it names lists, which lie as Markdown beside the site's own pages of the same records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from onrecord.overview.catalogue import Catalogue
from onrecord.records.model import Decision, Handoff, Metric, Record, Role
from onrecord.records.vocabulary import STAGES, Stage
from onrecord.site.addresses import markdown_of
from onrecord.text.escaping import as_text
from onrecord.text.printing import one_line

LLMS = "llms.txt"
MOST = 60
"""Records of one kind that llms.txt names itself; of more it names the lists."""


@dataclass(frozen=True)
class Llms:
    """Writes the texts of one build.

    `addresses` leads from a path in the repository, or of a made page, to an address from the
    site's root; `published` holds the paths of the records whose Markdown is beside their page.
    `stage_page` and `year_page` name the pages whose lists are given as Markdown too.
    """

    catalogue: Catalogue
    site_name: str
    description: str
    site_url: str
    addresses: Mapping[str, str]
    published: frozenset[str]
    stage_page: Callable[[Stage], str]
    year_page: Callable[[int | None], str]
    for_agents: Sequence[tuple[str, str]] = ()
    """Files of the repository that are written for agents, each with its address or ''."""

    def lists(self) -> Iterator[tuple[str, str]]:
        """The path of each page whose list is given as Markdown too, and that Markdown."""
        for page, title, decisions in (*self._stages, *self._years):
            # Relative to the list's own file; llms.txt, at the root, has whole addresses where they
            # are known.
            up = "../" * markdown_of(self.addresses[page]).count("/")
            yield page, f"# {_line(title)}\n\n" + "".join(self._items(decisions, up))

    def llms(self) -> str:
        """The text of llms.txt."""
        library = self.catalogue.library
        root = f"{self.site_url.rstrip('/')}/" if self.site_url else ""
        opened = [d for group in self.catalogue.under_way.values() for d in group]
        parts = [f"# {_line(self.site_name)}\n"]
        if self.description:
            parts.append(f"> {_line(self.description)}\n")
        parts.append(
            f"Decisions, roles and handoffs of a team, as of {self.catalogue.today}. A decision is "
            "open until it has an outcome; of a superseded one, read its successor. The links "
            "lead to Markdown with front matter; each is beside the page of the same record. "
            f"[records.json]({root}records.json) has all metadata of every record.\n"
        )
        under_way = {d.path for d in opened}
        closed = [d for d in self._newest if d.path not in under_way]
        by_year = "Closed decisions" if len(closed) <= MOST else "Decisions by year"
        for title, records, lists in (
            ("Decisions under way", opened, self._stages),
            (by_year, closed, self._years),
        ):
            if len(records) <= MOST:
                items = list(self._items(records, root))
            else:
                items = [
                    f"- [{_line(name)}]({root}{markdown_of(self.addresses[page])}): "
                    f"{len(inside):,} decisions\n"
                    for page, name, inside in lists
                ]
            parts += _section(title, items)
        for title, others in (
            ("Roles", sorted(library.role.values(), key=lambda r: (r.title.casefold(), r.id))),
            ("Handoffs", self.catalogue.handoffs_by_day),
            ("Metrics", sorted(library.metrics, key=lambda m: (m.role, m.title.casefold()))),
        ):
            items = list(self._items(others[:MOST], root))
            if len(others) > MOST:
                items.append(f"- {len(others) - MOST:,} more are in records.json\n")
            parts += _section(title, items)
        parts += _section("For agents that work in the repository", list(self._for_agents()))
        return "\n".join(parts)

    def _for_agents(self) -> Iterator[str]:
        for path, address in self.for_agents:
            name = f"[{_line(path)}]({address})" if address else f"`{path}`"
            yield f"- {name}\n"

    @cached_property
    def _stages(self) -> list[tuple[str, str, Sequence[Decision]]]:
        return [
            (
                self.stage_page(stage),
                f"{stage.title}: decisions under way",
                [
                    row.decision
                    for row in self.catalogue.urgent_first(self.catalogue.under_way[stage])
                ],
            )
            for stage in STAGES
        ]

    @cached_property
    def _years(self) -> list[tuple[str, str, Sequence[Decision]]]:
        return [
            (
                self.year_page(year),
                f"Decisions of {year}" if year else "Decisions without a date",
                [row.decision for row in self.catalogue.newest_first(decisions)],
            )
            for year, decisions in self.catalogue.by_year.items()
        ]

    @cached_property
    def _newest(self) -> list[Decision]:
        return [row.decision for row in self.catalogue.newest_first(self.catalogue.decisions)]

    def _items(self, records: Iterable[Record], root: str) -> Iterator[str]:
        for record in records:
            address = self.addresses[record.path]
            if record.path in self.published:
                address = markdown_of(address)
            said = "; ".join(filter(None, self._said(record)))
            yield f"- [{_line(record.title)}]({root}{address}){f': {said}' if said else ''}\n"

    def _said(self, record: Record) -> Iterator[str]:
        """What a reader needs to choose: what became of it, whose it is, and when."""
        if isinstance(record, Decision):
            is_open = self.catalogue.is_open(record)
            yield (
                f"in {record.stage}" if is_open and record.stage else self.catalogue.status(record)
            )
            for later in self.catalogue.relations.superseded_by.get(record.id, ()):
                yield f"superseded by {_line(later)}"
            yield _line(record.owner)
            day = record.filed
            yield day.isoformat() if day else ""
        elif isinstance(record, Role):
            who = self.catalogue.holders.of_role(record, self.catalogue.today).who
            yield f"held by {_line(who)}" if who else "vacant"
            yield _line(record.purpose)
        elif isinstance(record, Handoff):
            yield _line(record.role)
            yield record.effective.isoformat() if record.effective else ""
        elif isinstance(record, Metric):
            yield _line(record.role)


def _section(title: str, items: Sequence[str]) -> list[str]:
    return [f"## {title}\n\n" + "".join(items)] if items else []


def _line(text: str) -> str:
    """What people wrote as one line, in which no sign is markup."""
    return as_text(one_line(text).strip())
