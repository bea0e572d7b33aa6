"""From a file's text to its record: decision, role, handoff, metric, people or plain page.

In come a path and a text; out come the record, with what could be read, and findings. What
needs only this one record is checked here; what needs the others is for `relations`.
"""

from __future__ import annotations

import difflib
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

import yaml

from onrecord.records.clock import hours_of, zone_of
from onrecord.records.findings import Finding, finding, shown
from onrecord.records.model import Body, Decision, Handoff, Metric, Page, Person, Role, same_person
from onrecord.records.reading.acknowledgements import (
    of_acknowledgement,
    read_backs_elsewhere,
    with_acknowledgements,
)
from onrecord.records.reading.fields import Fields, is_null
from onrecord.records.reading.frontmatter import (
    FrontMatterEntry,
    SplitFile,
    entries_of,
    entries_under,
    split,
)
from onrecord.records.reading.markdown import body_of, headings_in, lines_of
from onrecord.records.reading.remarks import Unclear, named_in, remarks_in
from onrecord.records.shapes import DECISION, HANDOFF, METRIC, PERSON_KEYS, ROLE, Shape
from onrecord.records.vocabulary import STAGES, Cadence, Direction, HandoffState, Outcome, Stage
from onrecord.text.paths import is_glob


def decision_of(path: str, text: str) -> tuple[Decision, list[Finding]]:
    """A decision; its id is the file's stem."""
    source, fields = _opened(path, text, DECISION)
    stem = _stem(path)
    body = body_of(source.body, source.body_line)
    governs = fields.words("governs")
    expects, expects_nothing = fields.expects()
    decision = Decision(
        id=stem,
        path=path,
        title=fields.text("title") or body.heading or stem,
        body=body,
        summary=fields.text("summary"),
        stage=fields.word("stage", Stage),
        owner=fields.handle("owner"),
        owner_is_person=fields.is_marked("owner"),
        asked=fields.words("asked"),
        due=fields.day("due"),
        entered=fields.entered(),
        consulted=fields.handles("consulted"),
        informed=fields.handles("informed"),
        aligned=fields.handles("aligned"),
        outcome=fields.word("outcome", Outcome),
        decided=fields.day("decided"),
        supersedes=fields.words("supersedes"),
        related=fields.words("related"),
        precedents=fields.precedents(),
        expects=expects,
        expects_nothing=expects_nothing,
        revisit=fields.day("revisit"),
        tags=fields.words("tags"),
        governs=tuple(filter(is_glob, governs)),
        aliases=fields.words("aliases"),
        imported=fields.imported(),
        places=fields.places,
    )
    decision, unclear = _with_remarks(decision)
    decision, unknown = with_acknowledgements(decision)
    faults = [*source.findings, *fields.findings, *_contradictions(decision)]
    faults += _no_globs(decision, governs)
    if decision.outcome is None:
        faults += [_unplaced(path, one) for one in unclear]
        faults += [_unplaced(path, one) for one in _in_sections_of_their_own(decision)]
        faults += _near_sections(path, decision.body, DECISION)
    elif decision.stage is Stage.ALIGN:
        faults += [of_acknowledgement(path, one) for one in unknown]
    faults += _twice_there(path, decision.body, DECISION)
    return decision, faults


def _no_globs(decision: Decision, written: Sequence[str]) -> Iterator[Finding]:
    """The paths of `governs` that can be none of the repository's."""
    for one, place in decision.placed("governs", written):
        if not is_glob(one):
            said = f"`governs`: {shown(one)} isn't a path within the repository"
            hint = "write it from the repository's top with /, such as src/payroll/**"
            yield finding(decision.path, "governs-unusable", said, hint, *place)


def _with_remarks(decision: Decision) -> tuple[Decision, tuple[Unclear, ...]]:
    section = decision.body.section("Feedback")
    if section is None or not section.is_written:
        return decision, ()
    people = dict.fromkeys(
        (*decision.consulted, *decision.informed, *decision.aligned, decision.owner)
    )
    remarks, unclear = remarks_in(lines_of(decision.body, section), [one for one in people if one])
    return replace(decision, remarks=remarks), unclear


def _in_sections_of_their_own(decision: Decision) -> Iterator[Unclear]:
    """`## bob`, or `## Comments by bob`, where somebody meant to write below Feedback."""
    known = {who.casefold(): who for who in decision.consulted}
    for section in decision.body.sections:
        names, left = named_in(section.title, known)
        if names and _OF_FEEDBACK.fullmatch(left.strip()):
            written = f"## {section.title}"
            yield Unclear(section.line, written, f"- [ ] @{names[0]}: …, below ## Feedback")


