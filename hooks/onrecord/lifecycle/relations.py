"""Relations: what records say of each other, derived once and never typed twice.

In comes the library; out come each decision's status, what superseded it, what is related both
ways, who links to what, and findings about references that lead nowhere.
"""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from onrecord.records.findings import Finding, did_you_mean, finding, in_order, shown
from onrecord.records.library import Library
from onrecord.records.model import (
    Decision,
    Handoff,
    Metric,
    Place,
    Precedent,
    Record,
    is_alias,
    is_handle,
)
from onrecord.records.vocabulary import (
    DECISIONS_FOLDER,
    PLAYBOOKS_FOLDER,
    ROLE_FILE,
    Outcome,
    Status,
)
from onrecord.text.paths import as_one_disk_sees

MAX_SUGGESTIONS = 100
"""Suggestions cost a look at every id, so a base full of broken references gets the first few."""

OWN_FOLDERS = (DECISIONS_FOLDER + "/", PLAYBOOKS_FOLDER + "/")


@dataclass(frozen=True)
class Relations:
    """Derived facts by decision id or by path, each once it is asked for. Absent means none."""

    library: Library

    @cached_property
    def status(self) -> Mapping[str, Status]:
        """The status of each decision."""
        return {d.id: status_of(d, self.superseded_by) for d in self.library.decision.values()}

    @cached_property
    def superseded_by(self) -> Mapping[str, tuple[str, ...]]:
        """The accepted decisions that superseded one."""
        return _superseded_by(self.library, self._circles)

    @cached_property
    def related(self) -> Mapping[str, tuple[str, ...]]:
        """What is related to a decision, whichever of the two says so."""
        return _both_ways(self.library)

    @cached_property
    def answered_by(self) -> Mapping[str, tuple[tuple[str, Precedent], ...]]:
        """The later decisions that named one as a precedent, with their answers."""
        return answered_by(self.library.decision)

    @cached_property
    def linked_from(self) -> Mapping[str, tuple[str, ...]]:
        """By path, the records and pages whose text links there."""
        return _linked_from(self.library)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong between records."""
        return in_order(_findings(self.library, self._circles))

    @cached_property
    def _circles(self) -> Mapping[str, int]:
        return _circles(self.library)


def relate(library: Library) -> Relations:
    """Derive everything that follows from more than one record."""
    return Relations(library)


def successors(library: Library) -> dict[str, tuple[str, ...]]:
    """What superseded each decision, where nothing else is asked."""
    return _superseded_by(library, _circles(library))


def status_of(decision: Decision, superseded_by: Mapping[str, tuple[str, ...]]) -> Status:
    """Open until there is an outcome; superseded once a later accepted decision says so."""
    if superseded_by.get(decision.id):
        return Status.SUPERSEDED
    return own_status(decision)


def own_status(decision: Decision) -> Status:
    """The status that a decision's own file gives it."""
    if decision.outcome:
        return Status(decision.outcome.value)
    return Status.UNSETTLED if "status" in decision.unsettled else Status.OPEN


