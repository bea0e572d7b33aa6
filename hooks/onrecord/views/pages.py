"""Every page's HTML: fragments set into the records' own pages, and the index pages.

In come the library, its relations, the day and the addresses of pages; out come HTML strings.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from importlib import resources

import jinja2
from markupsafe import Markup, escape

from onrecord import handoffs, stages
from onrecord.drafts import slug_of
from onrecord.findings import Finding
from onrecord.handoffs import Turn
from onrecord.library import Library
from onrecord.model import Decision, Handoff, Metric, Record, Role
from onrecord.relations import Relations
from onrecord.views import wording
from onrecord.vocabulary import STAGES, Outcome, Stage, Status

Address = Callable[[str], str]
"""From the path of a record or page in the repository to its address, seen from this page."""

BOARD, CLOSED = "decisions/index.md", "decisions/closed.md"
ROLES, HANDOFFS = "playbooks/index.md", "handoffs/index.md"
NEWS = timedelta(days=14)
"""How long an opened or closed decision counts as new on the home page."""

CLOSED_STATUSES = (Status.ACCEPTED, Status.REJECTED, Status.WITHDRAWN, Status.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Fragment:
    """HTML for a record's own page: above its heading, below it, and after its text."""

    above: str
    below: str
    after: str


@dataclass(frozen=True, slots=True)
class IndexPage:
    """A page that the site makes: its path among the pages, its title, and its HTML on demand."""

    path: str
    title: str
    html: Callable[[Address], str]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list of decisions, with all that a template shows of it."""

    decision: Decision
    status: Status
    due: date | None
    urgency: stages.Urgency
    waits_for: tuple[str, ...]
    days: int | None


class Views:
    """Makes the HTML of one build."""

    def __init__(self, library: Library, relations: Relations, today: date) -> None:
        self.library = library
        self.relations = relations
        self.today = today
        self._env = jinja2.Environment(
            loader=jinja2.PackageLoader("onrecord.views", "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._env.filters.update(
            day=wording.day_text,
            span=wording.span,
            away=lambda day: wording.away(day, today),
            sentence=wording.sentence,
            marked=_marked,
        )
        self._env.globals.update(
            today=today,
            library=library,
            STAGES=STAGES,
            count=wording.count,
            name_of=self._name_of,
            role_of=library.role.get,
            urgency=lambda day: stages.urgency(day, today),
            is_left=self._is_left,
        )

    # Fragments for the records' own pages.

    def decision(self, decision: Decision, address: Address, edit: str | None) -> Fragment:
        """The stages, facts and connections of a decision."""
        status = self._status(decision)
        facts = {
            "d": decision,
            "status": status,
            "steps": stages.steps(decision, self.today),
            "lacks": stages.lacks(decision, self.today),
            "due": stages.due_now(decision),
            "answered": stages.answered(decision),
            "silent": stages.silent(decision),
            "unaligned": {who.casefold() for who in stages.unaligned(decision)},
            "unresolved": stages.unresolved(decision),
            "supersedes": self._decisions(decision.supersedes),
            "superseded_by": self._decisions(self.relations.superseded_by.get(decision.id, ())),
            "related": self._decisions(self.relations.related.get(decision.id, ())),
            "answered_by": [
                (self.library.decision[by], precedent)
                for by, precedent in self.relations.answered_by.get(decision.id, ())
            ],
            "linked_from": self._linked_from(decision),
            "tag_page": self.tag_page,
            "owner_page": self.owner_page(decision.owner),
        }
        return self._fragment("decision", decision, address, edit, facts)

    def role(self, role: Role, address: Address, edit: str | None) -> Fragment:
        """Who holds the role, and what it decides now and has decided."""
        own = self._by_owner.get(role.id, [])
        facts = {
            "role": role,
            "open": self._urgent_first(d for d in own if self._status(d) is Status.OPEN),
            "in_force": self._newest_first(d for d in own if self._status(d) is Status.ACCEPTED),
            "closed": sum(self._status(d) not in (Status.OPEN, Status.ACCEPTED) for d in own),
            "handoffs": self._handoffs_of.get(role.id, []),
            "turn": self._turns,
            "metrics": self._metrics_of.get(role.id, []),
            "linked_from": self._linked_from(role),
            "owner_page": self.owner_page(role.id),
        }
        return self._fragment("role", role, address, edit, facts)

    def handoff(self, handoff: Handoff, address: Address, edit: str | None) -> Fragment:
        """From whom to whom, since when, and whether it is accepted."""
        role = self.library.role.get(handoff.role)
        facts = {
            "h": handoff,
            "role": role,
            "turn": self._turns[handoff.path],
            "linked_from": self._linked_from(handoff),
        }
        return self._fragment("handoff", handoff, address, edit, facts)

    def metric(self, metric: Metric, address: Address, edit: str | None) -> Fragment:
        """The target and the newest values."""
        facts = {
            "m": metric,
            "role": self.library.role.get(metric.role),
            "values": list(reversed(metric.values[-13:])),
            "linked_from": self._linked_from(metric),
        }
        return self._fragment("metric", metric, address, edit, facts)

    def misplaced(self, path: str, address: Address, edit: str | None) -> Fragment:
        """The notice on a text that lies where no record is looked for."""
        page = self.library.by_path[path]
        return self._fragment("page", page, address, edit, {"linked_from": self._linked_from(page)})

    def _fragment(
        self,
        template: str,
        record: Record,
        address: Address,
        edit: str | None,
        facts: Mapping[str, object],
    ) -> Fragment:
        parts = self._env.get_template(f"{template}.html").make_module(
            {
                **facts,
                "record": record,
                "at": address,
                "edit": edit,
                "findings": self._findings_of.get(record.path, ()),
            }
        )
        return Fragment(*(str(vars(parts)[part]()) for part in ("above", "below", "after")))

    # Index pages.

    def index_pages(self) -> Iterator[IndexPage]:
        """Every page the site makes beside the records' own."""
        yield IndexPage(BOARD, "Open decisions", self._board)
        for stage in STAGES:
            title = f"{stage.title}: open decisions"
            yield IndexPage(stage_page(stage), title, self._stage_html(stage))
        yield IndexPage(CLOSED, "Closed decisions", self._closed)
        for status in CLOSED_STATUSES:
            rows = [d for d in self.library.decision.values() if self._status(d) is status]
            title = f"{wording.sentence(status)} decisions"
            yield self._list(status_page(status), title, status.meaning, rows)
        for year, decisions in self._by_year.items():
            title = f"Decisions of {year}" if year else "Decisions without a date"
            intro = "By the day they were decided, or opened when they are still open."
            yield self._list(year_page(year), title, intro if year else "", decisions)
        for owner, decisions in sorted(self._by_owner.items()):
            role = self.library.role.get(owner)
            title = f"Decisions of {role.title if role else owner}"
            yield self._list(self.owner_page(owner), title, role.purpose if role else "", decisions)
        for page, (tag, decisions) in sorted(self._by_tag.items()):
            yield self._list(page, f"Decisions tagged “{tag}”", "", decisions)
        yield IndexPage(ROLES, "Roles", self._roles)
        yield IndexPage(HANDOFFS, "Handoffs", self._handoffs)

    def home(self, address: Address) -> str:
        """What needs the team now."""
        is_open = [d for d in self.library.decision.values() if self._status(d) is Status.OPEN]
        rows = self._urgent_first(is_open)
        recent = self.today - NEWS
        return self._page(
            "home",
            address,
            due=[row for row in rows if row.due is not None][:12],
            more_due=sum(row.due is not None for row in rows) - 12,
            opened=self._newest_first(d for d in is_open if d.opened and d.opened >= recent)[:8],
            closed=self._newest_first(
                d
                for d in self.library.decision.values()
                if d.outcome and d.decided and d.decided >= recent
            )[:8],
            offered=[h for h in self.library.handoffs if self._turns[h.path] is Turn.OFFERED],
            due_back=[h for h in self.library.handoffs if self._turns[h.path] is Turn.DUE_BACK],
            vacant=[role for role in self.library.roles if role.is_vacant],
            left=[role for role in self.library.roles if self._is_left(role.holder)],
            counts=self._counts,
            pages=_stage_pages(),
            open_count=len(is_open),
            news=NEWS.days,
        )

    def _board(self, address: Address) -> str:
        groups = [(stage, self._urgent_first(self._in_stage(stage))) for stage in STAGES]
        unread = [d for d in self.library.decision.values() if d.stage is None]
        return self._page(
            "board",
            address,
            groups=groups,
            counts=self._counts,
            pages=_stage_pages(),
            unread=self._urgent_first(unread),
            closed_page=CLOSED,
        )

    def _stage_html(self, stage: Stage) -> Callable[[Address], str]:
        def html(address: Address) -> str:
            return self._page(
                "stage",
                address,
                stage=stage,
                rows=self._urgent_first(self._in_stage(stage)),
                lacks={d.id: stages.lacks(d, self.today) for d in self._in_stage(stage)},
                counts=self._counts,
                pages=_stage_pages(),
            )

        return html

    def _closed(self, address: Address) -> str:
        closed = [d for d in self.library.decision.values() if self._status(d) is not Status.OPEN]

        def facet(groups: Iterable[tuple[str, str, Sequence[Decision]]]) -> list[Facet]:
            counted = (
                Facet(label, page, sum(self._status(d) is not Status.OPEN for d in decisions))
                for label, page, decisions in groups
            )
            return [one for one in counted if one.number]

        return self._page(
            "closed",
            address,
            statuses=[
                (status, status_page(status), sum(self._status(d) is status for d in closed))
                for status in CLOSED_STATUSES
            ],
            facets=[
                (
                    "Year",
                    facet(
                        (str(year) if year else "without a date", year_page(year), ds)
                        for year, ds in self._by_year.items()
                    ),
                ),
                (
                    "Role",
                    facet(
                        (self._owner_title(owner), self.owner_page(owner), ds)
                        for owner, ds in sorted(self._by_owner.items())
                    ),
                ),
                (
                    "Tag",
                    facet((tag, page, ds) for page, (tag, ds) in sorted(self._by_tag.items())),
                ),
            ],
            newest=self._newest_first(closed)[:25],
            total=len(closed),
        )

    def _list(self, path: str, title: str, intro: str, decisions: Sequence[Decision]) -> IndexPage:
        def html(address: Address) -> str:
            is_open = [d for d in decisions if self._status(d) is Status.OPEN]
            closed = [d for d in decisions if self._status(d) is not Status.OPEN]
            return self._page(
                "list",
                address,
                title=title,
                intro=intro,
                open=self._urgent_first(is_open),
                closed=self._newest_first(closed),
                closed_page=CLOSED,
            )

        return IndexPage(path, title, html)

    def _roles(self, address: Address) -> str:
        rows = []
        for role in sorted(
            self.library.role.values(), key=lambda r: (not r.is_vacant, r.title.casefold(), r.id)
        ):
            own = self._by_owner.get(role.id, [])
            last = next(iter(self._handoffs_of.get(role.id, [])), None)
            rows.append((role, sum(self._status(d) is Status.OPEN for d in own), last))
        return self._page("roles", address, rows=rows, turn=self._turns)

    def _handoffs(self, address: Address) -> str:
        groups = [
            (turn, [h for h in self._handoffs_by_day if self._turns[h.path] is turn])
            for turn in (Turn.OFFERED, Turn.DUE_BACK, Turn.ACCEPTED, Turn.CLOSED)
        ]
        return self._page("handoffs", address, groups=groups)

    def _page(self, template: str, address: Address, **facts: object) -> str:
        return self._env.get_template(f"{template}.html").render(at=address, **facts)

    # What the pages share.

    def owner_page(self, owner: str) -> str:
        """The page of all decisions of a role or person."""
        return f"decisions/role/{_name_in_path(owner)}.md"

    def tag_page(self, tag: str) -> str:
        """The page of all decisions with a tag; tags that differ only in signs share one."""
        return f"decisions/tag/{_name_in_path(tag)}.md"

    def _status(self, decision: Decision) -> Status:
        # Of two records with one id only the first is in the relations.
        return self.relations.status.get(decision.id, Status.OPEN)

    def _row(self, decision: Decision) -> Row:
        due = stages.due_now(decision)
        began = decision.entered_on(decision.stage) if decision.stage else None
        return Row(
            decision,
            self._status(decision),
            due,
            stages.urgency(due, self.today),
            stages.waits_for(decision),
            (self.today - began).days if began else None,
        )

    def _urgent_first(self, decisions: Iterable[Decision]) -> list[Row]:
        """Overdue first, then by due date, then oldest first."""
        rows = [self._row(d) for d in decisions]
        never = date.max
        rows.sort(
            key=lambda r: (
                r.due or never,
                (r.decision.entered[-1][1] if r.decision.entered else never),
                r.decision.title.casefold(),
                r.decision.id,
            )
        )
        return rows

    def _newest_first(self, decisions: Iterable[Decision]) -> list[Row]:
        rows = [self._row(d) for d in decisions]
        rows.sort(key=lambda r: (r.decision.title.casefold(), r.decision.id))
        rows.sort(key=lambda r: _when(r.decision) or date.min, reverse=True)
        return rows

    def _in_stage(self, stage: Stage) -> list[Decision]:
        return self._open_by_stage.get(stage, [])

    @cached_property
    def _open_by_stage(self) -> dict[Stage, list[Decision]]:
        groups: defaultdict[Stage, list[Decision]] = defaultdict(list)
        for decision in self.library.decision.values():
            if decision.stage is not None and self._status(decision) is Status.OPEN:
                groups[decision.stage].append(decision)
        return groups

    @cached_property
    def _counts(self) -> dict[Stage, int]:
        return {stage: len(self._in_stage(stage)) for stage in STAGES}

    @cached_property
    def _by_owner(self) -> dict[str, list[Decision]]:
        groups: defaultdict[str, list[Decision]] = defaultdict(list)
        for decision in self.library.decision.values():
            if decision.owner:
                groups[decision.owner].append(decision)
        return groups

    @cached_property
    def _by_year(self) -> dict[int | None, list[Decision]]:
        groups: defaultdict[int | None, list[Decision]] = defaultdict(list)
        for decision in self.library.decision.values():
            when = _when(decision)
            groups[when.year if when else None].append(decision)
        return dict(sorted(groups.items(), key=lambda g: -(g[0] or 0)))

    @cached_property
    def _by_tag(self) -> dict[str, tuple[str, list[Decision]]]:
        groups: dict[str, tuple[str, list[Decision]]] = {}
        for decision in self.library.decision.values():
            for page, tag in {self.tag_page(t): t for t in reversed(decision.tags)}.items():
                groups.setdefault(page, (tag, []))[1].append(decision)
        return groups

    @cached_property
    def _handoffs_by_day(self) -> list[Handoff]:
        return sorted(
            self.library.handoffs,
            key=lambda h: (h.effective or date.min, h.role, h.id),
            reverse=True,
        )

    @cached_property
    def _handoffs_of(self) -> dict[str, list[Handoff]]:
        groups: defaultdict[str, list[Handoff]] = defaultdict(list)
        for handoff in self._handoffs_by_day:
            groups[handoff.role].append(handoff)
        return groups

    @cached_property
    def _turns(self) -> dict[str, Turn]:
        """The state of each handoff, by path."""
        found: dict[str, Turn] = {}
        for of_role in self._handoffs_of.values():
            states = handoffs.turns(of_role, self.today)
            found.update({h.path: states[h.id] for h in of_role})
        return found

    @cached_property
    def _metrics_of(self) -> dict[str, list[Metric]]:
        groups: defaultdict[str, list[Metric]] = defaultdict(list)
        for metric in self.library.metrics:
            groups[metric.role].append(metric)
        return groups

    @cached_property
    def _findings_of(self) -> dict[str, list[Finding]]:
        groups: defaultdict[str, list[Finding]] = defaultdict(list)
        for one in (*self.library.findings, *self.relations.findings):
            groups[one.path].append(one)
        return groups

    def _decisions(self, ids: Iterable[str]) -> list[tuple[str, Decision | None]]:
        return [(one, self.library.decision.get(one)) for one in ids]

    def _linked_from(self, record: Record) -> list[Record]:
        paths = self.relations.linked_from.get(record.path, ())
        return [self.library.by_path[path] for path in paths]

    def _name_of(self, handle: str) -> str:
        person = self.library.people.get(handle.casefold())
        return person.name if person is not None else ""

    def _is_left(self, handle: str) -> bool:
        person = self.library.people.get(handle.casefold())
        return person is not None and not person.active

    def _owner_title(self, owner: str) -> str:
        role = self.library.role.get(owner)
        return role.title if role else f"@{owner}"


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to narrow a list: its word, its page, and how many it leads to."""

    label: str
    page: str
    number: int


def stage_page(stage: Stage) -> str:
    """The page of the open decisions in one stage."""
    return f"decisions/stage/{stage}.md"


def status_page(status: Status) -> str:
    """The page of the decisions with one outcome."""
    return f"decisions/outcome/{status}.md"


def year_page(year: int | None) -> str:
    """The page of a year's decisions."""
    return f"decisions/year/{year or 'undated'}.md"


def asset(name: str) -> str:
    """The text of a file the site ships, such as `onrecord.css`."""
    return (resources.files("onrecord.views") / "assets" / name).read_text(encoding="utf-8")


def _marked(text: str) -> Markup:
    """A message with what stands in backticks as code; everything escaped."""
    parts = str(text).split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    code = Markup("<code>{}</code>")
    return Markup("").join(code.format(p) if i % 2 else escape(p) for i, p in enumerate(parts))


def _stage_pages() -> dict[Stage, str]:
    return {stage: stage_page(stage) for stage in STAGES}


def _when(decision: Decision) -> date | None:
    return decision.decided or decision.opened


def _name_in_path(word: str) -> str:
    """A word as a file name; one of signs alone gets a name of its own that never changes."""
    return slug_of(word) or "sign-" + hashlib.sha256(word.encode()).hexdigest()[:8]


assert set(CLOSED_STATUSES) == {*map(Status, Outcome), Status.SUPERSEDED}