_OF_FEEDBACK = re.compile(
    r"(?:(?:feedback|comments?|answers?|reply)[ \t]*)?(?:from|by|of)?[:'’s]*"
    r"(?:[ \t]*(?:feedback|comments?|answer|reply))?",
    re.IGNORECASE,
)


def _unplaced(path: str, one: Unclear) -> Finding:
    said = f"it isn't clear whose feedback this is, so it doesn't count: {shown(one.written)}"
    return finding(path, "feedback-unclear", said, f"write {shown(one.rewritten, 200)}", one.line)


def role_of(path: str, text: str) -> tuple[Role, list[Finding]]:
    """A role; its id is the name of its folder."""
    source, fields = _opened(path, text, ROLE)
    role_id = posixpath.basename(posixpath.dirname(path))
    body = body_of(source.body, source.body_line)
    role = Role(
        id=role_id,
        path=path,
        title=fields.text("title") or body.heading or role_id,
        body=body,
        purpose=fields.text("purpose"),
        holder=fields.handle("holder"),
        backups=fields.handles("backups"),
        team=fields.text("team"),
        places=fields.places,
    )
    return role, [*source.findings, *fields.findings, *_twice_there(path, body, ROLE)]


def handoff_of(path: str, text: str) -> tuple[Handoff, list[Finding]]:
    """A handoff; the role is the folder above `handoffs/`."""
    source, fields = _opened(path, text, HANDOFF)
    stem = _stem(path)
    giver, receiver = fields.handle("from"), fields.handle("to")
    handoff = Handoff(
        id=stem,
        path=path,
        title=stem,
        body=body_of(source.body, source.body_line),
        role=_role_folder(path),
        giver=giver,
        receiver=receiver,
        effective=fields.day("effective"),
        until=fields.day("until"),
        comes_back=fields.has("until"),
        covers=fields.words("covers") if fields.has("covers") else None,
        state=fields.word("state", HandoffState),
        accepted_on=fields.day("accepted_on"),
        places=fields.places,
    )
    faults = [*source.findings, *fields.findings, *_twice_there(path, handoff.body, HANDOFF)]
    read_back = handoff.body.section("Read-back")
    near = [] if handoff.is_accepted else [*_near_sections(path, handoff.body, HANDOFF)]
    if not any("Read-back" in one.hint for one in near):
        near += read_backs_elsewhere(handoff)
    faults += near
    if (
        handoff.accepted_on is not None
        and not (read_back and read_back.is_written)
        and not any(one.code == "read-back-unclear" for one in near)
    ):
        said = f"`accepted_on` is {handoff.accepted_on}, but there is no read-back"
        hint = "write in your own words what you now own, below a heading ## Read-back"
        faults.append(finding(path, "read-back-missing", said, hint, *handoff.place("accepted_on")))
    if handoff.effective and handoff.until and handoff.until < handoff.effective:
        said = f"`until` {handoff.until} is before `effective` {handoff.effective}"
        hint = "set `until` to the day it comes back, or leave it out if it is for good"
        faults.append(finding(path, "dates-order", said, hint, *handoff.place("until")))
    if giver and same_person(giver, receiver):
        said = f"it goes from {shown(giver)} to {shown(receiver)}, who is the same person"
        hint = "write in `from` who answers for the role now, and in `to` who takes it on"
        faults.append(finding(path, "handoff-to-giver", said, hint, *handoff.place("to")))
    return handoff, faults


def metric_of(path: str, text: str) -> tuple[Metric, list[Finding]]:
    """A metric without its values, which are in the CSV beside it."""
    source, fields = _opened(path, text, METRIC)
    body = body_of(source.body, source.body_line)
    metric = Metric(
        id=_stem(path),
        path=path,
        title=fields.text("title") or body.heading or _stem(path),
        body=body,
        role=_role_folder(path),
        cadence=fields.word("cadence", Cadence),
        target=fields.number("target"),
        direction=fields.word("direction", Direction),
        unit=fields.text("unit"),
        source=fields.text("source"),
        serves=fields.text("serves"),
        collect=fields.collect(),
        places=fields.places,
    )
    faults = [*source.findings, *fields.findings]
    if metric.target is not None and metric.direction is None and "direction" not in fields.places:
        said = "`target` is set, but `direction` is missing"
        hint = "write direction: up when higher is better, down when lower is"
        faults.append(finding(path, "key-missing", said, hint, *metric.place("target")))
    return metric, faults