def _superseded_by(library: Library, circles: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    by: defaultdict[str, list[str]] = defaultdict(list)
    for decision in library.decision.values():
        # A proposal, or one that was rejected, takes nothing out of force.
        if decision.outcome is not Outcome.ACCEPTED:
            continue
        for older in decision.supersedes:
            if older == decision.id or older not in library.decision:
                continue
            # In a circle each would be superseded and none in force. All of it stays as its files
            # say, and is a finding; what a member supersedes outside of the circle is superseded.
            if not _in_one_circle(circles, decision.id, older):
                by[older].append(decision.id)
    return {older: tuple(sorted(newer)) for older, newer in by.items()}


def _circles(library: Library) -> dict[str, int]:
    """For each decision that supersedes itself by way of others, the number of its circle.

    Circles are the strongly connected components of supersession (Kosaraju's algorithm).
    """
    older = {
        d.id: [o for o in d.supersedes if o in library.decision] for d in library.decision.values()
    }
    newer: defaultdict[str, list[str]] = defaultdict(list)
    for one, others in older.items():
        for other in others:
            newer[other].append(one)
    left: list[str] = []  # each decision behind all that it leads to
    seen: set[str] = set()
    for start in older:
        # A stack of our own: a chain of a thousand decisions is deeper than Python's calls may go.
        waiting = [(start, False)]
        while waiting:
            one, is_left = waiting.pop()
            if is_left:
                left.append(one)
            elif one not in seen:
                seen.add(one)
                waiting.append((one, True))
                waiting += [(other, False) for other in older[one]]
    circles: dict[str, int] = {}
    placed: set[str] = set()
    for number, start in enumerate(reversed(left)):
        members, unasked = [], [start]
        while unasked:
            one = unasked.pop()
            if one not in placed:
                placed.add(one)
                members.append(one)
                unasked += newer[one]
        if len(members) > 1:
            circles |= dict.fromkeys(members, number)
    return circles


def _in_one_circle(circles: Mapping[str, int], one: str, other: str) -> bool:
    return one in circles and circles[one] == circles.get(other)


def _both_ways(library: Library) -> dict[str, tuple[str, ...]]:
    related: defaultdict[str, set[str]] = defaultdict(set)
    for decision in library.decision.values():
        for other in decision.related:
            if other in library.decision and other != decision.id:
                related[decision.id].add(other)
                related[other].add(decision.id)
    return {one: tuple(sorted(others)) for one, others in related.items()}


def answered_by(decisions: Mapping[str, Decision]) -> dict[str, tuple[tuple[str, Precedent], ...]]:
    """For each decision the later ones that named it as a precedent, with their answers."""
    answers: defaultdict[str, list[tuple[str, Precedent]]] = defaultdict(list)
    for decision in decisions.values():
        for precedent in decision.precedents:
            if precedent.record in decisions and precedent.record != decision.id:
                answers[precedent.record].append((decision.id, precedent))
    return {record: tuple(given) for record, given in answers.items()}


def _linked_from(library: Library) -> dict[str, tuple[str, ...]]:
    """For each path, the paths of the records and pages whose text links to it."""
    sources: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for record in (*library.records, *library.pages):
        for link in record.body.links:
            target = library.reached(record, link)
            if target in library.by_path and target != record.path:
                sources[target][record.path] = None
    return {target: tuple(sorted(by)) for target, by in sources.items()}


# What is wrong between records.


def _findings(library: Library, circles: Mapping[str, int]) -> Iterator[Finding]:
    guess = _Guesses()
    yield from _duplicate_ids(library)
    yield from _supersessions(library, circles)
    yield from _aliases(library)
    metrics = [metric.name for metric in library.metrics]
    yield from _goals(library, metrics, guess)
    for decision in library.decisions:
        yield from _references(library, decision, guess)
        yield from _expectations(library, decision, metrics, guess)
        yield from _people(library, decision, guess)
    yield from _roles(library, guess)
    yield from _dead_links(library)


class _Guesses:
    """Hands out “did you mean” until enough were given."""

    def __init__(self) -> None:
        self.left = MAX_SUGGESTIONS
        self._titles: dict[str, str] | None = None

    def near(self, word: str, known: Iterable[str]) -> str:
        if not self.left:
            return ""
        self.left -= 1
        return did_you_mean(word, known)

    def of_decision(self, word: str, library: Library, itself: Decision) -> str:
        """The id that a word may mean: people write titles for ids. Never the record's own."""
        if self._titles is None:
            self._titles = {d.title.casefold(): d.id for d in library.decision.values()}
        named = self._titles.get(word.casefold(), "")
        if named and named != itself.id:
            return f'did you mean "{named}"? '
        by_id = self.near(word, (one for one in library.decision if one != itself.id))
        if by_id or not self.left:
            return by_id
        titles = (title for title, one in self._titles.items() if one != itself.id)
        near = self.near(word, titles)
        return f'did you mean "{self._titles[near.split(chr(34))[1]]}"? ' if near else ""


def _duplicate_ids(library: Library) -> Iterator[Finding]:
    groups: tuple[tuple[str, Iterable[Record]], ...] = (
        ("decision", library.decisions),
        ("role", library.roles),
    )
    for kind, records in groups:
        # Two ids that differ in capitals, or in how an accent is stored, are one file on Windows
        # and macOS, and one address on many servers.
        names = {record.path: as_one_disk_sees(record.id) for record in records}
        count = Counter(names.values())
        count_as_written = Counter(record.id for record in records)
        first: dict[str, str] = {}
        for record in records:
            if count[names[record.path]] < 2:
                continue
            other = first.setdefault(names[record.path], record.path)
            where = "other files have it too" if other == record.path else f"{other} has it too"
            where += (
                ""
                if count_as_written[record.id] > 1
                else " (it differs in capitals, or in how accents are stored)"
            )
            said = f"the id {shown(record.id)} is not unique: {where}"
            hint = f"rename the file; a {kind}'s id is its file's name"
            yield finding(record.path, "id-duplicate", said, hint)


def _aliases(library: Library) -> Iterator[Finding]:
    """Aliases that can't be an address of the site, or that lead elsewhere already."""
    for decision in library.decisions:
        for alias, place in decision.placed("aliases", decision.aliases):
            if not is_alias(alias):
                said = f"the alias {shown(alias)} isn't a path within the site"
                hint = "write plain names from the root, such as docs/adr/0012-pay-date.md"
                yield finding(decision.path, "alias-unusable", said, hint, *place)
            elif library.moved.get(alias, decision.path) != decision.path:
                said = f"{library.moved[alias]} has the alias {shown(alias)} too"
                yield finding(decision.path, "alias-unusable", said, "keep it in one", *place)


def _supersessions(library: Library, circles: Mapping[str, int]) -> Iterator[Finding]:
    for decision in library.decisions:
        for older_id, place in decision.placed("supersedes", decision.supersedes):
            if older_id == decision.id:
                said, hint = "a decision can't supersede itself", "name the earlier decision"
                yield finding(decision.path, "supersedes-itself", said, hint, *place)
                continue
            older = library.decision.get(older_id)
            if older is None:
                continue
            if _in_one_circle(circles, decision.id, older_id):
                said = (
                    f"{shown(decision.id)} and {shown(older_id)} supersede each other in a circle"
                )
                hint = "name only earlier decisions in `supersedes`, never later ones"
                yield finding(decision.path, "supersedes-circle", said, hint, *place)
            elif _is_later(older, decision):
                said = (
                    f"it was opened {decision.opened}, before {shown(older_id)}, "
                    f"which it supersedes ({older.opened})"
                )
                hint = "only a later decision supersedes an earlier one"
                yield finding(decision.path, "dates-order", said, hint, *place)


def _references(library: Library, decision: Decision, guess: _Guesses) -> Iterator[Finding]:
    named: list[tuple[str, str, Place]] = []
    for key, ids in (("supersedes", decision.supersedes), ("related", decision.related)):
        named += [(key, one, place) for one, place in decision.placed(key, ids)]
    for precedent, place in decision.placed("precedents", decision.precedents):
        named.append(("precedents", precedent.record, place))
    for key, one, place in named:
        if one not in library.decision:
            said = f"`{key}` names {shown(one)}, which isn't a decision here"
            near = guess.of_decision(one, library, decision)
            hint = f"{near}an id is the file's name without .md"
            yield finding(decision.path, "reference-nowhere", said, hint, *place)
        elif key == "precedents" and _is_later(library.decision[one], decision):
            said = (
                f"`precedents` names {shown(one)}, opened {library.decision[one].opened}, "
                f"after this one ({decision.opened})"
            )
            hint = "a precedent is an earlier record; name a later one in `related`"
            yield finding(decision.path, "dates-order", said, hint, *place)
        elif one == decision.id and key != "supersedes":
            said, hint = f"`{key}` names the decision itself", "name another decision"
            yield finding(decision.path, "reference-nowhere", said, hint, *place)


def _expectations(
    library: Library, decision: Decision, metrics: list[str], guess: _Guesses
) -> Iterator[Finding]:
    for one, place in decision.placed("expects", decision.expects):
        if one.metric not in library.metric:
            said = f"`expects` names {shown(one.metric)}, which isn't a metric here"
            near = guess.near(one.metric, metrics)
            hint = f"{near}write role/metric, as in the file's path"
            yield finding(decision.path, "reference-nowhere", said, hint, *place)


def _goals(library: Library, metrics: list[str], guess: _Guesses) -> Iterator[Finding]:
    """Metrics that serve what isn't there, or themselves."""
    above = goals_above(library)
    for metric in library.metrics:
        if metric.serves and metric.serves not in library.metric:
            said = f"`serves` names {shown(metric.serves)}, which isn't a metric here"
            hint = f"{guess.near(metric.serves, metrics)}write role/metric, as in the file's path"
            yield finding(metric.path, "reference-nowhere", said, hint, *metric.place("serves"))
        elif metric.serves and metric.name not in above:
            said = f"it serves {shown(metric.serves)}, which in turn serves it"
            hint = "let the chain of `serves` end at a goal that serves nothing"
            yield finding(metric.path, "serves-circle", said, hint, *metric.place("serves"))


def goals_above(library: Library) -> dict[str, str]:
    """The metric that each serves, by role/metric; those in a circle have none.

    Each metric is looked at once.
    """
    served = {
        name: metric.serves
        for name, metric in library.metric.items()
        if metric.serves in library.metric
    }
    circles: set[str] = set()
    done: set[str] = set()
    for start in served:
        way: dict[str, None] = {}
        one = start
        while one in served and one not in done and one not in way:
            way[one] = None
            one = served[one]
        if one in way:
            passed = list(way)
            circles.update(passed[passed.index(one) :])
        done.update(way)
    return {name: above for name, above in served.items() if name not in circles}


def _is_later(one: Decision, other: Decision) -> bool:
    return bool(one.opened and other.opened and one.opened > other.opened)


def _people(library: Library, decision: Decision, guess: _Guesses) -> Iterator[Finding]:
    owner = decision.owner
    known = owner in library.role or owner.casefold() in library.handles
    if decision.owner_is_person and not library.has_people_file:
        known = True  # nobody can say who is a person of the team
    if is_handle(owner) and not known:  # what isn't a handle is a finding already
        near = guess.near(owner, [*library.role, *sorted(library.handles)])
        said = f"the owner {shown(owner)} is neither a role nor a known person"
        hint = f"{near}name a folder of {PLAYBOOKS_FOLDER}/, or a person of people.yml"
        yield finding(decision.path, "owner-unknown", said, hint, *decision.place("owner"))
    for key in ("consulted", "informed", "aligned"):
        for handle, place in decision.placed(key, getattr(decision, key)):
            yield from _person(library, decision.path, key, handle, place, guess)
    informed = {handle.casefold() for handle in decision.informed}
    for handle, place in decision.placed("aligned", decision.aligned):
        if informed and handle.casefold() not in informed:
            said = f"`aligned` names {shown(handle)}, who isn't among those informed"
            hint = f"{guess.near(handle, decision.informed)}add {shown(handle)} to `informed`"
            yield finding(decision.path, "person-not-informed", said, hint, *place)


def _roles(library: Library, guess: _Guesses) -> Iterator[Finding]:
    for role in library.roles:
        for key, handle, place in role.named:
            yield from _person(library, role.path, key, handle, place, guess)
    for handoff in library.handoffs:
        for key, who in (("from", handoff.giver), ("to", handoff.receiver)):
            yield from _person(library, handoff.path, key, who, handoff.place(key), guess)
    in_a_role: tuple[Handoff | Metric, ...] = (*library.handoffs, *library.metrics)
    for record in in_a_role:
        if record.role not in library.role:
            said = f"the role {shown(record.role)} has no page"
            near = guess.near(record.role, library.role)
            hint = f"{near}add {PLAYBOOKS_FOLDER}/{record.role}/{ROLE_FILE}"
            yield finding(record.path, "role-undescribed", said, hint)


def _person(
    library: Library, path: str, key: str, handle: str, place: Place, guess: _Guesses
) -> Iterator[Finding]:
    """A handle nobody knows, where people.yml says who is known."""
    if not library.has_people_file or not is_handle(handle):
        return
    if handle.casefold() not in library.people and handle not in library.role:
        near = guess.near(handle, library.people)
        said = f"`{key}` names {shown(handle)}, who isn't in people.yml"
        yield finding(path, "person-unknown", said, f"{near}add the person to people.yml", *place)


def _dead_links(library: Library) -> Iterator[Finding]:
    """Links of records to files that aren't there. The docs' own are for MkDocs to judge."""
    by_name: defaultdict[str, list[str]] = defaultdict(list)
    for path in library.by_path:
        by_name[posixpath.basename(path)].append(path)
    for record in (*library.records, *library.pages, *library.replies):
        if not record.path.startswith(OWN_FOLDERS):
            continue
        for link in record.body.links:
            path = library.reached(record, link)
            if library.holds(path):
                continue
            said = f"the link {shown(link.target)} leads nowhere"
            elsewhere = by_name.get(posixpath.basename(path), ())
            hint = "link to a file by its path from this one, as it works on the forge"
            if len(elsewhere) == 1:
                there = posixpath.relpath(elsewhere[0], posixpath.dirname(record.path))
                hint = f"did you mean {there}? {hint}"
            yield finding(record.path, "link-nowhere", said, hint, link.line, link.column)
