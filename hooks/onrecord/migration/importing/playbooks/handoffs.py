"""Handoffs made of existing handoff notes, as a plan that changes nothing on disk.

In come the texts of a folder; out come files of handoffs. Who hands on, who receives and from which
day must be written in the note or in its file's name: a handoff decides who answers for a role, so
none of these is ever guessed.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from onrecord.migration.importing.deciding.identity import SinceImport
from onrecord.migration.importing.playbooks.marks import mark_of, marks_in, said_of
from onrecord.migration.importing.playbooks.pages import RolePlan, service_of
from onrecord.migration.importing.playbooks.sections import CutPage, cut, note_of_keys, sorted_into
from onrecord.migration.importing.reading.days import day_in
from onrecord.migration.importing.reading.found import Fact
from onrecord.migration.importing.reading.outline import labels_of
from onrecord.migration.importing.reading.source import SourceText, key_of
from onrecord.migration.importing.reading.titles import is_template, title_of
from onrecord.migration.importing.report import FileOutcome, ImportedFile, Note, NoteKind
from onrecord.records.disk import read_file
from onrecord.records.languages import folded, words
from onrecord.records.model import Handoff, is_handle
from onrecord.records.shapes import HANDOFF
from onrecord.records.vocabulary import HANDOFFS_FOLDER, PLAYBOOKS_FOLDER
from onrecord.text.escaping import as_yaml
from onrecord.text.slugs import slug_of

_SECTIONS = tuple(title for title, _ in HANDOFF.sections)
_NAMED = re.compile(r"^(\d{4}-\d\d-\d\d)-(.{1,80}?)-to-(.{1,80})$")
_FROM_TO = re.compile(
    r"\bfrom (@?[\w.-]{1,60}) to (@?[\w.-]{1,60})"
    r"|(?<!\S)(@?[\w.-]{1,60}) ?(?:→|->) ?(@?[\w.-]{1,60})"
)


def plan_handoffs(plan: RolePlan) -> Iterator[ImportedFile]:
    """What becomes of every text: a handoff, or nothing, and why."""
    taken: set[str] = set()
    for text in plan.folder.texts:
        source = posixpath.join(plan.name, text.place)
        item = _item(text, source, plan)
        if item.outcome is FileOutcome.IMPORT:
            item = _placed(item, text, plan, taken)
        yield item
    for place in plan.folder.assets:
        source = posixpath.join(plan.name, place)
        reason = "no note; copy by hand what a note needs"
        yield ImportedFile(source, FileOutcome.SKIP, reason=reason)


def _item(text: SourceText, source: str, plan: RolePlan) -> ImportedFile:
    def left(reason: str, outcome: FileOutcome = FileOutcome.FAIL) -> ImportedFile:
        return ImportedFile(source, outcome, reason=reason)

    if isinstance(plan.library.by_path.get(source), Handoff):
        return left("a record of OnRecord already", FileOutcome.SKIP)
    if is_template(text, title_of(text)):
        return left("a template", FileOutcome.SKIP)
    found = cut(text, _SECTIONS)
    facts = _Facts(text, found, plan)
    giver, receiver, day, role = facts.giver, facts.receiver, facts.effective, facts.role(source)
    if role is None:
        return left("it doesn't name a role; write --into playbooks/ROLE")
    if giver is None or receiver is None:
        who = "who hands on" if giver is None else "who receives"
        return left(f"it doesn't say {who} as a handle known here; write `from: ana` and `to: bo`")
    if day is None:
        return left("it doesn't say from which day; write `effective: 2026-10-01`")
    notes = [
        Note(NoteKind.READ, name, value, fact.line or None, f"“{fact.words}”")
        for name, (value, fact) in (("from", giver), ("to", receiver))
    ]
    notes.append(Note(NoteKind.READ, "effective", str(day[0]), day[1].line or None))
    front = [f"from: {as_yaml(giver[0])}", f"to: {as_yaml(receiver[0])}", f"effective: {day[0]}"]
    read_back = found.section("Read-back")
    said = f"{read_back.title} {read_back.text[:300]}" if read_back else ""
    accepted = day_in(said).read(None)
    if read_back and read_back.text.strip() and accepted:
        front.append(f"accepted_on: {accepted}")
        notes.append(Note(NoteKind.READ, "accepted_on", str(accepted), read_back.line))
    else:
        why = f"until {receiver[0]} accepts it, it changes nothing in who answers for {role}"
        notes.append(Note(NoteKind.LEFT, "accepted_on", "", None, why))
    notes += note_of_keys(key for key in text.entries if key_of(key) not in facts.known_keys)
    body, more = _body(found)
    name = f"{day[0]}-{slug_of(giver[0])}-to-{slug_of(receiver[0])}"
    return ImportedFile(
        source,
        FileOutcome.IMPORT,
        f"{PLAYBOOKS_FOLDER}/{role}/{HANDOFFS_FOLDER}/{name}.md",
        data=_marked("\n".join(["---", *front, "---", "", body, ""]), source, text),
        notes=(*notes, *more),
    )


class _Facts:
    """Who, to whom, from when and of what, by front matter, labels, the title or the name."""

    def __init__(self, text: SourceText, found: CutPage, plan: RolePlan) -> None:
        self._plan = plan
        self._facts: dict[str, list[Fact]] = {}
        self.known_keys: set[str] = set()
        keys = [
            (key_of(entry.name), str(entry.node.value), entry.node.start_mark.line + 1)
            for entry in text.entries.values()
        ]
        labels = [(x.name, x.value, x.number) for x in labels_of(text.outline.lines) if x.value]
        for kind in ("giver", "receiver", "effective", "date", "role"):
            known = words("labels", kind)
            self.known_keys |= known
            self._facts[kind] = [
                Fact(value.strip(), line) for name, value, line in (*keys, *labels)
                if folded(name) in known
            ]  # fmt: skip
        stem = _NAMED.search(text.stem)
        said = _FROM_TO.search(found.title)
        if stem:
            for kind, words_there in zip(("date", "giver", "receiver"), stem.groups(), strict=True):
                self._facts[kind].append(Fact(words_there, 0))
        elif said:
            names = [name for name in said.groups() if name]
            self._facts["giver"].append(Fact(names[0], 0))
            self._facts["receiver"].append(Fact(names[1], 0))
        self._facts["date"] += [Fact(x, 0) for x in (found.title, text.stem) if x]

    @property
    def giver(self) -> tuple[str, Fact] | None:
        return self._person("giver")

    @property
    def receiver(self) -> tuple[str, Fact] | None:
        return self._person("receiver")

    @property
    def effective(self) -> tuple[date, Fact] | None:
        for fact in (*self._facts["effective"], *self._facts["date"]):
            day = day_in(fact.words).read(None)
            if day is not None:
                return day, fact
        return None

    def role(self, source: str) -> str | None:
        """The role it is of: the one a person named, a label's, or the folder's."""
        if self._plan.role:
            return self._plan.role
        known = {folded(name): r.id for r in self._plan.library.roles for name in (r.title, r.id)}
        named = [*(fact.words for fact in self._facts["role"]), service_of(source)]
        return next((known[folded(name)] for name in named if folded(name) in known), None)

    def _person(self, kind: str) -> tuple[str, Fact] | None:
        library = self._plan.library
        by_name = {folded(p.name): p.handle for p in library.people.values() if p.name}
        for fact in self._facts[kind]:
            name = fact.words.strip().strip("*_`[]").strip()
            handle = name.removeprefix("@")
            if handle.casefold() in library.handles:
                return handle, fact
            if folded(name) in by_name:
                return by_name[folded(name)], fact
            if name.startswith("@") and is_handle(handle) and not library.has_people_file:
                return handle, fact
        return None


def _marked(made: str, source: str, text: SourceText) -> bytes:
    """The file with a comment below its title, or below its front matter, of where it is from."""
    mark = mark_of(source, text, made)
    head, sign, body = made.partition("\n---\n\n")
    title, *rest = body.split("\n\n", 1)
    parts = [title, mark, *rest] if title.startswith("# ") else [mark, body]
    return (head + sign + "\n\n".join(parts)).encode()


def _body(found: CutPage) -> tuple[str, list[Note]]:
    """The sections in the order of a handoff's, what else there is below, and what was done."""
    notes: list[Note] = []
    mapped, rest = sorted_into(_SECTIONS, found, "handoff", notes)
    ordered = [mapped[title] for title in _SECTIONS if title in mapped]
    title = f"# {found.title}" if found.title else ""
    return "\n\n".join(filter(None, [title, found.intro, *ordered, *rest])), notes


def _placed(item: ImportedFile, text: SourceText, plan: RolePlan, taken: set[str]) -> ImportedFile:
    """The item with a name of its own, or as one that is here already."""
    for handoff in plan.library.handoffs:
        if (mark := marks_in(handoff.body.text).get(item.source)) is None:
            continue
        try:
            here = read_file(plan.root / handoff.path)
        except OSError as error:
            reason = f"{handoff.path} can't be read: {error.strerror}"
            return ImportedFile(item.source, FileOutcome.FAIL, reason=reason)
        change = mark.change(text, here.decode(errors="replace"))
        if change is SinceImport.SOURCE and plan.is_update:
            return replace(item, outcome=FileOutcome.UPDATE, path=handoff.path, replaces=here)
        outcome, reason = said_of(change)
        return ImportedFile(item.source, outcome, handoff.path, reason=reason)
    stem, number, path = item.path.removesuffix(".md"), 1, item.path
    while path in taken or (plan.root / path).exists():
        number += 1
        path = f"{stem}-{number}.md"
    taken.add(path)
    return replace(item, path=path)