def page_of(path: str, text: str) -> Page:
    """A text that is no record. Its front matter is MkDocs' business, so nothing is checked."""
    source = split(path, text)
    body = body_of(source.body, source.body_line)
    title_entry = source.entries.get("title")
    named = title_entry.node.value if title_entry is not None else ""
    title = named if isinstance(named, str) and named else body.heading or _stem(path)
    return Page(id=path, path=path, title=title, body=body)


def people_of(path: str, text: str) -> tuple[Mapping[str, Person], list[Finding]]:
    """The people of people.yml, by handle in lower case."""
    if not text.strip():
        hint = "write a handle and a colon on a line, and name: … below it, indented"
        return {}, [finding(path, "file-empty", "the file is empty", hint)]
    entries, faults = entries_of(path, text)
    persons: dict[int, Person] = {}  # by node: YAML's aliases let many keys share one
    people: dict[str, Person] = {}
    for entry in entries.values():
        handle = entry.name.removeprefix("@")
        if handle.casefold() in people:
            said = f"{shown(handle)} appears twice; only the first is read"
            faults.append(finding(path, "key-twice", said, "keep one of the two", *entry.place))
            continue
        person = replace(persons.get(id(entry.node), Person(handle)), handle=handle)
        if id(entry.node) in persons:
            pass  # read already
        elif isinstance(entry.node, yaml.MappingNode):
            inner, twice = entries_under(path, entry.node)
            fields = Fields(path, inner, PERSON_KEYS, "a person")
            person = Person(
                handle=handle,
                name=fields.text("name"),
                timezone=fields.text("timezone"),
                hours=fields.text("hours"),
                mail=fields.text("mail"),
                active=fields.flag("active", default=True),
                agent=fields.flag("agent", default=False),
            )
            faults += [*twice, *fields.findings, *_faults_of_hours(path, person, inner)]
            persons[id(entry.node)] = person
        elif not is_null(entry.node):
            said = f"`{shown(handle)}` must have its keys under it, such as name"
            hint = f"write {shown(handle)}: and, on the next line, indented, name: …"
            faults.append(finding(path, "type-wrong", said, hint, *entry.place))
        people[handle.casefold()] = person
    return people, faults


def _faults_of_hours(
    path: str, person: Person, entries: Mapping[str, FrontMatterEntry]
) -> Iterator[Finding]:
    """A time zone that isn't one, and hours nobody can read: messages would come at any time."""
    if person.timezone and zone_of(person.timezone) is None:
        said = f"`timezone` is {shown(person.timezone)}, which isn't a time zone"
        hint = "write an IANA name, such as timezone: Europe/Lisbon"
        yield finding(path, "word-unknown", said, hint, *entries["timezone"].place)
    if person.hours and hours_of(person.hours) is None:
        said = f"`hours` is {shown(person.hours)}, which isn't a time span"
        hint = "write hours: 9-17, or with minutes, hours: 8:30-16:30"
        yield finding(path, "type-wrong", said, hint, *entries["hours"].place)


def _twice_there(path: str, body: Body, shape: Shape) -> list[Finding]:
    """Sections of ours that appear twice: of two, only the first is read."""
    names = {title.casefold() for title, _ in shape.sections}
    first: dict[str, int] = {}
    faults = []
    for section in body.sections:
        name = section.title.casefold()
        line = first.setdefault(name, section.line)
        if name in names and line != section.line:
            said = f"the section “{section.title}” appears twice; only line {line} is read"
            hint = "put both under the first heading"
            faults.append(finding(path, "section-twice", said, hint, section.line))
    return faults


def _near_sections(path: str, body: Body, shape: Shape) -> list[Finding]:
    """Headings that nearly name a section which isn't there."""
    missing = {title.casefold(): title for title, _ in shape.sections if not body.section(title)}
    faults = []
    for line, level, title in headings_in(body) if missing else ():
        plain = _ARTICLE.sub("", title.casefold()).strip(" :.*_").replace(" ", "")
        near = _nearest(plain, tuple(missing))
        if near and (level != 2 or title.casefold() not in missing):
            meant = missing.pop(near)
            said = f"the heading “{shown(title)}” is not the section “{meant}”, so it isn't read"
            if level != 2:
                said = f"the section “{meant}” has a heading with {level} #, so it isn't read"
            faults.append(finding(path, "section-near", said, f"write ## {meant}", line))
    return faults


@lru_cache(maxsize=1 << 14)  # the records of a base share a template, and so their headings
def _nearest(title: str, names: tuple[str, ...]) -> str:
    """The one of some names that a title nearly is; '' where it is near to none."""
    return next(iter(difflib.get_close_matches(title, names, n=1, cutoff=0.85)), "")


_ARTICLE = re.compile(r"(?:the|our|my|a)[ \t]+")


def _opened(path: str, text: str, shape: Shape) -> tuple[SplitFile, Fields]:
    source = split(path, text)
    fields = Fields(path, source.entries, shape.keys, f"a {shape.kind}")
    # A key that can't be read isn't missing; the finding of its line is enough.
    if source.has_front_matter and not any(f.code == "yaml-broken" for f in source.findings):
        fields.missing()
    return source, fields


def _contradictions(decision: Decision) -> list[Finding]:
    """What one decision's own keys say against each other."""
    path = decision.path
    faults: list[Finding] = []

    def say(code: str, message: str, hint: str, *names: str) -> None:
        faults.append(finding(path, code, message, hint, *decision.place(*names)))

    entered, stage, outcome = decision.entered, decision.stage, decision.outcome
    for (before, began), (after, ended) in pairwise(entered):
        if ended < began:
            said = f"{after} began {ended}, before {before} began {began}"
            hint = "put the dates of `entered` in order, from stage to stage"
            say("dates-order", said, hint, f"entered.{after}")
    # Only between the first and last day that are known: a record may begin late, such as one from
    # before this tool.
    for skipped in STAGES[entered[0][0].number : entered[-1][0].number] if entered else ():
        # `collaborate:` without a day is in `places`, and says that nobody knows.
        if f"entered.{skipped}" not in decision.places and decision.imported is None:
            said = f"{skipped} was skipped: `entered` has no day for it"
            hint = f"add the day it began, {skipped}: YYYY-MM-DD; or {skipped}: if nobody knows"
            say("stage-skipped", said, hint, "entered")
    # An imported record says only the days that its file said.
    if stage and entered and entered[-1][0] is not stage and decision.imported is None:
        last = entered[-1][0]
        say(
            "stage-not-last",
            f"`stage` is {stage}, but the last stage of `entered` is {last}",
            f"add the day {stage} began: {stage}: YYYY-MM-DD"
            if last.number < stage.number
            else f"write stage: {last}, or take {last} out of `entered`",
            "stage",
        )
    if outcome and stage and stage.number < outcome.earliest.number:
        said = f"a decision can't be {outcome} in {stage}"
        hint = f"{outcome} is possible from {outcome.earliest} on"
        say("outcome-too-early", said, hint, "outcome")
    if decision.decided and outcome is None and "outcome" not in decision.places:
        said = "`decided` is set, but `outcome` is missing"
        hint = f"add outcome: one of {', '.join(Outcome)}"
        say("outcome-missing", said, hint, "decided")
    if decision.decided and decision.opened and decision.decided < decision.opened:
        said = f"decided {decision.decided}, before it was opened {decision.opened}"
        hint = "set `decided` to the day of the outcome"
        say("dates-order", said, hint, "decided")
    if decision.revisit and decision.decided and decision.revisit < decision.decided:
        said = f"`revisit` {decision.revisit} is before `decided` {decision.decided}"
        hint = "set `revisit` to a day after the outcome"
        say("dates-order", said, hint, "revisit")
    for index, one in enumerate(decision.expects):
        if one.by and decision.decided and one.by <= decision.decided:
            said = f"`by` {one.by} is not after `decided` {decision.decided}"
            hint = "set `by` to a day on which the number can have changed"
            say("dates-order", said, hint, f"expects[{index}]", "expects")
    if decision.due and decision.opened and decision.due < decision.opened:
        said = f"`due` {decision.due} is before it was opened {decision.opened}"
        hint = "set `due` to the day the current stage ends"
        say("dates-order", said, hint, "due")
    if decision.unsettled:
        words = "; ".join(
            f"{key} “{shown(said)}”" if said else f"{key}, of which it says nothing"
            for key, said in decision.unsettled.items()
        )
        say(
            "import-unsettled",
            f"the import left to a person: {words}",
            f"write its outcome, one of {', '.join(Outcome)}, or supersedes: […]; where it is "
            "still open, take the line out of `unsettled`",
            *(f"unsettled.{key}" for key in decision.unsettled),
            "imported",
        )
    return faults


def _stem(path: str) -> str:
    return posixpath.splitext(posixpath.basename(path))[0]


def _role_folder(path: str) -> str:
    return posixpath.basename(posixpath.dirname(posixpath.dirname(path)))
